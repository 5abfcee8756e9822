//! Cases that other billing systems have published, replayed through the program.
//!
//! A line of `tests/cases/*.jsonl` holds a case as it was published (`inputs`, `expected`), the requests of
//! `subdesk policy price` that ask the same, and under `same` which places of the answers must equal which
//! published figures.
//!
//! `variants.jsonl` holds cases of the same families with other dates, amounts and currencies. Their figures were
//! worked out apart from the program; `computed` says how.

use rust_decimal::Decimal;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

const KILLBILL: &str = include_str!("../cases/killbill.jsonl");
const PEERS: &str = include_str!("../cases/peers.jsonl");
const VARIANTS: &str = include_str!("../cases/variants.jsonl");
const OUTSIDE: &str = include_str!("../cases/outside.toml");

struct Case {
    whole: Value,
    answers: Vec<Value>,
}

impl Case {
    fn id(&self) -> &str {
        self.whole["id"].as_str().unwrap()
    }

    /// A place of an answer is `/<number of the request>/…`.
    fn answered(&self, place: &str) -> Option<&Value> {
        let (number, rest) = place.strip_prefix('/')?.split_once('/')?;
        self.answers
            .get(number.parse::<usize>().ok()?)?
            .pointer(&format!("/{rest}"))
    }

    fn wrong(&self) -> Vec<String> {
        let rules = self.whole["same"].as_array().unwrap();
        assert!(!rules.is_empty(), "{} compares nothing", self.id());
        rules.iter().filter_map(|rule| self.broken(rule)).collect()
    }

    fn broken(&self, rule: &Value) -> Option<String> {
        let place = rule[0].as_str().unwrap();
        let published = match &rule[1] {
            Value::String(pointer) => self.whole.pointer(pointer).cloned(),
            own => Some(own.clone()),
        };
        let published = published.unwrap_or_else(|| panic!("{} has no {}", self.id(), rule[1]));
        let answered = self.answered(place).unwrap_or(&Value::Null);
        let held = match rule[2].as_str() {
            None | Some("given") => same(answered, &published, Sign::Same),
            Some("negated") => same(answered, &published, Sign::Opposite),
            Some("count") => {
                let wanted = published.as_array().map(Vec::len);
                let wanted = wanted.or(published.as_u64().and_then(|n| usize::try_from(n).ok()));
                answered.as_array().map(Vec::len) == wanted
            }
            Some(other) => panic!("{} compares in an unknown way: {other}", self.id()),
        };
        (!held).then(|| format!("  {place} is {answered}, published {published}"))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Same,
    Opposite,
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// Published amounts are whole minor units or text in major units; both are compared exactly.
fn same(answered: &Value, published: &Value, sign: Sign) -> bool {
    let signed = |number: Decimal| match sign {
        Sign::Same => number,
        Sign::Opposite => -number,
    };
    if let (Some(amount), Some(minor)) = (answered.get("amount"), answered.get("minor")) {
        let ours = if published.is_number() { minor } else { amount };
        return decimal(ours).is_some() && decimal(ours) == decimal(published).map(signed);
    }
    match (answered, published) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same(a, b, sign))
        }
        _ if decimal(answered).is_some() && decimal(published).is_some() => {
            decimal(answered) == decimal(published).map(signed)
        }
        (Value::String(ours), Value::String(theirs)) => {
            *ours == *theirs || *ours == theirs.replace(' ', "_")
        }
        _ => answered == published,
    }
}

