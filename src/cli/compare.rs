//! `subdesk policy compare`: one change under many rule sets, side by side.

use super::failure::Failure;
use super::groups::{Explain, Shape};
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Period;
use crate::billing::money::Currency;
use crate::wire::Document;
use crate::wire::compare::{Asked, compare, names};
use crate::wire::price::{Stretched, When};
use clap::Args;
use clap::builder::PossibleValuesParser;
use rust_decimal::Decimal;

/// A change of price or seats inside a term that was billed at the old price.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The price of one seat for the whole term before the change
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = parse::amount)]
    from_price: Decimal,

    /// The price after the change [default: the same]
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = parse::amount)]
    to_price: Option<Decimal>,

    /// How many seats
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, value_parser = parse::quantity, default_value = "1")]
    seats: u32,

    /// How many seats after the change [default: the same]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, value_parser = parse::quantity)]
    to_seats: Option<u32>,

    /// The running term, its end not included: 2024-03-01..2024-04-01
    #[arg(long, value_name = "FROM..TO", value_parser = stretched)]
    term: Stretched,

    /// When the change comes: 2024-03-16 or 2024-03-16T15:00Z
    #[arg(long, value_name = "DATE", value_parser = instant)]
    on: When,

    /// The currency of the prices
    #[arg(long, value_name = "CODE", default_value = "USD", value_parser = currency)]
    currency: Currency,

    /// The plan's own period, where the term was cut or stretched
    #[arg(long, value_parser = parse::period)]
    period: Option<Period>,

    /// The day of the month on which the plan's periods begin
    #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u32).range(1..=31))]
    bill_day: Option<u32>,

    /// Only this rule set; may be repeated [default: all]
    #[arg(long = "ruleset", value_name = "NAME", hide_possible_values = true,
          value_parser = PossibleValuesParser::new(names()))]
    rule_sets: Vec<String>,

    #[command(flatten)]
    explain: Explain,

    #[command(flatten)]
    shape: Shape,
}

fn stretched(text: &str) -> Result<Stretched, String> {
    Stretched::try_from(text.to_owned())
}

fn instant(text: &str) -> Result<When, String> {
    When::try_from(text.to_owned())
}

fn currency(text: &str) -> Result<Currency, String> {
    text.parse::<Currency>().map_err(|wrong| wrong.to_string())
}

impl Compare {
    pub(super) fn run(self) -> Result<Reply, Failure> {
        let asked = Asked {
            from_price: self.from_price,
            to_price: self.to_price.unwrap_or(self.from_price),
            from_quantity: i64::from(self.seats),
            to_quantity: i64::from(self.to_seats.unwrap_or(self.seats)),
            currency: self.currency,
            term: self.term,
            on: self.on,
            period: self.period,
            bill_day: self.bill_day,
            rule_sets: self.rule_sets,
        };
        let comparison =
            compare(&asked).map_err(|refused| Failure::usage(refused.message().to_owned()))?;
        let document = Document::Comparison(Box::new(comparison));
        Ok(Reply::document(document, self.shape.form()).detail(self.explain.detail()))
    }
}
