//! An account that is away comes back by a payment method that is put on file, or as it is asked to: what it had is
//! ordered again, and charged at once where a provider can do that (KS-6, KS-28). What that costs is known before
//! it is done.

use super::account_terms::Method;
use super::cancel::{Resume, Resumed};
use super::load::{Seen, seen};
use super::on_account::OnAccount;
use super::payment::charges_alone;
use super::terms::{Mark, Outcome};
use super::{Desk, Failure, Request, Terms};
use crate::billing::apply;
use crate::billing::calendar::Span;
use crate::billing::order::Order;
use crate::billing::reactivate;
use crate::gateway::Gateways;

/// What follows from a method that is put on file.
enum Follows {
    /// Nothing else.
    Nothing,
    /// The account is back, and this is charged at once, in words.
    Charged(String),
    /// The account comes back once this is paid, in words.
    Offered(String),
    /// The account stays away, and why.
    Away(String),
}

impl Follows {
    /// What is charged at once, in words.
    fn charge(self) -> Option<String> {
        match self {
            Follows::Charged(words) => Some(words),
            Follows::Nothing | Follows::Offered(_) | Follows::Away(_) => None,
        }
    }
}

impl Desk {
    /// What putting a method on file would charge to it at once, in words; nothing where it is kept and no more, or
    /// where it is refused.
    ///
    /// # Errors
    /// The account does not exist, or the store fails.
    pub fn method_charges(
        &mut self,
        terms: &Terms,
        request: &Method,
        gateways: &Gateways,
    ) -> Result<Option<String>, Failure> {
        let look = self.look()?;
        let seen = seen(look.read(), &request.account, terms)?;
        Ok(follows(seen, terms, (request, gateways)).charge())
    }

    /// What resuming would charge at once, in words; nothing where it takes a cancellation back, ends with an order
    /// that waits to be paid, or is refused.
    ///
    /// # Errors
    /// The account does not exist, or the store fails.
    pub fn resume_charges(
        &mut self,
        terms: &Terms,
        request: &Resume,
        gateways: &Gateways,
    ) -> Result<Option<String>, Failure> {
        let look = self.look()?;
        let mut seen = seen(look.read(), &request.account, terms)?;
        let Ok(decided) = request.decide(&seen, terms) else {
            return Ok(None);
        };
        let Resumed::Ordered(id) = decided.answer else {
            return Ok(None);
        };
        seen.facts.take(&decided.changes);
        let Some(saved) = &seen.facts.method else {
            return Ok(None);
        };
        let mut orders = seen.facts.orders.iter();
        let by = |order: &&Order| order.id == id && order.method.as_ref() == Some(&saved.method);
        let by = orders.find(by);
        Ok(by.and_then(|order| {
            let to = (saved.method.as_str(), saved.reference.as_str());
            asked_for((&seen, terms, gateways), order, to).charge()
        }))
    }

    /// Puts a method on file; where that brings an account back, what it had is ordered again and charged to
    /// the method at once (KS-6, KS-28). A dry run says what would be charged.
    ///
    /// # Errors
    /// The method cannot be used; or the charge was declined, or its answer is not known yet. The method is on
    /// file then all the same.
    pub fn set_method(
        &mut self,
        terms: &Terms,
        request: &Method,
        gateways: &Gateways,
    ) -> Result<Outcome, Failure> {
        let before = {
            let look = self.look()?;
            seen(look.read(), &request.account, terms)?
        };
        let mut outcome = self.perform(terms, request)?;
        if outcome.mark == Mark::Replayed {
            return Ok(outcome);
        }
        let name = &request.account;
        let would = outcome.mark == Mark::WouldDo;
        let note = match follows(before, terms, (request, gateways)) {
            Follows::Nothing => return Ok(outcome),
            Follows::Charged(words) if would => {
                format!("{name} would be back at once, for a charge of {words}.")
            }
            Follows::Charged(_) => {
                let terms = Terms {
                    key: None,
                    ..terms.clone()
                };
                let resume = Resume {
                    account: name.clone(),
                };
                return self.resume(&terms, &resume, gateways);
            }
            Follows::Offered(_) if !would => {
                format!("{name} comes back with `subdesk plan resume {name}`.")
            }
            Follows::Offered(words) => {
                format!(
                    "{name} would come back with `subdesk plan resume {name}`, which asks for {words}."
                )
            }
            Follows::Away(why) => format!("{name} does not come back by itself: {why}"),
        };
        outcome.notes.push(note);
        Ok(outcome)
    }
}

/// What follows from a method, where the facts are those before it is put on file.
fn follows(mut seen: Seen, terms: &Terms, (request, gateways): (&Method, &Gateways)) -> Follows {
    let Some(saving) = &request.method else {
        return Follows::Nothing;
    };
    let Ok(decided) = request.rule(&seen, &(), terms) else {
        return Follows::Nothing;
    };
    seen.facts.take(&decided.changes);
    let scene = seen.scene(terms);
    let back = match reactivate::by_method(&scene) {
        Ok(Some(back)) => back,
        Ok(None) => return Follows::Nothing,
        Err(refusal) => return Follows::Away(refusal.to_string()),
    };
    let to = (saving.method.as_str(), saving.reference.as_str());
    asked_for((&seen, terms, gateways), back.order(), to)
}

/// What the order that brings an account back asks for, and for which days: charged to the method where its provider
/// needs nobody for that.
fn asked_for(
    (seen, terms, gateways): (&Seen, &Terms, &Gateways),
    order: &Order,
    (method, reference): (&str, &str),
) -> Follows {
    let (_, due) = apply::expected(&seen.scene(terms), order);
    let spans = order.lines.iter().filter_map(|line| line.service);
    let all = spans.reduce(|all, span| Span::new(all.start.min(span.start), all.end.max(span.end)));
    let days = all.map_or_else(String::new, |all| format!(" for {all}"));
    match charges_alone(seen, method, gateways) {
        true => Follows::Charged(format!("{due}{days} to {method} {reference}")),
        false => Follows::Offered(format!("{due}{days}")),
    }
}
