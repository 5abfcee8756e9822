//! What the rules say.
//!
//! Pure functions of facts and a date: no clock, no file, no SQL, no JSON, no terminal. Types that are
//! written in a catalog or policy file, or kept in a column, derive serde's traits here, because their
//! spelling in a file *is* their shape; the formats themselves stay in `wire` and `store`.

pub mod access;
pub mod account;
pub mod after;
pub mod agree;
pub mod allot;
pub mod allowance;
pub mod anchor;
pub mod apply;
pub mod begin;
pub mod beside;
pub mod books;
pub mod calendar;
pub mod call_off;
pub mod cancel;
pub mod case;
pub mod casework;
pub mod catalog;
pub mod change;
pub mod closing;
pub mod collect;
pub mod compare;
pub mod correct;
pub mod credit;
pub mod customer;
pub mod deferred;
pub mod details;
pub mod discount;
pub mod due;
pub mod entitlement;
pub mod figures;
pub mod fraction;
pub mod fresh;
pub mod fulfil;
pub mod input;
pub mod invoice;
pub mod invoicing;
pub mod lapse;
pub mod ledger;
pub mod membership;
pub mod message;
pub mod money;
pub mod on_file;
pub mod order;
mod over;
pub mod pack;
pub mod payment;
pub mod policy;
pub mod price;
pub mod prorate;
pub mod quote;
pub mod reactivate;
pub mod refund;
pub mod refusal;
pub mod renamed;
pub mod report;
pub mod returned;
pub mod rulesets;
#[cfg(test)]
mod sample;
pub mod scene;
pub mod seating;
pub mod share;
pub mod standing;
pub mod switches;
pub mod tax;
pub mod taxpayer;
pub mod term;
pub mod timeline;
pub mod transfer;
pub mod trials;
pub mod units;
pub mod window;
pub mod working;
