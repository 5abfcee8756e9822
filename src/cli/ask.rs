//! The one who is asked: a person at a terminal, plainly or with choices to search in, or nobody.

use super::failure::Failure;
use super::groups::Change;
use super::out::{Out, visible};
use super::stop;
use dialoguer::theme::ColorfulTheme;
use std::io::{BufRead, IsTerminal};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// One who answers questions. Every question names the option that would have answered it.
pub(super) trait Ask {
    /// A choice from a list: its index.
    fn choose(&mut self, question: &str, options: &[String], flag: &str) -> Result<usize, Failure>;

    /// A line of text; asked again until `check` is content. An empty answer gives the default.
    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: &dyn Fn(&str) -> Result<(), String>,
        flag: &str,
    ) -> Result<String, Failure>;

    /// A line of text that may be left out: empty, or nobody there to be asked, is none.
    fn optional(
        &mut self,
        question: &str,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Option<String>, Failure> {
        let check = |text: &str| match text.trim().is_empty() {
            true => Ok(()),
            false => check(text),
        };
        let answer = self.text(question, Some(""), &check, "")?;
        Ok(Some(answer).filter(|answer| !answer.trim().is_empty()))
    }

    /// Yes or no.
    fn confirm(&mut self, question: &str, flag: &str) -> Result<bool, Failure>;
}

/// Whoever can be asked here.
pub(super) fn asker(change: &Change, out: &Out) -> Box<dyn Ask> {
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let plain = std::env::var_os("ACCESSIBLE").is_some_and(|value| !value.is_empty());
    if change.no_input || !terminal {
        return Box::new(Nobody);
    }
    stop::expect_ctrl_c();
    match plain {
        false => Box::new(Terminal { width: out.width() }),
        true => Box::new(Plain { out: *out }),
    }
}

/// Nobody: the first question ends the command and names the option.
pub(super) struct Nobody;

impl Nobody {
    fn missing(question: &str, flag: &str) -> Failure {
        Failure::usage(format!("Nobody can be asked: {question}"))
            .say(format!("Give the answer with {flag}."))
    }
}

impl Ask for Nobody {
    fn choose(&mut self, question: &str, _: &[String], flag: &str) -> Result<usize, Failure> {
        Err(Nobody::missing(question, flag))
    }

    fn text(
        &mut self,
        question: &str,
        _: Option<&str>,
        _: &dyn Fn(&str) -> Result<(), String>,
        flag: &str,
    ) -> Result<String, Failure> {
        Err(Nobody::missing(question, flag))
    }

    fn optional(
        &mut self,
        _: &str,
        _: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Option<String>, Failure> {
        Ok(None)
    }

    fn confirm(&mut self, question: &str, flag: &str) -> Result<bool, Failure> {
        Err(Nobody::missing(question, flag))
    }
}

/// A person at a terminal that can be redrawn.
struct Terminal {
    /// Columns. A choice that does not fit in one line would be left behind when it is redrawn.
    width: usize,
}

/// Columns in front of a choice.
const MARK: usize = 4;

/// A text that takes no more than so many columns.
fn fitted(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut taken = 0;
    let mut short: String = text
        .graphemes(true)
        .take_while(|sign| {
            taken += sign.width();
            taken < columns
        })
        .collect();
    short.push('…');
    short
}

impl Ask for Terminal {
    fn choose(&mut self, question: &str, options: &[String], _: &str) -> Result<usize, Failure> {
        let columns = self.width.saturating_sub(MARK);
        let options: Vec<String> = options
            .iter()
            .map(|option| fitted(&visible(option), columns))
            .collect();
        let chosen = dialoguer::FuzzySelect::with_theme(&ColorfulTheme::default())
            .with_prompt(visible(question))
            .items(&options)
            .default(0)
            .max_length(12)
            .interact_opt();
        chosen.map_err(unanswered)?.ok_or(Failure::Stopped)
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: &dyn Fn(&str) -> Result<(), String>,
        _: &str,
    ) -> Result<String, Failure> {
        let theme = ColorfulTheme::default();
        let mut input = dialoguer::Input::<String>::with_theme(&theme)
            .with_prompt(visible(question))
            .validate_with(|text: &String| check(text));
        input = match default {
            Some("") => input.allow_empty(true),
            Some(default) => input.default(default.to_owned()),
            None => input,
        };
        input.interact_text().map_err(unanswered)
    }

    fn confirm(&mut self, question: &str, _: &str) -> Result<bool, Failure> {
        let answer = dialoguer::Confirm::with_theme(&ColorfulTheme::default())
            .with_prompt(visible(question))
            .interact_opt();
        answer.map_err(unanswered)?.ok_or(Failure::Stopped)
    }
}

fn unanswered(error: dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        // The key may come as a byte before the system makes a signal of it.
        std::io::ErrorKind::Interrupted => {
            super::stop::give_cursor_back();
            Failure::Stopped
        }
        _ => Failure::broken(anyhow::Error::from(error).context("the answer cannot be read")),
    }
}

