//! What several kinds of answers share: what becomes of a total, and a term that is only a share.

use super::words::{Figure, Refused};
use crate::billing::calendar::{Day, Moment, midnight, plus_days};
use crate::billing::fraction::Fraction;
use crate::billing::money::Money;
use crate::billing::share::Window;
use crate::wire::amount::Amount;
use serde::Serialize;

/// What becomes of a total: credit that is used or made, and what is still due.
#[derive(Serialize)]
pub struct Settled {
    credit_used: Amount,
    credit_generated: Amount,
    due: Amount,
}

impl Settled {
    /// Spends the account's credit on a total above zero; a total below zero becomes credit.
    pub fn of(total: Money, opening_credit: Option<Figure>) -> Result<Settled, Refused> {
        let zero = Money::zero(total.currency);
        let credit = opening_credit.map_or(Ok(zero), |credit| credit.money(total.currency))?;
        let used = Money::of(total.minor.clamp(0, credit.minor.max(0)), total.currency);
        let generated = if total.minor < 0 {
            total.negated()?
        } else {
            zero
        };
        let due = total.plus(generated)?.minus(used)?;
        Ok(Settled {
            credit_used: used.into(),
            credit_generated: generated.into(),
            due: due.into(),
        })
    }
}

/// A term of as many days as the share has parts, and the day on which that share is left.
pub(super) fn imagined(left: Fraction) -> Result<(Window, Moment), Refused> {
    let days = |count: i128| {
        i64::try_from(count)
            .ok()
            .filter(|days| (0..=100_000).contains(days))
    };
    let start = midnight(Day::default());
    match (
        days(left.denominator()),
        days(left.denominator().saturating_sub(left.numerator())),
    ) {
        (Some(length), Some(used)) => {
            let end = midnight(plus_days(start.date(), length));
            Ok((
                Window::new(start, end),
                midnight(plus_days(start.date(), used)),
            ))
        }
        _ => Err(Refused::new(
            "bad_request",
            format!("{left} is not a share that can be left."),
        )),
    }
}
