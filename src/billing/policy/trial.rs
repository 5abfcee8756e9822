//! How a trial begins and what comes after it.

use super::super::catalog::Scope;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Trials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialRules {
    /// Whole days.
    pub days: u32,
    /// The plan whose features apply.
    pub plan: String,
    /// Allowances that replace the plan's; limits not named here are not enforced.
    #[serde(default)]
    pub limits: BTreeMap<String, i64>,
    /// Units of use granted for the trial, by credit type.
    #[serde(default)]
    pub credits: BTreeMap<String, i64>,
    /// Whether they are granted for the workspace or for each member who takes a seat.
    #[serde(default)]
    pub credits_per: Scope,
    /// Whether it starts by itself with the account.
    #[serde(default)]
    pub automatic: bool,
    /// Whether an account may have it only once.
    #[serde(default = "yes")]
    pub once: bool,
    /// Whether a payment method is needed to start.
    #[serde(default)]
    pub method_required: bool,
    /// What the days left do when the first term is paid.
    #[serde(default)]
    pub bonus_days: BonusDays,
    /// What the account is when it ends and nothing was bought.
    #[serde(default)]
    pub then: AfterTrial,
    /// The most days it can be extended by, in all.
    #[serde(default)]
    pub extendable_days: u32,
}

/// What trial days left over do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum BonusDays {
    /// They are lost.
    #[default]
    None,
    /// They lengthen the first paid term.
    AddToTerm,
}

/// What follows a trial without a purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AfterTrial {
    /// Nothing is on until something is bought.
    #[default]
    Ended,
    /// The free plan.
    Free,
    /// Only billing is reachable.
    Frozen,
}

fn yes() -> bool {
    true
}
