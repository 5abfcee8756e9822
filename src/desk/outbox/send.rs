//! An invoice or credit note that somebody wants sent.

use super::document;
use super::retry::addresses;
use crate::billing::change::Change;
use crate::billing::fulfil::message;
use crate::billing::invoice::{Invoice, InvoiceKind};
use crate::billing::message::{MessageState, Outgoing};
use crate::billing::policy::Operation;
use crate::billing::refusal::Refusal;
use crate::desk::invoice::by_number;
use crate::desk::load::{Seen, seen};
use crate::desk::{Decision, Failure, Request, Terms};
use crate::store::{MessageFilter, Reader};
use crate::wire::Document;
use serde::Serialize;

/// Puts a document into the outbox.
#[derive(Debug, Clone, Serialize)]
pub struct SendInvoice {
    /// Its number.
    pub invoice: String,
    /// Where it goes; empty for everybody who gets the account's bills.
    pub to: Vec<String>,
}

/// What the outbox has of a document.
pub struct Before {
    invoice: Invoice,
    messages: Vec<Outgoing>,
    seen: Seen,
}

fn kind(invoice: &Invoice) -> &'static str {
    match invoice.kind {
        InvoiceKind::Invoice => "invoice",
        InvoiceKind::CreditNote => "credit_note",
    }
}

impl Request for SendInvoice {
    const NAME: &'static str = "invoice send";
    type Facts = Before;
    type Answer = (i64, &'static str, String);

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Before, Failure> {
        let invoice = by_number(read, &self.invoice)?;
        let name = read.account_name(invoice.account)?;
        let mut messages = read.messages(&MessageFilter {
            account: Some(invoice.account),
            kind: Some(kind(&invoice).to_owned()),
            at_most: u32::MAX,
            ..MessageFilter::default()
        })?;
        let own = |about: &str| about.split(" #").next() == Some(invoice.number.as_str());
        messages.retain(|kept| own(&kept.message.about));
        Ok(Before {
            seen: seen(read, &name, terms)?,
            invoice,
            messages,
        })
    }

    fn decide(&self, before: &Before, terms: &Terms) -> Result<Decision<Self::Answer>, Refusal> {
        before.seen.check(Operation::View, terms)?;
        let (account, kind) = (before.invoice.account, kind(&before.invoice));
        let number = &before.invoice.number;
        let count = before.messages.len().saturating_add(1);
        let about = match count {
            1 => number.clone(),
            count => format!("{number} #{count}"),
        };
        let mut new = message(&before.seen.scene(terms), kind, about.clone());
        if !self.to.is_empty() {
            new.to = addresses(&self.to)?;
        }
        let waits = before.messages.iter().find(|kept| {
            let state = kept.state();
            kept.message.to == new.to
                && matches!(state, MessageState::Waiting | MessageState::Sending)
        });
        if let Some(waits) = waits {
            let answer = (account, kind, waits.message.about.clone());
            let note = format!("{} was waiting already.", waits.message.number());
            return Ok(Decision::of(Vec::new(), answer).note(note));
        }
        Ok(Decision::of(
            vec![Change::AddMessage(new)],
            (account, kind, about),
        ))
    }

    fn document(
        &self,
        read: Reader<'_>,
        _: &Terms,
        (account, kind, about): Self::Answer,
    ) -> Result<Document, Failure> {
        let kept = read
            .message_about(account, kind, &about)?
            .ok_or_else(|| Failure::not_found("message", about))?;
        document(read, &kept)
    }

    fn account(&self, before: &Before) -> Option<i64> {
        Some(before.invoice.account)
    }
}
