//! Numbers and dates at the edge of what fits, in every option and place of every command that writes: nothing
//! panics, and what is written is sound.

use crate::support::{Ran, Sandbox, files, root};
use crate::writes::{WRITES, Write, furnished, sound};
use std::collections::BTreeSet;

const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "2147483648",
    "4294967295",
    "9223372036854775807",
    "9223372036854775808",
    "92233720368547758.07",
    "0.001",
];

const DATES: &[&str] = &["9999-12-31", "0001-01-01", "10000-01-01", "2026-02-30"];

const PERIODS: &[&str] = &["0m", "4294967295m", "9999y", "1000000d"];

/// The edges of an option, by the name of its value.
fn edges(value: &str) -> Vec<String> {
    let texts: &[&str] = match value {
        "AMOUNT" | "TOTAL" | "COUNT" | "PARTS" | "PERCENT" | "DAY" | "DAYS" | "UNITS" | "SEATS" => {
            NUMBERS
        }
        "DATE" => DATES,
        "PERIOD" | "WAIT" => PERIODS,
        "NAME=COUNT" | "NAME=AMOUNT" | "PLACE=AMOUNT" => {
            let named = |name: &'static str| move |number: &&str| format!("{name}={number}");
            let [ai, one] = ["leads", "1"].map(named);
            return NUMBERS
                .iter()
                .map(ai)
                .chain(NUMBERS.iter().map(one))
                .collect();
        }
        _ => &[],
    };
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A page of the manual as plain text.
fn plain(page: &str) -> String {
    page.replace("\\fR", "")
        .replace("\\fI", "")
        .replace("\\fB", "")
        .replace("\\-", "-")
}

/// The options of a command and the names of their values, from its page of the manual.
fn options(command: &str) -> Vec<(String, String)> {
    let page = root().join(format!("man/subdesk-{}.1", command.replace(' ', "-")));
    let page = plain(&std::fs::read_to_string(page).unwrap());
    let option = |line: &str| {
        let (names, value) = line.split_once(" <")?;
        let name = names.split(", ").find(|name| name.starts_with("--"))?;
        let value = value.split('>').next()?;
        (!name.contains(' ')).then(|| (name.to_owned(), value.to_owned()))
    };
    page.lines().filter_map(option).collect()
}

/// The longest name of a command that a line begins with.
fn command_of(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let page = |many: usize| root().join(format!("man/subdesk-{}.1", words[..many].join("-")));
    let many = (1..=3.min(words.len()))
        .rev()
        .find(|many| page(*many).exists());
    words[..many.unwrap()].join(" ")
}

/// The lines that a line becomes at every edge: its own numbers replaced, its options set.
fn at_the_edge(write: &Write) -> Vec<Vec<String>> {
    let words: Vec<String> = write.line.split_whitespace().map(str::to_owned).collect();
    let mut lines = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if word.parse::<f64>().is_ok() {
            for edge in NUMBERS {
                let mut line = words.clone();
                line[at] = (*edge).to_owned();
                lines.push(line);
            }
        }
    }
    for (option, value) in options(&command_of(write.line)) {
        for edge in edges(&value) {
            let mut line = words.clone();
            match words.iter().position(|word| *word == option) {
                Some(at) => line[at + 1] = edge,
                None => line.extend([option.clone(), edge]),
            }
            lines.push(line);
        }
    }
    let unique: BTreeSet<Vec<String>> = lines.into_iter().collect();
    unique.into_iter().collect()
}

fn ran(sandbox: &Sandbox, line: &[String], now: Option<&str>) -> Ran {
    let words: Vec<&str> = line.iter().map(String::as_str).collect();
    let mut command = furnished(sandbox.command(&words));
    command.envs(now.map(|now| ("SUBDESK_NOW", now)));
    Ran::of(command.output().unwrap())
}

/// One run: it ends as runs end, and what it wrote is sound.
fn survives(sandbox: &Sandbox, line: &[String], now: Option<&str>) -> bool {
    let before = sandbox.dump();
    let told = ran(sandbox, line, now);
    let what = format!("{} at {now:?}", line.join(" "));
    let ended = matches!(told.code, 0 | 2..=6) && !told.stderr.contains("panicked");
    assert!(ended, "{what}: {told:?}");
    let changed = sandbox.dump() != before;
    let kept = line
        .iter()
        .any(|word| word == "order" || word == "batch" || word == "renew");
    assert!(
        !changed || told.code == 0 || kept,
        "{what} was refused and wrote: {told:?}"
    );
    if changed {
        sound(sandbox, &what);
        let seen = ran(sandbox, &["account".to_owned(), "list".to_owned()], now);
        assert_eq!(seen.code, 0, "{what}: {seen:?}");
    }
    changed
}

