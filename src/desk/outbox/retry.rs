//! A message is to be tried again at once, perhaps at another address.

use super::{by_number, document, stands};
use crate::billing::change::Change;
use crate::billing::input;
use crate::billing::message::{MessageState, Outgoing};
use crate::billing::policy::Operation;
use crate::billing::refusal::{Code, Refusal};
use crate::desk::load::{Seen, seen};
use crate::desk::{Decision, Failure, Request, Terms};
use crate::store::Reader;
use crate::wire::Document;
use serde::Serialize;

/// Tries a message again at once.
#[derive(Debug, Clone, Serialize)]
pub struct Retry {
    /// Its number.
    pub message: String,
    /// Where it goes; empty for where it went before.
    pub to: Vec<String>,
}

impl Request for Retry {
    const NAME: &'static str = "message retry";
    type Facts = (Outgoing, Seen);
    type Answer = ();

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let kept = by_number(read, &self.message)?;
        let name = read.account_name(kept.message.account)?;
        Ok((kept, seen(read, &name, terms)?))
    }

    fn decide(&self, (kept, seen): &Self::Facts, terms: &Terms) -> Result<Decision<()>, Refusal> {
        seen.check(Operation::View, terms)?;
        if kept.state() == MessageState::Sent {
            let mut refusal = Refusal::new(Code::MessageNotWaiting, stands(kept));
            if matches!(kept.message.kind.as_str(), "invoice" | "credit_note") {
                let number = kept.message.about.split(" #").next().unwrap_or_default();
                refusal = refusal.run(format!("invoice send {number}"));
            }
            return Err(refusal);
        }
        let to = match self.to.as_slice() {
            [] => kept.message.to.clone(),
            given => addresses(given)?,
        };
        let change = Change::RetryMessage {
            message: kept.message.id,
            at: terms.at,
            to,
        };
        Ok(Decision::of(vec![change], ()))
    }

    fn document(&self, read: Reader<'_>, _: &Terms, (): ()) -> Result<Document, Failure> {
        document(read, &by_number(read, &self.message)?)
    }

    fn account(&self, (kept, _): &Self::Facts) -> Option<i64> {
        Some(kept.message.account)
    }
}

/// Addresses that a person typed, each once.
pub(super) fn addresses(given: &[String]) -> Result<Vec<String>, Refusal> {
    let mut to = Vec::new();
    for text in given {
        let address = input::email(text)?;
        if !to.contains(&address) {
            to.push(address);
        }
    }
    Ok(to)
}
