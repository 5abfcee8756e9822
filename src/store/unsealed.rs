//! Rows that are not as the journal left them: changed, removed, or put there by nobody.

use super::open::fault_of;
use super::row::Kept;
use super::seal::{self, Sealed, Shape, TABLES};
use super::tx::{Reader, sealed};
use rusqlite::Row;
use std::collections::HashMap;

/// Rows of one table that are worth reading.
const AT_MOST: usize = 20;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// It is not as the line left it.
    Changed,
    /// It is not there any more.
    Missing,
    /// No line has written it.
    Unknown,
}

/// A row that is not as the journal left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// Its table.
    pub table: &'static str,
    /// Its key as text, where it is known.
    pub key: String,
    /// What became of it.
    pub trace: Trace,
    /// The line of the journal that wrote it last, and the command.
    pub line: Option<(i64, String)>,
}

/// The seals of one table. Keys are counted up, so those that lie together are kept together: a number of
/// eight bytes for each row of a file, whatever its size.
#[derive(Default)]
struct Seals {
    pages: HashMap<u64, Box<[u64; 256]>>,
    apart: HashMap<u64, u64>,
    numbered: bool,
}

impl Seals {
    fn at(&mut self, key: u64) -> &mut u64 {
        if !self.numbered {
            return self.apart.entry(key).or_default();
        }
        let page = self.pages.entry(key >> 8);
        let page = page.or_insert_with(|| Box::new([0; 256]));
        let [low, ..] = key.to_le_bytes();
        &mut page[usize::from(low)]
    }

    /// The keys that still have a seal.
    fn left(&self) -> Vec<u64> {
        let pages = self
            .pages
            .iter()
            .flat_map(|(page, seals)| (page << 8..).zip(seals.iter()));
        let all = pages.chain(self.apart.iter().map(|(key, seal)| (*key, seal)));
        let mut keys: Vec<u64> = all
            .filter(|(_, seal)| **seal != 0)
            .map(|(key, _)| key)
            .collect();
        keys.sort_unstable();
        keys.truncate(AT_MOST);
        keys
    }
}

impl Reader<'_> {
    /// Rows that are not as the journal left them, in the order of the tables.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unsealed(&self) -> Kept<Vec<Unsealed>> {
        let mut seals = self.kept_seals()?;
        let mut found = Vec::new();
        for (place, (table, seals)) in TABLES.iter().zip(&mut seals).enumerate() {
            let off = self.compared(table.name, seals)?;
            let left = seals.left().into_iter().map(|key| (key, None));
            let missing = left.map(|(key, text)| (key, text, Trace::Missing));
            for (key, text, trace) in off.into_iter().chain(missing).take(AT_MOST) {
                let number = seals.numbered.then(|| key.to_string());
                found.push(Unsealed {
                    table: table.name,
                    key: text.or(number).unwrap_or_default(),
                    trace,
                    line: match trace {
                        Trace::Unknown => None,
                        Trace::Changed | Trace::Missing => self.last_line_of(place, key)?,
                    },
                });
            }
        }
        Ok(found)
    }

    /// How the journal left every row.
    fn kept_seals(&self) -> Kept<Vec<Seals>> {
        let empty = TABLES.iter().map(|table| Seals {
            numbered: table.is_numbered(),
            ..Seals::default()
        });
        let mut seals: Vec<Seals> = empty.collect();
        self.each("SELECT wrote FROM journal ORDER BY id", [], |row| {
            for row in rows_of(row, 0)? {
                if let Some(of) = seals.get_mut(usize::from(row.table)) {
                    *of.at(row.key) = row.seal;
                }
            }
            Ok(())
        })?;
        Ok(seals)
    }

    /// Rows of a table that are off, with their keys; takes the seal of every row that it meets.
    fn compared(
        &self,
        table: &'static str,
        seals: &mut Seals,
    ) -> Kept<Vec<(u64, Option<String>, Trace)>> {
        let sql = format!("SELECT * FROM {table}");
        let shape = {
            let statement = self.statement(&sql)?;
            Shape::of(table, statement.column_names())?
        };
        let mut off = Vec::new();
        self.each(&sql, [], |row| {
            let Sealed { key, seal, .. } = sealed(&shape, row);
            let kept = std::mem::take(seals.at(key));
            if kept != seal && off.len() < AT_MOST {
                let trace = if kept == 0 {
                    Trace::Unknown
                } else {
                    Trace::Changed
                };
                off.push((key, Some(shape.key_text(row)), trace));
            }
            Ok(())
        })?;
        Ok(off)
    }

    /// The last line of the journal that wrote a row.
    fn last_line_of(&self, table: usize, key: u64) -> Kept<Option<(i64, String)>> {
        let sql = "SELECT id, command, wrote FROM journal ORDER BY id DESC";
        let mut statement = self.statement(sql)?;
        let fault = fault_of(self.file());
        let mut rows = statement.query([]).map_err(&fault)?;
        while let Some(row) = rows.next().map_err(&fault)? {
            let wrote = rows_of(row, 2).map_err(&fault)?;
            let same = |row: &Sealed| usize::from(row.table) == table && row.key == key;
            if wrote.iter().any(same) {
                let line = (row.get(0).map_err(&fault)?, row.get(1).map_err(&fault)?);
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}

/// What a line has written. What cannot be read has a broken link in the chain, which is told of there.
fn rows_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<Sealed>> {
    let bytes = row.get_ref(at)?.as_blob().unwrap_or_default();
    Ok(seal::read(bytes).unwrap_or_default())
}
