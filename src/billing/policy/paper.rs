//! Balance, discounts, taxes, and the documents that show them.

use super::super::allot::Sharing;
use super::super::calendar::Day;
use super::super::money::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Money that the seller owes an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BalanceRules {
    /// Whether it pays later orders before anything else is charged.
    pub automatic: bool,
}

impl Default for BalanceRules {
    fn default() -> Self {
        BalanceRules { automatic: true }
    }
}

/// Discounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct DiscountRules {
    /// Who may give one.
    pub allow: DiscountAllow,
    /// The most percent a person may give.
    pub max_percent: Option<Decimal>,
    /// How an amount is shared over lines.
    pub sharing: Sharing,
}

/// Who may give a discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum DiscountAllow {
    /// The seller's people, with a reason.
    #[default]
    Support,
    /// Nobody.
    Refuse,
}

/// Taxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct TaxRules {
    /// Whether prices contain the tax.
    pub included: bool,
    /// Where a tax is rounded.
    pub round_at: TaxRound,
    /// How it is rounded.
    pub rounding: Rounding,
    /// Rates; the first that fits the country and the day counts.
    pub rates: Vec<TaxRate>,
}

/// Where a tax is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum TaxRound {
    /// Once per rate of an invoice, shared over its lines.
    #[default]
    Invoice,
    /// On each line.
    Line,
}

/// A tax of one or more countries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// What stands on the invoice: VAT, ISS.
    pub name: String,
    /// Countries of ISO 3166; `*` is every country.
    pub countries: Vec<String>,
    /// Percent.
    pub percent: Decimal,
    /// Not charged to a company with a valid taxpayer number of another country (reverse charge).
    #[serde(default)]
    pub reverse_charge: bool,
    /// First day.
    #[serde(default)]
    pub from: Option<Day>,
    /// First day on which it no longer counts.
    #[serde(default)]
    pub until: Option<Day>,
}

/// Invoices and their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InvoiceRules {
    /// When an invoice is issued.
    pub issue: IssueAt,
    /// Number pattern: `{year}`, `{month}`, `{seq:N}` (N places), `{account}`.
    pub number: String,
    /// Number pattern of credit notes.
    pub credit_note_number: String,
    /// Whether the count starts again each year.
    pub yearly: bool,
    /// Days until an invoice that waits for payment is due.
    pub due_days: u32,
}

impl Default for InvoiceRules {
    fn default() -> Self {
        InvoiceRules {
            issue: IssueAt::Payment,
            number: "INV-{year}-{seq:6}".to_owned(),
            credit_note_number: "CN-{year}-{seq:6}".to_owned(),
            yearly: false,
            due_days: 0,
        }
    }
}

/// When an invoice is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum IssueAt {
    /// When the payment is confirmed.
    #[default]
    Payment,
    /// With the order, before the charge.
    Order,
}
