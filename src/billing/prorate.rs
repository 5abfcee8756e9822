//! What a part of a term costs, and what unused time is worth.
//!
//! Every amount comes with its [`Working`]: all the numbers that led to it. It is stored beside the line
//! and shown on request, so an explanation is never a second computation.

use super::calendar::Moment;
use super::fraction::Fraction;
use super::money::{Checked, Money, Rounding, TooLarge};
use super::share::{Share, Stretch, Window, effective, part_from, share};
use super::switches::{CreditBasis, Lines, Proration, RoundAt, Unit, ZeroLength};
pub use super::working::{Billed, Of, Price, Working};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a service span costs; a span without length costs what the switch `zero_length` says.
pub fn service(
    switches: &Proration,
    stretch: &Stretch,
    part: Window,
    price: Price,
) -> Checked<Working> {
    let mut counted = share(switches, stretch, part)?;
    if part.from == part.to && switches.zero_length == ZeroLength::Full {
        counted.ratio = Fraction::ONE;
        (counted.numerator, counted.denominator) = (1, 1);
    }
    priced(switches, counted, part, price)
}

/// What the rest of the term costs from the change on. Nothing when the change is not before the end.
pub fn remaining(
    switches: &Proration,
    stretch: &Stretch,
    change: Moment,
    price: Price,
) -> Checked<Working> {
    let from = effective(switches, change).max(stretch.term.from);
    let part = part_from(from, stretch.term.to);
    priced_part(switches, stretch, part, price)
}

/// The price of some of a term's equal parts: ten of the twelve months that a pack gives units for.
///
/// # Errors
/// An amount is too large, or there are no parts.
pub fn parts(
    switches: &Proration,
    (numerator, denominator): (i64, i64),
    (part, whole): (Window, Window),
    price: Price,
) -> Checked<Working> {
    let share = Share {
        numerator,
        denominator,
        ratio: Fraction::new(i128::from(numerator), i128::from(denominator))?,
        whole,
    };
    let switches = Proration {
        unit: Unit::Month,
        ..*switches
    };
    priced(&switches, share, part, price)
}

fn priced(switches: &Proration, share: Share, part: Window, price: Price) -> Checked<Working> {
    let exact = price.whole()?.times(share.ratio)?;
    let unit = Fraction::from_decimal(price.unit)?;
    let round = |value: Fraction| value.to_money(price.currency, switches.rounding);
    let by_day = switches.unit == Unit::Day && share.ratio < Fraction::ONE;
    let uncut = match switches.round_at {
        RoundAt::DayPrice if by_day => {
            let day = round(unit.over(Fraction::whole(share.denominator))?)?;
            let unit_days = share.numerator.checked_mul(price.quantity);
            times(day, unit_days.ok_or(TooLarge)?)?
        }
        RoundAt::Unit => times(round(unit.times(share.ratio)?)?, price.quantity)?,
        RoundAt::DayPrice | RoundAt::Line | RoundAt::Net => round(exact)?,
    };
    // A day's price that is rounded up would make most of a cheap period dearer than all of it.
    let by_rounded_days = switches.round_at == RoundAt::DayPrice && by_day;
    let amount = match by_rounded_days {
        true => uncut.within(round(price.whole()?)?),
        false => uncut,
    };
    Ok(Working {
        part,
        whole: share.whole,
        numerator: share.numerator,
        denominator: share.denominator,
        unit: switches.unit,
        day_count: switches.day_count,
        divided_by: switches.denominator,
        of: Of::Price,
        quantity: price.quantity,
        unit_price: price.unit,
        exact,
        rounding: switches.rounding,
        round_at: switches.round_at,
        capped_at: (amount != uncut).then_some(amount),
        amount,
    })
}

fn times(money: Money, count: i64) -> Checked<Money> {
    let minor = money.minor.checked_mul(count).ok_or(TooLarge)?;
    Ok(Money::of(minor, money.currency))
}

/// The credit for the unused part of a billed line, as a positive amount.
///
/// `stretch` is the term the line's price belongs to and `current` the price that is current, which counts
/// only under `credit_basis = "current_price"`.
pub fn unused(
    switches: &Proration,
    stretch: &Stretch,
    line: &Billed,
    change: Moment,
    current: Price,
) -> Checked<Working> {
    let from = effective(switches, change).max(line.service.from);
    let part = part_from(from, line.service.to);
    unused_in(switches, stretch, line, part, current)
}

/// The credit for one part of a billed line, which need not reach its end.
pub fn unused_in(
    switches: &Proration,
    stretch: &Stretch,
    line: &Billed,
    part: Window,
    current: Price,
) -> Checked<Working> {
    let mut working = match switches.credit_basis {
        CreditBasis::CurrentPrice => {
            return priced(switches, share(switches, stretch, part)?, part, current);
        }
        CreditBasis::BilledPrice => {
            priced(switches, share(switches, stretch, part)?, part, line.price)?
        }
        CreditBasis::Billed => of_line(switches, stretch, line, part)?,
    };
    let left = line.left()?;
    let exceeds = working.exact > Fraction::from_decimal(left.major())?;
    if exceeds || working.amount.minor > left.minor {
        working.capped_at = Some(left);
        working.amount = left;
    }
    Ok(working)
}

