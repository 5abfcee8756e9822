//! What became of a subscription that was cancelled, ended, refunded or taken up again.

use super::amount::Amount;
use super::invoice::Brief as InvoiceBrief;
use super::order::{Line, Payment};
use crate::billing::calendar::Day;
use crate::billing::policy::State;
use serde::{Deserialize, Serialize};

/// A subscription after something ended it, in full or in part, or took it up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Name of the account.
    pub account: String,
    /// The day this is true of.
    pub on: Day,
    /// Standing on it.
    pub state: State,
    /// Plan on it.
    pub plan: Option<String>,
    /// Name of that plan, as the account knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// First day on which nothing is paid any more.
    pub paid_until: Option<Day>,
    /// Whether it ends with its paid terms.
    pub cancelled: bool,
    /// Whether the next term is ordered and charged by itself.
    pub auto_renew: bool,
    /// What the seller owes the account.
    pub balance: Amount,
    /// Credit notes that came of it.
    pub credit_notes: Vec<InvoiceBrief>,
    /// What the credit notes give back, and how each amount came about.
    #[serde(default)]
    pub given_back: Vec<Line>,
    /// Money on its way back.
    pub refunds: Vec<Payment>,
}
