//! Days, moments, terms and periods of service.
//!
//! A term is half-open: it includes its first day and excludes its last. Month ends clamp to the length of
//! the month and keep the day they came from, because every end is counted from the anchor and never from
//! the end before it.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A civil day in the seller's business zone.
pub type Day = NaiveDate;

/// A civil instant in the seller's business zone; rules that count days use its date.
pub type Moment = NaiveDateTime;

/// Midnight at the start of a day.
pub fn midnight(day: Day) -> Moment {
    day.and_time(chrono::NaiveTime::MIN)
}

/// `day` moved by a number of days; stays where it is at the edge of the calendar.
pub fn plus_days(day: Day, days: i64) -> Day {
    let magnitude = Days::new(days.unsigned_abs());
    if days < 0 {
        day.checked_sub_days(magnitude)
    } else {
        day.checked_add_days(magnitude)
    }
    .unwrap_or(day)
}

/// Whole days from `from` to `to`, negative when `to` is earlier.
pub fn days_between(from: Day, to: Day) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// How long one paid period is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// So many days, weeks counting as seven.
    Days(u32),
    /// So many calendar months, a year counting as twelve.
    Months(u32),
}

/// The text does not name a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPeriod(pub String);

impl fmt::Display for UnknownPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a period; write 30d, 2w, 6m or 1y, or day, week, month, quarter, year",
            self.0
        )
    }
}

impl std::error::Error for UnknownPeriod {}

impl Period {
    /// The months of a period of months.
    pub fn months(self) -> Option<u32> {
        match self {
            Period::Months(months) => Some(months),
            Period::Days(_) => None,
        }
    }

    /// The length in days that a calendar-free comparison uses: 30.4375 days a month, in hundredths of days.
    pub fn length_hundredths(self) -> u64 {
        match self {
            Period::Days(days) => u64::from(days).saturating_mul(100),
            Period::Months(months) => u64::from(months).saturating_mul(3044),
        }
    }

    /// `start` plus `count` periods, keeping `anchor_day` as the day of the month where the month has it.
    ///
    /// Counting from the start keeps a 31st a 31st: 31 January gives 29 February and then 31 March.
    pub fn after(self, start: Day, count: u32, anchor_day: u32) -> Day {
        match self {
            Period::Days(days) => {
                plus_days(start, i64::from(days).saturating_mul(i64::from(count)))
            }
            Period::Months(months) => {
                let first = start.with_day(1).unwrap_or(start);
                let months = Months::new(months.saturating_mul(count));
                on_day(
                    first.checked_add_months(months).unwrap_or(first),
                    anchor_day,
                )
            }
        }
    }

    /// `end` minus one period, on the anchor day.
    pub fn before(self, end: Day, anchor_day: u32) -> Day {
        match self {
            Period::Days(days) => plus_days(end, -i64::from(days)),
            Period::Months(months) => {
                let first = end.with_day(1).unwrap_or(end);
                on_day(
                    first
                        .checked_sub_months(Months::new(months))
                        .unwrap_or(first),
                    anchor_day,
                )
            }
        }
    }

    /// How many whole periods lie between two days (0 when `to` is not after `from`).
    pub fn whole_between(self, from: Day, to: Day, anchor_day: u32) -> u32 {
        let mut count: u32 = 0;
        while self.after(from, count.saturating_add(1), anchor_day) <= to {
            count = count.saturating_add(1);
            if count > 100_000 {
                break;
            }
        }
        count
    }
}

/// The day of `month`'s month that carries the number `day`, or that month's last day.
pub fn on_day(month: Day, day: u32) -> Day {
    (1..=day.clamp(1, 31))
        .rev()
        .find_map(|day| month.with_day(day))
        .unwrap_or(month)
}

