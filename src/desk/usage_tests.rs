//! Members, seats, trials, limits, credits and cases, through the gate, on the built-in sellers.

use super::account_tests::{Shop, becomes, by, code, member, new, terms, why};
use super::member::{Becomes, Seat, Seating, SetSeat, ShowSeats};
use super::{Failure, case, credit, limit, trial};
use crate::billing::policy::{Role, Situation, State};
use crate::billing::refusal::Code;
use crate::wire::Document;

#[test]
fn trials_start_extend_and_end_by_hand() {
    let mut shop = Shop::with_account("kumospace", "US");
    let does = |does| trial::Change {
        account: "acme".to_owned(),
        does,
    };
    shop.does(
        &by("2026-06-10", "ana@acme.test"),
        &does(trial::Does::Start),
    );
    assert_eq!(shop.account("2026-06-10").state, State::Trialing);
    let longer = does(trial::Does::Extend(10));
    assert_eq!(
        shop.refuses(&by("2026-06-11", "ana@acme.test"), &longer),
        Code::SupportOnly
    );
    shop.does(&why("2026-06-11"), &longer);
    assert_eq!(
        shop.refuses(&why("2026-06-11"), &longer),
        Code::TrialNotAvailable
    );
    shop.does(&terms("2026-06-20"), &does(trial::Does::End));
    assert_eq!(
        shop.account("2026-06-20").state,
        State::Free,
        "FU-11: else free"
    );
    assert_eq!(
        shop.refuses(&terms("2026-06-21"), &does(trial::Does::Start)),
        Code::TrialNotAvailable
    );
    let list = trial::List {
        account: None,
        running: false,
        at_most: 10,
    };
    assert!(
        matches!(shop.says(&terms("2026-06-21"), &list), Document::Trials(all) if all.len() == 1)
    );
}

#[test]
fn k24_5_and_k24_6_media_is_the_only_limit_of_the_trial() {
    let mut shop = Shop::with_account("kommo-2024", "US");
    let add = |limit: &str, amount| limit::Check {
        account: "acme".to_owned(),
        limit: limit.to_owned(),
        amount,
        member: None,
        action: None,
    };
    let media = shop
        .account("2026-06-10")
        .limits
        .into_iter()
        .find(|limit| limit.allowed.is_some())
        .unwrap();
    let most = media.allowed.unwrap();
    shop.does(&terms("2026-06-10"), &limit::Record(add(&media.id, most)));
    assert_eq!(
        shop.refuses(&terms("2026-06-10"), &limit::Record(add(&media.id, 1))),
        Code::LimitReached
    );
    assert_eq!(
        code(shop.desk.ask(&terms("2026-06-10"), &add(&media.id, 1))),
        Code::LimitReached
    );
    let others: Vec<String> = shop
        .account("2026-06-10")
        .limits
        .into_iter()
        .filter(|limit| limit.id != media.id)
        .map(|limit| limit.id)
        .collect();
    for id in others {
        assert!(
            shop.desk
                .ask(&terms("2026-06-10"), &add(&id, 1_000_000))
                .is_ok(),
            "{id}"
        );
    }
}

#[test]
fn fk_23_trial_credits_are_used_and_granted() {
    let mut shop = Shop::with_account("kommo", "US");
    let moves = |units, way| credit::Move {
        account: "acme".to_owned(),
        credit: "ai".to_owned(),
        units,
        member: None,
        way,
    };
    assert_eq!(shop.account("2026-06-10").credits[0].left, Some(1800));
    shop.does(&terms("2026-06-10"), &moves(1700, credit::Way::Use));
    assert_eq!(
        shop.refuses(&terms("2026-06-10"), &moves(101, credit::Way::Use)),
        Code::CreditsUsedUp
    );
    let grant = moves(500, credit::Way::Grant { until: None });
    assert_eq!(
        shop.refuses(&terms("2026-06-10"), &grant),
        Code::ReasonMissing
    );
    shop.does(&why("2026-06-10"), &grant);
    assert_eq!(shop.account("2026-06-10").credits[0].left, Some(600));
}

