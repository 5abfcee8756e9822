//! What stands on one invoice or credit note, as plain values: the input of every form of paper.
//!
//! A [`Sheet`] holds figures that are already decided and texts as people typed them. Cleaning, wording,
//! number forms and setting happen behind it, so nobody who fills one has to think about paper.

use super::words::Tongue;
use crate::billing::calendar::{Day, Span};
use crate::billing::money::Money;
use rust_decimal::Decimal;

/// Which document the sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    /// A demand for payment.
    Invoice,
    /// The correction of an invoice in the customer's favour.
    CreditNote,
}

/// How the document stands on the day it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetState {
    /// Not issued yet; the page says so across the totals.
    Draft,
    /// Issued, with something left to pay or nothing to say about payment.
    Open,
    /// Issued and unpaid behind its due day.
    PastDue,
    /// Paid in full; the page carries the paid stamp with the last payment.
    Paid,
    /// Withdrawn; the page carries a stamp.
    Void,
    /// Given up as not collectable; printed like an open one.
    Uncollectible,
}

/// One number by which a tax office knows somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxId {
    /// What the number is called where it was given, for example `CNPJ` or `VAT no.`.
    pub label: String,
    /// The number as it should be printed.
    pub value: String,
}

/// The seller or the customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// The name of the firm or person.
    pub name: String,
    /// The address, line by line, country last.
    pub address: Vec<String>,
    /// The mail address for questions or bills.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The address of the web site.
    pub website: Option<String>,
    /// The numbers given by tax offices.
    pub tax_ids: Vec<TaxId>,
}

/// A colour of the screen, red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Reads `#1a2b3c` or `1a2b3c`; anything else is nothing.
    pub fn from_hex(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let all_hex = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let part = |range| u8::from_str_radix(digits.get(range)?, 16).ok();
        if !all_hex {
            return None;
        }
        Some(Colour(part(0..2)?, part(2..4)?, part(4..6)?))
    }
}

/// How the seller wants to look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brand {
    /// The bytes of a PNG or JPEG file.
    pub logo: Option<Vec<u8>>,
    /// The colour of titles and rules; a dark grey when nothing is said.
    pub colour: Option<Colour>,
    /// What stands at the foot of every page: bank details, register entry.
    pub footer: Vec<String>,
}

/// One line of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetLine {
    /// What was sold.
    pub description: String,
    /// The days of service it pays for, last day excluded as everywhere.
    pub service: Option<Span>,
    /// How many.
    pub quantity: Decimal,
    /// The price of one in major units, with as many places as it was agreed with.
    pub unit_price: Option<Decimal>,
    /// How the amount came about when quantity times price does not tell, for example
    /// `2 × 300.00 × 91/181 days`.
    pub arithmetic: Option<String>,
    /// What was taken off before `amount`, each discount for itself.
    pub discounts: Vec<LineDiscount>,
    /// The rate of tax in percent.
    pub tax_percent: Option<Decimal>,
    /// The line's amount after its discount and before tax.
    pub amount: Money,
}

/// Something taken off one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineDiscount {
    /// The percent, where it is one.
    pub percent: Option<Decimal>,
    /// What it is the percent of.
    pub of: Option<Money>,
    /// How much, as a positive amount.
    pub amount: Money,
}

/// Something taken off the whole document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetDiscount {
    /// Why, for example the name of a coupon.
    pub name: String,
    /// How much, as a positive amount.
    pub amount: Money,
}

/// The tax of one rate.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetTax {
    /// What the tax is called, for example `VAT`.
    pub name: String,
    /// The rate in percent; nothing when the tax is not a rate.
    pub percent: Option<Decimal>,
    /// The amount that was taxed.
    pub base: Money,
    /// The tax.
    pub amount: Money,
    /// What the law wants said, for example `Reverse charge: the customer owes the tax`.
    pub note: Option<String>,
}

/// Money that came in for the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPayment {
    /// The day it counted as paid.
    pub on: Day,
    /// How, for example `Visa ending 4242`.
    pub method: String,
    /// What the bank or provider calls it.
    pub reference: Option<String>,
    /// How much.
    pub amount: Money,
}

/// Where money of a credit note went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayBack {
    /// Off what was to be paid of the invoice.
    Invoice,
    /// Into the customer's balance.
    Balance,
    /// Out to the customer.
    Refund {
        /// The day on which it was paid out; none while it is on its way.
        on: Option<Day>,
        /// How, for example `Visa ending 4242`.
        method: String,
        /// What the bank or provider calls it.
        reference: Option<String>,
    },
}

/// One invoice or credit note, ready to be set.
///
/// Nothing is added up here: `subtotal`, `total` and `amount_due` are printed as they are given. All amounts
/// have one currency, that of `total`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Invoice or credit note.
    pub kind: SheetKind,
    /// The document's number.
    pub number: String,
    /// How it stands.
    pub state: SheetState,
    /// The day of issue.
    pub issued_on: Day,
    /// The day by which it is to be paid.
    pub due_on: Option<Day>,
    /// The number of the document that this one corrects.
    pub corrects: Option<String>,
    /// The customer's own order number or reference.
    pub customer_reference: Option<String>,
    /// Who sells.
    pub seller: Party,
    /// How the seller looks.
    pub brand: Brand,
    /// Who buys.
    pub customer: Party,
    /// What was sold.
    pub lines: Vec<SheetLine>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// What was taken off the whole.
    pub discounts: Vec<SheetDiscount>,
    /// The taxes, one entry a rate.
    pub taxes: Vec<SheetTax>,
    /// The sum with taxes.
    pub total: Money,
    /// What the customer's balance paid, as a positive amount.
    pub credit_applied: Option<Money>,
    /// What credit notes have taken off since, as a positive amount.
    pub credited: Option<Money>,
    /// What was paid, oldest first.
    pub payments: Vec<SheetPayment>,
    /// Where the money of a credit note went, as positive amounts.
    pub given_back: Vec<(WayBack, Money)>,
    /// What is left to pay.
    pub amount_due: Money,
    /// Free text below the totals; line ends are kept.
    pub notes: Option<String>,
    /// Words that the seller brought for the language; the built-in ones where there are none.
    pub own_words: Option<&'static Tongue>,
    /// The customer's language, for example `en` or `pt-BR`; English where a language is not known.
    pub language: String,
    /// The customer's country by ISO 3166, for example `BR`: decides forms of numbers and dates and the
    /// size of the paper.
    pub country: String,
}
