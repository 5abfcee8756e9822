//! What an issued document states holds: nothing that is done later changes it, and what it sells is served over
//! the days that it states, whenever it is paid.

use super::house::{House, code, plant, seats, wish};
use super::invoice::Show;
use super::trial::{Change as Trial, Does};
use crate::billing::calendar::{Day, Span};
use crate::billing::change::Change;
use crate::billing::quote::Wish;
use crate::billing::refusal::Code;
use crate::wire::Document;
use crate::wire::invoice::Invoice;

const AT_ORDER: &str =
    "[invoice]\nissue = \"order\"\n[order]\nparts_together = true\nlapse_days = 60\n";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span::new(day(from), day(to))
}

fn with(policy: &str) -> House {
    House::with(&format!("{AT_ORDER}{policy}"))
}

fn terms(house: &mut House) -> Vec<Span> {
    let terms = house.facts("acme").terms;
    terms.iter().map(|term| term.span).collect()
}

/// The invoice of an order as it is shown.
fn shown(house: &mut House, number: &str) -> Invoice {
    let invoice = number.to_owned();
    let terms = house.terms();
    match house.desk.ask(&terms, &Show { invoice }).unwrap() {
        Document::Invoice(invoice) => *invoice,
        other => panic!("{other:?}"),
    }
}

/// The days that the lines of an invoice state.
fn stated(house: &mut House, number: &str) -> Vec<Span> {
    let lines = shown(house, number).lines;
    lines.iter().filter_map(|line| line.service).collect()
}

/// Places an order, pays it days later, and gives back what the invoice stated before and states after.
fn paid_later(house: &mut House, wished: Wish, days: i64) -> [Vec<Span>; 2] {
    let order = house.order("acme", wished).unwrap();
    let number = number_of(house, &order);
    let before = stated(house, &number);
    house.later(days);
    house.pay(&order).unwrap();
    [before, stated(house, &number)]
}

fn number_of(house: &mut House, order: &str) -> String {
    let facts = house.facts("acme");
    let of = facts.pending_orders().find(|open| open.number() == order);
    let id = of.unwrap().id;
    let open = facts
        .open_invoices
        .iter()
        .find(|open| open.order == Some(id));
    open.unwrap().number.clone()
}

#[test]
fn a_term_runs_over_the_days_of_its_invoice_however_late_it_is_paid() {
    let mut house = with("");
    let [before, after] = paid_later(&mut house, wish("basic", 1, 3), 9);
    assert_eq!(before, [span("2024-03-01", "2024-04-01")]);
    assert_eq!(after, before);
    assert_eq!(terms(&mut house), before);
}

#[test]
fn where_nothing_is_invoiced_before_the_payment_the_term_begins_with_it() {
    let mut house = House::with("");
    let order = house.order("acme", wish("basic", 1, 3)).unwrap();
    house.later(9);
    house.pay(&order).unwrap();
    let paid = [span("2024-03-10", "2024-04-10")];
    assert_eq!(terms(&mut house), paid);
    assert_eq!(stated(&mut house, "INV-2024-000001"), paid);
}

#[test]
fn a_stub_and_the_term_behind_it_keep_the_days_that_were_billed() {
    let bill_day = "[term]\nanchor = \"fixed_day\"\nday = 20\nfirst = \"stub_and_period\"\n";
    let mut house = with(bill_day);
    let [before, after] = paid_later(&mut house, wish("basic", 1, 3), 5);
    assert_eq!(
        before,
        [
            span("2024-03-01", "2024-03-20"),
            span("2024-03-20", "2024-04-20")
        ]
    );
    assert_eq!(after, before);
    assert_eq!(terms(&mut house), before);
}

#[test]
fn added_seats_count_from_the_day_that_their_invoice_states() {
    let mut house = with("");
    house.buy("basic", 1, 3);
    house.later(9);
    let [before, after] = paid_later(&mut house, seats(5), 4);
    assert_eq!(before, [span("2024-03-10", "2024-04-01")]);
    assert_eq!(after, before);
    let facts = house.facts("acme");
    let slice = facts.terms[0].last_slice().unwrap();
    assert_eq!((slice.from, slice.seats["full"]), (day("2024-03-10"), 5));
}

