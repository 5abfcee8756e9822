//! Units of use as outsiders see them.

use crate::billing::calendar::Day;
use serde::{Deserialize, Serialize};

/// Units of use of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The member, where members have their own.
    pub member: Option<String>,
    /// Units left; absent means unlimited.
    pub left: Option<i64>,
    /// Units given in the running stretch; absent means unlimited.
    pub given: Option<i64>,
    /// The day on which the count starts again.
    pub resets_on: Option<Day>,
}
