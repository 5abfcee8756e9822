//! Orders and their lines: priced intentions that take effect only when paid.

use super::calendar::{Day, Moment, Period, Span};
use super::discount::Taken;
use super::money::{Currency, Money};
use super::policy::{OrderKind, Stub};
use super::prorate::Working;
use super::refusal::Because;
use super::term::{Seats, SoldPrice};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A priced intention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Key in the store.
    pub id: i64,
    /// The account.
    pub account: i64,
    /// What it is for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// When it was placed.
    pub placed_at: Moment,
    /// When it reached its last state.
    pub settled_at: Option<Moment>,
    /// How it is to be paid.
    pub method: Option<String>,
    /// Parts the customer pays in; 1 is at once.
    pub instalments: u32,
    /// What takes effect when it is paid.
    pub parts: Vec<Part>,
    /// What it costs.
    pub lines: Vec<Line>,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// Lines before tax, discounts taken off.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// Net and tax.
    pub total: Money,
    /// What the balance pays of it.
    pub from_balance: Money,
    /// The first day on which it can no longer be paid.
    pub lapses_on: Option<Day>,
    /// A mark of what the subscription was when it was priced.
    pub basis: String,
    /// For a renewal: the first day of the term it is for. One renewal per account and day.
    pub renews: Option<Day>,
    /// Why it is as it is, where a person gave a reason.
    pub reason: Option<String>,
}

impl Order {
    /// The number that people use: `O-000042`.
    pub fn number(&self) -> String {
        number(self.id)
    }

    /// The day on which its money is asked for together with other orders', if it is not asked for alone.
    pub fn deferred_until(&self) -> Option<Day> {
        self.parts.iter().find_map(|part| match part {
            Part::Deferred { until } => Some(*until),
            _ => None,
        })
    }

    /// The orders, by their keys, whose money is asked for with this one.
    pub fn collects(&self) -> impl Iterator<Item = i64> {
        self.parts.iter().filter_map(|part| match part {
            Part::Collects { order } => Some(*order),
            _ => None,
        })
    }

    /// The day from which it is served whenever it is paid, where its invoice was issued with it.
    pub fn stated_from(&self) -> Option<Day> {
        self.parts.iter().find_map(|part| match part {
            Part::Stated { from } => Some(*from),
            _ => None,
        })
    }

    /// The terms that it brings, in their order.
    pub fn terms(&self) -> impl Iterator<Item = &NewTerm> {
        new_terms(&self.parts)
    }

    /// Whether part of it took effect when it was placed, ahead of the payment.
    pub fn is_ahead(&self) -> bool {
        self.parts.iter().any(Part::is_ahead)
    }

    /// Whether the days to pay it are over.
    pub fn has_lapsed_by(&self, on: Day) -> bool {
        self.lapses_on.is_some_and(|lapses| lapses <= on)
    }

    /// What is left to pay.
    pub fn due(&self) -> Money {
        Money::of(
            self.total.minor.saturating_sub(self.from_balance.minor),
            self.currency,
        )
    }
}

/// The number of an order by its key.
pub fn number(id: i64) -> String {
    format!("O-{id:06}")
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Waits to be paid.
    Pending,
    /// A payment is on its way.
    Processing,
    /// Paid; it has taken effect.
    Paid,
    /// The last attempt failed.
    Failed,
    /// Called off.
    Cancelled,
    /// Not paid in time.
    Lapsed,
}

impl OrderState {
    /// Whether it can still be paid.
    pub fn is_open(self) -> bool {
        matches!(self, OrderState::Pending | OrderState::Processing)
    }

    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            OrderState::Pending => "pending",
            OrderState::Processing => "processing",
            OrderState::Paid => "paid",
            OrderState::Failed => "failed",
            OrderState::Cancelled => "cancelled",
            OrderState::Lapsed => "lapsed",
        }
    }
}

/// One thing that takes effect when an order is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A new term.
    Term(NewTerm),
    /// Another plan or other seats for all the paid time that is left.
    Change {
        /// Plan from then on.
        plan: String,
        /// Seats from then on.
        seats: Seats,
        /// Prices per term, by the term's key: what one unit costs for that term's whole period.
        prices: BTreeMap<i64, BTreeMap<String, SoldPrice>>,
        /// The catalog version it is sold under.
        catalog: i64,
        /// Whether it took effect when the order was placed, ahead of the payment.
        in_effect: bool,
    },
    /// Units of an add-on.
    AddOn {
        /// Which.
        add_on: String,
        /// How many.
        quantity: u32,
        /// The period it is bought for.
        period: Period,
        /// First day; absent means the day of the payment.
        starts: Option<Day>,
        /// First day after it; absent means the end of the term that is running or begins then.
        ends: Option<Day>,
    },
    /// The money is asked for later, with other orders of the account.
    Deferred {
        /// From this day on at the latest.
        until: Day,
    },
    /// The lines of an order that waited for this one are among its own; paying this one settles it.
    Collects {
        /// Which order.
        order: i64,
    },
    /// Its invoice is issued with it and states what is served when: that holds, whenever it is paid.
    Stated {
        /// From this day on, where a part names none itself.
        from: Day,
    },
}

