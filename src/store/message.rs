//! The outbox: messages, where each stands, and the very mails that were handed over.

use super::list::narrowed;
use super::row::{self, Kept, day_text_or_none, json, moment_text};
use super::tx::{Reader, Tx};
use crate::billing::calendar::{Day, Moment};
use crate::billing::message::{Dispatch, Message, MessageEnd, MessageState, Outgoing};
use rusqlite::{Params, Row, params};

const MESSAGE: &str = "SELECT id, account, kind, about, goes_to, at, sent_at, begun_at, failed_at, attempts, \
    next_at, trouble, message_id, digest FROM message";

fn outgoing(row: &Row<'_>) -> rusqlite::Result<Outgoing> {
    Ok(Outgoing {
        message: Message {
            id: row.get(0)?,
            account: row.get(1)?,
            kind: row.get(2)?,
            about: row.get(3)?,
            to: row::from_json(row, 4)?,
            at: row::moment(row, 5)?,
            sent_at: row::moment_or_none(row, 6)?,
        },
        begun_at: row::moment_or_none(row, 7)?,
        failed_at: row::moment_or_none(row, 8)?,
        attempts: row.get(9)?,
        next_at: row::moment_or_none(row, 10)?,
        trouble: row.get(11)?,
        message_id: row.get(12)?,
        digest: row.get(13)?,
    })
}

/// A mail as it was packed at the first try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedMail {
    /// The address that failures come back to.
    pub from: String,
    /// The addresses it goes to.
    pub to: Vec<String>,
    /// The mail.
    pub bytes: Vec<u8>,
}

/// What a list of messages is narrowed to. Everything that is absent does not narrow.
#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    /// Only of this account.
    pub account: Option<i64>,
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

/// The state as a condition on columns; the same as [`Outgoing::state`].
fn condition(state: Option<MessageState>) -> &'static str {
    match state {
        None => "1",
        Some(MessageState::Sent) => "sent_at IS NOT NULL",
        Some(MessageState::Failed) => "failed_at IS NOT NULL",
        Some(MessageState::Sending) => {
            "begun_at IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL"
        }
        Some(MessageState::Waiting) => "sent_at IS NULL AND failed_at IS NULL AND begun_at IS NULL",
    }
}

impl Reader<'_> {
    fn messages_where(&self, which: &str, params: impl Params) -> Kept<Vec<Outgoing>> {
        self.all(&format!("{MESSAGE} {which}"), params, outgoing)
    }

    /// A message by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn message(&self, id: i64) -> Kept<Option<Outgoing>> {
        Ok(self.messages_where("WHERE id = ?1", [id])?.pop())
    }

    /// A message by what makes it one of its kind.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn message_about(&self, account: i64, kind: &str, about: &str) -> Kept<Option<Outgoing>> {
        let which = "WHERE account = ?1 AND kind = ?2 AND about = ?3";
        Ok(self.messages_where(which, (account, kind, about))?.pop())
    }

    /// Messages, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn messages(&self, filter: &MessageFilter) -> Kept<Vec<Outgoing>> {
        let which = narrowed(&[
            (filter.account.is_some(), "account = ?1"),
            (filter.kind.is_some(), "kind = ?2"),
            (filter.since.is_some(), "at >= ?3"),
            (filter.until.is_some(), "at < ?4"),
            (true, condition(filter.state)),
        ]);
        let which = format!("{which} ORDER BY id DESC LIMIT ?5");
        self.messages_where(
            &which,
            (
                filter.account,
                &filter.kind,
                day_text_or_none(filter.since),
                day_text_or_none(filter.until),
                filter.at_most,
            ),
        )
    }

    /// Keys of messages that may be tried at a moment, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_messages(&self, at: Moment, at_most: u32) -> Kept<Vec<i64>> {
        let sql = "SELECT id FROM message WHERE sent_at IS NULL AND failed_at IS NULL \
                   AND (begun_at IS NOT NULL OR next_at IS NULL OR next_at <= ?1) ORDER BY id LIMIT ?2";
        self.all(sql, (moment_text(at), at_most), |row| row.get(0))
    }

    /// The mail that was packed for a message.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mail(&self, message: i64) -> Kept<Option<PackedMail>> {
        let sql = "SELECT sender, goes_to, bytes FROM mail WHERE message = ?1";
        self.first(sql, [message], |row| {
            Ok(PackedMail {
                from: row.get(0)?,
                to: row::from_json(row, 1)?,
                bytes: row.get(2)?,
            })
        })
    }
}

impl Tx<'_> {
    pub(super) fn begin_message(&mut self, dispatch: &Dispatch) -> Kept<()> {
        self.run(
            "INSERT INTO mail (message, sender, goes_to, bytes) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (message) DO NOTHING",
            params![
                dispatch.message,
                dispatch.from,
                json(&dispatch.to)?,
                dispatch.bytes
            ],
        )?;
        self.run_one(
            "UPDATE message SET begun_at = ?2, attempts = attempts + 1, message_id = ?3, digest = ?4 \
             WHERE id = ?1 AND sent_at IS NULL AND failed_at IS NULL",
            params![
                dispatch.message,
                moment_text(dispatch.at),
                dispatch.message_id,
                dispatch.digest
            ],
        )
    }

    /// A try that ended before anything was handed over counts as one too.
    pub(super) fn end_message(&mut self, message: i64, at: Moment, end: &MessageEnd) -> Kept<()> {
        let at = moment_text(at);
        let (sent, failed, next, trouble) = match end {
            MessageEnd::Sent => (Some(&at), None, None, None),
            MessageEnd::Later { next_at, trouble } => {
                (None, None, Some(moment_text(*next_at)), Some(trouble))
            }
            MessageEnd::GivenUp { trouble } | MessageEnd::Refused { trouble } => {
                (None, Some(&at), None, Some(trouble))
            }
        };
        self.run_one(
            "UPDATE message SET attempts = attempts + (begun_at IS NULL), begun_at = NULL, sent_at = ?2, \
             failed_at = ?3, next_at = ?4, trouble = ?5 \
             WHERE id = ?1 AND sent_at IS NULL AND failed_at IS NULL",
            params![message, sent, failed, next, trouble],
        )?;
        match end {
            MessageEnd::Sent | MessageEnd::Refused { .. } => self.forget_mail(message),
            MessageEnd::Later { .. } | MessageEnd::GivenUp { .. } => Ok(()),
        }
    }

    pub(super) fn retry_message(&mut self, message: i64, at: Moment, to: &[String]) -> Kept<()> {
        let before = self.read().mail(message)?;
        if before.is_some_and(|before| before.to != to) {
            self.forget_mail(message)?;
        }
        self.run_one(
            "UPDATE message SET goes_to = ?2, failed_at = NULL, next_at = ?3 \
             WHERE id = ?1 AND sent_at IS NULL",
            params![message, json(&to)?, moment_text(at)],
        )
    }

    fn forget_mail(&mut self, message: i64) -> Kept<()> {
        self.run("DELETE FROM mail WHERE message = ?1", params![message])
    }
}
