//! Reports as tables: the same columns for a spreadsheet and for the page.

use super::Document;
use super::amount::Amount;
use super::cell;
use super::report::{
    Churn, ChurnMonth, Debt, Pending, Promise, Receivable, Recurring, RecurringMonth, Revenue,
    RevenueMonth,
};
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
    match document {
        Document::Revenue(report) => Some(revenue(report)),
        Document::Recurring(report) => Some(recurring(report)),
        Document::Churn(report) => Some(churn(report)),
        Document::Receivable(report) => Some(receivable(report)),
        Document::Pending(report) => Some(pending(report)),
        _ => None,
    }
}

/// Amounts as major units with a point.
fn amounts<const N: usize>(amounts: [&Amount; N]) -> impl Iterator<Item = String> {
    amounts.map(|amount| amount.amount.clone()).into_iter()
}

fn revenue(report: &Revenue) -> Table {
    let row = |month: &RevenueMonth| {
        let mut row = vec![month.month.clone(), month.currency.to_string()];
        row.extend(amounts([
            &month.billed,
            &month.tax,
            &month.earned,
            &month.deferred,
            &month.collected,
            &month.refunded,
        ]));
        row
    };
    Table {
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
        rows: report.months.iter().map(row).collect(),
        chart: Some((0, 4)),
    }
}

fn recurring(report: &Recurring) -> Table {
    let row = |month: &RecurringMonth| {
        let mut row = vec![month.month.clone(), month.currency.to_string()];
        row.extend(amounts([
            &month.opening,
            &month.new,
            &month.reactivation,
            &month.expansion,
            &month.contraction,
            &month.churn,
            &month.closing,
        ]));
        row.push(month.customers.to_string());
        row
    };
    Table {
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
        rows: report.months.iter().map(row).collect(),
        chart: Some((0, 8)),
    }
}

fn churn(report: &Churn) -> Table {
    let row = |month: &ChurnMonth| {
        vec![
            month.month.clone(),
            month.currency.to_string(),
            month.customers.to_string(),
            month.lost.to_string(),
            month.lost_percent.to_string(),
            month.revenue_lost.amount.clone(),
            month.revenue_lost_percent.to_string(),
        ]
    };
    Table {
        columns: &[
            "month",
            "currency",
            "customers",
            "lost",
            "lost_percent",
            "revenue_lost",
            "revenue_lost_percent",
        ],
        rows: report.months.iter().map(row).collect(),
        chart: Some((0, 4)),
    }
}

fn receivable(report: &Receivable) -> Table {
    let row = |debt: &Debt| {
        vec![
            debt.invoice.clone(),
            debt.account.clone(),
            debt.due_on.to_string(),
            debt.days_late.to_string(),
            debt.age.words().to_owned(),
            debt.open.currency.to_string(),
            debt.open.amount.clone(),
        ]
    };
    Table {
        columns: &[
            "invoice",
            "account",
            "due_on",
            "days_late",
            "age",
            "currency",
            "open",
        ],
        rows: report.debts.iter().map(row).collect(),
        chart: None,
    }
}

fn pending(report: &Pending) -> Table {
    let row = |order: &Promise| {
        let lapses = order.lapses_on.map(|day| day.to_string());
        vec![
            order.order.clone(),
            order.account.clone(),
            kind_words(order.kind, &report.unit),
            order.state.name().to_owned(),
            order.placed_on.to_string(),
            order.days.to_string(),
            lapses.unwrap_or_default(),
            order.due.currency.to_string(),
            order.due.amount.clone(),
        ]
    };
    Table {
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
        rows: report.orders.iter().map(row).collect(),
        chart: None,
    }
}
