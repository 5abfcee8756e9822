//! An outbox against servers that take some mails and not others, and people who change their mind meanwhile: each
//! mail goes its own way, and none is called sent that was not taken.

use crate::mail_server::{Mood, Server};
use crate::support::{Ran, Sandbox};
use serde_json::Value;

/// A desk with one paid order and its receipt, and the same invoice for others in the outbox.
fn desk(others: &[&str]) -> Sandbox {
    let sandbox = Sandbox::quick();
    sandbox.done("account create acme --country US --email ana@acme.test");
    sandbox.done("order create acme --plan base --period 6m --seats 1 --method card");
    sandbox.done("order pay O-000001 --reference token-1");
    for other in others {
        sandbox.done(&format!(
            "invoice send INV-2026-000001 --to {other} --quiet"
        ));
    }
    sandbox
}

fn with(sandbox: &Sandbox, server: &Server, at: &str, line: &str) -> Ran {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut command = sandbox.command(&words);
    command
        .env("SUBDESK_NOW", format!("2026-07-{at}Z"))
        .env("SUBDESK_LOCK_TIMEOUT", "30s")
        .env("SUBDESK_MAIL_ROUTE", server.route())
        .env("SUBDESK_MAIL_FROM", "billing@seller.test");
    Ran::of(command.output().unwrap())
}

fn states(sandbox: &Sandbox) -> Vec<(String, u64)> {
    let listed = sandbox.done("message list --json").answer();
    let all = listed["messages"].as_array().unwrap().iter().rev();
    let told = |message: &Value| {
        let state = message["state"].as_str().unwrap().to_owned();
        (state, message["attempts"].as_u64().unwrap())
    };
    all.map(told).collect()
}

fn is(states: &[(&str, u64)]) -> Vec<(String, u64)> {
    let own = states
        .iter()
        .map(|(state, tries)| ((*state).to_owned(), *tries));
    own.collect()
}

#[test]
fn receivers_that_must_wait_or_are_unknown_hold_up_nobody_else() {
    let others = [
        "busy1@x.test",
        "busy2@x.test",
        "busy3@x.test",
        "busy4@x.test",
        "gone@x.test",
        "bea@x.test",
    ];
    let (sandbox, server) = (desk(&others), Server::start(Mood::KnowsSome));
    let ran = with(&sandbox, &server, "01T09:00:00", "message send");
    assert_eq!(ran.code, 5, "{ran:?}");
    let waits = ("waiting", 1);
    let first = [
        ("sent", 1),
        waits,
        waits,
        waits,
        waits,
        ("failed", 1),
        ("sent", 1),
    ];
    assert_eq!(states(&sandbox), is(&first), "{ran:?}");
    assert_eq!(server.mails().len(), 2);
    // Five minutes later, then a quarter of an hour, then an hour; the one that was given up stays so.
    for (at, tries) in [
        ("01T09:04:59", 1),
        ("01T09:05:00", 2),
        ("01T09:19:59", 2),
        ("01T09:20:00", 3),
        ("01T10:20:00", 4),
    ] {
        with(&sandbox, &server, at, "message send");
        let states = states(&sandbox);
        assert_eq!(states[1..5], vec![("waiting".to_owned(), tries); 4], "{at}");
        assert_eq!(states[5], ("failed".to_owned(), 1), "{at}");
    }
    let cases = sandbox.done("case list --json").answer();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1);
    server.becomes(Mood::Takes);
    assert_eq!(
        with(&sandbox, &server, "02T09:00:00", "message send").code,
        0
    );
    assert_eq!(server.mails().len(), 6);
}

#[test]
fn a_server_that_is_away_is_not_asked_for_each_of_a_hundred_mails() {
    let others: Vec<String> = (0..5).map(|at| format!("a{at}@x.test")).collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let (sandbox, server) = (desk(&others), Server::start(Mood::RefusesLogins));
    let route = server.route();
    let mut command = sandbox.command(&["message", "send"]);
    command
        .env("SUBDESK_MAIL_ROUTE", &route)
        .env("SUBDESK_MAIL_FROM", "billing@seller.test")
        .env("SUBDESK_MAIL_USER", "me")
        .env("SUBDESK_MAIL_PASSWORD", "hunter2-secret");
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(
        ran.stderr.contains("3 more were left for the next run"),
        "{ran:?}"
    );
    let (tried, rest) = (("waiting", 1), ("waiting", 0));
    assert_eq!(
        states(&sandbox),
        is(&[tried, tried, tried, rest, rest, rest])
    );
    // With the way mended, those that were not tried go out at once, and the others in their time.
    server.becomes(Mood::Takes);
    with(&sandbox, &server, "01T09:01:00", "message send");
    assert_eq!(server.mails().len(), 3);
    with(&sandbox, &server, "01T09:05:00", "message send");
    assert_eq!(server.mails().len(), 6);
}

#[test]
fn an_address_that_is_changed_while_the_mail_is_on_its_way_gets_it_too() {
    let (sandbox, server) = (desk(&[]), Server::start(Mood::TakesItsTime));
    let retried = std::thread::scope(|scope| {
        let first = scope.spawn(|| with(&sandbox, &server, "01T09:00:00", "message send"));
        server.wait_for(1);
        let retried = with(
            &sandbox,
            &server,
            "01T09:00:00",
            "message retry M-1 --to cfo@acme.test",
        );
        let first = first.join().unwrap();
        assert_eq!(first.code, 5, "{first:?}");
        let told = "ana@acme.test got it before the address was changed";
        assert!(first.stderr.contains(told), "{first:?}");
        retried
    });
    assert_eq!(retried.code, 0, "{retried:?}");
    let to = |mail: &String| {
        mail.lines()
            .find_map(|line| line.strip_prefix("To: ").map(str::to_owned))
    };
    let got: Vec<_> = server.mails().iter().map(to).map(Option::unwrap).collect();
    assert_eq!(got, ["ana@acme.test", "cfo@acme.test"]);
    assert_eq!(states(&sandbox), is(&[("sent", 2)]));
}

#[test]
fn tries_are_counted_through_kills() {
    let (sandbox, server) = (desk(&[]), Server::start(Mood::FallsSilent));
    for tries in 1_u64..4 {
        let mut child = sandbox
            .command(&["message", "send"])
            .env("SUBDESK_MAIL_ROUTE", server.route())
            .env("SUBDESK_MAIL_FROM", "billing@seller.test")
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        server.wait_for(usize::try_from(tries).unwrap());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(states(&sandbox), is(&[("sending", tries)]));
    }
    server.becomes(Mood::Takes);
    assert_eq!(
        with(&sandbox, &server, "01T09:00:00", "message send").code,
        0
    );
    assert_eq!(states(&sandbox), is(&[("sent", 4)]));
    let mails = server.mails();
    assert!(mails.len() == 4 && mails.iter().all(|mail| *mail == mails[0]));
}
