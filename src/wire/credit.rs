//! Units of use as outsiders see them.

use super::amount::Amount;
use crate::billing::calendar::{Day, Period};
use crate::billing::catalog::Sale;
use crate::billing::money::Currency;
use crate::billing::quote;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Units of use of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The member, where members have their own.
    pub member: Option<String>,
    /// Units left; absent means unlimited.
    pub left: Option<i64>,
    /// Units given in the running stretch; absent means unlimited.
    pub given: Option<i64>,
    /// The day on which the count starts again.
    pub resets_on: Option<Day>,
}

/// An add-on as an account could order it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Who may buy it.
    pub sale: Sale,
    /// The fewest units in one order.
    pub least: u32,
    /// The most units in one order.
    pub most: Option<u32>,
    /// What it is priced in.
    pub currency: Currency,
    /// What it costs, by period.
    pub prices: Vec<Offered>,
    /// Why it cannot be ordered now; absent if it can.
    pub refused: Option<String>,
}

/// What an add-on costs for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The period; absent where the add-on runs with a term and none runs.
    pub period: Option<Period>,
    /// One unit for the whole period, in major units.
    pub a_period: Option<Decimal>,
    /// The row of the price list, or the agreement.
    pub price_list: Option<String>,
    /// What the least quantity costs today, tax included.
    pub today: Option<Amount>,
}

impl From<quote::Offer<'_>> for Offer {
    fn from(offer: quote::Offer<'_>) -> Offer {
        let prices = offer.prices.into_iter().map(|offered| Offered {
            period: offered.period,
            a_period: offered.price.as_ref().map(|price| price.amount.normalize()),
            price_list: offered.price.map(|price| price.list),
            today: offered.today.map(Into::into),
        });
        Offer {
            id: offer.add_on.id.clone(),
            name: offer.add_on.name.clone(),
            sale: offer.add_on.sale,
            least: offer.add_on.min,
            most: offer.add_on.max,
            currency: offer.currency,
            prices: prices.collect(),
            refused: offer.refused.map(|refusal| refusal.message),
        }
    }
}
