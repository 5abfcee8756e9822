//! The two handles: [`Reader`] reads, and [`Tx`], the only one that can write, also applies changes.

use super::open::fault_of;
use super::row::{Fault, Kept};
use rusqlite::{CachedStatement, Connection, Params, Row};
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
    conn: rusqlite::Transaction<'s>,
    file: PathBuf,
}

impl<'s> Tx<'s> {
    pub(super) fn of(conn: rusqlite::Transaction<'s>, file: PathBuf) -> Tx<'s> {
        Tx { conn, file }
    }

    /// What can be read.
    pub fn read(&self) -> Reader<'_> {
        Reader::of(&self.conn, &self.file)
    }

    /// Runs one writing statement; the number of rows it touched.
    pub(super) fn run(&mut self, sql: &str, params: impl Params) -> Kept<usize> {
        let mut statement = self
            .conn
            .prepare_cached(sql)
            .map_err(fault_of(&self.file))?;
        statement.execute(params).map_err(fault_of(&self.file))
    }

    /// Runs one writing statement that must touch exactly one row.
    pub(super) fn run_one(&mut self, sql: &str, params: impl Params) -> Kept<()> {
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
