//! Whether an order still fits the subscription that it was priced for, and what it would cost now.

use super::deferred;
use super::money::Money;
use super::order::{Order, Part};
use super::policy::OrderKind;
use super::quote::{Quoted, Wish, quote};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::standing::paid_until;

/// The subscription must still be what it was when the order was priced.
pub(super) fn check_fresh(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    deferred::check_collected(scene, order)?;
    let number = order.number();
    let name = &scene.facts.account.name;
    if order.kind == OrderKind::Renewal {
        // The term that it renews must still be the last.
        let fits = order.renews == paid_until(scene.facts);
        let message = format!("{name} has paid time behind the term that {number} renews.");
        return match fits {
            true => Ok(()),
            false => {
                Err(Refusal::new(Code::OrderStale, message).run(format!("order cancel {number}")))
            }
        };
    }
    let collects_only = order.kind == OrderKind::Seats && order.collects().next().is_some();
    if order.basis == scene.basis() || order.is_ahead() || collects_only {
        return Ok(());
    }
    let now = match requote(scene, order) {
        Some(total) if total == order.total => {
            format!("for {total} it would bring something else now")
        }
        Some(total) => format!("it would cost {total} now instead of {}", order.total),
        None => "it cannot be ordered like that any more".to_owned(),
    };
    let message = format!("{name} has changed since {number} was priced: {now}.");
    Err(Refusal::new(Code::OrderStale, message)
        .run(format!("order cancel {number}"))
        .say("Then place the order again."))
}

/// What the order's parts would cost now.
fn requote(scene: &Scene<'_>, order: &Order) -> Option<Money> {
    let mut wish = Wish {
        method: order.method.clone(),
        ..Wish::default()
    };
    for part in &order.parts {
        match part {
            // A term behind the first of the same order comes of it by itself.
            Part::Term(_) if wish.plan.is_some() || wish.extend.is_some() => {}
            Part::Term(term) if term.starts.is_some() => wish.extend = Some(term.period),
            Part::Term(term) => {
                wish.plan = Some(term.plan.clone());
                wish.period = Some(term.period);
                wish.seats = Some(term.seats.clone());
            }
            Part::Change { plan, seats, .. } => {
                let now = scene.standing().plan().map(str::to_owned);
                wish.plan = Some(plan.clone()).filter(|plan| Some(plan) != now.as_ref());
                wish.seats = Some(seats.clone());
            }
            Part::AddOn {
                add_on, quantity, ..
            } => wish.add_ons.push((add_on.clone(), *quantity)),
            Part::Deferred { .. } | Part::Collects { .. } | Part::Stated { .. } => {}
        }
    }
    let mut facts = scene.facts.clone();
    facts.orders.retain(|other| other.id != order.id);
    match quote(
        &Scene {
            facts: &facts,
            ..*scene
        },
        &wish,
    ) {
        Ok(Quoted::Order(again)) => Some(again.total),
        Ok(Quoted::Later(_)) | Err(_) => None,
    }
}
