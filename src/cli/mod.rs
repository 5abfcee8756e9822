//! Words in, words out: the command line.
//!
//! [`main`] reads like a day at the desk: complete → parse → configure → run → exit. This room never sees a
//! rule or a row; it builds a request from plain values and gets back a document or a named refusal.
//!
//! # How to add a noun
//!
//! 1. `src/cli/<noun>.rs`: `pub(super) enum <Noun>Verb` (derive `clap::Subcommand`), one `Args` struct for each
//!    verb with `groups::Look` (reading) or `groups::Change` (writing) flattened in as its last field, and
//!    `pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure>`, which fills a request and ends in
//!    `cx.ask(&look, &question)` or `cx.perform(&change, &request)`. Values come from `parse`. Questions to a
//!    person go through `cx.asker(&change)`, a last warning through `cx.confirm(&change, …)`.
//! 2. `src/desk/<noun>.rs`: the requests. Reading ones implement `desk::Question`, writing ones
//!    `desk::Request`.
//! 3. `src/wire/<noun>.rs`: the document, with a variant in `wire::Document` (one thing and, as a plural, the
//!    list of it).
//! 4. `src/cli/show/<noun>.rs`: the document on the page, with an arm in `show::drawn`. A list that is the whole
//!    answer is `page.list(…)`, a table inside a record `page.table(…)`.
//! 5. Here: `mod <noun>;`, a variant of `Noun` under its heading, and an arm in `Noun::run`. One line each.
//!
//! 6. `cargo run -- docs .` writes man/ and completions/ again.
//!
//! `journal` shows all of it for reading.

mod account;
mod account_agree;
mod account_method;
mod ask;
mod batch;
mod case;
mod catalog;
mod checkout;
mod clock;
mod compare;
mod complete;
mod completions;
mod config;
mod context;
mod credit;
mod db;
mod docs;
mod exit;
mod failure;
mod files;
mod groups;
mod help;
mod hint;
mod invoice;
mod invoice_export;
mod invoice_send;
mod journal;
mod limit;
mod member;
mod message;
mod misread;
mod order;
mod out;
mod parse;
mod payment;
mod plan;
mod plan_view;
mod policy;
mod price;
#[doc(hidden)]
pub mod probe;
mod progress;
mod renew;
mod reply;
mod report;
mod report_export;
mod seats;
mod seats_view;
mod seller;
mod settings;
mod show;
mod stop;
mod topics;
mod transfer;
mod trial;
mod wish;
mod words;

pub use exit::Exit;

use clap::{ArgMatches, Args, FromArgMatches, Parser, Subcommand};
use context::Context;
use failure::Failure;
use reply::Reply;
use std::process::ExitCode;

/// The subscription desk in a terminal
#[derive(Debug, Parser)]
#[command(name = "subdesk", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    noun: Noun,

    #[command(flatten)]
    global: groups::Global,
}

impl Cli {
    /// What was asked for, with the options that stand everywhere from wherever they stood.
    fn of(matches: &ArgMatches) -> Result<Cli, clap::Error> {
        let cli = Cli::from_arg_matches(matches)?;
        let global = groups::Global::said(matches)?;
        Ok(Cli { global, ..cli })
    }
}

