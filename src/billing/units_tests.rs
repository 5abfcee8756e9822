//! Credits left by date: plan, packs, grants, resets, pools and members' own.

use super::*;
use crate::billing::account::Facts;
use crate::billing::calendar::Period;
use crate::billing::catalog::Catalog;
use crate::billing::policy::Policy;
use crate::billing::sample::{self, day};
use crate::billing::term::{Holding, Trial};

struct Desk {
    facts: Facts,
    policy: Policy,
    catalog: Catalog,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            facts: sample::facts(),
            policy: sample::policy(),
            catalog: sample::catalog(),
        }
    }

    fn scene(&self, at: &str) -> Scene<'_> {
        Scene {
            facts: &self.facts,
            catalog: &self.catalog,
            catalog_id: 1,
            policy: &self.policy,
            at: midnight(day(at)),
            member: None,
            reason: Some("goodwill"),
        }
    }

    fn left(&self, at: &str) -> Option<i64> {
        left(&self.scene(at), self.catalog.credit("ai").unwrap(), None).left
    }

    fn keep(&mut self, changes: Vec<Change>) {
        for change in changes {
            if let Change::AddCredit { entry, .. } = change {
                self.facts.credits.push(entry);
            }
        }
    }

    fn spend(&mut self, at: &str, units: i64) {
        let changes = use_up(
            &self.scene(at),
            self.catalog.credit("ai").unwrap(),
            units,
            None,
        );
        self.keep(changes.unwrap());
    }

    fn pack(&mut self, start: &str, end: &str) {
        self.facts.holdings.push(Holding {
            id: 1,
            add_on: "ai-500".to_owned(),
            quantity: 1,
            span: Span::new(day(start), day(end)),
            period: Period::Months(6),
            order: None,
        });
    }
}

#[test]
fn fk_23_and_ek_2_plan_and_pack_add_up_and_start_again_on_the_renewal_day() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.left("2026-04-15"),
        Some(100),
        "50 for each of two seats"
    );
    desk.pack("2026-05-01", "2026-10-15");
    assert_eq!(desk.left("2026-05-01"), Some(600));
    desk.spend("2026-05-10", 450);
    assert_eq!(desk.left("2026-05-14"), Some(150));
    assert_eq!(
        desk.left("2026-05-15"),
        Some(600),
        "unused units are gone, used ones are back"
    );
    assert_eq!(
        desk.left("2026-05-09"),
        Some(600),
        "a past day does not know a later use"
    );
    let credit = desk.catalog.credit("ai").unwrap();
    let resets_on = left(&desk.scene("2026-05-20"), credit, None).resets_on;
    assert_eq!(resets_on, Some(day("2026-06-15")));
    assert_eq!(desk.left("2026-10-15"), Some(0), "nothing runs any more");
}

#[test]
fn ka_14_using_one_kind_leaves_the_others() {
    let mut desk = Desk::new();
    desk.spend("2026-05-01", 30);
    let phone = desk.catalog.credit("phone").unwrap();
    assert_eq!(
        left(&desk.scene("2026-05-01"), phone, Some(1)).left,
        Some(5)
    );
    let refused = use_up(&desk.scene("2026-05-01"), phone, 1, None).unwrap_err();
    assert_eq!(refused.code, Code::ValueNotUsable);
    let changes = use_up(&desk.scene("2026-05-01"), phone, 4, Some(1)).unwrap();
    desk.keep(changes);
    let phone = desk.catalog.credit("phone").unwrap();
    assert_eq!(
        left(&desk.scene("2026-05-01"), phone, Some(1)).left,
        Some(1)
    );
    assert_eq!(desk.left("2026-05-01"), Some(70));
}

#[test]
fn what_expires_first_is_used_first_and_a_refusal_says_what_is_left() {
    let mut desk = Desk::new();
    let credit = desk.catalog.credit("ai").unwrap();
    let changes = grant(
        &desk.scene("2026-05-01"),
        credit,
        40,
        Some(day("2026-08-01")),
        None,
    );
    desk.keep(changes.unwrap());
    desk.spend("2026-05-02", 120);
    assert_eq!(desk.left("2026-05-02"), Some(20));
    assert_eq!(
        desk.left("2026-05-15"),
        Some(120),
        "20 of the grant outlive the reset"
    );
    let credit = desk.catalog.credit("ai").unwrap();
    let refused = use_up(&desk.scene("2026-05-02"), credit, 21, None).unwrap_err();
    assert_eq!(
        refused.message,
        "acme has 20 AI credits left, and 21 were asked for; the count starts again on 2026-05-15."
    );
    let mut scene = desk.scene("2026-05-02");
    scene.reason = None;
    assert_eq!(
        grant(&scene, credit, 1, None, None).unwrap_err().code,
        Code::ReasonMissing
    );
    scene.member = Some("ana@acme.test");
    assert_eq!(
        grant(&scene, credit, 1, None, None).unwrap_err().code,
        Code::SupportOnly
    );
}

#[test]
fn carried_over_units_add_up_and_a_year_can_be_granted_at_once() {
    let mut desk = Desk::new();
    desk.catalog.credits[0].carry_over = true;
    desk.spend("2026-04-20", 30);
    assert_eq!(
        desk.left("2026-06-15"),
        Some(270),
        "three months of 100 less 30"
    );
    desk.catalog.credits[0].carry_over = false;
    desk.policy.credits.grant = GrantPace::TermAtOnce;
    assert_eq!(
        desk.left("2026-10-14"),
        Some(570),
        "FA-4: all months of the term at its start"
    );
}

#[test]
fn fk_23_a_trial_grants_its_own() {
    let mut desk = Desk::new();
    desk.facts.terms.clear();
    desk.facts.trials.push(Trial {
        span: Span::new(day("2026-04-01"), day("2026-04-15")),
        plan: "pro".to_owned(),
        ended_on: None,
        extended_days: 0,
    });
    assert_eq!(desk.left("2026-04-02"), Some(100));
    desk.policy.trial.as_mut().unwrap().credits_per = Scope::Seat;
    let mut bob = sample::member(2, "bob@acme.test");
    bob.seat = Some("full".to_owned());
    desk.facts.members.push(bob);
    assert_eq!(desk.left("2026-04-02"), Some(200));
}
