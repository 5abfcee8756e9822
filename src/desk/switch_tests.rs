//! Every switch in which billing systems differ (there are twenty kinds) is a key of the policy that does
//! something: one row of the table is one key, two values of it, and a history after which the two sellers'
//! documents are not the same.

use super::Terms;
use super::account::Show as Account;
use super::house::{House, code, seats, wish};
use super::order::{Create, Show as Order};
use super::switch_histories::*;
use super::terms::Effect;
use crate::billing::quote::Wish;
use crate::billing::refusal::Code;
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
        "7 seats: up to an amount",
        "[seats.add]\ncollect = \"weekly\"\ncollect_at_amount = \"10.00\"",
        "[seats.add]\ncollect = \"weekly\"\ncollect_at_amount = \"1000.00\"",
        more_seats_and_a_run,
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
        "12 anchor",
        "",
        "[term]\nanchor = \"calendar\"",
        bought_later,
    ),
    (
        "12 fixed day",
        "[term]\nanchor = \"fixed_day\"\nday = 1",
        "[term]\nanchor = \"fixed_day\"\nday = 31",
        bought_later,
    ),
    (
        "12 business year",
        "[term]\nanchor = \"fixed_day\"\nday = 1\nmonth = 1",
        "[term]\nanchor = \"fixed_day\"\nday = 1\nmonth = 4",
        bought_half_a_year_later,
    ),
    ("12 stub", STUB, STUB_FULL, bought_later),
    ("12 free stub", STUB, STUB_FREE, bought_later),
    ("12 stub and period", STUB, STUB_JOINED, bought_later),
    ("12 short stub", STUB, STUB_JOINED_IF_SHORT, bought_later),
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
const STUB: &str = "[term]\nanchor = \"calendar\"";
const STUB_FULL: &str = "[term]\nanchor = \"calendar\"\nstub = \"full\"";
const STUB_FREE: &str = "[term]\nanchor = \"calendar\"\nstub = \"free\"";
const STUB_JOINED: &str = "[term]\nanchor = \"calendar\"\nfirst = \"stub_and_period\"";
const STUB_JOINED_IF_SHORT: &str = "[term]\nanchor = \"calendar\"\njoin_below_days = 30";
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

/// What a wish comes to that is made without a reason.
fn without_a_reason(house: &mut House, wish: Wish) -> Option<Code> {
    let create = Create {
        account: "acme".to_owned(),
        wish,
    };
    let terms = Terms {
        reason: None,
        effect: Effect::DryRun,
        ..house.terms()
    };
    house.desk.perform(&terms, &create).err().map(code)
}

#[test]
fn what_support_alone_does_is_told_apart_for_more_seats_and_for_fewer() {
    let fewer = |count: i64| Wish {
        more_seats: [("full".to_owned(), count)].into(),
        ..Wish::default()
    };
    for (kept, more, less) in [
        ("remove_seats", None, Some(Code::ReasonMissing)),
        ("add_seats", Some(Code::ReasonMissing), None),
    ] {
        let mut house = House::with(&format!(
            "[access]\nsupport_only = [\"{kept}\"]\n[seats.remove]\nallow = \"self_service\"\n"
        ));
        let order = house.order("acme", wish("pro", 6, 3)).unwrap();
        house.pay(&order).unwrap();
        assert_eq!(without_a_reason(&mut house, seats(5)), more, "{kept}");
        assert_eq!(without_a_reason(&mut house, fewer(1)), more, "{kept}");
        assert_eq!(without_a_reason(&mut house, seats(2)), less, "{kept}");
        assert_eq!(without_a_reason(&mut house, fewer(-1)), less, "{kept}");
    }
}
