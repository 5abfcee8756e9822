//! What a printed page must show, and what it must survive.

use super::*;
use crate::wire::paper::layout::{Mark, Pages, Part};
use crate::wire::paper::{SheetState, html, samples, text};
use std::path::PathBuf;
use std::process::Command;

fn press() -> Press {
    Press::new(Vec::new())
}

fn sheets() -> Vec<(&'static str, Sheet)> {
    vec![
        ("plain", samples::plain()),
        ("brazilian", samples::brazilian()),
        ("german-credit-note", samples::german_credit_note()),
        ("many-scripts", samples::many_scripts()),
        ("long", samples::long()),
        ("hostile", samples::hostile()),
    ]
}

fn set(sheet: &Sheet) -> Pages {
    let look = Look {
        paper: Paper::A4,
        colour: sheet.brand.colour,
        logo: None,
    };
    layout::set(&Content::of(sheet), &look, &mut press().shaper)
}

/// The texts of a page with their parts, in the order in which they were drawn.
fn texts(page: &[Mark]) -> Vec<(Part, String)> {
    let text = |mark: &Mark| match mark {
        Mark::Text { line, part, .. } => {
            let text: String = line.runs.iter().map(|run| run.text.as_str()).collect();
            Some((*part, text.replace(['\u{a0}', '\u{202f}'], " ")))
        }
        Mark::Fill { .. } | Mark::Frame { .. } | Mark::Logo { .. } => None,
    };
    page.iter().filter_map(text).collect()
}

/// Writes a sample below `target/paper` for looking at.
fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/paper");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The words of a PDF as a reader gives them back; nothing where `pdftotext` is not installed.
fn read_back(path: &PathBuf) -> Option<String> {
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(path)
        .arg("-")
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .replace(['\u{a0}', '\u{202f}'], " "),
    )
}

#[expect(clippy::print_stderr, reason = "a skipped proof must be seen")]
fn skipped(name: &str) {
    eprintln!("skipped: pdftotext is not installed, so {name}.pdf was not read back");
}

#[test]
fn every_sample_prints_in_every_form_and_its_words_can_be_read_back() {
    let mut press = press();
    for (name, sheet) in sheets() {
        let printed = press
            .pdf(&sheet)
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(printed.bytes.starts_with(b"%PDF-1.7"), "{name}");
        assert!(printed.missing.is_empty(), "{name}: {:?}", printed.missing);
        let path = keep(&format!("{name}.pdf"), &printed.bytes);
        keep(&format!("{name}.html"), html(&sheet).unwrap().as_bytes());
        keep(&format!("{name}.txt"), text(&sheet).as_bytes());
        let Some(words) = read_back(&path) else {
            skipped(name);
            continue;
        };
        assert_eq!(
            words.matches('\u{c}').count(),
            printed.pages,
            "{name}: pages"
        );
        let content = Content::of(&sheet);
        for total in &content.totals {
            let value = total.value.replace(['\u{a0}', '\u{202f}'], " ");
            assert!(words.contains(&value), "{name}: {value}\n{words}");
        }
    }
}

#[test]
fn names_in_every_script_come_back_from_the_file() {
    let path = keep(
        "scripts.pdf",
        &press().pdf(&samples::many_scripts()).unwrap().bytes,
    );
    let Some(words) = read_back(&path) else {
        skipped("scripts");
        return;
    };
    let plain = |text: &str| {
        text.chars()
            .filter(|ch| ch.is_alphanumeric())
            .collect::<String>()
    };
    let words = plain(&words);
    for name in [
        "株式会社サンプルの年間契約",
        "北京示例有限公司",
        "للتجارة",
        "דוגמה",
        "Ελλάδα",
        "Москва",
        "ไทย",
        "Đặng Žižek",
        "請求書",
    ] {
        assert!(words.contains(&plain(name)), "{name}");
    }
}

