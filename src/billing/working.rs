//! What one computed amount is made of: the price, the line that was billed, and every number between.

use super::fraction::Fraction;
use super::money::{Checked, Currency, Money, Rounding};
use super::share::Window;
use super::switches::{DayCount, Denominator, RoundAt, Unit};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What the share of a working was taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// A price.
    Price,
    /// The amount of a billed line.
    BilledLine,
}

/// Every part of one computed amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// The part that is priced.
    pub part: Window,
    /// The stretch that the denominator counts.
    pub whole: Window,
    /// Units counted in the part.
    pub numerator: i64,
    /// Units counted in the whole.
    pub denominator: i64,
    /// What is counted.
    pub unit: Unit,
    /// How days are counted.
    pub day_count: DayCount,
    /// What the part is divided by.
    pub divided_by: Denominator,
    /// What the share is taken of.
    pub of: Of,
    /// How many units.
    pub quantity: i64,
    /// The price of one unit for the whole, in major units; for a billed line its amount.
    pub unit_price: Decimal,
    /// The value before rounding, in major units.
    pub exact: Fraction,
    /// How it was rounded.
    pub rounding: Rounding,
    /// Where it was rounded.
    pub round_at: RoundAt,
    /// The limit that cut the amount, if one did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub capped_at: Option<Money>,
    /// The amount.
    pub amount: Money,
}

/// A price per unit for a whole period, times a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Major units for one unit and the whole period.
    pub unit: Decimal,
    /// How many units.
    pub quantity: i64,
    /// The currency.
    pub currency: Currency,
}

impl Price {
    /// A price of `quantity` units.
    pub fn of(unit: Decimal, quantity: i64, currency: Currency) -> Price {
        Price {
            unit,
            quantity,
            currency,
        }
    }

    /// The price of the whole period, before rounding, in major units.
    pub fn whole(&self) -> Checked<Fraction> {
        Fraction::from_decimal(self.unit)?.times(Fraction::whole(self.quantity))
    }
}

/// A line that was billed, as far as a credit needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Billed {
    /// The service the line pays for.
    pub service: Window,
    /// Its amount.
    pub amount: Money,
    /// What earlier credits have already given back of it.
    pub credited: Money,
    /// The price it was billed at, which the bases that look at prices need.
    pub price: Price,
}

impl Billed {
    /// What can still be given back: never below nothing.
    pub fn left(&self) -> Checked<Money> {
        let left = self.amount.minus(self.credited)?;
        Ok(Money::of(left.minor.max(0), left.currency))
    }
}
