//! Names that attack: terminal escapes, marks that turn text around, formulas, SQL, templates, paths, NUL and
//! bytes that are no text. They are kept to the letter or refused, and do no harm anywhere. Secrets stay secret.

use crate::support::{Ran, Sandbox, files};
use crate::writes::{furnished, sound};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Titles that a stranger may choose.
const TITLES: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "Robert'); DROP TABLE account;--",
    "{{ seller.name }}{% for x in range(9) %}x{% endfor %}",
    "${HOME} $(id) `id` %n%s",
    "../../etc/passwd",
    "<script>alert(1)</script>&amp;\"'",
    "\u{202e}gpj.exe\u{202c}",
    "\u{2066}a\u{2069}\u{200b}\u{feff}",
    "a\u{0300}\u{0301}\u{0302}\u{0303}\u{0304}",
    "👩‍👩‍👧‍👦 محمد 株式会社",
];

/// Texts with control characters: refused where they are typed.
const CONTROLS: &[&str] = &[
    "a\u{1b}[2Jb",
    "a\u{7}b",
    "a\nb",
    "a\r\nBcc: x@y.test",
    "a\u{9b}31mb",
    "a\tb",
    "a\u{7f}b",
];

fn run(sandbox: &Sandbox, words: &[&str]) -> Ran {
    Ran::of(furnished(sandbox.command(words)).output().unwrap())
}

/// Nothing that steers a terminal, or turns its text around, is in an answer.
fn harmless(ran: &Ran, what: &str) {
    for text in [&ran.stdout, &ran.stderr] {
        let bad = |c: char| {
            (c.is_control() && c != '\n' && c != '\t')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.chars().any(bad), "{what}: {text:?}");
        assert!(!text.contains("panicked"), "{what}: {text}");
    }
}

fn named(title: &str) -> Sandbox {
    let sandbox = Sandbox::quick();
    let (named, payer) = (format!("--title={title}"), format!("--payer={title}"));
    let (text, reason, key) = (
        format!("--text={title}"),
        format!("--reason={title}"),
        format!("--key={title}"),
    );
    let create = "account create acme --country US --email a@acme.test";
    let case = "case create acme --about support";
    let order = "order create acme --plan pro --period 6m --seats 2 --method card";
    for (line, more) in [
        (create, vec![named.as_str(), payer.as_str()]),
        (case, vec![text.as_str(), reason.as_str()]),
        (order, vec![]),
        ("order pay O-000001", vec![key.as_str()]),
    ] {
        let words: Vec<&str> = line.split(' ').chain(more).collect();
        let ran = run(&sandbox, &words);
        assert_eq!(ran.code, 0, "{title:?}: {ran:?}");
        harmless(&ran, title);
    }
    sandbox
}

/// The cells of a table that a spreadsheet would take for a formula.
fn formulas(csv: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(csv.as_bytes());
    let cells = reader
        .records()
        .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    cells
        .filter(|cell| {
            cell.starts_with(['=', '+', '@', '\t', '\r'])
                || (cell.starts_with('-') && cell.parse::<f64>().is_err() && cell != "-")
        })
        .collect()
}

