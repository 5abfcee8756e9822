//! From the facts of an order to the shape that outsiders see.

use super::order::{Afterwards, Effect, Line, Order, Payment, Waiting};
use crate::billing::account::Switch;
use crate::billing::allot::{Sharing, equally};
use crate::billing::calendar::Day;
use crate::billing::change::Change;
use crate::billing::entitlement::features_lost;
use crate::billing::fulfil::fulfil;
use crate::billing::invoicing::Settlement;
use crate::billing::order::{self, NewTerm, Order as Kept, Part};
use crate::billing::policy::State;
use crate::billing::quote::left_by;
use crate::billing::scene::{Scene, next_in_words, seats_in_words};
use crate::billing::standing::Standing;
use crate::billing::term::Seats;

impl Order {
    /// An order of the scene's account.
    pub fn of(scene: &Scene<'_>, kept: &Kept, invoice: Option<String>) -> Order {
        let parts = usize::try_from(kept.instalments.max(1)).unwrap_or(1);
        let instalments = equally(kept.due(), parts, Sharing::LastLine);
        Order {
            number: kept.number(),
            account: scene.facts.account.name.clone(),
            kind: kept.kind,
            state: kept.state,
            placed_at: kept.placed_at,
            settled_at: kept.settled_at,
            method: kept.method.clone(),
            instalments: instalments.into_iter().map(Into::into).collect(),
            effects: kept.parts.iter().map(|part| effect(scene, part)).collect(),
            lines: kept.lines.iter().map(Line::from).collect(),
            net: kept.net.into(),
            tax: kept.tax.into(),
            total: kept.total.into(),
            from_balance: kept.from_balance.into(),
            due: kept.due().into(),
            lapses_on: kept.lapses_on.filter(|_| kept.state.is_open()),
            invoice,
            payments: Vec::new(),
            afterwards: afterwards(scene, kept),
            loses: loses(scene, kept),
            reason: kept.reason.clone(),
        }
    }
}

/// One thing that takes effect with the payment, in words and as data.
fn effect(scene: &Scene<'_>, part: &Part) -> Effect {
    let named = |id: &str| {
        let plan = scene.catalog.plan(id).map(|plan| plan.name.clone());
        plan.or_else(|| scene.catalog.add_on(id).map(|add_on| add_on.name.clone()))
            .unwrap_or_else(|| id.to_owned())
    };
    let unit = &scene.catalog.unit;
    match part {
        Part::Term(term) => {
            let bonus = trial_days_left(scene).filter(|_| term.adds_trial_days);
            let how_long = match (term.stub, term.ends) {
                (Some(_), Some(ends)) => format!("until {ends}"),
                _ => term.period.to_string(),
            };
            let mut text = format!(
                "{} for {}, {how_long}",
                named(&term.plan),
                seats_in_words(&term.seats, unit)
            );
            if let Some(days) = bonus {
                let plural = if days == 1 { "" } else { "s" };
                text.push_str(&format!(", and {days} trial day{plural} on top"));
            }
            Effect {
                text,
                item: term.plan.clone(),
                period: Some(term.period),
                seats: Some(term.seats.clone()),
                quantity: None,
                bonus_days: bonus,
            }
        }
        Part::Change { plan, seats, .. } => Effect {
            text: format!("{} for {}", named(plan), seats_in_words(seats, unit)),
            item: plan.clone(),
            period: None,
            seats: Some(seats.clone()),
            quantity: None,
            bonus_days: None,
        },
        Part::Deferred { until } => {
            let sooner = match scene.policy.seats.add.collect_at_amount {
                Some(amount) => {
                    let currency = scene.facts.account.currency;
                    format!(", or once {amount} {currency} are waiting")
                }
                None => String::new(),
            };
            Effect::in_words(format!("asked for on {until}{sooner}, with other orders"))
        }
        Part::Collects { order } => {
            Effect::in_words(format!("{} is collected with it", order::number(*order)))
        }
        Part::AddOn {
            add_on,
            quantity,
            period,
            ..
        } => Effect {
            text: format!("{quantity} × {}", named(add_on)),
            item: add_on.clone(),
            period: Some(*period),
            seats: None,
            quantity: Some(*quantity),
            bonus_days: None,
        },
    }
}

/// The days of the trial that are left, if there are any.
fn trial_days_left(scene: &Scene<'_>) -> Option<u32> {
    let trials = scene.facts.trials.iter();
    let left = trials.map(|trial| trial.days_left(scene.on())).max()?;
    u32::try_from(left).ok().filter(|days| *days > 0)
}

/// What is true after payment: what the account is, with everything the order would bring.
fn afterwards(scene: &Scene<'_>, kept: &Kept) -> Option<Afterwards> {
    let mut after = unnamed(scene, kept)?;
    let plan = scene.catalog.plan(&after.plan);
    after.plan_name = plan.map_or_else(|| after.plan.clone(), |plan| plan.name.clone());
    after.unit.clone_from(&scene.catalog.unit);
    after.at_renewal = waiting(scene, kept, &after);
    Some(after)
}

/// What waits for the renewal and is left waiting by the order, where it is paid in the middle of a term.
fn waiting(scene: &Scene<'_>, kept: &Kept, after: &Afterwards) -> Option<Waiting> {
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

fn unnamed(scene: &Scene<'_>, kept: &Kept) -> Option<Afterwards> {
    let standing = scene.standing();
    if !kept.state.is_open() {
        return now(&standing);
    }
    let settlement = Settlement::none(kept);
    let changes = fulfil(scene, kept, settlement, None).ok()?;
    let mut after = now(&standing).unwrap_or(Afterwards {
        plan: String::new(),
        plan_name: String::new(),
        seats: Seats::new(),
        unit: String::new(),
        paid_until: None,
        auto_renew: standing.auto_renew,
        at_renewal: None,
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

fn later(before: Option<Day>, end: Day, kept: &Kept) -> Option<Day> {
    match kept.terms().any(|term| term.replaces) {
        true => Some(end),
        false => before.max(Some(end)),
    }
}

fn now(standing: &Standing<'_>) -> Option<Afterwards> {
    standing.slice.map(|slice| Afterwards {
        plan: slice.plan.clone(),
        plan_name: String::new(),
        seats: slice.seats.clone(),
        unit: String::new(),
        at_renewal: None,
        paid_until: standing.paid_until,
        auto_renew: standing.auto_renew && standing.state != State::Cancelling,
    })
}

/// Names of features that are on now and would be off with the ordered plan (K24-12).
fn loses(scene: &Scene<'_>, kept: &Kept) -> Vec<String> {
    let then = kept.parts.iter().find_map(|part| match part {
        Part::Term(NewTerm { plan, .. }) | Part::Change { plan, .. } => scene.catalog.plan(plan),
        Part::AddOn { .. } | Part::Deferred { .. } | Part::Collects { .. } => None,
    });
    let Some(then) = then else {
        return Vec::new();
    };
    features_lost(scene.facts, scene.policy, scene.catalog, then, scene.at)
}

impl Payment {
    /// A payment of an account's name; the invoice by its number.
    pub fn of(
        kept: &crate::billing::payment::Payment,
        account: &str,
        invoice: Option<String>,
    ) -> Payment {
        Payment {
            number: kept.number(),
            account: account.to_owned(),
            order: kept.order.map(order::number),
            invoice,
            kind: kept.kind,
            method: kept.method.clone(),
            reference: kept.reference.clone(),
            amount: kept.amount.into(),
            state: kept.state,
            reason: kept.reason.clone(),
            attempt: kept.attempt,
            begun_at: kept.begun_at,
            settled_at: kept.settled_at,
        }
    }
}
