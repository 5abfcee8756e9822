//! Pages that run from right to left, in the words of a seller's own file.

use super::content::Content;
use super::layout::{self, Look, Mark, Paper, Part};
use super::samples::{self, day};
use super::*;
use crate::billing::calendar::Span;
use crate::billing::money::{Currency, Money};
use rust_decimal::dec;

const WORDS: &str = include_str!("../../../tests/cases/page.ar.toml");

fn words() -> &'static Tongue {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.ar.toml"), WORDS).unwrap();
    let mut own = OwnWords::below(Some(folder.path().to_owned()));
    let words = own.of("ar");
    assert_eq!(own.troubles(), Vec::<String>::new());
    words.unwrap()
}

/// A paid invoice of two rates of tax, with names in both scripts and something given back.
fn arabic() -> Sheet {
    let usd = |minor| Money::of(minor, Currency::USD);
    let line = |text: &str, quantity, price, percent, amount| SheetLine {
        description: text.to_owned(),
        service: Some(Span::new(day("2026-03-05"), day("2026-09-05"))),
        quantity,
        unit_price: Some(price),
        arithmetic: None,
        discounts: Vec::new(),
        tax_percent: Some(percent),
        amount: usd(amount),
    };
    let tax = |percent, base, amount, note: Option<&str>| SheetTax {
        name: "ضريبة القيمة المضافة".to_owned(),
        percent: Some(percent),
        base: usd(base),
        amount: usd(amount),
        note: note.map(str::to_owned),
    };
    let mut sheet = samples::plain();
    sheet.own_words = Some(words());
    (sheet.language, sheet.country) = ("ar".to_owned(), "AE".to_owned());
    sheet.state = SheetState::Paid;
    sheet.customer.name = "شركة المثال Example FZ-LLC ذ.م.م".to_owned();
    sheet.customer.address = ["شارع الشيخ زايد، 42", "دبي", "الإمارات"]
        .map(str::to_owned)
        .to_vec();
    sheet.customer.phone = Some("+971 4 555 0100".to_owned());
    sheet.lines = vec![
        line("Advanced، 6 أشهر", dec!(12), dec!(1150), dec!(5), 1_380_000),
        line("رسائل", dec!(100), dec!(0.25), dec!(0), 2_500),
        line(
            "مدة غير مستخدمة من Base",
            dec!(-2),
            dec!(300),
            dec!(5),
            -30_166,
        ),
    ];
    sheet.lines[0].discounts = vec![LineDiscount {
        percent: None,
        of: None,
        amount: usd(20_000),
    }];
    sheet.lines[2].arithmetic = Some("-2 × 300.00 × 91/181 أيام".to_owned());
    sheet.taxes = vec![
        tax(dec!(5), 1_349_834, 67_492, None),
        tax(dec!(0), 2_500, 0, Some("توريد معفى من الضريبة")),
    ];
    (sheet.subtotal, sheet.total) = (usd(1_352_334), usd(1_419_826));
    sheet.payments = vec![SheetPayment {
        on: day("2026-03-06"),
        method: "بطاقة".to_owned(),
        reference: Some("ch_1".to_owned()),
        amount: usd(1_419_826),
    }];
    sheet.amount_due = usd(0);
    sheet.notes = Some("شكراً لتعاملكم معنا. Payment terms: 14 days.".to_owned());
    sheet
}

fn marks(sheet: &Sheet) -> (i64, Vec<Mark>) {
    let mut press = Press::new(Vec::new());
    let look = Look {
        paper: Paper::A4,
        colour: None,
        logo: Some((300, 100)),
    };
    let set = layout::set(&Content::of(sheet), &look, press.shaper());
    (set.width, set.pages.into_iter().flatten().collect())
}

/// The left and right edges of every text of a part.
fn edges(marks: &[Mark], wanted: impl Fn(Part) -> bool) -> Vec<(i64, i64)> {
    let edges = marks.iter().filter_map(|mark| match mark {
        Mark::Text { line, x, part, .. } if wanted(*part) => Some((*x, x + line.width)),
        Mark::Text { .. } | Mark::Fill { .. } | Mark::Frame { .. } | Mark::Logo { .. } => None,
    });
    edges.collect()
}

