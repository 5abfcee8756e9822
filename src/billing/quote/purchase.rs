//! The first term, or a new one after the last has ended.

use super::draft::{self, Draft};
use super::{Quoted, Wish, add_on, seat_count, time};
use crate::billing::agreed::NEGOTIATED;
use crate::billing::calendar::Period;
use crate::billing::catalog::{Plan, Sale};
use crate::billing::listed;
use crate::billing::order::NewTerm;
use crate::billing::policy::{BonusDays, EndState, Need, OrderKind, Situation};
use crate::billing::reactivate::way_in;
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::{Scene, words};
use crate::billing::term::{Seats, SoldPrice};
use std::collections::BTreeMap;

pub(super) fn quote(scene: &Scene<'_>, wish: &Wish) -> Result<Quoted, Refusal> {
    scene.check_kind(OrderKind::Purchase)?;
    let name = &scene.facts.account.name;
    let Some(id) = &wish.plan else {
        let state = words(scene.standing().state);
        let message =
            format!("{name} is {state} and has no subscription, so a plan must be named.");
        return Err(Refusal::new(Code::NoSubscription, message).run(way_in(scene)));
    };
    let plan = scene.plan(id)?;
    check_sold(scene, plan)?;
    let period = named_period(plan, wish.period, |period| {
        let seats = wish.seats.as_ref().map_or(0, |seats| seats.values().sum());
        let seats = seats.max(plan.seats.min).max(1);
        format!("order create {name} --plan {id} --period {period} --seats {seats}")
    })?;
    let period = check_period(scene, plan, period)?;
    let wanted = match &wish.seats {
        Some(seats) => seats.clone(),
        None => least(scene, plan)?,
    };
    seat_count::check(scene, plan, &wanted)?;
    let prices = prices(scene, plan, period, &wanted, wish)?;
    let mut draft = Draft::of(OrderKind::Purchase);
    let bonus = scene.policy.trial.as_ref().map(|trial| trial.bonus_days);
    let term = NewTerm {
        adds_trial_days: bonus == Some(BonusDays::AddToTerm),
        ..NewTerm::of(id, period, wanted, prices, scene.catalog_id)
    };
    let pieces = time::sell(scene, &mut draft, term)?;
    for (add_on, quantity) in &wish.add_ons {
        add_on::with_term(
            scene,
            wish,
            &mut draft,
            (add_on, *quantity),
            (plan, period, &pieces),
        )?;
    }
    draft::finish(scene, wish, draft).map(|order| Quoted::Order(Box::new(order)))
}

/// The fewest seats of the plan's usual type, where a purchase need not say how many (K24-23).
fn least(scene: &Scene<'_>, plan: &Plan) -> Result<Seats, Refusal> {
    let least = plan.seats.min.max(1);
    let one_way = plan.seats.max == Some(least);
    if scene.policy.order.seats == Need::Required && !one_way {
        let unit = &scene.catalog.unit;
        let message = format!("A number of {unit}s must be named for {}.", plan.name);
        return Err(Refusal::new(Code::SeatCountOutOfBounds, message)
            .because(scene.policy, "order.seats", "required")
            .say("Add --seats COUNT to the command."));
    }
    let usual = scene.catalog.usual_seat_type(plan).to_owned();
    Ok(BTreeMap::from([(usual, least)]))
}

/// The command that asks the seller's people for a plan, with what they need to know.
fn request(scene: &Scene<'_>, plan: &Plan) -> String {
    let route = scene.policy.route(Situation::Sales);
    let needs = route.into_iter().flat_map(|route| &route.needs);
    let mut command = format!("plan request {} {}", scene.facts.account.name, plan.id);
    for field in ["name", "email", "phone"] {
        let known = field == "email" && scene.member.is_some();
        let mut all = needs.clone().chain(&plan.contact_fields);
        if !known && all.any(|need| need == field) {
            command.push_str(&format!(" --{field} TEXT"));
        }
    }
    command
}