/// Asks everything in one run of the program.
fn ask(requests: &[Value]) -> Vec<Value> {
    let lines: Vec<String> = requests.iter().map(Value::to_string).collect();
    let mut program = Command::new(env!("CARGO_BIN_EXE_subdesk"))
        .args(["policy", "price", "--jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    stdin.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = program.wait_with_output().unwrap();
    // Some cases are refusals, which is what the exit code says.
    assert_eq!(output.status.code(), Some(5));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn cases() -> Vec<Case> {
    answered(KILLBILL.lines().chain(PEERS.lines()))
}

fn answered<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Case> {
    let published: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut requests = Vec::new();
    for case in &published {
        for request in case["requests"].as_array().unwrap() {
            let mut request = request.clone();
            request["id"] = case["id"].clone();
            requests.push(request);
        }
    }
    let mut answers = ask(&requests).into_iter();
    let cases = published.into_iter().map(|whole| {
        let count = whole["requests"].as_array().unwrap().len();
        let answers: Vec<Value> = answers.by_ref().take(count).collect();
        assert!(answers.iter().all(|answer| answer["id"] == whole["id"]));
        Case { whole, answers }
    });
    cases.collect()
}

/// Everything that is not as it was written down, with the refusals that explain it.
fn report(cases: &[Case]) -> String {
    let mut report = String::new();
    for case in cases {
        let wrong = case.wrong();
        if wrong.is_empty() {
            continue;
        }
        writeln!(report, "{}\n{}", case.id(), wrong.join("\n")).unwrap();
        let refused = case.answers.iter().filter_map(|answer| answer.get("error"));
        for error in refused {
            writeln!(report, "  refused: {error}").unwrap();
        }
    }
    report
}

#[test]
fn every_published_case_is_answered_as_published() {
    let cases = cases();
    let report = report(&cases);
    assert!(report.is_empty(), "{report}");
    assert_eq!(cases.len(), 278);
}

#[test]
fn every_variant_is_answered_as_it_was_worked_out_by_hand() {
    let variants = answered(VARIANTS.lines());
    let report = report(&variants);
    assert!(report.is_empty(), "{report}");
    assert!(variants.len() > 150, "{}", variants.len());
    let mut ids = std::collections::BTreeSet::new();
    for case in &variants {
        let computed = case.whole["computed"].as_str().unwrap();
        assert!(computed.len() > 12, "{}", case.id());
        assert!(ids.insert(case.id()), "{} is there twice", case.id());
    }
}

#[test]
fn a_case_outside_the_product_has_a_reason_and_is_not_replayed() {
    let outside: toml::Table = OUTSIDE.parse().unwrap();
    let replayed: Vec<String> = cases().iter().map(|case| case.id().to_owned()).collect();
    for (id, about) in &outside {
        assert!(about["reason"].as_str().unwrap().trim().len() > 40, "{id}");
        assert!(!replayed.contains(id), "{id}");
    }
    assert_eq!(replayed.len() + outside.len(), 279);
}

#[test]
fn a_wrong_figure_is_seen() {
    let mut case = cases()
        .into_iter()
        .find(|case| case.id() == "kb-cancel-002")
        .unwrap();
    assert!(case.wrong().is_empty());
    case.whole["expected"]["net_before_credit"] = "-333.34".into();
    assert_eq!(case.wrong().len(), 1);
}

fn compared(words: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_subdesk"))
        .args([
            "policy",
            "compare",
            "--from-price",
            "30.00",
            "--to-price",
            "60.00",
        ])
        .args(["--term", "2024-03-01..2024-04-01"])
        .args(words)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    (
        output.status.code(),
        told + &String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn one_change_has_many_answers() {
    let (code, told) = compared(&["--on", "2024-03-16T15:00Z"]);
    assert_eq!(code, Some(0));
    assert!(
        told.contains("stripe\t123/248\t14.88\t29.76\t14.88"),
        "{told}"
    );
    let net = |name: &str| {
        let line = told
            .lines()
            .find(|line| line.split('\t').next() == Some(name));
        line.unwrap_or_default()
            .split('\t')
            .nth(4)
            .unwrap_or_default()
            .to_owned()
    };
    for (name, expected) in [
        ("stripe", "14.88"),
        ("lago", "15.49"),
        ("chargebee_days", "14.51"),
        ("zuora", "16.00"),
        ("zuora_strict", "15.00"),
        ("unibee", "14.55"),
        ("samsung", "0.00"),
    ] {
        assert_eq!(net(name), expected, "{name} in\n{told}");
    }
}

#[test]
fn a_comparison_explains_itself_and_refuses_what_cannot_be_compared() {
    let on = ["--on", "2024-03-16", "--ruleset", "killbill"];
    let (_, told) = compared(&[&on[..], &["--explain"]].concat());
    assert!(
        told.contains("16/31") && told.contains("15.48 USD"),
        "{told}"
    );
    let (_, told) = compared(&[&on[..], &["--json"]].concat());
    let document: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        document["comparison"]["answers"].as_array().unwrap().len(),
        1
    );
    assert_eq!(document["comparison"]["answers"][0]["net"]["minor"], 1549);
    let (code, told) = compared(&["--on", "2024-04-01"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("not inside the term"), "{told}");
    assert_eq!(
        compared(&["--on", "2024-03-16", "--ruleset", "nobody"]).0,
        Some(2)
    );
}
