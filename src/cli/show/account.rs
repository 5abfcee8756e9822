//! Accounts, members, trials and cases on the page.

use super::page::{Page, Table, or_dash};
use super::{order, usage};
use crate::billing::policy::State;
use crate::billing::scene::words;
use crate::wire::account::{Account, Brief, Plan};
use crate::wire::case::Case;
use crate::wire::member::Member;
use crate::wire::trial::Trial;
use std::collections::BTreeMap;

/// Accounts, briefly.
pub(super) fn accounts(page: &mut Page, accounts: &[Brief]) {
    let mut table = Table::new(&[
        "Account",
        "Name",
        "Country",
        "Standing",
        "Plan",
        "Paid until",
    ]);
    for account in accounts {
        table.row([
            account.name.clone(),
            account.title.clone(),
            account.country.clone(),
            words(account.state).to_owned(),
            or_dash(account.plan.as_deref()),
            or_dash(account.paid_until.map(|day| day.to_string()).as_deref()),
        ]);
    }
    page.list(&table);
}

/// The billing overview.
pub(super) fn account(page: &mut Page, account: &Account) {
    let called = match account.title == account.name {
        true => account.name.clone(),
        false => format!("{} ({})", account.name, account.title),
    };
    page.heading(&format!("{called} on {}", account.on));
    let state = match (&account.plan, &account.trial) {
        (Some(_), Some(trial)) if trial.days_left > 0 => {
            format!("{}, {} days left", words(account.state), trial.days_left)
        }
        _ => words(account.state).to_owned(),
    };
    let plan = account.plan.as_ref();
    let units = order::units(plan.map_or("seat", |plan| &plan.unit));
    page.record(&[
        ("Standing", Some(state)),
        ("Plan", plan.map(|plan| plan.name.clone())),
        (&units, plan.map(seats)),
        (
            "Period",
            plan.and_then(|plan| plan.period)
                .map(|period| period.to_string()),
        ),
        (
            "Until",
            plan.and_then(|plan| plan.until).map(|day| day.to_string()),
        ),
        ("Renews", Some(renews(account))),
        (
            "Paid by",
            account
                .method
                .as_ref()
                .map(|method| format!("{} {}", method.id, method.reference)),
        ),
        ("Can pay by", Some(account.methods.join(", "))),
        (
            "Place",
            Some(format!(
                "{}, {}, {}",
                account.country, account.region, account.currency
            )),
        ),
        ("Balance", Some(account.balance.money().to_string())),
        ("Created on", Some(account.created_on.to_string())),
        ("Closed on", account.closed_on.map(|day| day.to_string())),
    ]);
    billing(page, account);
    if !account.scheduled.is_empty() {
        page.heading("At the renewal");
        account.scheduled.iter().for_each(|line| page.line(line));
    }
    features(page, account);
    usage::account(page, account);
    if !account.agreements.is_empty() {
        page.heading("Agreed");
        account
            .agreements
            .iter()
            .for_each(|agreed| page.line(&agreed.text));
    }
    page.heading("Members");
    page.table(&member_table(&account.members));
    if !account.orders.is_empty() {
        page.heading("Orders");
        page.table(&order::table(&account.orders));
    }
    if !account.cases.is_empty() {
        page.heading("Open cases");
        page.table(&case_table(&account.cases));
    }
}