/// Everything that can be worked on. The everyday nouns come first.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Noun {
    /// Plans: what they give and cost, and changing to another
    Plan(Verbs<plan::PlanVerb>),
    /// Seats: more, fewer, and who holds them
    Seats(Verbs<seats::SeatsVerb>),
    /// Orders: priced intentions that take effect when paid
    Order(Verbs<order::OrderVerb>),
    /// Invoices and credit notes
    Invoice(Verbs<invoice::InvoiceVerb>),
    /// Renewals: everything that time brings
    Renew(Verbs<renew::RenewVerb>),
    /// Payments: attempts to collect, and what came of them
    Payment(Verbs<payment::PaymentVerb>),
    /// Trials, before the first purchase
    Trial(Verbs<trial::TrialVerb>),
    /// Accounts: the paying customers
    Account(Verbs<account::AccountVerb>),
    /// Credits: units of use that are granted, bought and used up
    Credit(Verbs<credit::CreditVerb>),
    /// Limits: use against what the plan allows
    Limit(Verbs<limit::LimitVerb>),
    /// Cases: what people must handle
    Case(Verbs<case::CaseVerb>),
    /// Revenue, debts, customers lost; and the books for other programs
    Report(Verbs<report::ReportVerb>),
    /// What is sold, version by version
    Catalog(Verbs<catalog::CatalogVerb>),
    /// How the seller behaves, version by version, and how others do
    Policy(Verbs<policy::PolicyVerb>),
    /// Many requests at once, one on each line
    Batch(batch::Batch),
    /// Messages: mail that waits, and what became of it
    Message(Verbs<message::MessageVerb>),
    /// What was written, by whom and why
    Journal(Verbs<journal::JournalVerb>),
    /// The file that holds the business
    Db(Verbs<db::DbVerb>),
    /// What the program works with
    Config(Verbs<config::ConfigVerb>),
    /// Completion for the shell
    Completions(Verbs<completions::CompletionsVerb>),
    /// Help on a command or a topic
    Help(help::Help),
    /// Write the manual and the completion loaders
    #[command(hide = true)]
    Docs(docs::Docs),
}

// What a noun or a verb takes is put off until it is asked for: the whole tree took longer to build than the answer
// to find. Only a struct of arguments can be put off, so the verbs of a noun stand in one. What is not a doc comment
// here is not help.
#[derive(Debug, Args)]
#[group(skip)]
struct Verbs<V: Subcommand> {
    #[command(subcommand)]
    verb: V,

    #[command(flatten)]
    _everywhere: groups::Everywhere,
}

impl Noun {
    fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            Noun::Plan(of) => of.verb.run(cx),
            Noun::Seats(of) => of.verb.run(cx),
            Noun::Order(of) => of.verb.run(cx),
            Noun::Invoice(of) => of.verb.run(cx),
            Noun::Renew(of) => of.verb.run(cx),
            Noun::Payment(of) => of.verb.run(cx),
            Noun::Trial(of) => of.verb.run(cx),
            Noun::Account(of) => of.verb.run(cx),
            Noun::Credit(of) => of.verb.run(cx),
            Noun::Limit(of) => of.verb.run(cx),
            Noun::Case(of) => of.verb.run(cx),
            Noun::Report(of) => of.verb.run(cx),
            Noun::Catalog(of) => of.verb.run(cx),
            Noun::Policy(of) => of.verb.run(cx),
            Noun::Batch(batch) => batch.run(cx),
            Noun::Message(of) => of.verb.run(cx),
            Noun::Journal(of) => of.verb.run(cx),
            Noun::Db(of) => of.verb.run(cx),
            Noun::Config(of) => of.verb.run(cx),
            Noun::Completions(of) => of.verb.run(),
            Noun::Help(words) => words.run(cx),
            Noun::Docs(docs) => docs.run(),
        }
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    if complete::answered() {
        return Exit::Ok.into();
    }
    let words: Vec<_> = std::env::args_os().collect();
    let form = words::form_of(&words);
    let exit = match words::parsed(words, &form) {
        Err(exit) => exit,
        Ok(cli) => run(cli, &form),
    };
    exit.into()
}

fn run(cli: Cli, form: &reply::Form) -> Exit {
    let (settings, out) = match words::configured(&cli.global) {
        Ok(found) => found,
        Err(failure) => {
            let out = words::plain_streams(&cli.global);
            failure.tell(&out, form);
            return failure.exit();
        }
    };
    let done = clock::Clock::read().and_then(|clock| {
        let mut cx = Context {
            settings,
            clock,
            out,
        };
        cli.noun.run(&mut cx)?.give(&cx.out)
    });
    done.unwrap_or_else(|failure| {
        failure.tell(&out, form);
        failure.exit()
    })
}
