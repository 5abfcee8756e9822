//! Runs, what is to come, and forecasts on the page.

use super::page::{Page, Table, or_dash};
use crate::billing::calendar::Day;
use crate::wire::renew::{Ahead, AutoRenewal, Awaited, Forecast, Renewed, Tally};
use std::collections::BTreeMap;

/// Columns of a forecast that are always shown.
const ALWAYS: [&str; 5] = ["message", "order", "charge", "paid", "declined"];
/// The widest bar.
const WIDEST: u64 = 40;

/// What a run did for an account.
pub(super) fn renewed(page: &mut Page, renewed: &Renewed) {
    page.heading(&renewed.account);
    for step in &renewed.did {
        page.line(&format!("{}  {}", step.on, step.text));
    }
    let next = renewed.next.map(|day| day.to_string());
    page.record(&[("Next", Some(or_dash(next.as_deref())))]);
}

/// A run in numbers.
pub(super) fn run(page: &mut Page, run: &Tally) {
    let mut table = Table::new(&["What", "Count"]).numbers(&[1]);
    table.row(["accounts".to_owned(), run.accounts.to_string()]);
    for (what, count) in &run.did {
        table.row([what.clone(), count.to_string()]);
    }
    table.row(["refused".to_owned(), run.refused.to_string()]);
    table.row(["unsettled".to_owned(), run.unsettled.to_string()]);
    page.list(&table);
}

/// What is to come.
pub(super) fn due(page: &mut Page, due: &[Awaited]) {
    let mut table = Table::new(&["On", "Account", "What"]);
    for awaited in due {
        table.row([
            awaited.on.to_string(),
            awaited.account.clone(),
            awaited.text.clone(),
        ]);
    }
    page.list(&table);
}

/// Whether an account renews by itself.
pub(super) fn auto(page: &mut Page, auto: &AutoRenewal) {
    page.heading(&auto.account);
    let switch = if auto.auto_renew { "on" } else { "off" };
    page.record(&[
        ("Auto-renewal", Some(switch.to_owned())),
        ("Paid until", auto.paid_until.map(|day| day.to_string())),
    ]);
}

/// What the days until a day would bring.
pub(super) fn forecast(page: &mut Page, forecast: &Forecast) {
    page.heading(&format!(
        "From {} to {}, {} {}",
        forecast.from.date(),
        forecast.until,
        forecast.accounts,
        if forecast.accounts == 1 {
            "account"
        } else {
            "accounts"
        }
    ));
    for assumption in &forecast.assumptions {
        page.line(assumption);
    }
    page.line("");
    let mut table = Table::new(&[
        "Day", "Messages", "Orders", "Charges", "Paid", "Declined", "Other",
    ])
    .numbers(&[1, 2, 3, 4, 5]);
    for day in &forecast.days {
        table.row(cells(day, day.on.to_string()));
    }
    table.row(cells(&forecast.total, "All".to_owned()));
    page.table(&table);
    for undone in forecast.refused.iter().chain(&forecast.skipped) {
        page.line(&format!(
            "{} {}: {}",
            undone.on, undone.account, undone.text
        ));
    }
    if page.is_terminal() {
        chart(page, &forecast.days);
    }
}

fn cells(day: &Ahead, title: String) -> [String; 7] {
    let count = |what: &str| day.counts.get(what).copied().unwrap_or(0);
    let amounts = |some: &[crate::wire::amount::Amount]| {
        let all: Vec<String> = some
            .iter()
            .map(|amount| amount.money().to_string())
            .collect();
        or_dash(
            Some(all.join(", "))
                .filter(|text| !text.is_empty())
                .as_deref(),
        )
    };
    let other: Vec<String> = day
        .counts
        .iter()
        .filter(|(what, _)| !ALWAYS.contains(&what.as_str()) && *what != "retry")
        .map(|(what, count)| format!("{} {count}", what.replace('_', " ")))
        .collect();
    [
        title,
        count("message").to_string(),
        count("order").to_string(),
        count("charge").saturating_add(count("retry")).to_string(),
        amounts(&day.paid),
        amounts(&day.declined),
        other.join(", "),
    ]
}

/// Paid charges by month, as bars.
fn chart(page: &mut Page, days: &[Ahead]) {
    let mut months: BTreeMap<String, u64> = BTreeMap::new();
    for day in days {
        let paid = day.counts.get("paid").copied().unwrap_or(0);
        let sum = months.entry(month(day.on)).or_default();
        *sum = sum.saturating_add(paid);
    }
    let most = months.values().copied().max().unwrap_or(0);
    if most == 0 {
        return;
    }
    page.line("");
    page.line("Paid charges by month");
    for (month, count) in &months {
        let width = count.saturating_mul(WIDEST).div_ceil(most);
        let bar = "█".repeat(usize::try_from(width).unwrap_or(0));
        page.line(&format!("{month}  {bar} {count}"));
    }
}

fn month(day: Day) -> String {
    day.format("%Y-%m").to_string()
}
