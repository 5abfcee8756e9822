//! Orders through the gate, on a store in memory.

use super::house::House;
use super::order::Create;
use super::payment::Pay;
use super::terms::{Effect, Given, Outcome};
use super::{Desk, Failure, Starter, Terms};
use crate::billing::account::{Account, Member};
use crate::billing::calendar::{Moment, midnight};
use crate::billing::change::Change;
use crate::billing::money::Currency;
use crate::billing::policy::Role;
use crate::billing::quote::Wish;
use crate::gateway::Gateways;
use crate::wire::Document;
use crate::wire::order::Order;
use crate::wire::seller::preset;
use chrono::{TimeZone, Utc};
use std::collections::BTreeMap;

fn moment(day: &str) -> Moment {
    midnight(day.parse().unwrap())
}

fn terms(day: &str) -> Terms {
    Terms {
        at: moment(day),
        given: Given::ByHand,
        now: moment("2030-01-01"),
        recorded_at: Utc.with_ymd_and_hms(2030, 1, 1, 0, 0, 0).unwrap(),
        by: "ana".to_owned(),
        on_behalf: None,
        reason: None,
        key: None,
        effect: Effect::Kept,
    }
}

/// A desk of a built-in seller with one account, `acme`.
fn desk(seller: &str, country: &str) -> Desk {
    let mut desk = Desk::in_memory().unwrap();
    let now = moment("2025-12-01");
    let recorded_at = Utc.with_ymd_and_hms(2025, 12, 1, 0, 0, 0).unwrap();
    let starter = Starter {
        by: "ana".to_owned(),
        recorded_at,
        now,
    };
    desk.start(preset(seller).unwrap(), &starter).unwrap();
    let account = Account {
        id: 1,
        name: "acme".to_owned(),
        title: "Acme Ltd".to_owned(),
        country: country.to_owned(),
        region: "world".to_owned(),
        currency: Currency::USD,
        created_on: "2025-12-01".parse().unwrap(),
        closed_on: None,
        billing: crate::billing::account::BillingDetails {
            address: vec!["1 Main St".to_owned()],
            ..Default::default()
        },
    };
    let member = Member {
        id: 1,
        email: "owner@acme.test".to_owned(),
        role: Role::Owner,
        granted: true,
        seat: None,
        disabled_on: None,
    };
    let on = account.created_on;
    let changes = [
        Change::AddAccount(Box::new(account)),
        Change::AddMember {
            account: 1,
            member,
            on,
        },
    ];
    super::house::plant(&mut desk, &changes);
    desk
}

fn order_of(outcome: Outcome) -> Order {
    match outcome.document {
        Document::Order(order) => *order,
        other => panic!("not an order: {other:?}"),
    }
}

fn create(desk: &mut Desk, terms: &Terms, wish: Wish) -> Result<Outcome, Failure> {
    desk.perform(
        terms,
        &Create {
            account: "acme".to_owned(),
            wish,
        },
    )
}

fn pay(desk: &mut Desk, terms: &Terms, order: &str) -> Result<Outcome, Failure> {
    let gateways = Gateways::from_setting(None).unwrap();
    let pay = Pay {
        order: order.to_owned(),
        reference: Some("visa-token".to_owned()),
        ..Pay::default()
    };
    desk.pay(terms, &pay, &gateways)
}

fn buy(desk: &mut Desk, day: &str, wish: Wish) -> Order {
    let placed = order_of(create(desk, &terms(day), wish).unwrap());
    order_of(pay(desk, &terms(day), &placed.number).unwrap())
}

fn plan(plan: &str, period: &str, seats: u32) -> Wish {
    Wish {
        plan: Some(plan.to_owned()),
        period: Some(period.parse().unwrap()),
        seats: Some(BTreeMap::from([(String::new(), seats)])),
        method: Some("card".to_owned()),
        ..Wish::default()
    }
}

fn more(count: i64) -> Wish {
    Wish {
        more_seats: BTreeMap::from([(String::new(), count)]),
        ..Wish::default()
    }
}

