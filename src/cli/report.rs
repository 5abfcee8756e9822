//! `subdesk report`: what the business earns, keeps, loses and is owed; and its books for other programs.

use super::context::Context;
use super::failure::Failure;
use super::groups::Look;
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Day;
use crate::desk::{Question, recurring, report};
use crate::wire::report_table::table;
use clap::{Args, Subcommand};

// What can be reported.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum ReportVerb {
    /// What was billed, earned by serving, and collected, month by month
    Revenue(OverMonths),
    /// Monthly recurring revenue and how it moved
    ///
    /// Plans recur, and add-ons that renew; what is bought once does not. A subscription that was transferred to
    /// another account lives on: it is neither lost nor new, and only what changed besides has moved.
    Mrr(OverMonths),
    /// Customers and recurring revenue that left
    ///
    /// Who transferred a subscription to another account has not left.
    Churn(OverMonths),
    /// What customers owe, and how late it is
    Receivable(OnDay),
    /// Orders that wait to be paid
    Pending(OnDay),
    /// The double-entry books, for hledger, beancount, ledger or a spreadsheet
    Export(super::report_export::ExportArgs),
}

#[derive(Debug, Args)]
pub(super) struct OverMonths {
    /// From the month of this day [default: twelve months]
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    since: Option<Day>,

    /// Up to, and without, this day
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    /// Print a table for spreadsheets
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    csv: bool,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
pub(super) struct OnDay {
    /// Print a table for spreadsheets
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    csv: bool,

    #[command(flatten)]
    look: Look,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Printed {
    Usual,
    Csv,
}

impl ReportVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            ReportVerb::Revenue(over) => over.ask(cx, report::Revenue),
            ReportVerb::Mrr(over) => over.ask(cx, recurring::Recurring),
            ReportVerb::Churn(over) => over.ask(cx, recurring::Churn),
            ReportVerb::Receivable(on) => ask(cx, &on.look, printed(on.csv), &report::Receivable),
            ReportVerb::Pending(on) => ask(cx, &on.look, printed(on.csv), &report::Pending),
            ReportVerb::Export(export) => export.run(cx),
        }
    }
}

fn printed(csv: bool) -> Printed {
    match csv {
        true => Printed::Csv,
        false => Printed::Usual,
    }
}

impl OverMonths {
    fn ask<Q: Question>(
        self,
        cx: &Context,
        question: impl FnOnce(report::Months) -> Q,
    ) -> Result<Reply, Failure> {
        if let (Some(since), Some(until)) = (self.since, self.until)
            && until <= since
        {
            return Err(Failure::usage(format!(
                "--until {until} is not behind --since {since}."
            )));
        }
        let months = report::Months {
            since: self.since,
            until: self.until,
        };
        ask(cx, &self.look, printed(self.csv), &question(months))
    }
}

fn ask<Q: Question>(
    cx: &Context,
    look: &Look,
    printed: Printed,
    question: &Q,
) -> Result<Reply, Failure> {
    let reply = cx.ask(look, question)?;
    let Some(table) = reply
        .as_document()
        .filter(|_| printed == Printed::Csv)
        .and_then(table)
    else {
        return Ok(reply);
    };
    let bytes = table.csv().map_err(|error| Failure::broken(error.into()))?;
    cx.out.answer_bytes(&bytes)?;
    Ok(Reply::nothing())
}
