//! Invoices and credit notes: numbered, immutable once issued, corrected only by another document.

use super::account::Numbers;
use super::calendar::Day;
use super::money::{Currency, Money};
use super::policy::InvoiceRules;
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

impl InvoiceKind {
    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            InvoiceKind::Invoice => "invoice",
            InvoiceKind::CreditNote => "credit_note",
        }
    }
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

/// Takes the next place in a series and its number. The place runs on for ever, which proves that none is
/// missing; the number counts from the place, or from the year's own where the seller's counts start again.
pub fn take_number(
    kind: InvoiceKind,
    rules: &InvoiceRules,
    next: &mut Numbers,
    issued_on: Day,
    account: &str,
) -> (i64, String) {
    let in_year = next.in_year.as_mut().filter(|_| rules.yearly);
    let (pattern, series, of_year) = match kind {
        InvoiceKind::Invoice => (
            &rules.number,
            &mut next.invoice_series,
            in_year.map(|year| &mut year.invoice),
        ),
        InvoiceKind::CreditNote => (
            &rules.credit_note_number,
            &mut next.credit_note_series,
            in_year.map(|year| &mut year.credit_note),
        ),
    };
    let series = Numbers::take(series);
    let counted = of_year.map_or(series, Numbers::take);
    (series, number(pattern, counted, issued_on, account))
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

/// The place that a number of a document was written from by a pattern; none where another pattern wrote it.
pub fn place_of(pattern: &str, written: &str, issued_on: Day, account: &str) -> Option<i64> {
    let (before, rest) = pattern.split_once("{seq")?;
    let (_, after) = rest.split_once('}')?;
    let part = |pattern: &str| number(pattern, 0, issued_on, account);
    let digits = written
        .strip_prefix(&part(before))?
        .strip_suffix(&part(after))?;
    let place = digits.parse().ok()?;
    (number(pattern, place, issued_on, account) == written).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::account::InYear;

    #[test]
    fn a_yearly_count_starts_again_and_the_series_runs_on() {
        let mut next = Numbers {
            invoice_series: 42,
            in_year: Some(InYear {
                invoice: 1,
                credit_note: 1,
            }),
            ..Numbers::default()
        };
        let day = "2027-01-01".parse().unwrap();
        let yearly = InvoiceRules {
            yearly: true,
            ..InvoiceRules::default()
        };
        let mut take = |rules| take_number(InvoiceKind::Invoice, rules, &mut next, day, "acme");
        assert_eq!(take(&yearly), (42, "INV-2027-000001".to_owned()));
        assert_eq!(take(&yearly), (43, "INV-2027-000002".to_owned()));
        let through = InvoiceRules::default();
        assert_eq!(take(&through), (44, "INV-2027-000044".to_owned()));
    }

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

    #[test]
    fn the_place_is_read_from_a_number_that_the_pattern_wrote() {
        let day = "2026-09-03".parse().unwrap();
        for pattern in [
            "INV-{year}-{seq:6}",
            "{account}/{seq}/{month}",
            "{seq}",
            "a",
        ] {
            let read = |place| place_of(pattern, &number(pattern, place, day, "acme"), day, "acme");
            let there = pattern.contains("{seq");
            for place in [1, 42, 1_234_567] {
                assert_eq!(read(place), there.then_some(place), "{pattern}");
            }
        }
        for other in [
            "INV-2025-000042",
            "INV-2026-42",
            "INV-2026-",
            "R-2026-000042",
        ] {
            assert_eq!(
                place_of("INV-{year}-{seq:6}", other, day, "acme"),
                None,
                "{other}"
            );
        }
    }
}
