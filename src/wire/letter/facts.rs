//! What a template may say. Every figure and day is spelled for the customer's language and country, and every
//! name is one clean line.

use serde::Serialize;

/// Everything a template may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The language in two letters.
    pub language: String,
    /// `rtl` for a language written from right to left, else `ltr`.
    pub direction: &'static str,
    /// Who writes.
    pub seller: SellerFacts,
    /// Who is written to.
    pub customer: Customer,
    /// The day the message is about, if it is about one.
    pub day: Option<String>,
    /// The limit the message is about.
    pub limit: Option<String>,
    /// What is subscribed to.
    pub subscription: Option<Subscription>,
    /// The order the message is about.
    pub order: Option<Order>,
    /// The invoice or credit note the message is about.
    pub invoice: Option<Invoice>,
    /// The payment the message is about.
    pub payment: Option<Payment>,
    /// Whether a document goes with it.
    pub attached: bool,
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SellerFacts {
    /// Name.
    pub name: String,
    /// Where customers write about bills.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Home page.
    pub website: Option<String>,
    /// Postal address, a line each.
    pub address: Vec<String>,
    /// Accent colour, `#rrggbb`.
    pub colour: String,
}

/// Who is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Customer {
    /// Name on paper.
    pub name: String,
    /// Short name of the account.
    pub account: String,
}

/// What is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// Name of the plan.
    pub plan: String,
    /// First day on which nothing is paid any more.
    pub paid_until: Option<String>,
    /// The last day that is paid, as the lines of an invoice say it.
    pub paid_through: Option<String>,
    /// Whether the next term is ordered and charged by itself.
    pub auto_renew: bool,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// `O-000042`.
    pub number: String,
    /// What it costs.
    pub total: String,
    /// What is left to pay.
    pub due: String,
    /// The first day on which it can no longer be paid.
    pub lapses_on: Option<String>,
}

/// An invoice or credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invoice {
    /// Its number.
    pub number: String,
    /// The day of issue.
    pub issued_on: String,
    /// The day it is due.
    pub due_on: String,
    /// The sum; what is given back, for a credit note.
    pub total: String,
    /// What is left to pay.
    pub open: String,
    /// Whether nothing is left to pay.
    pub paid: bool,
    /// The invoice that a credit note corrects.
    pub corrects: Option<String>,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// `P-000042`.
    pub number: String,
    /// How much.
    pub amount: String,
    /// How.
    pub method: String,
    /// When it reached its last state.
    pub day: String,
    /// Why it was declined.
    pub reason: Option<String>,
}
