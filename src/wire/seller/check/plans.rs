//! Plans, add-ons, limits and credits: numbers that fit together, and things that can be bought.

use super::Problems;
use crate::billing::calendar::Period;
use crate::billing::catalog::{AddOn, Allowance, AtLimit, Catalog, Gives, Plan, Sale};
use std::collections::BTreeMap;

pub(super) fn check(catalog: &Catalog, problems: &mut Problems<'_>) {
    ranks(catalog, problems);
    for (at, plan) in catalog.plans.iter().enumerate() {
        let here = format!("plan[{at}]");
        sale(plan, &here, problems);
        seats(plan, &here, problems);
        amounts(plan, &here, problems);
    }
    for (at, add_on) in catalog.add_ons.iter().enumerate() {
        an_add_on(add_on, &format!("add_on[{at}]"), problems);
    }
    limits_and_cohorts(catalog, problems);
    let free = catalog.plans.iter().filter(|plan| plan.sale == Sale::Free);
    if free.count() > 1 {
        problems.odd(
            "plan",
            "There are several free plans; accounts fall to the first.",
            "Close all but one of them.",
        );
    }
}

/// Two plans of one rank are neither above nor below each other, so nobody could change between them.
fn ranks(catalog: &Catalog, problems: &mut Problems<'_>) {
    let mut first: BTreeMap<u32, &str> = BTreeMap::new();
    for (at, plan) in catalog.plans.iter().enumerate() {
        match first.get(&plan.rank) {
            Some(other) => problems.wrong(
                format!("plan[{at}].rank"),
                format!(
                    "The plans {other} and {} have the same rank {}.",
                    plan.id, plan.rank
                ),
                "Give each plan its own rank; the better plan has the higher one.",
            ),
            None => {
                first.insert(plan.rank, &plan.id);
            }
        }
    }
    if catalog.plans.is_empty() {
        problems.wrong("plan", "There is no plan.", "Add a [[plan]].");
    }
}

fn sale(plan: &Plan, here: &str, problems: &mut Problems<'_>) {
    let id = &plan.id;
    if plan.sale == Sale::SelfService && plan.periods.is_empty() {
        problems.wrong(
            format!("{here}.periods"),
            format!("The plan {id} is on sale, and for no period."),
            "Add periods, for example periods = [\"1m\", \"12m\"].",
        );
    }
    if plan.sale == Sale::SalesOnly && plan.contact_fields.is_empty() {
        problems.odd(
            format!("{here}.sale"),
            format!("The plan {id} is sold by people, and a request for it need not say how to reach the customer."),
            "Add contact_fields, for example [\"name\", \"email\"].",
        );
    }
    if plan.sale != Sale::SalesOnly {
        problems.odd_if_said(
            format!("{here}.contact_fields"),
            format!("The contact fields of {id} are never asked for: it is not sold by people."),
            "Set sale = \"sales_only\", or take them out.",
        );
    }
    if let (Some(from), Some(until)) = (plan.sold_from, plan.sold_until)
        && until <= from
    {
        problems.wrong(
            format!("{here}.sold_until"),
            format!("The plan {id} is no longer sold on {until}, before it is sold from {from}."),
            "Put the later day into sold_until.",
        );
    }
    periods(&plan.periods, &format!("{here}.periods"), problems);
}

fn periods(periods: &[Period], path: &str, problems: &mut Problems<'_>) {
    for (at, period) in periods.iter().enumerate() {
        let before = &periods[..at];
        if before.contains(period) {
            problems.wrong(
                format!("{path}[{at}]"),
                format!("The period {period} is named twice."),
                "Take one out.",
            );
        } else if before
            .last()
            .is_some_and(|last| last.length_hundredths() > period.length_hundredths())
        {
            problems.odd(
                format!("{path}[{at}]"),
                format!("The period {period} stands behind a longer one."),
                "Write the shortest first; lists show them in this order.",
            );
        }
    }
}

fn seats(plan: &Plan, here: &str, problems: &mut Problems<'_>) {
    let bounds = &plan.seats;
    if bounds.pack == 0 {
        problems.wrong(
            format!("{here}.seats.pack"),
            "Seats cannot be sold in packs of 0.",
            "Write 1 for single seats.",
        );
    }
    let Some(max) = bounds.max else { return };
    if bounds.min > max {
        problems.wrong(
            format!("{here}.seats.min"),
            format!("The fewest seats are {}, the most are {max}.", bounds.min),
            "Put the smaller number into min.",
        );
    }
    if bounds.minimum_billed > max {
        problems.odd(
            format!("{here}.seats.minimum_billed"),
            format!(
                "At least {} seats are billed, and no more than {max} can be ordered.",
                bounds.minimum_billed
            ),
            "Lower it, or raise max.",
        );
    }
}

