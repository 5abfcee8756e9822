//! The groups of arguments that commands share, so that no command spells them again. What they are for is no doc
//! comment, as clap would take it for what the command does.

use super::parse::{self, When};
use super::reply::{Detail, Form, Reply};
use crate::billing::calendar::Day;
use crate::desk::case::Filter;
use clap::{ArgAction, ArgMatches, Args, FromArgMatches, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

// What every command understands, and what it was told.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Everywhere")]
pub(super) struct Global {
    /// The database file [env: SUBDESK_DB] [default: subdesk/subdesk.db in the XDG data directory]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) db: Option<PathBuf>,

    /// The built-in catalog and policy that a new database gets [env: SUBDESK_CATALOG]
    #[arg(long, value_name = "NAME")]
    pub(super) catalog: Option<String>,

    /// How long to wait for another writer [env: SUBDESK_LOCK_TIMEOUT] [default: 5s]
    #[arg(long, value_name = "WAIT", value_parser = parse::wait)]
    pub(super) lock_timeout: Option<Duration>,

    /// Whether to use colour [env: NO_COLOR, CLICOLOR_FORCE] [default: auto]
    #[arg(long, value_name = "WHEN", hide_possible_values = true)]
    pub(super) color: Option<Color>,

    /// Say nothing on stderr but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

impl Global {
    /// What stands on the line, before the noun or behind it; what comes last counts.
    ///
    /// # Errors
    /// The words were not parsed with these options.
    pub(super) fn said(matches: &ArgMatches) -> Result<Global, clap::Error> {
        let said = Global::from_arg_matches(matches)?;
        let Some((_, below)) = matches.subcommand() else {
            return Ok(said);
        };
        let later = Global::said(below)?;
        Ok(Global {
            db: later.db.or(said.db),
            catalog: later.catalog.or(said.catalog),
            lock_timeout: later.lock_timeout.or(said.lock_timeout),
            color: later.color.or(said.color),
            quiet: later.quiet || said.quiet,
        })
    }
}

/// The options of [`Global`], for every command that takes none of the groups here. Each command has them as its
/// last ones: options that clap hands down to all commands come before those of a command that is put off, on its
/// page too. [`Global::said`] reads them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Everywhere;

impl Args for Everywhere {
    fn augment_args(command: clap::Command) -> clap::Command {
        Global::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Global::augment_args_for_update(command)
    }
}

impl FromArgMatches for Everywhere {
    fn from_arg_matches(_: &ArgMatches) -> Result<Everywhere, clap::Error> {
        Ok(Everywhere)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        Ok(())
    }
}

/// Whether to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

// What every reading command understands.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Day and form")]
pub(super) struct Look {
    /// The day, or the instant, the answer is for [default: now]
    #[arg(long, value_name = "DATE", value_parser = parse::when)]
    pub(super) as_of: Option<When>,

    #[command(flatten)]
    pub(super) shape: Shape,
}

// For reading commands that show an account to one of its members.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Behalf {
    /// The member who looks; without one you look as support
    #[arg(long = "for", value_name = "EMAIL", value_parser = parse::name)]
    pub(super) on_behalf: Option<String>,
}

// The form of an answer.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Day and form")]
pub(super) struct Shape {
    /// Print the whole document as JSON, or only some fields of it
    #[arg(long, value_name = "FIELDS", num_args = 0..=1, require_equals = true,
          default_missing_value = "", conflicts_with = "jsonl")]
    json: Option<String>,

    /// Print JSON with one document on each line
    #[arg(long)]
    jsonl: bool,

    #[command(flatten)]
    _everywhere: Everywhere,
}

impl Shape {
    /// The form that was asked for.
    pub(super) fn form(&self) -> Form {
        match &self.json {
            None if self.jsonl => Form::Lines,
            None => Form::Human,
            Some(fields) => Form::Json(
                fields
                    .split(',')
                    .map(str::trim)
                    .filter(|field| !field.is_empty())
                    .map(str::to_owned)
                    .collect(),
            ),
        }
    }
}

