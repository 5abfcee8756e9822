//! Reading the journal: what was written, by whom, and whether nobody changed it since.

use super::db::examined;
use super::look::Question;
use super::{Failure, Terms, load};
pub use crate::store::JournalFilter;
use crate::store::{JournalLine, Reader};
use crate::wire::Document;
use crate::wire::journal::{Brief, Line};

/// Lines that are checked at a time.
const CHUNK: u32 = 1_000;

/// Lines, newest first.
#[derive(Debug)]
pub struct List {
    /// Only of this account.
    pub account: Option<String>,
    /// What else narrows it.
    pub filter: JournalFilter,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        let account = match &self.account {
            Some(account) => Some(load::account(read, account)?.id),
            None => None,
        };
        let lines = read.journal_lines(&JournalFilter {
            account,
            ..self.filter.clone()
        })?;
        let mut briefs = Vec::with_capacity(lines.len());
        for line in lines {
            briefs.push(brief(read, line)?);
        }
        Ok(Document::JournalLines(briefs))
    }
}

/// One line, by its number or its key.
#[derive(Debug)]
pub enum Show {
    /// By number.
    Number(i64),
    /// By idempotency key.
    Key(String),
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        let (found, called) = match self {
            Show::Number(id) => (read.journal_line(*id)?, id.to_string()),
            Show::Key(key) => (read.journal_by_key(key)?, key.clone()),
        };
        let line = found.ok_or_else(|| Failure::not_found("journal line", called))?;
        let request = serde_json::from_str(&line.request)?;
        let document = serde_json::from_str(&line.document)?;
        let hash = line.hash.clone();
        Ok(Document::JournalLine(Box::new(Line {
            head: brief(read, line)?,
            request,
            document,
            hash,
        })))
    }
}

/// Whether every line still says what was written, and none is missing between.
pub struct Verify;

impl Question for Verify {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        let own: [super::db::Examination; 2] =
            [("journal", broken_links), ("rows", super::db::unsealed)];
        examined(read, &[&own, super::books::EXAMINATIONS].concat())
    }
}

/// Lines whose hash does not follow from their content and the line before, and gaps in the numbers.
pub(super) fn broken_links(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let (mut last, mut before) = (0_i64, String::new());
    loop {
        let lines = read.journal_after(last, None, CHUNK)?;
        if lines.is_empty() {
            return Ok(found);
        }
        for line in lines {
            let due = last.saturating_add(1);
            if line.id != due {
                found.push(format!(
                    "Line {due} is missing; line {} follows {last}.",
                    line.id
                ));
            } else if line.hash != line.expected_hash(&before) {
                found.push(format!(
                    "Line {} ({} of {}) was changed after it was written.",
                    line.id, line.command, line.recorded_at
                ));
            }
            last = line.id;
            before = line.hash;
        }
    }
}

fn brief(read: Reader<'_>, line: JournalLine) -> Result<Brief, Failure> {
    let account = match line.account {
        Some(id) => Some(read.account_name(id)?),
        None => None,
    };
    Ok(Brief {
        line: line.id,
        recorded_at: line.recorded_at,
        as_of: line.as_of,
        command: line.command,
        account,
        by: line.actor,
        on_behalf: line.on_behalf,
        reason: line.reason,
        key: line.key,
    })
}
