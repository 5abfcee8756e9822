//! Seats by type and standing, and who may take one.

use super::*;
use crate::billing::account::Agreement;
use crate::billing::calendar::{Span, midnight};
use crate::billing::policy::Policy;
use crate::billing::sample::{self, day};
use crate::billing::term::Trial;

struct Desk {
    facts: Facts,
    policy: Policy,
    catalog: Catalog,
}

fn desk() -> Desk {
    Desk {
        facts: sample::facts(),
        policy: sample::policy(),
        catalog: sample::catalog(),
    }
}

impl Desk {
    fn scene(&self, on: &str) -> Scene<'_> {
        Scene {
            facts: &self.facts,
            catalog: &self.catalog,
            catalog_id: 1,
            policy: &self.policy,
            at: midnight(day(on)),
            member: None,
            reason: None,
        }
    }

    fn free(&self, on: &str) -> Option<u32> {
        seats(&self.scene(on))[0].free()
    }
}

#[test]
fn seats_follow_the_plan_that_holds_on_the_day() {
    let mut desk = desk();
    assert_eq!(desk.free("2026-05-01"), Some(1), "two paid, one held");
    assert_eq!(desk.free("2026-10-15"), Some(0), "expired");
    desk.facts.terms.clear();
    desk.policy.account.starts_free = true;
    assert_eq!(
        desk.free("2026-05-01"),
        Some(1),
        "FU-2: the free plan has two"
    );
    desk.facts.trials.push(Trial {
        span: Span::new(day("2026-05-01"), day("2026-05-15")),
        plan: "pro".to_owned(),
        ended_on: None,
        extended_days: 0,
    });
    assert_eq!(
        desk.free("2026-05-01"),
        None,
        "a trial has as many as are wanted"
    );
}

#[test]
fn k26_45_and_ka_22_without_a_free_seat_the_order_that_would_help_is_named() {
    let mut desk = desk();
    let mut bob = sample::member(2, "bob@acme.test");
    assert!(assign(&desk.scene("2026-05-01"), &bob, None).is_ok());
    bob.seat = Some("full".to_owned());
    desk.facts.members.push(bob);
    let carol = sample::member(3, "carol@acme.test");
    let refused = assign(&desk.scene("2026-05-01"), &carol, None).unwrap_err();
    assert_eq!(
        (refused.code, refused.message.as_str()),
        (Code::NoSeatFree, "All 2 seats of acme are taken.")
    );
    assert_eq!(
        refused.help,
        [crate::billing::refusal::Help::Run(
            "seats add acme 1".into()
        )]
    );
    desk.policy.seats.input = SeatInput::Total;
    let refused = assign(&desk.scene("2026-05-01"), &carol, None).unwrap_err();
    assert_eq!(
        refused.help,
        [crate::billing::refusal::Help::Run(
            "seats set acme 3".into()
        )]
    );
}

#[test]
fn guests_and_the_disabled_hold_no_seat_and_nobody_holds_two() {
    let desk = desk();
    let scene = desk.scene("2026-05-01");
    let mut bob = sample::member(2, "bob@acme.test");
    bob.role = Role::Guest;
    assert_eq!(
        assign(&scene, &bob, None).unwrap_err().code,
        Code::RoleNotAllowed
    );
    bob.role = Role::Member;
    bob.disabled_on = Some(day("2026-04-20"));
    assert_eq!(
        assign(&scene, &bob, None).unwrap_err().code,
        Code::NotAMember
    );
    let ana = &desk.facts.members[0];
    assert_eq!(
        assign(&scene, ana, None).unwrap_err().code,
        Code::NothingToChange
    );
    assert_eq!(
        assign(&scene, ana, Some("extra")).unwrap_err().code,
        Code::NotFound
    );
    let Change::EditMember(after) = release(&scene, ana).unwrap() else {
        unreachable!()
    };
    assert_eq!(after.seat, None);
    assert_eq!(
        release(&scene, &after).unwrap_err().code,
        Code::NothingToChange
    );
}

#[test]
fn fs_5_and_es_1_seasonal_seats_open_and_close_with_their_window() {
    let mut desk = desk();
    let kinds = r#"
        seat_type = [{ id = "full", name = "Full-time" },
                     { id = "seasonal", name = "Seasonal", windowed = true },
                     { id = "light", name = "Light", sale = "free" }]"#;
    #[derive(serde::Deserialize)]
    struct Kinds {
        seat_type: Vec<SeatType>,
    }
    desk.catalog.seat_types = toml::from_str::<Kinds>(kinds).unwrap().seat_type;
    let slice = &mut desk.facts.terms[0].slices[0];
    slice.seats.insert("seasonal".to_owned(), 3);
    desk.facts.agreements.push(Agreement {
        id: 1,
        what: Agreed::SeatWindow {
            seat_type: "seasonal".to_owned(),
        },
        from: day("2026-06-01"),
        until: Some(day("2026-07-01")),
        reason: "contract".to_owned(),
    });
    let bob = sample::member(2, "bob@acme.test");
    let take = |on: &str| assign(&desk.scene(on), &bob, Some("seasonal")).map(|_| ());
    assert_eq!(take("2026-05-31").unwrap_err().code, Code::NoSeatFree);
    assert!(take("2026-06-01").is_ok());
    assert!(take("2026-06-30").is_ok());
    assert_eq!(take("2026-07-01").unwrap_err().code, Code::NoSeatFree);
    assert!(
        assign(&desk.scene("2026-05-01"), &bob, Some("light")).is_ok(),
        "FK-5: free users"
    );
}
