//! Which price holds: one row of the price book for a thing, a place, a period, a customer and a day.
//!
//! A row for a cohort wins over one for everybody, then a row for a region over one for every region, then
//! the row that began later. Amounts come out exact; rounding belongs to the line they end up in.

use super::calendar::{Day, Period};
use super::catalog::{Catalog, Cohort, Per, PriceRow, Sale};
use super::listed;
use super::money::Currency;
use rust_decimal::Decimal;
use std::fmt;

/// What is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'a> {
    /// One seat of a plan; without a seat type, of the plan's usual one.
    Plan {
        /// The plan's id.
        plan: &'a str,
        /// The seat type's id.
        seat_type: Option<&'a str>,
    },
    /// One unit of an add-on.
    AddOn(&'a str),
}

/// The price of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Of one unit for the whole period, in major units, exact.
    pub per_period: Decimal,
    /// Whether the amount is for a month or for the period.
    pub per: Per,
    /// The amount as the price book has it, in major units.
    pub amount: Decimal,
    /// Which row of the price book it is, from 0; none for what costs nothing by its nature.
    pub row: Option<usize>,
    /// The row in words: `base · world · USD · 6m · new-customers · from 2026-09-01`.
    pub list: String,
}

/// There is no price; what the price book has instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPrice {
    /// The thing in words: `plan base`.
    pub item: String,
    /// Which part of the question found no answer.
    pub missing: Missing,
}

/// The part of a question that the price book cannot answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The thing has no price at all: it is not sold by list.
    Any,
    /// Not in this currency.
    Currency {
        /// What was asked for.
        asked: Currency,
        /// What there is.
        has: Vec<Currency>,
    },
    /// Not in this region or for these customers.
    Here {
        /// The region.
        region: String,
        /// The currency.
        currency: Currency,
    },
    /// Not for this period.
    Period {
        /// What was asked for.
        asked: Period,
        /// What there is.
        has: Vec<Period>,
    },
    /// Not on this day.
    Day {
        /// The day.
        on: Day,
        /// The first later day on which there is a price.
        from: Option<Day>,
    },
}

impl fmt::Display for NoPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The {} has no ", self.item)?;
        match &self.missing {
            Missing::Any => f.write_str("list price."),
            Missing::Currency { asked, has } => {
                let has = listed::and(has.iter().map(ToString::to_string));
                write!(f, "price in {asked}; it is priced in {has}.")
            }
            Missing::Here { region, currency } => {
                write!(
                    f,
                    "price in {currency} for this customer in the region {region}."
                )
            }
            Missing::Period { asked, has } => {
                let has = listed::or(has.iter().map(|period| String::from(*period)));
                write!(f, "price for {asked}; it is priced for {has}.")
            }
            Missing::Day { on, from } => match from {
                Some(from) => write!(f, "price on {on}; it has one from {from}."),
                None => write!(f, "price on {on} any more."),
            },
        }
    }
}

impl std::error::Error for NoPrice {}

/// The cohorts of an account: those whose bounds hold its first paid day or, before one, the day asked for.
pub fn cohorts(catalog: &Catalog, first_paid_on: Option<Day>, on: Day) -> Vec<&str> {
    let since = first_paid_on.unwrap_or(on);
    let holds = |cohort: &&Cohort| {
        cohort.customers_from.is_none_or(|from| from <= since)
            && cohort.customers_until.is_none_or(|until| since < until)
    };
    let held = catalog.cohorts.iter().filter(holds);
    held.map(|cohort| cohort.id.as_str()).collect()
}

/// The price of one unit of `item` for a whole `period`, sold on a day to an account of a region and of
/// some cohorts. What is free by its nature (a free plan, a free kind of seat) costs zero without a row.
///
/// # Errors
/// The price book has no such price.
pub fn unit_price(
    catalog: &Catalog,
    item: Item<'_>,
    region: &str,
    currency: Currency,
    period: Period,
    cohorts: &[&str],
    on: Day,
) -> Result<Price, NoPrice> {
    let missing = |missing| NoPrice {
        item: in_words(catalog, item),
        missing,
    };
    let all: Vec<(usize, &PriceRow)> = catalog
        .prices
        .iter()
        .enumerate()
        .filter(|(_, row)| is_for(catalog, row, item))
        .collect();
    if all.is_empty() {
        return match is_free(catalog, item) {
            true => Ok(free(item, currency)),
            false => Err(missing(Missing::Any)),
        };
    }
    let in_currency = only(&all, |row| row.currency == currency);
    if in_currency.is_empty() {
        let has = distinct(all.iter().map(|(_, row)| row.currency));
        return Err(missing(Missing::Currency {
            asked: currency,
            has,
        }));
    }
    let here = only(&in_currency, |row| {
        row.region.as_deref().is_none_or(|named| named == region)
            && row
                .cohort
                .as_deref()
                .is_none_or(|named| cohorts.contains(&named))
    });
    if here.is_empty() {
        let region = region.to_owned();
        return Err(missing(Missing::Here { region, currency }));
    }
    let for_period = only(&here, |row| amount(row, period).is_some());
    if for_period.is_empty() {
        let has = distinct(here.iter().flat_map(|(_, row)| periods(row)));
        return Err(missing(Missing::Period { asked: period, has }));
    }
    let today = only(&for_period, |row| is_in_force(row, on));
    let best = today.iter().max_by_key(|(at, row)| {
        let is_first = std::cmp::Reverse(*at);
        (
            row.cohort.is_some(),
            row.region.is_some(),
            row.from,
            is_first,
        )
    });
    let Some((at, row)) = best else {
        let later = for_period.iter().filter_map(|(_, row)| row.from);
        let from = later.filter(|from| *from > on).min();
        return Err(missing(Missing::Day { on, from }));
    };
    priced(catalog, *at, row, item, region, period).ok_or_else(|| missing(Missing::Any))
}

