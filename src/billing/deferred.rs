//! Money for added seats that is not asked for at once: with the next renewal, or with everything else that
//! was added in the same day, week or month (one invoice for many seat changes).
//!
//! The seats' order stays pending and keeps its lines. The order that collects it carries copies of them and
//! names it, so that paying the one settles the other, and that calling the one off lets the other wait again.

use super::account::Facts;
use super::calendar::{Day, Period, plus_days};
use super::order::{Line, Order, OrderState, Part};
use super::policy::Collect;
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use chrono::Datelike;

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

/// Parts and lines with which another order asks for the money of waiting ones that are due by a day.
pub fn taken_over(facts: &Facts, by: Option<Day>) -> (Vec<Part>, Vec<Line>) {
    let (mut parts, mut lines) = (Vec::new(), Vec::new());
    for (order, until) in waiting(facts) {
        if by.is_some_and(|by| until > by) {
            continue;
        }
        parts.push(Part::Collects { order: order.id });
        let number = order.number();
        lines.extend(order.lines.iter().map(|line| Line {
            text: format!("{} ({number})", line.text),
            ..line.clone()
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
    use crate::billing::sample::day;

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
}
