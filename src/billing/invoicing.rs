//! Issuing and settling the document of an order, with its postings.

use super::account::Numbers;
use super::calendar::plus_days;
use super::change::Change;
use super::invoice::{self, Invoice, InvoiceKind, InvoiceState};
use super::ledger::{Book, Cause, Movement};
use super::money::Money;
use super::order::{Line, Order};
use super::refusal::Refusal;
use super::scene::Scene;

/// What settles a document on the day it is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// Paid by a payment.
    pub paid: Money,
    /// The payment.
    pub payment: Option<i64>,
    /// Paid from the balance.
    pub from_balance: Money,
}

impl Settlement {
    /// Nothing yet.
    pub fn none(order: &Order) -> Settlement {
        let zero = Money::zero(order.currency);
        Settlement {
            paid: zero,
            payment: None,
            from_balance: zero,
        }
    }
}

/// The invoice of an order (a credit note, if the order gives money back) as it is issued and, as far as
/// the settlement goes, paid. None for an order that moves nothing.
///
/// # Errors
/// An amount is too large.
pub fn issue(
    scene: &Scene<'_>,
    order: &Order,
    settlement: Settlement,
    next: &mut Numbers,
) -> Result<(Option<i64>, Vec<Change>), Refusal> {
    if order.lines.is_empty() {
        return Ok((None, Vec::new()));
    }
    let gives = order.total.minor < 0;
    let rules = &scene.policy.invoice;
    let kind = match gives {
        true => InvoiceKind::CreditNote,
        false => InvoiceKind::Invoice,
    };
    let id = Numbers::take(&mut next.invoice);
    let on = scene.on();
    let (series, number) = invoice::take_number(kind, rules, next, on, &scene.facts.account.name);
    let settled = settlement.paid.plus(settlement.from_balance)?;
    let done = gives || settled.minor >= order.total.minor;
    let document = Invoice {
        id,
        kind,
        number,
        series,
        account: order.account,
        order: Some(order.id),
        corrects: None,
        issued_on: on,
        due_on: plus_days(on, i64::from(rules.due_days)),
        currency: order.currency,
        net: order.net,
        tax: order.tax,
        total: order.total,
        from_balance: settlement.from_balance,
        paid: settlement.paid,
        credited: Money::zero(order.currency),
        state: if done {
            InvoiceState::Paid
        } else {
            InvoiceState::Open
        },
        settled_on: done.then_some(on),
    };
    let mut movement = Movement::of(order.account, on, order.currency);
    charge(&mut movement, id, &order.lines)?;
    if gives {
        let cause = Cause {
            invoice: Some(id),
            ..Cause::default()
        };
        movement.debit(Book::Receivable, order.total.negated()?, cause);
        movement.debit(Book::CustomerBalance, order.total, cause);
    }
    collect(&mut movement, id, settlement)?;
    let add = Change::AddInvoice {
        invoice: Box::new(document),
        lines: Vec::new(),
    };
    Ok((Some(id), vec![add, Change::Post(movement.balanced()?)]))
}

/// Pays an invoice that was issued before.
///
/// # Errors
/// An amount is too large.
pub fn settle(
    scene: &Scene<'_>,
    invoice: &Invoice,
    settlement: Settlement,
) -> Result<Vec<Change>, Refusal> {
    let paid = invoice.paid.plus(settlement.paid)?;
    let from_balance = invoice.from_balance.plus(settlement.from_balance)?;
    let all = Invoice {
        paid,
        from_balance,
        ..invoice.clone()
    };
    let done = all.open().is_zero();
    let mut movement = Movement::of(invoice.account, scene.on(), invoice.currency);
    collect(&mut movement, invoice.id, settlement)?;
    let set = Change::SetInvoice {
        invoice: invoice.id,
        state: if done {
            InvoiceState::Paid
        } else {
            InvoiceState::Open
        },
        paid,
        from_balance,
        credited: invoice.credited,
        settled_on: done.then_some(scene.on()),
    };
    Ok(vec![set, Change::Post(movement.balanced()?)])
}

/// Debits the customer with lines; their net is served later, their tax is the tax office's.
///
/// # Errors
/// An amount is too large.
pub fn charge(movement: &mut Movement, invoice: i64, lines: &[Line]) -> Result<(), Refusal> {
    for line in lines {
        let cause = Cause {
            invoice: Some(invoice),
            line: Some(line.id),
            payment: None,
        };
        movement.debit(Book::Receivable, line.net.plus(line.tax)?, cause);
        movement.credit(Book::Deferred, line.net, cause)?;
        movement.credit(Book::Tax, line.tax, cause)?;
    }
    Ok(())
}

/// An open invoice of which nothing was paid is void: it keeps its number, and what its lines posted is posted
/// the other way.
///
/// # Errors
/// An amount is too large.
pub fn reversed(
    scene: &Scene<'_>,
    invoice: &Invoice,
    lines: &[Line],
) -> Result<Vec<Change>, Refusal> {
    let mut back = Vec::with_capacity(lines.len());
    for line in lines {
        back.push(Line {
            net: line.net.negated()?,
            tax: line.tax.negated()?,
            ..line.clone()
        });
    }
    let mut movement = Movement::of(invoice.account, scene.on(), invoice.currency);
    charge(&mut movement, invoice.id, &back)?;
    Ok(vec![
        voided(scene, invoice),
        Change::Post(movement.balanced()?),
    ])
}

/// The invoice, called off on the scene's day.
pub fn voided(scene: &Scene<'_>, invoice: &Invoice) -> Change {
    Change::SetInvoice {
        invoice: invoice.id,
        state: InvoiceState::Void,
        paid: invoice.paid,
        from_balance: invoice.from_balance,
        credited: invoice.credited,
        settled_on: Some(scene.on()),
    }
}

fn collect(movement: &mut Movement, invoice: i64, settlement: Settlement) -> Result<(), Refusal> {
    let cause = Cause {
        invoice: Some(invoice),
        line: None,
        payment: settlement.payment,
    };
    movement.debit(Book::Cash, settlement.paid, cause);
    movement.credit(Book::Receivable, settlement.paid, cause)?;
    let cause = Cause {
        payment: None,
        ..cause
    };
    movement.debit(Book::CustomerBalance, settlement.from_balance, cause);
    movement.credit(Book::Receivable, settlement.from_balance, cause)?;
    Ok(())
}
