//! What is kept beside the source equals what the program writes: the manual and the completion loaders.

use crate::support::{Sandbox, files, root};
use std::collections::BTreeMap;
use std::path::Path;

fn texts(folder: &Path) -> BTreeMap<String, String> {
    files(folder)
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap().display().to_string();
            (name, std::fs::read_to_string(file).unwrap())
        })
        .collect()
}

#[test]
fn manual_and_completions_are_what_the_program_writes() {
    let sandbox = Sandbox::new();
    sandbox.done("docs written");
    for folder in ["man", "completions"] {
        let kept = texts(&root().join(folder));
        let written = texts(&sandbox.path("written").join(folder));
        let stale: Vec<&String> = written
            .iter()
            .filter(|(name, text)| kept.get(*name) != Some(text))
            .map(|(name, _)| name)
            .chain(kept.keys().filter(|name| !written.contains_key(*name)))
            .collect();
        assert!(
            stale.is_empty(),
            "run `cargo run -- docs .`; stale in {folder}: {stale:#?}"
        );
    }
}

#[test]
fn every_command_has_a_page_and_every_topic_one_of_section_7() {
    let man = texts(&root().join("man"));
    let sandbox = Sandbox::new();
    let front = sandbox.done("help").stdout;
    for line in front.lines().skip_while(|line| !line.ends_with(':')) {
        let Some(row) = line
            .strip_prefix("  ")
            .filter(|row| !row.starts_with([' ', '-']))
        else {
            continue;
        };
        let name = row.split_whitespace().next().unwrap();
        let pages = [format!("subdesk-{name}.1"), format!("subdesk-{name}.7")];
        assert!(
            pages.iter().any(|page| man.contains_key(page)),
            "no page for {name}"
        );
    }
}
