//! Mail over encrypted lines: it arrives once, nothing is said to a server that is not the right one, and a
//! line that breaks in the middle loses nothing.

use crate::mail_server::{Authority, Cover, Mood, Server};
use crate::support::{Ran, Sandbox};
use serde_json::Value;

/// A desk with one receipt in the outbox.
fn desk() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.done("account create acme --country US --email ana@acme.test");
    sandbox.done("order create acme --plan base --period 6m --seats 1 --method card");
    sandbox.done("order pay O-000001 --reference token-1");
    sandbox
}

/// Sends what waits; a password and an authority where they are given.
fn send(sandbox: &Sandbox, route: &str, authority: Option<&Authority>, password: &str) -> Ran {
    let mut command = sandbox.command(&["message", "send"]);
    command
        .env("SUBDESK_MAIL_ROUTE", route)
        .env("SUBDESK_MAIL_FROM", "billing@seller.test");
    if let Some(authority) = authority {
        let file = sandbox.path("authority.pem");
        std::fs::write(&file, authority.pem()).unwrap();
        command.env("SUBDESK_MAIL_AUTHORITY", file);
    }
    if !password.is_empty() {
        command
            .env("SUBDESK_MAIL_USER", "me")
            .env("SUBDESK_MAIL_PASSWORD", password);
    }
    Ran::of(command.output().unwrap())
}

fn message(sandbox: &Sandbox) -> Value {
    sandbox.done("message show M-1 --json").answer()["message"].clone()
}

/// Lets the wait before the next try be over.
fn retried(sandbox: &Sandbox, route: &str, authority: &Authority) -> Ran {
    let file = sandbox.path("authority.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    let mut command = sandbox.command(&["message", "send"]);
    command
        .env("SUBDESK_NOW", "2026-07-01T10:00:00Z")
        .env("SUBDESK_MAIL_ROUTE", route)
        .env("SUBDESK_MAIL_FROM", "billing@seller.test")
        .env("SUBDESK_MAIL_AUTHORITY", file);
    Ran::of(command.output().unwrap())
}

fn covers(authority: &Authority, name: &str, until: i32) -> [Cover; 2] {
    let config = authority.gives(name, until);
    [Cover::Tls(config.clone()), Cover::StartTls(config)]
}

#[test]
fn encrypted_mail_arrives_once_and_the_login_is_never_said_in_clear() {
    let authority = Authority::new("house");
    for cover in covers(&authority, "127.0.0.1", 2999) {
        let (sandbox, server) = (desk(), Server::covered(Mood::Takes, cover));
        for _ in 0..2 {
            let ran = send(&sandbox, &server.route(), Some(&authority), "hunter2");
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
        }
        assert_eq!(server.mails().len(), 1);
        let logins = |said: Vec<String>| said.iter().filter(|line| line.contains("AUTH")).count();
        assert_eq!(logins(server.commands()), 1);
        let clear = server.heard_in_clear();
        let harmless = |line: &String| line.starts_with("EHLO") || line == "STARTTLS";
        assert!(clear.iter().all(harmless), "{clear:?}");
        assert_eq!(message(&sandbox)["state"], "sent");
    }
}

#[test]
fn a_server_that_cannot_prove_its_name_hears_nothing_and_is_tried_again() {
    let known = Authority::new("house");
    let (other, posing) = (Authority::new("other"), Authority::new("house"));
    let wrong = [
        (
            &other,
            "127.0.0.1",
            2999,
            "from an authority that is not trusted here",
        ),
        (
            &posing,
            "127.0.0.1",
            2999,
            "from an authority that is not trusted here",
        ),
        (
            &known,
            "mail.elsewhere.test",
            2999,
            "for a server of another name",
        ),
        (&known, "127.0.0.1", 2020, "has expired"),
    ];
    for (authority, name, until, sentence) in wrong {
        for cover in covers(authority, name, until) {
            let (sandbox, server) = (desk(), Server::covered(Mood::Takes, cover));
            let ran = send(&sandbox, &server.route(), Some(&known), "hunter2");
            assert_eq!(ran.code, 5, "{ran:?}");
            let told = "M-000001 was not delivered and is tried again from 2026-07-01";
            assert!(ran.stderr.contains(told), "{ran:?}");
            assert!(ran.stderr.contains(sentence), "{ran:?}");
            let said = server.commands().join("\n");
            assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
            assert_eq!(message(&sandbox)["state"], "waiting");
            // Mended, the same mail goes out.
            let good = covers(&known, "127.0.0.1", 2999)[0].clone();
            let server = Server::covered(Mood::Takes, good);
            assert_eq!(retried(&sandbox, &server.route(), &known).code, 0);
            assert_eq!(server.mails().len(), 1);
        }
    }
}

#[test]
fn a_server_that_offers_no_encryption_is_not_spoken_to_when_it_was_asked_for() {
    let (sandbox, server) = (desk(), Server::start(Mood::Takes));
    let route = format!("starttls://127.0.0.1:{}", server.port());
    let ran = send(&sandbox, &route, None, "hunter2");
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.stderr.contains("does not offer encryption"), "{ran:?}");
    let said = server.commands();
    let harmless = |line: &String| line.starts_with("EHLO") || line == "QUIT";
    assert!(said.iter().all(harmless), "{said:?}");
    assert_eq!(message(&sandbox)["state"], "waiting");
}