// What every writing command understands.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "How it is done")]
pub(super) struct Change {
    /// Show what would happen, and keep nothing
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,

    /// The idempotency key: the same request under the same key is done once
    #[arg(long, value_name = "TEXT", value_parser = parse::key)]
    pub(super) key: Option<String>,

    /// Who runs the command [default: the system user]
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    pub(super) by: Option<String>,

    /// The member on whose behalf; without one you act as support
    #[arg(long = "for", value_name = "EMAIL", value_parser = parse::name)]
    pub(super) on_behalf: Option<String>,

    /// Why, for the journal
    #[arg(long, value_name = "TEXT", value_parser = parse::remark)]
    pub(super) reason: Option<String>,

    /// Answer every question with yes
    #[arg(long, short)]
    pub(super) yes: bool,

    /// Ask nothing; a missing answer is an error
    #[arg(long)]
    pub(super) no_input: bool,

    /// Show how every figure came about, for you or in words for the customer
    #[arg(long, value_name = "READER", num_args = 0..=1, require_equals = true,
          default_missing_value = "operator", action = ArgAction::Set)]
    explain: Option<Reader>,

    #[command(flatten)]
    pub(super) look: Look,
}

/// Who reads an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Reader {
    /// Whoever runs the command: with policy keys and rules.
    Operator,
    /// The customer: in words.
    Customer,
}

// One account, and who looks at it.
#[derive(Debug, Args)]
pub(super) struct OfAccount {
    /// The account
    #[arg(value_parser = parse::name)]
    pub(super) account: String,

    #[command(flatten)]
    pub(super) behalf: Behalf,

    #[command(flatten)]
    pub(super) look: Look,
}

// How many rows a list shows.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct AtMost {
    /// At most so many, or "all"
    #[arg(long, value_name = "COUNT", default_value = "50",
          allow_negative_numbers = true, value_parser = parse::most)]
    limit: u32,
}

impl AtMost {
    /// One more than is shown, so that it is known whether something is left out.
    pub(super) fn asked(self) -> u32 {
        self.limit.saturating_add(1)
    }

    /// The answer without the row too many, and a sentence when there was one.
    pub(super) fn cut(self, reply: Reply) -> Reply {
        reply.cut(self.limit)
    }
}

// Which of many documents a list shows.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only of this account
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    pub(super) account: Option<String>,

    /// Only from this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    since: Option<Day>,

    /// Only from before this day
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    #[command(flatten)]
    pub(super) most: AtMost,

    #[command(flatten)]
    pub(super) look: Look,
}

impl Which {
    /// The filter of those in a state; the desk looks up the account.
    pub(super) fn filter(&self, state: Option<String>) -> Filter {
        Filter {
            account: None,
            state,
            since: self.since,
            until: self.until,
            at_most: self.most.asked(),
        }
    }
}

// For commands that show figures: how much of their making is shown.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Explain {
    /// Show how every figure came about, for you or in words for the customer
    #[arg(long, value_name = "READER", num_args = 0..=1, require_equals = true,
          default_missing_value = "operator", action = ArgAction::Set)]
    explain: Option<Reader>,
}

impl Explain {
    /// What was asked for.
    pub(super) fn detail(&self) -> Detail {
        detail(self.explain)
    }
}

impl Change {
    /// Whether a person is asked before something that is hard to take back.
    pub(super) fn asks(&self) -> bool {
        !self.yes && !self.dry_run
    }

    /// How much of the making of figures is shown.
    pub(super) fn detail(&self) -> Detail {
        detail(self.explain)
    }
}

fn detail(reader: Option<Reader>) -> Detail {
    match reader {
        None => Detail::Figures,
        Some(Reader::Operator) => Detail::Working,
        Some(Reader::Customer) => Detail::Words,
    }
}
