//! Files that are not ours, locked, damaged or read-only; readers that hang up; disks that are full: a clear
//! sentence, the right exit code, and nothing changed.

use crate::support::{Ran, Sandbox};
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

fn begun() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.done("db init");
    sandbox
}

fn told(ran: &Ran, code: i32, sentence: &str) {
    assert_eq!(ran.code, code, "{ran:?}");
    assert!(ran.stdout.is_empty(), "{ran:?}");
    assert!(ran.stderr.contains(sentence), "{ran:?}");
}

#[test]
fn a_file_that_is_not_ours_is_named_and_left_alone() {
    for (content, sentence) in [
        (b"shopping list: eggs\n".to_vec(), "it is a text file"),
        (
            vec![0x89, b'P', b'N', b'G', 0, 1, 2, 255],
            "not an SQLite file",
        ),
        (b"SQLite format 3\0".to_vec(), "it is cut off"),
        (Vec::new(), "There is no database"),
    ] {
        let sandbox = Sandbox::new();
        std::fs::write(sandbox.db(), &content).unwrap();
        let ran = sandbox.run("journal list");
        let code = if content.is_empty() { 4 } else { 1 };
        told(&ran, code, sentence);
        if !content.is_empty() {
            assert_eq!(sandbox.run("db init").code, 1);
        }
        assert!(std::fs::read(sandbox.db()).unwrap() == content);
    }
}

#[test]
fn another_programs_database_is_not_touched() {
    // With and without a mark of its own, and in both ways to keep a log.
    for (mark, mode) in [
        (0, "delete"),
        (0x4750_4b47, "delete"),
        (0, "wal"),
        (0x4750_4b47, "wal"),
    ] {
        let sandbox = Sandbox::new();
        let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
        conn.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |_| Ok(()))
            .unwrap();
        conn.pragma_update(None, "application_id", mark).unwrap();
        conn.execute_batch("CREATE TABLE photos (id INTEGER); INSERT INTO photos VALUES (1)")
            .unwrap();
        drop(conn);
        let before = std::fs::read(sandbox.db()).unwrap();
        for line in [
            "db info",
            "db init",
            "db check --repair",
            "account edit acme --title x",
        ] {
            told(&sandbox.run(line), 1, "another program");
        }
        assert!(
            std::fs::read(sandbox.db()).unwrap() == before,
            "{mark} {mode}"
        );
    }
}

#[test]
fn a_newer_file_is_refused_by_name() {
    let sandbox = begun();
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    conn.pragma_update(None, "user_version", 4711).unwrap();
    drop(conn);
    told(&sandbox.run("journal list"), 1, "newer version of subdesk");
    told(&sandbox.run("db init"), 1, "newer version of subdesk");
}

#[test]
fn a_truncated_file_is_damaged_and_says_so() {
    let sandbox = begun();
    let bytes = std::fs::read(sandbox.db()).unwrap();
    std::fs::write(sandbox.db(), &bytes[..bytes.len() / 2]).unwrap();
    let ran = sandbox.run("db check --json");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stdout.contains("\"sound\": false") || ran.error()["code"] == "damaged_file",
        "{ran:?}"
    );
}

#[test]
fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = begun();
    sandbox.done("db backup copy.db");
    for file in [sandbox.db(), sandbox.path("copy.db")] {
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_changed_journal_line_is_found() {
    let sandbox = begun();
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    conn.execute_batch("UPDATE journal SET actor = 'mallory' WHERE id = 1")
        .unwrap();
    drop(conn);
    let ran = sandbox.run("journal verify");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("Line 1 (db init"), "{ran:?}");
    assert_eq!(sandbox.run("db check").code, 1);
}

/// Runs a command that must end by itself soon, with some text at its stdin.
fn bounded(sandbox: &Sandbox, line: &str, input: &str) -> Ran {
    use std::io::Write;
    let mut child = sandbox.started(line);
    let mut stdin = child.stdin.take().unwrap();
    // Whoever has been refused already reads nothing.
    let _unread = stdin.write_all(input.as_bytes());
    drop(stdin);
    Ran::bounded(child, line)
}