#[test]
fn hostile_titles_are_kept_to_the_letter_and_do_no_harm_anywhere() {
    for title in TITLES {
        let sandbox = named(title);
        for look in [
            "account show acme",
            "account list",
            "invoice list",
            "invoice show INV-2026-000001",
            "order show O-000001",
            "case list",
            "case show 1",
            "journal list",
            "journal show 2",
            "message list",
            "payment list --account acme",
            "account list --json",
            "account show acme --jsonl",
            "journal show 2 --json",
        ] {
            let words: Vec<&str> = look.split(' ').collect();
            let ran = run(&sandbox, &words);
            assert_eq!(ran.code, 0, "{title:?}: {ran:?}");
            harmless(&ran, &format!("{look} with {title:?}"));
        }
        let stored = sandbox
            .dump()
            .iter()
            .any(|row| row.starts_with("account: ") && row.contains(title));
        assert!(stored, "{title:?} was not kept as it is");
        for format in ["csv", "html", "text", "json", "pdf"] {
            let ran = run(
                &sandbox,
                &[
                    "invoice",
                    "export",
                    "INV-2026-000001",
                    "--format",
                    format,
                    "--to",
                    "out",
                ],
            );
            assert_eq!(ran.code, 0, "{title:?} {format}: {ran:?}");
        }
        for file in files(&sandbox.path("out")) {
            let bytes = std::fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let name = file.display().to_string();
            assert!(
                !(name.ends_with(".html") && text.contains("<script>")),
                "{name}"
            );
            if name.ends_with(".csv") {
                assert_eq!(formulas(&text), Vec::<String>::new(), "{title:?}");
            }
        }
        assert_eq!(run(&sandbox, &["message", "send"]).code, 0);
        for mail in files(&sandbox.path("mail")) {
            let text = std::fs::read_to_string(&mail).unwrap();
            let head = text.split("\r\n\r\n").next().unwrap();
            assert!(
                !head.contains("\nBcc:") && !text.contains("xxxxxxxxx"),
                "{title:?}: {head}"
            );
        }
        let outside = files(&sandbox.path(""));
        assert!(
            outside
                .iter()
                .all(|file| !file.display().to_string().contains(".."))
        );
        sound(&sandbox, title);
    }
}

#[test]
fn control_characters_are_refused_wherever_a_person_types() {
    let sandbox = named("plain");
    let before = sandbox.dump();
    for text in CONTROLS {
        for words in [
            vec!["account", "edit", "acme", "--title", text],
            vec!["account", "edit", "acme", "--address", text],
            vec!["account", "edit", "acme", "--payer", text],
            vec![
                "account",
                "create",
                text,
                "--country",
                "US",
                "--email",
                "b@b.test",
            ],
            vec![
                "account",
                "create",
                "other",
                "--country",
                "US",
                "--email",
                text,
            ],
            vec!["account", "member", "add", "acme", text],
            vec![
                "account",
                "method",
                "set",
                "acme",
                "card",
                "--reference",
                text,
            ],
            vec![
                "case", "create", "acme", "--about", "support", "--text", text,
            ],
            vec!["case", "close", "1", "--outcome", text],
            vec!["credit", "grant", "acme", "ai", "5", "--reason", text],
            vec!["invoice", "send", "INV-2026-000001", "--to", text],
            vec!["account", "edit", "acme", "--title", "x", "--key", text],
            vec!["account", "edit", "acme", "--title", "x", "--by", text],
            vec!["account", "show", text],
            vec!["order", "show", text],
            vec![text, "list"],
        ] {
            let ran = run(&sandbox, &words);
            assert!(matches!(ran.code, 2..=4), "{words:?}: {ran:?}");
            harmless(&ran, &format!("{words:?}"));
            // Also where colour is wanted, the only escapes are the program's own.
            let mut coloured = furnished(sandbox.command(&words));
            let ran = Ran::of(coloured.env("CLICOLOR_FORCE", "1").output().unwrap());
            let own = |rest: &str| {
                rest.split_once('m').is_some_and(|(codes, _)| {
                    codes
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || byte == b';')
                })
            };
            let escapes = ran.stderr.split("\u{1b}[").skip(1).all(own);
            assert!(
                escapes && !ran.stderr.contains(['\r', '\u{7}', '\u{9b}']),
                "{words:?}: {ran:?}"
            );
        }
    }
    assert_eq!(sandbox.dump(), before);
}

