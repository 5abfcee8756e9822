//! Lines of the journal as outsiders see them.

use crate::billing::calendar::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// Its number, without gaps.
    pub line: i64,
    /// The wall clock.
    pub recorded_at: String,
    /// The moment the rules worked with, in the seller's zone.
    pub as_of: Moment,
    /// The command.
    pub command: String,
    /// The account it is about.
    pub account: Option<String>,
    /// Who ran the tool.
    pub by: String,
    /// The member on whose behalf.
    #[serde(rename = "for")]
    pub on_behalf: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The idempotency key.
    pub key: Option<String>,
}

/// One line in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Who, when, why.
    #[serde(flatten)]
    pub head: Brief,
    /// What was asked.
    pub request: Value,
    /// What came of it.
    pub document: Value,
    /// The hash over the line and the hash of the line before.
    pub hash: String,
}
