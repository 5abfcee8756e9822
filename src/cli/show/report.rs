//! Reports on the page: a table, and on a terminal a small chart below it.

use super::page::{Page, Table};
use crate::wire::Document;
use crate::wire::report::{Pending, Receivable};
use crate::wire::report_table::{self, table};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use unicode_width::UnicodeWidthStr;

/// Between two columns of a table.
const GAP: usize = 3;

/// The most a bar is long.
const WIDEST: usize = 40;

/// A report with its sums and its chart.
pub(super) fn report(page: &mut Page, document: &Document) {
    let Some(report) = table(document) else {
        return;
    };
    rows(page, &report);
    if !page.is_terminal() || report.rows.is_empty() {
        return;
    }
    match document {
        Document::Receivable(receivable) => ages(page, receivable),
        Document::Pending(pending) => sums(page, pending),
        _ => chart(page, &report),
    }
}

/// The rows as a table where that fits, else each on lines of its own: a figure is never cut in two.
fn rows(page: &mut Page, report: &report_table::Table) {
    let heads: Vec<String> = report
        .columns
        .iter()
        .map(|column| column.replace('_', " "))
        .collect();
    let needed: usize = (0..heads.len())
        .map(|at| {
            let cells = report.rows.iter().filter_map(|row| row.get(at));
            let widest = cells.chain(heads.get(at)).map(|text| text.width()).max();
            widest.unwrap_or(0).saturating_add(GAP)
        })
        .sum();
    if page.draws_tables() && needed > page.width().saturating_add(GAP) {
        return stacked(page, report, &heads);
    }
    let mut rows = Table::named(&heads).numbers(&figures(report));
    for row in &report.rows {
        rows.add(row.clone());
    }
    page.list(&rows);
}

/// Each row below what names it, without figures that are zero.
fn stacked(page: &mut Page, report: &report_table::Table, heads: &[String]) {
    let figures = figures(report);
    let (named, shown) = match report.chart {
        Some((_, shown)) => (2, Some(shown)),
        None => (1, None),
    };
    let zero = |text: &str| text.parse::<Decimal>().is_ok_and(|figure| figure.is_zero());
    let widest = report.rows.iter().flat_map(|row| row.iter().skip(named));
    let widest = widest.map(|text| text.width()).max().unwrap_or(0);
    for row in &report.rows {
        let name: Vec<&str> = row.iter().take(named).map(String::as_str).collect();
        page.line(&name.join(" "));
        let cells = row.iter().zip(heads).enumerate().skip(named);
        let told = cells.filter(|(at, (text, _))| shown == Some(*at) || !zero(text));
        let fields: Vec<(String, Option<String>)> = told
            .map(|(at, (text, head))| {
                let text = match figures.contains(&at) {
                    true => format!("{text:>widest$}"),
                    false => text.clone(),
                };
                (format!("  {head}"), Some(text))
            })
            .collect();
        let fields: Vec<(&str, Option<String>)> = fields
            .iter()
            .map(|(head, text)| (head.as_str(), text.clone()))
            .collect();
        page.record(&fields);
    }
}

/// The columns that hold nothing but figures.
fn figures(report: &report_table::Table) -> Vec<usize> {
    let figure = |at: &usize| {
        let mut cells = report.rows.iter().filter_map(|row| row.get(*at));
        cells.all(|cell| cell.parse::<Decimal>().is_ok())
    };
    (0..report.columns.len()).filter(figure).collect()
}

fn ages(page: &mut Page, receivable: &Receivable) {
    page.heading("By age");
    let mut table = Table::new(&["Age", "Invoices", "Open"]).numbers(&[1, 2]);
    for aged in &receivable.ages {
        table.row([
            aged.age.words().to_owned(),
            aged.invoices.to_string(),
            aged.open.money().to_string(),
        ]);
    }
    page.table(&table);
}

fn sums(page: &mut Page, pending: &Pending) {
    page.heading("In all");
    for sum in &pending.sums {
        page.line(&sum.money().to_string());
    }
}

/// A bar for each row, as long as its share of the longest.
fn chart(page: &mut Page, report: &report_table::Table) {
    let Some((name, value)) = report.chart else {
        return;
    };
    let values: Vec<(String, Decimal, String)> = report
        .rows
        .iter()
        .filter_map(|row| {
            let text = row.get(value)?;
            let currency = row.get(1)?;
            let label = format!("{} {currency}", row.get(name)?);
            Some((label, text.parse().ok()?, text.clone()))
        })
        .collect();
    let most = values.iter().map(|(_, value, _)| *value).max();
    let Some(most) = most.filter(|most| *most > Decimal::ZERO) else {
        return;
    };
    let column = report.columns.get(value).copied().unwrap_or_default();
    page.heading(&format!("Chart: {}", column.replace('_', " ")));
    let beside = values
        .iter()
        .map(|(label, _, text)| label.width().saturating_add(text.width()).saturating_add(4));
    let beside = beside.max().unwrap_or(0);
    let widest = page.width().saturating_sub(beside).clamp(5, WIDEST);
    for (label, value, text) in values {
        let share = value.max(Decimal::ZERO) * Decimal::from(widest) / most;
        let length = share.round().to_usize().unwrap_or(0);
        page.line(&format!("{label}  {:<widest$}  {text}", "█".repeat(length)));
    }
}
