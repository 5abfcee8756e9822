//! Units of use: a ledger of what was granted, bought, used and expired, for each kind of credit apart.

use super::calendar::{Day, Moment};
use serde::{Deserialize, Serialize};

/// One entry of the credit ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditEntry {
    /// Key in the store; 0 before it is kept.
    pub id: i64,
    /// The kind of credit.
    pub credit: String,
    /// What happened.
    pub kind: CreditKind,
    /// Units: positive for grants and purchases, negative for use and expiry.
    pub units: i64,
    /// When.
    pub at: Moment,
    /// For grants and purchases: the first day on which they can no longer be used.
    pub expires_on: Option<Day>,
    /// The member who used them, where members have their own.
    pub member: Option<i64>,
    /// The order that bought them.
    pub order: Option<i64>,
    /// Why, where a person gave a reason.
    pub reason: Option<String>,
}

/// What happened to credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditKind {
    /// Given with the plan or the trial.
    Granted,
    /// Bought.
    Bought,
    /// Used up.
    Used,
    /// Not used in time.
    Expired,
}

impl CreditKind {
    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            CreditKind::Granted => "granted",
            CreditKind::Bought => "bought",
            CreditKind::Used => "used",
            CreditKind::Expired => "expired",
        }
    }
}
