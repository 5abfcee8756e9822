//! A seller with bill days, through the desk: trials, late payments, coming back, and ends that stay.

use super::account_terms::{Method, Saving};
use super::house::{House, code, wish};
use super::trial::{Change as Trial, Does};
use crate::billing::calendar::{Day, Period, Span, on_day};
use crate::billing::policy::Stub;
use crate::billing::quote::Wish;
use crate::billing::refusal::Code;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span::new(day(from), day(to))
}

/// The paid terms with whether they are stubs.
fn terms(house: &mut House) -> Vec<(Span, Option<Stub>)> {
    let terms = house.facts("acme").terms;
    terms.iter().map(|term| (term.span, term.stub)).collect()
}

fn seats(house: &mut House, count: u32) {
    let order = house.order("acme", super::house::seats(count)).unwrap();
    let open = house.facts("acme").pending_orders().next().is_some();
    if open {
        house.pay(&order).unwrap();
    }
}

#[test]
fn a_purchase_on_trial_ends_it_and_sells_the_stub_to_the_bill_day() {
    let mut house = House::with(
        "[trial]\ndays = 14\nplan = \"pro\"\n[term]\nanchor = \"fixed_day\"\nday = 20\n",
    );
    let account = "acme".to_owned();
    let does = Does::Start;
    house.perform(&Trial { account, does }).unwrap();
    house.later(4);
    house.buy("pro", 1, 2);
    let stub = (span("2024-03-05", "2024-03-20"), Some(Stub::Prorated));
    assert_eq!(terms(&mut house), [stub]);
    let trial = house.facts("acme").trials.remove(0);
    assert_eq!(trial.ended_on, Some(day("2024-03-05")));
}

#[test]
fn what_is_paid_late_ends_on_the_bill_day_it_was_ordered_for_and_not_after_it() {
    let mut house = House::with("[term]\nanchor = \"calendar\"\n");
    house.later(9);
    let order = house.order("acme", wish("basic", 1, 1)).unwrap();
    house.later(22);
    let refused = house.pay(&order).unwrap_err();
    assert_eq!(code(refused), Code::OrderNotOpen);
    house.later(-2);
    house.pay(&order).unwrap();
    let stub = (span("2024-03-30", "2024-04-01"), Some(Stub::Prorated));
    assert_eq!(terms(&mut house), [stub]);
}

#[test]
fn the_31st_stays_the_bill_day_through_leap_years_and_after_a_break() {
    let mut house = House::with("[term]\nanchor = \"fixed_day\"\nday = 31\n");
    house.buy("basic", 1, 1);
    for _ in 0..26 {
        let wished = Wish {
            extend: Some(Period::Months(1)),
            ..Wish::default()
        };
        let order = house.order("acme", wished).unwrap();
        house.pay(&order).unwrap();
    }
    let ends: Vec<Day> = terms(&mut house).iter().map(|(term, _)| term.end).collect();
    assert_eq!(ends.len(), 27);
    assert!(ends.iter().all(|end| on_day(*end, 31) == *end), "{ends:?}");
    assert!(ends.contains(&day("2025-02-28")) && ends.contains(&day("2026-04-30")));
    house.later(1_000);
    house.buy("basic", 1, 1);
    let (back, stub) = terms(&mut house).pop().unwrap();
    assert_eq!(
        (back, stub),
        (span("2026-11-26", "2026-11-30"), Some(Stub::Prorated))
    );
}

#[test]
fn a_subscription_from_before_the_bill_days_comes_to_them_with_its_next_term() {
    let rules = crate::billing::policy::TermRules::default();
    let month = Period::Months(1);
    let kept = crate::billing::anchor::pieces(&rules, day("2024-03-15"), month, Some(15));
    assert_eq!(kept[0].span, span("2024-03-15", "2024-04-15"));
    let rules = toml::from_str("anchor = \"fixed_day\"\nday = 1").unwrap();
    let moved = crate::billing::anchor::pieces(&rules, day("2024-03-15"), month, Some(15));
    assert_eq!(moved[0].span, span("2024-03-15", "2024-04-01"));
    assert_eq!(moved[0].stub, Some(Stub::Prorated));
}

