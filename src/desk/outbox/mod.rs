//! The outbox: what waits, what was sent, and sending it exactly once.
//!
//! A message is handed over in three steps. The mail is packed, kept with "sending", and committed; the server
//! gets those bytes; its answer is kept. A crash between them leaves a message in "sending" with its mail, and
//! the next run hands over the same bytes under the same Message-ID, so that nobody sees two. One run at a time
//! has the turn, so a message in "sending" that a run finds is always one that a crash left behind.

mod facts;
mod look;
mod retry;
mod run;
mod send;
mod setup;
mod steps;
mod write;

pub use look::{List, Show};
pub use retry::Retry;
pub use run::Pick;
pub use send::SendInvoice;
pub use setup::Setup;
pub use write::Postroom;

pub use crate::gateway::mail::{Postman, holds_login};

use super::Failure;
use super::load;
use crate::billing::message::{MessageState, Outgoing};
use crate::store::{MessageFilter, Reader};
use crate::wire::Document;
use crate::wire::message::{Brief, Message};

/// A message by its number: `M-000042`, `42`.
pub(super) fn by_number(read: Reader<'_>, number: &str) -> Result<Outgoing, Failure> {
    let digits = number.trim().trim_start_matches(['M', 'm']);
    let id: Option<i64> = digits.trim_start_matches('-').parse().ok();
    let found = match id {
        Some(id) => read.message(id)?,
        None => None,
    };
    if let Some(found) = found {
        return Ok(found);
    }
    let latest = read.messages(&MessageFilter {
        at_most: 200,
        ..MessageFilter::default()
    })?;
    let numbers = latest.into_iter().map(|kept| kept.message.number());
    Err(load::missing("message", number, numbers))
}

/// A message as a document.
fn document(read: Reader<'_>, kept: &Outgoing) -> Result<Document, Failure> {
    Ok(Document::Message(Box::new(Message {
        head: brief(read, kept)?,
        message_id: kept.message_id.clone(),
        digest: kept.digest.clone(),
        preview: None,
    })))
}

fn brief(read: Reader<'_>, kept: &Outgoing) -> Result<Brief, Failure> {
    Ok(Brief::of(kept, &read.account_name(kept.message.account)?))
}

/// Where a message stands, in a sentence that ends a refusal.
fn stands(kept: &Outgoing) -> String {
    let number = kept.message.number();
    match (kept.state(), kept.message.sent_at) {
        (MessageState::Sent, Some(at)) => format!("{number} was delivered on {}.", at.date()),
        (state, _) => format!("{number} is {}.", state.name()),
    }
}
