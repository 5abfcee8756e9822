//! Seats: how many there are of each type, who holds one, and who may take one.

use super::account::{Agreed, Facts, Member};
use super::catalog::{Catalog, Plan, Sale, SeatType};
use super::change::Change;
use super::entitlement::{Entitled, Ground, entitled, in_force};
use super::order::{self, NewTerm, Part};
use super::policy::{Role, SeatInput, State};
use super::reactivate::way_in;
use super::refusal::{Code, Refusal};
use super::scene::{Scene, words};
use std::collections::BTreeSet;

/// Seats of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatCount {
    /// The type.
    pub seat_type: String,
    /// Its name for people.
    pub name: String,
    /// Seats there are; absent means as many as are wanted.
    pub seats: Option<u32>,
    /// Seats that members hold.
    pub assigned: u32,
    /// Seats there will be once open orders are paid, where that is more (K26-36).
    pub ordered: Option<u32>,
}

impl SeatCount {
    /// Seats that nobody holds; absent means without bound.
    pub fn free(&self) -> Option<u32> {
        self.seats.map(|seats| seats.saturating_sub(self.assigned))
    }
}

/// Whether a new or returning member takes a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatWish {
    /// One of the usual type.
    Usual,
    /// One of this type.
    Of(String),
    /// None.
    Without,
}

/// Seats of each type that the account can have on its plan, the usual type first.
pub fn seats(scene: &Scene<'_>) -> Vec<SeatCount> {
    let now = entitled(scene.facts, scene.policy, scene.catalog, scene.at);
    let usual = usual(scene.catalog, now.as_ref());
    let mut types = vec![usual.to_owned()];
    let mut add = |id: &str| {
        if !types.iter().any(|known| known == id) {
            types.push(id.to_owned());
        }
    };
    if let Some(now) = &now {
        match now.plan.seat_types.is_empty() {
            true => scene
                .catalog
                .seat_types
                .iter()
                .for_each(|kind| add(&kind.id)),
            false => now.plan.seat_types.iter().for_each(|id| add(id)),
        }
        if let Ground::Paid { slice, .. } = now.ground {
            slice.seats.keys().for_each(|id| add(id));
        }
    }
    let held = scene
        .facts
        .active_members(scene.on())
        .filter_map(|member| member.seat.as_deref());
    held.for_each(&mut add);
    let count = |seat_type: String| SeatCount {
        name: kind(scene.catalog, &seat_type)
            .map_or("Seats", |kind| &kind.name)
            .to_owned(),
        seats: capacity(scene, now.as_ref(), &seat_type),
        assigned: scene.facts.assigned(&seat_type, scene.on()),
        ordered: waiting(scene.facts, &seat_type),
        seat_type,
    };
    types.into_iter().map(count).collect()
}

/// The seat type that a member gets who asks for none in particular.
pub fn usual<'c>(catalog: &'c Catalog, now: Option<&Entitled<'c>>) -> &'c str {
    match now {
        Some(now) => catalog.usual_seat_type(now.plan),
        None => catalog.seat_types.first().map_or("full", |kind| &kind.id),
    }
}

/// What the catalog says about a seat type, where it says more than the name.
///
/// # Errors
/// Neither the catalog nor one of its plans names it.
pub fn known<'c>(catalog: &'c Catalog, id: &str) -> Result<Option<&'c SeatType>, Refusal> {
    let plans = || catalog.plans.iter();
    let of_plans = plans().flat_map(|plan| plan.seat_types.iter().map(String::as_str));
    let usual = plans().map(|plan| catalog.usual_seat_type(plan));
    let listed = catalog.seat_types.iter().map(|kind| kind.id.as_str());
    let all: BTreeSet<&str> = of_plans.chain(usual).chain(listed).collect();
    match all.contains(id) {
        true => Ok(kind(catalog, id)),
        false => Err(Refusal::unknown("seat type", id, all)),
    }
}