fn amounts(plan: &Plan, here: &str, problems: &mut Problems<'_>) {
    let is_negative = |allowance: &Allowance| matches!(allowance, Allowance::Some(..0));
    let own = plan
        .limits
        .iter()
        .map(|(id, given)| (format!("{here}.limits.\"{id}\""), given));
    let kept = plan.keeps.iter().enumerate().flat_map(|(at, keep)| {
        let path = move |id: &String| format!("{here}.keeps[{at}].limits.\"{id}\"");
        keep.limits.iter().map(move |(id, given)| (path(id), given))
    });
    for (path, _) in own.chain(kept).filter(|(_, given)| is_negative(given)) {
        problems.wrong(
            path,
            "An allowance is less than nothing.",
            "Write 0 or more.",
        );
    }
    for (id, _) in plan.seat_adds.iter().filter(|(_, added)| **added < 0) {
        problems.wrong(
            format!("{here}.seat_adds.\"{id}\""),
            "A seat takes something away from an allowance.",
            "Write 0 or more.",
        );
    }
    for id in plan.seat_adds.keys() {
        if !matches!(plan.limits.get(id), Some(Allowance::Some(_))) {
            problems.odd(
                format!("{here}.seat_adds.\"{id}\""),
                format!("Seats add nothing: the plan does not bound {id} by a number."),
                "Add a number for it to limits.",
            );
        }
    }
    for (id, grant) in &plan.credits {
        if grant.amount.is_some_and(i64::is_negative) {
            problems.wrong(
                format!("{here}.credits.\"{id}\".amount"),
                "A grant is less than nothing.",
                "Write 0 or more.",
            );
        }
    }
    for (at, keep) in plan.keeps.iter().enumerate() {
        if keep.features.is_empty() && keep.limits.is_empty() {
            problems.odd(
                format!("{here}.keeps[{at}]"),
                "This keeps nothing.",
                "Name features or limits, or take it out.",
            );
        }
    }
}

fn an_add_on(add_on: &AddOn, here: &str, problems: &mut Problems<'_>) {
    let id = &add_on.id;
    if add_on.step == 0 {
        problems.wrong(
            format!("{here}.step"),
            format!("Units of {id} cannot come in steps of 0."),
            "Write 1 for single units.",
        );
    } else if !add_on.min.is_multiple_of(add_on.step) {
        problems.wrong(
            format!("{here}.min"),
            format!(
                "The fewest units of {id} are {}, which is no multiple of the step {}.",
                add_on.min, add_on.step
            ),
            "Make min a multiple of step.",
        );
    }
    if let Some(max) = add_on.max
        && add_on.min > max
    {
        problems.wrong(
            format!("{here}.min"),
            format!(
                "The fewest units of {id} are {}, the most are {max}.",
                add_on.min
            ),
            "Put the smaller number into min.",
        );
    }
    let gives_nothing = match add_on.gives {
        Gives::Credits { amount, .. } | Gives::Limit { amount, .. } => amount <= 0,
        Gives::Feature { .. } | Gives::Service => false,
    };
    if gives_nothing {
        problems.wrong(
            format!("{here}.gives.amount"),
            format!("One unit of {id} gives nothing."),
            "Write 1 or more.",
        );
    }
    periods(&add_on.periods, &format!("{here}.periods"), problems);
    let least = add_on.min_months;
    let is_short =
        |period: &Period| least > 0 && period.months().is_none_or(|months| months < least);
    if least > 0 && add_on.periods.is_empty() {
        problems.odd(
            format!("{here}.min_months"),
            format!(
                "This never fires: {id} has no period of its own and runs with the plan's term."
            ),
            "Add periods, or take min_months out.",
        );
    }
    for (at, _) in add_on
        .periods
        .iter()
        .enumerate()
        .filter(|(_, period)| is_short(period))
    {
        problems.odd(
            format!("{here}.periods[{at}]"),
            format!("Nobody can buy {id} for this: min_months is {least}."),
            "Take the period out, or lower min_months.",
        );
    }
}

fn limits_and_cohorts(catalog: &Catalog, problems: &mut Problems<'_>) {
    for (at, limit) in catalog.limits.iter().enumerate() {
        if let AtLimit::Grace { hours, blocks } = &limit.at_limit {
            let path = format!("limit[{at}].at_limit");
            if blocks.is_empty() {
                problems.odd(
                    &path,
                    format!("After the grace of {hours} hours nothing stops: blocks is empty."),
                    "Name what stops, for example blocks = [\"manual creation\"].",
                );
            }
            if *hours == 0 {
                problems.odd(
                    &path,
                    "A grace of 0 hours is none.",
                    "Use mode = \"refuse\".",
                );
            }
        }
    }
    for (at, cohort) in catalog.cohorts.iter().enumerate() {
        let here = format!("cohort[{at}]");
        match (cohort.customers_from, cohort.customers_until) {
            (Some(from), Some(until)) if until <= from => problems.wrong(
                format!("{here}.customers_until"),
                format!("Nobody can be in the cohort {}: it ends on {until}, before it begins on {from}.", cohort.id),
                "Put the later day into customers_until.",
            ),
            (None, None) => problems.odd(
                here,
                format!("Everybody is in the cohort {}: it has neither bound.", cohort.id),
                "Add customers_from or customers_until.",
            ),
            _ => {}
        }
    }
}
