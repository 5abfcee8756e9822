//! The file itself: what it holds, whether it is sound, and a copy of it.

use super::look::Question;
use super::{Desk, Failure, Terms};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::database::{Check, Database, Finding};
use std::path::Path;

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
        examined(read, &[EXAMINATIONS, super::books::EXAMINATIONS].concat())
    }
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
}
