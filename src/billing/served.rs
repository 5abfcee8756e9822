//! On which days what an order brings is had, and the lines that say so. Where no document came before the
//! payment, a line is for the days that begin with it: the invoice that is issued then states what is had, at the
//! amount that was agreed with the order. Units that are given at once are not had over time: a pack of them keeps
//! the days of its order, by which they were counted.

use super::calendar::{Day, Span, plus_days};
use super::change::Change;
use super::order::{Line, LineKind, Order, Part};
use super::pack;
use super::scene::Scene;
use super::share::effective;
use super::stated;
use chrono::Datelike;

/// A term that began with an order: the days it was priced for, and those it has.
pub(super) struct Begun {
    /// As its lines were written.
    pub planned: Span,
    /// As it is.
    pub span: Span,
}

/// The days of an add-on; nothing for another part.
pub(super) fn add_on(
    scene: &Scene<'_>,
    order: &Order,
    part: &Part,
    begun: &[Begun],
) -> Option<Span> {
    let Part::AddOn {
        add_on,
        period,
        starts,
        ends,
        ..
    } = part
    else {
        return None;
    };
    let in_a_term = begun.is_empty() && starts.is_none() && ends.is_none();
    if in_a_term && !stated::is_stated(scene, order) {
        let kept = pack::as_ordered(scene, order, add_on);
        if kept.is_some() {
            return kept;
        }
    }
    let (first, last) = (begun.first(), begun.last());
    let day = first.map_or(stated::counts_from(scene, order), |term| term.span.start);
    let alone = |start: Day| Span::new(start, period.after(start, 1, start.day()));
    let running = last.map(|term| term.span);
    let running = running.or(scene.standing().term.map(|term| term.span));
    Some(match (*starts, *ends) {
        (None, None) => running.map_or(alone(day), |span| Span::new(day, span.end)),
        (None, Some(_)) => alone(day),
        // It renews with a term, and moves with it where that begins after a stop.
        (Some(start), Some(end)) => match first.zip(last) {
            Some((first, _)) if first.span.start == start => Span::new(start, end),
            Some((_, last)) if last.planned.end == end => Span::new(day, last.span.end),
            Some(_) => alone(day),
            None => Span::new(start, end),
        },
        (Some(start), None) => Span::new(start, running.map_or(alone(start).end, |span| span.end)),
    })
}

/// Lines of an order that is paid on the scene's day whose days are not those that they were written with. Those of
/// its new terms come with the terms.
pub(super) fn moved(scene: &Scene<'_>, order: &Order, begun: &[Begun]) -> Vec<Change> {
    if stated::is_stated(scene, order) {
        return Vec::new();
    }
    let days = |line: &Line| match line.kind {
        LineKind::AddOn => of_add_on(scene, order, line, begun),
        LineKind::Plan if line.term.is_none() => None,
        LineKind::Plan | LineKind::Credit => of_change(scene, order, line),
    };
    let lines = order.lines.iter();
    let moved = lines.filter_map(|line| {
        let service = days(line).filter(|days| line.service != Some(*days))?;
        Some(Change::ServeLine {
            line: line.id,
            service,
        })
    });
    moved.collect()
}

/// The days of the add-on that a line is for: its own, or those of the term that it was written for.
fn of_add_on(scene: &Scene<'_>, order: &Order, line: &Line, begun: &[Begun]) -> Option<Span> {
    let written = line.service?;
    let placed = order.placed_at.date();
    let of_item = |part: &&Part| matches!(part, Part::AddOn { add_on, .. } if *add_on == line.item);
    let mut own = order
        .parts
        .iter()
        .filter(of_item)
        .filter(|part| match part {
            Part::AddOn { starts, ends, .. } => {
                *ends == Some(written.end) && starts.unwrap_or(placed) == written.start
            }
            _ => false,
        });
    if let Some(own) = own.next() {
        return add_on(scene, order, own, begun);
    }
    let mut terms = begun.iter();
    if let Some(term) = terms.find(|term| term.planned.start == written.start) {
        return Some(term.span);
    }
    let mut parts = order.parts.iter().filter(of_item);
    let from_the_order = parts.next().filter(|_| written.start == placed)?;
    add_on(scene, order, from_the_order, begun)
}

/// The days of what a change charges or gives back of a term that runs: those from the change on. What was there
/// ahead of the payment, and what a line states of a whole term, stays.
fn of_change(scene: &Scene<'_>, order: &Order, line: &Line) -> Option<Span> {
    let changes = order.parts.iter().any(|part| match part {
        Part::Change { in_effect, .. } => !in_effect,
        Part::Term(term) => term.replaces,
        _ => false,
    });
    let written = line.service.filter(|service| service.days() > 0)?;
    if !changes || written.start < order.placed_at.date() {
        return None;
    }
    let from = effective(&scene.policy.proration, scene.at).date();
    // On the last day of a term whose days are counted from the next, it is billed for a day all the same.
    let start = from.min(plus_days(written.end, -1)).max(written.start);
    Some(Span::new(start, written.end))
}
