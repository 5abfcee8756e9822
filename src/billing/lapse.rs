//! Calling an unpaid order off: what it asked for is taken back, and nothing else changes.

use super::allot::{Sharing, by_weight};
use super::change::Change;
use super::invoice::Invoice;
use super::invoicing::{reversed, voided};
use super::ledger::{Book, Cause, Movement};
use super::order::{Order, OrderState};
use super::refusal::Refusal;
use super::scene::Scene;
use super::term::Slice;

/// What an order leaves behind when it is called off, lapses or fails before it was paid: its open invoice
/// is void, and seats that were there ahead of the payment go.
///
/// # Errors
/// An amount is too large.
pub fn call_off(
    scene: &Scene<'_>,
    order: &Order,
    state: OrderState,
) -> Result<Vec<Change>, Refusal> {
    let mut changes = vec![Change::SetOrder {
        order: order.id,
        state,
        at: scene.at,
    }];
    let open = scene
        .facts
        .open_invoices
        .iter()
        .find(|open| open.order == Some(order.id));
    if let Some(open) = open {
        changes.extend(void(scene, open, order)?);
    }
    changes.extend(take_back(scene, order));
    Ok(changes)
}

/// An unpaid invoice is void; where notes have taken some of it back already, only what is open is reversed.
fn void(scene: &Scene<'_>, invoice: &Invoice, order: &Order) -> Result<Vec<Change>, Refusal> {
    if invoice.open() == invoice.total {
        return reversed(scene, invoice, &order.lines);
    }
    let mut movement = Movement::of(invoice.account, scene.on(), invoice.currency);
    rest(&mut movement, invoice)?;
    Ok(vec![
        voided(scene, invoice),
        Change::Post(movement.balanced()?),
    ])
}

/// What notes have left of an invoice, as net amount and tax in the invoice's own proportion.
fn rest(movement: &mut Movement, invoice: &Invoice) -> Result<(), Refusal> {
    let open = invoice.open();
    let weights = [invoice.net.minor, invoice.tax.minor];
    let parts = by_weight(open, &weights, Sharing::LargestRemainder);
    let cause = Cause {
        invoice: Some(invoice.id),
        line: None,
        payment: None,
    };
    for (book, part) in [Book::Deferred, Book::Tax].into_iter().zip(parts) {
        movement.debit(book, part, cause);
    }
    movement.credit(Book::Receivable, open, cause)?;
    Ok(())
}

/// Seats that took effect with the order and were never paid: what held before holds again.
pub(super) fn take_back(scene: &Scene<'_>, order: &Order) -> Vec<Change> {
    if !order.is_ahead() {
        return Vec::new();
    }
    let on = scene.on();
    let running = scene
        .facts
        .terms
        .iter()
        .filter(|term| term.paid && term.span.end > on);
    running
        .filter_map(|term| match term.slices.as_slice() {
            [.., before, last] if last.order == Some(order.id) => Some(Change::AddSlice {
                term: term.id,
                slice: Slice {
                    from: on.max(last.from),
                    ..before.clone()
                },
            }),
            _ => None,
        })
        .collect()
}
