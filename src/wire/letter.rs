//! What a message says: templates with facts in them, as plain text and as HTML.
//!
//! A template is a file `<kind>.<language>.txt`: `Subject: …`, an empty line, the text. Each kind has one in
//! English, Portuguese and Spanish (`letters/`). A folder of one's own may hold other ones, a
//! `<kind>.<language>.html` beside them, and a `letter.html` that every text is set into. A language without a
//! template is written in English. The names that a template may use are the fields of [`Facts`].

mod facts;

pub use facts::{Customer, Facts, Invoice, Order, Payment, SellerFacts, Subscription};

use super::paper::one_line;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

macro_rules! letters {
    ($($kind:literal),+ $(,)?) => {
        /// Every kind of message that has a template of its own.
        pub const KINDS: &[&str] = &[$($kind),+];

        const BUILT_IN: &[(&str, &str)] = &[
            $((concat!($kind, ".en.txt"), include_str!(concat!("letters/", $kind, ".en.txt"))),
              (concat!($kind, ".pt.txt"), include_str!(concat!("letters/", $kind, ".pt.txt"))),
              (concat!($kind, ".es.txt"), include_str!(concat!("letters/", $kind, ".es.txt"))),)+
            ("letter.html", include_str!("letters/letter.html")),
        ];
    };
}

letters! {
    "receipt", "invoice", "credit_note", "refund", "payment_declined", "method_missing", "renewal_reminder",
    "trial_ending", "trial_ended", "limit_reached", "invitation", "frozen", "deactivated", "expired",
    "resumed", "cancelled", "ended", "last_notice",
}

/// The longest template that is read, in bytes.
const LARGEST: u64 = 256 << 10;
/// Letters kept of a subject.
const SUBJECT: usize = 180;

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Why a message cannot be worded; a person can mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unworded {
    /// Nobody has written a template for the kind.
    NoTemplate {
        /// The kind.
        kind: String,
    },
    /// A template cannot be read or used; says which and why.
    Template(String),
}

impl fmt::Display for Unworded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unworded::NoTemplate { kind } => write!(
                f,
                "There is no template for messages of the kind {kind:?}; put {kind}.en.txt into the folder of templates."
            ),
            Unworded::Template(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Unworded {}

/// All templates.
#[derive(Debug)]
pub struct Letters {
    engine: Environment<'static>,
    folder: Option<PathBuf>,
}

/// What the page around a text may use besides the facts.
#[derive(Serialize)]
struct Around<'a> {
    #[serde(flatten)]
    facts: &'a Facts,
    subject: &'a str,
    paragraphs: Vec<Vec<&'a str>>,
}

impl Letters {
    /// The built-in templates, and before them those of a folder.
    ///
    /// # Errors
    /// The syntax cannot be set up, which does not happen.
    pub fn new(folder: Option<PathBuf>) -> Result<Letters, Unworded> {
        let mut engine = Environment::new();
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .map_err(|error| Unworded::Template(error.to_string()))?;
        engine.set_syntax(syntax);
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        Ok(Letters { engine, folder })
    }

    /// Words a message in the language of its facts.
    ///
    /// # Errors
    /// There is no template, or it cannot be used.
    pub fn write(&self, kind: &str, facts: &Facts) -> Result<Worded, Unworded> {
        let (name, source) =
            self.template(kind, &facts.language)?
                .ok_or_else(|| Unworded::NoTemplate {
                    kind: kind.to_owned(),
                })?;
        let source = source.replace("\r\n", "\n");
        let (head, body) = source.split_once("\n\n").unwrap_or((&source, ""));
        let Some(subject) = head
            .strip_prefix("Subject:")
            .filter(|_| !head.contains('\n'))
        else {
            let why =
                format!("{name} does not begin with a line \"Subject: …\" and an empty line.");
            return Err(Unworded::Template(why));
        };
        let subject = one_line(&self.render(&name, subject, facts)?, SUBJECT);
        let text = spaced(&self.render(&name, body, facts)?);
        let html = self.html(&name, &subject, &text, facts)?;
        Ok(Worded {
            subject,
            text,
            html,
        })
    }

    /// The language in which a kind of message is written to somebody who asked for another: two letters.
    pub fn language(&self, kind: &str, asked: &str) -> String {
        let found = self.template(kind, asked).ok().flatten();
        let name = found.as_ref().map_or("", |(name, _)| name.as_str());
        name.split('.').nth(1).unwrap_or("en").to_owned()
    }

    /// A page of the seller's own for this kind, or the text set into the common one.
    fn html(
        &self,
        name: &str,
        subject: &str,
        text: &str,
        facts: &Facts,
    ) -> Result<String, Unworded> {
        let paragraphs = text.trim_end().split("\n\n");
        let around = Around {
            facts,
            subject,
            paragraphs: paragraphs.map(|part| part.split('\n').collect()).collect(),
        };
        let own = name.replace(".txt", ".html");
        if let Some(source) = self.in_folder(&own)? {
            return self.render(&own, &source, &around);
        }
        let common = "letter.html";
        let source = self.in_folder(common)?.or_else(|| built_in(common));
        self.render(common, &source.unwrap_or_default(), &around)
    }

    /// The template in the language, else in English; one's own before the built-in one.
    fn template(&self, kind: &str, language: &str) -> Result<Option<(String, String)>, Unworded> {
        let plain = |ch: char| ch.is_ascii_alphanumeric() || ch == '_' || ch == '-';
        if kind.is_empty() || !kind.chars().all(plain) {
            return Ok(None);
        }
        let language = language.split(['-', '_']).next().unwrap_or_default();
        let language = language.to_ascii_lowercase();
        for language in [language.as_str(), "en"] {
            if language.is_empty() || !language.chars().all(plain) {
                continue;
            }
            let name = format!("{kind}.{language}.txt");
            if let Some(source) = self.in_folder(&name)?.or_else(|| built_in(&name)) {
                return Ok(Some((name, source)));
            }
        }
        Ok(None)
    }

    fn in_folder(&self, name: &str) -> Result<Option<String>, Unworded> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let path = folder.join(name);
        let why = |why: String| {
            Unworded::Template(format!(
                "The template {} cannot be read: {why}.",
                path.display()
            ))
        };
        match std::fs::metadata(&path) {
            Ok(about) if about.len() > LARGEST => Err(why("it is larger than 256 KB".to_owned())),
            Ok(_) => match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text)),
                Err(error) => Err(why(error.to_string())),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(why(error.to_string())),
        }
    }

    fn render<T: Serialize>(
        &self,
        name: &str,
        source: &str,
        facts: &T,
    ) -> Result<String, Unworded> {
        self.engine
            .render_named_str(name, source, Serde(facts))
            .map_err(|error| {
                Unworded::Template(format!("The template {name} cannot be used: {error}."))
            })
    }
}

/// Whether a message has built-in words; others need a template in the folder of one's own.
pub fn has_words(kind: &str) -> bool {
    KINDS.contains(&kind)
}

fn built_in(name: &str) -> Option<String> {
    let found = BUILT_IN.iter().find(|(known, _)| *known == name);
    found.map(|(_, source)| (*source).to_owned())
}

/// Lines without spaces at their ends, at most one empty line between paragraphs, one line end at the end.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    let mut empty = 0_u32;
    for line in text.trim().lines() {
        let line = line.trim_end();
        empty = if line.is_empty() {
            empty.saturating_add(1)
        } else {
            0
        };
        if empty < 2 {
            spaced.push_str(line);
            spaced.push('\n');
        }
    }
    spaced
}

#[cfg(test)]
mod tests;
