//! Money for added seats that is not asked for at once: with the next renewal, or with everything else that
//! was added in the same day, week or month (one invoice for many seat changes).
//!
//! A window may also end as soon as what waits comes to an amount.
//!
//! The seats' order stays pending and keeps its lines. The order that collects it carries copies of them and
//! names it, so that paying the one settles the other, and that calling the one off lets the other wait again.

use super::account::Facts;
use super::calendar::{Day, Period, plus_days};
use super::order::{Line, Order, OrderState, Part};
use super::policy::Collect;
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use crate::billing::line_text::LineText;
use chrono::Datelike;
use rust_decimal::Decimal;

/// The day on which seats added on a day are asked for; none if that is at once. `end` is that of the paid
/// time.
pub fn until(collect: Collect, on: Day, end: Day) -> Option<Day> {
    match collect {
        Collect::Now => None,
        Collect::Daily => Some(plus_days(on, 1)),
        Collect::Weekly => {
            let gone = i64::from(on.weekday().num_days_from_monday());
            Some(plus_days(on, 7_i64.saturating_sub(gone)))
        }
        Collect::Monthly => {
            let first = on.with_day(1).unwrap_or(on);
            Some(Period::Months(1).after(first, 1, 1))
        }
        Collect::AtRenewal => Some(end),
    }
}

/// Orders whose money is still to be asked for, and that no open order asks for.
pub fn waiting(facts: &Facts) -> impl Iterator<Item = (&Order, Day)> {
    facts.orders.iter().filter_map(|order| {
        let until = order.deferred_until()?;
        let waits = order.state == OrderState::Pending && collector(facts, order.id).is_none();
        waits.then_some((order, until))
    })
}

/// The open order that asks for an order's money.
pub fn collector(facts: &Facts, order: i64) -> Option<&Order> {
    facts
        .pending_orders()
        .find(|open| open.collects().any(|collected| collected == order))
}

/// The day on which what waits had come to an amount in major units, counted in the order in which it came.
pub fn reached_on(facts: &Facts, amount: Option<Decimal>) -> Option<Day> {
    let mut sum = Decimal::ZERO;
    waiting(facts).find_map(|(order, _)| {
        sum = sum.saturating_add(order.total.major());
        let reached = amount.is_some_and(|amount| sum >= amount);
        reached.then_some(order.placed_at.date())
    })
}

/// Parts and lines with which another order asks for the money of waiting ones that are due by a day; of all
/// of them, where no day is named or they came to the seller's amount by then.
pub fn taken_over(
    facts: &Facts,
    by: Option<Day>,
    amount: Option<Decimal>,
) -> (Vec<Part>, Vec<Line>) {
    let (mut parts, mut lines) = (Vec::new(), Vec::new());
    let reached = reached_on(facts, amount);
    let by = by.filter(|by| reached.is_none_or(|reached| reached > *by));
    for (order, until) in waiting(facts) {
        if by.is_some_and(|by| until > by) {
            continue;
        }
        parts.push(Part::Collects { order: order.id });
        let number = order.number();
        lines.extend(order.lines.iter().map(|line| {
            Line {
                text: LineText::Ordered {
                    line: Box::new(LineText::Other(&line.text)),
                    order: &number,
                }
                .to_string(),
                ..line.clone()
            }
        }));
    }
    (parts, lines)
}

/// An order that another one asks for is not paid by itself.
///
/// # Errors
/// It is asked for already.
pub fn check_alone(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    let Some(with) = collector(scene.facts, order.id) else {
        return Ok(());
    };
    let (number, with) = (order.number(), with.number());
    let message = format!("{number} is collected with {with}.");
    Err(Refusal::new(Code::OrderNotOpen, message).run(format!("order pay {with}")))
}

