//! Moving licence and credits to another account.

use super::load::{self, Seen, seen};
use super::{Decision, Failure, Request, Terms};
use crate::billing::refusal::Refusal;
use crate::billing::transfer::{self, Moved};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::transfer as wire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

    fn document(&self, read: Reader<'_>, terms: &Terms, moved: Moved) -> Result<Document, Failure> {
        let catalog = load::seller(read, terms.on())?.catalog;
        let plan_name = |id: &str| {
            let plan = catalog.plan(id);
            plan.map_or(id, |plan| &plan.name).to_owned()
        };
        let add_ons = catalog.add_ons.iter().map(|one| (&one.id, &one.name));
        let credits = catalog.credits.iter().map(|one| (&one.id, &one.name));
        let mut names: BTreeMap<String, String> = add_ons
            .chain(credits)
            .map(|(id, name)| (id.clone(), name.clone()))
            .collect();
        names.retain(|id, _| {
            moved.holdings.iter().any(|held| held.add_on == *id)
                || moved.credits.iter().any(|(credit, _)| credit == id)
        });
        let licence = moved.terms.into_iter().filter_map(|term| {
            let slice = term.slices.first()?;
            Some(wire::Licence {
                plan: slice.plan.clone(),
                plan_name: plan_name(&slice.plan),
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
            names,
        })))
    }

    fn account(&self, (from, _): &(Seen, Seen)) -> Option<i64> {
        Some(from.facts.account.id)
    }
}
