//! How a subscription is extended, ends, comes back, and what is refunded.

use super::{Allow, GiveBack, Timing};
use serde::{Deserialize, Serialize};

/// A further term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct ExtendRules {
    /// Who may ask for it.
    pub allow: Allow,
    /// Whether auto-renewal must be off first.
    pub needs_auto_renew_off: bool,
}

/// Ending a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CancelRules {
    /// Who may cancel.
    pub allow: Allow,
    /// When the subscription ends.
    pub timing: Timing,
    /// What unused time gives back when it ends at once.
    pub give_back: GiveBack,
    /// Whether it can be taken back until the end.
    pub undo: bool,
    /// What the account is afterwards.
    pub then: EndState,
}

impl Default for CancelRules {
    fn default() -> Self {
        CancelRules {
            allow: Allow::SelfService,
            timing: Timing::AtRenewal,
            give_back: GiveBack::None,
            undo: true,
            then: EndState::Expired,
        }
    }
}

/// What an account is when paid time has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum EndState {
    /// It has expired; a new purchase starts a new term.
    #[default]
    Expired,
    /// It falls to the free plan.
    Free,
    /// Only billing is reachable, nothing is deleted.
    Frozen,
    /// Switched off, until somebody pays again.
    Deactivated,
}

/// What happens when paid time ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct EndRules {
    /// With a way to pay, but nothing paid and no charge failed (auto-renewal off).
    pub unpaid: EndState,
    /// With no way to pay on file.
    pub no_method: EndState,
    /// After the grace of a failed charge.
    pub failed: EndState,
    /// Days between the first failed charge and `failed`; 0 ends with the term.
    pub grace_days: u32,
    /// Whether the grace is counted in hours from the moment of the failure or in whole days.
    pub grace_counts: GraceCount,
    /// What brings an account back.
    pub reactivation: Reactivation,
}

/// How a grace is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum GraceCount {
    /// Calendar days; it runs out when a day begins.
    #[default]
    Days,
    /// 24 hours each from the moment of the failure.
    Hours,
}

/// What brings an account back after its paid time has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Reactivation {
    /// Paying the pending renewal, or a new purchase.
    #[default]
    Payment,
    /// A payment method put on file: a renewal is ordered and charged to it.
    Method,
}

/// Money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct RefundRules {
    /// What can be refunded.
    pub mode: RefundMode,
    /// What a refund of the remainder does to the account.
    pub then: AfterRefund,
}

/// What can be refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum RefundMode {
    /// Nothing.
    #[default]
    None,
    /// What the unused part of the paid terms is worth.
    Remainder,
    /// Anything that was paid and not yet given back.
    Paid,
}

/// What a refund does to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AfterRefund {
    /// Nothing.
    #[default]
    Stays,
    /// The subscription ends on the day of the refund.
    Ends,
}
