//! Payments: collecting an order through a gateway, and asking again about answers that never came.
//!
//! Outside effects stay outside the gate. Where a provider must be asked, a charge is three steps: the
//! attempt is kept and committed; the provider is asked with the attempt's key; its answer is kept. A crash
//! between them leaves an attempt that the same call, or `payment settle`, finishes with the attempt's key.
//! Where a person has seen the money (the manual gateway), or nothing is left to pay, it is one step.

use super::load::{self, Seen, seen};
use super::order::{by_number, order_document};
use super::settle::{ask, told, unkept, unseen};
use super::terms::{Effect, Outcome};
use super::{Decision, Desk, Failure, Question, Request, Terms};
use crate::billing::apply;
use crate::billing::change::Change;
use crate::billing::collect::{self, Way, Witness};
use crate::billing::fulfil;
use crate::billing::late;
use crate::billing::money::Money;
use crate::billing::order::Order;
use crate::billing::payment::{Answer, Payment, PaymentKind};
use crate::billing::policy::Operation;
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use crate::gateway::Gateways;
use crate::store::{Filter, Reader};
use crate::wire::Document;
use serde::{Deserialize, Serialize};

/// Pays an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Pay {
    /// The order's number.
    pub order: String,
    /// Another method than the order's.
    #[serde(default)]
    pub method: Option<String>,
    /// The saved means of payment, or the payment that a person has seen.
    #[serde(default)]
    pub reference: Option<String>,
    /// The total that the person was shown, in minor units.
    #[serde(default)]
    pub expected_minor: Option<i64>,
    /// What has arrived, where a person has seen more than was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

/// What paying must know.
pub struct PayFacts {
    seen: Seen,
    order: Order,
}

impl Pay {
    fn load(&self, read: Reader<'_>, terms: &Terms) -> Result<PayFacts, Failure> {
        let order = by_number(read, &self.order)?;
        let name = read.account_name(order.account)?;
        Ok(PayFacts {
            seen: seen(read, &name, terms)?,
            order,
        })
    }

    fn way(&self) -> Way<'_> {
        Way {
            method: self.method.as_deref(),
            reference: self.reference.as_deref(),
            amount: self.amount,
        }
    }

    fn begin(&self, facts: &PayFacts, terms: &Terms) -> Result<collect::Begun, Refusal> {
        self.check(facts, terms)?;
        collect::begin(&facts.seen.scene(terms), &facts.order, &self.way())
    }

    /// The attempt that was on its way, where a person now says that he has seen its money.
    fn awaited<'f>(&self, facts: &'f PayFacts) -> Option<&'f Payment> {
        let open = facts.seen.facts.payments.iter().rfind(|payment| {
            let ours = payment.order == Some(facts.order.id);
            ours && payment.kind == PaymentKind::Charge && payment.state.is_open()
        })?;
        let same = self.method.as_ref().is_none_or(|id| *id == open.method);
        (same && self.reference.is_some() && self.amount.is_none()).then_some(open)
    }

    fn check(&self, facts: &PayFacts, terms: &Terms) -> Result<(), Refusal> {
        facts.seen.check(Operation::Order, terms)?;
        if let Some(expected) = self.expected_minor
            && expected != facts.order.total.minor
        {
            let message = format!("The total is {}, not as expected.", facts.order.total);
            return Err(
                Refusal::new(Code::TotalChanged, message).run(format!("order show {}", self.order))
            );
        }
        Ok(())
    }
}

/// An attempt to pay: the first of three steps, or all of them where the answer is known beforehand.
#[derive(Debug, Clone, Serialize)]
struct Attempt<'a> {
    #[serde(flatten)]
    pay: &'a Pay,
    #[serde(skip)]
    answer: Option<(Answer, Witness)>,
}

