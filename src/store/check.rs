//! Counting, checking and copying the file.

use super::open::{Store, create, fault_of};
use super::row::{Fault, Kept};
use super::tx::Reader;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Findings of one kind that are worth reading.
const FINDINGS: usize = 100;

/// A file in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Size in bytes.
    pub bytes: i64,
    /// Version of its shape.
    pub schema: i64,
    /// Accounts.
    pub accounts: i64,
    /// Orders.
    pub orders: i64,
    /// Invoices and credit notes.
    pub invoices: i64,
    /// Lines of the journal.
    pub journal: i64,
    /// The clock at the last of them.
    pub last_write_at: Option<String>,
}

impl Reader<'_> {
    /// The file in numbers.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn counts(&self) -> Kept<Counts> {
        let number =
            |sql: &str| -> Kept<i64> { Ok(self.first(sql, [], |row| row.get(0))?.unwrap_or(0)) };
        let last = "SELECT recorded_at FROM journal ORDER BY id DESC LIMIT 1";
        Ok(Counts {
            bytes: number(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            )?,
            schema: number("PRAGMA user_version")?,
            accounts: number("SELECT count(*) FROM account")?,
            orders: number("SELECT count(*) FROM orders")?,
            invoices: number("SELECT count(*) FROM invoice")?,
            journal: number("SELECT count(*) FROM journal")?,
            last_write_at: self.first(last, [], |row| row.get(0))?,
        })
    }

    /// What SQLite finds wrong with the pages, rows and indices of the file.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn broken_pages(&self) -> Kept<Vec<String>> {
        let found: Vec<String> = self.all("PRAGMA integrity_check(100)", [], |row| row.get(0))?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    /// Rows that name another row which does not exist.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn broken_references(&self) -> Kept<Vec<String>> {
        let mut found = self.all("PRAGMA foreign_key_check", [], |row| {
            let (table, other): (String, String) = (row.get(0)?, row.get(2)?);
            let key: Option<i64> = row.get(1)?;
            let key = key.map(|key| key.to_string()).unwrap_or_default();
            Ok(format!(
                "Row {key} of {table} names a row of {other} that does not exist."
            ))
        })?;
        found.truncate(FINDINGS);
        Ok(found)
    }
}

impl Store {
    /// Copies the file to a new one, also while others write. The copy has its name only when it is whole, and
    /// is one file that can be read also where nothing can be written.
    ///
    /// # Errors
    /// The target is there already, or cannot be written.
    pub fn back_up(&self, to: &Path) -> Kept<()> {
        let there = || {
            Fault::Other(anyhow::anyhow!(
                "{} is there already, and a copy never replaces a file; move it away, or name another",
                to.display()
            ))
        };
        if to.exists() {
            return Err(there());
        }
        let mut name = to.as_os_str().to_owned();
        name.push(format!(".part-{}", std::process::id()));
        let part = PathBuf::from(name);
        let copied = create(&part)
            .and_then(|()| self.copy_to(&part))
            .and_then(|()| match std::fs::hard_link(&part, to) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(there()),
                // Not every file system knows a second name for a file.
                Err(_) => std::fs::rename(&part, to).map_err(|error| Fault::Other(error.into())),
                Ok(()) => Ok(()),
            });
        // The error that matters is the first.
        let _ = std::fs::remove_file(&part);
        copied
    }

    fn copy_to(&self, to: &Path) -> Kept<()> {
        let mut target = Connection::open(to).map_err(fault_of(to))?;
        Backup::new(self.connection(), &mut target)
            .and_then(|backup| backup.run_to_completion(1_000, Duration::ZERO, None))
            .and_then(|()| target.query_row("PRAGMA journal_mode=DELETE", [], |_| Ok(())))
            .map_err(fault_of(to))
    }
}
