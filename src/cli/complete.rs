//! Names for the shell. The database is only read, waits 50 ms at most, and any trouble is silence: a
//! completion that complains is worse than none.

use super::Cli;
use super::clock::Clock;
use super::groups::Global;
use super::settings::Settings;
use crate::desk::{Desk, Names, Patience, Purpose};
use clap::{Arg, CommandFactory};
use clap_complete::{ArgValueCompleter, CompleteEnv, CompletionCandidate};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

/// Answers the shell if it is the shell that asks; true if it was.
pub(super) fn answered() -> bool {
    let asked = CompleteEnv::with_factory(command)
        .bin("subdesk")
        .completer("subdesk")
        .try_complete(std::env::args_os(), None);
    asked.unwrap_or(true)
}

/// The command tree with a completer for every argument that names something in the database. What an
/// argument names is told by its name, so a command need not know of completion, and only a shell that asks
/// pays for it. Of a noun that is not on the line only the name is of use.
fn command() -> clap::Command {
    let words: Vec<OsString> = std::env::args_os().collect();
    let mut command = Cli::command().mut_subcommands(|noun| {
        match words.iter().any(|word| word == noun.get_name()) {
            true => noun,
            false => bare(&noun),
        }
    });
    command.build();
    taught(command)
}

fn bare(noun: &clap::Command) -> clap::Command {
    clap::Command::new(noun.get_name().to_owned())
        .about(noun.get_about().cloned().unwrap_or_default())
        .hide(noun.is_hide_set())
        .display_order(noun.get_display_order())
}

fn taught(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| match arg.get_id().as_str() {
            "account" => names_of(arg, Names::Accounts),
            "order" => names_of(arg, Names::Orders),
            "invoice" | "number" => names_of(arg, Names::Invoices),
            "case" => names_of(arg, Names::Cases),
            "plan" => names_of(arg, Names::Plans),
            "catalog" => arg.add(ArgValueCompleter::new(catalogs)),
            _ => arg,
        })
        .mut_subcommands(taught)
}

fn names_of(arg: Arg, names: Names) -> Arg {
    arg.add(ArgValueCompleter::new(move |begun: &OsStr| {
        candidates(names, begun)
    }))
}

fn catalogs(begun: &OsStr) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    crate::wire::seller::presets()
        .iter()
        .filter(|preset| preset.name.starts_with(begun.as_ref()))
        .map(|preset| CompletionCandidate::new(preset.name))
        .collect()
}

fn candidates(of: Names, begun: &OsStr) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let found = names(of, &begun).unwrap_or_default();
    found
        .into_iter()
        .filter(|(name, _)| !name.chars().any(means_more))
        .map(|(name, about)| {
            let about = super::out::visible(&about).into_owned();
            CompletionCandidate::new(name).help(Some(about.into()))
        })
        .collect()
}

/// Signs that a shell takes for more than a letter once they stand on its line: bash puts a name there as it is.
fn means_more(sign: char) -> bool {
    sign.is_control() || sign.is_whitespace() || "$`\\\"'!&;|<>(){}[]*?~#^".contains(sign)
}

fn names(of: Names, begun: &str) -> Option<Vec<(String, String)>> {
    let global = Global {
        db: db_of(std::env::args_os().collect()),
        ..Global::default()
    };
    let settings = Settings::read(&global).ok()?;
    let patience = Patience::silent(Duration::from_millis(50));
    let mut desk = Desk::open(&settings.db.value, Purpose::Look, patience).ok()?;
    let today = Clock::read().ok()?.recorded_at.date_naive();
    desk.names(of, begun, today).ok()
}

/// The file that an earlier word names. The completion library tells only the word that is typed, but the
/// shell hands over all of them.
fn db_of(words: Vec<OsString>) -> Option<PathBuf> {
    let mut words = words.into_iter().skip_while(|word| word != "--").skip(1);
    let mut file = None;
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        if let Some(named) = text.strip_prefix("--db=") {
            file = Some(PathBuf::from(named));
        } else if text == "--db" {
            file = words.next().map(PathBuf::from);
        }
    }
    file.map(at_home)
}

/// A path that the shell has not expanded yet.
fn at_home(file: PathBuf) -> PathBuf {
    match (file.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        (Ok(_), None) | (Err(_), _) => file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_named_earlier_on_the_line_is_the_one_that_is_asked() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect();
        let named = |line| db_of(words(line));
        assert_eq!(
            named("subdesk -- subdesk --db a.db account show ac"),
            Some("a.db".into())
        );
        assert_eq!(
            named("subdesk -- subdesk account --db=b.db show"),
            Some("b.db".into())
        );
        assert_eq!(named("subdesk --db x -- subdesk account show"), None);
    }
}