#[test]
fn the_same_sheet_gives_the_same_bytes_and_an_invoice_stays_small() {
    let mut warm = press();
    for (name, sheet) in sheets().into_iter().take(4) {
        let first = warm.pdf(&sheet).unwrap().bytes;
        assert_eq!(
            first,
            warm.pdf(&sheet).unwrap().bytes,
            "{name}: twice on one press"
        );
        assert_eq!(
            first,
            press().pdf(&sheet).unwrap().bytes,
            "{name}: on another press"
        );
        assert!(first.len() < 60_000, "{name}: {} bytes", first.len());
    }
    let mut later = samples::plain();
    later.issued_on = samples::day("2026-03-06");
    assert_ne!(
        warm.pdf(&later).unwrap().bytes,
        warm.pdf(&samples::plain()).unwrap().bytes
    );
}

#[test]
fn two_hundred_lines_keep_their_order_and_every_page_its_heads() {
    let set = set(&samples::long());
    assert!(
        (8..=13).contains(&set.pages.len()),
        "{} pages",
        set.pages.len()
    );
    let mut seats = Vec::new();
    for (index, page) in set.pages.iter().enumerate() {
        let texts = texts(page);
        let says = |wanted: &str| texts.iter().any(|(_, text)| text == wanted);
        assert!(says("Description") && says("Amount (USD)"), "page {index}");
        assert!(says(&format!("Page {} of {}", index + 1, set.pages.len())));
        assert!(index == 0 || says("Invoice INV-2026-000123 (continued)"));
        seats.extend(
            texts
                .into_iter()
                .map(|(_, text)| text)
                .filter(|text| text.starts_with("Seat ")),
        );
    }
    let expected: Vec<String> = (1..=200).map(|n| format!("Seat {n:03}")).collect();
    assert_eq!(seats, expected);
    let last = texts(set.pages.last().unwrap());
    assert!(
        last.iter().any(|(_, text)| text == "Seat 200"),
        "the sums do not stand alone"
    );
    assert!(last.iter().any(|(_, text)| text == "$2,000.00"));
}

#[test]
fn whatever_the_names_hold_nothing_leaves_the_page_or_meets_the_footer() {
    for (name, sheet) in sheets() {
        let set = set(&sheet);
        for (index, page) in set.pages.iter().enumerate() {
            for mark in page {
                let Mark::Text {
                    line, x, y, part, ..
                } = mark
                else {
                    continue;
                };
                let inside = *x >= 53_900 && x + line.width <= set.width - 53_900;
                assert!(
                    inside,
                    "{name}, page {index}: {part:?} from {x} to {}",
                    x + line.width
                );
                let low = if *part == Part::Ornament {
                    set.height
                } else {
                    set.height - 50_000
                };
                assert!(
                    *y > 30_000 && *y < low,
                    "{name}, page {index}: {part:?} at {y}"
                );
            }
        }
    }
}

#[test]
fn figures_end_at_one_edge_and_amounts_are_never_cut() {
    let set = set(&samples::hostile());
    let marks = || set.pages.iter().flatten();
    let edges: std::collections::BTreeSet<i64> = marks()
        .filter_map(|mark| match mark {
            Mark::Text {
                line,
                x,
                part: Part::Cell(_, 4),
                ..
            } => Some(x + line.width),
            Mark::Text { .. } | Mark::Fill { .. } | Mark::Frame { .. } | Mark::Logo { .. } => None,
        })
        .collect();
    assert_eq!(edges.len(), 1, "{edges:?}");
    let texts: Vec<(Part, String)> = set.pages.iter().flat_map(|page| texts(page)).collect();
    let whole = texts
        .iter()
        .filter(|(_, text)| text == "-92,233,720,368,547,758.08")
        .count();
    assert_eq!(whole, samples::hostile().lines.len());
}

