//! What becomes of payments that a provider was asked about: its answer is kept now, or later by `payment settle`.

use super::load::{self, Seen, seen};
use super::payment::{Settle, by_hand, gateway_name};
use super::refund::{by_number, settled};
use super::terms::{Mark, Outcome};
use super::{Desk, Failure, Terms};
use crate::billing::calendar::Moment;
use crate::billing::late::{CAME_LATE, not_waited_for};
use crate::billing::money::Money;
use crate::billing::order::number;
use crate::billing::payment::{Answer, Payment, PaymentKind, PaymentState};
use crate::billing::policy::Situation;
use crate::billing::refusal::{Code, Refusal};
use crate::gateway::{Ask, Gateways};
use crate::store::Reader;
use crate::wire::{self, Document};

/// For so long a provider is trusted to know a key that it may have been asked with.
const KEYS_LAST_HOURS: i64 = 20;

/// An attempt that may never have reached its provider is made with its own key, which moves money once;
/// an old one is only looked for.
pub(super) fn may_ask(payment: &Payment, at: Moment) -> bool {
    let hours = at.signed_duration_since(payment.begun_at).num_hours();
    payment.state == PaymentState::Sent && hours.abs() <= KEYS_LAST_HOURS
}

impl Desk {
    /// Keeps an answer about a payment. Where another process has kept it first, what that one kept is told.
    pub(super) fn settle(
        &mut self,
        terms: &Terms,
        payment: &Payment,
        answer: Answer,
    ) -> Result<Outcome, Failure> {
        if let Answer::Unknown { trouble } = &answer {
            return Err(unsettled(payment, trouble));
        }
        let terms = Terms {
            key: None,
            ..terms.clone()
        };
        if payment.kind == PaymentKind::Refund {
            let done = self.perform(&terms, &settled(payment, answer));
            return match done {
                Err(Failure::Refused(refusal)) if refusal.code == Code::MoneyCameLate => {
                    Err(self.put_right(&terms, payment, refusal.message)?)
                }
                done => done,
            };
        }
        let request = Settle {
            payment: payment.id,
            answer,
        };
        match self.perform(&terms, &request) {
            Err(failure) if failure.is_settled() => {
                self.came_too_late(&terms, payment, &request.answer)?;
                self.as_it_ended(&terms, payment)
            }
            other => other.and_then(|outcome| ended_as(outcome, payment)),
        }
    }

    /// Money that came when its order was paid or called off already is given back by people; a payment that was on
    /// its way has ended then.
    fn came_too_late(
        &mut self,
        terms: &Terms,
        payment: &Payment,
        answer: &Answer,
    ) -> Result<(), Failure> {
        let Answer::Paid { reference } = answer else {
            return Ok(());
        };
        let kept = self.look()?.read().payment(payment.id)?;
        let Some(kept) = kept.filter(|kept| kept.state != PaymentState::Paid) else {
            return Ok(());
        };
        let failure = self.put_right(terms, payment, not_waited_for(payment, reference))?;
        if kept.state.is_open() {
            let answer = Answer::Declined {
                reason: CAME_LATE.to_owned(),
            };
            let payment = payment.id;
            self.perform(terms, &Settle { payment, answer })?;
        }
        Err(failure)
    }

    /// Only people can put it right: a case is opened for them, and whoever asked is told.
    fn put_right(
        &mut self,
        terms: &Terms,
        payment: &Payment,
        text: String,
    ) -> Result<Failure, Failure> {
        let about = Situation::Payment;
        let opened = super::handover::open(self, terms, payment.account, about, &text)?;
        let refusal = Refusal::new(Code::MoneyCameLate, text).say(opened.words);
        Ok(refusal.run(format!("case show {}", opened.number)).into())
    }

