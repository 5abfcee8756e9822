//! Rows as the sheets of an account have left them, so that what an update leaves is known without reading the row
//! again for its seal. Whatever is not certain is forgotten, and is read again.

use super::row::Kept;
use super::seal::{Sealed, Shape};
use super::sheet::{Cell, Given};
use super::writes::{Sets, Writes};

/// The rows that are known of an account in one run of the program. They hold as long as what was put down is
/// kept, and nobody else writes.
#[derive(Debug, Default)]
pub struct Known {
    rows: Vec<KnownRow>,
    /// No row is added any more.
    complete: bool,
}

/// A row: what it was inserted with, and what its updates have made of it.
#[derive(Debug)]
struct KnownRow {
    /// The statement that inserted it, which names its columns.
    of: &'static str,
    table: u8,
    key: u64,
    cells: Vec<Cell>,
    bytes: Vec<u8>,
}

impl Known {
    /// What is inserted from here on will not be updated, and need not be known.
    pub fn completed(self) -> Known {
        Known {
            complete: true,
            ..self
        }
    }

    /// Nothing is known any more.
    pub fn forget(&mut self) {
        self.rows.clear();
    }

    /// Nothing is known any more of a table.
    pub(super) fn forget_table(&mut self, table: u8) {
        self.rows.retain(|row| row.table != table);
    }

    /// A row is inserted as what it is given.
    pub(super) fn insert(&mut self, of: &'static str, row: Sealed, given: Given<'_>) {
        self.rows
            .retain(|known| (known.table, known.key) != (row.table, row.key));
        if self.complete {
            return;
        }
        let (cells, bytes) = given.copied();
        self.rows.push(KnownRow {
            of,
            table: row.table,
            key: row.key,
            cells,
            bytes,
        });
    }

    /// A row gets other values; its seal, if it is known.
    pub(super) fn update(
        &mut self,
        (table, key): (u8, u64),
        sets: Option<&Sets>,
        given: Given<'_>,
    ) -> Kept<Option<Sealed>> {
        let known = |row: &KnownRow| (row.table, row.key) == (table, key);
        let Some(at) = self.rows.iter().position(known) else {
            return Ok(None);
        };
        let mut row = self.rows.swap_remove(at);
        let (Some(sets), Writes::Given(shape)) = (sets, Writes::known(row.of)?) else {
            return Ok(None);
        };
        if !row.set(&shape, sets, given) {
            return Ok(None);
        }
        let seal = {
            let row = Given::of(&row.cells, &row.bytes);
            shape.seal(|at| row.value(at), 0)
        };
        self.rows.push(row);
        Ok(Some(seal))
    }
}

impl KnownRow {
    /// False if a column is none that it was inserted with.
    fn set(&mut self, shape: &Shape, sets: &Sets, given: Given<'_>) -> bool {
        sets.iter().all(|(column, from)| {
            let cell = shape.place_of(column).and_then(|at| self.cells.get_mut(at));
            let Some(cell) = cell else { return false };
            *cell = given.cell_into(*from, &mut self.bytes);
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sheet::{Sheet, Step};

    const INSERT: &str = "INSERT INTO term (id, ends, period) VALUES (?1, ?2, ?3)";
    const UPDATE: &str = "UPDATE term SET ends = ?2 WHERE id = ?1";

    /// The seal of the last statement.
    fn last(sheet: &Sheet) -> Option<Sealed> {
        match sheet.steps().last() {
            Some(Step::Run(put)) => put.sealed,
            other => panic!("{other:?}"),
        }
    }

    fn inserted(ends: &str) -> (Sheet, Sealed) {
        let mut sheet = Sheet::default();
        sheet.begin(Known::default());
        sheet.one(INSERT, &[&7_i64, &ends, &"1m"]).unwrap();
        let sealed = last(&sheet).unwrap();
        (sheet, sealed)
    }

    #[test]
    fn an_updated_row_is_sealed_as_if_it_had_been_inserted_so_also_on_the_next_sheet() {
        let (mut sheet, _) = inserted("2026-08-01");
        let (_, expected) = inserted("2026-09-01");
        sheet.one(UPDATE, &[&7_i64, &"2026-10-01"]).unwrap();
        assert_ne!(last(&sheet), Some(expected));
        let known = sheet.end();
        sheet.begin(known);
        sheet.one(UPDATE, &[&7_i64, &"2026-09-01"]).unwrap();
        assert_eq!(last(&sheet), Some(expected));
    }

    #[test]
    fn what_is_not_certain_is_forgotten() {
        let other_row = "UPDATE term SET ends = ?2 WHERE id = ?1";
        let unknown_column = "UPDATE term SET cut_on = ?2 WHERE id = ?1";
        let computed = "UPDATE term SET ends = min(ends, ?2) WHERE id = ?1";
        let many = "UPDATE term SET ends = ?2 WHERE account = ?1";
        for sql in [unknown_column, computed, many] {
            let (mut sheet, _) = inserted("2026-08-01");
            sheet.any(sql, &[&7_i64, &"2026-07-01"]).unwrap();
            assert_eq!(last(&sheet), None, "{sql}");
            sheet.one(UPDATE, &[&7_i64, &"2026-09-01"]).unwrap();
            assert_eq!(last(&sheet), None, "{sql}");
        }
        let (mut sheet, _) = inserted("2026-08-01");
        sheet.one(other_row, &[&8_i64, &"2026-09-01"]).unwrap();
        assert_eq!(last(&sheet), None);
        let mut known = sheet.end();
        known.forget();
        sheet.begin(known.completed());
        sheet.one(INSERT, &[&7_i64, &"2026-08-01", &"1m"]).unwrap();
        sheet.one(UPDATE, &[&7_i64, &"2026-09-01"]).unwrap();
        assert_eq!(last(&sheet), None);
    }
}
