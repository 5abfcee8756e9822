//! `subdesk order`: priced intentions that take effect when paid.

use super::checkout::Checkout;
use super::context::Context;
use super::failure::Failure;
use super::groups::{Behalf, Change, Explain, Look, Which};
use super::parse;
use super::reply::Reply;
use super::wish::{self, Paying};
use crate::billing::calendar::Period;
use crate::desk::{correct, order, payment};
use clap::{Args, Subcommand};
use std::collections::BTreeMap;

// What can be done with orders.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum OrderVerb {
    /// Order step by step; any answer can be given as an option
    Checkout(Checkout),
    /// Place an order with every answer given as an option
    Create(Create),
    /// Show an order: what it costs, why, and what it brings
    Show(Show),
    /// List orders, newest first
    List(List),
    /// Pay an order
    Pay(Pay),
    /// Call an order off that waits to be paid
    Cancel(Cancel),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk order create acme --plan pro --period 6m --seats 3 --method card\n  \
    subdesk order create acme --plan pro --period 6m --seats 3 --dry-run --explain"
)]
pub(super) struct Create {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The plan
    #[arg(long, value_name = "PLAN", value_parser = parse::name)]
    plan: Option<String>,

    /// The period: 6m, 1y, 2w
    #[arg(long, value_name = "PERIOD", value_parser = parse::period)]
    period: Option<Period>,

    /// The seats in all: 3, or full=3,seasonal=2
    #[arg(long, value_name = "SEATS", allow_negative_numbers = true, value_parser = wish::seats)]
    seats: Option<BTreeMap<String, u32>>,

    /// An add-on and how many: ai-credits=2
    #[arg(long = "add-on", value_name = "NAME=COUNT", value_parser = wish::add_on)]
    add_ons: Vec<(String, u32)>,

    /// The period of add-ons that have one of their own
    #[arg(long, value_name = "PERIOD", value_parser = parse::period)]
    add_on_period: Option<Period>,

    #[command(flatten)]
    paying: Paying,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The order's number, such as O-000042
    #[arg(value_parser = parse::name)]
    order: String,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    explain: Explain,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only orders in this state
    #[arg(long, value_name = "STATE",
          value_parser = ["pending", "processing", "paid", "failed", "cancelled", "lapsed"])]
    state: Option<String>,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(super) struct Pay {
    /// The order's number
    #[arg(value_parser = parse::name)]
    order: String,

    /// Another payment method than the order's
    #[arg(long, value_name = "METHOD", value_parser = parse::name)]
    method: Option<String>,

    /// The payment you have seen, or the processor's name of the saved card; never a card number
    #[arg(long, value_name = "TEXT", value_parser = parse::remark)]
    reference: Option<String>,

    /// The total you expect, such as "630.00 USD"; any other is refused
    #[arg(long, value_name = "TOTAL", value_parser = wish::money)]
    expect: Option<crate::billing::money::Money>,

    /// What has arrived, such as "700.00 USD"; what is above the amount due comes into the balance
    #[arg(long, value_name = "AMOUNT", value_parser = wish::money)]
    amount: Option<crate::billing::money::Money>,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Cancel {
    /// The order's number
    #[arg(value_parser = parse::name)]
    order: String,

    #[command(flatten)]
    change: Change,
}

impl OrderVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            OrderVerb::Checkout(checkout) => checkout.run(cx),
            OrderVerb::Create(create) => create.run(cx),
            OrderVerb::Show(show) => {
                let detail = show.explain.detail();
                let question = order::Show { order: show.order };
                Ok(cx
                    .ask_for(&show.look, &show.behalf, &question)?
                    .detail(detail))
            }
            OrderVerb::List(list) => {
                let question = order::List {
                    filter: list.which.filter(list.state),
                    account: list.which.account,
                };
                cx.ask_for(&list.which.look, &list.behalf, &question)
                    .map(|reply| list.which.most.cut(reply))
            }
            OrderVerb::Cancel(cancel) => cx.perform(
                &cancel.change,
                &correct::CancelOrder {
                    order: cancel.order,
                },
            ),
            OrderVerb::Pay(pay) => cx.pay(
                &pay.change,
                &payment::Pay {
                    order: pay.order,
                    method: pay.method,
                    reference: pay.reference,
                    expected_minor: pay.expect.map(|total| total.minor),
                    amount: pay.amount,
                },
            ),
        }
    }
}

impl Create {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let wish = order::Wish {
            plan: self.plan,
            period: self.period,
            seats: self.seats,
            add_ons: self.add_ons,
            add_on_period: self.add_on_period,
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
