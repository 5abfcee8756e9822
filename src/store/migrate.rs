//! The shape of the file: forward only, one numbered text per step, and never past what this program knows.

use super::open::{APPLICATION_ID, fault_of};
use super::row::{Fault, Kept};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Every step, oldest first.
const STEPS: &[&str] = &[include_str!("schema/0001_start.sql")];

/// The version that this program writes.
pub(super) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Gives an empty file its shape. Another process may do the same at once: the second finds it done.
pub(super) fn start(conn: &mut Connection, file: &Path) -> Kept<()> {
    upgrade(conn, file)
}

/// Brings a file to the newest shape.
pub(super) fn upgrade(conn: &mut Connection, file: &Path) -> Kept<()> {
    if check(conn, file)? == newest() {
        return Ok(());
    }
    let tx = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fault_of(file))?;
    let from = check(&tx, file)?;
    let done = usize::try_from(from).unwrap_or(0);
    for (at, step) in STEPS.iter().enumerate().skip(done) {
        tx.execute_batch(step).map_err(fault_of(file))?;
        let version = i64::try_from(at).unwrap_or(0).saturating_add(1);
        tx.pragma_update(None, "user_version", version)
            .map_err(fault_of(file))?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(fault_of(file))?;
    tx.commit().map_err(fault_of(file))
}

/// For looking: the file must have the newest shape already.
pub(super) fn expect_current(conn: &Connection, file: &Path) -> Kept<()> {
    let version = check(conn, file)?;
    if version == newest() {
        return Ok(());
    }
    if version == 0 {
        // Another process has just created it and is about to fill it.
        return Err(Fault::Missing(file.to_owned()));
    }
    let seems = format!(
        "it has schema {version} and this program reads {}; write to it once",
        newest()
    );
    Err(Fault::Foreign {
        file: file.to_owned(),
        seems,
    })
}

/// The file's version, if it is ours and not newer than the program.
pub(super) fn check(conn: &Connection, file: &Path) -> Kept<i64> {
    let pragma = |name: &str| {
        conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(fault_of(file))
    };
    let (mark, version) = (pragma("application_id")?, pragma("user_version")?);
    if mark != APPLICATION_ID {
        let tables: i64 = conn
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(fault_of(file))?;
        // Another process may have filled it between these questions.
        let filled = pragma("application_id")? == APPLICATION_ID;
        if filled {
            return check(conn, file);
        }
        if tables > 0 || version != 0 {
            let seems = "it is the SQLite file of another program".to_owned();
            return Err(Fault::Foreign {
                file: file.to_owned(),
                seems,
            });
        }
        return Ok(0);
    }
    if version > newest() {
        return Err(Fault::Newer {
            file: file.to_owned(),
            version,
            known: newest(),
        });
    }
    Ok(version)
}