#[test]
fn empty_endless_and_broken_words_are_refused_in_a_sentence() {
    let sandbox = named("plain");
    let before = sandbox.dump();
    let long = "x".repeat(60_000);
    for text in ["", "   ", long.as_str()] {
        for words in [
            vec!["account", "edit", "acme", "--title", text],
            vec![
                "account",
                "create",
                text,
                "--country",
                "US",
                "--email",
                "b@b.test",
            ],
            vec!["account", "member", "add", "acme", text],
            vec![
                "case", "create", "acme", "--about", "support", "--text", text,
            ],
            vec!["account", "edit", "acme", "--title", "y", "--key", text],
            vec!["seats", "add", "acme", text],
            vec!["account", "show", "acme", "--as-of", text],
        ] {
            let ran = run(&sandbox, &words);
            let what = &words[..3];
            assert!(matches!(ran.code, 2..=4), "{what:?}: {}", ran.code);
            harmless(&ran, &format!("{what:?}"));
        }
    }
    for bytes in [b"\xff\xfe".as_slice(), b"a\xc3", b"\xed\xa0\x80"] {
        for words in [["account", "show"], ["account", "list"], ["batch", "--key"]] {
            let mut command = sandbox.command(&words);
            let ran = Ran::of(command.arg(OsStr::from_bytes(bytes)).output().unwrap());
            assert!(matches!(ran.code, 2..=4), "{words:?}: {ran:?}");
        }
        std::fs::write(sandbox.path("bad.toml"), bytes).unwrap();
        std::fs::write(sandbox.path("nul.toml"), b"id = \"a\0b\"\n").unwrap();
        for file in ["bad.toml", "nul.toml"] {
            for line in ["catalog check", "policy check", "catalog use", "batch"] {
                let ran = sandbox.run(&format!("{line} {file}"));
                assert!(matches!(ran.code, 1..=5), "{line} {file}: {ran:?}");
                harmless(&ran, line);
            }
        }
    }
    assert_eq!(sandbox.dump(), before);
}

#[test]
fn data_that_came_in_past_the_words_cannot_steer_a_terminal() {
    let sandbox = named("plain");
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}evil\u{9b}1m\r";
    for sql in [
        "UPDATE account SET title = ?1",
        "UPDATE cases SET text = ?1",
        "UPDATE payment SET reason = ?1",
        "UPDATE journal SET actor = ?1, reason = ?1",
        "UPDATE message SET trouble = ?1",
        "UPDATE method SET reference = ?1",
    ] {
        conn.execute(sql, [evil]).unwrap();
    }
    drop(conn);
    for look in [
        "account show acme",
        "account list",
        "case show 1",
        "case list",
        "journal list",
        "journal show 2",
        "journal verify",
        "db check",
        "message list",
        "message show 1",
        "payment list --account acme",
        "invoice show INV-2026-000001",
        "account show acme --json",
        "journal list --jsonl",
        "invoice export INV-2026-000001 --format text --to -",
        "renew due --within 1y",
        "invoice list",
        "order show O-000001",
    ] {
        let words: Vec<&str> = look.split(' ').collect();
        harmless(&run(&sandbox, &words), look);
    }
}

#[test]
fn card_numbers_and_passwords_are_never_kept_nor_said() {
    let sandbox = named("plain");
    // Both must be refused for the number's sake and for nothing else.
    sandbox.done("renew auto acme off");
    sandbox.done("seats add acme 1");
    let card = "4111 1111 1111 1111";
    let bare = "4111111111111111";
    for number in [card, bare, "4111-1111-1111-1111", "378282246310005"] {
        for words in [
            vec![
                "account",
                "method",
                "set",
                "acme",
                "card",
                "--reference",
                number,
            ],
            vec!["order", "pay", "O-000002", "--reference", number],
        ] {
            let ran = run(&sandbox, &words);
            let named = ran.stderr.contains("card number");
            assert!(ran.code == 3 && named, "{words:?}: {ran:?}");
            assert!(!ran.stderr.contains(number), "{ran:?}");
        }
    }
    let secret = "hunter2-hunter2";
    for line in [
        "message send",
        "config show",
        "config show --json",
        "message send --dry-run",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let mut command = furnished(sandbox.command(&words));
        command
            .env("SUBDESK_MAIL_ROUTE", "smtp://127.0.0.1:9")
            .env("SUBDESK_MAIL_USER", "desk")
            .env("SUBDESK_MAIL_PASSWORD", secret);
        let ran = Ran::of(command.output().unwrap());
        assert!(
            !ran.stdout.contains(secret) && !ran.stderr.contains(secret),
            "{line}: {ran:?}"
        );
    }
    for file in files(&sandbox.path("")) {
        let bytes = std::fs::read(&file).unwrap();
        for kept in [secret, bare, card] {
            let found = bytes
                .windows(kept.len())
                .any(|window| window == kept.as_bytes());
            assert!(!found, "{kept} is in {}", file.display());
        }
    }
}
