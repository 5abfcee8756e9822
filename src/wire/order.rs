//! Orders and their lines as outsiders see them.

use super::amount::Amount;
use crate::billing::account::{Discount, NextTerm};
use crate::billing::calendar::{Day, Moment, Period, Span};
use crate::billing::discount::Taken;
use crate::billing::order::{LineKind, OrderState};
use crate::billing::policy::OrderKind;
use crate::billing::refusal::Because;
use crate::billing::working::Working;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// `O-000042`.
    pub number: String,
    /// Name of the account.
    pub account: String,
    /// What it is for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// When it was placed.
    pub placed_on: Day,
    /// Its total.
    pub total: Amount,
    /// What the seller calls one of its seats.
    #[serde(default = "seat")]
    pub unit: String,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// `O-000042`.
    pub number: String,
    /// Name of the account.
    pub account: String,
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
    /// The parts it is paid in: one, or the instalments.
    pub instalments: Vec<Amount>,
    /// What takes effect with the payment.
    pub effects: Vec<Effect>,
    /// What it costs.
    pub lines: Vec<Line>,
    /// Lines before tax.
    pub net: Amount,
    /// Tax.
    pub tax: Amount,
    /// Net and tax.
    pub total: Amount,
    /// What the balance pays, or would pay if it were paid now.
    pub from_balance: Amount,
    /// What is left to pay.
    pub due: Amount,
    /// The first day on which it can no longer be paid.
    pub lapses_on: Option<Day>,
    /// The invoice that came of it.
    pub invoice: Option<String>,
    /// From when it is served, where its invoice states that and came before the payment, or where it was paid on a
    /// later day than it was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served: Option<Served>,
    /// Attempts to collect it.
    pub payments: Vec<Payment>,
    /// What will be, or is, true after payment.
    pub afterwards: Option<Afterwards>,
    /// Features that the account has now and the ordered plan lacks.
    pub loses: Vec<String>,
    /// What the seller calls one of its seats.
    #[serde(default = "seat")]
    pub unit: String,
    /// Why it is as it is, where a person gave a reason.
    pub reason: Option<String>,
}

/// From when an order is served: as the invoice states that was issued with it, or from the payment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The first day.
    pub from: Day,
    /// What it begins with.
    pub by: ServedBy,
    /// The policy key that says when the invoice is issued.
    pub because: Because,
}

/// With what an order begins to be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServedBy {
    /// The day that the invoice states which was issued with it.
    Invoice,
    /// Its payment, and the invoice says so.
    Payment,
}

/// One thing that takes effect with the payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// In words.
    pub text: String,
    /// Plan or add-on.
    pub item: String,
    /// Period, for a new term.
    pub period: Option<Period>,
    /// Seats, for a plan.
    pub seats: Option<BTreeMap<String, u32>>,
    /// Units, for an add-on.
    pub quantity: Option<u32>,
    /// Trial days that lengthen the term.
    pub bonus_days: Option<u32>,
}

impl Effect {
    /// An effect that is no plan and no add-on.
    pub fn in_words(text: String) -> Effect {
        Effect {
            text,
            item: String::new(),
            period: None,
            seats: None,
            quantity: None,
            bonus_days: None,
        }
    }
}

/// What is true after payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Afterwards {
    /// Plan.
    pub plan: String,
    /// The plan's name for people.
    pub plan_name: String,
    /// Seats by type.
    pub seats: BTreeMap<String, u32>,
    /// What the seller calls one of them: seat, licence, member.
    #[serde(default = "seat")]
    pub unit: String,
    /// First day on which nothing is paid any more.
    pub paid_until: Option<Day>,
    /// Whether the next term is ordered and charged by itself.
    pub auto_renew: bool,
    /// What was asked for before and still changes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_renewal: Option<Waiting>,
}

/// A change that waits for the renewal, whatever is bought before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// When it was asked for.
    pub asked_on: Day,
    /// How the next term differs.
    pub next: NextTerm,
    /// The same in words.
    pub text: String,
    /// The command that takes it back, once the order is paid.
    pub withdraw: String,
}

/// What documents from before units were told are counted in.
pub(super) fn seat() -> String {
    "seat".to_owned()
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// In words.
    pub text: String,
    /// Plan or add-on.
    pub item: String,
    /// Seat type.
    pub seat_type: Option<String>,
    /// Units.
    pub quantity: i64,
    /// The service it is for.
    pub service: Option<Span>,
    /// Price of one unit for the whole period, in major units.
    pub unit_price: Decimal,
    /// The row of the price list, or the agreement.
    pub price_list: String,
    /// How the amount came about.
    #[serde(serialize_with = "super::working::serialize")]
    pub working: Option<Working>,
    /// The policy key that made it so.
    pub because: Option<Because>,
    /// Before discount and tax.
    pub gross: Amount,
    /// Taken off.
    pub discount: Amount,
    /// Every discount that was taken off, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Reduction>,
    /// Without tax.
    pub net: Amount,
    /// Tax.
    pub tax: Amount,
    /// Percent of the tax.
    pub tax_percent: Decimal,
    /// Name of the tax, or why there is none.
    pub tax_name: Option<String>,
}

/// One discount of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// The percent; absent where an amount is shared over the lines.
    pub percent: Option<Decimal>,
    /// What it is the percent of; without one, the whole amount of which this line has its part.
    pub of: Amount,
    /// What it took off this line.
    pub off: Amount,
}

impl From<&Taken> for Reduction {
    fn from(taken: &Taken) -> Reduction {
        let (percent, of) = match taken.discount {
            Discount::Percent { percent } => (Some(percent), taken.of),
            Discount::Amount { off } => (None, off),
        };
        Reduction {
            percent,
            of: of.into(),
            off: taken.off.into(),
        }
    }
}

impl From<&crate::billing::order::Line> for Line {
    fn from(line: &crate::billing::order::Line) -> Line {
        Line {
            kind: line.kind,
            text: line.text.clone(),
            item: line.item.clone(),
            seat_type: line.seat_type.clone(),
            quantity: line.quantity,
            service: line.service,
            unit_price: line.unit_price,
            price_list: line.list.clone(),
            working: line.working.clone(),
            because: line.because.clone(),
            gross: line.gross.into(),
            discount: line.discount.into(),
            discounts: line.discounted.iter().map(Reduction::from).collect(),
            net: line.net.into(),
            tax: line.tax.into(),
            tax_percent: line.tax_percent,
            tax_name: line.tax_name.clone(),
        }
    }
}

/// An attempt to collect, or money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `P-000042`.
    pub number: String,
    /// Name of the account.
    pub account: String,
    /// The order it is for.
    pub order: Option<String>,
    /// The invoice it pays.
    pub invoice: Option<String>,
    /// For a refund: the credit note whose money it pays out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Charge or refund.
    pub kind: crate::billing::payment::PaymentKind,
    /// The method.
    pub method: String,
    /// What the gateway calls it.
    pub reference: Option<String>,
    /// How much.
    pub amount: Amount,
    /// Where it stands.
    pub state: crate::billing::payment::PaymentState,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Which attempt.
    pub attempt: u32,
    /// When it was begun.
    pub begun_at: Moment,
    /// When it reached its last state.
    pub settled_at: Option<Moment>,
}

/// A change that waits for the renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// Name of the account.
    pub account: String,
    /// The day of the renewal.
    pub from: Option<Day>,
    /// How the next term differs.
    pub next: NextTerm,
    /// Name of its plan, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// What the seller calls one of its seats.
    #[serde(default = "seat")]
    pub unit: String,
}
