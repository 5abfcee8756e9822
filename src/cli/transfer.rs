//! `subdesk account transfer`: licence and credits for somebody who changes employer.

use super::context::Context;
use super::failure::Failure;
use super::groups::Change;
use super::parse;
use super::reply::Reply;
use crate::desk::transfer;
use clap::Args;

// Move licence and credits to another account
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  subdesk account transfer ana-old ana-new --reason \"changed employer\" --dry-run\n\n\
    Paid time, seats, add-ons and units of use move today. Members, invoices and the balance stay."
)]
pub(super) struct TransferArgs {
    /// The account that has them
    #[arg(value_parser = parse::name)]
    from: String,

    /// The account that is to have them
    #[arg(value_parser = parse::name)]
    to: String,

    #[command(flatten)]
    change: Change,
}

impl TransferArgs {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let question = format!("Move what {} has to {}?", self.from, self.to);
        cx.confirm(&self.change, &question)?;
        cx.perform(
            &self.change,
            &transfer::Transfer {
                from: self.from,
                to: self.to,
            },
        )
    }
}
