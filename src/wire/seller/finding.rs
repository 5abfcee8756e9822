//! One thing that is wrong, or odd, in a file: where it stands, what it is, and the way out.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The file cannot be used.
    Wrong,
    /// The file can be used, but it says something that has no effect or is hardly meant.
    Odd,
}

/// One thing that a file says wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether the file can be used all the same.
    pub weight: Weight,
    /// The name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The bytes of the text that are meant.
    pub span: Range<usize>,
    /// The line as it stands in the file.
    pub excerpt: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The way out, in a sentence.
    pub help: Option<String>,
}

impl Finding {
    /// A finding about some bytes of a text.
    pub fn at(text: &str, file: &str, span: Range<usize>, message: impl Into<String>) -> Finding {
        let (line, column) = line_and_column(text, span.start);
        Finding {
            weight: Weight::Wrong,
            file: file.to_owned(),
            line,
            column,
            excerpt: text
                .lines()
                .nth(line.saturating_sub(1))
                .unwrap_or_default()
                .to_owned(),
            span,
            message: message.into(),
            help: None,
        }
    }

    /// The same finding with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }
}

/// Line and column, both from 1, of a byte of a text. A place behind the end is the end.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let line = before.matches('\n').count().saturating_add(1);
    let column = before[line_start..].chars().count().saturating_add(1);
    (line, column)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        f.write_str(&self.message)?;
        if !self.excerpt.trim().is_empty() {
            write!(f, "\n    {}", self.excerpt.trim_end())?;
        }
        match &self.help {
            Some(help) => write!(f, "\nHint: {help}"),
            None => Ok(()),
        }
    }
}
