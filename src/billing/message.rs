//! Messages: e-mails that wait in the outbox, each put there once.

use super::calendar::Moment;
use serde::{Deserialize, Serialize};

/// An e-mail that waits or was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Key in the store; 0 before it is kept.
    pub id: i64,
    /// The account.
    pub account: i64,
    /// Which message: `renewal_reminder`, `payment_declined`, `receipt`, `frozen`.
    pub kind: String,
    /// What makes it one of its kind for the account: the day or number it is about. Kept unique.
    pub about: String,
    /// Where it goes.
    pub to: Vec<String>,
    /// When it was put into the outbox.
    pub at: Moment,
    /// When it was delivered.
    pub sent_at: Option<Moment>,
}
