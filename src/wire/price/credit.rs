//! `credit`: what the unused part of billed lines is worth, and where that goes.

use super::settled::imagined;
use super::shown;
use super::words::{Figure, Refused, RuleSetName, Stretched, When, WorkingText, dollars};
use crate::billing::calendar::midnight;
use crate::billing::figures::tax::{Percent, taxed};
use crate::billing::fraction::Fraction;
use crate::billing::money::{Currency, Money};
use crate::billing::prorate::{Billed, Price, Working, unused, unused_in};
use crate::billing::share::{Stretch, Window};
use crate::billing::switches::CreditBasis;
use crate::wire::amount::Amount;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A billed line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The days it was billed for.
    service: Option<Stretched>,
    /// What was billed.
    amount: Figure,
    /// What earlier credits and adjustments gave back.
    #[serde(default)]
    credited: Figure,
    /// The price for the whole term, where the line was billed for a part of it.
    price: Option<Figure>,
    term: Option<Stretched>,
    /// The days that are not used, where the request names no day for all lines.
    unused: Option<Stretched>,
    /// A credit that was computed elsewhere, to be cut to what is left.
    asked: Option<Figure>,
}

/// A request of kind `credit`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    #[serde(default)]
    rules: RuleSetName,
    lines: Vec<Line>,
    /// The day from which the lines are not used.
    on: Option<When>,
    /// In place of days: the share that is left unused.
    left: Option<Fraction>,
    #[serde(default)]
    tax_percent: Percent,
    /// What is still unpaid; a credit lowers that before it becomes balance.
    #[serde(default)]
    open: Figure,
}

#[derive(Serialize)]
struct LineText {
    subtotal: Amount,
    tax: Amount,
    total: Amount,
    /// What of the line stays billed after this and all earlier credits, without tax.
    kept: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    working: Option<WorkingText>,
}

#[derive(Serialize)]
struct CreditAnswer {
    lines: Vec<LineText>,
    subtotal: Amount,
    tax: Amount,
    total: Amount,
    lowers_invoice: Amount,
    to_balance: Amount,
}

/// Answers `credit`.
pub fn credit(request: CreditRequest) -> Result<Value, Refused> {
    let currency = request.currency;
    let mut texts = Vec::with_capacity(request.lines.len());
    for line in &request.lines {
        texts.push(one(&request, line)?);
    }
    let sum = |pick: fn(&LineText) -> &Amount| {
        Money::sum(currency, texts.iter().map(|text| pick(text).money()))
    };
    let (subtotal, tax) = (sum(|text| &text.subtotal)?, sum(|text| &text.tax)?);
    let total = subtotal.plus(tax)?;
    let open = request.open.money(currency)?;
    let lowers = total.at_most(Money::of(open.minor.max(0), currency));
    shown(CreditAnswer {
        subtotal: subtotal.into(),
        tax: tax.into(),
        total: total.into(),
        lowers_invoice: lowers.into(),
        to_balance: total.minus(lowers)?.into(),
        lines: texts,
    })
}

fn one(request: &CreditRequest, line: &Line) -> Result<LineText, Refused> {
    let currency = request.currency;
    let amount = line.amount.money(currency)?;
    let billed = Billed {
        service: line.service.map_or(nowhere(), |service| service.0),
        amount,
        credited: line.credited.money(currency)?,
        price: Price::of(
            line.price.map_or(amount.major(), |price| price.0),
            1,
            currency,
        ),
    };
    let left = billed.left()?;
    let (subtotal, tax, working) = match line.asked {
        Some(asked) => {
            let given = asked.money(currency)?.at_most(left);
            let exact =
                Fraction::from_decimal(given.major())?.times(request.tax_percent.share()?)?;
            (
                given,
                exact.to_money(currency, request.rules.switches.rounding)?,
                None,
            )
        }
        None => {
            let working = worked(request, line, &billed)?;
            let taxed = taxed(
                &working,
                request.tax_percent,
                request.rules.switches.rounding,
            )?;
            (taxed.subtotal, taxed.tax, Some(WorkingText::from(&working)))
        }
    };
    Ok(LineText {
        subtotal: subtotal.into(),
        tax: tax.into(),
        total: subtotal.plus(tax)?.into(),
        kept: left.minus(subtotal)?.into(),
        working,
    })
}

fn nowhere() -> Window {
    Window::new(midnight(Default::default()), midnight(Default::default()))
}

fn worked(request: &CreditRequest, line: &Line, billed: &Billed) -> Result<Working, Refused> {
    let rules = &request.rules.switches;
    if let Some(left) = request.left {
        let (service, at) = imagined(left)?;
        let billed = Billed { service, ..*billed };
        return Ok(unused(
            rules,
            &Stretch::of(service),
            &billed,
            at,
            billed.price,
        )?);
    }
    let mut term = line.term.map_or(billed.service, |term| term.0);
    if rules.credit_basis == CreditBasis::Billed && line.price.is_none() {
        term = billed.service;
    }
    let stretch = Stretch::of(term);
    match (line.unused, request.on, line.service) {
        (_, _, None) => Err(Refused::new(
            "bad_request",
            "A line needs the \"service\" it was billed for.".to_owned(),
        )),
        (Some(part), _, _) => Ok(unused_in(rules, &stretch, billed, part.0, billed.price)?),
        (None, Some(on), _) => Ok(unused(rules, &stretch, billed, on.0, billed.price)?),
        (None, None, _) => Err(Refused::new(
            "bad_request",
            "A credit needs the day \"on\" which use ends, or the days that are \"unused\"."
                .to_owned(),
        )),
    }
}