/// A term that begins when its order is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTerm {
    /// Plan.
    pub plan: String,
    /// Period.
    pub period: Period,
    /// Seats by type.
    pub seats: Seats,
    /// Prices by seat type.
    pub prices: BTreeMap<String, SoldPrice>,
    /// The catalog version it is sold under.
    pub catalog: i64,
    /// Where it begins; absent means on the day of the payment.
    pub starts: Option<Day>,
    /// The day of the month that ends are counted from; absent means the day it starts.
    pub anchor_day: Option<u32>,
    /// The bill day on which it ends, however late it begins; absent means a whole period from its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Day>,
    /// Set where it is the odd part before a bill day, and what that costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stub: Option<Stub>,
    /// Whether trial days left over on the day of the payment are added.
    pub adds_trial_days: bool,
    /// How many are added, where the invoice was issued with the order and states the end; absent means those
    /// left over on the day of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus_days: Option<u32>,
    /// Whether the running term is cut on the day it begins.
    pub replaces: bool,
}

impl NewTerm {
    /// A whole period that begins on the day of the payment, beside whatever runs.
    pub fn of(
        plan: &str,
        period: Period,
        seats: Seats,
        prices: BTreeMap<String, SoldPrice>,
        catalog: i64,
    ) -> NewTerm {
        NewTerm {
            plan: plan.to_owned(),
            period,
            seats,
            prices,
            catalog,
            starts: None,
            anchor_day: None,
            ends: None,
            stub: None,
            adds_trial_days: false,
            bonus_days: None,
            replaces: false,
        }
    }
}

/// The terms among the parts of an order, in their order.
pub fn new_terms(parts: &[Part]) -> impl Iterator<Item = &NewTerm> {
    parts.iter().filter_map(|part| match part {
        Part::Term(term) => Some(term),
        _ => None,
    })
}

impl Part {
    /// Whether it took effect when the order was placed, ahead of the payment.
    pub fn is_ahead(&self) -> bool {
        matches!(
            self,
            Part::Change {
                in_effect: true,
                ..
            }
        )
    }
}

/// One line of an order, and of the invoice that comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Key in the store.
    pub id: i64,
    /// What it is.
    pub kind: LineKind,
    /// In words.
    pub text: String,
    /// Plan or add-on.
    pub item: String,
    /// Seat type, for plans.
    pub seat_type: Option<String>,
    /// Units.
    pub quantity: i64,
    /// The service it is for.
    pub service: Option<Span>,
    /// The term it is for, if that exists already.
    pub term: Option<i64>,
    /// Price of one unit for the whole period, in major units.
    pub unit_price: Decimal,
    /// The row of the price list, or the agreement, in words.
    pub list: String,
    /// How the amount came about.
    pub working: Option<Working>,
    /// The policy key that made it so.
    pub because: Option<Because>,
    /// Before discount and tax; negative for a credit.
    pub gross: Money,
    /// Taken off, as a positive amount.
    pub discount: Money,
    /// Why it was taken off: every discount in its order.
    pub discounted: Vec<Taken>,
    /// Gross less discount, without tax.
    pub net: Money,
    /// Tax on it.
    pub tax: Money,
    /// Percent of the tax.
    pub tax_percent: Decimal,
    /// Name of the tax, or why there is none.
    pub tax_name: Option<String>,
    /// For a credit: the billed line it gives back.
    pub credits: Option<i64>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Time on a plan.
    Plan,
    /// An add-on.
    AddOn,
    /// Unused time given back.
    Credit,
}

impl LineKind {
    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            LineKind::Plan => "plan",
            LineKind::AddOn => "add_on",
            LineKind::Credit => "credit",
        }
    }
}

/// A line that was billed for a term that has not ended, as later credits need to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledLine {
    /// The line.
    pub line: Line,
    /// The invoice it stands on.
    pub invoice: i64,
    /// Net amounts given back of it so far, as a positive amount.
    pub credited: Money,
    /// The lines that gave them back.
    pub returned: Vec<Line>,
}
