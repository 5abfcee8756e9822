//! A word that the command does not take: the line that was probably meant, instead of whatever option looks alike.

use super::hint;
use super::words::command;
use crate::billing::listed;
use crate::desk::load::near;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;

/// The same error with a tip that can be followed, or none.
pub(super) fn explained(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let misread = [ErrorKind::UnknownArgument, ErrorKind::InvalidSubcommand];
    // Help and the version come as errors too, and would wait for all options of all commands.
    if !misread.contains(&error.kind()) {
        return error;
    }
    let texts = words.iter().skip(1).map(|word| word.to_str());
    let Some(texts) = texts.collect::<Option<Vec<&str>>>() else {
        return error;
    };
    let mut asked = command();
    asked.build();
    for text in &texts {
        if let Some(below) = asked.find_subcommand(text).cloned() {
            asked = below;
        }
    }
    match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(wrong))) => {
            let wrong = wrong.clone();
            of_argument(&mut error, &mut asked, &texts, &wrong);
        }
        (ErrorKind::InvalidSubcommand, _) => of_command(&mut error, &asked),
        _ => {}
    }
    error
}

fn of_argument(error: &mut clap::Error, asked: &mut clap::Command, texts: &[&str], wrong: &str) {
    let usage = asked.render_usage();
    let long = wrong.strip_prefix("--");
    let meant = match long {
        Some(name) => without_its_name(asked, texts, name),
        None => with_account(asked, texts, wrong),
    };
    let meant = meant.filter(|line| is_understood(line));
    let longs = asked.get_arguments().filter_map(clap::Arg::get_long);
    let close = long.is_some_and(|name| !near(name, longs.map(str::to_owned)).is_empty());
    if meant.is_none() && (close || long.is_none()) {
        return;
    }
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::Suggested);
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    if let Some(line) = meant {
        let words: Vec<String> = line.iter().map(|word| hint::shell_word(word)).collect();
        tip(error, format!("subdesk {}", words.join(" ")));
    }
}

/// `plan change acme --plan pro`, where the plan is written without its name.
fn without_its_name(asked: &clap::Command, texts: &[&str], name: &str) -> Option<Vec<String>> {
    asked
        .get_positionals()
        .find(|place| place.get_id().as_str().eq_ignore_ascii_case(name))?;
    let option = format!("--{name}");
    let begins = format!("--{name}=");
    let rest = texts.iter().filter(|text| **text != option);
    Some(
        rest.map(|text| text.strip_prefix(&begins).unwrap_or(text).to_owned())
            .collect(),
    )
}

/// `order list acme`, where the account is an option.
fn with_account(asked: &clap::Command, texts: &[&str], wrong: &str) -> Option<Vec<String>> {
    asked
        .get_arguments()
        .find(|option| option.get_long() == Some("account"))?;
    let at = texts.iter().rposition(|text| *text == wrong)?;
    let mut line: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    line.insert(at, "--account".to_owned());
    Some(line)
}

fn is_understood(line: &[String]) -> bool {
    let words = std::iter::once("subdesk").chain(line.iter().map(String::as_str));
    command().try_get_matches_from(words).is_ok()
}

/// A noun is followed by one of its verbs: all of them, where none is near.
fn of_command(error: &mut clap::Error, asked: &clap::Command) {
    let near = error.get(ContextKind::SuggestedSubcommand).is_some();
    if near || asked.get_name() == "subdesk" {
        return;
    }
    let verbs = asked.get_subcommands().filter(|verb| !verb.is_hide_set());
    let verbs: Vec<&str> = verbs
        .map(clap::Command::get_name)
        .filter(|verb| *verb != "help")
        .collect();
    tip(error, format!("there are {}", listed::and(&verbs)));
}

fn tip(error: &mut clap::Error, text: String) {
    let tips = ContextValue::StyledStrs(vec![StyledStr::from(text)]);
    error.insert(ContextKind::Suggested, tips);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> String {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = command().try_get_matches_from(&words).map(|_| line);
        explained(error.unwrap_err(), &words).render().to_string()
    }

    #[test]
    fn a_place_that_was_named_and_a_name_that_was_left_out_are_told_as_a_line_to_type() {
        for (typed, meant) in [
            (
                "subdesk plan change acme --plan pro",
                "subdesk plan change acme pro",
            ),
            (
                "subdesk plan change acme --plan=pro --dry-run",
                "subdesk plan change acme pro --dry-run",
            ),
            (
                "subdesk seats add --account acme 2",
                "subdesk seats add acme 2",
            ),
            (
                "subdesk order create --account acme --plan pro",
                "subdesk order create acme --plan pro",
            ),
            (
                "subdesk order list acme --state paid",
                "subdesk order list --account acme --state paid",
            ),
            (
                "subdesk invoice list acme",
                "subdesk invoice list --account acme",
            ),
        ] {
            let text = said(typed);
            assert!(text.contains(&format!("tip: {meant}\n")), "{text}");
            assert!(text.contains("[OPTIONS]"), "{text}");
        }
    }

    #[test]
    fn an_option_that_only_looks_a_little_alike_is_not_offered() {
        let text = said("subdesk seats add acme --seats 2");
        assert!(!text.contains("tip:"), "{text}");
        assert!(
            text.contains("Usage: subdesk seats add [OPTIONS] <ACCOUNT> <COUNT>"),
            "{text}"
        );
        let text = said("subdesk seats add acme 2 --dryrun");
        assert!(text.contains("'--dry-run'"), "{text}");
    }

    #[test]
    fn a_verb_that_is_not_there_is_answered_with_those_that_are() {
        let text = said("subdesk trial acme");
        assert!(text.contains("tip: there are start, show, "), "{text}");
        assert!(said("subdesk order creat").contains("'create'"));
    }
}
