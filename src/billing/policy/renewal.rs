//! How a subscription renews, and what its credits do then.

use super::{Charge, State};
use serde::{Deserialize, Serialize};

/// Automatic renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RenewalRules {
    /// Whether it can be turned off by the account's people.
    pub optional: bool,
    /// Whether the first payment turns it on, where the method says so.
    pub on_by_default: bool,
    /// Which price the next term has.
    pub price: RenewalPrice,
    /// What happens when auto-renewal is off.
    pub when_off: WhenOff,
    /// The saved method can be changed only while auto-renewal is off.
    pub method_change_needs_off: bool,
    /// Paying an order with new details turns auto-renewal on again.
    pub new_method_turns_on: bool,
    /// Days of downtime that one run catches up; older steps are skipped and said.
    pub catch_up_days: u32,
}

impl Default for RenewalRules {
    fn default() -> Self {
        RenewalRules {
            optional: true,
            on_by_default: true,
            price: RenewalPrice::Term,
            when_off: WhenOff::Nothing,
            method_change_needs_off: false,
            new_method_turns_on: false,
            catch_up_days: 60,
        }
    }
}

/// Which price a renewal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum RenewalPrice {
    /// The price of the ending term.
    #[default]
    Term,
    /// The price list of the day, for the account's cohort.
    List,
}

/// What is made when auto-renewal is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum WhenOff {
    /// Nothing; the customer orders by hand.
    #[default]
    Nothing,
    /// A renewal order that waits to be paid.
    UnpaidOrder,
}

/// Credits and add-ons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreditRules {
    /// Standings in which add-ons can be bought.
    pub buy_in: Vec<State>,
    /// What an add-on that runs with the plan's term costs in the middle of it.
    pub charge: Charge,
    /// How a term longer than the reset grants: all at once, or at each reset.
    pub grant: GrantPace,
    /// What is said before a purchase.
    pub reminder: Option<String>,
}

impl Default for CreditRules {
    fn default() -> Self {
        CreditRules {
            buy_in: vec![State::Active, State::Cancelling],
            charge: Charge::Full,
            grant: GrantPace::EachReset,
            reminder: None,
        }
    }
}

/// How units of use are granted over a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum GrantPace {
    /// At each reset.
    #[default]
    EachReset,
    /// All of the term's resets at its start.
    TermAtOnce,
}
