//! A disk that is full at any point, a file or folder that cannot be written: a clear sentence, exit 1, nothing
//! half done, and the same command finishes the work when there is room again.

use crate::support::{Ran, Sandbox, differences};
use crate::writes::{LOG, WRITES, Write, done, furnished, size, sound};
use std::process::{Command, Output};

/// What a file size limit counts in, by POSIX.
const BLOCK: u64 = 512;

fn facts(sandbox: &Sandbox, write: &Write) -> Vec<String> {
    let mut rows = sandbox.dump();
    if write.line.starts_with("message ") {
        rows.retain(|row| !row.starts_with("journal: ") && !row.starts_with("message: "));
    }
    rows
}

/// A failure that was told as one; nothing but the sentence, and no advice that cannot help.
fn told(output: Output, what: &str) {
    let ran = Ran::of(output);
    if ran.code == 0 {
        return;
    }
    // A payment whose answer could not be kept is not known to the file any more.
    let begun = ran.code == 6 && ran.stderr.contains("It is kept that P-");
    assert!(ran.code == 1 || begun, "{what}: {ran:?}");
    let said = ran.stderr.starts_with("Error: ") && ran.stderr.contains("desk.db");
    assert!(said && !ran.stderr.contains("panicked"), "{what}: {ran:?}");
}

#[test]
fn a_disk_that_fills_up_at_any_page_keeps_what_was_there() {
    for (at, write) in WRITES.iter().enumerate() {
        // Files of provider and mail would need room as well; their own tests cut them off.
        if write.line.starts_with("message ") || write.line == "payment settle" {
            continue;
        }
        let undisturbed = write.stage.set();
        done(&undisturbed, write.line);
        let expected = facts(&undisturbed, write);
        let untouched = write.stage.set().dump();
        for step in 0..3_u64 {
            let sandbox = write.stage.set();
            let log = size(&sandbox.path("desk.db-wal")).max(LOG);
            let blocks = log / BLOCK + step * 9 + u64::try_from(at).unwrap() % 9;
            let what = format!("{} with files of {blocks} blocks", write.line);
            let limit = format!("trap '' XFSZ; ulimit -f {blocks}");
            let words: Vec<&str> = write.line.split_whitespace().collect();
            let output = furnished(sandbox.behind(&limit, &words)).output().unwrap();
            let output_said_done = output.status.code() == Some(0);
            if String::from_utf8_lossy(&output.stderr).contains("Nothing was kept") {
                assert_eq!(sandbox.dump(), untouched, "{what}: {output:?}");
            }
            if write.line.starts_with("batch") {
                assert_ne!(output.status.code(), Some(0), "{what}: {output:?}");
            } else {
                told(output, &what);
            }
            if output_said_done {
                // What was said to be done is there, before anybody tries again.
                let differ = differences(&expected, &facts(&sandbox, write));
                assert!(differ.is_empty(), "{what}: {differ:#?}");
            }
            done(&sandbox, write.line);
            let differ = differences(&expected, &facts(&sandbox, write));
            assert!(differ.is_empty(), "{what}: {differ:#?}");
            sound(&sandbox, &what);
        }
    }
}

#[test]
fn a_payment_whose_answer_finds_no_room_is_said_to_be_begun_and_settled_afterwards() {
    let pay = WRITES
        .iter()
        .find(|write| write.line.starts_with("order pay"));
    let pay = pay.unwrap();
    let untouched = pay.stage.set().dump();
    let (mut nothing, mut begun) = (0, 0);
    for step in 0..60_u64 {
        let sandbox = pay.stage.set();
        let log = size(&sandbox.path("desk.db-wal")).max(LOG);
        let limit = format!("trap '' XFSZ; ulimit -f {}", log / BLOCK + step * 8);
        let words: Vec<&str> = pay.line.split_whitespace().collect();
        let ran = Ran::of(furnished(sandbox.behind(&limit, &words)).output().unwrap());
        match ran.code {
            0 => break,
            1 => {
                nothing += 1;
                assert_eq!(sandbox.dump(), untouched, "{ran:?}");
            }
            _ => {
                begun += 1;
                let (_, hint) = ran.stderr.split_once("Hint: subdesk ").unwrap();
                assert!(
                    ran.code == 6 && ran.stderr.contains("It is kept that P-"),
                    "{ran:?}"
                );
                assert!(hint.starts_with("payment settle P-"), "{ran:?}");
                done(&sandbox, hint.trim());
                let again = done(&sandbox, pay.line);
                assert!(again.stderr.contains("done before"), "{again:?}");
                sound(&sandbox, "settled");
            }
        }
    }
    assert!(nothing > 0 && begun > 0, "{nothing} {begun}");
}

