//! The price book: rows that can be meant, and one answer to every question.

use super::Problems;
use crate::billing::calendar::Period;
use crate::billing::catalog::{Catalog, Per, PriceRow, Sale};
use crate::billing::price::{self, Item};
use rust_decimal::Decimal;

pub(super) fn check(catalog: &Catalog, problems: &mut Problems<'_>) {
    for (at, row) in catalog.prices.iter().enumerate() {
        let here = format!("price[{at}]");
        a_row(row, &here, problems);
        a_place(catalog, row, &here, problems);
        a_use(catalog, row, &here, problems);
        overlaps(catalog, at, row, problems);
    }
}

fn a_row(row: &PriceRow, here: &str, problems: &mut Problems<'_>) {
    match (&row.plan, &row.add_on) {
        (Some(_), Some(_)) => problems.wrong(
            format!("{here}.add_on"),
            "A price is for a plan or for an add-on, not for both.",
            "Write two rows.",
        ),
        (None, None) => problems.wrong(
            here,
            "This price is for nothing.",
            "Add plan = … or add_on = ….",
        ),
        _ => {}
    }
    let is_negative = |amount: &Decimal| amount.is_sign_negative() && !amount.is_zero();
    for (period, amount) in &row.amounts {
        let path = format!(
            "{here}.amounts.{}",
            spelt(problems, here, "amounts", *period)
        );
        if is_negative(amount) {
            problems.wrong(
                &path,
                format!("{amount} is less than nothing."),
                "Write 0 or more.",
            );
        }
        if row.per == Per::Month && period.months().is_none() {
            problems.wrong(
                &path,
                format!("A price a month cannot be counted for {period}."),
                "Set per = \"period\" and write the amount for the whole period.",
            );
        }
    }
    for (period, percent) in &row.percent_off {
        let path = format!(
            "{here}.percent_off.{}",
            spelt(problems, here, "percent_off", *period)
        );
        if is_negative(percent) || *percent > Decimal::ONE_HUNDRED {
            problems.wrong(
                &path,
                format!("{percent} percent cannot be taken off."),
                "Write 0 to 100.",
            );
        } else if row.amounts.contains_key(period) {
            problems.odd(
                &path,
                format!("These percent never count: there is an amount for {period}."),
                "Take one of the two out.",
            );
        } else if row.amounts.is_empty() {
            problems.wrong(
                &path,
                "There is no amount to take percent off.",
                "Add one to amounts.",
            );
        }
    }
    if row.amounts.is_empty() && row.percent_off.is_empty() {
        problems.wrong(
            format!("{here}.amounts"),
            "This row has no amount.",
            "Add one, for example amounts = { 1m = 10 }.",
        );
    }
    if let (Some(from), Some(until)) = (row.from, row.until)
        && until <= from
    {
        problems.wrong(
            format!("{here}.until"),
            format!("This price ends on {until}, before it begins on {from}."),
            "Put the later day into until.",
        );
    }
}

/// How the file spells a period: `12m` may stand as `1y` or `year`.
fn spelt(problems: &Problems<'_>, here: &str, table: &str, period: Period) -> String {
    let usual = String::from(period);
    let others = [
        "day",
        "daily",
        "week",
        "weekly",
        "month",
        "monthly",
        "quarter",
        "quarterly",
    ];
    let years = period.months().filter(|months| months % 12 == 0);
    let mut spellings = vec![usual.clone()];
    spellings.extend(years.map(|months| format!("{}y", months / 12)));
    spellings.extend(others.map(str::to_owned));
    spellings.extend(["year", "yearly", "annual"].map(str::to_owned));
    spellings
        .into_iter()
        .find(|text| text.parse() == Ok(period) && problems.says(&format!("{here}.{table}.{text}")))
        .unwrap_or(usual)
}

fn a_place(catalog: &Catalog, row: &PriceRow, here: &str, problems: &mut Problems<'_>) {
    let currency = row.currency;
    let regions = || {
        let named = row.region.as_deref();
        let is_meant = move |id: &str| named.is_none_or(|named| named == id);
        catalog
            .regions
            .iter()
            .filter(move |region| is_meant(&region.id))
    };
    if regions().next().is_some() && !regions().any(|region| region.currencies.contains(&currency))
    {
        let place = row.region.as_ref().map_or_else(
            || "no region has it".to_owned(),
            |region| format!("the region {region} does not have it"),
        );
        problems.odd(
            format!("{here}.currency"),
            format!("Nobody can pay this price in {currency}: {place}."),
            "Add the currency to the region, or take the row out.",
        );
    }
}

