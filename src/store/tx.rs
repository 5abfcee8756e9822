//! The two handles: [`Reader`] reads, and [`Tx`], the only one that can write, also applies changes.

use super::open::fault_of;
use super::row::{Fault, Kept};
use super::seal::{Sealed, Shape, TABLES, Written};
use super::sheet::{Given, Put, Rows, Sheet};
use super::writes::Writes;
use super::year::Counted;
use rusqlite::types::{ToSql, ValueRef};
use rusqlite::{
    CachedStatement, Connection, OptionalExtension, Params, Row, Statement, Transaction,
    TransactionBehavior, params_from_iter,
};
use std::path::{Path, PathBuf};

/// Reads facts.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    conn: &'a Connection,
    file: &'a Path,
    keep: Keep,
}

/// What becomes of a statement that has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// It is kept for the next time.
    Statements,
    /// It will not run again. SQLite prepares such a one faster, in memory that it has at hand.
    Nothing,
}

impl<'a> Reader<'a> {
    pub(super) fn of(conn: &'a Connection, file: &'a Path) -> Reader<'a> {
        Reader {
            conn,
            file,
            keep: Keep::Statements,
        }
    }

    /// The same for a question that runs nearly every statement once, and then the program ends.
    pub fn once(self) -> Reader<'a> {
        Reader {
            keep: Keep::Nothing,
            ..self
        }
    }

    /// The same for a statement that runs several times also there.
    pub(super) fn again(self) -> Reader<'a> {
        Reader {
            keep: Keep::Statements,
            ..self
        }
    }

    /// The file that is read.
    pub fn file(&self) -> &'a Path {
        self.file
    }

    pub(super) fn statement(&self, sql: &str) -> Kept<CachedStatement<'a>> {
        self.conn.prepare_cached(sql).map_err(fault_of(self.file))
    }

    fn run<T>(
        &self,
        sql: &str,
        run: impl FnOnce(&mut Statement<'_>) -> rusqlite::Result<T>,
    ) -> Kept<T> {
        let done = match self.keep {
            Keep::Statements => run(&mut *self.statement(sql)?),
            Keep::Nothing => self.conn.prepare(sql).and_then(|mut once| run(&mut once)),
        };
        done.map_err(fault_of(self.file))
    }

    /// All rows of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Kept<Vec<T>> {
        self.run(sql, |statement| {
            statement.query_map(params, read)?.collect()
        })
    }

    /// Hands every row of a query to somebody, one at a time.
    pub(super) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut see: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Kept<()> {
        self.run(sql, |statement| {
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                see(row)?;
            }
            Ok(())
        })
    }

    /// The first row of a query, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Kept<Option<T>> {
        self.run(sql, |statement| {
            statement.query_row(params, read).optional()
        })
    }
}

/// The one transaction that can write. While it lives no other handle of the store does; dropping it
/// forgets everything.
pub struct Tx<'s> {
    /// Writing statements, each prepared once: a run writes the same dozen for thousands of accounts.
    held: Vec<Held<'s>>,
    /// Reads a row of a table again, for its seal.
    again: Vec<Option<(CachedStatement<'s>, Shape)>>,
    /// The rows that no line of the journal tells of yet.
    written: Written,
    /// For statements that are run as soon as they are put down.
    sheet: Sheet,
    /// Documents of the years in which it has issued some.
    pub(super) counted: Vec<Counted>,
    conn: Transaction<'s>,
    bare: &'s Connection,
    file: PathBuf,
}

/// A writing statement, and how its rows come to be known.
struct Held<'s> {
    of: &'static str,
    statement: CachedStatement<'s>,
    writes: Writes,
    /// How the columns lie that it returns.
    returns: Option<Shape>,
}

impl<'s> Held<'s> {
    fn prepared(conn: &'s Connection, file: &Path, of: &'static str) -> Kept<Held<'s>> {
        let writes = Writes::known(of)?;
        let prepare = |sql: &str| conn.prepare_cached(sql).map_err(fault_of(file));
        let (statement, returns) = match &writes {
            Writes::Returned(table) => {
                let statement = prepare(&format!("{of} RETURNING *"))?;
                let returns = Shape::of(table, statement.column_names())?;
                (statement, Some(returns))
            }
            Writes::Given(_) | Writes::One(..) | Writes::Nothing => (prepare(of)?, None),
        };
        Ok(Held {
            of,
            statement,
            writes,
            returns,
        })
    }

    fn run(
        &mut self,
        (given, known): (Given<'_>, Option<Sealed>),
        conn: &Connection,
        written: &mut Written,
    ) -> rusqlite::Result<usize> {
        let params = params_from_iter(given.params());
        let Some(returns) = &self.returns else {
            let rows = self.statement.execute(params)?;
            match (&self.writes, known) {
                _ if rows == 0 => {}
                (_, Some(sealed)) => written.put(sealed),
                (Writes::Given(shape), None) => {
                    let id = conn.last_insert_rowid();
                    written.put(shape.seal(|at| given.value(at), id));
                }
                (Writes::One(table, _), None) => written.changed(*table, key(given)?),
                (Writes::Returned(_) | Writes::Nothing, None) => {}
            }
            return Ok(rows);
        };
        let gone = self.of.starts_with("DELETE");
        let mut rows = self.statement.query(params)?;
        let mut count = 0_usize;
        while let Some(row) = rows.next()? {
            let row = sealed(returns, row);
            let seal = if gone { 0 } else { row.seal };
            written.put(Sealed { seal, ..row });
            count = count.saturating_add(1);
        }
        Ok(count)
    }
}

