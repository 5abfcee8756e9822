//! Correcting documents: credit notes, void invoices, orders called off.

use super::cancel::by_the_house;
use super::invoice::{by_number, invoice_document};
use super::load::{Seen, seen};
use super::order::{self, order_document};
use super::{Decision, Failure, Request, Terms};
use crate::billing::call_off;
use crate::billing::correct::{self, Much, Paper, Towards};
use crate::billing::invoice::InvoiceState;
use crate::billing::order::{Order, OrderState};
use crate::billing::policy::Operation;
use crate::billing::refusal::{Code, Refusal};
use crate::store::Reader;
use crate::wire::Document;
use serde::{Deserialize, Serialize};

/// An invoice, its account, and its order if that still waits to be paid.
pub struct PaperFacts {
    seen: Seen,
    paper: Paper,
    order: Option<Order>,
}

fn paper_facts(read: Reader<'_>, number: &str, terms: &Terms) -> Result<PaperFacts, Failure> {
    let invoice = by_number(read, number)?;
    let name = read.account_name(invoice.account)?;
    let order = invoice.order.map(|order| read.order(order)).transpose()?;
    Ok(PaperFacts {
        seen: seen(read, &name, terms)?,
        order: order.flatten().filter(|order| order.state.is_open()),
        paper: read.paper(invoice)?,
    })
}

/// A credit note for an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// The invoice's number.
    pub invoice: String,
    /// How much of it.
    pub much: Much,
}

impl Request for Credit {
    const NAME: &'static str = "invoice credit";
    type Facts = PaperFacts;
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<PaperFacts, Failure> {
        paper_facts(read, &self.invoice, terms)
    }

    fn decide(&self, facts: &PaperFacts, terms: &Terms) -> Result<Decision<i64>, Refusal> {
        by_the_house("A credit note", terms)?;
        let scene = facts.seen.scene(terms);
        let paper = &facts.paper;
        if let Some(order) = &facts.order
            && order.state == OrderState::Processing
        {
            let message = format!("A payment of {} is on its way.", paper.invoice.number);
            return Err(Refusal::new(Code::InvoiceNotOpen, message).run("payment settle"));
        }
        let picks = correct::pick_taxed(paper, &facts.seen.policy.tax, &self.much)?;
        let mut next = facts.seen.facts.next.clone();
        let was_open = paper.invoice.state == InvoiceState::Open;
        let note = correct::note(&scene, paper, &picks, Towards::Balance, &mut next)?;
        let mut changes = note.changes;
        let mut told = Vec::new();
        if !note.debt.is_zero() {
            told.push(format!("{} owes {} less.", paper.invoice.number, note.debt));
        }
        if !note.balance.is_zero() {
            let name = &facts.seen.facts.account.name;
            told.push(format!("{} go to the balance of {name}.", note.balance));
        }
        // An order whose whole debt is forgiven is not paid by that.
        let forgiven = was_open && note.debt == paper.invoice.open();
        if let Some(order) = facts.order.as_ref().filter(|_| forgiven) {
            told.push(format!(
                "Nothing is left to pay, so {} is cancelled.",
                order.number()
            ));
            changes.extend(call_off::order(&scene, order, &[], &mut next)?);
        }
        let mut decision = Decision::of(changes, note.id);
        for sentence in told {
            decision = decision.note(sentence);
        }
        Ok(decision)
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
        document(read, terms, id)
    }

    fn account(&self, facts: &PaperFacts) -> Option<i64> {
        Some(facts.paper.invoice.account)
    }
}

/// An open invoice is called off; its order waits for another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Void {
    /// The invoice's number.
    pub invoice: String,
}

impl Request for Void {
    const NAME: &'static str = "invoice void";
    type Facts = PaperFacts;
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<PaperFacts, Failure> {
        paper_facts(read, &self.invoice, terms)
    }

    fn decide(&self, facts: &PaperFacts, terms: &Terms) -> Result<Decision<i64>, Refusal> {
        by_the_house("Voiding an invoice", terms)?;
        let scene = facts.seen.scene(terms);
        let changes = call_off::void(&scene, &facts.paper, facts.order.as_ref())?;
        let decision = Decision::of(changes, facts.paper.invoice.id);
        Ok(match &facts.order {
            Some(order) => decision.note(format!(
                "{} still waits to be paid and gets another invoice then.",
                order.number()
            )),
            None => decision,
        })
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
        document(read, terms, id)
    }

    fn account(&self, facts: &PaperFacts) -> Option<i64> {
        Some(facts.paper.invoice.account)
    }
}

fn document(read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
    let kept = read.invoice(id)?;
    let kept = kept.ok_or_else(|| Failure::not_found("invoice", id.to_string()))?;
    invoice_document(read, terms, &kept)
}

/// An order that waits to be paid is called off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelOrder {
    /// The order's number.
    pub order: String,
}

impl Request for CancelOrder {
    const NAME: &'static str = "order cancel";
    type Facts = (Seen, Order, Vec<Paper>);
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let order = order::by_number(read, &self.order)?;
        let name = read.account_name(order.account)?;
        let seen = seen(read, &name, terms)?;
        let open = seen
            .facts
            .open_invoices
            .iter()
            .filter(|open| open.order == Some(order.id));
        let mut papers = Vec::new();
        for invoice in open {
            papers.push(read.paper(invoice.clone())?);
        }
        Ok((seen, order, papers))
    }

    fn decide(
        &self,
        (seen, order, papers): &Self::Facts,
        terms: &Terms,
    ) -> Result<Decision<i64>, Refusal> {
        seen.check(Operation::Order, terms)?;
        let mut next = seen.facts.next.clone();
        let changes = call_off::order(&seen.scene(terms), order, papers, &mut next)?;
        Ok(Decision::of(changes, order.id))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
        order_document(read, terms, id)
    }

    fn account(&self, (_, order, _): &Self::Facts) -> Option<i64> {
        Some(order.account)
    }
}