fn a_use(catalog: &Catalog, row: &PriceRow, here: &str, problems: &mut Problems<'_>) {
    if let Some(add_on) = row.add_on.as_deref().and_then(|id| catalog.add_on(id))
        && !add_on.periods.is_empty()
    {
        never_offered(row, (&add_on.id, &add_on.periods), here, problems);
    }
    let Some(plan) = row.plan.as_deref().and_then(|id| catalog.plan(id)) else {
        return;
    };
    if plan.sale == Sale::Free && row.amounts.values().any(|amount| !amount.is_zero()) {
        problems.wrong(
            format!("{here}.plan"),
            format!("The plan {} is free and has a price.", plan.id),
            "Take the row out, or sell the plan.",
        );
        return;
    }
    never_offered(row, (&plan.id, &plan.periods), here, problems);
    if let Some(kind) = &row.seat_type
        && !plan.seat_types.is_empty()
        && !plan.seat_types.contains(kind)
    {
        problems.odd(
            format!("{here}.seat_type"),
            format!("The plan {} has no {kind} seats.", plan.id),
            "Add the seat type to the plan, or take the row out.",
        );
    }
}

fn never_offered(
    row: &PriceRow,
    (id, offered): (&str, &[Period]),
    here: &str,
    problems: &mut Problems<'_>,
) {
    for period in price::periods(row) {
        if !offered.contains(&period) {
            let table = match row.amounts.contains_key(&period) {
                true => "amounts",
                false => "percent_off",
            };
            let spelt = spelt(problems, here, table, period);
            problems.odd(
                format!("{here}.{table}.{spelt}"),
                format!("Nobody can pay this: {id} is not offered for {period}."),
                "Offer the period, or take the amount out.",
            );
        }
    }
}

/// Two rows that answer the same question: wrong when neither is the later one, odd when both have an end.
fn overlaps(catalog: &Catalog, at: usize, row: &PriceRow, problems: &mut Problems<'_>) {
    let item = item(row);
    for (earlier, other) in catalog.prices[..at].iter().enumerate() {
        let same_key = (&other.region, other.currency, &other.cohort)
            == (&row.region, row.currency, &row.cohort);
        let same_item = item.is_some_and(|item| price::is_for(catalog, other, item));
        let shared = price::periods(other)
            .into_iter()
            .find(|period| price::periods(row).contains(period));
        let (true, true, Some(period)) = (same_key, same_item, shared) else {
            continue;
        };
        let begin = row.from.max(other.from);
        let ends = [row.until, other.until];
        let end = ends.into_iter().flatten().min();
        let meet = match (begin, end) {
            (Some(begin), Some(end)) => begin < end,
            _ => true,
        };
        let first = place_of(problems, earlier);
        if meet && row.from == other.from {
            problems.wrong(
                format!("price[{at}]"),
                format!(
                    "This row and the one in line {first} both price {period} from the same day."
                ),
                "Take one out, or give the later one a from.",
            );
        } else if let (true, Some(begin), Some(end)) = (meet, begin, end) {
            problems.odd(
                format!("price[{at}]"),
                format!("This row and the one in line {first} both price {period} from {begin} until {end}; the one that began later counts."),
                "Let one end where the other begins.",
            );
        }
    }
}

fn place_of(problems: &Problems<'_>, row: usize) -> usize {
    let span = super::place::nearest(problems.table.get_ref(), &format!("price[{row}]"));
    super::super::finding::line_and_column(problems.source.text, span.start).0
}

fn item(row: &PriceRow) -> Option<Item<'_>> {
    match (&row.plan, &row.add_on) {
        (Some(plan), None) => Some(Item::Plan {
            plan,
            seat_type: row.seat_type.as_deref(),
        }),
        (None, Some(id)) => Some(Item::AddOn(id)),
        _ => None,
    }
}
