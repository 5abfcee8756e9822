//! `change`: old lines replaced by new ones on a day, once or several times.

use super::settled::{Settled, imagined};
use super::shown;
use super::words::{Figure, Refused, RuleSetName, Stretched, When, WorkingText, dollars, told};
use crate::billing::calendar::{Day, Period, Span, plus_days};
use crate::billing::figures::replace::{Extent, Extents, New, Old, Part, Replacement, replace};
use crate::billing::figures::schedule::{Align, CycleBefore, Schedule};
use crate::billing::figures::tax::Percent;
use crate::billing::fraction::Fraction;
use crate::billing::money::{Currency, Money, Rounding};
use crate::billing::prorate::{Billed, Price, days_bought};
use crate::billing::rulesets::Settle;
use crate::billing::share::{Stretch, Window};
use crate::wire::amount::Amount;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One line before or after the change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The price of one unit for the whole period of the line.
    price: Figure,
    quantity: Option<i64>,
    /// A discount on the price, in per cent.
    percent_off: Option<Percent>,
    /// A discount on the price of all its units after that.
    amount_off: Option<Figure>,
    /// The term that the price pays for, if it is not that of the request.
    term: Option<Stretched>,
    /// For a new line: the period and bill day that its first cycle is made from.
    period: Option<Period>,
    bill_day: Option<u32>,
    /// For an old line: the days it was billed for, if not the whole term.
    service: Option<Stretched>,
    /// For an old line: what was billed, if not the price of the service.
    billed: Option<Figure>,
    /// For an old line: what earlier credits gave back.
    credited: Option<Figure>,
}

/// One change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    on: When,
    new: Vec<Line>,
}

/// A request of kind `change`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    #[serde(default)]
    rules: RuleSetName,
    /// The running term.
    term: Option<Stretched>,
    /// The plan's own period, where the running term was stretched or cut, and the day it begins on.
    period: Option<Period>,
    bill_day: Option<u32>,
    on: Option<When>,
    /// In place of a term and a day: the share of the term that is left, such as `1/2`.
    left: Option<Fraction>,
    #[serde(default)]
    old: Vec<Line>,
    #[serde(default)]
    new: Vec<Line>,
    /// Several changes, each of the lines that the one before has left.
    #[serde(default)]
    steps: Vec<Step>,
    /// What is given back for the old lines.
    #[serde(default)]
    credit: Extent,
    /// What is charged for the new lines.
    #[serde(default)]
    charge: Extent,
    #[serde(default)]
    tax_percent: Percent,
    opening_credit: Option<Figure>,
}

#[derive(Serialize)]
struct PartText {
    from: String,
    to: String,
    amount: Amount,
    tax: Amount,
    total: Amount,
    working: WorkingText,
}

#[derive(Serialize)]
struct StepText {
    on: String,
    credits: Vec<PartText>,
    charges: Vec<PartText>,
    net: Amount,
}

#[derive(Serialize)]
struct ChangeAnswer {
    steps: Vec<StepText>,
    net: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    bought: Option<DaysBought>,
    settled: Settled,
}

#[derive(Serialize)]
struct DaysBought {
    credit: Amount,
    exact_days: String,
    days: i64,
    first_charge_on: Day,
    charge: Amount,
}

/// Parts as they are printed; lines of nothing are left out.
fn part_texts(parts: &[Part]) -> Vec<PartText> {
    let moved = parts.iter().filter(|part| !part.taxed.total.is_zero());
    moved.map(part_text).collect()
}

/// A part and its tax as they are printed; credits are printed as amounts above zero.
fn part_text(part: &Part) -> PartText {
    let working = WorkingText::from(&part.working);
    PartText {
        from: working.from.clone(),
        to: working.to.clone(),
        amount: part.taxed.subtotal.into(),
        tax: part.taxed.tax.into(),
        total: part.taxed.total.into(),
        working,
    }
}

impl Line {
    fn price(&self, currency: Currency) -> Result<Price, Refused> {
        let off = self.percent_off.unwrap_or_default().0;
        let kept = Decimal::ONE_HUNDRED.checked_sub(off);
        let kept = kept.and_then(|kept| kept.checked_div(Decimal::ONE_HUNDRED));
        let unit = kept.and_then(|kept| self.price.0.checked_mul(kept));
        let too_large = || Refused::from(crate::billing::money::TooLarge);
        let (unit, quantity) = (unit.ok_or_else(too_large)?, self.quantity.unwrap_or(1));
        let Some(amount_off) = self.amount_off else {
            return Ok(Price::of(unit, quantity, currency));
        };
        let whole = unit
            .checked_mul(Decimal::from(quantity))
            .ok_or_else(too_large)?;
        let left = whole.checked_sub(amount_off.0).ok_or_else(too_large)?;
        Ok(Price::of(left.max(Decimal::ZERO), 1, currency))
    }

    fn stretch(
        &self,
        before: CycleBefore,
        term: Option<Stretch>,
        on: Day,
    ) -> Result<Stretch, Refused> {
        let own = self.term.map(|term| term.0);
        let cycle = self.period.filter(|_| own.is_none()).map(|period| {
            let schedule = Schedule::new(on, period, self.bill_day, Align::BillDay, before);
            let cycle = match schedule.first == on {
                true => Span::new(on, schedule.at(1)),
                false => schedule.cycle_before(),
            };
            Window::from(schedule.measured(cycle, Span::new(on, cycle.end)))
        });
        let needed = own.or(cycle).map(Stretch::of).or(term);
        let message = "A change needs a \"term\" or the share that is \"left\".".to_owned();
        needed.ok_or_else(|| Refused::new("bad_request", message))
    }

