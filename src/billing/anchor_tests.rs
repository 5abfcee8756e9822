//! Bill days on every day of the calendar.

use super::*;
use crate::billing::calendar::midnight;
use crate::billing::figures::schedule::{Align, CycleBefore, Schedule};
use crate::billing::money::{Currency, Money};
use crate::billing::prorate::{Billed, Price, remaining, service, split};
use crate::billing::sample::{day, term};
use crate::billing::switches::Proration;
use rust_decimal::Decimal;

fn rules(text: &str) -> TermRules {
    toml::from_str(text).unwrap()
}

fn told(rules: &TermRules, start: &str, period: Period) -> Vec<String> {
    let pieces = pieces(rules, day(start), period, None);
    let told = pieces.iter().map(|piece| match piece.stub {
        Some(stub) => format!("{} {}", piece.span, stub.name()),
        None => piece.span.to_string(),
    });
    told.collect()
}

#[test]
fn every_start_every_bill_day_and_every_period_keep_the_bill_day_for_ever() {
    let mut start = day("2023-01-01");
    while start < day("2028-01-01") {
        for bill_day in 1..=31 {
            let rules = TermRules {
                anchor: TermAnchor::FixedDay,
                day: Some(bill_day),
                first: FirstTerm::StubAndPeriod,
                ..TermRules::default()
            };
            for months in [1, 3, 6, 12] {
                let period = Period::Months(months);
                let all = pieces(&rules, start, period, None);
                let first = all.last().unwrap().span;
                assert_eq!(all[0].span.start, start);
                let stub = all.len() == 2;
                assert_eq!(stub, on_day(start, bill_day) != start, "{start} {bill_day}");
                if stub {
                    assert!(all[0].span.days() > 0 && all[0].span.days() <= 31);
                    assert_eq!(all[0].span.end, first.start, "no gap, no day twice");
                    let cycle = period.before(first.start, bill_day);
                    assert!(cycle < start, "a stub is shorter than its period");
                }
                // Every later end is the bill day itself, or the last day of a month without it.
                let mut at = first.start;
                for _ in 0..5 {
                    assert_eq!(on_day(at, bill_day), at, "{start} {bill_day} {months}");
                    let next = pieces(&rules, at, period, Some(3));
                    assert_eq!((next.len(), next[0].stub), (1, None));
                    assert_eq!(next[0].span.end, period.after(at, 1, bill_day));
                    at = next[0].span.end;
                }
            }
        }
        start = plus_days(start, 1);
    }
}

#[test]
fn the_calendar_is_that_of_the_period_on_every_day() {
    let rules = rules("anchor = \"calendar\"");
    let mut start = day("2023-01-01");
    while start < day("2027-01-01") {
        for period in [1, 3, 6, 12]
            .map(Period::Months)
            .into_iter()
            .chain([Period::Days(7)])
        {
            let known = Schedule::new(start, period, None, Align::Calendar, CycleBefore::BillDay);
            let (first, _) = first_from(&rules, start, period).unwrap();
            assert_eq!(first, known.first, "{start} {period}");
        }
        start = plus_days(start, 1);
    }
}

#[test]
fn a_business_year_divides_into_its_own_quarters() {
    let rules = rules("anchor = \"fixed_day\"\nday = 6\nmonth = 4");
    let first = |start, months| {
        let found = first_from(&rules, day(start), Period::Months(months));
        found.map(|(first, _)| first.to_string()).unwrap()
    };
    assert_eq!(first("2026-04-07", 12), "2027-04-06");
    assert_eq!(first("2026-04-06", 12), "2026-04-06");
    assert_eq!(first("2026-04-07", 3), "2026-07-06");
    assert_eq!(first("2026-12-31", 3), "2027-01-06");
    assert_eq!(first("2026-04-07", 6), "2026-10-06");
    assert_eq!(first("2026-04-07", 1), "2026-05-06");
    assert_eq!(first("2026-04-07", 24), "2027-04-06");
    assert_eq!(first("2026-04-07", 5), "2026-05-06", "no fifths of a year");
}

