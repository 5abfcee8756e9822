//! Many at once: two to sixteen programs writing into one file, and a copy made while they do.

use crate::support::{Ran, Sandbox};
use crate::writes::{done, furnished, sound};
use std::process::Stdio;

/// Starts command lines all at once and waits for the last.
fn together(sandbox: &Sandbox, lines: &[String]) -> Vec<Ran> {
    let children: Vec<_> = lines
        .iter()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            furnished(sandbox.command(&words))
                .env("SUBDESK_LOCK_TIMEOUT", "60s")
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    children
        .into_iter()
        .map(|child| Ran::of(child.wait_with_output().unwrap()))
        .collect()
}

fn count(sandbox: &Sandbox, table: &str) -> usize {
    let mark = format!("{table}: ");
    sandbox
        .dump()
        .iter()
        .filter(|row| row.starts_with(&mark))
        .count()
}

#[test]
fn two_to_sixteen_at_once_each_write_once() {
    for writers in [2, 5, 16] {
        let sandbox = Sandbox::quick();
        // Nobody has made the file yet: the first of them does.
        let lines: Vec<String> = (0..writers)
            .map(|at| format!("account create a{at} --country US --email a@a{at}.test --key k{at}"))
            .collect();
        let readers = (0..writers).map(|_| "db info".to_owned());
        let all: Vec<String> = lines.into_iter().chain(readers).collect();
        for (at, ran) in together(&sandbox, &all).iter().enumerate() {
            // Whoever looks meets the file, or no file yet; never half of one.
            assert!(ran.code == 0 || at >= writers && ran.code == 4, "{ran:?}");
        }
        assert_eq!(count(&sandbox, "account"), writers);
        assert_eq!(count(&sandbox, "journal"), writers + 1);
        sound(&sandbox, "many writers");
    }
}

#[test]
fn sixteen_with_one_key_do_the_work_once_and_hear_the_same() {
    let sandbox = Sandbox::quick();
    done(
        &sandbox,
        "account create acme --country US --email a@acme.test",
    );
    let order = "order create acme --plan pro --period 6m --seats 2 --method card --key k --json"
        .to_owned();
    let heard = together(&sandbox, &vec![order; 16]);
    let first = heard
        .iter()
        .filter(|ran| !ran.stdout.contains("\"replayed\": true"))
        .count();
    assert_eq!(first, 1);
    assert!(heard.iter().all(|ran| ran.code == 0), "{heard:?}");
    assert_eq!(count(&sandbox, "orders"), 1);
    let pay = "order pay O-000001 --key p --json=state".to_owned();
    for ran in together(&sandbox, &vec![pay; 8]) {
        assert!(ran.code == 0 && ran.stdout.contains("\"paid\""), "{ran:?}");
    }
    assert_eq!(count(&sandbox, "payment"), 1);
    assert_eq!(count(&sandbox, "invoice"), 1);
    sound(&sandbox, "one key");
}

#[test]
fn payers_and_settlers_at_once_move_the_money_once() {
    let sandbox = Sandbox::quick();
    std::fs::write(
        sandbox.path("script.jsonl"),
        "{\"answer\":\"paid\",\"delay_ms\":150,\"always\":true}\n",
    )
    .unwrap();
    done(
        &sandbox,
        "account create acme --country US --email a@acme.test",
    );
    done(
        &sandbox,
        "order create acme --plan pro --period 6m --seats 2 --method card",
    );
    let lines: Vec<String> = [
        "order pay O-000001",
        "order pay O-000001",
        "payment settle",
        "renew run",
    ]
    .iter()
    .map(|line| (*line).to_owned())
    .collect();
    let heard = together(&sandbox, &lines);
    assert!(
        heard.iter().all(|ran| [0, 3, 6].contains(&ran.code)),
        "{heard:?}"
    );
    done(&sandbox, "payment settle");
    assert_eq!(count(&sandbox, "invoice"), 1, "{heard:?}");
    let moved = std::fs::read_to_string(sandbox.path("asked.jsonl")).unwrap();
    assert_eq!(moved.lines().count(), 1, "{moved}");
    sound(&sandbox, "payers");
}

#[test]
fn a_copy_made_while_others_write_is_sound_and_of_one_moment() {
    let sandbox = Sandbox::quick();
    sandbox.done("db init");
    let lines: Vec<String> = (0..8)
        .flat_map(|at| {
            [
                format!("account create a{at} --country US --email a@a{at}.test"),
                format!("db backup copy{at}.db"),
            ]
        })
        .collect();
    for ran in together(&sandbox, &lines) {
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    for at in 0..8 {
        let ran = sandbox.done(&format!("db check --db copy{at}.db"));
        assert!(ran.stdout.starts_with("Sound: "), "{ran:?}");
        let rows = crate::support::dump(&sandbox.path(&format!("copy{at}.db")));
        let count = |mark: &str| rows.iter().filter(|row| row.starts_with(mark)).count();
        assert_eq!(count("journal: "), count("account: ") + 1);
    }
    assert!(
        crate::support::files(&sandbox.path(""))
            .iter()
            .all(|file| !file.display().to_string().contains(".part-")),
        "half a copy was left behind"
    );
}
