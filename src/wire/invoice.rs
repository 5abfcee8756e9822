//! Invoices and credit notes as outsiders see them.

use super::amount::Amount;
use super::order::Line;
use crate::billing::account::BillingDetails;
use crate::billing::calendar::Day;
use crate::billing::invoice::{Invoice as Kept, InvoiceKind, InvoiceState};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One document in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: InvoiceKind,
    /// Name of the account.
    pub account: String,
    /// The day it was issued.
    pub issued_on: Day,
    /// Net and tax.
    pub total: Amount,
    /// What is still to be paid.
    pub open: Amount,
    /// Where it stands.
    pub state: InvoiceState,
}

impl Brief {
    /// A document of an account's name.
    pub fn of(kept: &Kept, account: &str) -> Brief {
        Brief {
            number: kept.number.clone(),
            kind: kept.kind,
            account: account.to_owned(),
            issued_on: kept.issued_on,
            total: kept.total.into(),
            open: kept.open().into(),
            state: kept.state,
        }
    }
}

/// A numbered document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: InvoiceKind,
    /// Where it stands.
    pub state: InvoiceState,
    /// The day it was issued.
    pub issued_on: Day,
    /// The day it is due.
    pub due_on: Day,
    /// The day it was paid in full, or voided.
    pub settled_on: Option<Day>,
    /// The order it bills.
    pub order: Option<String>,
    /// The invoice that a credit note corrects.
    pub corrects: Option<String>,
    /// Who bills.
    pub seller: crate::billing::catalog::Seller,
    /// Who is billed.
    pub customer: Customer,
    /// What for.
    pub lines: Vec<Line>,
    /// Before tax.
    pub net: Amount,
    /// Taxes by rate.
    pub taxes: Vec<Tax>,
    /// Tax.
    pub tax: Amount,
    /// Net and tax.
    pub total: Amount,
    /// Paid from the balance.
    pub from_balance: Amount,
    /// Paid by payments.
    pub paid: Amount,
    /// Taken off by credit notes.
    pub credited: Amount,
    /// What is still to be paid.
    pub open: Amount,
    /// How it was paid.
    pub payments: Vec<super::order::Payment>,
    /// Where the money of a credit note went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_back: Option<GivenBack>,
}

/// Where the money of a credit note went: together it is the note's total, as positive amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenBack {
    /// Taken off what was still to be paid of the invoice.
    pub off_invoice: Amount,
    /// Into the balance; so is what could not be paid out.
    pub to_balance: Amount,
    /// Paid out, or on its way, with the amount that this note gave to it.
    pub refunds: Vec<super::order::Payment>,
}

/// Who is billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Short name.
    pub account: String,
    /// Name on paper.
    pub title: String,
    /// ISO 3166.
    pub country: String,
    /// Payer, address, taxpayer number.
    pub billing: BillingDetails,
}

/// One rate of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// Name of the tax, or why there is none.
    pub name: Option<String>,
    /// Percent.
    pub percent: Decimal,
    /// What it is taken of.
    pub base: Amount,
    /// The tax.
    pub tax: Amount,
}
