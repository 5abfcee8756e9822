//! The gate for reading: one consistent view that cannot write and holds no lock.

use super::start::ZONE;
use super::{Desk, Failure, Terms};
use crate::store::{Look, Reader};
use crate::wire::Document;

/// A request that only reads.
pub trait Question {
    /// The answer under terms: of their moment, and for their member.
    ///
    /// # Errors
    /// Something named does not exist, or the store cannot be read.
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure>;
}

impl Desk {
    /// Answers a question.
    ///
    /// # Errors
    /// See [`Question::answer`].
    pub fn ask<Q: Question>(&mut self, terms: &Terms, question: &Q) -> Result<Document, Failure> {
        let look = self.look()?;
        question.answer(look.read(), terms)
    }

    /// Answers a question under terms that depend on the seller's zone, if the file names one.
    ///
    /// # Errors
    /// See [`Question::answer`]; and what the terms' maker says.
    pub fn ask_in_zone<Q: Question, E: From<Failure>>(
        &mut self,
        question: &Q,
        terms: impl FnOnce(Option<String>) -> Result<Terms, E>,
    ) -> Result<Document, E> {
        let look = self.look()?;
        let zone = look.read().setting(ZONE).map_err(Failure::from)?;
        Ok(question.answer(look.read(), &terms(zone)?)?)
    }

    /// A consistent view that cannot write.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn look(&mut self) -> Result<Look<'_>, Failure> {
        Ok(self.store.look()?)
    }
}
