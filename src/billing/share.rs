//! Which share of a period a part of it is, counted the way a policy says.

use super::calendar::{Day, Moment, Period, Span, days_between, midnight, plus_days};
use super::fraction::Fraction;
use super::money::{Checked, Rounding, TooLarge};
use super::switches::{DayCount, Denominator, OverLength, Proration, Unit};
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// A stretch of time `[from, to)` to the instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first instant inside.
    pub from: Moment,
    /// The first instant outside.
    pub to: Moment,
}

impl Window {
    /// From `from` up to and without `to`.
    pub fn new(from: Moment, to: Moment) -> Window {
        Window { from, to }
    }

    /// Whether it holds no instant.
    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// The days from the first date to the last, never below zero.
    pub fn days(self) -> i64 {
        days_between(self.from.date(), self.to.date()).max(0)
    }
}

impl From<Span> for Window {
    fn from(span: Span) -> Window {
        Window::new(midnight(span.start), midnight(span.end))
    }
}

/// The term that a price pays for, and what else a denominator may ask about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The term.
    pub term: Window,
    /// The plan's own period, where the term may be shorter or longer.
    pub period: Option<Period>,
    /// The day of the month on which the plan's periods begin; the day of the term's start when absent.
    pub anchor_day: Option<u32>,
    /// The contract that the term belongs to.
    pub contract: Option<Window>,
}

impl Stretch {
    /// A term alone: its own length is its period.
    pub fn of(term: impl Into<Window>) -> Stretch {
        Stretch {
            term: term.into(),
            period: None,
            anchor_day: None,
            contract: None,
        }
    }

    /// A term of a plan that is sold by this period.
    pub fn of_plan(term: impl Into<Window>, period: Period, anchor_day: u32) -> Stretch {
        Stretch {
            period: Some(period),
            anchor_day: Some(anchor_day),
            ..Stretch::of(term)
        }
    }

    fn anchor(&self) -> u32 {
        self.anchor_day.unwrap_or_else(|| self.term.from.day())
    }

    /// The months that the whole price pays for; `None` for periods of days.
    fn months(&self) -> Option<u32> {
        match self.period {
            Some(period) => period.months(),
            None => {
                let (start, end) = (self.term.from.date(), self.term.to.date());
                let months = Period::Months(1).whole_between(start, end, self.anchor());
                Some(months.max(1))
            }
        }
    }

    /// The plan's period around the term: the one that ends with it when it starts off the anchor day, or
    /// else the one that starts with it.
    fn plan_period(&self) -> Window {
        let Some(period) = self.period else {
            return self.term;
        };
        let (start, end) = (self.term.from.date(), self.term.to.date());
        let anchor = self.anchor();
        let from_start = period.after(start, 1, anchor);
        let starts_on_anchor = match period {
            Period::Months(_) => super::calendar::on_day(start, anchor) == start,
            Period::Days(_) => from_start <= end,
        };
        let (from, to) = if starts_on_anchor {
            (start, from_start)
        } else {
            (period.before(end, anchor), end)
        };
        Window::new(
            from.and_time(self.term.from.time()),
            to.and_time(self.term.to.time()),
        )
    }
}

/// The share of a part, with the counts it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Units counted in the part.
    pub numerator: i64,
    /// Units counted in the whole.
    pub denominator: i64,
    /// Their quotient, capped and rounded as the switches say.
    pub ratio: Fraction,
    /// The stretch that the denominator counted.
    pub whole: Window,
}

/// The share of `part` in the term, in its plan's period or in whatever else the switches name.
pub fn share(switches: &Proration, stretch: &Stretch, part: Window) -> Checked<Share> {
    let whole = match switches.denominator {
        Denominator::Contract => stretch.contract.unwrap_or(stretch.term),
        Denominator::PlanPeriod => stretch.plan_period(),
        _ => stretch.term,
    };
    let (mut numerator, denominator) = counts(switches, stretch, whole, part)?;
    if part.is_empty() && !is_last_day(switches, stretch, part) {
        numerator = 0;
    }
    let mut ratio = Fraction::new(i128::from(numerator), i128::from(denominator))?;
    if switches.over_length == OverLength::Cap && ratio > Fraction::ONE {
        ratio = Fraction::ONE;
    }
    if let Some(places) = switches.ratio_places {
        ratio = ratio.round_places(places, Rounding::HalfUp)?;
    }
    Ok(Share {
        numerator,
        denominator,
        ratio,
        whole,
    })
}

/// Whether an empty part stands for the term's last day, which is a day of service under `inclusive`.
fn is_last_day(switches: &Proration, stretch: &Stretch, part: Window) -> bool {
    let inclusive = switches.unit == Unit::Day && switches.day_count == DayCount::Inclusive;
    inclusive && part.from.date() == stretch.term.to.date()
}

/// The part from an instant to an end; without length, and behind the end, if the instant is not before it.
pub fn part_from(from: Moment, end: Moment) -> Window {
    match from.date() > end.date() {
        true => Window::new(from, from),
        false => Window::new(from.min(end), end),
    }
}

fn counts(
    switches: &Proration,
    stretch: &Stretch,
    whole: Window,
    part: Window,
) -> Checked<(i64, i64)> {
    let seconds = |window: Window| (window.to - window.from).num_seconds();
    match switches.unit {
        Unit::None => Ok((1, 1)),
        Unit::Second => Ok((seconds(part), seconds(whole).max(1))),
        Unit::Minute => Ok((seconds(part) / 60, (seconds(whole) / 60).max(1))),
        Unit::Day => day_counts(switches, stretch, whole, part),
        Unit::Month => month_counts(switches, stretch, whole, part),
    }
}

