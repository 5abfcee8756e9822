//! The gate for reading: one consistent view that cannot write and holds no lock.

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

    /// A consistent view that cannot write.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn look(&mut self) -> Result<Look<'_>, Failure> {
        Ok(self.store.look()?)
    }
}
