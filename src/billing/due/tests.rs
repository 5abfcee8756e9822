//! What time brings, day by day, under the calendars of two sellers.

use super::next_due;
use super::sample::{BY_CARD, BY_HAND_AFTERWARDS, Case, card, declined, last_end, paid};
use crate::billing::account::Switch;
use crate::billing::calendar::midnight;
use crate::billing::policy::State;
use crate::billing::sample::day;

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
