//! Orders and payments on the page.

use super::lines;
use super::page::{Page, Table, or_dash};
use crate::billing::listed;
use crate::billing::money::Money;
use crate::billing::payment::{PaymentKind, PaymentState};
use crate::billing::policy::OrderKind;
use crate::billing::scene::{kind_words, seats_in_words};
use crate::cli::reply::Detail;
use crate::wire::order::{Brief, Order, Payment, Scheduled, ServedBy};

/// What an order is for, as a title.
fn kind(kind: OrderKind, unit: &str) -> String {
    let said = match kind {
        OrderKind::Seats | OrderKind::SeatRemoval => return kind_words(kind, unit),
        OrderKind::Purchase => "purchase",
        OrderKind::Upgrade => "upgrade",
        OrderKind::Downgrade => "downgrade",
        OrderKind::PeriodChange => "change of period",
        OrderKind::Extension => "extension",
        OrderKind::Renewal => "renewal",
        OrderKind::AddOn => "add-on",
    };
    said.to_owned()
}

/// Orders, briefly.
pub(super) fn orders(page: &mut Page, orders: &[Brief]) {
    page.list(&table(orders));
}

/// Orders as a table.
pub(super) fn table(orders: &[Brief]) -> Table {
    let mut table =
        Table::new(&["Order", "Account", "For", "State", "Placed on", "Total"]).numbers(&[5]);
    for order in orders {
        table.row([
            order.number.clone(),
            order.account.clone(),
            kind(order.kind, &order.unit),
            order.state.name().to_owned(),
            order.placed_on.to_string(),
            order.total.money().to_string(),
        ]);
    }
    table
}

/// An order in full.
pub(super) fn order(page: &mut Page, order: &Order) {
    if page.detail() == Detail::Words {
        return letter(page, order);
    }
    page.heading(&format!(
        "{} for {}: {}",
        order.number,
        order.account,
        kind(order.kind, &order.unit)
    ));
    let instalments = (order.instalments.len() > 1).then(|| {
        let parts: Vec<&str> = order
            .instalments
            .iter()
            .map(|part| part.amount.as_str())
            .collect();
        format!("{} parts: {}", parts.len(), parts.join(" + "))
    });
    let loses = (!order.loses.is_empty()).then(|| order.loses.join(", "));
    let mut fields = vec![
        ("State", Some(order.state.name().to_owned())),
        ("Placed at", Some(order.placed_at.to_string())),
        ("To be paid by", order.method.clone()),
        ("Instalments", instalments),
        ("Pay before", order.lapses_on.map(|day| day.to_string())),
        ("Invoice", order.invoice.clone()),
        ("Served from", served(order)),
        ("Reason", order.reason.clone()),
    ];
    fields.extend(order.effects.iter().map(|effect| {
        let label = match effect.item.is_empty() {
            true => "Money",
            false => "Brings",
        };
        (label, Some(effect.text.clone()))
    }));
    fields.push(("Loses", loses));
    let total = order.total.money();
    let back = Money::of(total.minor.saturating_neg(), total.currency);
    let back = (back.minor > 0).then(|| format!("{back} to the balance"));
    fields.push(("Gives back", back));
    page.record(&fields);
    let mut totals = vec![("Total", &order.total)];
    if order.tax.minor != 0 {
        totals.insert(0, ("Tax", &order.tax));
        totals.insert(0, ("Net", &order.net));
    }
    if order.from_balance.minor != 0 {
        let side = match order.from_balance.minor < 0 {
            true => "To the balance",
            false => "From the balance",
        };
        totals.push((side, &order.from_balance));
    }
    if order.total.minor > 0 && order.due != order.total {
        totals.push(("To pay", &order.due));
    }
    page.heading("What it costs");
    match order.lines.is_empty() {
        true => {
            let totals = totals.into_iter();
            let fields = totals.map(|(label, amount)| (label, Some(amount.money().to_string())));
            page.record(&fields.collect::<Vec<_>>());
        }
        false => lines::lines(page, &order.lines, &totals),
    }
    if page.detail() == Detail::Working {
        stated(page, order);
    }
    payments_of(page, order);
    afterwards(page, order);
}

/// `2026-07-03, as INV-2026-000001 says, whenever it is paid`, or `2026-07-03, the day of the payment`.
fn served(order: &Order) -> Option<String> {
    let served = order.served.as_ref()?;
    if served.by == ServedBy::Payment {
        return Some(format!("{}, the day of the payment", served.from));
    }
    let whenever = match order.state.is_open() {
        true => ", whenever it is paid",
        false => "",
    };
    let says = order.invoice.as_ref();
    let says = says.map(|invoice| format!(", as {invoice} says"));
    let says = says.unwrap_or_default();
    Some(format!("{}{says}{whenever}", served.from))
}

/// Why the days of an order are those of its invoice, or those from its payment on.
fn stated(page: &mut Page, order: &Order) {
    let Some(served) = &order.served else {
        return;
    };
    let by_payment = served.by == ServedBy::Payment;
    let stated_by = order.invoice.as_ref().filter(|_| !by_payment);
    let paid = "the payment; what it costs is what was agreed with the order";
    page.heading(&format!("Served from {}", served.from));
    page.record(&[
        (
            "Stated by",
            stated_by.map(|invoice| format!("{invoice}, which came before the payment")),
        ),
        ("Begins with", by_payment.then(|| paid.to_owned())),
        ("Policy", Some(lines::policy_key(&served.because))),
        ("Rule", served.because.rule.clone()),
    ]);
}

