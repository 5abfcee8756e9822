//! One change under many rule sets, side by side.

use super::amount::Amount;
use super::price::{WorkingText, told};
use crate::billing::calendar::Day;
use crate::billing::compare::{Answer, Question, ask};
use crate::billing::money::{Checked, Money};
use crate::billing::prorate::Price;
use crate::billing::rulesets::RuleSet;
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

impl Comparison {
    /// Asks these rule sets.
    ///
    /// # Errors
    /// An amount does not fit.
    pub fn of<'a>(
        question: &Question,
        sets: impl IntoIterator<Item = &'a RuleSet>,
    ) -> Checked<Comparison> {
        let term = question.stretch.term;
        let answers = sets.into_iter().map(|set| line(set, question));
        Ok(Comparison {
            term: format!("{}..{}", told(term.from), told(term.to)),
            on: told(question.on),
            from: price(question.from),
            to: price(question.to),
            answers: answers.collect::<Checked<Vec<Line>>>()?,
        })
    }
}

fn price(price: Price) -> PriceText {
    PriceText {
        unit: price.unit.to_string(),
        quantity: price.quantity,
    }
}

fn line(set: &RuleSet, question: &Question) -> Checked<Line> {
    let (name, about) = (set.name.to_owned(), set.about.to_owned());
    Ok(match ask(set, question)? {
        Answer::Money(change) => Line {
            rule_set: name,
            about,
            share: format!("{}/{}", change.charge.numerator, change.charge.denominator),
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
            share: format!("{}/{}", credit.numerator, credit.denominator),
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
