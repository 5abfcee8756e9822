//! `subdesk account method`: the way to pay that is on file, by the processor's reference. Where entering one brings an
//! account back and charges it, that is asked first.

use super::context::Context;
use super::failure::Failure;
use super::groups::Change;
use super::parse;
use super::reply::Reply;
use crate::desk::account_terms::{Method, Saving};
use clap::{Args, Subcommand};

// What can be done with the method on file.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum MethodVerb {
    /// Put a method on file, in place of the one before
    ///
    /// Where the policy brings an account back by a method, what it had is ordered again and charged at once. That is
    /// asked first; --yes answers for a script, and --dry-run says what would be charged.
    Set(Set),
    /// Remove the method on file
    Remove(Remove),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  subdesk account method set acme card --reference pm_1Nz --brand visa"
)]
pub(super) struct Set {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The method, by its name in the catalog
    #[arg(value_parser = parse::name)]
    method: String,

    /// What the processor calls it; never a card number
    #[arg(long, value_name = "TEXT", value_parser = parse::name)]
    reference: String,

    /// The brand of a card: visa, mastercard
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    brand: Option<String>,

    /// The kind of a card: credit, debit, prepaid
    #[arg(long, value_name = "KIND", value_parser = parse::name)]
    funding: Option<String>,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Remove {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    #[command(flatten)]
    change: Change,
}

impl MethodVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            MethodVerb::Set(set) => {
                let saving = Saving {
                    method: set.method,
                    reference: set.reference,
                    brand: set.brand,
                    funding: set.funding,
                };
                let request = Method {
                    account: set.account,
                    method: Some(saving),
                };
                cx.confirm_charge(&set.change, &request.account, |desk, terms, gateways| {
                    desk.method_charges(terms, &request, gateways)
                })?;
                cx.with_gateways(&set.change, |desk, terms, gateways| {
                    desk.set_method(terms, &request, gateways)
                })
            }
            MethodVerb::Remove(remove) => {
                let request = Method {
                    account: remove.account,
                    method: None,
                };
                cx.perform(&remove.change, &request)
            }
        }
    }
}
