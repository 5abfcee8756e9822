//! `cancel`: a service ended early, what is given back of it, and when it ends.

use super::bill::{BillLine, BillRequest, recurring_line};
use super::settled::Settled;
use super::shown;
use super::words::{Refused, WorkingText};
use crate::billing::calendar::{Day, midnight, plus_days};
use crate::billing::figures::recurring::{self, Service};
use crate::billing::money::Money;
use crate::billing::prorate::{Billed, Price, Working, unused};
use crate::billing::share::Stretch;
use crate::wire::amount::Amount;
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request of kind `cancel`: the service of a `bill` and its end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    service: BillRequest,
    on: Day,
    #[serde(default)]
    when: Ending,
    /// When access ends, if not together with billing.
    access: Option<Ending>,
    /// Whether the day of the cancellation still counts as used.
    #[serde(default)]
    last_day: LastDay,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum Ending {
    #[default]
    Now,
    PeriodEnd,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum LastDay {
    #[default]
    Unused,
    Used,
}

#[derive(Serialize)]
struct CancelAnswer {
    access_ends_on: Day,
    billing_ends_on: Day,
    credits: Vec<BillLine>,
    charges: Vec<BillLine>,
    net: Amount,
    settled: Settled,
}

/// A credit, as an amount above zero.
fn credit_line(credit: &Working, ends: Day) -> BillLine {
    let working = WorkingText::from(credit);
    BillLine {
        kind: "credit",
        from: working.from.clone(),
        to: Some(working.to.clone()),
        billed_on: ends,
        amount: working.amount.clone(),
        working: Some(working),
    }
}

/// Answers `cancel`: the service is billed up to the day it is cancelled, and what of that lies behind its
/// end is given back; what it still owes in arrears is charged.
pub fn cancel(request: CancelRequest) -> Result<Value, Refused> {
    let (asked, rules) = (&request.service, &request.service.rules.switches);
    let service = asked.service();
    let through = asked.through.unwrap_or(request.on).max(service.start);
    let running = recurring::bill(rules, &service, through)?;
    let used = match request.last_day {
        LastDay::Unused => request.on,
        LastDay::Used => plus_days(request.on, 1),
    };
    let period_end = match running.lines.last() {
        Some(_) => running.billed_through.max(request.on),
        None => running.next_bill_on.unwrap_or(request.on),
    };
    let ends = match request.when {
        Ending::Now => used,
        Ending::PeriodEnd => period_end,
    };
    let mut credits = Vec::new();
    for line in &running.lines {
        let price = Price::of(
            line.working.unit_price,
            line.working.quantity,
            asked.currency,
        );
        let billed = Billed {
            service: line.working.part,
            amount: line.working.amount,
            credited: Money::zero(asked.currency),
            price,
        };
        let stretch = Stretch::of_plan(
            line.cycle,
            asked.period,
            asked.bill_day.unwrap_or_else(|| service.start.day()),
        );
        let working = unused(rules, &stretch, &billed, midnight(ends), price)?;
        if !working.amount.is_zero() {
            credits.push(working);
        }
    }
    let last = recurring::bill(
        rules,
        &Service {
            end: Some(ends),
            ..service
        },
        through.max(ends),
    )?;
    let new = last
        .lines
        .iter()
        .filter(|line| line.working.part.from >= midnight(running.billed_through));
    let charges: Vec<BillLine> = new.map(recurring_line).collect();
    let charged = Money::sum(
        asked.currency,
        charges.iter().map(|line| line.amount.money()),
    )?;
    let given = Money::sum(asked.currency, credits.iter().map(|credit| credit.amount))?;
    let net = charged.minus(given)?;
    shown(CancelAnswer {
        access_ends_on: match request.access.unwrap_or(request.when) {
            Ending::Now => used,
            Ending::PeriodEnd => period_end,
        },
        billing_ends_on: ends,
        credits: credits
            .iter()
            .map(|credit| credit_line(credit, ends))
            .collect(),
        charges,
        net: net.into(),
        settled: Settled::of(net, asked.opening_credit)?,
    })
}