#[test]
fn the_31st_and_the_29th_come_back_after_february() {
    let last = rules("anchor = \"fixed_day\"\nday = 31");
    let month = Period::Months(1);
    assert_eq!(
        told(&last, "2026-02-10", month),
        ["2026-02-10..2026-02-28 prorated"]
    );
    assert_eq!(told(&last, "2026-02-28", month), ["2026-02-28..2026-03-31"]);
    assert_eq!(told(&last, "2026-03-31", month), ["2026-03-31..2026-04-30"]);
    assert_eq!(told(&last, "2028-01-31", month), ["2028-01-31..2028-02-29"]);
    let leap = rules("anchor = \"fixed_day\"\nday = 29\nmonth = 2");
    let year = Period::Months(12);
    assert_eq!(told(&leap, "2027-02-28", year), ["2027-02-28..2028-02-29"]);
    assert_eq!(told(&leap, "2028-02-29", year), ["2028-02-29..2029-02-28"]);
}

#[test]
fn a_short_stub_is_sold_with_the_period_behind_it() {
    let rules = rules("anchor = \"calendar\"\nstub = \"free\"\njoin_below_days = 7");
    let month = Period::Months(1);
    assert_eq!(
        told(&rules, "2026-03-25", month),
        ["2026-03-25..2026-04-01 free"],
        "seven days are not below seven"
    );
    assert_eq!(
        told(&rules, "2026-03-26", month),
        ["2026-03-26..2026-04-01 free", "2026-04-01..2026-05-01"]
    );
}

#[test]
fn weeks_have_a_weekday_and_other_days_their_own_start() {
    let friday = rules("anchor = \"fixed_day\"\nday = 1\nweekday = \"friday\"");
    let fortnight = Period::Days(14);
    // 5 March 2026 is a Thursday.
    assert_eq!(
        told(&friday, "2026-03-05", fortnight),
        ["2026-03-05..2026-03-06 prorated"]
    );
    assert_eq!(
        told(&friday, "2026-03-06", fortnight),
        ["2026-03-06..2026-03-20"]
    );
    assert_eq!(
        told(&friday, "2026-03-07", Period::Days(30)),
        ["2026-03-07..2026-04-06"]
    );
    let start = rules("");
    assert_eq!(
        told(&start, "2026-03-07", Period::Months(1)),
        ["2026-03-07..2026-04-07"]
    );
}

/// The stub is what the whole period costs without the part before it, and any day divides it without loss.
#[test]
fn every_stub_and_what_lies_before_it_are_the_period() {
    let (rules, price) = (
        Proration::default(),
        Price::of(Decimal::new(9999, 2), 1, Currency::USD),
    );
    let mut start = day("2023-01-01");
    while start < day("2027-01-01") {
        for (bill_day, months) in [
            (1, 1),
            (15, 1),
            (28, 3),
            (29, 1),
            (30, 6),
            (31, 1),
            (31, 12),
        ] {
            let policy = TermRules {
                anchor: TermAnchor::FixedDay,
                day: Some(bill_day),
                ..TermRules::default()
            };
            let period = Period::Months(months);
            let piece = pieces(&policy, start, period, None)[0];
            if piece.stub.is_none() {
                continue;
            }
            let mut term = term(1, "2023-01-01", months, "basic", 1);
            (term.span, term.anchor_day, term.stub) = (piece.span, piece.day, piece.stub);
            let stretch = term.stretch();
            let stub = service(&rules, &stretch, piece.span.into(), price).unwrap();
            let before = Span::new(term.cycle().start, start);
            let rest = service(&rules, &stretch, before.into(), price).unwrap();
            let whole = stub.exact.plus(rest.exact).unwrap();
            assert_eq!(whole, price.whole().unwrap(), "{} {period}", piece.span);
            let line = Billed {
                service: piece.span.into(),
                amount: stub.amount,
                credited: Money::zero(Currency::USD),
                price,
            };
            for cut in [0, 1, piece.span.days() / 2, piece.span.days()] {
                let at = midnight(plus_days(start, cut));
                let (used, unused) = split(&rules, &stretch, &line, at).unwrap();
                assert_eq!(used.minor + unused.amount.minor, stub.amount.minor);
                let added = remaining(&rules, &stretch, at, price).unwrap();
                let off = added.amount.minor - unused.amount.minor;
                assert!(
                    off.abs() <= 1,
                    "a seat added costs what one given back brings"
                );
            }
        }
        start = plus_days(start, 1);
    }
}