#[test]
fn another_writer_is_waited_for_and_then_it_is_75() {
    let sandbox = begun();
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    let ran = bounded(
        &sandbox,
        "batch - --lock-timeout 1500ms",
        "{\"do\":\"order create\",\"with\":{\"account\":\"a\",\"wish\":{}}}\n",
    );
    assert_eq!(ran.code, 75, "{ran:?}");
    assert!(
        ran.stderr.contains("Waiting for another program"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("is in use by another program"),
        "{ran:?}"
    );
    assert!(started.elapsed() >= Duration::from_millis(1500));
    // Looking needs no lock.
    sandbox.done("journal list");
    conn.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn a_file_that_another_program_has_for_itself_is_busy_also_for_looking() {
    let sandbox = begun();
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    conn.execute_batch("PRAGMA locking_mode = EXCLUSIVE; UPDATE meta SET value = value")
        .unwrap();
    for line in [
        "journal list --lock-timeout 100ms",
        "db check --lock-timeout 100ms",
        "account create acme --country US --email a@acme.test --lock-timeout 100ms",
    ] {
        told(
            &bounded(&sandbox, line, ""),
            75,
            "is in use by another program",
        );
    }
    drop(conn);
    sandbox.done("db check");
}

/// Sending takes turns by a lock beside the file; that wait is bounded as well.
#[test]
fn a_letter_that_another_program_is_sending_is_waited_for_and_then_it_is_75() {
    let sandbox = begun();
    let lock = std::fs::File::create(sandbox.path("desk.db-outbox")).unwrap();
    lock.lock().unwrap();
    let child =
        crate::writes::furnished(sandbox.command(&["message", "send", "--lock-timeout", "200ms"]))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
    let ran = Ran::bounded(child, "message send");
    told(&ran, 75, "is in use by another program");
    drop(lock);
    crate::writes::done(&sandbox, "message send");
}

#[test]
fn a_reader_that_hangs_up_has_heard_enough() {
    let sandbox = begun();
    let mut child = sandbox
        .command(&["journal", "show", "1", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(said, "");
}

#[test]
fn a_full_disk_under_the_answer_is_an_error() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    let sandbox = begun();
    let output = sandbox
        .command(&["db", "info"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn looking_changes_nothing_and_needs_only_a_read_only_file() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = begun();
    let before = sandbox.dump();
    for look in [
        "db info",
        "db check",
        "journal list",
        "journal verify",
        "config show",
    ] {
        sandbox.done(look);
    }
    assert_eq!(sandbox.dump(), before);
    let read_only = std::fs::Permissions::from_mode(0o400);
    std::fs::set_permissions(sandbox.db(), read_only).unwrap();
    sandbox.done("journal list");
}

#[test]
fn a_backup_never_replaces_a_file() {
    let sandbox = begun();
    std::fs::write(sandbox.path("mine"), "precious").unwrap();
    told(&sandbox.run("db backup mine"), 1, "never replaces a file");
    assert_eq!(std::fs::read(sandbox.path("mine")).unwrap(), b"precious");
    sandbox.done("db backup copy.db");
    assert_eq!(
        crate::support::dump(&sandbox.path("copy.db")),
        sandbox.dump()
    );
}

#[test]
fn with_json_stderr_ends_with_one_line_for_scripts() {
    let sandbox = begun();
    for (line, code, exit) in [
        ("journal show 99 --json", "not_found", 4),
        ("journal lst --json", "usage", 2),
        ("journal list --json=nothing", "usage", 2),
        ("journal list --limit 0 --jsonl", "usage", 2),
        ("db info --json --db /nowhere/at/all.db", "no_database", 4),
    ] {
        let ran = sandbox.run(line);
        let error = ran.error();
        assert_eq!(error["code"], code, "{ran:?}");
        assert_eq!(error["exit"], exit);
        assert_eq!(ran.code, exit);
        assert!(ran.stdout.is_empty());
    }
}

#[test]
fn a_configuration_with_a_mistake_names_the_place() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path(".config/subdesk");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.toml");
    for (text, sentence) in [
        ("colour = \"never\"\n", "there is no setting \"colour\""),
        ("color = \"sometimes\"\n", "is not auto, always or never"),
        ("color = 1\n", "must be in quotes"),
        ("db = \"a.db\"\ndb = \"b.db\"\n", "config.toml"),
        ("by", "config.toml"),
    ] {
        std::fs::write(&file, text).unwrap();
        told(&sandbox.run("config show"), 2, sentence);
    }
    std::fs::write(&file, "# mine\nby = \"grace\"\n").unwrap();
    let ran = sandbox.done("config show");
    assert!(ran.stdout.contains("grace\t"), "{ran:?}");
    assert!(ran.stdout.contains("config.toml:2"), "{ran:?}");
}
