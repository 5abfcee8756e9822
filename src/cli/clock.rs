//! The only place that reads time.

use super::failure::Failure;
use super::parse::{When, YEARS};
use crate::billing::calendar::{Moment, midnight};
use chrono::{DateTime, Datelike, SubsecRound, Utc};
use chrono_tz::Tz;

/// The variable that stands in for the wall clock in tests and rehearsals.
pub(super) const VARIABLE: &str = "SUBDESK_NOW";

/// The wall clock, read once when the program starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// When it was read.
    pub(super) recorded_at: DateTime<Utc>,
}

impl Clock {
    /// Reads the clock.
    pub(super) fn read() -> Result<Clock, Failure> {
        let recorded_at = match std::env::var(VARIABLE) {
            Ok(text) if !text.is_empty() => DateTime::parse_from_rfc3339(&text)
                .map_err(|_| {
                    Failure::usage(format!(
                        "{VARIABLE} is {text:?}, which is not an instant such as 2026-04-01T09:30:00Z."
                    ))
                })?
                .to_utc(),
            Ok(_) | Err(_) => Utc::now(),
        };
        if !YEARS.contains(&recorded_at.year()) {
            return Err(Failure::usage(format!(
                "The clock shows {}, which is outside 1970 to 2199.",
                recorded_at.date_naive()
            )));
        }
        Ok(Clock {
            recorded_at: recorded_at.trunc_subsecs(0),
        })
    }

    /// The clock as the seller's zone shows it.
    pub(super) fn now(&self, zone: Tz) -> Moment {
        self.recorded_at.with_timezone(&zone).naive_local()
    }
}

/// A date or instant that a person typed, as the seller's zone shows it. A day begins at midnight.
pub(super) fn moment(when: When, zone: Tz) -> Moment {
    match when {
        When::Day(day) => midnight(day),
        When::Civil(moment) => moment,
        When::Instant(instant) => instant.with_timezone(&zone).naive_local(),
    }
}
