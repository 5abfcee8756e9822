//! Carries one request through one transaction to one document.
//!
//! A *request* is a plain struct. [`Desk::perform`] is the only way to write and [`Desk::look`] the only
//! way to read; between them a request loads facts and asks `billing`.

pub mod db;
pub mod export;
mod failure;
mod handover;
pub mod invoice;
pub mod journal;
pub mod load;
mod logo;
mod look;
mod names;
pub mod order;
#[cfg(test)]
mod order_tests;
pub mod payment;
mod perform;
pub mod seller;
pub mod seller_files;
pub mod seller_use;
mod start;
mod terms;

pub use crate::gateway::Gateways;
pub use crate::store::{Fault, Patience, Purpose};
pub use failure::Failure;
pub use logo::Logos;
pub use look::Question;
pub use names::Names;
pub use perform::{Decision, Request, expect_not_future};
pub use start::{Starter, zone_of};
pub use terms::{Effect, Given, Mark, Outcome, Terms};

use crate::store::Store;

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
}
