//! Plans and add-ons, and what they give.

use super::super::calendar::{Day, Period};
use super::{Allowance, Grant, Keep};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who may buy a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    /// Anybody who may bill the account.
    #[default]
    SelfService,
    /// It costs nothing and needs no order.
    Free,
    /// Only through a request that the seller's people answer.
    SalesOnly,
    /// No longer sold; those who have it keep it.
    Closed,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Stable name used by commands and facts; renaming a plan changes `name`, never this.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// One sentence on whom it is for.
    #[serde(default)]
    pub about: Option<String>,
    /// Higher is better; decides what is an upgrade.
    pub rank: u32,
    /// Who may buy it.
    #[serde(default)]
    pub sale: Sale,
    /// First day of sale.
    #[serde(default)]
    pub sold_from: Option<Day>,
    /// First day on which it is no longer sold.
    #[serde(default)]
    pub sold_until: Option<Day>,
    /// Periods offered, shortest first.
    #[serde(default)]
    pub periods: Vec<Period>,
    /// How many seats may be bought.
    #[serde(default)]
    pub seats: SeatBounds,
    /// Seat types that fit the plan, the usual one first. Empty means all.
    #[serde(default)]
    pub seat_types: Vec<String>,
    /// Features switched on.
    #[serde(default)]
    pub features: Vec<String>,
    /// Allowances by limit. A limit that is not named is unlimited.
    #[serde(default)]
    pub limits: BTreeMap<String, Allowance>,
    /// What each seat beyond the first adds to an allowance that is counted for the workspace, by limit.
    #[serde(default)]
    pub seat_adds: BTreeMap<String, i64>,
    /// Units of use granted, by credit type.
    #[serde(default)]
    pub credits: BTreeMap<String, Grant>,
    /// Whether the owner may change it without the seller's people.
    #[serde(default = "super::yes")]
    pub self_managed: bool,
    /// What accounts that bought the plan earlier keep.
    #[serde(default, rename = "keeps")]
    pub keeps: Vec<Keep>,
    /// What a sales request must say: name, email, phone.
    #[serde(default)]
    pub contact_fields: Vec<String>,
    /// Ids under which earlier versions of the catalog sold this plan; see [`Catalog::successor`].
    #[serde(default)]
    pub formerly: Vec<Former>,
}

/// An id that a plan had in earlier versions, and that may mean another plan today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The earlier id.
    pub id: String,
    /// Terms sold before this day meant this plan by it.
    pub before: Day,
}

/// How many seats an account may have on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeatBounds {
    /// The fewest that can be ordered.
    pub min: u32,
    /// The most that can be ordered; absent means a million.
    pub max: Option<u32>,
    /// The fewest that are billed, even where fewer are ordered.
    pub minimum_billed: u32,
    /// Seats are sold in packs of this size, rounded up.
    pub pack: u32,
}

impl Default for SeatBounds {
    fn default() -> Self {
        SeatBounds {
            min: 1,
            max: None,
            minimum_billed: 0,
            pack: 1,
        }
    }
}

/// Something bought on top of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddOn {
    /// Name used by commands.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What one unit of it gives.
    pub gives: Gives,
    /// Who may buy it.
    #[serde(default)]
    pub sale: Sale,
    /// Plans it can be bought for; empty means every paid plan.
    #[serde(default)]
    pub plans: Vec<String>,
    /// The fewest units in one order.
    #[serde(default = "one")]
    pub min: u32,
    /// The most units in one order.
    #[serde(default)]
    pub max: Option<u32>,
    /// Units come in steps of this size.
    #[serde(default = "one")]
    pub step: u32,
    /// Periods it is sold for; empty means it runs with the plan's term.
    #[serde(default)]
    pub periods: Vec<Period>,
    /// The fewest months it must run.
    #[serde(default)]
    pub min_months: u32,
    /// Whether it is bought again with each renewal.
    #[serde(default = "super::yes")]
    pub renews: bool,
    /// Whether it may be paid in parts, where the method allows it.
    #[serde(default)]
    pub instalments: bool,
}

/// What one unit of an add-on gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, tag = "kind")]
pub enum Gives {
    /// Units of use.
    Credits {
        /// Which kind.
        credit: String,
        /// How many at each reset.
        amount: i64,
    },
    /// A higher limit.
    Limit {
        /// Which limit.
        limit: String,
        /// By how much.
        amount: i64,
    },
    /// A feature.
    Feature {
        /// Which feature.
        feature: String,
    },
    /// Work done by people, or anything that only stands on the invoice.
    Service,
}

impl Plan {
    /// Whether the plan can be newly bought on a day by the account's own people.
    pub fn on_sale(&self, on: Day) -> bool {
        self.sale == Sale::SelfService
            && self.sold_from.is_none_or(|from| from <= on)
            && self.sold_until.is_none_or(|until| on < until)
    }

    /// The seats that are billed for so many ordered: packs rounded up, never below the minimum.
    pub fn billed(&self, ordered: u32) -> u32 {
        let pack = self.seats.pack.max(1);
        ordered
            .max(self.seats.minimum_billed)
            .div_ceil(pack)
            .saturating_mul(pack)
    }
}

fn one() -> u32 {
    1
}
