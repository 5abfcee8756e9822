//! A person at a real terminal: questions, the plain ones for screen readers, and Ctrl-C in the middle.

use crate::support::Sandbox;
use expectrl::process::Healthcheck;
use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect, Session};
use std::time::Duration;

/// The program at a terminal of its own.
fn at_terminal(sandbox: &Sandbox, words: &[&str], plain: bool) -> OsSession {
    let mut command = sandbox.command(words);
    command.env("TERM", "xterm-256color");
    if plain {
        command.env("ACCESSIBLE", "1");
    }
    // The pseudo-terminal takes the place of stdin as well.
    let mut at_terminal = std::process::Command::new(command.get_program());
    at_terminal.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => at_terminal.env(name, value),
            None => at_terminal.env_remove(name),
        };
    }
    at_terminal.current_dir(sandbox.path(""));
    let mut session = Session::spawn(at_terminal).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(20)));
    session
}

/// How the program ended, after everything it still had to say.
fn ended(mut session: OsSession) -> (i32, String) {
    let rest = session.expect(Eof).unwrap();
    let said = String::from_utf8_lossy(rest.as_bytes()).into_owned();
    for _ in 0..200 {
        match session.get_process().get_status() {
            Ok(WaitStatus::Exited(_, code)) => return (code, said),
            Ok(_) | Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    assert!(!session.is_alive().unwrap());
    panic!("the program ended without a code: {said}");
}

#[test]
fn ctrl_c_in_a_question_gives_the_cursor_back_and_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    let mut session = at_terminal(&sandbox, &["order", "checkout"], false);
    session.expect("?").unwrap();
    session.send("\x03").unwrap();
    let (code, said) = ended(session);
    assert_eq!(code, 130, "{said}");
    assert!(
        said.contains("\x1b[?25h"),
        "the cursor stays hidden: {said:?}"
    );
    assert!(!sandbox.db().exists());
}

#[test]
fn plain_questions_are_numbered_and_never_redrawn() {
    let sandbox = Sandbox::new();
    let mut session = at_terminal(&sandbox, &["order", "checkout"], true);
    let first = session.expect(": ").unwrap();
    let asked = String::from_utf8_lossy(first.as_bytes()).into_owned();
    assert!(!asked.contains('\x1b'), "{asked:?}");
    session.send("\x03").unwrap();
    let (code, said) = ended(session);
    assert_eq!(code, 130, "{said}");
    assert!(!sandbox.db().exists());
}

#[test]
fn without_a_terminal_the_missing_option_is_named() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run("order checkout --json");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.error()["hint"][0]
            .as_str()
            .unwrap()
            .starts_with("Give the answer with")
    );
    assert!(!sandbox.db().exists());
}
