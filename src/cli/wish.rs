//! The arguments that every order shares: how it is paid, and what makes it cheaper.

use super::parse;
use crate::billing::account::Discount;
use crate::billing::money::{Currency, Money, Rounding};
use crate::desk::order::Wish;
use clap::Args;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

// How an order is paid, and what makes it cheaper.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "How it is paid")]
pub(super) struct Paying {
    /// The payment method, by its name in the catalog [default: the one on file]
    #[arg(long, value_name = "METHOD", value_parser = parse::name)]
    pub(super) method: Option<String>,

    /// Pay in so many parts, where the method allows it
    #[arg(long, value_name = "PARTS", allow_negative_numbers = true, value_parser = parse::quantity)]
    pub(super) instalments: Option<u32>,

    /// Percent off this order; only support gives it, with --reason
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = parse::amount, conflicts_with = "amount_off")]
    percent_off: Option<Decimal>,

    /// An amount off this order, such as "50.00 USD"; only support gives it, with --reason
    #[arg(long, value_name = "AMOUNT", value_parser = money)]
    amount_off: Option<Money>,

    /// A negotiated price of one seat for the whole period; only support gives it, with --reason
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = parse::amount)]
    price: Option<Decimal>,

    /// The total you expect, such as "630.00 USD"; any other is refused
    #[arg(long, value_name = "TOTAL", value_parser = money)]
    expect: Option<Money>,
}

impl Paying {
    /// Puts the arguments into a wish.
    pub(super) fn fill(self, mut wish: Wish) -> Wish {
        wish.method = self.method;
        wish.instalments = self.instalments;
        wish.price = self.price;
        wish.expected_total = self.expect;
        let percent = self
            .percent_off
            .map(|percent| Discount::Percent { percent });
        wish.discount = percent.or(self.amount_off.map(|off| Discount::Amount { off }));
        wish
    }
}

/// Reads an amount with its currency: `150.83 USD`, `USD 150.83`.
pub(super) fn money(text: &str) -> Result<Money, String> {
    let wrong =
        || format!("{text:?} is not an amount with a currency; write it such as \"150.83 USD\"");
    let (first, second) = text.trim().split_once(' ').ok_or_else(wrong)?;
    let (amount, code) = match first.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => (second, first),
        false => (first, second),
    };
    let currency: Currency = code
        .trim()
        .to_uppercase()
        .parse()
        .map_err(|error| format!("{error}"))?;
    let exact = parse::amount(amount.trim())?;
    if exact.scale() > currency.exponent() && !exact.normalize().scale().le(&currency.exponent()) {
        return Err(format!("{text:?} has more places than {currency} has"));
    }
    Money::round(exact, currency, Rounding::HalfUp).map_err(|error| error.to_string())
}

/// Seats as a person types them: `3`, `full=3,seasonal=2`.
pub(super) fn seats(text: &str) -> Result<BTreeMap<String, u32>, String> {
    let mut seats = BTreeMap::new();
    for part in text.split(',') {
        let (kind, count) = part.split_once('=').unwrap_or(("", part));
        if seats
            .insert(kind.trim().to_owned(), parse::quantity(count.trim())?)
            .is_some()
        {
            return Err(format!("{text:?} names a seat type twice"));
        }
    }
    Ok(seats)
}

/// Units of an add-on: `ai-credits=2`, or `ai-credits` for one.
pub(super) fn add_on(text: &str) -> Result<(String, u32), String> {
    let (name, count) = text.split_once('=').unwrap_or((text, "1"));
    Ok((parse::name(name)?, parse::quantity(count.trim())?))
}