impl Request for Attempt<'_> {
    const NAME: &'static str = "order pay";
    type Facts = PayFacts;
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<PayFacts, Failure> {
        self.pay.load(read, terms)
    }

    fn decide(&self, facts: &PayFacts, terms: &Terms) -> Result<Decision<i64>, Refusal> {
        let scene = facts.seen.scene(terms);
        let begun = self.pay.begin(facts, terms)?;
        let mut changes = collect::record(&scene, &begun);
        if let Some((answer, witness)) = &self.answer {
            let payment = begun.payment.as_ref();
            let answer = (answer, *witness);
            changes.extend(collect::answered(&scene, &begun.order, payment, answer)?);
        }
        let decision = match (&self.answer, &begun.payment) {
            (Some((answer, witness)), Some(payment)) => {
                kept(changes, &scene, (&begun.order, payment), (answer, *witness))
            }
            _ => Decision::of(changes, facts.order.id),
        };
        Ok(match apply::carried(&scene, facts.order.total) {
            Some(left) if begun.payment.is_none() => {
                decision.note(apply::carry_in_words(&scene, left))
            }
            _ => decision,
        })
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
        order_document(read, terms, id)
    }

    fn account(&self, facts: &PayFacts) -> Option<i64> {
        Some(facts.order.account)
    }
}

/// What an answer brings, and what a person must hear where it is money.
fn kept(
    changes: Vec<Change>,
    scene: &Scene<'_>,
    (order, payment): (&Order, &Payment),
    (answer, witness): (&Answer, Witness),
) -> Decision<i64> {
    let mut decision = Decision::of(changes, order.id);
    if let Answer::Paid { .. } = answer {
        let stays = fulfil::stays_in_words(scene, order, (payment, witness));
        decision.notes.extend(stays);
    }
    decision
}

/// A person has seen the money of an attempt that was on its way.
#[derive(Debug, Clone, Serialize)]
struct Confirmed<'a> {
    #[serde(flatten)]
    pay: &'a Pay,
}

impl Request for Confirmed<'_> {
    const NAME: &'static str = "order pay";
    type Facts = PayFacts;
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<PayFacts, Failure> {
        self.pay.load(read, terms)
    }

    fn decide(&self, facts: &PayFacts, terms: &Terms) -> Result<Decision<i64>, Refusal> {
        let Some(payment) = self.pay.awaited(facts) else {
            self.pay.begin(facts, terms)?;
            let number = facts.order.number();
            let message = format!("The payment of {number} has ended meanwhile.");
            return Err(
                Refusal::new(Code::PaymentNotOpen, message).run(format!("order show {number}"))
            );
        };
        self.pay.check(facts, terms)?;
        let answer = Answer::Paid {
            reference: self.pay.reference.clone().unwrap_or_default(),
        };
        let scene = facts.seen.scene(terms);
        let answer = (&answer, Witness::Person);
        let changes = collect::answered(&scene, &facts.order, Some(payment), answer)?;
        Ok(kept(changes, &scene, (&facts.order, payment), answer))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
        order_document(read, terms, id)
    }

    fn account(&self, facts: &PayFacts) -> Option<i64> {
        Some(facts.order.account)
    }
}

/// The last of three steps, and of every later question: what became of an attempt.
#[derive(Debug, Clone, Serialize)]
pub struct Settle {
    /// The attempt's key in the store.
    pub payment: i64,
    /// What the provider answered.
    pub answer: Answer,
}

impl Request for Settle {
    const NAME: &'static str = "payment settle";
    type Facts = (Seen, Order, Payment);
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let missing = || Failure::not_found("payment", self.payment.to_string());
        let payment = read.payment(self.payment)?.ok_or_else(missing)?;
        let order = payment
            .order
            .map(|id| read.order(id))
            .transpose()?
            .flatten();
        let order = order.ok_or_else(missing)?;
        let name = read.account_name(order.account)?;
        Ok((seen(read, &name, terms)?, order, payment))
    }

    fn decide(
        &self,
        (seen, order, payment): &Self::Facts,
        terms: &Terms,
    ) -> Result<Decision<i64>, Refusal> {
        let paid = matches!(self.answer, Answer::Paid { .. });
        // Money that nobody waits for is no end of a payment.
        if !payment.takes(&self.answer) || paid && !order.state.is_open() {
            let message = format!("{} is {} already.", payment.number(), payment.state.name());
            return Err(Refusal::new(Code::PaymentNotOpen, message)
                .run(format!("order show {}", order.number())));
        }
        let scene = seen.scene(terms);
        if !order.state.is_open() {
            let brought = late::answered(&scene, payment, &self.answer);
            return Ok(Decision::of(brought.changes, order.id));
        }
        let answer = (&self.answer, Witness::Provider);
        let changes = collect::answered(&scene, order, Some(payment), answer)?;
        Ok(kept(changes, &scene, (order, payment), answer))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
        order_document(read, terms, id)
    }

    fn account(&self, facts: &Self::Facts) -> Option<i64> {
        Some(facts.1.account)
    }
}

