//! May this change happen, and what does it cost? Every order is priced here, and nowhere else.
//!
//! A [`Wish`] is what somebody asks for, in any combination. [`quote`] finds out what kind of order that is,
//! checks it in a fixed order, and gives back a priced order or a change that waits for the renewal.

mod add_on;
mod add_on_check;
mod asked;
pub mod billed_seats;
mod change;
mod draft;
mod extend;
mod give_back;
mod offer;
mod purchase;
mod seat_count;
mod seat_input;
mod seats;
mod time;
mod waits;
mod way;

pub use draft::{collecting_order, renewal_order};
pub use offer::{Offer, Offered, offers};
pub use seat_input::gives_seats_up;
pub use waits::left_by;
pub use way::{check_method, methods_for};

use super::account::{Discount, NextTerm};
use super::calendar::Period;
use super::catalog::Catalog;
use super::money::Money;
use super::order::{Line, Order};
use super::policy::OrderKind;
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::term::Seats;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody asks for. What is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Wish {
    /// A plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// A period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Seats in all, by type; an empty type is the plan's usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<Seats>,
    /// Seats more (or fewer, below zero) than now, by type; an empty type is the plan's usual one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub more_seats: BTreeMap<String, i64>,
    /// A further term behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extend: Option<Period>,
    /// Add-ons with their quantity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_ons: Vec<(String, u32)>,
    /// The period of the add-ons, where they have one of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_on_period: Option<Period>,
    /// How it is to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// In how many parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instalments: Option<u32>,
    /// A discount for this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// A negotiated price of one unit of the plan for the whole period, in major units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// The total that the person was shown; another one is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_total: Option<Money>,
}

impl Wish {
    /// What is asked for, as a person who reads a case needs it: `the plan Base, for 6 months, 2 seats in all`.
    pub fn in_words(&self, catalog: &Catalog) -> String {
        let unit = &catalog.unit;
        let kind_of = |kind: &str| match kind {
            "" => String::new(),
            kind => format!("{kind} "),
        };
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        let mut words = Vec::new();
        words.extend(self.plan.as_ref().map(|id| {
            let plan = catalog.plan(id);
            format!("the plan {}", plan.map_or(id, |plan| &plan.name))
        }));
        words.extend(self.period.map(|period| format!("for {period}")));
        for (kind, count) in self.seats.iter().flatten() {
            words.push(format!(
                "{count} {}{unit}{} in all",
                kind_of(kind),
                plural(u64::from(*count))
            ));
        }
        for (kind, count) in &self.more_seats {
            let side = if *count < 0 { "fewer" } else { "more" };
            let (count, kind) = (count.unsigned_abs(), kind_of(kind));
            words.push(format!("{count} {kind}{unit}{} {side}", plural(count)));
        }
        words.extend(
            self.extend
                .map(|period| format!("an extension of {period}")),
        );
        let add_ons = self.add_ons.iter();
        words.extend(add_ons.map(|(id, quantity)| {
            let add_on = catalog.add_on(id);
            format!("{quantity} × {}", add_on.map_or(id, |add_on| &add_on.name))
        }));
        words.extend(self.method.as_ref().map(|id| {
            let method = catalog.method(id);
            format!("paid by {}", method.map_or(id, |method| &method.name))
        }));
        words.join(", ")
    }
}

/// The answer to a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quoted {
    /// A priced order.
    Order(Box<Order>),
    /// Nothing to pay now: the next term will be different.
    Later(NextTerm),
}

