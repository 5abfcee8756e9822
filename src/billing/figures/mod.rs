//! Figures that need no account: every mechanism of billing as a pure function of what is asked.
//!
//! `subdesk policy price` puts them before a person one request at a time. Nothing here knows a catalog, a
//! database or a day called today.

pub mod account;
pub mod dunning;
#[cfg(test)]
mod laws;
pub mod merge;
pub mod numbers;
pub mod recurring;
pub mod replace;
pub mod schedule;
pub mod seating;
pub mod tax;

use super::calendar::Day;
use super::money::{Money, TooLarge};
use super::share::Window;
use std::fmt;

/// Why a figure cannot be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A service ends before it starts.
    EndsBeforeStart {
        /// The first day.
        start: Day,
        /// The day that comes too early.
        end: Day,
    },
    /// The date up to which is billed lies before the service.
    BilledBeforeStart {
        /// The first day.
        start: Day,
        /// The date that comes too early.
        through: Day,
    },
    /// Two lines bill the same days of one thing.
    BilledTwice {
        /// The thing.
        name: String,
        /// The days.
        days: Window,
    },
    /// A credit belongs to no billed line that could carry it.
    NothingToCredit {
        /// The days it names.
        days: Window,
    },
    /// More is given back than is left.
    CreditAboveBilled {
        /// What should be given back.
        asked: Money,
        /// What is left.
        left: Money,
    },
    /// More lines than one answer may have.
    TooManyLines,
    /// The units of something counted must not be below nothing, or no unit at all where one is needed.
    BadCount {
        /// What was counted.
        what: &'static str,
    },
    /// A count would fall below the lowest one that is allowed.
    BelowMinimum {
        /// The count.
        count: i64,
        /// The lowest count.
        minimum: i64,
    },
    /// A pattern of a number names something that is not there.
    UnknownPlaceholder {
        /// The name between the braces.
        name: String,
    },
    /// An amount does not fit.
    TooLarge,
}

impl Fault {
    /// The stable name, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::EndsBeforeStart { .. } | Fault::BilledBeforeStart { .. } => {
                "invalid_date_sequence"
            }
            Fault::BilledTwice { .. } => "billed_twice",
            Fault::NothingToCredit { .. } => "nothing_to_credit",
            Fault::CreditAboveBilled { .. } => "credit_above_billed",
            Fault::TooManyLines => "too_many_lines",
            Fault::BadCount { .. } => "bad_count",
            Fault::BelowMinimum { .. } => "below_minimum",
            Fault::UnknownPlaceholder { .. } => "unknown_placeholder",
            Fault::TooLarge => "too_large",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::EndsBeforeStart { start, end } => {
                write!(
                    f,
                    "The service starts on {start} and ends before it, on {end}."
                )
            }
            Fault::BilledBeforeStart { start, through } => write!(
                f,
                "The service starts on {start}, after the date up to which it is billed, {through}."
            ),
            Fault::BilledTwice { name, days } => write!(
                f,
                "Two lines of {name:?} bill the days from {} to {}.",
                days.from.date(),
                days.to.date()
            ),
            Fault::NothingToCredit { days } => write!(
                f,
                "No billed line can carry the credit for {} to {}.",
                days.from.date(),
                days.to.date()
            ),
            Fault::CreditAboveBilled { asked, left } => {
                write!(
                    f,
                    "{asked} cannot be given back, because only {left} is left."
                )
            }
            Fault::TooManyLines => f.write_str("The answer would have more than 10000 lines."),
            Fault::BadCount { what } => write!(f, "The number of {what} must be above zero."),
            Fault::BelowMinimum { count, minimum } => {
                write!(
                    f,
                    "The count cannot fall to {count}, because {minimum} is the lowest."
                )
            }
            Fault::UnknownPlaceholder { name } => write!(
                f,
                "A number has no part called {{{name}}}; there are year, month, yyyymm, seq, own and \
                 customer."
            ),
            Fault::TooLarge => fmt::Display::fmt(&TooLarge, f),
        }
    }
}

impl std::error::Error for Fault {}

impl From<TooLarge> for Fault {
    fn from(_: TooLarge) -> Fault {
        Fault::TooLarge
    }
}
