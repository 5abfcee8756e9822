//! Files that are cut, changed, or exchanged, and copies of them: what is wrong is found, named, and goes no
//! further.

use crate::support::{Ran, Sandbox, dump};
use crate::writes::{done, ran};

/// A desk with a bit of everything that is money.
fn rich() -> Sandbox {
    let sandbox = Sandbox::quick();
    for line in [
        "account create acme --country US --email a@acme.test --as-of 2026-05-01 --catalog kommo-2024",
        "order create acme --plan advanced --period 6m --seats 3 --method card --as-of 2026-05-01",
        "order pay O-000001 --as-of 2026-05-01",
        "seats add acme 2 --as-of 2026-06-01",
        "order pay O-000002 --as-of 2026-06-01",
        "invoice credit INV-2026-000002 --percent 50 --reason x --as-of 2026-06-02",
        "payment refund P-000001 --reason x --yes --as-of 2026-06-15",
        "account create zenith --country US --email a@zenith.test --as-of 2026-05-01",
        "order create zenith --plan enterprise --period 6m --seats 2 --method card --as-of 2026-05-01",
        "order pay O-000003 --as-of 2026-05-01",
        "seats add zenith 1 --as-of 2026-06-01",
    ] {
        let told = ran(&sandbox, line);
        assert!(told.code == 0, "{line}: {told:?}");
    }
    done(&sandbox, "db check");
    sandbox
}

/// Changes a row behind the program's back, past every guard of SQLite.
fn tamper(sandbox: &Sandbox, sql: &str) -> usize {
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    conn.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
        .unwrap();
    conn.execute(sql, []).unwrap_or(0)
}

/// Every money column, and the least that a thief would do to it.
const MONEY: &[(&str, &[&str])] = &[
    (
        "orders",
        &[
            "net = net - 1",
            "tax = tax + 1",
            "total = total - 1",
            "from_balance = from_balance + (state = 'paid')",
            "net = net - 1, total = total - 1",
        ],
    ),
    (
        "invoice",
        &[
            "net = net - 1",
            "tax = tax + 1",
            "total = total - 1",
            "net = net - 1, total = total - 1",
            "paid = paid + 1",
            "credited = credited + 1",
            "from_balance = from_balance + 1",
            "series = series + 9",
        ],
    ),
    (
        "line",
        &[
            "net = net - 1",
            "gross = gross - 1, net = net - 1",
            "discount = discount + 1, net = net - 1",
            "tax = tax + 1",
            // What a credit line says of quantity and price is for reading only; its money is its own.
            "quantity = quantity + (kind <> 'credit')",
            "unit_price = CASE kind WHEN 'credit' THEN unit_price ELSE '1' END",
        ],
    ),
    (
        "payment",
        &[
            "amount = amount + 1",
            "state = 'paid'",
            "state = 'declined'",
            "currency = 'EUR'",
        ],
    ),
    (
        "posting",
        &[
            "amount = amount + 1",
            "amount = -amount",
            "currency = 'EUR'",
        ],
    ),
];

