//! When a failed charge is tried again, and whether an overdue balance is due for a reminder.

use super::Fault;
use crate::billing::calendar::{Day, Moment, plus_days};
use crate::billing::money::{Currency, Money};
use crate::billing::timeline::CountedFrom;
use chrono::TimeDelta;

/// The days of further attempts, and the last limit that they respect.
pub fn retries(
    first_failure: Day,
    waits: &[u32],
    counted_from: CountedFrom,
    attempts: Option<usize>,
    within_days: Option<u32>,
) -> Vec<Day> {
    let mut previous = first_failure;
    let mut days = Vec::with_capacity(waits.len());
    for wait in waits.iter().take(attempts.unwrap_or(waits.len())) {
        let from = match counted_from {
            CountedFrom::Previous => previous,
            CountedFrom::FirstFailure => first_failure,
        };
        previous = plus_days(from, i64::from(*wait));
        let last = within_days.map(|days| plus_days(first_failure, i64::from(days)));
        if last.is_some_and(|last| previous > last) {
            break;
        }
        days.push(previous);
    }
    days
}

/// Reminders by overdue balance: one count of attempts for every currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// The overdue balance from which an attempt is made.
    pub thresholds: Vec<Money>,
    /// The most attempts for one currency.
    pub most: u32,
    /// More than this many days must have passed since the attempt before.
    pub days_between: u32,
}

/// The attempts of each currency after each run, in the order of the thresholds.
pub fn campaign(
    rules: &Campaign,
    overdue: &[(Moment, Money)],
    runs: &[Moment],
) -> Result<Vec<Vec<(Currency, u32)>>, Fault> {
    let mut attempts: Vec<(Currency, u32, Option<Moment>)> = rules
        .thresholds
        .iter()
        .map(|threshold| (threshold.currency, 0, None))
        .collect();
    let mut after = Vec::with_capacity(runs.len());
    for run in runs {
        for (threshold, (currency, count, last)) in rules.thresholds.iter().zip(&mut attempts) {
            let open = overdue
                .iter()
                .filter(|(at, money)| at <= run && money.currency == *currency);
            let sum = Money::sum(*currency, open.map(|(_, money)| *money))?;
            let pause = TimeDelta::days(i64::from(rules.days_between));
            let rested = last.is_none_or(|last| *run - last > pause);
            if sum.minor >= threshold.minor && *count < rules.most && rested {
                (*count, *last) = (count.saturating_add(1), Some(*run));
            }
        }
        after.push(
            attempts
                .iter()
                .map(|(currency, count, _)| (*currency, *count))
                .collect(),
        );
    }
    Ok(after)
}
