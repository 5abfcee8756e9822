//! What must hold for every price, term and change, whatever the switches.

use super::*;
use crate::billing::calendar::{Day, Period, Span, midnight, plus_days};
use crate::billing::money::Currency;
use crate::billing::switches::{ChangeDay, DayCount, Denominator, OverLength};
use chrono::{Datelike, TimeDelta};
use proptest::prelude::*;

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

fn usd(unit: Decimal) -> Price {
    Price::of(unit, 1, Currency::USD)
}

fn march() -> Stretch {
    let term = Span::new("2024-03-01".parse().unwrap(), "2024-04-01".parse().unwrap());
    Stretch::of_plan(term, Period::Months(1), 1)
}

fn billed(stretch: &Stretch, price: Price) -> Billed {
    let amount = price
        .whole()
        .unwrap()
        .to_money(price.currency, Rounding::HalfUp);
    Billed {
        service: stretch.term,
        amount: amount.unwrap(),
        credited: Money::zero(price.currency),
        price,
    }
}

/// Credit, charge and net in cents of 30.00 to 60.00 on 16 March at 15:00.
fn published(switches: &Proration) -> (i64, i64, i64) {
    let (from, to) = (usd(Decimal::from(30)), usd(Decimal::from(60)));
    let stretch = march();
    let at = moment("2024-03-16T15:00:00");
    let moved = change(switches, &stretch, &billed(&stretch, from), at, from, to).unwrap();
    let credit = moved.credit.map_or(0, |credit| credit.amount.minor);
    (credit, moved.charge.amount.minor, moved.net.minor)
}

#[test]
fn one_change_many_answers() {
    let base = Proration::default();
    let rows = [
        (
            Proration {
                unit: Unit::Second,
                ..base
            },
            (1488, 2976, 1488),
        ),
        (base, (1548, 3097, 1549)),
        (
            Proration {
                change_day: ChangeDay::Old,
                ..base
            },
            (1452, 2903, 1451),
        ),
        (
            Proration {
                day_count: DayCount::Fixed(30),
                ..base
            },
            (1600, 3200, 1600),
        ),
        (
            Proration {
                day_count: DayCount::Thirty360,
                ..base
            },
            (1500, 3000, 1500),
        ),
        (
            Proration {
                change_day: ChangeDay::Old,
                round_at: RoundAt::DayPrice,
                lines: Lines::Difference,
                ..base
            },
            (0, 1455, 1455),
        ),
        (
            Proration {
                round_at: RoundAt::Net,
                ..base
            },
            (1549, 3097, 1548),
        ),
    ];
    for (switches, expected) in rows {
        assert_eq!(published(&switches), expected, "{switches:?}");
    }
}

#[test]
fn a_working_reads_back_as_it_was_kept() {
    let at = moment("2024-03-16T15:00:00");
    let working = remaining(&Proration::default(), &march(), at, usd(Decimal::from(30))).unwrap();
    assert_eq!((working.numerator, working.denominator), (16, 31));
    assert_eq!(working.exact.to_string(), "480/31");
    let text = serde_json::to_string(&working).unwrap();
    assert_eq!(serde_json::from_str::<Working>(&text).unwrap(), working);
}

#[test]
fn every_start_day_and_month_length_splits_without_loss() {
    let switches = Proration::default();
    let mut start: Day = "2023-01-01".parse().unwrap();
    let end: Day = "2027-01-01".parse().unwrap();
    while start < end {
        // Every period that one of the sellers sells, over four years with a leap day.
        for months in [1, 3, 6, 9, 12, 24] {
            let period = Period::Months(months);
            let term = Span::new(start, period.after(start, 1, start.day()));
            let stretch = Stretch::of_plan(term, period, start.day());
            let price = usd(Decimal::new(9999, 2));
            for cut in [0, 1, term.days() / 2, term.days() - 1, term.days()] {
                let at = midnight(plus_days(start, cut));
                let (used, rest) =
                    split(&switches, &stretch, &billed(&stretch, price), at).unwrap();
                assert_eq!(used.minor + rest.amount.minor, 9999, "{term} at {cut}");
                assert_eq!(rest.denominator, term.days());
                assert_eq!(rest.numerator, term.days() - cut);
                let ahead = remaining(&switches, &stretch, at, price).unwrap();
                assert_eq!(ahead.amount, rest.amount, "symmetric on {term} at {cut}");
            }
        }
        start = plus_days(start, 1);
    }
}

#[test]
fn spans_without_length_and_beyond_their_period_follow_their_switches() {
    let stretch = march();
    let nothing = Window::new(stretch.term.from, stretch.term.from);
    let long = Window::new(stretch.term.from, moment("2024-04-02T00:00:00"));
    let amount = |switches: &Proration, part| {
        service(switches, &stretch, part, usd(Decimal::from(31)))
            .unwrap()
            .amount
            .minor
    };
    let base = Proration::default();
    assert_eq!(amount(&base, nothing), 0);
    assert_eq!(amount(&base, long), 3100);
    let full = Proration {
        zero_length: ZeroLength::Full,
        over_length: OverLength::Extend,
        ..base
    };
    assert_eq!(amount(&full, nothing), 3100);
    assert_eq!(amount(&full, long), 3200);
}

#[test]
fn prices_beyond_every_purse_are_refused() {
    let price = Price::of(Decimal::MAX, i64::MAX, Currency::USD);
    let at = moment("2024-03-16T15:00:00");
    assert_eq!(
        remaining(&Proration::default(), &march(), at, price),
        Err(TooLarge)
    );
}

