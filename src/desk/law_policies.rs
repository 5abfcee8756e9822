//! Policies for random histories: they differ in everything that moves money after a sale.

use proptest::prelude::*;
use rust_decimal::Decimal;

/// Bill days and what becomes of the stub before the first.
const BILL_DAYS: &[&str] = &[
    "",
    "anchor = \"fixed_day\"\nday = 31",
    "anchor = \"fixed_day\"\nday = 15\nstub = \"full\"",
    "anchor = \"fixed_day\"\nday = 29\nmonth = 2\nfirst = \"stub_and_period\"",
    "anchor = \"calendar\"\nstub = \"free\"",
    "anchor = \"calendar\"\nstub = \"free\"\nfirst = \"stub_and_period\"",
    "anchor = \"calendar\"\njoin_below_days = 10",
];

/// When seats that are there at once are asked for.
const COLLECT: &[&str] = &[
    "now",
    "daily",
    "weekly",
    "at_renewal",
    "weekly\"\ncollect_at_amount = \"40.00",
    "at_renewal\"\ncollect_at_amount = \"1.00",
];

/// How a part of a period is counted and rounded.
const PRORATION: &[&str] = &[
    "",
    "",
    "day_count = \"30/360\"",
    "day_count = \"inclusive\"\nrounding = \"up\"",
    "denominator = \"plan_period\"\nround_at = \"unit\"",
    "unit = \"second\"",
    "change_day = \"old\"",
    "rounding = \"toward_zero\"\nround_at = \"day_price\"",
    "rounding = \"half_even\"\nround_at = \"net\"",
    "credit_basis = \"current_price\"",
    "credit_basis = \"billed_price\"\nrounding = \"up\"",
];

fn pick(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(values)
}

/// A policy; what it does not say is as usual.
pub(super) fn policy() -> impl Strategy<Value = String> {
    (changes(), seats(), around(), tax())
        .prop_map(|(changes, seats, around, tax)| format!("{changes}{seats}{around}{tax}"))
}

/// What a change of plan, an end and a refund do.
fn changes() -> impl Strategy<Value = String> {
    (
        pick(&["keep", "restart"]),
        pick(&["prorated", "prorated", "full", "none"]),
        pick(&["now", "at_renewal"]),
        pick(&["keep", "restart"]),
        pick(&["now", "at_renewal"]),
        pick(&["credit", "refund", "none"]),
        pick(&["none", "remainder", "paid"]),
        pick(&["stays", "ends"]),
        pick(PRORATION),
    )
        .prop_map(
            |(anew, charge, change, lower, end, give, mode, then, proration)| {
                format!(
                    "[upgrade]\nterm = \"{anew}\"\ncharge = \"{charge}\"\n\
                     [downgrade]\ntiming = \"{change}\"\ngive_back = \"credit\"\nterm = \"{lower}\"\n\
                     [cancel]\ntiming = \"{end}\"\ngive_back = \"{give}\"\n\
                     [refund]\nmode = \"{mode}\"\nthen = \"{then}\"\n\
                     [end]\nreactivation = \"method\"\n[proration]\n{proration}\n"
                )
            },
        )
}

/// When seats come, go, and are asked for.
fn seats() -> impl Strategy<Value = String> {
    (
        pick(&["on_payment", "now"]),
        pick(COLLECT),
        pick(&["now", "at_renewal"]),
    )
        .prop_map(|(active, collect, change)| {
            format!(
                "[seats.add]\nactive = \"{active}\"\ncollect = \"{collect}\"\n\
                 [seats.remove]\ntiming = \"{change}\"\ngive_back = \"credit\"\n"
            )
        })
}

/// Documents, small orders, terms and what is left of a trial.
fn around() -> impl Strategy<Value = String> {
    (
        pick(&["payment", "order", "order"]),
        any::<bool>(),
        pick(&["charge", "waive", "carry"]),
        pick(BILL_DAYS),
        pick(&["none", "add_to_term"]),
        prop_oneof![3 => Just(true), 1 => Just(false)],
    )
        .prop_map(|(issue, yearly, below, term, bonus, automatic)| {
            format!(
                "[invoice]\nissue = \"{issue}\"\nyearly = {yearly}\n\
                 [order]\nminimum_charge = \"8.00\"\nbelow_minimum = \"{below}\"\n[term]\n{term}\n\
                 [trial]\ndays = 14\nplan = \"pro\"\nbonus_days = \"{bonus}\"\n\
                 [balance]\nautomatic = {automatic}\n"
            )
        })
}

/// A rate on top or inside, that may be another one from a day on.
fn tax() -> impl Strategy<Value = String> {
    (
        0_u32..2500,
        prop::option::of((0_u32..2500, 2_u32..29)),
        any::<bool>(),
        pick(&["line", "invoice"]),
    )
        .prop_map(|(rate, turns, included, round)| {
            let of = |rate: u32, days: String| {
                let percent = Decimal::new(rate.into(), 2);
                format!("{{ name = \"VAT\", countries = [\"*\"], percent = \"{percent}\"{days} }}")
            };
            let rates = match turns {
                None => of(rate, String::new()),
                Some((other, day)) => {
                    let before = of(rate, format!(", until = 2024-04-{day:02}"));
                    let after = of(other, format!(", from = 2024-04-{day:02}"));
                    format!("{before}, {after}")
                }
            };
            format!("[tax]\nincluded = {included}\nround_at = \"{round}\"\nrates = [{rates}]\n")
        })
}
