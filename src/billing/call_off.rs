//! Calling off what waits to be paid: an order, and the open invoice that asks for it.

use super::account::Numbers;
use super::change::Change;
use super::collect::until_it_ends;
use super::correct::{self, Much, Paper, Towards};
use super::invoice::{InvoiceKind, InvoiceState};
use super::invoicing::reversed;
use super::lapse::take_back;
use super::order::{Order, OrderState};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::term::{Slice, Term};

/// Calls an order off that waits to be paid: its open invoice is voided, and what took effect ahead of the
/// payment goes back.
///
/// # Errors
/// It is in no state to be called off, or what it gave is in use.
pub fn order(
    scene: &Scene<'_>,
    order: &Order,
    papers: &[Paper],
    next: &mut Numbers,
) -> Result<Vec<Change>, Refusal> {
    check_pending(scene, order)?;
    check_taken_back(scene, order)?;
    let mut changes = take_back(scene, order);
    let (state, at) = (OrderState::Cancelled, scene.at);
    changes.push(Change::SetOrder {
        order: order.id,
        state,
        at,
    });
    let open = papers.iter().find(|paper| {
        paper.invoice.order == Some(order.id) && paper.invoice.state == InvoiceState::Open
    });
    if let Some(paper) = open {
        if untouched(paper) {
            changes.extend(reversed(scene, &paper.invoice, &paper.lines)?);
        } else {
            let picks = correct::pick_taxed(paper, &scene.policy.tax, &Much::All)?;
            let note = correct::note(scene, paper, &picks, Towards::Balance, next)?;
            changes.extend(note.changes);
        }
    }
    Ok(changes)
}

fn check_pending(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    let number = order.number();
    match order.state {
        OrderState::Pending => Ok(()),
        OrderState::Processing => {
            let message =
                format!("A payment of {number} is on its way, so it cannot be cancelled.");
            let refusal = Refusal::new(Code::OrderNotOpen, message);
            Err(until_it_ends(scene, order.id, refusal))
        }
        OrderState::Paid => {
            let message = format!("{number} is paid and has taken effect.");
            Err(Refusal::new(Code::OrderNotOpen, message)
                .say("What was paid is given back with `subdesk invoice credit` or `subdesk payment refund`.")
                .run(format!("order show {number}")))
        }
        OrderState::Failed | OrderState::Cancelled | OrderState::Lapsed => {
            let message = format!("{number} is {} already.", order.state.name());
            Err(Refusal::new(Code::OrderNotOpen, message).run(format!("order show {number}")))
        }
    }
}

/// Voids an open invoice of which nothing was paid and nothing was given back; it keeps its number.
///
/// # Errors
/// It is a credit note, not open, or something was paid of it.
pub fn void(
    scene: &Scene<'_>,
    paper: &Paper,
    order: Option<&Order>,
) -> Result<Vec<Change>, Refusal> {
    let invoice = &paper.invoice;
    let number = &invoice.number;
    let refuse = |message: String| Err(Refusal::new(Code::InvoiceNotOpen, message));
    if invoice.kind == InvoiceKind::CreditNote {
        return refuse(format!(
            "{number} is a credit note; what it gave back cannot be voided."
        ));
    }
    match invoice.state {
        InvoiceState::Void => refuse(format!("{number} is void already.")),
        InvoiceState::Paid => refuse(format!(
            "{number} is settled; a settled invoice is corrected by a credit note."
        ))
        .map_err(|refusal| refusal.run(format!("invoice credit {number} --all --reason TEXT"))),
        InvoiceState::Open if !untouched(paper) => refuse(format!(
            "Of {number} over {} only {} is open; the rest was paid or given back.",
            invoice.total,
            invoice.open()
        ))
        .map_err(|refusal| refusal.run(format!("invoice credit {number} --all --reason TEXT"))),
        InvoiceState::Open if order.is_some_and(|order| order.state == OrderState::Processing) => {
            refuse(format!("A payment of {number} is on its way.")).map_err(|refusal| match order {
                Some(order) => until_it_ends(scene, order.id, refusal),
                None => refusal,
            })
        }
        InvoiceState::Open => reversed(scene, invoice, &paper.lines),
    }
}

/// Whether nothing was paid, applied or given back of an invoice.
fn untouched(paper: &Paper) -> bool {
    let invoice = &paper.invoice;
    invoice.open() == invoice.total && paper.given.is_empty()
}

/// Whether what an order gave ahead of its payment can go back to what held before it.
fn check_taken_back(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    for term in &scene.facts.terms {
        if let Some(before) = before(scene, term, order)? {
            check_free(scene, before)?;
        }
    }
    Ok(())
}

/// What held in a term before an order changed it.
fn before<'t>(
    scene: &Scene<'_>,
    term: &'t Term,
    order: &Order,
) -> Result<Option<&'t Slice>, Refusal> {
    let changed = term
        .slices
        .iter()
        .rposition(|slice| slice.order == Some(order.id));
    let Some(at) = changed.filter(|at| *at > 0 && term.span.end > scene.on()) else {
        return Ok(None);
    };
    if at.saturating_add(1) < term.slices.len() {
        let number = order.number();
        let message =
            format!("{number} took effect ahead of its payment, and later changes rest on it.");
        return Err(Refusal::new(Code::OrderNotOpen, message).run(format!("order pay {number}")));
    }
    Ok(term.slices.get(at.saturating_sub(1)))
}

/// Seats that members hold cannot be taken back.
fn check_free(scene: &Scene<'_>, slice: &Slice) -> Result<(), Refusal> {
    for (kind, count) in &slice.seats {
        let held = scene.facts.assigned(kind, scene.on());
        if held > *count {
            let (name, unit) = (&scene.facts.account.name, &scene.catalog.unit);
            let message = format!(
                "{held} {unit}s of {name} are assigned, and without this order there are {count}."
            );
            return Err(Refusal::new(Code::SeatsInUse, message).run(format!("seats list {name}")));
        }
    }
    Ok(())
}