fn day_counts(
    switches: &Proration,
    stretch: &Stretch,
    whole: Window,
    part: Window,
) -> Checked<(i64, i64)> {
    let months = stretch.months().map(i64::from);
    let each = |days: u32| months.map(|months| months.saturating_mul(i64::from(days)));
    let long = whole.days().max(1);
    let counted = match switches.day_count {
        DayCount::Actual => match switches.denominator {
            Denominator::Nominal => (part.days(), nominal_days(months).unwrap_or(long)),
            Denominator::MonthOfStub => return by_calendar_month(part, months.unwrap_or(1)),
            _ => (part.days(), long),
        },
        DayCount::Inclusive => {
            let last = i64::from(part.to.date() >= stretch.term.to.date());
            (part.days().saturating_add(last), long.saturating_add(1))
        }
        DayCount::Fixed(days) => (part.days(), each(days).unwrap_or(long)),
        DayCount::Actual360 => (part.days(), each(30).unwrap_or(long)),
        DayCount::MonthsOf(days) => match each(days) {
            Some(denominator) => (days_of_even_months(part, i64::from(days)), denominator),
            None => (part.days(), long),
        },
        DayCount::Thirty360 => (bond_days(part), bond_days(whole).max(1)),
    };
    Ok(counted)
}

/// 30, 91, 182 and 365 days for 1, 3, 6 and 12 months, and in proportion between them.
fn nominal_days(months: Option<i64>) -> Option<i64> {
    months.map(|months| months.saturating_mul(365) / 12)
}

/// The days of the part when its first month has `days` days whatever the calendar says.
fn days_of_even_months(part: Window, days: i64) -> i64 {
    let (from, to) = (part.from.date(), part.to.date());
    if (from.year(), from.month()) == (to.year(), to.month()) {
        return part.days();
    }
    let surplus = i64::from(from.num_days_in_month()).saturating_sub(days);
    part.days().saturating_sub(surplus).max(0)
}

/// Days by the rule of bonds: every month has 30, and a 31st counts as a 30th.
fn bond_days(window: Window) -> i64 {
    let place = |day: Day| {
        let months = i64::from(day.year()) * 12 + i64::from(day.month0());
        months * 30 + i64::from(day.day().min(30)) - 1
    };
    (place(window.to.date()) - place(window.from.date())).max(0)
}

/// Every day of the part as a share of its own calendar month, over `months` months.
fn by_calendar_month(part: Window, months: i64) -> Checked<(i64, i64)> {
    let mut sum = Fraction::ZERO;
    let mut pieces = 0_u32;
    let mut single = (0_i64, 1_i64);
    let (mut from, to) = (part.from.date(), part.to.date());
    while from < to {
        let next = Period::Months(1).after(from, 1, 1);
        if next <= from {
            return Err(TooLarge);
        }
        let days = days_between(from, next.min(to));
        let length = i64::from(from.num_days_in_month());
        sum = sum.plus(Fraction::new(i128::from(days), i128::from(length))?)?;
        single = (days, length.saturating_mul(months));
        pieces = pieces.saturating_add(1);
        from = next;
    }
    match pieces {
        1 => Ok(single),
        _ => reduced(sum.over(Fraction::whole(months))?),
    }
}

/// Whole months of the term and the rest as a share of its month, over all months of the term.
fn month_counts(
    switches: &Proration,
    stretch: &Stretch,
    whole: Window,
    part: Window,
) -> Checked<(i64, i64)> {
    let start = whole.from.date();
    let anchor = stretch.anchor();
    let month = Period::Months(1);
    let boundary = |count: u32| month.after(start, count, anchor);
    let length = |count: u32| match switches.day_count {
        DayCount::Fixed(days) | DayCount::MonthsOf(days) => i64::from(days),
        DayCount::Thirty360 | DayCount::Actual360 => 30,
        DayCount::Actual | DayCount::Inclusive => {
            days_between(boundary(count), boundary(count + 1))
        }
    };
    let days_share = |days: i64, count: u32| {
        Fraction::new(
            i128::from(days.min(length(count))),
            i128::from(length(count)),
        )
    };
    let measure = |window: Window| -> Checked<Fraction> {
        let (from, to) = (window.from.date(), window.to.date());
        let first = month.whole_between(start, from, anchor);
        let last = month.whole_between(start, to, anchor);
        if first == last {
            return days_share(days_between(from, to), first);
        }
        let next = first.saturating_add(1);
        days_share(days_between(from, boundary(next)), first)?
            .plus(Fraction::whole(i64::from(last.saturating_sub(next))))?
            .plus(days_share(days_between(boundary(last), to), last)?)
    };
    let (upper, lower) = (measure(part)?, measure(whole)?);
    if lower == Fraction::ZERO {
        return Ok((0, 1));
    }
    reduced(upper.over(lower)?)
}

fn reduced(ratio: Fraction) -> Checked<(i64, i64)> {
    let part = |value: i128| i64::try_from(value).map_err(|_| TooLarge);
    Ok((part(ratio.numerator())?, part(ratio.denominator())?))
}

/// The instant from which the new price counts, when a change comes at `change`.
pub fn effective(switches: &Proration, change: Moment) -> Moment {
    use super::switches::ChangeDay;
    match (switches.unit, switches.change_day) {
        (Unit::Day | Unit::Month, ChangeDay::New) => midnight(change.date()),
        (Unit::Day | Unit::Month, ChangeDay::Old) => midnight(plus_days(change.date(), 1)),
        (Unit::Second | Unit::Minute | Unit::None, _) => change,
    }
}
