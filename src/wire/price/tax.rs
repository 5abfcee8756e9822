//! `tax`: tax on lines, and credit notes that add up to the document.

use super::shown;
use super::words::{Figure, Refused, dollars};
use crate::billing::figures::tax::{
    Percent, Prices, TaxAt, TaxLine, Taxed, credit_notes, document,
};
use crate::billing::money::{Currency, Money, Rounding};
use crate::wire::amount::Amount;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The amount of one unit.
    amount: Figure,
    #[serde(default = "one")]
    quantity: i64,
    /// The rate, if it is not that of the request.
    percent: Option<Percent>,
}

fn one() -> i64 {
    1
}

/// A request of kind `tax`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    lines: Vec<Line>,
    #[serde(default)]
    percent: Percent,
    /// Whether the amounts contain the tax.
    #[serde(default)]
    prices: Prices,
    #[serde(default)]
    round_at: TaxAt,
    #[serde(default)]
    rounding: Rounding,
    /// Amounts without tax that are credited, one note after the other. They need one rate on all lines.
    #[serde(default)]
    credited: Vec<Figure>,
}

#[derive(Serialize)]
struct TaxedText {
    subtotal: Amount,
    tax: Amount,
    total: Amount,
}

#[derive(Serialize)]
struct TaxAnswer {
    lines: Vec<TaxedText>,
    subtotal: Amount,
    tax: Amount,
    total: Amount,
    credit_notes: Vec<TaxedText>,
    credited: Amount,
}

fn text(taxed: &Taxed) -> TaxedText {
    TaxedText {
        subtotal: taxed.subtotal.into(),
        tax: taxed.tax.into(),
        total: taxed.total.into(),
    }
}

/// Answers `tax`.
pub fn tax(request: TaxRequest) -> Result<Value, Refused> {
    let currency = request.currency;
    let lines = request.lines.iter().map(|line| {
        Ok(TaxLine {
            unit: line.amount.money(currency)?,
            quantity: line.quantity,
            percent: line.percent.unwrap_or(request.percent),
            prices: request.prices,
        })
    });
    let lines = lines.collect::<Result<Vec<TaxLine>, Refused>>()?;
    let done = document(currency, &lines, request.round_at, request.rounding)?;
    let rate = lines.first().map_or(request.percent, |line| line.percent);
    if !request.credited.is_empty() && lines.iter().any(|line| line.percent != rate) {
        let message =
            "Credit notes need one rate on all lines; ask for each rate apart.".to_owned();
        return Err(Refused::new("bad_request", message));
    }
    let credited = request.credited.iter().map(|amount| amount.money(currency));
    let credited = credited.collect::<Result<Vec<Money>, Refused>>()?;
    let notes = credit_notes(done.sum, rate, &credited, request.rounding)?;
    let given = Money::sum(currency, notes.iter().map(|note| note.total))?;
    shown(TaxAnswer {
        lines: done.lines.iter().map(text).collect(),
        subtotal: done.sum.subtotal.into(),
        tax: done.sum.tax.into(),
        total: done.sum.total.into(),
        credit_notes: notes.iter().map(text).collect(),
        credited: given.into(),
    })
}
