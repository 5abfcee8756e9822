//! Which plan and which features an account has, and why.

use super::*;
use crate::billing::calendar::{Span, midnight};
use crate::billing::sample::{self, day, term};

fn features_on(facts: &Facts, on: &str) -> Vec<(String, Origin)> {
    let (policy, catalog) = (sample::policy(), sample::catalog());
    let found = entitled(facts, &policy, &catalog, midnight(day(on)));
    let on = found
        .map(|found| features(facts, &catalog, &found))
        .unwrap_or_default();
    on.into_iter()
        .map(|feature| (feature.id, feature.from))
        .collect()
}

fn lost(facts: &Facts, plan: &str, on: &str) -> Vec<String> {
    let (policy, catalog) = (sample::policy(), sample::catalog());
    features_lost(
        facts,
        &policy,
        &catalog,
        catalog.plan(plan).unwrap(),
        midnight(day(on)),
    )
}

fn on_trial() -> Facts {
    let mut facts = sample::facts();
    facts.terms.clear();
    facts.trials.push(Trial {
        span: Span::new(day("2026-04-01"), day("2026-04-15")),
        plan: "pro".to_owned(),
        ended_on: None,
        extended_days: 0,
    });
    facts
}

#[test]
fn k24_11_a_trial_has_its_plans_features_and_nothing_after_it() {
    let facts = on_trial();
    let expected = ["chat", "bots"].map(|id| (id.to_owned(), Origin::Trial));
    assert_eq!(features_on(&facts, "2026-04-14"), expected);
    assert_eq!(features_on(&facts, "2026-04-15"), []);
}

#[test]
fn k24_12_and_k24_13_a_lower_plan_loses_features_and_the_same_plan_loses_none() {
    let facts = on_trial();
    assert_eq!(lost(&facts, "basic", "2026-04-10"), ["Bots"]);
    assert!(lost(&facts, "pro", "2026-04-10").is_empty());
    assert!(
        lost(&facts, "basic", "2026-05-01").is_empty(),
        "nothing is on any more"
    );
}

#[test]
fn those_who_bought_the_plan_earlier_keep_a_feature_while_they_hold_it() {
    let mut facts = sample::facts();
    assert_eq!(features_on(&facts, "2026-05-01").len(), 1);
    facts.terms = vec![
        term(1, "2026-01-15", 1, "basic", 2),
        term(2, "2026-02-15", 6, "basic", 2),
    ];
    let kept = ("bots".to_owned(), Origin::Kept(day("2026-02-01")));
    assert_eq!(features_on(&facts, "2026-05-01")[1], kept);
    assert_eq!(
        lost(&facts, "basic", "2026-05-01"),
        [""; 0],
        "the same plan keeps what is kept"
    );
    facts.terms[1] = term(2, "2026-02-20", 6, "basic", 2);
    assert_eq!(
        features_on(&facts, "2026-05-01").len(),
        1,
        "a break ends it"
    );
}

#[test]
fn k26_34_features_are_agreed_with_one_account_from_a_day_to_a_day() {
    let mut facts = sample::facts();
    let agree = |id, feature: &str, on, until: Option<&str>| Agreement {
        id,
        what: Agreed::Feature {
            feature: feature.to_owned(),
            on,
        },
        from: day("2026-05-01"),
        until: until.map(day),
        reason: "contract 12".to_owned(),
    };
    facts.agreements = vec![
        agree(1, "sso", true, Some("2026-06-01")),
        agree(2, "chat", false, None),
    ];
    let agreed = ("sso".to_owned(), Origin::Agreed("contract 12".to_owned()));
    assert_eq!(
        features_on(&facts, "2026-04-30"),
        [("chat".to_owned(), Origin::Plan)]
    );
    assert_eq!(features_on(&facts, "2026-05-31"), [agreed]);
    assert_eq!(features_on(&facts, "2026-06-01"), []);
}

#[test]
fn the_grace_after_a_failed_charge_keeps_the_plan_and_expiry_does_not() {
    let mut facts = sample::facts();
    assert_eq!(features_on(&facts, "2026-10-15"), []);
    facts.method = Some(crate::billing::account::SavedMethod {
        method: "card".to_owned(),
        reference: "tok".to_owned(),
        saved_on: day("2026-04-15"),
    });
    facts.switches.push(crate::billing::account::Switched {
        switch: crate::billing::account::Switch::AutoRenew,
        on: true,
        at: midnight(day("2026-04-15")),
    });
    assert_eq!(features_on(&facts, "2026-10-15").len(), 1);
}
