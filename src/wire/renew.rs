//! What time brings, as outsiders see it: a run, what it did for an account, what is to come.

use super::amount::Amount;
use crate::billing::calendar::{Day, Moment};
use crate::billing::policy::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a run did for one account in one go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// The account's name.
    pub account: String,
    /// What was done, in order.
    pub did: Vec<Step>,
    /// The next day on which something may be due.
    pub next: Option<Day>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its kind: message, order, charge, retry, paid, declined, pending, lapse, give_up, case, skipped.
    pub what: String,
    /// The day it belongs to.
    pub on: Day,
    /// In words.
    pub text: String,
}

impl Step {
    /// Something to be said that has no day of its own.
    pub fn said(what: &str, on: Day, text: String) -> Step {
        Step {
            what: what.to_owned(),
            on,
            text,
        }
    }
}

/// A run in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The moment that the rules worked with.
    pub as_of: Moment,
    /// Accounts that were looked at.
    pub accounts: u64,
    /// What was done, by kind.
    pub did: BTreeMap<String, u64>,
    /// What a rule refused.
    pub refused: u64,
    /// Payments of which nobody knows what became of them.
    pub unsettled: u64,
}

/// Something that is to come, or is overdue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The day it belongs to.
    pub on: Day,
    /// The account's name.
    pub account: String,
    /// Its kind.
    pub what: String,
    /// In words.
    pub text: String,
}

/// Whether an account renews by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoRenewal {
    /// The account's name.
    pub account: String,
    /// Whether the next term is ordered and charged by itself.
    pub auto_renew: bool,
    /// What the account is.
    pub state: State,
    /// The first day on which nothing is paid any more.
    pub paid_until: Option<Day>,
}

/// What the days until a day would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// The moment it begins with.
    pub from: Moment,
    /// The last day.
    pub until: Day,
    /// What is assumed, in sentences.
    pub assumptions: Vec<String>,
    /// Accounts that were played through.
    pub accounts: u64,
    /// The days on which anything happens.
    pub days: Vec<Ahead>,
    /// All of them together, with the last day's date.
    pub total: Ahead,
    /// What a rule would refuse; the first hundred.
    pub refused: Vec<Awaited>,
    /// What was missed for longer than is caught up, and would be skipped; the first hundred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Awaited>,
}

/// What one day would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// The day.
    pub on: Day,
    /// How often what happens: message, order, charge, paid, declined, and the states that accounts reach.
    pub counts: BTreeMap<String, u64>,
    /// Money that would come in, a currency each.
    pub paid: Vec<Amount>,
    /// Money that would be declined, attempt by attempt.
    pub declined: Vec<Amount>,
}
