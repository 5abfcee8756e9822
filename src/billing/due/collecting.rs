//! The money of seats that waited for a day, a week, a month or the renewal: one order for all of them, and
//! one charge where the account's charges go by themselves.

use super::renewal::Renewal;
use super::{Due, What};
use crate::billing::account::Facts;
use crate::billing::calendar::plus_days;
use crate::billing::catalog::Catalog;
use crate::billing::deferred::{reached_on, waiting};
use crate::billing::order::OrderState;
use crate::billing::policy::{OrderKind, Policy};

/// The order that asks for what waited: at the end of its window, or when it has come to the seller's amount. On
/// the day of a renewal order that one asks for it.
pub(super) fn order(facts: &Facts, policy: &Policy, all: &mut Vec<Due>) {
    let window = waiting(facts).map(|(_, until)| (until, until)).min();
    let reached = reached_on(facts, policy.seats.add.collect_at_amount);
    // What was added on the day that reached the amount is asked for with it.
    let reached = reached.map(|on| (on, plus_days(on, 1)));
    if let Some((on, until)) = window.into_iter().chain(reached).min() {
        all.push(Due {
            on,
            what: What::CollectSeats { until },
        });
    }
}

/// Its one charge to the method on file; after a decline it waits to be paid by hand.
pub(super) fn charge(renewal: &Renewal<'_>, catalog: &Catalog, all: &mut Vec<Due>) {
    let facts = renewal.facts;
    let recurring = facts.method.as_ref().is_some_and(|saved| {
        let method = catalog.method(&saved.method);
        method.is_some_and(|method| method.recurring)
    });
    if !recurring || !renewal.auto_renew || renewal.cancelled {
        return;
    }
    for order in &facts.orders {
        let asks = order.kind == OrderKind::Seats && order.collects().next().is_some();
        let tried = facts
            .payments
            .iter()
            .any(|paid| paid.order == Some(order.id));
        if asks && order.state == OrderState::Pending && !tried {
            let on = order.placed_at.date();
            all.push(Due {
                on,
                what: What::Charge {
                    order: Some(order.id),
                    renews: on,
                    attempt: 1,
                },
            });
        }
    }
}
