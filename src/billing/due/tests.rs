//! What time brings, day by day: the sellers' calendars, and what one late run makes of them.

use super::play::{Event, play};
use super::{Ground, What, due, next_due};
use crate::billing::account::{Facts, SavedMethod, Switch, Switched};
use crate::billing::calendar::{Day, Moment, midnight};
use crate::billing::catalog::Catalog;
use crate::billing::payment::{Answer, Payment};
use crate::billing::policy::{Policy, State};
use crate::billing::sample::{catalog, day, facts};
use crate::billing::standing::standing;
use crate::billing::term::SoldPrice;
use std::collections::BTreeSet;

/// Reminder at nine days, order and charge at three, three retries a day apart (FK-30, FK-31).
const BY_HAND_AFTERWARDS: &str = r#"
id = "acme-seller"
effective_from = "2026-01-01"
timeline = [
  { anchor = "term_end", days = -9, action = "message", message = "renewal_reminder" },
  { anchor = "term_end", days = -3, action = "create_order" },
  { anchor = "term_end", days = -3, action = "charge", when = "auto_renew" },
]
[renewal]
when_off = "unpaid_order"
[retry]
waits = [1, 1, 1]
"#;

/// Invoice and charge on the day, three days of grace, frozen without a card, back with a card (KS-1..6).
const BY_CARD: &str = r#"
id = "acme-seller"
effective_from = "2026-01-01"
timeline = [
  { anchor = "term_end", days = -7, action = "message", when = "no_method", message = "add_card" },
  { anchor = "term_end", days = 0, action = "create_order", when = "auto_renew" },
  { anchor = "term_end", days = 0, action = "charge", when = "auto_renew" },
  { anchor = "first_failure", days = 0, action = "message", message = "card_declined" },
]
[invoice]
issue = "order"
[end]
no_method = "frozen"
failed = "deactivated"
unpaid = "deactivated"
grace_days = 3
grace_counts = "hours"
reactivation = "method"
[cancel]
then = "deactivated"
[retry]
waits = [1, 1]
"#;

struct Case {
    catalog: Catalog,
    policy: Policy,
    facts: Facts,
    said: Vec<String>,
}

impl Case {
    /// Acme's term ends on 2026-10-15; it renews by itself with a card.
    fn of(policy: &str) -> Case {
        let mut facts = facts();
        let slice = &mut facts.terms[0].slices[0];
        let price = SoldPrice {
            amount: "60".parse().unwrap(),
            list: "world".to_owned(),
        };
        slice.prices.insert("full".to_owned(), price);
        facts.method = Some(card("tok-1", "2026-04-15"));
        facts.switches.push(Switched {
            switch: Switch::AutoRenew,
            on: true,
            at: midnight(day("2026-04-15")),
        });
        Case {
            catalog: catalog(),
            policy: toml::from_str(policy).unwrap(),
            facts,
            said: Vec::new(),
        }
    }

    fn switch(&mut self, switch: Switch, on: bool, at: &str) {
        let at = at.parse().unwrap();
        self.facts.switches.push(Switched { switch, on, at });
    }

    /// Runs every day from one day to another at three o'clock.
    fn live(&mut self, from: &str, until: &str, mut says: impl FnMut(&Payment) -> Answer) {
        let (catalog, policy) = (self.catalog.clone(), self.policy.clone());
        let by_hand = BTreeSet::new();
        let ground = |at| Ground {
            by_hand: &by_hand,
            catalog: &catalog,
            catalog_id: 1,
            policy: &policy,
            at,
        };
        let said = &mut self.said;
        let from: Moment = format!("{from}T03:00:00").parse().unwrap();
        play(
            &mut self.facts,
            (from, day(until)),
            (&ground, &[]),
            &mut says,
            &mut |at, event| {
                let text = match event {
                    Event::Did(due) => due.what.to_string(),
                    Event::Answered(_, answer) => answer_word(answer).to_owned(),
                    Event::Became(state) => format!("{state:?}"),
                    Event::Refused(due, refusal) => format!("refused {}: {refusal}", due.what),
                };
                said.push(format!("{} {text}", at.format("%m-%d")));
            },
        );
    }

    fn state(&self, at: &str) -> State {
        standing(&self.facts, &self.policy, at.parse().unwrap()).state
    }

    fn due(&self, at: &str) -> Vec<String> {
        let at = at.parse().unwrap();
        let all = due(&self.facts, &self.catalog, &self.policy, at);
        all.iter().map(|due| due.what.to_string()).collect()
    }
}

fn card(reference: &str, saved_on: &str) -> SavedMethod {
    SavedMethod {
        method: "card".to_owned(),
        reference: reference.to_owned(),
        saved_on: day(saved_on),
    }
}