fn code(result: Result<Outcome, Failure>) -> &'static str {
    match result {
        Err(Failure::Refused(refusal)) => refusal.code.name(),
        Err(Failure::NotFound { .. }) => "not_found",
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn seats_added_in_the_middle_of_a_term_cost_their_share_of_its_days() {
    // K26-30, K26-35, K26-36 and the vector of 6c: 300.00 × 91/181 = 150.83.
    let mut desk = desk("kommo", "US");
    let first = buy(&mut desk, "2026-01-01", plan("advanced", "6m", 2));
    assert_eq!(first.total.amount, "300.00");
    let placed = order_of(create(&mut desk, &terms("2026-04-01"), more(2)).unwrap());
    assert_eq!(placed.total.amount, "150.83");
    let working = placed.lines[0].working.clone().unwrap();
    assert_eq!((working.numerator, working.denominator), (91, 181));
    let paid = order_of(pay(&mut desk, &terms("2026-04-01"), &placed.number).unwrap());
    let after = paid.afterwards.unwrap();
    assert_eq!(after.seats.values().sum::<u32>(), 4);
    assert_eq!(after.paid_until, Some("2026-07-01".parse().unwrap()));
    assert!(paid.invoice.is_some());
}

#[test]
fn an_upgrade_credits_what_was_billed_and_charges_the_rest() {
    let mut desk = desk("kommo", "US");
    buy(&mut desk, "2026-01-01", plan("advanced", "6m", 3));
    let wish = Wish {
        plan: Some("pro".to_owned()),
        ..Wish::default()
    };
    let order = order_of(create(&mut desk, &terms("2026-03-02"), wish).unwrap());
    // 121 of 181 days are left: 810.00 and 450.00 × 121/181.
    let amounts: Vec<&str> = order
        .lines
        .iter()
        .map(|line| line.net.amount.as_str())
        .collect();
    assert_eq!(amounts, ["541.49", "-300.83"]);
    assert_eq!(order.total.amount, "240.66");
}

#[test]
fn the_same_key_is_once_and_another_request_under_it_is_refused() {
    let mut desk = desk("kommo", "US");
    let keyed = Terms {
        key: Some("T-1".to_owned()),
        ..terms("2026-01-01")
    };
    let first = create(&mut desk, &keyed, plan("base", "6m", 1)).unwrap();
    let again = create(&mut desk, &keyed, plan("base", "6m", 1)).unwrap();
    assert_eq!(again.mark, super::Mark::Replayed);
    assert_eq!(first.document, again.document);
    assert_eq!(
        code(create(&mut desk, &keyed, plan("base", "6m", 2))),
        "key_reused"
    );
}

#[test]
fn refusals_come_in_their_order() {
    let mut desk = desk("kommo", "US");
    let on = terms("2026-06-10");
    assert_eq!(code(create(&mut desk, &on, more(2))), "no_subscription");
    assert_eq!(
        code(create(&mut desk, &on, plan("nothing", "6m", 1))),
        "not_found"
    );
    assert_eq!(
        code(create(&mut desk, &on, plan("base", "3m", 1))),
        "period_not_sold"
    );
    assert_eq!(
        code(create(&mut desk, &on, plan("enterprise", "6m", 1))),
        "sales_only"
    );
    let pix = Wish {
        method: Some("pix".to_owned()),
        ..plan("base", "6m", 1)
    };
    assert_eq!(code(create(&mut desk, &on, pix)), "method_not_for_country");
    let parts = Wish {
        instalments: Some(3),
        ..plan("base", "6m", 1)
    };
    assert_eq!(
        code(create(&mut desk, &on, parts)),
        "instalments_not_allowed"
    );
    create(&mut desk, &on, plan("base", "6m", 1)).unwrap();
    assert_eq!(
        code(create(&mut desk, &on, plan("base", "6m", 1))),
        "order_pending"
    );
}

#[test]
fn a_contract_of_a_year_is_charged_whole_at_its_start() {
    // KS-22 and 6b: the smallest contract, 8 seats at 139.00 a month.
    let mut desk = desk("kustomer", "US");
    let wish = Wish {
        method: Some("card".to_owned()),
        ..plan("ultimate", "12m", 8)
    };
    let first = buy(&mut desk, "2026-01-01", wish);
    assert_eq!(first.total.amount, "13344.00");
}

#[test]
fn a_dry_run_leaves_nothing_and_says_the_same() {
    let mut desk = desk("kommo", "US");
    let tried = Terms {
        effect: Effect::DryRun,
        ..terms("2026-01-01")
    };
    let would = create(&mut desk, &tried, plan("base", "6m", 1)).unwrap();
    let did = create(&mut desk, &terms("2026-01-01"), plan("base", "6m", 1)).unwrap();
    assert_eq!(would.document, did.document);
}

fn total(desk: &mut Desk, day: &str, wish: Wish) -> String {
    let placed = create(desk, &terms(day), wish);
    order_of(placed.unwrap_or_else(|failure| panic!("{failure}")))
        .total
        .amount
}

#[test]
fn seats_added_to_a_month_cost_the_rest_of_it_and_then_the_whole() {
    // KS-7, KS-8 and 6c: 2 × 89.00 × 20/30.
    let mut desk = desk("kustomer", "US");
    let first = buy(&mut desk, "2026-04-01", plan("enterprise", "1m", 8));
    assert_eq!(first.total.amount, "712.00");
    assert_eq!(total(&mut desk, "2026-04-11", more(2)), "118.67");
}

#[test]
fn a_lower_plan_leaves_a_credit_for_later_periods() {
    // KS-16: 8 × 50.00 a month for the days that are left of the year.
    let mut desk = desk("kustomer", "US");
    buy(&mut desk, "2026-01-01", plan("ultimate", "12m", 8));
    let lower = Wish {
        plan: Some("enterprise".to_owned()),
        ..Wish::default()
    };
    let placed = order_of(create(&mut desk, &terms("2026-07-02"), lower).unwrap());
    assert_eq!(placed.total.amount, "-2406.58", "4,800.00 × 183/365");
}

#[test]
fn members_of_the_core_plan_are_billed_thirty_at_least() {
    // EU-3, FU-1, FU-5.
    let mut desk = desk("kumospace", "US");
    let on = "2026-09-02";
    let tried = Terms {
        effect: Effect::DryRun,
        ..terms(on)
    };
    for (name, period, members, expected) in [
        ("professional", "1m", 1, "150.00"),
        ("professional", "12m", 31, "1488.00"),
        ("business", "1m", 2, "32.00"),
        ("business", "12m", 1, "153.60"),
    ] {
        let placed = create(&mut desk, &tried, plan(name, period, members)).unwrap();
        assert_eq!(order_of(placed).total.amount, expected, "{name} {period}");
    }
    assert_eq!(
        code(create(&mut desk, &tried, plan("enterprise", "1m", 1))),
        "sales_only",
        "KU-4"
    );
}

#[test]
fn plan_and_credits_share_one_order_where_the_seller_says_so() {
    // KA-3, FA-1: 2 × 49.00 × 12 and 100 × 0.40 × 12.
    let mut desk = desk("kaspr", "US");
    let both = Wish {
        add_ons: vec![("phone-credits".to_owned(), 100)],
        ..plan("starter", "12m", 2)
    };
    assert_eq!(total(&mut desk, "2026-09-02", both), "1656.00");
}

#[test]
fn seats_inside_the_billed_minimum_cost_nothing_and_are_there_at_once() {
    let mut desk = desk("kumospace", "US");
    buy(&mut desk, "2026-01-10", plan("professional", "12m", 1));
    let added = order_of(create(&mut desk, &terms("2026-01-11"), more(4)).unwrap());
    assert_eq!(
        (added.total.amount.as_str(), added.state.name()),
        ("0.00", "paid")
    );
    assert_eq!(added.afterwards.unwrap().seats.values().sum::<u32>(), 5);
}

#[test]
fn what_is_too_small_to_charge_is_forgiven_with_the_tax_that_is_in_its_price() {
    let mut house = House::with(
        "[order]\nminimum_charge = \"8.00\"\nbelow_minimum = \"waive\"\n[tax]\nincluded = true\n\
         rates = [{ name = \"VAT\", countries = [\"*\"], percent = \"20\" }]\n",
    );
    house.buy("basic", 1, 1);
    let desk = Wish {
        add_ons: vec![("desk".to_owned(), 1)],
        ..Wish::default()
    };
    house.order("acme", desk).unwrap();
    assert_eq!(house.facts("acme").pending_orders().next(), None);
    assert_eq!(house.facts("acme").holdings.len(), 1);
}
