//! `subdesk catalog`: what is sold, version by version.

use super::context::Context;
use super::failure::Failure;
use super::groups::Look;
use super::reply::Reply;
use super::seller::{self, CheckArgs, DiffArgs, ShowArgs, UseArgs};
use crate::desk::seller_files::SellerFileKind;
use crate::desk::seller_use::{Files, UseCatalog};
use clap::Subcommand;

const KIND: SellerFileKind = SellerFileKind::Catalog;

// What can be done with catalogs.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum CatalogVerb {
    /// List the versions that were put to use
    List(Look),
    /// Print a version as the file it is, to be copied and changed
    #[command(
        after_help = "Examples:\n  subdesk catalog show > mine.catalog.toml\n  subdesk catalog show --json=says"
    )]
    Show(ShowArgs),
    /// Find everything that is wrong or odd in a file
    #[command(
        after_help = "Example:\n  subdesk catalog check mine.catalog.toml --with mine.policy.toml"
    )]
    Check(CheckArgs),
    /// Put a version to use, from its effective_from on
    #[command(
        after_help = "Examples:\n  subdesk catalog use mine.catalog.toml --with mine.policy.toml\n  \
        subdesk catalog use mine.catalog.toml --dry-run"
    )]
    Use(UseArgs),
    /// Show what changed between two versions, and how many accounts it concerns
    #[command(
        after_help = "Examples:\n  subdesk catalog diff 1 2\n  subdesk catalog diff mine.catalog.toml"
    )]
    Diff(DiffArgs),
}

impl CatalogVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            CatalogVerb::List(look) => seller::list(cx, KIND, &look),
            CatalogVerb::Show(args) => seller::show(cx, KIND, args),
            CatalogVerb::Check(args) => seller::check(KIND, &args),
            CatalogVerb::Use(args) => {
                let (file, with) = seller::to_use(KIND, &args)?;
                let files = Files {
                    catalog: Some(file),
                    policy: with,
                };
                cx.perform(&args.change, &UseCatalog(files))
            }
            CatalogVerb::Diff(args) => seller::diff(cx, KIND, args),
        }
    }
}
