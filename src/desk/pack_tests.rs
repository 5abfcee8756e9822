//! Packs whose units are given at once: what was ordered and paid for is given, however late the payment comes.

use super::credit::{Move, Show, Way};
use super::house::{House, code};
use super::payment::Pay;
use super::served_tests::{Billed, add_ons, as_billed, held, paid_later, revenue, row, span};
use super::{Failure, Gateways};
use crate::billing::calendar::Period;
use crate::billing::quote::Wish;
use crate::billing::refusal::Code;
use crate::wire::Document;

/// 200 calls a month, for a month and for six.
const CALLS: &str = r#"
[[credit]]
id = "calls"
name = "Calls"
reset = "month"

[[add_on]]
id = "calls"
name = "100 calls a month"
gives = { kind = "credits", credit = "calls", amount = 100 }

[[price]]
add_on = "calls"
currency = "USD"
amounts = { 1m = "7.00", 6m = "6.00" }
"#;

fn house(credits: &str) -> House {
    House::selling(CALLS, &format!("[credits]\n{credits}"))
}

fn calls(house: &mut House) -> (i64, i64) {
    let terms = house.terms();
    let asked = Show {
        account: "acme".to_owned(),
        member: None,
    };
    match house.desk.ask(&terms, &asked).unwrap() {
        Document::Credits(all) => (all[0].left.unwrap(), all[0].given.unwrap()),
        other => panic!("{other:?}"),
    }
}

fn spend(house: &mut House, units: i64) {
    let request = Move {
        account: "acme".to_owned(),
        credit: "calls".to_owned(),
        units,
        member: None,
        way: Way::Use,
    };
    house.perform(&request).unwrap();
}

#[test]
fn a_pack_that_is_paid_after_the_next_reset_gives_all_that_was_priced_ka_9() {
    for (charge, minor) in [("full", 6_000), ("prorated", 5_048)] {
        let mut house = house(&format!("charge = {charge:?}\ngrant = \"term_at_once\"\n"));
        house.buy("basic", 6, 1);
        // 25 April to 1 September: five months of six are left, the one begun included.
        house.later(55);
        let expected: Billed = vec![row("calls", "2024-04-25", "2024-09-01", minor)];
        let [ordered, paid] = paid_later(&mut house, add_ons(&["calls"]), 10);
        assert_eq!((&ordered, &paid), (&expected, &expected), "{charge}");
        let days = span("2024-04-25", "2024-09-01");
        assert_eq!(held(&mut house), [("calls".to_owned(), days)]);
        assert_eq!(calls(&mut house), (1_000, 1_000), "{charge}");
        spend(&mut house, 950);
        house.later(100);
        assert_eq!(calls(&mut house), (50, 1_000), "to the end of the term");
    }
}

/// A pack of 25 March for a month that ends on 1 April, and six more months behind it.
fn ordered_for_the_last_week() -> (House, String) {
    let mut house = house("charge = \"full\"\ngrant = \"term_at_once\"\n");
    house.buy("basic", 1, 1);
    house.later(24);
    let longer = Wish {
        extend: Some(Period::Months(6)),
        ..Wish::default()
    };
    let longer = house.order("acme", longer).unwrap();
    house.pay(&longer).unwrap();
    let pack = house.order("acme", add_ons(&["calls"])).unwrap();
    (house, pack)
}

#[test]
fn a_pack_is_not_paid_when_its_term_is_over() {
    let (mut house, pack) = ordered_for_the_last_week();
    house.later(11);
    assert_eq!(code(house.pay(&pack).unwrap_err()), Code::OrderNotOpen);
}

#[test]
fn a_pack_whose_money_is_heard_of_when_its_term_is_over_gives_as_many_months_of_the_next_one() {
    let (mut house, pack) = ordered_for_the_last_week();
    let folder = tempfile::tempdir().unwrap();
    let lost = "{\"answer\":\"unknown\",\"moved\":true}\n";
    std::fs::write(folder.path().join("script.jsonl"), lost).unwrap();
    let setting = format!("scripted:{}", folder.path().display());
    house.gateways = Gateways::from_setting(Some(&setting)).unwrap();
    let asked = Pay {
        order: pack,
        reference: Some("token".to_owned()),
        ..Pay::default()
    };
    let terms = house.terms();
    let lost = house.desk.pay(&terms, &asked, &house.gateways);
    assert!(matches!(lost, Err(Failure::Unsettled { .. })), "{lost:?}");
    house.later(11);
    let terms = house.terms();
    let settled = house.desk.settle_open(&terms, &house.gateways, None);
    assert_eq!(settled.unwrap().len(), 1);
    house.sound();
    as_billed(&mut house);
    // It was for the month until 1 April, and is had for the one from 5 April on: a month, not six.
    let days = span("2024-04-05", "2024-05-01");
    assert_eq!(held(&mut house), [("calls".to_owned(), days)]);
    assert_eq!(calls(&mut house), (200, 200));
}

#[test]
fn a_pack_that_gives_month_by_month_begins_with_the_payment() {
    let mut house = house("charge = \"prorated\"\ngrant = \"each_reset\"\n");
    house.buy("basic", 6, 1);
    house.later(55);
    let [_, paid] = paid_later(&mut house, add_ons(&["calls"]), 10);
    assert_eq!(paid[0].1, span("2024-05-05", "2024-09-01"));
    assert_eq!(calls(&mut house), (200, 200));
}

#[test]
fn what_it_earns_is_earned_from_the_payment_on() {
    let mut house = house("charge = \"full\"\ngrant = \"term_at_once\"\n");
    house.buy("basic", 6, 1);
    house.later(55);
    paid_later(&mut house, add_ons(&["calls"]), 10);
    house.at = "2024-05-31T10:00:00".parse().unwrap();
    let report = revenue(&mut house);
    let of = |month: &str| {
        let row = report.months.iter().find(|row| row.month == month);
        let row = row.unwrap();
        (row.billed.minor, row.earned.minor, row.deferred.minor)
    };
    // The plan: 153.00 over 184 days, 61 of which are over with April and 92 with May. The pack: 60.00 over 129
    // days, 37 of which are over with May, and nothing of it is April's.
    let plan = |days: i64| (15_300 * days * 2 + 184) / (184 * 2);
    let pack = (6_000 * 37 * 2 + 129) / (129 * 2);
    let (billed, _, deferred) = of("2024-04");
    assert_eq!((billed, deferred), (0, 15_300 - plan(61)));
    let (billed, earned, deferred) = of("2024-05");
    assert_eq!(billed, 6_000);
    assert_eq!(earned, plan(92) - plan(61) + pack);
    assert_eq!(deferred, 15_300 - plan(92) + 6_000 - pack);
}
