//! A further term behind the last: asked for (extension) or made by time (renewal).

use super::draft::{self, Draft};
use super::purchase::{check_period, named_period};
use super::{Quoted, Wish, add_on, time};
use crate::billing::account::{NextTerm, Switch};
use crate::billing::agreed::{is_over, or_sold};
use crate::billing::calendar::{Day, Period, Span};
use crate::billing::catalog::Plan;
use crate::billing::order::{NewTerm, Order};
use crate::billing::policy::{OrderKind, RenewalPrice};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use crate::billing::stated;
use crate::billing::term::{Seats, Slice, SoldPrice, Term};
use std::collections::BTreeMap;

pub(super) fn quote(scene: &Scene<'_>, wish: &Wish) -> Result<Quoted, Refusal> {
    let rules = &scene.policy.extend;
    let name = &scene.facts.account.name;
    scene.check_kind(OrderKind::Extension)?;
    let code = Code::ExtensionNotAllowed;
    scene.check_allow(rules.allow, "extend.allow", code, "Extending")?;
    let auto_renew = scene
        .facts
        .switched(Switch::AutoRenew, scene.at)
        .unwrap_or(false);
    if rules.needs_auto_renew_off && auto_renew {
        let message = format!("{name} renews by itself, and then it cannot be extended by hand.");
        return Err(Refusal::new(Code::AutoRenewOn, message)
            .because(scene.policy, "extend.needs_auto_renew_off", "true")
            .run(format!("renew auto {name} off")));
    }
    let (_, last, slice) = last(scene)?;
    let plan = scene.plan(&slice.plan)?;
    let period = named_period(plan, wish.extend, |period| {
        format!("renew extend {name} --period {period}")
    })?;
    let period = check_period(scene, plan, period)?;
    let next = NextTerm {
        period: Some(period),
        ..NextTerm::default()
    };
    let draft = behind(scene, OrderKind::Extension, (last, slice), &next)?;
    draft::finish(scene, wish, draft).map(|order| Quoted::Order(Box::new(order)))
}

/// The order that renews: what holds at the end of the last term, with what was asked for the next one.
pub(super) fn renewal(scene: &Scene<'_>) -> Result<Order, Refusal> {
    let (_, last, slice) = last(scene)?;
    let next = scene
        .facts
        .scheduled
        .last()
        .map(|waits| waits.change.clone())
        .unwrap_or_default();
    let mut draft = behind(scene, OrderKind::Renewal, (last, slice), &next)?;
    draft.renews = Some(last.span.end);
    draft.collect(scene, None);
    draft::finish(scene, &Wish::default(), draft)
}

/// The order that brings a subscription back after its end: what it had, from the day of the payment on.
pub(super) fn again(scene: &Scene<'_>) -> Result<Order, Refusal> {
    let (_, last, slice) = last(scene)?;
    let plan = scene.plan(&slice.plan)?;
    scene.check_kind(OrderKind::Purchase)?;
    super::purchase::check_sold(scene, plan)?;
    let prices = term_prices(
        scene,
        plan,
        (last, slice),
        (last.period, scene.on()),
        &slice.seats,
    )?;
    let mut draft = Draft::of(OrderKind::Purchase);
    let term = NewTerm::of(
        &plan.id,
        last.period,
        slice.seats.clone(),
        prices,
        scene.catalog_id,
    );
    time::sell(scene, &mut draft, term)?;
    draft::finish(scene, &Wish::default(), draft)
}

/// The last paid term and what holds at its end.
pub(super) fn last<'a>(scene: &Scene<'a>) -> Result<(Span, &'a Term, &'a Slice), Refusal> {
    let last = scene
        .facts
        .terms
        .iter()
        .filter(|term| term.paid)
        .max_by_key(|term| term.span.end);
    match last.and_then(|term| term.last_slice().map(|slice| (term.span, term, slice))) {
        Some(found) => Ok(found),
        None => {
            let name = &scene.facts.account.name;
            let message = format!("{name} has no term that could be continued.");
            Err(Refusal::new(Code::NoSubscription, message).run(format!("order checkout {name}")))
        }
    }
}

fn behind(
    scene: &Scene<'_>,
    kind: OrderKind,
    (last, slice): (&Term, &Slice),
    next: &NextTerm,
) -> Result<Draft, Refusal> {
    let plan = scene.plan(next.plan.as_deref().unwrap_or(&slice.plan))?;
    let period = next.period.unwrap_or(last.period);
    let wanted = next.seats.clone().unwrap_or_else(|| slice.seats.clone());
    let start = stated::begins_behind(scene, last.span.end, kind);
    let prices = term_prices(scene, plan, (last, slice), (period, start), &wanted)?;
    let mut draft = Draft::of(kind);
    let term = NewTerm {
        starts: Some(start),
        anchor_day: Some(last.anchor_day).filter(|_| start == last.span.end),
        ..NewTerm::of(&plan.id, period, wanted, prices, scene.catalog_id)
    };
    let pieces = time::sell(scene, &mut draft, term)?;
    if kind == OrderKind::Renewal {
        add_on::renewing(scene, &mut draft, last.span.end, (period, &pieces))?;
    }
    Ok(draft)
}

/// What is agreed for the first day of the term; or the price of the ending term, where the policy keeps it
/// and nothing else changes; otherwise the list's.
fn term_prices(
    scene: &Scene<'_>,
    plan: &Plan,
    (last, slice): (&Term, &Slice),
    (period, start): (Period, Day),
    wanted: &Seats,
) -> Result<BTreeMap<String, SoldPrice>, Refusal> {
    let same = plan.id == slice.plan && period == last.period;
    let mut prices = BTreeMap::new();
    for kind in wanted.keys() {
        let unit = (plan.id.as_str(), Some(kind.as_str()));
        let kept = slice
            .prices
            .get(kind)
            .filter(|_| same && scene.policy.renewal.price == RenewalPrice::Term)
            .filter(|sold| !is_over(scene.facts, unit, period, start, sold));
        let price = match kept {
            Some(sold) => or_sold(scene.facts, unit, period, start, (slice, sold)),
            None => scene.price_from(&plan.id, Some(kind), period, start)?,
        };
        prices.insert(kind.clone(), price);
    }
    Ok(prices)
}
