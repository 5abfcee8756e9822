//! One question about a figure, and its answer: what `policy price` reads and prints.
//!
//! A request is `{"kind":"bill", "id":"any", …}`; the answer is `{"schema":"subdesk/1","kind":"bill",
//! "id":"any","answer":{…}}` or the same with `error` for `answer`. Amounts in a request are text in major
//! units (`"30.10"`), days are `2024-03-01`, stretches of time are `2024-03-01..2024-04-01`. Fields that a
//! kind does not know are refused. With `"zone":"America/New_York"` instants that carry an offset are brought
//! into that zone before days are counted; where seconds or minutes are counted, the time that passes counts,
//! so that a day of the zone may have 23 hours.

mod balance;
mod bill;
mod cancel;
mod change;
mod credit;
mod dates;
mod help;
mod merge;
mod seats;
mod settled;
mod shares;
mod span;
mod tax;
mod words;
mod zone;

use super::SCHEMA;
use crate::billing::listed;
use crate::billing::switches::Unit;
pub use help::help;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
pub(super) use words::told;
pub use words::{Refused, RuleSetName, Stretched, When, WorkingText};

/// What was asked could not be answered, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The whole line, ready to print.
    pub line: Value,
    /// Whether it carries an answer.
    pub outcome: Outcome,
}

/// How a question ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With a figure.
    Answer,
    /// With a reason why there is none.
    Refusal,
}

type Ask = fn(Value) -> Result<Value, Refused>;

/// The kinds of questions with what each answers, in the order of the help text.
pub const KINDS: &[(&str, &str)] = &[
    (
        "bill",
        "a service billed up to a date: stubs, whole periods, price and seat changes, a trial",
    ),
    (
        "cancel",
        "the same service ended early: what is given back, and when it ends",
    ),
    ("span", "what one stretch of service costs"),
    (
        "change",
        "old lines replaced by new ones on a day, once or several times",
    ),
    ("credit", "what the unused part of billed lines is worth"),
    ("merge", "billed lines against what should have been billed"),
    (
        "seats",
        "a number of units through its changes: tiers, packs, the highest count",
    ),
    (
        "discount",
        "a discount shared over lines, or given for some periods",
    ),
    ("split", "an amount in parts that sum to it"),
    ("tax", "tax on lines, and credit notes that add up"),
    (
        "balance",
        "an account through invoices, credits, payments and refunds",
    ),
    ("refund", "where money goes back to"),
    (
        "dates",
        "bill dates from a start, and the period an instant lies in",
    ),
    ("terms", "when an invoice is due and past due"),
    ("retries", "when a failed charge is tried again"),
    (
        "reminders",
        "reminders by overdue balance in several currencies",
    ),
    ("numbers", "document numbers from patterns"),
];