#[test]
fn the_stamp_says_when_and_how_it_was_paid() {
    let stamped = |state| {
        let mut sheet = samples::brazilian();
        sheet.state = state;
        let set = set(&sheet);
        let frames = set.pages[0]
            .iter()
            .filter(|mark| matches!(mark, Mark::Frame { .. }))
            .count();
        let texts: Vec<String> = texts(&set.pages[0])
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        (frames, texts)
    };
    let (frames, texts) = stamped(SheetState::Paid);
    assert_eq!(frames, 1);
    for words in ["PAGO", "06/03/2026", "Pix", "E00416968202603061423"] {
        assert!(texts.iter().any(|text| text == words), "{words}");
    }
    assert_eq!(stamped(SheetState::Open).0, 0);
    assert!(
        stamped(SheetState::Void)
            .1
            .iter()
            .any(|text| text == "CANCELADA")
    );
}

#[test]
fn every_word_of_every_language_is_drawn_by_the_fonts_compiled_in() {
    for language in ["en", "pt", "es", "de", "fr", "it", "ja", "zh"] {
        let mut sheet = samples::brazilian();
        sheet.language = language.to_owned();
        assert_eq!(
            press().pdf(&sheet).unwrap().missing,
            Vec::<char>::new(),
            "{language}"
        );
    }
}

#[test]
fn american_invoices_are_set_on_letter_paper() {
    let width = |sheet: &Sheet| {
        let bytes = press().pdf(sheet).unwrap().bytes;
        String::from_utf8_lossy(&bytes).contains("/MediaBox[0 0 612 792]")
    };
    assert!(width(&samples::plain()));
    assert!(!width(&samples::brazilian()));
}

#[test]
fn a_damaged_logo_is_a_plain_answer() {
    let whole = samples::png(40, 40, [200, 0, 0]);
    for bytes in [
        b"GIF89a".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        vec![0xff, 0xd8, 0xff],
    ] {
        let mut sheet = samples::plain();
        sheet.brand.logo = Some(bytes.clone());
        assert!(press().pdf(&sheet).is_err(), "{bytes:?}");
    }
}

#[test]
fn a_letter_without_a_font_is_looked_for_on_the_machine_and_else_spelled() {
    let mut sheet = samples::plain();
    sheet.customer.name = "한국 বাংলা \u{1f680}".to_owned();
    let printed = press().pdf(&sheet).unwrap();
    for letter in ['국', '한', 'ব', '\u{1f680}'] {
        assert!(printed.missing.contains(&letter), "{letter}");
    }
    let folders = crate::wire::paper::usual_font_folders(None);
    let found = Press::new(folders.clone()).pdf(&sheet).unwrap();
    let again = Press::new(folders).pdf(&sheet).unwrap();
    assert!(
        found
            .missing
            .iter()
            .all(|letter| printed.missing.contains(letter))
    );
    keep("fonts-of-the-machine.pdf", &found.bytes);
    assert_eq!(
        found.bytes, again.bytes,
        "the machine always gives the same answer"
    );
}

mod laws {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// The standards are checked while writing, so a file at all is a file that keeps them.
        #[test]
        fn any_text_at_all_prints_by_the_standard(name in any::<String>(), line in "\\PC{0,80}", marks in "[\\p{Mn}\\p{Mc}\\p{Cf}a-cא-גا-تक-न가-힣]{0,40}", number in ".{0,30}") {
            let mut sheet = samples::plain();
            sheet.seller.name = name.clone();
            sheet.customer.name = marks.clone();
            sheet.number = number;
            sheet.lines[0].description = format!("{line}{marks}");
            sheet.notes = Some(format!("{marks}\n{name}"));
            sheet.brand.footer = vec![line, marks];
            let printed = press().pdf(&sheet);
            prop_assert!(printed.is_ok(), "{:?}", printed.err());
            let page = html(&sheet).unwrap();
            prop_assert!(!page.chars().any(|ch| ch.is_control() && ch != '\n'));
            for line in text(&sheet).lines() {
                prop_assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line:?}");
            }
        }
    }
}