/// Every order that this one asks for must still be waiting.
///
/// # Errors
/// One of them was paid or called off since.
pub fn check_collected(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    let gone = |id: &i64| {
        !scene
            .facts
            .orders
            .iter()
            .any(|known| known.id == *id && known.state == OrderState::Pending)
    };
    let Some(gone) = order.collects().find(gone) else {
        return Ok(());
    };
    let (number, gone) = (order.number(), super::order::number(gone));
    let message = format!("{gone}, which {number} collects, does not wait to be paid any more.");
    Err(Refusal::new(Code::OrderStale, message).run(format!("order cancel {number}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::money::{Currency, Money};
    use crate::billing::policy::OrderKind;
    use crate::billing::sample::{self, day};

    #[test]
    fn a_window_ends_with_its_day_week_or_month_and_the_renewal_with_the_term() {
        let end = day("2026-10-15");
        let of = |collect, on: &str| until(collect, day(on), end).map(|day| day.to_string());
        assert_eq!(of(Collect::Now, "2026-05-06"), None);
        assert_eq!(
            of(Collect::Daily, "2026-12-31").as_deref(),
            Some("2027-01-01")
        );
        // 6 May 2026 is a Wednesday; a Monday's window is its own week.
        assert_eq!(
            of(Collect::Weekly, "2026-05-06").as_deref(),
            Some("2026-05-11")
        );
        assert_eq!(
            of(Collect::Weekly, "2026-05-11").as_deref(),
            Some("2026-05-18")
        );
        assert_eq!(
            of(Collect::Weekly, "2026-05-10").as_deref(),
            Some("2026-05-11")
        );
        assert_eq!(
            of(Collect::Monthly, "2026-01-31").as_deref(),
            Some("2026-02-01")
        );
        assert_eq!(
            of(Collect::Monthly, "2026-12-01").as_deref(),
            Some("2027-01-01")
        );
        assert_eq!(
            of(Collect::AtRenewal, "2026-05-06").as_deref(),
            Some("2026-10-15")
        );
    }

    /// What waits of these totals, placed on these days, with a window until the end of the term.
    fn with(orders: &[(&str, i64)]) -> Facts {
        let mut facts = sample::facts();
        for (id, (on, minor)) in (1..).zip(orders) {
            let mut order = sample::order(id, OrderKind::Seats);
            order.placed_at = super::super::calendar::midnight(day(on));
            order.total = Money::of(*minor, Currency::USD);
            order.parts = vec![Part::Deferred {
                until: day("2026-10-15"),
            }];
            facts.orders.push(order);
        }
        facts
    }

    #[test]
    fn an_amount_ends_the_window_on_the_day_that_reaches_it() {
        let facts = with(&[
            ("2026-05-01", 4_000),
            ("2026-05-03", 6_000),
            ("2026-05-03", 100),
        ]);
        let of = |amount: &str| {
            let amount = Some(amount.parse().unwrap());
            reached_on(&facts, amount).map(|day| day.to_string())
        };
        assert_eq!(of("40.00").as_deref(), Some("2026-05-01"));
        assert_eq!(of("40.01").as_deref(), Some("2026-05-03"));
        assert_eq!(of("100").as_deref(), Some("2026-05-03"));
        assert_eq!(of("101.01"), None);
        assert_eq!(reached_on(&facts, None), None);
    }

    proptest::proptest! {
        #[test]
        fn what_waits_is_asked_for_all_at_once_or_not_at_all_before_its_day(
            totals in proptest::collection::vec(0_i64..20_000, 1..8),
            amount in 0_i64..60_000,
        ) {
            let orders: Vec<(&str, i64)> = totals.iter().map(|minor| ("2026-05-01", *minor)).collect();
            let facts = with(&orders);
            let amount = Some(Money::of(amount, Currency::USD).major());
            let (parts, _) = taken_over(&facts, Some(day("2026-05-01")), amount);
            let open = Money::of(totals.iter().sum(), Currency::USD).major();
            let expected = if Some(open) >= amount { totals.len() } else { 0 };
            proptest::prop_assert_eq!(parts.len(), expected);
            let (later, _) = taken_over(&facts, Some(day("2026-10-15")), amount);
            proptest::prop_assert_eq!(later.len(), totals.len());
        }
    }
}
