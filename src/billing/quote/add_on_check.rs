//! Whether an add-on can be bought: by whom, with which plan, how many, and for how long.

use crate::billing::calendar::Period;
use crate::billing::catalog::{AddOn, Plan, Sale};
use crate::billing::policy::Situation;
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;

/// The period of an add-on that has one of its own; none if it runs with the plan's term.
pub(super) fn own_period(
    scene: &Scene<'_>,
    add_on: &AddOn,
    wanted: Option<Period>,
) -> Result<Option<Period>, Refusal> {
    let sold: Vec<String> = add_on
        .periods
        .iter()
        .map(|period| String::from(*period))
        .collect();
    let period = match (add_on.periods.as_slice(), wanted) {
        ([], None) => return Ok(None),
        ([], Some(_)) => {
            let message = format!(
                "{} runs with the plan's term and has no period.",
                add_on.name
            );
            return Err(Refusal::new(Code::PeriodNotSold, message));
        }
        ([first, ..], None) => *first,
        (_, Some(wanted)) => wanted,
    };
    let least = add_on.min_months;
    let short = period.months().is_some_and(|months| months < least);
    if short || !add_on.periods.contains(&period) {
        let message = match short {
            true => format!("{} is sold for at least {least} months.", add_on.name),
            false => format!("{} is not sold for {period}.", add_on.name),
        };
        let key = format!("add_on.{}.periods", add_on.id);
        return Err(Refusal::new(Code::PeriodNotSold, message).because(
            scene.policy,
            &key,
            sold.join(", "),
        ));
    }
    Ok(Some(period))
}

/// Whether an add-on can be bought in this quantity for a plan.
pub(super) fn check<'a>(
    scene: &Scene<'a>,
    plan: &Plan,
    id: &str,
    quantity: u32,
) -> Result<&'a AddOn, Refusal> {
    let Some(add_on) = scene.catalog.add_on(id) else {
        let sold = scene.catalog.add_ons.iter();
        return Err(Refusal::unknown(
            "add-on",
            id,
            sold.map(|add_on| add_on.id.as_str()),
        ));
    };
    let key = format!("add_on.{id}.sale");
    if add_on.sale == Sale::Closed {
        let message = format!("{} is no longer sold; who has it keeps it.", add_on.name);
        return Err(Refusal::new(Code::AddOnNotSold, message).because(
            scene.policy,
            &key,
            "closed",
        ));
    }
    let asks_himself = scene.member.is_some() || scene.reason.is_none();
    if add_on.sale == Sale::SalesOnly && asks_himself {
        let message = format!("{} is arranged with the seller's people.", add_on.name);
        return Err(Refusal::new(Code::AddOnNotSold, message)
            .because(scene.policy, &key, "sales_only")
            .routed(&scene.facts.account.name, Situation::Sales));
    }
    if !add_on.plans.is_empty() && !add_on.plans.contains(&plan.id) {
        let message = format!("{} is not sold with {}.", add_on.name, plan.name);
        let plans = add_on.plans.join(", ");
        return Err(Refusal::new(Code::AddOnNotSold, message).because(
            scene.policy,
            &format!("add_on.{id}.plans"),
            plans,
        ));
    }
    let most_sold = add_on.max.unwrap_or(u32::MAX);
    let step = add_on.step.max(1);
    if quantity < add_on.min || quantity > most_sold || !quantity.is_multiple_of(step) {
        let most = add_on
            .max
            .map_or("any number".to_owned(), |most| most.to_string());
        let message = format!(
            "{} is sold from {} to {most} in steps of {step}; {quantity} were asked for.",
            add_on.name, add_on.min
        );
        let (key, value) = match () {
            () if quantity < add_on.min => ("min", add_on.min),
            () if quantity > most_sold => ("max", most_sold),
            () => ("step", step),
        };
        let refusal = Refusal::new(Code::QuantityOutOfBounds, message).because(
            scene.policy,
            &format!("add_on.{id}.{key}"),
            value.to_string(),
        );
        let up = quantity.div_ceil(step).saturating_mul(step);
        let fits = up
            .max(add_on.min)
            .min(most_sold.saturating_sub(most_sold % step));
        let name = &scene.facts.account.name;
        return Err(match scene.standing().is_paid() {
            true => refusal.run(format!("credit buy {name} {id} {fits}")),
            false => refusal.run(format!("plan show {}", plan.id)),
        });
    }
    Ok(add_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::sample::{catalog, facts, policy, scene};

    #[test]
    fn what_is_closed_and_what_is_arranged_are_refused_for_their_own_reasons() {
        let (facts, policy) = (facts(), policy());
        let ask = |sale: Sale| {
            let mut catalog = catalog();
            let add_on = &mut catalog.add_ons[0];
            add_on.sale = sale;
            let (id, least) = (add_on.id.clone(), add_on.min.max(1));
            let plan = catalog.plan("basic").unwrap();
            let refused = check(&scene(&facts, &catalog, &policy), plan, &id, least).err();
            refused.map(|refusal| (refusal.code, refusal.because.unwrap().value))
        };
        let not_sold = |value: &str| Some((Code::AddOnNotSold, value.to_owned()));
        assert_eq!(ask(Sale::SelfService), None);
        assert_eq!(ask(Sale::Closed), not_sold("closed"));
        assert_eq!(ask(Sale::SalesOnly), not_sold("sales_only"));
    }
}