#[test]
fn without_the_authoritys_file_its_servers_are_not_trusted_and_a_wrong_file_is_named() {
    let authority = Authority::new("house");
    let [cover, _] = covers(&authority, "127.0.0.1", 2999);
    let (sandbox, server) = (desk(), Server::covered(Mood::Takes, cover));
    let ran = send(&sandbox, &server.route(), None, "");
    assert!(
        ran.code == 5 && ran.stderr.contains("SUBDESK_MAIL_AUTHORITY"),
        "{ran:?}"
    );
    for (text, why) in [
        (None, "No such file"),
        (
            Some("nothing of the kind\n"),
            "there is no certificate in it",
        ),
        (
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "cannot be set up",
        ),
    ] {
        let file = sandbox.path("authority.pem");
        match text {
            Some(text) => std::fs::write(&file, text).unwrap(),
            None => assert!(!file.exists()),
        }
        let output = sandbox
            .command(&["message", "send"])
            .env("SUBDESK_MAIL_ROUTE", server.route())
            .env("SUBDESK_MAIL_AUTHORITY", &file)
            .output()
            .unwrap();
        let ran = Ran::of(output);
        assert_eq!(ran.code, 2, "{ran:?}");
        let told = ran.stderr.contains(why) && ran.stderr.contains("authority.pem");
        assert!(told, "{ran:?}");
    }
    assert_eq!(server.mails().len(), 0);
}

#[test]
fn a_line_that_breaks_in_the_mail_or_after_it_is_said_and_the_same_mail_is_tried_again() {
    let authority = Authority::new("house");
    for (mood, arrived) in [(Mood::HangsUpInTheMail, 0), (Mood::HangsUpAfterTheMail, 1)] {
        for cover in covers(&authority, "127.0.0.1", 2999) {
            let (sandbox, server) = (desk(), Server::covered(mood, cover));
            let ran = send(&sandbox, &server.route(), Some(&authority), "");
            assert_eq!(ran.code, 5, "{ran:?}");
            assert!(ran.stderr.contains("so it may have arrived"), "{ran:?}");
            assert!(ran.stderr.contains("the same Message-ID"), "{ran:?}");
            let before = message(&sandbox);
            assert_eq!(before["state"], "waiting");
            assert_eq!(server.mails().len(), arrived);
            server.becomes(Mood::Takes);
            assert_eq!(retried(&sandbox, &server.route(), &authority).code, 0);
            let mails = server.mails();
            assert_eq!(mails.len(), arrived + 1);
            assert!(
                mails.iter().all(|mail| *mail == mails[0]),
                "the very same mail"
            );
            let after = message(&sandbox);
            for same in ["message_id", "digest"] {
                assert_eq!(after[same], before[same]);
            }
        }
    }
}
