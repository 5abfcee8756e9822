//! From the facts of an order to the shape that outsiders see.

use super::order::{Afterwards, Effect, Line, Order, Payment, Served, ServedBy};
use crate::billing::allot::{Sharing, equally};
use crate::billing::apply::expected;
use crate::billing::entitlement::features_lost;
use crate::billing::invoice::Invoice;
use crate::billing::order::{self, NewTerm, Order as Kept, OrderState, Part};
use crate::billing::refusal::Because;
use crate::billing::scene::{Scene, seats_in_words};
use crate::billing::stated;

impl Order {
    /// An order of the scene's account, and the document that came of it.
    pub fn of(scene: &Scene<'_>, kept: &Kept, invoice: Option<&Invoice>) -> Order {
        let parts = usize::try_from(kept.instalments.max(1)).unwrap_or(1);
        let (from_balance, due) = expected(scene, kept);
        let instalments = equally(due, parts, Sharing::LastLine);
        Order {
            number: kept.number(),
            unit: scene.catalog.unit.clone(),
            account: scene.facts.account.name.clone(),
            kind: kept.kind,
            state: kept.state,
            placed_at: kept.placed_at,
            settled_at: kept.settled_at,
            method: kept.method.clone(),
            instalments: instalments.into_iter().map(Into::into).collect(),
            effects: kept
                .parts
                .iter()
                .filter_map(|part| effect(scene, kept, part))
                .collect(),
            lines: kept.lines.iter().map(Line::from).collect(),
            net: kept.net.into(),
            tax: kept.tax.into(),
            total: kept.total.into(),
            from_balance: from_balance.into(),
            due: due.into(),
            lapses_on: kept.lapses_on.filter(|_| kept.state.is_open()),
            served: served(scene, kept, invoice),
            invoice: invoice.map(|invoice| invoice.number.clone()),
            payments: Vec::new(),
            afterwards: Afterwards::of(scene, kept),
            loses: loses(scene, kept),
            reason: kept.reason.clone(),
        }
    }
}

/// From when an order is served: where a document stated that before the payment, and where the payment of what
/// is invoiced with it came on a later day.
fn served(scene: &Scene<'_>, kept: &Kept, invoice: Option<&Invoice>) -> Option<Served> {
    let asked = invoice.is_some_and(|invoice| invoice.issued_on == kept.placed_at.date());
    let paid_on = kept.settled_at.map(|at| at.date());
    let told = match kept.state {
        OrderState::Pending | OrderState::Processing => true,
        OrderState::Paid => paid_on > Some(kept.placed_at.date()),
        OrderState::Failed | OrderState::Cancelled | OrderState::Lapsed => false,
    };
    let fixed = kept.stated_from().is_some() || asked;
    let from = stated::begins_on(kept).filter(|_| told)?;
    let by_payment = invoice.is_some() && paid_on == Some(from);
    let (by, value) = match (fixed, by_payment) {
        (true, _) => (ServedBy::Invoice, "order"),
        (false, true) => (ServedBy::Payment, "payment"),
        (false, false) => return None,
    };
    let key = "invoice.issue";
    let because = Because {
        key: key.to_owned(),
        value: value.to_owned(),
        rule: scene.policy.rule(key).map(str::to_owned),
        place: None,
    };
    Some(Served { from, by, because })
}

/// One thing that takes effect with the payment, in words and as data.
fn effect(scene: &Scene<'_>, kept: &Kept, part: &Part) -> Option<Effect> {
    let named = |id: &str| {
        let plan = scene.catalog.plan(id).map(|plan| plan.name.clone());
        plan.or_else(|| scene.catalog.add_on(id).map(|add_on| add_on.name.clone()))
            .unwrap_or_else(|| id.to_owned())
    };
    let unit = &scene.catalog.unit;
    Some(match part {
        // It is said of the whole order.
        Part::Stated { .. } => return None,
        Part::Term(term) => {
            // Once it is paid the trial is over, and its days stand in the term.
            let mut sold = scene.facts.terms.iter();
            let sold = sold.find(|sold| sold.order == Some(kept.id));
            let left = || sold.map_or_else(|| stated::trial_days(scene), |sold| sold.bonus_days);
            let bonus = term
                .adds_trial_days
                .then(|| term.bonus_days.unwrap_or_else(left));
            let bonus = bonus.filter(|days| *days > 0);
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
    })
}

/// Names of features that are on now and would be off with the ordered plan (K24-12).
fn loses(scene: &Scene<'_>, kept: &Kept) -> Vec<String> {
    let then = kept.parts.iter().find_map(|part| match part {
        Part::Term(NewTerm { plan, .. }) | Part::Change { plan, .. } => scene.catalog.plan(plan),
        Part::AddOn { .. }
        | Part::Deferred { .. }
        | Part::Collects { .. }
        | Part::Stated { .. } => None,
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
            note: None,
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
