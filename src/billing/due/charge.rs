//! Repeated charges: when the next attempt is due, and when there is none.

use crate::billing::account::Facts;
use crate::billing::calendar::{Day, plus_days};
use crate::billing::order::Order;
use crate::billing::payment::{Payment, PaymentKind};
use crate::billing::policy::Policy;
use crate::billing::timeline::{AfterRetries, CountedFrom, Retry};

/// Attempts to collect some orders, oldest first.
pub(super) fn attempts<'a>(facts: &'a Facts, orders: &[&Order]) -> Vec<&'a Payment> {
    facts
        .payments
        .iter()
        .filter(|payment| {
            payment.kind == PaymentKind::Charge
                && orders.iter().any(|order| payment.order == Some(order.id))
        })
        .collect()
}

/// The day of the next attempt after failed ones; none after the last, or after a reason that ends them.
pub fn next_attempt(retry: &Retry, failed: &[&Payment]) -> Option<Day> {
    let (first, last) = (failed.first()?, failed.last()?);
    if stopped(retry, last) {
        return None;
    }
    let wait = retry.waits.get(failed.len().checked_sub(1)?)?;
    let from = match retry.counted_from {
        CountedFrom::Previous => last,
        CountedFrom::FirstFailure => first,
    };
    Some(plus_days(from.begun_at.date(), i64::from(*wait)))
}

/// Whether the seller lets an order fail whose attempts are used up.
pub fn exhausted(policy: &Policy, attempts: &[&Payment]) -> bool {
    policy.retry.then == AfterRetries::Fails && next_attempt(&policy.retry, attempts).is_none()
}

fn stopped(retry: &Retry, last: &Payment) -> bool {
    last.reason
        .as_ref()
        .is_some_and(|reason| retry.stop_reasons.contains(reason))
}

/// Days from the first attempt to the last, if all fail.
pub(crate) fn span_of_retries(retry: &Retry) -> u32 {
    match retry.counted_from {
        CountedFrom::Previous => retry
            .waits
            .iter()
            .fold(0, |sum, wait| sum.saturating_add(*wait)),
        CountedFrom::FirstFailure => retry.waits.iter().copied().max().unwrap_or(0),
    }
}
