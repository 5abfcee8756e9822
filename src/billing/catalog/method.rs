//! The ways to pay.

use super::super::money::Currency;
use super::Sale;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Name used by orders: `card`, `pix`, `wire`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The company that moves the money.
    #[serde(default)]
    pub processor: Option<String>,
    /// Which gateway asks that company: `manual` or `scripted`.
    #[serde(default = "manual")]
    pub gateway: String,
    /// Currencies it can take. At least one.
    pub currencies: Vec<Currency>,
    /// Only accounts of these countries (ISO 3166); empty means all.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Never accounts of these countries.
    #[serde(default)]
    pub except_countries: Vec<String>,
    /// Whether saved details can be charged without the customer.
    #[serde(default)]
    pub recurring: bool,
    /// Whether auto-renewal is on after a first payment by this method.
    #[serde(default)]
    pub auto_renew: bool,
    /// Payment in parts.
    #[serde(default)]
    pub instalments: Option<Instalments>,
    /// Self-service, or only through the people who arrange it.
    #[serde(default)]
    pub sale: Sale,
    /// Card brands taken; empty means not restricted.
    #[serde(default)]
    pub brands: Vec<String>,
    /// Kinds of card not taken: prepaid, debit.
    #[serde(default)]
    pub refuses_funding: Vec<String>,
}

/// Bounds of payment in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instalments {
    /// The largest number of parts.
    pub max: u32,
    /// The smallest part, in major units.
    #[serde(default)]
    pub min_part: Decimal,
}

impl Method {
    /// Whether accounts of a country can use it.
    pub fn serves(&self, country: &str) -> bool {
        (self.countries.is_empty() || self.countries.iter().any(|c| c == country))
            && !self.except_countries.iter().any(|c| c == country)
    }
}

fn manual() -> String {
    "manual".to_owned()
}