/// The part's share of the line's own service, both counted by one rule.
fn of_line(
    switches: &Proration,
    stretch: &Stretch,
    line: &Billed,
    part: Window,
) -> Checked<Working> {
    let exactly = Proration {
        ratio_places: None,
        ..*switches
    };
    let upper = share(&exactly, stretch, part)?;
    let lower = share(&exactly, stretch, line.service)?;
    let mut ratio = match lower.ratio == Fraction::ZERO {
        true => Fraction::ZERO,
        false => upper.ratio.over(lower.ratio)?,
    };
    if ratio > Fraction::ONE {
        ratio = Fraction::ONE;
    }
    let (numerator, denominator) = if upper.denominator == lower.denominator {
        (upper.numerator, lower.numerator.min(lower.denominator))
    } else {
        let narrow = |value: i128| i64::try_from(value).map_err(|_| TooLarge);
        (narrow(ratio.numerator())?, narrow(ratio.denominator())?)
    };
    if let Some(places) = switches.ratio_places {
        ratio = ratio.round_places(places, Rounding::HalfUp)?;
    }
    let of_amount = Share {
        numerator,
        denominator,
        ratio,
        whole: line.service,
    };
    let amount = Price::of(line.amount.major(), 1, line.amount.currency);
    let working = priced(switches, of_amount, part, amount)?;
    Ok(Working {
        of: Of::BilledLine,
        ..working
    })
}

/// Splits a billed line at the change into what was used and what was not; the two always sum to the line.
pub fn split(
    switches: &Proration,
    stretch: &Stretch,
    line: &Billed,
    change: Moment,
) -> Checked<(Money, Working)> {
    let working = unused(switches, stretch, line, change, line.price)?;
    Ok((line.amount.minus(working.amount)?, working))
}

/// What one change of price moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The credit for the unused time at the old price, as a positive amount.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credit: Option<Working>,
    /// The charge for the rest of the term, or for the difference of the prices.
    pub charge: Working,
    /// Charge less credit.
    pub net: Money,
}

/// A change of price for the rest of a term.
///
/// `line` is what was billed, `from` the price that is current and `to` the price that follows.
pub fn change(
    switches: &Proration,
    stretch: &Stretch,
    line: &Billed,
    at: Moment,
    from: Price,
    to: Price,
) -> Checked<Change> {
    if switches.lines == Lines::Difference {
        let charge = remaining(switches, stretch, at, difference(from, to)?)?;
        let net = charge.amount;
        return Ok(Change {
            credit: None,
            charge,
            net,
        });
    }
    let mut charge = remaining(switches, stretch, at, to)?;
    let mut credit = unused(switches, stretch, line, at, from)?;
    let uncut = credit.exact.to_money(to.currency, switches.rounding)? == credit.amount;
    if switches.round_at == RoundAt::Net && uncut {
        let exact = charge.exact.minus(credit.exact)?;
        let net = exact.to_money(to.currency, switches.rounding)?;
        credit.amount = charge.amount.minus(net)?;
        let left = line.left()?;
        if switches.credit_basis != CreditBasis::CurrentPrice && credit.amount.minor > left.minor {
            credit.amount = left;
            charge.amount = left.plus(net)?;
        }
    }
    let net = charge.amount.minus(credit.amount)?;
    Ok(Change {
        credit: Some(credit),
        charge,
        net,
    })
}

/// The price of the difference: of the units that are added or removed where the price of one stays.
fn difference(from: Price, to: Price) -> Checked<Price> {
    if from.unit == to.unit {
        let quantity = to.quantity.checked_sub(from.quantity).ok_or(TooLarge)?;
        return Ok(Price { quantity, ..to });
    }
    if from.quantity == to.quantity {
        let unit = to.unit.checked_sub(from.unit).ok_or(TooLarge)?;
        return Ok(Price { unit, ..to });
    }
    let total = |price: Price| price.unit.checked_mul(Decimal::from(price.quantity));
    let whole = total(to).zip(total(from)).ok_or(TooLarge)?;
    let unit = whole.0.checked_sub(whole.1).ok_or(TooLarge)?;
    Ok(Price::of(unit, 1, to.currency))
}

/// The term cut into consecutive pieces at `cuts`, each what its end adds to the running total.
///
/// Rounding the running total instead of each piece makes any chain of pieces cost what the term costs.
pub fn pieces(
    switches: &Proration,
    stretch: &Stretch,
    cuts: &[Moment],
    price: Price,
) -> Checked<Vec<Working>> {
    let mut ends: Vec<Moment> = cuts
        .iter()
        .map(|cut| effective(switches, *cut).clamp(stretch.term.from, stretch.term.to))
        .collect();
    ends.push(stretch.term.to);
    ends.sort_unstable();
    let mut from = stretch.term.from;
    let mut running = Money::zero(price.currency);
    let mut pieces = Vec::with_capacity(ends.len());
    for to in ends {
        let until = priced_part(switches, stretch, Window::new(stretch.term.from, to), price)?;
        let piece = priced_part(switches, stretch, Window::new(from, to), price)?;
        pieces.push(Working {
            amount: until.amount.minus(running)?,
            ..piece
        });
        (from, running) = (to, until.amount);
    }
    Ok(pieces)
}

fn priced_part(
    switches: &Proration,
    stretch: &Stretch,
    part: Window,
    price: Price,
) -> Checked<Working> {
    priced(switches, share(switches, stretch, part)?, part, price)
}

/// How many days a credit pays for at a price, rounded up to whole days: for sellers that move the renewal
/// date instead of money.
///
/// The price of a day is the price of the term divided by the days its denominator counts. What costs
/// nothing is not bought by the day.
pub fn days_bought(
    switches: &Proration,
    stretch: &Stretch,
    credit: Money,
    price: Price,
) -> Checked<(Fraction, i64)> {
    let whole = share(switches, stretch, stretch.term)?;
    let day = price.whole()?.over(Fraction::whole(whole.denominator))?;
    if day == Fraction::ZERO {
        return Ok((Fraction::ZERO, 0));
    }
    let days = Fraction::from_decimal(credit.major())?.over(day)?;
    Ok((days, days.round(Rounding::Up)?))
}

#[cfg(test)]
#[path = "prorate_laws.rs"]
mod laws;
