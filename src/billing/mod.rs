//! What the rules say.
//!
//! Pure functions of facts and a date: no clock, no file, no SQL, no JSON, no terminal. Types that are
//! written in a catalog or policy file, or kept in a column, derive serde's traits here, because their
//! spelling in a file *is* their shape; the formats themselves stay in `wire` and `store`.

pub mod allot;
pub mod calendar;
pub mod catalog;
pub mod compare;
pub mod fraction;
pub mod money;
pub mod policy;
pub mod price;
pub mod prorate;
pub mod rulesets;
pub mod share;
pub mod switches;
pub mod timeline;
pub mod working;
