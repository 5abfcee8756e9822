//! How orders are placed, and what a change in the middle of a term does.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// The first term, or a new one after the last has ended.
    Purchase,
    /// A plan of higher rank.
    Upgrade,
    /// A plan of lower rank.
    Downgrade,
    /// The same plan for another period.
    PeriodChange,
    /// More seats.
    Seats,
    /// Fewer seats.
    SeatRemoval,
    /// A further term, asked for.
    Extension,
    /// A further term, made by time.
    Renewal,
    /// Credits or another add-on.
    AddOn,
}

impl OrderKind {
    /// Every kind.
    pub const ALL: [OrderKind; 9] = [
        OrderKind::Purchase,
        OrderKind::Upgrade,
        OrderKind::Downgrade,
        OrderKind::PeriodChange,
        OrderKind::Seats,
        OrderKind::SeatRemoval,
        OrderKind::Extension,
        OrderKind::Renewal,
        OrderKind::AddOn,
    ];

    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            OrderKind::Purchase => "purchase",
            OrderKind::Upgrade => "upgrade",
            OrderKind::Downgrade => "downgrade",
            OrderKind::PeriodChange => "period_change",
            OrderKind::Seats => "seats",
            OrderKind::SeatRemoval => "seat_removal",
            OrderKind::Extension => "extension",
            OrderKind::Renewal => "renewal",
            OrderKind::AddOn => "add_on",
        }
    }
}

/// Orders in general.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrderRules {
    /// A pending order lapses after so many days; absent means never.
    pub lapse_days: Option<u32>,
    /// Countries whose orders need a taxpayer number.
    pub taxpayer_countries: Vec<String>,
    /// Whether name and address for the invoice are needed.
    pub invoice_details: Need,
    /// Whether a purchase must say how many seats; where it need not, the plan's least count is meant.
    pub seats: Need,
    /// Whether the method of a pending order is fixed.
    pub method_locked: bool,
    /// Whether plan, seats and add-ons may share one order.
    pub parts_together: bool,
    /// Whether several orders may be pending at once.
    pub several_pending: bool,
    /// The shortest period that can be bought, in months.
    pub min_months: u32,
    /// Amounts below this many major units are treated by `below_minimum`.
    pub minimum_charge: Decimal,
    /// What happens to an amount below the minimum.
    pub below_minimum: BelowMinimum,
    /// Minutes that a confirmed payment may take to show; said to the person who waits.
    pub confirmation_minutes: Option<u32>,
}

impl Default for OrderRules {
    fn default() -> Self {
        OrderRules {
            lapse_days: Some(30),
            taxpayer_countries: Vec::new(),
            invoice_details: Need::Optional,
            seats: Need::Required,
            method_locked: false,
            parts_together: false,
            several_pending: false,
            min_months: 0,
            minimum_charge: Decimal::ZERO,
            below_minimum: BelowMinimum::Charge,
            confirmation_minutes: None,
        }
    }
}

/// Whether something must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It may be given.
    #[default]
    Optional,
    /// It must be given.
    Required,
}

/// What happens to an amount too small to charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum BelowMinimum {
    /// It is charged all the same.
    #[default]
    Charge,
    /// It is forgiven.
    Waive,
    /// It waits in the balance as a debt.
    Carry,
}

/// Who may make a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Allow {
    /// The account's own people.
    #[default]
    SelfService,
    /// Only the seller's people; a member's wish becomes a case.
    Support,
    /// Nobody.
    Refuse,
}

/// When a change takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// With the payment, or at once where nothing is to be paid.
    #[default]
    Now,
    /// When the running term ends.
    AtRenewal,
}

/// What is charged for time that was bought in the middle of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// The remaining part of each paid term.
    #[default]
    Prorated,
    /// The whole price, however little of the term is left.
    Full,
    /// Nothing until the next term.
    None,
}

/// What is given back for time that was paid and is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum GiveBack {
    /// It lowers the same order; what is left over goes to the account's balance.
    #[default]
    Credit,
    /// It is paid back.
    Refund,
    /// Nothing.
    None,
}

impl GiveBack {
    /// As a policy file says it.
    pub fn name(self) -> &'static str {
        match self {
            GiveBack::Credit => "credit",
            GiveBack::Refund => "refund",
            GiveBack::None => "none",
        }
    }
}

/// What the length of the running term does when the plan changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Anchoring {
    /// The term keeps its end.
    #[default]
    Keep,
    /// A new term starts with the change.
    Restart,
}

/// A change of plan or period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRules {
    /// Who may make it.
    #[serde(default)]
    pub allow: Allow,
    /// When it takes effect.
    #[serde(default)]
    pub timing: Timing,
    /// What the new price charges.
    #[serde(default)]
    pub charge: Charge,
    /// What the old price gives back.
    #[serde(default)]
    pub give_back: GiveBack,
    /// Whether the term keeps its end.
    #[serde(default)]
    pub term: Anchoring,
}

impl ChangeRules {
    pub(super) fn upgrade() -> ChangeRules {
        ChangeRules {
            allow: Allow::SelfService,
            timing: Timing::Now,
            charge: Charge::Prorated,
            give_back: GiveBack::Credit,
            term: Anchoring::Keep,
        }
    }

    pub(super) fn downgrade() -> ChangeRules {
        ChangeRules {
            timing: Timing::AtRenewal,
            give_back: GiveBack::None,
            ..Self::upgrade()
        }
    }

    pub(super) fn period() -> ChangeRules {
        ChangeRules {
            timing: Timing::AtRenewal,
            term: Anchoring::Restart,
            ..Self::upgrade()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_kind_is_the_one_that_is_read_again() {
        use OrderKind::{
            AddOn, Downgrade, Extension, PeriodChange, Purchase, Renewal, SeatRemoval, Seats,
            Upgrade,
        };
        let all = [
            Purchase,
            Upgrade,
            Downgrade,
            PeriodChange,
            Seats,
            SeatRemoval,
            Extension,
            Renewal,
            AddOn,
        ];
        for kind in all {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
