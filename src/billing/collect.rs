//! Collecting an order: may it be paid now, how much of it, and what each answer of a gateway brings.

use super::account::SavedMethod;
use super::apply::{carried, check_enough, from_balance, owed};
use super::change::Change;
use super::deferred;
use super::fresh::check_fresh;
use super::fulfil::{fulfil, message, take_effect};
use super::invoicing::{self, Settlement};
use super::money::Money;
use super::order::{Order, OrderState, Part};
use super::payment::{Answer, Payment, PaymentKind, PaymentState, looks_like_card};
use super::policy::OrderKind;
use super::quote::{check_method, methods_for};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::stated;

/// How an order is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Way<'a> {
    /// Another method than the order's.
    pub method: Option<&'a str>,
    /// What the processor calls the means of payment, or the payment that a person has seen.
    pub reference: Option<&'a str>,
    /// What has arrived, where that is not what was to be paid.
    pub amount: Option<Money>,
}

/// Who knows that money has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// The provider that was asked: its reference names the means of payment.
    Provider,
    /// A person who has seen it: his reference names this one payment.
    Person,
}

/// A collection that may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The order with its method and what the balance pays.
    pub order: Order,
    /// The attempt, if there is anything left to pay.
    pub payment: Option<Payment>,
}

/// What placing an order brings: the order itself, and what does not wait for a payment.
///
/// # Errors
/// An amount is too large.
pub fn place(scene: &Scene<'_>, order: &Order) -> Result<Vec<Change>, Refusal> {
    let deferred = order.deferred_until().is_some();
    if order.total.minor <= 0 || !deferred && carried(scene, order.total).is_some() {
        let from_balance = Money::of(order.total.minor.max(0), order.currency);
        let whole = Order {
            parts: waiting(&order.parts),
            from_balance,
            ..order.clone()
        };
        let settlement = Settlement {
            from_balance,
            ..Settlement::none(order)
        };
        let kept = Order {
            from_balance,
            ..order.clone()
        };
        let mut changes = vec![Change::AddOrder(Box::new(kept))];
        changes.extend(fulfil(scene, &whole, settlement, None)?);
        return Ok(changes);
    }
    let mut changes = vec![Change::AddOrder(Box::new(order.clone()))];
    let mut next = scene.facts.next.clone();
    if stated::with_the_order(scene) && !deferred {
        let none = Settlement::none(order);
        changes.extend(invoicing::issue(scene, order, none, &mut next)?.1);
    }
    let ahead = order.parts.iter().filter(|part| part.is_ahead());
    let ahead: Vec<Part> = ahead.cloned().collect();
    if !ahead.is_empty() {
        let at_once = Order {
            parts: waiting(&ahead),
            ..order.clone()
        };
        changes.extend(take_effect(scene, &at_once, &mut next));
    }
    Ok(changes)
}

/// Parts as if none had taken effect ahead of the payment: what is done now is done once.
fn waiting(parts: &[Part]) -> Vec<Part> {
    let mut parts = parts.to_vec();
    for part in &mut parts {
        if let Part::Change { in_effect, .. } = part {
            *in_effect = false;
        }
    }
    parts
}

/// Checks whether an order may be paid now, and what is left to pay after the balance.
///
/// # Errors
/// It is not open, lapsed, priced for another subscription, or its method cannot be used.
pub fn begin(scene: &Scene<'_>, order: &Order, way: &Way<'_>) -> Result<Begun, Refusal> {
    check_open(scene, order)?;
    deferred::check_alone(scene, order)?;
    check_fresh(scene, order)?;
    if way.reference.is_some_and(looks_like_card) {
        let message = "The reference looks like a card number, and card numbers are never kept.";
        return Err(Refusal::new(Code::CardNumberNotKept, message)
            .say("Give the processor's reference of the payment or of the saved card."));
    }
    let mut order = order.clone();
    let owed = owed(scene, &order);
    order.from_balance = from_balance(scene, owed);
    let due = owed.minus(order.from_balance)?;
    if due.minor <= 0 {
        return Ok(Begun {
            order,
            payment: None,
        });
    }
    let due = match way.amount {
        Some(arrived) => {
            check_enough(&order, due, arrived)?;
            // What is too much comes into the balance.
            order.from_balance = owed.minus(arrived)?;
            arrived
        }
        None => due,
    };
    order.method = Some(method_for(scene, &order, way)?);
    let before = scene
        .facts
        .payments
        .iter()
        .filter(|paid| paid.order == Some(order.id))
        .count();
    let attempt = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    let payment = Payment {
        id: scene.facts.next.payment,
        account: order.account,
        order: Some(order.id),
        invoice: None,
        kind: PaymentKind::Charge,
        method: order.method.clone().unwrap_or_default(),
        key: format!("order/{}/{attempt}", order.number()),
        reference: charged(scene, &order, way),
        amount: due,
        begun_at: scene.at,
        settled_at: None,
        state: PaymentState::Sent,
        reason: None,
        attempt,
    };
    Ok(Begun {
        order,
        payment: Some(payment),
    })
}

