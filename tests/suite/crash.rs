//! A run that is killed, and two runs at once: what is left is done by the next, and nothing is done twice.

use crate::seed::{Seed, plant};
use crate::support::{Sandbox, dump};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Debug builds work on a hundred accounts in a transaction: this is a run of several.
const ACCOUNTS: i64 = 330;
const DAY: &str = "2026-07-15T09:00:00Z";

/// The same store for everybody, to the byte.
fn planted() -> Sandbox {
    static SEED: OnceLock<Sandbox> = OnceLock::new();
    let seed = SEED.get_or_init(seeded);
    let sandbox = Sandbox::new();
    std::fs::copy(seed.db(), sandbox.db()).unwrap();
    std::fs::copy(seed.path("script.jsonl"), sandbox.path("script.jsonl")).unwrap();
    sandbox
}

fn seeded() -> Sandbox {
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
    // Every eleventh card is declined.
    let declined: String = (1..=ACCOUNTS)
        .filter(|id| id % 11 == 0)
        .map(|id| {
            format!("{{\"answer\":\"declined\",\"account\":\"account-{id:07}\",\"always\":true}}\n")
        })
        .collect();
    std::fs::write(sandbox.path("script.jsonl"), declined).unwrap();
    sandbox
}

fn start(sandbox: &Sandbox, pause: Option<&str>) -> Child {
    let mut command = sandbox.command(&["renew", "run", "--at-once", "3"]);
    command
        .env("SUBDESK_NOW", DAY)
        .env("SUBDESK_GATEWAY", "scripted:.")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(pause) = pause {
        command.env("SUBDESK_PAUSE", pause);
    }
    command.spawn().unwrap()
}

fn finish(sandbox: &Sandbox) {
    let output = start(sandbox, None).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(
        output.stdout.is_empty() && output.stderr.is_empty(),
        "{output:?}"
    );
}

/// Charges that the provider has made, by its own book: never two under one key.
fn charged(folder: &Path) -> usize {
    let book = std::fs::read_to_string(folder.join("asked.jsonl")).unwrap();
    let mut keys: Vec<String> = book
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["key"].to_string())
        .collect();
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all, "a key was charged twice");
    all
}

fn undisturbed() -> Vec<String> {
    let sandbox = planted();
    finish(&sandbox);
    let first = sandbox.dump();
    finish(&sandbox);
    assert_eq!(first, sandbox.dump(), "a second run writes nothing");
    assert_eq!(
        charged(&sandbox.path("")),
        usize::try_from(ACCOUNTS).unwrap()
    );
    first
}

/// Names the first rows that differ, not all of them.
fn same(expected: &[String], found: &[String], what: &str) {
    let differ: Vec<_> = expected
        .iter()
        .zip(found)
        .filter(|(one, other)| one != other)
        .take(3)
        .collect();
    assert!(
        differ.is_empty() && expected.len() == found.len(),
        "killed at {what}: {differ:#?}"
    );
}

#[test]
#[cfg(unix)]
fn a_run_killed_at_every_boundary_ends_as_the_undisturbed_one() {
    let expected = undisturbed();
    for place in ["before-commit", "after-commit", "asked"] {
        for passing in [1, 2, 4, 6] {
            let sandbox = planted();
            let told = sandbox.path("paused");
            let pause = format!("{place}:{passing}:{}", told.display());
            let mut child = start(&sandbox, Some(&pause));
            let since = Instant::now();
            while !told.exists() && since.elapsed() < Duration::from_secs(50) {
                if child.try_wait().unwrap().is_some() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            child.kill().unwrap();
            child.wait().unwrap();
            finish(&sandbox);
            same(&expected, &sandbox.dump(), &pause);
            assert_eq!(
                charged(&sandbox.path("")),
                usize::try_from(ACCOUNTS).unwrap()
            );
        }
    }
}

#[test]
#[cfg(unix)]
fn a_run_killed_at_any_moment_again_and_again_ends_as_the_undisturbed_one() {
    let expected = undisturbed();
    let sandbox = planted();
    for millis in [3, 60, 7, 150, 31, 240, 90, 400, 17] {
        let mut child = start(&sandbox, None);
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    finish(&sandbox);
    same(&expected, &sandbox.dump(), "random");
    sandbox.done("db check");
}

#[test]
fn two_runs_at_once_do_the_work_once() {
    let sandbox = planted();
    let both = [start(&sandbox, None), start(&sandbox, None)];
    for child in both {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    assert_eq!(
        charged(&sandbox.path("")),
        usize::try_from(ACCOUNTS).unwrap()
    );
    let rows = dump(&sandbox.db());
    let count = |table: &str| rows.iter().filter(|row| row.starts_with(table)).count();
    let accounts = usize::try_from(ACCOUNTS).unwrap();
    assert_eq!(count("orders: "), accounts);
    assert_eq!(count("payment: "), accounts);
    assert_eq!(count("invoice: "), accounts);
    assert_eq!(count("term: "), accounts * 2 - accounts / 11);
    finish(&sandbox);
    assert_eq!(rows, sandbox.dump(), "nothing was left to do");
    sandbox.done("db check");
}
