//! More seats or fewer seats in the middle of paid time.

use super::draft::{self, Draft, LineHead};
use super::{Quoted, Wish, change, give_back, seat_count};
use crate::billing::account::NextTerm;
use crate::billing::agreed::or_sold;
use crate::billing::calendar::{Day, Span};
use crate::billing::catalog::Plan;
use crate::billing::deferred;
use crate::billing::line_text::LineText;
use crate::billing::money::Money;
use crate::billing::order::{LineKind, Part};
use crate::billing::policy::{Charge, GiveBack, OrderKind, SeatPrice, SeatsActive, Timing};
use crate::billing::prorate::{self, Price};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::returned::{self, Left};
use crate::billing::scene::Scene;
use crate::billing::standing::paid_until;
use crate::billing::term::{Seats, Slice, SoldPrice, Term};
use std::collections::BTreeMap;

pub(super) fn quote(scene: &Scene<'_>, wish: &Wish) -> Result<Quoted, Refusal> {
    let (plan, slice) = change::current(scene)?;
    let wanted = wish.seats.clone().unwrap_or_default();
    let target = merged(&slice.seats, &wanted);
    let more = target
        .iter()
        .any(|(kind, count)| *count > held(slice, kind));
    let fewer = target
        .iter()
        .any(|(kind, count)| *count < held(slice, kind));
    match (more, fewer) {
        (false, false) => {
            let message = format!(
                "{} has {} already.",
                scene.facts.account.name,
                crate::billing::scene::seats_in_words(&slice.seats, &scene.catalog.unit)
            );
            Err(Refusal::new(Code::NothingToChange, message))
        }
        (true, true) => {
            let message = "Seats of one type cannot be added while others are removed.";
            Err(Refusal::new(Code::PartsNotTogether, message)
                .say("Add first, then remove, as two commands."))
        }
        (true, false) => add(scene, wish, plan, slice, target),
        (false, true) => remove(scene, wish, plan, slice, target),
    }
}

/// Seats of a type that a slice has.
pub(super) fn held(slice: &Slice, seat_type: &str) -> u32 {
    slice.seats.get(seat_type).copied().unwrap_or(0)
}

/// What is held, with what is wanted in its place.
pub(super) fn merged(held: &Seats, wanted: &Seats) -> Seats {
    let mut all = held.clone();
    all.extend(wanted.iter().map(|(kind, count)| (kind.clone(), *count)));
    all
}

fn add(
    scene: &Scene<'_>,
    wish: &Wish,
    plan: &Plan,
    slice: &Slice,
    target: Seats,
) -> Result<Quoted, Refusal> {
    let rules = &scene.policy.seats.add;
    scene.check_kind(OrderKind::Seats)?;
    scene.check_allow(
        rules.allow,
        "seats.add.allow",
        Code::OrderKindNotAllowed,
        &format!("Adding {}s", scene.catalog.unit),
    )?;
    seat_count::check(scene, plan, &target)?;
    let mut draft = Draft::of(OrderKind::Seats);
    let mut sold = BTreeMap::new();
    for term in scene.paid_terms() {
        let Some(before) = term.slice_on(scene.on()) else {
            continue;
        };
        let prices = seat_prices(scene, plan, term, before, &target)?;
        for (kind, count) in &target {
            let lines = added(scene, (plan, term, before), kind, *count, prices.get(kind))?;
            draft.lines.extend(lines);
        }
        sold.insert(term.id, as_sold(scene, before, prices));
    }
    let until = deferred_until(scene, wish, &draft);
    draft.parts.push(Part::Change {
        plan: slice.plan.clone(),
        seats: target,
        prices: sold,
        catalog: scene.catalog_id,
        in_effect: rules.active == SeatsActive::Now || until.is_some(),
    });
    draft
        .parts
        .extend(until.map(|until| Part::Deferred { until }));
    for (add_on, quantity) in &wish.add_ons {
        super::add_on::running(scene, wish, &mut draft, (add_on, *quantity))?;
    }
    let mut order = draft::finish(scene, wish, draft)?;
    if until.is_some() {
        order.lapses_on = None;
    }
    Ok(Quoted::Order(Box::new(order)))
}

/// When the money for the seats is asked for, if not at once: what is bought with them is paid at once.
fn deferred_until(scene: &Scene<'_>, wish: &Wish, draft: &Draft) -> Option<Day> {
    if draft.lines.is_empty() || !wish.add_ons.is_empty() {
        return None;
    }
    let end = paid_until(scene.facts)?;
    deferred::until(scene.policy.seats.add.collect, scene.on(), end)
}

/// What a seat of each type costs for a term's whole period.
fn seat_prices(
    scene: &Scene<'_>,
    plan: &Plan,
    term: &Term,
    before: &Slice,
    target: &Seats,
) -> Result<BTreeMap<String, SoldPrice>, Refusal> {
    let mut prices = BTreeMap::new();
    for kind in target.keys() {
        let sold = before.prices.get(kind);
        let price = match (scene.policy.seats.add.price, sold) {
            (SeatPrice::Term, Some(sold)) => {
                let unit = (plan.id.as_str(), Some(kind.as_str()));
                or_sold(scene.facts, unit, term.period, scene.on(), (before, sold))
            }
            _ => scene.price_of(&plan.id, Some(kind), term.period)?,
        };
        prices.insert(kind.clone(), price);
    }
    Ok(prices)
}

/// What the term keeps as its prices: an agreement counts by its dates and does not change what was sold.
fn as_sold(
    scene: &Scene<'_>,
    before: &Slice,
    mut prices: BTreeMap<String, SoldPrice>,
) -> BTreeMap<String, SoldPrice> {
    if scene.policy.seats.add.price == SeatPrice::Term {
        prices.extend(before.prices.clone());
    }
    prices
}

