//! What is counted: seats, features, limits and credits.

use super::super::calendar::Day;
use super::Sale;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of seat, for example full-time, collaborator, seasonal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatType {
    /// Name used by plans, prices and commands.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Who can buy it.
    #[serde(default)]
    pub sale: Sale,
    /// Whether it can be used only inside an agreed window of days.
    #[serde(default)]
    pub windowed: bool,
}

/// A thing that a plan switches on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Name used by plans.
    pub id: String,
    /// Name for people.
    pub name: String,
}

/// A thing that a plan bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Name used by plans.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The unit that is counted: leads, GB, ms.
    #[serde(default)]
    pub unit: Option<String>,
    /// What one allowance is for.
    pub scope: Scope,
    /// When the count starts again from zero.
    #[serde(default)]
    pub reset: Reset,
    /// What happens at the limit.
    #[serde(default)]
    pub at_limit: AtLimit,
    /// Uses recorded before this day are kept even above the limit; only new ones are checked.
    #[serde(default)]
    pub keeps_use_before: Option<Day>,
}

/// What an allowance or grant is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Per billed seat: it grows with the seats.
    Seat,
    /// For the account as a whole.
    #[default]
    Workspace,
    /// For each member by himself.
    User,
}

/// When a count or a balance starts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// It never does.
    #[default]
    Never,
    /// Every Monday.
    Week,
    /// Every month on the day of the month on which the term renews.
    Month,
    /// With each paid term.
    Term,
}

/// What happens when a limit is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case", deny_unknown_fields, tag = "mode")]
pub enum AtLimit {
    /// The use is refused.
    #[default]
    Refuse,
    /// The account is told, may go on for some hours, then named actions stop.
    Grace {
        /// Hours between the notice and the block.
        hours: u32,
        /// What stops after that.
        #[serde(default)]
        blocks: Vec<String>,
    },
}

/// Units of use of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// Name used by plans and add-ons.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// When the granted units are renewed; what is left then expires unless it carries over.
    pub reset: Reset,
    /// Whether unused units survive the reset.
    #[serde(default)]
    pub carry_over: bool,
    /// Whether all seats draw from one pool; otherwise each member has his own.
    #[serde(default = "super::yes")]
    pub pooled: bool,
}

/// How much of a limited thing a plan gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Allowance {
    /// So many per scope of the limit.
    Some(i64),
    /// A word: without bound, or agreed with each account.
    Word(AllowanceWord),
}

/// An allowance that is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowanceWord {
    /// There is no limit.
    Unlimited,
    /// The limit is agreed with each account; until it is, there is none.
    Custom,
}

/// How many units a plan or a pack grants each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Units; absent means unlimited.
    #[serde(default)]
    pub amount: Option<i64>,
    /// Per seat or for the account.
    #[serde(default)]
    pub per: Scope,
}

/// What accounts keep that bought a plan before a day (grandfathering).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// The plan was bought before this day.
    pub bought_before: Day,
    /// Features that stay on.
    #[serde(default)]
    pub features: Vec<String>,
    /// Allowances that replace the plan's.
    #[serde(default)]
    pub limits: BTreeMap<String, Allowance>,
}
