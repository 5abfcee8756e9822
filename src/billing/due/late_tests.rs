//! Late runs, attempts that end early, answers that do not come, and days that a month does not have.

use super::What;
use super::sample::{BY_CARD, BY_HAND_AFTERWARDS, Case, declined, paid};
use crate::billing::calendar::midnight;
use crate::billing::payment::{Answer, Payment};
use crate::billing::policy::State;
use crate::billing::sample::day;

#[test]
fn one_late_run_does_in_order_what_forty_days_have_brought() {
    let mut case = Case::of(BY_CARD);
    let late = "2026-11-24";
    // Nobody was charged, so nobody pays for our downtime.
    assert_eq!(case.state("2026-11-20T00:00:00"), State::PastDue);
    case.live(late, late, paid);
    assert_eq!(
        case.said,
        [
            "11-24 renewal order from 2026-10-15",
            "11-24 charge O-000001, attempt 1",
            "11-24 paid",
            "11-24 Active",
        ]
    );
    assert_eq!(case.facts.terms[1].span.start, day("2026-10-15"));
    assert!(
        case.due("2026-11-24T04:00:00").is_empty(),
        "a second run finds nothing"
    );
}

#[test]
fn what_is_older_than_the_bound_is_skipped_and_said() {
    let mut case = Case::of(BY_CARD);
    let at = "2026-12-20T03:00:00".parse().unwrap();
    let since = day("2026-10-15");
    assert!(case.due("2026-12-20T03:00:00").is_empty());
    assert_eq!(case.state("2026-12-20T03:00:00"), State::Deactivated);
    let said = super::skipped(&case.facts, &case.catalog, &case.policy, at, since);
    assert_eq!(said.len(), 2, "{said:?}");
    case.live("2026-12-20", "2026-12-31", paid);
    assert!(case.said.is_empty(), "{:?}", case.said);
}

#[test]
fn a_reason_on_the_list_ends_all_attempts_and_the_order_fails() {
    let policy = BY_HAND_AFTERWARDS.replace(
        "waits = [1, 1, 1]",
        "waits = [1, 1, 1]\nstop_reasons = [\"stolen_card\"]\nthen = \"fails\"",
    );
    let mut case = Case::of(&policy);
    case.live("2026-10-12", "2026-10-20", |_| Answer::Declined {
        reason: "stolen_card".to_owned(),
    });
    let expected = [
        "10-12 message renewal_reminder",
        "10-12 renewal order from 2026-10-15",
        "10-12 charge O-000001, attempt 1",
        "10-12 declined",
        "10-12 O-000001 fails",
        "10-15 Expired",
    ];
    assert_eq!(case.said, expected);
}

#[test]
fn waits_count_from_the_first_failure_where_the_policy_says_so() {
    let policy = BY_HAND_AFTERWARDS.replace(
        "waits = [1, 1, 1]",
        "waits = [1, 3, 5]\ncounted_from = \"first_failure\"",
    );
    let mut case = Case::of(&policy);
    case.live("2026-10-12", "2026-10-30", declined);
    let days: Vec<&str> = case
        .said
        .iter()
        .filter(|said| said.contains("attempt"))
        .map(|said| &said[..5])
        .collect();
    assert_eq!(days, ["10-12", "10-13", "10-15", "10-17"]);
}

#[test]
fn an_unknown_answer_is_asked_about_again_and_never_charged_twice() {
    let mut case = Case::of(BY_CARD);
    let unknown = |_: &Payment| Answer::Unknown {
        trouble: "silence".to_owned(),
    };
    case.live("2026-10-15", "2026-10-15", unknown);
    assert_eq!(
        case.due("2026-10-16T03:00:00"),
        ["ask about payment P-000001 again"]
    );
    assert_eq!(case.state("2026-10-16T00:00:00"), State::PastDue);
    case.live("2026-10-16", "2026-10-16", paid);
    assert_eq!(case.facts.payments.len(), 1);
    assert_eq!(case.state("2026-10-16T04:00:00"), State::Active);
}

#[test]
fn an_unpaid_order_follows_what_was_asked_for_the_next_term() {
    use crate::billing::account::{NextTerm, Scheduled};
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.live("2026-10-12", "2026-10-12", declined);
    case.facts.scheduled.push(Scheduled {
        id: 1,
        asked_on: day("2026-10-12"),
        change: NextTerm {
            seats: Some([("full".to_owned(), 1)].into()),
            ..NextTerm::default()
        },
    });
    case.said.clear();
    case.live("2026-10-13", "2026-10-13", paid);
    assert_eq!(
        case.said[0],
        "10-13 renewal order from 2026-10-15 in place of O-000001"
    );
    assert_eq!(case.facts.terms[1].slices[0].seats["full"], 1);
    assert!(
        case.facts.scheduled.is_empty(),
        "the renewal has used it up"
    );
}

#[test]
fn the_clock_going_backwards_brings_nothing_twice() {
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.live("2026-10-12", "2026-10-12", declined);
    for earlier in [
        "2026-10-11T03:00:00",
        "2026-10-06T00:00:00",
        "2026-10-12T02:00:00",
    ] {
        assert!(
            case.due(earlier).is_empty(),
            "{earlier}: {:?}",
            case.due(earlier)
        );
    }
}

#[test]
fn a_term_from_the_31st_keeps_its_day_over_february_and_the_year() {
    let mut case = Case::of(BY_CARD);
    let mut start = crate::billing::sample::term(1, "2027-12-31", 1, "basic", 2);
    start.slices[0].prices = case.facts.terms[0].slices[0].prices.clone();
    case.facts.terms = vec![start];
    case.live("2027-12-31", "2028-05-01", paid);
    let ends: Vec<String> = case
        .facts
        .terms
        .iter()
        .map(|term| term.span.end.to_string())
        .collect();
    assert_eq!(
        ends,
        [
            "2028-01-31",
            "2028-02-29",
            "2028-03-31",
            "2028-04-30",
            "2028-05-31"
        ]
    );
}

#[test]
fn a_step_may_open_a_case_once() {
    let policy = BY_CARD.replace(
        "timeline = [",
        "timeline = [\n{ anchor = \"first_failure\", days = 2, action = \"open_case\" },",
    );
    let mut case = Case::of(&policy);
    case.live("2026-10-15", "2026-11-10", declined);
    let cases = case.said.iter().filter(|said| said.contains("case:"));
    assert_eq!(cases.count(), 1, "{:?}", case.said);
    assert_eq!(case.facts.open_cases.len(), 1);
}

#[test]
fn trial_ends_are_announced_to_those_who_did_not_buy() {
    use crate::billing::calendar::Span;
    use crate::billing::term::Trial;
    let policy = BY_CARD.replace(
        "timeline = [",
        "timeline = [\n{ anchor = \"trial_end\", days = -7, action = \"message\", message = \"trial_ends\" },",
    );
    let mut case = Case::of(&policy);
    case.facts.terms.clear();
    case.facts.trials.push(Trial {
        span: Span::new(day("2026-06-01"), day("2026-06-15")),
        plan: "pro".to_owned(),
        ended_on: None,
        extended_days: 0,
    });
    case.live("2026-06-01", "2026-07-01", paid);
    assert_eq!(case.said, ["06-08 message trial_ends", "06-15 TrialEnded"]);
    assert!(matches!(
        super::agenda(
            &case.facts,
            &case.catalog,
            &case.policy,
            midnight(day("2026-06-01"))
        )
        .first(),
        None | Some(super::Due {
            what: What::Lapse { .. },
            ..
        })
    ));
}
