//! When billed money is earned: day by day over the service it pays for, never before it was billed, and all
//! that is left when the service ends before its time.
//!
//! What is earned by a day is one rounding of the whole, so the parts of any calendar sum to the whole.

use crate::billing::calendar::{Day, Span, days_between, plus_days};
use crate::billing::fraction::Fraction;
use crate::billing::money::{Checked, Currency, Money, Rounding};
use crate::billing::order::Part;
use crate::billing::report::month;
use serde::{Deserialize, Serialize};

/// One billed amount, without tax, and the service it pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earning {
    /// The amount; negative for what was given back.
    pub net: Money,
    /// The service; without one, or with one of no length, it is earned when billed.
    pub service: Option<Span>,
    /// The day it was billed.
    pub billed_on: Day,
    /// The day from which it can be earned: a term begins only with its payment. None for what waits for that.
    pub served_from: Option<Day>,
    /// The first day without the service, where that ended before its time: what is left is earned then.
    pub cut_on: Option<Day>,
    /// The day on which its document was called off: what was earned until then is taken back on that day, and
    /// nothing is owed or earned from then on. The days before keep what they said.
    pub undone_on: Option<Day>,
}

impl Earning {
    /// What of it is earned by the end of a day.
    ///
    /// # Errors
    /// The amount is too large.
    pub fn earned_by(&self, day: Day) -> Checked<Money> {
        let currency: Currency = self.net.currency;
        if self.undone_by(day) || self.begins().is_none_or(|begins| day < begins) {
            return Ok(Money::zero(currency));
        }
        let Some(service) = self.service.filter(|service| service.days() > 0) else {
            return Ok(self.net);
        };
        if self.cut_on.is_some_and(|cut| day >= cut) {
            return Ok(self.net);
        }
        let served = days_between(service.start, plus_days(day, 1)).clamp(0, service.days());
        let share = Fraction::new(i128::from(served), i128::from(service.days()))?;
        let exact = Fraction::from_minor(self.net).times(share)?;
        Ok(Money::of(exact.round(Rounding::HalfUp)?, currency))
    }

    /// What of it is earned from the first day of a span to its last.
    ///
    /// # Errors
    /// The amount is too large.
    pub fn earned_in(&self, span: Span) -> Checked<Money> {
        let before = self.earned_by(plus_days(span.start, -1))?;
        self.earned_by(plus_days(span.end, -1))?.minus(before)
    }

    /// What of it is billed and not yet earned at the end of a day.
    ///
    /// # Errors
    /// The amount is too large.
    pub fn left_on(&self, day: Day) -> Checked<Money> {
        if day < self.billed_on || self.undone_by(day) {
            return Ok(Money::zero(self.net.currency));
        }
        self.net.minus(self.earned_by(day)?)
    }

    /// Whether its document is called off at the end of a day.
    fn undone_by(&self, day: Day) -> bool {
        self.undone_on.is_some_and(|undone| undone <= day)
    }

    /// The first day on which any of it can be earned, if there is one.
    fn begins(&self) -> Option<Day> {
        self.served_from.map(|from| from.max(self.billed_on))
    }

    /// The days on which parts of it are earned, from the first to the last, if it is earned at all.
    fn days(&self) -> Option<(Day, Day)> {
        let begins = self.begins()?;
        let Some(service) = self.service.filter(|service| service.days() > 0) else {
            return Some((begins, begins));
        };
        let before_cut = |day: Day| self.cut_on.map_or(day, |cut| cut.min(day));
        let (first, last) = (
            before_cut(service.start),
            before_cut(plus_days(service.end, -1)),
        );
        Some((first.max(begins), last.max(begins)))
    }
}

/// From which day on what an order brought is served: from its invoice on, where seats were there ahead of the
/// payment, and from the payment on otherwise. What nobody has paid for has not begun.
pub fn served_from(brought: &[Part], billed_on: Day, paid_on: Option<Day>) -> Option<Day> {
    let ahead = |part: &Part| part.is_ahead() || matches!(part, Part::Collects { .. });
    match brought.iter().any(ahead) {
        true => Some(billed_on),
        false => paid_on.map(|paid| paid.max(billed_on)),
    }
}

/// How finely earned money is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// On each day of service.
    Day,
    /// On the last day of each month, or of the service.
    #[default]
    Month,
}

