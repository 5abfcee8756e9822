//! The document as plain text of 80 columns, for mails and terminals.
//!
//! Columns are counted as a terminal draws them: a Chinese sign takes two, a mark on a letter none.

use super::content::{Block, Content, Row, Total, Weight};
use super::direction::bare;
use super::sheet::Sheet;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The width of the page in columns.
const PAGE: usize = 80;
/// Between two columns of the table.
const GUTTER: usize = 2;
/// What a description keeps beside its figures; where it would be less, figures go below.
const LEAST: usize = 22;
/// The width of the sums.
const SUMS: usize = 52;

/// Writes the document; every line ends with a line feed.
pub fn text(sheet: &Sheet) -> String {
    let content = Content::of(sheet);
    let mut lines = Vec::new();
    head(&content, &mut lines);
    table(&content, &mut lines);
    for total in &content.totals {
        sum(total, &mut lines);
    }
    if let Some(stamp) = &content.stamp {
        let words: Vec<&str> = std::iter::once(stamp.word.as_str())
            .chain(stamp.lines.iter().map(String::as_str))
            .collect();
        lines.push(String::new());
        lines.extend(wrap(
            &format!("*** {} ***", words.join(" · ").replacen(" · ", ": ", 1)),
            PAGE,
        ));
    }
    if !content.notes.is_empty() {
        lines.push(String::new());
        lines.extend(content.notes.iter().flat_map(|note| wrap(note, PAGE)));
    }
    if !content.footer.is_empty() {
        lines.push("-".repeat(PAGE));
        lines.extend(content.footer.iter().flat_map(|line| wrap(line, PAGE)));
    }
    // A terminal steers by itself, or not at all; marks for it would only be seen as signs.
    let ended = lines
        .iter()
        .map(|line| bare(line).trim_end().to_owned() + "\n");
    ended.collect()
}

fn head(content: &Content, lines: &mut Vec<String>) {
    let title = format!("{} {}", content.title.to_uppercase(), content.number);
    beside(
        &block(&content.seller, PAGE / 2),
        &wrap(&title, PAGE / 2 - 4),
        lines,
    );
    lines.push(String::new());
    let mut customer = vec![format!("{}:", content.words.bill_to)];
    customer.extend(block(&content.customer, PAGE / 2));
    let widest = content
        .facts
        .iter()
        .map(|fact| fact.label.width())
        .max()
        .unwrap_or_default();
    let fact = |label: &str, value: &str| format!("{}  {value}", left(label, widest));
    let facts: Vec<String> = content
        .facts
        .iter()
        .map(|one| fact(&one.label, &one.value))
        .collect();
    if facts.iter().all(|fact| fact.width() <= PAGE / 2 - 4) {
        beside(&customer, &facts, lines);
    } else {
        lines.extend(customer);
        lines.push(String::new());
        lines.extend(facts.iter().flat_map(|fact| wrap(fact, PAGE)));
    }
    lines.push(String::new());
}

fn block(block: &Block, width: usize) -> Vec<String> {
    std::iter::once(&block.name)
        .chain(&block.lines)
        .flat_map(|line| wrap(line, width))
        .collect()
}

/// Two columns side by side, the right one flush with the page.
fn beside(one: &[String], other: &[String], lines: &mut Vec<String>) {
    let widest = other
        .iter()
        .map(|line| line.width())
        .max()
        .unwrap_or_default();
    for index in 0..one.len().max(other.len()) {
        let (a, b) = (
            one.get(index).map_or("", String::as_str),
            other.get(index).map_or("", String::as_str),
        );
        lines.push(format!("{}{b}", left(a, PAGE.saturating_sub(widest))));
    }
}

fn table(content: &Content, lines: &mut Vec<String>) {
    let mut widths: Vec<usize> = content
        .columns
        .iter()
        .skip(1)
        .map(|head| head.width())
        .collect();
    for row in &content.rows {
        for (width, figure) in widths.iter_mut().zip(&row.figures) {
            *width = (*width).max(figure.width());
        }
    }
    let figures: usize = widths.iter().map(|width| width + GUTTER).sum();
    let room = PAGE.checked_sub(figures).filter(|room| *room >= LEAST);
    let rule = "-".repeat(PAGE);
    lines.push(rule.clone());
    if let (Some(room), Some((first, heads))) = (room, content.columns.split_first()) {
        lines.push(left(first, room) + &cells(heads, &widths));
        lines.push(rule.clone());
    }
    for row in &content.rows {
        match room {
            Some(room) => narrow(row, room, &widths, lines),
            None => wide(content, row, lines),
        }
    }
    lines.push(rule);
}

