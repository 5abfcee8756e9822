//! The published prices and allowances of the built-in sellers, each by the id of the fact.

use super::super::seller;
use super::preset;
use crate::billing::calendar::{Day, Period};
use crate::billing::catalog::Catalog;
use crate::billing::price::{self, Item};
use rust_decimal::{Decimal, dec};

fn catalog(name: &str) -> Catalog {
    let preset = preset(name).unwrap();
    seller::catalog(preset.catalog, &preset.catalog_origin()).unwrap()
}

/// The price of one seat for a whole period, for a customer of a country whose first paid day it is.
fn seat(
    catalog: &Catalog,
    plan: &str,
    country: &str,
    currency: &str,
    period: &str,
    on: &str,
) -> Decimal {
    let on: Day = on.parse().unwrap();
    let period: Period = period.parse().unwrap();
    let region = &catalog.region_of(country).unwrap().id;
    let cohorts = price::cohorts(catalog, None, on);
    let item = Item::Plan {
        plan,
        seat_type: None,
    };
    let found = price::unit_price(
        catalog,
        item,
        region,
        currency.parse().unwrap(),
        period,
        &cohorts,
        on,
    );
    found
        .unwrap_or_else(|missing| panic!("{missing}"))
        .per_period
}

#[test]
fn fk_10_brazil_pays_the_published_prices_of_every_period() {
    let kommo = catalog("kommo");
    let expected = [
        ("base", [462, 621, 780, 1392]),
        ("advanced", [774, 1035, 1296, 2328]),
        ("pro", [1392, 1854, 2328, 4176]),
    ];
    for (plan, totals) in expected {
        for (period, total) in ["6m", "9m", "12m", "24m"].into_iter().zip(totals) {
            let found = seat(&kommo, plan, "BR", "BRL", period, "2026-08-26");
            assert_eq!(found, Decimal::from(total), "{plan} {period}");
        }
    }
}

#[test]
fn fk_11_to_fk_14_the_lists_of_september_2026_are_by_region_and_for_new_customers() {
    let kommo = catalog("kommo");
    let month =
        |plan, country, currency, on| seat(&kommo, plan, country, currency, "6m", on) / dec!(6);
    for (country, currency, before, after) in [
        ("US", "USD", [15, 25, 45], [25, 35, 45]),
        ("MX", "USD", [15, 25, 45], [20, 30, 45]),
        ("BR", "BRL", [77, 129, 232], [104, 156, 234]),
    ] {
        for (at, plan) in ["base", "advanced", "pro"].into_iter().enumerate() {
            assert_eq!(
                month(plan, country, currency, "2026-08-31"),
                Decimal::from(before[at])
            );
            assert_eq!(
                month(plan, country, currency, "2026-09-01"),
                Decimal::from(after[at])
            );
        }
    }
    let earlier = price::cohorts(
        &kommo,
        Some("2026-07-01".parse().unwrap()),
        "2026-10-01".parse().unwrap(),
    );
    assert!(
        earlier.is_empty(),
        "existing customers keep the list they have"
    );
    assert_eq!(
        seat(&kommo, "advanced", "US", "USD", "6m", "2026-09-01") * dec!(3),
        dec!(630)
    );
}

#[test]
fn k26_7_longer_periods_cost_less_a_month() {
    let kommo = catalog("kommo");
    for (country, currency) in [("US", "USD"), ("BR", "BRL"), ("MX", "USD")] {
        for on in ["2026-06-01", "2026-09-01"] {
            for plan in ["base", "advanced", "pro"] {
                let month = |period: &str, months| {
                    seat(&kommo, plan, country, currency, period, on) / Decimal::from(months)
                };
                assert!(month("9m", 9) < month("6m", 6));
                assert!(month("12m", 12) < month("9m", 9));
                assert!(month("24m", 24) < month("12m", 12));
            }
        }
    }
}

#[test]
fn section_7_the_plan_once_called_enterprise_is_pro_for_those_who_have_it() {
    let kommo = catalog("kommo");
    let followed = |sold_on: &str| {
        kommo
            .successor("enterprise", sold_on.parse().unwrap())
            .unwrap()
    };
    assert_eq!(followed("2026-05-31").id, "pro");
    assert_eq!(followed("2026-06-01").id, "enterprise");
}
