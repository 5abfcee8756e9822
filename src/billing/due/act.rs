//! What each thing that time brings does to the facts.

use super::{Due, What};
use crate::billing::account::Facts;
use crate::billing::case::Case;
use crate::billing::change::Change;
use crate::billing::collect::{self, Way, Witness};
use crate::billing::fulfil::message;
use crate::billing::lapse::call_off;
use crate::billing::order::{Order, OrderState};
use crate::billing::payment::{Answer, Payment};
use crate::billing::quote::{collecting_order, renewal_order};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use crate::billing::standing::paid_until;

/// What is to be kept, and who is to be asked then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Act {
    /// What is to be kept first.
    pub changes: Vec<Change>,
    /// The attempt that the gateway is asked about afterwards.
    pub ask: Option<Payment>,
}

impl Act {
    fn of(changes: Vec<Change>) -> Act {
        Act { changes, ask: None }
    }
}

/// What one thing brings at the scene's moment.
///
/// # Errors
/// A rule says no; then nothing of it happens.
pub fn act(scene: &Scene<'_>, due: &Due) -> Result<Act, Refusal> {
    match &due.what {
        What::Settle { payment } => {
            let open = scene.facts.payments.iter().find(|open| open.id == *payment);
            Ok(Act {
                changes: Vec::new(),
                ask: open.cloned(),
            })
        }
        What::Lapse { order } => {
            let order = known(scene.facts, *order)?;
            call_off(scene, order, OrderState::Lapsed).map(Act::of)
        }
        What::Message { kind, about } => Ok(Act::of(vec![Change::AddMessage(message(
            scene,
            kind,
            about.clone(),
        ))])),
        What::Order { replaces, .. } => order(scene, *replaces).map(Act::of),
        What::CollectSeats { .. } => {
            let order = collecting_order(scene)?;
            collect::place(scene, &order).map(Act::of)
        }
        What::Charge { order, .. } => charge(scene, *order),
        What::GiveUp { order } => {
            let order = known(scene.facts, *order)?;
            call_off(scene, order, OrderState::Failed).map(Act::of)
        }
        What::Case { about, text } => {
            let case = Case::opened(scene, *about, text);
            Ok(Act::of(vec![Change::OpenCase(Box::new(case))]))
        }
    }
}

fn order(scene: &Scene<'_>, replaces: Option<i64>) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    let mut facts = None;
    if let Some(old) = replaces {
        let old = known(scene.facts, old)?;
        changes = call_off(scene, old, OrderState::Cancelled)?;
        let mut without = scene.facts.clone();
        without.take(&changes);
        facts = Some(without);
    }
    let scene = Scene {
        facts: facts.as_ref().unwrap_or(scene.facts),
        ..*scene
    };
    let order = renewal_order(&scene)?;
    changes.extend(collect::place(&scene, &order)?);
    Ok(changes)
}

/// Begins a charge of an order, or of the renewal order, to the method on file; what the balance pays is paid
/// at once.
fn charge(scene: &Scene<'_>, order: Option<i64>) -> Result<Act, Refusal> {
    let facts = scene.facts;
    let open = facts
        .orders
        .iter()
        .filter(|open| open.state == OrderState::Pending)
        .find(|open| match order {
            Some(order) => open.id == order,
            None => open.renews == paid_until(facts),
        });
    let (Some(order), Some(saved)) = (open, &facts.method) else {
        let name = &facts.account.name;
        let message = format!("{name} has no renewal order that could be charged.");
        return Err(Refusal::new(Code::OrderNotOpen, message));
    };
    let way = Way {
        method: Some(&saved.method),
        reference: Some(&saved.reference),
        amount: None,
    };
    let begun = collect::begin(scene, order, &way)?;
    let mut changes = collect::record(scene, &begun);
    if begun.payment.is_none() {
        let answer = Answer::Paid {
            reference: "balance".to_owned(),
        };
        changes.extend(collect::answered(
            scene,
            &begun.order,
            None,
            (&answer, Witness::Provider),
        )?);
    }
    Ok(Act {
        changes,
        ask: begun.payment,
    })
}

fn known(facts: &Facts, id: i64) -> Result<&Order, Refusal> {
    facts
        .orders
        .iter()
        .find(|order| order.id == id)
        .ok_or_else(|| {
            let number = crate::billing::order::number(id);
            Refusal::new(Code::OrderNotOpen, format!("{number} is not open."))
        })
}