#[test]
fn an_add_on_counts_from_the_day_that_its_invoice_states() {
    let mut house = with("");
    house.buy("basic", 1, 3);
    house.later(9);
    let desk = Wish {
        add_ons: vec![("desk".to_owned(), 2)],
        ..Wish::default()
    };
    let [before, after] = paid_later(&mut house, desk, 4);
    assert_eq!(before, [span("2024-03-10", "2024-04-01")]);
    assert_eq!(after, before);
    let held: Vec<Span> = house
        .facts("acme")
        .holdings
        .iter()
        .map(|held| held.span)
        .collect();
    assert_eq!(held, before);
}

#[test]
fn trial_days_on_top_are_those_of_the_day_on_which_the_invoice_is_issued() {
    let trial = "[trial]\ndays = 14\nplan = \"pro\"\nbonus_days = \"add_to_term\"\n";
    for (bill_days, days) in [
        ("", vec![span("2024-03-05", "2024-04-15")]),
        (
            "[term]\nanchor = \"fixed_day\"\nday = 20\nfirst = \"stub_and_period\"\n",
            vec![
                span("2024-03-05", "2024-03-20"),
                // What is on top comes behind the last term, so no bill day eats it.
                span("2024-03-20", "2024-04-30"),
            ],
        ),
    ] {
        let mut house = with(&format!("{trial}{bill_days}"));
        let account = "acme".to_owned();
        let does = Does::Start;
        house.perform(&Trial { account, does }).unwrap();
        house.later(4);
        let wished = Wish {
            add_ons: vec![("desk".to_owned(), 1)],
            ..wish("pro", 1, 2)
        };
        let [before, after] = paid_later(&mut house, wished, 6);
        assert_eq!(before, [days.clone(), days.clone()].concat());
        assert_eq!(after, before);
        assert_eq!(terms(&mut house), days);
        let facts = house.facts("acme");
        assert_eq!(facts.holdings[0].span.end, days.last().unwrap().end);
        assert_eq!(facts.terms.last().unwrap().bonus_days, 10);
        assert_eq!(facts.trials[0].ended_on, Some(day("2024-03-11")));
    }
}

#[test]
fn a_term_that_replaces_another_begins_with_the_day_of_its_invoice() {
    let mut house = with("[upgrade]\nterm = \"restart\"\n");
    house.buy("basic", 6, 3);
    house.later(25);
    let dearer = Wish {
        plan: Some("pro".to_owned()),
        ..Wish::default()
    };
    let [before, after] = paid_later(&mut house, dearer, 10);
    assert_eq!(after, before);
    let starts = span("2024-03-26", "2024-09-26");
    assert_eq!(
        terms(&mut house),
        [span("2024-03-01", "2024-03-26"), starts]
    );
}

#[test]
fn a_renewal_that_is_paid_after_a_stop_is_for_the_days_of_its_invoice() {
    let unpaid = "[renewal]\non_by_default = false\nwhen_off = \"unpaid_order\"\n\
                  [[timeline]]\nanchor = \"term_end\"\ndays = -3\naction = \"create_order\"\n";
    let mut house = with(unpaid);
    house.buy("basic", 1, 3);
    house.later(29);
    house.run().unwrap();
    let order = house
        .facts("acme")
        .pending_orders()
        .next()
        .unwrap()
        .number();
    let number = number_of(&mut house, &order);
    let before = stated(&mut house, &number);
    house.later(16);
    house.pay(&order).unwrap();
    assert_eq!(before, [span("2024-04-01", "2024-05-01")]);
    assert_eq!(stated(&mut house, &number), before);
    assert_eq!(terms(&mut house)[1], before[0]);
}

#[test]
fn what_is_over_can_no_longer_be_paid() {
    let mut house = with("");
    let order = house.order("acme", wish("basic", 1, 3)).unwrap();
    house.later(31);
    let refused = house.pay(&order).unwrap_err();
    assert!(refused.to_string().contains("INV-2024-000001"), "{refused}");
    assert_eq!(code(refused), Code::OrderNotOpen);
    house.later(-1);
    house.pay(&order).unwrap();
    assert_eq!(terms(&mut house), [span("2024-03-01", "2024-04-01")]);
}

#[test]
fn the_store_refuses_to_move_a_line_that_was_issued() {
    let mut house = with("");
    house.order("acme", wish("basic", 1, 3)).unwrap();
    let service = span("2024-03-05", "2024-04-05");
    let moved = [Change::ServeLine { line: 1, service }];
    let kept = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        plant(&mut house.desk, &moved);
    }));
    assert!(kept.is_err(), "an issued line was moved");
}
