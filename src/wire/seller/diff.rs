//! What changed between two versions of a catalog or a policy, and which accounts each change touches.
//!
//! Versions are compared by what they mean, not by how they are written: a default that is spelt out, a
//! list in another order of tables, or percent instead of the same amounts is no difference.

use crate::billing::calendar::{Day, Period};
use crate::billing::catalog::{Catalog, PriceRow};
use crate::billing::money::Currency;
use crate::billing::policy::Policy;
use crate::billing::price;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use toml::{Table, Value};

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DifferenceKind {
    /// Only the later version has it.
    Added,
    /// Only the earlier version has it.
    Removed,
    /// Both have it, and it is another.
    Changed,
}

/// One thing that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where, with ids in place of positions: `plan.base.limits.leads`.
    pub path: String,
    /// How.
    pub kind: DifferenceKind,
    /// What the earlier version says.
    pub from: Option<String>,
    /// What the later version says.
    pub to: Option<String>,
    /// The accounts that it touches.
    pub touches: Touch,
}

/// Which accounts a difference touches: those to which everything that is given here applies. With nothing
/// given, all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// On this plan.
    pub plan: Option<String>,
    /// With this add-on.
    pub add_on: Option<String>,
    /// Paying by this method.
    pub method: Option<String>,
    /// With seats of this type.
    pub seat_type: Option<String>,
    /// In this region.
    pub region: Option<String>,
    /// In this currency.
    pub currency: Option<Currency>,
    /// For this period.
    pub period: Option<Period>,
    /// Of this cohort.
    pub cohort: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match (&self.from, &self.to) {
            (None, Some(to)) => write!(f, "{path} is new: {to}"),
            (Some(from), None) => write!(f, "{path} is gone; it was {from}"),
            (Some(from), Some(to)) => write!(f, "{path} was {from} and is {to}"),
            (None, None) => f.write_str(path),
        }
    }
}

/// What changed from one version of a catalog to another; prices last.
pub fn diff_catalogs(earlier: &Catalog, later: &Catalog) -> Vec<Difference> {
    let mut found = Vec::new();
    tables(&without_prices(earlier), &without_prices(later), &mut found);
    for difference in &mut found {
        difference.touches = touched(&difference.path);
    }
    found.extend(price_differences(earlier, later));
    found
}

/// What changed from one version of a policy to another. Every change of a policy touches all accounts.
pub fn diff_policies(earlier: &Policy, later: &Policy) -> Vec<Difference> {
    let mut found = Vec::new();
    tables(&table_of(earlier), &table_of(later), &mut found);
    found
}

fn table_of(version: &impl Serialize) -> Table {
    Table::try_from(version).unwrap_or_default()
}

fn without_prices(catalog: &Catalog) -> Table {
    let mut table = table_of(catalog);
    table.remove("price");
    table
}

fn tables(earlier: &Table, later: &Table, found: &mut Vec<Difference>) {
    nested("", earlier, later, found);
}

fn nested(path: &str, earlier: &Table, later: &Table, found: &mut Vec<Difference>) {
    let new = later.keys().filter(|key| !earlier.contains_key(*key));
    for key in earlier.keys().chain(new) {
        let here = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        values(&here, earlier.get(key), later.get(key), found);
    }
}

fn values(path: &str, earlier: Option<&Value>, later: Option<&Value>, found: &mut Vec<Difference>) {
    match (earlier, later) {
        (Some(Value::Table(earlier)), Some(Value::Table(later))) => {
            nested(path, earlier, later, found);
        }
        (Some(Value::Array(earlier)), Some(Value::Array(later))) => {
            lists(path, earlier, later, found);
        }
        (None, Some(Value::Array(later))) => lists(path, &[], later, found),
        (Some(Value::Array(earlier)), None) => lists(path, earlier, &[], found),
        (earlier, later) if earlier == later => {}
        (earlier, later) => found.push(difference(path, earlier, later)),
    }
}

