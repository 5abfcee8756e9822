//! A trial as outsiders see it.

use crate::billing::calendar::Day;
use crate::billing::catalog::Catalog;
use crate::billing::term;
use serde::{Deserialize, Serialize};

/// A trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Name of the account.
    pub account: String,
    /// The plan whose features apply.
    pub plan: String,
    /// Its name.
    #[serde(default)]
    pub plan_name: String,
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
    pub fn of(trial: &term::Trial, account: &str, catalog: &Catalog, on: Day) -> Trial {
        let plan = catalog.plan(&trial.plan);
        Trial {
            account: account.to_owned(),
            plan_name: plan.map_or(&trial.plan, |plan| &plan.name).clone(),
            plan: trial.plan.clone(),
            start: trial.span.start,
            end: trial.span.end,
            ended_on: trial.ended_on,
            extended_days: trial.extended_days,
            days_left: trial.days_left(on),
        }
    }
}