fn any_switches() -> impl Strategy<Value = Proration> {
    let count = prop::sample::select(vec![
        DayCount::Actual,
        DayCount::Inclusive,
        DayCount::Fixed(30),
        DayCount::MonthsOf(30),
        DayCount::Thirty360,
        DayCount::Actual360,
    ]);
    let rounding = prop::sample::select(vec![
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::TowardZero,
        Rounding::Up,
    ]);
    (
        prop::sample::select(Unit::ALL.to_vec()),
        count,
        prop::sample::select(Denominator::ALL.to_vec()),
        prop::sample::select(ChangeDay::ALL.to_vec()),
        rounding,
        prop::sample::select(RoundAt::ALL.to_vec()),
    )
        .prop_map(
            |(unit, day_count, denominator, change_day, rounding, round_at)| Proration {
                unit,
                day_count,
                denominator,
                change_day,
                rounding,
                round_at,
                ..Proration::default()
            },
        )
}

#[test]
fn a_part_by_the_rounded_price_of_a_day_costs_no_more_than_the_whole() {
    let term = Span::new("2023-08-30".parse().unwrap(), "2024-02-29".parse().unwrap());
    let stretch = Stretch::of_plan(term, Period::Months(6), 30);
    let switches = Proration {
        round_at: RoundAt::DayPrice,
        credit_basis: CreditBasis::BilledPrice,
        ..Proration::default()
    };
    // 4.58 over 183 days is 0.03 a day, and 182 of them are 5.46.
    let price = usd("4.58".parse().unwrap());
    let at = stretch.term.from + TimeDelta::days(1);
    let rest = remaining(&switches, &stretch, at, price).unwrap();
    assert_eq!(
        (rest.amount.minor, rest.capped_at),
        (458, Some(rest.amount))
    );
    let credit = unused(&switches, &stretch, &billed(&stretch, price), at, price).unwrap();
    assert_eq!(credit.amount.minor, 458);
    let less = usd("-4.58".parse().unwrap());
    let rest = remaining(&switches, &stretch, at, less).unwrap();
    assert_eq!(rest.amount.minor, -458);
    let late = stretch.term.from + TimeDelta::days(173);
    let rest = remaining(&switches, &stretch, late, price).unwrap();
    assert_eq!((rest.amount.minor, rest.capped_at), (30, None));
}

prop_compose! {
    fn any_stretch()(days in 0_i64..1500, months in prop::sample::select(vec![1_u32, 3, 6, 12]))
        -> Stretch {
        let start = plus_days("2022-01-01".parse().unwrap(), days);
        let period = Period::Months(months);
        let end = period.after(start, 1, start.day());
        Stretch::of_plan(Span::new(start, end), period, start.day())
    }
}

proptest! {
    #[test]
    fn used_and_unused_are_the_line_and_a_credit_never_exceeds_it(
        switches in any_switches(),
        stretch in any_stretch(),
        cents in 0_i64..10_000_000,
        earlier in 0_i64..10_000_000,
        hours in -48_i64..10_000,
    ) {
        let price = usd(Decimal::new(cents, 2));
        let at = stretch.term.from + TimeDelta::hours(hours);
        for credit_basis in [CreditBasis::Billed, CreditBasis::BilledPrice] {
            let switches = Proration { credit_basis, ..switches };
            let mut line = billed(&stretch, price);
            line.credited.minor = earlier.min(cents);
            let (used, rest) = split(&switches, &stretch, &line, at).unwrap();
            prop_assert_eq!(used.plus(rest.amount).unwrap(), line.amount);
            prop_assert!(rest.amount.minor >= 0);
            prop_assert!(rest.amount.minor <= cents - line.credited.minor);
        }
    }

    #[test]
    fn there_and_back_on_one_day_moves_nothing(
        switches in any_switches(),
        stretch in any_stretch(),
        (old, new) in (0_i64..1_000_000, 0_i64..1_000_000),
        (seats, then) in (1_i64..200, 1_i64..200),
        hours in 0_i64..9_000,
    ) {
        let from = Price::of(Decimal::new(old, 2), seats, Currency::USD);
        let to = Price::of(Decimal::new(new, 2), then, Currency::USD);
        let at = stretch.term.from + TimeDelta::hours(hours);
        let switches = Proration { credit_basis: CreditBasis::BilledPrice, ..switches };
        let first = change(&switches, &stretch, &billed(&stretch, from), at, from, to).unwrap();
        let line = Billed {
            service: first.charge.part,
            amount: first.charge.amount,
            credited: Money::zero(Currency::USD),
            price: to,
        };
        let back = change(&switches, &stretch, &line, at, to, from).unwrap();
        prop_assert_eq!(first.net.plus(back.net).unwrap().minor, 0);
        let given = first.credit.map_or(0, |credit| credit.amount.minor);
        prop_assert!(given <= billed(&stretch, from).amount.minor, "credit {} above billed", given);
    }

    #[test]
    fn any_chain_of_pieces_costs_what_the_term_costs(
        switches in any_switches(),
        stretch in any_stretch(),
        cents in 0_i64..10_000_000,
        cuts in prop::collection::vec(-100_i64..10_000, 0..8),
    ) {
        let price = usd(Decimal::new(cents, 2));
        let cuts: Vec<Moment> = cuts.iter().map(|hours| stretch.term.from + TimeDelta::hours(*hours)).collect();
        let chain = pieces(&switches, &stretch, &cuts, price).unwrap();
        let whole = service(&switches, &stretch, stretch.term, price).unwrap();
        let sum = Money::sum(Currency::USD, chain.iter().map(|piece| piece.amount)).unwrap();
        prop_assert_eq!(sum, whole.amount);
        for pair in chain.windows(2) {
            prop_assert_eq!(pair[0].part.to, pair[1].part.from);
        }
    }
}
