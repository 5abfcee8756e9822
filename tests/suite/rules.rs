//! Every published rule of the five sellers is cited by a story that shows it, where it allows and where it
//! refuses.
//!
//! In a story, the ids in the prose since the last block belong to the console block that follows. A rule is
//! shown when one block that cites it has a command that is done, and one has a command that is refused: by a
//! rule, because a thing is not there yet, because a payment has not ended, or because an answer is missing.
//! Misspelled words, faults and dates in the future refuse everything, so they show nothing.

use crate::support::{files, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The catalogue of rules: the prefix of a seller's ids, and how many there are, counted from 1.
const RULES: [(&str, u32); 5] = [("K24", 30), ("K26", 45), ("KU", 18), ("KS", 29), ("KA", 27)];

/// Rules in which nothing can be refused, and why. One that is refused somewhere must leave the list.
const NOTHING_TO_REFUSE: &[(&str, &str)] = &[
    (
        "K24-11",
        "which features are on in a trial is told, not asked for",
    ),
    (
        "K24-12",
        "what a purchase takes away is told, and goes with it",
    ),
    (
        "K24-13",
        "a purchase that takes nothing away forbids nothing",
    ),
    (
        "KU-18",
        "a question about prices is told where its answer stands",
    ),
    ("KS-2", "a reminder forbids nothing"),
    ("KA-12", "a reminder forbids nothing"),
    ("KA-27", "a question is told who answers it"),
];

/// What the stories show of one rule.
#[derive(Default)]
struct Shown {
    allows: bool,
    refuses: bool,
}

/// What stories cite.
#[derive(Default)]
struct Citations {
    rules: BTreeMap<String, Shown>,
    faults: Vec<String>,
}

/// Ids in a text that look like a rule's, in order.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
        .filter(|word| {
            let known = |seller: &str| RULES.iter().any(|(prefix, _)| *prefix == seller);
            word.split_once('-').is_some_and(|(seller, number)| {
                known(seller) && number.starts_with(|digit: char| digit.is_ascii_digit())
            })
        })
}

/// Whether a status and the line behind it are those of a command that was refused for what it asked.
fn is_refusal(status: &str, why: &str) -> bool {
    match status {
        "? 3" => !why.contains("which is in the future"),
        "? 4" | "? 6" => true,
        "? 2" => why.starts_with("Error: Nobody can be asked"),
        _ => false,
    }
}

/// Every id that was published, in order.
fn catalogue() -> Vec<String> {
    let mut all = Vec::new();
    for (seller, last) in RULES {
        all.extend((1..=last).map(|number| format!("{seller}-{number}")));
    }
    all
}

fn exists(id: &str) -> bool {
    catalogue().iter().any(|rule| rule == id)
}

impl Citations {
    fn read(&mut self, story: &str, text: &str) {
        let mut cited: BTreeSet<&str> = BTreeSet::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(kind) = line.strip_prefix("```") else {
                cited.extend(ids(line));
                continue;
            };
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if kind.starts_with("console") {
                self.cite(&std::mem::take(&mut cited), &block);
            }
        }
        let left: Vec<&str> = cited.into_iter().collect();
        if !left.is_empty() {
            let left = left.join(", ");
            self.faults
                .push(format!("{story}: no console block follows {left}"));
        }
        for id in ids(text).filter(|id| !exists(id)) {
            self.faults.push(format!("{story}: there is no rule {id}"));
        }
    }

    fn cite(&mut self, cited: &BTreeSet<&str>, block: &[&str]) {
        let starts = |start: &str| block.iter().filter(|line| line.starts_with(start)).count();
        let failed = starts("? ") - starts("? 0");
        let refused = block.windows(2).any(|pair| is_refusal(pair[0], pair[1]));
        for id in cited {
            let shown = self.rules.entry((*id).to_owned()).or_default();
            shown.allows |= starts("$ ") > failed;
            shown.refuses |= refused;
        }
    }

    /// What is missing of each rule, in the order of the catalogue.
    fn missing(&self) -> Vec<(String, &'static str)> {
        let mut missing = Vec::new();
        for id in catalogue() {
            let shown = self.rules.get(&id);
            let all_allowed = NOTHING_TO_REFUSE.iter().any(|(rule, _)| *rule == id);
            let what = match shown {
                None => "is cited by no story",
                Some(shown) if !shown.allows => "is cited, but nothing beside it is allowed",
                Some(shown) if !shown.refuses && !all_allowed => {
                    "is cited, but nothing beside it is refused"
                }
                Some(_) => continue,
            };
            missing.push((id, what));
        }
        missing
    }
}

fn stories() -> Citations {
    let mut citations = Citations::default();
    let folder = root().join("tests/stories");
    for file in files(&folder) {
        if file.extension().is_some_and(|kind| kind == "md") {
            let name = file.strip_prefix(&folder).unwrap().display().to_string();
            citations.read(&name, &std::fs::read_to_string(&file).unwrap());
        }
    }
    citations
}

/// Ids in the code and in the sellers' files that no seller published.
fn invented(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(folder) {
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        let name = file.strip_prefix(root()).unwrap().display().to_string();
        let unknown = ids(&text).filter(|id| !exists(id));
        found.extend(unknown.map(|id| format!("{name}: there is no rule {id}")));
    }
    found
}

#[test]
fn every_rule_is_shown_where_it_allows_and_where_it_refuses() {
    let citations = stories();
    let missing = citations.missing();
    let mut faults = invented(&root().join("src"));
    faults.extend(missing.iter().map(|(id, what)| format!("{id} {what}")));
    for (id, reason) in NOTHING_TO_REFUSE {
        let refused = citations.rules.get(*id).is_some_and(|shown| shown.refuses);
        if refused || !exists(id) || reason.is_empty() {
            faults.push(format!(
                "{id} need not be among the rules in which nothing can be refused"
            ));
        }
    }
    faults.extend(citations.faults);
    assert!(
        faults.is_empty(),
        "{} of the rules:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn a_citation_counts_for_the_block_that_follows_it() {
    let mut citations = Citations::default();
    let story = "A (K24-1), FK-2, and (K26-2):\n\n```console\n$ one\nK24-3\n\n$ two\n? 3\n\n```\n\n\
                 KU-1\n\n```toml\nx = 1\n```\n\n```console\n$ three\n```\n\nKS-1\n\n```console\n$ four\n? 3\nNo\n```\n\n\
                 KS-2\n\n```console\n$ five\n? 2\nError: No such option\n```\n\n\
                 KA-1 KA-28\n";
    citations.read("story", story);
    let shown: Vec<(&str, bool, bool)> = citations
        .rules
        .iter()
        .map(|(id, shown)| (id.as_str(), shown.allows, shown.refuses))
        .collect();
    assert_eq!(
        shown,
        [
            ("K24-1", true, true),
            ("K26-2", true, true),
            ("KS-1", false, true),
            ("KS-2", false, false),
            ("KU-1", true, false),
        ]
    );
    assert_eq!(
        citations.faults,
        [
            "story: no console block follows KA-1, KA-28",
            "story: there is no rule KA-28"
        ]
    );
    assert_eq!(citations.missing().len(), 147);
}
