//! Looking at the outbox.

use super::write::attachment_name;
use super::{Postroom, brief, by_number, document};
use crate::billing::calendar::Day;
use crate::billing::message::MessageState;
use crate::desk::{Desk, Failure, Question, Terms, load};
use crate::store::{MessageFilter, Reader};
use crate::wire::Document;
use crate::wire::message::{Message, Preview};

/// Messages, newest first.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Only of this account.
    pub account: Option<String>,
    /// Only in this state.
    pub state: Option<MessageState>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Put into the outbox on this day or later.
    pub since: Option<Day>,
    /// Put into the outbox before this day.
    pub until: Option<Day>,
    /// At most so many.
    pub at_most: u32,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        let account = match &self.account {
            Some(name) => Some(load::account(read, name)?.id),
            None => None,
        };
        let found = read.messages(&MessageFilter {
            account,
            state: self.state,
            kind: self.kind.clone(),
            since: self.since,
            until: self.until,
            at_most: self.at_most,
        })?;
        let briefs = found.iter().map(|kept| brief(read, kept));
        Ok(Document::Messages(briefs.collect::<Result<_, _>>()?))
    }
}

/// One message.
#[derive(Debug, Clone)]
pub struct Show {
    /// Its number.
    pub message: String,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        document(read, &by_number(read, &self.message)?)
    }
}

impl Desk {
    /// A message with how it would read if it were written now.
    ///
    /// # Errors
    /// There is none, or it cannot be worded.
    pub fn preview(
        &mut self,
        terms: &Terms,
        room: &mut Postroom,
        message: &str,
    ) -> Result<Document, Failure> {
        let look = self.look()?;
        let read = look.read();
        let kept = by_number(read, message)?;
        let draft = room
            .draft(read, terms, &kept)?
            .map_err(|why| Failure::Broken(anyhow::anyhow!(why)))?;
        let from = draft.from.map(|from| match from.name {
            Some(name) => format!("{name} <{}>", from.address),
            None => from.address,
        });
        Ok(Document::Message(Box::new(Message {
            head: brief(read, &kept)?,
            message_id: kept.message_id.clone(),
            digest: kept.digest.clone(),
            preview: Some(Preview {
                from,
                subject: draft.worded.subject,
                text: draft.worded.text,
                html: draft.worded.html,
                attachments: draft.leaf.iter().map(attachment_name).collect(),
            }),
        })))
    }
}
