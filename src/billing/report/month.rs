//! Calendar months as reports count them.

use crate::billing::calendar::{Day, Period, Span, plus_days};
use chrono::Datelike;

/// The calendar month of a day.
pub fn of(day: Day) -> Span {
    let first = day.with_day(1).unwrap_or(day);
    Span::new(first, Period::Months(1).after(first, 1, 1))
}

/// The calendar months from the one of `since` to the one that holds the last day before `until`.
pub fn between(since: Day, until: Day) -> Vec<Span> {
    let mut months = Vec::new();
    let mut month = of(since);
    while month.start < until && months.len() < 12_000 {
        months.push(month);
        month = of(month.end);
    }
    months
}

/// `2026-03`.
pub fn name(month: Span) -> String {
    format!("{:04}-{:02}", month.start.year(), month.start.month())
}

/// The last day of a month.
pub fn last_day(month: Span) -> Day {
    plus_days(month.end, -1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::sample::day;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let months = between(day("2025-11-30"), day("2026-02-01"));
        let names: Vec<String> = months.iter().map(|month| name(*month)).collect();
        assert_eq!(names, ["2025-11", "2025-12", "2026-01"]);
        assert_eq!(last_day(of(day("2024-02-10"))), day("2024-02-29"));
        assert!(between(day("2026-02-01"), day("2026-02-01")).is_empty());
    }
}
