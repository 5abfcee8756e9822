//! A subscription that something ended or took up again, on the page.

use super::page::{Page, Table, or_dash};
use super::{invoice, lines, order};
use crate::billing::money::Money;
use crate::billing::policy::State;
use crate::billing::scene::words;
use crate::wire::balance::Balance;
use crate::wire::subscription::Subscription;
use crate::wire::transfer::Transfer;

/// What the subscription is now, and what came of the change.
pub(super) fn subscription(page: &mut Page, shown: &Subscription) {
    page.heading(&shown.account);
    let ends = match (shown.cancelled, shown.paid_until) {
        (true, Some(day)) if day > shown.on => Some(format!("{day}, and does not renew")),
        (_, day) => day.map(|day| day.to_string()),
    };
    // What is over or cancelled does not renew, whatever the switch says.
    let over = shown.paid_until.is_some_and(|day| day <= shown.on);
    let renews = !shown.cancelled && (!over || shown.state == State::PastDue);
    page.record(&[
        ("State", Some(words(shown.state).to_owned())),
        ("Plan", shown.plan_name.clone().or(shown.plan.clone())),
        ("Paid until", ends),
        (
            "Auto-renewal",
            renews.then(|| if shown.auto_renew { "on" } else { "off" }.to_owned()),
        ),
        ("Balance", Some(shown.balance.money().to_string())),
    ]);
    if !shown.credit_notes.is_empty() {
        page.heading("Credit notes");
        invoice::table(page, &shown.credit_notes);
        lines::explain(page, &shown.given_back);
    }
    if !shown.refunds.is_empty() {
        page.heading("Refunds");
        order::payment_table(page, &shown.refunds);
    }
}

/// The entries of a balance, and what they come to.
pub(super) fn balance(page: &mut Page, shown: &Balance) {
    let headers = [
        "On", "What", "Document", "For", "Payment", "Amount", "Balance",
    ];
    let mut table = Table::new(&headers).numbers(&[5, 6]);
    for entry in &shown.entries {
        table.row([
            entry.on.to_string(),
            entry.kind.words().to_owned(),
            or_dash(entry.document.as_deref()),
            or_dash(entry.line.as_deref()),
            or_dash(entry.payment.as_deref()),
            entry.amount.amount.clone(),
            entry.after.amount.clone(),
        ]);
    }
    page.list(&table);
    let balance = shown.balance.money();
    page.line(&match balance.minor {
        below if below < 0 => format!(
            "{} owes {} from before.",
            shown.account,
            Money::of(below.saturating_abs(), balance.currency)
        ),
        _ => format!("The balance of {} is {balance}.", shown.account),
    });
}

/// What moved to another account.
pub(super) fn transfer(page: &mut Page, shown: &Transfer) {
    page.heading(&format!("{} → {}", shown.from, shown.to));
    let mut table = Table::new(&["What", "Units", "For"]).numbers(&[1]);
    for licence in &shown.terms {
        let seats = licence
            .seats
            .values()
            .fold(0_u32, |sum, count| sum.saturating_add(*count));
        table.row([
            licence.plan_name.clone(),
            seats.to_string(),
            licence.service.to_string(),
        ]);
    }
    for (add_on, quantity) in &shown.add_ons {
        table.row([named(shown, add_on), quantity.to_string(), String::new()]);
    }
    for (credit, units) in &shown.credits {
        table.row([named(shown, credit), units.to_string(), String::new()]);
    }
    page.table(&table);
}

/// The name of an add-on or of a kind of units.
fn named(shown: &Transfer, id: &str) -> String {
    shown.names.get(id).map_or(id, String::as_str).to_owned()
}
