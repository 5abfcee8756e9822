//! From the facts of an order to the shape that outsiders see.

use super::order::{Afterwards, Effect, Line, Order, Payment};
use crate::billing::allot::{Sharing, equally};
use crate::billing::entitlement::features_lost;
use crate::billing::order::{self, NewTerm, Order as Kept, Part};
use crate::billing::scene::{Scene, seats_in_words};

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
            afterwards: Afterwards::of(scene, kept),
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
