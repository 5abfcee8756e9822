//! Money as outsiders see it: the currency, minor units, and the same as decimal text.

use crate::billing::money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// `{"currency":"USD","minor":15083,"amount":"150.83"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// ISO 4217.
    pub currency: Currency,
    /// Minor units.
    pub minor: i64,
    /// Major units as text.
    pub amount: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Amount {
        Amount {
            currency: money.currency,
            minor: money.minor,
            amount: money.amount(),
        }
    }
}

impl Amount {
    /// The amount to count with.
    pub fn money(&self) -> Money {
        Money::of(self.minor, self.currency)
    }
}