/// A person whose screen reader, or habit, wants plain numbered questions and no redrawing.
struct Plain {
    out: Out,
}

impl Plain {
    /// One line; the end of the input is a no to everything.
    fn line(&self, prompt: &str) -> Result<String, Failure> {
        self.out.complain(&format!("{}: ", visible(prompt)));
        let mut line = String::new();
        match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) => Err(Failure::Stopped),
            Ok(_) => Ok(line.trim().to_owned()),
            Err(error) => Err(unanswered(dialoguer::Error::IO(error))),
        }
    }

    fn say(&self, sentence: &str) {
        self.out.complain(&format!("{}\n", visible(sentence)));
    }
}

impl Ask for Plain {
    fn choose(&mut self, question: &str, options: &[String], _: &str) -> Result<usize, Failure> {
        self.say(question);
        for (at, option) in options.iter().enumerate() {
            self.say(&format!("{}. {option}", at.saturating_add(1)));
        }
        loop {
            let answer = self.line(&format!("Number from 1 to {}", options.len()))?;
            match answer.parse::<usize>() {
                Ok(number) if (1..=options.len()).contains(&number) => {
                    return Ok(number.saturating_sub(1));
                }
                Ok(_) | Err(_) => self.say(&format!("{answer:?} is not one of the numbers.")),
            }
        }
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: &dyn Fn(&str) -> Result<(), String>,
        _: &str,
    ) -> Result<String, Failure> {
        let prompt = match default {
            Some(default) if !default.is_empty() => format!("{question} (empty for {default})"),
            Some(_) | None => question.to_owned(),
        };
        loop {
            let answer = self.line(&prompt)?;
            let answer = match default {
                Some(default) if answer.is_empty() => default.to_owned(),
                Some(_) | None => answer,
            };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(why) => self.say(&why),
            }
        }
    }

    fn confirm(&mut self, question: &str, _: &str) -> Result<bool, Failure> {
        loop {
            let answer = self.line(&format!("{question} (yes or no)"))?;
            match answer.to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => self.say("Answer yes or no."),
            }
        }
    }
}

/// Answers from a list, for tests: each is the option's text, the text itself, or yes and no.
#[cfg(test)]
pub(super) struct Scripted(pub(super) std::collections::VecDeque<&'static str>);

#[cfg(test)]
impl Scripted {
    fn next(&mut self, question: &str) -> Result<&'static str, Failure> {
        self.0
            .pop_front()
            .ok_or_else(|| Failure::usage(format!("nothing was scripted for: {question}")))
    }
}

#[cfg(test)]
impl Ask for Scripted {
    fn choose(&mut self, question: &str, options: &[String], _: &str) -> Result<usize, Failure> {
        let answer = self.next(question)?;
        let found = options.iter().position(|option| option.contains(answer));
        found.ok_or_else(|| Failure::usage(format!("{answer} is not among {options:?}")))
    }

    fn text(
        &mut self,
        question: &str,
        default: Option<&str>,
        check: &dyn Fn(&str) -> Result<(), String>,
        _: &str,
    ) -> Result<String, Failure> {
        loop {
            let answer = match (self.next(question)?, default) {
                ("", Some(default)) => default.to_owned(),
                (answer, _) => answer.to_owned(),
            };
            if check(&answer).is_ok() {
                return Ok(answer);
            }
        }
    }

    fn confirm(&mut self, question: &str, _: &str) -> Result<bool, Failure> {
        Ok(self.next(question)? == "yes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nobody_can_be_asked_the_missing_option_is_named() {
        let refused = Nobody
            .confirm("Close the account acme?", "--yes")
            .unwrap_err();
        let line = refused.line();
        assert_eq!(line.exit, 2);
        assert!(line.hint[0].contains("--yes"));
    }

    #[test]
    fn a_choice_is_cut_to_the_columns_it_has() {
        assert_eq!(fitted("Base · 25.00", 12), "Base · 25.00");
        assert_eq!(fitted("Base · 25.00", 8), "Base · …");
        assert_eq!(fitted("中文名字", 5), "中文…");
    }

    #[test]
    fn a_text_is_asked_again_until_it_can_be_used() {
        let mut asker = Scripted(["", "x", "5"].into());
        let digits = |text: &str| match text.parse::<u32>() {
            Ok(_) => Ok(()),
            Err(_) => Err("digits".to_owned()),
        };
        assert_eq!(asker.text("Seats", None, &digits, "--seats").unwrap(), "5");
    }
}
