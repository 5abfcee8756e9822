//! `subdesk limit`: use against plan limits, and a question that a script can branch on.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Behalf, Change, Look};
use super::parse;
use super::reply::Reply;
use crate::desk::limit;
use clap::{Args, Subcommand};

// What can be done with limits.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum LimitVerb {
    /// Show use against the limits of an account
    Show(Show),
    /// May so much be added? Ends with 0 if so and with 3 if not
    Check(Check),
    /// Record use
    Record(Record),
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// Only this limit
    #[arg(value_parser = parse::name)]
    limit: Option<String>,

    /// Of this member, where members have their own
    #[arg(long, value_name = "EMAIL", value_parser = parse::name, requires = "limit")]
    member: Option<String>,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    look: Look,
}

// How much of what is added.
#[derive(Debug, Args)]
pub(super) struct Adding {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The limit
    #[arg(value_parser = parse::name)]
    limit: String,

    /// How much is added; negative for less
    #[arg(allow_negative_numbers = true, value_parser = parse::units)]
    amount: i64,

    /// Of this member, where members have their own
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    member: Option<String>,

    /// The action that adds it, where only some stop above the limit: "manual creation"
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    action: Option<String>,
}

impl Adding {
    fn check(self) -> limit::Check {
        limit::Check {
            account: self.account,
            limit: self.limit,
            amount: self.amount,
            member: self.member,
            action: self.action,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  subdesk limit check acme leads 50 --quiet && import leads.csv")]
pub(super) struct Check {
    #[command(flatten)]
    adding: Adding,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
pub(super) struct Record {
    #[command(flatten)]
    adding: Adding,

    #[command(flatten)]
    change: Change,
}

impl LimitVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            LimitVerb::Show(show) => {
                let question = limit::Show {
                    account: show.account,
                    limit: show.limit,
                    member: show.member,
                };
                cx.ask_for(&show.look, &show.behalf, &question)
            }
            LimitVerb::Check(check) => cx.ask(&check.look, &check.adding.check()),
            LimitVerb::Record(record) => {
                cx.perform(&record.change, &limit::Record(record.adding.check()))
            }
        }
    }
}