/// All periods for which a row has an amount, shortest first.
pub fn periods(row: &PriceRow) -> Vec<Period> {
    let mut periods = distinct(row.amounts.keys().chain(row.percent_off.keys()).copied());
    periods.retain(|period| amount(row, *period).is_some());
    periods.sort_by_key(|period| period.length_hundredths());
    periods
}

/// Whether a row can be sold on a day.
pub fn is_in_force(row: &PriceRow, on: Day) -> bool {
    row.from.is_none_or(|from| from <= on) && row.until.is_none_or(|until| on < until)
}

/// Whether a row prices a thing.
pub fn is_for(catalog: &Catalog, row: &PriceRow, item: Item<'_>) -> bool {
    match item {
        Item::AddOn(id) => row.add_on.as_deref() == Some(id),
        Item::Plan { plan, seat_type } => {
            let usual = catalog
                .plan(plan)
                .map_or("full", |plan| catalog.usual_seat_type(plan));
            row.plan.as_deref() == Some(plan)
                && row.seat_type.as_deref().unwrap_or(usual) == seat_type.unwrap_or(usual)
        }
    }
}

/// The amount of a row for a period, for a month or the period as the row says; exact.
///
/// A percentage is off the amount of the shortest period that has one: at equal length, the longer period
/// costs so much less.
fn amount(row: &PriceRow, period: Period) -> Option<Decimal> {
    if row.per == Per::Month && period.months().is_none() {
        return None;
    }
    if let Some(amount) = row.amounts.get(&period) {
        return Some(*amount);
    }
    let percent = row.percent_off.get(&period)?;
    let (shortest, base) = row
        .amounts
        .iter()
        .min_by_key(|(period, _)| period.length_hundredths())?;
    let kept = Decimal::ONE_HUNDRED.checked_sub(*percent)? / Decimal::ONE_HUNDRED;
    let length = match (row.per, period, *shortest) {
        (Per::Month, _, _) => Decimal::ONE,
        (Per::Period, Period::Months(long), Period::Months(short))
        | (Per::Period, Period::Days(long), Period::Days(short)) => {
            Decimal::from(long).checked_div(Decimal::from(short))?
        }
        (Per::Period, _, _) => return None,
    };
    Some(base.checked_mul(kept)?.checked_mul(length)?.normalize())
}

/// What one unit costs by a row for a whole period, exact.
pub fn amount_for_period(row: &PriceRow, period: Period) -> Option<Decimal> {
    let months = match row.per {
        Per::Month => Decimal::from(period.months()?),
        Per::Period => Decimal::ONE,
    };
    amount(row, period)?.checked_mul(months)
}

fn priced(
    catalog: &Catalog,
    at: usize,
    row: &PriceRow,
    item: Item<'_>,
    region: &str,
    period: Period,
) -> Option<Price> {
    Some(Price {
        per_period: amount_for_period(row, period)?,
        per: row.per,
        amount: amount(row, period)?,
        row: Some(at),
        list: list_key(catalog, row, item, region, period),
    })
}

fn list_key(
    catalog: &Catalog,
    row: &PriceRow,
    item: Item<'_>,
    region: &str,
    period: Period,
) -> String {
    let mut parts: Vec<String> = match item {
        Item::AddOn(id) => vec![id.to_owned()],
        Item::Plan { plan, .. } => vec![plan.to_owned()],
    };
    let kinds = catalog.seat_types.len();
    parts.extend(row.seat_type.clone().filter(|_| kinds > 1));
    parts.push(region.to_owned());
    parts.push(row.currency.to_string());
    parts.push(String::from(period));
    parts.extend(row.cohort.clone());
    parts.extend(row.from.map(|from| format!("from {from}")));
    parts.join(" · ")
}

fn is_free(catalog: &Catalog, item: Item<'_>) -> bool {
    let is_free_kind = |wanted: &str| {
        let mut kinds = catalog.seat_types.iter();
        kinds.any(|kind| kind.id == wanted && kind.sale == Sale::Free)
    };
    match item {
        Item::AddOn(id) => catalog
            .add_on(id)
            .is_some_and(|add_on| add_on.sale == Sale::Free),
        Item::Plan { plan, seat_type } => {
            catalog
                .plan(plan)
                .is_some_and(|plan| plan.sale == Sale::Free)
                || seat_type.is_some_and(is_free_kind)
        }
    }
}

fn free(item: Item<'_>, currency: Currency) -> Price {
    let id = match item {
        Item::AddOn(id) | Item::Plan { plan: id, .. } => id,
    };
    Price {
        per_period: Decimal::ZERO,
        per: Per::Period,
        amount: Decimal::ZERO,
        row: None,
        list: format!("{id} · free · {currency}"),
    }
}

fn in_words(catalog: &Catalog, item: Item<'_>) -> String {
    match item {
        Item::AddOn(id) => format!("add-on {id}"),
        Item::Plan { plan, seat_type } => match seat_type {
            Some(kind) if catalog.seat_types.len() > 1 => {
                format!("plan {plan} for {kind} {}s", catalog.unit)
            }
            _ => format!("plan {plan}"),
        },
    }
}

fn only<'r>(
    rows: &[(usize, &'r PriceRow)],
    keep: impl Fn(&PriceRow) -> bool,
) -> Vec<(usize, &'r PriceRow)> {
    rows.iter().filter(|(_, row)| keep(row)).copied().collect()
}

fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    values.fold(Vec::new(), |mut seen, value| {
        if !seen.contains(&value) {
            seen.push(value);
        }
        seen
    })
}

#[cfg(test)]
mod tests;
