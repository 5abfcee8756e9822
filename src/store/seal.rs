//! Seals: every line of the journal says which rows it wrote and carries a digest of each, so that a row that
//! is changed, removed or put there without a line is found and named.
//!
//! What an insert was given is the row, so most rows are sealed without being read again.

use super::row::{Fault, Kept};
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// A table whose rows are sealed.
pub(super) struct Table {
    /// Its name.
    pub(super) name: &'static str,
    /// The columns that tell its rows apart.
    pub(super) key: &'static [&'static str],
}

impl Table {
    /// Its rows are told apart by a number.
    pub(super) fn is_numbered(&self) -> bool {
        matches!(self.key, ["id"] | ["message"])
    }
}

const fn table(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key }
}

/// Every table but the journal, which has its chain of hashes. A seal names a table by its place here, so the
/// order never changes and new ones come last.
pub(super) const TABLES: &[Table] = &[
    table("meta", &["key"]),
    table("seller_file", &["id"]),
    table("account", &["id"]),
    table("member", &["id"]),
    table("method", &["id"]),
    table("trial", &["account", "starts"]),
    table("orders", &["id"]),
    table("term", &["id"]),
    table("slice", &["term", "place"]),
    table("holding", &["id"]),
    table("invoice", &["id"]),
    table("line", &["id"]),
    table("payment", &["id"]),
    table("posting", &["id"]),
    table("switch", &["account", "place"]),
    table("scheduled", &["id"]),
    table("agreement", &["id"]),
    table("credit_entry", &["id"]),
    table("limit_use", &["id"]),
    table("cases", &["id"]),
    table("message", &["id"]),
    table("mail", &["message"]),
    table("issued", &["kind", "year"]),
    table("billed_as", &["account", "last_invoice"]),
];

/// Columns that are no facts. The day on which an account is looked at next follows from its facts, and is set
/// again with each of them; new files of the seller move it for every account at once. One that is too late is
/// found by deriving it again (`db check`).
pub(super) const NO_FACTS: &[(&str, &str)] = &[("account", "due_on")];

/// The place of a table in the list.
pub(super) fn place(name: &str) -> Kept<u8> {
    let place = TABLES.iter().position(|table| table.name == name);
    let place = place.and_then(|place| u8::try_from(place).ok());
    place.ok_or_else(|| Fault::Other(anyhow::anyhow!("rows of {name} have no seal")))
}

/// One row, as a line of the journal has left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sealed {
    /// The place of its table.
    pub(super) table: u8,
    /// What tells it from the other rows of the table.
    pub(super) key: u64,
    /// Its digest; 0 if the row was removed.
    pub(super) seal: u64,
}

/// How the columns of a table lie in a statement.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) table: u8,
    /// The columns that are no key, by name, with their place.
    rest: Rc<[(String, usize)]>,
    /// The places of the key; none where an insert leaves it to SQLite.
    key: Rc<[usize]>,
    /// The key is a number of its own.
    numbered: bool,
}

impl Shape {
    pub(super) fn of<'c>(name: &str, columns: impl Iterator<Item = &'c str>) -> Kept<Shape> {
        let table = place(name)?;
        let of = TABLES.get(usize::from(table));
        let keys = of.map_or(&[][..], |of| of.key);
        let mut key = vec![None; keys.len()];
        let mut rest = Vec::new();
        for (at, column) in columns.enumerate() {
            match keys.iter().position(|key| *key == column) {
                Some(part) => key[part] = Some(at),
                None if NO_FACTS.contains(&(name, column)) => {}
                None => rest.push((column.to_owned(), at)),
            }
        }
        rest.sort();
        Ok(Shape {
            table,
            rest: rest.into(),
            key: key.into_iter().flatten().collect(),
            numbered: of.is_some_and(Table::is_numbered),
        })
    }

    /// The place of a column that is no key.
    pub(super) fn place_of(&self, column: &str) -> Option<usize> {
        let same = |(name, _): &(String, usize)| name.as_str().cmp(column);
        let at = self.rest.binary_search_by(same).ok()?;
        self.rest.get(at).map(|(_, place)| *place)
    }

    /// Whether the statement has all of the key.
    pub(super) fn has_key(&self) -> bool {
        let parts = TABLES.get(usize::from(self.table)).map(|of| of.key.len());
        parts == Some(self.key.len())
    }

    /// The key of a row as text: `3`, `3/2026-01-01`.
    pub(super) fn key_text(&self, row: &rusqlite::Row<'_>) -> String {
        let text = |at: &usize| match row.get_ref(*at) {
            Ok(ValueRef::Integer(number)) => number.to_string(),
            Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            _ => "?".to_owned(),
        };
        let parts: Vec<String> = self.key.iter().map(text).collect();
        parts.join("/")
    }

    /// The row's seal. `given` is the key where the columns do not have it.
    pub(super) fn seal<'v>(&self, value: impl Fn(usize) -> ValueRef<'v>, given: i64) -> Sealed {
        let mut bytes = Vec::with_capacity(512);
        let key = match (self.numbered, self.key.first()) {
            (true, Some(at)) => value(*at).as_i64().unwrap_or_default().cast_unsigned(),
            (true, None) => given.cast_unsigned(),
            (false, _) => {
                for at in self.key.iter() {
                    put(&mut bytes, value(*at));
                }
                first(&bytes)
            }
        };
        bytes.clear();
        bytes.push(self.table);
        bytes.extend_from_slice(&key.to_le_bytes());
        for (name, at) in self.rest.iter() {
            let value = value(*at);
            // Without what is empty, a column that comes later breaks no seal.
            if value != ValueRef::Null {
                bytes.extend_from_slice(name.as_bytes());
                put(&mut bytes, value);
            }
        }
        // 0 stands for a row that is gone.
        let seal = first(&bytes).max(1);
        Sealed {
            table: self.table,
            key,
            seal,
        }
    }
}

