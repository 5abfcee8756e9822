//! Coming back after the paid time has ended.
//!
//! Where a payment method brings an account back (KS-6, KS-28), the subscription it had is ordered again
//! from the day on, and the saved method is charged. Elsewhere a payment does, and this says which.

use super::calendar::Day;
use super::change::Change;
use super::collect;
use super::lapse::call_off;
use super::on_file;
use super::order::{Order, OrderState};
use super::policy::{OrderKind, Reactivation, State};
use super::quote;
use super::refusal::{Code, Refusal};
use super::scene::{Scene, words};
use super::stated;

/// What brings an account back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// A renewal that waits to be paid already.
    Waiting(Box<Order>),
    /// The subscription it had, ordered again from today.
    Again(Box<Order>),
    /// The same in the place of a renewal whose invoice asks for days on which nobody was served.
    Anew {
        /// The renewal.
        old: Box<Order>,
        /// What is ordered.
        order: Box<Order>,
    },
}

impl Back {
    /// The order that is to be paid.
    pub fn order(&self) -> &Order {
        match self {
            Back::Waiting(order) | Back::Again(order) | Back::Anew { order, .. } => order,
        }
    }

    /// What is to be kept before it is paid.
    ///
    /// # Errors
    /// An amount is too large.
    pub fn changes(&self, scene: &Scene<'_>) -> Result<Vec<Change>, Refusal> {
        match self {
            Back::Waiting(_) => Ok(Vec::new()),
            Back::Again(order) => collect::place(scene, order),
            Back::Anew { old, order } => {
                let mut changes = call_off(scene, old, OrderState::Cancelled)?;
                changes.extend(collect::place(scene, order)?);
                Ok(changes)
            }
        }
    }
}

/// Whether the account's paid time has ended in a way from which it can come back.
pub fn is_away(state: State) -> bool {
    matches!(
        state,
        State::Deactivated | State::Frozen | State::Expired | State::Free | State::PastDue
    )
}

/// Whether a payment method that is entered now brings the account back: it had a subscription, is away, and the
/// policy lets a method do that (KS-6, KS-28).
pub fn method_returns(scene: &Scene<'_>) -> bool {
    let had = scene.facts.terms.iter().any(|term| term.paid);
    let by_method = scene.policy.end.reactivation == Reactivation::Method;
    had && by_method && is_away(scene.standing().state)
}

/// What follows from a payment method that was put on file while the account is away; nothing where the
/// method alone does not bring it back, or where it was never subscribed.
///
/// # Errors
/// What it had cannot be ordered any more.
pub fn by_method(scene: &Scene<'_>) -> Result<Option<Back>, Refusal> {
    if !method_returns(scene) || scene.facts.method.is_none() {
        return Ok(None);
    }
    reactivate(scene).map(Some)
}

/// The command that brings the account into service: its open renewal, a payment method, what it had, or a
/// purchase.
pub fn way_in(scene: &Scene<'_>) -> String {
    let name = &scene.facts.account.name;
    let had = scene.facts.terms.iter().any(|term| term.paid);
    let by_method = scene.policy.end.reactivation == Reactivation::Method;
    let away = had && is_away(scene.standing().state);
    let order = waiting(scene, scene.on());
    let order = order.filter(|order| away && !goes_anew(scene, order));
    match (order, &scene.facts.method) {
        (Some(order), _) => format!("order pay {}", order.number()),
        _ if !away || !by_method => format!("order checkout {name}"),
        (None, Some(_)) => format!("plan resume {name}"),
        (None, None) => format!("account method set {name} METHOD --reference TEXT"),
    }
}

/// What brings the account back.
///
/// # Errors
/// Nothing does but a new purchase, or a method is missing.
pub fn reactivate(scene: &Scene<'_>) -> Result<Back, Refusal> {
    let name = &scene.facts.account.name;
    let standing = scene.standing();
    if let Some(order) = waiting(scene, scene.on()) {
        return match goes_anew(scene, order) && scene.facts.method.is_some() {
            true => anew(scene, order),
            false => Ok(Back::Waiting(Box::new(order.clone()))),
        };
    }
    if !scene.facts.terms.iter().any(|term| term.paid) {
        let message = format!(
            "{name} is {} and has had no subscription that could go on.",
            words(standing.state)
        );
        return Err(
            Refusal::new(Code::NoSubscription, message).run(format!("order checkout {name}"))
        );
    }
    if scene.policy.end.reactivation == Reactivation::Payment {
        let message = format!(
            "{name} is {}; it comes back with a new purchase.",
            words(standing.state)
        );
        return Err(Refusal::new(Code::NoSubscription, message)
            .because(scene.policy, "end.reactivation", "payment")
            .run(format!("order checkout {name}")));
    }
    if scene.facts.method.is_none() {
        let message = format!(
            "{name} is {} and has no payment method on file; a method brings it back.",
            words(standing.state)
        );
        return Err(Refusal::new(Code::NoMethod, message)
            .because(scene.policy, "end.reactivation", "method")
            .run(on_file::to_set(scene)));
    }
    quote::reactivation_order(scene).map(|order| Back::Again(Box::new(order)))
}

/// Whether a method brings the account back with a new order, from the day on, in the place of one that asks for
/// days without service.
fn goes_anew(scene: &Scene<'_>, order: &Order) -> bool {
    method_returns(scene) && stated::asks_for_a_stop(scene, order)
}

fn anew(scene: &Scene<'_>, old: &Order) -> Result<Back, Refusal> {
    let mut facts = scene.facts.clone();
    facts.take(&call_off(scene, old, OrderState::Cancelled)?);
    let without = Scene {
        facts: &facts,
        ..*scene
    };
    Ok(Back::Anew {
        old: Box::new(old.clone()),
        order: Box::new(quote::reactivation_order(&without)?),
    })
}

/// A renewal that waits to be paid and can still be.
fn waiting<'a>(scene: &Scene<'a>, on: Day) -> Option<&'a Order> {
    let mut pending = scene.facts.pending_orders();
    pending.find(|order| order.kind == OrderKind::Renewal && !order.has_lapsed_by(on))
}