/// Prices a wish.
///
/// # Errors
/// A rule says no.
pub fn quote(scene: &Scene<'_>, wish: &Wish) -> Result<Quoted, Refusal> {
    let wish = &seat_input::spelled_out(scene, wish)?;
    let parts = [
        wish.plan.is_some() || wish.period.is_some(),
        wish.seats.is_some(),
        wish.extend.is_some(),
        !wish.add_ons.is_empty(),
    ];
    if parts.iter().all(|part| !part) {
        let message = format!(
            "Nothing is asked for: name a plan, {}s, a period or an add-on.",
            scene.catalog.unit
        );
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    let quoted = match scene.standing().is_paid() {
        false if wish.extend.is_some() => extend::quote(scene, wish)?,
        false if parts == [false, false, false, true] => add_on::quote(scene, wish)?,
        false => purchase::quote(scene, wish)?,
        true => match running(scene, wish, parts) {
            Ok(Quoted::Later(next)) => waits::joined(scene, next)?,
            Err(refusal) if refusal.code == Code::NothingToChange => {
                waits::taken_back(scene, wish).unwrap_or(Err(refusal))?
            }
            other => other?,
        },
    };
    if let (Quoted::Order(order), Some(expected)) = (&quoted, wish.expected_total)
        && order.total != expected
    {
        return Err(total_changed(order.total, expected));
    }
    Ok(quoted)
}

/// Somebody has seen another total than there is now.
pub fn total_changed(total: Money, expected: Money) -> Refusal {
    let message = format!("The total is {total} now, not {expected} as expected.");
    Refusal::new(Code::TotalChanged, message)
        .say("Look at the new price with --dry-run, then order again.")
}

/// A wish while paid time runs.
fn running(scene: &Scene<'_>, wish: &Wish, parts: [bool; 4]) -> Result<Quoted, Refusal> {
    let [plan, seats, extends, add_ons] = parts;
    let asked = [plan, seats, extends, add_ons]
        .into_iter()
        .filter(|part| *part)
        .count();
    if asked > 1 && !scene.policy.order.parts_together {
        not_anew(scene, wish)?;
        let message = format!(
            "Plan, {}s, extension and add-ons must be ordered one by one.",
            scene.catalog.unit
        );
        return Err(Refusal::new(Code::PartsNotTogether, message)
            .because(scene.policy, "order.parts_together", "false")
            .say("Place one order, pay it, then place the next."));
    }
    if plan && (seats || add_ons) && is_as_now(scene, wish) {
        let edit = Wish {
            plan: None,
            period: None,
            ..wish.clone()
        };
        return running(scene, &edit, [false, seats, extends, add_ons]);
    }
    match (plan, seats, extends, add_ons) {
        (_, _, true, false) if !plan && !seats => extend::quote(scene, wish),
        (_, _, true, _) => {
            let message = "An extension is an order of its own.";
            Err(Refusal::new(Code::PartsNotTogether, message).say(format!(
                "Extend first, pay, then change plan or {}s.",
                scene.catalog.unit
            )))
        }
        (true, _, false, _) => change::quote(scene, wish),
        (false, true, false, _) => seats::quote(scene, wish),
        (false, false, false, _) => add_on::quote(scene, wish),
    }
}

/// Whoever names plan, period and seats while paid time runs wants to buy what is there already (K24-28).
fn not_anew(scene: &Scene<'_>, wish: &Wish) -> Result<(), Refusal> {
    let (Some(plan), Some(_), Some(_)) = (&wish.plan, &wish.period, &wish.seats) else {
        return Ok(());
    };
    let Err(refusal) = scene.check_kind(OrderKind::Purchase) else {
        return Ok(());
    };
    let now = scene.standing();
    let name = &scene.facts.account.name;
    let until = now.paid_until.map(|day| format!(", paid until {day}"));
    let refusal = Refusal {
        message: format!(
            "{name} has a subscription already{}, and then a purchase cannot be ordered.",
            until.unwrap_or_default()
        ),
        help: Vec::new(),
        route: None,
        ..refusal
    };
    let rank = |id: &str| scene.catalog.plan(id).map(|plan| plan.rank);
    let kind = match rank(plan) < now.plan().and_then(rank) {
        true => OrderKind::Downgrade,
        false => OrderKind::Upgrade,
    };
    let other = now.plan() != Some(plan.as_str()) && scene.check_kind(kind).is_ok();
    Err(match other {
        true => refusal.run(format!("plan change {name} {plan}")),
        false => refusal.run(format!("account show {name}")),
    })
}

/// Whether plan and period of a wish are those that run: then only its seats and add-ons are a change (KA-1).
fn is_as_now(scene: &Scene<'_>, wish: &Wish) -> bool {
    let now = scene.standing();
    let plan = wish.plan.as_deref();
    plan.is_none_or(|plan| now.plan() == Some(plan))
        && wish
            .period
            .is_none_or(|period| now.term.is_some_and(|term| term.period == period))
}

/// Credit lines for everything that was billed for paid time that is not used yet. `key` is the policy's that they
/// come from, with its value.
///
/// # Errors
/// An amount is too large.
pub fn unused_lines(scene: &Scene<'_>, key: (&str, &str)) -> Result<Vec<Line>, Refusal> {
    let mut draft = draft::Draft::of(OrderKind::Downgrade);
    for term in scene.paid_terms() {
        if let Some(slice) = term.slice_on(scene.on()) {
            give_back::give_back(scene, &mut draft, (slice, term), key)?;
        }
    }
    give_back::of_add_ons(scene, &mut draft, key)?;
    Ok(draft.lines)
}

/// The order that brings a subscription back after its end: the plan, seats and period it had, from the day
/// of the payment on.
///
/// # Errors
/// It was never subscribed, the plan is not sold any more, or an amount is too large.
pub fn reactivation_order(scene: &Scene<'_>) -> Result<Order, Refusal> {
    extend::again(scene)
}

#[cfg(test)]
mod restart_tests;