    /// Asks again about every payment whose end is not known; the documents of those that ended. One that is named
    /// is asked about also where it was declined: its provider may know better by now.
    ///
    /// # Errors
    /// The store fails. A provider that does not answer leaves its payments as they are.
    pub fn settle_open(
        &mut self,
        terms: &Terms,
        gateways: &Gateways,
        only: Option<&str>,
    ) -> Result<Vec<Result<Outcome, Failure>>, Failure> {
        let open = {
            let look = self.look()?;
            let read = look.read();
            let only = only.map(|text| meant(read, text)).transpose()?;
            let only = only.as_deref();
            if terms.on_behalf.is_some() {
                let account = only.map(|only| account_of(read, only)).transpose()?;
                load::may_look(read, account.as_deref(), terms)?;
            }
            // No account has a capital letter in its name.
            let named = only.filter(|only| only.starts_with("P-"));
            let declined = named.and_then(|number| by_number(read, number).ok());
            let declined = declined.filter(|named| named.state == PaymentState::Declined);
            let mut open = Vec::new();
            for payment in read.open_payments()?.into_iter().chain(declined) {
                let name = read.account_name(payment.account)?;
                let wanted = only.is_none_or(|only| only == payment.number() || only == name);
                if wanted && payment.order.is_some() {
                    open.push((payment, seen(read, &name, terms)?));
                }
            }
            open
        };
        let mut outcomes = Vec::new();
        for (payment, seen) in open {
            let gateway = gateways.of(gateway_name(&seen, &payment.method));
            let declined = payment.state == PaymentState::Declined;
            let outcome = match gateway.find(&payment.key) {
                Answer::Pending { .. } | Answer::Declined { .. } if declined => {
                    Err(still_declined(&payment))
                }
                Answer::Pending { .. } if by_hand(&seen, &payment, gateways) => {
                    Err(unseen(&payment))
                }
                Answer::Pending { .. } => Err(unsettled(&payment, "it is still on its way")),
                answer => self.settle(terms, &payment, answer),
            };
            // Another process was quicker.
            if !outcome.as_ref().err().is_some_and(Failure::is_settled) {
                outcomes.push(outcome);
            }
        }
        Ok(outcomes)
    }
}

/// What is asked for a charge.
pub(super) fn ask<'a>(payment: &'a Payment, seen: &'a Seen) -> Ask<'a> {
    let saved = seen
        .facts
        .method
        .as_ref()
        .filter(|saved| saved.method == payment.method);
    Ask {
        key: &payment.key,
        amount: payment.amount,
        method: &payment.method,
        reference: payment
            .reference
            .as_deref()
            .or_else(|| saved.map(|saved| saved.reference.as_str())),
        account: &seen.facts.account.name,
    }
}

/// Asks about an attempt whose answer was never kept.
pub(super) fn answer_about(
    payment: &Payment,
    seen: &Seen,
    gateways: &Gateways,
    at: Moment,
) -> Answer {
    let gateway = gateways.of(gateway_name(seen, &payment.method));
    match (may_ask(payment, at), payment.kind) {
        (true, PaymentKind::Charge) => gateway.charge(&ask(payment, seen)),
        (true, PaymentKind::Refund) => gateway.refund(&Ask {
            reference: payment.reference.as_deref(),
            ..ask(payment, seen)
        }),
        (false, _) => gateway.find(&payment.key),
    }
}

/// The attempt is kept and its provider was asked, but the answer could not be kept.
pub(super) fn unkept(payment: &Payment, failure: Failure) -> Failure {
    let Failure::Store(fault) = failure else {
        return failure;
    };
    let fault = fault.to_string();
    Failure::Unsettled {
        message: format!(
            "{}. It is kept that {} over {} was begun; what its provider answered is not.",
            fault.trim_end_matches('.'),
            payment.number(),
            payment.amount
        ),
        help: format!("payment settle {}", payment.number()),
    }
}

pub(super) fn unsettled(payment: &Payment, trouble: &str) -> Failure {
    Failure::Unsettled {
        message: format!(
            "What became of {} over {} is not known: {trouble}.",
            payment.number(),
            payment.amount
        ),
        help: format!("payment settle {}", payment.number()),
    }
}

/// The account that a payment belongs to, or that is named.
fn account_of(read: Reader<'_>, only: &str) -> Result<String, Failure> {
    match read.account_named(only)? {
        Some(account) => Ok(account.name),
        None => Ok(read.account_name(by_number(read, only)?.account)?),
    }
}

