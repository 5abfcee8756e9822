//! A seller of one's own is two files: the ones that README shows, read and checked like any other.

use rust_decimal::dec;
use subdesk::billing::price::{Item, unit_price};
use subdesk::wire::seller::{Source, catalog, check_both};

const CATALOG: &str = include_str!("../stories/seller/lighthouse.catalog.toml");
const POLICY: &str = include_str!("../stories/seller/lighthouse.policy.toml");

#[test]
fn a_seller_that_no_code_knows_is_read_and_checked() {
    let found = check_both(
        Source {
            text: CATALOG,
            origin: "lighthouse.catalog.toml",
        },
        Source {
            text: POLICY,
            origin: "lighthouse.policy.toml",
        },
    );
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn weeks_and_kinds_of_seat_have_prices_of_their_own() {
    let sold = catalog(CATALOG, "lighthouse").unwrap();
    let price = |seat_type, period: &str| {
        let item = Item::Plan {
            plan: "river",
            seat_type,
        };
        let (euro, on) = ("EUR".parse().unwrap(), "2026-02-01".parse().unwrap());
        let period = period.parse().unwrap();
        let found = unit_price(&sold, item, "home", euro, period, &[], on);
        found.unwrap().per_period
    };
    assert_eq!(price(None, "1w"), dec!(12.30));
    assert_eq!(price(None, "4w"), dec!(12.30) * dec!(4) * dec!(0.9));
    assert_eq!(price(Some("rower"), "1w"), dec!(12.30));
    assert_eq!(price(Some("cox"), "4w"), dec!(22));
    assert_eq!(price(Some("guest"), "1w"), dec!(0));
}
