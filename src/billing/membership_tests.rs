//! Joining, roles, disabling and grants.

use super::*;
use crate::billing::calendar::midnight;
use crate::billing::catalog::Catalog;
use crate::billing::policy::Policy;
use crate::billing::sample::{self, day};

struct Desk {
    facts: Facts,
    policy: Policy,
    catalog: Catalog,
}

fn desk() -> Desk {
    let mut desk = Desk {
        facts: sample::facts(),
        policy: sample::policy(),
        catalog: sample::catalog(),
    };
    desk.facts.members.push(sample::member(2, "bob@acme.test"));
    desk
}

impl Desk {
    fn scene(&self) -> Scene<'_> {
        Scene {
            facts: &self.facts,
            catalog: &self.catalog,
            catalog_id: 1,
            policy: &self.policy,
            at: midnight(day("2026-05-01")),
            member: None,
            reason: None,
        }
    }
}

fn joining(email: &str, role: Role) -> Joining<'_> {
    Joining {
        email,
        role,
        seat: SeatWish::Usual,
        elsewhere: None,
    }
}

#[test]
fn ka_21_and_ka_22_who_joins_takes_a_free_seat_and_is_invited() {
    let mut desk = desk();
    let changes = add(&desk.scene(), &joining("Carol@acme.test", Role::Member)).unwrap();
    let [
        Change::AddMember { member, .. },
        Change::AddMessage(message),
    ] = changes.as_slice()
    else {
        unreachable!()
    };
    assert_eq!(
        (member.email.as_str(), member.seat.as_deref()),
        ("carol@acme.test", Some("full"))
    );
    assert_eq!(message.to, ["carol@acme.test"]);
    desk.facts.members[1].seat = Some("full".to_owned());
    let refused = add(&desk.scene(), &joining("carol@acme.test", Role::Member)).unwrap_err();
    assert_eq!(refused.code, Code::NoSeatFree);
    assert!(add(&desk.scene(), &joining("carol@acme.test", Role::Guest)).is_ok());
    let without = Joining {
        seat: SeatWish::Without,
        ..joining("carol@acme.test", Role::Admin)
    };
    assert!(add(&desk.scene(), &without).is_ok());
}

#[test]
fn fk_29_an_address_is_in_one_account_where_the_policy_says_so() {
    let mut desk = desk();
    let taken = Joining {
        elsewhere: Some("zenith"),
        ..joining("carol@acme.test", Role::Guest)
    };
    assert!(add(&desk.scene(), &taken).is_ok());
    desk.policy.account.email_in_several = false;
    let refused = add(&desk.scene(), &taken).unwrap_err();
    assert_eq!(refused.code, Code::EmailTaken);
    let again = add(&desk.scene(), &joining("bob@acme.test", Role::Guest)).unwrap_err();
    assert_eq!(again.code, Code::NothingToChange);
}

#[test]
fn there_is_exactly_one_owner() {
    let desk = desk();
    let (scene, ana, bob) = (desk.scene(), &desk.facts.members[0], &desk.facts.members[1]);
    let carol = joining("carol@acme.test", Role::Owner);
    assert_eq!(add(&scene, &carol).unwrap_err().code, Code::OwnerRequired);
    assert_eq!(
        set_role(&scene, ana, Role::Admin).unwrap_err().code,
        Code::OwnerRequired
    );
    assert_eq!(disable(&scene, ana).unwrap_err().code, Code::OwnerRequired);
    assert_eq!(remove(&scene, ana).unwrap_err().code, Code::OwnerRequired);
    let moved = set_role(&scene, bob, Role::Owner).unwrap();
    let expected =
        [(1, Role::Admin), (2, Role::Owner)].map(|(member, role)| Change::SetRole { member, role });
    assert_eq!(moved, expected);
    let away = Member {
        disabled_on: Some(day("2026-04-20")),
        ..bob.clone()
    };
    assert_eq!(
        set_role(&scene, &away, Role::Owner).unwrap_err().code,
        Code::OwnerRequired
    );
}

#[test]
fn fk_6_a_disabled_member_frees_his_seat_and_needs_one_to_come_back() {
    let mut desk = desk();
    desk.facts.members[1].seat = Some("full".to_owned());
    let gone = disable(&desk.scene(), &desk.facts.members[1]).unwrap();
    let [Change::EditMember(bob)] = gone.as_slice() else {
        unreachable!()
    };
    desk.facts.members[1] = bob.clone();
    assert_eq!(
        disable(&desk.scene(), bob).unwrap_err().code,
        Code::NothingToChange
    );
    let carol = add(&desk.scene(), &joining("carol@acme.test", Role::Member));
    assert!(carol.is_ok(), "the seat is free");
    let mut carol = sample::member(3, "carol@acme.test");
    carol.seat = Some("full".to_owned());
    desk.facts.members.push(carol);
    let refused = enable(&desk.scene(), bob, &SeatWish::Usual).unwrap_err();
    assert_eq!(refused.code, Code::NoSeatFree);
    let back = enable(&desk.scene(), bob, &SeatWish::Without).unwrap();
    let [Change::EditMember(back)] = back.as_slice() else {
        unreachable!()
    };
    assert_eq!((back.seat.as_deref(), back.disabled_on), (None, None));
}

#[test]
fn ks_18_the_owner_selects_admins_and_nobody_else_does() {
    let mut desk = desk();
    let bob = Member {
        role: Role::Admin,
        ..desk.facts.members[1].clone()
    };
    let refused = grant(&desk.scene(), &bob, Granting::Give).unwrap_err();
    assert_eq!(
        refused.code,
        Code::NothingToChange,
        "admins may without a grant by default"
    );
    desk.policy.access.roles = vec![Role::Owner];
    desk.policy.access.granted_roles = vec![Role::Admin];
    assert!(grant(&desk.scene(), &bob, Granting::Give).is_ok());
    let refused = grant(&desk.scene(), &bob, Granting::Withdraw).unwrap_err();
    assert_eq!(refused.code, Code::NothingToChange);
    let refused = grant(&desk.scene(), &desk.facts.members[1], Granting::Give).unwrap_err();
    assert_eq!(
        refused.code,
        Code::RoleNotAllowed,
        "members cannot be selected"
    );
    let mut scene = desk.scene();
    scene.member = Some("bob@acme.test");
    assert_eq!(
        grant(&scene, &bob, Granting::Give).unwrap_err().code,
        Code::RoleNotAllowed
    );
    scene.member = Some("Ana@acme.test");
    assert!(grant(&scene, &bob, Granting::Give).is_ok());
}

#[test]
fn becoming_a_guest_gives_the_seat_back() {
    let desk = desk();
    let bob = Member {
        seat: Some("full".to_owned()),
        ..desk.facts.members[1].clone()
    };
    let changes = set_role(&desk.scene(), &bob, Role::Guest).unwrap();
    let [Change::EditMember(after)] = changes.as_slice() else {
        unreachable!()
    };
    assert_eq!((after.role, after.seat.as_deref()), (Role::Guest, None));
}
