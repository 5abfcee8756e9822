//! Credits and other things bought on top of a plan.

use super::add_on_check::{check, own_period};
use super::draft::{self, Draft, LineHead};
use super::{Quoted, Wish, change, time};
use crate::billing::anchor::Piece;
use crate::billing::calendar::{Day, Period, Span};
use crate::billing::catalog::{AddOn, Plan};
use crate::billing::line_text::LineText;
use crate::billing::order::{LineKind, Part};
use crate::billing::pack;
use crate::billing::policy::{Charge, OrderKind};
use crate::billing::prorate::{self, Price, Working};
use crate::billing::reactivate::way_in;
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::{Scene, words};
use crate::billing::share::Window;
use chrono::Datelike;

pub(super) fn quote(scene: &Scene<'_>, wish: &Wish) -> Result<Quoted, Refusal> {
    let standing = scene.standing();
    let name = &scene.facts.account.name;
    if !scene.policy.credits.buy_in.contains(&standing.state) {
        let message = format!(
            "{name} is {}, and then no add-on can be bought.",
            words(standing.state)
        );
        let states: Vec<&str> = scene
            .policy
            .credits
            .buy_in
            .iter()
            .map(|state| words(*state))
            .collect();
        return Err(Refusal::new(Code::NoSubscription, message)
            .because(scene.policy, "credits.buy_in", states.join(", "))
            .run(way_in(scene)));
    }
    scene.check_kind(OrderKind::AddOn)?;
    let mut draft = Draft::of(OrderKind::AddOn);
    for (add_on, quantity) in &wish.add_ons {
        running(scene, wish, &mut draft, (add_on, *quantity))?;
    }
    draft::finish(scene, wish, draft).map(|order| Quoted::Order(Box::new(order)))
}

/// An add-on bought while paid time runs.
pub(super) fn running(
    scene: &Scene<'_>,
    wish: &Wish,
    draft: &mut Draft,
    (id, quantity): (&str, u32),
) -> Result<(), Refusal> {
    let (plan, _) = change::current(scene)?;
    let add_on = check(scene, plan, id, quantity)?;
    let term = scene.standing().term;
    let (Some(term), None) = (term, own_period(scene, add_on, wish.add_on_period)?) else {
        return own(scene, wish, draft, (add_on, quantity));
    };
    let price = time::price_in(term.stub, scene.price_of(id, None, term.period)?);
    let asked = Price::of(
        price.amount,
        i64::from(quantity),
        scene.facts.account.currency,
    );
    let span = Span::new(scene.on(), term.span.end);
    let (working, value) = match scene.policy.credits.charge {
        Charge::Prorated => {
            let stretch = term.stretch();
            (
                prorate::remaining(&scene.policy.proration, &stretch, scene.at, asked)?,
                "prorated",
            )
        }
        Charge::Full | Charge::None => match pack::part_of_term(scene, &add_on.gives, term) {
            None => (draft::whole(scene, term.span, asked)?, "full"),
            // The full price of what it gives.
            Some(part) => {
                let windows = (Window::from(span), Window::from(term.span));
                let rules = &scene.policy.proration;
                (prorate::parts(rules, part, windows, asked)?, "full")
            }
        },
    };
    let key = ("credits.charge", value.to_owned());
    push(
        scene,
        draft,
        (add_on, quantity),
        (&price, working),
        span,
        key,
    );
    part(draft, (add_on, quantity), term.period, (None, None));
    Ok(())
}

/// An add-on bought together with a new term.
pub(super) fn with_term(
    scene: &Scene<'_>,
    wish: &Wish,
    draft: &mut Draft,
    (id, quantity): (&str, u32),
    (plan, period, pieces): (&Plan, Period, &[Piece]),
) -> Result<(), Refusal> {
    if !scene.policy.order.parts_together {
        let message = "Plan and add-ons must be ordered one by one.";
        return Err(Refusal::new(Code::PartsNotTogether, message).because(
            scene.policy,
            "order.parts_together",
            "false",
        ));
    }
    let add_on = check(scene, plan, id, quantity)?;
    if own_period(scene, add_on, wish.add_on_period)?.is_some() {
        return own(scene, wish, draft, (add_on, quantity));
    }
    for_time(
        scene,
        draft,
        (add_on, quantity),
        (period, pieces),
        (None, None),
    )
}

