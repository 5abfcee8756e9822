//! `subdesk invoice`: numbered documents.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Behalf, Change, Explain, Look, Which};
use super::parse;
use super::reply::Reply;
use crate::billing::correct::Much;
use crate::desk::{correct, invoice};
use clap::{Args, Subcommand};
use rust_decimal::Decimal;

// What can be done with invoices and credit notes.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum InvoiceVerb {
    /// List invoices and credit notes, newest first
    List(List),
    /// Show an invoice or credit note with its lines
    Show(Show),
    /// Write invoices and credit notes as files: PDF, HTML, text, JSON, CSV
    Export(super::invoice_export::ExportArgs),
    /// Give back some or all of an invoice with a credit note
    Credit(Credit),
    /// Call an open invoice off; it keeps its number
    Void(Void),
    /// Send an invoice or credit note by mail, with its PDF
    Send(super::invoice_send::SendArgs),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only documents in this state
    #[arg(long, value_name = "STATE", value_parser = ["open", "paid", "void"])]
    state: Option<String>,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The document's number
    #[arg(value_parser = parse::name)]
    invoice: String,

    #[command(flatten)]
    behalf: Behalf,

    #[command(flatten)]
    explain: Explain,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk invoice credit INV-2026-000042 --all --reason \"billed twice\"\n  \
    subdesk invoice credit INV-2026-000042 --line 2=12.50 --reason \"one seat too many\"\n\n\
    Amounts are before tax. An open invoice owes less; what was paid goes to the balance."
)]
pub(super) struct Credit {
    /// The invoice's number
    #[arg(value_parser = parse::name)]
    invoice: String,

    #[command(flatten)]
    much: HowMuch,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct HowMuch {
    /// Everything that is left of it
    #[arg(long)]
    all: bool,

    /// So many percent of each line
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = parse::amount)]
    percent: Option<Decimal>,

    /// An amount before tax, spread over the lines
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, value_parser = parse::amount)]
    amount: Option<Decimal>,

    /// An amount before tax of one line, by its place: 2=12.50; may be repeated
    #[arg(long = "line", value_name = "PLACE=AMOUNT", value_parser = line)]
    lines: Vec<(usize, Decimal)>,
}

/// `2=12.50`.
fn line(text: &str) -> Result<(usize, Decimal), String> {
    let said = || format!("{text:?} is not a line and an amount, such as 2=12.50");
    let (place, amount) = text.split_once('=').ok_or_else(said)?;
    Ok((
        place.trim().parse().map_err(|_| said())?,
        parse::amount(amount.trim())?,
    ))
}

impl HowMuch {
    fn much(self) -> Much {
        match (self.percent, self.amount) {
            (Some(percent), _) => Much::Percent(percent),
            (_, Some(amount)) => Much::Amount(amount),
            (None, None) if self.lines.is_empty() => Much::All,
            (None, None) => Much::Lines(self.lines),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Void {
    /// The invoice's number
    #[arg(value_parser = parse::name)]
    invoice: String,

    #[command(flatten)]
    change: Change,
}

impl InvoiceVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            InvoiceVerb::Send(send) => send.run(cx),
            InvoiceVerb::Export(export) => export.run(cx),
            InvoiceVerb::List(list) => {
                let question = invoice::List {
                    filter: list.which.filter(list.state),
                    account: list.which.account,
                };
                cx.ask_for(&list.which.look, &list.behalf, &question)
                    .map(|reply| list.which.most.cut(reply))
            }
            InvoiceVerb::Credit(credit) => cx.perform(
                &credit.change,
                &correct::Credit {
                    invoice: credit.invoice,
                    much: credit.much.much(),
                },
            ),
            InvoiceVerb::Void(void) => cx.perform(
                &void.change,
                &correct::Void {
                    invoice: void.invoice,
                },
            ),
            InvoiceVerb::Show(show) => {
                let detail = show.explain.detail();
                let question = invoice::Show {
                    invoice: show.invoice,
                };
                Ok(cx
                    .ask_for(&show.look, &show.behalf, &question)?
                    .detail(detail))
            }
        }
    }
}
