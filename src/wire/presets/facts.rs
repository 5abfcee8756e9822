//! The published prices and allowances of the built-in sellers, each by the id of the fact.

use super::super::seller;
use super::preset;
use crate::billing::calendar::{Day, Period};
use crate::billing::catalog::{Allowance, Catalog};
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

#[test]
fn fk_11_the_list_of_2024_has_no_cohorts() {
    let kommo = catalog("kommo-2024");
    for (plan, total) in [("base", 90), ("advanced", 150), ("enterprise", 270)] {
        let found = seat(&kommo, plan, "DE", "USD", "6m", "2024-07-01");
        assert_eq!(found, Decimal::from(total), "{plan}");
    }
}

#[test]
fn fa_1_to_fa_3_have_three_currencies_and_no_single_discount() {
    let kaspr = catalog("kaspr");
    for (country, currency, plan, month, year) in [
        ("US", "USD", "starter", 65, 588),
        ("US", "USD", "business", 99, 948),
        ("FR", "EUR", "starter", 59, 540),
        ("FR", "EUR", "business", 99, 948),
        ("GB", "GBP", "starter", 51, 468),
        ("GB", "GBP", "business", 85, 828),
    ] {
        let on = "2026-10-06";
        assert_eq!(
            seat(&kaspr, plan, country, currency, "1m", on),
            Decimal::from(month)
        );
        assert_eq!(
            seat(&kaspr, plan, country, currency, "12m", on),
            Decimal::from(year)
        );
    }
}

#[test]
fn fu_1_and_fu_5_a_year_is_a_fifth_less_and_thirty_are_billed_at_least() {
    let kumospace = catalog("kumospace");
    let price = |plan, period| seat(&kumospace, plan, "US", "USD", period, "2026-09-02");
    assert_eq!(price("business", "1m"), dec!(16));
    assert_eq!(price("business", "12m"), dec!(153.60));
    let professional = kumospace.plan("professional").unwrap();
    let billed = |members| Decimal::from(professional.billed(members));
    assert_eq!(price("professional", "1m") * billed(1), dec!(150));
    assert_eq!(
        price("professional", "12m") * billed(30),
        dec!(120) * dec!(12)
    );
    assert_eq!(price("professional", "1m") * billed(31), dec!(155));
}

#[test]
fn fs_9_the_smallest_year_has_eight_seats() {
    let kustomer = catalog("kustomer");
    for (plan, total) in [("enterprise", 8544), ("ultimate", 13344)] {
        let seats = Decimal::from(kustomer.plan(plan).unwrap().seats.min);
        let year = seat(&kustomer, plan, "US", "USD", "12m", "2026-03-01");
        assert_eq!(year * seats, Decimal::from(total));
    }
    let on_sale: Vec<&str> = kustomer
        .plans
        .iter()
        .filter(|plan| plan.on_sale("2026-03-01".parse().unwrap()))
        .map(|plan| plan.id.as_str())
        .collect();
    assert_eq!(
        on_sale,
        ["enterprise", "ultimate"],
        "FS-6: the legacy plans are not sold"
    );
}

#[test]
fn fk_20_fk_23_fs_6_and_fa_4_allowances_are_the_published_ones() {
    let allowance =
        |seller: &str, plan: &str, limit: &str| match catalog(seller).plan(plan).unwrap().limits
            [limit]
        {
            Allowance::Some(number) => number,
            Allowance::Word(word) => panic!("{word:?}"),
        };
    for (plan, leads, contacts) in [
        ("base", 2500, 12500),
        ("advanced", 5000, 25000),
        ("pro", 10000, 50000),
    ] {
        assert_eq!(allowance("kommo", plan, "leads"), leads);
        assert_eq!(allowance("kommo", plan, "contacts"), contacts);
    }
    for (plan, rate) in [
        ("professional", 300),
        ("business", 500),
        ("enterprise", 1000),
        ("ultimate", 2000),
    ] {
        assert_eq!(allowance("kustomer", plan, "api_rate"), rate);
    }
    assert_eq!(
        allowance("kumospace", "business", "guest_time"),
        4 * 60 * 60 * 1000,
        "FU-6"
    );
    let granted = |seller: &str, plan: &str, credit: &str| {
        catalog(seller).plan(plan).unwrap().credits[credit].amount
    };
    for (plan, credits) in [
        ("base", 750),
        ("advanced", 1250),
        ("pro", 2250),
        ("enterprise", 2250),
    ] {
        assert_eq!(granted("kommo", plan, "ai"), Some(credits));
    }
    assert_eq!(granted("kaspr", "starter", "phone"), Some(100));
    assert_eq!(granted("kaspr", "starter", "b2b_email"), None, "unlimited");
    assert_eq!(granted("kaspr", "business", "direct_email"), Some(200));
}

#[test]
fn fa_4_and_fa_5_credits_of_a_month_and_of_a_year() {
    let kaspr = catalog("kaspr");
    let given = |plan: &str, credit: &str| kaspr.plan(plan).unwrap().credits[credit].amount;
    for (plan, credit, month) in [
        ("free", "phone", 5),
        ("free", "direct_email", 5),
        ("free", "b2b_email", 15),
        ("free", "export", 10),
        ("starter", "direct_email", 5),
        ("business", "phone", 200),
    ] {
        assert_eq!(given(plan, credit), Some(month), "{plan} {credit}");
    }
    let year = |plan, credit| given(plan, credit).unwrap() * 12;
    assert_eq!(year("starter", "phone"), 1200);
    assert_eq!(year("starter", "direct_email"), 60);
    assert_eq!(year("business", "phone"), 2400);
    assert_eq!(year("business", "direct_email"), 2400);
    let sold: Vec<&str> = kaspr.add_ons.iter().map(|pack| pack.id.as_str()).collect();
    let three = ["phone-credits", "direct-email-credits", "export-credits"];
    assert_eq!(sold, three, "KA-13, FA-6");
}

#[test]
fn fu_2_and_fu_7_five_members_for_nothing_and_ten_thousand_at_most() {
    let kumospace = catalog("kumospace");
    let free = kumospace.plan("free").unwrap();
    assert_eq!(free.seats.max, Some(5));
    assert_eq!(free.limits["floors"], Allowance::Some(1));
    for plan in ["professional", "business"] {
        let seats = &kumospace.plan(plan).unwrap().seats;
        assert_eq!((seats.min, seats.max), (1, Some(10_000)), "{plan}");
    }
    let managed: Vec<&str> = kumospace
        .plans
        .iter()
        .filter(|plan| plan.self_managed && plan.rank > 0)
        .map(|plan| plan.id.as_str())
        .collect();
    assert_eq!(managed, ["professional"], "KU-9, KU-10");
}
