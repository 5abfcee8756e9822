//! Mail that goes out by a program like `sendmail`: once where it takes it, again where it is busy, and a case
//! where it knows nobody of that name.

use crate::support::{Ran, Sandbox};
use std::os::unix::fs::PermissionsExt;

/// A desk with one receipt in the outbox, and a program that keeps what it is given and ends with a status.
fn desk(status: i32) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.done("account create acme --country US --email ana@acme.test");
    sandbox.done("order create acme --plan base --period 6m --seats 1 --method card");
    sandbox.done("order pay O-000001 --reference token-1");
    answers(&sandbox, status);
    sandbox
}

fn answers(sandbox: &Sandbox, status: i32) {
    let program = sandbox.path("program");
    let script = format!("#!/bin/sh\necho \"$@\" >> asked\ncat > mail.eml\nexit {status}\n");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn send(sandbox: &Sandbox, words: &[&str]) -> Ran {
    let route = format!("sendmail:{}", sandbox.path("program").display());
    let output = sandbox
        .command(words)
        .env("SUBDESK_MAIL_ROUTE", route)
        .env("SUBDESK_MAIL_FROM", "billing@seller.test")
        .output()
        .unwrap();
    Ran::of(output)
}

fn state(sandbox: &Sandbox) -> String {
    let shown = sandbox.done("message show M-1 --json=state").answer();
    shown["message"]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_program_that_takes_the_mail_gets_it_once() {
    let sandbox = desk(0);
    assert_eq!(send(&sandbox, &["message", "send"]).code, 0);
    assert_eq!(send(&sandbox, &["message", "send"]).code, 0);
    let asked = std::fs::read_to_string(sandbox.path("asked")).unwrap();
    assert_eq!(asked, "-i -f billing@seller.test -- ana@acme.test\n");
    let mail = std::fs::read_to_string(sandbox.path("mail.eml")).unwrap();
    assert!(mail.contains("To: ana@acme.test"), "{mail}");
    assert!(!mail.contains('\r'));
    assert_eq!(state(&sandbox), "sent");
}

#[test]
fn a_busy_program_is_asked_again_and_one_that_knows_nobody_ends_in_a_case() {
    let sandbox = desk(75);
    assert_eq!(send(&sandbox, &["message", "send"]).code, 5);
    assert_eq!(state(&sandbox), "waiting");
    answers(&sandbox, 67);
    send(&sandbox, &["message", "retry", "M-1"]);
    assert_eq!(state(&sandbox), "failed");
    let cases = sandbox.done("case list --json=text").answer();
    let text = cases["cases"][0]["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("M-000001 was not delivered"), "{text}");
}
