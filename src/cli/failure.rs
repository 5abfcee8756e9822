//! Everything that can go wrong, as a person and as a script see it: sentence, cause, hints, exit code.

use super::exit::Exit;
use super::hint;
use super::out::{Out, visible, visible_json};
use super::reply::Form;
use crate::billing::refusal::{Because, Help};
use crate::desk::{self, Fault};
use crate::wire::failure::ErrorLine;
use anstyle::{AnsiColor, Style};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The words or the configuration are wrong, or an answer is missing and nobody can be asked.
    Usage {
        /// In a sentence.
        message: String,
        /// What would help.
        help: Vec<Help>,
    },
    /// A person answered no, or pressed Ctrl-C.
    Stopped,
    /// The desk could not carry it out.
    Desk(desk::Failure),
}

impl Failure {
    /// The words are wrong.
    pub(super) fn usage(message: impl Into<String>) -> Failure {
        Failure::Usage {
            message: message.into(),
            help: Vec::new(),
        }
    }

    /// The same with a sentence that would help.
    pub(super) fn say(self, sentence: impl Into<String>) -> Failure {
        self.help(Help::Say(sentence.into()))
    }

    /// The same with a command that would help, as typed after the program's name.
    pub(super) fn run(self, command: impl Into<String>) -> Failure {
        self.help(Help::Run(command.into()))
    }

    fn help(self, more: Help) -> Failure {
        match self {
            Failure::Usage { message, mut help } => {
                help.push(more);
                Failure::Usage { message, help }
            }
            Failure::Stopped | Failure::Desk(_) => self,
        }
    }

    /// Something that nobody foresaw.
    pub(super) fn broken(error: anyhow::Error) -> Failure {
        Failure::Desk(desk::Failure::Broken(error))
    }

    /// How the program ends.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Failure::Usage { .. } => Exit::Usage,
            Failure::Stopped => Exit::Stopped,
            Failure::Desk(failure) => match failure {
                desk::Failure::Refused(_) => Exit::Refused,
                desk::Failure::NotFound { .. } => Exit::NotFound,
                desk::Failure::Unsettled { .. } => Exit::Unsettled,
                desk::Failure::Store(fault) | desk::Failure::Halfway { fault, .. } => match fault {
                    Fault::Missing(_) => Exit::NotFound,
                    Fault::Busy(_) => Exit::Busy,
                    _ => Exit::Failed,
                },
                desk::Failure::Broken(_) => Exit::Failed,
            },
        }
    }

    /// Its stable name.
    fn code(&self) -> &'static str {
        match self {
            Failure::Usage { .. } => "usage",
            Failure::Stopped => "stopped",
            Failure::Desk(failure) => match failure {
                desk::Failure::Refused(refusal) => refusal.code.name(),
                desk::Failure::NotFound { .. } => "not_found",
                desk::Failure::Unsettled { .. } => "unsettled",
                desk::Failure::Store(fault) | desk::Failure::Halfway { fault, .. } => {
                    fault_code(fault)
                }
                desk::Failure::Broken(_) => "failed",
            },
        }
    }

    pub(super) fn message(&self) -> String {
        match self {
            Failure::Usage { message, .. } => message.clone(),
            Failure::Stopped => "Stopped; nothing was done.".to_owned(),
            Failure::Desk(failure) => failure.to_string(),
        }
    }

    fn because(&self) -> Option<&Because> {
        match self {
            Failure::Desk(desk::Failure::Refused(refusal)) => refusal.because.as_ref(),
            Failure::Usage { .. } | Failure::Stopped | Failure::Desk(_) => None,
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Failure::Usage { help, .. } => help.iter().map(hint::words).collect(),
            Failure::Stopped => Vec::new(),
            Failure::Desk(failure) => hint::of(failure),
        }
    }

    /// As a script sees it: one line.
    pub(super) fn line(&self) -> ErrorLine {
        ErrorLine {
            code: self.code().to_owned(),
            message: self.message(),
            because: self.because().cloned(),
            hint: self.hints(),
            exit: self.exit().code(),
        }
    }

    /// Tells whoever asked, in the form that was asked for.
    pub(super) fn tell(&self, out: &Out, form: &Form) {
        match form {
            Form::Human => out.complain(&self.text()),
            Form::Json(_) | Form::Lines => {
                out.complain(&format!("{}\n", visible_json(&self.line().to_string())));
            }
        }
    }

    /// As a person sees it.
    fn text(&self) -> String {
        let strong = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let kind = match self.exit() {
            Exit::Refused => "Refused:",
            Exit::Stopped => return format!("{}\n", self.message()),
            Exit::Ok
            | Exit::Failed
            | Exit::Usage
            | Exit::NotFound
            | Exit::Partly
            | Exit::Unsettled
            | Exit::Busy => "Error:",
        };
        let mut text = format!("{strong}{kind}{strong:#} {}\n", visible(&self.message()));
        if let Some(because) = self.because() {
            text.push_str(&format!("{}\n", visible(&cause(because))));
        }
        let mark = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
        for hint in self.hints() {
            text.push_str(&format!("{mark}Hint:{mark:#} {}\n", visible(&hint)));
        }
        text
    }
}

/// The setting that decides, where it stands, and the published rule behind it.
pub(super) fn cause(because: &Because) -> String {
    let mut cause = format!("Because {} = {}", because.key, because.value);
    if let Some(rule) = &because.rule {
        cause.push_str(&format!(" ({rule})"));
    }
    if let Some(place) = &because.place {
        cause.push_str(&format!(", {place}"));
    }
    cause
}

fn fault_code(fault: &Fault) -> &'static str {
    match fault {
        Fault::Missing(_) => "no_database",
        Fault::Foreign { .. } => "foreign_file",
        Fault::Newer { .. } => "newer_file",
        Fault::Damaged { .. } => "damaged_file",
        Fault::ReadOnly(_) => "read_only",
        Fault::Full(_) => "disk_full",
        Fault::Busy(_) => "busy",
        Fault::Twice(_) | Fault::Other(_) => "failed",
    }
}

impl<E: Into<desk::Failure>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Desk(error.into())
    }
}
