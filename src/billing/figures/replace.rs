//! Old lines replaced by new ones on one day: what is credited, what is charged, and the tax on both.

use super::Fault;
use super::tax::{Percent, Taxed, taxed};
use crate::billing::calendar::Moment;
use crate::billing::money::{Checked, Currency, Money};
use crate::billing::prorate::{Billed, Price, Working, change, remaining, unused};
use crate::billing::share::Stretch;
use crate::billing::switches::{Lines, Proration, RoundAt, Unit};
use serde::{Deserialize, Serialize};

/// How much of a line moves with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The share that is left of its term.
    #[default]
    Prorated,
    /// All of it.
    Full,
    /// Nothing.
    None,
}

/// The extents of both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extents {
    /// Of what is given back.
    pub credit: Extent,
    /// Of what is charged.
    pub charge: Extent,
}

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
    extents: Extents,
    currency: Currency,
    at: Moment,
    old: &[Old],
    new: &[New],
    percent: Percent,
) -> Result<Replacement, Fault> {
    let (credits, charges) = workings(switches, extents, at, old, new)?;
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
    extents: Extents,
    at: Moment,
    old: &[Old],
    new: &[New],
) -> Result<(Vec<Working>, Vec<Working>), Fault> {
    let prorated = extents == Extents::default();
    let joined = switches.lines == Lines::Difference || switches.round_at == RoundAt::Net;
    if let (true, true, [old], [new]) = (prorated, joined, old, new) {
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
    let by = |extent: Extent| Proration {
        unit: if extent == Extent::Full {
            Unit::None
        } else {
            switches.unit
        },
        ..*switches
    };
    let (credit_by, charge_by) = (by(extents.credit), by(extents.charge));
    let credit = |old: &Old| unused(&credit_by, &old.stretch, &old.line, at, old.current);
    let charge = |new: &New| remaining(&charge_by, &new.stretch, at, new.price);
    let old = if extents.credit == Extent::None {
        &[]
    } else {
        old
    };
    let new = if extents.charge == Extent::None {
        &[]
    } else {
        new
    };
    let credits: Checked<Vec<Working>> = old.iter().map(credit).collect();
    let charges: Checked<Vec<Working>> = new.iter().map(charge).collect();
    Ok((credits?, charges?))
}