fn answer_word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Paid { .. } => "paid",
        Answer::Declined { .. } => "declined",
        Answer::Pending { .. } => "pending",
        Answer::Unknown { .. } => "unknown",
    }
}

fn paid(_: &Payment) -> Answer {
    Answer::Paid {
        reference: "r".to_owned(),
    }
}

fn declined(_: &Payment) -> Answer {
    Answer::Declined {
        reason: "insufficient_funds".to_owned(),
    }
}

fn last_end(case: &Case) -> Day {
    standing(&case.facts, &case.policy, midnight(day("2026-04-20")))
        .paid_until
        .unwrap()
}

#[test]
fn nine_days_before_a_reminder_three_days_before_order_and_charge() {
    // K26-39, K26-40, FK-30: the end is 10-15.
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    assert_eq!(
        next_due(
            &case.facts,
            &case.catalog,
            &case.policy,
            midnight(day("2026-04-20"))
        ),
        Some(day("2026-10-06"))
    );
    case.live("2026-09-01", "2026-10-20", paid);
    assert_eq!(
        case.said,
        [
            "10-06 message renewal_reminder",
            "10-12 renewal order from 2026-10-15",
            "10-12 charge O-000001, attempt 1",
            "10-12 paid",
        ]
    );
    assert_eq!(last_end(&case), day("2027-04-15"));
    let renewed = case.facts.terms.last().unwrap();
    assert_eq!(renewed.span.start, day("2026-10-15"));
    assert_eq!(renewed.slices[0].seats, case.facts.terms[0].slices[0].seats);
}

#[test]
fn four_attempts_end_with_the_term() {
    // FK-31, FK-32.
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.live("2026-09-01", "2026-11-30", declined);
    let expected = [
        "10-06 message renewal_reminder",
        "10-12 renewal order from 2026-10-15",
        "10-12 charge O-000001, attempt 1",
        "10-12 declined",
        "10-13 charge O-000001, attempt 2",
        "10-13 declined",
        "10-14 charge O-000001, attempt 3",
        "10-14 declined",
        "10-15 charge O-000001, attempt 4",
        "10-15 declined",
        "10-15 Expired",
        "11-11 O-000001 lapses",
    ];
    assert_eq!(case.said, expected);
    assert_eq!(case.state("2026-10-14T23:00:00"), State::Active);
}

#[test]
fn the_last_attempt_on_the_day_of_the_end_still_continues_the_term() {
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.live("2026-09-01", "2026-10-14", declined);
    assert_eq!(case.state("2026-10-15T00:30:00"), State::PastDue);
    case.live("2026-10-15", "2026-10-20", paid);
    assert_eq!(last_end(&case), day("2027-04-15"));
}

#[test]
fn without_auto_renewal_an_order_waits_and_nothing_is_charged() {
    // K26-10, FK-33; section 7: whether an unpaid order is made is a setting.
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.switch(Switch::AutoRenew, false, "2026-05-01T00:00:00");
    case.live("2026-09-01", "2026-10-20", paid);
    let expected = [
        "10-06 message renewal_reminder",
        "10-12 renewal order from 2026-10-15",
        "10-15 Expired",
    ];
    assert_eq!(case.said, expected);

    let mut case = Case::of(&BY_HAND_AFTERWARDS.replace("unpaid_order", "nothing"));
    case.switch(Switch::AutoRenew, false, "2026-05-01T00:00:00");
    case.live("2026-09-01", "2026-10-20", paid);
    assert_eq!(
        case.said,
        ["10-06 message renewal_reminder", "10-15 Expired"]
    );
}

#[test]
fn turning_auto_renewal_off_stops_the_retries() {
    // FK-31: "unless auto-renewal is turned off".
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.live("2026-09-01", "2026-10-13", declined);
    case.switch(Switch::AutoRenew, false, "2026-10-13T12:00:00");
    case.said.clear();
    case.live("2026-10-14", "2026-10-20", paid);
    assert_eq!(case.said, ["10-15 Expired"]);
}

#[test]
fn an_expired_account_that_turns_auto_renewal_on_is_not_charged() {
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.switch(Switch::AutoRenew, false, "2026-05-01T00:00:00");
    case.live("2026-09-01", "2026-10-16", paid);
    case.switch(Switch::AutoRenew, true, "2026-10-17T00:00:00");
    assert_eq!(case.state("2026-10-18T00:00:00"), State::Expired);
    assert!(case.due("2026-10-18T00:00:00").is_empty());
}

