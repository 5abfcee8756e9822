//! A request that changes one account: what all of them share is here, what is their own is four functions.

use super::load::{Seen, seen};
use super::{Decision, Failure, Request, Terms};
use crate::billing::change::Change;
use crate::billing::policy::Operation;
use crate::billing::refusal::Refusal;
use crate::store::Reader;
use crate::wire::Document;
use serde::Serialize;

/// A change of one account.
pub trait OnAccount: Serialize {
    /// What it is called in the journal.
    const NAME: &'static str;
    /// What else it must know, besides the account.
    type More;

    /// The account's name.
    fn name(&self) -> &str;

    /// The right that a member needs.
    fn operation(&self) -> Operation;

    /// What this one is called in the journal, where one type carries several verbs.
    fn called(&self) -> &'static str {
        Self::NAME
    }

    /// Loads what else it must know.
    ///
    /// # Errors
    /// Something named does not exist, or the store fails.
    fn more(&self, read: Reader<'_>, seen: &Seen) -> Result<Self::More, Failure>;

    /// Asks the rule.
    ///
    /// # Errors
    /// The rule says no.
    fn rule(&self, seen: &Seen, more: &Self::More, terms: &Terms) -> Result<Decided, Refusal>;

    /// The document, read back after the changes were applied.
    ///
    /// # Errors
    /// The store fails.
    fn shown(&self, read: Reader<'_>, terms: &Terms, new: Option<i64>)
    -> Result<Document, Failure>;
}

/// What a rule has decided: changes, sentences, and the key of what is new.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// What is to be kept.
    pub changes: Vec<Change>,
    /// Sentences for the person who asked.
    pub notes: Vec<String>,
    /// The key of what is new, for the document.
    pub new: Option<i64>,
}

impl Decided {
    /// Changes only.
    pub fn of(changes: Vec<Change>) -> Decided {
        Decided {
            changes,
            ..Decided::default()
        }
    }

    /// Adds a sentence.
    pub fn note(mut self, sentence: impl Into<String>) -> Decided {
        self.notes.push(sentence.into());
        self
    }
}

impl From<Vec<Change>> for Decided {
    fn from(changes: Vec<Change>) -> Decided {
        Decided::of(changes)
    }
}

impl From<Change> for Decided {
    fn from(change: Change) -> Decided {
        Decided::of(vec![change])
    }
}

impl<R: OnAccount> Request for R {
    const NAME: &'static str = <R as OnAccount>::NAME;
    type Facts = (Seen, R::More);
    type Answer = Option<i64>;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let seen = seen(read, self.name(), terms)?;
        let more = self.more(read, &seen)?;
        Ok((seen, more))
    }

    fn decide(
        &self,
        (seen, more): &Self::Facts,
        terms: &Terms,
    ) -> Result<Decision<Option<i64>>, Refusal> {
        seen.check(self.operation(), terms)?;
        let decided = self.rule(seen, more, terms)?;
        let decision = Decision::of(decided.changes, decided.new);
        Ok(decided.notes.into_iter().fold(decision, Decision::note))
    }

    fn document(
        &self,
        read: Reader<'_>,
        terms: &Terms,
        new: Option<i64>,
    ) -> Result<Document, Failure> {
        self.shown(read, terms, new)
    }

    fn account(&self, (seen, _): &Self::Facts) -> Option<i64> {
        Some(seen.facts.account.id)
    }

    fn called(&self) -> &'static str {
        OnAccount::called(self)
    }
}
