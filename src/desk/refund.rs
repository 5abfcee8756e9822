//! Money back, in three steps: the refund and its credit note are kept; the gateway is asked; its answer is
//! kept. See `payment` for why.

use super::cancel::{Came, Cancel, EndFacts, by_the_house, decided, payment, subscription};
use super::load::{self, Seen, seen};
use super::settle::{answer_about, unkept};
use super::terms::{Effect, Outcome};
use super::{Decision, Desk, Failure, Request, Terms};
use crate::billing::catalog::Catalog;
use crate::billing::payment::{Answer, Payment, PaymentState};
use crate::billing::policy::Operation;
use crate::billing::refund::{self, Source};
use crate::billing::refusal::{Code, Refusal};
use crate::gateway::Gateways;
use crate::store::Reader;
use crate::wire::Document;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Gives a payment back, in full or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The payment's number.
    pub payment: String,
    /// Major units, tax included; absent means everything that can be given back.
    #[serde(default)]
    pub amount: Option<Decimal>,
    /// Whether its invoice is corrected, or the balance pays.
    #[serde(default)]
    pub source: Source,
}

impl Request for Refund {
    const NAME: &'static str = "payment refund";
    type Facts = (EndFacts, Payment);
    type Answer = Came;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let charge = by_number(read, &self.payment)?;
        let name = read.account_name(charge.account)?;
        let seen = seen(read, &name, terms)?;
        let mut papers = read.papers(&seen.facts)?;
        let own = charge.invoice.map(|id| read.invoice(id)).transpose()?;
        if let Some(own) = own.flatten()
            && !papers.iter().any(|paper| paper.invoice.id == own.id)
        {
            papers.push(read.paper(own)?);
        }
        Ok((EndFacts { seen, papers }, charge))
    }

    fn decide(
        &self,
        (facts, charge): &Self::Facts,
        terms: &Terms,
    ) -> Result<Decision<Came>, Refusal> {
        facts.seen.check(Operation::Refund, terms)?;
        crate::billing::access::reason("A refund", terms.reason.as_deref())?;
        let ask = refund::Ask {
            amount: self.amount,
            source: self.source,
        };
        if self.source == Source::Balance {
            by_the_house("A payout of the balance", terms)?;
        }
        let ended = refund::begin(&facts.seen.scene(terms), charge, ask, &facts.papers)?;
        Ok(decided(&facts.seen.facts.account.name, ended))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, came: Came) -> Result<Document, Failure> {
        subscription(read, terms, &came)
    }

    fn wished(&self, _: &Catalog) -> Option<String> {
        let amount = match self.amount {
            Some(amount) => format!("{amount} of "),
            None => String::new(),
        };
        Some(format!("a refund of {amount}{}", self.payment))
    }

    fn account(&self, (_, charge): &Self::Facts) -> Option<i64> {
        Some(charge.account)
    }
}

/// A payment by its number.
///
/// # Errors
/// There is none.
pub fn by_number(read: Reader<'_>, number: &str) -> Result<Payment, Failure> {
    let digits = number
        .trim()
        .trim_start_matches(['P', 'p'])
        .trim_start_matches('-');
    let found = match digits.parse::<i64>() {
        Ok(id) => read.payment(id)?,
        Err(_) => None,
    };
    found.ok_or_else(|| load::missing("payment", number, std::iter::empty()))
}

/// What a gateway answered about a refund.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SettleRefund {
    /// The refund's key.
    pub payment: i64,
    /// The answer.
    pub answer: Answer,
}

impl Request for SettleRefund {
    const NAME: &'static str = "payment settle";
    type Facts = (Seen, Payment);
    type Answer = Came;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let missing = || Failure::not_found("payment", self.payment.to_string());
        let refund = read.payment(self.payment)?.ok_or_else(missing)?;
        let name = read.account_name(refund.account)?;
        Ok((seen(read, &name, terms)?, refund))
    }

    fn decide(
        &self,
        (seen, refund): &Self::Facts,
        terms: &Terms,
    ) -> Result<Decision<Came>, Refusal> {
        if !refund.takes(&self.answer) {
            let message = format!("{} is {} already.", refund.number(), refund.state.name());
            return Err(Refusal::new(Code::PaymentNotOpen, message));
        }
        let changes = refund::answered(&seen.scene(terms), refund, &self.answer)?;
        let came = Came {
            account: seen.facts.account.name.clone(),
            notes: Vec::new(),
            refunds: vec![refund.id],
        };
        Ok(Decision::of(changes, came))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, came: Came) -> Result<Document, Failure> {
        subscription(read, terms, &came)
    }

    fn account(&self, (_, refund): &Self::Facts) -> Option<i64> {
        Some(refund.account)
    }
}

impl Desk {
    /// Gives a payment back.
    ///
    /// # Errors
    /// A refusal, or [`Failure::Unsettled`] when the gateway's answer is not known yet.
    pub fn refund(
        &mut self,
        terms: &Terms,
        request: &Refund,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        let outcome = self.perform(terms, request)?;
        self.send_back(terms, outcome, gateways)
    }

    /// Cancels a subscription, and sends money back where the policy gives it back.
    ///
    /// # Errors
    /// See [`Desk::refund`].
    pub fn cancel(
        &mut self,
        terms: &Terms,
        request: &Cancel,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        let outcome = self.perform(terms, request)?;
        self.send_back(terms, outcome, gateways)
    }

    /// Asks the gateways for the refunds of an outcome. Where the call is given again under its key, refunds
    /// that were cut off are finished, and all of them are shown as they are.
    fn send_back(
        &mut self,
        terms: &Terms,
        mut outcome: Outcome,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        if terms.effect == Effect::DryRun {
            return Ok(outcome);
        }
        let Document::Subscription(document) = &mut outcome.document else {
            return Ok(outcome);
        };
        for shown in &mut document.refunds {
            let (refund, seen) = {
                let look = self.look()?;
                let refund = by_number(look.read(), &shown.number)?;
                (refund, seen(look.read(), &document.account, terms)?)
            };
            if refund.state == PaymentState::Sent {
                let answer = answer_about(&refund, &seen, gateways, terms.at);
                if let Answer::Declined { reason } = &answer {
                    outcome.notes.push(format!(
                        "{} could not be paid out ({reason}); {} are in the balance.",
                        refund.number(),
                        refund.amount
                    ));
                }
                match self.settle(terms, &refund, answer) {
                    Err(failure) if !failure.is_settled() => return Err(unkept(&refund, failure)),
                    Ok(_) | Err(_) => {}
                }
            }
            let look = self.look()?;
            let refund = by_number(look.read(), &shown.number)?;
            *shown = payment(look.read(), &document.account, &refund)?;
            let seen = super::load::seen(look.read(), &document.account, terms)?;
            document.balance = seen.facts.balance.into();
        }
        Ok(outcome)
    }
}

pub(super) fn settled(refund: &Payment, answer: Answer) -> SettleRefund {
    SettleRefund {
        payment: refund.id,
        answer,
    }
}