impl FromStr for Period {
    type Err = UnknownPeriod;
    fn from_str(text: &str) -> Result<Self, UnknownPeriod> {
        let unknown = || UnknownPeriod(text.to_owned());
        let named = match text {
            "day" | "daily" => Some(Period::Days(1)),
            "week" | "weekly" => Some(Period::Days(7)),
            "month" | "monthly" => Some(Period::Months(1)),
            "quarter" | "quarterly" => Some(Period::Months(3)),
            "year" | "yearly" | "annual" => Some(Period::Months(12)),
            _ => None,
        };
        if let Some(period) = named {
            return Ok(period);
        }
        let split = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (count, unit) = text.split_at(split);
        let count: u32 = count.parse().map_err(|_| unknown())?;
        if count == 0 || count > 1200 {
            return Err(unknown());
        }
        match unit {
            "d" => Ok(Period::Days(count)),
            "w" => Ok(Period::Days(count.saturating_mul(7))),
            "m" | "" => Ok(Period::Months(count)),
            "y" => Ok(Period::Months(count.saturating_mul(12))),
            _ => Err(unknown()),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = UnknownPeriod;
    fn try_from(text: String) -> Result<Self, UnknownPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        match period {
            Period::Days(days) if days % 7 == 0 => format!("{}w", days / 7),
            Period::Days(days) => format!("{days}d"),
            Period::Months(months) => format!("{months}m"),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: u32, one: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {one}s"),
        };
        f.pad(&match *self {
            Period::Days(days) if days % 7 == 0 => counted(days / 7, "week"),
            Period::Days(days) => counted(days, "day"),
            Period::Months(12) => "1 year".to_owned(),
            Period::Months(months) => counted(months, "month"),
        })
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(*self))
    }
}

/// A stretch of days `[start, end)`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first day inside.
    pub start: Day,
    /// The first day outside.
    pub end: Day,
}

impl Span {
    /// The stretch from `start` up to and without `end`.
    pub fn new(start: Day, end: Day) -> Span {
        Span { start, end }
    }

    /// How many days it has; 0 when it ends before it begins.
    pub fn days(self) -> i64 {
        days_between(self.start, self.end).max(0)
    }

    /// Whether the day lies inside.
    pub fn contains(self, day: Day) -> bool {
        self.start <= day && day < self.end
    }

    /// What lies in both, or nothing.
    pub fn overlap(self, other: Span) -> Option<Span> {
        let both = Span::new(self.start.max(other.start), self.end.min(other.end));
        (both.start < both.end).then_some(both)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}..{}", self.start, self.end))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn month_ends_clamp_and_keep_their_day() {
        let start = day("2024-01-31");
        let ends: Vec<String> = (1..=4)
            .map(|n| Period::Months(1).after(start, n, 31).to_string())
            .collect();
        assert_eq!(
            ends,
            ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]
        );
    }

    #[test]
    fn a_leap_day_returns_in_leap_years() {
        let start = day("2024-02-29");
        let years: Vec<String> = (1..=4)
            .map(|n| Period::Months(12).after(start, n, 29).to_string())
            .collect();
        assert_eq!(
            years,
            ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
        );
    }

    #[test]
    fn whole_periods_count_only_when_complete() {
        let month = Period::Months(1);
        assert_eq!(
            month.whole_between(day("2012-07-16"), day("2012-09-15"), 16),
            1
        );
        assert_eq!(
            month.whole_between(day("2012-07-16"), day("2012-09-16"), 16),
            2
        );
        assert_eq!(
            month.whole_between(day("2024-01-31"), day("2024-02-29"), 31),
            1
        );
    }

    #[test]
    fn every_start_day_keeps_its_day_through_every_month() {
        let mut start = day("2023-01-01");
        while start < day("2025-01-01") {
            for months in [1, 3, 6, 9, 12, 24] {
                let end = Period::Months(months).after(start, 1, start.day());
                assert!(end.day() == start.day() || end.succ_opt().unwrap().day() == 1);
                assert!(end.day() <= start.day());
            }
            start = plus_days(start, 1);
        }
    }

    #[test]
    fn periods_read_back_as_they_are_written() {
        for text in ["6m", "9m", "12m", "24m", "2w", "30d"] {
            let period: Period = text.parse().unwrap();
            assert_eq!(String::from(period), text);
        }
        for wrong in ["0m", "-1m", "m", "6 m", "1.5m", "99999m", ""] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