/// Tables with an id are compared by it; of everything else, what one list has and the other has not.
fn lists(path: &str, earlier: &[Value], later: &[Value], found: &mut Vec<Difference>) {
    let by_id = |list: &[Value]| -> Option<BTreeMap<String, Value>> {
        let with_id = |value: &Value| Some((value.get("id")?.as_str()?.to_owned(), value.clone()));
        list.iter().map(with_id).collect()
    };
    if let (Some(earlier), Some(later)) = (by_id(earlier), by_id(later)) {
        let new = later.keys().filter(|id| !earlier.contains_key(*id));
        for id in earlier.keys().chain(new) {
            let here = format!("{path}.{id}");
            values(&here, earlier.get(id), later.get(id), found);
        }
        return;
    }
    let before = found.len();
    for gone in earlier.iter().filter(|value| !later.contains(value)) {
        found.push(difference(path, Some(gone), None));
    }
    for new in later.iter().filter(|value| !earlier.contains(value)) {
        found.push(difference(path, None, Some(new)));
    }
    if found.len() == before && earlier != later {
        let list = |values: &[Value]| Value::Array(values.to_vec());
        found.push(difference(path, Some(&list(earlier)), Some(&list(later))));
    }
}

fn difference(path: &str, earlier: Option<&Value>, later: Option<&Value>) -> Difference {
    written(path, earlier.map(shown), later.map(shown), Touch::default())
}

fn written(path: &str, from: Option<String>, to: Option<String>, touches: Touch) -> Difference {
    let kind = match (&from, &to) {
        (None, _) => DifferenceKind::Added,
        (_, None) => DifferenceKind::Removed,
        (Some(_), Some(_)) => DifferenceKind::Changed,
    };
    Difference {
        path: path.to_owned(),
        kind,
        from,
        to,
        touches,
    }
}

/// A value on one line; what has a name is shown by it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Table(table) => match table.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => value.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            items.join(", ")
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            value.to_string()
        }
    }
}

/// The accounts touched by a difference that is no price, told by its path.
fn touched(path: &str) -> Touch {
    let mut parts = path.split('.');
    let kind = parts.next().unwrap_or_default();
    let id = parts.next().map(str::to_owned);
    let all = Touch::default();
    match kind {
        "plan" => Touch { plan: id, ..all },
        "add_on" => Touch { add_on: id, ..all },
        "method" => Touch { method: id, ..all },
        "seat_type" => Touch {
            seat_type: id,
            ..all
        },
        "region" => Touch { region: id, ..all },
        "cohort" => Touch { cohort: id, ..all },
        _ => all,
    }
}

/// What a price row is for, without its amounts.
type PriceKey = (Touch, Option<Day>, Option<Day>);

fn price_differences(earlier: &Catalog, later: &Catalog) -> Vec<Difference> {
    let (earlier, later) = (price_list(earlier), price_list(later));
    let new = later.keys().filter(|key| !earlier.contains_key(*key));
    earlier
        .keys()
        .chain(new)
        .filter(|key| earlier.get(*key) != later.get(*key))
        .map(|key| {
            let amount = |list: &BTreeMap<PriceKey, Decimal>| {
                list.get(key).map(|amount| format!("{amount}"))
            };
            written(
                &price_path(key),
                amount(&earlier),
                amount(&later),
                key.0.clone(),
            )
        })
        .collect()
}

/// Every amount of a price book for a whole period, by what it is for.
fn price_list(catalog: &Catalog) -> BTreeMap<PriceKey, Decimal> {
    let mut list = BTreeMap::new();
    for row in &catalog.prices {
        for period in price::periods(row) {
            if let Some(amount) = price::amount_for_period(row, period) {
                let key = (touched_by(catalog, row, period), row.from, row.until);
                list.insert(key, amount.normalize());
            }
        }
    }
    list
}

fn touched_by(catalog: &Catalog, row: &PriceRow, period: Period) -> Touch {
    let plan = row.plan.as_deref().and_then(|id| catalog.plan(id));
    let usual = plan.map(|plan| catalog.usual_seat_type(plan));
    let other_kind = |kind: &String| Some(kind.as_str()) != usual;
    Touch {
        plan: row.plan.clone(),
        add_on: row.add_on.clone(),
        method: None,
        seat_type: row.seat_type.clone().filter(other_kind),
        region: row.region.clone(),
        currency: Some(row.currency),
        period: Some(period),
        cohort: row.cohort.clone(),
    }
}

/// `price.base.world.USD.6m.new-customers.from 2026-09-01`
fn price_path((touch, from, until): &PriceKey) -> String {
    let dated = |word: &str, day: &Option<Day>| day.map(|day| format!("{word} {day}"));
    let parts = [
        Some("price".to_owned()),
        touch.plan.clone(),
        touch.add_on.clone(),
        touch.seat_type.clone(),
        touch.region.clone(),
        touch.currency.map(|currency| currency.to_string()),
        touch.period.map(String::from),
        touch.cohort.clone(),
        dated("from", from),
        dated("until", until),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(".")
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
