//! What has to happen by a moment and has not happened yet: reminders, renewal orders, charges, retries,
//! lapses. A pure function of facts and the moment.
//!
//! Nothing remembers what time has brought: the orders, payments, messages and cases among the facts show
//! it. So a run that was killed is simply run again, and a second run finds nothing.

mod act;
mod advance;
mod charge;
mod collecting;
pub mod play;
mod renewal;
mod steps;

use super::account::Facts;
use super::calendar::{Day, Moment};
use super::catalog::Catalog;
use super::order::{self, Order, OrderState};
use super::payment::PaymentKind;
use super::policy::{OrderKind, Policy, Situation};
use super::timeline::{Anchor, Step, When};
use std::fmt;

pub use act::{Act, act};
pub use advance::{Advanced, Ground, advance, answer};
pub(crate) use charge::span_of_retries;
pub use charge::{exhausted, next_attempt};
pub use renewal::auto_renew;

/// One thing that time brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day it belongs to.
    pub on: Day,
    /// What it is.
    pub what: What,
}

/// What time brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A payment whose end nobody knows is asked about again, under its own key.
    Settle {
        /// Which payment.
        payment: i64,
    },
    /// An order that was not paid in time can no longer be paid.
    Lapse {
        /// Which order.
        order: i64,
    },
    /// A message goes into the outbox.
    Message {
        /// Which one.
        kind: String,
        /// What makes it one of its kind.
        about: String,
    },
    /// The renewal order is made.
    Order {
        /// The end of the paid time that it follows.
        renews: Day,
        /// The first day that it orders, as it looks before it is made: after a stop, not the end.
        from: Day,
        /// An unpaid one that no longer fits what the next term is to be, and that it replaces.
        replaces: Option<i64>,
    },
    /// One order asks for the money of seats that waited for the day.
    CollectSeats {
        /// The day until which they waited.
        until: Day,
    },
    /// The renewal order is charged to the method on file.
    Charge {
        /// The order, once it is made.
        order: Option<i64>,
        /// The first day of the term it is for.
        renews: Day,
        /// Which attempt, from 1.
        attempt: u32,
    },
    /// The last attempt has failed, and the order with it.
    GiveUp {
        /// Which order.
        order: i64,
    },
    /// A case for the seller's people.
    Case {
        /// What it is about.
        about: Situation,
        /// In words; opened once for these words.
        text: String,
    },
}

impl What {
    /// The name in documents and counts.
    pub fn name(&self) -> &'static str {
        match self {
            What::Settle { .. } => "settle",
            What::Lapse { .. } => "lapse",
            What::Message { .. } => "message",
            What::Order { .. } => "order",
            What::CollectSeats { .. } => "collect_seats",
            What::Charge { attempt: 1, .. } => "charge",
            What::Charge { .. } => "retry",
            What::GiveUp { .. } => "give_up",
            What::Case { .. } => "case",
        }
    }

    /// Of two things on one day, which comes first.
    fn rank(&self) -> u8 {
        match self {
            What::Settle { .. } => 0,
            What::Lapse { .. } => 1,
            What::Message { .. } => 2,
            What::Order { .. } => 3,
            What::CollectSeats { .. } => 4,
            What::Charge { .. } => 5,
            What::GiveUp { .. } => 6,
            What::Case { .. } => 7,
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Settle { payment } => write!(f, "ask about payment P-{payment:06} again"),
            What::Lapse { order } => write!(f, "{} lapses", order::number(*order)),
            What::Message { kind, .. } => write!(f, "message {kind}"),
            What::Order {
                renews,
                from,
                replaces,
            } => {
                write!(f, "renewal order from {from}")?;
                if let Some(old) = replaces {
                    write!(f, " in place of {}", order::number(*old))?;
                }
                match from == renews {
                    true => Ok(()),
                    false => write!(f, ", behind paid time that ended on {renews}"),
                }
            }
            What::CollectSeats { until } => write!(f, "one order for seats added before {until}"),
            What::Charge { order, attempt, .. } => {
                let order = order.map_or_else(|| "the renewal order".to_owned(), order::number);
                write!(f, "charge {order}, attempt {attempt}")
            }
            What::GiveUp { order } => write!(f, "{} fails", order::number(*order)),
            What::Case { text, .. } => write!(f, "case: {text}"),
        }
    }
}

/// Everything that is to happen as the facts stand, past and future, in order of date. What depends on the
/// outcome of a charge follows once that outcome is among the facts.
pub fn agenda(facts: &Facts, catalog: &Catalog, policy: &Policy, at: Moment) -> Vec<Due> {
    let mut all = Vec::new();
    open_payments(facts, &mut all);
    if facts
        .account
        .closed_on
        .is_none_or(|closed| at.date() < closed)
    {
        lapses(facts, &mut all);
        collecting::order(facts, policy, &mut all);
        steps::trial(facts, policy, at, &mut all);
        if let Some(renewal) = renewal::Renewal::of(facts, catalog, policy, at) {
            renewal.order(&mut all);
            renewal.charge(&mut all);
            collecting::charge(&renewal, catalog, &mut all);
            steps::term(&renewal, &mut all);
        }
    }
    all.sort_by_key(|due| (due.on, due.what.rank()));
    all
}

