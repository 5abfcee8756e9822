//! Trials: start, show, list, extend, end.

use super::load::{Seen, viewed};
use super::on_account::{Decided, OnAccount};
use super::{Failure, Question, Terms, load};
use crate::billing::policy::Operation;
use crate::billing::refusal::Refusal;
use crate::billing::trials;
use crate::store::{Filter, Reader};
use crate::wire::Document;
use crate::wire::trial::Trial;
use serde::{Deserialize, Serialize};

/// Starts, extends or ends a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The account.
    pub account: String,
    /// What is done.
    pub does: Does,
}

/// What is done with a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    /// It starts.
    Start,
    /// It lasts so many days longer.
    Extend(u32),
    /// It ends.
    End,
}

impl OnAccount for Change {
    const NAME: &'static str = "trial";
    type More = ();

    fn name(&self) -> &str {
        &self.account
    }

    fn called(&self) -> &'static str {
        match self.does {
            Does::Start => "trial start",
            Does::Extend(_) => "trial extend",
            Does::End => "trial end",
        }
    }

    fn operation(&self) -> Operation {
        Operation::Order
    }

    fn more(&self, _: Reader<'_>, _: &Seen) -> Result<(), Failure> {
        Ok(())
    }

    fn rule(&self, seen: &Seen, (): &(), terms: &Terms) -> Result<Decided, Refusal> {
        let scene = seen.scene(terms);
        let trial = match self.does {
            Does::Start => trials::start(&scene)?,
            Does::Extend(days) => trials::extend(&scene, days)?,
            Does::End => trials::end(&scene)?,
        };
        Ok(trials::kept(&scene, trial).into())
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        Show {
            account: self.account.clone(),
        }
        .answer(read, terms)
    }
}

/// The last trial of an account.
#[derive(Debug)]
pub struct Show {
    /// The account.
    pub account: String,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = viewed(read, &self.account, terms)?;
        let begun = |trial: &&crate::billing::term::Trial| trial.span.start <= terms.on();
        let last = seen.facts.trials.iter().rfind(begun);
        let last = last.ok_or_else(|| Failure::not_found("trial of", self.account.clone()))?;
        Ok(Document::Trial(Trial::of(
            last,
            &self.account,
            &seen.catalog,
            terms.on(),
        )))
    }
}

/// Trials of one account or of all, newest first.
#[derive(Debug)]
pub struct List {
    /// Only of this account.
    pub account: Option<String>,
    /// Only those that run on the day.
    pub running: bool,
    /// At most so many.
    pub at_most: u32,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let account = match &self.account {
            Some(name) => Some(load::account(read, name)?.id),
            None => None,
        };
        let filter = Filter {
            account,
            state: self.running.then(|| "running".to_owned()),
            at_most: self.at_most,
            ..Filter::default()
        };
        let rows = read.trials_of_all(&filter, terms.on())?.into_iter();
        let catalog = load::seller(read, terms.on())?.catalog;
        let found = rows.map(|(name, trial)| Trial::of(&trial, &name, &catalog, terms.on()));
        Ok(Document::Trials(found.collect()))
    }
}
