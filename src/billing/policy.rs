//! How the seller behaves: who may do what, when, and how it is charged.
//!
//! A policy is one TOML file; these types are its spelling. Every knob has a default, so a small seller's
//! file is short. A new *kind* of rule is a new variant here, and the compiler names every place that must
//! answer for it.

mod end;
mod order;
mod paper;
mod people;
mod renewal;
mod seats;
mod term;
mod trial;

use super::calendar::Day;
use super::switches::Proration;
use super::timeline::{Retry, Step};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use end::{
    AfterRefund, CancelRules, EndRules, EndState, ExtendRules, GraceCount, Reactivation,
    RefundMode, RefundRules,
};
pub use order::{
    Allow, Anchoring, BelowMinimum, ChangeRules, Charge, GiveBack, Need, OrderKind, OrderRules,
    Timing,
};
pub use paper::{
    BalanceRules, DiscountAllow, DiscountRules, InvoiceRules, IssueAt, TaxRate, TaxRound, TaxRules,
};
pub use people::{
    Access, AccountRules, CloseMode, Operation, Role, Route, Situation, State, TransferMode,
};
pub use renewal::{CreditRules, GrantPace, RenewalPrice, RenewalRules, WhenOff};
pub use seats::{Collect, SeatAdd, SeatInput, SeatPrice, SeatRemove, SeatRules, SeatsActive};
pub use term::{FirstTerm, Stub, TermAnchor, TermRules, Weekday};
pub use trial::{AfterTrial, BonusDays, TrialRules};

/// One version of how one seller behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The seller's short name, as in the catalog.
    pub id: String,
    /// The first day on which this version is in force.
    pub effective_from: Day,
    /// Which published rule a key comes from, by key: `"seats.remove" = "R-31"`. Shown by `--explain`
    /// and by refusals.
    #[serde(default)]
    pub rules: BTreeMap<String, String>,
    /// Who may do what.
    #[serde(default)]
    pub access: Access,
    /// Trials; absent means there are none.
    #[serde(default)]
    pub trial: Option<TrialRules>,
    /// Where terms begin and end.
    #[serde(default)]
    pub term: TermRules,
    /// Orders in general.
    #[serde(default)]
    pub order: OrderRules,
    /// What an account may order, by standing.
    #[serde(default)]
    pub allowed: BTreeMap<State, Vec<OrderKind>>,
    /// The arithmetic of partial periods.
    #[serde(default)]
    pub proration: Proration,
    /// A plan of higher rank.
    #[serde(default = "ChangeRules::upgrade")]
    pub upgrade: ChangeRules,
    /// A plan of lower rank.
    #[serde(default = "ChangeRules::downgrade")]
    pub downgrade: ChangeRules,
    /// The same plan for another period.
    #[serde(default = "ChangeRules::period")]
    pub period_change: ChangeRules,
    /// Seats.
    #[serde(default)]
    pub seats: SeatRules,
    /// A further term behind the last.
    #[serde(default)]
    pub extend: ExtendRules,
    /// Ending a subscription.
    #[serde(default)]
    pub cancel: CancelRules,
    /// What happens when paid time ends.
    #[serde(default)]
    pub end: EndRules,
    /// Money back.
    #[serde(default)]
    pub refund: RefundRules,
    /// Automatic renewal.
    #[serde(default)]
    pub renewal: RenewalRules,
    /// What time brings, besides charges: a list of steps from named anchors.
    #[serde(default, rename = "timeline")]
    pub timeline: Vec<Step>,
    /// Repeated charges after a failure.
    #[serde(default)]
    pub retry: Retry,
    /// Credits and add-ons.
    #[serde(default)]
    pub credits: CreditRules,
    /// Money that the seller owes an account.
    #[serde(default)]
    pub balance: BalanceRules,
    /// Discounts.
    #[serde(default)]
    pub discount: DiscountRules,
    /// Taxes.
    #[serde(default)]
    pub tax: TaxRules,
    /// Invoices and their numbers.
    #[serde(default)]
    pub invoice: InvoiceRules,
    /// Accounts and members.
    #[serde(default)]
    pub account: AccountRules,
    /// Where a request goes that people must handle, by situation.
    #[serde(default)]
    pub routes: BTreeMap<Situation, Route>,
}

impl Policy {
    /// The rule that a key comes from, if the file names one: of the key itself or of a table above it.
    pub fn rule(&self, key: &str) -> Option<&str> {
        let mut key = key;
        loop {
            if let Some(rule) = self.rules.get(key) {
                return Some(rule);
            }
            key = &key[..key.rfind('.')?];
        }
    }

    /// Where a situation is handled; help, when the file has no route of its own for it.
    pub fn route(&self, situation: Situation) -> Option<&Route> {
        self.routes
            .get(&situation)
            .or_else(|| self.routes.get(&Situation::Help))
    }

    /// Whether an order of a kind may be placed in a state. A state that the file does not name allows a
    /// purchase while nothing runs, and every change while something does.
    pub fn allows(&self, state: State, kind: OrderKind) -> bool {
        if let Some(kinds) = self.allowed.get(&state) {
            return kinds.contains(&kind);
        }
        match state {
            State::Active | State::Cancelling => kind != OrderKind::Purchase,
            State::PastDue | State::Frozen | State::Expired | State::Deactivated => {
                matches!(kind, OrderKind::Purchase | OrderKind::Renewal)
            }
            State::New | State::Trialing | State::TrialEnded | State::Free => {
                kind == OrderKind::Purchase
            }
            State::Closed => false,
        }
    }
}
