//! A change under the seller's policy, and beside it under rule sets of other systems.

use super::load::seen;
use super::{Failure, Question, Terms};
use crate::billing::beside;
use crate::billing::quote::Wish;
use crate::billing::refusal::{Code, Refusal};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::compare;

/// A change of an account under its seller's policy and beside it under named rule sets.
#[derive(Debug)]
pub struct Beside {
    /// The account.
    pub account: String,
    /// Another plan.
    pub plan: Option<String>,
    /// Another number of seats of the plan's usual type.
    pub seats: Option<u32>,
    /// The rule sets; all of them when empty.
    pub rule_sets: Vec<String>,
}

impl Question for Beside {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = seen(read, &self.account, terms)?;
        let wish = Wish {
            plan: self.plan.clone(),
            seats: self.seats.map(|count| [(String::new(), count)].into()),
            ..Wish::default()
        };
        let found = beside::beside(&seen.scene(terms), &wish)?;
        let name = &seen.facts.account.name;
        let compared = compare::real(name, &seen.policy, &found, &self.rule_sets);
        let compared = compared
            .map_err(|refused| Refusal::new(Code::ValueNotUsable, refused.message().to_owned()))?;
        Ok(Document::Comparison(Box::new(compared)))
    }
}
