//! Corrections through the gate: open invoices lowered, forgiven and called off, orders that became stale.

use super::Failure;
use super::correct::{CancelOrder, Credit, Void};
use super::house::{House, code, wish};
use crate::billing::calendar::Period;
use crate::billing::correct::Much;
use crate::billing::quote::Wish;
use crate::billing::refusal::Code;
use crate::wire::Document;

pub(super) fn credit(house: &mut House, invoice: &str, much: Much) -> Result<i64, Failure> {
    let request = Credit {
        invoice: invoice.to_owned(),
        much,
    };
    house
        .perform(&request)
        .map(|outcome| match outcome.document {
            Document::Invoice(note) => note.total.minor,
            other => panic!("{other:?}"),
        })
}

#[test]
fn an_open_invoice_is_lowered_and_then_paid_for_the_rest() {
    // meteroid-15
    let mut house = House::with("[invoice]\nissue = \"order\"\n");
    let order = house.order("acme", wish("basic", 1, 1)).unwrap();
    credit(
        &mut house,
        "INV-2024-000001",
        Much::Percent("50".parse().unwrap()),
    )
    .unwrap();
    assert_eq!(house.facts("acme").balance.minor, 0);
    house.pay(&order).unwrap();
    assert_eq!(house.facts("acme").payments[0].amount.minor, 1500);
    // The rest of it was paid, so it goes to the balance.
    credit(&mut house, "INV-2024-000001", Much::All).unwrap();
    assert_eq!(house.facts("acme").balance.minor, 1500);
    let more = credit(&mut house, "INV-2024-000001", Much::All).unwrap_err();
    assert_eq!(code(more), Code::MoreThanInvoiced);
}

#[test]
fn forgiving_a_whole_open_invoice_does_not_pay_its_order() {
    let mut house = House::with("[invoice]\nissue = \"order\"\n");
    let order = house.order("acme", wish("basic", 1, 1)).unwrap();
    credit(&mut house, "INV-2024-000001", Much::All).unwrap();
    assert_eq!(code(house.pay(&order).unwrap_err()), Code::OrderNotOpen);
    assert!(house.facts("acme").terms.is_empty());
}

#[test]
fn an_order_called_off_takes_its_invoice_with_it_and_the_number_stays() {
    let mut house = House::with("[invoice]\nissue = \"order\"\n");
    let order = house.order("acme", wish("basic", 1, 1)).unwrap();
    let off = CancelOrder {
        order: order.clone(),
    };
    house.perform(&off).unwrap();
    assert_eq!(code(house.perform(&off).unwrap_err()), Code::OrderNotOpen);
    let next = house.order("acme", wish("basic", 1, 1)).unwrap();
    let void = Void {
        invoice: "INV-2024-000002".to_owned(),
    };
    house.perform(&void).unwrap();
    assert_eq!(
        code(house.perform(&void).unwrap_err()),
        Code::InvoiceNotOpen
    );
    house.pay(&next).unwrap();
    let void = Void {
        invoice: "INV-2024-000003".to_owned(),
    };
    assert_eq!(
        code(house.perform(&void).unwrap_err()),
        Code::InvoiceNotOpen
    );
    let paid = CancelOrder { order: next };
    assert_eq!(code(house.perform(&paid).unwrap_err()), Code::OrderNotOpen);
}

#[test]
fn a_pending_order_is_stale_once_what_it_credits_was_given_back() {
    let mut house = House::with("");
    house.buy("basic", 1, 1);
    house.later(10);
    let upgrade = Wish {
        plan: Some("pro".to_owned()),
        ..Wish::default()
    };
    let order = house.order("acme", upgrade).unwrap();
    credit(&mut house, "INV-2024-000001", Much::All).unwrap();
    assert_eq!(code(house.pay(&order).unwrap_err()), Code::OrderStale);
}

/// The extension moves the end: what is ordered would begin behind it, at the same price.
#[test]
fn a_stale_order_of_the_same_price_does_not_name_two_prices() {
    let mut house = House::with("[order]\nseveral_pending = true\n");
    house.buy("basic", 1, 1);
    let extension = || Wish {
        extend: Some(Period::Months(1)),
        ..Wish::default()
    };
    let stale = house.order("acme", extension()).unwrap();
    let paid = house.order("acme", extension()).unwrap();
    house.pay(&paid).unwrap();
    let refused = house.pay(&stale).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "acme has changed since O-000002 was priced: for 30.00 USD it would bring something else now."
    );
}