/// What is charged: what was named, or what is on file for the order's method.
fn charged(scene: &Scene<'_>, order: &Order, way: &Way<'_>) -> Option<String> {
    let on_file = scene.facts.method.as_ref();
    let saved = on_file.filter(|saved| Some(&saved.method) == order.method.as_ref());
    way.reference
        .or(saved.map(|saved| saved.reference.as_str()))
        .map(str::to_owned)
}

/// Records that a collection has begun, before anybody outside is asked.
pub fn record(scene: &Scene<'_>, begun: &Begun) -> Vec<Change> {
    let order = &begun.order;
    let mut changes = vec![Change::SetOrderPayment {
        order: order.id,
        method: order.method.clone(),
        instalments: order.instalments,
        from_balance: order.from_balance,
    }];
    if let Some(payment) = &begun.payment {
        changes.push(Change::AddPayment(Box::new(payment.clone())));
        let (state, at) = (OrderState::Processing, scene.at);
        changes.push(Change::SetOrder {
            order: order.id,
            state,
            at,
        });
    }
    changes
}

/// What the answer of a gateway brings.
///
/// # Errors
/// An amount is too large.
pub fn answered(
    scene: &Scene<'_>,
    order: &Order,
    payment: Option<&Payment>,
    (answer, witness): (&Answer, Witness),
) -> Result<Vec<Change>, Refusal> {
    let set = |state, reference: Option<&String>, reason: Option<&String>| {
        payment.map(|payment| Change::SetPayment {
            payment: payment.id,
            state,
            at: scene.at,
            reference: reference.cloned(),
            reason: reason.cloned(),
            invoice: None,
        })
    };
    match answer {
        Answer::Paid { reference } => {
            let mut changes: Vec<Change> = set(PaymentState::Paid, Some(reference), None)
                .into_iter()
                .collect();
            let settlement = Settlement {
                paid: payment.map_or(Money::zero(order.currency), |payment| payment.amount),
                payment: payment.map(|payment| payment.id),
                from_balance: order.from_balance,
            };
            let saved = payment.map(|payment| SavedMethod {
                method: payment.method.clone(),
                reference: kept_reference(scene, payment).unwrap_or_else(|| reference.clone()),
                saved_on: scene.on(),
            });
            let saved = saved.filter(|_| !pays_once(scene, witness));
            changes.extend(fulfil(scene, order, settlement, saved)?);
            Ok(changes)
        }
        Answer::Declined { reason } => {
            let mut changes: Vec<Change> = set(PaymentState::Declined, None, Some(reason))
                .into_iter()
                .collect();
            let (state, at) = (OrderState::Pending, scene.at);
            changes.push(Change::SetOrder {
                order: order.id,
                state,
                at,
            });
            // Of a renewal nobody sees the answer; whether and when a message tells is the policy's.
            if order.kind != OrderKind::Renewal {
                let attempt = payment.map_or(1, |payment| payment.attempt);
                let about = format!("{}/{attempt}", order.number());
                changes.push(Change::AddMessage(message(
                    scene,
                    "payment_declined",
                    about,
                )));
            }
            Ok(changes)
        }
        Answer::Pending { reference } => {
            let charged = payment.and_then(|payment| payment.reference.as_ref());
            let set = set(PaymentState::Processing, charged.or(Some(reference)), None);
            Ok(set.into_iter().collect())
        }
        Answer::Unknown { .. } => Ok(Vec::new()),
    }
}

/// Whether a payment leaves what is on file there: a person has seen it, and the seller does not take the details of
/// a paid order for those of the next ones (FK-34 does).
pub fn pays_once(scene: &Scene<'_>, witness: Witness) -> bool {
    let renewal = &scene.policy.renewal;
    witness == Witness::Person && scene.facts.method.is_some() && !renewal.new_method_turns_on
}

/// What the processor calls the means of payment: as it was given, or as it is on file already.
fn kept_reference(scene: &Scene<'_>, payment: &Payment) -> Option<String> {
    let on_file = scene.facts.method.as_ref();
    let same = on_file.filter(|saved| saved.method == payment.method);
    let given = payment.reference.clone();
    given.or_else(|| same.map(|saved| saved.reference.clone()))
}

