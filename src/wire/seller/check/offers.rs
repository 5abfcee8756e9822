//! Whether everything that is offered has a price.

use super::Problems;
use crate::billing::calendar::{Day, Period, plus_days};
use crate::billing::catalog::{Catalog, Cohort, Plan, Sale};
use crate::billing::money::Currency;
use crate::billing::price::{self, Item};
use std::collections::BTreeSet;

/// Everything that customers can order by themselves has a price, wherever and whenever they may.
pub(super) fn check(catalog: &Catalog, problems: &mut Problems<'_>) {
    let on_sale = |plan: &&Plan| plan.sale == Sale::SelfService;
    for (at, plan) in catalog
        .plans
        .iter()
        .enumerate()
        .filter(|(_, plan)| on_sale(plan))
    {
        let kinds: Vec<Option<&str>> = match kinds(catalog, plan) {
            kinds if kinds.is_empty() => vec![None],
            kinds => kinds.into_iter().map(Some).collect(),
        };
        let days = days(catalog, plan.sold_from, plan.sold_until);
        for seat_type in kinds {
            let item = Item::Plan {
                plan: &plan.id,
                seat_type,
            };
            missing(
                catalog,
                item,
                &plan.periods,
                &days,
                &format!("plan[{at}]"),
                problems,
            );
        }
    }
    for (at, add_on) in catalog.add_ons.iter().enumerate() {
        if add_on.sale != Sale::SelfService {
            continue;
        }
        let fits = |plan: &&Plan| {
            plan.sale != Sale::Free && (add_on.plans.is_empty() || add_on.plans.contains(&plan.id))
        };
        let mut periods = add_on.periods.clone();
        if periods.is_empty() {
            let plans = catalog.plans.iter().filter(fits).filter(on_sale);
            periods = plans.flat_map(|plan| plan.periods.clone()).collect();
            periods.sort();
            periods.dedup();
        }
        let item = Item::AddOn(&add_on.id);
        missing(
            catalog,
            item,
            &periods,
            &days(catalog, None, None),
            &format!("add_on[{at}]"),
            problems,
        );
    }
}

/// The kinds of seat that customers of a plan can buy by themselves.
fn kinds<'c>(catalog: &'c Catalog, plan: &Plan) -> Vec<&'c str> {
    let fits = |id: &String| plan.seat_types.is_empty() || plan.seat_types.contains(id);
    let sold = catalog
        .seat_types
        .iter()
        .filter(|kind| kind.sale == Sale::SelfService && fits(&kind.id));
    sold.map(|kind| kind.id.as_str()).collect()
}

/// The days on which an answer can change, from the first day of sale to the last.
fn days(catalog: &Catalog, sold_from: Option<Day>, sold_until: Option<Day>) -> BTreeSet<Day> {
    let first = catalog
        .effective_from
        .max(sold_from.unwrap_or(catalog.effective_from));
    let rows = catalog.prices.iter().flat_map(|row| [row.from, row.until]);
    let cohorts = catalog
        .cohorts
        .iter()
        .flat_map(|cohort| [cohort.customers_from, cohort.customers_until]);
    rows.chain(cohorts)
        .flatten()
        .chain([first])
        .filter(|day| *day >= first && sold_until.is_none_or(|until| *day < until))
        .collect()
}

fn missing(
    catalog: &Catalog,
    item: Item<'_>,
    periods: &[Period],
    days: &BTreeSet<Day>,
    here: &str,
    problems: &mut Problems<'_>,
) {
    for region in &catalog.regions {
        for currency in &region.currencies {
            let answers = |period: Period| {
                days.iter().find_map(|day| {
                    since(catalog, *day).into_iter().find_map(|since| {
                        unanswered(catalog, item, &region.id, *currency, period, since, *day)
                    })
                })
            };
            let gaps: Vec<(Period, Day)> = periods
                .iter()
                .filter_map(|period| answers(*period).map(|day| (*period, day)))
                .collect();
            let Some((_, first)) = gaps.first() else {
                continue;
            };
            let names: Vec<String> = gaps
                .iter()
                .map(|(period, _)| String::from(*period))
                .collect();
            let (thing, key) = match item {
                Item::AddOn(id) => (format!("add-on {id}"), format!("add_on = {id:?}")),
                Item::Plan {
                    plan,
                    seat_type: None,
                } => (format!("plan {plan}"), format!("plan = {plan:?}")),
                Item::Plan {
                    plan,
                    seat_type: Some(kind),
                } => (
                    format!("plan {plan} ({kind} seats)"),
                    format!("plan = {plan:?}"),
                ),
            };
            problems.wrong(
                format!("{here}.id"),
                format!(
                    "The {thing} has no price for {} in {currency} in the region {} on {first}.",
                    names.join(", "),
                    region.id
                ),
                format!(
                    "Add a [[price]] with {key}, currency = \"{currency}\" and amounts for {}.",
                    names.join(", ")
                ),
            );
        }
    }
}

/// Days since when an account that asks on a day may be a customer: one for each set of cohorts.
fn since(catalog: &Catalog, on: Day) -> Vec<Day> {
    let bounds = |cohort: &Cohort| [cohort.customers_from, cohort.customers_until];
    let mut days = vec![on];
    for bound in catalog.cohorts.iter().flat_map(bounds).flatten() {
        days.extend(
            [bound, plus_days(bound, -1)]
                .into_iter()
                .filter(|day| *day <= on),
        );
    }
    days
}

fn unanswered(
    catalog: &Catalog,
    item: Item<'_>,
    region: &str,
    currency: Currency,
    period: Period,
    since: Day,
    on: Day,
) -> Option<Day> {
    let cohorts = price::cohorts(catalog, Some(since), on);
    price::unit_price(catalog, item, region, currency, period, &cohorts, on)
        .is_err()
        .then_some(on)
}
