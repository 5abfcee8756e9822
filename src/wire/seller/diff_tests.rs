//! What counts as a difference, and what does not.

use super::*;
use crate::wire::seller::{catalog, policy};

const ACME: &str = include_str!("check/acme.catalog.toml");
const RULES: &str = include_str!("check/acme.policy.toml");

fn told(found: &[Difference]) -> Vec<String> {
    found.iter().map(ToString::to_string).collect()
}

fn after(from: &str, to: &str) -> Vec<Difference> {
    assert!(ACME.contains(from), "{from}");
    let later = catalog(&ACME.replace(from, to), "later").unwrap();
    diff_catalogs(&catalog(ACME, "earlier").unwrap(), &later)
}

#[test]
fn a_version_does_not_differ_from_itself_however_it_is_written() {
    let acme = catalog(ACME, "acme").unwrap();
    assert!(diff_catalogs(&acme, &acme).is_empty());
    let spelt_out = "amounts = { 1m = 10, 12m = \"8.00\" }";
    let same = after(
        "amounts = { 1m = 10 }\npercent_off = { 12m = 20 }",
        spelt_out,
    );
    assert!(same.is_empty(), "{:?}", told(&same));
    let default = after("sale = \"free\"", "sale = \"free\"\nself_managed = true");
    assert!(default.is_empty(), "{:?}", told(&default));
}

#[test]
fn what_a_plan_gives_touches_those_who_have_it() {
    let found = after("limits = { rooms = 3 }", "limits = { rooms = 5 }");
    assert_eq!(told(&found), ["plan.solo.limits.rooms was 3 and is 5"]);
    assert_eq!(found[0].touches.plan.as_deref(), Some("solo"));
    let found = after("features = [\"chat\"]\n", "");
    assert_eq!(told(&found), ["plan.solo.features is gone; it was chat"]);
    assert_eq!(found[0].kind, DifferenceKind::Removed);
}

#[test]
fn a_price_is_compared_by_what_it_is_for() {
    let found = after(
        "amounts = { 1m = 11, 12m = 100 }",
        "amounts = { 1m = 11, 12m = 90 }",
    );
    let path = "price.solo.USD.12m.early.until 2026-06-01";
    assert_eq!(told(&found), [format!("{path} was 1200 and is 1080")]);
    let touches = Touch {
        plan: Some("solo".to_owned()),
        currency: Some(Currency::USD),
        period: Some(Period::Months(12)),
        cohort: Some("early".to_owned()),
        ..Touch::default()
    };
    assert_eq!(found[0].touches, touches);
}

#[test]
fn a_new_plan_is_shown_by_its_name() {
    let plan = "[[plan]]\nid = \"giant\"\nname = \"Giant\"\nrank = 9\n\n[[add_on]]";
    let found = after("[[add_on]]", plan);
    assert_eq!(told(&found), ["plan.giant is new: Giant"]);
}

#[test]
fn every_knob_of_a_policy_is_compared_defaults_too() {
    let earlier = policy(RULES, "earlier").unwrap();
    let later = RULES
        .replace("waits = [1, 2]", "waits = [1, 3]")
        .replace("timing = \"at_renewal\"", "timing = \"now\"")
        .replace("[access]", "[order]\nlapse_days = 7\n[access]");
    let found = diff_policies(&earlier, &policy(&later, "later").unwrap());
    let expected = [
        "order.lapse_days was 30 and is 7",
        "seats.remove.timing was at_renewal and is now",
        "retry.waits is gone; it was 2",
        "retry.waits is new: 3",
    ];
    assert_eq!(told(&found), expected);
    assert!(found.iter().all(|one| one.touches == Touch::default()));
}
