//! A seller's files as outsiders see them: versions, findings, differences.

use super::finding::{Finding, Weight};
use crate::billing::calendar::Day;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A version of a catalog or a policy, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// `catalog` or `policy`.
    pub kind: String,
    /// Its number in the file; none for what is not in it.
    pub version: Option<i64>,
    /// The seller's short name.
    pub seller: String,
    /// The first day on which it is in force.
    pub effective_from: Day,
    /// Whether it is in force on the day of the answer.
    pub in_force: bool,
    /// Where it came from.
    pub origin: String,
    /// When it was put to use.
    pub added_at: Option<String>,
}

/// A version in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    /// Which.
    #[serde(flatten)]
    pub head: Version,
    /// The file, to the letter.
    pub text: String,
    /// What it says, with every default.
    pub says: Value,
}

/// What was found in one file, or in two that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCheck {
    /// The files that were looked at.
    pub checked: Vec<String>,
    /// Whether they can be used.
    pub usable: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl FileCheck {
    /// The document of some findings.
    pub fn of(checked: Vec<String>, findings: Vec<Finding>) -> FileCheck {
        FileCheck {
            checked,
            usable: findings.iter().all(|found| found.weight == Weight::Odd),
            findings,
        }
    }
}

/// One thing that differs between two versions, and whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceLine {
    /// Where, with ids in place of positions: `plan.base.limits.leads`.
    pub path: String,
    /// `added`, `removed` or `changed`.
    pub kind: String,
    /// What the earlier version says.
    pub from: Option<String>,
    /// What the later version says.
    pub to: Option<String>,
    /// How many open accounts it concerns on the day of the answer.
    pub accounts: i64,
}
