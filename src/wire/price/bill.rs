//! `bill`: a service billed up to a date.

use super::settled::Settled;
use super::shown;
use super::words::{Figure, Refused, RuleSetName, WorkingText, dollars};
use crate::billing::calendar::{Day, Period, plus_days};
use crate::billing::figures::recurring::{self, Billing, NewPrice, Service};
use crate::billing::figures::schedule::{Align, CycleBefore};
use crate::billing::money::{Currency, Money};
use crate::wire::amount::Amount;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A price or a quantity and the day from which it counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceFrom {
    from: Day,
    price: Figure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuantityFrom {
    from: Day,
    quantity: i64,
}

/// A trial before the service is paid for.
#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
struct Trial {
    /// Its length in days.
    days: Option<i64>,
    /// Or the first day without it.
    until: Option<Day>,
    /// The day the length is counted from, if it is not the start of the service.
    counted_from: Option<Day>,
    /// A paid trial bills from the first day and changes nothing but the state.
    #[serde(default)]
    bills: TrialBills,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum TrialBills {
    #[default]
    AtEnd,
    FromStart,
}

/// Whether a service is billed at all.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum Invoicing {
    #[default]
    On,
    Off,
}

/// A request of kind `bill`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillRequest {
    #[serde(default = "dollars")]
    pub(super) currency: Currency,
    #[serde(default)]
    pub(super) rules: RuleSetName,
    start: Day,
    end: Option<Day>,
    pub(super) through: Option<Day>,
    pub(super) period: Period,
    pub(super) bill_day: Option<u32>,
    #[serde(default)]
    align: Align,
    cycle_before: Option<CycleBefore>,
    #[serde(default)]
    billing: Billing,
    #[serde(default)]
    new_price: NewPrice,
    price: Option<Figure>,
    #[serde(default)]
    prices: Vec<PriceFrom>,
    quantity: Option<i64>,
    #[serde(default)]
    quantities: Vec<QuantityFrom>,
    billed_through: Option<Day>,
    /// Paid once, on the day the service starts; never prorated.
    fixed: Option<Figure>,
    trial: Option<Trial>,
    #[serde(default)]
    invoicing: Invoicing,
    pub(super) opening_credit: Option<Figure>,
}

#[derive(Serialize)]
pub(super) struct BillLine {
    pub(super) kind: &'static str,
    pub(super) from: String,
    pub(super) to: Option<String>,
    pub(super) billed_on: Day,
    pub(super) amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) working: Option<WorkingText>,
}

#[derive(Serialize)]
struct BillAnswer {
    lines: Vec<BillLine>,
    total: Amount,
    cycles: String,
    first_bill_on: Day,
    billed_through: Day,
    next_bill_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_ends_on: Option<Day>,
    settled: Settled,
}

impl BillRequest {
    fn trial_ends_on(&self) -> Option<Day> {
        let trial = self.trial?;
        let counted = trial.counted_from.unwrap_or(self.start);
        trial
            .until
            .or(trial.days.map(|days| plus_days(counted, days)))
    }

    pub(super) fn service(&self) -> Service {
        let paid_from = match (self.trial, self.trial_ends_on()) {
            (Some(trial), Some(end)) if trial.bills == TrialBills::AtEnd => self.start.max(end),
            _ => self.start,
        };
        let mut prices: Vec<_> = self
            .prices
            .iter()
            .map(|each| (each.from, each.price.0))
            .collect();
        if let Some(price) = self.price {
            prices.insert(0, (self.start.min(paid_from), price.0));
        }
        let each = self
            .quantities
            .iter()
            .map(|each| (each.from, each.quantity));
        let mut quantities: Vec<_> = each.collect();
        if let Some(quantity) = self.quantity {
            quantities.insert(0, (self.start, quantity));
        }
        Service {
            start: paid_from,
            end: self.end,
            period: self.period,
            bill_day: self.bill_day,
            align: self.align,
            cycle_before: self.cycle_before.unwrap_or(self.rules.cycle_before),
            billing: self.billing,
            new_price: self.new_price,
            prices,
            quantities,
            billed_through: self.billed_through,
            currency: self.currency,
        }
    }

    /// A price that is paid once, unless the days on which it was due are billed already.
    fn fixed_line(&self) -> Result<Option<BillLine>, Refused> {
        let billed = self.billed_through.is_some_and(|day| day > self.start);
        let Some(fixed) = self.fixed.filter(|_| !billed) else {
            return Ok(None);
        };
        Ok(Some(BillLine {
            kind: "fixed",
            from: self.start.to_string(),
            to: None,
            billed_on: self.start,
            amount: fixed.money(self.currency)?.into(),
            working: None,
        }))
    }
}

pub(super) fn recurring_line(line: &recurring::Line) -> BillLine {
    let working = WorkingText::from(&line.working);
    BillLine {
        kind: "recurring",
        from: working.from.clone(),
        to: Some(working.to.clone()),
        billed_on: line.billed_on,
        amount: working.amount.clone(),
        working: Some(working),
    }
}

/// Answers `bill`.
pub fn bill(request: BillRequest) -> Result<Value, Refused> {
    let service = request.service();
    let trial_ends_on = request.trial_ends_on();
    let through = request.through.unwrap_or(service.start);
    if trial_ends_on.is_some() && through < service.start {
        return shown(nothing_yet(&request, &service)?);
    }
    let mut done = recurring::bill(&request.rules.switches, &service, through)?;
    let mut lines: Vec<BillLine> = request.fixed_line()?.into_iter().collect();
    if request.invoicing == Invoicing::Off {
        (lines, done.lines) = (Vec::new(), Vec::new());
        done.total = Money::zero(request.currency);
    }
    lines.extend(done.lines.iter().map(recurring_line));
    let total = Money::sum(
        request.currency,
        lines.iter().map(|line| line.amount.money()),
    )?;
    shown(BillAnswer {
        lines,
        total: total.into(),
        cycles: done.cycles.to_string(),
        first_bill_on: done.first_bill_on,
        billed_through: done.billed_through,
        next_bill_on: done.next_bill_on,
        trial_ends_on,
        settled: Settled::of(total, request.opening_credit)?,
    })
}

/// Before the end of a trial nothing is billed, which is an answer and no wrong order of dates.
fn nothing_yet(request: &BillRequest, service: &Service) -> Result<BillAnswer, Refused> {
    let nothing = Money::zero(request.currency);
    Ok(BillAnswer {
        lines: Vec::new(),
        total: nothing.into(),
        cycles: "0".to_owned(),
        first_bill_on: service.start,
        billed_through: service.start,
        next_bill_on: Some(service.start),
        trial_ends_on: request.trial_ends_on(),
        settled: Settled::of(nothing, request.opening_credit)?,
    })
}
