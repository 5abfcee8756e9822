//! Messages of the outbox as outsiders see them.

use crate::billing::calendar::Moment;
use crate::billing::message::{MessageState, Outgoing};
use serde::{Deserialize, Serialize};

/// One message in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// `M-000042`.
    pub number: String,
    /// Name of the account.
    pub account: String,
    /// Which message: `receipt`, `renewal_reminder`.
    pub kind: String,
    /// The number or day it is about.
    pub about: String,
    /// Where it goes.
    pub to: Vec<String>,
    /// Where it stands.
    pub state: MessageState,
    /// When it was put into the outbox.
    pub at: Moment,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried again.
    pub next_at: Option<Moment>,
    /// When it was delivered.
    pub sent_at: Option<Moment>,
    /// Why it was not delivered.
    pub trouble: Option<String>,
}

impl Brief {
    /// A message of an account's name.
    pub fn of(kept: &Outgoing, account: &str) -> Brief {
        Brief {
            number: kept.message.number(),
            account: account.to_owned(),
            kind: kept.message.kind.clone(),
            about: kept.message.about.clone(),
            to: kept.message.to.clone(),
            state: kept.state(),
            at: kept.message.at,
            attempts: kept.attempts,
            next_at: kept.next_at,
            sent_at: kept.message.sent_at,
            trouble: kept.trouble.clone(),
        }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What a list says of it.
    #[serde(flatten)]
    pub head: Brief,
    /// The Message-ID it travels under; the same at every try.
    pub message_id: Option<String>,
    /// SHA-256 of the mail that was handed over, in hexadecimal.
    pub digest: Option<String>,
    /// How it would read if it were written now; only where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
}

/// How a message reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The sender, where one is set.
    pub from: Option<String>,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Names of the files that go with it.
    pub attachments: Vec<String>,
}

/// What a run of the outbox came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Delivered.
    pub sent: u64,
    /// Not delivered yet.
    pub waiting: u64,
    /// Given up.
    pub failed: u64,
    /// Every message that was tried.
    pub messages: Vec<Brief>,
}
