//! `subdesk plan list | show | compare | request`: what plans give and cost, for a place or an account.

use super::account::currency;
use super::case::Contact;
use super::context::Context;
use super::failure::Failure;
use super::groups::{Change, Look};
use super::parse;
use super::reply::Reply;
use crate::billing::money::Currency;
use crate::desk::{case, plan};
use clap::Args;

// For whom plans are shown.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "For whom")]
pub(super) struct To {
    /// With the prices, agreements and seats of this account
    #[arg(long, value_name = "NAME", value_parser = parse::name,
          conflicts_with_all = ["country", "currency"])]
    account: Option<String>,

    /// With the prices of this country
    #[arg(long, value_name = "CC", value_parser = parse::country)]
    country: Option<String>,

    /// In this currency
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<Currency>,

    /// With the limits of so many seats [default: the account's, or 1]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, value_parser = parse::quantity)]
    seats: Option<u32>,
}

impl To {
    fn to(self) -> plan::For {
        plan::For {
            account: self.account,
            country: self.country,
            currency: self.currency,
            seats: self.seats,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Also plans that are no longer, or not yet, sold
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    to: To,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  subdesk plan show pro --country BR --seats 5")]
pub(super) struct Show {
    /// The plan
    #[arg(value_parser = parse::name)]
    plan: String,

    #[command(flatten)]
    to: To,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The plans [default: all that can be had]
    #[arg(value_parser = parse::name)]
    plans: Vec<String>,

    #[command(flatten)]
    to: To,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  subdesk plan request acme enterprise --name Ana --phone \"+1 555 0100\""
)]
pub(super) struct Request {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The plan
    #[arg(value_parser = parse::name)]
    plan: String,

    /// What else is to be said
    #[arg(long, value_name = "TEXT", value_parser = parse::remark)]
    text: Option<String>,

    #[command(flatten)]
    contact: Contact,

    #[command(flatten)]
    change: Change,
}

impl List {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        cx.ask_seller(
            &self.look,
            &plan::List {
                to: self.to.to(),
                all: self.all,
            },
        )
    }
}

impl Show {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        cx.ask_seller(
            &self.look,
            &plan::Show {
                plan: self.plan,
                to: self.to.to(),
            },
        )
    }
}

impl Compare {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        cx.ask_seller(
            &self.look,
            &plan::Compare {
                plans: self.plans,
                to: self.to.to(),
            },
        )
    }
}

impl Request {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let request = case::RequestPlan {
            account: self.account,
            plan: self.plan,
            text: self.text,
            contact: self.contact.fields(),
        };
        cx.perform(&self.change, &request)
    }
}
