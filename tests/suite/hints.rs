//! Every command that a story shows as a way on can be typed: the real command tree understands it.

use crate::support::{files, root};
use std::collections::BTreeSet;
use subdesk::cli::probe::command_line;

/// What stands for a value that only the reader knows, and a value that it may have.
const PLACES: [(&str, &str); 13] = [
    ("ACCOUNT", "acme"),
    ("AMOUNT", "5.00"),
    ("CC", "BR"),
    ("COUNT", "3"),
    ("EMAIL", "b@acme.test"),
    ("FILE", "a.toml"),
    ("LANGUAGE", "pt"),
    ("METHOD", "card"),
    ("NUMBER", "529.982.247-25"),
    ("REFERENCE", "tok_1"),
    ("ROLE", "member"),
    ("\"STREET, CITY\"", "Street"),
    ("TEXT", "why"),
];

/// The commands that a line of a story shows: hints, and what stands in backticks or behind "with:".
fn shown(line: &str) -> Vec<String> {
    let start = |text: &str| text.strip_prefix("subdesk ").map(str::to_owned);
    let hint = line.strip_prefix("Hint: ").and_then(start);
    let with = line.split_once("with: ").and_then(|(_, rest)| start(rest));
    let quoted = line.split('`').skip(1).step_by(2).filter_map(start);
    let printed = !line.starts_with(['$', '>', '#', '{']);
    let all = hint.into_iter().chain(with).chain(quoted);
    all.filter(|_| printed).collect()
}

/// The words of a command, as a shell parts them.
fn words(command: &str) -> Vec<String> {
    let filled = PLACES
        .iter()
        .fold(format!(" {command} "), |text, (place, value)| {
            text.replace(&format!(" {place} "), &format!(" {value} "))
                .replace(&format!(" \"{place}\" "), &format!(" {value} "))
        });
    let mut words = Vec::new();
    for (at, part) in filled.split(['"', '\'']).enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

#[test]
fn every_command_that_a_story_shows_as_a_way_on_can_be_typed() {
    let mut stories = files(&root().join("tests/stories"));
    stories.retain(|file| file.extension().is_some_and(|kind| kind == "md"));
    stories.push(root().join("README.md"));
    let mut hints = BTreeSet::new();
    for story in &stories {
        let text = std::fs::read_to_string(story).unwrap();
        hints.extend(text.lines().flat_map(shown));
    }
    assert!(hints.len() > 80, "{}", hints.len());
    let wrong: Vec<&String> = hints
        .iter()
        .filter(|hint| {
            let words = words(hint);
            // Support gives nothing back without a reason, and nobody is asked where there is no terminal.
            let bare = hint.starts_with("payment refund")
                && !(hint.contains(" --reason ") && hint.contains(" --yes"));
            let helps = hint.ends_with(" --help");
            bare || !helps && !command_line(words.iter().map(String::as_str))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
