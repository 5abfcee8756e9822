//! `subdesk policy`: how the seller behaves, and how others do.

use super::compare::Compare;
use super::context::Context;
use super::failure::Failure;
use super::price::PriceArgs;
use super::reply::Reply;
use clap::Subcommand;

/// What can be done with policies.
#[derive(Debug, Subcommand)]
pub(super) enum PolicyVerb {
    /// Show what one change would cost under many systems' rules; needs no database
    Compare(Compare),
    /// Work out figures that are asked for in JSON; needs no database
    Price(PriceArgs),
}

impl PolicyVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            PolicyVerb::Compare(args) => args.run(),
            PolicyVerb::Price(args) => args.run(cx),
        }
    }
}
