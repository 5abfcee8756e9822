//! Plans on the page: a list, one in full, and side by side.

use super::order::units;
use super::page::{Page, Table, or_dash};
use crate::billing::catalog::{Reset, Sale, Scope};
use crate::wire::plan::{Comparison, Limit, Plan, Price};

/// Plans, briefly.
pub(super) fn plans(page: &mut Page, plans: &[Plan]) {
    let unit = plans.first().map_or("seat", |plan| plan.unit.as_str());
    let by_month = format!("A {unit} a month, by period");
    let headers = ["Plan", "Name", "Sold", &by_month].map(str::to_owned);
    let mut table = Table::named(&headers);
    for plan in plans {
        table.row([
            plan.id.clone(),
            plan.name.clone(),
            sold(plan.sale).to_owned(),
            prices(plan),
        ]);
    }
    page.list(&table);
}

fn sold(sale: Sale) -> &'static str {
    match sale {
        Sale::SelfService => "yes",
        Sale::Free => "free",
        Sale::SalesOnly => "on request",
        Sale::Closed => "no longer",
    }
}

/// `25 USD (6 months), 22.50 USD (9 months)`; of several seat types, the usual one.
fn prices(plan: &Plan) -> String {
    let usual = plan.seat_types.first();
    let of_usual = |price: &&Price| price.seat_type.is_none() || price.seat_type.as_ref() == usual;
    let shown = plan.prices.iter().filter(of_usual).map(|price| {
        let amount = price.a_month.unwrap_or(price.a_period);
        format!("{} ({})", short(amount, plan), price.period)
    });
    match (plan.sale, plan.prices.is_empty()) {
        (Sale::SalesOnly, true) => "on request".to_owned(),
        (Sale::Free, _) => "nothing".to_owned(),
        _ => shown.collect::<Vec<_>>().join(", "),
    }
}

/// A plan in full.
pub(super) fn plan(page: &mut Page, plan: &Plan) {
    page.heading(&format!("{} ({})", plan.name, plan.id));
    let most = plan
        .most_seats
        .map_or_else(|| "any number".to_owned(), |most| most.to_string());
    let units = units(&plan.unit);
    page.record(&[
        ("About", plan.about.clone()),
        ("Sold", Some(sold(plan.sale).to_owned())),
        ("From", plan.sold_from.map(|day| day.to_string())),
        ("Until", plan.sold_until.map(|day| day.to_string())),
        (&units, Some(format!("{} to {most}", plan.least_seats))),
        (
            "Billed at least",
            (plan.minimum_billed > 0).then(|| plan.minimum_billed.to_string()),
        ),
        ("A request needs", Some(plan.contact_fields.join(", "))),
        ("Features", Some(names(plan).join(", "))),
    ]);
    if !plan.prices.is_empty() {
        page.heading(&format!("Prices of one {} in {}", plan.unit, plan.currency));
        let mut table =
            Table::new(&["Period", "Type", "A month", "The period", "Price list"]).numbers(&[2, 3]);
        for price in &plan.prices {
            let month = price
                .a_month
                .map(|amount| amount.round_dp(4).normalize().to_string());
            table.row([
                price.period.to_string(),
                or_dash(price.seat_type.as_deref()),
                or_dash(month.as_deref()),
                price.a_period.to_string(),
                price.price_list.clone(),
            ]);
        }
        page.table(&table);
    }
    page.heading(&format!("Limits of {}", counted(plan)));
    let mut table = Table::new(&["Limit", "Allowed", "Counted for"]).numbers(&[1]);
    for limit in &plan.limits {
        table.row([
            limit.name.clone(),
            allowed(limit),
            scope(limit.scope, &plan.unit),
        ]);
    }
    for credit in &plan.credits {
        let amount = credit
            .amount
            .map_or_else(|| "unlimited".to_owned(), |amount| amount.to_string());
        table.row([credit.name.clone(), amount, reset(credit.reset).to_owned()]);
    }
    page.table(&table);
}

fn counted(plan: &Plan) -> String {
    match plan.seats {
        1 => format!("1 {}", plan.unit),
        seats => format!("{seats} {}s", plan.unit),
    }
}

fn names(plan: &Plan) -> Vec<&str> {
    plan.features
        .iter()
        .map(|feature| feature.name.as_str())
        .collect()
}

fn allowed(limit: &Limit) -> String {
    match (limit.allowed, limit.custom) {
        (Some(amount), _) => amount.to_string(),
        (None, true) => "as agreed".to_owned(),
        (None, false) => "unlimited".to_owned(),
    }
}

fn scope(scope: Scope, unit: &str) -> String {
    match scope {
        Scope::Seat => format!("{unit}s"),
        Scope::Workspace => "the account".to_owned(),
        Scope::User => "each member".to_owned(),
    }
}

fn reset(reset: Reset) -> &'static str {
    match reset {
        Reset::Never => "once",
        Reset::Week => "each week",
        Reset::Month => "each month",
        Reset::Term => "each term",
    }
}

/// Plans side by side: a line for each thing, a column for each plan.
pub(super) fn comparison(page: &mut Page, comparison: &Comparison) {
    let plans = &comparison.plans;
    let Some(first) = plans.first() else { return };
    let mut headers = vec![format!("With {}", counted(first))];
    headers.extend(plans.iter().map(|plan| plan.name.clone()));
    let mut table = Table::named(&headers);
    let mut add = |what: String, value: &dyn Fn(&Plan) -> String| {
        let cells = std::iter::once(what).chain(plans.iter().map(value));
        table.cells(cells.collect());
    };
    for period in periods(plans) {
        let a_month = |plan: &Plan| {
            let found = plan.prices.iter().find(|price| price.period == period);
            let amount = found.map(|price| price.a_month.unwrap_or(price.a_period));
            amount.map_or_else(|| "-".to_owned(), |amount| short(amount, plan))
        };
        add(format!("A {} a month, {period}", first.unit), &a_month);
    }
    for (at, limit) in first.limits.iter().enumerate() {
        let value = |plan: &Plan| plan.limits.get(at).map(allowed).unwrap_or_default();
        add(limit.name.clone(), &value);
    }
    for feature in &comparison.differing_features {
        let has = |plan: &Plan| {
            let found = plan.features.iter().any(|one| one.id == feature.id);
            if found { "yes" } else { "no" }.to_owned()
        };
        add(feature.name.clone(), &has);
    }
    page.table(&table);
}

/// The periods of any of the plans, shortest first.
fn periods(plans: &[Plan]) -> Vec<crate::billing::calendar::Period> {
    let mut periods = Vec::new();
    for price in plans.iter().flat_map(|plan| &plan.prices) {
        if !periods.contains(&price.period) {
            periods.push(price.period);
        }
    }
    periods.sort_by_key(|period| period.length_hundredths());
    periods
}

/// `22.50 USD`: with the places of the currency, or more where the price has more.
fn short(amount: rust_decimal::Decimal, plan: &Plan) -> String {
    let exact = amount.round_dp(4).normalize();
    let places = exact.scale().max(plan.currency.exponent());
    let mut shown = exact;
    shown.rescale(places);
    format!("{shown} {}", plan.currency)
}
