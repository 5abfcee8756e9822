//! Moving licence and credits to another account.

use super::load::{Seen, seen};
use super::{Decision, Failure, Request, Terms};
use crate::billing::refusal::Refusal;
use crate::billing::transfer::{self, Moved};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::transfer as wire;
use serde::{Deserialize, Serialize};

/// Moves licence and credits from one account to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Whose they are.
    pub from: String,
    /// Whose they are to be.
    pub to: String,
}

impl Request for Transfer {
    const NAME: &'static str = "account transfer";
    type Facts = (Seen, Seen);
    type Answer = Moved;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<(Seen, Seen), Failure> {
        Ok((seen(read, &self.from, terms)?, seen(read, &self.to, terms)?))
    }

    fn decide(&self, (from, to): &(Seen, Seen), terms: &Terms) -> Result<Decision<Moved>, Refusal> {
        let moved = transfer::transfer(&from.scene(terms), &to.scene(terms))?;
        Ok(Decision::of(moved.changes.clone(), moved).note(format!(
            "{} stays open, with its members, invoices and balance.",
            self.from
        )))
    }

    fn document(&self, _: Reader<'_>, terms: &Terms, moved: Moved) -> Result<Document, Failure> {
        let licence = moved.terms.into_iter().filter_map(|term| {
            let slice = term.slices.first()?;
            Some(wire::Licence {
                plan: slice.plan.clone(),
                seats: slice.seats.clone(),
                service: term.span,
            })
        });
        let add_ons = moved.holdings.into_iter();
        Ok(Document::Transfer(Box::new(wire::Transfer {
            from: self.from.clone(),
            to: self.to.clone(),
            on: terms.on(),
            terms: licence.collect(),
            add_ons: add_ons.map(|held| (held.add_on, held.quantity)).collect(),
            credits: moved.credits.into_iter().collect(),
        })))
    }

    fn account(&self, (from, _): &(Seen, Seen)) -> Option<i64> {
        Some(from.facts.account.id)
    }
}
