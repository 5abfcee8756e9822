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
    /// Taken off every line.
    #[serde(default)]
    percent_off: Percent,
    /// Taken off the document and shared over its lines.
    #[serde(default)]
    amount_off: Figure,
    /// Which of the two comes first.
    #[serde(default)]
    order: Order,
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

/// Which discount comes first; the other one is taken off the rest.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    PercentFirst,
    AmountFirst,
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
    let full = Money::sum(currency, lines.iter().copied())?;
    let (discounts, exact) = match request.order {
        Order::PercentFirst => {
            let percent = percents(&request, &lines)?;
            let (fixed, exact) = fixed(&request, &less(&lines, &percent)?)?;
            (plus(&percent, &fixed)?, exact)
        }
        Order::AmountFirst => {
            let (fixed, exact) = fixed(&request, &lines)?;
            let percent = percents(&request, &less(&lines, &fixed)?)?;
            (plus(&percent, &fixed)?, exact)
        }
    };
    let total = full.minus(Money::sum(currency, discounts.iter().copied())?)?;
    let count = request.invoices.min(10_000);
    let discounted = |number: u32| request.periods.is_none_or(|periods| number < periods);
    let totals = (0..count).map(|number| if discounted(number) { total } else { full });
    shown(json!({
        "discounts": amounts(&discounts),
        "exact_shares": exact,
        "total": Amount::from(total),
        "invoices": amounts(&totals.collect::<Vec<Money>>()),
    }))
}

fn percents(request: &DiscountRequest, lines: &[Money]) -> Result<Vec<Money>, Refused> {
    let share = request.percent_off.share()?;
    let off = lines.iter().map(|line| {
        let exact = Fraction::from_minor(*line).times(share)?;
        Ok(Money::of(exact.round(request.rounding)?, line.currency))
    });
    off.collect()
}

/// The shares of the fixed discount, and the same exactly, in major units.
fn fixed(
    request: &DiscountRequest,
    lines: &[Money],
) -> Result<(Vec<Money>, Vec<Fraction>), Refused> {
    let weights: Vec<i64> = lines.iter().map(|line| line.minor.max(0)).collect();
    let sum = Money::sum(
        request.currency,
        lines
            .iter()
            .map(|line| Money::of(line.minor.max(0), line.currency)),
    )?;
    let whole = request.amount_off.money(request.currency)?.at_most(sum);
    let mut exact = Vec::with_capacity(lines.len());
    for weight in &weights {
        let share = Fraction::new(i128::from(*weight), i128::from(sum.minor.max(1)))?;
        exact.push(Fraction::from_decimal(whole.major())?.times(share)?);
    }
    Ok((allot::by_weight(whole, &weights, request.share), exact))
}

fn plus(left: &[Money], right: &[Money]) -> Result<Vec<Money>, Refused> {
    left.iter()
        .zip(right)
        .map(|(left, right)| Ok(left.plus(*right)?))
        .collect()
}

fn less(left: &[Money], right: &[Money]) -> Result<Vec<Money>, Refused> {
    left.iter()
        .zip(right)
        .map(|(left, right)| Ok(left.minus(*right)?))
        .collect()
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
