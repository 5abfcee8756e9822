//! The exported books in accountants' own programs, where those are there.

use crate::support::Sandbox;
use std::io::Write;
use std::process::{Command, Stdio};

/// What a program says about a text at its stdin; nothing where the program is not there.
fn says(program: &str, words: &[&str], input: &str) -> Option<String> {
    let spawned = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = spawned.ok()?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success(), "{program}: {said}{complained}");
    Some(said)
}

/// Two customers, an upgrade, a credit note, and time that passes.
fn business() -> Sandbox {
    let sandbox = Sandbox::new();
    for line in [
        "--catalog kustomer account create acme --country US --email ana@acme.test --as-of 2026-01-01",
        "order create acme --plan enterprise --period 12m --seats 8 --method card --as-of 2026-01-01",
        "order pay O-000001 --reference token-1 --as-of 2026-01-01",
        "plan change acme ultimate --as-of 2026-03-10",
        "order pay O-000002 --reference token-1 --as-of 2026-03-10",
        "account create nova --country US --email leo@nova.test --as-of 2026-02-01",
        "order create nova --plan enterprise --period 1m --seats 9 --method card --as-of 2026-02-03",
        "order pay O-000003 --reference token-2 --as-of 2026-02-03",
        "invoice credit INV-2026-000003 --percent 10 --reason late --as-of 2026-02-10",
        "order create nova --plan enterprise --period 1m --seats 8 --method card --as-of 2026-04-01",
        "order cancel O-000004 --as-of 2026-04-02",
    ] {
        sandbox.done(&format!("{line} --quiet"));
    }
    sandbox
}

#[test]
fn the_books_add_up_to_nothing_in_every_form_and_at_every_pace() {
    let sandbox = business();
    for pace in ["day", "month", "none"] {
        let csv = sandbox.done(&format!(
            "report export --format csv --release {pace} --as-of 2026-06-30"
        ));
        let mut sum = rust_decimal::Decimal::ZERO;
        let mut deferred = rust_decimal::Decimal::ZERO;
        let mut table = csv::Reader::from_reader(csv.stdout.as_bytes());
        for row in table.records() {
            let row = row.unwrap();
            let amount: rust_decimal::Decimal = row[4].parse().unwrap();
            sum += amount;
            if &row[3] == "Liabilities:Deferred" {
                deferred -= amount;
            }
            assert!(!row[7].is_empty() || !row[9].is_empty(), "{row:?}");
        }
        assert!(sum.is_zero(), "{pace}: {sum}");
        if pace != "none" {
            let report =
                sandbox.done("report revenue --as-of 2026-06-30 --since 2026-06-01 --json");
            let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
            let own = &report["revenue"]["months"][0]["deferred"]["amount"];
            assert_eq!(*own, serde_json::json!(deferred.to_string()));
        }
    }
    sandbox.done("db check");
}

#[test]
fn hledger_accepts_the_books_and_its_balances_are_ours() {
    let sandbox = business();
    let books = sandbox
        .done("report export --format hledger --release day --as-of 2026-06-30")
        .stdout;
    if says("hledger", &["-f", "-", "check", "--strict"], &books).is_none() {
        return;
    }
    let balance = [
        "-f",
        "-",
        "balance",
        "Liabilities:Deferred",
        "--no-total",
        "-O",
        "csv",
    ];
    let said = says("hledger", &balance, &books).unwrap();
    let report = sandbox.done("report revenue --as-of 2026-06-30 --since 2026-06-01 --json");
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    let own = report["revenue"]["months"][0]["deferred"]["amount"]
        .as_str()
        .unwrap();
    assert!(said.contains(&format!("-{own} USD")), "{said} {own}");
}

#[test]
fn beancount_accepts_the_books() {
    let sandbox = business();
    let file = sandbox.path("books.beancount");
    sandbox.done("report export --format beancount --to books.beancount --as-of 2026-06-30");
    let ran = sandbox.run("report export --format beancount --to books.beancount");
    assert_eq!(ran.code, 2, "a file that is there stays: {ran:?}");
    says("bean-check", &[file.to_str().unwrap()], "");
}
