//! Whether a plan takes so many seats of these types, and the command for so many as it takes.

use crate::billing::catalog::{Plan, Sale};
use crate::billing::listed;
use crate::billing::policy::Situation;
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use crate::billing::seating;
use crate::billing::term::Seats;

/// The most seats of one order, where the plan has no bound of its own.
const MOST: u32 = 1_000_000;

/// Whether a plan takes these seats.
///
/// # Errors
/// A type is unknown, not of the plan, or arranged by people; or there are too few or too many.
pub(super) fn check(scene: &Scene<'_>, plan: &Plan, seats: &Seats) -> Result<(), Refusal> {
    let usual = scene.catalog.usual_seat_type(plan);
    for (kind, count) in seats {
        let known = kind == usual
            || plan.seat_types.contains(kind)
            || plan.seat_types.is_empty()
                && scene
                    .catalog
                    .seat_types
                    .iter()
                    .any(|known| known.id == *kind);
        if !known {
            seating::known(scene.catalog, kind)?;
            let message = format!(
                "{} has no {}s of the type {kind:?}.",
                plan.name, scene.catalog.unit
            );
            return Err(
                Refusal::new(Code::SeatTypeNotSold, message).run(format!("plan show {}", plan.id))
            );
        }
        let sale = scene
            .catalog
            .seat_types
            .iter()
            .find(|known| known.id == *kind);
        let by_people = sale.is_some_and(|kind| kind.sale == Sale::SalesOnly);
        if by_people && *count > 0 && (scene.member.is_some() || scene.reason.is_none()) {
            let unit = listed::capital(&scene.catalog.unit);
            let message =
                format!("{unit}s of the type {kind:?} are arranged with the seller's people.");
            return Err(Refusal::new(Code::SeatTypeNotSold, message)
                .routed(&scene.facts.account.name, Situation::Sales));
        }
    }
    let total: u32 = seats
        .values()
        .fold(0, |sum, count| sum.saturating_add(*count));
    let (least, most) = (plan.seats.min.max(1), plan.seats.max.unwrap_or(MOST));
    if total < least || total > most {
        let unit = &scene.catalog.unit;
        let range = match plan.seats.max {
            Some(most) => format!("{least} to {most} {unit}s"),
            None if total < least => format!("{least} {unit}s or more"),
            None => format!("at most {MOST} {unit}s in one order"),
        };
        let (bound, value) = match (total < least, plan.seats.max) {
            (true, _) => ("min", least.to_string()),
            (false, Some(most)) => ("max", most.to_string()),
            (false, None) => ("max", "absent".to_owned()),
        };
        let message = format!(
            "{} is sold for {range}, and {total} were asked for.",
            plan.name
        );
        let refusal = Refusal::new(Code::SeatCountOutOfBounds, message).because(
            scene.policy,
            &format!("plan.{}.seats.{bound}", plan.id),
            value,
        );
        let fits = total.clamp(least, most);
        return Err(refusal.run(nearest(scene, plan, seats, fits)));
    }
    Ok(())
}

/// The command for the number of seats that is nearest to what was asked for.
fn nearest(scene: &Scene<'_>, plan: &Plan, seats: &Seats, fits: u32) -> String {
    let name = &scene.facts.account.name;
    let standing = scene.standing();
    let now = standing.slice.filter(|_| standing.is_paid());
    let held: Option<u32> = now.filter(|now| now.plan == plan.id).map(|now| {
        let counts = now.seats.values();
        counts.fold(0_u32, |sum, count| sum.saturating_add(*count))
    });
    match (held, now) {
        _ if seats.len() != 1 => format!("plan show {}", plan.id),
        (Some(held), _) if held == fits => format!("seats show {name}"),
        (Some(_), _) => format!("seats set {name} {fits}"),
        (None, Some(_)) => format!("plan change {name} {} --seats {fits}", plan.id),
        (None, None) => match plan.periods.first() {
            Some(period) => format!(
                "order create {name} --plan {} --period {} --seats {fits}",
                plan.id,
                String::from(*period)
            ),
            None => format!("order create {name} --plan {} --seats {fits}", plan.id),
        },
    }
}
