//! Carries one request through one transaction to one document.
//!
//! A *request* is a plain struct. [`Desk::perform`] is the only way to write and [`Desk::look`] the only
//! way to read; between them a request loads facts and asks `billing`.

pub mod account;
pub mod account_terms;
pub mod accounting;
pub mod balance;
pub mod batch;
pub mod beside;
pub mod books;
pub mod cancel;
pub mod case;
pub mod checkout;
mod comes_back;
pub mod correct;
pub mod credit;
pub mod db;
pub mod export;
mod failure;
mod handover;
mod in_year;
pub mod invoice;
pub mod journal;
pub mod limit;
pub mod load;
mod logo;
mod look;
pub mod member;
mod names;
mod on_account;
pub mod order;
#[cfg(test)]
mod order_tests;
pub mod outbox;
mod overview;
mod pay_again;
pub mod payment;
mod perform;
pub mod plan;
pub mod recurring;
pub mod refund;
pub mod renew;
pub mod report;
pub mod seller;
pub mod seller_files;
pub mod seller_use;
mod settle;
mod start;
mod terms;
pub mod transfer;
pub mod trial;

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

#[cfg(test)]
mod account_tests;
#[cfg(test)]
mod switch_histories;
#[cfg(test)]
mod switch_tests;
#[cfg(test)]
mod usage_tests;

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

#[cfg(test)]
mod after_tests;
#[cfg(test)]
mod bill_day_tests;
#[cfg(test)]
mod correct_tests;
#[cfg(test)]
mod floor_tests;
#[cfg(test)]
mod house;
#[cfg(test)]
mod law_policies;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod pack_tests;
#[cfg(test)]
mod recurring_tests;
#[cfg(test)]
mod report_laws;
#[cfg(test)]
mod served_tests;
#[cfg(test)]
mod stated_tests;
#[cfg(test)]
mod unwind_tests;
