//! `subdesk help`: the help of any command, and the topics besides commands.

use super::context::Context;
use super::failure::Failure;
use super::groups::Everywhere;
use super::out::{Out, folded};
use super::reply::Reply;
use super::topics::{self, Part, Topic};
use super::words;
use crate::billing::listed;
use crate::desk::load;
use anstyle::Style;
use clap::Args;
use clap::builder::StyledStr;

/// The everyday nouns, in the order of a day.
const EVERYDAY: [&str; 6] = ["plan", "seats", "order", "invoice", "renew", "trial"];

#[derive(Debug, Args)]
pub(super) struct Help {
    /// A command, such as `journal list`, or a topic
    #[arg(value_name = "COMMAND or TOPIC")]
    words: Vec<String>,

    #[command(flatten)]
    _everywhere: Everywhere,
}

impl Help {
    pub(super) fn run(self, cx: &Context) -> Result<Reply, Failure> {
        if let [name] = self.words.as_slice() {
            let found = topics::topics()
                .into_iter()
                .find(|topic| topic.name == name);
            if let Some(topic) = found {
                return Ok(Reply::text(page(&topic, &cx.out)));
            }
        }
        let mut command = words::command();
        command.build();
        let mut here = &mut command;
        for word in &self.words {
            let known: Vec<String> = names(here)
                .chain(topics::NAMES.map(str::to_owned))
                .collect();
            here = here.find_subcommand_mut(word).ok_or_else(|| {
                let near = load::near(word, known.into_iter());
                let failure = Failure::usage(format!("There is no command or topic {word:?}."));
                match near.is_empty() {
                    true => failure.run("help"),
                    false => failure.say(format!("Is it {}?", listed::or(&near))),
                }
            })?;
        }
        Ok(Reply::text(here.render_long_help().ansi().to_string()))
    }
}

fn names(command: &clap::Command) -> impl Iterator<Item = String> + use<> {
    let names: Vec<String> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| command.get_name().to_owned())
        .collect();
    names.into_iter()
}

/// The first page of help: the everyday nouns, the rest behind the desk, topics, options.
pub(super) fn front(command: &clap::Command) -> StyledStr {
    let (head, word) = (Style::new().bold().underline(), Style::new().bold());
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    let mut section = |title: &str, rows: Vec<(String, String)>| {
        if rows.is_empty() {
            return;
        }
        text.push_str(&format!("\n{head}{title}:{head:#}\n"));
        for (name, about) in rows {
            text.push_str(&format!("  {word}{name:<12}{word:#} {about}\n"));
        }
    };
    let mut everyday: Vec<(usize, (String, String))> = Vec::new();
    let mut rest = Vec::new();
    for command in command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let about = command
            .get_about()
            .map(StyledStr::to_string)
            .unwrap_or_default();
        let row = (command.get_name().to_owned(), about);
        match EVERYDAY.iter().position(|name| *name == row.0) {
            Some(at) => everyday.push((at, row)),
            None => rest.push(row),
        }
    }
    everyday.sort();
    section(
        "Every day",
        everyday.into_iter().map(|(_, row)| row).collect(),
    );
    section("Behind the desk", rest);
    let topics = topics::topics();
    let rows = topics
        .iter()
        .map(|topic| (topic.name.to_owned(), topic.about.to_owned()));
    section("Topics of subdesk help", rows.collect());
    text.push_str(&format!("\n{head}Options:{head:#}\n{{options}}\n"));
    text.into()
}

/// A topic as text.
fn page(topic: &Topic, out: &Out) -> String {
    let head = Style::new().bold();
    let mut text = format!("subdesk {}: {}\n", topic.name, topic.about);
    let width = out.width().min(100);
    for (title, parts) in &topic.sections {
        text.push_str(&format!("\n{head}{title}{head:#}\n"));
        for part in parts {
            match part {
                Part::Text(paragraph) => text.push_str(&wrapped(paragraph, 2, width)),
                Part::Item(name, meaning) => {
                    text.push_str(&format!("  {name}\n"));
                    text.push_str(&wrapped(meaning, 6, width));
                }
            }
        }
    }
    text
}

/// Words in lines of a width, behind an indent.
fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lines = folded(
        &words.join(" "),
        width.saturating_sub(indent.saturating_add(1)),
    );
    let before = " ".repeat(indent);
    lines
        .iter()
        .map(|line| format!("{before}{line}\n"))
        .collect()
}
