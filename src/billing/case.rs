//! Cases: requests that a person must handle. They are records with a route, not errors.

use super::calendar::Moment;
use super::policy::{Route, Situation};
use super::scene::Scene;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something a person must handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Key in the store.
    pub id: i64,
    /// The account; a visitor who asks has none yet (K24-30).
    pub account: Option<i64>,
    /// What it is about.
    pub about: Situation,
    /// In words.
    pub text: String,
    /// Who wants it: a member's e-mail.
    pub member: Option<String>,
    /// How to reach him: name, email, phone.
    pub contact: BTreeMap<String, String>,
    /// Who answers, by the policy's routes.
    pub to: Option<String>,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it was closed.
    pub closed_at: Option<Moment>,
    /// What came of it.
    pub outcome: Option<String>,
}

impl Case {
    /// One that is opened for the scene's account, with the next free key.
    pub fn opened(scene: &Scene<'_>, about: Situation, text: &str) -> Case {
        Case {
            id: scene.facts.next.case,
            account: Some(scene.facts.account.id),
            about,
            text: text.to_owned(),
            member: None,
            contact: BTreeMap::new(),
            to: scene.policy.route(about).map(Route::in_words),
            opened_at: scene.at,
            closed_at: None,
            outcome: None,
        }
    }

    /// The number that people use: `C-000042`.
    pub fn number(&self) -> String {
        format!("C-{:06}", self.id)
    }
}
