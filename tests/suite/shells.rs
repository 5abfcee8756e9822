//! The completion loaders in their shells, where the shell is there.

use crate::support::{Sandbox, root};
use std::process::Command;

fn has(shell: &str) -> bool {
    Command::new(shell).arg("--version").output().is_ok()
}

/// The folder of the program, first on the path.
fn path() -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_subdesk"));
    let before = std::env::var("PATH").unwrap_or_default();
    format!("{}:{before}", program.parent().unwrap().display())
}

fn said(sandbox: &Sandbox, shell: &str, script: &str) -> String {
    let template = sandbox.command(&[]);
    let mut command = Command::new(shell);
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let output = command
        .args(["-c", script])
        .env("PATH", path())
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes_commands_through_its_loader() {
    if !has("bash") {
        return;
    }
    let sandbox = Sandbox::new();
    let loader = root().join("completions/subdesk.bash");
    let script = format!(
        "source {}; COMP_WORDS=(subdesk journal ve); COMP_CWORD=2; COMP_TYPE=9; \
         _clap_complete_subdesk subdesk ve journal 2>/dev/null; echo \"${{COMPREPLY[*]}}\"",
        loader.display()
    );
    assert_eq!(said(&sandbox, "bash", &script).trim(), "verify");
}

#[test]
fn fish_completes_commands_through_its_loader() {
    if !has("fish") {
        return;
    }
    let sandbox = Sandbox::new();
    let loader = root().join("completions/subdesk.fish");
    let script = format!(
        "source {}; complete --do-complete 'subdesk journal ve'",
        loader.display()
    );
    assert!(said(&sandbox, "fish", &script).starts_with("verify"));
}

#[test]
fn zsh_reads_its_loader() {
    if !has("zsh") {
        return;
    }
    let sandbox = Sandbox::new();
    let loader = root().join("completions/subdesk.zsh");
    let script = format!(
        "autoload -U compinit; compinit -u -d ./zcompdump; source {}; print $_comps[subdesk]",
        loader.display()
    );
    assert!(said(&sandbox, "zsh", &script).contains("subdesk"));
}

#[test]
fn names_are_completed_from_the_database_that_the_line_names() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["--", "subdesk", "--catalog", "ku"]);
    let output = command.env("COMPLETE", "fish").output().unwrap();
    assert!(output.status.success());
    let names = String::from_utf8(output.stdout).unwrap();
    assert_eq!(names.lines().count(), 2, "{names}");
}

#[test]
fn nouns_are_completed_in_the_order_of_a_day() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["--", "subdesk", ""]);
    let output = command.env("COMPLETE", "fish").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let nouns: Vec<_> = said
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let names: Vec<_> = nouns.iter().take(3).map(|(name, _)| *name).collect();
    assert_eq!(names, ["plan", "seats", "order"], "{said}");
    assert!(nouns[0].1.starts_with("Plans: what they give"), "{said}");
}

#[test]
fn trouble_with_the_database_is_silence() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.db(), "no database at all").unwrap();
    let mut command = sandbox.command(&["--", "subdesk", "journal", "list", "--account", "a"]);
    let output = command.env("COMPLETE", "fish").output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

#[test]
fn what_stands_in_the_database_steers_no_shell() {
    let sandbox = Sandbox::new();
    for name in ["acme", "apex"] {
        sandbox.done(&format!(
            "account create {name} --country US --email a@{name}.test"
        ));
    }
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    let evil = "A\u{1b}]0;owned\u{7}\u{202e}\nrm\t-rf";
    conn.execute("UPDATE account SET title = ?1", [evil])
        .unwrap();
    conn.execute("UPDATE account SET name = 'a\u{1b}[2J\nb' WHERE id = 2", [])
        .unwrap();
    drop(conn);
    let told = |shell: &str, begun: &str| {
        let mut command = sandbox.command(&["--", "subdesk", "account", "show", begun]);
        let told = command
            .env("COMPLETE", shell)
            .env("_CLAP_COMPLETE_INDEX", "3")
            .output();
        String::from_utf8(told.unwrap().stdout).unwrap()
    };
    // What a shell would carry out as soon as it stands on its line.
    for name in [
        "b$(touch x)",
        "b`id`",
        "b;id",
        "b|id",
        "b&id",
        "b>x",
        "b'x",
        "b\"x",
        "b\\x",
        "b!x",
        "b x",
        "b*",
    ] {
        let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
        conn.execute("UPDATE account SET name = ?1 WHERE id = 2", [name])
            .unwrap();
        drop(conn);
        for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
            let said = told(shell, "b");
            assert!(!said.contains(&name[1..]), "{shell} {name}: {said:?}");
        }
    }
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    conn.execute("UPDATE account SET name = 'a\u{1b}[2J\nb' WHERE id = 2", [])
        .unwrap();
    drop(conn);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let told = told(shell, "a");
        assert!(
            told.contains("acme") && !told.contains("[2J"),
            "{shell}: {told:?}"
        );
        let steers = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\t' | '\u{b}');
        assert!(
            !told.contains(steers) && !told.contains('\u{202e}'),
            "{shell}: {told:?}"
        );
        // The name and what it is, and nothing on a line of its own.
        assert!(
            told.trim_end()
                .split(['\n', '\u{b}'])
                .all(|line| line.starts_with("acme")),
            "{shell}: {told:?}"
        );
    }
}
