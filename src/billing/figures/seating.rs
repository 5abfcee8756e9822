//! Counts of units and what each change of a count costs: packs, tiers, differences, the highest count.

use super::Fault;
use super::tax::Percent;
use crate::billing::calendar::Moment;
use crate::billing::fraction::Fraction;
use crate::billing::money::{Currency, Money, Rounding};
use crate::billing::prorate::{Price, Working, remaining};
use crate::billing::share::Stretch;
use crate::billing::switches::Proration;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a lower count does to money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum OnDecrease {
    /// The units that are given up are credited.
    #[default]
    Credit,
    /// Nothing: what was paid stays paid until the term ends, so only counts above the highest one cost.
    HighWater,
}

/// What holds for every change of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// What a lower count does to money.
    pub decrease: OnDecrease,
    /// The lowest count that is allowed.
    pub minimum: Option<i64>,
}

/// A tier: units above the tier before it and up to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// The last unit in it; `None` for all that follow.
    pub up_to: Option<i64>,
    /// The price of each unit in it, in major units.
    pub unit: Decimal,
    /// Paid once when the count reaches the tier, in major units.
    pub flat: Decimal,
}

/// Which units a tier prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Tiering {
    /// The units that lie in it.
    #[default]
    Graduated,
    /// All units, in the tier that the whole count reaches.
    Volume,
}

/// What a pack is that is not full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackRound {
    /// A pack like any other.
    #[default]
    Up,
    /// Nothing; its units are free.
    Down,
}

/// What a count of units costs for a whole period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tariff {
    /// Paid whatever the count, in major units.
    pub base: Decimal,
    /// Units that are sold together. One when a unit is sold alone.
    pub pack: i64,
    /// Whether a begun pack is billed.
    pub pack_round: PackRound,
    /// The tiers in order; one tier without a limit is a plain price.
    pub tiers: Vec<Tier>,
    /// Which units a tier prices.
    pub tiering: Tiering,
    /// Taken off everything.
    pub percent_off: Percent,
    /// Taken off everything after that, but not below nothing; in major units.
    pub amount_off: Decimal,
}

impl Tariff {
    /// How many packs a count needs.
    pub fn packs(&self, count: i64) -> Result<i64, Fault> {
        if count < 0 {
            return Err(Fault::BadCount { what: "units" });
        }
        let pack = self.pack.max(1);
        let begun = self.pack_round == PackRound::Up && count % pack != 0;
        Ok(count / pack + i64::from(begun))
    }

    /// The exact price of a count for a whole period, in major units.
    pub fn price(&self, count: i64) -> Result<Fraction, Fault> {
        let packs = self.packs(count)?;
        let mut sum = Fraction::from_decimal(self.base)?;
        let mut below = 0_i64;
        for tier in &self.tiers {
            let top = tier.up_to.map_or(packs, |up_to| up_to.min(packs));
            let units = match self.tiering {
                Tiering::Graduated => top.saturating_sub(below).max(0),
                Tiering::Volume if packs > below && top == packs => packs,
                Tiering::Volume => 0,
            };
            if units > 0 {
                let priced = Fraction::from_decimal(tier.unit)?.times(Fraction::whole(units))?;
                sum = sum.plus(priced)?.plus(Fraction::from_decimal(tier.flat)?)?;
            }
            below = below.max(tier.up_to.unwrap_or(packs));
        }
        let kept = Fraction::ONE.minus(self.percent_off.share()?)?;
        let less = sum
            .times(kept)?
            .minus(Fraction::from_decimal(self.amount_off)?)?;
        Ok(if less < Fraction::ZERO {
            Fraction::ZERO
        } else {
            less
        })
    }
}

impl Tariff {
    /// What a change of the count costs for a whole period: so many units at a plain price, or else one
    /// difference of totals.
    fn difference(&self, low: i64, high: i64, currency: Currency) -> Result<Price, Fault> {
        let plain = self.amount_off.is_zero() && self.tiers.iter().all(|tier| tier.flat.is_zero());
        if let (
            true,
            [
                Tier {
                    up_to: None, unit, ..
                },
            ],
        ) = (plain, &self.tiers[..])
        {
            let kept = Fraction::ONE.minus(self.percent_off.share()?)?;
            let unit = as_decimal(Fraction::from_decimal(*unit)?.times(kept)?)?;
            let packs = self.packs(high)?.saturating_sub(self.packs(low)?);
            return Ok(Price::of(unit, packs, currency));
        }
        let difference = self.price(high)?.minus(self.price(low)?)?;
        Ok(Price::of(as_decimal(difference)?, 1, currency))
    }
}

/// One change of the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The count before.
    pub from: i64,
    /// The count after.
    pub to: i64,
    /// What is charged, or credited when below zero, for the rest of the term.
    pub working: Working,
}

/// A first count and its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The units or packs of the first count.
    pub packs: i64,
    /// What the first count costs for the whole period.
    pub first: Money,
    /// The changes.
    pub steps: Vec<Step>,
}

/// Follows a count through its changes; each is priced as the difference of two totals.
pub fn course(
    switches: &Proration,
    stretch: &Stretch,
    currency: Currency,
    tariff: &Tariff,
    first: i64,
    changes: &[(Moment, i64)],
    rules: Rules,
) -> Result<Course, Fault> {
    let mut steps = Vec::with_capacity(changes.len());
    let (mut count, mut paid) = (first, first);
    for (at, to) in changes {
        if let Some(minimum) = rules.minimum.filter(|minimum| to < minimum) {
            return Err(Fault::BelowMinimum {
                count: *to,
                minimum,
            });
        }
        let (low, high) = match rules.decrease {
            OnDecrease::Credit => (count, *to),
            OnDecrease::HighWater => (paid, paid.max(*to)),
        };
        let price = tariff.difference(low, high, currency)?;
        steps.push(Step {
            from: count,
            to: *to,
            working: remaining(switches, stretch, *at, price)?,
        });
        (count, paid) = (*to, paid.max(*to));
    }
    Ok(Course {
        packs: tariff.packs(first)?,
        first: tariff.price(first)?.to_money(currency, Rounding::HalfUp)?,
        steps,
    })
}

/// A fraction of prices, percentages and counts always ends in few places.
fn as_decimal(value: Fraction) -> Result<Decimal, Fault> {
    let upper = Decimal::try_from_i128_with_scale(value.numerator(), 0);
    let lower = Decimal::try_from_i128_with_scale(value.denominator(), 0);
    match (upper, lower) {
        (Ok(upper), Ok(lower)) => upper.checked_div(lower).ok_or(Fault::TooLarge),
        _ => Err(Fault::TooLarge),
    }
}