    fn old(&self, currency: Currency, term: Option<Stretch>, on: Day) -> Result<Old, Refused> {
        let mut stretch = self.stretch(
            CycleBefore::BillDay,
            term.or(self.service.map(|days| Stretch::of(days.0))),
            on,
        )?;
        let current = self.price(currency)?;
        let service = self.service.map_or(stretch.term, |service| service.0);
        if service.to > stretch.term.to || service.from < stretch.term.from {
            stretch = Stretch::of(service);
        }
        let (amount, price) = match self.billed {
            Some(billed) => {
                let amount = billed.money(currency)?;
                (amount, Price::of(amount.major(), 1, currency))
            }
            None => (
                current.whole()?.to_money(currency, Rounding::HalfUp)?,
                current,
            ),
        };
        let credited = self
            .credited
            .map_or(Ok(Money::zero(currency)), |given| given.money(currency));
        let whole = service == stretch.term;
        Ok(Old {
            stretch,
            line: Billed {
                service,
                amount,
                credited: credited?,
                price: if whole { price } else { current },
            },
            current,
        })
    }
}

/// Answers `change`.
pub fn change(mut request: ChangeRequest) -> Result<Value, Refused> {
    let currency = request.currency;
    let mut term = request.term.map(|term| Stretch {
        period: request.period,
        anchor_day: request.bill_day,
        ..Stretch::of(term.0)
    });
    let mut steps = std::mem::take(&mut request.steps);
    let mut on = request.on.map(|on| on.0);
    if let Some(left) = request.left {
        let (window, at) = imagined(left)?;
        (term, on) = (Some(Stretch::of(window)), Some(at));
    }
    match on {
        Some(on) => steps.insert(
            0,
            Step {
                on: When(on),
                new: std::mem::take(&mut request.new),
            },
        ),
        None if steps.is_empty() => {
            let message = "A change needs the day it comes \"on\".".to_owned();
            return Err(Refused::new("bad_request", message));
        }
        None => {}
    }
    let first = steps
        .first()
        .map_or(Day::default(), |step| step.on.0.date());
    let lines = request
        .old
        .iter()
        .map(|line| line.old(currency, term, first));
    let mut old = lines.collect::<Result<Vec<Old>, Refused>>()?;
    let mut told_steps = Vec::with_capacity(steps.len());
    let mut net = Money::zero(currency);
    for step in &steps {
        let done = one(&request, step, term, &old)?;
        net = net.plus(done.0.net)?;
        told_steps.push(StepText {
            on: told(step.on.0),
            credits: part_texts(&done.0.credits),
            charges: part_texts(&done.0.charges),
            net: done.0.net.into(),
        });
        old = follow(currency, &done.0, &done.1);
    }
    let bought = match (request.rules.settle, steps.first()) {
        (Settle::Days, Some(step)) => Some(bought(&request, step, term)?),
        _ => None,
    };
    let moved = if bought.is_some() {
        Money::zero(currency)
    } else {
        net
    };
    shown(ChangeAnswer {
        steps: told_steps,
        net: moved.into(),
        bought,
        settled: Settled::of(moved, request.opening_credit)?,
    })
}

fn one(
    request: &ChangeRequest,
    step: &Step,
    term: Option<Stretch>,
    old: &[Old],
) -> Result<(Replacement, Vec<New>), Refused> {
    let before = request.rules.cycle_before;
    let new = step.new.iter().map(|line| {
        Ok(New {
            stretch: line.stretch(before, term, step.on.0.date())?,
            price: line.price(request.currency)?,
        })
    });
    let new = new.collect::<Result<Vec<New>, Refused>>()?;
    let done = replace(
        &request.rules.switches,
        Extents {
            credit: request.credit,
            charge: request.charge,
        },
        request.currency,
        step.on.0,
        old,
        &new,
        request.tax_percent,
    )?;
    Ok((done, new))
}

/// The lines that a change leaves are the old lines of the next one.
fn follow(currency: Currency, done: &Replacement, new: &[New]) -> Vec<Old> {
    let pairs = new.iter().zip(&done.charges);
    pairs
        .map(|(line, charge)| Old {
            stretch: line.stretch,
            line: Billed {
                service: charge.working.part,
                amount: charge.working.amount,
                credited: Money::zero(currency),
                price: line.price,
            },
            current: line.price,
        })
        .collect()
}

fn bought(
    request: &ChangeRequest,
    step: &Step,
    term: Option<Stretch>,
) -> Result<DaysBought, Refused> {
    let (on, currency) = (step.on.0.date(), request.currency);
    let lines = request.old.iter().map(|line| line.old(currency, term, on));
    let old = lines.collect::<Result<Vec<Old>, Refused>>()?;
    let (done, new) = one(request, step, term, &old)?;
    let credit = Money::sum(
        currency,
        done.credits.iter().map(|part| part.taxed.subtotal),
    )?;
    let Some(line) = new.first() else {
        return Err(Refused::new(
            "bad_request",
            "A credit needs a new line to buy.".to_owned(),
        ));
    };
    let (exact, days) = days_bought(&request.rules.switches, &line.stretch, credit, line.price)?;
    Ok(DaysBought {
        credit: credit.into(),
        exact_days: exact.to_string(),
        days,
        first_charge_on: plus_days(on, days),
        charge: line
            .price
            .whole()?
            .to_money(currency, Rounding::HalfUp)?
            .into(),
    })
}
