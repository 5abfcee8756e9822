//! What must hold for every service, history, count and balance.

use super::account::{Event, Stage, balance};
use super::merge::{Line, merge, paused};
use super::recurring::{Billing, NewPrice, Service, bill};
use super::schedule::{Align, CycleBefore};
use super::seating::{OnDecrease, PackRound, Rules, Tariff, Tier, Tiering, course};
use super::tax::Percent;
use crate::billing::calendar::{Day, Period, Span, plus_days};
use crate::billing::fraction::Fraction;
use crate::billing::money::{Currency, Money, Rounding};
use crate::billing::rulesets;
use crate::billing::share::Stretch;
use crate::billing::switches::Proration;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn usd(minor: i64) -> Money {
    Money::of(minor, Currency::USD)
}

fn day(offset: i64) -> Day {
    plus_days("2023-01-01".parse().unwrap(), offset)
}

fn killbill() -> Proration {
    rulesets::named("killbill").unwrap().switches
}

fn service(start: Day, period: Period, bill_day: u32) -> Service {
    Service {
        start,
        end: None,
        period,
        bill_day: Some(bill_day),
        align: Align::BillDay,
        cycle_before: CycleBefore::BillDay,
        billing: Billing::Advance,
        new_price: NewPrice::OnItsDay,
        prices: vec![(start, Decimal::new(9999, 2))],
        quantities: Vec::new(),
        billed_through: None,
        currency: Currency::USD,
    }
}

#[test]
fn every_start_and_bill_day_bills_every_day_once_and_a_second_run_nothing() {
    for offset in 0..731 {
        for (period, bill_day) in [
            (Period::Months(1), 1),
            (Period::Months(1), 15),
            (Period::Months(1), 28),
            (Period::Months(1), 30),
            (Period::Months(1), 31),
            (Period::Months(3), 31),
            (Period::Months(12), 29),
            (Period::Days(30), 1),
        ] {
            let (start, through) = (day(offset), day(offset + 400));
            let asked = service(start, period, bill_day);
            let done = bill(&killbill(), &asked, through).unwrap();
            let mut next = start;
            for line in &done.lines {
                assert_eq!(
                    line.working.part.from.date(),
                    next,
                    "{start} {period:?} {bill_day}"
                );
                assert!(line.cycles <= Fraction::ONE);
                next = line.working.part.to.date();
            }
            assert_eq!(done.billed_through, next);
            assert!(done.next_bill_on.unwrap() > through);
            let again = Service {
                billed_through: Some(done.billed_through),
                ..asked
            };
            assert!(bill(&killbill(), &again, through).unwrap().lines.is_empty());
        }
    }
}

fn history(cuts: &[i64], rates: &[i64]) -> Vec<Line> {
    let mut from = 0;
    let mut lines = Vec::new();
    for (length, rate) in cuts.iter().zip(rates.iter().cycle()) {
        lines.push(Line {
            name: String::new(),
            days: Some(Span::new(day(from), day(from + length))),
            on: day(from),
            amount: usd(rate * length),
            rate: Decimal::new(*rate, 2),
        });
        from += length;
    }
    lines
}

prop_compose! {
    fn any_service()(
        offset in 0_i64..731,
        months in prop::sample::select(vec![1_u32, 3, 12]),
        bill_day in 1_u32..=31,
        length in 0_i64..500,
        cut in 0_i64..500,
        in_arrears in any::<bool>(),
    ) -> (Service, Day, Day) {
        let start = day(offset);
        let mut asked = service(start, Period::Months(months), bill_day);
        asked.end = Some(plus_days(start, length));
        asked.billing = if in_arrears { Billing::Arrears } else { Billing::Advance };
        asked.prices.push((plus_days(start, cut), Decimal::new(12_345, 2)));
        (asked, plus_days(start, cut), plus_days(start, length.max(cut) + 40))
    }
}

