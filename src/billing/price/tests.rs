//! Which row of a price book wins, and what is said when none does.

use super::*;
use rust_decimal::dec;

const BOOK: &str = r#"
        id = "acme"
        effective_from = "2026-01-01"
        seller = { name = "Acme" }
        region = [
            { id = "north", countries = ["NO"], currencies = ["USD", "EUR"] },
            { id = "world", countries = ["*"], currencies = ["USD"] },
        ]
        cohort = [{ id = "new", customers_from = "2026-06-01" }, { id = "old", customers_until = "2026-06-01" }]
        seat_type = [{ id = "full", name = "Full" }, { id = "guest", name = "Guest", sale = "free" }]
        method = []
        plan = [
            { id = "gift", name = "Gift", rank = 0, sale = "free" },
            { id = "solo", name = "Solo", rank = 1, periods = ["1m", "12m"] },
        ]
        add_on = [{ id = "pack", name = "Pack", gives = { kind = "service" } }]

        [[price]]
        plan = "solo"
        currency = "USD"
        amounts = { 1m = 10 }
        percent_off = { 12m = 20 }

        [[price]]
        plan = "solo"
        currency = "USD"
        from = "2026-03-01"
        amounts = { 1m = 11 }

        [[price]]
        plan = "solo"
        region = "north"
        currency = "USD"
        amounts = { 1m = 12 }

        [[price]]
        plan = "solo"
        currency = "USD"
        cohort = "new"
        from = "2026-06-01"
        until = "2026-09-01"
        amounts = { 1m = 13 }

        [[price]]
        add_on = "pack"
        currency = "USD"
        per = "period"
        amounts = { 1w = "2.5", 1m = 9 }
        percent_off = { 2w = 10, 12m = 50 }
    "#;

const SOLO: Item<'static> = Item::Plan {
    plan: "solo",
    seat_type: None,
};
const MONTH: Period = Period::Months(1);

fn book() -> Catalog {
    toml::from_str(BOOK).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn ask(item: Item<'_>, region: &str, period: Period, cohorts: &[&str], on: &str) -> String {
    match unit_price(
        &book(),
        item,
        region,
        Currency::USD,
        period,
        cohorts,
        day(on),
    ) {
        Ok(price) => format!("{} = {}", price.list, price.per_period),
        Err(refused) => refused.to_string(),
    }
}

#[test]
fn cohort_wins_over_region_and_region_over_the_later_day() {
    let cases = [
        (
            "world",
            &[][..],
            "2026-02-01",
            "solo · world · USD · 1m = 10",
        ),
        (
            "world",
            &[],
            "2026-03-01",
            "solo · world · USD · 1m · from 2026-03-01 = 11",
        ),
        ("north", &[], "2026-03-01", "solo · north · USD · 1m = 12"),
        (
            "north",
            &["new"],
            "2026-06-01",
            "solo · north · USD · 1m · new · from 2026-06-01 = 13",
        ),
        (
            "north",
            &["new"],
            "2026-09-01",
            "solo · north · USD · 1m = 12",
        ),
    ];
    for (region, cohorts, on, expected) in cases {
        assert_eq!(ask(SOLO, region, MONTH, cohorts, on), expected);
    }
}

#[test]
fn percent_off_counts_from_the_shortest_period_that_has_an_amount() {
    let year = unit_price(
        &book(),
        SOLO,
        "world",
        Currency::USD,
        Period::Months(12),
        &[],
        day("2026-04-01"),
    );
    let year = year.unwrap();
    assert_eq!((year.amount, year.per_period), (dec!(8), dec!(96)));
    let pack = Item::AddOn("pack");
    assert_eq!(
        ask(pack, "world", Period::Days(14), &[], "2026-04-01"),
        "pack · world · USD · 2w = 4.5"
    );
}

#[test]
fn what_is_free_by_its_nature_needs_no_row() {
    let gift = Item::Plan {
        plan: "gift",
        seat_type: None,
    };
    assert_eq!(
        ask(gift, "world", MONTH, &[], "2026-04-01"),
        "gift · free · USD = 0"
    );
    let guest = Item::Plan {
        plan: "solo",
        seat_type: Some("guest"),
    };
    assert_eq!(
        ask(guest, "world", MONTH, &[], "2026-04-01"),
        "solo · free · USD = 0"
    );
}

#[test]
fn a_missing_price_says_what_there_is_instead() {
    let quarter = Period::Months(3);
    assert_eq!(
        ask(SOLO, "world", quarter, &[], "2026-04-01"),
        "The plan solo has no price for 3 months; it is priced for 1m or 12m."
    );
    let nobody = Item::Plan {
        plan: "none",
        seat_type: None,
    };
    assert_eq!(
        ask(nobody, "world", MONTH, &[], "2026-04-01"),
        "The plan none has no list price."
    );
    let euro = "EUR".parse().unwrap();
    let refused = unit_price(&book(), SOLO, "north", euro, MONTH, &[], day("2026-04-01"));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "The plan solo has no price in EUR; it is priced in USD."
    );
    let mut book = book();
    book.prices
        .retain(|row| row.from.is_some() && row.cohort.is_none());
    let early = unit_price(
        &book,
        SOLO,
        "world",
        Currency::USD,
        MONTH,
        &[],
        day("2026-02-01"),
    );
    assert_eq!(
        early.unwrap_err().to_string(),
        "The plan solo has no price on 2026-02-01; it has one from 2026-03-01."
    );
}

#[test]
fn the_first_paid_day_tells_the_cohort_and_before_it_the_day_asked_for() {
    let book = book();
    assert_eq!(
        cohorts(&book, Some(day("2026-05-31")), day("2026-07-01")),
        ["old"]
    );
    assert_eq!(
        cohorts(&book, Some(day("2026-06-01")), day("2026-07-01")),
        ["new"]
    );
    assert_eq!(cohorts(&book, None, day("2026-07-01")), ["new"]);
}
