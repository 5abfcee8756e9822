//! What a billed line is still worth after what was given back of it: a later credit gives back days of that,
//! and no day twice.
//!
//! A credit gives back a part of the line's time. Scaled up to the whole time, it is the share of the line
//! that is gone (two of three seats, or all of it); what is left is what later credits are computed from.

use super::allot::{Sharing, by_weight};
use super::fraction::Fraction;
use super::money::{Checked, Money, Rounding};
use super::order::{BilledLine, Line};
use super::switches::Unit;
use super::working::{Of, Working};
use chrono::TimeDelta;

/// What is left of a billed line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// What its whole time costs, without tax and without what was given back.
    pub amount: Money,
    /// The same with its tax.
    pub with_tax: Money,
    /// As much of that as cannot be given back any more.
    pub credited: Money,
    /// The units it stands for.
    pub quantity: i64,
}

/// What is left of a billed line.
///
/// # Errors
/// An amount is too large.
pub fn left(billed: &BilledLine) -> Checked<Left> {
    let line = &billed.line;
    let (net, currency) = (line.net, line.net.currency);
    let amount = rest(billed, |line| Ok(line.net))?;
    let with_tax = rest(billed, |line| line.net.plus(line.tax))?;
    let open = net.minus(billed.credited)?;
    Ok(Left {
        amount,
        with_tax,
        credited: Money::of(amount.minus(open)?.minor.max(0), currency),
        quantity: units(line, amount),
    })
}

/// What is left of an amount that a line has, and that each line that gave some of it back has.
fn rest(billed: &BilledLine, of: fn(&Line) -> Checked<Money>) -> Checked<Money> {
    let line = &billed.line;
    let whole = of(line)?;
    let currency = whole.currency;
    if billed.returned.is_empty() {
        return Ok(Money::of(whole.minor.max(0), currency));
    }
    let mut rest = Fraction::from_decimal(whole.major())?;
    // The line was rounded by half a cent at most, and so was each part given back before it is scaled up here:
    // what comes of that is nothing left.
    let half_a_cent =
        Fraction::from_decimal(Money::of(1, currency).major())?.over(Fraction::whole(2))?;
    let mut inexact = half_a_cent;
    for given in &billed.returned {
        let ratio = scale(line, given)?;
        let amount = Fraction::from_decimal(of(given)?.negated()?.major())?;
        rest = rest.minus(amount.times(ratio)?)?;
        inexact = inexact.plus(half_a_cent.times(ratio)?)?;
    }
    let amount = match rest <= inexact {
        true => Money::zero(currency),
        false => rest.to_money(currency, Rounding::HalfUp)?,
    };
    Ok(Money::of(
        amount.minor.clamp(0, whole.minor.max(0)),
        currency,
    ))
}

/// The units that an amount for the whole time stands for.
fn units(line: &Line, amount: Money) -> i64 {
    if amount == line.net || amount.minor == 0 {
        return if amount.minor == 0 { 0 } else { line.quantity };
    }
    let rest = line.net.minor.saturating_sub(amount.minor);
    let whole = Money::of(line.quantity, amount.currency);
    let parts = by_weight(whole, &[amount.minor, rest], Sharing::LargestRemainder);
    parts
        .first()
        .map_or(line.quantity, |units| units.minor.max(1))
}

/// By how much what was given back is multiplied, to be as if it had been for the line's whole time.
fn scale(line: &Line, given: &Line) -> Checked<Fraction> {
    match &given.working {
        // A share that was given back by hand is one of the whole line already.
        Some(working) if working.unit == Unit::None => Ok(Fraction::ONE),
        Some(working) if working.of == Of::BilledLine && working.numerator > 0 => Fraction::new(
            i128::from(working.denominator),
            i128::from(working.numerator),
        ),
        Some(working) => over_time(line, working),
        None => Ok(Fraction::ONE),
    }
}

fn over_time(line: &Line, working: &Working) -> Checked<Fraction> {
    let part = working.part.to - working.part.from;
    let whole = line
        .service
        .map_or(part, |service| TimeDelta::days(service.days()));
    if part <= TimeDelta::zero() || whole <= part {
        return Ok(Fraction::ONE);
    }
    Fraction::new(
        i128::from(whole.num_seconds()),
        i128::from(part.num_seconds()),
    )
}
