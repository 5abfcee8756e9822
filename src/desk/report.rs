//! Reports: what was billed and earned, who owes, what is promised.

use super::{Failure, Question, Terms};
use crate::billing::calendar::{Day, Span, days_between, plus_days};
use crate::billing::ledger::Book;
use crate::billing::money::{Currency, Money};
use crate::billing::report::age::Age;
use crate::billing::report::month;
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::report as wire;
use std::collections::BTreeMap;

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
    pub(super) fn up_to(self, on: Day) -> Vec<Span> {
        let until = self.until.unwrap_or(plus_days(on, 1)).min(plus_days(on, 1));
        let since = self.since.unwrap_or_else(|| {
            let year = crate::billing::calendar::Period::Months(11);
            year.before(month::of(plus_days(until, -1)).start, 1)
        });
        month::between(since, until)
    }
}

/// The last day that a month is known up to.
pub(super) fn known(month: Span, on: Day) -> Day {
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
            unit: super::load::seller(read, on)?.catalog.unit.clone(),
        })))
    }
}
