//! `discount` and `split`: amounts in parts that sum to the whole.

use super::shown;
use super::words::{Figure, Refused, dollars};
use crate::billing::allot::{self, Sharing};
use crate::billing::figures::tax::Percent;
use crate::billing::fraction::Fraction;
use crate::billing::money::{Currency, Money, Rounding};
use crate::wire::amount::Amount;
use serde::Deserialize;
use serde_json::{Value, json};

/// A request of kind `discount`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscountRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    lines: Vec<Figure>,
    /// Taken off every line first.
    #[serde(default)]
    percent_off: Percent,
    /// Taken off the rest of the document and shared over its lines.
    #[serde(default)]
    amount_off: Figure,
    #[serde(default)]
    share: Sharing,
    #[serde(default)]
    rounding: Rounding,
    /// For how many periods it is given; every period when absent.
    periods: Option<u32>,
    /// How many invoices are asked for.
    #[serde(default = "one")]
    invoices: u32,
}

fn one() -> u32 {
    1
}

/// A request of kind `split`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    total: Figure,
    /// How many equal parts, or their weights.
    count: Option<usize>,
    #[serde(default)]
    weights: Vec<i64>,
    #[serde(default)]
    share: Sharing,
}

fn amounts(parts: &[Money]) -> Vec<Amount> {
    parts.iter().map(|part| Amount::from(*part)).collect()
}

/// Answers `discount`.
pub fn discount(request: DiscountRequest) -> Result<Value, Refused> {
    let currency = request.currency;
    let lines = request.lines.iter().map(|line| line.money(currency));
    let lines = lines.collect::<Result<Vec<Money>, Refused>>()?;
    let share = request.percent_off.share()?;
    let mut off = Vec::with_capacity(lines.len());
    for line in &lines {
        let exact = Fraction::from_minor(*line).times(share)?;
        off.push(Money::of(exact.round(request.rounding)?, currency));
    }
    let mut weights = Vec::with_capacity(lines.len());
    for (line, percent) in lines.iter().zip(&off) {
        weights.push(line.minus(*percent)?.minor);
    }
    let full = Money::sum(currency, lines.iter().copied())?;
    let most = Money::of(weights.iter().sum::<i64>().max(0), currency);
    let fixed = request.amount_off.money(currency)?.at_most(most);
    let shares = allot::by_weight(fixed, &weights, request.share);
    let mut discounts = Vec::with_capacity(lines.len());
    for (percent, share) in off.iter().zip(&shares) {
        discounts.push(percent.plus(*share)?);
    }
    let total = full.minus(Money::sum(currency, discounts.iter().copied())?)?;
    let count = request.invoices.min(10_000);
    let discounted = |number: u32| request.periods.is_none_or(|periods| number < periods);
    let totals = (0..count).map(|number| if discounted(number) { total } else { full });
    shown(json!({
        "discounts": amounts(&discounts),
        "total": Amount::from(total),
        "invoices": amounts(&totals.collect::<Vec<Money>>()),
    }))
}

/// Answers `split`.
pub fn split(request: SplitRequest) -> Result<Value, Refused> {
    let total = request.total.money(request.currency)?;
    let weights = match request.count {
        Some(count @ 1..=10_000) => vec![1; count],
        None if !request.weights.is_empty() => request.weights,
        Some(_) | None => {
            let message = "A split needs a \"count\" from 1 to 10000, or \"weights\".".to_owned();
            return Err(Refused::new("bad_request", message));
        }
    };
    let parts = allot::by_weight(total, &weights, request.share);
    shown(json!({"parts": amounts(&parts), "total": Amount::from(total)}))
}
