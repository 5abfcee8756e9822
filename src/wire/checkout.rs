//! What an account is offered, before its first purchase or above the plan that it has: what a guided checkout
//! asks about.

use super::amount::Amount;
use crate::billing::calendar::Period;
use serde::{Deserialize, Serialize};

/// What can be bought, and what must be known to buy it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// Name of the account.
    pub account: String,
    /// Its country.
    pub country: String,
    /// The plan that is paid for now; only the plan is asked for then.
    pub holds: Option<String>,
    /// Plans on sale, by rank; above the one that is held.
    pub plans: Vec<Offer>,
    /// Ways to pay.
    pub methods: Vec<Way>,
    /// Whether a taxpayer number is needed and not there yet.
    pub needs_taxpayer: bool,
    /// Whether a billing address is needed and not there yet.
    pub needs_address: bool,
    /// Whether a billing address is there.
    pub has_address: bool,
    /// What one billed unit is called.
    pub unit: String,
    /// Trial days that would lengthen the term.
    pub bonus_days: i64,
}

/// One plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whom it is for.
    pub about: Option<String>,
    /// Price of one unit for each period; empty for a plan that people sell.
    pub prices: Vec<PeriodPrice>,
    /// Features, by their names for people.
    pub features: Vec<String>,
    /// What one unit allows, in words: `2500 leads`.
    pub limits: Vec<Allowed>,
    /// The fewest units.
    pub least: u32,
    /// The most units.
    pub most: u32,
    /// Features that the account has now and this plan lacks.
    pub loses: Vec<String>,
}

/// The price of one unit for one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodPrice {
    /// The period.
    pub period: Period,
    /// Of one unit for the whole period.
    pub amount: Amount,
    /// Of one unit for one month, where the period has months.
    pub monthly: Option<Amount>,
}

/// An allowance and how it grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// Name for people.
    pub name: String,
    /// For one unit, or for the account.
    pub amount: i64,
    /// Whether it grows with the units.
    pub per_unit: bool,
}

/// One way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The most parts; 1 is at once.
    pub parts: u32,
}