fn seats(plan: &Plan) -> String {
    let several = plan.assigned.len() > 1;
    let one = |(kind, assigned): (&String, &u32)| {
        let held = match plan.seats.get(kind) {
            Some(seats) => format!("{assigned} of {seats} assigned"),
            None => format!("{assigned} assigned, as many as are wanted"),
        };
        if several {
            format!("{kind}: {held}")
        } else {
            held
        }
    };
    plan.assigned.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn renews(account: &Account) -> String {
    match (account.auto_renew, account.renews_on) {
        (true, Some(day)) if day < account.on || account.state == State::PastDue => format!(
            "by itself, and the term from {day} on is not paid yet; `subdesk renew due --account {}` says what comes",
            account.name
        ),
        (true, Some(day)) if account.method.is_none() => {
            format!("by itself on {day}, if a payment method is on file by then")
        }
        (true, Some(day)) => format!("by itself on {day}"),
        (false, Some(day)) => format!("not by itself; ends on {day}"),
        (_, None) => String::new(),
    }
}

fn billing(page: &mut Page, account: &Account) {
    let billing = &account.billing;
    if *billing == crate::billing::account::BillingDetails::default() {
        return;
    }
    page.heading("Bills go to");
    page.record(&[
        ("Payer", billing.payer.clone()),
        ("E-mail", billing.email.clone()),
        ("Copies to", Some(billing.recipients.join(", "))),
        ("Address", Some(billing.address.join(", "))),
        ("Taxpayer", billing.taxpayer.clone()),
        ("Telephone", billing.phone.clone()),
        ("Language", billing.language.clone()),
    ]);
}

/// Features by where they come from.
fn features(page: &mut Page, account: &Account) {
    let Some(plan) = &account.plan else { return };
    let mut by_origin: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for feature in &plan.features {
        by_origin
            .entry(&feature.from)
            .or_default()
            .push(&feature.name);
    }
    if by_origin.is_empty() {
        return;
    }
    page.heading("Features");
    let lines: Vec<(&str, Option<String>)> = by_origin
        .into_iter()
        .map(|(from, names)| (from, Some(names.join(", "))))
        .collect();
    page.record(&lines);
}

/// Members.
pub(super) fn members(page: &mut Page, members: &[Member]) {
    page.list(&member_table(members));
}

fn member_table(members: &[Member]) -> Table {
    let mut table = Table::new(&["Member", "Role", "Holds", "Bills", "Disabled on"]);
    for member in members {
        table.row([
            member.email.clone(),
            member.role.name().to_owned(),
            or_dash(member.seat.as_deref()),
            if member.may_bill { "yes" } else { "no" }.to_owned(),
            or_dash(member.disabled_on.map(|day| day.to_string()).as_deref()),
        ]);
    }
    table
}

/// Trials.
pub(super) fn trials(page: &mut Page, trials: &[Trial]) {
    let mut table =
        Table::new(&["Account", "Plan", "From", "To", "Ended on", "Days left"]).numbers(&[5]);
    for trial in trials {
        table.row([
            trial.account.clone(),
            trial.plan_name.clone(),
            trial.start.to_string(),
            trial.end.to_string(),
            or_dash(trial.ended_on.map(|day| day.to_string()).as_deref()),
            trial.days_left.to_string(),
        ]);
    }
    page.list(&table);
}

/// A trial.
pub(super) fn trial(page: &mut Page, trial: &Trial) {
    page.heading(&format!("Trial of {}", trial.account));
    let extended = (trial.extended_days > 0).then(|| format!("by {} days", trial.extended_days));
    page.record(&[
        ("Plan", Some(trial.plan_name.clone())),
        ("From", Some(trial.start.to_string())),
        ("To", Some(trial.end.to_string())),
        ("Extended", extended),
        ("Ended on", trial.ended_on.map(|day| day.to_string())),
        ("Days left", Some(trial.days_left.to_string())),
    ]);
}

/// Cases, briefly.
pub(super) fn cases(page: &mut Page, cases: &[Case]) {
    page.list(&case_table(cases));
}

fn case_table(cases: &[Case]) -> Table {
    let mut table = Table::new(&["Case", "Account", "About", "Opened on", "Closed on", "Text"]);
    for case in cases {
        table.row([
            case.number.clone(),
            or_dash(case.account.as_deref()),
            case.about.name().to_owned(),
            case.opened_at.date().to_string(),
            or_dash(case.closed_at.map(|at| at.date().to_string()).as_deref()),
            case.text.clone(),
        ]);
    }
    table
}

/// A case in full.
pub(super) fn case(page: &mut Page, case: &Case) {
    page.heading(&format!(
        "{} for {}: {}",
        case.number,
        case.account.as_deref().unwrap_or("a visitor"),
        case.about.name()
    ));
    let contact: Vec<String> = case
        .contact
        .iter()
        .map(|(field, value)| format!("{field} {value}"))
        .collect();
    page.record(&[
        ("Text", Some(case.text.clone())),
        ("Wished by", case.member.clone()),
        ("Contact", Some(contact.join(", "))),
        ("Goes to", case.goes_to.clone()),
        ("Opened", Some(case.opened_at.to_string())),
        ("Closed", case.closed_at.map(|at| at.to_string())),
        ("Outcome", case.outcome.clone()),
    ]);
}
