//! `subdesk report export`: the books as a file that accounting programs read.

use super::context::Context;
use super::failure::Failure;
use super::groups::Look;
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Day;
use crate::billing::report::release::Pace;
use crate::desk::Purpose;
use crate::desk::accounting::Books;
use crate::wire::ledger::{self, Writer};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

// Write the double-entry books
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk report export --format hledger --to books.journal\n  \
    subdesk report export --format beancount --release day --to - | bean-check /dev/stdin"
)]
pub(super) struct ExportArgs {
    /// The form
    #[arg(long, value_name = "FORM")]
    format: Form,

    /// The file, or - for standard output
    #[arg(long, value_name = "FILE", default_value = "-", value_hint = clap::ValueHint::FilePath)]
    to: PathBuf,

    /// How finely deferred revenue is booked as earned
    #[arg(long, value_name = "PACE", default_value = "month")]
    release: Release,

    /// Only movements on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    since: Option<Day>,

    /// Only movements before this day
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    /// Replace a file that is there already
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A journal of hledger.
    Hledger,
    /// A file of beancount.
    Beancount,
    /// A journal of ledger.
    Ledger,
    /// A table with one row for each posting.
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Release {
    /// On each day of service.
    Day,
    /// On the last day of each month of service.
    Month,
    /// Not at all: it stays deferred.
    None,
}

impl ExportArgs {
    pub(super) fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let mut desk = cx.open(Purpose::Look)?;
        let terms = cx.terms_of_look(&self.look, cx.zone(&mut desk)?);
        let books = Books {
            since: self.since,
            until: self.until,
            release: match self.release {
                Release::Day => Some(Pace::Day),
                Release::Month => Some(Pace::Month),
                Release::None => None,
            },
        };
        let mut writer = Writer::of(match self.format {
            Form::Hledger => ledger::Form::Hledger,
            Form::Beancount => ledger::Form::Beancount,
            Form::Ledger => ledger::Form::Ledger,
            Form::Csv => ledger::Form::Csv,
        });
        let mut sink = self.sink(cx)?;
        desk.books(&terms, &books, &mut |entry| sink.put(&writer.entry(&entry)))?;
        sink.put(&writer.end())?;
        sink.end()?;
        Ok(Reply::nothing())
    }

    fn sink<'a>(&self, cx: &'a Context) -> Result<Sink<'a>, Failure> {
        if self.to.as_os_str() == "-" {
            return Ok(Sink::Answer(cx));
        }
        let shown = self.to.display().to_string();
        let mut options = File::options();
        options.write(true).truncate(true);
        match self.force {
            true => options.create(true),
            false => options.create_new(true),
        };
        match options.open(&self.to) {
            Ok(file) => Ok(Sink::File(BufWriter::new(file), shown)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let message = format!("{shown} is there already.");
                Err(Failure::usage(message).say("Add --force to replace it."))
            }
            Err(error) => {
                let error = anyhow::Error::from(error).context(format!("cannot write {shown}"));
                Err(Failure::broken(error))
            }
        }
    }
}

/// Where the text goes.
enum Sink<'a> {
    Answer(&'a Context),
    File(BufWriter<File>, String),
}

impl Sink<'_> {
    fn put(&mut self, text: &str) -> Result<(), Failure> {
        match self {
            Sink::Answer(cx) => cx.out.answer_bytes(text.as_bytes()),
            Sink::File(file, shown) => file
                .write_all(text.as_bytes())
                .with_context(|| format!("cannot write {shown}"))
                .map_err(Failure::broken),
        }
    }

    fn end(self) -> Result<(), Failure> {
        match self {
            Sink::Answer(_) => Ok(()),
            Sink::File(mut file, shown) => file
                .flush()
                .with_context(|| format!("cannot write {shown}"))
                .map_err(Failure::broken),
        }
    }
}
