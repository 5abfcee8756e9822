//! Invoices and credit notes on the page.

use super::lines;
use super::page::{Page, Table};
use crate::billing::invoice::InvoiceKind;
use crate::billing::payment::PaymentState;
use crate::wire::invoice::{Brief, Invoice};

fn kind(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::Invoice => "invoice",
        InvoiceKind::CreditNote => "credit note",
    }
}

/// Documents, briefly.
pub(super) fn invoices(page: &mut Page, invoices: &[Brief]) {
    page.list(&rows(invoices));
}

/// Documents inside a record.
pub(super) fn table(page: &mut Page, invoices: &[Brief]) {
    page.table(&rows(invoices));
}

fn rows(invoices: &[Brief]) -> Table {
    let mut table = Table::new(&[
        "Number",
        "Kind",
        "Account",
        "Issued on",
        "State",
        "Open",
        "Total",
    ])
    .numbers(&[5, 6]);
    for invoice in invoices {
        table.row([
            invoice.number.clone(),
            kind(invoice.kind).to_owned(),
            invoice.account.clone(),
            invoice.issued_on.to_string(),
            invoice.state.name().to_owned(),
            invoice.open.money().to_string(),
            invoice.total.money().to_string(),
        ]);
    }
    table
}

/// `16.00 USD to the balance, 20.00 USD refunded by card on 2026-07-02 (P-000003)`.
fn given_back(invoice: &Invoice) -> Option<String> {
    let given = invoice.given_back.as_ref()?;
    let mut parts = Vec::new();
    if given.off_invoice.minor != 0 {
        parts.push(format!("{} off the invoice", given.off_invoice.money()));
    }
    if given.to_balance.minor != 0 {
        parts.push(format!("{} to the balance", given.to_balance.money()));
    }
    parts.extend(given.refunds.iter().map(|refund| {
        let (amount, method, number) = (refund.amount.money(), &refund.method, &refund.number);
        match (refund.state, refund.settled_at) {
            (PaymentState::Paid, Some(at)) => {
                let on = at.date();
                format!("{amount} refunded by {method} on {on} ({number})")
            }
            _ => format!("{amount} on its way by {method} ({number})"),
        }
    }));
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A document in full.
pub(super) fn invoice(page: &mut Page, invoice: &Invoice) {
    let customer = &invoice.customer;
    page.heading(&format!("{} ({})", invoice.number, kind(invoice.kind)));
    let billed = customer
        .billing
        .payer
        .clone()
        .unwrap_or_else(|| customer.title.clone());
    let address = customer.billing.address.join(", ");
    page.record(&[
        ("State", Some(invoice.state.name().to_owned())),
        ("Issued on", Some(invoice.issued_on.to_string())),
        ("Due on", Some(invoice.due_on.to_string())),
        ("Settled on", invoice.settled_on.map(|day| day.to_string())),
        ("From", Some(invoice.seller.name.clone())),
        ("To", Some(format!("{billed}, {}", customer.country))),
        ("Address", Some(address)),
        ("Taxpayer", customer.billing.taxpayer.clone()),
        ("Order", invoice.order.clone()),
        ("Corrects", invoice.corrects.clone()),
        ("Gives back", given_back(invoice)),
    ]);
    let mut totals = vec![("Total", &invoice.total)];
    if invoice.tax.minor != 0 {
        totals.insert(0, ("Tax", &invoice.tax));
        totals.insert(0, ("Net", &invoice.net));
    }
    let side = match invoice.from_balance.minor < 0 {
        true => "To the balance",
        false => "From the balance",
    };
    for (label, amount) in [
        (side, &invoice.from_balance),
        ("Credited", &invoice.credited),
        ("Paid", &invoice.paid),
    ] {
        if amount.minor != 0 {
            totals.push((label, amount));
        }
    }
    totals.push(("Still to pay", &invoice.open));
    page.heading("Lines");
    lines::lines(page, &invoice.lines, &totals);
}