fn cells(figures: &[String], widths: &[usize]) -> String {
    figures
        .iter()
        .zip(widths)
        .map(|(figure, width)| right(figure, width + GUTTER))
        .collect()
}

/// A line with its figures beside the description.
fn narrow(row: &Row, room: usize, widths: &[usize], lines: &mut Vec<String>) {
    let mut figures = cells(&row.figures, widths);
    for line in wrap(&row.description, room) {
        lines.push(left(&line, room) + &std::mem::take(&mut figures));
    }
    details(row, room, lines);
}

/// A line with its figures below the description, for figures too long to stand beside it.
fn wide(content: &Content, row: &Row, lines: &mut Vec<String>) {
    lines.extend(wrap(&row.description, PAGE));
    details(row, PAGE, lines);
    for (head, figure) in content.columns.iter().skip(1).zip(&row.figures) {
        let space = PAGE.saturating_sub(head.width() + 4);
        lines.push(format!("  {head}: {}", right(figure, space)));
    }
}

fn details(row: &Row, room: usize, lines: &mut Vec<String>) {
    let details = row
        .details
        .iter()
        .flat_map(|detail| wrap(detail, room.saturating_sub(2)));
    lines.extend(details.map(|line| format!("  {line}")));
}

fn sum(total: &Total, lines: &mut Vec<String>) {
    let indent = PAGE - SUMS;
    if total.weight != Weight::Step {
        lines.push(format!(
            "{}{}",
            " ".repeat(indent),
            if total.weight == Weight::Sum {
                "-"
            } else {
                "="
            }
            .repeat(SUMS)
        ));
    }
    let room = SUMS.saturating_sub(total.value.width() + GUTTER).max(10);
    let mut value = total.value.clone();
    for line in wrap(&total.label, room) {
        let value = right(&std::mem::take(&mut value), SUMS.saturating_sub(room));
        lines.push(format!(
            "{}{}{value}",
            " ".repeat(indent),
            left(&line, room)
        ));
    }
    let note = total.note.iter().flat_map(|note| wrap(note, SUMS - 2));
    lines.extend(note.map(|line| format!("{}{line}", " ".repeat(indent + 2))));
}

fn left(text: &str, width: usize) -> String {
    text.to_owned() + &" ".repeat(width.saturating_sub(text.width()))
}

fn right(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(text.width())) + text
}

/// A text in lines of at most so many columns; an empty text is one empty line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let gap = usize::from(!line.is_empty());
        if line.width() + gap + word.width() <= width {
            line.push_str(if gap == 1 { " " } else { "" });
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.graphemes(true) {
            if line.width() + letter.width() > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(letter);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::paper::samples;

    #[test]
    fn no_line_is_wider_than_the_page_and_no_control_gets_through() {
        let sheets = [
            samples::plain(),
            samples::brazilian(),
            samples::german_credit_note(),
            samples::many_scripts(),
            samples::long(),
            samples::hostile(),
        ];
        for sheet in sheets {
            let text = text(&sheet);
            assert!(text.ends_with('\n'));
            for line in text.lines() {
                assert!(line.width() <= PAGE, "{} columns: {line:?}", line.width());
                assert!(!line.chars().any(char::is_control), "{line:?}");
            }
        }
    }

    #[test]
    fn figures_stand_in_columns() {
        let text = text(&samples::brazilian()).replace('\u{a0}', " ");
        let line = |start: &str| {
            text.lines()
                .find(|line| line.contains(start))
                .unwrap_or_else(|| panic!("{start}:\n{text}"))
        };
        for start in ["Pacote de", "Valor a pagar", "ISS 5%", "Subtotal"] {
            assert_eq!(line(start).width(), PAGE, "{start}");
        }
        assert!(line("Valor a pagar").ends_with("R$ 0,00"));
        assert!(
            line("Pacote de").ends_with("5%        31,95"),
            "{}",
            line("Pacote de")
        );
        assert!(text.contains("*** Pago: 06/03/2026 · Pix · E00416968202603061423 ***"));
        assert!(text.contains("  3 × 300,00 × 91/181 dias"));
    }

    #[test]
    fn a_chinese_sign_takes_two_columns() {
        assert_eq!(wrap("北京示例有限公司", 6), ["北京示", "例有限", "公司"]);
        assert_eq!(left("北京", 6), "北京  ");
    }
}
