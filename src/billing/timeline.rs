//! What time brings, as data: steps at offsets from named anchors, and repeated charges.
//!
//! Payment retries and access states are two timelines: [`Retry`] says when a failed charge is tried again,
//! `end.grace_days` of the policy says how long the service goes on.

use serde::{Deserialize, Serialize};

/// One thing that happens at an offset from an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What the days are counted from.
    pub anchor: Anchor,
    /// Days after the anchor; negative is before.
    #[serde(default)]
    pub days: i64,
    /// What happens.
    pub action: Action,
    /// Only then.
    #[serde(default)]
    pub when: When,
    /// For a message: which one.
    #[serde(default)]
    pub message: Option<String>,
}

/// What an offset is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The first day after the last paid term.
    TermEnd,
    /// The day of the first failed charge of the renewal.
    FirstFailure,
    /// The first day after the trial.
    TrialEnd,
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Puts a message into the outbox, once.
    Message,
    /// Makes the renewal order: the same plan, seats and period.
    CreateOrder,
    /// Charges the renewal order to the saved method.
    Charge,
    /// Opens a case for the seller's people.
    OpenCase,
}

/// A condition on a step.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// In every case.
    #[default]
    Always,
    /// Auto-renewal is on.
    AutoRenew,
    /// Auto-renewal is off.
    NoAutoRenew,
    /// There is no way to pay on file.
    NoMethod,
    /// The renewal is not paid.
    Unpaid,
}

/// Repeated charges after a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Retry {
    /// Days to wait before each further attempt; empty means one attempt only.
    pub waits: Vec<u32>,
    /// What the waits are counted from.
    pub counted_from: CountedFrom,
    /// Reasons after which no further attempt is made: a stolen card, a closed account.
    pub stop_reasons: Vec<String>,
    /// What becomes of the order after the last attempt.
    pub then: AfterRetries,
}

/// What a wait is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum CountedFrom {
    /// The attempt before it.
    #[default]
    Previous,
    /// The first failure.
    FirstFailure,
}

/// What becomes of an order whose last attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AfterRetries {
    /// It stays pending and can be paid by hand until it lapses.
    #[default]
    StaysPending,
    /// It fails.
    Fails,
}
