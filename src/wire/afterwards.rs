//! What is true once an order is paid: what the account holds then, and what still changes at its renewal.

use super::order::{Afterwards, Waiting};
use crate::billing::account::Switch;
use crate::billing::calendar::Day;
use crate::billing::change::Change;
use crate::billing::fulfil::fulfil;
use crate::billing::invoicing::Settlement;
use crate::billing::order::Order;
use crate::billing::policy::State;
use crate::billing::quote::left_by;
use crate::billing::scene::{Scene, next_in_words};
use crate::billing::standing::Standing;
use crate::billing::term::Seats;

impl Afterwards {
    /// What the account is with everything that an order would bring, or has brought; none where that is nothing.
    pub fn of(scene: &Scene<'_>, order: &Order) -> Option<Afterwards> {
        let held = held(scene, order)?;
        let at_renewal = waiting(scene, order, &held);
        let plan = scene.catalog.plan(&held.plan);
        Some(Afterwards {
            plan_name: plan.map_or_else(|| held.plan.clone(), |plan| plan.name.clone()),
            plan: held.plan,
            seats: held.seats,
            unit: scene.catalog.unit.clone(),
            paid_until: held.paid_until,
            auto_renew: held.auto_renew,
            at_renewal,
        })
    }
}

/// What an account holds.
#[derive(Default)]
struct Held {
    plan: String,
    seats: Seats,
    paid_until: Option<Day>,
    auto_renew: bool,
}

/// What waits for the renewal and is left waiting by the order, where it is paid in the middle of a term.
fn waiting(scene: &Scene<'_>, kept: &Order, after: &Held) -> Option<Waiting> {
    let waits = scene.facts.scheduled.last()?;
    let left = left_by(scene, kept).filter(|_| kept.state.is_open());
    let next = match left {
        Some(Change::Schedule { change, .. }) => change?,
        _ => waits.change.clone(),
    };
    let name = &scene.facts.account.name;
    let withdraw = match &next.seats {
        Some(seats) => format!("seats set {name} {}", as_typed(&after.seats, seats)),
        None => format!("plan change {name} {}", after.plan),
    };
    Some(Waiting {
        asked_on: waits.asked_on,
        text: next_in_words(scene.catalog, &next),
        next,
        withdraw,
    })
}

/// Seats as `seats set` takes them, of the type that is to change: `13`, or `3 --type guest`.
fn as_typed(now: &Seats, next: &Seats) -> String {
    let changes = now
        .iter()
        .find(|(kind, count)| next.get(*kind) != Some(count));
    let (kind, count) = changes.or(now.iter().next()).unzip();
    let count = count.copied().unwrap_or_default();
    match kind.filter(|_| now.len() > 1) {
        Some(kind) => format!("{count} --type {kind}"),
        None => count.to_string(),
    }
}

fn held(scene: &Scene<'_>, kept: &Order) -> Option<Held> {
    let standing = scene.standing();
    if !kept.state.is_open() {
        return now(&standing);
    }
    let settlement = Settlement::none(kept);
    let changes = fulfil(scene, kept, settlement, None).ok()?;
    let mut after = now(&standing).unwrap_or(Held {
        auto_renew: standing.auto_renew,
        ..Held::default()
    });
    let mut cancelled = standing.state == State::Cancelling;
    for change in changes {
        match change {
            Change::AddTerm { term, .. } => {
                let begins = term.span.start <= scene.on();
                if let Some(slice) = term
                    .slices
                    .first()
                    .filter(|_| begins || after.plan.is_empty())
                {
                    after.plan.clone_from(&slice.plan);
                    after.seats.clone_from(&slice.seats);
                }
                after.paid_until = later(after.paid_until, term.span.end, kept);
            }
            Change::AddSlice { slice, .. } => {
                after.plan = slice.plan;
                after.seats = slice.seats;
            }
            Change::Switch { switched, .. } if switched.switch == Switch::AutoRenew => {
                after.auto_renew = switched.on;
            }
            Change::Switch { switched, .. } if switched.switch == Switch::Cancel => {
                cancelled = switched.on;
            }
            _ => {}
        }
    }
    after.auto_renew &= !cancelled;
    (!after.plan.is_empty()).then_some(after)
}

fn later(before: Option<Day>, end: Day, kept: &Order) -> Option<Day> {
    match kept.terms().any(|term| term.replaces) {
        true => Some(end),
        false => before.max(Some(end)),
    }
}

fn now(standing: &Standing<'_>) -> Option<Held> {
    standing.slice.map(|slice| Held {
        plan: slice.plan.clone(),
        seats: slice.seats.clone(),
        paid_until: standing.paid_until,
        auto_renew: standing.renews_by_itself(),
    })
}
