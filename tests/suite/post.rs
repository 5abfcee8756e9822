//! What leaves the desk: documents as files, and mail through a real server, each exactly once.

use crate::mail_server::{Mood, Server};
use crate::support::{NOW, Ran, Sandbox, files};
use serde_json::Value;
use std::process::Command;
use subdesk::desk::account::{Create, Details};
use subdesk::desk::{Desk, Effect, Given, Patience, Purpose, Starter, Terms};
use subdesk::wire::seller::preset;

/// A desk with one account whose payer is not its owner, and one paid order.
fn paid() -> Sandbox {
    let sandbox = Sandbox::new();
    let recorded_at = NOW.parse().unwrap();
    let now = "2026-07-01T05:00:00".parse().unwrap();
    let patience = Patience::silent(std::time::Duration::from_secs(5));
    let mut desk = Desk::open(&sandbox.db(), Purpose::Create, patience).unwrap();
    let by = "ada".to_owned();
    let starter = Starter {
        by: by.clone(),
        recorded_at,
        now,
    };
    desk.start(preset("kumospace").unwrap(), &starter).unwrap();
    let terms = Terms {
        at: now,
        given: Given::ByClock,
        now,
        recorded_at,
        by,
        on_behalf: None,
        reason: None,
        key: None,
        effect: Effect::Kept,
    };
    let create = Create {
        name: "acme".to_owned(),
        title: Some("Acme Ltd".to_owned()),
        country: "US".to_owned(),
        currency: None,
        email: "owner@acme.test".to_owned(),
        billing: Details {
            payer: Some("Payer Inc".to_owned()),
            email: Some("ap@acme.test".to_owned()),
            address: Some(vec!["1 High Street".to_owned()]),
            ..Details::default()
        },
    };
    desk.perform(&terms, &create).unwrap();
    drop(desk);
    sandbox.done("order create acme --plan business --period 1m --seats 3 --method card");
    sandbox.done("order pay O-000001 --reference ch_1");
    sandbox
}

fn with(sandbox: &Sandbox, line: &str, variables: &[(&str, &str)]) -> Ran {
    let words: Vec<&str> = line.split_whitespace().collect();
    let output = sandbox
        .command(&words)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn sent(sandbox: &Sandbox, server: &Server, line: &str) -> Ran {
    with(sandbox, line, &[("SUBDESK_MAIL_ROUTE", &server.route())])
}

fn message(sandbox: &Sandbox) -> Value {
    let shown = sandbox.done("message show M-000001 --json");
    serde_json::from_str::<Value>(&shown.stdout).unwrap()["message"].clone()
}

fn ids(mails: &[String]) -> Vec<&str> {
    let mut ids: Vec<&str> = mails
        .iter()
        .flat_map(|mail| mail.lines().filter(|line| line.starts_with("Message-ID:")))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[test]
fn the_payer_gets_one_receipt_with_the_paid_invoice_ks_25_ku_13_ku_14() {
    let (sandbox, server) = (paid(), Server::start(Mood::Takes));
    let ran = sent(&sandbox, &server, "message send");
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "")
    );
    sent(&sandbox, &server, "message send");
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    for part in [
        "To: ap@acme.test\r\n",
        "Subject: Receipt for invoice INV-2026-000001 from Kumospace\r\n",
        "Content-Type: text/html",
        "Content-Type: application/pdf",
        "filename=\"INV-2026-000001.pdf\"",
    ] {
        assert!(mails[0].contains(part), "{part}\n{}", mails[0]);
    }
    assert!(
        !server
            .commands()
            .iter()
            .any(|command| command.contains("owner@acme.test"))
    );
    let text = sandbox
        .done("invoice export INV-2026-000001 --format text --to -")
        .stdout;
    assert!(
        text.contains("*** Paid: Jul 1, 2026 · Card · ch_1 ***"),
        "{text}"
    );
    assert!(
        text.contains("Payer Inc") && text.contains("1 High Street"),
        "{text}"
    );
    assert_eq!(message(&sandbox)["state"], "sent");
}

#[test]
fn a_sender_that_is_killed_midway_sends_the_very_same_mail_again_and_then_no_more() {
    let (sandbox, server) = (paid(), Server::start(Mood::FallsSilent));
    let mut child = sandbox
        .command(&["message", "send"])
        .env("SUBDESK_MAIL_ROUTE", server.route())
        .spawn()
        .unwrap();
    server.wait_for(1);
    child.kill().unwrap();
    child.wait().unwrap();
    let left = message(&sandbox);
    assert_eq!(left["state"], "sending");
    server.becomes(Mood::Takes);
    let later = [
        ("SUBDESK_MAIL_ROUTE", server.route()),
        ("SUBDESK_NOW", "2026-07-03T09:00:00Z".to_owned()),
    ];
    let later: Vec<(&str, &str)> = later
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    for _ in 0..2 {
        assert_eq!(with(&sandbox, "message send", &later).code, 0);
    }
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(
        mails[0], mails[1],
        "the same bytes under the same Message-ID"
    );
    assert_eq!(ids(&mails).len(), 1);
    let now = message(&sandbox);
    assert_eq!(
        (now["state"].as_str(), &now["digest"]),
        (Some("sent"), &left["digest"])
    );
    assert!(
        !sandbox.dump().iter().any(|row| row.starts_with("mail:")),
        "a sent mail is not kept"
    );
}

