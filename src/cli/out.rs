//! The two streams: the answer on stdout, everything said to a person on stderr. Nothing else prints.

use super::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use std::io::{ErrorKind, IsTerminal, Write};
use unicode_width::UnicodeWidthStr;

/// What is said besides the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Talk {
    /// Status and notes.
    Normal,
    /// Only errors.
    Quiet,
}

/// The two streams and what is known about them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Out {
    color: ColorChoice,
    talk: Talk,
    terminal: bool,
    width: usize,
}

impl Out {
    /// The streams of this process.
    pub(super) fn of(color: ColorChoice, talk: Talk) -> Out {
        let terminal = std::io::stdout().is_terminal();
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|text| text.parse().ok());
        let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = match terminal {
            true => columns.or_else(measured),
            false => columns,
        };
        Out {
            color,
            talk,
            terminal,
            width: width.unwrap_or(100).clamp(40, 200),
        }
    }

    /// Whether the answer is read by a person.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether nothing but errors is to be said.
    pub(super) fn is_quiet(&self) -> bool {
        self.talk == Talk::Quiet
    }

    /// Columns that an answer may use.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Prints the answer. Whoever stopped listening has heard enough.
    pub(super) fn answer(&self, text: &str) -> Result<(), Failure> {
        let mut stream = AutoStream::new(std::io::stdout().lock(), self.color_of(self.terminal));
        match write(&mut stream, text) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::broken(
                anyhow::Error::from(error).context("the answer cannot be written"),
            )),
        }
    }

    /// Gives a file as the answer, to the byte.
    pub(super) fn answer_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stream = std::io::stdout().lock();
        match stream.write_all(bytes).and_then(|()| stream.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::broken(
                anyhow::Error::from(error).context("the answer cannot be written"),
            )),
        }
    }

    /// Says something about what was done, unless silence was asked for.
    pub(super) fn status(&self, sentence: &str) {
        if self.talk == Talk::Normal {
            self.complain(&format!("{}\n", visible(sentence)));
        }
    }

    /// Shows a drawn page beside the answer, before a person is asked about it.
    pub(super) fn aside(&self, page: &str) {
        self.complain(page);
    }

    /// Says that something went wrong, always. The text is printed as it is.
    pub(super) fn complain(&self, text: &str) {
        let stderr = std::io::stderr();
        let choice = self.color_of(stderr.is_terminal());
        // Nobody is left who could be told that stderr is closed.
        let _ = write(&mut AutoStream::new(stderr.lock(), choice), text);
    }

    /// NO_COLOR and CLICOLOR count only where `--color` leaves it open.
    fn color_of(&self, terminal: bool) -> ColorChoice {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            ColorChoice::Auto if set("NO_COLOR") => ColorChoice::Never,
            ColorChoice::Auto if set("CLICOLOR_FORCE") => ColorChoice::Always,
            ColorChoice::Auto if terminal => ColorChoice::Auto,
            ColorChoice::Auto => ColorChoice::Never,
            ColorChoice::Always | ColorChoice::AlwaysAnsi | ColorChoice::Never => self.color,
        }
    }
}

fn write(stream: &mut impl Write, text: &str) -> std::io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// A text in lines of so many columns, parted between words; a longer word stays whole.
pub(super) fn folded(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line)
                if line.width().saturating_add(1).saturating_add(word.width()) <= columns =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Makes characters visible that would steer a terminal or turn the direction of writing: names from data
/// cannot attack whoever reads them.
pub(super) fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.chars().any(steers) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if steers(c) => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown.into()
}

/// The same for text that is JSON already, where such a character can only stand inside a string.
pub(super) fn visible_json(text: &str) -> std::borrow::Cow<'_, str> {
    // Nearly all of it is of this kind, and bytes are looked at faster than characters.
    if text.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push(c),
            c if steers(c) => {
                let mut units = [0_u16; 2];
                for unit in c.encode_utf16(&mut units) {
                    shown.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => shown.push(c),
        }
    }
    shown.into()
}

/// Controls, direction marks, invisible separators, and tag characters.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_attack() {
        assert_eq!(visible("plain São 北京 👩‍💻"), "plain São 北京 👩‍💻");
        assert_eq!(visible("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(visible("a\u{9b}31mb"), "a\\u{9b}31mb");
        assert_eq!(visible("evil\u{202e}cod.exe"), "evil\\u{202e}cod.exe");
        assert_eq!(visible("two\nlines\tand"), "two\\nlines\\tand");
    }

    #[test]
    fn json_keeps_its_meaning_when_made_visible() {
        let value = serde_json::json!({ "name": "a\u{9b}b\u{202e}c\u{e0041}\u{7f}" });
        let text = serde_json::to_string_pretty(&value).unwrap();
        let text = visible_json(&text);
        assert!(!text.chars().any(|c| steers(c) && c != '\n'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
