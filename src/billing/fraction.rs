//! Exact fractions: what a share of a price is before it is rounded.
//!
//! Every value is kept in lowest terms in 128 bits; an operation that does not fit says so instead of
//! losing digits.

use super::money::{Checked, Currency, Money, Rounding, TooLarge};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A number `numerator / denominator`, the denominator above zero, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a.max(1)).unwrap_or(1)
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Fraction = Fraction {
        numerator: 0,
        denominator: 1,
    };
    /// The whole.
    pub const ONE: Fraction = Fraction {
        numerator: 1,
        denominator: 1,
    };

    /// `numerator / denominator`; a denominator of zero does not fit any number and is refused.
    pub fn new(numerator: i128, denominator: i128) -> Checked<Fraction> {
        if denominator == 0 || numerator == i128::MIN {
            return Err(TooLarge);
        }
        let divisor = common_divisor(numerator, denominator);
        let divisor = if denominator < 0 { -divisor } else { divisor };
        Ok(Fraction {
            numerator: numerator.checked_div(divisor).ok_or(TooLarge)?,
            denominator: denominator.checked_div(divisor).ok_or(TooLarge)?,
        })
    }

    /// A whole number.
    pub fn whole(value: i64) -> Fraction {
        Fraction {
            numerator: i128::from(value),
            denominator: 1,
        }
    }

    /// A decimal, without loss.
    pub fn from_decimal(value: Decimal) -> Checked<Fraction> {
        Fraction::new(value.mantissa(), 10_i128.pow(value.scale()))
    }

    /// An amount in minor units, as a fraction of minor units.
    pub fn from_minor(money: Money) -> Fraction {
        Fraction::whole(money.minor)
    }

    /// The upper part in lowest terms.
    pub fn numerator(self) -> i128 {
        self.numerator
    }

    /// The lower part in lowest terms; always above zero.
    pub fn denominator(self) -> i128 {
        self.denominator
    }

    /// The product.
    pub fn times(self, other: Fraction) -> Checked<Fraction> {
        let left = common_divisor(self.numerator, other.denominator);
        let right = common_divisor(other.numerator, self.denominator);
        let numerator = (self.numerator / left).checked_mul(other.numerator / right);
        let denominator = (self.denominator / right).checked_mul(other.denominator / left);
        Fraction::new(numerator.ok_or(TooLarge)?, denominator.ok_or(TooLarge)?)
    }

    /// The quotient; dividing by zero is refused.
    pub fn over(self, other: Fraction) -> Checked<Fraction> {
        self.times(Fraction::new(other.denominator, other.numerator)?)
    }

    /// The sum.
    pub fn plus(self, other: Fraction) -> Checked<Fraction> {
        let shared = common_divisor(self.denominator, other.denominator);
        let left = self.numerator.checked_mul(other.denominator / shared);
        let right = other.numerator.checked_mul(self.denominator / shared);
        let sum = left.ok_or(TooLarge)?.checked_add(right.ok_or(TooLarge)?);
        let denominator = self.denominator.checked_mul(other.denominator / shared);
        Fraction::new(sum.ok_or(TooLarge)?, denominator.ok_or(TooLarge)?)
    }

    /// The difference.
    pub fn minus(self, other: Fraction) -> Checked<Fraction> {
        self.plus(Fraction {
            numerator: other.numerator.checked_neg().ok_or(TooLarge)?,
            denominator: other.denominator,
        })
    }

    /// Rounds to a whole number.
    pub fn round(self, rounding: Rounding) -> Checked<i64> {
        let size = self.numerator.checked_abs().ok_or(TooLarge)?;
        let (below, rest) = (size / self.denominator, size % self.denominator);
        let twice = rest.checked_mul(2).ok_or(TooLarge)?;
        let up = match (rounding, twice.cmp(&self.denominator)) {
            _ if rest == 0 => false,
            (Rounding::TowardZero, _) => false,
            (Rounding::Up, _) => true,
            (_, Ordering::Greater) => true,
            (_, Ordering::Less) => false,
            (Rounding::HalfUp, Ordering::Equal) => true,
            (Rounding::HalfEven, Ordering::Equal) => below % 2 == 1,
        };
        let rounded = if up { below.saturating_add(1) } else { below };
        i64::try_from(rounded.saturating_mul(self.numerator.signum())).map_err(|_| TooLarge)
    }

    /// Rounds to so many decimal places.
    pub fn round_places(self, places: u32, rounding: Rounding) -> Checked<Fraction> {
        let scale = 10_i64.checked_pow(places).ok_or(TooLarge)?;
        let rounded = self.times(Fraction::whole(scale))?.round(rounding)?;
        Fraction::new(i128::from(rounded), i128::from(scale))
    }

    /// This many major units as whole minor units.
    pub fn to_money(self, currency: Currency, rounding: Rounding) -> Checked<Money> {
        let scale = Fraction::whole(10_i64.checked_pow(currency.exponent()).ok_or(TooLarge)?);
        Ok(Money::of(self.times(scale)?.round(rounding)?, currency))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Fraction) -> Option<Ordering> {
        let difference = self.minus(*other).ok()?;
        Some(difference.numerator.cmp(&0))
    }
}

