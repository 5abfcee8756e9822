//! Seats, limits and credits on the page.

use super::page::{Page, Table, or_dash};
use crate::billing::catalog::Sale;
use crate::wire::account::Account;
use crate::wire::credit::{Credit, Offer};
use crate::wire::limit::{Check, Limit, RoomKind};
use crate::wire::seats::{Holder, Seats};

fn or_unlimited(amount: Option<i64>) -> String {
    amount.map_or_else(|| "unlimited".to_owned(), |amount| amount.to_string())
}

/// What an account uses: add-ons, credits, limits.
pub(super) fn account(page: &mut Page, account: &Account) {
    if !account.add_ons.is_empty() {
        page.heading("Add-ons");
        let mut table = Table::new(&["Add-on", "Units", "Until"]).numbers(&[1]);
        for held in &account.add_ons {
            table.row([
                held.name.clone(),
                held.quantity.to_string(),
                held.until.to_string(),
            ]);
        }
        page.table(&table);
    }
    if account.plan.is_none() {
        return;
    }
    if !account.credits.is_empty() {
        page.heading("Credits");
        page.table(&credit_table(&account.credits));
    }
    if !account.limits.is_empty() {
        page.heading("Use");
        page.table(&limit_table(&account.limits));
    }
}

/// Limits.
pub(super) fn limits(page: &mut Page, limits: &[Limit]) {
    page.list(&limit_table(limits));
}

fn limit_table(limits: &[Limit]) -> Table {
    let mut table = Table::new(&[
        "Limit",
        "Used",
        "Allowed",
        "Left",
        "Resets on",
        "Above since",
        "Of",
        "From",
    ])
    .numbers(&[1, 2, 3]);
    for limit in limits {
        table.row([
            limit.id.clone(),
            limit.used.to_string(),
            or_unlimited(limit.allowed),
            or_unlimited(limit.left),
            or_dash(limit.resets_on.map(|day| day.to_string()).as_deref()),
            or_dash(limit.over_since.map(|at| at.to_string()).as_deref()),
            or_dash(limit.member.as_deref()),
            limit.from.clone(),
        ]);
    }
    table
}

/// A limit.
pub(super) fn limit(page: &mut Page, limit: &Limit) {
    page.heading(&limit.name);
    page.record(&[
        ("Of", limit.member.clone()),
        ("Used", Some(limit.used.to_string())),
        ("Allowed", Some(or_unlimited(limit.allowed))),
        ("Left", Some(or_unlimited(limit.left))),
        ("From", Some(limit.from.clone())),
        ("Resets on", limit.resets_on.map(|day| day.to_string())),
        ("Above since", limit.over_since.map(|at| at.to_string())),
        (
            "Actions stop",
            limit
                .blocks_at
                .map(|at| format!("{at}: {}", limit.blocks.join(", "))),
        ),
    ]);
}

/// Whether more may be added.
pub(super) fn check(page: &mut Page, check: &Check) {
    let what = format!(
        "{} more {} of {}",
        check.asked, check.limit.name, check.account
    );
    page.line(&match (check.room, check.left, check.tolerated_until) {
        (RoomKind::Fits, Some(left), _) => format!("{what}: yes, {left} are left then."),
        (RoomKind::Fits, None, _) => format!("{what}: yes, there is no limit."),
        (RoomKind::Grace, _, Some(until)) => {
            format!(
                "{what}: above the limit, and tolerated until {}.",
                until.format("%Y-%m-%d %H:%M")
            )
        }
        (RoomKind::Grace, _, None) | (RoomKind::NotBlocked, _, _) => {
            format!("{what}: above the limit, but this is not stopped.")
        }
    });
}

/// Credits.
pub(super) fn credits(page: &mut Page, credits: &[Credit]) {
    page.list(&credit_table(credits));
}

fn credit_table(credits: &[Credit]) -> Table {
    let mut table = Table::new(&["Credit", "Left", "Given", "Resets on", "Of"]).numbers(&[1, 2]);
    for credit in credits {
        table.row([
            credit.id.clone(),
            or_unlimited(credit.left),
            or_unlimited(credit.given),
            or_dash(credit.resets_on.map(|day| day.to_string()).as_deref()),
            or_dash(credit.member.as_deref()),
        ]);
    }
    table
}

/// Add-ons that could be ordered: a line for each period.
pub(super) fn offers(page: &mut Page, offers: &[Offer]) {
    let mut table =
        Table::new(&["Add-on", "Name", "Period", "Price", "Today", "Sold"]).numbers(&[3, 4]);
    for offer in offers {
        let sold = match (&offer.refused, offer.sale) {
            (None, _) => "yes".to_owned(),
            (Some(_), Sale::SalesOnly) => "on request".to_owned(),
            (Some(why), _) => format!("not now: {why}"),
        };
        for offered in &offer.prices {
            let today = offered.today.as_ref();
            let price = offered.a_period;
            let price = price.map(|price| format!("{price} {}", offer.currency));
            table.row([
                offer.id.clone(),
                offer.name.clone(),
                or_dash(offered.period.map(|period| period.to_string()).as_deref()),
                or_dash(price.as_deref()),
                or_dash(today.map(|today| today.money().to_string()).as_deref()),
                sold.clone(),
            ]);
        }
    }
    page.list(&table);
}

/// Seats by type, and who holds one.
pub(super) fn seats(page: &mut Page, seats: &Seats) {
    let units = super::order::units(&seats.unit);
    page.heading(&format!("{units} of {} on {}", seats.account, seats.on));
    let count =
        |seats: Option<u32>| seats.map_or_else(|| "unlimited".to_owned(), |n| n.to_string());
    let headers = ["Type", &units, "Assigned", "Free", "Once paid"].map(str::to_owned);
    let mut table = Table::named(&headers).numbers(&[1, 2, 3, 4]);
    for kind in &seats.types {
        table.row([
            kind.id.clone(),
            count(kind.seats),
            kind.assigned.to_string(),
            count(kind.free),
            or_dash(kind.ordered.map(|seats| seats.to_string()).as_deref()),
        ]);
    }
    page.table(&table);
    page.heading("Members");
    page.table(&holder_table(&seats.members));
}

/// Who holds a seat.
pub(super) fn holders(page: &mut Page, holders: &[Holder]) {
    page.list(&holder_table(holders));
}

fn holder_table(holders: &[Holder]) -> Table {
    let mut table = Table::new(&["Member", "Holds"]);
    for holder in holders {
        table.row([holder.email.clone(), or_dash(holder.seat.as_deref())]);
    }
    table
}
