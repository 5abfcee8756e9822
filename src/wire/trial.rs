//! A trial as outsiders see it.

use crate::billing::calendar::Day;
use crate::billing::term;
use serde::{Deserialize, Serialize};

/// A trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Name of the account.
    pub account: String,
    /// The plan whose features apply.
    pub plan: String,
    /// First day.
    pub start: Day,
    /// First day after it.
    pub end: Day,
    /// The day it was ended early.
    pub ended_on: Option<Day>,
    /// Days it was extended by, in all.
    pub extended_days: u32,
    /// Whole days left, the day itself included.
    pub days_left: i64,
}

impl Trial {
    /// A trial of an account on a day.
    pub fn of(trial: &term::Trial, account: &str, on: Day) -> Trial {
        Trial {
            account: account.to_owned(),
            plan: trial.plan.clone(),
            start: trial.span.start,
            end: trial.span.end,
            ended_on: trial.ended_on,
            extended_days: trial.extended_days,
            days_left: trial.days_left(on),
        }
    }
}
