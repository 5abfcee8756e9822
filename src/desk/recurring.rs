//! Reports of what recurs: how it moved month by month, and which customers and revenue left.

use super::report::{Months, known};
use super::{Failure, Question, Terms};
use crate::billing::calendar::{Day, Span, plus_days};
use crate::billing::catalog::{Catalog, Plan};
use crate::billing::money::{Currency, Money};
use crate::billing::report::handed::{Customer, Handed, openings};
use crate::billing::report::month;
use crate::billing::report::recurring::{Moved, Recurs, Running, Seen, percent_of};
use crate::billing::term::{Seats, SoldPrice};
use crate::store::{Reader, RunningRow, Runs};
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

/// Every month's movements: one pass over paid time and add-ons, account by account. Who gave a subscription to
/// another account, or got one, is counted together with the other at the end.
fn moved(
    read: Reader<'_>,
    months: Months,
    on: Day,
) -> Result<BTreeMap<(Day, Currency), Moved>, Failure> {
    let handed = read.handed()?;
    let mut count = Count {
        read,
        months: months.up_to(on),
        on,
        all: BTreeMap::new(),
        catalogs: BTreeMap::new(),
        aside: handed.iter().map(|one| (one.from, None)).collect(),
    };
    count.aside.extend(handed.iter().map(|one| (one.to, None)));
    let mut rows: Vec<RunningRow> = Vec::new();
    let mut failed: Result<(), Failure> = Ok(());
    read.each_running(|row| {
        if failed.is_err() {
            return;
        }
        if rows.last().is_some_and(|last| last.account != row.account) {
            failed = count.see(&std::mem::take(&mut rows));
        }
        rows.push(row);
    })?;
    failed?;
    count.see(&rows)?;
    count.see_aside(&handed)?;
    Ok(begun(count.all))
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

/// The movements while they are counted.
struct Count<'a> {
    read: Reader<'a>,
    months: Vec<Span>,
    on: Day,
    all: BTreeMap<(Day, Currency), Moved>,
    catalogs: BTreeMap<i64, Catalog>,
    /// Accounts that gave or got a subscription, once they were seen.
    aside: BTreeMap<i64, Option<Customer>>,
}

impl Count<'_> {
    /// Counts one account, or puts it aside.
    fn see(&mut self, rows: &[RunningRow]) -> Result<(), Failure> {
        let Some((account, currency)) = rows.first().map(|row| (row.account, row.currency)) else {
            return Ok(());
        };
        let mut running = Vec::with_capacity(rows.len());
        for row in rows {
            running.extend(self.held(row)?);
        }
        let customer = Customer { currency, running };
        if let Some(place) = self.aside.get_mut(&account) {
            *place = Some(customer);
            return Ok(());
        }
        for span in self.months.clone() {
            let opens = plus_days(span.start, -1);
            let before = customer.pays(opens)?;
            self.count(span, &customer, (before, before))?;
        }
        Ok(())
    }

    /// Counts the accounts that were put aside.
    fn see_aside(&mut self, handed: &[Handed]) -> Result<(), Failure> {
        let aside = std::mem::take(&mut self.aside);
        let aside: BTreeMap<i64, Customer> = aside
            .into_iter()
            .filter_map(|(key, customer)| Some((key, customer?)))
            .collect();
        for span in self.months.clone() {
            let opens = plus_days(span.start, -1);
            let openings = openings(&aside, handed, (opens, known(span, self.on)))?;
            for (key, before) in openings {
                if let Some(customer) = aside.get(&key) {
                    self.count(span, customer, (customer.pays(opens)?, before))?;
                }
            }
        }
        Ok(())
    }

    /// Counts one account in one month, with what it paid at the start and what is counted of that with it.
    fn count(
        &mut self,
        span: Span,
        customer: &Customer,
        (paid, before): (Money, Money),
    ) -> Result<(), Failure> {
        let currency = customer.currency;
        let seen = Seen {
            paid,
            before,
            after: customer.pays(known(span, self.on))?,
            known: customer.paid_by(plus_days(span.start, -1)),
        };
        let moved = self.all.entry((span.start, currency));
        moved.or_insert_with(|| Moved::none(currency)).count(seen)?;
        Ok(())
    }

    /// Billed units and prices of what holds, if it recurs.
    fn held(&mut self, row: &RunningRow) -> Result<Option<Running>, Failure> {
        let (what, units) = match &row.what {
            Runs::AddOn {
                add_on,
                quantity,
                price,
                ordered_on,
            } => {
                let (_, catalog) = self.read.catalog(*ordered_on)?;
                if !catalog.add_on(add_on).is_some_and(|sold| sold.renews) {
                    return Ok(None);
                }
                (Recurs::AddOn, vec![(*quantity, *price)])
            }
            Runs::Plan {
                plan,
                seats,
                prices,
                catalog,
            } => {
                let catalog = match self.catalogs.entry(*catalog) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(self.read.catalog_version(*catalog)?),
                };
                (
                    Recurs::Plan,
                    billed_units(catalog.plan(plan), catalog, seats, prices),
                )
            }
        };
        Ok(Some(Running {
            what,
            days: row.days,
            from: row.from,
            period: row.period,
            units,
            billed: row.billed,
        }))
    }
}

fn billed_units(
    plan: Option<&Plan>,
    catalog: &Catalog,
    seats: &Seats,
    prices: &BTreeMap<String, SoldPrice>,
) -> Vec<(u32, Decimal)> {
    let usual = plan.map(|plan| catalog.usual_seat_type(plan));
    let units = seats.iter().filter_map(|(kind, count)| {
        let price = prices.get(kind)?.amount;
        let billed = match plan {
            Some(plan) if usual == Some(kind.as_str()) => plan.billed(*count),
            _ => *count,
        };
        Some((billed, price))
    });
    units.collect()
}
