//! Cancelling a subscription, taking that back, and coming back after the end.

use super::load::{Seen, seen};
use super::order::{order_document, place_keys};
use super::payment::{Pay, charges_alone};
use super::terms::{Effect, Mark, Outcome};
use super::{Decision, Desk, Failure, Request, Terms};
use crate::billing::access;
use crate::billing::account::Switch;
use crate::billing::cancel::{self, Ended, When};
use crate::billing::catalog::Catalog;
use crate::billing::correct::Paper;
use crate::billing::entitlement::plan_name;
use crate::billing::payment::PaymentKind;
use crate::billing::policy::{Operation, State};
use crate::billing::reactivate;
use crate::billing::refusal::Refusal;
use crate::gateway::Gateways;
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::invoice::Brief;
use crate::wire::order::{Line, Payment};
use crate::wire::subscription::Subscription;
use serde::{Deserialize, Serialize};

/// Cancels the subscription, with its paid terms or at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// The account.
    pub account: String,
    /// When; absent means as the policy says.
    #[serde(default)]
    pub when: Option<When>,
}

/// An account with the invoices that an ending may correct.
pub struct EndFacts {
    pub(super) seen: Seen,
    pub(super) papers: Vec<Paper>,
}

/// What came of an ending: the account's name, credit notes and refunds by their keys.
pub struct Came {
    pub(super) account: String,
    pub(super) notes: Vec<i64>,
    pub(super) refunds: Vec<i64>,
}

impl Request for Cancel {
    const NAME: &'static str = "plan cancel";
    type Facts = EndFacts;
    type Answer = Came;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<EndFacts, Failure> {
        let seen = seen(read, &self.account, terms)?;
        let papers = read.papers(&seen.facts)?;
        Ok(EndFacts { seen, papers })
    }

    fn decide(&self, facts: &EndFacts, terms: &Terms) -> Result<Decision<Came>, Refusal> {
        facts.seen.check(Operation::Cancel, terms)?;
        let scene = facts.seen.scene(terms);
        let ended = cancel::cancel(&scene, self.when, &facts.papers)?;
        Ok(decided(&self.account, ended))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, came: Came) -> Result<Document, Failure> {
        subscription(read, terms, &came)
    }

    fn wished(&self, _: &Catalog) -> Option<String> {
        let when = match self.when {
            Some(When::Now) => " at once",
            Some(When::AtEnd) => " with its paid time",
            None => "",
        };
        Some(format!("an end of the subscription{when}"))
    }

    fn account(&self, facts: &EndFacts) -> Option<i64> {
        Some(facts.seen.facts.account.id)
    }
}

/// An ending as a decision of the gate.
pub(super) fn decided(account: &str, ended: Ended) -> Decision<Came> {
    let came = Came {
        account: account.to_owned(),
        notes: ended.notes,
        refunds: ended.refunds,
    };
    let mut decision = Decision::of(ended.changes, came);
    for sentence in ended.told {
        decision = decision.note(sentence);
    }
    decision
}

/// The subscription after an ending, with what came of it.
pub(super) fn subscription(
    read: Reader<'_>,
    terms: &Terms,
    came: &Came,
) -> Result<Document, Failure> {
    let seen = seen(read, &came.account, terms)?;
    let name = &seen.facts.account.name;
    let (mut credit_notes, mut given_back) = (Vec::new(), Vec::new());
    for note in &came.notes {
        if let Some(note) = read.invoice(*note)? {
            credit_notes.push(Brief::of(&note, name));
            given_back.extend(read.lines_of_invoice(&note)?.iter().map(Line::from));
        }
    }
    place_keys(read, &mut given_back, terms)?;
    let mut refunds = Vec::new();
    for refund in &came.refunds {
        if let Some(refund) = read.payment(*refund)? {
            refunds.push(payment(read, name, &refund)?);
        }
    }
    let standing = seen.standing(terms);
    let plan = standing.plan().and_then(|id| seen.catalog.plan(id));
    let plan_name = plan.map(|plan| plan_name(&seen.facts, plan, terms.on()));
    let cancelled = seen.facts.switched(Switch::Cancel, terms.at);
    Ok(Document::Subscription(Box::new(Subscription {
        account: name.clone(),
        on: terms.on(),
        state: standing.state,
        plan: standing.plan().map(str::to_owned),
        plan_name: plan_name.map(str::to_owned),
        paid_until: standing.paid_until,
        cancelled: cancelled.unwrap_or(false),
        auto_renew: standing.renews_by_itself(),
        balance: seen.facts.balance.into(),
        credit_notes,
        given_back,
        refunds,
    })))
}

