//! Plans as outsiders see them: what they give, what they cost where, and side by side.

use crate::billing::calendar::{Day, Period};
use crate::billing::catalog::Sale;
use crate::billing::money::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A plan on a day, for a place or an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whom it is for.
    pub about: Option<String>,
    /// Who may buy it.
    pub sale: Sale,
    /// First day of sale.
    pub sold_from: Option<Day>,
    /// First day on which it is no longer sold.
    pub sold_until: Option<Day>,
    /// Price list.
    pub region: String,
    /// What it is priced in.
    pub currency: Currency,
    /// Prices of one seat, shortest period first.
    pub prices: Vec<Price>,
    /// The fewest seats that can be ordered.
    pub least_seats: u32,
    /// The most seats that can be ordered.
    pub most_seats: Option<u32>,
    /// The fewest seats that are billed.
    pub minimum_billed: u32,
    /// Seat types that fit.
    pub seat_types: Vec<String>,
    /// Features that it switches on.
    pub features: Vec<Named>,
    /// For how many seats the limits and credits below are.
    pub seats: u32,
    /// What one of them is called: seat, licence, member.
    pub unit: String,
    /// Limits for so many seats.
    pub limits: Vec<Limit>,
    /// Units of use for so many seats at each reset.
    pub credits: Vec<Credit>,
    /// Contact details that a request for it must have.
    pub contact_fields: Vec<String>,
}

/// What one seat costs for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The period.
    pub period: Period,
    /// The seat type, where there are several.
    pub seat_type: Option<String>,
    /// For a month, in major units, where the period is of months.
    pub a_month: Option<Decimal>,
    /// For the whole period, in major units.
    pub a_period: Decimal,
    /// The row of the price list, or the agreement.
    pub price_list: String,
}

/// A thing with its stable name and its name for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
}

/// A limit of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What is counted.
    pub unit: Option<String>,
    /// `seat`, `workspace` or `user`.
    pub scope: crate::billing::catalog::Scope,
    /// Allowed; absent means unlimited, or agreed with each account.
    pub allowed: Option<i64>,
    /// Whether it is agreed with each account.
    pub custom: bool,
}

/// Units of use that a plan grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Units at each reset; absent means unlimited.
    pub amount: Option<i64>,
    /// When the count starts again.
    pub reset: crate::billing::catalog::Reset,
}

/// Plans side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The plans, lowest first.
    pub plans: Vec<Plan>,
    /// Features that not all of them have.
    pub differing_features: Vec<Named>,
}
