//! Reports of what recurs: how it moved month by month, and which customers and revenue left.

use super::report::{Months, known};
use super::{Failure, Question, Terms};
use crate::billing::calendar::{Day, Span, plus_days};
use crate::billing::catalog::Catalog;
use crate::billing::money::{Currency, Money};
use crate::billing::report::month;
use crate::billing::report::recurring::{Moved, Running, monthly, percent_of};
use crate::store::{Reader, RunningRow};
use crate::wire::Document;
use crate::wire::report as wire;
use rust_decimal::Decimal;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Recurring revenue and how it moved.
#[derive(Debug, Clone, Copy)]
pub struct Recurring(pub Months);

/// Customers and revenue that left.
#[derive(Debug, Clone, Copy)]
pub struct Churn(pub Months);

impl Question for Recurring {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let moved = moved(read, self.0, terms.on())?;
        let months = moved
            .into_iter()
            .map(|((start, currency), moved)| wire::RecurringMonth {
                month: month::name(month::of(start)),
                currency,
                opening: moved.opening.into(),
                new: moved.new.into(),
                reactivation: moved.reactivation.into(),
                expansion: moved.expansion.into(),
                contraction: moved.contraction.into(),
                churn: moved.churn.into(),
                closing: moved.closing.into(),
                customers: moved.customers_after,
            });
        Ok(Document::Recurring(Box::new(wire::Recurring {
            on: terms.on(),
            months: months.collect(),
        })))
    }
}

impl Question for Churn {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let mut months = Vec::new();
        for ((start, currency), moved) in moved(read, self.0, terms.on())? {
            let lost = moved.churn.plus(moved.contraction)?.negated()?;
            let share = |money: Money| u64::try_from(money.minor).unwrap_or(0);
            months.push(wire::ChurnMonth {
                month: month::name(month::of(start)),
                currency,
                customers: moved.customers_before,
                lost: moved.customers_lost,
                lost_percent: percent_of(moved.customers_lost, moved.customers_before),
                revenue_lost: lost.into(),
                revenue_lost_percent: percent_of(share(lost), share(moved.opening)),
            });
        }
        Ok(Document::Churn(Box::new(wire::Churn {
            on: terms.on(),
            months,
        })))
    }
}

/// Every month's movements: one pass over paid time, account by account.
fn moved(
    read: Reader<'_>,
    months: Months,
    on: Day,
) -> Result<BTreeMap<(Day, Currency), Moved>, Failure> {
    let months = months.up_to(on);
    let mut all: BTreeMap<(Day, Currency), Moved> = BTreeMap::new();
    let mut catalogs: BTreeMap<i64, Catalog> = BTreeMap::new();
    let mut rows: Vec<RunningRow> = Vec::new();
    let mut failed: Result<(), Failure> = Ok(());
    read.each_running(|row| {
        if failed.is_err() {
            return;
        }
        if rows.last().is_some_and(|last| last.account != row.account) {
            let one = std::mem::take(&mut rows);
            failed = count(read, &mut all, &mut catalogs, (&months, on), &one);
        }
        rows.push(row);
    })?;
    failed?;
    count(read, &mut all, &mut catalogs, (&months, on), &rows)?;
    Ok(begun(all))
}

/// Without the months in which nobody had paid yet: whoever comes later must not add rows to what was said of them.
fn begun(mut all: BTreeMap<(Day, Currency), Moved>) -> BTreeMap<(Day, Currency), Moved> {
    let mut currencies = BTreeSet::new();
    all.retain(|(_, currency), moved| {
        let pays = !moved.opening.is_zero() || !moved.closing.is_zero();
        currencies.contains(currency) || (pays && currencies.insert(*currency))
    });
    all
}

/// Counts one account in every month.
fn count(
    read: Reader<'_>,
    all: &mut BTreeMap<(Day, Currency), Moved>,
    catalogs: &mut BTreeMap<i64, Catalog>,
    (months, on): (&[Span], Day),
    rows: &[RunningRow],
) -> Result<(), Failure> {
    let Some(currency) = rows.first().map(|row| row.currency) else {
        return Ok(());
    };
    let mut running = Vec::with_capacity(rows.len());
    for row in rows {
        let catalog = match catalogs.entry(row.catalog) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(read.catalog_version(row.catalog)?),
        };
        running.push(held(row, catalog));
    }
    let first = rows.iter().map(|row| row.from).min();
    for span in months {
        let (opens, closes) = (plus_days(span.start, -1), known(*span, on));
        let before = monthly(&running, opens, currency)?;
        let after = monthly(&running, closes, currency)?;
        let known = first.is_some_and(|first| first <= opens);
        all.entry((span.start, currency))
            .or_insert_with(|| Moved::none(currency))
            .count(before, after, known)?;
    }
    Ok(())
}

/// Billed units and prices of what holds.
fn held(row: &RunningRow, catalog: &Catalog) -> Running {
    let plan = catalog.plan(&row.plan);
    let usual = plan.map(|plan| catalog.usual_seat_type(plan));
    let units = row.seats.iter().filter_map(|(kind, count)| {
        let price = row.prices.get(kind)?.amount;
        let billed = match plan {
            Some(plan) if usual == Some(kind.as_str()) => plan.billed(*count),
            _ => *count,
        };
        Some((billed, price))
    });
    Running {
        term: row.term,
        from: row.from,
        period: row.period,
        units: units.collect::<Vec<(u32, Decimal)>>(),
        billed: row.billed,
    }
}
