//! Invoices and credit notes: numbered, immutable once issued, corrected only by another document.

use super::calendar::Day;
use super::money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// A numbered document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Key in the store.
    pub id: i64,
    /// What it is.
    pub kind: InvoiceKind,
    /// The number by the seller's pattern, without gaps in its series.
    pub number: String,
    /// Place in the series.
    pub series: i64,
    /// The account.
    pub account: i64,
    /// The order it bills; absent for a credit note.
    pub order: Option<i64>,
    /// The invoice that a credit note corrects.
    pub corrects: Option<i64>,
    /// The day it was issued.
    pub issued_on: Day,
    /// The day it is due.
    pub due_on: Day,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Before tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// Net and tax.
    pub total: Money,
    /// What the account's balance has paid of it.
    pub from_balance: Money,
    /// What payments have paid of it.
    pub paid: Money,
    /// What credit notes have taken off it.
    pub credited: Money,
    /// Where it stands.
    pub state: InvoiceState,
    /// The day it was paid in full, or voided.
    pub settled_on: Option<Day>,
}

impl Invoice {
    /// What is still to be paid; never below nothing, and nothing of what is void.
    pub fn open(&self) -> Money {
        if self.state == InvoiceState::Void {
            return Money::zero(self.currency);
        }
        let settled = self
            .paid
            .minor
            .saturating_add(self.from_balance.minor)
            .saturating_add(self.credited.minor);
        Money::of(
            self.total.minor.saturating_sub(settled).max(0),
            self.currency,
        )
    }
}

/// What a numbered document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// Asks for money.
    Invoice,
    /// Gives money back.
    CreditNote,
}

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceState {
    /// Waits for money.
    Open,
    /// Paid, or nothing to pay.
    Paid,
    /// Called off; it keeps its number.
    Void,
}

impl InvoiceState {
    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            InvoiceState::Open => "open",
            InvoiceState::Paid => "paid",
            InvoiceState::Void => "void",
        }
    }
}

/// Writes a number by a pattern: `{year}`, `{month}`, `{account}`, `{seq}` or `{seq:6}`.
pub fn number(pattern: &str, series: i64, issued_on: Day, account: &str) -> String {
    let mut written = String::new();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        written.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        let name = &rest[open..][1..close];
        match name.split_once(':').unwrap_or((name, "1")) {
            ("year", _) => written.push_str(&issued_on.format("%Y").to_string()),
            ("month", _) => written.push_str(&issued_on.format("%m").to_string()),
            ("account", _) => written.push_str(account),
            ("seq", places) => {
                let places = places.parse().unwrap_or(1);
                written.push_str(&format!("{series:0places$}"));
            }
            _ => written.push_str(&rest[open..][..=close]),
        }
        rest = &rest[open..][close..][1..];
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_their_pattern() {
        let day = "2026-09-03".parse().unwrap();
        assert_eq!(
            number("INV-{year}-{seq:6}", 42, day, "acme"),
            "INV-2026-000042"
        );
        assert_eq!(
            number("{account}/{year}{month}/{seq}", 7, day, "acme"),
            "acme/202609/7"
        );
        assert_eq!(number("A{seq:3}{", 1234, day, "acme"), "A1234{");
        assert_eq!(number("{what}-{seq:3}", 1, day, "acme"), "{what}-001");
    }
}
