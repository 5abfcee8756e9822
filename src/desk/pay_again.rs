//! A payment that was asked for before: what an earlier call kept is told again, and what it left unfinished is
//! finished with the attempt's own key.

use super::load::seen;
use super::order::order_document;
use super::payment::by_hand;
use super::refund::by_number;
use super::settle::{answer_about, end_in, on_its_way, unkept, unseen};
use super::terms::{Mark, Outcome};
use super::{Desk, Failure, Terms};
use crate::billing::order::number;
use crate::billing::payment::{Answer, Payment};
use crate::gateway::Gateways;
use crate::store::Reader;
use crate::wire::Document;

impl Desk {
    /// An order as it was when a payment of it ended: the document that was kept then. What was told of it
    /// since is not looked at.
    pub(super) fn as_it_ended(
        &mut self,
        terms: &Terms,
        payment: &Payment,
    ) -> Result<Outcome, Failure> {
        let look = self.look()?;
        let document = match ended(look.read(), payment)? {
            Some(document) => document,
            None => order_document(look.read(), terms, payment.order.unwrap_or_default())?,
        };
        end_in(&document, payment)?;
        Ok(Outcome {
            mark: Mark::Replayed,
            document,
            notes: Vec::new(),
        })
    }

    /// Paying again under the key of an earlier call: where that one was cut off before its answer was kept,
    /// the provider is asked with the attempt's own key, and what came of it is told.
    pub(super) fn pay_again(
        &mut self,
        terms: &Terms,
        done: Outcome,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        let Document::Order(order) = &done.document else {
            return Ok(done);
        };
        let Some(begun) = order.payments.last().filter(|last| last.state.is_open()) else {
            return Ok(done);
        };
        let (payment, seen) = {
            let look = self.look()?;
            let payment = by_number(look.read(), &begun.number)?;
            (payment, seen(look.read(), &begun.account, terms)?)
        };
        if payment.state.is_open() {
            let answer = answer_about(&payment, &seen, gateways, terms.at);
            if let Answer::Pending { .. } = answer {
                return Err(match by_hand(&seen, &payment, gateways) {
                    true => unseen(&payment),
                    false => on_its_way(&payment.number(), payment.amount),
                });
            }
            self.settle(terms, &payment, answer)
                .map_err(|failure| unkept(&payment, failure))?;
        }
        self.as_it_ended(terms, &payment)
    }
}

/// Lines of the journal that are read at a time.
const LINES: u32 = 50;

/// What was kept of an order when a payment of it ended. Money that came although it was said to have failed is
/// the later end, and the one that holds.
fn ended(read: Reader<'_>, payment: &Payment) -> Result<Option<Document>, Failure> {
    let (order, number) = (payment.order.map(number), payment.number());
    let state = read
        .payment(payment.id)?
        .map_or(payment.state, |kept| kept.state);
    let mut behind = 0;
    loop {
        let lines = read.journal_after(behind, Some(payment.account), LINES)?;
        let Some(last) = lines.last() else {
            return Ok(None);
        };
        behind = last.id;
        let told = lines
            .iter()
            .filter(|line| matches!(line.command.as_str(), "order pay" | "payment settle"))
            .filter(|line| line.document.contains(&number));
        for line in told {
            let document = serde_json::from_str(&line.document)?;
            if let Document::Order(kept) = &document
                && Some(&kept.number) == order.as_ref()
                && kept
                    .payments
                    .iter()
                    .any(|one| one.number == number && one.state == state && !state.is_open())
            {
                return Ok(Some(document));
            }
        }
    }
}
