//! The stretch of days in which a count or a balance runs before it starts again.

use super::account::Facts;
use super::calendar::{Day, Period, Span, on_day, plus_days};
use super::catalog::Reset;
use super::entitlement::{Entitled, Ground};
use super::term::Term;
use chrono::{Datelike, Months, NaiveDate};

/// The stretch that holds a day. What never starts again runs from the first day to the end of the calendar.
///
/// A month begins on the day of the month on which the term renews (FK-23); the first one begins with the
/// term, and may be short where trial days lengthened the term.
pub fn window(facts: &Facts, entitled: &Entitled<'_>, reset: Reset, day: Day) -> Span {
    let (whole, anchor) = match entitled.ground {
        Ground::Paid { term, .. } => (term.span, month_anchor(term)),
        Ground::Trial(trial) => (trial.span, trial.span.start.day()),
        Ground::Free => {
            let created = facts.account.created_on;
            (Span::new(created, NaiveDate::MAX), created.day())
        }
    };
    // Inside the grace after a term, counts go on as if the next term had begun.
    let start = match whole.contains(day) {
        true => whole.start,
        false => whole.end.min(day),
    };
    // A trial's counts end with it.
    let last = match entitled.ground {
        Ground::Trial(trial) => trial.span.end,
        Ground::Paid { .. } | Ground::Free => NaiveDate::MAX,
    };
    let found = match reset {
        Reset::Never => Span::new(facts.account.created_on, NaiveDate::MAX),
        Reset::Term if whole.contains(day) => whole,
        Reset::Term => Span::new(start, plus_days(day, 1)),
        Reset::Week => {
            let monday = plus_days(day, -i64::from(day.weekday().num_days_from_monday()));
            Span::new(monday.max(start), plus_days(monday, 7))
        }
        Reset::Month => {
            let month = month_of(day, anchor);
            Span::new(month.start.max(start), month.end)
        }
    };
    Span::new(found.start, found.end.min(last))
}

/// How often a count starts again in a term of a period, at least once.
pub fn resets_in(reset: Reset, span: Span, period: Period) -> u32 {
    let anchor = span.start.day();
    match (reset, period) {
        (Reset::Month, Period::Months(months)) => months.max(1),
        (Reset::Month, Period::Days(_)) => Period::Months(1)
            .whole_between(span.start, span.end, anchor)
            .max(1),
        (Reset::Week, _) => Period::Days(7)
            .whole_between(span.start, span.end, anchor)
            .max(1),
        (Reset::Never | Reset::Term, _) => 1,
    }
}

/// The day of the month on which a term's months begin: that of its renewal (FK-23).
pub fn month_anchor(term: &Term) -> u32 {
    match term.bonus_days {
        0 => term.anchor_day,
        _ => term.span.end.day(),
    }
}

/// The month of a day, where months begin on a numbered day or, where they have none, on their last.
pub fn month_of(day: Day, anchor: u32) -> Span {
    let first = day.with_day(1).unwrap_or(day);
    let next = |first: Day| first.checked_add_months(Months::new(1)).unwrap_or(first);
    let before = |first: Day| first.checked_sub_months(Months::new(1)).unwrap_or(first);
    let here = on_day(first, anchor);
    match here <= day {
        true => Span::new(here, on_day(next(first), anchor)),
        false => Span::new(on_day(before(first), anchor), here),
    }
}