fn added(
    scene: &Scene<'_>,
    (plan, term, before): (&Plan, &Term, &Slice),
    kind: &str,
    count: u32,
    price: Option<&SoldPrice>,
) -> Result<Option<crate::billing::order::Line>, Refusal> {
    let rules = &scene.policy.seats;
    let paid = match rules.remove.high_water {
        true => term
            .slices
            .iter()
            .map(|slice| held(slice, kind))
            .max()
            .unwrap_or(0),
        false => held(before, kind),
    };
    let billed = |count| i64::from(scene.billed_seats(plan, kind, count));
    let more = billed(count).saturating_sub(billed(paid));
    let costs = rules.add.charge != Charge::None && !term.is_free();
    let (Some(price), true) = (price, more > 0 && costs) else {
        return Ok(None);
    };
    let asked = Price::of(price.amount, more, scene.facts.account.currency);
    let at = draft::moment_in(scene, term.span);
    let (working, key) = match rules.add.charge {
        Charge::Full => (
            draft::whole(scene, term.span, asked)?,
            ("seats.add.charge", "full"),
        ),
        Charge::Prorated | Charge::None => {
            let stretch = term.stretch();
            (
                prorate::remaining(&scene.policy.proration, &stretch, at, asked)?,
                ("seats.add.charge", "prorated"),
            )
        }
    };
    let head = LineHead {
        kind: LineKind::Plan,
        text: added_in_words(scene, plan, kind, more),
        item: &plan.id,
        seat_type: Some(kind),
        service: Span::new(working.part.from.date(), term.span.end),
        term: Some(term.id),
        price,
        key: Some((key.0, key.1.to_owned())),
        credits: None,
    };
    Ok(Some(draft::line(scene, head, working)))
}

/// `2 more seats on Pro`, with the type where the plan has several.
fn added_in_words(scene: &Scene<'_>, plan: &Plan, kind: &str, more: i64) -> String {
    let unit = match more {
        1 => scene.catalog.unit.clone(),
        _ => format!("{}s", scene.catalog.unit),
    };
    let text = LineText::More {
        count: more,
        kind: Some(kind).filter(|_| scene.catalog.seat_types.len() > 1),
        unit: &unit,
        plan: &plan.name,
    };
    text.to_string()
}

fn remove(
    scene: &Scene<'_>,
    wish: &Wish,
    plan: &Plan,
    slice: &Slice,
    target: Seats,
) -> Result<Quoted, Refusal> {
    let rules = &scene.policy.seats.remove;
    let name = &scene.facts.account.name;
    scene.check_kind(OrderKind::SeatRemoval)?;
    let code = Code::SeatReductionNotAllowed;
    let unit = &scene.catalog.unit;
    let what = format!("Removing {unit}s");
    scene.check_allow(rules.allow, "seats.remove.allow", code, &what)?;
    seat_count::check(scene, plan, &target)?;
    for (kind, count) in &target {
        let assigned = scene.facts.assigned(kind, scene.on());
        if *count < assigned {
            let message = format!("{assigned} {unit}s are assigned, so {count} are too few.");
            return Err(Refusal::new(Code::SeatsInUse, message).run(format!("seats list {name}")));
        }
    }
    let next = NextTerm {
        seats: Some(target.clone()),
        ..NextTerm::default()
    };
    if rules.timing == Timing::AtRenewal {
        return Ok(Quoted::Later(next));
    }
    let mut draft = Draft::of(OrderKind::SeatRemoval);
    let mut sold = BTreeMap::new();
    for term in scene.paid_terms() {
        let Some(before) = term.slice_on(scene.on()) else {
            continue;
        };
        for (kind, count) in &target {
            let billed = |count| scene.billed_seats(plan, kind, count);
            let gone = billed(held(before, kind)).saturating_sub(billed(*count));
            if gone > 0 && rules.give_back != GiveBack::None && !rules.high_water {
                removed(scene, &mut draft, (plan, term), kind, gone)?;
            }
        }
        sold.insert(term.id, before.prices.clone());
    }
    draft.parts.push(Part::Change {
        plan: slice.plan.clone(),
        seats: target,
        prices: sold,
        catalog: scene.catalog_id,
        in_effect: false,
    });
    draft::finish(scene, wish, draft).map(|order| Quoted::Order(Box::new(order)))
}

/// Credits for seats that go, from the lines billed last.
fn removed(
    scene: &Scene<'_>,
    draft: &mut Draft,
    (plan, term): (&Plan, &Term),
    kind: &str,
    gone: u32,
) -> Result<(), Refusal> {
    let mut left = i64::from(gone);
    let given = scene.policy.seats.remove.give_back.name();
    let lines = scene.facts.billed.iter().rev().filter(|billed| {
        billed.line.term == Some(term.id) && billed.line.seat_type.as_deref() == Some(kind)
    });
    for billed in lines {
        let rest = returned::left(billed)?;
        let seats = rest.quantity.min(left);
        if left <= 0 {
            break;
        }
        if seats <= 0 {
            continue;
        }
        let weights = [seats, rest.quantity.saturating_sub(seats)];
        let part_of = |whole: Money| {
            let sharing = scene.policy.discount.sharing;
            crate::billing::allot::by_weight(whole, &weights, sharing)
                .first()
                .copied()
                .unwrap_or_else(|| Money::zero(whole.currency))
        };
        let part = Left {
            amount: part_of(rest.amount),
            with_tax: part_of(rest.with_tax),
            credited: part_of(rest.credited),
            quantity: seats,
        };
        let line = give_back::credit_line(
            scene,
            (plan, term),
            billed,
            part,
            ("seats.remove.give_back", given),
        )?;
        draft.lines.extend(line);
        left = left.saturating_sub(seats);
    }
    Ok(())
}
