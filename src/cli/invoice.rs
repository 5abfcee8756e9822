//! `subdesk invoice`: numbered documents.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Explain, Look};
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Day;
use crate::desk::{invoice, order::Filter};
use clap::{Args, Subcommand};

/// What can be done with invoices and credit notes.
#[derive(Debug, Subcommand)]
pub(super) enum InvoiceVerb {
    /// List invoices and credit notes, newest first
    List(List),
    /// Show an invoice or credit note with its lines
    Show(Show),
    /// Write invoices and credit notes as files: PDF, HTML, text, JSON, CSV
    Export(super::invoice_export::ExportArgs),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only documents of this account
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    account: Option<String>,

    /// Only documents in this state
    #[arg(long, value_name = "STATE", value_parser = ["open", "paid", "void"])]
    state: Option<String>,

    /// Only documents issued on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    since: Option<Day>,

    /// Only documents issued before this day
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    /// At most so many
    #[arg(long, value_name = "COUNT", default_value = "50", value_parser = parse::quantity)]
    limit: u32,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The document's number
    #[arg(value_parser = parse::name)]
    invoice: String,

    #[command(flatten)]
    explain: Explain,

    #[command(flatten)]
    look: Look,
}

impl InvoiceVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            InvoiceVerb::Export(export) => export.run(cx),
            InvoiceVerb::List(list) => cx.ask(
                &list.look,
                &invoice::List {
                    account: list.account,
                    filter: Filter {
                        account: None,
                        state: list.state,
                        since: list.since,
                        until: list.until,
                        at_most: list.limit,
                    },
                },
            ),
            InvoiceVerb::Show(show) => {
                let detail = show.explain.detail();
                let question = invoice::Show {
                    invoice: show.invoice,
                };
                Ok(cx.ask(&show.look, &question)?.detail(detail))
            }
        }
    }
}