/// A value so that no two have the same bytes.
fn put(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    let mut long = |mark: u8, part: &[u8]| {
        bytes.push(mark);
        bytes.extend_from_slice(&part.len().to_le_bytes());
        bytes.extend_from_slice(part);
    };
    match value {
        ValueRef::Null => long(0, &[]),
        ValueRef::Integer(number) => long(1, &number.to_le_bytes()),
        ValueRef::Real(number) => long(2, &number.to_bits().to_le_bytes()),
        ValueRef::Text(text) => long(3, text),
        ValueRef::Blob(blob) => long(4, blob),
    }
}

/// The first bytes of the digest: enough that no change goes unseen, and few enough for a hundred rows.
fn first(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The rows that were written since the last line of the journal.
#[derive(Debug, Default)]
pub(super) struct Written {
    rows: Vec<Sealed>,
    /// Rows whose seals are still to be made.
    later: Vec<(u8, u64)>,
}

impl Written {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.later.is_empty()
    }

    pub(super) fn put(&mut self, row: Sealed) {
        self.rows.push(row);
    }

    /// The row with this key has changed, and may change again before the line is written.
    pub(super) fn changed(&mut self, table: u8, key: u64) {
        if !self.later.contains(&(table, key)) {
            self.later.push((table, key));
        }
    }

    pub(super) fn take_changed(&mut self) -> Vec<(u8, u64)> {
        std::mem::take(&mut self.later)
    }

    /// The rows as a line of the journal keeps them: of each only how it was left, in the order of their keys,
    /// whenever their seals were made.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by_key(|row| (row.table, row.key));
        let mut bytes = Vec::with_capacity(rows.len().saturating_mul(14));
        let mut rows = rows.iter().peekable();
        while let Some(row) = rows.next() {
            let later = rows.peek();
            if later.is_some_and(|later| (later.table, later.key) == (row.table, row.key)) {
                continue;
            }
            bytes.push(row.table);
            let mut key = row.key;
            while key >= 128 {
                bytes.push(u8::try_from(key & 127).unwrap_or_default() | 128);
                key >>= 7;
            }
            bytes.push(u8::try_from(key).unwrap_or_default());
            bytes.extend_from_slice(&row.seal.to_be_bytes());
        }
        bytes
    }
}

/// Reads what a line keeps; none where it is not whole.
pub(super) fn read(mut bytes: &[u8]) -> Option<Vec<Sealed>> {
    let mut rows = Vec::new();
    while let Some((table, rest)) = bytes.split_first() {
        bytes = rest;
        let mut key = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = bytes.split_first()?;
            bytes = rest;
            key |= u64::from(byte & 127).checked_shl(shift)?;
            if byte & 128 == 0 {
                break;
            }
        }
        let (seal, rest) = bytes.split_first_chunk::<8>()?;
        bytes = rest;
        rows.push(Sealed {
            table: *table,
            key,
            seal: u64::from_be_bytes(*seal),
        });
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_were_kept_and_of_each_only_the_last() {
        let mut written = Written::default();
        let row = |table, key, seal| Sealed { table, key, seal };
        let kept = [row(2, 0, 7), row(5, u64::MAX, u64::MAX), row(21, 300, 0)];
        written.put(row(21, 300, 9));
        kept.into_iter().rev().for_each(|row| written.put(row));
        let bytes = written.take();
        assert_eq!(read(&bytes).unwrap(), kept);
        assert!(written.is_empty() && read(&bytes[..bytes.len() - 1]).is_none());
    }

    #[test]
    fn a_seal_is_of_its_place_and_of_what_stands_there() {
        let shape = Shape::of("line", ["id", "net", "text", "item"].into_iter()).unwrap();
        let seal = |values: [ValueRef<'static>; 4]| shape.seal(|at| values[at], 0).seal;
        use ValueRef::{Integer, Null, Text};
        let seals = [
            seal([Integer(1), Integer(5), Text(b"a"), Text(b"b")]),
            seal([Integer(2), Integer(5), Text(b"a"), Text(b"b")]),
            seal([Integer(1), Integer(6), Text(b"a"), Text(b"b")]),
            seal([Integer(1), Integer(5), Text(b"b"), Text(b"a")]),
            seal([Integer(1), Integer(5), Text(b"ab"), Text(b"")]),
            seal([Integer(1), Integer(5), Text(b"ab"), Null]),
        ];
        for (at, one) in seals.iter().enumerate() {
            assert!(seals.iter().skip(at + 1).all(|other| one != other), "{at}");
        }
    }
}
