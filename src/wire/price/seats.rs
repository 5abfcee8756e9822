//! `seats`: a number of units through its changes.

use super::shown;
use super::words::{Figure, Refused, RuleSetName, Stretched, When, WorkingText, dollars};
use crate::billing::calendar::{Day, Moment, midnight, plus_days};
use crate::billing::figures::seating::{
    OnDecrease, PackRound, Rules, Tariff, Tier, Tiering, course,
};
use crate::billing::figures::tax::Percent;
use crate::billing::fraction::Fraction;
use crate::billing::money::Currency;
use crate::billing::share::{Stretch, Window};
use crate::wire::amount::Amount;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Units above the tier before and up to this one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierLine {
    up_to: Option<i64>,
    price: Figure,
    /// Paid once when the count reaches the tier.
    #[serde(default)]
    flat: Figure,
}

/// A change of the count; on the first day of the term when no day is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct To {
    on: Option<When>,
    count: i64,
}

/// A request of kind `seats`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatsRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    #[serde(default)]
    rules: RuleSetName,
    /// The price of one unit, or of one pack.
    price: Option<Figure>,
    #[serde(default)]
    tiers: Vec<TierLine>,
    #[serde(default)]
    tiering: Tiering,
    /// Paid whatever the count.
    #[serde(default)]
    base: Figure,
    #[serde(default = "alone")]
    pack: i64,
    /// Whether a begun pack is billed.
    #[serde(default)]
    pack_round: PackRound,
    #[serde(default)]
    percent_off: Percent,
    #[serde(default)]
    amount_off: Figure,
    count: i64,
    #[serde(default)]
    changes: Vec<To>,
    #[serde(default)]
    decrease: OnDecrease,
    /// The lowest count that is allowed.
    minimum: Option<i64>,
    /// Changes of one day are one change to the last count.
    #[serde(default)]
    batch: Batch,
    term: Option<Stretched>,
    /// In place of a term and days: the share of the term that every change finds left.
    left: Option<Fraction>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum Batch {
    #[default]
    None,
    Day,
}

fn alone() -> i64 {
    1
}

#[derive(Serialize)]
struct StepText {
    from: i64,
    to: i64,
    amount: Amount,
    working: WorkingText,
}

#[derive(Serialize)]
struct SeatsAnswer {
    billed_quantity: i64,
    first: Amount,
    changes: Vec<StepText>,
}

/// Answers `seats`.
pub fn seats(request: SeatsRequest) -> Result<Value, Refused> {
    let mut tiers: Vec<Tier> = request
        .tiers
        .iter()
        .map(|tier| Tier {
            up_to: tier.up_to,
            unit: tier.price.0,
            flat: tier.flat.0,
        })
        .collect();
    if let Some(price) = request.price {
        tiers.push(Tier {
            up_to: None,
            unit: price.0,
            flat: Decimal::ZERO,
        });
    }
    let tariff = Tariff {
        base: request.base.0,
        pack: request.pack,
        pack_round: request.pack_round,
        tiers,
        tiering: request.tiering,
        percent_off: request.percent_off,
        amount_off: request.amount_off.0,
    };
    let (stretch, at) = days_of(&request)?;
    let changes = request.changes.iter().map(|to| {
        let on = to.on.map_or(at, |on| on.0);
        (on, to.count)
    });
    let mut changes: Vec<(Moment, i64)> = changes.collect();
    if request.batch == Batch::Day {
        changes.reverse();
        changes.dedup_by_key(|(on, _)| on.date());
        changes.reverse();
    }
    let done = course(
        &request.rules.switches,
        &stretch,
        request.currency,
        &tariff,
        request.count,
        &changes,
        Rules {
            decrease: request.decrease,
            minimum: request.minimum,
        },
    )?;
    let steps = done.steps.iter().map(|step| StepText {
        from: step.from,
        to: step.to,
        amount: step.working.amount.into(),
        working: WorkingText::from(&step.working),
    });
    shown(SeatsAnswer {
        billed_quantity: done.packs,
        first: done.first.into(),
        changes: steps.collect(),
    })
}

fn days_of(request: &SeatsRequest) -> Result<(Stretch, Moment), Refused> {
    if let Some(left) = request.left {
        let (window, at) = super::settled::imagined(left)?;
        return Ok((Stretch::of(window), at));
    }
    let start = midnight(Day::default());
    let short = Window::new(start, midnight(plus_days(start.date(), 1)));
    let term = request.term.map_or(short, |term| term.0);
    Ok((Stretch::of(term), term.from))
}
