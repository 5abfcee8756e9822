//! `subdesk policy compare`: one change under many rule sets, side by side.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Explain, Look, Shape};
use super::parse;
use super::reply::Reply;
use super::seller;
use crate::billing::calendar::Period;
use crate::billing::money::Currency;
use crate::desk::beside::Beside;
use crate::wire::Document;
use crate::wire::compare::{Asked, compare, names};
use crate::wire::price::{Stretched, When};
use clap::Args;
use clap::builder::PossibleValuesParser;
use rust_decimal::Decimal;

// A change of price or seats inside a term that was billed at the old price.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// A real change: this account's term, seats and prices, with the seller's own answer first
    #[arg(long, value_name = "NAME", value_parser = parse::name,
          conflicts_with_all = ["from_price", "to_price", "seats", "term", "currency", "period", "bill_day"])]
    account: Option<String>,

    /// The plan the account would change to
    #[arg(long, value_name = "PLAN", value_parser = parse::name, requires = "account")]
    to_plan: Option<String>,

    /// The price of one seat for the whole term before the change
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = parse::amount,
          required_unless_present = "account")]
    from_price: Option<Decimal>,

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
    #[arg(long, value_name = "FROM..TO", value_parser = stretched,
          required_unless_present = "account")]
    term: Option<Stretched>,

    /// When the change comes: 2024-03-16 or 2024-03-16T15:00Z; for an account [default: now]
    #[arg(long, value_name = "DATE", value_parser = instant, required_unless_present = "account")]
    on: Option<Instant>,

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

    /// A policy file of your own as another row, - for stdin, or a built-in seller; may be repeated
    #[arg(long = "policy", value_name = "FILE", value_parser = parse::name,
          value_hint = clap::ValueHint::FilePath, conflicts_with = "account")]
    policies: Vec<String>,

    #[command(flatten)]
    explain: Explain,

    #[command(flatten)]
    shape: Shape,
}

fn stretched(text: &str) -> Result<Stretched, String> {
    Stretched::try_from(text.to_owned())
}

/// When a change comes, as it counts without a zone and in the seller's.
#[derive(Debug, Clone, Copy)]
struct Instant {
    bare: When,
    zoned: parse::When,
}

fn instant(text: &str) -> Result<Instant, String> {
    let bare = When::try_from(text.to_owned())?;
    let with_seconds = match text.strip_suffix('Z') {
        Some(short) if short.len() == "2024-03-16T15:00".len() => format!("{short}:00Z"),
        _ => text.to_owned(),
    };
    let zoned = parse::when(&with_seconds)?;
    Ok(Instant { bare, zoned })
}

fn currency(text: &str) -> Result<Currency, String> {
    text.parse::<Currency>().map_err(|wrong| wrong.to_string())
}

impl Compare {
    pub(super) fn run(self, cx: &Context) -> Result<Reply, Failure> {
        if self.account.is_some() {
            return self.real(cx);
        }
        let (Some(from_price), Some(term), Some(on)) = (self.from_price, self.term, self.on) else {
            return Err(Failure::usage("Name --from-price, --term and --on."));
        };
        let asked = Asked {
            from_price,
            to_price: self.to_price.unwrap_or(from_price),
            from_quantity: i64::from(self.seats),
            to_quantity: i64::from(self.to_seats.unwrap_or(self.seats)),
            currency: self.currency,
            term,
            on: on.bare,
            period: self.period,
            bill_day: self.bill_day,
            rule_sets: self.rule_sets,
            policies: self
                .policies
                .iter()
                .map(|name| seller::own(name))
                .collect::<Result<_, _>>()?,
        };
        let comparison =
            compare(&asked).map_err(|refused| Failure::usage(refused.message().to_owned()))?;
        let document = Document::Comparison(Box::new(comparison));
        Ok(Reply::document(document, self.shape.form()).detail(self.explain.detail()))
    }

    fn real(self, cx: &Context) -> Result<Reply, Failure> {
        if self.to_plan.is_none() && self.to_seats.is_none() {
            return Err(Failure::usage("Name --to-plan, --to-seats, or both."));
        }
        let question = Beside {
            account: self.account.unwrap_or_default(),
            plan: self.to_plan,
            seats: self.to_seats,
            rule_sets: self.rule_sets,
        };
        let look = Look {
            as_of: self.on.map(|on| on.zoned),
            shape: self.shape,
        };
        Ok(cx.ask(&look, &question)?.detail(self.explain.detail()))
    }
}
