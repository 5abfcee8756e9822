//! A run over a store in which the rows of some accounts are broken: they are set aside and told of, the
//! others are done, and once the rows are mended the next run does the rest.

use crate::seed::{Seed, plant};
use crate::support::{Ran, Sandbox};
use rusqlite::Connection;

/// Debug builds work on a hundred accounts in a transaction: this is a run of several.
const ACCOUNTS: i64 = 250;

fn planted() -> Sandbox {
    let sandbox = Sandbox::new();
    let day = "2026-07-15".parse().unwrap();
    plant(
        &sandbox.db(),
        &Seed {
            seller: "kustomer",
            plan: "enterprise",
            seats: 8,
            price: 89,
            accounts: ACCOUNTS,
            paid_until: day,
            due_on: day,
        },
    );
    sandbox
}

fn run(sandbox: &Sandbox) -> Ran {
    let output = sandbox
        .command(&["renew", "run"])
        .env("SUBDESK_NOW", "2026-07-15T09:00:00Z")
        .env("SUBDESK_GATEWAY", "scripted:.")
        .output()
        .unwrap();
    Ran::of(output)
}

fn change(sandbox: &Sandbox, sql: &str) {
    Connection::open(sandbox.db())
        .unwrap()
        .execute_batch(sql)
        .unwrap();
}

fn count(sandbox: &Sandbox, sql: &str) -> i64 {
    let conn = Connection::open(sandbox.db()).unwrap();
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// A line of the journal that takes a key away from the run. It stands before all others, where no hash
/// follows it.
fn taken(id: i64, key: &str) -> String {
    format!(
        "INSERT INTO journal (id, recorded_at, as_of, command, actor, key, wrote, request, document, hash) \
         VALUES ({id}, '2026-07-01T00:00:00Z', '2026-07-01T00:00:00', 'test', 'test', '{key}', x'', '', '', '');"
    )
}

#[test]
fn an_account_with_broken_rows_keeps_no_other_from_its_renewal() {
    let sandbox = planted();
    change(
        &sandbox,
        "UPDATE slice SET seats = '{' WHERE term = (SELECT id FROM term WHERE account = 7)",
    );
    // The first cannot be read, the second fails before anybody is asked, the third when its answer is kept.
    // Two are gone before it, so its order is the 198th.
    change(&sandbox, &taken(-1, "renew/120/2026-07-15"));
    change(&sandbox, &taken(-2, "answer/order/O-000198/1"));
    let ran = run(&sandbox);
    assert_eq!(ran.code, 5, "{ran:?}");
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(told.len(), 3, "{ran:?}");
    for (line, name) in told.iter().zip(["0000007", "0000120", "0000200"]) {
        assert!(
            line.starts_with(&format!("account-{name} is left as it is: ")),
            "{line}"
        );
    }
    let renewed =
        "SELECT count(*) FROM term WHERE starts = '2026-07-15' AND account NOT IN (7, 120, 200)";
    assert_eq!(count(&sandbox, renewed), ACCOUNTS - 3);
    let theirs = "SELECT count(*) FROM term WHERE account IN (7, 120, 200)";
    assert_eq!(count(&sandbox, theirs), 3);
    change(&sandbox, "DELETE FROM journal WHERE id < 0");
    change(
        &sandbox,
        "UPDATE slice SET seats = '{\"full\":8}' WHERE seats = '{'",
    );
    let ran = run(&sandbox);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let all = "SELECT count(*) FROM term WHERE starts = '2026-07-15'";
    assert_eq!(count(&sandbox, all), ACCOUNTS);
    let charged = std::fs::read_to_string(sandbox.path("asked.jsonl")).unwrap();
    let charged = i64::try_from(charged.lines().count()).unwrap();
    assert_eq!(charged, ACCOUNTS, "nobody is charged twice");
    sandbox.done("db check");
    sandbox.done("journal verify");
}

#[test]
fn a_store_that_fails_over_everybody_ends_the_run() {
    let sandbox = planted();
    change(&sandbox, "UPDATE slice SET seats = '{'");
    let ran = run(&sandbox);
    assert_eq!(ran.code, 1, "{ran:?}");
    let renewed = "SELECT count(*) FROM orders";
    assert_eq!(count(&sandbox, renewed), 0);
}

/// A charge whose order was paid otherwise is asked about before the accounts are worked on.
#[test]
fn a_charge_of_an_account_with_broken_rows_keeps_nobody_from_his_renewal() {
    let sandbox = planted();
    change(
        &sandbox,
        "INSERT INTO orders VALUES (1, 7, 'purchase', 'paid', '2026-07-01T09:00:00', NULL, 'card', 1, '[]', 'USD', \
           0, 0, 0, 0, NULL, 'none', NULL, NULL); \
         INSERT INTO payment VALUES (1, 7, 1, NULL, 'charge', 'card', 'k', NULL, 'USD', 100, '2026-07-01T09:00:00', \
           NULL, 'sent', NULL, 1); \
         UPDATE slice SET seats = '{' WHERE term = (SELECT id FROM term WHERE account = 7)",
    );
    let ran = run(&sandbox);
    assert_eq!(ran.code, 5, "{ran:?}");
    for line in ran.stderr.lines() {
        assert!(
            line.starts_with("account-0000007 is left as it is: "),
            "{line}"
        );
    }
    let renewed = "SELECT count(*) FROM term WHERE starts = '2026-07-15'";
    assert_eq!(count(&sandbox, renewed), ACCOUNTS - 1);
}
