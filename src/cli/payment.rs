//! `subdesk payment`: attempts to collect, and what came of them.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::{Behalf, Change, Which};
use super::parse;
use super::reply::Reply;
use crate::billing::listed;
use crate::billing::refund::Source;
use crate::desk::{Effect, payment, refund};
use crate::wire::Document;
use crate::wire::order::Payment;
use clap::{Args, Subcommand};
use rust_decimal::Decimal;

// What can be done with payments.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum PaymentVerb {
    /// List payments, newest first
    List(List),
    /// Ask the gateway again about payments whose end is not known
    Settle(Settle),
    /// Give a payment back by the way it came
    Refund(Refund),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only payments in this state; nobody knows yet what came of those that are sent
    #[arg(long, value_name = "STATE", value_parser = ["sent", "processing", "paid", "declined"])]
    state: Option<String>,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(super) struct Settle {
    /// Only this payment, or the payments of this account
    #[arg(value_parser = parse::name)]
    which: Option<String>,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk payment refund P-000042 --reason \"left within the month\" --dry-run\n  \
    subdesk payment refund P-000042 --amount 20 --reason \"half a month down\"\n\n\
    What can be given back is the seller's rule (refund.mode). What the balance had paid goes to the balance."
)]
pub(super) struct Refund {
    /// The payment's number
    #[arg(value_parser = parse::name)]
    payment: String,

    /// An amount, tax included; absent means everything that can be given back
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = parse::amount)]
    amount: Option<Decimal>,

    /// Pay out what the balance holds, without another credit note
    #[arg(long)]
    from_balance: bool,

    #[command(flatten)]
    change: Change,
}

impl Refund {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let request = refund::Refund {
            payment: self.payment,
            amount: self.amount,
            source: match self.from_balance {
                true => Source::Balance,
                false => Source::Invoice,
            },
        };
        if self.change.asks() {
            let mut trial = self.change.clone();
            trial.dry_run = true;
            let shown = cx.with_gateways(&trial, |desk, terms, gateways| {
                desk.refund(terms, &request, gateways)
            })?;
            cx.confirm(
                &self.change,
                &question(shown.as_document(), &request.payment),
            )?;
        }
        cx.with_gateways(&self.change, |desk, terms, gateways| {
            desk.refund(terms, &request, gateways)
        })
    }
}

/// Names the money and what ends with it: what is given back can be more than the one payment, and less.
fn question(shown: Option<&Document>, payment: &str) -> String {
    let Some(Document::Subscription(shown)) = shown else {
        return format!("Give {payment} back?");
    };
    let amounts: Vec<String> = shown
        .refunds
        .iter()
        .map(|refund| format!("{} by {}", refund.amount.money(), refund.method))
        .collect();
    let ends = match shown.paid_until == Some(shown.on) {
        true => format!(", and end the subscription of {}", shown.account),
        false => String::new(),
    };
    match amounts.is_empty() {
        true => format!("Give {payment} back{ends}?"),
        false => format!(
            "Give {} back to {}{ends}?",
            listed::and(&amounts),
            shown.account
        ),
    }
}

impl PaymentVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            PaymentVerb::List(list) => {
                let question = payment::List {
                    filter: list.which.filter(list.state),
                    account: list.which.account,
                };
                cx.ask_for(&list.which.look, &list.behalf, &question)
                    .map(|reply| list.which.most.cut(reply))
            }
            PaymentVerb::Settle(settle) => settle.run(cx),
            PaymentVerb::Refund(refund) => refund.run(cx),
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
        let form = self.change.look.shape.form();
        let mut exit = Exit::Ok;
        let (mut payments, mut notes) = (Vec::new(), Vec::new());
        for outcome in outcomes {
            match outcome {
                Ok(outcome) => {
                    payments.extend(last_payment(outcome.document));
                    notes.extend(outcome.notes);
                }
                Err(failure) => {
                    let failure = Failure::from(failure);
                    failure.tell(&cx.out, &form);
                    exit = together(exit, failure.exit());
                }
            }
        }
        let reply = Reply::document(Document::Payments(payments), form).exit(exit);
        Ok(notes.into_iter().fold(reply, Reply::note))
    }
}

/// How a command ends that goes on after a failure: as that failure ends, where there is no other kind.
fn together(before: Exit, failed: Exit) -> Exit {
    match before {
        Exit::Ok => failed,
        same if same == failed => same,
        _ => Exit::Partly,
    }
}

/// The payment that an order's document speaks of last.
fn last_payment(document: Document) -> Option<Payment> {
    match document {
        Document::Order(order) => order.payments.last().cloned(),
        Document::Subscription(subscription) => subscription.refunds.last().cloned(),
        _ => None,
    }
}
