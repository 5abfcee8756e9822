//! The journal: one line for every write, each carrying the hash of the one before it.

use super::list::narrowed;
use super::row::{self, Kept, day_text_or_none};
use super::tx::{Reader, Tx};
use crate::billing::calendar::{Day, Moment};
use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Row, params};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A line to be written.
pub struct NewLine<'a> {
    /// Its key: the next one.
    pub id: i64,
    /// The wall clock.
    pub recorded_at: DateTime<Utc>,
    /// The moment the rules worked with.
    pub as_of: Moment,
    /// The account it is about.
    pub account: Option<i64>,
    /// The command.
    pub command: &'a str,
    /// Who ran the tool.
    pub actor: &'a str,
    /// The member on whose behalf.
    pub on_behalf: Option<&'a str>,
    /// Why.
    pub reason: Option<&'a str>,
    /// The idempotency key.
    pub key: Option<&'a str>,
    /// The request as text.
    pub request: &'a str,
    /// The document as JSON.
    pub document: Cow<'a, str>,
}

/// What a list of lines is narrowed to. Everything that is absent does not narrow.
#[derive(Debug, Clone, Default)]
pub struct JournalFilter {
    /// Only about this account.
    pub account: Option<i64>,
    /// Only by this operator.
    pub by: Option<String>,
    /// Only of this command.
    pub command: Option<String>,
    /// Written on this day or later, by the wall clock in UTC.
    pub since: Option<Day>,
    /// Written before this day.
    pub until: Option<Day>,
    /// Before the line of this number.
    pub before: Option<i64>,
    /// At most so many.
    pub at_most: u32,
}

impl<'a> NewLine<'a> {
    /// A line about nobody, for no reason but its command's own, and with nothing to say.
    pub fn bare(id: i64, at: DateTime<Utc>, command: &'a str, actor: &'a str) -> NewLine<'a> {
        NewLine {
            id,
            recorded_at: at,
            as_of: at.naive_utc(),
            account: None,
            command,
            actor,
            on_behalf: None,
            reason: None,
            key: None,
            request: "{}",
            document: "{}".into(),
        }
    }
}

/// A line as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// Its key.
    pub id: i64,
    /// The wall clock, RFC 3339.
    pub recorded_at: String,
    /// The moment the rules worked with.
    pub as_of: Moment,
    /// The account it is about.
    pub account: Option<i64>,
    /// The command.
    pub command: String,
    /// Who ran the tool.
    pub actor: String,
    /// The member on whose behalf.
    pub on_behalf: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The idempotency key.
    pub key: Option<String>,
    /// The request as text.
    pub request: String,
    /// The document as JSON.
    pub document: String,
    /// The rows that it wrote, each with its seal.
    pub wrote: Vec<u8>,
    /// The hash over all of it and the hash of the line before.
    pub hash: String,
}

const LINE: &str = "SELECT id, recorded_at, as_of, account, command, actor, on_behalf, reason, key, \
    wrote, request, document, hash FROM journal";

fn line(row: &Row<'_>) -> rusqlite::Result<JournalLine> {
    Ok(JournalLine {
        id: row.get(0)?,
        recorded_at: row.get(1)?,
        as_of: row::moment(row, 2)?,
        account: row.get(3)?,
        command: row.get(4)?,
        actor: row.get(5)?,
        on_behalf: row.get(6)?,
        reason: row.get(7)?,
        key: row.get(8)?,
        wrote: row.get(9)?,
        request: row.get(10)?,
        document: row.get(11)?,
        hash: row.get(12)?,
    })
}

impl JournalLine {
    /// The hash that the line must have behind the one before it.
    pub fn expected_hash(&self, before: &str) -> String {
        hash_of(
            before,
            (self.id, self.account, &self.wrote),
            [
                &self.recorded_at,
                &row::moment_text(self.as_of),
                &self.command,
                &self.actor,
                self.on_behalf.as_deref().unwrap_or_default(),
                self.reason.as_deref().unwrap_or_default(),
                self.key.as_deref().unwrap_or_default(),
                &self.request,
                &self.document,
            ],
        )
    }
}

/// The hash over a line and the one before it, in the order of the columns.
fn hash_of(
    before: &str,
    (id, account, wrote): (i64, Option<i64>, &[u8]),
    texts: [&str; 9],
) -> String {
    let [
        recorded_at,
        as_of,
        command,
        actor,
        on_behalf,
        reason,
        key,
        request,
        document,
    ] = texts;
    let account = account.map(|id| id.to_string()).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [
        before,
        &id.to_string(),
        recorded_at,
        as_of,
        &account,
        command,
        actor,
        on_behalf,
        reason,
        key,
        request,
        document,
    ] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(wrote);
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    text
}

