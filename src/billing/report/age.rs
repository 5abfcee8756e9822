//! How old a debt is.

use crate::billing::calendar::{Day, days_between};
use serde::{Deserialize, Serialize};

/// The age of a debt, counted from the day it was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Not due before the day.
    NotDue,
    /// Up to 30 days late.
    Days30,
    /// 31 to 60 days late.
    Days60,
    /// 61 to 90 days late.
    Days90,
    /// Later than that.
    Older,
}

impl Age {
    /// Every age, the youngest first.
    pub const ALL: [Age; 5] = [
        Age::NotDue,
        Age::Days30,
        Age::Days60,
        Age::Days90,
        Age::Older,
    ];

    /// The age on a day of a debt that was due on another.
    pub fn on(day: Day, due_on: Day) -> Age {
        match days_between(due_on, day) {
            ..=0 => Age::NotDue,
            1..=30 => Age::Days30,
            31..=60 => Age::Days60,
            61..=90 => Age::Days90,
            91.. => Age::Older,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Age::NotDue => "not late",
            Age::Days30 => "1 to 30 days late",
            Age::Days60 => "31 to 60 days late",
            Age::Days90 => "61 to 90 days late",
            Age::Older => "over 90 days late",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::sample::day;

    #[test]
    fn ages_change_on_their_days() {
        let due = day("2026-03-01");
        let ages: Vec<Age> = [0, 1, 30, 31, 60, 61, 90, 91]
            .into_iter()
            .map(|late| Age::on(crate::billing::calendar::plus_days(due, late), due))
            .collect();
        use Age::{Days30, Days60, Days90, NotDue, Older};
        assert_eq!(
            ages,
            [
                NotDue, Days30, Days30, Days60, Days60, Days90, Days90, Older
            ]
        );
    }
}
