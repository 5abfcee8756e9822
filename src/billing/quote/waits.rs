//! What waits for the renewal: a further wish joins it, and a wish for what is there already takes it back.

use super::{Quoted, Wish, extend, purchase, seat_count};
use crate::billing::account::{Facts, NextTerm};
use crate::billing::calendar::Period;
use crate::billing::change::Change;
use crate::billing::order::Order;
use crate::billing::policy::OrderKind;
use crate::billing::refusal::Refusal;
use crate::billing::scene::Scene;
use crate::billing::term::{Slice, Term};

/// What waits for the renewal, if anything does.
fn waiting(facts: &Facts) -> Option<&NextTerm> {
    facts.scheduled.last().map(|waits| &waits.change)
}

/// The period that the next term is to have: the one asked for, the one that waits, or the one that runs.
pub(super) fn period(scene: &Scene<'_>, wished: Option<Period>, running: Period) -> Period {
    let waits = waiting(scene.facts).and_then(|next| next.period);
    wished.or(waits).unwrap_or(running)
}

/// A wish for the next term together with what waits for it already; nothing at all, where the two come to
/// what the last term is.
///
/// # Errors
/// The plan does not take the seats.
pub(super) fn joined(scene: &Scene<'_>, wished: NextTerm) -> Result<Quoted, Refusal> {
    let Some(waits) = waiting(scene.facts) else {
        return Ok(Quoted::Later(wished));
    };
    let (_, last, slice) = extend::last(scene)?;
    let next = NextTerm {
        plan: wished.plan.or_else(|| waits.plan.clone()),
        period: wished.period.or(waits.period),
        seats: wished.seats.or_else(|| waits.seats.clone()),
    };
    if changes_nothing(&next, (last, slice)) {
        return Ok(Quoted::Later(NextTerm::default()));
    }
    let plan = scene.plan(next.plan.as_deref().unwrap_or(&slice.plan))?;
    let wanted = next.seats.as_ref().unwrap_or(&slice.seats);
    seat_count::check(scene, plan, wanted)?;
    purchase::check_period(scene, plan, next.period.unwrap_or(last.period))?;
    Ok(Quoted::Later(next))
}

fn changes_nothing(next: &NextTerm, (last, slice): (&Term, &Slice)) -> bool {
    next.plan.as_ref().is_none_or(|plan| *plan == slice.plan)
        && next.period.is_none_or(|period| period == last.period)
        && next
            .seats
            .as_ref()
            .is_none_or(|seats| *seats == slice.seats)
}

/// The answer to a wish for what is there already, where something else waits for the renewal: that is taken
/// back.
pub(super) fn taken_back(scene: &Scene<'_>, wish: &Wish) -> Option<Result<Quoted, Refusal>> {
    let waits = waiting(scene.facts)?;
    let (_, last, slice) = extend::last(scene).ok()?;
    let names_plan = wish.plan.is_some() || wish.period.is_some();
    let plan = names_plan && (waits.plan.is_some() || waits.period.is_some());
    let seats = wish.seats.is_some() && waits.seats.is_some();
    let here = wish.plan.as_ref().is_none_or(|plan| *plan == slice.plan);
    if !here || !(plan || seats) {
        return None;
    }
    let as_now = NextTerm {
        plan: plan.then(|| slice.plan.clone()),
        period: plan.then_some(last.period),
        seats: seats.then(|| slice.seats.clone()),
    };
    Some(joined(scene, as_now))
}

/// What an order that takes effect leaves waiting: a renewal brought it all, a purchase begins anew, and another
/// plan or period that begins now stands in the place of the one that waited.
pub fn left_by(scene: &Scene<'_>, order: &Order) -> Option<Change> {
    let waits = scene.facts.scheduled.last()?;
    let change = match order.kind {
        OrderKind::Renewal | OrderKind::Purchase => None,
        OrderKind::Upgrade | OrderKind::Downgrade | OrderKind::PeriodChange => {
            waits.change.seats.clone().map(|seats| NextTerm {
                seats: Some(seats),
                ..NextTerm::default()
            })
        }
        _ => Some(waits.change.clone()),
    };
    let same = change.as_ref() == Some(&waits.change);
    (!same).then(|| Change::Schedule {
        account: order.account,
        asked_on: scene.on(),
        change,
    })
}
