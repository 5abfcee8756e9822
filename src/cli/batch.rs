//! `subdesk batch`: JSON lines in, one answer for each out, in the same order.

use super::clock::moment;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::{Everywhere, Look};
use super::out::visible_json;
use super::parse::{self, When};
use super::reply::{Reply, marks};
use crate::billing::refusal::Help;
use crate::desk::batch::not_usable;
use crate::desk::{self, Desk, Effect, Given, Mark, Outcome, Terms};
use crate::wire::line::{LONGEST, Line};
use crate::wire::{self, SCHEMA};
use chrono_tz::Tz;
use clap::Args;
use serde_json::{Value, json};
use std::io::{BufRead, Read};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    echo '{\"do\":\"order create\",\"with\":{\"account\":\"acme\",\"wish\":{\"seats\":{\"full\":5}}}}' \
    | subdesk batch -\n  \
    subdesk batch requests.jsonl --atomic --key import-7")]
pub(super) struct Batch {
    /// The file of requests, or - for stdin
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// Keep all of it or nothing
    #[arg(long)]
    atomic: bool,

    /// Show what would happen, and keep nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    /// Give every line without a key this one and its number: TEXT/1, TEXT/2
    #[arg(long, value_name = "TEXT", value_parser = parse::key)]
    key: Option<String>,

    /// Who runs the command, where a line does not say [default: the system user]
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    by: Option<String>,

    /// The day or instant of lines that do not say [default: now]
    #[arg(long, value_name = "DATE", value_parser = parse::when)]
    as_of: Option<When>,

    #[command(flatten)]
    _everywhere: Everywhere,
}

impl Batch {
    pub(super) fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let input = self.input()?;
        let mut desk = match Desk::has_content(&cx.settings.db.value) || !self.dry_run {
            true => cx.open_for_change()?,
            false => cx.rehearsal()?,
        };
        let zone = cx.zone(&mut desk)?;
        let read = lines(input).map(|(number, text)| {
            let line = text.and_then(|text| Line::read(&text)).map_err(not_usable);
            let line = line.and_then(|line| Ok((self.terms(cx, zone, number, &line)?, line)));
            (number, line)
        });
        let exit = match self.atomic {
            true => self.as_a_whole(cx, &mut desk, read)?,
            false => self.each_by_itself(cx, &mut desk, read)?,
        };
        Ok(Reply::nothing().exit(exit))
    }

    fn input(&self) -> Result<Box<dyn BufRead>, Failure> {
        if self.file.as_os_str() == "-" {
            return Ok(Box::new(std::io::stdin().lock()));
        }
        match std::fs::File::open(&self.file) {
            Ok(file) => Ok(Box::new(std::io::BufReader::new(file))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let stdin = Help::Say("Write - in its place to read from stdin.".to_owned());
                let name = self.file.display().to_string();
                let missing = desk::Failure::not_found("file", name).helped(vec![stdin]);
                Err(Failure::Desk(missing))
            }
            Err(error) => Err(Failure::usage(format!(
                "{} cannot be read: {error}.",
                self.file.display()
            ))),
        }
    }

    fn as_a_whole(
        &self,
        cx: &Context,
        desk: &mut Desk,
        read: impl Iterator<Item = (u64, Asked)>,
    ) -> Result<Exit, Failure> {
        let (numbers, asked): (Vec<u64>, Vec<Asked>) = read.unzip();
        let answers = desk.carry_all(asked, self.effect())?;
        let whole = answers.iter().all(Result::is_ok);
        for (number, answer) in numbers.into_iter().zip(answers) {
            tell(cx, number, answer, whole)?;
        }
        Ok(if whole { Exit::Ok } else { Exit::Partly })
    }

    fn each_by_itself(
        &self,
        cx: &Context,
        desk: &mut Desk,
        read: impl Iterator<Item = (u64, Asked)>,
    ) -> Result<Exit, Failure> {
        let gateways = cx.gateways()?;
        let mut exit = Exit::Ok;
        for (number, asked) in read {
            let answer = asked.and_then(|(terms, line)| desk.carry_line(&terms, &line, &gateways));
            match answer {
                Err(failure) if failure.ends_all() => {
                    return Err(failure.after(self.goes_on(number)).into());
                }
                Err(_) => exit = Exit::Partly,
                Ok(_) => {}
            }
            tell(cx, number, answer, true)?;
        }
        Ok(exit)
    }

    /// How to go on after the file has failed at a line.
    fn goes_on(&self, number: u64) -> String {
        match (number, self.key.is_some()) {
            (0 | 1, _) => "Nothing was kept. Run it again.".to_owned(),
            (_, true) => format!(
                "The lines before line {number} are kept. Run it again with the same --key: they are not \
                 done twice."
            ),
            (_, false) => {
                format!(
                    "The lines before line {number} are kept. Run it again from line {number} on."
                )
            }
        }
    }

    fn effect(&self) -> Effect {
        match self.dry_run {
            true => Effect::DryRun,
            false => Effect::Kept,
        }
    }

    /// The terms of a line: what it says itself comes before what the command says.
    fn terms(
        &self,
        cx: &Context,
        zone: Tz,
        number: u64,
        line: &Line,
    ) -> Result<Terms, desk::Failure> {
        let usable =
            |name: &str, text: &Option<String>, read: fn(&str) -> Result<String, String>| {
                text.as_deref()
                    .map(read)
                    .transpose()
                    .map_err(|why| not_usable(format!("The field {name} is not usable: {why}")))
            };
        let as_of = match &line.as_of {
            Some(text) => Some(parse::when(text).map_err(not_usable)?),
            None => self.as_of,
        };
        let base = cx.terms_of_look(&Look::default(), zone);
        let by = usable("by", &line.by, parse::name)?.or_else(|| self.by.clone());
        let key = usable("key", &line.key, parse::key)?;
        let own = || self.key.as_ref().map(|key| format!("{key}/{number}"));
        Ok(Terms {
            at: as_of.map_or(base.now, |when| moment(when, zone)),
            given: match as_of {
                Some(_) => Given::ByHand,
                None => Given::ByClock,
            },
            by: by.unwrap_or(base.by),
            on_behalf: usable("for", &line.on_behalf, parse::name)?,
            reason: usable("reason", &line.reason, parse::remark)?,
            key: key.or_else(own),
            effect: self.effect(),
            ..base
        })
    }
}

