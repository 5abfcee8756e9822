//! From the words of the shell to a parsed command: help, usage errors, and the form they are told in.

use super::Cli;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::Global;
use super::help;
use super::misread;
use super::out::{Out, Talk, visible};
use super::reply::Form;
use super::settings::Settings;
use anstream::ColorChoice;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::mem::ManuallyDrop;

/// The form that failures are told in, which must be known also where the words cannot be parsed.
pub(super) fn form_of(words: &[OsString]) -> Form {
    let mut said = words
        .iter()
        .skip(1)
        .map(OsString::as_os_str)
        .take_while(|word| *word != OsStr::new("--"));
    let json = said.any(|word| {
        word == "--json" || word == "--jsonl" || word.to_string_lossy().starts_with("--json=")
    });
    match json {
        true => Form::Json(Vec::new()),
        false => Form::Human,
    }
}

/// The command, or how the program ends without one.
pub(super) fn parsed(words: Vec<OsString>, form: &Form) -> Result<Cli, Exit> {
    let out = Out::of(ColorChoice::Auto, Talk::Normal);
    let plain = words
        .iter()
        .all(|word| matches!(visible(&word.to_string_lossy()), Cow::Borrowed(_)));
    // To take a tree apart costs as much as a third of building it, and the program ends soon.
    let read = |command: clap::Command| {
        let mut command = ManuallyDrop::new(command);
        Cli::of(&command.try_get_matches_from_mut(&words)?)
    };
    // The first page of help is drawn only for somebody who will see it.
    read(short(&words))
        .or_else(|_| read(command()))
        .map_err(|error| match plain {
            true => tell(&misread::explained(error, &words), form, &out),
            false => tell_visibly(&error, form, &out),
        })
}

/// The tree without the nouns that are not asked for, which are built only to be passed by. Whatever it does not understand, help and errors, is left to the whole tree.
fn short(words: &[OsString]) -> clap::Command {
    let whole = ManuallyDrop::new(Cli::command());
    let noun = words
        .iter()
        .skip(1)
        .find_map(|word| whole.find_subcommand(word));
    match noun {
        Some(noun) => Global::augment_args(clap::Command::new("subdesk"))
            .disable_help_subcommand(true)
            .subcommand_required(true)
            .subcommand(noun.clone()),
        None => ManuallyDrop::into_inner(whole),
    }
}

/// An error about words that would steer a terminal if they were repeated as they are.
fn tell_visibly(error: &clap::Error, form: &Form, out: &Out) -> Exit {
    if error.kind() == ErrorKind::DisplayHelp || *form != Form::Human {
        return tell(error, form, out);
    }
    let text = error.render().to_string();
    let lines: Vec<_> = text.lines().map(visible).collect();
    out.complain(&format!("{}\n", lines.join("\n")));
    Exit::Usage
}

/// The whole command tree, with the everyday nouns apart from the rest.
pub(super) fn command() -> clap::Command {
    let command = Cli::command();
    let front = help::front(&command);
    command.help_template(front)
}

fn tell(error: &clap::Error, form: &Form, out: &Out) -> Exit {
    let text = error.render();
    match (error.kind(), form) {
        (ErrorKind::DisplayHelp | ErrorKind::DisplayVersion, _) => {
            match out.answer(&text.ansi().to_string()) {
                Ok(()) => Exit::Ok,
                Err(failure) => failure.exit(),
            }
        }
        (_, Form::Json(_) | Form::Lines) => {
            for_scripts(&text.to_string()).tell(out, form);
            Exit::Usage
        }
        (_, Form::Human) => {
            out.complain(&text.ansi().to_string());
            Exit::Usage
        }
    }
}

/// A wrong word as scripts are told of it: what is wrong in one sentence, then what would help.
fn for_scripts(text: &str) -> Failure {
    let text = text.trim_start_matches("error: ");
    let mut parts = text.split("\n\n").map(|part| {
        let lines: Vec<&str> = part.lines().map(str::trim).collect();
        lines.join(" ")
    });
    let failure = Failure::usage(parts.next().unwrap_or_default());
    parts.fold(failure, |failure, part| {
        let tip = part.strip_prefix("tip: ");
        match tip.or_else(|| part.starts_with("Usage: ").then_some(&part)) {
            Some(help) => failure.say(help.trim()),
            None => failure,
        }
    })
}

/// Settings and streams.
pub(super) fn configured(global: &Global) -> Result<(Settings, Out), Failure> {
    let settings = Settings::read(global)?;
    let out = Out::of(settings.color_choice(), talk(global));
    Ok((settings, out))
}

/// Streams for the case that the settings cannot be read.
pub(super) fn plain_streams(global: &Global) -> Out {
    Out::of(ColorChoice::Auto, talk(global))
}

fn talk(global: &Global) -> Talk {
    match global.quiet {
        true => Talk::Quiet,
        false => Talk::Normal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Global {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let parsed = parsed(words, &Form::Human);
        parsed.map(|cli| cli.global).map_err(|_| line).unwrap()
    }

    #[test]
    fn what_stands_everywhere_counts_before_and_behind_each_word_and_the_last_counts_most() {
        let before = said("subdesk --db a.db -q account show acme");
        assert_eq!((before.db, before.quiet), (Some("a.db".into()), true));
        let behind = said("subdesk account member list acme --db a.db");
        assert_eq!((behind.db, behind.quiet), (Some("a.db".into()), false));
        let line = "subdesk --db a.db --lock-timeout 1s account --db b.db --catalog x member -q list acme --db c.db";
        let all = said(line);
        assert_eq!(all.db, Some("c.db".into()));
        assert_eq!(all.catalog.as_deref(), Some("x"));
        assert_eq!(all.lock_timeout, Some(std::time::Duration::from_secs(1)));
        assert!(all.quiet);
    }

    #[test]
    fn every_command_takes_what_stands_everywhere_as_its_last_options_and_has_words_of_its_own() {
        let mut whole = command();
        whole.build();
        let mut seen = std::collections::BTreeMap::new();
        let mut rest: Vec<&clap::Command> = whole.get_subcommands().collect();
        while let Some(command) = rest.pop() {
            let at = command.get_bin_name().unwrap_or_default();
            let own = command.get_arguments().map(clap::Arg::get_id);
            let own: Vec<&str> = own
                .map(clap::Id::as_str)
                .filter(|id| *id != "help")
                .collect();
            let last = ["db", "catalog", "lock_timeout", "color", "quiet"];
            assert!(own.ends_with(&last), "{at}: {own:?}");
            let about = command.get_about().map(ToString::to_string);
            let about = about.unwrap_or_else(|| panic!("{at} says nothing of itself"));
            let (noun, _) = at.rsplit_once(' ').unwrap_or_default();
            let other = seen.insert((noun, about.clone()), at);
            assert_eq!(other, None, "{at}: {about}");
            rest.extend(command.get_subcommands());
        }
    }
}
