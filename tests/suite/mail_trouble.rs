//! Mail while the disk is full, and after a run was killed in the middle: never lost, never another mail, and
//! what nobody can know is said.

use crate::mail_server::{Mood, Server};
use crate::support::{Ran, Sandbox};
use crate::writes::LOG;

/// What a file size limit counts in, by POSIX.
const BLOCK: u64 = 512;
/// Two pages of the log with their heads.
const STEP: u64 = 2 * (4096 + 24);

/// A desk with one receipt in the outbox.
fn desk() -> Sandbox {
    let sandbox = Sandbox::quick();
    sandbox.done("account create acme --country US --email ana@acme.test");
    sandbox.done("order create acme --plan base --period 6m --seats 1 --method card");
    sandbox.done("order pay O-000001 --reference token-1");
    sandbox
}

/// Another desk that holds the same.
fn copy(desk: &Sandbox) -> Sandbox {
    let sandbox = Sandbox::quick();
    for name in ["desk.db", "desk.db-wal"] {
        if desk.path(name).exists() {
            std::fs::copy(desk.path(name), sandbox.path(name)).unwrap();
        }
    }
    sandbox
}

/// Sends, with files of at most so many blocks.
fn send(sandbox: &Sandbox, server: &Server, blocks: Option<u64>) -> Ran {
    let words = ["message", "send"];
    let mut command = match blocks {
        Some(blocks) => sandbox.behind(&format!("trap '' XFSZ; ulimit -f {blocks}"), &words),
        None => sandbox.command(&words),
    };
    command
        .env("SUBDESK_MAIL_ROUTE", server.route())
        .env("SUBDESK_MAIL_FROM", "billing@seller.test");
    Ran::of(command.output().unwrap())
}

fn state(sandbox: &Sandbox) -> String {
    let shown = sandbox.done("message show M-1 --json=state").answer();
    shown["message"]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_disk_that_is_full_loses_no_mail_and_what_was_delivered_is_said() {
    let full = desk();
    let (mut before, mut after) = (0, 0);
    let mut limit = LOG;
    loop {
        let (sandbox, server) = (copy(&full), Server::start(Mood::Takes));
        let ran = send(&sandbox, &server, Some(limit / BLOCK));
        if ran.code == 0 {
            break;
        }
        let what = format!("{limit} bytes: {ran:?}");
        assert_eq!(ran.code, 1, "{what}");
        let said = ran.stderr.starts_with("Error: ") && ran.stderr.contains("desk.db");
        assert!(said, "{what}");
        match server.mails().len() {
            0 => {
                before += 1;
                assert!(!ran.stderr.contains("was delivered"), "{what}");
            }
            _ => {
                after += 1;
                assert!(ran.stderr.contains("M-000001 was delivered, but"), "{what}");
                assert!(ran.stderr.contains("the same Message-ID"), "{what}");
            }
        }
        // There is room again.
        let again = send(&sandbox, &server, None);
        assert_eq!(again.code, 0, "{again:?}");
        let mails = server.mails();
        assert!(mails.iter().all(|mail| *mail == mails[0]) && !mails.is_empty());
        assert_eq!(state(&sandbox), "sent");
        limit += STEP;
    }
    assert!(before > 0 && after > 0, "{before} before, {after} after");
}

#[test]
fn a_run_after_one_that_was_killed_says_that_it_sends_the_same_mail_again() {
    let (sandbox, server) = (desk(), Server::start(Mood::FallsSilent));
    let mut child = sandbox
        .command(&["message", "send"])
        .env("SUBDESK_MAIL_ROUTE", server.route())
        .env("SUBDESK_MAIL_FROM", "billing@seller.test")
        .spawn()
        .unwrap();
    server.wait_for(1);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(state(&sandbox), "sending");
    server.becomes(Mood::Takes);
    let ran = send(&sandbox, &server, None);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr
            .contains("M-000001 was being sent when a run was cut off")
            && ran.stderr.contains("under the same Message-ID"),
        "{ran:?}"
    );
    let mails = server.mails();
    assert!(mails.len() == 2 && mails[0] == mails[1]);
    assert_eq!(send(&sandbox, &server, None).stderr, "", "and only once");
}
