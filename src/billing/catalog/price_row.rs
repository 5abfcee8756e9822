//! The rows of the price book.

use super::super::calendar::{Day, Period};
use super::super::money::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Prices of one thing in one place, for one or more periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRow {
    /// The plan that is priced. Exactly one of `plan` and `add_on` is given.
    #[serde(default)]
    pub plan: Option<String>,
    /// The add-on that is priced.
    #[serde(default)]
    pub add_on: Option<String>,
    /// The seat type that is priced; absent means the plan's usual one.
    #[serde(default)]
    pub seat_type: Option<String>,
    /// Only accounts of this region; absent means every region of the currency.
    #[serde(default)]
    pub region: Option<String>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Only accounts of this cohort; a row with a cohort wins over one without.
    #[serde(default)]
    pub cohort: Option<String>,
    /// First day on which the row can be sold.
    #[serde(default)]
    pub from: Option<Day>,
    /// First day on which it can no longer be sold.
    #[serde(default)]
    pub until: Option<Day>,
    /// Whether an amount is for a month or for the whole period.
    #[serde(default)]
    pub per: Per,
    /// Amount per unit in major units, by period.
    pub amounts: BTreeMap<Period, Decimal>,
    /// Convenience: percent off the amount of the shortest period, for periods without an amount.
    #[serde(default)]
    pub percent_off: BTreeMap<Period, Decimal>,
}

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One unit for one month; a period of months costs that many times as much.
    #[default]
    Month,
    /// One unit for the whole period.
    Period,
}
