//! Who sells, where, and to whom at which time.

use super::super::calendar::Day;
use super::super::money::Currency;
use serde::{Deserialize, Serialize};

/// The seller as it stands on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// Legal or trading name.
    pub name: String,
    /// Postal address, a line each.
    #[serde(default)]
    pub address: Vec<String>,
    /// Country of ISO 3166, two letters.
    #[serde(default)]
    pub country: Option<String>,
    /// Where customers write about bills.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Home page.
    #[serde(default)]
    pub website: Option<String>,
    /// The seller's own taxpayer number, with its label: `VAT FR123`.
    #[serde(default)]
    pub tax_id: Option<String>,
    /// A PNG or JPEG file for the head of a page; a relative path begins in the folder of the database.
    #[serde(default)]
    pub logo: Option<String>,
    /// Accent colour of a page, `#rrggbb`.
    #[serde(default)]
    pub colour: Option<String>,
    /// Lines at the foot of a page.
    #[serde(default)]
    pub footer: Vec<String>,
}

/// A place with its own price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Name used by price rows.
    pub id: String,
    /// Countries of ISO 3166, two letters each; `*` stands for every other country.
    pub countries: Vec<String>,
    /// Currencies an account of the region may pay in, the usual one first.
    pub currencies: Vec<Currency>,
}

/// A group of accounts, told by when they became customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohort {
    /// Name used by price rows and plans.
    pub id: String,
    /// Accounts whose first paid term (or, before one, the asking day) is on this day or later.
    #[serde(default)]
    pub customers_from: Option<Day>,
    /// Accounts whose first paid term is before this day.
    #[serde(default)]
    pub customers_until: Option<Day>,
}
