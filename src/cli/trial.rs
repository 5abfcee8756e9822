//! `subdesk trial`: trials, before the first purchase.

use super::context::Context;
use super::failure::Failure;
use super::groups::{AtMost, Change, Look, OfAccount};
use super::parse;
use super::reply::Reply;
use crate::desk::trial::{self, Does};
use clap::{Args, Subcommand};

// What can be done with trials.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum TrialVerb {
    /// Start a trial
    Start(Which),
    /// Show the last trial of an account
    Show(Show),
    /// List trials, newest first
    List(List),
    /// Make a running trial longer, with a reason
    Extend(Extend),
    /// End a running trial today
    End(Which),
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    of: OfAccount,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only of this account
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    account: Option<String>,

    /// Only those that run on the day
    #[arg(long)]
    running: bool,

    #[command(flatten)]
    most: AtMost,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  subdesk trial extend acme 7 --reason \"demo moved to Friday\"")]
pub(super) struct Extend {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// How many days longer
    #[arg(allow_negative_numbers = true, value_parser = parse::quantity)]
    days: u32,

    #[command(flatten)]
    change: Change,
}

impl TrialVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let does =
            |account, change: &Change, does| cx.perform(change, &trial::Change { account, does });
        match self {
            TrialVerb::Start(which) => does(which.account, &which.change, Does::Start),
            TrialVerb::End(which) => does(which.account, &which.change, Does::End),
            TrialVerb::Extend(extend) => {
                does(extend.account, &extend.change, Does::Extend(extend.days))
            }
            TrialVerb::Show(show) => {
                let question = trial::Show {
                    account: show.of.account,
                };
                cx.ask_for(&show.of.look, &show.of.behalf, &question)
            }
            TrialVerb::List(list) => {
                let question = trial::List {
                    account: list.account,
                    running: list.running,
                    at_most: list.most.asked(),
                };
                cx.ask(&list.look, &question)
                    .map(|reply| list.most.cut(reply))
            }
        }
    }
}
