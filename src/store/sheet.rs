//! A sheet: writing statements with what each is given, put down in one piece of memory. Whoever decides puts
//! them down, and the one that holds the transaction runs them, on another thread if need be.
//!
//! Putting down spells days, names and JSON and seals the rows, so that little is left to do while the file is
//! held; and a sheet that is wiped keeps its memory for the next account.

use super::known::Known;
use super::row::{Fault, Kept};
use super::seal::{self, Sealed};
use super::writes::Writes;
use crate::billing::calendar::Day;
use crate::billing::change::Change;
use crate::billing::invoice::InvoiceKind;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use std::ops::Range;

/// Statements that wait for a transaction, in their order.
#[derive(Debug, Default)]
pub struct Sheet {
    steps: Vec<Step>,
    cells: Vec<Cell>,
    bytes: Vec<u8>,
    /// The rows that are known, where somebody keeps that.
    known: Option<Known>,
}

/// What is to be done next.
#[derive(Debug)]
pub(super) enum Step {
    /// A statement.
    Run(Put),
    /// A document that is issued is counted, behind the others of its year.
    Count(InvoiceKind, Day),
    /// A change whose statements follow from what stands in the file.
    Look(Box<Change>),
}

/// A statement that is put down.
#[derive(Debug)]
pub(super) struct Put {
    /// Its text.
    pub(super) of: &'static str,
    /// How many rows it is to touch.
    pub(super) rows: Rows,
    /// The row that it writes, where the statement alone says so.
    pub(super) sealed: Option<Sealed>,
    /// Its part of the cells.
    cells: Range<usize>,
}

/// How many rows a statement is to touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// One, and anything else is a fault.
    One,
    /// As many as there are.
    Any,
}

/// One value. Of a text the sheet's bytes hold what it says, from one place to the other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    Null,
    Integer(i64),
    Text(usize, usize),
    Blob(usize, usize),
    /// The line of the journal that tells of the statement, which is known once it is run.
    Journal,
}

/// What a statement is given.
#[derive(Clone, Copy)]
pub(super) struct Given<'s> {
    cells: &'s [Cell],
    bytes: &'s [u8],
    journal: i64,
}

impl<'s> Given<'s> {
    /// Values that no line of the journal is among.
    pub(super) fn of(cells: &'s [Cell], bytes: &'s [u8]) -> Given<'s> {
        Given {
            cells,
            bytes,
            journal: 0,
        }
    }

    /// The values, with bytes of their own.
    pub(super) fn copied(self) -> (Vec<Cell>, Vec<u8>) {
        let long = |cell: &Cell| match cell {
            Cell::Text(from, to) | Cell::Blob(from, to) => to.saturating_sub(*from),
            Cell::Null | Cell::Integer(_) | Cell::Journal => 0,
        };
        let mut bytes = Vec::with_capacity(self.cells.iter().map(long).sum());
        let cells = (0..self.cells.len()).map(|at| self.cell_into(at, &mut bytes));
        (cells.collect(), bytes)
    }

    /// The value at a place, whose bytes are put behind others.
    pub(super) fn cell_into(self, at: usize, bytes: &mut Vec<u8>) -> Cell {
        cell(bytes, self.value(at)).unwrap_or(Cell::Null)
    }

    /// The value at a place, the first of which is 0.
    pub(super) fn value(&self, at: usize) -> ValueRef<'s> {
        let part = |from: usize, to: usize| self.bytes.get(from..to).unwrap_or_default();
        match self.cells.get(at) {
            None | Some(Cell::Null) => ValueRef::Null,
            Some(Cell::Integer(number)) => ValueRef::Integer(*number),
            Some(Cell::Text(from, to)) => ValueRef::Text(part(*from, *to)),
            Some(Cell::Blob(from, to)) => ValueRef::Blob(part(*from, *to)),
            Some(Cell::Journal) => ValueRef::Integer(self.journal),
        }
    }

    /// Whether the line of the journal is among them.
    fn has_line(&self) -> bool {
        matches!(self.cells.first(), Some(Cell::Journal))
    }

    /// All values, to be bound.
    pub(super) fn params(self) -> impl Iterator<Item = ToSqlOutput<'s>> {
        (0..self.cells.len()).map(move |at| ToSqlOutput::Borrowed(self.value(at)))
    }
}

