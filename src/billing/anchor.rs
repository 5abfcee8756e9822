//! Bill days: on which days terms begin where the seller's policy says so, and the stub before the first.
//!
//! Everything is counted from the bill day itself and never from an end before it, so that a 31st that became
//! a 28th is a 31st again in the next long month.

use super::calendar::{Day, Period, Span, days_between, on_day, plus_days};
use super::policy::{FirstTerm, Stub, TermAnchor, TermRules, Weekday};
use chrono::{Datelike, Months};

/// One term that is sold from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// From its first day to the first day after it.
    pub span: Span,
    /// The day of the month that is kept.
    pub day: u32,
    /// Whether it is shorter than its period, and what it costs then.
    pub stub: Option<Stub>,
    /// Whether its end is a bill day of the seller, and stays where it is when the order is paid late.
    pub ends: Option<Day>,
    /// Trial days that are served on top.
    pub bonus_days: u32,
}

impl Piece {
    /// The days that are served: its own and the trial days on top.
    pub fn service(&self) -> Span {
        let end = plus_days(self.span.end, i64::from(self.bonus_days));
        Span::new(self.span.start, end)
    }
}

/// The bill day on or after a day, with the day of the month that it keeps. Nothing where terms of the period
/// are counted from their own start.
pub fn first_from(rules: &TermRules, start: Day, period: Period) -> Option<(Day, u32)> {
    match (rules.anchor, period) {
        (TermAnchor::StartDay, _) => None,
        (TermAnchor::FixedDay, Period::Days(days)) => {
            let weekday = rules.weekday.filter(|_| days.is_multiple_of(7))?;
            Some(on_weekday(start, weekday))
        }
        (TermAnchor::Calendar, Period::Days(days)) => days
            .is_multiple_of(7)
            .then(|| on_weekday(start, Weekday::Monday)),
        (TermAnchor::FixedDay, Period::Months(months)) => {
            let step = rules.month.map_or(1, |_| step_of(months));
            on_month_day(start, step, rules.day?, rules.month)
        }
        (TermAnchor::Calendar, Period::Months(months)) => {
            on_month_day(start, step_of(months), 1, None)
        }
    }
}

/// What is sold when a period is bought from a day on: the whole period, the stub before the first bill day, or
/// both. `kept` is the day of the month that a running subscription keeps, where the policy has no bill day.
pub fn pieces(rules: &TermRules, start: Day, period: Period, kept: Option<u32>) -> Vec<Piece> {
    let whole = |from: Day, day: u32| Span::new(from, period.after(from, 1, day));
    let Some((first, day)) = first_from(rules, start, period) else {
        let day = kept.unwrap_or(start.day());
        return vec![Piece {
            span: whole(start, day),
            day,
            stub: None,
            ends: None,
            bonus_days: 0,
        }];
    };
    let piece = |span: Span, stub| Piece {
        span,
        day,
        stub,
        ends: Some(span.end),
        bonus_days: 0,
    };
    if first <= start {
        return vec![piece(whole(start, day), None)];
    }
    let days = days_between(start, first);
    let short = rules
        .join_below_days
        .is_some_and(|least| days < i64::from(least));
    let mut all = vec![piece(Span::new(start, first), Some(rules.stub))];
    if short || rules.first == FirstTerm::StubAndPeriod {
        all.push(piece(whole(first, day), None));
    }
    all
}

/// Whether the seller's bill days divide terms of a period as its calendar does: a year has no thirds of five
/// months, and days that are not weeks have no calendar.
pub fn has_calendar(period: Period) -> bool {
    match period {
        Period::Days(days) => days.is_multiple_of(7),
        Period::Months(months) => step_of(months) > 1 || months == 1,
    }
}

/// After how many months the calendar of a period begins again.
fn step_of(months: u32) -> u32 {
    match months {
        1..=12 if 12_u32.is_multiple_of(months) => months,
        _ if months > 0 && months.is_multiple_of(12) => 12,
        _ => 1,
    }
}

fn on_weekday(start: Day, weekday: Weekday) -> (Day, u32) {
    let gone = i64::from(start.weekday().num_days_from_monday());
    let first = plus_days(
        start,
        weekday.after_monday().saturating_sub(gone).rem_euclid(7),
    );
    (first, first.day())
}

/// The first day of this number on or after `start` in a month that is whole steps from the month named.
fn on_month_day(start: Day, step: u32, day: u32, month: Option<u32>) -> Option<(Day, u32)> {
    let origin = month.unwrap_or(1).saturating_sub(1).min(11);
    let begun = start.with_day(1)?;
    (0..=step).find_map(|ahead| {
        let month = begun.checked_add_months(Months::new(ahead))?;
        let steps = month.month0().saturating_add(12).saturating_sub(origin);
        let found = on_day(month, day);
        (steps.is_multiple_of(step) && found >= start).then_some((found, day))
    })
}

#[cfg(test)]
#[path = "anchor_tests.rs"]
mod tests;
