//! Add-ons where a term begins anew in the middle of another: which come along, how many, and at what price
//! (KA-10).

use super::{Quoted, Wish, quote};
use crate::billing::account::Facts;
use crate::billing::calendar::{Period, Span};
use crate::billing::catalog::Catalog;
use crate::billing::order::{LineKind, Order, Part};
use crate::billing::policy::{Anchoring, Policy, Timing};
use crate::billing::sample::{self, day};
use crate::billing::scene::Scene;
use crate::billing::term::Holding;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One add-on of each kind that matters, each at another price.
const ADD_ONS: [(&str, &str, &str); 5] = [
    ("runs", "", "6"),
    ("once", "renews = false", "7"),
    ("own", "periods = [\"1m\"]", "8"),
    ("basic-only", "plans = [\"basic\"]", "9"),
    ("pro-too", "plans = [\"basic\", \"pro\"]", "10"),
];

fn catalog() -> Catalog {
    let mut catalog = sample::catalog();
    for (id, more, price) in ADD_ONS {
        let add_on = format!(
            "id = {id:?}\nname = {id:?}\ngives = {{ kind = \"feature\", feature = \"sso\" }}\n{more}"
        );
        catalog.add_ons.push(toml::from_str(&add_on).unwrap());
        let row = format!(
            "add_on = {id:?}\ncurrency = \"USD\"\nper = \"period\"\namounts = {{ 1m = {price}, 6m = {price} }}"
        );
        catalog.prices.push(toml::from_str(&row).unwrap());
    }
    catalog
}

fn policy() -> Policy {
    let mut policy = sample::policy();
    policy.upgrade.term = Anchoring::Restart;
    policy.upgrade.timing = Timing::Now;
    policy.order.parts_together = true;
    policy
}

/// Basic until 15 October, with these add-ons, each until a day.
fn holding(held: &[(&str, u32, &str)]) -> Facts {
    let mut facts = sample::facts();
    facts.holdings = held
        .iter()
        .enumerate()
        .map(|(at, (id, quantity, until))| Holding {
            id: i64::try_from(at).unwrap() + 1,
            add_on: (*id).to_owned(),
            quantity: *quantity,
            span: Span::new(day("2026-04-15"), day(until)),
            period: Period::Months(6),
            order: None,
        })
        .collect();
    facts
}

/// The order for Pro from 1 May on, for another half year.
fn upgraded(facts: &Facts, add_ons: &[(&str, u32)]) -> Order {
    let (catalog, policy) = (catalog(), policy());
    let scene = Scene {
        ..sample::scene(facts, &catalog, &policy)
    };
    let wish = Wish {
        plan: Some("pro".to_owned()),
        method: Some("card".to_owned()),
        add_ons: add_ons
            .iter()
            .map(|(id, quantity)| ((*id).to_owned(), *quantity))
            .collect(),
        ..Wish::default()
    };
    match quote(&scene, &wish).unwrap() {
        Quoted::Order(order) => *order,
        Quoted::Later(_) => unreachable!(),
    }
}

/// Add-ons of an order: units and minor units of each.
fn brought(order: &Order) -> BTreeMap<String, (i64, i64)> {
    let mut all = BTreeMap::new();
    for line in order
        .lines
        .iter()
        .filter(|line| line.kind == LineKind::AddOn)
    {
        let sum: &mut (i64, i64) = all.entry(line.item.clone()).or_default();
        *sum = (sum.0 + line.quantity, sum.1 + line.net.minor);
    }
    all
}

type Row<'a> = (
    &'a str,
    &'a [(&'a str, u32, &'a str)],
    &'a [(&'a str, u32)],
    &'a [(&'a str, i64, i64)],
);

#[test]
fn what_comes_along_when_a_term_begins_anew() {
    const END: &str = "2026-10-15";
    let rows: &[Row<'_>] = &[
        ("nothing held", &[], &[], &[]),
        (
            "whole price for the new term",
            &[("runs", 3, END)],
            &[],
            &[("runs", 3, 1800)],
        ),
        ("bought for once", &[("once", 1, END)], &[], &[]),
        (
            "a period of its own goes on by itself",
            &[("own", 2, END)],
            &[],
            &[],
        ),
        (
            "not sold for the new plan",
            &[("basic-only", 1, END)],
            &[],
            &[],
        ),
        (
            "sold for both plans",
            &[("pro-too", 2, END)],
            &[],
            &[("pro-too", 2, 2000)],
        ),
        (
            "ended before the term does",
            &[("runs", 3, "2026-08-15")],
            &[],
            &[],
        ),
        (
            "another number is wished",
            &[("runs", 3, END)],
            &[("runs", 1)],
            &[("runs", 1, 600)],
        ),
        (
            "wished besides what comes along",
            &[("runs", 3, END)],
            &[("pro-too", 1)],
            &[("pro-too", 1, 1000), ("runs", 3, 1800)],
        ),
        (
            "bought twice",
            &[("runs", 3, END), ("runs", 2, END)],
            &[],
            &[("runs", 5, 3000)],
        ),
    ];
    for (what, held, wished, expected) in rows {
        let order = upgraded(&holding(held), wished);
        let expected: BTreeMap<String, (i64, i64)> = expected
            .iter()
            .map(|(id, units, minor)| ((*id).to_owned(), (*units, *minor)))
            .collect();
        assert_eq!(brought(&order), expected, "{what}");
    }
}

proptest! {
    #[test]
    fn units_are_neither_lost_nor_made_and_each_costs_its_whole_price(
        held in prop::collection::vec((0_usize..5, 1_u32..9, any::<bool>()), 0..6),
    ) {
        let held: Vec<(&str, u32, &str)> = held
            .iter()
            .map(|(which, units, with_term)| {
                let until = if *with_term { "2026-10-15" } else { "2026-09-01" };
                (ADD_ONS[*which].0, *units, until)
            })
            .collect();
        let order = upgraded(&holding(&held), &[]);
        let brought = brought(&order);
        let mut sum = 0;
        for (id, _, price) in ADD_ONS {
            let comes = ["runs", "pro-too"].contains(&id);
            let units: i64 = held
                .iter()
                .filter(|(of, _, until)| *of == id && comes && *until == "2026-10-15")
                .map(|(_, units, _)| i64::from(*units))
                .sum();
            let minor = units * price.parse::<i64>().unwrap() * 100;
            prop_assert_eq!(brought.get(id).copied().unwrap_or((0, 0)), (units, minor), "{}", id);
            sum += minor;
        }
        // Every unit that is charged is brought, with the new term and for all of it.
        let parts = order.parts.iter().filter_map(|part| match part {
            Part::AddOn { quantity, starts, ends, .. } => Some((i64::from(*quantity), *starts, *ends)),
            _ => None,
        });
        let parts: Vec<_> = parts.collect();
        prop_assert!(parts.iter().all(|(_, starts, ends)| starts.is_none() && ends.is_none()));
        let units: i64 = brought.values().map(|(units, _)| *units).sum();
        prop_assert_eq!(parts.iter().map(|(units, ..)| *units).sum::<i64>(), units);
        let without = upgraded(&holding(&[]), &[]).net.minor;
        prop_assert_eq!(order.net.minor, without + sum);
        let new = Span::new(day("2026-05-01"), day("2026-11-01"));
        let mut lines = order.lines.iter().filter(|line| line.kind == LineKind::AddOn);
        prop_assert!(lines.all(|line| line.service == Some(new)));
    }
}
