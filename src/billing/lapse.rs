//! Calling an unpaid order off: what it asked for is taken back, and nothing else changes.

use super::change::Change;
use super::invoice::Invoice;
use super::invoicing::reversed;
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

/// An unpaid invoice is void: what notes have left of its lines is posted the other way, line by line, so that
/// net and tax of each rate come to nothing.
fn void(scene: &Scene<'_>, invoice: &Invoice, order: &Order) -> Result<Vec<Change>, Refusal> {
    let mut left = order.lines.clone();
    for line in &mut left {
        let given = scene
            .facts
            .noted
            .iter()
            .filter(|given| given.line == line.id);
        for given in given {
            line.net = line.net.minus(given.net)?;
            line.tax = line.tax.minus(given.tax)?;
        }
    }
    reversed(scene, invoice, &left)
}

/// Seats that took effect with the order and were never paid: what held before holds again.
pub(super) fn take_back(scene: &Scene<'_>, order: &Order) -> Vec<Change> {
    if !order.is_ahead() {
        return Vec::new();
    }
    let on = scene.on();
    scene
        .paid_terms()
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
