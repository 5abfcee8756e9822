//! Messages: e-mails that wait in the outbox, each put there once.

use super::calendar::Moment;
use serde::{Deserialize, Serialize};

/// An e-mail that waits or was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Key in the store; 0 before it is kept.
    pub id: i64,
    /// The account.
    pub account: i64,
    /// Which message: `renewal_reminder`, `payment_declined`, `receipt`, `frozen`.
    pub kind: String,
    /// What makes it one of its kind for the account: the day or number it is about. Kept unique.
    pub about: String,
    /// Where it goes.
    pub to: Vec<String>,
    /// When it was put into the outbox.
    pub at: Moment,
    /// When it was delivered.
    pub sent_at: Option<Moment>,
}

impl Message {
    /// The number that people use: `M-000042`.
    pub fn number(&self) -> String {
        number(self.id)
    }
}

/// The number of a message by its key.
pub fn number(id: i64) -> String {
    format!("M-{id:06}")
}

/// A message with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The message.
    pub message: Message,
    /// When it was last handed over, while nobody knows what came of that.
    pub begun_at: Option<Moment>,
    /// When it was given up.
    pub failed_at: Option<Moment>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried again.
    pub next_at: Option<Moment>,
    /// Why it was not delivered.
    pub trouble: Option<String>,
    /// The Message-ID it travels under.
    pub message_id: Option<String>,
    /// SHA-256 of the mail, in hexadecimal.
    pub digest: Option<String>,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// In the outbox.
    Waiting,
    /// Handed over, and nobody knows what came of it.
    Sending,
    /// Taken by the next server.
    Sent,
    /// Given up; a case is open for it.
    Failed,
}

impl MessageState {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            MessageState::Waiting => "waiting",
            MessageState::Sending => "sending",
            MessageState::Sent => "sent",
            MessageState::Failed => "failed",
        }
    }
}

impl Outgoing {
    /// Where it stands.
    pub fn state(&self) -> MessageState {
        match (self.message.sent_at, self.failed_at, self.begun_at) {
            (Some(_), _, _) => MessageState::Sent,
            (None, Some(_), _) => MessageState::Failed,
            (None, None, Some(_)) => MessageState::Sending,
            (None, None, None) => MessageState::Waiting,
        }
    }

    /// Whether it is to be tried at a moment.
    pub fn is_due(&self, at: Moment) -> bool {
        match self.state() {
            MessageState::Waiting => self.next_at.is_none_or(|next| next <= at),
            MessageState::Sending => true,
            MessageState::Sent | MessageState::Failed => false,
        }
    }
}

/// A message on its way: the very mail that is handed over, now and at every later try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Which message.
    pub message: i64,
    /// When.
    pub at: Moment,
    /// The Message-ID.
    pub message_id: String,
    /// SHA-256 of the mail, in hexadecimal.
    pub digest: String,
    /// The address that failures come back to.
    pub from: String,
    /// The addresses it goes to.
    pub to: Vec<String>,
    /// The mail.
    pub bytes: Vec<u8>,
}

/// What came of handing a message over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "came")]
pub enum MessageEnd {
    /// It was taken.
    Sent,
    /// The same mail is tried again.
    Later {
        /// When.
        next_at: Moment,
        /// Why it was not taken.
        trouble: String,
    },
    /// It was tried often enough; the same mail is kept.
    GivenUp {
        /// Why it was not taken.
        trouble: String,
    },
    /// It will never be taken as it is.
    Refused {
        /// Why.
        trouble: String,
    },
}

/// Minutes to wait after each failed try: five minutes at first, a day at last, four days in all.
const WAITS: [i64; 9] = [5, 15, 60, 240, 720, 1_440, 1_440, 1_440, 1_440];

/// What follows when a try has failed for a reason that may pass; `attempts` counts that try.
pub fn after_trouble(attempts: u32, at: Moment, trouble: String) -> MessageEnd {
    let place = usize::try_from(attempts.max(1)).unwrap_or(usize::MAX);
    let wait = WAITS.get(place.saturating_sub(1));
    let next = wait.and_then(|minutes| at.checked_add_signed(chrono::TimeDelta::minutes(*minutes)));
    match next {
        Some(next_at) => MessageEnd::Later { next_at, trouble },
        None => MessageEnd::GivenUp { trouble },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_between_tries_grow_and_end() {
        let start: Moment = "2026-03-01T10:00:00".parse().unwrap();
        let (mut at, mut attempts) = (start, 0);
        loop {
            attempts += 1;
            match after_trouble(attempts, at, String::new()) {
                MessageEnd::Later { next_at, .. } => {
                    assert!(next_at > at);
                    at = next_at;
                }
                end => {
                    break assert_eq!(
                        end,
                        MessageEnd::GivenUp {
                            trouble: String::new()
                        }
                    );
                }
            }
        }
        assert_eq!(attempts, 10);
        assert_eq!((at - start).num_days(), 4);
    }
}