impl Sheet {
    /// Makes it empty. Its memory stays.
    pub fn wipe(&mut self) {
        self.steps.clear();
        self.cells.clear();
        self.bytes.clear();
    }

    /// Makes it empty, for an account of which some rows are known.
    pub fn begin(&mut self, known: Known) {
        self.wipe();
        self.known = Some(known);
    }

    /// The rows that are known once it is written.
    pub fn end(&mut self) -> Known {
        self.known.take().unwrap_or_default()
    }

    /// What is to be done, in its order.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What one of its statements is given, told of by a line of the journal.
    pub(super) fn given(&self, put: &Put, journal: i64) -> Given<'_> {
        Given {
            cells: self.cells.get(put.cells.clone()).unwrap_or_default(),
            bytes: &self.bytes,
            journal,
        }
    }

    /// Puts down a statement that touches exactly one row.
    pub(super) fn one(&mut self, of: &'static str, params: &[&dyn ToSql]) -> Kept<()> {
        self.put(of, Rows::One, (&[], params))
    }

    /// Puts down a statement that touches as many rows as there are.
    pub(super) fn any(&mut self, of: &'static str, params: &[&dyn ToSql]) -> Kept<()> {
        self.put(of, Rows::Any, (&[], params))
    }

    /// Puts down a statement that writes one row, whose first parameter is the line of the journal that tells of it.
    pub(super) fn one_of_line(&mut self, of: &'static str, params: &[&dyn ToSql]) -> Kept<()> {
        self.put(of, Rows::One, (&[Cell::Journal], params))
    }

    /// Puts down that a document is counted.
    pub(super) fn count(&mut self, kind: InvoiceKind, on: Day) {
        self.steps.push(Step::Count(kind, on));
    }

    /// Puts down a change whose statements follow from what stands in the file.
    pub(super) fn look(&mut self, change: &Change) {
        if let Some(known) = &mut self.known {
            known.forget();
        }
        self.steps.push(Step::Look(Box::new(change.clone())));
    }

    fn put(
        &mut self,
        of: &'static str,
        rows: Rows,
        (line, params): (&[Cell], &[&dyn ToSql]),
    ) -> Kept<()> {
        let from = self.cells.len();
        self.cells.extend_from_slice(line);
        for param in params {
            let value = param.to_sql();
            let cell = match &value {
                Ok(ToSqlOutput::Borrowed(value)) => cell(&mut self.bytes, *value),
                Ok(ToSqlOutput::Owned(value)) => cell(&mut self.bytes, value.into()),
                _ => None,
            };
            let unknown = || Fault::Other(anyhow::anyhow!("no value for a parameter of {of:?}"));
            self.cells.push(cell.ok_or_else(unknown)?);
        }
        let mut put = Put {
            of,
            rows,
            sealed: None,
            cells: from..self.cells.len(),
        };
        put.sealed = self.sealed(&put)?;
        self.steps.push(Step::Run(put));
        Ok(())
    }

    /// The row that a statement leaves, if that is known before it is run.
    fn sealed(&mut self, put: &Put) -> Kept<Option<Sealed>> {
        let given = Given {
            cells: self.cells.get(put.cells.clone()).unwrap_or_default(),
            bytes: &self.bytes,
            journal: 0,
        };
        let known = self.known.as_mut();
        match Writes::known(put.of)? {
            Writes::Given(shape) if shape.has_key() && !given.has_line() => {
                let row = shape.seal(|at| given.value(at), 0);
                if let Some(known) = known {
                    known.insert(put.of, row, given);
                }
                Ok(Some(row))
            }
            Writes::One(table, sets) => match (known, given.value(0)) {
                (Some(known), ValueRef::Integer(key)) => {
                    known.update((table, key.cast_unsigned()), sets.as_ref(), given)
                }
                _ => Ok(None),
            },
            Writes::Returned(table) => {
                if let Some(known) = known {
                    known.forget_table(seal::place(&table)?);
                }
                Ok(None)
            }
            Writes::Given(_) | Writes::Nothing => Ok(None),
        }
    }
}

