//! Amounts of money: integer minor units, one currency, named roundings, checked arithmetic.
//!
//! Everything kept or shown is a [`Money`]. Between two amounts a rule may hold an exact value as a
//! [`Decimal`] or a [`Fraction`](super::fraction::Fraction); the way back to minor units always names its
//! [`Rounding`].

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A currency of ISO 4217, for example `USD`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    letters: [u8; 3],
    /// Decimal places of its amounts.
    places: u8,
}

/// The text is not a currency code of ISO 4217.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCurrency(pub String);

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a currency of ISO 4217, such as USD or BRL",
            self.0
        )
    }
}

impl std::error::Error for UnknownCurrency {}

impl Currency {
    /// The United States dollar.
    pub const USD: Currency = Currency {
        letters: *b"USD",
        places: 2,
    };

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.letters).unwrap_or("XXX")
    }

    /// How many decimal places the currency's amounts have: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        u32::from(self.places)
    }

    /// Minor units in one major unit, as a decimal.
    fn scale(self) -> Decimal {
        Decimal::from(10_i64.pow(self.exponent()))
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        let unknown = || UnknownCurrency(text.to_owned());
        let letters = <[u8; 3]>::try_from(text.as_bytes()).map_err(|_| unknown())?;
        if letters == Currency::USD.letters {
            return Ok(Currency::USD);
        }
        let known = iso_currency::Currency::from_code(text).ok_or_else(unknown)?;
        let places = known
            .exponent()
            .and_then(|places| u8::try_from(places).ok());
        let places = places.unwrap_or(2);
        Ok(Currency { letters, places })
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;
    fn try_from(text: String) -> Result<Self, UnknownCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How an exact value becomes a whole number of minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// A half goes away from zero; what invoices mean by "rounding".
    #[default]
    HalfUp,
    /// A half goes to the even neighbour (banker's rounding).
    HalfEven,
    /// Everything behind the last place is cut off.
    TowardZero,
    /// Anything behind the last place goes away from zero.
    Up,
}

impl Rounding {
    /// The name as a policy file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half_up",
            Rounding::HalfEven => "half_even",
            Rounding::TowardZero => "toward_zero",
            Rounding::Up => "up",
        }
    }

    fn strategy(self) -> RoundingStrategy {
        match self {
            Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
            Rounding::TowardZero => RoundingStrategy::ToZero,
            Rounding::Up => RoundingStrategy::AwayFromZero,
        }
    }

    /// Rounds to a whole number.
    pub fn whole(self, exact: Decimal) -> Decimal {
        exact.round_dp_with_strategy(0, self.strategy())
    }
}

/// An amount does not fit into 64 bits of minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the amount is larger than this program can keep exactly")
    }
}

impl std::error::Error for TooLarge {}

/// Two amounts of different currencies met, or a sum grew too large.
pub type Checked<T> = Result<T, TooLarge>;

/// An amount in minor units of one currency. May be negative (a credit).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The currency.
    pub currency: Currency,
    /// Minor units: cents of a dollar, yen of a yen.
    pub minor: i64,
}

impl Money {
    /// An amount of `minor` units.
    pub fn of(minor: i64, currency: Currency) -> Money {
        Money { currency, minor }
    }

    /// Nothing, in a currency.
    pub fn zero(currency: Currency) -> Money {
        Money::of(0, currency)
    }

    /// Whether there is nothing to move.
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Rounds an exact value in major units to minor units.
    pub fn round(exact: Decimal, currency: Currency, rounding: Rounding) -> Checked<Money> {
        let minor = exact.checked_mul(currency.scale()).ok_or(TooLarge)?;
        let minor = rounding.whole(minor).to_i64().ok_or(TooLarge)?;
        Ok(Money::of(minor, currency))
    }

    /// The amount in major units: 15083 US cents are 150.83.
    pub fn major(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// The sum. Both amounts must have one currency; a foreign one counts as too large, as no rule adds them.
    pub fn plus(self, other: Money) -> Checked<Money> {
        if self.currency != other.currency {
            return Err(TooLarge);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(TooLarge)?;
        Ok(Money::of(minor, self.currency))
    }

    /// The difference; see [`Money::plus`].
    pub fn minus(self, other: Money) -> Checked<Money> {
        self.plus(other.negated()?)
    }

    /// The same amount the other way.
    pub fn negated(self) -> Checked<Money> {
        Ok(Money::of(
            self.minor.checked_neg().ok_or(TooLarge)?,
            self.currency,
        ))
    }

    /// The sum of many amounts.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Checked<Money> {
        amounts
            .into_iter()
            .try_fold(Money::zero(currency), Money::plus)
    }

    /// The smaller of two amounts of one currency.
    pub fn at_most(self, other: Money) -> Money {
        Money::of(self.minor.min(other.minor), self.currency)
    }

    /// The amount, but no further from nothing than a limit of the same sign and currency.
    pub fn within(self, limit: Money) -> Money {
        match self.minor.unsigned_abs() > limit.minor.unsigned_abs() {
            true => limit,
            false => self,
        }
    }

    /// The amount without its currency, with the currency's places: `150.83`.
    pub fn amount(self) -> String {
        let exponent = self.currency.exponent();
        let places = usize::try_from(exponent).unwrap_or(2);
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        match 10_u64.pow(exponent) {
            1 => format!("{sign}{minor}"),
            scale => format!("{sign}{}.{:0places$}", minor / scale, minor % scale),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.amount(), self.currency))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    #[test]
    fn every_rounding_has_its_own_answer_for_halves() {
        let cases = [
            (Rounding::HalfUp, [3, -3, 4, 3]),
            (Rounding::HalfEven, [2, -2, 4, 3]),
            (Rounding::TowardZero, [2, -2, 3, 2]),
            (Rounding::Up, [3, -3, 4, 3]),
        ];
        for (rounding, expected) in cases {
            let exact = [dec!(0.025), dec!(-0.025), dec!(0.035), dec!(0.02501)];
            for (exact, expected) in exact.into_iter().zip(expected) {
                let got = Money::round(exact, Currency::USD, rounding).unwrap();
                assert_eq!(got.minor, expected, "{exact} by {}", rounding.name());
            }
        }
    }

    #[test]
    fn places_follow_the_currency() {
        let shown = |minor, code: &str| Money::of(minor, code.parse().unwrap()).to_string();
        assert_eq!(shown(-5, "USD"), "-0.05 USD");
        assert_eq!(shown(323, "JPY"), "323 JPY");
        assert_eq!(shown(1234, "KWD"), "1.234 KWD");
        assert!("usd".parse::<Currency>().is_err());
        assert!("DOLLAR".parse::<Currency>().is_err());
    }

    #[test]
    fn the_edge_of_64_bits_is_an_answer_not_a_panic() {
        let edge = Money::of(i64::MAX, Currency::USD);
        assert_eq!(edge.plus(Money::of(1, Currency::USD)), Err(TooLarge));
        assert_eq!(Money::of(i64::MIN, Currency::USD).negated(), Err(TooLarge));
        assert_eq!(
            Money::round(Decimal::MAX, Currency::USD, Rounding::HalfUp),
            Err(TooLarge)
        );
    }
}
