//! Killed at every write to the disk, and at any time: what was promised is kept whole or not at all, and the
//! same command under the same key finishes the work.
//!
//! A limit on the size of files makes the system end the program at the first write beyond it. Raised step by
//! step, the limit ends the program before the first page of a commit reaches the log, between any two, in
//! the middle of one, after the commit, and while the log is carried over into the file.

use crate::support::{Sandbox, differences};
use crate::writes::{LOG, WRITES, Write, charged, done, furnished, size, sound};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

/// What a file size limit counts in, by POSIX.
const BLOCK: u64 = 512;

/// Two pages of the log with their heads, and two blocks: no page is cut at the same place twice.
const STEP: u64 = 2 * (4096 + 24) + 1024;

/// How a command ends that nobody disturbs.
struct Undisturbed {
    rows: Vec<String>,
    charged: Vec<String>,
}

fn undisturbed(write: &Write) -> Undisturbed {
    let sandbox = write.stage.set();
    done(&sandbox, write.line);
    Undisturbed {
        rows: sandbox.dump(),
        charged: charged(&sandbox),
    }
}

/// Runs a command with a limit on the size of files, in bytes; true if the system ended it.
fn ended_at(sandbox: &Sandbox, line: &str, bytes: u64) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let limit = format!("ulimit -c 0; ulimit -f {}", bytes / BLOCK);
    let status = furnished(sandbox.behind(&limit, &words))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    std::os::unix::process::ExitStatusExt::signal(&status).is_some()
}

/// The journal lines of a dump: their numbers only.
fn lines(rows: &[String]) -> usize {
    rows.iter()
        .filter(|row| row.starts_with("journal: "))
        .count()
}

/// The rows that must be the same. A mail whose sending was cut off is tried a second time, and says so.
fn told(write: &Write, rows: &[String]) -> Vec<String> {
    let mut rows = rows.to_vec();
    if write.line.starts_with("message ") {
        rows.retain(|row| !row.starts_with("journal: ") && !row.starts_with("message: "));
    }
    rows
}

/// After a disturbance: sound, whole or not at all; then the same command finishes the work.
fn finished(sandbox: &Sandbox, write: &Write, expected: &Undisturbed, what: &str) {
    sound(sandbox, what);
    done(sandbox, write.line);
    let differ = differences(&told(write, &expected.rows), &told(write, &sandbox.dump()));
    assert!(differ.is_empty(), "{what}: {differ:#?}");
    assert_eq!(charged(sandbox), expected.charged, "{what}");
    sound(sandbox, what);
}

/// Kills one command at every page; how often it was killed before and after its last commit.
fn killed_everywhere(write: &Write) -> (u64, u64) {
    let expected = undisturbed(write);
    let untouched = write.stage.set().dump();
    let (mut before, mut after) = (0, 0);
    let mut limit = LOG;
    loop {
        let sandbox = write.stage.set();
        let log = size(&sandbox.path("desk.db-wal"));
        limit = limit.max(log / BLOCK * BLOCK);
        let what = format!("{} killed at {limit} bytes", write.line);
        if !ended_at(&sandbox, write.line, limit) {
            return (before, after);
        }
        let kept = sandbox.dump();
        match lines(&kept) == lines(&expected.rows) {
            true => after += 1,
            false => before += 1,
        }
        // Where nothing at all was kept, the file is as it was, and the rest is known: a sample is enough.
        if kept != untouched || before % 5 == 1 {
            finished(&sandbox, write, &expected, &what);
        }
        // Behind the last commit only the log is carried over: a few places of that are enough.
        limit += match (after, before) {
            (0, ..12) => STEP,
            (0, _) => STEP * 3,
            (_, _) => STEP * 12,
        };
    }
}

fn every_third(of: usize) {
    let counts: BTreeMap<&str, (u64, u64)> = WRITES
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 3 == of)
        .map(|(_, write)| (write.line, killed_everywhere(write)))
        .collect();
    for (line, (before, after)) in &counts {
        // These have several commits, and the log is carried over between them.
        let several = line.starts_with("message ") || line.starts_with("order checkout");
        let ended = *after > 0 || several;
        assert!(*before > 0 && ended, "{line}: {before} {after}");
    }
}

#[test]
fn a_command_killed_at_any_page_is_done_wholly_or_not_at_all_first_third() {
    every_third(0);
}

#[test]
fn a_command_killed_at_any_page_is_done_wholly_or_not_at_all_second_third() {
    every_third(1);
}

#[test]
fn a_command_killed_at_any_page_is_done_wholly_or_not_at_all_last_third() {
    every_third(2);
}

#[test]
fn a_command_killed_at_any_time_can_be_given_again() {
    static SEED: Mutex<u64> = Mutex::new(0x2545_F491_4F6C_DD1D);
    let dice = || {
        let mut seed = SEED.lock().unwrap();
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed % 30_000
    };
    for write in WRITES {
        let expected = undisturbed(write);
        let sandbox = write.stage.set();
        let mut waits = Vec::new();
        for _ in 0..4 {
            let words: Vec<&str> = write.line.split_whitespace().collect();
            let mut child = furnished(sandbox.command(&words))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            waits.push(dice());
            std::thread::sleep(Duration::from_micros(waits[waits.len() - 1]));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let what = format!("{} killed after {waits:?} microseconds", write.line);
        finished(&sandbox, write, &expected, &what);
    }
}

/// Everything but the journal, which names the file.
fn facts(sandbox: &Sandbox) -> Vec<String> {
    let mut rows = sandbox.dump();
    rows.retain(|row| !row.starts_with("journal: "));
    rows
}

#[test]
fn a_first_command_killed_at_any_page_can_be_given_again() {
    let line = "account create acme --country US --email a@acme.test --key k";
    let whole = Sandbox::new();
    done(&whole, line);
    let (mut limit, mut killed) = (0, 0);
    loop {
        let sandbox = Sandbox::quick();
        if !ended_at(&sandbox, line, limit) {
            break;
        }
        killed += 1;
        done(&sandbox, line);
        let differ = differences(&facts(&whole), &facts(&sandbox));
        assert!(differ.is_empty(), "killed at {limit} bytes: {differ:#?}");
        sound(&sandbox, "a new file");
        limit += STEP * 2;
    }
    assert!(killed > 10, "{killed}");
}
