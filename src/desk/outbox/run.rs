//! One run of the outbox: the turn, then message by message the three steps.

use super::steps::{Begin, End};
use super::write::{Postroom, Written, hex};
use super::{brief, by_number, stands};
use crate::billing::message::{
    Dispatch, MessageEnd, MessageState, Outgoing, after_trouble, number,
};
use crate::billing::refusal::{Code, Refusal};
use crate::desk::{Desk, Effect, Failure, Fault, Terms};
use crate::gateway::mail::{self, Outcome, Parcel, Postman};
use crate::wire::message::Post;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// After so many troubles in a row the route itself is taken to be broken, and the rest waits untouched.
const IN_A_ROW: u32 = 3;

/// Which messages.
#[derive(Debug, Clone)]
pub enum Pick {
    /// All that may be tried, oldest first.
    Due {
        /// At most so many.
        at_most: u32,
    },
    /// These.
    Numbers(Vec<String>),
}

/// What is handed over, or why nothing is.
enum Ready {
    Parcel(Parcel),
    /// A run that was cut off has handed it over, or has not.
    Again(Parcel),
    End(MessageEnd),
    NotDue,
}

/// What a try tells about the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// The message was not due any more.
    NotTried,
    /// It ended, or has to wait for reasons of its own.
    Tried,
    /// The way is in trouble, and the next message would be as well.
    NoWay,
}

/// How to go on where sending was cut short.
const GOES_ON: &str = "What went out before is kept as sent. Run it again: the rest goes out then.";

impl Desk {
    /// Sends messages and says what came of each; without a postman, or as a dry run, which it would try.
    ///
    /// # Errors
    /// A number does not exist or is not waiting, another program sends for longer than `wait`, or the store
    /// fails. A message that is not delivered is no error.
    pub fn post(
        &mut self,
        terms: &Terms,
        room: &mut Postroom,
        postman: Option<&Postman>,
        pick: &Pick,
        wait: Duration,
    ) -> Result<(Post, Vec<String>), Failure> {
        let mut post = Post {
            sent: 0,
            waiting: 0,
            failed: 0,
            messages: Vec::new(),
        };
        let Some(postman) = postman.filter(|_| terms.effect == Effect::Kept) else {
            for id in self.picked(terms, pick)? {
                self.tell(id, &mut post)?;
            }
            return Ok((post, Vec::new()));
        };
        let turn = self.store.turn("outbox", wait)?;
        let picked = self.picked(terms, pick)?;
        let mut notes = Vec::new();
        let (mut in_a_row, mut left) = (0_u32, picked.len());
        for id in picked {
            if in_a_row >= IN_A_ROW {
                break;
            }
            left = left.saturating_sub(1);
            let done = self.three_steps(terms, room, postman, id, &mut notes);
            match done.map_err(|failure| failure.after(GOES_ON))? {
                Came::NotTried => continue,
                Came::NoWay => in_a_row = in_a_row.saturating_add(1),
                Came::Tried => in_a_row = 0,
            }
            self.tell(id, &mut post)?;
        }
        drop(turn);
        notes.extend(room.troubles());
        if left > 0 {
            notes.push(format!(
                "{IN_A_ROW} messages in a row could not be sent; {left} more were left for the next run."
            ));
        }
        Ok((post, notes))
    }

