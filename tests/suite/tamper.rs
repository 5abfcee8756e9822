//! Every value of every table, changed behind the program's back: it is found, and the row is named.

use crate::support::{Sandbox, root};
use crate::writes::{WRITES, done, ran};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Columns that may change unseen, each with its reason.
const UNSEEN: &[(&str, &str, &str)] = &[(
    "account",
    "due_on",
    "no fact but a mark, which may be early; one that is late is found by what follows from the facts (marks.rs)",
)];

/// What those commands leave empty.
const MORE: &[&str] = &[
    "account create acme --country US --email a@acme.test --as-of 2026-06-01",
    "order create acme --plan advanced --period 6m --seats 3 --method card --as-of 2026-06-01",
    "order pay O-000001 --as-of 2026-06-01",
    "limit record acme leads 10",
    "credit use acme ai 5",
    "credit buy acme ai-5000",
    "order pay O-000002",
    "plan change acme base --reason x",
    "account edit acme --address Street --reason moved",
];

/// The stores of the fault tests after all their commands, so that every table has rows.
fn stores() -> Vec<Sandbox> {
    let mut stores: BTreeMap<usize, Sandbox> = BTreeMap::new();
    for write in WRITES {
        let stage = std::ptr::from_ref(write.stage).addr();
        let sandbox = stores.entry(stage).or_insert_with(|| write.stage.set());
        // Some exclude each other.
        ran(sandbox, write.line);
    }
    let mut stores: Vec<Sandbox> = stores.into_values().collect();
    let more = Sandbox::quick();
    MORE.iter().for_each(|line| drop(done(&more, line)));
    stores.push(more);
    for store in &stores {
        done(store, "db check");
    }
    stores
}

/// The columns of every table but the journal, which has a test of its own.
fn columns(conn: &Connection) -> BTreeMap<String, Vec<String>> {
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let sql = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
               WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> 'journal'";
    let mut statement = conn.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let of = columns.entry(row.get(0).unwrap()).or_default();
        of.push(row.get(1).unwrap());
    }
    columns
}

/// The least different value of the same kind.
fn other(value: Value) -> Value {
    match value {
        Value::Null => Value::Text("2026-01-01".to_owned()),
        // Far enough to meet no other key.
        Value::Integer(number) => Value::Integer(number + 9_000),
        Value::Real(_) => Value::Real(0.5),
        Value::Blob(mut blob) => {
            blob.push(0);
            Value::Blob(blob)
        }
        Value::Text(text) => match text.pop_last() {
            Some((rest, last)) => {
                Value::Text(format!("{rest}{}", if last == '1' { '2' } else { '1' }))
            }
            None => Value::Text("1".to_owned()),
        },
    }
}

trait PopLast {
    fn pop_last(&self) -> Option<(&str, char)>;
}

impl PopLast for String {
    fn pop_last(&self) -> Option<(&str, char)> {
        let last = self.chars().last()?;
        Some((&self[..self.len() - last.len_utf8()], last))
    }
}

/// A copy whose database is open past every guard of SQLite.
fn open(of: &Sandbox) -> (Sandbox, Connection) {
    let copy = Sandbox::quick();
    std::fs::copy(of.db(), copy.db()).unwrap();
    let conn = Connection::open(copy.db()).unwrap();
    let past = "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE";
    conn.execute_batch(past).unwrap();
    (copy, conn)
}

/// Both checks must fail, and one finding must name the table.
fn named(copy: &Sandbox, table: &str) -> Result<(), String> {
    for check in ["db check", "journal verify"] {
        let told = ran(copy, check);
        let named = told.stdout.contains(&format!(" of {table} "));
        if told.code != 1 || !named {
            return Err(format!("{check}: {told:?}"));
        }
    }
    Ok(())
}

