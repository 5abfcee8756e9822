//! Doing what is due for one account, in memory, up to the next question to a gateway.

use super::{Due, What, act, agenda, next_due};
use crate::billing::account::Facts;
use crate::billing::calendar::{Day, Moment};
use crate::billing::catalog::Catalog;
use crate::billing::change::Change;
use crate::billing::collect::{self, Witness};
use crate::billing::late::{self, Brought};
use crate::billing::order;
use crate::billing::payment::{Answer, Payment, PaymentState};
use crate::billing::policy::Policy;
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use std::collections::BTreeSet;

/// Everything a rule looks at but the account.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// What is sold.
    pub catalog: &'a Catalog,
    /// The catalog's key.
    pub catalog_id: i64,
    /// How the seller behaves.
    pub policy: &'a Policy,
    /// The moment.
    pub at: Moment,
    /// Methods that no gateway of this process charges by itself.
    pub by_hand: &'a BTreeSet<String>,
}

impl<'a> Ground<'a> {
    /// The scene of one account.
    pub fn scene<'b>(&self, facts: &'b Facts) -> Scene<'b>
    where
        'a: 'b,
    {
        Scene {
            facts,
            catalog: self.catalog,
            catalog_id: self.catalog_id,
            policy: self.policy,
            at: self.at,
            member: None,
            reason: None,
        }
    }
}

/// What was done, and what was not.
#[derive(Debug, Clone, Default)]
pub struct Advanced {
    /// What is to be kept, in order. The facts have taken it in already.
    pub changes: Vec<Change>,
    /// What was done.
    pub done: Vec<Due>,
    /// What a rule refused; nothing of it was done.
    pub refused: Vec<(Due, Refusal)>,
    /// The attempt to ask a gateway about before anything else can be done.
    pub ask: Option<Payment>,
    /// The first day on which something could be due, as the facts stand afterwards.
    pub next: Option<Day>,
}

/// Does what is due until nothing is left or a gateway must be asked. `asked` are the payments that were
/// asked about in this run already: once is enough.
pub fn advance(facts: &mut Facts, ground: &Ground<'_>, asked: &mut BTreeSet<i64>) -> Advanced {
    let mut advanced = Advanced::default();
    loop {
        let all = agenda(facts, ground.catalog, ground.policy, ground.at);
        advanced.next = all.first().map(|first| first.on);
        let Some(next) = next(all, ground, asked, &advanced.refused) else {
            return advanced;
        };
        let done = match collected_by_hand(facts, ground, &next) {
            Some(refusal) => Err(refusal),
            None => act(&ground.scene(facts), &next),
        };
        match done {
            Ok(done) => {
                facts.take(&done.changes);
                advanced.changes.extend(done.changes);
                advanced.done.push(next);
                if let Some(payment) = done.ask {
                    asked.insert(payment.id);
                    advanced.ask = Some(payment);
                    advanced.next = next_due(facts, ground.catalog, ground.policy, ground.at);
                    return advanced;
                }
            }
            Err(refusal) => advanced.refused.push((next, refusal)),
        }
    }
}

/// The first thing that is due and was neither asked about nor refused. Where an order is refused, nothing
/// is charged.
fn next(
    all: Vec<Due>,
    ground: &Ground<'_>,
    asked: &BTreeSet<i64>,
    refused: &[(Due, Refusal)],
) -> Option<Due> {
    let order_refused = refused
        .iter()
        .any(|(due, _)| matches!(due.what, What::Order { .. }));
    all.into_iter()
        .take_while(|due| due.on <= ground.at.date())
        .find(|due| match &due.what {
            What::Settle { payment } => !asked.contains(payment),
            What::Charge { .. } if order_refused => false,
            _ => !refused.iter().any(|(no, _)| no.what == due.what),
        })
}

/// Why a charge waits for a person, if it does.
fn collected_by_hand(facts: &Facts, ground: &Ground<'_>, due: &Due) -> Option<Refusal> {
    let What::Charge { order, .. } = &due.what else {
        return None;
    };
    let saved = facts.method.as_ref()?;
    if !ground.by_hand.contains(&saved.method) {
        return None;
    }
    let number = order::number((*order)?);
    let message = format!(
        "No gateway is set up that charges {number} by {}.",
        saved.method
    );
    Some(
        Refusal::new(Code::MethodByContact, message)
            .run(format!("order pay {number} --reference REFERENCE"))
            .say("Name the gateway with SUBDESK_GATEWAY or in the configuration file."),
    )
}

/// What the answer of a gateway brings; nothing, if it says no more than is known, or if somebody else has
/// kept it by now. Of a payment whose order is not among the facts, the order waits for nothing any more.
///
/// # Errors
/// An amount is too large.
pub fn answer(
    facts: &mut Facts,
    ground: &Ground<'_>,
    payment: i64,
    answer: &Answer,
) -> Result<Brought, Refusal> {
    let takes = |known: &&Payment| known.id == payment && known.takes(answer);
    let Some(open) = facts.payments.iter().find(takes) else {
        return Ok(Brought::default());
    };
    let known = matches!(answer, Answer::Pending { .. }) && open.state == PaymentState::Processing;
    if known {
        return Ok(Brought::default());
    }
    let waits = |order: &&order::Order| Some(order.id) == open.order && order.state.is_open();
    let scene = ground.scene(facts);
    let brought = match facts.orders.iter().find(waits) {
        Some(order) => Brought {
            changes: collect::answered(&scene, order, Some(open), (answer, Witness::Provider))?,
            late: None,
        },
        None => late::answered(&scene, open, answer),
    };
    facts.take(&brought.changes);
    Ok(brought)
}
