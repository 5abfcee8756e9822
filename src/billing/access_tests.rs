//! Who may do what, by role, grant, plan and side of the desk.

use super::*;
use crate::billing::sample;

const ON: &str = "2026-07-01";

fn asked(
    role: Role,
    granted: bool,
    change: impl FnOnce(&mut Policy, &mut Catalog),
    operation: Operation,
    on_behalf: Option<&str>,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let (mut policy, mut catalog) = (sample::policy(), sample::catalog());
    change(&mut policy, &mut catalog);
    let mut facts = sample::facts();
    facts.members[0].role = Role::Owner;
    let mut other = sample::member(2, "bob@acme.test");
    (other.role, other.granted) = (role, granted);
    facts.members.push(other);
    check(
        &facts,
        &policy,
        &catalog,
        operation,
        on_behalf,
        reason,
        ON.parse().unwrap(),
    )
}

const BOB: Option<&str> = Some("Bob@acme.test");

#[test]
fn k26_1_ku_6_a_role_outside_the_list_may_not_even_look() {
    let refused = asked(Role::Member, true, |_, _| {}, Operation::View, BOB, None).unwrap_err();
    assert_eq!(refused.code, Code::RoleNotAllowed);
    assert!(
        refused
            .message
            .contains("bob@acme.test has the role member")
    );
    let owner_only = |policy: &mut Policy, _: &mut Catalog| policy.access.roles = vec![Role::Owner];
    let refused = asked(Role::Admin, true, owner_only, Operation::Cancel, BOB, None).unwrap_err();
    assert_eq!(refused.code, Code::RoleNotAllowed);
    assert!(asked(Role::Admin, false, |_, _| {}, Operation::Cancel, BOB, None).is_ok());
}

#[test]
fn ks_18_selected_admins_may_after_a_grant() {
    let selected = |policy: &mut Policy, _: &mut Catalog| {
        policy.access.roles = vec![Role::Owner];
        policy.access.granted_roles = vec![Role::Admin];
    };
    let refused = asked(Role::Admin, false, selected, Operation::View, BOB, None).unwrap_err();
    assert_eq!(refused.because.unwrap().key, "access.granted_roles");
    assert!(asked(Role::Admin, true, selected, Operation::View, BOB, None).is_ok());
    assert!(asked(Role::Member, true, selected, Operation::View, BOB, None).is_err());
}

#[test]
fn support_only_is_a_case_for_a_member_and_needs_a_reason_of_the_operator() {
    let rule = |policy: &mut Policy, _: &mut Catalog| {
        policy.access.support_only = vec![Operation::ChangeEmail];
    };
    let operation = Operation::ChangeEmail;
    let refused = asked(Role::Admin, false, rule, operation, BOB, Some("please")).unwrap_err();
    assert_eq!(
        (refused.code, refused.route),
        (Code::SupportOnly, Some(Situation::Support))
    );
    let refused = asked(Role::Admin, false, rule, operation, None, Some("  ")).unwrap_err();
    assert_eq!((refused.code, refused.route), (Code::ReasonMissing, None));
    assert!(
        asked(
            Role::Admin,
            false,
            rule,
            operation,
            None,
            Some("asked by letter")
        )
        .is_ok()
    );
    assert!(asked(Role::Admin, false, rule, Operation::Cancel, None, None).is_ok());
}

#[test]
fn ku_8_to_ku_10_a_plan_that_is_not_self_managed_goes_to_people() {
    let managed = |_: &mut Policy, catalog: &mut Catalog| {
        catalog
            .plans
            .iter_mut()
            .for_each(|plan| plan.self_managed = false);
    };
    let refused = asked(Role::Admin, false, managed, Operation::Cancel, BOB, None).unwrap_err();
    assert_eq!(
        (refused.code, refused.route),
        (Code::PlanNotSelfManaged, Some(Situation::Contract))
    );
    assert!(asked(Role::Admin, false, managed, Operation::View, BOB, None).is_ok());
    let refused = asked(Role::Admin, false, managed, Operation::Cancel, None, None).unwrap_err();
    assert_eq!(refused.code, Code::ReasonMissing);
}

#[test]
fn strangers_and_the_disabled_are_told_apart() {
    let carol = Some("carol@else.test");
    let refused = asked(Role::Admin, false, |_, _| {}, Operation::View, carol, None).unwrap_err();
    assert_eq!(refused.message, "carol@else.test is not a member of acme.");
    let mut facts = sample::facts();
    facts.members[0].disabled_on = Some(ON.parse().unwrap());
    let (policy, catalog) = (sample::policy(), sample::catalog());
    let ask = |on: &str| {
        let (who, on) = (Some("ana@acme.test"), on.parse().unwrap());
        check(&facts, &policy, &catalog, Operation::View, who, None, on)
    };
    assert!(ask("2026-06-30").is_ok());
    assert_eq!(ask(ON).unwrap_err().code, Code::NotAMember);
}

#[test]
fn a_closed_account_can_only_be_looked_at() {
    let mut facts = sample::facts();
    facts.account.closed_on = Some(ON.parse().unwrap());
    let (policy, catalog) = (sample::policy(), sample::catalog());
    let ask = |operation| {
        check(
            &facts,
            &policy,
            &catalog,
            operation,
            None,
            None,
            ON.parse().unwrap(),
        )
    };
    assert!(ask(Operation::View).is_ok());
    assert_eq!(ask(Operation::Order).unwrap_err().code, Code::AccountClosed);
}

#[test]
fn ku_7_ku_10_invoices_are_managed_and_the_people_of_a_space_are_not() {
    let managed = |_: &mut Policy, catalog: &mut Catalog| {
        catalog
            .plans
            .iter_mut()
            .for_each(|plan| plan.self_managed = false);
    };
    let may = |operation| asked(Role::Admin, false, managed, operation, BOB, None);
    assert_eq!(
        may(Operation::Invoices).unwrap_err().code,
        Code::PlanNotSelfManaged
    );
    assert!(may(Operation::View).is_ok());
    assert!(may(Operation::ManageMembers).is_ok());
}

#[test]
fn every_member_uses_what_the_plan_gives_and_only_billing_roles_buy_more() {
    let may = |operation| asked(Role::Member, false, |_, _| {}, operation, BOB, None);
    assert!(may(Operation::Use).is_ok());
    assert_eq!(
        may(Operation::Credits).unwrap_err().code,
        Code::RoleNotAllowed
    );
}
