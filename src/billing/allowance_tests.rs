//! Limits by scope, what is kept, grace, and what is refused.

use super::*;
use crate::billing::account::Agreement;
use crate::billing::calendar::midnight;
use crate::billing::catalog::Catalog;
use crate::billing::policy::Policy;
use crate::billing::sample::{self, day, term};
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
    fn scene(&self, at: &str) -> Scene<'_> {
        Scene {
            facts: &self.facts,
            catalog: &self.catalog,
            catalog_id: 1,
            policy: &self.policy,
            at: at.parse().unwrap_or_else(|_| midnight(day(at))),
            member: None,
            reason: None,
        }
    }

    fn allowed(&self, limit: &str, at: &str) -> Option<i64> {
        count(
            &self.scene(at),
            self.catalog.limit(limit).unwrap(),
            &[],
            None,
        )
        .allowed
    }

    fn add(&self, limit: &str, uses: &[Use], amount: i64, at: &str) -> Result<Room, Refusal> {
        let adding = Adding {
            amount,
            ..Adding::default()
        };
        check(
            &self.scene(at),
            self.catalog.limit(limit).unwrap(),
            uses,
            adding,
        )
    }
}

fn used(amount: i64, at: &str) -> Use {
    Use {
        member: None,
        amount,
        at: midnight(day(at)),
    }
}

#[test]
fn k26_18_allowances_grow_with_the_seats() {
    let mut desk = desk();
    assert_eq!(
        desk.allowed("leads", "2026-05-01"),
        Some(200),
        "EK-1: 100 for each of 2 seats"
    );
    assert_eq!(
        desk.allowed("rooms", "2026-05-01"),
        Some(2),
        "one, and one for the second seat"
    );
    assert_eq!(
        desk.allowed("hours", "2026-05-01"),
        Some(4),
        "for each member"
    );
    desk.facts.terms = vec![term(1, "2026-04-15", 6, "basic", 5)];
    assert_eq!(desk.allowed("leads", "2026-05-01"), Some(500));
    desk.facts.terms = vec![term(1, "2026-04-15", 6, "pro", 5)];
    assert_eq!(desk.allowed("rooms", "2026-05-01"), None);
}

#[test]
fn k24_5_and_k24_6_a_trial_enforces_only_the_limits_it_names() {
    let mut desk = desk();
    desk.facts.terms.clear();
    desk.facts.trials.push(Trial {
        span: Span::new(day("2026-04-01"), day("2026-04-15")),
        plan: "pro".to_owned(),
        ended_on: None,
        extended_days: 0,
    });
    assert_eq!(
        desk.add("leads", &[], 1_000_000, "2026-04-10"),
        Ok(Room::Fits(None))
    );
    assert_eq!(
        desk.add("rooms", &[used(2, "2026-04-02")], 1, "2026-04-10"),
        Ok(Room::Fits(Some(0)))
    );
    let refused = desk
        .add("rooms", &[used(2, "2026-04-02")], 2, "2026-04-10")
        .unwrap_err();
    assert_eq!(refused.code, Code::LimitReached);
    assert_eq!(refused.because.unwrap().key, "trial.limits.rooms");
    let refused = desk.add("rooms", &[], 1, "2026-04-15").unwrap_err();
    assert_eq!(refused.code, Code::NoSubscription);
}

#[test]
fn fk_21_and_fk_22_above_a_limit_there_is_a_day_of_grace_then_named_actions_stop() {
    let desk = desk();
    let over = [used(195, "2026-05-01"), used(10, "2026-05-02")];
    let until = midnight(day("2026-05-03"));
    assert_eq!(
        desk.add("leads", &over[..1], 5, "2026-05-01"),
        Ok(Room::Fits(Some(0)))
    );
    assert_eq!(
        desk.add("leads", &over[..1], 6, "2026-05-02"),
        Ok(Room::Grace(until))
    );
    assert_eq!(
        desk.add("leads", &over, 1, "2026-05-02T23:59:59"),
        Ok(Room::Grace(until))
    );
    let refused = desk.add("leads", &over, 1, "2026-05-03").unwrap_err();
    assert_eq!(refused.code, Code::LimitReached);
    assert!(
        refused
            .message
            .contains("limited to 200 for Leads, counted by seats: 205 are used")
    );
    let limit = desk.catalog.limit("leads").unwrap();
    let ask = |action| {
        let adding = Adding {
            amount: 1,
            member: None,
            action: Some(action),
        };
        check(&desk.scene("2026-05-03"), limit, &over, adding)
    };
    assert_eq!(ask("incoming"), Ok(Room::NotBlocked));
    assert_eq!(ask("bots").unwrap_err().code, Code::LimitReached);
    let fewer = [over[0], over[1], used(-5, "2026-05-04")];
    assert!(
        count(&desk.scene("2026-05-04"), limit, &fewer, None)
            .over_since
            .is_none()
    );
}

