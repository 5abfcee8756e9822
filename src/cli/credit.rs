//! `subdesk credit`: units of use that are granted, bought and used up.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Behalf, Change, Look};
use super::parse;
use super::reply::Reply;
use super::wish::Paying;
use crate::billing::calendar::{Day, Period};
use crate::desk::credit::{self, Way};
use crate::desk::order;
use clap::{Args, Subcommand};

// What can be done with credits.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum CreditVerb {
    /// Show what is left, by kind
    Show(Show),
    /// List the add-ons that an account can order, with their prices
    List(List),
    /// Use units up
    Use(Use),
    /// Give units, with a reason
    Grant(Grant),
    /// Order a pack of units, or another add-on
    Buy(Buy),
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// Of this member, where members have their own
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    member: Option<String>,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    look: Look,
}

// Units of a kind.
#[derive(Debug, Args)]
pub(super) struct Units {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The kind of credit
    #[arg(value_parser = parse::name)]
    credit: String,

    /// How many
    #[arg(allow_negative_numbers = true, value_parser = parse::units)]
    units: i64,

    /// Of this member, where members have their own
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    member: Option<String>,
}

impl Units {
    fn moved(self, way: Way) -> credit::Move {
        credit::Move {
            account: self.account,
            credit: self.credit,
            units: self.units,
            member: self.member,
            way,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Use {
    #[command(flatten)]
    units: Units,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  subdesk credit grant acme ai 500 --reason \"outage of 3 June\""
)]
pub(super) struct Grant {
    #[command(flatten)]
    units: Units,

    /// First day on which they can no longer be used [default: the next reset]
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  subdesk credit buy acme ai-5000 --dry-run --explain")]
pub(super) struct Buy {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The add-on
    #[arg(value_parser = parse::name)]
    add_on: String,

    /// How many of it
    #[arg(default_value = "1", allow_negative_numbers = true, value_parser = parse::quantity)]
    count: u32,

    /// The period, where the add-on has one of its own
    #[arg(long, value_name = "PERIOD", value_parser = parse::period)]
    period: Option<Period>,

    #[command(flatten)]
    paying: Paying,

    #[command(flatten)]
    change: Change,
}

impl CreditVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            CreditVerb::Show(show) => {
                let question = credit::Show {
                    account: show.account,
                    member: show.member,
                };
                cx.ask_for(&show.look, &show.behalf, &question)
            }
            CreditVerb::List(list) => {
                let question = credit::Offers {
                    account: list.account,
                };
                cx.ask_for(&list.look, &list.behalf, &question)
            }
            CreditVerb::Use(used) => cx.perform(&used.change, &used.units.moved(Way::Use)),
            CreditVerb::Grant(grant) => {
                let way = Way::Grant { until: grant.until };
                cx.perform(&grant.change, &grant.units.moved(way))
            }
            CreditVerb::Buy(buy) => {
                let wish = order::Wish {
                    add_ons: vec![(buy.add_on, buy.count)],
                    add_on_period: buy.period,
                    ..order::Wish::default()
                };
                let wish = buy.paying.fill(wish);
                cx.perform(
                    &buy.change,
                    &order::Create {
                        account: buy.account,
                        wish,
                    },
                )
            }
        }
    }
}
