//! Reports: what was billed and earned, what recurs, who left, who owes, what is promised.

use super::{Failure, Question, Terms};
use crate::billing::calendar::{Day, Span, days_between, plus_days};
use crate::billing::catalog::Catalog;
use crate::billing::ledger::Book;
use crate::billing::money::{Currency, Money};
use crate::billing::report::age::Age;
use crate::billing::report::month;
use crate::billing::report::recurring::{Moved, Running, monthly, percent_of};
use crate::store::{Reader, RunningRow};
use crate::wire::Document;
use crate::wire::report as wire;
use rust_decimal::Decimal;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// A stretch of months. What is absent means the twelve months up to the day.
#[derive(Debug, Clone, Copy, Default)]
pub struct Months {
    /// From the month of this day.
    pub since: Option<Day>,
    /// Before this day.
    pub until: Option<Day>,
}

impl Months {
    /// The months, of which none begins behind the day.
    fn up_to(self, on: Day) -> Vec<Span> {
        let until = self.until.unwrap_or(plus_days(on, 1)).min(plus_days(on, 1));
        let since = self.since.unwrap_or_else(|| {
            let year = crate::billing::calendar::Period::Months(11);
            year.before(month::of(plus_days(until, -1)).start, 1)
        });
        month::between(since, until)
    }
}

/// The last day that a month is known up to.
fn known(month: Span, on: Day) -> Day {
    month::last_day(month).min(on)
}

/// What was billed, earned and collected.
#[derive(Debug, Clone, Copy)]
pub struct Revenue(pub Months);

#[derive(Clone, Copy)]
struct Sums {
    billed: Money,
    tax: Money,
    earned: Money,
    deferred: Money,
    collected: Money,
    refunded: Money,
}

impl Sums {
    fn none(currency: Currency) -> Sums {
        let zero = Money::zero(currency);
        Sums {
            billed: zero,
            tax: zero,
            earned: zero,
            deferred: zero,
            collected: zero,
            refunded: zero,
        }
    }
}

type ByMonth = BTreeMap<(Day, Currency), Sums>;

fn slot(sums: &mut ByMonth, month: Span, currency: Currency) -> &mut Sums {
    sums.entry((month.start, currency))
        .or_insert_with(|| Sums::none(currency))
}

impl Question for Revenue {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let on = terms.on();
        let months = self.0.up_to(on);
        let mut sums = ByMonth::new();
        let mut failed = Ok(());
        read.each_earning(plus_days(on, 1), |row| {
            if failed.is_ok() {
                failed = earn(&mut sums, &months, on, &row.earning);
            }
        })?;
        failed?;
        let mut failed = Ok(());
        let until = plus_days(on, 1);
        read.each_posting(
            months.first().map(|month| month.start),
            Some(until),
            |row| {
                if failed.is_ok() {
                    failed = book(&mut sums, &months, &row);
                }
            },
        )?;
        failed?;
        let months = sums
            .into_iter()
            .map(|((start, currency), sums)| wire::RevenueMonth {
                month: month::name(month::of(start)),
                currency,
                billed: sums.billed.into(),
                tax: sums.tax.into(),
                earned: sums.earned.into(),
                deferred: sums.deferred.into(),
                collected: sums.collected.into(),
                refunded: sums.refunded.into(),
            });
        Ok(Document::Revenue(Box::new(wire::Revenue {
            on,
            months: months.collect(),
        })))
    }
}

fn earn(
    sums: &mut ByMonth,
    months: &[Span],
    on: Day,
    earning: &crate::billing::report::release::Earning,
) -> Result<(), Failure> {
    let currency = earning.net.currency;
    for span in months {
        let last = known(*span, on);
        if earning.billed_on > last {
            continue;
        }
        let earned = earning.earned_in(Span::new(span.start, plus_days(last, 1)))?;
        let left = earning.left_on(last)?;
        if earned.is_zero() && left.is_zero() {
            continue;
        }
        let sums = slot(sums, *span, currency);
        sums.earned = sums.earned.plus(earned)?;
        sums.deferred = sums.deferred.plus(left)?;
    }
    Ok(())
}

fn book(sums: &mut ByMonth, months: &[Span], row: &crate::store::BookedRow) -> Result<(), Failure> {
    let Some(span) = months.iter().find(|span| span.contains(row.on)) else {
        return Ok(());
    };
    let sums = slot(sums, *span, row.amount.currency);
    match row.book {
        Book::Deferred => sums.billed = sums.billed.minus(row.amount)?,
        Book::Tax => sums.tax = sums.tax.minus(row.amount)?,
        Book::Cash if row.amount.minor > 0 => sums.collected = sums.collected.plus(row.amount)?,
        Book::Cash => sums.refunded = sums.refunded.minus(row.amount)?,
        Book::Receivable | Book::Revenue | Book::CustomerBalance | Book::Refunds => {}
    }
    Ok(())
}

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
    let first = rows.iter().map(|row| row.term.start).min();
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

/// What customers owe.
#[derive(Debug, Clone, Copy)]
pub struct Receivable;

impl Question for Receivable {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let on = terms.on();
        let mut debts = Vec::new();
        let mut ages: BTreeMap<(Currency, Age), (Money, u64)> = BTreeMap::new();
        for row in read.debts(on)? {
            let age = Age::on(on, row.due_on);
            let sum = ages
                .entry((row.open.currency, age))
                .or_insert((Money::zero(row.open.currency), 0));
            *sum = (sum.0.plus(row.open)?, sum.1.saturating_add(1));
            debts.push(wire::Debt {
                invoice: row.invoice,
                account: row.account,
                due_on: row.due_on,
                days_late: days_between(row.due_on, on).max(0),
                age,
                open: row.open.into(),
            });
        }
        let ages = ages
            .into_iter()
            .map(|((_, age), (open, invoices))| wire::Aged {
                age,
                open: open.into(),
                invoices,
            });
        Ok(Document::Receivable(Box::new(wire::Receivable {
            on,
            ages: ages.collect(),
            debts,
        })))
    }
}

/// Money that is promised and not yet collected.
#[derive(Debug, Clone, Copy)]
pub struct Pending;

impl Question for Pending {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let on = terms.on();
        let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
        let mut orders = Vec::new();
        let rows = match on < terms.now.date() {
            true => read.promises_then(on)?,
            false => read.promises()?,
        };
        for row in rows {
            let sum = sums
                .entry(row.due.currency)
                .or_insert(Money::zero(row.due.currency));
            *sum = sum.plus(row.due)?;
            orders.push(wire::Promise {
                order: crate::billing::order::number(row.order),
                account: row.account,
                kind: row.kind,
                state: row.state,
                placed_on: row.placed_on,
                days: days_between(row.placed_on, on),
                lapses_on: row.lapses_on,
                due: row.due.into(),
            });
        }
        Ok(Document::Pending(Box::new(wire::Pending {
            on,
            sums: sums.into_values().map(Into::into).collect(),
            orders,
        })))
    }
}
