//! `subdesk invoice send`: a document to the customer, by mail.

use super::context::Context;
use super::failure::Failure;
use super::groups::Change;
use super::message::deliver;
use super::parse;
use super::reply::Reply;
use crate::desk::outbox::SendInvoice;
use clap::Args;

// Send an invoice or credit note by mail
#[derive(Debug, Args)]
pub(super) struct SendArgs {
    /// The document's number
    #[arg(value_parser = parse::name)]
    invoice: String,

    /// Where it goes, instead of to everybody who gets the account's bills; may be given several times
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    to: Vec<String>,

    #[command(flatten)]
    change: Change,
}

impl SendArgs {
    pub(super) fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let request = SendInvoice {
            invoice: self.invoice,
            to: self.to,
        };
        let reply = cx.perform(&self.change, &request)?;
        deliver(cx, &self.change, reply)
    }
}