/// Add-ons of a term that begins in the middle of another: those that are wished, and those that renew with the
/// term, for its billing period begins anew (KA-10). What was paid for the old one lasts until its own end, and
/// where that is behind the new term nothing is bought a second time.
pub(super) fn restarting(
    scene: &Scene<'_>,
    wish: &Wish,
    draft: &mut Draft,
    (plan, period, pieces): (&Plan, Period, &[Piece]),
) -> Result<(), Refusal> {
    for (id, quantity) in &wish.add_ons {
        with_term(scene, wish, draft, (id, *quantity), (plan, period, pieces))?;
    }
    let paid = scene.facts.terms.iter().filter(|term| term.paid);
    let end = paid.map(|term| term.span.end).max();
    let reaches_further = end < pieces.last().map(|new| new.span.end);
    for held in &scene.facts.holdings {
        let Some(add_on) = scene.catalog.add_on(&held.add_on) else {
            continue;
        };
        let wished = wish.add_ons.iter().any(|(id, _)| *id == held.add_on);
        let sold = add_on.plans.is_empty() || add_on.plans.contains(&plan.id);
        let ends = reaches_further && Some(held.span.end) == end;
        if !ends || wished || !sold || !add_on.renews || !add_on.periods.is_empty() {
            continue;
        }
        let days = (None, None);
        for_time(
            scene,
            draft,
            (add_on, held.quantity),
            (period, pieces),
            days,
        )?;
    }
    Ok(())
}

/// Add-ons that renew with the term: those that ended, or end, with the paid time before it.
pub(super) fn renewing(
    scene: &Scene<'_>,
    draft: &mut Draft,
    end: Day,
    (period, pieces): (Period, &[Piece]),
) -> Result<(), Refusal> {
    let Some((first, last)) = pieces.first().zip(pieces.last()) else {
        return Ok(());
    };
    let start = first.span.start;
    for holding in scene
        .facts
        .holdings
        .iter()
        .filter(|held| held.span.end == end)
    {
        let Some(add_on) = scene.catalog.add_on(&holding.add_on) else {
            continue;
        };
        if !add_on.renews {
            continue;
        }
        let what = (add_on, holding.quantity);
        if add_on.periods.is_empty() {
            let days = (Some(start), Some(last.span.end));
            for_time(scene, draft, what, (period, pieces), days)?;
        } else {
            let piece = of_its_own(holding.period, start);
            let days = (Some(start), Some(piece.span.end));
            for_time(scene, draft, what, (holding.period, &[piece]), days)?;
        }
    }
    Ok(())
}

/// The term of an add-on that has a period of its own: it runs from its own start, whatever the plan does.
fn of_its_own(period: Period, start: Day) -> Piece {
    Piece {
        span: Span::new(start, period.after(start, 1, start.day())),
        day: start.day(),
        stub: None,
        ends: None,
        bonus_days: 0,
    }
}

/// An add-on with a period of its own, from the day of the payment.
fn own(
    scene: &Scene<'_>,
    wish: &Wish,
    draft: &mut Draft,
    (add_on, quantity): (&AddOn, u32),
) -> Result<(), Refusal> {
    let Some(period) = own_period(scene, add_on, wish.add_on_period)? else {
        return Ok(());
    };
    let piece = of_its_own(period, scene.on());
    for_time(
        scene,
        draft,
        (add_on, quantity),
        (period, &[piece]),
        (None, Some(piece.span.end)),
    )
}

/// An add-on for the terms that are sold with it: a line for each, and one holding for all of them.
fn for_time(
    scene: &Scene<'_>,
    draft: &mut Draft,
    (add_on, quantity): (&AddOn, u32),
    (period, pieces): (Period, &[Piece]),
    days: (Option<Day>, Option<Day>),
) -> Result<(), Refusal> {
    let start = pieces.first().map_or(scene.on(), |piece| piece.span.start);
    let listed = scene.price_from(&add_on.id, None, period, start)?;
    for piece in pieces {
        let price = time::price_in(piece.stub, listed.clone());
        let working = time::working(scene, period, piece, (&price, i64::from(quantity)))?;
        let key = time::key(scene, piece).unwrap_or_else(|| ("credits.charge", "full".to_owned()));
        push(
            scene,
            draft,
            (add_on, quantity),
            (&price, working),
            piece.service(),
            key,
        );
    }
    part(draft, (add_on, quantity), period, days);
    Ok(())
}

fn push(
    scene: &Scene<'_>,
    draft: &mut Draft,
    (add_on, quantity): (&AddOn, u32),
    (price, working): (&crate::billing::term::SoldPrice, Working),
    span: Span,
    key: (&str, String),
) {
    let head = LineHead {
        kind: LineKind::AddOn,
        text: LineText::Units {
            count: quantity.into(),
            name: &add_on.name,
        }
        .to_string(),
        item: &add_on.id,
        seat_type: None,
        service: span,
        term: None,
        price,
        key: Some(key),
        credits: None,
    };
    draft.lines.push(draft::line(scene, head, working));
}

fn part(
    draft: &mut Draft,
    (add_on, quantity): (&AddOn, u32),
    period: Period,
    (starts, ends): (Option<Day>, Option<Day>),
) {
    draft.parts.push(Part::AddOn {
        add_on: add_on.id.clone(),
        quantity,
        period,
        starts,
        ends,
    });
}