/// The value, whose bytes are put behind others; none for what no column holds.
fn cell(bytes: &mut Vec<u8>, value: ValueRef<'_>) -> Option<Cell> {
    let mut keep = |part: &[u8]| {
        let from = bytes.len();
        bytes.extend_from_slice(part);
        (from, bytes.len())
    };
    match value {
        ValueRef::Null => Some(Cell::Null),
        ValueRef::Integer(number) => Some(Cell::Integer(number)),
        ValueRef::Text(text) => Some(keep(text)).map(|(from, to)| Cell::Text(from, to)),
        ValueRef::Blob(blob) => Some(keep(blob)).map(|(from, to)| Cell::Blob(from, to)),
        ValueRef::Real(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::types::Value;

    fn values(sheet: &Sheet, journal: i64) -> Vec<Vec<Value>> {
        let put = |step: &Step| match step {
            Step::Run(put) => {
                let given = sheet.given(put, journal);
                (0..put.cells.len())
                    .map(|at| Value::try_from(given.value(at)).unwrap())
                    .collect()
            }
            other => panic!("{other:?}"),
        };
        sheet.steps().iter().map(put).collect()
    }

    #[test]
    fn what_is_put_down_is_given_back_also_on_a_sheet_that_was_wiped() {
        let mut sheet = Sheet::default();
        let (text, blob) = ("Ã 中".to_owned(), vec![0_u8, 255]);
        for journal in [7, 8] {
            sheet.wipe();
            let sql = "UPDATE term SET ends = ?2 WHERE id = ?1";
            sheet
                .one(sql, &[&5_i64, &text, &None::<i64>, &"", &blob])
                .unwrap();
            let sql = "INSERT INTO posting (journal, book) VALUES (?1, ?2)";
            sheet.one_of_line(sql, &[&"revenue"]).unwrap();
            let first = [
                Value::Integer(5),
                Value::Text(text.clone()),
                Value::Null,
                Value::Text(String::new()),
                Value::Blob(blob.clone()),
            ];
            let second = [Value::Integer(journal), Value::Text("revenue".to_owned())];
            assert_eq!(values(&sheet, journal), [first.to_vec(), second.to_vec()]);
        }
        assert!(
            sheet
                .one("DELETE FROM mail WHERE message = ?1", &[&0.5])
                .is_err()
        );
    }

    #[test]
    fn a_row_is_sealed_where_its_key_is_given_and_its_line_is_none_of_it() {
        let mut sheet = Sheet::default();
        let with_key = "INSERT INTO term (id, ends) VALUES (?1, ?2)";
        let without = "INSERT INTO credit_entry (account, units) VALUES (?1, ?2)";
        let one = "UPDATE term SET ends = ?2 WHERE id = ?1";
        for sql in [with_key, without, one] {
            sheet.one(sql, &[&1_i64, &2_i64]).unwrap();
        }
        let line = "INSERT INTO posting (journal, book) VALUES (?1, ?2)";
        sheet.one_of_line(line, &[&"revenue"]).unwrap();
        let sealed = |step: &Step| matches!(step, Step::Run(put) if put.sealed.is_some());
        let sealed: Vec<bool> = sheet.steps().iter().map(sealed).collect();
        assert_eq!(sealed, [true, false, false, false]);
    }
}
