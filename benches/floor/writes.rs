//! Bare SQLite creating the accounts that a batch has created, each in a transaction of its own.

use crate::start::{Cost, weighed};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;

/// Writes the accounts behind a key with their members and journal lines; what that took.
pub fn one_by_one(product: &Path, bare: &Path, behind: i64) -> Cost {
    let from = Connection::open(product).unwrap();
    let mut to = Connection::open(bare).unwrap();
    to.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
    )
    .unwrap();
    let tables = ["account", "member", "journal"].map(|table| {
        let key = if table == "account" { "id" } else { "account" };
        rows(
            &from,
            &format!("SELECT * FROM {table} WHERE {key} > {behind} ORDER BY id"),
        )
    });
    weighed(|| {
        for at in 0..tables[0].len() {
            let tx = to.transaction().unwrap();
            for (table, rows) in ["account", "member", "journal"].iter().zip(&tables) {
                let marks = vec!["?"; rows[at].len()].join(", ");
                let sql = format!("INSERT INTO {table} VALUES ({marks})");
                let mut statement = tx.prepare_cached(&sql).unwrap();
                statement.execute(params_from_iter(&rows[at])).unwrap();
            }
            tx.commit().unwrap();
        }
    })
}

fn rows(conn: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = conn.prepare(sql).unwrap();
    let columns = statement.column_count();
    let read = statement.query_map([], |row| {
        (0..columns).map(|column| row.get(column)).collect()
    });
    read.unwrap().map(Result::unwrap).collect()
}