fn kind(name: &str) -> Option<Ask> {
    Some(match name {
        "bill" => |value| bill::bill(read(value)?),
        "cancel" => |value| cancel::cancel(read(value)?),
        "span" => |value| span::span(read(value)?),
        "change" => |value| change::change(read(value)?),
        "credit" => |value| credit::credit(read(value)?),
        "merge" => |value| merge::merge(read(value)?),
        "seats" => |value| seats::seats(read(value)?),
        "discount" => |value| shares::discount(read(value)?),
        "split" => |value| shares::split(read(value)?),
        "tax" => |value| tax::tax(read(value)?),
        "balance" => |value| balance::balance(read(value)?),
        "refund" => |value| balance::refund(read(value)?),
        "dates" => |value| dates::dates(read(value)?),
        "terms" => |value| dates::terms(read(value)?),
        "retries" => |value| dates::retries(read(value)?),
        "reminders" => |value| dates::reminders(read(value)?),
        "numbers" => |value| dates::numbers(read(value)?),
        _ => return None,
    })
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Refused> {
    serde_json::from_value(value).map_err(|wrong| Refused::new("bad_request", wrong.to_string()))
}

fn shown(answer: impl Serialize) -> Result<Value, Refused> {
    serde_json::to_value(answer).map_err(|wrong| Refused::new("failed", wrong.to_string()))
}

/// Answers one request.
pub fn answer(request: Value) -> Answered {
    let mut whole = Map::new();
    whole.insert("schema".to_owned(), SCHEMA.into());
    let result = asked(request, &mut whole);
    let outcome = match result {
        Ok(answer) => {
            whole.insert("answer".to_owned(), answer);
            Outcome::Answer
        }
        Err(refused) => {
            whole.insert("error".to_owned(), refused.value());
            Outcome::Refusal
        }
    };
    Answered {
        line: Value::Object(whole),
        outcome,
    }
}

fn asked(request: Value, whole: &mut Map<String, Value>) -> Result<Value, Refused> {
    let Value::Object(mut fields) = request else {
        return Err(Refused::new(
            "bad_request",
            "A request is a JSON object.".to_owned(),
        ));
    };
    let named = fields.shift_remove("kind");
    let id = fields.shift_remove("id");
    whole.extend(named.clone().map(|kind| ("kind".to_owned(), kind)));
    whole.extend(id.map(|id| ("id".to_owned(), id)));
    let mut rest = Value::Object(fields);
    let named_zone = rest
        .as_object_mut()
        .and_then(|fields| fields.shift_remove("zone"));
    let zone = match named_zone {
        Some(zone) => {
            let clock = match counts_time(named.as_ref(), &rest) {
                true => zone::Clock::Passing,
                false => zone::Clock::Civil,
            };
            Some((zone::localised(&mut rest, &zone, clock)?, clock))
        }
        None => None,
    };
    words::expect_known_years(&rest)?;
    let ask = named.as_ref().and_then(Value::as_str).and_then(kind);
    match ask {
        Some(ask) => {
            let mut answer = ask(rest)?;
            if let Some((zone, clock)) = zone {
                zone::with_offsets(&mut answer, zone, clock);
            }
            Ok(answer)
        }
        None => {
            let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            let message = format!(
                "The request needs a \"kind\", one of {}.",
                listed::or(&known)
            );
            Err(Refused::new("bad_request", message))
        }
    }
}

/// Whether a request counts the time that passes, seconds or minutes, and not the days of a calendar.
fn counts_time(kind: Option<&Value>, rest: &Value) -> bool {
    let kind = kind.and_then(Value::as_str).unwrap_or_default();
    let rules = rest.get("rules").cloned().map(words::RuleSetName::try_from);
    let unit = rules.and_then(Result::ok).map(|rules| rules.switches.unit);
    matches!(kind, "change" | "span" | "credit" | "seats")
        && matches!(unit, Some(Unit::Second | Unit::Minute))
}

/// The requests in a text: one JSON value, a list of them, or one on each line. A line that is no JSON is
/// passed on as text, which no kind answers.
pub fn read_requests(text: &str) -> Vec<Value> {
    match serde_json::from_str(text) {
        Ok(Value::Array(requests)) => requests,
        Ok(request) => vec![request],
        Err(_) => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| line.into());
            lines.map(read).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::help::EXAMPLES;
    use super::*;

    #[test]
    fn every_kind_is_answered_for() {
        for (name, about) in KINDS {
            assert!(kind(name).is_some(), "{name}");
            assert!(!about.is_empty());
        }
        assert!(kind("guess").is_none());
    }

    #[test]
    fn the_examples_of_the_help_text_are_answered() {
        for example in EXAMPLES {
            let told = answer(serde_json::from_str(example).unwrap());
            assert_eq!(told.outcome, Outcome::Answer, "{example}: {}", told.line);
        }
        for ((name, _), example) in KINDS.iter().zip(EXAMPLES) {
            assert!(
                example.contains(&format!("{{\"kind\":\"{name}\"")),
                "{name}"
            );
        }
        assert_eq!(read_requests(&EXAMPLES.join("\n")).len(), 17);
        assert_eq!(
            read_requests(&format!("[{}]", EXAMPLES.join(","))).len(),
            17
        );
        assert_eq!(read_requests("{}\nno json\n\n{}").len(), 3);
    }

    /// Puts `strange` in place of the leaf of this number.
    fn spoil(value: &mut Value, number: &mut usize, strange: &Value) {
        match value {
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| spoil(item, number, strange)),
            Value::Object(fields) => {
                let values = fields.values_mut();
                values.for_each(|field| spoil(field, number, strange));
            }
            leaf => {
                if *number == 0 {
                    *leaf = strange.clone();
                }
                *number = number.wrapping_sub(1);
            }
        }
    }

    #[test]
    fn no_leaf_of_a_request_makes_it_panic() {
        let stranges = [
            serde_json::json!(""),
            serde_json::json!("0"),
            serde_json::json!("-1"),
            serde_json::json!("79228162514264337593543950335"),
            serde_json::json!("0.0000000000000000000000000001"),
            serde_json::json!("2199-12-31"),
            serde_json::json!("1900-01-01"),
            serde_json::json!("+262142-12-31"),
            serde_json::json!("1900-01-01..2199-12-31"),
            serde_json::json!("2024-02-30T25:00"),
            serde_json::json!("1d"),
            serde_json::json!("1200m"),
            serde_json::json!("{seq:99999999999}{"),
            serde_json::json!(0),
            serde_json::json!(-1),
            serde_json::json!(i64::MAX),
            serde_json::json!(i64::MIN),
            serde_json::json!(u32::MAX),
            serde_json::json!(0.1),
            serde_json::json!(null),
            serde_json::json!(true),
            serde_json::json!([]),
            serde_json::json!({}),
        ];
        for example in EXAMPLES {
            for number in 0..40 {
                for strange in &stranges {
                    let mut request: Value = serde_json::from_str(example).unwrap();
                    spoil(&mut request, &mut number.clone(), strange);
                    let _ = answer(request);
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", at in 0_usize..17, leaf in 0_usize..20) {
            let mut request: Value = serde_json::from_str(EXAMPLES[at]).unwrap();
            spoil(&mut request, &mut leaf.clone(), &text.into());
            let _ = answer(request);
        }
    }

    #[test]
    fn what_is_not_a_request_is_refused_with_its_id() {
        for text in [
            "7",
            "{}",
            "{\"kind\":\"guess\"}",
            "{\"kind\":\"split\",\"id\":4,\"sum\":1}",
        ] {
            let told = answer(serde_json::from_str(text).unwrap());
            assert_eq!(told.outcome, Outcome::Refusal, "{text}");
            assert_eq!(told.line["error"]["code"], "bad_request");
        }
        let told = answer(serde_json::json!({"kind": "split", "id": 4, "sum": 1}));
        assert_eq!(told.line["id"], 4);
    }
}
