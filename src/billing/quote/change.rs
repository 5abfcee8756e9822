//! Another plan or another period in the middle of paid time.

use super::asked::{Asked, tell_apart};
use super::draft::{self, Draft, LineHead};
use super::give_back::give_back;
use super::purchase::{check_period, check_sold, prices};
use super::{Quoted, Wish, seat_count, seats, time, waits};
use crate::billing::account::NextTerm;
use crate::billing::anchor::Piece;
use crate::billing::calendar::Span;
use crate::billing::catalog::Plan;
use crate::billing::line_text::LineText;
use crate::billing::listed;
use crate::billing::money::Money;
use crate::billing::order::{Line, LineKind, NewTerm, Part};
use crate::billing::policy::{Anchoring, Charge, GiveBack, Timing};
use crate::billing::prorate::{self, Billed, Price, Working};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use crate::billing::share::Window;
use crate::billing::switches::Lines;
use crate::billing::term::{Slice, SoldPrice, Term};
use std::collections::BTreeMap;

/// The plan and slice that hold on the day.
pub(super) fn current<'a>(scene: &Scene<'a>) -> Result<(&'a Plan, &'a Slice), Refusal> {
    let standing = scene.standing();
    let Some(slice) = standing.slice else {
        let name = &scene.facts.account.name;
        let message = format!("{name} has no subscription to change.");
        return Err(
            Refusal::new(Code::NoSubscription, message).run(format!("order checkout {name}"))
        );
    };
    Ok((scene.plan(&slice.plan)?, slice))
}

pub(super) fn quote(scene: &Scene<'_>, wish: &Wish) -> Result<Quoted, Refusal> {
    let asked = tell_apart(scene, wish)?;
    scene.check_kind(asked.kind)?;
    let what = crate::billing::scene::kind_words(asked.kind, &scene.catalog.unit);
    let what = listed::capital(&what);
    scene.check_allow(
        asked.rules.allow,
        &format!("{}.allow", asked.key),
        asked.code,
        &what,
    )?;
    let (now, slice) = current(scene)?;
    if asked.plan.id != now.id {
        check_sold(scene, asked.plan)?;
    }
    seat_count::check(scene, asked.plan, &asked.seats)?;
    if asked.rules.timing == Timing::AtRenewal {
        let next = waits::period(scene, wish.period, asked.period);
        let period = check_period(scene, asked.plan, next)?;
        prices(scene, asked.plan, period, &asked.seats, wish)?;
        return Ok(Quoted::Later(NextTerm {
            plan: Some(asked.plan.id.clone()),
            period: Some(period),
            seats: wish.seats.is_some().then(|| asked.seats.clone()),
        }));
    }
    let period = check_period(scene, asked.plan, asked.period)?;
    let mut draft = Draft::of(asked.kind);
    match asked.rules.term {
        Anchoring::Restart => {
            let pieces = restart(scene, wish, &asked, &mut draft)?;
            super::add_on::restarting(scene, wish, &mut draft, (asked.plan, period, &pieces))?;
        }
        Anchoring::Keep => {
            keep(scene, wish, &asked, slice, &mut draft)?;
            for (add_on, quantity) in &wish.add_ons {
                super::add_on::running(scene, wish, &mut draft, (add_on, *quantity))?;
            }
        }
    }
    draft::finish(scene, wish, draft).map(|order| Quoted::Order(Box::new(order)))
}

/// The terms keep their ends: what is left of each is charged at the new price and given back at the old.
fn keep(
    scene: &Scene<'_>,
    wish: &Wish,
    asked: &Asked<'_>,
    slice: &Slice,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let mut sold = BTreeMap::new();
    for term in scene.paid_terms() {
        let Some(before) = term.slice_on(scene.on()) else {
            continue;
        };
        let new = prices(scene, asked.plan, term.period, &asked.seats, wish)?;
        let difference = scene.policy.proration.lines == Lines::Difference
            && asked.rules.charge == Charge::Prorated
            && asked.rules.give_back != GiveBack::None;
        // What a free stub holds costs nothing, whatever it is.
        let charged = asked.seats.iter().filter(|_| !term.is_free());
        for (kind, count) in charged {
            let Some(price) = new.get(kind) else { continue };
            let to = priced(scene, asked.plan, kind, *count, price);
            if difference {
                let line = difference_line(scene, asked, (term, before), kind, (to, price))?;
                draft.lines.extend(line);
            } else {
                draft
                    .lines
                    .extend(charge_line(scene, asked, term, kind, (to, price))?);
            }
        }
        if !difference && asked.rules.give_back != GiveBack::None {
            credit_rest(scene, draft, (slice, term), asked)?;
        }
        sold.insert(term.id, new);
    }
    draft.parts.push(Part::Change {
        plan: asked.plan.id.clone(),
        seats: asked.seats.clone(),
        prices: sold,
        catalog: scene.catalog_id,
        in_effect: false,
    });
    Ok(())
}

