//! A person at a real terminal: questions, the plain ones for screen readers, and Ctrl-C in the middle.

use crate::support::Sandbox;
use expectrl::process::Healthcheck;
use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect, Session};
use std::time::Duration;

/// The program at a terminal of its own.
fn at_terminal(sandbox: &Sandbox, words: &[&str], plain: bool) -> OsSession {
    spawned(sandbox.command(words), plain)
}

fn spawned(mut command: std::process::Command, plain: bool) -> OsSession {
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
    if let Some(folder) = command.get_current_dir() {
        at_terminal.current_dir(folder);
    }
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
fn reports_are_as_wide_as_the_terminal_and_no_figure_is_cut_in_two() {
    let sandbox = Sandbox::new();
    sandbox.done("account create acme --country US --email ana@acme.test");
    sandbox.done("order create acme --plan base --period 6m --seats 7 --method card");
    sandbox.done("order pay O-000001 --reference token-1");
    sandbox.done("account create later --country US --email bob@later.test");
    sandbox.done("order create later --plan base --period 6m --seats 7 --method card");
    for columns in ["60", "80", "130"] {
        for report in ["revenue", "mrr", "churn", "pending", "receivable"] {
            let mut command = sandbox.command(&["report", report]);
            command.env("COLUMNS", columns);
            let session = spawned(command, false);
            let (code, said) = ended(session);
            assert_eq!(code, 0, "{said}");
            let plain = said.replace("\x1b[1m", "").replace("\x1b[0m", "");
            let most: usize = columns.parse().unwrap();
            for line in plain.lines() {
                let line = line.trim_end();
                assert!(line.chars().count() <= most, "{columns} {report}: {line:?}");
            }
            for figure in ["630.00", "105.00"] {
                let whole = plain.contains(figure);
                assert!(
                    whole || !wanted(report, figure),
                    "{columns} {report}: {plain}"
                );
            }
        }
    }
}

/// Whether a report of one paid half year of 630.00, and one that waits, tells a figure.
fn wanted(report: &str, figure: &str) -> bool {
    match report {
        "revenue" | "pending" => figure == "630.00",
        "mrr" => figure == "105.00",
        _ => false,
    }
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
fn a_first_purchase_is_made_by_answering_questions() {
    let sandbox = Sandbox::new();
    let mut session = at_terminal(&sandbox, &["order", "checkout"], true);
    for (question, answer) in [
        ("Name of the customer", "Acme Ltd"),
        ("Short name for commands", "Acme Ltd"),
        ("cannot be an account name", ""),
        ("Country", "America"),
        ("is not a country", "us"),
        ("E-mail of the owner", "ana"),
        ("is not an e-mail address", "ana@acme.test"),
        ("Number from 1 to", "2"),
        ("Number from 1 to", "1"),
        ("How many", "none"),
        ("How many", "3"),
        ("Number from 1 to", "1"),
        ("Billing address", "1 Main Street, Springfield"),
        ("Place this order?", "yes"),
        ("Reference of the payment", "card-token-1"),
    ] {
        session.expect(question).unwrap();
        session.expect(": ").unwrap();
        session.send_line(answer).unwrap();
    }
    let (code, said) = ended(session);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("The same in one line: subdesk account create acme-ltd"),
        "{said}"
    );
    assert!(
        said.contains("--address '1 Main Street, Springfield'"),
        "{said}"
    );
    let shown = sandbox.run("account show acme-ltd --json=state");
    assert_eq!(shown.answer()["account"]["state"], "active");
    assert_eq!(
        sandbox.run("invoice list --json=state").answer()["invoices"][0]["state"],
        "paid"
    );
}

#[test]
fn a_checkout_that_is_left_in_the_middle_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    let words = [
        "order", "checkout", "--plan", "base", "--period", "6m", "--seats", "2",
    ];
    let mut session = at_terminal(&sandbox, &words, true);
    for answer in ["Acme Ltd", "", "us", "ana@acme.test", "1", ""] {
        session.expect(": ").unwrap();
        session.send_line(answer).unwrap();
    }
    session.expect("Place this order?").unwrap();
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
