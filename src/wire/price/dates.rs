//! `dates`, `retries`, `reminders` and `numbers`: what is counted and not paid.

use super::shown;
use super::words::{Figure, Refused, When, told};
use crate::billing::calendar::{Day, Moment, Period, on_day, plus_days};
use crate::billing::figures::dunning::{self, Campaign};
use crate::billing::figures::numbers::{self as numbering, Customer, Pattern, Restart};
use crate::billing::figures::schedule::{Align, Anchor, CycleBefore, Schedule};
use crate::billing::money::{Currency, Money};
use crate::billing::share::Window;
use crate::billing::timeline::CountedFrom;
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A request of kind `dates`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatesRequest {
    start: When,
    period: Period,
    /// The day of the month that is kept, if it is not that of the start.
    bill_day: Option<u32>,
    #[serde(default)]
    align: Align,
    /// How many periods to list.
    #[serde(default)]
    count: u32,
    /// The first period that is listed is the one that begins at or after this.
    from: Option<When>,
    /// The period in which this instant lies, and how many are complete then.
    at: Option<When>,
}

#[derive(Serialize)]
struct PeriodText {
    from: String,
    to: String,
    last_day: Day,
}

#[derive(Serialize)]
struct DatesAnswer {
    first_bill_on: String,
    /// The ends of the listed periods.
    renewals: Vec<String>,
    periods: Vec<PeriodText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<PeriodText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    complete: Option<u32>,
}

fn period_text(window: Window) -> PeriodText {
    let last = window.to - chrono::TimeDelta::nanoseconds(1);
    PeriodText {
        from: told(window.from),
        to: told(window.to),
        last_day: last.date(),
    }
}

/// Answers `dates`.
pub fn dates(request: DatesRequest) -> Result<Value, Refused> {
    let (start, time) = (request.start.0, request.start.0.time());
    let before = CycleBefore::BillDay;
    let schedule = Schedule::new(
        start.date(),
        request.period,
        request.bill_day,
        request.align,
        before,
    );
    let anchor = Anchor {
        start: schedule.first.and_time(time),
        period: request.period,
        day: match request.period {
            Period::Months(_) => schedule.day,
            Period::Days(_) => start.day(),
        },
    };
    let stub = (anchor.start > start).then(|| Window::new(start, anchor.start));
    let first = request.from.map_or(0, |from| {
        let complete = anchor.complete_at(from.0);
        complete.saturating_add(u32::from(anchor.at(complete) < from.0))
    });
    let mut windows: Vec<Window> = stub
        .filter(|_| request.from.is_none())
        .into_iter()
        .collect();
    let wanted = request.count.min(10_000);
    let mut number = first;
    while u32::try_from(windows.len()).unwrap_or(wanted) < wanted {
        windows.push(Window::new(
            anchor.at(number),
            anchor.at(number.saturating_add(1)),
        ));
        number = number.saturating_add(1);
    }
    let current = match request.at.map(|at| at.0) {
        Some(at) => Some(containing(&anchor, stub, at)?),
        None => None,
    };
    shown(DatesAnswer {
        first_bill_on: told(anchor.start),
        renewals: windows.iter().map(|window| told(window.to)).collect(),
        periods: windows.into_iter().map(period_text).collect(),
        complete: current.as_ref().map(|(complete, _)| *complete),
        current: current.map(|(_, window)| period_text(window)),
    })
}

fn containing(anchor: &Anchor, stub: Option<Window>, at: Moment) -> Result<(u32, Window), Refused> {
    match stub.filter(|stub| stub.from <= at && at < stub.to) {
        Some(stub) => Ok((0, stub)),
        None => Ok(anchor.containing(at)?),
    }
}

/// What days of payment are counted from.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum NetFrom {
    #[default]
    Issue,
    MonthEnd,
}

/// A request of kind `terms`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsRequest {
    issued_on: Day,
    net_days: i64,
    #[serde(default)]
    from: NetFrom,
    /// Whole days after the due day on which the invoice is not past due yet.
    #[serde(default)]
    grace_days: i64,
}

