//! Coming back after the paid time has ended.
//!
//! Where a payment method brings an account back (KS-6, KS-28), the subscription it had is ordered again
//! from the day on, and the saved method is charged. Elsewhere a payment does, and this says which.

use super::calendar::Day;
use super::change::Change;
use super::collect;
use super::order::Order;
use super::policy::{OrderKind, Reactivation, State};
use super::quote;
use super::refusal::{Code, Refusal};
use super::scene::{Scene, words};

/// What brings an account back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// A renewal that waits to be paid already.
    Waiting(Box<Order>),
    /// The subscription it had, ordered again from today.
    Again(Box<Order>),
}

impl Back {
    /// The order that is to be paid.
    pub fn order(&self) -> &Order {
        match self {
            Back::Waiting(order) | Back::Again(order) => order,
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
    let order = waiting(scene, scene.on()).filter(|_| away);
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
        return Ok(Back::Waiting(Box::new(order.clone())));
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
            .run(format!("account method set {name} METHOD --reference TEXT")));
    }
    quote::reactivation_order(scene).map(|order| Back::Again(Box::new(order)))
}

/// A renewal that waits to be paid and can still be.
fn waiting<'a>(scene: &Scene<'a>, on: Day) -> Option<&'a Order> {
    let mut pending = scene.facts.pending_orders();
    pending.find(|order| order.kind == OrderKind::Renewal && !order.has_lapsed_by(on))
}