impl Desk {
    /// Pays an order: at once, or in three steps where a provider must be asked.
    ///
    /// # Errors
    /// A refusal; a decline, which is one too; or [`Failure::Unsettled`] when the answer is not known yet.
    pub fn pay(
        &mut self,
        terms: &Terms,
        pay: &Pay,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        let (facts, begun) = {
            let look = self.look()?;
            let attempt = Attempt { pay, answer: None };
            if let Some(done) = super::perform::replayed(look.read(), terms, &attempt)? {
                drop(look);
                return self.pay_again(terms, done, gateways);
            }
            let facts = pay.load(look.read(), terms)?;
            let begun = pay.begin(&facts, terms);
            (facts, begun)
        };
        if let Some(open) = pay.awaited(&facts)
            && by_hand(&facts.seen, open, gateways)
        {
            if let (false, Some(reference)) = (facts.order.state.is_open(), &pay.reference) {
                pay.check(&facts, terms)?;
                let reference = reference.clone();
                return self.settle(terms, open, Answer::Paid { reference });
            }
            return self.perform(terms, &Confirmed { pay }).and_then(told);
        }
        // A refusal is said by the gate, which knows where its key stands.
        let Ok(begun) = begun else {
            return self.perform(terms, &Attempt { pay, answer: None });
        };
        let Some(payment) = &begun.payment else {
            let answer = Answer::Paid {
                reference: "balance".to_owned(),
            };
            let answer = Some((answer, Witness::Provider));
            return self.perform(terms, &Attempt { pay, answer });
        };
        let gateway = gateways.of(gateway_name(&facts.seen, &payment.method));
        if pay.amount.is_some() && gateway.charges_alone() {
            return Err(charges_exactly(&payment.method).into());
        }
        let ask = ask(payment, &facts.seen);
        if terms.effect == Effect::DryRun || !gateway.charges_alone() {
            let answer = match terms.effect {
                Effect::DryRun => Answer::Paid {
                    reference: "dry-run".to_owned(),
                },
                Effect::Kept => gateway.charge(&ask),
            };
            let witness = match gateway.charges_alone() {
                true => Witness::Provider,
                false => Witness::Person,
            };
            let answer = Some((answer, witness));
            let done = self.perform(terms, &Attempt { pay, answer });
            return match done.and_then(told) {
                Err(Failure::Unsettled { .. }) => Err(unseen(payment)),
                done => done,
            };
        }
        self.perform(terms, &Attempt { pay, answer: None })?;
        let answer = gateway.charge(&ask);
        self.settle(terms, payment, answer)
            .map_err(|failure| unkept(payment, failure))
    }
}

/// Payments, newest first.
#[derive(Debug, Clone)]
pub struct List {
    /// Only of this account.
    pub account: Option<String>,
    /// What else narrows it.
    pub filter: Filter,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        load::may_look(read, self.account.as_deref(), terms)?;
        let filter = load::narrowed(read, self.account.as_deref(), &self.filter)?;
        let mut payments = Vec::new();
        for payment in read.payments(&filter)? {
            let account = read.account_name(payment.account)?;
            payments.push(super::cancel::payment(read, &account, &payment)?);
        }
        Ok(Document::Payments(payments))
    }
}

/// Whether only a person can say what became of a payment.
pub(super) fn by_hand(seen: &Seen, payment: &Payment, gateways: &Gateways) -> bool {
    !charges_alone(seen, &payment.method, gateways)
}

/// Whether a method is charged without a person.
pub(super) fn charges_alone(seen: &Seen, method: &str, gateways: &Gateways) -> bool {
    gateways.of(gateway_name(seen, method)).charges_alone()
}

/// The gateway that the catalog names for a method.
pub(super) fn gateway_name<'a>(seen: &'a Seen, method: &str) -> &'a str {
    seen.catalog
        .method(method)
        .map_or("manual", |method| method.gateway.as_str())
}

/// Only money that a person has seen can be more than was due.
fn charges_exactly(method: &str) -> Refusal {
    let message = format!("{method} is charged by its provider, and exactly what is due.");
    Refusal::new(Code::ValueNotUsable, message).say("Leave --amount out.")
}
