//! `subdesk payment`: attempts to collect, and what came of them.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::{Change, Look};
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Day;
use crate::desk::{Effect, payment};
use crate::wire::Document;
use crate::wire::order::Payment;
use clap::{Args, Subcommand};

/// What can be done with payments.
#[derive(Debug, Subcommand)]
pub(super) enum PaymentVerb {
    /// List an account's payments, newest first
    List(List),
    /// Ask the gateway again about payments whose end is not known
    Settle(Settle),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// Only payments begun on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    since: Option<Day>,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
pub(super) struct Settle {
    /// Only this payment, or the payments of this account
    #[arg(value_parser = parse::name)]
    which: Option<String>,

    #[command(flatten)]
    change: Change,
}

impl PaymentVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            PaymentVerb::List(list) => cx.ask(
                &list.look,
                &payment::List {
                    account: list.account,
                    since: list.since,
                },
            ),
            PaymentVerb::Settle(settle) => settle.run(cx),
        }
    }
}

impl Settle {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let gateways = cx.gateways()?;
        let mut desk = cx.open_for_change()?;
        let zone = cx.zone(&mut desk)?;
        let effect = if self.change.dry_run {
            Effect::DryRun
        } else {
            Effect::Kept
        };
        let terms = cx.terms(&self.change, effect, zone);
        let outcomes = desk.settle_open(&terms, &gateways, self.which.as_deref())?;
        let mut exit = Exit::Ok;
        let mut payments = Vec::new();
        for outcome in outcomes {
            match outcome {
                Ok(outcome) => payments.extend(last_payment(outcome.document)),
                Err(failure) => {
                    let failure = Failure::from(failure);
                    exit = failure.exit();
                    cx.out.status(&failure.message());
                }
            }
        }
        let document = Document::Payments(payments);
        Ok(Reply::document(document, self.change.look.shape.form()).exit(exit))
    }
}

/// The payment that an order's document speaks of last.
fn last_payment(document: Document) -> Option<Payment> {
    match document {
        Document::Order(order) => order.payments.last().cloned(),
        _ => None,
    }
}