fn check_open(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    let number = order.number();
    let lapsed = order.has_lapsed_by(scene.on());
    match order.state {
        OrderState::Pending if lapsed => Err(too_late(scene, order)),
        OrderState::Pending => Ok(()),
        OrderState::Processing => {
            let message = format!("A payment of {number} is on its way.");
            Err(until_it_ends(
                scene,
                order.id,
                Refusal::new(Code::OrderNotOpen, message),
            ))
        }
        OrderState::Paid | OrderState::Failed | OrderState::Cancelled | OrderState::Lapsed => {
            let message = format!("{number} is {}.", order.state.name());
            Err(Refusal::new(Code::OrderNotOpen, message).run(format!("order show {number}")))
        }
    }
}

/// Why an order cannot be paid any more: its days are over, the bill day on which its term was to end has come,
/// or nothing is left of what its invoice asks for.
fn too_late(scene: &Scene<'_>, order: &Order) -> Refusal {
    let number = order.number();
    let day = order
        .lapses_on
        .map(|day| day.to_string())
        .unwrap_or_default();
    let policy = scene.policy;
    let bill_day = order
        .terms()
        .find_map(|term| term.ends)
        .filter(|ends| Some(*ends) == order.lapses_on);
    let stated = stated::asked_by(scene, order)
        .filter(|_| order.lapses_on.is_some() && stated::over_on(&order.lines) == order.lapses_on);
    let refusal = match (bill_day, stated) {
        (Some(_), _) => {
            let message = format!("{number} was for a term until {day}, and that is over.");
            let anchor = policy.term.anchor.name();
            Refusal::new(Code::OrderNotOpen, message).because(policy, "term.anchor", anchor)
        }
        (None, Some(invoice)) => {
            let asks = &invoice.number;
            let message = format!(
                "{asks} asks for service until {day}, and that is over, so {number} cannot be paid."
            );
            Refusal::new(Code::OrderNotOpen, message).because(policy, "invoice.issue", "order")
        }
        (None, None) => {
            let days = policy.order.lapse_days.map(|days| days.to_string());
            let message = format!("{number} was to be paid before {day}.");
            let days = days.unwrap_or_default();
            Refusal::new(Code::OrderNotOpen, message).because(policy, "order.lapse_days", days)
        }
    };
    refusal.say("Place the order again, at the price of today.")
}

/// Names the commands that end a payment that is on its way: asking its provider, and, where nobody but a
/// person can know, saying that its money was seen.
pub(super) fn until_it_ends(scene: &Scene<'_>, order: i64, refusal: Refusal) -> Refusal {
    let payments = scene.facts.payments.iter();
    let Some(open) = payments
        .rev()
        .find(|payment| payment.order == Some(order) && payment.state.is_open())
    else {
        return refusal.run("payment settle");
    };
    let method = scene.catalog.method(&open.method);
    let refusal = match method.is_some_and(|method| method.gateway == "manual") {
        true => refusal.run(format!(
            "order pay {} --reference TEXT",
            super::order::number(order)
        )),
        false => refusal,
    };
    refusal.run(format!("payment settle {}", open.number()))
}

/// The first method that the account can pay by.
fn first_method<'a>(scene: &Scene<'a>) -> &'a str {
    let offered = methods_for(scene);
    offered.first().map_or("METHOD", |method| &method.id)
}

fn method_for(scene: &Scene<'_>, order: &Order, way: &Way<'_>) -> Result<String, Refusal> {
    let number = order.number();
    let locked = scene.policy.order.method_locked;
    match (&order.method, way.method) {
        (Some(ordered), Some(wanted)) if ordered != wanted && locked => {
            let message = format!("{number} is to be paid by {ordered}, and that is fixed.");
            Err(Refusal::new(Code::MethodLocked, message)
                .because(scene.policy, "order.method_locked", "true")
                .run(format!("order cancel {number}")))
        }
        (None, None) => {
            let message = format!("{number} has no payment method yet.");
            Err(Refusal::new(Code::NoMethod, message).run(format!(
                "order pay {number} --method {}",
                first_method(scene)
            )))
        }
        (ordered, wanted) => {
            let id = wanted.or(ordered.as_deref()).unwrap_or_default();
            check_method(scene, id).map(|method| method.id.clone())
        }
    }
}

#[cfg(test)]
#[path = "collect_tests.rs"]
mod tests;