/// Whether the one who asks can buy the plan on the day.
pub(super) fn check_sold(scene: &Scene<'_>, plan: &Plan) -> Result<(), Refusal> {
    let on = scene.on();
    let name = &scene.facts.account.name;
    let by_people = plan.sale == Sale::SalesOnly;
    if by_people && (scene.member.is_some() || scene.reason.is_none()) {
        let message = format!("{} is sold only by the seller's people.", plan.name);
        return Err(Refusal::new(Code::SalesOnly, message)
            .because(
                scene.policy,
                &format!("plan.{}.sale", plan.id),
                "sales_only",
            )
            .run(request(scene, plan))
            .routed(name, Situation::Sales));
    }
    let in_days = plan.sold_from.is_none_or(|from| from <= on)
        && plan.sold_until.is_none_or(|until| on < until);
    if plan.sale == Sale::Free {
        let message = format!("{} costs nothing and needs no order.", plan.name);
        let refusal = Refusal::new(Code::NothingToChange, message);
        let falls_back = scene.standing().is_paid() && scene.policy.cancel.then == EndState::Free;
        return Err(match falls_back {
            true => refusal.run(format!("plan cancel {name}")),
            false => refusal,
        });
    }
    if by_people && in_days || plan.on_sale(on) {
        return Ok(());
    }
    let others: Vec<&str> = scene
        .catalog
        .plans
        .iter()
        .filter(|plan| plan.on_sale(on))
        .map(|plan| plan.id.as_str())
        .collect();
    let message = match (plan.sold_from, plan.sold_until) {
        (Some(from), _) if on < from => format!("{} is sold from {from} on.", plan.name),
        (_, Some(until)) if until <= on => {
            format!("{} is no longer sold since {until}.", plan.name)
        }
        _ => format!("{} is no longer sold; who has it keeps it.", plan.name),
    };
    Err(Refusal::new(Code::PlanNotSold, message)
        .because(scene.policy, &format!("plan.{}.sale", plan.id), "closed")
        .say(format!("Plans on sale: {}.", others.join(", ")))
        .run("plan list"))
}

/// The period that is wanted, or the only one. `command` is what names one, for whom it has to be told.
pub(super) fn named_period(
    plan: &Plan,
    wanted: Option<Period>,
    command: impl FnOnce(String) -> String,
) -> Result<Period, Refusal> {
    match (wanted, plan.periods.as_slice()) {
        (Some(period), _) => Ok(period),
        (None, [only]) => Ok(*only),
        (None, periods) => {
            let sold: Vec<String> = periods.iter().map(|period| String::from(*period)).collect();
            let message = format!(
                "A period must be named: {} is sold for {}.",
                plan.name,
                listed::or(&sold)
            );
            let first = sold.into_iter().next();
            let command = command(first.unwrap_or_else(|| "PERIOD".to_owned()));
            Err(Refusal::new(Code::PeriodNotSold, message).run(command))
        }
    }
}

/// The period that is wanted, if it is sold.
pub(super) fn check_period(
    scene: &Scene<'_>,
    plan: &Plan,
    period: Period,
) -> Result<Period, Refusal> {
    let sold: Vec<String> = plan
        .periods
        .iter()
        .map(|period| String::from(*period))
        .collect();
    let (sold, listed) = (sold.join(", "), listed::or(&sold));
    let least = scene.policy.order.min_months;
    if period.months().is_some_and(|months| months < least) {
        let message = format!("{period} is shorter than the {least} months that must be bought.");
        return Err(Refusal::new(Code::PeriodNotSold, message)
            .because(scene.policy, "order.min_months", least.to_string())
            .say(format!("{} is sold for {listed}.", plan.name)));
    }
    if !plan.periods.contains(&period) && plan.sale != Sale::SalesOnly {
        let message = format!("{} is not sold for {period}.", plan.name);
        return Err(Refusal::new(Code::PeriodNotSold, message)
            .because(
                scene.policy,
                &format!("plan.{}.periods", plan.id),
                sold.clone(),
            )
            .say(format!("{} is sold for {listed}.", plan.name)));
    }
    Ok(period)
}

/// The price of each wanted seat type: negotiated for this order, agreed with the account, or by the list.
pub(super) fn prices(
    scene: &Scene<'_>,
    plan: &Plan,
    period: Period,
    wanted: &Seats,
    wish: &Wish,
) -> Result<BTreeMap<String, SoldPrice>, Refusal> {
    let usual = scene.catalog.usual_seat_type(plan);
    let mut prices = BTreeMap::new();
    for seat_type in wanted.keys() {
        let price = match wish.price {
            Some(amount) if seat_type == usual => {
                if amount.is_sign_negative() {
                    let message = "A negotiated price is not below zero.";
                    return Err(Refusal::new(Code::ValueNotUsable, message));
                }
                SoldPrice {
                    amount,
                    list: NEGOTIATED.to_owned(),
                }
            }
            _ => scene.price_of(&plan.id, Some(seat_type), period)?,
        };
        prices.insert(seat_type.clone(), price);
    }
    Ok(prices)
}
