//! Reports on the page: a table, and on a terminal a small chart below it.

use super::page::{Page, Table};
use crate::wire::Document;
use crate::wire::report::{Pending, Receivable};
use crate::wire::report_table::{self, table};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The most a bar is long.
const WIDEST: usize = 40;

/// A report with its sums and its chart.
pub(super) fn report(page: &mut Page, document: &Document) {
    let Some(report) = table(document) else {
        return;
    };
    let mut rows = Table::new(report.columns).numbers(&figures(&report));
    for row in &report.rows {
        rows.add(row.clone());
    }
    page.list(&rows);
    if !page.is_terminal() || report.rows.is_empty() {
        return;
    }
    match document {
        Document::Receivable(receivable) => ages(page, receivable),
        Document::Pending(pending) => sums(page, pending),
        _ => chart(page, &report),
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
    for (label, value, text) in values {
        let share = value.max(Decimal::ZERO) * Decimal::from(WIDEST) / most;
        let length = share.round().to_usize().unwrap_or(0);
        page.line(&format!("{label}  {:<WIDEST$}  {text}", "█".repeat(length)));
    }
}
