//! Seats as people type them: more, fewer, or so many in all; the rest of this room knows only totals by type.

use super::Wish;
use super::seats::held;
use crate::billing::policy::SeatInput;
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use crate::billing::term::Seats;

/// The wish with seats in all and by type, however they were typed.
pub(super) fn spelled_out(scene: &Scene<'_>, wish: &Wish) -> Result<Wish, Refusal> {
    let mut wish = wish.clone();
    if wish.seats.is_none() && wish.more_seats.is_empty() {
        return Ok(wish);
    }
    check_input(scene, &wish)?;
    let standing = scene.standing();
    let usual = usual(scene, &wish).to_owned();
    let typed = |kind: &str| named(kind, &usual).to_owned();
    let given = wish.seats.take().unwrap_or_default();
    let mut seats: Seats = given
        .iter()
        .map(|(kind, count)| (typed(kind), *count))
        .collect();
    for (kind, more) in &wish.more_seats {
        let kind = typed(kind);
        let held = standing.slice.map_or(0, |slice| held(slice, &kind));
        let Ok(count) = u32::try_from(i64::from(held).saturating_add(*more)) else {
            let (less, unit) = (more.unsigned_abs(), &scene.catalog.unit);
            let message =
                format!("{held} {unit}s of the type {kind} are held, and {less} are more.");
            let show = format!("seats show {}", scene.facts.account.name);
            return Err(Refusal::new(Code::SeatCountOutOfBounds, message).run(show));
        };
        seats.insert(kind, count);
    }
    wish.more_seats.clear();
    wish.seats = Some(seats);
    Ok(wish)
}

/// Whether a wish comes to fewer seats of a type than the account has.
pub fn gives_seats_up(scene: &Scene<'_>, wish: &Wish) -> bool {
    let more = wish.more_seats.values();
    let more = more.fold(0_i64, |sum, more| sum.saturating_add(*more));
    let (Some(wished), Some(slice)) = (&wish.seats, scene.standing().slice) else {
        return more < 0;
    };
    let usual = usual(scene, wish);
    let mut wished = wished.iter();
    wished.any(|(kind, count)| *count < held(slice, named(kind, usual)))
}

/// The type of seats that is meant where none is named.
fn usual<'a>(scene: &Scene<'a>, wish: &Wish) -> &'a str {
    let now = scene.standing().slice.map(|slice| slice.plan.as_str());
    let plan = wish.plan.as_deref().or(now);
    let plan = plan.and_then(|id| scene.catalog.plan(id));
    plan.map_or("full", |plan| scene.catalog.usual_seat_type(plan))
}

fn named<'k>(kind: &'k str, usual: &'k str) -> &'k str {
    match kind.is_empty() {
        true => usual,
        false => kind,
    }
}

/// Members type seats the way the seller asks for them, so that nobody buys 12 and means 2 more.
fn check_input(scene: &Scene<'_>, wish: &Wish) -> Result<(), Refusal> {
    let running = scene.standing().is_paid() && wish.plan.is_none();
    let Some(member) = scene.member.filter(|_| running) else {
        return Ok(());
    };
    let name = &scene.facts.account.name;
    let (input, unit) = (scene.policy.seats.input, &scene.catalog.unit);
    let now = scene.standing().slice.map_or(0, |slice| {
        let counts = slice.seats.values();
        counts.fold(0_i64, |sum, count| sum.saturating_add(i64::from(*count)))
    });
    let more = wish.more_seats.values();
    let more = more.fold(0_i64, |sum, more| sum.saturating_add(*more));
    let all = wish.seats.iter().flat_map(|seats| seats.values());
    let all = all.fold(0_i64, |sum, count| sum.saturating_add(i64::from(*count)));
    let (message, value, command) = match input {
        SeatInput::Total if !wish.more_seats.is_empty() => (
            format!("Here the number of {unit}s is given in all, not as a difference."),
            "total",
            format!("seats set {name} {}", now.saturating_add(more)),
        ),
        SeatInput::Delta if wish.seats.is_some() && wish.more_seats.is_empty() => (
            format!("Here the number of {unit}s is given as a difference, not in all."),
            "delta",
            match all.saturating_sub(now) {
                fewer if fewer < 0 => format!("seats remove {name} {}", fewer.unsigned_abs()),
                more => format!("seats add {name} {more}"),
            },
        ),
        SeatInput::Total | SeatInput::Delta | SeatInput::Either => return Ok(()),
    };
    Err(Refusal::new(Code::ValueNotUsable, message)
        .because(scene.policy, "seats.input", value)
        .run(format!("{command} --for {member}")))
}
