//! A run that is killed, and two runs at once: what is left is done by the next, and nothing is done twice.

use crate::seed::{Seed, plant};
use crate::support::{Sandbox, dump};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Debug builds work on a hundred accounts in a transaction: this is a run of several.
const ACCOUNTS: i64 = 330;
/// Enough for two runs to meet again and again: thirty times two transactions each.
const SOME: i64 = 3_000;
/// A run of a hundred transactions, twice over.
const MANY: i64 = 10_000;
const DAY: &str = "2026-07-15T09:00:00Z";

/// The same store for everybody, to the byte.
fn planted(accounts: i64) -> Sandbox {
    static FEW: OnceLock<Sandbox> = OnceLock::new();
    static MANY: OnceLock<Sandbox> = OnceLock::new();
    let kept = if accounts == ACCOUNTS { &FEW } else { &MANY };
    let seed = kept.get_or_init(|| seeded(accounts));
    let sandbox = Sandbox::new();
    std::fs::copy(seed.db(), sandbox.db()).unwrap();
    std::fs::copy(seed.path("script.jsonl"), sandbox.path("script.jsonl")).unwrap();
    sandbox
}

fn seeded(accounts: i64) -> Sandbox {
    let sandbox = Sandbox::new();
    let day = "2026-07-15".parse().unwrap();
    plant(
        &sandbox.db(),
        &Seed {
            seller: "kustomer",
            plan: "enterprise",
            seats: 8,
            price: 89,
            accounts,
            paid_until: day,
            due_on: day,
        },
    );
    // Every eleventh card is declined.
    let declined: String = (1..=accounts)
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
fn charged(sandbox: &Sandbox) -> i64 {
    let book = std::fs::read_to_string(sandbox.path("asked.jsonl")).unwrap();
    let mut keys: Vec<String> = book
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["key"].to_string())
        .collect();
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), all, "a key was charged twice");
    i64::try_from(all).unwrap()
}

fn undisturbed(accounts: i64) -> Vec<String> {
    let sandbox = planted(accounts);
    finish(&sandbox);
    let first = sandbox.dump();
    finish(&sandbox);
    assert_eq!(first, sandbox.dump(), "a second run writes nothing");
    assert_eq!(charged(&sandbox), accounts);
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

/// Starts a run and kills it at a place; false if it ended before it came there.
#[cfg(unix)]
fn killed_at(sandbox: &Sandbox, place: u64) -> bool {
    let told = sandbox.path("paused");
    let _before = std::fs::remove_file(&told);
    let mut child = start(sandbox, Some(&format!("{place}:{}", told.display())));
    let since = Instant::now();
    while !told.exists() && since.elapsed() < Duration::from_secs(50) {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    told.exists()
}

#[test]
#[cfg(unix)]
fn a_run_killed_at_every_boundary_ends_as_the_undisturbed_one() {
    let expected = undisturbed(ACCOUNTS);
    let places = (1..).find(|place| {
        let sandbox = planted(ACCOUNTS);
        let killed = killed_at(&sandbox, *place);
        finish(&sandbox);
        same(&expected, &sandbox.dump(), &format!("place {place}"));
        assert_eq!(charged(&sandbox), ACCOUNTS);
        !killed
    });
    // Four transactions of attempts and four of answers, each with a place before and behind it, and four
    // rounds of questions.
    assert_eq!(places, Some(21));
}

#[test]
#[cfg(unix)]
fn a_long_run_killed_again_and_again_ends_as_the_undisturbed_one() {
    let expected = undisturbed(MANY);
    let sandbox = planted(MANY);
    let mut chance: u64 = 20_260_715;
    let mut kills = 0;
    loop {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let drawn = chance >> 40;
        if !killed_at(&sandbox, 1 + drawn % 60) {
            break;
        }
        let mut child = start(&sandbox, None);
        std::thread::sleep(Duration::from_millis(drawn % 400));
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 2;
    }
    assert!(kills >= 10, "{kills}");
    finish(&sandbox);
    same(&expected, &sandbox.dump(), "one place after another");
    assert_eq!(charged(&sandbox), MANY);
    sandbox.done("db check");
    sandbox.done("journal verify");
}

#[test]
fn two_runs_at_once_do_the_work_once() {
    let sandbox = seeded(SOME);
    let both = [start(&sandbox, None), start(&sandbox, None)];
    for child in both {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    assert_eq!(charged(&sandbox), SOME);
    let rows = dump(&sandbox.db());
    let count = |table: &str| rows.iter().filter(|row| row.starts_with(table)).count();
    let accounts = usize::try_from(SOME).unwrap();
    assert_eq!(count("orders: "), accounts);
    assert_eq!(count("payment: "), accounts);
    assert_eq!(count("invoice: "), accounts);
    assert_eq!(count("term: "), accounts * 2 - accounts / 11);
    finish(&sandbox);
    assert_eq!(rows, sandbox.dump(), "nothing was left to do");
    sandbox.done("db check");
}
