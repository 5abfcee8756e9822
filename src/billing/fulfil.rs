//! What a paid order brings: terms, seats, add-ons, switches, the invoice. Nothing is granted before.

use super::account::{Numbers, SavedMethod, Switch, Switched};
use super::begin::begin_term;
use super::change::Change;
use super::collect::{Witness, pays_once};
use super::invoicing::{self, Settlement};
use super::message::Message;
use super::on_file;
use super::order::{Order, OrderState, Part};
use super::payment::Payment;
use super::policy::{OrderKind, State};
use super::quote::left_by;
use super::refusal::Refusal;
use super::scene::Scene;
use super::served::{self, Begun};
use super::stated;
use super::term::{Holding, Slice};

/// Everything that follows from an order being paid on the scene's day.
///
/// # Errors
/// An amount is too large.
pub fn fulfil(
    scene: &Scene<'_>,
    order: &Order,
    settlement: Settlement,
    saved: Option<SavedMethod>,
) -> Result<Vec<Change>, Refusal> {
    let mut next = scene.facts.next.clone();
    let open = stated::asked_by(scene, order);
    let (invoice, paper) = match open {
        Some(open) => (Some(open.id), invoicing::settle(scene, open, settlement)?),
        None => invoicing::issue(scene, order, settlement, &mut next)?,
    };
    // What is served is known before a document that is issued now states it.
    let mut changes = take_effect(scene, order, &mut next);
    changes.extend(paper);
    if let Some(payment) = settlement.payment {
        changes.push(Change::SetPayment {
            payment,
            state: super::payment::PaymentState::Paid,
            at: scene.at,
            reference: None,
            reason: None,
            invoice,
        });
    }
    changes.push(Change::SetOrder {
        order: order.id,
        state: OrderState::Paid,
        at: scene.at,
    });
    changes.extend(switches(scene, order, saved));
    changes.push(Change::AddMessage(message(
        scene,
        "receipt",
        order.number(),
    )));
    Ok(changes)
}

/// The terms, seats and add-ons of an order.
pub fn take_effect(scene: &Scene<'_>, order: &Order, next: &mut Numbers) -> Vec<Change> {
    let mut changes = Vec::new();
    // What is bought with terms that follow each other is bought for all of them.
    let mut begun: Vec<Begun> = Vec::new();
    for part in &order.parts {
        match part {
            Part::Term(term) => {
                let behind = begun.last().map(|before| before.span);
                let (span, more) = begin_term(scene, order, (term, behind), next);
                let mut lines = stated::lines_of(order, term);
                let planned = lines.find_map(|line| line.service).unwrap_or(span);
                begun.push(Begun { planned, span });
                changes.extend(more);
            }
            Part::Change { .. } if part.is_ahead() => {}
            Part::Change { .. } => changes.extend(change_terms(scene, order, part)),
            Part::Deferred { .. } | Part::Stated { .. } => {}
            Part::Collects { order } => changes.push(Change::SetOrder {
                order: *order,
                state: OrderState::Paid,
                at: scene.at,
            }),
            Part::AddOn {
                add_on,
                quantity,
                period,
                ..
            } => {
                let span = served::add_on(scene, order, part, &begun);
                changes.extend(span.map(|span| Change::AddHolding {
                    account: order.account,
                    holding: Holding {
                        id: 0,
                        add_on: add_on.clone(),
                        quantity: *quantity,
                        span,
                        period: *period,
                        order: Some(order.id),
                    },
                }));
            }
        }
    }
    changes.extend(served::moved(scene, order, &begun));
    changes.extend(left_by(scene, order));
    changes
}

/// Plan and seats for all the paid time that is left, from the day on that the order's document states.
fn change_terms(scene: &Scene<'_>, order: &Order, part: &Part) -> Vec<Change> {
    let Part::Change {
        plan,
        seats,
        prices,
        catalog,
        ..
    } = part
    else {
        return Vec::new();
    };
    let on = stated::counts_from(scene, order);
    scene
        .facts
        .terms
        .iter()
        .filter(|term| term.paid && term.span.end > on)
        .map(|term| Change::AddSlice {
            term: term.id,
            slice: Slice {
                from: on.max(term.span.start),
                plan: plan.clone(),
                seats: seats.clone(),
                prices: prices.get(&term.id).cloned().unwrap_or_default(),
                catalog: *catalog,
                order: Some(order.id),
            },
        })
        .collect()
}

