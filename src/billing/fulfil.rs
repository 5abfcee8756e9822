//! What a paid order brings: terms, seats, add-ons, switches, the invoice. Nothing is granted before.

use super::account::{Numbers, SavedMethod, Switch, Switched};
use super::calendar::{Day, Span, plus_days};
use super::change::Change;
use super::invoicing::{self, Settlement};
use super::message::Message;
use super::order::{LineKind, Order, OrderState, Part};
use super::policy::{OrderKind, State};
use super::refusal::Refusal;
use super::scene::Scene;
use super::term::{Holding, Slice, Term, Trial};
use chrono::Datelike;

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
    let open = scene
        .facts
        .open_invoices
        .iter()
        .find(|open| open.order == Some(order.id));
    let (invoice, mut changes) = match open {
        Some(open) => (Some(open.id), invoicing::settle(scene, open, settlement)?),
        None => invoicing::issue(scene, order, settlement, &mut next)?,
    };
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
    changes.extend(take_effect(scene, order, &mut next));
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
    let mut new_term: Option<Span> = None;
    for part in &order.parts {
        match part {
            Part::Term { .. } => {
                let (span, more) = begin_term(scene, order, part, next);
                new_term = Some(span);
                changes.extend(more);
            }
            Part::Change {
                in_effect: true, ..
            } => {}
            Part::Change { .. } => changes.extend(change_terms(scene, order, part)),
            Part::Deferred { .. } => {}
            Part::Collects { order } => changes.push(Change::SetOrder {
                order: *order,
                state: OrderState::Paid,
                at: scene.at,
            }),
            Part::AddOn {
                add_on,
                quantity,
                period,
                starts,
                ends,
            } => {
                let start =
                    starts.unwrap_or_else(|| new_term.map_or(scene.on(), |span| span.start));
                let running = new_term.or(scene.standing().term.map(|term| term.span));
                let end = match (ends, starts) {
                    (Some(end), Some(_)) => *end,
                    (Some(_), None) => period.after(start, 1, start.day()),
                    (None, _) => {
                        running.map_or_else(|| period.after(start, 1, start.day()), |span| span.end)
                    }
                };
                let holding = Holding {
                    id: 0,
                    add_on: add_on.clone(),
                    quantity: *quantity,
                    span: Span::new(start, end),
                    period: *period,
                    order: Some(order.id),
                };
                changes.push(Change::AddHolding {
                    account: order.account,
                    holding,
                });
            }
        }
    }
    if order.kind == OrderKind::Renewal && !scene.facts.scheduled.is_empty() {
        let (account, asked_on) = (order.account, scene.on());
        changes.push(Change::Schedule {
            account,
            asked_on,
            change: None,
        });
    }
    changes
}

/// A new term: when it begins, how long it is, and what it ends.
fn begin_term(
    scene: &Scene<'_>,
    order: &Order,
    part: &Part,
    next: &mut Numbers,
) -> (Span, Vec<Change>) {
    let Part::Term {
        plan,
        period,
        seats,
        prices,
        catalog,
        starts,
        anchor_day,
        ..
    } = part
    else {
        return (Span::new(scene.on(), scene.on()), Vec::new());
    };
    let (adds_trial_days, replaces) = match part {
        Part::Term {
            adds_trial_days,
            replaces,
            ..
        } => (*adds_trial_days, *replaces),
        Part::Change { .. }
        | Part::AddOn { .. }
        | Part::Deferred { .. }
        | Part::Collects { .. } => (false, false),
    };
    let start = starts
        .filter(|start| keeps_its_start(scene, *start))
        .unwrap_or(scene.on());
    let anchor = anchor_day
        .filter(|_| Some(start) == *starts)
        .unwrap_or(start.day());
    let trial = scene
        .facts
        .trials
        .iter()
        .find(|trial| trial.runs_on(scene.on()));
    let bonus = match (trial, adds_trial_days) {
        (Some(trial), true) => u32::try_from(trial.days_left(scene.on())).unwrap_or(0),
        _ => 0,
    };
    let mut changes = what_it_ends(scene, order, trial, replaces.then_some(start));
    let end = plus_days(period.after(start, 1, anchor), i64::from(bonus));
    let span = Span::new(start, end);
    let id = Numbers::take(&mut next.term);
    let slice = Slice {
        from: start,
        plan: plan.clone(),
        seats: seats.clone(),
        prices: prices.clone(),
        catalog: *catalog,
        order: Some(order.id),
    };
    let term = Term {
        id,
        span,
        period: *period,
        // Bonus days move the day that later terms are counted from.
        anchor_day: if bonus > 0 { end.day() } else { anchor },
        bonus_days: bonus,
        paid: true,
        order: Some(order.id),
        slices: vec![slice],
    };
    changes.push(Change::AddTerm {
        account: order.account,
        term,
    });
    let own = order
        .lines
        .iter()
        .filter(|line| line.kind == LineKind::Plan && line.item == *plan && line.term.is_none());
    changes.extend(own.map(|line| Change::TieLine {
        line: line.id,
        term: id,
        service: span,
    }));
    (span, changes)
}

/// What a new term ends: the running trial, and the paid terms it replaces from a day on.
fn what_it_ends(
    scene: &Scene<'_>,
    order: &Order,
    trial: Option<&Trial>,
    replaced_from: Option<Day>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(trial) = trial {
        changes.push(Change::EditTrial {
            account: order.account,
            trial: Trial {
                ended_on: Some(scene.on()),
                ..trial.clone()
            },
        });
    }
    if let Some(start) = replaced_from {
        let terms = scene.facts.terms.iter();
        let replaced = terms.filter(|old| old.paid && old.span.end > start);
        changes.extend(replaced.map(|old| Change::EndTerm {
            term: old.id,
            end: start.max(old.span.start),
        }));
    }
    changes
}

/// Whether a term that was to begin on a day still does: it has not begun yet, or the service never
/// stopped. After a stop it begins on the day of the payment.
fn keeps_its_start(scene: &Scene<'_>, start: Day) -> bool {
    let state = scene.standing().state;
    scene.on() <= start || matches!(state, State::Active | State::Cancelling | State::PastDue)
}

/// Plan and seats for all the paid time that is left.
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
    let on = scene.on();
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
    let kept = saved.filter(|_| method.is_some_and(|method| method.recurring));
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