/// The days on which parts of an amount are booked as earned, up to and with a day, and the parts.
///
/// # Errors
/// The amount is too large.
pub fn bookings(earning: &Earning, pace: Pace, up_to: Day) -> Checked<Vec<(Day, Money)>> {
    let undone = earning.undone_on.filter(|undone| *undone <= up_to);
    let up_to = undone.map_or(up_to, |undone| plus_days(undone, -1));
    let (mut found, booked) = earned_in_parts(earning, pace, up_to)?;
    if let Some(undone) = undone.filter(|_| !booked.is_zero()) {
        found.push((undone, booked.negated()?));
    }
    Ok(found)
}

/// The parts up to and with a day on which the document still counts, and their sum.
fn earned_in_parts(
    earning: &Earning,
    pace: Pace,
    up_to: Day,
) -> Checked<(Vec<(Day, Money)>, Money)> {
    let mut booked = Money::zero(earning.net.currency);
    let mut found = Vec::new();
    let Some((mut day, done)) = earning.days() else {
        return Ok((found, booked));
    };
    loop {
        if pace == Pace::Month {
            day = month::last_day(month::of(day)).min(done).max(day);
        }
        if day > up_to {
            break;
        }
        let earned = earning.earned_by(day)?;
        let part = earned.minus(booked)?;
        if !part.is_zero() {
            found.push((day, part));
        }
        booked = earned;
        if day >= done {
            break;
        }
        day = plus_days(day, 1);
    }
    Ok((found, booked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::sample::day;
    use proptest::prelude::*;

    fn earning(minor: i64, start: &str, end: &str, billed_on: &str) -> Earning {
        Earning {
            net: Money::of(minor, Currency::USD),
            service: Some(Span::new(day(start), day(end))),
            billed_on: day(billed_on),
            served_from: Some(day(billed_on)),
            cut_on: None,
            undone_on: None,
        }
    }

    #[test]
    fn what_nobody_has_paid_for_is_not_earned_and_what_is_paid_late_is_earned_late() {
        let paid = |from: Option<&str>| Earning {
            served_from: from.map(day),
            ..earning(3100, "2026-01-01", "2026-02-01", "2026-01-01")
        };
        assert_eq!(
            bookings(&paid(None), Pace::Month, day("2027-01-01")).unwrap(),
            []
        );
        let parts = bookings(&paid(Some("2026-01-11")), Pace::Day, day("2027-01-01")).unwrap();
        assert_eq!(
            parts[0],
            (day("2026-01-11"), Money::of(1100, Currency::USD))
        );
    }

    #[test]
    fn what_is_left_of_a_service_that_was_cut_is_earned_on_that_day() {
        let cut = |on: &str| Earning {
            cut_on: Some(day(on)),
            ..earning(3100, "2026-01-01", "2026-02-01", "2026-01-01")
        };
        let parts = bookings(&cut("2026-01-11"), Pace::Month, day("2026-12-31")).unwrap();
        assert_eq!(parts, [(day("2026-01-11"), Money::of(3100, Currency::USD))]);
        let parts = bookings(&cut("2026-01-11"), Pace::Day, day("2026-12-31")).unwrap();
        assert_eq!(parts.len(), 11);
        assert_eq!(
            parts[10],
            (day("2026-01-11"), Money::of(2100, Currency::USD))
        );
        // A service that never began is earned when it was called off, not when it would have begun.
        let never = Earning {
            cut_on: Some(day("2025-12-20")),
            ..earning(3100, "2026-01-01", "2026-02-01", "2025-12-01")
        };
        assert_eq!(
            bookings(&never, Pace::Month, day("2026-12-31")).unwrap(),
            [(day("2025-12-20"), Money::of(3100, Currency::USD))]
        );
        assert_eq!(never.earned_by(day("2025-12-19")).unwrap().minor, 0);
    }

    #[test]
    fn a_half_year_is_earned_by_its_months() {
        let half = earning(18_200, "2026-01-15", "2026-07-15", "2026-01-15");
        let parts = bookings(&half, Pace::Month, day("2027-01-01")).unwrap();
        // 181 days: 17, 28, 31, 30, 31, 30, 14.
        let minors: Vec<i64> = parts.iter().map(|(_, part)| part.minor).collect();
        assert_eq!(minors, [1709, 2816, 3117, 3017, 3117, 3016, 1408]);
        assert_eq!(parts[0].0, day("2026-01-31"));
        assert_eq!(parts[6].0, day("2026-07-14"));
    }

    #[test]
    fn what_is_billed_late_is_earned_late() {
        let late = earning(3100, "2026-01-01", "2026-02-01", "2026-01-11");
        assert_eq!(late.earned_by(day("2026-01-10")).unwrap().minor, 0);
        let parts = bookings(&late, Pace::Day, day("2026-12-31")).unwrap();
        assert_eq!(
            parts[0],
            (day("2026-01-11"), Money::of(1100, Currency::USD))
        );
        assert_eq!(parts.len(), 21);
    }

    #[test]
    fn what_pays_for_no_days_is_earned_when_billed() {
        let now = earning(500, "2026-01-01", "2026-01-01", "2026-01-05");
        assert_eq!(
            bookings(&now, Pace::Month, day("2026-12-31")).unwrap(),
            [(day("2026-01-05"), Money::of(500, Currency::USD))]
        );
    }

    #[test]
    fn what_is_called_off_is_taken_back_on_its_day_and_the_days_before_keep_what_they_said() {
        let kept = earning(3100, "2026-01-01", "2026-02-01", "2026-01-01");
        let undone = |on: &str| Earning {
            undone_on: Some(day(on)),
            ..kept
        };
        let usd = |minor| Money::of(minor, Currency::USD);
        let within = undone("2026-01-11");
        assert_eq!(within.earned_by(day("2026-01-10")).unwrap(), usd(1000));
        assert_eq!(within.left_on(day("2026-01-10")).unwrap(), usd(2100));
        assert_eq!(within.earned_by(day("2026-01-11")).unwrap(), usd(0));
        assert_eq!(within.left_on(day("2026-01-11")).unwrap(), usd(0));
        let parts = bookings(&within, Pace::Day, day("2026-12-31")).unwrap();
        assert_eq!(parts.len(), 11);
        assert_eq!(parts[10], (day("2026-01-11"), usd(-1000)));
        // By the month nothing had been booked yet, so there is nothing to take back.
        let by_month = bookings(&within, Pace::Month, day("2026-12-31")).unwrap();
        assert_eq!(by_month, []);
        // The month is closed: what it said stays.
        let later = bookings(&undone("2026-03-05"), Pace::Month, day("2026-12-31")).unwrap();
        assert_eq!(
            later,
            [
                (day("2026-01-31"), usd(3100)),
                (day("2026-03-05"), usd(-3100))
            ]
        );
        let before = bookings(&undone("2026-03-05"), Pace::Month, day("2026-03-04")).unwrap();
        assert_eq!(before, [(day("2026-01-31"), usd(3100))]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_at_any_pace(
            minor in -1_000_000_i64..1_000_000,
            from in 0_i64..400,
            days in 0_i64..800,
            late in -100_i64..200,
            paid in -10_i64..50,
            cut in proptest::option::of(-50_i64..900),
            undone in proptest::option::weighted(0.3, 0_i64..900),
            by_day in any::<bool>(),
        ) {
            let start = plus_days(day("2026-01-01"), from);
            let earning = Earning {
                net: Money::of(minor, Currency::USD),
                service: Some(Span::new(start, plus_days(start, days))),
                billed_on: plus_days(start, late),
                served_from: Some(plus_days(start, late + paid)),
                cut_on: cut.map(|cut| plus_days(start, cut)),
                undone_on: undone.map(|undone| plus_days(start, late + undone)),
            };
            let pace = if by_day { Pace::Day } else { Pace::Month };
            let parts = bookings(&earning, pace, day("2040-01-01")).unwrap();
            let sum: i64 = parts.iter().map(|(_, part)| part.minor).sum();
            prop_assert_eq!(sum, if undone.is_some() { 0 } else { minor });
            let cut = plus_days(start, days / 2);
            let some: i64 = bookings(&earning, Pace::Day, cut).unwrap().iter().map(|(_, part)| part.minor).sum();
            prop_assert_eq!(some, earning.earned_by(cut).unwrap().minor);
        }
    }
}
