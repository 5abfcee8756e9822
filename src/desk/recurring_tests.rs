//! Recurring revenue after transfers and with add-ons, through the desk.

use super::cancel::Cancel;
use super::house::{House, seats, wish};
use super::recurring::{Churn, Recurring};
use super::report::Months;
use super::transfer::Transfer;
use crate::billing::cancel::When;
use crate::billing::quote::Wish;
use crate::wire::Document;

const TRANSFER: &str = "[account]\ntransfer = \"support\"\n";

/// Each month as its movements: opening, new, reactivation, expansion, contraction, churn, closing, customers.
fn moves(house: &mut House) -> Vec<[i64; 8]> {
    let terms = house.terms();
    let months = Months {
        since: Some("2024-03-01".parse().unwrap()),
        until: None,
    };
    match house.desk.ask(&terms, &Recurring(months)).unwrap() {
        Document::Recurring(moves) => moves
            .months
            .iter()
            .map(|month| {
                let parts = [
                    &month.opening,
                    &month.new,
                    &month.reactivation,
                    &month.expansion,
                    &month.contraction,
                    &month.churn,
                    &month.closing,
                ];
                let [a, b, c, d, e, f, g] = parts.map(|part| part.minor);
                [a, b, c, d, e, f, g, i64::try_from(month.customers).unwrap()]
            })
            .collect(),
        other => panic!("{other:?}"),
    }
}

/// Customers and customers lost, month by month.
fn lost(house: &mut House) -> Vec<(u64, u64)> {
    let terms = house.terms();
    match house.desk.ask(&terms, &Churn(Months::default())).unwrap() {
        Document::Churn(churn) => churn
            .months
            .iter()
            .map(|month| (month.customers, month.lost))
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn hand(house: &mut House, from: &str, to: &str) {
    let (from, to) = (from.to_owned(), to.to_owned());
    house.perform(&Transfer { from, to }).unwrap();
}

fn add_ons(count: u32) -> Wish {
    Wish {
        add_ons: vec![("desk".to_owned(), count)],
        ..Wish::default()
    }
}

#[test]
fn who_hands_a_subscription_over_has_not_left_and_who_gets_it_is_not_new() {
    // KA-25
    let mut house = House::with(&format!(
        "{TRANSFER}[cancel]\ntiming = \"now\"\ngive_back = \"none\"\n"
    ));
    house.open("heir");
    house.buy("basic", 6, 2);
    house.later(40);
    hand(&mut house, "acme", "heir");
    house.later(30);
    let stays = [5_100, 0, 0, 0, 0, 0, 5_100, 1];
    let first = [0, 5_100, 0, 0, 0, 0, 5_100, 1];
    assert_eq!(moves(&mut house), [first, stays, stays]);
    assert_eq!(lost(&mut house), [(0, 0), (1, 0), (1, 0)]);
    // What changes besides the transfer is told as ever, also in the same month: a seat more, then the end.
    hand(&mut house, "heir", "acme");
    let order = house.order("acme", seats(3)).unwrap();
    house.pay(&order).unwrap();
    let grown = [5_100, 0, 0, 2_550, 0, 0, 7_650, 1];
    assert_eq!(moves(&mut house), [first, stays, grown]);
    let gone = Cancel {
        account: "acme".to_owned(),
        when: Some(When::Now),
    };
    let terms = house.terms();
    house.desk.cancel(&terms, &gone, &house.gateways).unwrap();
    assert_eq!(
        moves(&mut house),
        [first, stays, [5_100, 0, 0, 0, 0, -5_100, 0, 0]]
    );
    assert_eq!(lost(&mut house), [(0, 0), (1, 0), (1, 1)]);
}

#[test]
fn a_discount_goes_with_the_subscription() {
    // A seat that was given back bills nothing, so what the term was billed at counts; that is an order of the account
    // that had it.
    let mut house = House::with(&format!(
        "{TRANSFER}[tax]\nincluded = true\nrates = [{{ name = \"VAT\", countries = [\"*\"], percent = \"25\" }}]\n\
         [seats.remove]\ntiming = \"now\"\ngive_back = \"none\"\n"
    ));
    house.open("heir");
    house.buy("basic", 6, 2);
    house.later(10);
    house.order("acme", seats(1)).unwrap();
    house.later(30);
    hand(&mut house, "acme", "heir");
    // A fifth of 25.50 is tax.
    assert_eq!(
        moves(&mut house),
        [
            [0, 2_040, 0, 0, 0, 0, 2_040, 1],
            [2_040, 0, 0, 0, 0, 0, 2_040, 1]
        ]
    );
}

#[test]
fn add_ons_that_renew_recur() {
    let mut house = House::with("[credits]\ncharge = \"prorated\"\n");
    // March: two seats of 25.50; April: an add-on of 40.00 a month, bought for the rest of the half-year.
    house.buy("basic", 6, 2);
    house.later(40);
    let order = house.order("acme", add_ons(1)).unwrap();
    house.pay(&order).unwrap();
    house.later(30);
    let order = house.order("acme", add_ons(2)).unwrap();
    house.pay(&order).unwrap();
    let said = moves(&mut house);
    assert_eq!(
        said,
        [
            [0, 5_100, 0, 0, 0, 0, 5_100, 1],
            [5_100, 0, 0, 4_000, 0, 0, 9_100, 1],
            [9_100, 0, 0, 8_000, 0, 0, 17_100, 1],
        ]
    );
    // September begins without any of it.
    house.later(120);
    let all = moves(&mut house);
    assert_eq!(all[..2], said[..2]);
    assert_eq!(all[6], [17_100, 0, 0, 0, 0, -17_100, 0, 0]);
}

#[test]
fn an_add_on_that_begins_anew_with_its_term_counts_once() {
    // KA-10: the old one lasts until its own end, and is not paid again.
    let mut house = House::with("[upgrade]\nterm = \"restart\"\n[order]\nparts_together = true\n");
    let both = Wish {
        add_ons: add_ons(1).add_ons,
        ..wish("basic", 1, 1)
    };
    let order = house.order("acme", both).unwrap();
    house.pay(&order).unwrap();
    house.later(10);
    let up = Wish {
        plan: Some("pro".to_owned()),
        ..Wish::default()
    };
    let order = house.order("acme", up).unwrap();
    house.pay(&order).unwrap();
    assert_eq!(house.facts("acme").holdings.len(), 2);
    assert_eq!(moves(&mut house), [[0, 6_700, 0, 0, 0, 0, 6_700, 1]]);
}
