//! A term that begins: on which day, until when, what it ends, and which lines are for it.

use super::account::Numbers;
use super::calendar::{Day, Span, days_between, plus_days};
use super::change::Change;
use super::order::{NewTerm, Order};
use super::policy::{State, Stub};
use super::scene::Scene;
use super::stated;
use super::term::{Slice, Term, Trial};
use chrono::Datelike;

/// A new term: when it begins, how long it is, and what it ends. `before` are the terms of the same order that
/// it follows. What an invoice states that was issued before the payment is not moved by it.
pub(super) fn begin_term(
    scene: &Scene<'_>,
    order: &Order,
    (wanted, before): (&NewTerm, Option<Span>),
    next: &mut Numbers,
) -> (Span, Vec<Change>) {
    let stated = stated::span_of(scene, order, wanted);
    let start = match (stated, before) {
        (Some(stated), _) => stated.start,
        (None, Some(before)) => before.end,
        (None, None) => wanted
            .starts
            .filter(|start| keeps_its_start(scene, *start))
            .unwrap_or(stated::counts_from(scene, order)),
    };
    let planned = wanted.starts.unwrap_or(order.placed_at.date());
    let (ends, anchor, stub) = length(wanted, (planned, start));
    let left = || match wanted.adds_trial_days {
        true => stated::trial_days(scene),
        false => 0,
    };
    let bonus = wanted.bonus_days.unwrap_or_else(left);
    let mut trials = scene.facts.trials.iter();
    let trial = trials.find(|trial| before.is_none() && trial.runs_on(scene.on()));
    let mut changes = what_it_ends(scene, order, trial, wanted.replaces.then_some(start));
    let span = stated.unwrap_or(Span::new(start, plus_days(ends, i64::from(bonus))));
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
        anchor_day: if bonus > 0 { span.end.day() } else { anchor },
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
    for line in stated::lines_of(order, wanted) {
        if line.service != Some(span) {
            changes.push(Change::ServeLine {
                line: line.id,
                service: span,
            });
        }
        changes.push(Change::TieLine {
            line: line.id,
            term: id,
        });
    }
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
            // Until it was paid nobody knew that it would end: days that are over keep what they were.
            cut_on: Some(start.max(scene.on())),
        }));
    }
    changes
}

/// Whether a term that was to begin on a day still does: it has not begun yet, or the service never
/// stopped. After a stop it begins on the day of the payment.
pub(super) fn keeps_its_start(scene: &Scene<'_>, start: Day) -> bool {
    let state = scene.standing().state;
    scene.on() <= start || matches!(state, State::Active | State::Cancelling | State::PastDue)
}
