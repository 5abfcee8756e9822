//! What a statement writes, read off its text: the rows that a line of the journal has to seal.

use super::row::{Fault, Kept};
use super::seal::{Shape, place};
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    /// What the statements do that were asked about before. A batch asks the same in each of its transactions.
    static KNOWN: RefCell<Vec<(&'static str, Writes)>> = const { RefCell::new(Vec::new()) };
}

/// Columns that are set to parameters, with the place of each, the first of which is 0.
pub(super) type Sets = Rc<[(String, usize)]>;

/// How the rows that a statement writes come to be known.
#[derive(Debug, Clone)]
pub(super) enum Writes {
    /// What it is given is the row.
    Given(Shape),
    /// The row whose key is the first parameter, and what it sets, where that is plain; what is left of the row is
    /// read when the line is written, unless it is known.
    One(u8, Option<Sets>),
    /// It returns them.
    Returned(Rc<str>),
    /// No fact: a mark, or a line of the journal.
    Nothing,
}

impl Writes {
    /// What a statement of this room does, found out once.
    pub(super) fn known(sql: &'static str) -> Kept<Writes> {
        let same = |known: &Vec<(&'static str, Writes)>| {
            let found = known.iter().find(|(of, _)| std::ptr::eq(*of, sql));
            found.map(|(_, writes)| writes.clone())
        };
        if let Some(writes) = KNOWN.with_borrow(same) {
            return Ok(writes);
        }
        let writes = Writes::of(sql)?;
        KNOWN.with_borrow_mut(|known| known.push((sql, writes.clone())));
        Ok(writes)
    }

    /// What a statement of this room does.
    pub(super) fn of(sql: &str) -> Kept<Writes> {
        let words: Vec<&str> = sql.split_whitespace().collect();
        let unknown = || Fault::Other(anyhow::anyhow!("what does {sql:?} write?"));
        match words.as_slice() {
            ["UPDATE", "account", "SET", "due_on", ..] | ["INSERT", "INTO", "journal", ..] => {
                Ok(Writes::Nothing)
            }
            ["UPDATE", table, "SET", .., "WHERE", "id", "=", "?1"] => {
                Ok(Writes::One(place(table)?, sets(sql)))
            }
            ["UPDATE", table, ..] | ["DELETE", "FROM", table, ..] => {
                Ok(Writes::Returned((*table).into()))
            }
            ["INSERT", "INTO", table, ..] => match plain(sql) {
                Some(columns) => Ok(Writes::Given(Shape::of(table, columns.into_iter())?)),
                None => Ok(Writes::Returned((*table).into())),
            },
            _ => Err(unknown()),
        }
    }
}

/// What an update of one row sets, if every column becomes just what a parameter is.
fn sets(sql: &str) -> Option<Sets> {
    let (_, sets) = sql.split_once(" SET ")?;
    let (sets, _) = sets.split_once(" WHERE ")?;
    let one = |set: &str| {
        let (column, value) = set.split_once(" = ?")?;
        let place: usize = value.parse().ok()?;
        Some((column.trim().to_owned(), place.checked_sub(1)?))
    };
    sets.split(", ").map(one).collect()
}

/// The columns of an insert whose values are its parameters, one by one, so that a row that it touches is just
/// what it is given.
fn plain(sql: &str) -> Option<Vec<&str>> {
    let (head, values) = sql.split_once(" VALUES (")?;
    let (_, columns) = head.split_once('(')?;
    let columns: Vec<&str> = columns.split([',', ' ', ')']).collect();
    let columns: Vec<&str> = columns
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let values = match values.split_once(") ON CONFLICT (") {
        Some((values, otherwise)) => Some(values).filter(|_| replaces(otherwise, &columns)),
        None => values.strip_suffix(')'),
    };
    let values: Vec<&str> = values?.split(", ").collect();
    let numbered = |(at, value): (usize, &&str)| *value == format!("?{}", at.saturating_add(1));
    let same = columns.len() == values.len() && values.iter().enumerate().all(numbered);
    same.then_some(columns)
}

/// Whether a row that is there already is left alone, or becomes in every column what the insert is given.
fn replaces(otherwise: &str, columns: &[&str]) -> bool {
    let Some((key, then)) = otherwise.split_once(") DO ") else {
        return false;
    };
    if then == "NOTHING" {
        return true;
    }
    let key: Vec<&str> = key.split(", ").collect();
    let numbered = columns.iter().zip(1_u32..);
    let rest = numbered.filter(|(column, _)| !key.contains(*column));
    let all: Vec<String> = rest
        .map(|(column, at)| format!("{column} = ?{at}"))
        .collect();
    then.strip_prefix("UPDATE SET ") == Some(&all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_of_every_kind_of_statement_what_it_writes() {
        let plain = "INSERT INTO term (id, ends) VALUES (?1, ?2)";
        for more in [
            "",
            " ON CONFLICT (id) DO NOTHING",
            " ON CONFLICT (id) DO UPDATE SET ends = ?2",
        ] {
            let sql = format!("{plain}{more}");
            assert!(matches!(Writes::of(&sql), Ok(Writes::Given(_))), "{sql}");
        }
        for other in [
            "(?2, ?1)",
            "(?1, 2)",
            "(?1, (SELECT 1))",
            "(?1, ?2) ON CONFLICT (id) DO UPDATE SET ends = ends + 1",
            "(?1, ?2) ON CONFLICT (id) DO UPDATE SET starts = ?2",
            "(?1, ?2) ON CONFLICT (ends) DO UPDATE SET ends = ?2",
        ] {
            let sql = format!("INSERT INTO term (id, ends) VALUES {other}");
            assert!(matches!(Writes::of(&sql), Ok(Writes::Returned(_))), "{sql}");
        }
        let one = "UPDATE term SET ends = ?2 WHERE id = ?1";
        let sets = [("ends".to_owned(), 1)];
        assert!(matches!(Writes::of(one), Ok(Writes::One(7, Some(set))) if *set == sets));
        for computed in [
            "UPDATE term SET ends = ?2, starts = min(starts, ?2) WHERE id = ?1",
            "UPDATE term SET ends = coalesce(?2, ends) WHERE id = ?1",
        ] {
            assert!(
                matches!(Writes::of(computed), Ok(Writes::One(7, None))),
                "{computed}"
            );
        }
        assert!(matches!(
            Writes::of("DELETE FROM mail WHERE message = ?1"),
            Ok(Writes::Returned(_))
        ));
        assert!(Writes::of("UPDATE unknown SET x = 1 WHERE id = ?1").is_err());
        assert!(Writes::of("VACUUM").is_err());
    }
}