/// The seal of a row that is read.
pub(super) fn sealed(shape: &Shape, row: &Row<'_>) -> Sealed {
    shape.seal(|at| row.get_ref(at).unwrap_or(ValueRef::Null), 0)
}

/// The number that is the first parameter.
fn key(given: Given<'_>) -> rusqlite::Result<u64> {
    match given.value(0) {
        ValueRef::Integer(key) => Ok(key.cast_unsigned()),
        _ => Err(rusqlite::Error::InvalidQuery),
    }
}

impl<'s> Tx<'s> {
    /// Begins it. The connection is the store's own, which is borrowed for as long as the transaction lives.
    pub(super) fn begin(bare: &'s Connection, file: PathBuf) -> Kept<Tx<'s>> {
        let conn = Transaction::new_unchecked(bare, TransactionBehavior::Immediate)
            .map_err(fault_of(&file))?;
        Ok(Tx {
            held: Vec::new(),
            again: TABLES.iter().map(|_| None).collect(),
            written: Written::default(),
            sheet: Sheet::default(),
            counted: Vec::new(),
            conn,
            bare,
            file,
        })
    }

    /// What can be read.
    pub fn read(&self) -> Reader<'_> {
        Reader::of(&self.conn, &self.file)
    }

    /// Runs one writing statement that touches as many rows as there are.
    pub(super) fn run(&mut self, sql: &'static str, params: &[&dyn ToSql]) -> Kept<()> {
        self.at_once(|sheet| sheet.any(sql, params))
    }

    /// Runs one writing statement that must touch exactly one row.
    pub(super) fn run_one(&mut self, sql: &'static str, params: &[&dyn ToSql]) -> Kept<()> {
        self.at_once(|sheet| sheet.one(sql, params))
    }

    /// Runs what is put down, on a sheet whose memory stays for the next time.
    fn at_once(&mut self, put: impl FnOnce(&mut Sheet) -> Kept<()>) -> Kept<()> {
        let mut sheet = std::mem::take(&mut self.sheet);
        sheet.wipe();
        put(&mut sheet)?;
        self.write(0, &sheet)?;
        self.sheet = sheet;
        Ok(())
    }

    /// Runs a statement that was put down.
    pub(super) fn run_put(&mut self, put: &Put, given: Given<'_>) -> Kept<()> {
        let known = self
            .held
            .iter()
            .position(|held| std::ptr::eq(held.of, put.of));
        let at = match known {
            Some(at) => at,
            None => {
                let held = Held::prepared(self.bare, &self.file, put.of)?;
                self.held.push(held);
                self.held.len().saturating_sub(1)
            }
        };
        let held = self.held.get_mut(at);
        let done = held
            .ok_or(rusqlite::Error::InvalidQuery)
            .and_then(|held| held.run((given, put.sealed), self.bare, &mut self.written));
        let rows = done.map_err(fault_of(&self.file))?;
        if rows != 1 && put.rows == Rows::One {
            let what = anyhow::anyhow!("{rows} rows instead of one: {}", put.of);
            return Err(Fault::Other(what));
        }
        if cfg!(debug_assertions) {
            self.expect_sealed(put)?;
        }
        Ok(())
    }

    /// What was known of a row that is updated is what stands there. Every test asks for it.
    fn expect_sealed(&mut self, put: &Put) -> Kept<()> {
        let Some(known) = put.sealed.filter(|_| put.of.starts_with("UPDATE")) else {
            return Ok(());
        };
        match self.read_again(known.table, known.key)? == known {
            true => Ok(()),
            false => Err(Fault::Other(anyhow::anyhow!(
                "another row is left by {}",
                put.of
            ))),
        }
    }

    /// The seals of the rows that were written since the last line of the journal, for the next one.
    pub(super) fn take_seals(&mut self) -> Kept<Vec<u8>> {
        for (table, key) in self.written.take_changed() {
            let row = self.read_again(table, key)?;
            self.written.put(row);
        }
        Ok(self.written.take())
    }

    fn read_again(&mut self, table: u8, key: u64) -> Kept<Sealed> {
        let place = usize::from(table);
        let Some(again) = self.again.get_mut(place) else {
            return Err(fault_of(&self.file)(rusqlite::Error::InvalidQuery));
        };
        let (statement, shape) = match again {
            Some(known) => known,
            none => {
                let name = TABLES.get(place).map_or("", |table| table.name);
                let sql = format!("SELECT * FROM {name} WHERE id = ?1");
                let prepared = self.bare.prepare_cached(&sql);
                let statement = prepared.map_err(fault_of(&self.file))?;
                let shape = Shape::of(name, statement.column_names())?;
                none.insert((statement, shape))
            }
        };
        let row = statement.query_row([key.cast_signed()], |row| Ok(sealed(shape, row)));
        row.map_err(fault_of(&self.file))
    }

    /// Makes everything that was applied last.
    ///
    /// # Errors
    /// The store cannot be written, or something was applied of which no line of the journal tells.
    pub fn commit(self) -> Kept<()> {
        if !self.written.is_empty() {
            let what = anyhow::anyhow!("no line of the journal tells of what was written");
            return Err(Fault::Other(what));
        }
        self.conn.commit().map_err(fault_of(&self.file))
    }

    /// Forgets everything that was applied.
    pub fn roll_back(self) -> Kept<()> {
        self.conn.rollback().map_err(fault_of(&self.file))
    }
}
