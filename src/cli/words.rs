//! From the words of the shell to a parsed command: help, usage errors, and the form they are told in.

use super::Cli;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::Global;
use super::help;
use super::out::{Out, Talk, visible};
use super::reply::Form;
use super::settings::Settings;
use anstream::ColorChoice;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches};
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
        let matches = command.try_get_matches_from_mut(&words)?;
        Cli::from_arg_matches(&matches)
    };
    // The first page of help is drawn only for somebody who will see it.
    read(short(&words))
        .or_else(|_| read(command()))
        .map_err(|error| match plain {
            true => tell(&error, form, &out),
            false => tell_visibly(&error, form, &out),
        })
}

/// The tree without the nouns that are not asked for, as each of them would be given every option that stands
/// everywhere. Whatever it does not understand, help and errors, is left to the whole tree.
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