    fn picked(&mut self, terms: &Terms, pick: &Pick) -> Result<Vec<i64>, Failure> {
        let look = self.look()?;
        let read = look.read();
        match pick {
            Pick::Due { at_most } => Ok(read.due_messages(terms.at, *at_most)?),
            Pick::Numbers(numbers) => {
                let mut ids = Vec::new();
                for number in numbers {
                    let kept = by_number(read, number)?;
                    let id = kept.message.id;
                    if !kept.is_due(terms.at) {
                        let number = kept.message.number();
                        return Err(Refusal::new(Code::MessageNotWaiting, not_due(&kept))
                            .run(format!("message retry {number}"))
                            .into());
                    }
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                Ok(ids)
            }
        }
    }

    /// The three steps of one message.
    fn three_steps(
        &mut self,
        terms: &Terms,
        room: &mut Postroom,
        postman: &Postman,
        message: i64,
        notes: &mut Vec<String>,
    ) -> Result<Came, Failure> {
        let (attempts, ready) = self.ready(terms, room, message)?;
        if matches!(ready, Ready::Again(_)) {
            notes.push(format!(
                "{} was being sent when a run was cut off, so it may have arrived; the same mail was sent \
                 again under the same Message-ID.",
                number(message)
            ));
        }
        let mut came = Came::Tried;
        let mut to = None;
        let end = match ready {
            Ready::NotDue => return Ok(Came::NotTried),
            Ready::End(end) => end,
            Ready::Parcel(parcel) | Ready::Again(parcel) => {
                let digest = hex(&Sha256::digest(&parcel.bytes));
                let dispatch = Dispatch {
                    message,
                    at: terms.at,
                    message_id: parcel.message_id.clone(),
                    digest,
                    from: parcel.from.clone(),
                    to: parcel.to.clone(),
                    bytes: parcel.bytes.clone(),
                };
                self.perform(terms, &Begin { dispatch })?;
                let attempts = attempts.saturating_add(1);
                let outcome = postman.deliver(&parcel);
                to = Some(parcel.to);
                match outcome {
                    Outcome::Delivered => MessageEnd::Sent,
                    Outcome::TryLater(why) => after_trouble(attempts, terms.at, why),
                    Outcome::NoWay(why) => {
                        came = Came::NoWay;
                        after_trouble(attempts, terms.at, why)
                    }
                    Outcome::Refused(trouble) => MessageEnd::Refused { trouble },
                }
            }
        };
        let taken = end == MessageEnd::Sent;
        match self.perform(terms, &End { message, to, end }) {
            Err(Failure::Store(fault)) if taken && !matches!(fault, Fault::Busy(_)) => {
                Err(Failure::Broken(anyhow::anyhow!(
                    "{fault} {} was delivered, but that could not be kept: the next run sends the same mail \
                     again, under the same Message-ID.",
                    number(message)
                )))
            }
            other => other.map(|_| came),
        }
    }

    /// The mail that was kept at the first try, or a new one; and how often the message was tried.
    fn ready(
        &mut self,
        terms: &Terms,
        room: &mut Postroom,
        message: i64,
    ) -> Result<(u32, Ready), Failure> {
        let look = self.look()?;
        let read = look.read();
        let Some(kept) = read.message(message)?.filter(|kept| kept.is_due(terms.at)) else {
            return Ok((0, Ready::NotDue));
        };
        let attempts = kept.attempts;
        if let (Some(packed), Some(message_id)) = (read.mail(message)?, &kept.message_id) {
            let parcel = Parcel {
                from: packed.from,
                to: packed.to,
                message_id: message_id.clone(),
                bytes: packed.bytes,
            };
            let ready = match kept.state() {
                MessageState::Sending => Ready::Again(parcel),
                MessageState::Waiting | MessageState::Sent | MessageState::Failed => {
                    Ready::Parcel(parcel)
                }
            };
            return Ok((attempts, ready));
        }
        let ready = match room.letter(read, terms, &kept)? {
            Written::Letter(letter) => match mail::pack(&letter) {
                Ok(parcel) => Ready::Parcel(parcel),
                Err(trouble) => Ready::End(MessageEnd::Refused { trouble }),
            },
            Written::NotYet(why) => {
                Ready::End(after_trouble(attempts.saturating_add(1), terms.at, why))
            }
            Written::Never(trouble) => Ready::End(MessageEnd::Refused { trouble }),
        };
        Ok((attempts, ready))
    }

    /// Adds a message to what is told.
    fn tell(&mut self, id: i64, post: &mut Post) -> Result<(), Failure> {
        let look = self.look()?;
        let read = look.read();
        let kept = read
            .message(id)?
            .ok_or_else(|| Failure::not_found("message", id.to_string()))?;
        let count = match kept.state() {
            MessageState::Sent => &mut post.sent,
            MessageState::Failed => &mut post.failed,
            MessageState::Waiting | MessageState::Sending => &mut post.waiting,
        };
        *count = count.saturating_add(1);
        post.messages.push(brief(read, &kept)?);
        Ok(())
    }
}

fn not_due(kept: &Outgoing) -> String {
    match kept
        .next_at
        .filter(|_| kept.state() == MessageState::Waiting)
    {
        Some(next) => format!(
            "{} is tried again on {} at {}, not before.",
            kept.message.number(),
            next.date(),
            next.format("%H:%M")
        ),
        None => stands(kept),
    }
}
