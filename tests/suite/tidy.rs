//! The house rules: walls between rooms, impure words in one place each, files of a readable length.

use crate::support::{files, root};
use std::path::{Path, PathBuf};

/// Each room, and the rooms that it may use.
const ROOMS: [(&str, &[&str]); 6] = [
    ("billing", &[]),
    ("store", &["billing"]),
    ("gateway", &["billing"]),
    ("wire", &["billing"]),
    ("desk", &["billing", "store", "gateway", "wire"]),
    ("cli", &["billing", "desk", "wire"]),
];

/// Words that may stand only in some files, and why.
const PLACES: &[(&[&str], &[&str], &str)] = &[
    (
        &["println!", "print!", "eprintln!", "eprint!"],
        &[],
        "everything is said through cli/out.rs",
    ),
    (
        &["stdout()", "stderr()"],
        &["cli/out.rs", "cli/stop.rs", "cli/ask.rs", "cli/progress.rs"],
        "the two streams belong to cli/out.rs; stop gives the cursor back, ask looks for a terminal, \
         progress draws its bar on one",
    ),
    (
        &["Utc::now", "Local::now", "SystemTime::now"],
        &["cli/clock.rs"],
        "only cli/clock.rs reads the clock",
    ),
    (
        &["Instant::now"],
        &["store/busy.rs", "cli/progress.rs"],
        "only waiting for another writer, and a bar that is shown after a second, measure time",
    ),
    (&["rusqlite"], &["store/"], "the database is the store's"),
    (
        &["clap::", "dialoguer", "comfy_table"],
        &["cli/"],
        "words and tables belong to cli",
    ),
    (
        &["comfy_table"],
        &["cli/show/page.rs"],
        "tables are drawn in one file",
    ),
    (
        &["dialoguer"],
        &["cli/ask.rs"],
        "people are asked in one file",
    ),
    (
        &[
            "SELECT ",
            "INSERT INTO",
            "DELETE FROM",
            "PRAGMA ",
            "UPDATE ",
        ],
        &["store/"],
        "SQL stands only in store",
    ),
    (
        &["std::env::var", "std::env::args"],
        &["cli/", "gateway/", "desk/renew/pause.rs"],
        "flags and environment are read at the edge; pause points of crash tests are in debug builds only",
    ),
    (&["unsafe "], &[], "nothing here needs it"),
];

/// Lines of a file that are too many.
const TOO_MANY: usize = 400;

/// A line of code that is not a comment and not part of a test.
struct Line {
    file: String,
    number: usize,
    text: String,
}

impl Line {
    fn place(&self) -> String {
        format!("{}:{}: {}", self.file, self.number, self.text.trim())
    }
}

/// Every source file below `src`, by its path from there.
fn sources() -> Vec<(String, PathBuf)> {
    let src = root().join("src");
    files(&src)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "rs"))
        .map(|file| (file.strip_prefix(&src).unwrap().display().to_string(), file))
        .collect()
}

/// Files that a `#[cfg(test)]` declares: their tests may do what the program may not.
fn test_files(sources: &[(String, PathBuf)]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (_, path) in sources {
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2) {
            let declared = pair[1]
                .trim_start_matches("pub ")
                .trim_start_matches("pub(crate) ");
            if let ("#[cfg(test)]", Some(name)) = (
                pair[0].trim(),
                declared
                    .strip_prefix("mod ")
                    .and_then(|rest| rest.strip_suffix(';')),
            ) {
                let folder = match path.file_name().unwrap().to_str().unwrap() {
                    "mod.rs" | "lib.rs" => path.parent().unwrap().to_owned(),
                    _ => path.with_extension(""),
                };
                found.push(folder.join(format!("{name}.rs")));
                found.push(folder.join(name).join("mod.rs"));
            }
        }
    }
    found
}

/// Whether the name says that there are only tests in a file.
fn named_for_tests(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_str().unwrap();
    name == "tests" || name.ends_with("_tests") || name.ends_with("_laws")
}

/// All lines of the program itself.
fn lines() -> Vec<Line> {
    let sources = sources();
    let tests = test_files(&sources);
    let mut lines = Vec::new();
    let own = |path: &Path| !tests.iter().any(|test| test == path) && !named_for_tests(path);
    for (file, path) in sources.iter().filter(|(_, path)| own(path)) {
        let text = std::fs::read_to_string(path).unwrap();
        let code = text
            .lines()
            .enumerate()
            .take_while(|(_, text)| !matches!(text.trim(), "mod tests {" | "mod laws {"));
        for (at, text) in code.filter(|(_, text)| !text.trim_start().starts_with("//")) {
            lines.push(Line {
                file: file.clone(),
                number: at + 1,
                text: text.to_owned(),
            });
        }
    }
    assert!(lines.len() > 1_000, "the source was not found");
    lines
}

fn none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn no_room_looks_back() {
    let mut found = Vec::new();
    for line in lines() {
        let Some((_, may)) = ROOMS
            .iter()
            .find(|(room, _)| line.file.starts_with(&format!("{room}/")))
        else {
            continue;
        };
        let own = line.file.split('/').next().unwrap();
        for (room, _) in ROOMS
            .iter()
            .filter(|(room, _)| *room != own && !may.contains(room))
        {
            if line.text.contains(&format!("crate::{room}::"))
                || line.text.contains(&format!("crate::{room};"))
                || line.text.contains(&format!("crate::{{{room}"))
            {
                found.push(line.place());
            }
        }
    }
    none(found, "a wall between rooms is broken");
}

#[test]
fn impure_words_stand_in_one_place_each() {
    for (words, places, why) in PLACES {
        let found = lines()
            .iter()
            .filter(|line| !places.iter().any(|place| line.file.starts_with(place)))
            .filter(|line| words.iter().any(|word| has_word(&line.text, word)))
            .map(Line::place)
            .collect();
        none(found, why);
    }
}

/// A word that is not the end of a longer one: `print!` is not in `eprint!`.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn no_seller_is_named_outside_its_files() {
    let found = lines()
        .iter()
        .filter(|line| !line.file.starts_with("wire/presets/"))
        .filter(|line| {
            let text = line.text.to_lowercase();
            ["kommo", "kumospace", "kustomer", "kaspr"]
                .iter()
                .any(|name| text.contains(name))
        })
        .map(Line::place)
        .collect();
    none(found, "a new seller must need no code");
}

#[test]
fn files_have_a_readable_length_and_say_what_they_are_for() {
    let mut found = Vec::new();
    for folder in ["src", "tests/suite"] {
        for path in files(&root().join(folder)) {
            if path.extension().is_none_or(|kind| kind != "rs") {
                continue;
            }
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            let text = std::fs::read_to_string(&path).unwrap();
            let count = text.lines().count();
            if count > TOO_MANY {
                found.push(format!("{name} has {count} lines"));
            }
            if !text.starts_with("//!") {
                found.push(format!("{name} does not say what it is for"));
            }
        }
    }
    none(found, "files");
}

#[test]
fn every_test_file_is_run() {
    let suite = root().join("tests/suite");
    let listed = std::fs::read_to_string(suite.join("main.rs")).unwrap();
    let forgotten: Vec<String> = files(&suite)
        .iter()
        .filter(|file| file.parent() == Some(&suite) && !file.ends_with("main.rs"))
        .filter_map(|file| Path::new(file).file_stem()?.to_str().map(str::to_owned))
        .filter(|name| !listed.contains(&format!("mod {name};")))
        .collect();
    none(forgotten, "not listed in tests/suite/main.rs");
}
