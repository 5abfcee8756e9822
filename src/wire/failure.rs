//! A failure as scripts see it: one line, the last on stderr.

use super::SCHEMA;
use crate::billing::refusal::Because;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorLine {
    /// The stable name: of the refusal, or `usage`, `not_found`, `busy`, …
    pub code: String,
    /// In a sentence.
    pub message: String,
    /// The policy key that decides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// What would help, best first.
    pub hint: Vec<String>,
    /// The exit code.
    pub exit: u8,
}

impl fmt::Display for ErrorLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = serde_json::json!({ "schema": SCHEMA, "error": self });
        write!(f, "{line}")
    }
}
