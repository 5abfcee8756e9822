//! A line of a batch: one request as outsiders write it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest line that is read, in bytes.
pub const LONGEST: usize = 1_000_000;

/// `{"do":"order create","with":{…},"key":"…"}`: a request and its terms. The journal keeps requests in the
/// same spelling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What is to be done, as the journal calls it.
    #[serde(rename = "do")]
    pub what: String,
    /// The request.
    #[serde(default)]
    pub with: Value,
    /// The day or instant that rules work with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The idempotency key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The member on whose behalf.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<String>,
    /// Who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// In words, what keeps it from being one.
    pub fn read(text: &str) -> Result<Line, String> {
        if text.len() > LONGEST {
            return Err(format!(
                "The line has {} bytes; the most is {LONGEST}",
                text.len()
            ));
        }
        serde_json::from_str(text).map_err(|error| {
            let said = error.to_string();
            let said = match error.column() {
                0 => said,
                _ => said.replace(" at line 1 column ", ", at column "),
            };
            match error.is_data() {
                true => format!("The line is not a request: {said}"),
                false => format!("The line is not JSON: {said}"),
            }
        })
    }
}

/// A field of what was given that is not in what was understood: its path.
pub fn not_understood(given: &Value, understood: &Value) -> Option<String> {
    match (given, understood) {
        (Value::Object(given), Value::Object(understood)) => {
            given
                .iter()
                .find_map(|(name, value)| match understood.get(name) {
                    None if value.is_null() => None,
                    None => Some(name.clone()),
                    Some(inner) => {
                        not_understood(value, inner).map(|path| format!("{name}.{path}"))
                    }
                })
        }
        (Value::Array(given), Value::Array(understood)) => given
            .iter()
            .zip(understood)
            .enumerate()
            .find_map(|(at, (given, understood))| {
                not_understood(given, understood).map(|path| format!("{at}.{path}"))
            }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_says_what_is_wrong_with_it() {
        let told = |text: &str| Line::read(text).unwrap_err();
        assert!(told("{").contains("column"));
        assert!(told(r#"{"do":"order create","wiht":{}}"#).contains("wiht"));
        assert!(told(r#"{"with":{}}"#).contains("do"));
        assert!(told(&" ".repeat(LONGEST.saturating_add(1))).contains("bytes"));
    }

    #[test]
    fn a_field_that_nobody_reads_is_named() {
        let understood =
            json!({ "account": "acme", "wish": { "plan": null, "seats": { "full": 2 } } });
        let given = json!({ "account": "acme", "wish": { "plna": "pro" } });
        assert_eq!(
            not_understood(&given, &understood).as_deref(),
            Some("wish.plna")
        );
        let given = json!({ "account": "acme", "wish": { "seats": { "full": 2 } } });
        assert_eq!(not_understood(&given, &understood), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in "\\PC*") {
            let _ = Line::read(&text);
        }
    }
}