/// A member takes a seat, or another type of seat.
///
/// # Errors
/// The member cannot hold one, the type is not of the plan, or none is free.
pub fn assign(
    scene: &Scene<'_>,
    member: &Member,
    seat_type: Option<&str>,
) -> Result<Change, Refusal> {
    let (name, email) = (&scene.facts.account.name, &member.email);
    if member.disabled_on.is_some() {
        let message = format!("{email} is disabled in {name} and can take no place.");
        let help = format!("account member enable {name} {email}");
        return Err(Refusal::new(Code::NotAMember, message).run(help));
    }
    if member.role == Role::Guest {
        let message = format!("{email} is a guest of {name}, and guests take no place.");
        let help = format!("account member role {name} {email} member");
        return Err(Refusal::new(Code::RoleNotAllowed, message).run(help));
    }
    let seat = free_seat(scene, seat_type, member.seat.as_deref())?;
    if member.seat.as_deref() == Some(seat.as_str()) {
        let message = format!("{email} holds the type {seat} already.");
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    Ok(Change::EditMember(Member {
        seat: Some(seat),
        ..member.clone()
    }))
}

/// A member's seat becomes free. What is billed does not change.
///
/// # Errors
/// The member holds none.
pub fn release(scene: &Scene<'_>, member: &Member) -> Result<Change, Refusal> {
    match &member.seat {
        Some(_) if member.disabled_on.is_none() => Ok(Change::EditMember(Member {
            seat: None,
            ..member.clone()
        })),
        _ => {
            let message = format!(
                "{} holds no place in {}.",
                member.email, scene.facts.account.name
            );
            Err(Refusal::new(Code::NothingToChange, message))
        }
    }
}

/// The type of a seat that can be taken: the one asked for, or the usual one (KA-22, K26-45).
///
/// # Errors
/// The plan has no such seats, or none is free; with the order that would help.
pub fn free_seat(
    scene: &Scene<'_>,
    wanted: Option<&str>,
    held: Option<&str>,
) -> Result<String, Refusal> {
    let counts = seats(scene);
    let now = entitled(scene.facts, scene.policy, scene.catalog, scene.at);
    let usual = usual(scene.catalog, now.as_ref());
    let wanted = wanted.or(held).unwrap_or(usual);
    let known =
        kind(scene.catalog, wanted).is_some() || counts.iter().any(|c| c.seat_type == wanted);
    if !known {
        let types = counts.iter().map(|count| count.seat_type.as_str());
        return Err(Refusal::unknown("seat type", wanted, types));
    }
    if held == Some(wanted) {
        return Ok(wanted.to_owned());
    }
    let found = counts.iter().find(|count| count.seat_type == wanted);
    match found {
        Some(count) if count.free().is_none_or(|free| free > 0) => Ok(wanted.to_owned()),
        Some(count) => Err(none_free(scene, now.as_ref(), count)),
        None => {
            let none = SeatCount {
                seat_type: wanted.to_owned(),
                name: wanted.to_owned(),
                seats: Some(0),
                assigned: 0,
                ordered: None,
            };
            Err(none_free(scene, now.as_ref(), &none))
        }
    }
}

fn none_free(scene: &Scene<'_>, now: Option<&Entitled<'_>>, count: &SeatCount) -> Refusal {
    let (name, unit) = (&scene.facts.account.name, &scene.catalog.unit);
    let seats = count.seats.unwrap_or(0);
    if window_shut(scene, &count.seat_type) {
        let message = format!(
            "{} {unit}s of {name} can be used only inside an agreed window, and {} lies in none.",
            count.name,
            scene.on()
        );
        return Refusal::new(Code::NoSeatFree, message).run(format!("account show {name}"));
    }
    let Some(now) = now else {
        let state = words(scene.standing().state);
        let message = format!("{name} is {state} and has no {unit}s to take.");
        return Refusal::new(Code::NoSeatFree, message).run(way_in(scene));
    };
    let kinds = scene.catalog.seat_types.len() > 1;
    let of = if kinds {
        format!(" of the type {}", count.seat_type)
    } else {
        String::new()
    };
    let message = match seats {
        0 => format!("{name} has no {unit}s{of}."),
        1 => format!("The only {unit}{of} of {name} is taken."),
        _ => format!("All {seats} {unit}s{of} of {name} are taken."),
    };
    let refusal = Refusal::new(Code::NoSeatFree, message);
    let waits = scene
        .facts
        .pending_orders()
        .find(|order| adds(order, &count.seat_type) > Some(seats));
    if let Some(order) = waits {
        let number = order::number(order.id);
        return refusal
            .say(format!(
                "More are ordered and come with the payment of {number}."
            ))
            .run(format!("order pay {number}"));
    }
    let refusal = match now.ground {
        Ground::Free => refusal.because(
            scene.policy,
            &format!("plan.{}.seats.max", now.plan.id),
            seats.to_string(),
        ),
        Ground::Paid { .. } | Ground::Trial(_) => refusal,
    };
    match scene.standing().state {
        State::Active | State::Cancelling => {
            let option = if kinds {
                format!(" --type {}", count.seat_type)
            } else {
                String::new()
            };
            refusal.run(match scene.policy.seats.input {
                SeatInput::Delta | SeatInput::Either => format!("seats add {name} 1{option}"),
                SeatInput::Total => format!("seats set {name} {}{option}", seats.saturating_add(1)),
            })
        }
        _ => refusal.run(format!("order checkout {name}")),
    }
}

fn capacity(scene: &Scene<'_>, now: Option<&Entitled<'_>>, seat_type: &str) -> Option<u32> {
    let Some(now) = now else { return Some(0) };
    if window_shut(scene, seat_type) {
        return Some(0);
    }
    let fits = fits(scene.catalog, now.plan, seat_type);
    let is_free = kind(scene.catalog, seat_type).is_some_and(|kind| kind.sale == Sale::Free);
    match now.ground {
        _ if is_free && fits => None,
        Ground::Paid { slice, .. } => Some(slice.seats.get(seat_type).copied().unwrap_or(0)),
        Ground::Trial(_) if fits => None,
        Ground::Free if fits => now.plan.seats.max,
        Ground::Trial(_) | Ground::Free => Some(0),
    }
}

/// Whether a type can be used only inside a window, and none is open (FS-5).
fn window_shut(scene: &Scene<'_>, seat_type: &str) -> bool {
    let windowed = kind(scene.catalog, seat_type).is_some_and(|kind| kind.windowed);
    let is_open = |what: &Agreed| match what {
        Agreed::SeatWindow { seat_type: of } => of == seat_type,
        _ => false,
    };
    windowed && !in_force(scene.facts, scene.on()).any(|agreement| is_open(&agreement.what))
}

fn fits(catalog: &Catalog, plan: &Plan, seat_type: &str) -> bool {
    match plan.seat_types.is_empty() {
        true => catalog.usual_seat_type(plan) == seat_type || kind(catalog, seat_type).is_some(),
        false => plan.seat_types.iter().any(|id| id == seat_type),
    }
}

fn kind<'c>(catalog: &'c Catalog, seat_type: &str) -> Option<&'c SeatType> {
    catalog.seat_types.iter().find(|kind| kind.id == seat_type)
}

/// Seats of a type after the open orders are paid, if any of them brings more.
fn waiting(facts: &Facts, seat_type: &str) -> Option<u32> {
    facts
        .pending_orders()
        .filter_map(|order| adds(order, seat_type))
        .max()
}

/// The number of seats of a type that an order leads to.
fn adds(order: &order::Order, seat_type: &str) -> Option<u32> {
    let seats = order.parts.iter().filter_map(|part| match part {
        Part::Term(NewTerm { seats, .. }) | Part::Change { seats, .. } => {
            seats.get(seat_type).copied()
        }
        Part::AddOn { .. }
        | Part::Deferred { .. }
        | Part::Collects { .. }
        | Part::Stated { .. } => None,
    });
    seats.max()
}

#[cfg(test)]
#[path = "seating_tests.rs"]
mod tests;