/// Runs a script in a name space of its own, where the user may mount; none if the system does not allow that.
fn apart(sandbox: &Sandbox, script: &str) -> Option<Output> {
    let allowed = |wrapper: &[&str]| {
        let mut command = Command::new(wrapper[0]);
        command
            .args(&wrapper[1..])
            .args(["mount", "-t", "tmpfs", "none", "/mnt"]);
        command.output().is_ok_and(|output| output.status.success())
    };
    let ways: [&[&str]; 2] = [&["unshare", "--mount", "--"], &["unshare", "-Urm", "--"]];
    let way = ways.iter().find(|way| allowed(way))?;
    let program = sandbox.command(&[]);
    let mut command = Command::new(way[0]);
    command.args(&way[1..]).args(["sh", "-c", script, "sh"]);
    command
        .arg(program.get_program())
        .current_dir(sandbox.path(""));
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(command.output().unwrap())
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that was left out says so")]
fn a_disk_without_room_is_named_as_full_and_goes_on_with_room() {
    let sandbox = Sandbox::quick();
    std::fs::create_dir(sandbox.path("small")).unwrap();
    let script = "mount -t tmpfs -o size=1m none small && cd small && export SUBDESK_DB=desk.db && \
        \"$1\" account create acme --country US --email a@acme.test --quiet >/dev/null && \
        head -c 48k /dev/zero > room; head -c 2m /dev/zero > filler 2>/dev/null; \
        \"$1\" account edit acme --title Full 2>&1; echo \"exit $?\"; rm room; \
        \"$1\" account edit acme --title Full 2>&1; echo \"exit $?\"; \
        rm filler; \"$1\" db check && \"$1\" account edit acme --title Room && \"$1\" db check";
    let Some(output) = apart(&sandbox, script) else {
        eprintln!("skipped: this system lets nobody mount a small disk");
        return;
    };
    let ran = Ran::of(output);
    assert_eq!(ran.code, 0, "{ran:?}");
    // Without any room the index beside the log cannot be made, with a little the log itself.
    let full = "Error: The disk of desk.db is full.\n";
    assert_eq!(ran.stdout.matches(full).count(), 2, "{ran:?}");
    assert_eq!(ran.stdout.matches("exit 1\n").count(), 2, "{ran:?}");
    assert_eq!(ran.stdout.matches("Sound: ").count(), 2, "{ran:?}");
    assert!(ran.stdout.contains("(Room)"), "{ran:?}");
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that was left out says so")]
fn a_folder_that_cannot_be_written_is_said_so_and_can_be_looked_at() {
    let sandbox = Sandbox::quick();
    sandbox.done("db init");
    sandbox.done("db backup copy.db");
    std::fs::create_dir(sandbox.path("fixed")).unwrap();
    let script = "mount -t tmpfs none fixed && cp copy.db fixed/desk.db && mount -o remount,ro none fixed && \
        cd fixed && export SUBDESK_DB=desk.db && \"$1\" db check && \"$1\" journal list --json && \
        \"$1\" account create acme --country US --email a@acme.test 2>&1; echo \"exit $?\"; \
        \"$1\" db restore desk.db --db ../again.db && \"$1\" db init --db other.db 2>&1; echo \"exit $?\"";
    let Some(output) = apart(&sandbox, script) else {
        eprintln!("skipped: this system lets nobody mount a disk that cannot be written");
        return;
    };
    let ran = Ran::of(output);
    assert!(
        ran.stdout.contains("desk.db cannot be written.\n"),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("cannot create other.db"), "{ran:?}");
    assert_eq!(ran.stdout.matches("exit 1\n").count(), 2, "{ran:?}");
    assert_eq!(ran.stdout.matches("Sound: ").count(), 2, "{ran:?}");
}