impl fmt::Display for Fraction {
    /// A decimal where at most twelve places say it exactly, or else `numerator/denominator`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut places, mut scale) = (0_usize, 1_i128);
        while scale % self.denominator != 0 && places < 12 {
            (places, scale) = (places + 1, scale * 10);
        }
        let scaled = self.numerator.checked_mul(scale / self.denominator.max(1));
        match scaled {
            Some(value) if scale % self.denominator == 0 && places > 0 => {
                let sign = if value < 0 { "-" } else { "" };
                let (whole, rest) = (value.abs() / scale, value.abs() % scale);
                f.pad(&format!("{sign}{whole}.{rest:0places$}"))
            }
            Some(value) if self.denominator == 1 => f.pad(&value.to_string()),
            _ => f.pad(&format!("{}/{}", self.numerator, self.denominator)),
        }
    }
}

/// The text is not a number such as `15.375` or `1845/124`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAFraction(pub String);

impl fmt::Display for NotAFraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a number such as 15.375 or 1845/124", self.0)
    }
}

impl std::error::Error for NotAFraction {}

impl FromStr for Fraction {
    type Err = NotAFraction;
    fn from_str(text: &str) -> Result<Fraction, NotAFraction> {
        let wrong = || NotAFraction(text.to_owned());
        let fraction = match text.split_once('/') {
            Some((numerator, denominator)) => {
                let part = |digits: &str| digits.parse::<i128>().map_err(|_| wrong());
                Fraction::new(part(numerator)?, part(denominator)?)
            }
            None => Fraction::from_decimal(text.parse().map_err(|_| wrong())?),
        };
        fraction.map_err(|_| wrong())
    }
}

impl TryFrom<String> for Fraction {
    type Error = NotAFraction;
    fn try_from(text: String) -> Result<Fraction, NotAFraction> {
        text.parse()
    }
}

impl From<Fraction> for String {
    fn from(fraction: Fraction) -> String {
        fraction.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::dec;

    fn of(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn shows_what_it_is_without_loss() {
        assert_eq!(of(3690, 248).to_string(), "1845/124");
        assert_eq!(of(123, 8).to_string(), "15.375");
        assert_eq!(of(-1, 4).to_string(), "-0.25");
        assert_eq!(of(60, 2).to_string(), "30");
        assert_eq!(
            Fraction::from_decimal(dec!(30.10)).unwrap().to_string(),
            "30.1"
        );
    }

    #[test]
    fn zero_below_the_line_and_numbers_that_do_not_fit_are_refused() {
        assert_eq!(Fraction::new(1, 0), Err(TooLarge));
        assert_eq!(Fraction::ONE.over(Fraction::ZERO), Err(TooLarge));
        let huge = of(i128::MAX, 1);
        assert_eq!(huge.times(Fraction::whole(2)), Err(TooLarge));
        assert_eq!(huge.round(Rounding::HalfUp), Err(TooLarge));
        assert_eq!(Fraction::new(i128::MIN, -1), Err(TooLarge));
    }

    proptest! {
        #[test]
        fn agrees_with_decimal_rounding(minor in -10_000_000_i64..10_000_000, places in 1_u32..5) {
            let exact = Decimal::new(minor, places);
            for rounding in [Rounding::HalfUp, Rounding::HalfEven, Rounding::TowardZero, Rounding::Up] {
                let ours = Fraction::from_decimal(exact).unwrap().round(rounding).unwrap();
                prop_assert_eq!(Decimal::from(ours), rounding.whole(exact), "{} {}", exact, rounding.name());
            }
        }

        #[test]
        fn sums_and_products_undo(a in any::<i32>(), b in 1_i32.., c in any::<i32>(), d in 1_i32..) {
            let (left, right) = (of(a.into(), b.into()), of(c.into(), d.into()));
            prop_assert_eq!(left.plus(right).unwrap().minus(right).unwrap(), left);
            prop_assert_eq!(left.to_string().parse::<Fraction>().unwrap(), left);
            if c != 0 {
                prop_assert_eq!(left.times(right).unwrap().over(right).unwrap(), left);
            }
        }
    }
}