#[test]
fn what_was_bought_for_a_stub_and_its_period_ends_together() {
    let mut house = House::with(
        "[term]\nanchor = \"calendar\"\nfirst = \"stub_and_period\"\n\
         [cancel]\ntiming = \"now\"\ngive_back = \"credit\"\n",
    );
    house.later(9);
    house.buy("pro", 1, 2);
    house.later(5);
    let request = super::cancel::Cancel {
        account: "acme".to_owned(),
        when: None,
    };
    let asked = house.terms();
    house
        .desk
        .cancel(&asked, &request, &house.gateways)
        .unwrap();
    house.sound();
    // The whole period, and 17 of the 22 days of the stub: 120.00 + 85.16 × 17/22.
    assert_eq!(house.facts("acme").balance.minor, 12_000 + 6_581);
    let until = terms(&mut house).iter().map(|(term, _)| term.end).max();
    assert_eq!(until, Some(day("2024-03-15")), "no term is left for later");
}

#[test]
fn a_seat_that_was_given_back_to_the_cent_is_not_given_back_again() {
    let mut house = House::with(
        "[proration]\ncredit_basis = \"billed_price\"\n\
         [seats.remove]\ntiming = \"now\"\ngive_back = \"credit\"\n",
    );
    house.buy("basic", 1, 3);
    house.later(4);
    seats(&mut house, 5);
    house.later(8);
    seats(&mut house, 2);
    let before = house.facts("acme").balance.minor;
    seats(&mut house, 1);
    let given = house.facts("acme").balance.minor - before;
    assert_eq!(given, 1_839, "one seat for 19 of 31 days");
}

#[test]
fn free_days_before_the_bill_day_are_given_once() {
    let mut house = House::with(
        "[term]\nanchor = \"calendar\"\nstub = \"free\"\n[cancel]\ntiming = \"at_renewal\"\n",
    );
    house.later(1);
    house.order("acme", wish("basic", 1, 1)).unwrap();
    let free = (span("2024-03-02", "2024-04-01"), Some(Stub::Free));
    assert_eq!(terms(&mut house), [free]);
    // Gone on the bill day, and back a day behind it: 29 of the 30 days of April, of 30.00.
    house.later(31);
    let order = house.order("acme", wish("basic", 1, 1)).unwrap();
    let total = |house: &mut House| house.facts("acme").orders.last().unwrap().total.minor;
    assert_eq!(total(&mut house), 2_900);
    house.pay(&order).unwrap();
    let share = (span("2024-04-02", "2024-05-01"), Some(Stub::Prorated));
    assert_eq!(terms(&mut house), [free, share]);
}

#[test]
fn a_method_brings_an_account_back_to_the_bill_days_and_for_the_share_until_the_next() {
    let mut house = House::with(
        "[term]\nanchor = \"calendar\"\nstub = \"free\"\n[end]\nreactivation = \"method\"\n",
    );
    house.buy("basic", 1, 1);
    house.later(60);
    house.perform(&card("tok-2")).unwrap();
    house.later(3);
    house.run().unwrap();
    // 3 May: 29 of the 31 days of May, and the days without service cost nothing.
    let order = house
        .facts("acme")
        .pending_orders()
        .next()
        .cloned()
        .unwrap();
    assert_eq!(order.total.minor, 2_806);
    let service = order.lines.iter().filter_map(|line| line.service);
    assert_eq!(
        service.collect::<Vec<Span>>(),
        [span("2024-05-03", "2024-06-01")]
    );
    house.pay(&order.number()).unwrap();
    let back = (span("2024-05-03", "2024-06-01"), Some(Stub::Prorated));
    assert_eq!(terms(&mut house)[1..], [back]);
}

fn card(reference: &str) -> Method {
    let saving = Saving {
        method: "card".to_owned(),
        reference: reference.to_owned(),
        brand: None,
        funding: None,
    };
    Method {
        account: "acme".to_owned(),
        method: Some(saving),
    }
}