/// A line that was read, with its terms.
type Asked = Result<(Terms, Line), desk::Failure>;

/// Prints the answer to a line.
fn tell(
    cx: &Context,
    number: u64,
    answer: Result<Outcome, desk::Failure>,
    kept: bool,
) -> Result<(), Failure> {
    let value = match answer {
        Ok(outcome) => {
            let mut all: Vec<(&str, Value)> = vec![("line", number.into())];
            all.extend(marks(Some(outcome.mark)));
            if !kept && outcome.mark == Mark::Done {
                all.push(("kept", false.into()));
            }
            wire::envelope(&outcome.document, &all)?
        }
        Err(failure) => {
            let error = Failure::from(failure).line();
            json!({ "schema": SCHEMA, "line": number, "error": error })
        }
    };
    cx.out
        .answer(&format!("{}\n", visible_json(&value.to_string())))
}

/// The lines that are not empty, with their numbers from 1. No line is held in memory beyond its limit, and
/// an input that cannot be read ends with that.
fn lines(mut input: Box<dyn BufRead>) -> impl Iterator<Item = (u64, Result<String, String>)> {
    let mut number: u64 = 0;
    let mut broken = false;
    std::iter::from_fn(move || {
        while !broken {
            number = number.saturating_add(1);
            match line(&mut input) {
                Ok(None) => return None,
                Ok(Some(Ok(text))) if text.trim().is_empty() => {}
                Ok(Some(text)) => return Some((number, text)),
                Err(error) => {
                    broken = true;
                    return Some((number, Err(format!("The input cannot be read: {error}"))));
                }
            }
        }
        None
    })
}

/// One line without its end; nothing at the end of the input.
fn line(input: &mut dyn BufRead) -> std::io::Result<Option<Result<String, String>>> {
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if input.take(most).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() > LONGEST && bytes.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
        return Ok(Some(Err(format!(
            "The line is longer than {LONGEST} bytes"
        ))));
    }
    let text = String::from_utf8(bytes);
    Ok(Some(text.map_err(|_| "The line is not UTF-8".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: Vec<u8>) -> Vec<(u64, Result<String, String>)> {
        lines(Box::new(std::io::Cursor::new(bytes))).collect()
    }

    #[test]
    fn empty_lines_count_but_ask_nothing() {
        let found = read(b"a\n\n  \nb".to_vec());
        assert_eq!(found, [(1, Ok("a\n".to_owned())), (4, Ok("b".to_owned()))]);
    }

    #[test]
    fn a_line_without_end_or_without_meaning_costs_only_itself() {
        let mut bytes = vec![b'x'; LONGEST * 3];
        bytes.extend(b"\n\xff\xfe\nlast\n");
        let found = read(bytes);
        assert!(found[0].1.as_ref().unwrap_err().contains("longer"));
        assert!(found[1].1.as_ref().unwrap_err().contains("UTF-8"));
        assert_eq!(found[2], (3, Ok("last\n".to_owned())));
    }
}
