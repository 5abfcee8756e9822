//! Looking at invoices and credit notes.

use super::load;
use super::{Failure, Question, Terms};
use crate::billing::account::Account;
use crate::billing::invoice::{Invoice as Kept, InvoiceKind};
use crate::billing::money::Money;
use crate::billing::payment::PaymentState;
use crate::store::{Filter, Reader};
use crate::wire::Document;
use crate::wire::invoice::{Brief, Customer, GivenBack, Invoice, Tax};
use crate::wire::order::{Line, Payment};
use std::collections::BTreeMap;

/// A document by its number.
///
/// # Errors
/// There is none.
pub fn by_number(read: Reader<'_>, number: &str) -> Result<Kept, Failure> {
    if let Some(found) = read.invoice_numbered(number.trim())? {
        return Ok(found);
    }
    let latest = read.invoices(&Filter {
        at_most: 500,
        ..Filter::default()
    })?;
    Err(load::missing(
        "invoice",
        number,
        latest.into_iter().map(|invoice| invoice.number),
    ))
}

/// Everything about a numbered document.
///
/// # Errors
/// The store cannot be read.
pub fn invoice_document(read: Reader<'_>, terms: &Terms, kept: &Kept) -> Result<Document, Failure> {
    let invoice = invoice(read, terms, kept)?;
    Ok(Document::Invoice(Box::new(invoice)))
}

/// The same as its own kind of document.
///
/// # Errors
/// The store cannot be read.
pub fn invoice(read: Reader<'_>, terms: &Terms, kept: &Kept) -> Result<Invoice, Failure> {
    let account = read
        .account_by_id(kept.account)?
        .ok_or_else(|| Failure::not_found("account", ""))?;
    let account = read.billed_as(account, kept.id)?;
    let seller = load::seller(read, kept.issued_on)?.catalog.seller.clone();
    let mut lines: Vec<Line> = read
        .lines_of_invoice(kept)?
        .iter()
        .map(Line::from)
        .collect();
    super::order::place_keys(read, &mut lines, terms)?;
    let corrects = match kept.corrects {
        Some(id) => read.invoice(id)?.map(|invoice| invoice.number),
        None => None,
    };
    let payments = match kept.order {
        Some(order) => read.payments_of_order(order)?,
        None => Vec::new(),
    };
    let number = Some(kept.number.clone());
    let given_back = match kept.kind {
        InvoiceKind::CreditNote => Some(given_back(read, kept, &account.name)?),
        InvoiceKind::Invoice => None,
    };
    Ok(Invoice {
        given_back,
        number: kept.number.clone(),
        kind: kept.kind,
        state: kept.state,
        issued_on: kept.issued_on,
        due_on: kept.due_on,
        settled_on: kept.settled_on,
        order: kept.order.map(crate::billing::order::number),
        corrects,
        seller,
        taxes: taxes(&lines)?,
        lines,
        net: kept.net.into(),
        tax: kept.tax.into(),
        total: kept.total.into(),
        from_balance: kept.from_balance.into(),
        paid: kept.paid.into(),
        credited: kept.credited.into(),
        open: kept.open().into(),
        payments: payments
            .iter()
            .map(|payment| {
                let invoice = number.clone().filter(|_| payment.invoice == Some(kept.id));
                Payment::of(payment, &account.name, invoice)
            })
            .collect(),
        customer: customer(account),
    })
}

/// Where the money of a credit note went, as it stands now: what could not be paid out is in the balance.
fn given_back(read: Reader<'_>, note: &Kept, account: &str) -> Result<GivenBack, Failure> {
    let went = read.went_to(note)?;
    let mut off = note.total.negated()?.minus(went.balance)?;
    let (mut balance, mut refunds) = (went.balance, Vec::new());
    for (refund, amount) in went.refunds {
        off = off.minus(amount)?;
        let Some(refund) = read.payment(refund)? else {
            continue;
        };
        if refund.state == PaymentState::Declined {
            balance = balance.plus(amount)?;
            continue;
        }
        refunds.push(Payment {
            amount: amount.into(),
            note: Some(note.number.clone()),
            ..Payment::of(&refund, account, None)
        });
    }
    Ok(GivenBack {
        off_invoice: off.into(),
        to_balance: balance.into(),
        refunds,
    })
}

fn customer(account: Account) -> Customer {
    Customer {
        account: account.name,
        title: account.title,
        country: account.country,
        billing: account.billing,
    }
}

/// Lines summed by rate, the highest first.
fn taxes(lines: &[Line]) -> Result<Vec<Tax>, Failure> {
    let mut rates: BTreeMap<(rust_decimal::Decimal, Option<String>), (Money, Money)> =
        BTreeMap::new();
    for line in lines {
        let zero = Money::zero(line.net.currency);
        let sums = rates
            .entry((line.tax_percent, line.tax_name.clone()))
            .or_insert((zero, zero));
        sums.0 = sums.0.plus(line.net.money())?;
        sums.1 = sums.1.plus(line.tax.money())?;
    }
    let named = rates
        .into_iter()
        .rev()
        .filter(|((percent, name), _)| !percent.is_zero() || name.is_some());
    Ok(named
        .map(|((percent, name), (base, tax))| Tax {
            name,
            percent,
            base: base.into(),
            tax: tax.into(),
        })
        .collect())
}

/// A document by its number.
#[derive(Debug, Clone)]
pub struct Show {
    /// Its number.
    pub invoice: String,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let kept = by_number(read, &self.invoice)?;
        load::may_see_invoices(read, Some(&read.account_name(kept.account)?), terms)?;
        invoice_document(read, terms, &kept)
    }
}

/// Documents, newest first.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Only of this account.
    pub account: Option<String>,
    /// What else narrows it.
    pub filter: Filter,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        load::may_see_invoices(read, self.account.as_deref(), terms)?;
        let filter = load::narrowed(read, self.account.as_deref(), &self.filter)?;
        let mut briefs = Vec::new();
        for invoice in read.invoices(&filter)? {
            briefs.push(Brief::of(&invoice, &read.account_name(invoice.account)?));
        }
        Ok(Document::Invoices(briefs))
    }
}
