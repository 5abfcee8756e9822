//! What the parser says, as a sentence and a way out.

use crate::billing::listed;

/// What serde says, as a sentence and a way out.
pub(super) fn in_words(said: &str) -> (String, Option<String>) {
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    let known = |names: &[&str]| match names {
        [] => None,
        names => Some(format!("Known here are {}.", listed::and(names))),
    };
    match (said, quoted.as_slice()) {
        (_, ["include", ..]) if said.starts_with("unknown field") => (
            "There is no include: a catalog or policy is one file and cannot refer to another or to itself."
                .to_owned(),
            Some("Write everything into one file.".to_owned()),
        ),
        (_, [name, others @ ..]) if said.starts_with("unknown field") => (
            format!("There is no key {name} here."),
            near(name, others).or_else(|| known(others)),
        ),
        (_, [name, others @ ..]) if said.starts_with("unknown variant") => (
            format!("{name} is not a value for this key."),
            near(name, others).or_else(|| known(others)),
        ),
        (_, [name]) if said.starts_with("missing field") => (
            format!("The key {name} is missing here."),
            Some(format!("Add a line {name} = … to this table.")),
        ),
        _ if said.contains("untagged enum Allowance") => (
            "An allowance is a whole number.".to_owned(),
            Some("Write a whole number, \"unlimited\" or \"custom\".".to_owned()),
        ),
        _ => plain_words(said),
    }
}

/// What the parser of a single value says.
fn plain_words(said: &str) -> (String, Option<String>) {
    const DATES: [&str; 4] = [
        "input contains invalid characters",
        "input is out of range",
        "premature end of input",
        "trailing input",
    ];
    if DATES.contains(&said) {
        return (
            "This is not a day of the calendar.".to_owned(),
            Some("Write year, month and day: 2026-06-01.".to_owned()),
        );
    }
    if let Some((message, help)) = said.split_once("; ") {
        return (sentence(message), Some(sentence(help)));
    }
    let expected = said.rsplit("expected ").next().unwrap_or_default();
    let help = match expected {
        "u8" | "u16" | "u32" | "u64" | "i32" | "i64" | "usize" => {
            "Write a whole number without quotes."
        }
        "a boolean" => "Write true or false without quotes.",
        "a string" => "Put it in quotes.",
        "a sequence" => "Write a list: [ … ].",
        _ if expected.starts_with("a Decimal") => "Write a number, such as 12.80.",
        _ if said.contains("ISO 4217") => "Write three capital letters.",
        _ => return (sentence(said), None),
    };
    (sentence(said), Some(help.to_owned()))
}

/// The known name that was probably meant.
pub(super) fn near(name: &str, known: &[&str]) -> Option<String> {
    known
        .iter()
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .min()
        .filter(|(distance, other)| *distance <= 2.max(other.len() / 3))
        .map(|(_, other)| format!("Perhaps {other} is meant."))
}

fn sentence(said: &str) -> String {
    match said.trim_end_matches('.') {
        "" => "This cannot be read.".to_owned(),
        said => format!("{}.", listed::capital(said)),
    }
}
