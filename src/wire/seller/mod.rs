//! Catalog and policy files: from text to values, with the place of everything that is wrong.
//!
//! The spelling of a file is the shape of the types in [`crate::billing::catalog`] and
//! [`crate::billing::policy`]. Dates may stand with or without quotes, amounts as `12.80` or `"12.80"`;
//! both are read from their digits, never through a floating point number.

mod check;
mod diff;
mod document;
mod finding;
mod place;
mod read;
mod words;

pub use super::presets::{Preset, preset, presets};
pub use check::{Source, check_both, check_catalog, check_policy};
pub use diff::{Difference, DifferenceKind, Touch, diff_catalogs, diff_policies};
pub use document::{DifferenceLine, FileCheck, Version, Whole};
pub use finding::{Finding, Weight};
pub use place::{locate, span_of};
pub use read::{LARGEST, text_of};

use crate::billing::catalog::Catalog;
use crate::billing::policy::Policy;

/// Reads a catalog. `origin` is the name under which findings speak of the text, usually a file's name.
///
/// # Errors
/// Everything that keeps the text from being a catalog, at least one finding.
pub fn catalog(text: &str, origin: &str) -> Result<Catalog, Vec<Finding>> {
    read::typed(text, origin)
}

/// Reads a policy; see [`catalog`].
///
/// # Errors
/// Everything that keeps the text from being a policy, at least one finding.
pub fn policy(text: &str, origin: &str) -> Result<Policy, Vec<Finding>> {
    read::typed(text, origin)
}
