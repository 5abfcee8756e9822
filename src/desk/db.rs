//! The file itself: what it holds, whether it is sound, and a copy of it.

use super::look::Question;
use super::{Desk, Failure, Patience, Purpose, Terms};
use crate::store::{Fault, Reader, Trace};
use crate::wire::Document;
use crate::wire::database::{Check, Database, Finding};
use std::path::Path;
use std::time::Duration;

/// What the file holds.
pub struct Info;

impl Question for Info {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        about(read)
    }
}

/// The file in numbers.
pub(super) fn about(read: Reader<'_>) -> Result<Document, Failure> {
    let counts = read.counts()?;
    Ok(Document::Database(Box::new(Database {
        file: read.file().display().to_string(),
        bytes: counts.bytes,
        schema: counts.schema,
        catalog: read.setting("catalog")?,
        zone: read.setting("zone")?,
        accounts: counts.accounts,
        orders: counts.orders,
        invoices: counts.invoices,
        journal_lines: counts.journal,
        last_write_at: counts.last_write_at,
    })))
}

/// Whether the file is sound.
pub struct IsSound;

/// One kind of check: its name, and what it finds.
pub(super) type Examination = (&'static str, fn(Reader<'_>) -> Result<Vec<String>, Failure>);

/// Everything that is checked, cheapest to understand first.
const EXAMINATIONS: &[Examination] = &[
    ("pages", |read| Ok(read.broken_pages()?)),
    ("references", |read| Ok(read.broken_references()?)),
    ("journal", super::journal::broken_links),
    ("rows", unsealed),
    ("days", |read| super::renew::passed_by(read, AT_MOST)),
];

/// Findings of one kind that are worth reading.
const AT_MOST: usize = 100;

/// Rows that are not as the journal left them, in sentences.
pub(super) fn unsealed(read: Reader<'_>) -> Result<Vec<String>, Failure> {
    let rows = read.unsealed()?.into_iter().map(|row| {
        let key = Some(row.key).filter(|key| !key.is_empty());
        let which = key.map_or_else(|| "A row".to_owned(), |key| format!("Row {key}"));
        let (id, command) = row.line.unwrap_or_default();
        match row.trace {
            Trace::Changed => format!(
                "{which} of {} is not as line {id} of the journal ({command}) left it.",
                row.table
            ),
            Trace::Missing => format!(
                "{which} of {} is missing, which line {id} of the journal ({command}) wrote.",
                row.table
            ),
            Trace::Unknown => {
                format!(
                    "{which} of {} was written by no line of the journal.",
                    row.table
                )
            }
        }
    });
    Ok(rows.collect())
}

impl Question for IsSound {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        all_examined(read)
    }
}

fn all_examined(read: Reader<'_>) -> Result<Document, Failure> {
    examined(read, &[EXAMINATIONS, super::books::EXAMINATIONS].concat())
}

/// Runs examinations and collects what they find.
pub(super) fn examined(
    read: Reader<'_>,
    examinations: &[Examination],
) -> Result<Document, Failure> {
    let mut findings = Vec::new();
    for (what, examine) in examinations {
        let found = match examine(read) {
            // What was found so far is worth more than that one value cannot be read.
            Err(Failure::Store(Fault::Other(error))) => vec![format!("This ends at {error:#}.")],
            found => found?,
        };
        findings.extend(found.into_iter().map(|text| Finding {
            what: (*what).to_owned(),
            text,
        }));
    }
    Ok(Document::Check(Check {
        checked: examinations
            .iter()
            .map(|(what, _)| (*what).to_owned())
            .collect(),
        sound: findings.is_empty(),
        findings,
    }))
}

impl Desk {
    /// Copies the file to a new one, also while others write.
    ///
    /// # Errors
    /// The target is there already, or cannot be written.
    pub fn back_up(&self, to: &Path) -> Result<(), Failure> {
        Ok(self.store.back_up(to)?)
    }

    /// Sets the days again on which runs look at accounts, where one of them would be passed by; how many were.
    /// Facts are never changed.
    ///
    /// # Errors
    /// The store fails; nothing is kept then.
    pub fn repair(&mut self) -> Result<u64, Failure> {
        let mut tx = self.store.begin()?;
        let set = super::renew::mark_again(&mut tx)?;
        tx.commit()?;
        Ok(set)
    }

    /// Makes a new file from a copy. The copy is checked before, and the new file afterwards; where one of them
    /// is not sound there is no new file, and the document says what was found.
    ///
    /// # Errors
    /// The copy cannot be read, or the new file is there already or cannot be written.
    pub fn restore(from: &Path, to: &Path) -> Result<Document, Failure> {
        let open = |file: &Path| Desk::open(file, Purpose::Look, Patience::silent(Duration::ZERO));
        let mut copy = open(from)?;
        let found = all_examined(copy.look()?.read())?;
        if !is_sound(&found) {
            return Ok(found);
        }
        copy.back_up(to)?;
        let found = all_examined(open(to)?.look()?.read());
        if !found.as_ref().is_ok_and(is_sound) {
            // What was found matters more than that the file stays.
            let _ = std::fs::remove_file(to);
        }
        found
    }
}

fn is_sound(found: &Document) -> bool {
    matches!(found, Document::Check(check) if check.sound)
}