proptest! {
    #[test]
    fn two_runs_bill_what_one_run_bills((asked, first, last) in any_service()) {
        let switches = Proration::default();
        let once = bill(&switches, &asked, last).unwrap();
        let early = bill(&switches, &asked, first).unwrap();
        let later = Service { billed_through: Some(early.billed_through), ..asked };
        let late = bill(&switches, &later, last).unwrap();
        let both: Vec<_> = early.lines.iter().chain(&late.lines).map(|line| &line.working).collect();
        let one: Vec<_> = once.lines.iter().map(|line| &line.working).collect();
        prop_assert_eq!(both, one);
    }

    #[test]
    fn what_is_billed_as_it_should_be_moves_nothing(
        cuts in prop::collection::vec(1_i64..60, 1..8),
        rates in prop::collection::vec(1_i64..500, 1..4),
    ) {
        let billed = history(&cuts, &rates);
        let same = merge(&killbill(), Currency::USD, &billed, &[], &billed).unwrap();
        prop_assert_eq!((same.net.minor, same.charges.len(), same.credits.len()), (0, 0, 0));
        let gone = merge(&killbill(), Currency::USD, &billed, &[], &[]).unwrap();
        let whole: i64 = billed.iter().map(|line| line.amount.minor).sum();
        prop_assert_eq!(gone.net.minor, -whole);
        prop_assert!(gone.kept.is_empty());
    }

    #[test]
    fn a_pause_credits_at_most_the_line_and_order_does_not_matter(
        cuts in prop::collection::vec(1_i64..60, 1..8),
        (from, length) in (0_i64..200, 1_i64..100),
    ) {
        let billed = history(&cuts, &[37]);
        let pause = Span::new(day(from), day(from + length));
        let mut proposed = paused(&billed, &[pause]);
        let done = merge(&killbill(), Currency::USD, &billed, &[], &proposed).unwrap();
        proposed.reverse();
        let mut turned: Vec<Line> = billed.clone();
        turned.reverse();
        let other = merge(&killbill(), Currency::USD, &turned, &[], &proposed).unwrap();
        prop_assert_eq!(done.net, other.net);
        prop_assert!(done.charges.is_empty());
        for credit in &done.credits {
            let line = billed.iter().find(|line| line.days.unwrap().overlap(credit.days).is_some());
            prop_assert!(-credit.amount.minor <= line.unwrap().amount.minor);
        }
        let kept: i64 = done.kept.iter().map(|kept| kept.amount.minor).sum();
        let whole: i64 = billed.iter().map(|line| line.amount.minor).sum();
        prop_assert_eq!(kept, whole + done.net.minor, "a whole number of cents a day has no remainder");
    }

    #[test]
    fn seats_there_and_back_at_one_instant_cost_nothing(
        (first, other) in (0_i64..500, 0_i64..500),
        cents in 0_i64..100_000,
        off in 0_i64..100,
        cut in 0_i64..31,
        volume in any::<bool>(),
    ) {
        let tariff = Tariff {
            base: Decimal::from(10),
            pack: 5,
            pack_round: PackRound::Up,
            tiers: vec![
                Tier { up_to: Some(20), unit: Decimal::new(cents, 2), flat: Decimal::ONE },
                Tier { up_to: None, unit: Decimal::new(cents / 2, 2), flat: Decimal::ZERO },
            ],
            tiering: if volume { Tiering::Volume } else { Tiering::Graduated },
            percent_off: Percent(Decimal::from(off)),
            amount_off: Decimal::new(150, 2),
        };
        let stretch = Stretch::of(Span::new(day(0), day(31)));
        let at = crate::billing::calendar::midnight(day(cut));
        let changes = [(at, other), (at, first)];
        let follow = |decrease| {
            let rules = Rules { decrease, minimum: None };
            course(&Proration::default(), &stretch, Currency::USD, &tariff, first, &changes, rules)
        };
        let done = follow(OnDecrease::Credit).unwrap();
        prop_assert_eq!(done.steps.iter().map(|step| step.working.amount.minor).sum::<i64>(), 0);
        let high = follow(OnDecrease::HighWater).unwrap();
        prop_assert_eq!(high.steps[1].working.amount.minor, 0);
        prop_assert_eq!(
            tariff.price(first).unwrap().to_money(Currency::USD, Rounding::HalfUp).unwrap(),
            done.first
        );
    }

    #[test]
    fn a_balance_is_the_sum_of_what_happened(
        happened in prop::collection::vec((0_u8..6, 1_i64..10_000), 1..20),
    ) {
        let mut events = Vec::new();
        let (mut owed, mut invoices) = (0_i64, 0_usize);
        for (kind, minor) in happened {
            let amount = usd(minor);
            let (event, change) = match kind {
                0 => (Event::Invoice { lines: vec![amount], draft: Stage::Committed }, minor),
                1 => (Event::Credit { amount, draft: Stage::Committed }, -minor),
                2 => (Event::Payment { amount, invoice: None }, -minor),
                3 => (Event::Adjustment { amount, invoice: None }, -minor),
                4 => (Event::Refund(amount), minor),
                _ => (Event::Credit { amount, draft: Stage::Draft }, 0),
            };
            invoices += usize::from(kind == 0);
            owed += change;
            events.push(event);
        }
        let done = balance(Currency::USD, (usd(0), usd(0)), &events).unwrap();
        prop_assert_eq!(done.owed.minor, owed);
        prop_assert_eq!(done.invoices.len(), invoices);
        prop_assert!(done.credit.minor >= 0);
        prop_assert!(done.invoices.iter().all(|invoice| invoice.due.minor >= 0));
    }
}
