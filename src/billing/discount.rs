//! Discounts: percent of each line first, then amounts shared over the lines; nothing is lost or made.

use super::account::Discount;
use super::allot::{Sharing, by_weight};
use super::money::{Checked, Money, Rounding};
use super::order::{Line, LineKind};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What one discount took off a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The discount, as it was agreed or given.
    pub discount: Discount,
    /// The line's amount before it.
    pub of: Money,
    /// What it took off, as a positive amount.
    pub off: Money,
}

/// Takes discounts off the lines that charge something. Credits keep what they give back, because that was
/// billed with its discount already.
///
/// # Errors
/// An amount is too large.
pub fn apply(lines: &mut [Line], discounts: &[Discount], sharing: Sharing) -> Checked<()> {
    for discount in discounts {
        if let Discount::Percent { percent } = discount {
            for line in lines.iter_mut().filter(|line| charges(line)) {
                let part = line.net.major() * *percent / Decimal::ONE_HUNDRED;
                let off = Money::round(part, line.net.currency, Rounding::HalfUp)?;
                take_off(line, off, *discount)?;
            }
        }
    }
    for discount in discounts {
        if let Discount::Amount { off } = discount {
            share(lines, *off, *discount, sharing)?;
        }
    }
    Ok(())
}

fn share(lines: &mut [Line], off: Money, discount: Discount, sharing: Sharing) -> Checked<()> {
    let weights: Vec<i64> = lines
        .iter()
        .map(|line| if charges(line) { line.net.minor } else { 0 })
        .collect();
    let most = weights
        .iter()
        .fold(0_i64, |sum, weight| sum.saturating_add(*weight));
    let whole = off.at_most(Money::of(most, off.currency));
    let charging: Vec<usize> = (0..lines.len())
        .filter(|at| weights.get(*at).is_some_and(|weight| *weight > 0))
        .collect();
    let weights: Vec<i64> = charging
        .iter()
        .filter_map(|at| weights.get(*at).copied())
        .collect();
    for (at, part) in charging.iter().zip(by_weight(whole, &weights, sharing)) {
        if let Some(line) = lines.get_mut(*at) {
            take_off(line, part, discount)?;
        }
    }
    Ok(())
}

fn charges(line: &Line) -> bool {
    line.kind != LineKind::Credit && line.net.minor > 0
}

fn take_off(line: &mut Line, off: Money, discount: Discount) -> Checked<()> {
    let of = line.net;
    let off = off.at_most(of);
    line.discount = line.discount.plus(off)?;
    line.net = line.net.minus(off)?;
    if off.minor != 0 {
        line.discounted.push(Taken { discount, of, off });
    }
    Ok(())
}
