//! Time that is sold from a day on: its terms, as the seller's bill days cut them, and what each costs.

use super::draft::{self, Draft, LineHead};
use crate::billing::anchor::{self, Piece};
use crate::billing::calendar::{Day, Period, Span};
use crate::billing::line_text::LineText;
use crate::billing::order::{Line, LineKind, Part};
use crate::billing::policy::Stub;
use crate::billing::prorate::{self, Price, Working};
use crate::billing::refusal::Refusal;
use crate::billing::scene::Scene;
use crate::billing::share::{Stretch, Window};
use crate::billing::term::{Seats, SoldPrice};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Sells what a [`Part::Term`] describes from a day on: a part and lines for each term that comes of it. Gives
/// back the terms, for what is bought with them.
pub(super) fn sell(
    scene: &Scene<'_>,
    draft: &mut Draft,
    wanted: &Part,
    from: Day,
) -> Result<Vec<Piece>, Refusal> {
    let Part::Term {
        plan,
        period,
        seats,
        prices,
        anchor_day,
        ..
    } = wanted
    else {
        return Ok(Vec::new());
    };
    let pieces = anchor::pieces(&scene.policy.term, from, *period, *anchor_day);
    for piece in &pieces {
        let lines = plan_lines(scene, (plan, *period), (seats, prices), piece)?;
        draft.lines.extend(lines);
    }
    let mut parts = pieces.iter();
    let first = parts.next().map(|piece| part(wanted, piece));
    draft.parts.extend(first);
    draft
        .parts
        .extend(parts.map(|piece| behind(part(wanted, piece), piece)));
    Ok(pieces)
}

/// The first term of what is wanted.
fn part(wanted: &Part, piece: &Piece) -> Part {
    let mut part = wanted.clone();
    if let Part::Term {
        anchor_day,
        ends,
        stub,
        ..
    } = &mut part
    {
        (*ends, *stub) = (piece.ends, piece.stub);
        if piece.ends.is_some() {
            *anchor_day = Some(piece.day);
        }
    }
    part
}

/// A term that follows the first in the same order.
fn behind(mut part: Part, piece: &Piece) -> Part {
    if let Part::Term {
        starts,
        adds_trial_days,
        replaces,
        ..
    } = &mut part
    {
        *starts = Some(piece.span.start);
        (*adds_trial_days, *replaces) = (false, false);
    }
    part
}

/// Lines for a plan's seats in one term.
fn plan_lines(
    scene: &Scene<'_>,
    (plan, period): (&str, Period),
    (seats, prices): (&Seats, &BTreeMap<String, SoldPrice>),
    piece: &Piece,
) -> Result<Vec<Line>, Refusal> {
    let known = scene.plan(plan)?;
    let mut lines = Vec::new();
    for (seat_type, ordered) in seats.iter().filter(|(_, ordered)| **ordered > 0) {
        let billed = scene.billed_seats(known, seat_type, *ordered);
        let Some(price) = prices.get(seat_type) else {
            continue;
        };
        let price = price_in(piece.stub, price.clone());
        let working = working(scene, period, piece, (&price, i64::from(billed)))?;
        let kind = Some(seat_type.as_str()).filter(|_| seats.len() != 1);
        let head = LineHead {
            kind: LineKind::Plan,
            text: in_words(&known.name, kind, (period, piece)),
            item: plan,
            seat_type: Some(seat_type),
            service: piece.span,
            term: None,
            price: &price,
            key: key(piece),
            credits: None,
        };
        lines.push(draft::line(scene, head, working));
    }
    Ok(lines)
}

/// `Pro, 1 month`, or `Pro, until 2026-04-01` for a stub.
fn in_words(plan: &str, kind: Option<&str>, (period, piece): (Period, &Piece)) -> String {
    let text = match piece.stub {
        Some(_) => LineText::Stub {
            plan,
            kind,
            until: piece.span.end,
        },
        None => LineText::Term { plan, kind, period },
    };
    text.to_string()
}

/// The policy key that a line for a plan's time comes from, and its value.
fn key(piece: &Piece) -> (&'static str, String) {
    match piece.stub {
        Some(stub) => ("term.stub", stub.name().to_owned()),
        None => ("proration.unit", "none (a whole period)".to_owned()),
    }
}

/// What a term costs at a price for the whole period.
pub(super) fn working(
    scene: &Scene<'_>,
    period: Period,
    piece: &Piece,
    (price, quantity): (&SoldPrice, i64),
) -> Result<Working, Refusal> {
    let asked = Price::of(price.amount, quantity, scene.facts.account.currency);
    match piece.stub {
        None | Some(Stub::Full) => draft::whole(scene, piece.span, asked),
        Some(Stub::Prorated | Stub::Free) => {
            let start = period.before(piece.span.end, piece.day);
            let cycle = Span::new(start, piece.span.end);
            let stretch = Stretch::of_plan(cycle, period, piece.day);
            let part = Window::from(piece.span);
            let rules = &scene.policy.proration;
            Ok(prorate::service(rules, &stretch, part, asked)?)
        }
    }
}

/// What a unit costs in a term: nothing in a stub that is free.
pub(super) fn price_in(stub: Option<Stub>, sold: SoldPrice) -> SoldPrice {
    match stub {
        Some(Stub::Free) => SoldPrice {
            amount: Decimal::ZERO,
            list: "free before the first bill day".to_owned(),
        },
        Some(Stub::Prorated | Stub::Full) | None => sold,
    }
}
