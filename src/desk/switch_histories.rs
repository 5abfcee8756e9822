//! What happens to an account before two sellers are compared: short histories, one for each kind of switch.

use super::cancel::Cancel;
use super::house::{House, seats, to, wish};
use super::payment::Pay;
use super::trial::{Change as Trial, Does};
use crate::billing::account::Discount;
use crate::billing::calendar::Period;
use crate::billing::money::{Currency, Money};
use crate::billing::quote::Wish;
use crate::wire::Document;

/// Orders and, where there is something to pay, pays.
fn had(house: &mut House, wished: Wish) {
    let order = house.order("acme", wished).unwrap();
    let terms = house.terms();
    let pay = Pay {
        order: order.clone(),
        reference: Some("seen".to_owned()),
        ..Pay::default()
    };
    let open = |house: &mut House| {
        let facts = house.facts("acme");
        facts
            .pending_orders()
            .any(|open| open.number() == order && open.deferred_until().is_none())
    };
    if open(house) {
        house.desk.pay(&terms, &pay, &house.gateways).unwrap();
        house.sound();
    }
}

pub(super) fn bought(house: &mut House) {
    had(house, wish("basic", 1, 3));
}

pub(super) fn bought_later(house: &mut House) {
    house.later(9);
    bought(house);
}

pub(super) fn bought_half_a_year_later(house: &mut House) {
    house.later(9);
    had(house, wish("basic", 6, 3));
}

pub(super) fn bought_on_trial(house: &mut House) {
    let account = "acme".to_owned();
    let does = Does::Start;
    house.perform(&Trial { account, does }).unwrap();
    house.later(4);
    bought(house);
}

pub(super) fn ordered(house: &mut House) {
    house.order("acme", wish("basic", 1, 3)).unwrap();
}

pub(super) fn upgraded(house: &mut House) {
    bought(house);
    house.later(13);
    had(house, to("pro"));
}

pub(super) fn upgraded_at_once(house: &mut House) {
    bought(house);
    had(house, to("pro"));
}

pub(super) fn upgraded_from_a_discount(house: &mut House) {
    let percent = 50.into();
    had(
        house,
        Wish {
            discount: Some(Discount::Percent { percent }),
            ..wish("basic", 1, 3)
        },
    );
    house.later(13);
    had(house, to("pro"));
}

pub(super) fn downgraded(house: &mut House) {
    had(house, wish("pro", 1, 3));
    house.later(13);
    had(house, to("basic"));
}

pub(super) fn more_seats(house: &mut House) {
    bought(house);
    house.later(13);
    house.order("acme", seats(5)).unwrap();
}

pub(super) fn more_seats_and_a_run(house: &mut House) {
    more_seats(house);
    time(house);
}

pub(super) fn fewer_seats(house: &mut House) {
    bought(house);
    house.later(13);
    had(house, seats(1));
}

pub(super) fn fewer_and_more_seats(house: &mut House) {
    fewer_seats(house);
    house.later(5);
    had(house, seats(3));
}

pub(super) fn a_seat_on_the_last_day(house: &mut House) {
    bought(house);
    house.later(30);
    house.order("acme", seats(4)).unwrap();
}

pub(super) fn longer(house: &mut House) {
    bought(house);
    house.later(13);
    had(
        house,
        Wish {
            period: Some(Period::Months(6)),
            ..Wish::default()
        },
    );
}

pub(super) fn two_lines_with_an_amount_off(house: &mut House) {
    bought(house);
    had(
        house,
        Wish {
            extend: Some(Period::Months(1)),
            ..Wish::default()
        },
    );
    house.later(13);
    had(
        house,
        Wish {
            discount: Some(Discount::Amount {
                off: Money::of(1001, Currency::USD),
            }),
            ..to("pro")
        },
    );
}

pub(super) fn bought_with_a_balance(house: &mut House) {
    let order = house.order("acme", wish("basic", 1, 3)).unwrap();
    let terms = house.terms();
    let pay = Pay {
        order,
        reference: Some("seen".to_owned()),
        amount: Some(Money::of(12_000, Currency::USD)),
        ..Pay::default()
    };
    house.desk.pay(&terms, &pay, &house.gateways).unwrap();
    house.sound();
    house.later(13);
    had(house, seats(5));
}

pub(super) fn bought_in_two_years(house: &mut House) {
    bought(house);
    house.later(365);
    bought(house);
}

pub(super) fn unpaid(house: &mut House) {
    bought(house);
    house.later(60);
    time(house);
}

/// What is due is done.
fn time(house: &mut House) {
    house.run().unwrap();
}

pub(super) fn cancelled(house: &mut House) {
    bought(house);
    house.later(13);
    let account = "acme".to_owned();
    let request = Cancel {
        account,
        when: None,
    };
    let terms = house.terms();
    let outcome = house
        .desk
        .cancel(&terms, &request, &house.gateways)
        .unwrap();
    assert!(matches!(outcome.document, Document::Subscription(_)));
    house.sound();
}