/// The account or the payment that a text names.
fn meant(read: Reader<'_>, text: &str) -> Result<String, Failure> {
    let is_number = text
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("p-"));
    match is_number && read.account_named(text)?.is_none() {
        true => by_number(read, text).map(|payment| payment.number()),
        false => load::account(read, text).map(|account| account.name),
    }
}

/// Nobody has said yet that the money is there, and no provider can be asked.
pub(super) fn unseen(payment: &Payment) -> Failure {
    let order = payment.order.map(number).unwrap_or_default();
    Failure::Unsettled {
        message: format!(
            "{} over {} waits until somebody has seen the money.",
            payment.number(),
            payment.amount
        ),
        help: format!("order pay {order} --reference TEXT"),
    }
}

impl Failure {
    /// Whether it says that the end of a payment was kept before.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self, Failure::Refused(refusal) if refusal.code == Code::PaymentNotOpen)
    }
}

/// Its provider knows nothing else.
fn still_declined(payment: &Payment) -> Failure {
    let reason = payment.reason.as_deref().unwrap_or("no reason was given");
    declined(&payment.number(), payment.amount, reason).into()
}

fn declined(number: &str, amount: Money, reason: &str) -> Refusal {
    let message = format!("{number} over {amount} was declined: {reason}.");
    Refusal::new(Code::PaymentDeclined, message)
}

/// A provider has it, and has not said yet what came of it.
pub(super) fn on_its_way(number: &str, amount: Money) -> Failure {
    Failure::Unsettled {
        message: format!("{number} over {amount} is on its way and not confirmed yet."),
        help: format!("payment settle {number}"),
    }
}

/// A declined or pending payment was kept, and the person must hear of it.
pub(super) fn told(outcome: Outcome) -> Result<Outcome, Failure> {
    if outcome.mark != Mark::WouldDo
        && let Document::Order(order) = &outcome.document
        && let Some(last) = order.payments.last()
    {
        end_of(last, &order.number)?;
    }
    Ok(outcome)
}

/// What was asked about was kept; another payment of its order may be on its way.
fn ended_as(outcome: Outcome, payment: &Payment) -> Result<Outcome, Failure> {
    if outcome.mark != Mark::WouldDo {
        end_in(&outcome.document, payment)?;
    }
    Ok(outcome)
}

/// How a payment ended by the document of its order, if not well.
pub(super) fn end_in(document: &Document, payment: &Payment) -> Result<(), Failure> {
    let Document::Order(order) = document else {
        return Ok(());
    };
    let number = payment.number();
    let same = order.payments.iter().find(|one| one.number == number);
    same.map_or(Ok(()), |same| end_of(same, &order.number))
}

/// How a payment ended, if not well.
fn end_of(payment: &wire::order::Payment, order: &str) -> Result<(), Failure> {
    let (number, amount) = (&payment.number, payment.amount.money());
    match payment.state {
        PaymentState::Declined => {
            let reason = payment.reason.as_deref().unwrap_or_default();
            let refusal = declined(number, amount, reason);
            Err(refusal.run(format!("order pay {order}")).into())
        }
        PaymentState::Processing | PaymentState::Sent => Err(on_its_way(number, amount)),
        PaymentState::Paid => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::house::{House, wish};
    use crate::desk::payment::Pay;

    #[test]
    fn k26_32_money_that_was_seen_ends_a_payment_that_was_on_its_way() {
        let mut house = House::with("");
        let order = house.order("acme", wish("basic", 6, 1)).unwrap();
        let pay = Pay {
            order: order.clone(),
            ..Pay::default()
        };
        let terms = house.terms();
        let begun = house.desk.pay(&terms, &pay, &house.gateways);
        assert!(matches!(begun, Err(Failure::Unsettled { .. })), "{begun:?}");
        let asked = house.desk.settle_open(&terms, &house.gateways, Some("P-1"));
        let told = format!("{asked:?}");
        assert!(told.contains("until somebody has seen the money"), "{told}");
        assert!(house.facts("acme").terms.is_empty());
        house.pay(&order).unwrap();
        assert_eq!(house.facts("acme").terms.len(), 1);
        assert!(house.pay(&order).is_err(), "once");
        house.sound();
    }
}
