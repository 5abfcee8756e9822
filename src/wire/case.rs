//! A request that people handle, as outsiders see it.

use crate::billing::calendar::Moment;
use crate::billing::policy::Situation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// `C-000042`.
    pub number: String,
    /// Name of the account; a visitor who asks has none yet.
    pub account: Option<String>,
    /// The situation.
    pub about: Situation,
    /// In words.
    pub text: String,
    /// Who wants it.
    pub member: Option<String>,
    /// How to reach him.
    pub contact: BTreeMap<String, String>,
    /// Who answers.
    pub goes_to: Option<String>,
    /// Since when.
    pub opened_at: Moment,
    /// Until when.
    pub closed_at: Option<Moment>,
    /// What came of it.
    pub outcome: Option<String>,
}

impl Case {
    /// A case, of the account's name where it has one.
    pub fn of(case: &crate::billing::case::Case, account: Option<String>) -> Case {
        Case {
            number: case.number(),
            account,
            about: case.about,
            text: case.text.clone(),
            member: case.member.clone(),
            contact: case.contact.clone(),
            goes_to: case.to.clone(),
            opened_at: case.opened_at,
            closed_at: case.closed_at,
            outcome: case.outcome.clone(),
        }
    }
}