/// Credits for what is not used of a term, by the table of the policy that the change comes from.
fn credit_rest(
    scene: &Scene<'_>,
    draft: &mut Draft,
    held: (&Slice, &Term),
    asked: &Asked<'_>,
) -> Result<(), Refusal> {
    let key = format!("{}.give_back", asked.key);
    give_back(scene, draft, held, (&key, asked.rules.give_back.name()))
}

/// A new term begins with the change; everything that was paid and is not used is given back. Gives back the
/// terms that begin.
fn restart(
    scene: &Scene<'_>,
    wish: &Wish,
    asked: &Asked<'_>,
    draft: &mut Draft,
) -> Result<Vec<Piece>, Refusal> {
    let prices = prices(scene, asked.plan, asked.period, &asked.seats, wish)?;
    let on = scene.on();
    let term = NewTerm {
        replaces: true,
        ..NewTerm::of(
            &asked.plan.id,
            asked.period,
            asked.seats.clone(),
            prices,
            scene.catalog_id,
        )
    };
    let pieces = time::sell(scene, draft, term)?;
    if asked.rules.charge == Charge::None {
        draft.lines.clear();
    }
    if asked.rules.give_back != GiveBack::None {
        for term in scene.paid_terms() {
            let Some(before) = term.slice_on(on) else {
                continue;
            };
            credit_rest(scene, draft, (before, term), asked)?;
        }
    }
    Ok(pieces)
}

fn priced(scene: &Scene<'_>, plan: &Plan, kind: &str, count: u32, price: &SoldPrice) -> Price {
    let billed = scene.billed_seats(plan, kind, count);
    Price::of(
        price.amount,
        i64::from(billed),
        scene.facts.account.currency,
    )
}

fn charge_line(
    scene: &Scene<'_>,
    asked: &Asked<'_>,
    term: &Term,
    kind: &str,
    (to, price): (Price, &SoldPrice),
) -> Result<Option<Line>, Refusal> {
    let at = draft::moment_in(scene, term.span);
    let working = match asked.rules.charge {
        Charge::None => return Ok(None),
        Charge::Full => draft::whole(scene, term.span, to)?,
        Charge::Prorated => prorate::remaining(&scene.policy.proration, &term.stretch(), at, to)?,
    };
    if working.amount.is_zero() {
        return Ok(None);
    }
    let text = LineText::Rest(&asked.plan.name).to_string();
    line_of(scene, asked, (term, kind), text, price, working).map(Some)
}

/// One line for the difference of the two prices.
fn difference_line(
    scene: &Scene<'_>,
    asked: &Asked<'_>,
    (term, before): (&Term, &Slice),
    kind: &str,
    (to, price): (Price, &SoldPrice),
) -> Result<Option<Line>, Refusal> {
    let old_plan = scene.plan(&before.plan)?;
    let none = SoldPrice {
        amount: rust_decimal::Decimal::ZERO,
        list: String::new(),
    };
    let old = before.prices.get(kind).unwrap_or(&none);
    let from = priced(scene, old_plan, kind, seats::held(before, kind), old);
    let at = draft::moment_in(scene, term.span);
    let zero = Money::zero(to.currency);
    let service = Window::from(term.span);
    let line = Billed {
        service,
        amount: zero,
        credited: zero,
        price: from,
    };
    let change = prorate::change(
        &scene.policy.proration,
        &term.stretch(),
        &line,
        at,
        from,
        to,
    )?;
    if change.net.is_zero() {
        return Ok(None);
    }
    let text = LineText::Instead {
        new: &asked.plan.name,
        old: &old_plan.name,
    };
    let text = text.to_string();
    line_of(scene, asked, (term, kind), text, price, change.charge).map(Some)
}

fn line_of(
    scene: &Scene<'_>,
    asked: &Asked<'_>,
    (term, kind): (&Term, &str),
    text: String,
    price: &SoldPrice,
    working: Working,
) -> Result<Line, Refusal> {
    let value = match asked.rules.charge {
        Charge::Full => "full",
        Charge::Prorated | Charge::None => "prorated",
    };
    let key = format!("{}.charge", asked.key);
    let head = LineHead {
        kind: LineKind::Plan,
        text,
        item: &asked.plan.id,
        seat_type: Some(kind),
        service: Span::new(working.part.from.date(), term.span.end),
        term: Some(term.id),
        price,
        key: Some((&key, value.to_owned())),
        credits: None,
    };
    Ok(draft::line(scene, head, working))
}
