//! The file itself as outsiders see it.

use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// Its path.
    pub file: String,
    /// Its size, without what waits in the write-ahead log.
    pub bytes: i64,
    /// The version of its shape.
    pub schema: i64,
    /// The built-in seller that it began with.
    pub catalog: Option<String>,
    /// The seller's time zone.
    pub zone: Option<String>,
    /// How many accounts.
    pub accounts: i64,
    /// How many orders.
    pub orders: i64,
    /// How many invoices and credit notes.
    pub invoices: i64,
    /// How many writes.
    pub journal_lines: i64,
    /// The clock at the last of them.
    pub last_write_at: Option<String>,
}

/// Whether something is sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub checked: Vec<String>,
    /// Whether nothing was found.
    pub sound: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which check found it.
    pub what: String,
    /// In a sentence.
    pub text: String,
}
