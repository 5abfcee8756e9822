//! Carries one request through one transaction to one document.
//!
//! A *request* is a plain struct. [`Desk::perform`] is the only way to write and [`Desk::look`] the only
//! way to read; between them a request loads facts and asks `billing`.

mod failure;
pub mod load;
mod perform;
mod terms;

pub use failure::Failure;
pub use perform::{Decision, Request};
pub use terms::{Effect, Given, Mark, Outcome, Terms};

use crate::store::{Look, Store};

/// The store, opened once.
pub struct Desk {
    store: Store,
}

impl Desk {
    /// A desk over an open store.
    pub fn over(store: Store) -> Desk {
        Desk { store }
    }

    /// The store's path, for messages.
    pub fn file(&self) -> std::path::PathBuf {
        self.store.file()
    }

    /// The gate for reading: one consistent view that cannot write and holds no lock.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn look(&mut self) -> Result<Look<'_>, Failure> {
        Ok(self.store.look()?)
    }
}
