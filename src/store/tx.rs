//! The two handles: [`Reader`] reads, and [`Tx`], the only one that can write, also applies changes.

use super::open::fault_of;
use super::row::{Fault, Kept};
use rusqlite::{CachedStatement, Connection, Params, Row, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};

/// Reads facts.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    conn: &'a Connection,
    file: &'a Path,
}

impl<'a> Reader<'a> {
    pub(super) fn of(conn: &'a Connection, file: &'a Path) -> Reader<'a> {
        Reader { conn, file }
    }

    /// The file that is read.
    pub fn file(&self) -> &'a Path {
        self.file
    }

    pub(super) fn statement(&self, sql: &str) -> Kept<CachedStatement<'a>> {
        self.conn.prepare_cached(sql).map_err(fault_of(self.file))
    }

    /// All rows of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Kept<Vec<T>> {
        let mut statement = self.statement(sql)?;
        let rows = statement
            .query_map(params, read)
            .map_err(fault_of(self.file))?;
        rows.collect::<Result<_, _>>().map_err(fault_of(self.file))
    }

    /// Hands every row of a query to somebody, one at a time.
    pub(super) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut see: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Kept<()> {
        let mut statement = self.statement(sql)?;
        let mut rows = statement.query(params).map_err(fault_of(self.file))?;
        while let Some(row) = rows.next().map_err(fault_of(self.file))? {
            see(row).map_err(fault_of(self.file))?;
        }
        Ok(())
    }

    /// The first row of a query, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Kept<Option<T>> {
        let mut statement = self.statement(sql)?;
        match statement.query_row(params, read) {
            Ok(found) => Ok(Some(found)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(fault_of(self.file)(error)),
        }
    }
}

/// The one transaction that can write. While it lives no other handle of the store does; dropping it
/// forgets everything.
pub struct Tx<'s> {
    /// Writing statements, each prepared once: a run writes the same dozen for thousands of accounts.
    held: Vec<(&'static str, CachedStatement<'s>)>,
    conn: Transaction<'s>,
    bare: &'s Connection,
    file: PathBuf,
}

impl<'s> Tx<'s> {
    /// Begins it. The connection is the store's own, which is borrowed for as long as the transaction lives.
    pub(super) fn begin(bare: &'s Connection, file: PathBuf) -> Kept<Tx<'s>> {
        let conn = Transaction::new_unchecked(bare, TransactionBehavior::Immediate)
            .map_err(fault_of(&file))?;
        Ok(Tx {
            held: Vec::new(),
            conn,
            bare,
            file,
        })
    }

    /// What can be read.
    pub fn read(&self) -> Reader<'_> {
        Reader::of(&self.conn, &self.file)
    }

    /// The statement of a text, prepared at its first use.
    fn held(&mut self, sql: &'static str) -> rusqlite::Result<&mut CachedStatement<'s>> {
        let known = self.held.iter().position(|(of, _)| std::ptr::eq(*of, sql));
        let at = match known {
            Some(at) => at,
            None => {
                self.held.push((sql, self.bare.prepare_cached(sql)?));
                self.held.len().saturating_sub(1)
            }
        };
        let found = self.held.get_mut(at).map(|(_, statement)| statement);
        found.ok_or(rusqlite::Error::InvalidQuery)
    }

    /// Runs one writing statement; the number of rows it touched.
    pub(super) fn run(&mut self, sql: &'static str, params: impl Params) -> Kept<usize> {
        let done = self
            .held(sql)
            .and_then(|statement| statement.execute(params));
        done.map_err(fault_of(&self.file))
    }

    /// Runs one writing statement that must touch exactly one row.
    pub(super) fn run_one(&mut self, sql: &'static str, params: impl Params) -> Kept<()> {
        match self.run(sql, params)? {
            1 => Ok(()),
            rows => Err(Fault::Other(anyhow::anyhow!(
                "{rows} rows instead of one: {sql}"
            ))),
        }
    }

    /// Makes everything that was applied last.
    pub fn commit(self) -> Kept<()> {
        self.conn.commit().map_err(fault_of(&self.file))
    }

    /// Forgets everything that was applied.
    pub fn roll_back(self) -> Kept<()> {
        self.conn.rollback().map_err(fault_of(&self.file))
    }
}