#[test]
fn senders_at_the_same_time_send_each_mail_once() {
    let (sandbox, server) = (paid(), Server::start(Mood::Takes));
    sandbox.done("invoice send INV-2026-000001 --to a@x.test --quiet");
    let children: Vec<_> = (0..3)
        .map(|_| {
            sandbox
                .command(&["message", "send"])
                .env("SUBDESK_MAIL_ROUTE", server.route())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(server.mails().len(), 2);
    assert_eq!(ids(&server.mails()).len(), 2);
}

#[test]
fn a_refused_mail_becomes_a_case_and_goes_out_to_another_address() {
    let (sandbox, server) = (paid(), Server::start(Mood::RefusesReceivers));
    let ran = sent(&sandbox, &server, "message send");
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(
        ran.stderr
            .contains("M-000001 was given up, and a case is open"),
        "{ran:?}"
    );
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    let sql =
        "SELECT count(*) FROM cases WHERE text LIKE 'M-000001 was not delivered%no such user%'";
    let cases = conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(cases, 1);
    let not_due = sent(&sandbox, &server, "message send M-000001 --json");
    assert_eq!(
        (not_due.code, not_due.error()["code"].as_str()),
        (3, Some("message_not_waiting"))
    );
    server.becomes(Mood::Takes);
    let ran = sent(
        &sandbox,
        &server,
        "message retry M-000001 --to cfo@acme.test",
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(server.mails().len(), 1);
    assert!(server.mails()[0].contains("To: cfo@acme.test\r\n"));
    let again = sent(&sandbox, &server, "message retry M-000001 --json");
    assert_eq!(again.error()["code"], "message_not_waiting");
}

#[test]
fn a_server_that_is_away_is_tried_again_after_a_while() {
    let sandbox = paid();
    let nowhere = [("SUBDESK_MAIL_ROUTE", "smtp://127.0.0.1:9")];
    assert_eq!(with(&sandbox, "message send", &nowhere).code, 5);
    let waiting = message(&sandbox);
    assert_eq!(
        (waiting["state"].as_str(), waiting["attempts"].as_u64()),
        (Some("waiting"), Some(1))
    );
    let server = Server::start(Mood::Takes);
    assert_eq!(sent(&sandbox, &server, "message send").code, 0);
    assert_eq!(server.mails().len(), 0, "not before its time");
    let route = server.route();
    let later = [
        ("SUBDESK_MAIL_ROUTE", route.as_str()),
        ("SUBDESK_NOW", "2026-07-01T09:05:00Z"),
    ];
    assert_eq!(with(&sandbox, "message send", &later).code, 0);
    assert_eq!(server.mails().len(), 1);
    assert_eq!(message(&sandbox)["digest"], waiting["digest"]);
}

#[test]
fn a_dry_run_sends_and_keeps_nothing() {
    let (sandbox, server) = (paid(), Server::start(Mood::Takes));
    let before = sandbox.dump();
    for line in [
        "message send --dry-run",
        "invoice send INV-2026-000001 --dry-run",
        "message retry M-000001 --dry-run",
    ] {
        assert_eq!(sent(&sandbox, &server, line).code, 0);
    }
    assert_eq!(sandbox.dump(), before);
    assert_eq!(server.commands().len(), 0);
}

#[test]
fn no_password_is_printed_or_kept_even_if_the_server_repeats_it() {
    let (sandbox, server) = (paid(), Server::start(Mood::RefusesLogins));
    let route = server.route();
    let variables = [
        ("SUBDESK_MAIL_ROUTE", route.as_str()),
        ("SUBDESK_MAIL_USER", "me"),
        ("SUBDESK_MAIL_PASSWORD", "hunter2-secret"),
    ];
    let ran = with(&sandbox, "message send --report", &variables);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(
        server
            .commands()
            .iter()
            .any(|command| command.contains("AG1lAGh1bnRlcjItc2VjcmV0"))
    );
    let shown = with(&sandbox, "config show", &variables);
    let mut seen = format!("{ran:?} {shown:?}");
    for file in files(sandbox.db().parent().unwrap()) {
        seen.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap()));
    }
    assert!(seen.contains("5.7.8 not you"), "the trouble itself is kept");
    for secret in ["hunter2", "aHVudGVyMi1zZWNyZXQ", "AG1lAGh1bnRlcjItc2VjcmV0"] {
        assert!(!seen.contains(secret), "{secret} was shown or kept");
    }
    let in_route = [("SUBDESK_MAIL_ROUTE", "smtp://me:hunter2@mail.test")];
    let ran = with(&sandbox, "config show", &in_route);
    assert!(
        ran.code == 2 && !format!("{ran:?}").contains("hunter2"),
        "{ran:?}"
    );
}

#[test]
fn hostile_names_steer_no_header_no_cell_no_terminal_and_no_page() {
    let (sandbox, server) = (paid(), Server::start(Mood::Takes));
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    let mut names = vec![
        "Acme\r\nBcc: all@x.test\r\n\r\nHello".to_owned(),
        "\u{1b}]0;evil\u{7}\u{1b}[2J".to_owned(),
        "=HYPERLINK(\"http://x\",\"y\")".to_owned(),
        "\u{202e}gnp.exe شركة 北京".to_owned(),
        "x".repeat(10_000),
    ];
    names.push(names.concat());
    for (at, name) in names.iter().enumerate() {
        let sql = "UPDATE account SET title = ?1, billing = json_remove(billing, '$.payer')";
        conn.execute(sql, [name]).unwrap();
        let ran = sent(&sandbox, &server, "invoice send INV-2026-000001");
        assert_eq!(ran.code, 0, "{ran:?}");
        let mails = server.mails();
        assert_eq!(mails.len(), at + 1);
        let head = mails[at].split("\r\n\r\n").next().unwrap();
        assert!(
            !head.contains("Bcc") && head.is_ascii() && !head.contains('\u{1b}'),
            "{head}"
        );
        let csv = sandbox
            .done("invoice export --all --format csv --to -")
            .stdout;
        assert!(
            !csv.contains(",=") && !csv.contains(",\"=") && !csv.contains('\u{1b}'),
            "{csv}"
        );
        assert_eq!(csv.lines().count(), 2, "{csv}");
        for line in [
            "message show M-000001 --preview",
            "invoice export --all --format text --to -",
        ] {
            let shown = sandbox.done(line).stdout;
            assert!(
                !shown.contains(['\u{1b}', '\u{7}', '\u{202e}', '\r']),
                "{shown:?}"
            );
        }
        sandbox.done("invoice export --all --to out --force --quiet");
        if let Some(text) = read_back(&sandbox, "out/INV-2026-000001.pdf") {
            assert!(text.contains("$48.00"), "{text}");
        }
    }
}

/// The words of a PDF; nothing where poppler is not installed.
fn read_back(sandbox: &Sandbox, file: &str) -> Option<String> {
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(sandbox.path(file))
        .arg("-")
        .output()
        .ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_purchase_has_an_invoice_that_can_be_downloaded_ku_12_ka_20_k26_23() {
    let sandbox = paid();
    let all = sandbox.done("invoice list --account acme --json").stdout;
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["invoices"].as_array().unwrap().len(), 1);
    for (form, extension) in [
        ("pdf", "pdf"),
        ("html", "html"),
        ("text", "txt"),
        ("json", "json"),
        ("csv", "csv"),
    ] {
        let line = format!("invoice export --all --account acme --format {form} --to out --json");
        let written: Value = serde_json::from_str(&sandbox.done(&line).stdout).unwrap();
        let file = written["export"]["files"][0]["file"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(file.ends_with(extension));
        let first = std::fs::read(sandbox.path(&file)).unwrap();
        sandbox.done(&line);
        assert_eq!(first, std::fs::read(sandbox.path(&file)).unwrap());
        std::fs::write(sandbox.path(&file), "mine").unwrap();
        let refused = sandbox.run(&line);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert_eq!(std::fs::read(sandbox.path(&file)).unwrap(), b"mine");
        sandbox.done(&format!("{line} --force"));
        assert_eq!(first, std::fs::read(sandbox.path(&file)).unwrap());
    }
    let page = read_back(&sandbox, "out/INV-2026-000001.pdf");
    for word in ["INV-2026-000001", "$48.00", "Payer Inc", "PAID", "ch_1"] {
        assert!(
            page.as_ref().is_none_or(|page| page.contains(word)),
            "{word}: {page:?}"
        );
    }
    let outside = sandbox.run("invoice export --all --since 2026-07-02 --format text --to -");
    assert_eq!((outside.code, outside.stdout.as_str()), (0, ""));
    assert_eq!(sandbox.run("invoice export NOPE --to out").code, 4);
}