#[test]
fn passing_a_limit_tells_the_account_once() {
    let desk = desk();
    let limit = desk.catalog.limit("leads").unwrap();
    let record = |uses: &[Use], amount| {
        let adding = Adding {
            amount,
            ..Adding::default()
        };
        super::record(&desk.scene("2026-05-02"), limit, uses, adding)
            .unwrap()
            .0
            .len()
    };
    assert_eq!(record(&[], 200), 1);
    assert_eq!(record(&[], 201), 2, "the use and a message");
    assert_eq!(record(&[used(201, "2026-05-02")], 1), 1, "told already");
}

#[test]
fn fk_25_and_fk_26_what_was_bought_or_connected_earlier_stays() {
    let mut desk = desk();
    let old = [used(4, "2026-02-01")];
    let limit = desk.catalog.limit("rooms").unwrap();
    assert!(
        count(&desk.scene("2026-05-01"), limit, &old, None)
            .over_since
            .is_none()
    );
    assert_eq!(
        desk.add("rooms", &old, 1, "2026-05-01").unwrap_err().code,
        Code::LimitReached
    );
    desk.facts.terms = vec![term(1, "2026-01-15", 12, "basic", 1)];
    assert_eq!(desk.allowed("rooms", "2026-05-01"), Some(10));
}

#[test]
fn a_count_for_each_member_starts_again_on_monday() {
    let desk = desk();
    let limit = desk.catalog.limit("hours").unwrap();
    let hours = Use {
        member: Some(1),
        amount: 4,
        at: midnight(day("2026-05-06")),
    };
    let ask = |member, at: &str| {
        let adding = Adding {
            amount: 1,
            member,
            action: None,
        };
        check(&desk.scene(at), limit, &[hours], adding).map_err(|refusal| refusal.code)
    };
    assert_eq!(ask(None, "2026-05-07"), Err(Code::ValueNotUsable));
    assert_eq!(ask(Some(1), "2026-05-10"), Err(Code::LimitReached));
    assert_eq!(ask(Some(2), "2026-05-10"), Ok(Room::Fits(Some(3))));
    assert_eq!(ask(Some(1), "2026-05-11"), Ok(Room::Fits(Some(3))));
}

#[test]
fn k26_34_a_limit_is_agreed_with_one_account() {
    let mut desk = desk();
    desk.facts.agreements.push(Agreement {
        id: 1,
        what: Agreed::Limit {
            limit: "leads".to_owned(),
            amount: Some(7),
        },
        from: day("2026-05-01"),
        until: Some(day("2026-06-01")),
        reason: "contract 12".to_owned(),
    });
    assert_eq!(desk.allowed("leads", "2026-04-30"), Some(200));
    assert_eq!(desk.allowed("leads", "2026-05-31"), Some(7));
    assert_eq!(desk.allowed("leads", "2026-06-01"), Some(200));
    let over = [used(8, "2026-05-02")];
    let refused = desk.add("leads", &over, 1, "2026-05-04").unwrap_err();
    assert_eq!(refused.because, None, "no file says so");
    let told = format!("{:?}", refused.help);
    assert!(
        told.contains("7 is agreed with acme: contract 12."),
        "{told}"
    );
}

#[test]
fn a_count_never_falls_below_zero() {
    let refused = desk()
        .add("leads", &[used(3, "2026-05-01")], -4, "2026-05-02")
        .unwrap_err();
    assert_eq!(
        refused.message,
        "Leads cannot fall below zero: 3 are in use."
    );
}
