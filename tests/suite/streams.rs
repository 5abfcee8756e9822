//! Signals, and streams that are closed or hang up: the work is done wholly or not at all, and the program ends.

use crate::support::{Ran, Sandbox};
use crate::writes::{WRITES, done, furnished, sound};
use std::process::{Command, Stdio};
use std::time::Duration;

#[test]
fn signals_at_any_time_leave_the_work_whole_or_undone() {
    for (at, write) in WRITES.iter().enumerate() {
        let undisturbed = write.stage.set();
        done(&undisturbed, write.line);
        let sandbox = write.stage.set();
        let words: Vec<&str> = write.line.split_whitespace().collect();
        let signal = ["INT", "TERM", "HUP", "PIPE"][at % 4];
        let mut child = furnished(sandbox.command(&words))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(u64::try_from(at).unwrap() * 7 % 23));
        let id = child.id().to_string();
        let _gone = Command::new("kill").args(["-s", signal, &id]).output();
        child.wait().unwrap();
        sound(&sandbox, write.line);
        done(&sandbox, write.line);
        if !write.line.starts_with("message ") {
            assert_eq!(
                sandbox.dump(),
                undisturbed.dump(),
                "{} and {signal}",
                write.line
            );
        }
    }
}

#[test]
fn closed_streams_do_not_stop_the_work_nor_write_into_the_file() {
    let line = "account create acme --country US --email a@acme.test --key k";
    let words: Vec<&str> = line.split_whitespace().collect();
    for closed in ["exec 0<&-", "exec 1>&-", "exec 2>&-", "exec 0<&- 1>&- 2>&-"] {
        let sandbox = Sandbox::quick();
        let first = Ran::of(furnished(sandbox.behind(closed, &words)).output().unwrap());
        // An answer that cannot be given is a failure of its own; the work is kept.
        assert!(matches!(first.code, 0 | 1), "{closed}: {first:?}");
        sound(&sandbox, closed);
        let again = done(&sandbox, line);
        assert!(again.stderr.contains("done before"), "{closed}: {again:?}");
    }
}

#[test]
fn a_reader_that_hangs_up_on_a_write_has_heard_enough_and_the_work_is_kept() {
    let sandbox = Sandbox::quick();
    let line = "account create acme --country US --email a@acme.test --key k --json";
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut child = furnished(sandbox.command(&words))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let again = done(&sandbox, line);
    assert!(again.stdout.contains("\"replayed\": true"), "{again:?}");
}

#[test]
fn a_batch_whose_input_ends_in_the_middle_of_a_line_costs_only_that_line() {
    let sandbox = Sandbox::quick();
    let whole = "{\"do\":\"account create\",\"with\":{\"name\":\"one\",\"country\":\"US\",\"email\":\"a@one.test\"}}\n";
    let ran = sandbox.fed("batch -", &format!("{whole}{}", &whole[..40]));
    assert_eq!(ran.code, 5, "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 2);
    sound(&sandbox, "half a line");
}
