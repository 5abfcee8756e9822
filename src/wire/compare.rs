//! One change under many rule sets, side by side.

use super::amount::Amount;
use super::price::{Refused, Stretched, When, WorkingText, told};
use crate::billing::calendar::{Day, Period};
use crate::billing::compare::{Answer, Question, ask, is_inside};
use crate::billing::fraction::Fraction;
use crate::billing::money::{Checked, Currency, Money};
use crate::billing::prorate::{Price, Working};
use crate::billing::rulesets::{self, RuleSet};
use crate::billing::share::Stretch;
use crate::billing::switches::Unit;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A change and what every rule set says about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The running term.
    pub term: String,
    /// When the price changes.
    pub on: String,
    /// The price before.
    pub from: PriceText,
    /// The price after.
    pub to: PriceText,
    /// What each rule set says.
    pub answers: Vec<Line>,
}

/// A price per unit and a number of units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceText {
    /// For one unit and the whole period, in major units.
    pub unit: String,
    /// How many units.
    pub quantity: i64,
}

/// What one rule set says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its name.
    pub rule_set: String,
    /// What its maker publishes.
    pub about: String,
    /// The share of the term that is left.
    pub share: String,
    /// The credit for the unused time, above zero; absent where there is one line for the difference.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credit: Option<Amount>,
    /// The charge for the rest of the term.
    pub charge: Amount,
    /// Charge less credit; nothing where the credit buys days.
    pub net: Amount,
    /// Where the credit buys days instead of money.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bought: Option<Bought>,
    /// How credit and charge were computed, in this order.
    pub workings: Vec<WorkingText>,
}

/// Days that a credit has bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bought {
    /// Exactly.
    pub exact_days: String,
    /// Whole days.
    pub days: i64,
    /// When the new price is charged for the first time.
    pub first_charge_on: Day,
}

/// A change in plain values.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The price of one unit for the whole term before the change, in major units.
    pub from_price: Decimal,
    /// The same after it.
    pub to_price: Decimal,
    /// How many units before the change.
    pub from_quantity: i64,
    /// How many after it.
    pub to_quantity: i64,
    /// The currency.
    pub currency: Currency,
    /// The running term.
    pub term: Stretched,
    /// When the price changes.
    pub on: When,
    /// The plan's own period, where the term is shorter or longer.
    pub period: Option<Period>,
    /// The day of the month on which the plan's periods begin.
    pub bill_day: Option<u32>,
    /// The rule sets that are asked; all of them when empty.
    pub rule_sets: Vec<String>,
}

/// The names of all rule sets, in the order in which they are printed.
pub fn names() -> impl Iterator<Item = &'static str> {
    rulesets::ALL.iter().map(|set| set.name)
}

/// Asks the rule sets.
///
/// # Errors
/// A rule set is not known, the change lies outside the term, or an amount does not fit.
pub fn compare(asked: &Asked) -> Result<Comparison, Refused> {
    let known = asked.rule_sets.iter().map(|name| {
        let message = format!(
            "There is no rule set {name:?}; there are {}.",
            names().collect::<Vec<_>>().join(", ")
        );
        rulesets::named(name).ok_or_else(|| Refused::new("not_found", message))
    });
    let mut sets = known.collect::<Result<Vec<&RuleSet>, Refused>>()?;
    if sets.is_empty() {
        sets = rulesets::ALL.iter().collect();
    }
    let price = |unit, quantity| Price::of(unit, quantity, asked.currency);
    let question = Question {
        stretch: Stretch {
            term: asked.term.0,
            period: asked.period,
            anchor_day: asked.bill_day,
            contract: None,
        },
        from: price(asked.from_price, asked.from_quantity),
        to: price(asked.to_price, asked.to_quantity),
        on: asked.on.0,
    };
    let term = question.stretch.term;
    let span = format!("{}..{}", told(term.from), told(term.to));
    if !is_inside(&question) {
        let message = format!("{} is not inside the term {span}.", told(question.on));
        return Err(Refused::new("outside_the_term", message));
    }
    let answers = sets.into_iter().map(|set| line(set, &question));
    Ok(Comparison {
        term: span,
        on: told(question.on),
        from: price_text(question.from),
        to: price_text(question.to),
        answers: answers.collect::<Checked<Vec<Line>>>()?,
    })
}

fn price_text(price: Price) -> PriceText {
    PriceText {
        unit: price.unit.to_string(),
        quantity: price.quantity,
    }
}

/// Days as they were counted; seconds and minutes in lowest terms, as nobody reads millions.
fn share_text(working: &Working) -> Checked<String> {
    let (upper, lower) = (
        i128::from(working.numerator),
        i128::from(working.denominator),
    );
    let (upper, lower) = match working.unit {
        Unit::Second | Unit::Minute => {
            let share = Fraction::new(upper, lower)?;
            (share.numerator(), share.denominator())
        }
        Unit::Day | Unit::Month | Unit::None => (upper, lower),
    };
    Ok(format!("{upper}/{lower}"))
}

fn line(set: &RuleSet, question: &Question) -> Checked<Line> {
    let (name, about) = (set.name.to_owned(), set.about.to_owned());
    Ok(match ask(set, question)? {
        Answer::Money(change) => Line {
            rule_set: name,
            about,
            share: share_text(&change.charge)?,
            credit: change.credit.as_ref().map(|credit| credit.amount.into()),
            charge: change.charge.amount.into(),
            net: change.net.into(),
            bought: None,
            workings: change
                .credit
                .iter()
                .chain([&change.charge])
                .map(WorkingText::from)
                .collect(),
        },
        Answer::Days {
            credit,
            exact,
            days,
            first_charge_on,
            charge,
        } => Line {
            rule_set: name,
            about,
            share: share_text(&credit)?,
            credit: Some(credit.amount.into()),
            charge: charge.into(),
            net: Money::zero(charge.currency).into(),
            bought: Some(Bought {
                exact_days: exact.to_string(),
                days,
                first_charge_on,
            }),
            workings: vec![WorkingText::from(credit.as_ref())],
        },
    })
}
