//! Tables on narrow and wide terminals: what is copied from them is whole.

use super::super::super::reply::Detail;
use super::{Page, Table};
use unicode_width::UnicodeWidthStr;

fn page(width: usize) -> Page {
    Page {
        text: String::new(),
        detail: Detail::Figures,
        terminal: true,
        accessible: false,
        width,
    }
}

/// Payments with what stands in their cells: long references, names in wide letters, families of emoji.
fn payments() -> Table {
    let mut table = Table::new(&["Payment", "Order", "For", "State", "Amount", "Reference"]);
    for (name, reference) in [
        ("acme", "tok_1"),
        (
            "株式会社サンプル東京本社",
            "pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH",
        ),
        ("família-👩‍👩‍👧‍👦-café", "2026-07-01/bank-of-somewhere/0000000042"),
    ] {
        table.row([
            "P-000001".to_owned(),
            "O-000001".to_owned(),
            name.to_owned(),
            "paid".to_owned(),
            "1234.50 USD".to_owned(),
            reference.to_owned(),
        ]);
    }
    table
}

#[test]
fn no_word_of_a_table_is_broken_at_any_width() {
    let table = payments();
    for width in [20, 40, 60, 80, 100, 120, 160, 200] {
        let mut page = page(width);
        page.table(&table);
        let text = page.text();
        for word in table
            .rows
            .iter()
            .flatten()
            .flat_map(|cell| cell.split_whitespace())
        {
            assert!(text.contains(word), "{width}: {word} is broken:\n{text}");
        }
    }
}

#[test]
fn a_table_that_is_drawn_fits_and_one_that_does_not_fit_is_told_row_by_row() {
    let table = payments();
    let mut ways = [0, 0];
    for width in 20..200 {
        let mut page = page(width);
        page.table(&table);
        let text = page.text();
        let drawn = text.contains('─');
        let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
        assert!(!drawn || widest <= width, "{width}: {widest}\n{text}");
        assert_eq!(
            text.contains("Payment    P-000001\n"),
            !drawn,
            "{width}:\n{text}"
        );
        ways[usize::from(drawn)] += 1;
    }
    assert!(ways.iter().all(|count| *count > 20), "{ways:?}");
}

#[test]
fn labels_are_lined_up_by_the_width_they_take() {
    let mut page = page(10);
    let mut table = Table::named(&["東京".to_owned(), "ab".to_owned()]);
    table.row(["long-enough-not-to-fit".to_owned(), "y".to_owned()]);
    page.table(&table);
    assert_eq!(page.text(), "東京  long-enough-not-to-fit\nab    y\n");
}

#[test]
fn a_value_that_is_too_long_goes_on_below_itself_between_words() {
    let mut page = page(40);
    let features = "Unified inbox and pipeline, AI agent, Bulk broadcast".to_owned();
    page.record(&[("plan", Some(features)), ("trial", Some("none".to_owned()))]);
    let lines = [
        "plan   Unified inbox and pipeline, AI",
        "       agent, Bulk broadcast",
        "trial  none",
    ];
    assert_eq!(page.text().lines().collect::<Vec<_>>(), lines);
}

#[test]
fn what_another_program_reads_is_not_folded_and_a_word_is_never_cut() {
    let text = "pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH and more";
    let mut piped = page(40);
    piped.terminal = false;
    piped.record(&[("Reference", Some(text.to_owned()))]);
    assert_eq!(piped.text(), format!("Reference  {text}\n"));
    let mut drawn = page(40);
    drawn.record(&[("Reference", Some(text.to_owned()))]);
    assert!(drawn.text().contains("HVhfZluoGH\n           and more\n"));
}
