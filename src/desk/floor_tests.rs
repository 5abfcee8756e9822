//! Seats above and below the fewest that are billed, through the desk.

use super::account_terms::Agree;
use super::house::{House, seats, wish};
use crate::billing::account::Agreed;

/// An account that is billed for no fewer than so many seats.
fn with_floor(seats: u32) -> House {
    let mut house = House::with(
        "[seats.remove]\ntiming = \"now\"\ngive_back = \"credit\"\n[invoice]\nissue = \"order\"\n",
    );
    let agree = Agree {
        account: "acme".to_owned(),
        what: Agreed::MinimumSeats { seats },
        from: None,
        until: None,
    };
    house.perform(&agree).unwrap();
    house
}

/// Asks for a number of seats, and pays; what was said to it.
fn set(house: &mut House, count: u32) -> Vec<String> {
    let create = super::order::Create {
        account: "acme".to_owned(),
        wish: seats(count),
    };
    let notes = house.perform(&create).unwrap().notes;
    let pending = house.facts("acme").pending_orders().next().cloned();
    if let Some(order) = pending {
        house.pay(&order.number()).unwrap();
    }
    notes
}

#[test]
fn seats_that_go_below_the_floor_give_back_what_was_billed_above_it() {
    let mut house = with_floor(3);
    house.buy("basic", 1, 5);
    house.later(10);
    set(&mut house, 1);
    // Two of the five were above the floor: 2 × 30.00 for 21 of 31 days.
    assert_eq!(house.facts("acme").balance.minor, 4_065);
    // Back to two below it moves nothing, and that is said with the key.
    let said = set(&mut house, 2);
    assert_eq!(house.facts("acme").balance.minor, 4_065);
    assert_eq!(
        said,
        [
            "1 more seat costs nothing: Basic is billed for no fewer than 3 (plan.basic.seats: at least 3, agreed \
              with the account)."
        ]
    );
    // And back to five costs what was given back.
    set(&mut house, 5);
    assert_eq!(house.facts("acme").balance.minor, 0);
}

#[test]
fn who_buys_below_the_floor_pays_it_once() {
    let mut house = with_floor(3);
    let order = house.order("acme", wish("basic", 1, 1)).unwrap();
    let total = house.facts("acme").orders[0].total.minor;
    assert_eq!(total, 9_000);
    house.pay(&order).unwrap();
    house.later(10);
    set(&mut house, 3);
    assert_eq!(house.facts("acme").balance.minor, 0);
    let said = set(&mut house, 4);
    assert_eq!(said, [""; 0]);
}
