//! A provider whose answers are written down beforehand, for tests and for rehearsals.
//!
//! In its folder, `script.jsonl` holds one answer a line, used in order: `{"answer":"paid"}`,
//! `{"answer":"declined","reason":"insufficient_funds"}`, `{"answer":"pending"}`, or
//! `{"answer":"unknown","moved":true}` (the money moved and the answer was lost). A line with
//! `"account":"acme"` is kept for that account, `"delay_ms"` makes it slow, and with `"arrives_ms"` it hears of
//! the question so much later. When the lines are used up
//! it answers as the line with `"always":true`, or *paid*. `asked.jsonl` is the provider's own book: every
//! key it was asked and what came of it, so that a test can count what was charged.

use super::{Answer, Ask, Gateway};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A provider that follows a script.
pub struct Scripted {
    folder: PathBuf,
    /// What was read of the files; whoever holds it is the only one of this process who asks.
    seen: Mutex<Seen>,
}

/// What was read of the files, so that ten thousand questions do not read the book ten thousand times.
#[derive(Default)]
struct Seen {
    /// Up to here the book is in `asked`.
    until: u64,
    asked: HashMap<String, Asked>,
    script: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    answer: String,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    moved: bool,
    #[serde(default)]
    always: bool,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default)]
    arrives_ms: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    key: String,
    account: String,
    what: String,
    minor: i64,
    currency: String,
    /// Whether the money moved.
    outcome: String,
    #[serde(default)]
    reason: Option<String>,
}

impl Scripted {
    /// A provider with its script and its book in a folder.
    pub fn in_folder(folder: &Path) -> Scripted {
        Scripted {
            folder: folder.to_owned(),
            seen: Mutex::default(),
        }
    }

    /// Keeps other processes out of the book until the file is dropped.
    fn hold(&self) -> Option<fs::File> {
        let file = fs::File::create(self.folder.join("lock")).ok()?;
        file.lock().ok().map(|()| file)
    }

    /// What is known of a key. Other processes write into the book too, so its new lines are read each time.
    fn known(&self, seen: &mut Seen, key: &str) -> Option<Asked> {
        let mut file = fs::File::open(self.folder.join("asked.jsonl")).ok()?;
        let length = file.metadata().ok()?.len();
        if length < seen.until {
            (seen.until, seen.asked) = (0, HashMap::new());
        }
        let mut text = String::new();
        file.seek(SeekFrom::Start(seen.until)).ok()?;
        file.read_to_string(&mut text).ok()?;
        let asked = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        seen.asked
            .extend(asked.map(|asked: Asked| (asked.key.clone(), asked)));
        let read = u64::try_from(text.len()).unwrap_or(0);
        seen.until = seen.until.saturating_add(read);
        seen.asked.get(key).cloned()
    }

    /// The next answer for an account: the first unused line for it, or for anybody.
    fn next(&self, seen: &mut Seen, account: &str) -> Line {
        let text = fs::read_to_string(self.folder.join("script.jsonl")).unwrap_or_default();
        if text != seen.script {
            let lines = text.lines();
            seen.lines = lines
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect();
            seen.script = text;
        }
        let lines = &seen.lines;
        let used_path = self.folder.join("used.txt");
        let used: Vec<usize> = fs::read_to_string(&used_path)
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.parse().ok())
            .collect();
        let fits = |line: &Line| line.account.as_deref().is_none_or(|named| named == account);
        let found = lines
            .iter()
            .enumerate()
            .find(|(at, line)| !line.always && !used.contains(at) && fits(line));
        match found {
            Some((at, line)) => {
                append(&used_path, &at.to_string());
                line.clone()
            }
            None => lines
                .iter()
                .rfind(|line| line.always && fits(line))
                .cloned()
                .unwrap_or(Line {
                    answer: "paid".to_owned(),
                    reason: None,
                    account: None,
                    moved: false,
                    always: true,
                    delay_ms: 0,
                    arrives_ms: 0,
                }),
        }
    }

    fn ask(&self, ask: &Ask<'_>, what: &str) -> Answer {
        let line = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let mut ours = self.hold();
            if let Some(known) = self.known(&mut seen, ask.key) {
                return answer_of(&known);
            }
            let line = self.next(&mut seen, ask.account);
            if line.arrives_ms > 0 {
                drop(ours);
                std::thread::sleep(Duration::from_millis(line.arrives_ms));
                ours = self.hold();
            }
            let outcome = match line.answer.as_str() {
                "unknown" if line.moved => "paid",
                "unknown" => "nothing",
                other => other,
            };
            let asked = Asked {
                key: ask.key.to_owned(),
                account: ask.account.to_owned(),
                what: what.to_owned(),
                minor: ask.amount.minor,
                currency: ask.amount.currency.code().to_owned(),
                outcome: outcome.to_owned(),
                reason: line.reason.clone(),
            };
            if outcome != "nothing" {
                let text = serde_json::to_string(&asked).unwrap_or_default();
                append(&self.folder.join("asked.jsonl"), &text);
            }
            drop(ours);
            line
        };
        std::thread::sleep(Duration::from_millis(line.delay_ms));
        match line.answer.as_str() {
            "unknown" => Answer::Unknown {
                trouble: "the provider did not answer".to_owned(),
            },
            "declined" => Answer::Declined {
                reason: line.reason.unwrap_or_else(declined),
            },
            "pending" => Answer::Pending {
                reference: reference(ask.key),
            },
            _ => Answer::Paid {
                reference: reference(ask.key),
            },
        }
    }
}

fn declined() -> String {
    "declined".to_owned()
}

fn reference(key: &str) -> String {
    format!("scripted-{}", key.replace('/', "-"))
}

fn answer_of(asked: &Asked) -> Answer {
    match asked.outcome.as_str() {
        "paid" => Answer::Paid {
            reference: reference(&asked.key),
        },
        "declined" => Answer::Declined {
            reason: asked.reason.clone().unwrap_or_else(declined),
        },
        _ => Answer::Pending {
            reference: reference(&asked.key),
        },
    }
}

/// A provider's book that cannot be written is a provider out of order; the next look finds nothing.
fn append(file: &Path, line: &str) {
    let opened = fs::OpenOptions::new().create(true).append(true).open(file);
    if let Ok(mut opened) = opened {
        // One write, so that the lines of two processes never mix.
        let _written = opened.write_all(format!("{line}\n").as_bytes());
    }
}

impl Gateway for Scripted {
    fn charges_alone(&self) -> bool {
        true
    }

    fn charge(&self, ask: &Ask<'_>) -> Answer {
        self.ask(ask, "charge")
    }

    fn refund(&self, ask: &Ask<'_>) -> Answer {
        self.ask(ask, "refund")
    }

    /// A pending payment is found paid, unless `settle.txt` says `pending` or `declined`.
    fn find(&self, key: &str) -> Answer {
        let settle = fs::read_to_string(self.folder.join("settle.txt")).unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match self.known(&mut seen, key) {
            Some(asked) if asked.outcome == "pending" => match settle.trim() {
                "pending" => answer_of(&asked),
                "declined" => Answer::Declined { reason: declined() },
                _ => Answer::Paid {
                    reference: reference(key),
                },
            },
            Some(asked) => answer_of(&asked),
            None => Answer::Declined {
                reason: "never_arrived".to_owned(),
            },
        }
    }
}
