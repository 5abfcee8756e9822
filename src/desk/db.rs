//! The file itself: what it holds, whether it is sound, and a copy of it.

use super::look::Question;
use super::{Desk, Failure, Patience, Purpose, Terms};
use crate::store::Reader;
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
];

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
        let found = examine(read)?;
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
