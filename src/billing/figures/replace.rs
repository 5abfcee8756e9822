//! Old lines replaced by new ones on one day: what is credited, what is charged, and the tax on both.

use super::Fault;
use super::tax::{Percent, Taxed, taxed};
use crate::billing::calendar::Moment;
use crate::billing::money::{Currency, Money};
use crate::billing::prorate::{Billed, Price, Working, change, remaining, unused};
use crate::billing::share::Stretch;
use crate::billing::switches::{Lines, Proration, RoundAt};

/// A line that ends with the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Old {
    /// The term its price belongs to.
    pub stretch: Stretch,
    /// What was billed for it.
    pub line: Billed,
    /// The price that is current.
    pub current: Price,
}

/// A line that begins with the change and runs to the end of its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct New {
    /// The term its price belongs to.
    pub stretch: Stretch,
    /// The price.
    pub price: Price,
}

/// One line of a replacement with its tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The amount without tax and how it was computed.
    pub working: Working,
    /// The tax, rounded apart from the amount.
    pub taxed: Taxed,
}

/// What a replacement moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Credits, as amounts above zero.
    pub credits: Vec<Part>,
    /// Charges, one for each new line, or one for the difference.
    pub charges: Vec<Part>,
    /// Charges less credits, with tax.
    pub net: Money,
}

/// Replaces lines at an instant.
///
/// Under `lines = "difference"` one old and one new line become one line for the difference; under
/// `round_at = "net"` the pair is rounded once. Both need exactly one line on each side.
pub fn replace(
    switches: &Proration,
    currency: Currency,
    at: Moment,
    old: &[Old],
    new: &[New],
    percent: Percent,
) -> Result<Replacement, Fault> {
    let (credits, charges) = workings(switches, at, old, new)?;
    let part = |working: Working| -> Result<Part, Fault> {
        let taxed = taxed(&working, percent, switches.rounding)?;
        Ok(Part { working, taxed })
    };
    let parts = |workings: Vec<Working>| -> Result<Vec<Part>, Fault> {
        workings.into_iter().map(part).collect()
    };
    let (credits, charges) = (parts(credits)?, parts(charges)?);
    let sum = |parts: &[Part]| Money::sum(currency, parts.iter().map(|part| part.taxed.total));
    let net = sum(&charges)?.minus(sum(&credits)?)?;
    Ok(Replacement {
        credits,
        charges,
        net,
    })
}

fn workings(
    switches: &Proration,
    at: Moment,
    old: &[Old],
    new: &[New],
) -> Result<(Vec<Working>, Vec<Working>), Fault> {
    let joined = switches.lines == Lines::Difference || switches.round_at == RoundAt::Net;
    if let (true, [old], [new]) = (joined, old, new) {
        let pair = change(
            switches,
            &new.stretch,
            &old.line,
            at,
            old.current,
            new.price,
        )?;
        return Ok((pair.credit.into_iter().collect(), vec![pair.charge]));
    }
    let credit = |old: &Old| unused(switches, &old.stretch, &old.line, at, old.current);
    let charge = |new: &New| remaining(switches, &new.stretch, at, new.price);
    let credits: Result<Vec<Working>, _> = old.iter().map(credit).collect();
    let charges: Result<Vec<Working>, _> = new.iter().map(charge).collect();
    Ok((credits?, charges?))
}