#[test]
fn a_changed_row_of_money_is_found_and_named() {
    let whole = rich();
    let mut unseen = Vec::new();
    for (table, changes) in MONEY {
        let conn = rusqlite::Connection::open(whole.db()).unwrap();
        let ids: Vec<i64> = conn
            .prepare(&format!("SELECT id FROM {table}"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(!ids.is_empty(), "{table}");
        drop(conn);
        for (id, change) in ids
            .iter()
            .flat_map(|id| changes.iter().map(move |change| (id, change)))
        {
            let sandbox = Sandbox::quick();
            std::fs::copy(whole.db(), sandbox.db()).unwrap();
            let before = sandbox.dump();
            tamper(
                &sandbox,
                &format!("UPDATE {table} SET {change} WHERE id = {id}"),
            );
            if sandbox.dump() == before {
                continue;
            }
            // Both look at the same things; in turns is enough.
            let checks = ["db check", "journal verify"];
            for check in &checks[usize::from(id % 2 == 0)..][..1] {
                let told = ran(&sandbox, check);
                if told.code != 1
                    || !told.stdout.contains("-0000")
                        && !told.stdout.contains("Line ")
                        && !told.stdout.contains("numbers of")
                {
                    unseen.push(format!("{check}: {table} {id}: {change}: {}", told.stdout));
                }
            }
        }
        for id in ids {
            let sandbox = Sandbox::quick();
            std::fs::copy(whole.db(), sandbox.db()).unwrap();
            tamper(&sandbox, &format!("DELETE FROM {table} WHERE id = {id}"));
            if ran(&sandbox, "db check").code != 1 {
                unseen.push(format!("{table} {id} deleted"));
            }
        }
    }
    assert!(unseen.is_empty(), "{unseen:#?}");
}

#[test]
fn a_changed_missing_or_moved_line_of_the_journal_is_found_and_named() {
    let whole = rich();
    for column in [
        "recorded_at",
        "as_of",
        "command",
        "actor",
        "on_behalf",
        "reason",
        "key",
        "request",
        "document",
        "hash",
    ] {
        let sandbox = Sandbox::quick();
        std::fs::copy(whole.db(), sandbox.db()).unwrap();
        let value = if column == "as_of" {
            "'2020-01-01T00:00:00'"
        } else {
            "'x'"
        };
        assert_eq!(
            tamper(
                &sandbox,
                &format!("UPDATE journal SET {column} = {value} WHERE id = 3")
            ),
            1
        );
        for check in ["db check", "journal verify"] {
            let told = ran(&sandbox, check);
            assert!(
                told.code == 1 && told.stdout.contains("Line 3"),
                "{column}: {told:?}"
            );
        }
    }
    for (sql, sentence) in [
        ("DELETE FROM journal WHERE id = 4", "Line 4 is missing"),
        (
            "UPDATE journal SET id = 999 WHERE id = 5",
            "Line 5 is missing",
        ),
    ] {
        let sandbox = Sandbox::quick();
        std::fs::copy(whole.db(), sandbox.db()).unwrap();
        tamper(&sandbox, sql);
        let told = ran(&sandbox, "journal verify");
        assert!(told.code == 1 && told.stdout.contains(sentence), "{told:?}");
    }
}

/// No command may crash on a damaged file, or answer as if nothing were wrong with what it reads.
fn survives(sandbox: &Sandbox, what: &str) -> Ran {
    for line in [
        "account list",
        "account show acme",
        "invoice list",
        "journal list",
        "renew due",
        "report revenue",
    ] {
        let told = ran(sandbox, line);
        assert!(matches!(told.code, 0 | 1 | 4), "{what}: {line}: {told:?}");
        assert!(
            !told.stderr.contains("panicked"),
            "{what}: {line}: {told:?}"
        );
    }
    let told = ran(sandbox, "account edit acme --title Damaged");
    assert!(matches!(told.code, 0 | 1 | 3 | 4), "{what}: {told:?}");
    ran(sandbox, "db check")
}

/// What SQLite itself keeps is looked at by two examinations of its own, not only by the seals of the rows.
#[test]
fn an_index_without_its_rows_and_a_row_that_names_nobody_are_found_by_what_looks_for_them() {
    let other_index = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'due_on IS NOT NULL', \
        'due_on IS NULL') WHERE name = 'account_due'";
    for (what, sql) in [
        ("pages", other_index),
        (
            "references",
            "PRAGMA foreign_keys = OFF; DELETE FROM account WHERE name = 'zenith'",
        ),
    ] {
        let sandbox = rich();
        let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
        conn.execute_batch(sql).unwrap();
        drop(conn);
        let told = ran(&sandbox, "db check --json");
        assert_eq!(told.code, 1, "{sql}: {told:?}");
        let found = told.answer()["check"]["findings"].clone();
        let by = |finding: &serde_json::Value| finding["what"] == what;
        assert!(found.as_array().unwrap().iter().any(by), "{what}: {found}");
    }
}

#[test]
fn a_file_cut_off_anywhere_is_damaged_and_nothing_crashes() {
    let whole = std::fs::read(rich().db()).unwrap();
    for part in 1..10 {
        let sandbox = Sandbox::quick();
        std::fs::write(sandbox.db(), &whole[..whole.len() * part / 10]).unwrap();
        let told = survives(&sandbox, &format!("{part} tenths"));
        assert_eq!(told.code, 1, "{part} tenths: {told:?}");
    }
}

#[test]
fn a_flipped_bit_crashes_nothing_and_is_found_where_it_changes_a_row() {
    let whole = rich();
    let bytes = std::fs::read(whole.db()).unwrap();
    let rows = whole.dump();
    let (mut place, mut found) = (7_919_usize, 0);
    for _ in 0..40 {
        place = (place * 7_919 + 104_729) % bytes.len();
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        let sandbox = Sandbox::quick();
        std::fs::write(sandbox.db(), &flipped).unwrap();
        let what = format!("byte {place}");
        found += usize::from(ran(&sandbox, "db check").code == 1);
        survives(&sandbox, &what);
    }
    assert!(found > 0 && !rows.is_empty());
}

#[test]
fn a_log_that_belongs_to_another_file_is_not_taken_for_ours() {
    let (one, other) = (rich(), Sandbox::quick());
    other.done("db init");
    let log = crate::writes::WRITES[0].stage.set();
    std::fs::copy(log.path("desk.db-wal"), one.path("desk.db-wal")).unwrap();
    let told = ran(&one, "db check");
    assert!(matches!(told.code, 0 | 1), "{told:?}");
    // Exchanged for another one of ours, it is simply that one.
    std::fs::copy(other.db(), one.db()).unwrap();
    std::fs::remove_file(one.path("desk.db-wal")).ok();
    std::fs::remove_file(one.path("desk.db-shm")).ok();
    assert_eq!(ran(&one, "account show acme").code, 4);
}

#[test]
fn a_log_that_is_gone_leaves_what_was_carried_over_before() {
    for write in crate::writes::WRITES.iter().step_by(7) {
        let sandbox = write.stage.set();
        std::fs::remove_file(sandbox.path("desk.db-wal")).unwrap();
        // Nobody can know what stood in it; what there is must hold together.
        let told = survives(&sandbox, write.line);
        assert_eq!(told.code, 0, "{}: {told:?}", write.line);
    }
}

#[test]
fn a_copy_is_made_into_a_new_file_after_it_was_checked() {
    let sandbox = rich();
    sandbox.done("db backup copy.db");
    let told = sandbox.done("db restore copy.db --db new.db");
    assert!(
        told.stdout.starts_with("Sound: ") && told.stderr.contains("Made new.db"),
        "{told:?}"
    );
    assert_eq!(dump(&sandbox.path("new.db")), sandbox.dump());
    // Nothing is ever replaced.
    let there = sandbox.run("db restore copy.db --db new.db");
    assert!(
        there.code == 1 && there.stderr.contains("never replaces"),
        "{there:?}"
    );
    assert_eq!(sandbox.run("db restore nowhere.db --db other.db").code, 4);
    assert_eq!(sandbox.run("db restore copy.db --db copy.db").code, 1);
    // What was made works.
    done(&sandbox, "account edit acme --title Restored --db new.db");
    done(&sandbox, "db check --db new.db");
}

#[test]
fn a_copy_has_also_what_stands_only_in_the_log_yet() {
    let sandbox = rich();
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    conn.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    // A mark, which no seal is about.
    conn.execute("UPDATE account SET due_on = '2027-01-01'", [])
        .unwrap();
    done(&sandbox, "db backup copy.db");
    assert_eq!(dump(&sandbox.path("copy.db")), sandbox.dump());
    drop(conn);
}

#[test]
fn a_copy_that_is_not_sound_becomes_no_file() {
    let sandbox = rich();
    tamper(
        &sandbox,
        "UPDATE posting SET amount = amount + 1 WHERE id = 1",
    );
    sandbox.done("db backup copy.db");
    let told = sandbox.run("db restore copy.db --db new.db --json");
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.stdout.contains("\"sound\": false"), "{told:?}");
    assert!(!sandbox.path("new.db").exists());
    std::fs::write(
        sandbox.path("cut.db"),
        &std::fs::read(sandbox.path("copy.db")).unwrap()[..60_000],
    )
    .unwrap();
    assert_eq!(sandbox.run("db restore cut.db --db new.db").code, 1);
    assert!(!sandbox.path("new.db").exists());
}
