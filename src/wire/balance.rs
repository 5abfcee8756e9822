//! The ledger of an account's balance: every entry with the document it comes from.

use super::amount::Amount;
use crate::billing::calendar::Day;
use serde::{Deserialize, Serialize};

/// Money that the seller owes an account, or is owed where it is below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The account.
    pub account: String,
    /// What it is now.
    pub balance: Amount,
    /// How it came about, oldest first.
    pub entries: Vec<Entry>,
}

/// One movement of a balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The day.
    pub on: Day,
    /// What it was.
    pub kind: Kind,
    /// The invoice or credit note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The document's line, or its first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// By how much it moved.
    pub amount: Amount,
    /// What it was then.
    pub after: Amount,
}

/// What moved a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A credit note gave money back.
    Credited,
    /// More was paid than was due.
    Overpaid,
    /// It paid an invoice.
    Applied,
    /// What was too little to charge waits as a debt.
    Carried,
    /// Such a debt was paid.
    DebtPaid,
    /// It was paid out.
    PaidOut,
    /// A payout did not arrive and came back.
    CameBack,
    /// Something else.
    Moved,
}

impl Kind {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Credited => "credited",
            Kind::Overpaid => "paid above what was due",
            Kind::Applied => "paid from the balance",
            Kind::Carried => "too little to charge, carried",
            Kind::DebtPaid => "debt from before paid",
            Kind::PaidOut => "paid out",
            Kind::CameBack => "payout came back",
            Kind::Moved => "moved",
        }
    }
}
