//! Reports as outsiders see them, and as tables.

use super::amount::Amount;
use crate::billing::calendar::Day;
use crate::billing::money::Currency;
use crate::billing::order::OrderState;
use crate::billing::policy::OrderKind;
use crate::billing::report::age::Age;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What was billed, earned and collected, month by month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revenue {
    /// The day up to which it is known.
    pub on: Day,
    /// The months, each currency apart.
    pub months: Vec<RevenueMonth>,
}

/// One month of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevenueMonth {
    /// `2026-03`.
    pub month: String,
    /// ISO 4217.
    pub currency: Currency,
    /// Billed less credit notes, without tax.
    pub billed: Amount,
    /// Tax billed less credit notes.
    pub tax: Amount,
    /// Earned by serving.
    pub earned: Amount,
    /// Billed and not earned at the end of the month.
    pub deferred: Amount,
    /// Money that came in.
    pub collected: Amount,
    /// Money that went back.
    pub refunded: Amount,
}

/// Recurring revenue and how it moved, month by month: plans, and add-ons that renew. What was transferred from one
/// account to another moved nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurring {
    /// The day up to which it is known.
    pub on: Day,
    /// The months, each currency apart.
    pub months: Vec<RecurringMonth>,
}

/// One month of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecurringMonth {
    /// `2026-03`.
    pub month: String,
    /// ISO 4217.
    pub currency: Currency,
    /// At its start.
    pub opening: Amount,
    /// From customers who never paid before.
    pub new: Amount,
    /// From customers who had left.
    pub reactivation: Amount,
    /// From customers who pay more.
    pub expansion: Amount,
    /// From customers who pay less.
    pub contraction: Amount,
    /// From customers who left.
    pub churn: Amount,
    /// At its end.
    pub closing: Amount,
    /// Customers at its end.
    pub customers: u64,
}

/// Customers and recurring revenue that left, month by month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Churn {
    /// The day up to which it is known.
    pub on: Day,
    /// The months, each currency apart.
    pub months: Vec<ChurnMonth>,
}

/// One month of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChurnMonth {
    /// `2026-03`.
    pub month: String,
    /// ISO 4217.
    pub currency: Currency,
    /// Customers at its start.
    pub customers: u64,
    /// Customers who left.
    pub lost: u64,
    /// Their share in percent.
    pub lost_percent: Decimal,
    /// Recurring revenue that left with them or was lowered.
    pub revenue_lost: Amount,
    /// Its share in percent.
    pub revenue_lost_percent: Decimal,
}

/// What customers owe on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receivable {
    /// The day.
    pub on: Day,
    /// Sums by age, each currency apart.
    pub ages: Vec<Aged>,
    /// The debts, the oldest first.
    pub debts: Vec<Debt>,
}

/// Debts of one age and currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aged {
    /// How late.
    pub age: Age,
    /// Their sum.
    pub open: Amount,
    /// How many.
    pub invoices: u64,
}

/// One debt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// The invoice.
    pub invoice: String,
    /// Name of the account.
    pub account: String,
    /// The day it was due.
    pub due_on: Day,
    /// Days behind it.
    pub days_late: i64,
    /// How late.
    pub age: Age,
    /// What is open.
    pub open: Amount,
}

/// Money that is promised and not yet collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The day.
    pub on: Day,
    /// Sums by currency.
    pub sums: Vec<Amount>,
    /// The orders, the oldest first.
    pub orders: Vec<Promise>,
    /// What the seller calls one of its seats.
    #[serde(default = "super::order::seat")]
    pub unit: String,
}

/// One order that waits to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The order.
    pub order: String,
    /// Name of the account.
    pub account: String,
    /// What it is for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// The day it was placed.
    pub placed_on: Day,
    /// Days since then.
    pub days: i64,
    /// The first day on which it can no longer be paid.
    pub lapses_on: Option<Day>,
    /// What is to be paid.
    pub due: Amount,
}