/// What was done, in words: where that was an order, with the first day that it asks for.
pub fn done_in_words(what: &What, facts: &Facts) -> String {
    let What::Order {
        renews, replaces, ..
    } = what
    else {
        return what.to_string();
    };
    let made = facts
        .orders
        .iter()
        .rfind(|order| order.renews == Some(*renews));
    let starts = made.and_then(|order| order.terms().filter_map(|term| term.starts).min());
    let from = starts.unwrap_or(*renews);
    What::Order {
        renews: *renews,
        from,
        replaces: *replaces,
    }
    .to_string()
}

/// What has to happen by a moment and has not happened yet, in order of date.
pub fn due(facts: &Facts, catalog: &Catalog, policy: &Policy, at: Moment) -> Vec<Due> {
    let mut all = agenda(facts, catalog, policy, at);
    all.retain(|due| due.on <= at.date());
    all
}

/// The first day on which [`due`] could be other than empty.
pub fn next_due(facts: &Facts, catalog: &Catalog, policy: &Policy, at: Moment) -> Option<Day> {
    agenda(facts, catalog, policy, at)
        .first()
        .map(|first| first.on)
}

/// Steps from a day on that were missed for longer than the policy catches up, in words.
pub fn skipped(
    facts: &Facts,
    catalog: &Catalog,
    policy: &Policy,
    at: Moment,
    since: Day,
) -> Vec<String> {
    let Some(renewal) = renewal::Renewal::of(facts, catalog, policy, at) else {
        return Vec::new();
    };
    steps::skipped(&renewal, since)
}

/// Payments of renewals whose end is not known.
fn open_payments(facts: &Facts, all: &mut Vec<Due>) {
    let renewals = facts
        .orders
        .iter()
        .filter(|order| made_by_time(order) && order.state.is_open());
    for order in renewals {
        let open = facts.payments.iter().filter(|payment| {
            payment.order == Some(order.id)
                && payment.kind == PaymentKind::Charge
                && payment.state.is_open()
        });
        all.extend(open.map(|payment| Due {
            on: payment.begun_at.date(),
            what: What::Settle {
                payment: payment.id,
            },
        }));
    }
}

/// Whether nobody sees the answer to its charge: time has made the order.
pub(super) fn made_by_time(order: &Order) -> bool {
    order.kind == OrderKind::Renewal || order.collects().next().is_some()
}

fn lapses(facts: &Facts, all: &mut Vec<Due>) {
    let pending = facts
        .orders
        .iter()
        .filter(|order| order.state == OrderState::Pending);
    all.extend(pending.filter_map(|order| {
        order.lapses_on.map(|on| Due {
            on,
            what: What::Lapse { order: order.id },
        })
    }));
}

/// What makes a message of a step one of its kind: the day it is about, and the offset where several steps
/// send the same message.
fn about(policy: &Policy, step: &Step, anchor: Day) -> String {
    let same = policy
        .timeline
        .iter()
        .filter(|other| other.anchor == step.anchor && other.message == step.message);
    match same.count() {
        0 | 1 => anchor.to_string(),
        _ => format!("{anchor}{:+}", step.days),
    }
}

/// A step's condition, as far as the account's facts decide it.
fn holds(when: When, auto_renew: bool, facts: &Facts) -> bool {
    match when {
        // A paid renewal moves the anchor, so what is anchored here is not paid.
        When::Always | When::Unpaid => true,
        When::AutoRenew => auto_renew,
        When::NoAutoRenew => !auto_renew,
        When::NoMethod => facts.method.is_none(),
    }
}

/// The words of a case that a step opens.
fn case_text(step: &Step, anchor: Day) -> String {
    let days = step.days.unsigned_abs();
    let unit = if days == 1 { "day" } else { "days" };
    let place = match step.days {
        0 => "on the day of".to_owned(),
        before if before < 0 => format!("{days} {unit} before"),
        _ => format!("{days} {unit} after"),
    };
    let what = match step.anchor {
        Anchor::TermEnd => "the end of the paid term",
        Anchor::FirstFailure => "the first failed charge",
        Anchor::TrialEnd => "the end of the trial",
    };
    match &step.message {
        Some(text) => format!("{text} ({place} {what}, {anchor})"),
        None => format!("Not paid {place} {what}, {anchor}."),
    }
}

#[cfg(test)]
mod late_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
