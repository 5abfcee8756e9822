//! Time that is sold from a day on: its terms, as the seller's bill days cut them, and what each costs.

use super::draft::{self, Draft, LineHead};
use crate::billing::anchor::{self, Piece};
use crate::billing::calendar::{Day, Period, Span};
use crate::billing::line_text::LineText;
use crate::billing::order::{Line, LineKind, NewTerm, Part};
use crate::billing::policy::Stub;
use crate::billing::prorate::{self, Price, Working};
use crate::billing::refusal::Refusal;
use crate::billing::scene::Scene;
use crate::billing::share::{Stretch, Window};
use crate::billing::stated;
use crate::billing::term::SoldPrice;
use rust_decimal::Decimal;

/// Sells a term: a part and lines for each term that the seller's bill days make of it. Gives back the terms,
/// for what is bought with them.
pub(super) fn sell(
    scene: &Scene<'_>,
    draft: &mut Draft,
    wanted: NewTerm,
) -> Result<Vec<Piece>, Refusal> {
    let from = wanted.starts.unwrap_or(scene.on());
    let (period, anchor_day) = (wanted.period, wanted.anchor_day);
    let mut pieces = anchor::pieces(&scene.policy.term, from, period, anchor_day);
    if comes_back(scene, from) {
        for piece in pieces
            .iter_mut()
            .filter(|piece| piece.stub == Some(Stub::Free))
        {
            piece.stub = Some(Stub::Prorated);
        }
    }
    let bonus_days = bonus(scene, &wanted);
    if let Some(last) = pieces.last_mut() {
        last.bonus_days = bonus_days.unwrap_or(0);
    }
    let behind_all = pieces.len().saturating_sub(1);
    for (place, piece) in pieces.iter().enumerate() {
        draft.lines.extend(plan_lines(scene, &wanted, piece)?);
        let term = NewTerm {
            ends: piece.ends,
            stub: piece.stub,
            anchor_day: piece.ends.map(|_| piece.day).or(anchor_day),
            // Terms that follow each other keep their bill days: what is on top comes behind the last.
            adds_trial_days: wanted.adds_trial_days && place == behind_all,
            bonus_days: bonus_days.filter(|_| place == behind_all),
            ..wanted.clone()
        };
        draft.parts.push(Part::Term(match place {
            0 => term,
            _ => NewTerm {
                starts: Some(piece.span.start),
                replaces: false,
                ..term
            },
        }));
    }
    Ok(pieces)
}

/// Whether paid time had ended before a day. Free days until the first bill day are for who begins, or is moved to the
/// bill days without a stop; who comes back pays their share. Otherwise whoever cancels before each bill day and buys
/// again behind it would never pay.
fn comes_back(scene: &Scene<'_>, from: Day) -> bool {
    let paid = scene.facts.terms.iter().filter(|term| term.paid);
    paid.map(|term| term.span.end)
        .max()
        .is_some_and(|end| end < from)
}

/// The trial days that come on top, where the invoice that is issued with the order states them.
fn bonus(scene: &Scene<'_>, wanted: &NewTerm) -> Option<u32> {
    let states = wanted.adds_trial_days && stated::with_the_order(scene);
    states.then(|| stated::trial_days(scene))
}

/// Lines for a plan's seats in one term.
fn plan_lines(scene: &Scene<'_>, wanted: &NewTerm, piece: &Piece) -> Result<Vec<Line>, Refusal> {
    let (seats, period) = (&wanted.seats, wanted.period);
    let known = scene.plan(&wanted.plan)?;
    let mut lines = Vec::new();
    for (seat_type, ordered) in seats.iter().filter(|(_, ordered)| **ordered > 0) {
        let billed = scene.billed_seats(known, seat_type, *ordered);
        let Some(price) = wanted.prices.get(seat_type) else {
            continue;
        };
        let price = price_in(piece.stub, price.clone());
        let working = working(scene, period, piece, (&price, i64::from(billed)))?;
        let kind = Some(seat_type.as_str()).filter(|_| seats.len() != 1);
        let above = scene.billed_above(known, seat_type, *ordered);
        let counted = above
            .as_ref()
            .map(|[key, value]| (key.as_str(), value.clone()));
        let head = LineHead {
            kind: LineKind::Plan,
            text: in_words(&known.name, kind, (period, piece)),
            item: &wanted.plan,
            seat_type: Some(seat_type),
            service: piece.service(),
            term: None,
            price: &price,
            key: key(scene, piece).or(counted),
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
            until: piece.service().end,
        },
        None => LineText::Term { plan, kind, period },
    };
    text.to_string()
}

/// The policy key that a line for a plan's time comes from, and its value: only a stub has one.
pub(super) fn key(scene: &Scene<'_>, piece: &Piece) -> Option<(&'static str, String)> {
    let value = match (scene.policy.term.stub, piece.stub?) {
        (Stub::Free, Stub::Prorated) => "free, and a share after a stop".to_owned(),
        (_, stub) => stub.name().to_owned(),
    };
    Some(("term.stub", value))
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
