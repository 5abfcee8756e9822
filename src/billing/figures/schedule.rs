//! Bill dates: where periods begin, how a first stub is cut, and which period an instant lies in.

use super::Fault;
use crate::billing::calendar::{Day, Moment, Period, Span, days_between, on_day, plus_days};
use crate::billing::share::Window;
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// What the periods are aligned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// To the bill day where one is given, or else to the day of the start.
    #[default]
    BillDay,
    /// To the calendar: the first of the month, quarter or year, or a Monday.
    Calendar,
}

/// What a part of a cycle is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum CycleBefore {
    /// The cycle itself, from bill day to bill day.
    #[default]
    BillDay,
    /// One period before its end, or after its start, by the day of the month that this date happens to
    /// have. Kill Bill does this; it differs where a bill date was moved to the end of a short month.
    SameDay,
}

/// A chain of bill dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The first bill date at or after the start of the service.
    pub first: Day,
    /// How far bill dates are apart.
    pub period: Period,
    /// The day of the month they keep.
    pub day: u32,
    before: CycleBefore,
}

impl Schedule {
    /// The bill dates of a service that starts on `start`. The bill day has no meaning for periods of days.
    pub fn new(
        start: Day,
        period: Period,
        bill_day: Option<u32>,
        align: Align,
        before: CycleBefore,
    ) -> Schedule {
        let (first, day) = match (align, period) {
            (Align::Calendar, Period::Days(_)) => {
                let late = i64::from(start.weekday().num_days_from_monday());
                let wait = if late == 0 { 0 } else { 7 - late };
                (plus_days(start, wait), start.day())
            }
            (Align::Calendar, Period::Months(months)) => (next_of_calendar(start, months), 1),
            (Align::BillDay, Period::Days(_)) => (start, start.day()),
            (Align::BillDay, Period::Months(_)) => {
                let day = bill_day.unwrap_or_else(|| start.day());
                let near = on_day(start, day);
                let first = if near < start {
                    period.after(start, 1, day)
                } else {
                    near
                };
                (first, day)
            }
        };
        Schedule {
            first,
            period,
            day,
            before,
        }
    }

    /// The bill date after `count` periods.
    pub fn at(&self, count: u32) -> Day {
        self.period.after(self.first, count, self.day)
    }

    /// The whole cycle that ends on the first bill date.
    pub fn cycle_before(&self) -> Span {
        Span::new(self.period.before(self.first, self.day), self.first)
    }

    /// The days that a part of a cycle is measured against.
    pub fn measured(&self, cycle: Span, part: Span) -> Span {
        let (starts, ends) = (part.start == cycle.start, part.end == cycle.end);
        match (self.before, starts, ends) {
            (CycleBefore::SameDay, false, true) => {
                let from = self.period.before(cycle.end, cycle.end.day());
                Span::new(from, cycle.end)
            }
            (CycleBefore::SameDay, true, false) => {
                let to = self.period.after(cycle.start, 1, cycle.start.day());
                Span::new(cycle.start, to)
            }
            (CycleBefore::SameDay | CycleBefore::BillDay, ..) => cycle,
        }
    }
}

fn next_of_calendar(start: Day, months: u32) -> Day {
    let within = start.month0() % months.clamp(1, 12);
    let begun = Period::Months(within).before(on_day(start, 1), 1);
    match begun == start {
        true => start,
        false => Period::Months(months).after(begun, 1, 1),
    }
}

/// Periods that are counted from one instant and keep its day and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Where the first period begins.
    pub start: Moment,
    /// How long a period is.
    pub period: Period,
    /// The day of the month that is kept.
    pub day: u32,
}

impl Anchor {
    /// The instant at which the period of this number begins; 0 is the start.
    pub fn at(&self, count: u32) -> Moment {
        let date = self.period.after(self.start.date(), count, self.day);
        date.and_time(self.start.time())
    }

