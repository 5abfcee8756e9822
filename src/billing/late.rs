//! An answer about a charge whose order waits for no money any more: it was paid by another charge, or called off,
//! before its provider was heard. Nothing is granted for it a second time, and people give the money back.

use super::case::Case;
use super::change::Change;
use super::order::number;
use super::payment::{Answer, Payment, PaymentState};
use super::policy::Situation;
use super::refusal::{Code, Refusal};
use super::scene::Scene;

/// The reason of a charge that ended so: to the books it brought nothing.
pub const CAME_LATE: &str = "came_late";

/// What an answer brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brought {
    /// What is to be kept.
    pub changes: Vec<Change>,
    /// What people must hear, where it is money that nobody waits for.
    pub late: Option<Refusal>,
}

/// What an answer brings to a charge whose order waits for none. A case is opened once for it.
pub fn answered(scene: &Scene<'_>, payment: &Payment, answer: &Answer) -> Brought {
    match answer {
        Answer::Paid { reference } => {
            let text = not_waited_for(payment, reference);
            let mut changes: Vec<Change> = ended(scene, payment, CAME_LATE).into_iter().collect();
            if !scene
                .facts
                .told
                .contains(&("case".to_owned(), text.clone()))
            {
                let case = Case::opened(scene, Situation::Payment, &text);
                changes.push(Change::OpenCase(Box::new(case)));
            }
            let late = Some(Refusal::new(Code::MoneyCameLate, text));
            Brought { changes, late }
        }
        Answer::Declined { reason } => Brought {
            changes: ended(scene, payment, reason).into_iter().collect(),
            late: None,
        },
        Answer::Pending { .. } | Answer::Unknown { .. } => Brought::default(),
    }
}

/// What people are told of money that nobody waits for.
pub fn not_waited_for(payment: &Payment, reference: &str) -> String {
    let order = payment.order.map(number).unwrap_or_default();
    format!(
        "{} over {}: its provider said paid ({reference}) when {order} waited for no money any more. Give it back.",
        payment.number(),
        payment.amount
    )
}

fn ended(scene: &Scene<'_>, payment: &Payment, reason: &str) -> Option<Change> {
    payment.state.is_open().then(|| Change::SetPayment {
        payment: payment.id,
        state: PaymentState::Declined,
        at: scene.at,
        reference: None,
        reason: Some(reason.to_owned()),
        invoice: None,
    })
}