#[test]
fn k26_33_a_plan_sold_by_people_becomes_a_case_that_people_close() {
    let mut shop = Shop::with_account("kommo", "US");
    let mut request = case::RequestPlan {
        account: "acme".to_owned(),
        plan: "enterprise".to_owned(),
        text: None,
        contact: [("name".to_owned(), "Ana".to_owned())].into(),
    };
    let ana = by("2026-06-10", "ana@acme.test");
    assert_eq!(shop.refuses(&ana, &request), Code::ContactMissing);
    request
        .contact
        .insert("phone".to_owned(), "+1 555 0100".to_owned());
    let Document::Case(opened) = shop.does(&ana, &request) else {
        unreachable!()
    };
    assert_eq!(
        (opened.number.as_str(), opened.about),
        ("C-000001", Situation::Sales)
    );
    let close = case::Close {
        case: "C-1".to_owned(),
        outcome: "Called back.".to_owned(),
    };
    shop.does(&terms("2026-06-11"), &close);
    assert_eq!(shop.refuses(&terms("2026-06-11"), &close), Code::CaseClosed);
    let base = case::RequestPlan {
        plan: "base".to_owned(),
        ..request
    };
    assert_eq!(shop.refuses(&ana, &base), Code::NothingToChange);
}

#[test]
fn fu_2_the_free_plan_has_five_members_and_the_sixth_needs_an_order() {
    let mut shop = Shop::with_account("kumospace", "US");
    for at in 2..=5 {
        shop.does(
            &terms("2026-06-10"),
            &member(&format!("m{at}@acme.test"), Role::Member),
        );
    }
    let sixth = member("m6@acme.test", Role::Member);
    assert_eq!(shop.refuses(&terms("2026-06-10"), &sixth), Code::NoSeatFree);
    shop.does(
        &terms("2026-06-10"),
        &member("guest@acme.test", Role::Guest),
    );
    shop.does(
        &terms("2026-06-10"),
        &becomes("m5@acme.test", Becomes::Disabled),
    );
    shop.does(&terms("2026-06-10"), &sixth);
    let show = ShowSeats {
        account: "acme".to_owned(),
    };
    let Document::Seats(seats) = shop.says(&terms("2026-06-10"), &show) else {
        unreachable!()
    };
    assert_eq!(
        (seats.types[0].seats, seats.types[0].free),
        (Some(5), Some(0))
    );
    let back = becomes("m5@acme.test", Becomes::Enabled(Seat::Usual));
    assert_eq!(shop.refuses(&terms("2026-06-10"), &back), Code::NoSeatFree);
    let release = SetSeat {
        account: "acme".to_owned(),
        email: "m2@acme.test".to_owned(),
        seat: Seating::Release,
    };
    shop.does(&terms("2026-06-10"), &release);
    shop.does(&terms("2026-06-10"), &back);
}

#[test]
fn a_removed_member_frees_his_address_and_ownership_moves() {
    let mut shop = Shop::with_account("kommo", "US");
    shop.does(&terms("2026-06-10"), &member("bob@acme.test", Role::Admin));
    shop.does(
        &terms("2026-06-10"),
        &becomes("bob@acme.test", Becomes::Role(Role::Owner)),
    );
    let members = shop.account("2026-06-10").members;
    let roles: Vec<Role> = members.iter().map(|member| member.role).collect();
    assert_eq!(roles, [Role::Admin, Role::Owner]);
    shop.does(
        &terms("2026-06-10"),
        &becomes("ana@acme.test", Becomes::Removed),
    );
    shop.does(&terms("2026-06-10"), &new("zenith", "US", "ana@acme.test"));
    shop.does(
        &terms("2026-06-10"),
        &member("carol@acme.test", Role::Member),
    );
    let again = becomes("ana@acme.test", Becomes::Disabled);
    assert!(matches!(
        shop.desk.perform(&terms("2026-06-10"), &again),
        Err(Failure::NotFound { what: "member", .. })
    ));
}