fn half(of: usize) {
    for (at, write) in WRITES.iter().enumerate() {
        if at % 2 != of {
            continue;
        }
        let mut sandbox = write.stage.set();
        for line in at_the_edge(write) {
            if survives(&sandbox, &line, None) {
                sandbox = write.stage.set();
            }
        }
        let line: Vec<String> = write.line.split_whitespace().map(str::to_owned).collect();
        // The last is a clock that went backwards.
        for now in [
            "9999-12-31T23:59:59Z",
            "2026-06-20T09:00:00Z",
            "1970-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
        ] {
            if survives(&sandbox, &line, Some(now)) {
                sandbox = write.stage.set();
            }
        }
    }
}

#[test]
fn a_number_or_date_at_the_edge_never_panics_and_never_half_writes_one_half() {
    half(0);
}

#[test]
fn a_number_or_date_at_the_edge_never_panics_and_never_half_writes_other_half() {
    half(1);
}

#[test]
fn where_a_machine_stands_changes_nothing_that_is_written() {
    for write in WRITES.iter().step_by(4) {
        let [east, west] = ["Pacific/Kiritimati", "Pacific/Pago_Pago"].map(|zone| {
            let sandbox = write.stage.set();
            let words: Vec<&str> = write.line.split_whitespace().collect();
            let mut command = furnished(sandbox.command(&words));
            let told = Ran::of(command.env("TZ", zone).output().unwrap());
            assert_eq!(told.code, 0, "{}: {told:?}", write.line);
            sandbox.dump()
        });
        assert_eq!(east, west, "{}", write.line);
    }
}

/// What options take that is neither a number nor a day.
const TEXTS: &[&str] = &[
    "ABOUT",
    "CASE",
    "CATALOG",
    "CC",
    "CITY",
    "CODE",
    "COMMAND",
    "DB",
    "DIR",
    "EMAIL",
    "FILE",
    "FIELDS",
    "FORM",
    "FOLDER",
    "ITEM",
    "LANGUAGE",
    "LINE",
    "LIMIT",
    "METHOD",
    "NAME",
    "NUMBER",
    "ORDER",
    "PACE",
    "PLAN",
    "PLAN=NAME",
    "READER",
    "ROLE",
    "STATE",
    "TEXT",
    "TYPE",
    "WHEN",
    "FORMAT",
    "KIND",
    "ACCOUNT",
    "KEY",
    "SELLER",
    "RULESET",
    "A..B",
    "START..END",
    "GROUP",
    "BY",
    "BOOK",
    "INVOICE",
    "PAYMENT",
    "MESSAGE",
    "SHELL",
    "ID",
    "OUTCOME",
    "LIMIT=COUNT",
    "NAME=ON",
    "FROM..TO",
];

#[test]
fn the_edges_reach_every_option_that_takes_a_number_or_a_date() {
    let known = [
        "AMOUNT",
        "TOTAL",
        "COUNT",
        "PARTS",
        "PERCENT",
        "DAY",
        "DAYS",
        "UNITS",
        "SEATS",
        "DATE",
        "PERIOD",
        "WAIT",
        "NAME=COUNT",
        "NAME=AMOUNT",
        "PLACE=AMOUNT",
    ];
    assert!(known.iter().all(|name| !edges(name).is_empty()));
    let mut strange = BTreeSet::new();
    for page in files(&root().join("man")) {
        let name = page.file_stem().unwrap().to_str().unwrap().to_owned();
        let Some(command) = name.strip_prefix("subdesk-") else {
            continue;
        };
        if !page.to_string_lossy().ends_with(".1") {
            continue;
        }
        for (option, value) in options(&command.replace('-', " ")) {
            if !known.contains(&value.as_str()) && !TEXTS.contains(&value.as_str()) {
                strange.insert(format!("{option} <{value}>"));
            }
        }
    }
    assert!(strange.is_empty(), "is it a number? {strange:?}");
}