fn payments_of(page: &mut Page, order: &Order) {
    if order.payments.is_empty() {
        return;
    }
    page.heading("Payments");
    payment_table(page, &order.payments);
}

fn afterwards(page: &mut Page, order: &Order) {
    let Some(after) = &order.afterwards else {
        return;
    };
    page.heading(match order.state.is_open() {
        true => "After payment",
        false => "Now",
    });
    let units = units(&after.unit);
    page.record(&[
        ("Plan", Some(after.plan_name.clone())),
        (&units, Some(seats_in_words(&after.seats, &after.unit))),
        ("Paid until", after.paid_until.map(|day| day.to_string())),
        (
            "Renews by itself",
            Some(if after.auto_renew { "yes" } else { "no" }.to_owned()),
        ),
        (
            "At the renewal",
            after.at_renewal.as_ref().map(|waits| waits.text.clone()),
        ),
    ]);
}

/// The order as a paragraph that can be pasted to the customer.
fn letter(page: &mut Page, order: &Order) {
    let inside = lines::inside(&order.lines);
    for sentence in lines::in_words(&order.lines, inside) {
        page.line(&sentence);
    }
    let unsigned = |money: Money| Money::of(money.minor.saturating_abs(), money.currency);
    let back = order.total.minor < 0;
    let tax = unsigned(order.tax.money());
    if !tax.is_zero() && !inside {
        page.line(&match order.tax.minor < 0 {
            true => format!("Tax of {tax} comes back with it."),
            false => format!("Tax of {tax} is added."),
        });
    }
    let total = unsigned(order.total.money());
    let total = match back {
        true => format!("In all you get {total} back"),
        false => format!("The total is {total}"),
    };
    page.line(&match tax.is_zero() || !inside {
        true => format!("{total}."),
        false => format!("{total}, with {tax} of tax in it."),
    });
    if order.from_balance.minor != 0 {
        let balance = order.from_balance.money();
        page.line(&format!(
            "{balance} of it is paid from your balance, so {} is left.",
            order.due.money()
        ));
    }
    if let Some(served) = served(order) {
        page.line(&format!("It counts from {served}."));
    }
    if let Some(after) = &order.afterwards {
        let seats = seats_in_words(&after.seats, &after.unit);
        let until = after
            .paid_until
            .map(|day| format!(", paid until {day}"))
            .unwrap_or_default();
        let when = match order.state.is_open() {
            true => "After payment you have",
            false => "You now have",
        };
        page.line(&format!(
            "{when} the plan {} with {seats}{until}.",
            after.plan_name
        ));
        if let Some(waits) = &after.at_renewal {
            let from = after.paid_until.map(|day| format!(" on {day}"));
            page.line(&format!(
                "At the renewal{} it becomes {}, as you asked on {}.",
                from.unwrap_or_default(),
                waits.text,
                waits.asked_on
            ));
        }
    }
}

/// The head of a row that counts what the seller sells: `Seats`, `Licences`.
pub(super) fn units(unit: &str) -> String {
    format!("{}s", listed::capital(unit))
}

/// A change that waits.
pub(super) fn scheduled(page: &mut Page, scheduled: &Scheduled) {
    let next = &scheduled.next;
    let changes = match next.is_as_before() {
        true => "renews as it is",
        false => "changes at its renewal",
    };
    page.heading(&format!("{} {changes}", scheduled.account));
    let (unit, units) = (&scheduled.unit, units(&scheduled.unit));
    page.record(&[
        ("From", scheduled.from.map(|day| day.to_string())),
        ("Plan", scheduled.plan_name.clone()),
        ("Period", next.period.map(|period| period.to_string())),
        (
            &units,
            next.seats.as_ref().map(|seats| seats_in_words(seats, unit)),
        ),
    ]);
}

/// Payments of many accounts.
pub(super) fn payments(page: &mut Page, payments: &[Payment]) {
    let mut heads = PAYMENT.to_vec();
    heads.insert(1, "Account");
    let mut table = Table::new(&heads).numbers(&[5]);
    for payment in payments {
        let mut cells = payment_cells(payment).to_vec();
        cells.insert(1, payment.account.clone());
        table.add(cells);
    }
    page.list(&table);
}

/// Payments below the document that they belong to.
pub(super) fn payment_table(page: &mut Page, payments: &[Payment]) {
    let mut table = Table::new(&PAYMENT).numbers(&[4]);
    for payment in payments {
        table.row(payment_cells(payment));
    }
    page.table(&table);
}

const PAYMENT: [&str; 7] = [
    "Payment",
    "Order",
    "Begun at",
    "Method",
    "Amount",
    "State",
    "Reference",
];

fn payment_cells(payment: &Payment) -> [String; 7] {
    let state = match (payment.state, &payment.reason) {
        (PaymentState::Declined, Some(reason)) => format!("declined: {reason}"),
        (state, _) => state.name().to_owned(),
    };
    let state = match payment.kind {
        PaymentKind::Charge => state,
        PaymentKind::Refund => format!("refund {state}"),
    };
    [
        payment.number.clone(),
        or_dash(payment.order.as_deref()),
        payment.begun_at.to_string(),
        payment.method.clone(),
        payment.amount.money().to_string(),
        state,
        or_dash(payment.reference.as_deref()),
    ]
}