#[test]
fn the_whole_page_is_mirrored_but_figures_still_stand_below_each_other() {
    let (width, marks) = marks(&arabic());
    let column = |column| {
        edges(
            &marks,
            |part| matches!(part, Part::Cell(_, at) if at == column),
        )
    };
    let margin = width - 54_000;
    assert!(
        column(0).iter().all(|(_, right)| *right == margin),
        "{:?}",
        column(0)
    );
    for at in 1..5 {
        let mut right: Vec<i64> = column(at).iter().map(|(_, right)| *right).collect();
        right.dedup();
        assert_eq!(right.len(), 1, "column {at}");
        let (here, before) = (column(at)[0].1, column(at - 1)[0].0);
        assert!(
            here < before,
            "column {at} stands left of the one before it"
        );
    }
    let title = edges(&marks, |part| part == Part::Title);
    assert_eq!(title[0].0, 54_000, "the title is at the left");
    let inside = |(left, right): &(i64, i64)| *left >= 54_000 && *right <= margin;
    assert!(edges(&marks, |_| true).iter().all(inside));
    let logo = marks.iter().find_map(|mark| match mark {
        Mark::Logo { x, width, .. } => Some(x + width),
        Mark::Text { .. } | Mark::Fill { .. } | Mark::Frame { .. } => None,
    });
    assert_eq!(logo, Some(margin), "the logo is at the right");
}

#[test]
fn sentences_run_from_the_right_and_figures_in_them_from_the_left() {
    let (_, marks) = marks(&arabic());
    let lines: Vec<String> = marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text { line, .. } => {
                Some(line.runs.iter().map(|run| run.text.as_str()).collect())
            }
            Mark::Fill { .. } | Mark::Frame { .. } | Mark::Logo { .. } => None,
        })
        .collect();
    // As it stands on the page, from left to right.
    for seen in [
        "أشهر 6 ،Advanced",
        "2026 سبتمبر 4 – 2026 مارس 5",
        "أيام -2 × 300.00 × 91/181",
        "-301.66",
    ] {
        let plain = |text: &str| text.replace(['\u{a0}', ' '], "");
        assert!(
            lines.iter().any(|line| plain(line) == plain(seen)),
            "{seen}: {lines:#?}"
        );
    }
    assert!(
        lines
            .iter()
            .all(|line| !line.contains(['\u{200f}', '\u{2066}', '\u{2069}']))
    );
}

#[test]
fn the_file_needs_no_other_font_and_html_says_which_way_it_runs() {
    let sheet = arabic();
    let printed = Press::new(Vec::new()).pdf(&sheet).unwrap();
    assert_eq!(printed.missing, Vec::<char>::new());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/paper");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("arabic.pdf"), printed.bytes).unwrap();
    let page = html(&sheet).unwrap().replace('\u{a0}', " ");
    std::fs::write(folder.join("arabic.html"), &page).unwrap();
    for part in [
        "<html lang=\"ar\" dir=\"rtl\">",
        "<td dir=\"ltr\">-301.66</td>",
        "<span dir=\"rtl\">\u{2066}Advanced\u{2069}، \u{2066}6\u{2069} أشهر</span>",
        "<p dir=\"ltr\">+971 4 555 0100</p>",
        "<p class=\"name\" dir=\"rtl\">شركة المثال Example FZ-LLC ذ.م.م</p>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let text = text(&sheet);
    assert!(!text.contains(['\u{200f}', '\u{2066}', '\u{2069}']));
}

#[test]
fn without_words_of_its_own_a_page_is_english_as_a_whole() {
    let mut sheet = arabic();
    sheet.own_words = None;
    let page = html(&sheet).unwrap();
    assert!(page.contains("<html lang=\"en\" dir=\"ltr\">"));
    assert!(page.contains("5 Mar 2026"), "{page}");
}