impl Reader<'_> {
    /// The key that the next line will have.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_journal(&self) -> Kept<i64> {
        let next = self.first("SELECT coalesce(max(id), 0) + 1 FROM journal", [], |row| {
            row.get(0)
        })?;
        Ok(next.unwrap_or(1))
    }

    /// The line that was written under an idempotency key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn journal_by_key(&self, key: &str) -> Kept<Option<JournalLine>> {
        self.first(&format!("{LINE} WHERE key = ?1"), [key], line)
    }

    /// A line by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn journal_line(&self, id: i64) -> Kept<Option<JournalLine>> {
        self.first(&format!("{LINE} WHERE id = ?1"), [id], line)
    }

    /// Lines behind a key, oldest first, at most so many; of one account if one is given.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn journal_after(
        &self,
        id: i64,
        account: Option<i64>,
        at_most: u32,
    ) -> Kept<Vec<JournalLine>> {
        let which = narrowed(&[(true, "id > ?1"), (account.is_some(), "account = ?2")]);
        self.all(
            &format!("{LINE} {which} ORDER BY id LIMIT ?3"),
            params![id, account, at_most],
            line,
        )
    }

    /// The lines that a filter lets through, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn journal_lines(&self, filter: &JournalFilter) -> Kept<Vec<JournalLine>> {
        let which = narrowed(&[
            (filter.before.is_some(), "id < ?1"),
            (filter.account.is_some(), "account = ?2"),
            (filter.by.is_some(), "actor = ?3"),
            (filter.command.is_some(), "command = ?4"),
            (filter.since.is_some(), "recorded_at >= ?5"),
            (filter.until.is_some(), "recorded_at < ?6"),
        ]);
        self.all(
            &format!("{LINE} {which} ORDER BY id DESC LIMIT ?7"),
            params![
                filter.before,
                filter.account,
                filter.by,
                filter.command,
                day_text_or_none(filter.since),
                day_text_or_none(filter.until),
                filter.at_most
            ],
            line,
        )
    }

    fn last_hash(&self) -> Kept<String> {
        let hash = self.first(
            "SELECT hash FROM journal ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )?;
        Ok(hash.unwrap_or_default())
    }
}

/// The end of the journal, held in memory while nobody else writes.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    next: i64,
    last_hash: String,
}

impl Chain {
    /// The key that the next line will have.
    pub fn next(&self) -> i64 {
        self.next
    }
}

impl Reader<'_> {
    /// The end of the journal.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn chain(&self) -> Kept<Chain> {
        Ok(Chain {
            next: self.next_journal()?,
            last_hash: self.last_hash()?,
        })
    }
}

impl Tx<'_> {
    /// Writes a line behind the last.
    ///
    /// # Errors
    /// The store cannot be written, or the idempotency key is there already.
    pub fn write_journal(&mut self, new: &NewLine<'_>) -> Kept<()> {
        let mut chain = Chain {
            next: new.id,
            last_hash: self.read().last_hash()?,
        };
        self.write_behind(&mut chain, new)
    }

    /// Writes a line behind one that is held in memory.
    ///
    /// # Errors
    /// As for [`Tx::write_journal`].
    pub fn write_behind(&mut self, chain: &mut Chain, new: &NewLine<'_>) -> Kept<()> {
        let wrote = self.take_seals()?;
        let recorded_at = new.recorded_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let as_of = row::moment_text(new.as_of);
        let hash = hash_of(
            &chain.last_hash,
            (new.id, new.account, &wrote),
            [
                &recorded_at,
                &as_of,
                new.command,
                new.actor,
                new.on_behalf.unwrap_or_default(),
                new.reason.unwrap_or_default(),
                new.key.unwrap_or_default(),
                new.request,
                &new.document,
            ],
        );
        self.run_one(
            "INSERT INTO journal (id, recorded_at, as_of, account, command, actor, on_behalf, reason, key, \
             wrote, request, document, hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                new.id,
                recorded_at,
                as_of,
                new.account,
                new.command,
                new.actor,
                new.on_behalf,
                new.reason,
                new.key,
                wrote,
                new.request,
                new.document,
                hash
            ],
        )?;
        chain.next = new.id.saturating_add(1);
        chain.last_hash = hash;
        Ok(())
    }
}
