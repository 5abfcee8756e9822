//! How seats come and go.

use super::{Allow, Charge, GiveBack, Timing};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct SeatRules {
    /// What a person types: the difference or the total.
    pub input: SeatInput,
    /// More seats.
    pub add: SeatAdd,
    /// Fewer seats.
    pub remove: SeatRemove,
}

/// What a number of seats means when it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SeatInput {
    /// Either, each by its own command.
    #[default]
    Either,
    /// So many more.
    Delta,
    /// So many in all.
    Total,
}

/// More seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeatAdd {
    /// Who may add them.
    pub allow: Allow,
    /// What they cost in the middle of a term.
    pub charge: Charge,
    /// When they can be used.
    pub active: SeatsActive,
    /// When the money is asked for. Seats that are paid for later can be used at once.
    pub collect: Collect,
    /// What waits is asked for as soon as it comes to this many major units, tax included, if that is before
    /// the day that `collect` names.
    pub collect_at_amount: Option<Decimal>,
    /// Which price counts.
    pub price: SeatPrice,
}

impl Default for SeatAdd {
    fn default() -> Self {
        SeatAdd {
            allow: Allow::SelfService,
            charge: Charge::Prorated,
            active: SeatsActive::OnPayment,
            collect: Collect::Now,
            collect_at_amount: None,
            price: SeatPrice::Term,
        }
    }
}

/// When added seats can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SeatsActive {
    /// When their order is paid.
    #[default]
    OnPayment,
    /// At once.
    Now,
}

/// When the money for a change is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Collect {
    /// With an order of its own.
    #[default]
    Now,
    /// With everything else of the same day, in one order on the next.
    Daily,
    /// With everything else of the same week, in one order on its next Monday.
    Weekly,
    /// With everything else of the same month, in one order on the first of the next.
    Monthly,
    /// With the next renewal.
    AtRenewal,
}

/// Which price a seat bought later has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum SeatPrice {
    /// The price of the running term (contract price).
    #[default]
    Term,
    /// The price list of the day.
    List,
}

/// Fewer seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeatRemove {
    /// Who may remove them.
    pub allow: Allow,
    /// When they go.
    pub timing: Timing,
    /// What they give back.
    pub give_back: GiveBack,
    /// Whether seats that were paid once in a term can be taken again without paying twice.
    pub high_water: bool,
}

impl Default for SeatRemove {
    fn default() -> Self {
        SeatRemove {
            allow: Allow::SelfService,
            timing: Timing::AtRenewal,
            give_back: GiveBack::None,
            high_water: false,
        }
    }
}
