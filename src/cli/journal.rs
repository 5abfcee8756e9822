//! `subdesk journal`: one line for every write, who did it and why, and whether anybody changed it since.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::{AtMost, Look, Shape};
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Day;
use crate::desk::journal::{self, JournalFilter};
use crate::wire::Document;
use clap::{Args, Subcommand};

// What can be done with the journal.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum JournalVerb {
    /// List what was written, newest first
    List(List),
    /// Show one line with its request and its document
    Show(Show),
    /// Check that no line was changed or taken away
    Verify(Shape),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only lines about this account
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    account: Option<String>,

    /// Only lines that this operator wrote
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    by: Option<String>,

    /// Only lines of this command, such as "order pay"
    #[arg(long, value_name = "COMMAND", value_parser = parse::remark)]
    command: Option<String>,

    /// Only lines written on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    since: Option<Day>,

    /// Only lines written before this day
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    /// Only lines before this one
    #[arg(long, value_name = "LINE")]
    before: Option<i64>,

    #[command(flatten)]
    most: AtMost,

    #[command(flatten)]
    shape: Shape,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The number of the line
    #[arg(required_unless_present = "key", conflicts_with = "key")]
    line: Option<i64>,

    /// The idempotency key it was written under
    #[arg(long, value_name = "TEXT", value_parser = parse::key)]
    key: Option<String>,

    #[command(flatten)]
    shape: Shape,
}

impl JournalVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            JournalVerb::List(list) => {
                let question = journal::List {
                    account: list.account,
                    filter: JournalFilter {
                        account: None,
                        by: list.by,
                        command: list.command,
                        since: list.since,
                        until: list.until,
                        before: list.before,
                        at_most: list.most.asked(),
                    },
                };
                let reply = cx.ask(&look(list.shape), &question)?;
                Ok(list.most.cut(reply))
            }
            JournalVerb::Show(show) => {
                let which = match (show.line, show.key) {
                    (_, Some(key)) => journal::Show::Key(key),
                    (line, None) => journal::Show::Number(line.unwrap_or_default()),
                };
                cx.ask(&look(show.shape), &which)
            }
            JournalVerb::Verify(shape) => {
                cx.ask(&look(shape), &journal::Verify).map(sound_or_failed)
            }
        }
    }
}

/// A look at what does not depend on a day.
pub(super) fn look(shape: Shape) -> Look {
    Look { as_of: None, shape }
}

/// A check that found something ends with 1.
pub(super) fn sound_or_failed(reply: Reply) -> Reply {
    match reply.as_document() {
        Some(Document::Check(check)) if !check.sound => reply.exit(Exit::Failed),
        _ => reply,
    }
}
