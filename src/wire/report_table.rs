//! Reports as tables: the same columns for a spreadsheet and for the page.

use super::Document;
use super::amount::Amount;
use super::cell;
use crate::billing::scene::kind_words;

/// A report as rows of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: &'static [&'static str],
    /// The rows; amounts are major units with a point.
    pub rows: Vec<Vec<String>>,
    /// The column that a chart shows, and the one that names its bars.
    pub chart: Option<(usize, usize)>,
}

impl Table {
    /// The rows as CSV, without formulas.
    ///
    /// # Errors
    /// Writing into memory fails, which it does not.
    pub fn csv(&self) -> csv::Result<Vec<u8>> {
        let mut to = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        to.write_record(self.columns)?;
        for row in &self.rows {
            to.write_record(
                row.iter()
                    .map(|text| match is_figure(text) {
                        true => text.as_str().into(),
                        false => cell::text(text),
                    })
                    .map(|text| text.into_owned()),
            )?;
        }
        to.into_inner().map_err(|error| error.into_error().into())
    }
}

/// Whether a cell is a figure of ours, which a minus sign does not make a formula.
fn is_figure(text: &str) -> bool {
    text.parse::<rust_decimal::Decimal>().is_ok()
}

/// A report as a table; nothing for other documents.
pub fn table(document: &Document) -> Option<Table> {
    let amount = |amount: &Amount| amount.amount.clone();
    Some(match document {
        Document::Revenue(report) => Table {
            columns: &[
                "month",
                "currency",
                "billed",
                "tax",
                "earned",
                "deferred",
                "collected",
                "refunded",
            ],
            rows: (report.months.iter())
                .map(|month| {
                    let mut row = vec![month.month.clone(), month.currency.to_string()];
                    let amounts = [&month.billed, &month.tax, &month.earned, &month.deferred];
                    row.extend(amounts.map(amount));
                    row.extend([&month.collected, &month.refunded].map(amount));
                    row
                })
                .collect(),
            chart: Some((0, 4)),
        },
        Document::Recurring(report) => Table {
            columns: &[
                "month",
                "currency",
                "opening",
                "new",
                "reactivation",
                "expansion",
                "contraction",
                "churn",
                "closing",
                "customers",
            ],
            rows: (report.months.iter())
                .map(|month| {
                    let mut row = vec![month.month.clone(), month.currency.to_string()];
                    let amounts = [
                        &month.opening,
                        &month.new,
                        &month.reactivation,
                        &month.expansion,
                    ];
                    row.extend(amounts.map(amount));
                    row.extend([&month.contraction, &month.churn, &month.closing].map(amount));
                    row.push(month.customers.to_string());
                    row
                })
                .collect(),
            chart: Some((0, 8)),
        },
        Document::Churn(report) => Table {
            columns: &[
                "month",
                "currency",
                "customers",
                "lost",
                "lost_percent",
                "revenue_lost",
                "revenue_lost_percent",
            ],
            rows: (report.months.iter())
                .map(|month| {
                    vec![
                        month.month.clone(),
                        month.currency.to_string(),
                        month.customers.to_string(),
                        month.lost.to_string(),
                        month.lost_percent.to_string(),
                        amount(&month.revenue_lost),
                        month.revenue_lost_percent.to_string(),
                    ]
                })
                .collect(),
            chart: Some((0, 4)),
        },
        Document::Receivable(report) => Table {
            columns: &[
                "invoice",
                "account",
                "due_on",
                "days_late",
                "age",
                "currency",
                "open",
            ],
            rows: (report.debts.iter())
                .map(|debt| {
                    vec![
                        debt.invoice.clone(),
                        debt.account.clone(),
                        debt.due_on.to_string(),
                        debt.days_late.to_string(),
                        debt.age.words().to_owned(),
                        debt.open.currency.to_string(),
                        amount(&debt.open),
                    ]
                })
                .collect(),
            chart: None,
        },
        Document::Pending(report) => Table {
            columns: &[
                "order",
                "account",
                "for",
                "state",
                "placed_on",
                "days",
                "lapses_on",
                "currency",
                "due",
            ],
            rows: (report.orders.iter())
                .map(|order| {
                    vec![
                        order.order.clone(),
                        order.account.clone(),
                        kind_words(order.kind).to_owned(),
                        order.state.name().to_owned(),
                        order.placed_on.to_string(),
                        order.days.to_string(),
                        order
                            .lapses_on
                            .map(|day| day.to_string())
                            .unwrap_or_default(),
                        order.due.currency.to_string(),
                        amount(&order.due),
                    ]
                })
                .collect(),
            chart: None,
        },
        _ => return None,
    })
}
