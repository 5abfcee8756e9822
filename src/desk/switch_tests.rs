//! Every switch in which billing systems differ (there are twenty kinds) is a key of the policy that does
//! something: one row of the table is one key, two values of it, and a history after which the two sellers'
//! documents are not the same.

use super::account::Show as Account;
use super::cancel::Cancel;
use super::house::{House, wish};
use super::order::Show as Order;
use super::payment::Pay;
use super::renew::Run;
use super::trial::{Change as Trial, Does};
use crate::billing::account::Discount;
use crate::billing::calendar::Period;
use crate::billing::money::{Currency, Money};
use crate::billing::quote::Wish;
use crate::wire::Document;
use serde_json::Value;

type History = fn(&mut House);

/// A switch by its number and name, the two settings, and the history.
const TABLE: &[(&str, &str, &str, History)] = &[
    (
        "1 unit",
        "[proration]\nunit = \"day\"",
        "[proration]\nunit = \"second\"",
        upgraded,
    ),
    (
        "2 day count",
        "[proration]\nday_count = \"actual\"",
        "[proration]\nday_count = \"30\"",
        upgraded,
    ),
    (
        "3 denominator",
        "[proration]\ndenominator = \"term\"",
        "[proration]\ndenominator = \"nominal\"",
        upgraded,
    ),
    (
        "4 change day",
        "[proration]\nchange_day = \"new\"",
        "[proration]\nchange_day = \"old\"",
        upgraded,
    ),
    (
        "5 rounding",
        "[proration]\nrounding = \"half_up\"",
        "[proration]\nrounding = \"up\"",
        upgraded,
    ),
    (
        "5 rounded at",
        "[proration]\nround_at = \"line\"",
        "[proration]\nround_at = \"day_price\"",
        upgraded,
    ),
    (
        "6 credit basis",
        "[proration]\ncredit_basis = \"billed\"",
        "[proration]\ncredit_basis = \"current_price\"",
        upgraded_from_a_discount,
    ),
    (
        "7 seats: money",
        "[seats.add]\ncharge = \"prorated\"",
        "[seats.add]\ncharge = \"full\"",
        more_seats,
    ),
    (
        "7 seats: active",
        "[seats.add]\nactive = \"on_payment\"",
        "[seats.add]\nactive = \"now\"",
        more_seats,
    ),
    (
        "7 seats: batched",
        "[seats.add]\ncollect = \"now\"",
        "[seats.add]\ncollect = \"weekly\"",
        more_seats,
    ),
    (
        "7 seats: with the renewal",
        "[seats.add]\ncollect = \"weekly\"",
        "[seats.add]\ncollect = \"at_renewal\"",
        more_seats,
    ),
    (
        "8 seats removed",
        "[seats.remove]\ntiming = \"now\"\ngive_back = \"credit\"",
        "[seats.remove]\ntiming = \"now\"\ngive_back = \"none\"",
        fewer_seats,
    ),
    (
        "8 high water",
        "[seats.remove]\ntiming = \"now\"\nhigh_water = true",
        "[seats.remove]\ntiming = \"now\"\nhigh_water = false",
        fewer_and_more_seats,
    ),
    (
        "9 upgrade: timing",
        "[upgrade]\ntiming = \"now\"",
        "[upgrade]\ntiming = \"at_renewal\"",
        upgraded,
    ),
    (
        "9 upgrade: money",
        "[upgrade]\ncharge = \"prorated\"",
        "[upgrade]\ncharge = \"full\"",
        upgraded,
    ),
    (
        "9 downgrade",
        "[downgrade]\ntiming = \"now\"\ngive_back = \"credit\"",
        "[downgrade]\ntiming = \"now\"\ngive_back = \"none\"",
        downgraded,
    ),
    (
        "10 interval",
        "[period_change]\ntiming = \"now\"\nterm = \"restart\"",
        "[period_change]\ntiming = \"at_renewal\"",
        longer,
    ),
    ("11 trial", TRIAL_LOST, TRIAL_KEPT, bought_on_trial),
    (
        "13 beyond the period",
        "[proration]\ndenominator = \"nominal\"\nover_length = \"cap\"",
        "[proration]\ndenominator = \"nominal\"\nover_length = \"extend\"",
        upgraded_at_once,
    ),
    (
        "14 tax rounded",
        TAX_BY_INVOICE,
        TAX_BY_LINE,
        two_lines_with_an_amount_off,
    ),
    ("14 tax included", TAX_BY_INVOICE, TAX_INCLUDED, bought),
    (
        "15 sharing",
        "[discount]\nsharing = \"largest_remainder\"",
        "[discount]\nsharing = \"last_line\"",
        two_lines_with_an_amount_off,
    ),
    (
        "16 balance",
        "[balance]\nautomatic = true",
        "[balance]\nautomatic = false",
        bought_with_a_balance,
    ),
    (
        "17 after failures",
        "[renewal]\non_by_default = false\n[end]\nunpaid = \"expired\"",
        "[renewal]\non_by_default = false\n[end]\nunpaid = \"frozen\"",
        unpaid,
    ),
    (
        "18 numbers",
        "[invoice]\nnumber = \"A-{seq}\"",
        "[invoice]\nnumber = \"A-{seq:6}\"",
        bought,
    ),
    (
        "18 numbers by the year",
        "[invoice]\nnumber = \"{year}-{seq}\"\nyearly = true",
        "[invoice]\nnumber = \"{year}-{seq}\"\nyearly = false",
        bought_in_two_years,
    ),
    (
        "18 issued",
        "[invoice]\nissue = \"payment\"",
        "[invoice]\nissue = \"order\"",
        ordered,
    ),
    (
        "19 cancel",
        "[cancel]\ntiming = \"now\"",
        "[cancel]\ntiming = \"at_renewal\"",
        cancelled,
    ),
    (
        "19 given back",
        "[cancel]\ntiming = \"now\"\ngive_back = \"credit\"",
        "[cancel]\ntiming = \"now\"\ngive_back = \"none\"",
        cancelled,
    ),
    ("20 carried", CARRY, CHARGE, a_seat_on_the_last_day),
    ("20 waived", WAIVE, CARRY, a_seat_on_the_last_day),
];