/// Auto-renewal, the saved method, and an older cancellation that a new purchase ends.
fn switches(scene: &Scene<'_>, order: &Order, saved: Option<SavedMethod>) -> Vec<Change> {
    let (account, at) = (order.account, scene.at);
    let rules = &scene.policy.renewal;
    let method = order
        .method
        .as_deref()
        .and_then(|id| scene.catalog.method(id));
    let mut changes = Vec::new();
    let on_file = scene
        .facts
        .method
        .as_ref()
        .map(|held| (&held.method, &held.reference));
    let is_new = saved
        .as_ref()
        .is_some_and(|new| on_file != Some((&new.method, &new.reference)));
    let mut turn = |switch, on| {
        changes.push(Change::Switch {
            account,
            switched: Switched { switch, on, at },
        });
    };
    let was_on = scene.facts.switched(Switch::AutoRenew, at);
    let by_method = method.is_some_and(|method| method.auto_renew && method.recurring);
    let returns = comes_back(scene, order);
    if order.kind == OrderKind::Purchase || (returns && was_on != Some(true)) {
        let on = rules.on_by_default && by_method;
        if was_on != Some(on) {
            turn(Switch::AutoRenew, on);
        }
    } else if order.kind != OrderKind::AddOn
        && rules.new_method_turns_on
        && is_new
        && by_method
        && was_on != Some(true)
    {
        turn(Switch::AutoRenew, true);
    }
    let begins = returns || matches!(order.kind, OrderKind::Purchase | OrderKind::Extension);
    if begins && scene.facts.switched(Switch::Cancel, at) == Some(true) {
        turn(Switch::Cancel, false);
    }
    let kept = saved
        .filter(|_| method.is_some_and(|method| method.recurring))
        .filter(|_| !on_file_stays(scene, order));
    let same = |new: &SavedMethod, old: &SavedMethod| {
        new.method == old.method && new.reference == old.reference
    };
    let known = match (&kept, &scene.facts.method) {
        (Some(new), Some(old)) => same(new, old),
        (None, _) => true,
        (Some(_), None) => false,
    };
    if !known {
        changes.push(Change::SetMethod {
            account,
            method: kept,
            on: at.date(),
        });
    }
    changes
}

/// Whether what is on file stays there, whatever pays an order: while the subscription renews by itself, and the
/// policy wants that off before the method changes (FK-34). The method of each order can be chosen all the same
/// (K26-35). What pays for a new subscription, or for the next term, is what the terms after it are charged to.
pub fn on_file_stays(scene: &Scene<'_>, order: &Order) -> bool {
    scene.policy.renewal.method_change_needs_off
        && scene.facts.method.is_some()
        && scene.standing().auto_renew
        && !matches!(order.kind, OrderKind::Purchase | OrderKind::Renewal)
}

/// What is said where an order was paid by something else than what is on file, and that stays there.
pub fn stays_in_words(
    scene: &Scene<'_>,
    order: &Order,
    (payment, witness): (&Payment, Witness),
) -> Option<String> {
    let held = scene.facts.method.as_ref()?;
    let other = held.method != payment.method
        || payment
            .reference
            .as_ref()
            .is_some_and(|given| *given != held.reference);
    let name = &scene.facts.account.name;
    let stays = format!(
        "{} {} stays on file and pays the renewals of {name}",
        held.method, held.reference
    );
    match other {
        true if on_file_stays(scene, order) => Some(format!(
            "{stays} (renewal.method_change_needs_off = true); to change it, turn auto-renewal off first with \
             `subdesk renew auto {name} off`."
        )),
        true if pays_once(scene, witness) => Some(format!(
            "{stays} (renewal.new_method_turns_on = false); to change it, use `subdesk {}`.",
            on_file::to_set(scene)
        )),
        _ => None,
    }
}

/// Whether a renewal brings back an account whose service had ended, at its own wish (KS-6, KS-28): it was
/// ordered after the end, and nobody has cancelled since.
fn comes_back(scene: &Scene<'_>, order: &Order) -> bool {
    let cancelled = scene
        .facts
        .switches
        .iter()
        .rfind(|entry| entry.switch == Switch::Cancel && entry.on);
    let state = scene.standing().state;
    order.kind == OrderKind::Renewal
        && !matches!(state, State::Active | State::Cancelling | State::PastDue)
        && order
            .renews
            .is_some_and(|end| end <= order.placed_at.date())
        && cancelled.is_none_or(|entry| entry.at < order.placed_at)
}

/// A message to everybody who gets the account's bills.
pub fn message(scene: &Scene<'_>, kind: &str, about: String) -> Message {
    let billing = &scene.facts.account.billing;
    let owner = scene.facts.owner().map(|owner| owner.email.clone());
    let mut to: Vec<String> = billing.email.clone().or(owner).into_iter().collect();
    to.extend(
        billing
            .recipients
            .iter()
            .filter(|other| !to.contains(other))
            .cloned()
            .collect::<Vec<_>>(),
    );
    Message {
        id: 0,
        account: scene.facts.account.id,
        kind: kind.to_owned(),
        about,
        to,
        at: scene.at,
        sent_at: None,
    }
}