#[test]
fn a_changed_value_in_any_column_of_any_table_is_found_and_named() {
    let stores = stores();
    let all = columns(&Connection::open(stores[0].db()).unwrap());
    let mut met: BTreeSet<(String, String)> = BTreeSet::new();
    let mut unseen = Vec::new();
    for store in &stores {
        // What is still in the log belongs to the copies too.
        let conn = Connection::open(store.db()).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        drop(conn);
        for (table, columns) in &all {
            for column in columns {
                let exempt = UNSEEN
                    .iter()
                    .any(|(of, name, _)| of == table && name == column);
                if exempt || met.contains(&(table.clone(), column.clone())) {
                    continue;
                }
                let (copy, conn) = open(store);
                // Where a column is empty in all rows, an empty one is filled.
                let sql = format!("SELECT * FROM {table} ORDER BY {column} IS NULL LIMIT 1");
                let Ok(row) = conn.query_row(&sql, [], |row| row.get::<_, Value>(column.as_str()))
                else {
                    continue;
                };
                let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {column} IS ?2");
                let to = |value: Value| conn.execute(&sql, (value, row.clone()));
                if to(other(row.clone())).is_err() && to(Value::Integer(1)).is_err() {
                    continue;
                }
                drop(conn);
                met.insert((table.clone(), column.clone()));
                if let Err(told) = named(&copy, table) {
                    unseen.push(format!("{table}.{column}: {told}"));
                }
            }
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
    for (table, columns) in &all {
        for column in columns {
            let exempt = UNSEEN
                .iter()
                .any(|(of, name, _)| of == table && name == column);
            let tried = met.contains(&(table.clone(), column.clone()));
            assert!(tried != exempt, "{table}.{column} was not tried");
        }
    }
}

#[test]
fn a_row_that_is_gone_and_a_row_that_nobody_wrote_are_found_in_every_table() {
    let stores = stores();
    let mut met = BTreeSet::new();
    for store in &stores {
        let conn = Connection::open(store.db()).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        for (table, columns) in columns(&conn) {
            let count = |conn: &Connection| -> i64 {
                let sql = format!("SELECT count(*) FROM {table}");
                conn.query_row(&sql, [], |row| row.get(0)).unwrap()
            };
            if met.contains(&table) || count(&conn) == 0 {
                continue;
            }
            met.insert(table.clone());
            let (copy, gone) = open(store);
            let key = &columns[0];
            let sql = format!("DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})");
            assert!(gone.execute(&sql, []).unwrap() > 0, "{table}");
            drop(gone);
            named(&copy, &table).unwrap_or_else(|told| panic!("{table}: {told}"));
            let (copy, more) = open(store);
            more.execute_batch(&format!(
                "CREATE TEMP TABLE one AS SELECT * FROM {table} ORDER BY {key} DESC LIMIT 1"
            ))
            .unwrap();
            let unique =
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'";
            let names: Vec<String> = more
                .prepare(unique)
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            for name in names {
                more.execute_batch(&format!("DROP INDEX {name}")).unwrap();
            }
            let others: Vec<String> = columns
                .iter()
                .map(|name| anew(&conn, &table, name))
                .collect();
            let sql = format!("INSERT INTO {table} SELECT {} FROM one", others.join(", "));
            more.execute(&sql, [])
                .unwrap_or_else(|error| panic!("{sql}: {error}"));
            drop(more);
            named(&copy, &table).unwrap_or_else(|told| panic!("{table}: {told}"));
        }
    }
    let all = columns(&Connection::open(stores[0].db()).unwrap());
    let missed: Vec<_> = all.keys().filter(|table| !met.contains(*table)).collect();
    assert!(missed.is_empty(), "{missed:?} are empty in every store");
}

/// A column's value for a row beside another: keys and what is unique become other ones.
fn anew(conn: &Connection, table: &str, column: &str) -> String {
    let sql = "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2 AND pk > 0";
    let key: i64 = conn
        .query_row(sql, (table, column), |row| row.get(0))
        .unwrap();
    let sql = "SELECT count(*) FROM pragma_index_list(?1) list, pragma_index_info(list.name) info \
               WHERE list.\"unique\" = 1 AND info.name = ?2";
    let unique: i64 = conn
        .query_row(sql, (table, column), |row| row.get(0))
        .unwrap();
    match (key + unique > 0, column) {
        (false, _) => column.to_owned(),
        (true, "id" | "place" | "message" | "series" | "term" | "last_invoice") => {
            format!("{column} + 900")
        }
        (true, "account" | "orders" | "kind") => column.to_owned(),
        (true, _) => format!("{column} || 'x'"),
    }
}

#[test]
fn every_table_of_the_shape_is_sealed() {
    let seal = std::fs::read_to_string(root().join("src/store/seal.rs")).unwrap();
    let sandbox = Sandbox::quick();
    done(&sandbox, "db init");
    for table in columns(&Connection::open(sandbox.db()).unwrap()).keys() {
        assert!(seal.contains(&format!("table(\"{table}\", ")), "{table}");
    }
}
