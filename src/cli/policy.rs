//! `subdesk policy`: how the seller behaves, version by version, and how others do.

use super::compare::Compare;
use super::context::Context;
use super::failure::Failure;
use super::groups::Look;
use super::price::PriceArgs;
use super::reply::Reply;
use super::seller::{self, CheckArgs, DiffArgs, ShowArgs, UseArgs};
use crate::desk::seller_files::SellerFileKind;
use crate::desk::seller_use::{Files, UsePolicy};
use clap::Subcommand;

const KIND: SellerFileKind = SellerFileKind::Policy;

// What can be done with policies.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum PolicyVerb {
    /// List the versions that were put to use
    List(Look),
    /// Print a version as the file it is, to be copied and changed
    #[command(
        after_help = "Examples:\n  subdesk policy show > mine.policy.toml\n  subdesk policy show --json=says"
    )]
    Show(ShowArgs),
    /// Find everything that is wrong or odd in a file
    #[command(
        after_help = "Example:\n  subdesk policy check mine.policy.toml --with mine.catalog.toml"
    )]
    Check(CheckArgs),
    /// Put a version to use, from its effective_from on
    #[command(
        after_help = "Examples:\n  subdesk policy use mine.policy.toml --with mine.catalog.toml\n  \
        subdesk policy use mine.policy.toml --dry-run"
    )]
    Use(UseArgs),
    /// Show what changed between two versions, and how many accounts it concerns
    #[command(
        after_help = "Examples:\n  subdesk policy diff 1 2\n  subdesk policy diff mine.policy.toml"
    )]
    Diff(DiffArgs),
    /// Show what one change would cost under many systems' rules; needs no database but for --account
    #[command(
        after_help = "Examples:\n  subdesk policy compare --from-price 30.00 --to-price 60.00 --term \
        2024-03-01..2024-04-01 --on 2024-03-16T15:00Z\n  \
        subdesk policy compare --policy mine.policy.toml --from-price 30.00 --to-price 60.00 --term \
        2024-03-01..2024-04-01 --on 2024-03-16\n  subdesk policy compare --account acme --to-plan pro"
    )]
    Compare(Compare),
    /// Work out figures that are asked for in JSON; needs no database
    Price(PriceArgs),
}

impl PolicyVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            PolicyVerb::List(look) => seller::list(cx, KIND, &look),
            PolicyVerb::Show(args) => seller::show(cx, KIND, args),
            PolicyVerb::Check(args) => seller::check(KIND, &args),
            PolicyVerb::Use(args) => {
                let (file, with) = seller::to_use(KIND, &args)?;
                let files = Files {
                    catalog: with,
                    policy: Some(file),
                };
                cx.perform(&args.change, &UsePolicy(files))
            }
            PolicyVerb::Diff(args) => seller::diff(cx, KIND, args),
            PolicyVerb::Compare(args) => args.run(cx),
            PolicyVerb::Price(args) => args.run(cx),
        }
    }
}
