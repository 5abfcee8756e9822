//! A term that begins: on which day, until when, what it ends, and which lines are for it.

use super::account::Numbers;
use super::calendar::{Day, Span, days_between, plus_days};
use super::change::Change;
use super::order::{Line, LineKind, NewTerm, Order};
use super::policy::{State, Stub};
use super::scene::Scene;
use super::term::{Slice, Term, Trial};
use chrono::Datelike;

/// A new term: when it begins, how long it is, and what it ends. `before` are the terms of the same order that
/// it follows.
pub(super) fn begin_term(
    scene: &Scene<'_>,
    order: &Order,
    (wanted, before): (&NewTerm, Option<Span>),
    next: &mut Numbers,
) -> (Span, Vec<Change>) {
    let start = match before {
        Some(before) => before.end,
        None => wanted
            .starts
            .filter(|start| keeps_its_start(scene, *start))
            .unwrap_or(scene.on()),
    };
    let planned = wanted.starts.unwrap_or(order.placed_at.date());
    let (ends, anchor, stub) = length(wanted, (planned, start));
    let trial = scene
        .facts
        .trials
        .iter()
        .find(|trial| before.is_none() && trial.runs_on(scene.on()));
    let bonus = match (trial, wanted.adds_trial_days) {
        (Some(trial), true) => u32::try_from(trial.days_left(scene.on())).unwrap_or(0),
        _ => 0,
    };
    let mut changes = what_it_ends(scene, order, trial, wanted.replaces.then_some(start));
    let end = plus_days(ends, i64::from(bonus));
    let span = Span::new(start, end);
    let id = Numbers::take(&mut next.term);
    let slice = Slice {
        from: start,
        plan: wanted.plan.clone(),
        seats: wanted.seats.clone(),
        prices: wanted.prices.clone(),
        catalog: wanted.catalog,
        order: Some(order.id),
    };
    let term = Term {
        id,
        span,
        period: wanted.period,
        // Bonus days move the day that later terms are counted from.
        anchor_day: if bonus > 0 { end.day() } else { anchor },
        stub,
        bonus_days: bonus,
        paid: true,
        order: Some(order.id),
        slices: vec![slice],
    };
    changes.push(Change::AddTerm {
        account: order.account,
        term,
    });
    let own = order.lines.iter().filter(|line| {
        let time = line.kind == LineKind::Plan && line.item == wanted.plan && line.term.is_none();
        time && is_of(wanted, line)
    });
    changes.extend(own.map(|line| Change::TieLine {
        line: line.id,
        term: id,
        service: span,
    }));
    (span, changes)
}

/// The end of a new term, the day of the month that it keeps, and whether it is a stub. It ends on the bill day
/// for which it was ordered, unless that is over: then it is as long as it was to be.
fn length(wanted: &NewTerm, (planned, start): (Day, Day)) -> (Day, u32, Option<Stub>) {
    let (period, stub) = (wanted.period, wanted.stub);
    let own = start.day();
    match (wanted.ends, wanted.anchor_day) {
        (Some(ends), Some(day)) if ends > start => (ends, day, stub),
        (Some(ends), _) if stub.is_some() => {
            let end = plus_days(start, days_between(planned, ends));
            (end, end.day(), stub)
        }
        (Some(_), _) => (period.after(start, 1, own), own, None),
        (None, anchor_day) => {
            let kept = anchor_day.filter(|_| Some(start) == wanted.starts);
            let anchor = kept.unwrap_or(own);
            (period.after(start, 1, anchor), anchor, None)
        }
    }
}

/// Whether a line is for this term of its order, where the order brings several.
fn is_of(wanted: &NewTerm, line: &Line) -> bool {
    match (wanted.ends, line.service) {
        (Some(ends), Some(service)) => service.end == ends,
        _ => true,
    }
}

/// What a new term ends: the running trial, and the paid terms it replaces from a day on.
fn what_it_ends(
    scene: &Scene<'_>,
    order: &Order,
    trial: Option<&Trial>,
    replaced_from: Option<Day>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(trial) = trial {
        changes.push(Change::EditTrial {
            account: order.account,
            trial: Trial {
                ended_on: Some(scene.on()),
                ..trial.clone()
            },
        });
    }
    if let Some(start) = replaced_from {
        let terms = scene.facts.terms.iter();
        let replaced = terms.filter(|old| old.paid && old.span.end > start);
        changes.extend(replaced.map(|old| Change::EndTerm {
            term: old.id,
            end: start,
            cut_on: Some(start),
        }));
    }
    changes
}

/// Whether a term that was to begin on a day still does: it has not begun yet, or the service never
/// stopped. After a stop it begins on the day of the payment.
fn keeps_its_start(scene: &Scene<'_>, start: Day) -> bool {
    let state = scene.standing().state;
    scene.on() <= start || matches!(state, State::Active | State::Cancelling | State::PastDue)
}