#[test]
fn a_cancelled_subscription_ends_with_its_term() {
    // KU-15, KS-27: no reminder, no order, no charge.
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.switch(Switch::Cancel, true, "2026-06-01T00:00:00");
    assert_eq!(case.state("2026-10-14T23:00:00"), State::Cancelling);
    case.live("2026-09-01", "2026-10-20", paid);
    assert_eq!(case.said, ["10-15 Expired"]);
    // FU-9: taken back, it renews again.
    let mut case = Case::of(BY_HAND_AFTERWARDS);
    case.switch(Switch::Cancel, true, "2026-06-01T00:00:00");
    case.switch(Switch::Cancel, false, "2026-07-01T00:00:00");
    case.live("2026-09-01", "2026-10-20", paid);
    assert!(case.said.contains(&"10-12 paid".to_owned()));
}

#[test]
fn a_declined_charge_opens_three_days_of_72_hours() {
    // KS-3, KS-5.
    let mut case = Case::of(BY_CARD);
    case.live("2026-10-01", "2026-10-30", declined);
    let expected = [
        "10-15 renewal order from 2026-10-15",
        "10-15 charge O-000001, attempt 1",
        "10-15 declined",
        "10-15 message card_declined",
        "10-15 PastDue",
        "10-16 charge O-000001, attempt 2",
        "10-16 declined",
        "10-17 charge O-000001, attempt 3",
        "10-17 declined",
        "10-18 Deactivated",
    ];
    assert_eq!(case.said, expected);
    assert_eq!(case.state("2026-10-18T02:59:59"), State::PastDue);
    assert_eq!(case.state("2026-10-18T03:00:00"), State::Deactivated);
}

#[test]
fn a_new_card_inside_the_window_is_charged_and_the_account_stays_active() {
    // KS-4: all attempts are used up, and the card comes an hour before the window ends.
    let mut case = Case::of(BY_CARD);
    case.live("2026-10-01", "2026-10-17", declined);
    case.facts.method = Some(card("tok-2", "2026-10-17"));
    assert_eq!(case.state("2026-10-18T05:00:00"), State::PastDue);
    case.said.clear();
    case.live("2026-10-18", "2026-10-18", paid);
    let expected = [
        "10-18 charge O-000001, attempt 4",
        "10-18 paid",
        "10-18 Active",
    ];
    assert_eq!(case.said, expected);
    assert_eq!(case.facts.terms[1].span.start, day("2026-10-15"));
}

#[test]
fn a_card_at_any_later_time_brings_a_deactivated_account_back() {
    // KS-6; the term begins on the day of the payment, because nothing was served in between.
    let mut case = Case::of(BY_CARD);
    case.live("2026-10-01", "2027-01-31", declined);
    assert_eq!(case.state("2027-02-01T00:00:00"), State::Deactivated);
    case.facts.method = Some(card("tok-2", "2027-02-01"));
    assert_eq!(case.state("2027-02-01T09:00:00"), State::Deactivated);
    case.said.clear();
    case.live("2027-02-01", "2027-02-02", paid);
    assert!(
        case.said.contains(&"02-01 paid".to_owned()),
        "{:?}",
        case.said
    );
    assert_eq!(case.state("2027-02-02T00:00:00"), State::Active);
    assert_eq!(case.facts.terms[1].span.start, day("2027-02-01"));
}

#[test]
fn without_a_card_the_account_freezes_and_is_asked_before() {
    // KS-1, KS-2.
    let mut case = Case::of(BY_CARD);
    case.facts.method = None;
    case.live("2026-10-01", "2027-03-30", paid);
    assert_eq!(case.said, ["10-08 message add_card", "10-15 Frozen"]);
    case.facts.method = Some(card("tok-9", "2027-03-30"));
    assert_eq!(case.state("2027-03-30T09:00:00"), State::Frozen);
    case.live("2027-03-30", "2027-03-31", paid);
    assert_eq!(case.state("2027-03-31T00:00:00"), State::Active);
    assert_eq!(case.facts.terms[1].span.start, day("2027-03-30"));
}

#[test]
fn a_card_reactivates_a_cancelled_account_and_ends_the_cancellation() {
    // KS-28.
    let mut case = Case::of(BY_CARD);
    case.switch(Switch::Cancel, true, "2026-06-01T00:00:00");
    case.live("2026-10-01", "2026-11-01", paid);
    assert_eq!(case.state("2026-11-01T00:00:00"), State::Deactivated);
    case.facts.method = Some(card("tok-2", "2026-11-02"));
    case.live("2026-11-02", "2026-11-03", paid);
    assert_eq!(case.state("2026-11-03T04:00:00"), State::Active);
}

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
