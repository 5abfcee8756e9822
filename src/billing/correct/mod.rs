//! Correcting what was issued: how much of an invoice can still be given back, line by line and rate by
//! rate, and how a wish to give some of it back is spread over its lines.
//!
//! Net amounts are counted by line. Tax is counted by rate of the invoice, because that is where it may
//! have been rounded; the note that uses up a rate takes all the tax that is left of it, so that the notes
//! of an invoice add up to the invoice to the last minor unit.

mod gross;
mod note;
mod pick;

pub use gross::by_gross;
pub(super) use note::share_of;
pub use note::{Issued, Towards, note};
#[cfg(test)]
use pick::pick;
pub use pick::{Much, fitted, pick_taxed, taxed};

use super::invoice::{Invoice, InvoiceKind, InvoiceState};
use super::money::{Checked, Money};
use super::order::Line;
use super::refusal::{Code, Refusal};
use rust_decimal::Decimal;

/// An invoice as a correction needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The invoice.
    pub invoice: Invoice,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What was given back of them so far, by credit notes and by later orders.
    pub given: Vec<Given>,
}

/// What was given back of one line, as positive amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// The line.
    pub line: i64,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

impl Given {
    /// What a line of a note gave back, where it gave anything.
    pub fn of(line: &Line) -> Option<Given> {
        let (net, tax) = (line.net.negated().ok()?, line.tax.negated().ok()?);
        let line = line.credits?;
        Some(Given { line, net, tax })
    }
}

/// What is given back of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The line's place on the paper.
    pub at: usize,
    /// Without tax, above nothing.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// The credit line as a quote wrote it, if it was one.
    pub like: Option<Line>,
    /// The share of the line that was asked for, in percent, if it was one.
    pub percent: Option<Decimal>,
}

impl Pick {
    /// A net amount of a line; its tax is still to be found.
    pub fn of(at: usize, net: Money) -> Pick {
        Pick {
            at,
            net,
            tax: Money::zero(net.currency),
            like: None,
            percent: None,
        }
    }
}

/// Nothing, where it is below that.
fn floored(money: Money) -> Money {
    Money::of(money.minor.max(0), money.currency)
}

impl Paper {
    /// What can still be given back of a line, without tax. Nothing of a line that was a credit itself.
    ///
    /// # Errors
    /// An amount is too large.
    pub fn line_left(&self, line: &Line) -> Checked<Money> {
        let given = self.given.iter().filter(|given| given.line == line.id);
        let given = Money::sum(line.net.currency, given.map(|given| given.net))?;
        line.net.minus(given).map(floored)
    }

    /// What can still be given back at one rate: without tax, and the tax. Credits on the invoice itself
    /// lower it: an invoice is corrected up to its own total.
    ///
    /// # Errors
    /// An amount is too large.
    pub fn rate_left(&self, percent: Decimal) -> Checked<(Money, Money)> {
        let (net, tax) = self.rest(|line| line.tax_percent == percent)?;
        Ok((floored(net), floored(tax)))
    }

    /// What can still be given back of all of it, with tax. A credit on it at a rate of its own lowers what can be
    /// given back at the others.
    ///
    /// # Errors
    /// An amount is too large.
    pub fn left(&self) -> Checked<Money> {
        let (net, tax) = self.rest(|_| true)?;
        net.plus(tax).map(floored)
    }

    /// What some lines come to without what was given back of them: without tax, and the tax.
    pub(super) fn rest(&self, which: impl Fn(&Line) -> bool) -> Checked<(Money, Money)> {
        let zero = Money::zero(self.invoice.currency);
        let (mut net, mut tax) = (zero, zero);
        for line in self.lines.iter().filter(|line| which(line)) {
            (net, tax) = (net.plus(line.net)?, tax.plus(line.tax)?);
            for given in self.given.iter().filter(|given| given.line == line.id) {
                (net, tax) = (net.minus(given.net)?, tax.minus(given.tax)?);
            }
        }
        Ok((net, tax))
    }

    /// The rates on it, each once.
    pub fn rates(&self) -> Vec<Decimal> {
        let mut rates: Vec<Decimal> = self.lines.iter().map(|line| line.tax_percent).collect();
        rates.sort_unstable();
        rates.dedup();
        rates
    }

    /// Whether it can be corrected by a credit note.
    ///
    /// # Errors
    /// It is a credit note itself, or void.
    pub fn check(&self) -> Result<(), Refusal> {
        let number = &self.invoice.number;
        if self.invoice.kind == InvoiceKind::CreditNote {
            let message = format!("{number} is a credit note, and only invoices are corrected.");
            return Err(
                Refusal::new(Code::InvoiceNotOpen, message).run(format!("invoice show {number}"))
            );
        }
        if self.invoice.state == InvoiceState::Void {
            let message = format!("{number} is void, so nothing of it can be given back.");
            return Err(
                Refusal::new(Code::InvoiceNotOpen, message).run(format!("invoice show {number}"))
            );
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