/// A payment with the number of its invoice, and a refund with that of the note whose money it pays out.
pub(super) fn payment(
    read: Reader<'_>,
    account: &str,
    kept: &crate::billing::payment::Payment,
) -> Result<Payment, Failure> {
    let invoice = match kept.invoice {
        Some(id) => read.invoice(id)?.map(|invoice| invoice.number),
        None => None,
    };
    let note = match kept.kind {
        PaymentKind::Refund => read.note_of_refund(kept.id)?,
        PaymentKind::Charge => None,
    };
    Ok(Payment {
        note,
        ..Payment::of(kept, account, invoice)
    })
}

/// Takes a cancellation back; after the end, brings the account back where its policy allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// The account.
    pub account: String,
}

/// How a subscription goes on.
pub enum Resumed {
    /// As it was.
    Kept,
    /// With an order that is to be paid.
    Ordered(i64),
}

impl Request for Resume {
    const NAME: &'static str = "plan resume";
    type Facts = Seen;
    type Answer = Resumed;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Seen, Failure> {
        seen(read, &self.account, terms)
    }

    fn decide(&self, seen: &Seen, terms: &Terms) -> Result<Decision<Resumed>, Refusal> {
        seen.check(Operation::Cancel, terms)?;
        let scene = seen.scene(terms);
        let state = scene.standing().state;
        if !reactivate::is_away(state) || state == State::PastDue {
            return Ok(Decision::of(cancel::resume(&scene)?, Resumed::Kept));
        }
        seen.check(Operation::Order, terms)?;
        let back = reactivate::reactivate(&scene)?;
        let order = back.order();
        let (id, number, total) = (order.id, order.number(), order.total);
        let name = &self.account;
        let changes = back.changes(&scene)?;
        Ok(Decision::of(changes, Resumed::Ordered(id)).note(format!(
            "{name} is back when {number} over {total} is paid."
        )))
    }

    fn document(
        &self,
        read: Reader<'_>,
        terms: &Terms,
        resumed: Resumed,
    ) -> Result<Document, Failure> {
        match resumed {
            Resumed::Ordered(order) => order_document(read, terms, order),
            Resumed::Kept => subscription(
                read,
                terms,
                &Came {
                    account: self.account.clone(),
                    notes: Vec::new(),
                    refunds: Vec::new(),
                },
            ),
        }
    }

    fn account(&self, seen: &Seen) -> Option<i64> {
        Some(seen.facts.account.id)
    }
}

impl Desk {
    /// Takes a cancellation back, or orders the subscription again and charges the saved method at once,
    /// where a gateway can do that without a person (KS-6, KS-28).
    ///
    /// # Errors
    /// A refusal, a decline, or [`Failure::Unsettled`] when the answer is not known yet.
    pub fn resume(
        &mut self,
        terms: &Terms,
        request: &Resume,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        let mut outcome = self.perform(terms, request)?;
        let Document::Order(order) = &outcome.document else {
            return Ok(outcome);
        };
        let method = order.method.clone().unwrap_or_default();
        let alone = {
            let look = self.look()?;
            let seen = seen(look.read(), &request.account, terms)?;
            charges_alone(&seen, &method, gateways)
        };
        if terms.effect == Effect::DryRun || outcome.mark != Mark::Done || !alone {
            let number = order.number.clone();
            let due = order.state.is_open() && outcome.mark != Mark::WouldDo;
            if due {
                outcome
                    .notes
                    .push(format!("Pay it with `subdesk order pay {number}`."));
            }
            return Ok(outcome);
        }
        let pay = Pay {
            order: order.number.clone(),
            ..Pay::default()
        };
        let terms = Terms {
            key: None,
            ..terms.clone()
        };
        self.pay(&terms, &pay, gateways)
    }
}

/// The reason without which nothing is corrected, and nobody but the seller's people corrects anything.
pub(super) fn by_the_house(what: &str, terms: &Terms) -> Result<(), Refusal> {
    if terms.on_behalf.is_some() {
        let message = format!("{what} is made by the seller's people, not by members.");
        return Err(Refusal::new(
            crate::billing::refusal::Code::SupportOnly,
            message,
        ));
    }
    access::reason(what, terms.reason.as_deref()).map(|_| ())
}
