//! Licence and credits that have moved to another account.

use crate::billing::calendar::{Day, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The account it moved from; it stays open.
    pub from: String,
    /// The account that has it now.
    pub to: String,
    /// The day.
    pub on: Day,
    /// Paid time.
    pub terms: Vec<Licence>,
    /// Add-ons, with their units.
    pub add_ons: Vec<(String, u32)>,
    /// Units of use by kind.
    pub credits: BTreeMap<String, i64>,
    /// Names of the add-ons and of the kinds of units.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
}

/// Paid time that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Plan.
    pub plan: String,
    /// Its name.
    #[serde(default)]
    pub plan_name: String,
    /// Seats by type.
    pub seats: BTreeMap<String, u32>,
    /// Days.
    pub service: Span,
}