/// Answers `terms`.
pub fn terms(request: TermsRequest) -> Result<Value, Refused> {
    let from = match request.from {
        NetFrom::Issue => request.issued_on,
        NetFrom::MonthEnd => on_day(request.issued_on, 31),
    };
    let due = plus_days(from, request.net_days);
    shown(json!({"due_on": due, "past_due_on": plus_days(due, request.grace_days)}))
}

/// A request of kind `retries`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetriesRequest {
    first_failure: Day,
    waits: Vec<u32>,
    #[serde(default)]
    counted_from: CountedFrom,
    attempts: Option<usize>,
    within_days: Option<u32>,
    /// Days of grace after the first failure, where access ends on a timeline of its own.
    grace_days: Option<u32>,
}

/// Answers `retries`.
pub fn retries(request: RetriesRequest) -> Result<Value, Refused> {
    let days = dunning::retries(
        request.first_failure,
        &request.waits,
        request.counted_from,
        request.attempts,
        request.within_days,
    );
    let end = request
        .grace_days
        .map(|days| plus_days(request.first_failure, i64::from(days)));
    shown(json!({"retries": days, "last_attempt": days.last(), "access_ends_on": end}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Overdue {
    at: When,
    currency: Currency,
    amount: Figure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Threshold {
    currency: Currency,
    amount: Figure,
}

/// A request of kind `reminders`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemindersRequest {
    thresholds: Vec<Threshold>,
    attempts: u32,
    days_between: u32,
    overdue: Vec<Overdue>,
    runs: Vec<When>,
}

/// Answers `reminders`.
pub fn reminders(request: RemindersRequest) -> Result<Value, Refused> {
    let thresholds = request
        .thresholds
        .iter()
        .map(|each| each.amount.money(each.currency));
    let rules = Campaign {
        thresholds: thresholds.collect::<Result<Vec<Money>, Refused>>()?,
        most: request.attempts,
        days_between: request.days_between,
    };
    let overdue = request.overdue.iter();
    let overdue = overdue.map(|each| Ok((each.at.0, each.amount.money(each.currency)?)));
    let overdue = overdue.collect::<Result<Vec<_>, Refused>>()?;
    let runs: Vec<Moment> = request.runs.iter().map(|run| run.0).collect();
    let after = dunning::campaign(&rules, &overdue, &runs)?;
    let lines = runs.iter().zip(&after).map(|(run, counts)| {
        let made = counts.iter().filter(|(_, count)| *count > 0);
        let attempts: Map<String, Value> = made
            .map(|(currency, count)| (currency.to_string(), (*count).into()))
            .collect();
        json!({"run": told(*run), "attempts": attempts})
    });
    shown(json!({"runs": lines.collect::<Vec<Value>>()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternLine {
    from: Day,
    pattern: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerLine {
    number: u64,
    #[serde(default)]
    issued: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentLine {
    on: Day,
    /// The customer's number.
    customer: u64,
}

/// A request of kind `numbers`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumbersRequest {
    patterns: Vec<PatternLine>,
    /// Documents of all customers so far.
    #[serde(default)]
    issued: u64,
    customers: Vec<CustomerLine>,
    documents: Vec<DocumentLine>,
    #[serde(default)]
    restart: Restart,
}

/// Answers `numbers`.
pub fn numbers(request: NumbersRequest) -> Result<Value, Refused> {
    let patterns = request.patterns.into_iter().map(|line| Pattern {
        from: line.from,
        text: line.pattern,
    });
    let patterns: Vec<Pattern> = patterns.collect();
    let customers = request.customers.iter().map(|line| Customer {
        number: line.number,
        issued: line.issued,
    });
    let customers: Vec<Customer> = customers.collect();
    let mut documents = Vec::with_capacity(request.documents.len());
    for line in &request.documents {
        let at = customers
            .iter()
            .position(|customer| customer.number == line.customer);
        let message = format!("There is no customer {}.", line.customer);
        documents.push((
            line.on,
            at.ok_or_else(|| Refused::new("not_found", message))?,
        ));
    }
    let numbers = numbering::number(
        &patterns,
        request.issued,
        &customers,
        &documents,
        request.restart,
    )?;
    shown(json!({"numbers": numbers}))
}
