//! `subdesk plan`: what plans give and cost, and changing to another.

use super::context::Context;
use super::failure::Failure;
use super::groups::Change;
use super::parse;
use super::plan_view;
use super::reply::Reply;
use super::wish::{self, Paying};
use crate::billing::calendar::Period;
use crate::billing::cancel::When;
use crate::desk::{cancel, order};
use clap::{Args, Subcommand};
use std::collections::BTreeMap;

// What can be done with plans.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum PlanVerb {
    /// List the plans that can be had, with their prices
    List(plan_view::List),
    /// Show what a plan gives and costs
    Show(plan_view::Show),
    /// Show plans side by side
    Compare(plan_view::Compare),
    /// Ask for a plan that only the seller's people sell
    Request(plan_view::Request),
    /// Change to another plan, or to another period of the same
    Change(ChangeTo),
    /// End the subscription with its paid time, or at once where the seller allows it
    Cancel(Cancel),
    /// Take a cancellation back, or come back after the end
    ///
    /// After the end, what the account had is ordered again, and charged at once where the provider can do that. That is
    /// asked first; --yes answers for a script, and --dry-run says what would be ordered.
    Resume(Resume),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk plan change acme pro --dry-run --explain\n  \
    subdesk plan change acme pro --period 1y"
)]
pub(super) struct ChangeTo {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The plan it is to have; absent keeps the one it has
    #[arg(value_parser = parse::name)]
    plan: Option<String>,

    /// Another period: 6m, 1y
    #[arg(long, value_name = "PERIOD", value_parser = parse::period)]
    period: Option<Period>,

    /// Other seats in the same order, where the seller allows it
    #[arg(long, value_name = "SEATS", allow_negative_numbers = true, value_parser = wish::seats)]
    seats: Option<BTreeMap<String, u32>>,

    /// An add-on in the same order, where the seller allows it: ai-credits=2
    #[arg(long = "add-on", value_name = "NAME=COUNT", value_parser = wish::add_on)]
    add_ons: Vec<(String, u32)>,

    #[command(flatten)]
    paying: Paying,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  subdesk plan cancel acme\n  \
    subdesk plan cancel acme --now --dry-run")]
pub(super) struct Cancel {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// End it at once instead of with its paid time
    #[arg(long, conflicts_with = "at_end")]
    now: bool,

    /// End it with its paid time, where the seller would end it at once
    #[arg(long)]
    at_end: bool,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Resume {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    #[command(flatten)]
    change: Change,
}

impl Cancel {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let when = match (self.now, self.at_end) {
            (true, _) => Some(When::Now),
            (_, true) => Some(When::AtEnd),
            (false, false) => None,
        };
        if when == Some(When::Now) {
            let question = format!("End the subscription of {} at once?", self.account);
            cx.confirm(&self.change, &question)?;
        }
        let request = cancel::Cancel {
            account: self.account,
            when,
        };
        cx.with_gateways(&self.change, |desk, terms, gateways| {
            desk.cancel(terms, &request, gateways)
        })
    }
}

impl Resume {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let request = cancel::Resume {
            account: self.account,
        };
        cx.confirm_charge(&self.change, &request.account, |desk, terms, gateways| {
            desk.resume_charges(terms, &request, gateways)
        })?;
        cx.with_gateways(&self.change, |desk, terms, gateways| {
            desk.resume(terms, &request, gateways)
        })
    }
}

impl PlanVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            PlanVerb::List(list) => list.run(cx),
            PlanVerb::Show(show) => show.run(cx),
            PlanVerb::Compare(compare) => compare.run(cx),
            PlanVerb::Request(request) => request.run(cx),
            PlanVerb::Change(to) => to.run(cx),
            PlanVerb::Cancel(ending) => ending.run(cx),
            PlanVerb::Resume(resume) => resume.run(cx),
        }
    }
}

impl ChangeTo {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        if self.plan.is_none() && self.period.is_none() {
            return Err(Failure::usage("Name a plan, a --period, or both."));
        }
        let wish = order::Wish {
            plan: self.plan,
            period: self.period,
            seats: self.seats,
            add_ons: self.add_ons,
            ..order::Wish::default()
        };
        let wish = self.paying.fill(wish);
        cx.perform(
            &self.change,
            &order::Create {
                account: self.account,
                wish,
            },
        )
    }
}