const TRIAL_LOST: &str = "[trial]\ndays = 14\nplan = \"pro\"\nautomatic = true";
const TRIAL_KEPT: &str =
    "[trial]\ndays = 14\nplan = \"pro\"\nautomatic = true\nbonus_days = \"add_to_term\"";
const RATE: &str = "rates = [{ name = \"VAT\", countries = [\"*\"], percent = \"16.5\" }]";
const TAX_BY_INVOICE: &str = "[tax]\nround_at = \"invoice\"";
const TAX_BY_LINE: &str = "[tax]\nround_at = \"line\"";
const TAX_INCLUDED: &str = "[tax]\nincluded = true";
const CARRY: &str = "[order]\nminimum_charge = \"2.50\"\nbelow_minimum = \"carry\"";
const WAIVE: &str = "[order]\nminimum_charge = \"2.50\"\nbelow_minimum = \"waive\"";
const CHARGE: &str = "[order]\nminimum_charge = \"2.50\"\nbelow_minimum = \"charge\"";

#[test]
fn every_switch_is_a_key_that_does_something() {
    let mut idle = Vec::new();
    for (name, one, other, history) in TABLE {
        let of = |policy: &str| {
            let policy = match policy.starts_with("[tax]") {
                true => format!("{policy}\n{RATE}\n"),
                false => format!("{policy}\n"),
            };
            let mut house = House::with(&policy);
            history(&mut house);
            documents(&mut house)
        };
        if of(one) == of(other) {
            idle.push(format!("{name}: {one:?} and {other:?}"));
        }
    }
    assert!(idle.is_empty(), "came to the same:\n{}", idle.join("\n"));
}

/// Everything that the account's documents say, but for the keys that made it so.
fn documents(house: &mut House) -> String {
    let terms = house.terms();
    let orders = house.desk.look().unwrap().read().numbers().unwrap().order;
    let mut all = Vec::new();
    for order in 1..orders {
        let order = format!("O-{order:06}");
        all.push(house.desk.ask(&terms, &Order { order }).unwrap());
    }
    let account = "acme".to_owned();
    all.push(house.desk.ask(&terms, &Account { account }).unwrap());
    let told = all.into_iter().map(|document| {
        let mut value = serde_json::to_value(&document).unwrap();
        without_reasons(&mut value);
        serde_json::to_string_pretty(&value).unwrap()
    });
    told.collect::<Vec<_>>().join("\n")
}

fn without_reasons(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("because");
            fields.values_mut().for_each(without_reasons);
        }
        Value::Array(items) => items.iter_mut().for_each(without_reasons),
        _ => {}
    }
}

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

fn to(plan: &str) -> Wish {
    Wish {
        plan: Some(plan.to_owned()),
        ..Wish::default()
    }
}

fn seats(count: u32) -> Wish {
    Wish {
        seats: Some([("full".to_owned(), count)].into()),
        ..Wish::default()
    }
}

fn bought(house: &mut House) {
    had(house, wish("basic", 1, 3));
}

fn bought_on_trial(house: &mut House) {
    let account = "acme".to_owned();
    let does = Does::Start;
    house.perform(&Trial { account, does }).unwrap();
    house.later(4);
    bought(house);
}

fn ordered(house: &mut House) {
    house.order("acme", wish("basic", 1, 3)).unwrap();
}

fn upgraded(house: &mut House) {
    bought(house);
    house.later(13);
    had(house, to("pro"));
}

fn upgraded_at_once(house: &mut House) {
    bought(house);
    had(house, to("pro"));
}

fn upgraded_from_a_discount(house: &mut House) {
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

fn downgraded(house: &mut House) {
    had(house, wish("pro", 1, 3));
    house.later(13);
    had(house, to("basic"));
}

fn more_seats(house: &mut House) {
    bought(house);
    house.later(13);
    house.order("acme", seats(5)).unwrap();
}

fn fewer_seats(house: &mut House) {
    bought(house);
    house.later(13);
    had(house, seats(1));
}

fn fewer_and_more_seats(house: &mut House) {
    fewer_seats(house);
    house.later(5);
    had(house, seats(3));
}

fn a_seat_on_the_last_day(house: &mut House) {
    bought(house);
    house.later(30);
    house.order("acme", seats(4)).unwrap();
}

fn longer(house: &mut House) {
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

fn two_lines_with_an_amount_off(house: &mut House) {
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

fn bought_with_a_balance(house: &mut House) {
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

fn bought_in_two_years(house: &mut House) {
    bought(house);
    house.later(365);
    bought(house);
}

fn unpaid(house: &mut House) {
    bought(house);
    house.later(60);
    let terms = house.terms();
    let gateways = crate::gateway::Gateways::from_setting(None).unwrap();
    let run = Run {
        account: None,
        limit: None,
        at_once: 1,
    };
    house
        .desk
        .renew(&terms, &run, &gateways, &mut |_| {})
        .unwrap();
}

fn cancelled(house: &mut House) {
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