    /// How many periods are complete at an instant; a period is complete at the instant it ends.
    pub fn complete_at(&self, at: Moment) -> u32 {
        let days = days_between(self.start.date(), at.date()).max(0);
        let longest = match self.period {
            Period::Days(days) => i64::from(days),
            Period::Months(months) => i64::from(months).saturating_mul(31),
        };
        let mut count = u32::try_from(days / longest.max(1)).unwrap_or(0);
        while count > 0 && self.at(count) > at {
            count = count.saturating_sub(1);
        }
        while self.at(count.saturating_add(1)) <= at && self.at(count) < self.at(count + 1) {
            count = count.saturating_add(1);
        }
        count
    }

    /// The period that an instant lies in, its start inside and its end outside; with its number from 0.
    pub fn containing(&self, at: Moment) -> Result<(u32, Window), Fault> {
        if at < self.start {
            return Err(Fault::BilledBeforeStart {
                start: self.start.date(),
                through: at.date(),
            });
        }
        let count = self.complete_at(at);
        Ok((count, Window::new(self.at(count), self.at(count + 1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(start: &str, period: Period, bill_day: Option<u32>, align: Align) -> String {
        let start = start.parse().unwrap();
        let schedule = Schedule::new(start, period, bill_day, align, CycleBefore::BillDay);
        schedule.first.to_string()
    }

    #[test]
    fn first_bill_dates() {
        let (month, year) = (Period::Months(1), Period::Months(12));
        let day = Align::BillDay;
        assert_eq!(first("2012-01-31", month, Some(30), day), "2012-02-29");
        assert_eq!(first("2012-02-16", year, Some(30), day), "2012-02-29");
        assert_eq!(first("2012-02-16", year, Some(14), day), "2013-02-14");
        assert_eq!(
            first("2012-01-16", Period::Days(30), Some(17), day),
            "2012-01-16"
        );
        let calendar = Align::Calendar;
        assert_eq!(first("2024-03-05", month, None, calendar), "2024-04-01");
        assert_eq!(first("2024-03-01", month, None, calendar), "2024-03-01");
        assert_eq!(
            first("2024-05-05", Period::Months(3), None, calendar),
            "2024-07-01"
        );
        assert_eq!(first("2024-05-05", year, None, calendar), "2025-01-01");
        assert_eq!(
            first("2024-03-07", Period::Days(7), None, calendar),
            "2024-03-11"
        );
    }

    #[test]
    fn every_start_and_every_bill_day_gives_cycles_without_gap_or_overlap() {
        let mut start: Day = "2023-01-01".parse().unwrap();
        let last: Day = "2024-12-31".parse().unwrap();
        while start <= last {
            for months in [1, 3, 12] {
                for bill_day in 1..=31 {
                    let period = Period::Months(months);
                    let schedule = Schedule::new(
                        start,
                        period,
                        Some(bill_day),
                        Align::BillDay,
                        CycleBefore::BillDay,
                    );
                    let Span {
                        start: from,
                        end: to,
                    } = schedule.cycle_before();
                    assert!(from < start || to == start, "{start} {months} {bill_day}");
                    assert!(start <= to);
                    assert!(schedule.at(0) < schedule.at(1));
                    assert_eq!(on_day(schedule.at(1), bill_day), schedule.at(1));
                }
            }
            start = plus_days(start, 1);
        }
    }

    #[test]
    fn an_instant_on_a_boundary_begins_its_period() {
        let anchor = Anchor {
            start: "2025-01-31T15:00:00".parse().unwrap(),
            period: Period::Months(1),
            day: 31,
        };
        let (count, window) = anchor
            .containing("2025-09-30T15:00:00".parse().unwrap())
            .unwrap();
        assert_eq!(
            (count, window.to.to_string().as_str()),
            (8, "2025-10-31 15:00:00")
        );
        let (count, _) = anchor
            .containing("2025-09-30T14:59:59".parse().unwrap())
            .unwrap();
        assert_eq!(count, 7);
        assert!(
            anchor
                .containing("2025-01-31T14:00:00".parse().unwrap())
                .is_err()
        );
    }
}
