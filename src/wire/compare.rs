//! One change under many rule sets, side by side.

use super::amount::Amount;
use super::compare_policy::{OwnPolicy, row};
use super::price::{Refused, Stretched, When, WorkingText, told};
use crate::billing::beside::{Beside, Own};
use crate::billing::calendar::{Day, Period};
use crate::billing::compare::{Answer, Question, ask, is_inside};
use crate::billing::fraction::Fraction;
use crate::billing::listed;
use crate::billing::money::{Checked, Currency, Money, TooLarge};
use crate::billing::order::{Line as OrderLine, LineKind};
use crate::billing::policy::{Anchoring, OrderKind, Policy};
use crate::billing::prorate::{Price, Working};
use crate::billing::rulesets::{self, Anchor, RuleSet, Settle};
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
    /// The account's own change, where a real one is compared; the first answer is its seller's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<RealChange>,
    /// What each rule set says.
    pub answers: Vec<Line>,
}

/// The change of an account that is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealChange {
    /// The account.
    pub account: String,
    /// In words: `Pro instead of Basic`.
    pub change: String,
    /// How many paid terms are left, the running one first; each is charged.
    pub terms: usize,
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
    /// What the change does to the end of the term, where it is made now.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub anchor: Option<Anchor>,
    /// Why no money moves now, where the seller's own policy lets none move.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// What each working is, in the same order.
    #[serde(default)]
    pub parts: Vec<String>,
    /// How credit and charge were computed.
    pub workings: Vec<WorkingText>,
}

impl Line {
    /// A rule set by which no money moves.
    pub(super) fn unmoved(rule_set: &str, about: String, currency: Currency) -> Line {
        let zero = Money::zero(currency);
        Line {
            rule_set: rule_set.to_owned(),
            about,
            share: "-".to_owned(),
            credit: None,
            charge: zero.into(),
            net: zero.into(),
            bought: None,
            anchor: None,
            note: None,
            parts: Vec::new(),
            workings: Vec::new(),
        }
    }
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
    /// Sellers' own policies, whose rows come first.
    pub policies: Vec<OwnPolicy>,
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
    let sets = named(&asked.rule_sets)?;
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
    let own = asked.policies.iter().map(|own| row(own, &question));
    let mut answers = own.collect::<Result<Vec<Line>, Refused>>()?;
    for set in sets {
        answers.push(line(set, std::slice::from_ref(&question))?);
    }
    Ok(Comparison {
        term: span,
        on: told(question.on),
        from: price_text(question.from),
        to: price_text(question.to),
        account: None,
        answers,
    })
}

fn price_text(price: Price) -> PriceText {
    PriceText {
        unit: price.unit.to_string(),
        quantity: price.quantity,
    }
}

/// Days as they were counted; seconds and minutes in lowest terms, as nobody reads millions.
pub(super) fn share_text(working: &Working) -> Checked<String> {
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

fn line(set: &RuleSet, questions: &[Question]) -> Checked<Line> {
    let mut lines = questions.iter().map(|question| single(set, question));
    let Some(first) = lines.next() else {
        return Err(TooLarge);
    };
    lines.try_fold(first?, |sum, line| added(sum, line?))
}

/// What a rule set says about two terms or seat types together.
fn added(mut sum: Line, line: Line) -> Checked<Line> {
    let plus = |one: &Amount, other: &Amount| one.money().plus(other.money()).map(Amount::from);
    sum.credit = match (&sum.credit, &line.credit) {
        (Some(one), Some(other)) => Some(plus(one, other)?),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    sum.charge = plus(&sum.charge, &line.charge)?;
    sum.net = plus(&sum.net, &line.net)?;
    sum.parts.extend(line.parts);
    sum.workings.extend(line.workings);
    Ok(sum)
}

fn single(set: &RuleSet, question: &Question) -> Checked<Line> {
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
            anchor: Some(set.anchor()),
            note: None,
            parts: match change.credit {
                Some(_) => vec!["Credit".to_owned(), "Charge".to_owned()],
                None => vec!["Difference".to_owned()],
            },
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
            anchor: Some(set.anchor()),
            note: None,
            parts: vec!["Credit".to_owned()],
            workings: vec![WorkingText::from(credit.as_ref())],
        },
    })
}

/// The rule sets of these names; all of them for none.
fn named(names_asked: &[String]) -> Result<Vec<&'static RuleSet>, Refused> {
    if names_asked.is_empty() {
        return Ok(rulesets::ALL.iter().collect());
    }
    let known = names_asked.iter().map(|name| {
        let message = format!(
            "There is no rule set {name:?}; there are {}.",
            listed::and(names())
        );
        rulesets::named(name).ok_or_else(|| Refused::new("not_found", message))
    });
    known.collect()
}

/// A real change of an account: its seller's own row first, then every rule set that answers in money.
///
/// # Errors
/// A rule set is not known, or an amount does not fit.
pub fn real(
    account: &str,
    policy: &Policy,
    beside: &Beside,
    rule_sets: &[String],
) -> Result<Comparison, Refused> {
    let Some(first) = beside.questions.first() else {
        let message = format!("Nothing would change for {account}.");
        return Err(Refused::new("nothing_to_change", message));
    };
    let mut answers = vec![own(policy, beside, first)?];
    for set in named(rule_sets)? {
        // Days bought by one term's credit move that term's end; with several they have no one meaning.
        if set.settle == Settle::Money || beside.questions.len() == 1 {
            answers.push(line(set, &beside.questions)?);
        }
    }
    let mut terms: Vec<_> = beside.questions.iter().map(|q| q.stretch.term).collect();
    terms.dedup();
    let term = first.stretch.term;
    Ok(Comparison {
        term: format!("{}..{}", told(term.from), told(term.to)),
        on: told(first.on),
        from: price_text(first.from),
        to: price_text(first.to),
        account: Some(RealChange {
            account: account.to_owned(),
            change: beside.change.clone(),
            terms: terms.len(),
        }),
        answers,
    })
}

/// The row of the seller's own policy: the order as it would be placed, before discounts and tax.
fn own(policy: &Policy, beside: &Beside, question: &Question) -> Checked<Line> {
    let zero = Money::zero(question.from.currency);
    let about = "This account's own seller, before discounts and tax.".to_owned();
    let mut row = Line::unmoved(&policy.id, about, zero.currency);
    let order = match &beside.own {
        Own::Later(_) => {
            row.note = Some("Nothing now; the change waits for the renewal.".to_owned());
            return Ok(row);
        }
        Own::Refused(refusal) => {
            row.note = Some(format!("Refused: {}", refusal.message));
            return Ok(row);
        }
        Own::Order(order) => order,
    };
    row.anchor = Some(Anchor::from(match order.kind {
        OrderKind::Upgrade => policy.upgrade.term,
        OrderKind::Downgrade => policy.downgrade.term,
        _ => Anchoring::Keep,
    }));
    let sum = |credits: bool| {
        let wanted = |line: &&OrderLine| (line.kind == LineKind::Credit) == credits;
        let lines = order.lines.iter().filter(wanted);
        Money::sum(zero.currency, lines.map(|line| line.gross))
    };
    let (charged, given) = (sum(false)?, sum(true)?.negated()?);
    row.credit = (!given.is_zero()).then(|| given.into());
    row.charge = charged.into();
    row.net = charged.minus(given)?.into();
    for line in &order.lines {
        if let Some(working) = &line.working {
            if row.parts.is_empty() {
                row.share = share_text(working)?;
            }
            row.parts.push(line.text.clone());
            row.workings.push(WorkingText::from(working));
        }
    }
    Ok(row)
}
