//! The first and the last of the three steps: the mail is kept before it leaves, its fate afterwards.

use super::{document, stands};
use crate::billing::account::Facts;
use crate::billing::case::Case;
use crate::billing::change::Change;
use crate::billing::message::{Dispatch, MessageEnd, Outgoing};
use crate::billing::policy::{Policy, Route, Situation};
use crate::billing::refusal::{Code, Refusal};
use crate::desk::{Decision, Failure, Request, Terms, load};
use crate::store::Reader;
use crate::wire::Document;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The first step. The journal gets the mail's digest, not the mail.
#[derive(Debug, Serialize)]
pub(super) struct Begin {
    #[serde(flatten, serialize_with = "by_digest")]
    pub dispatch: Dispatch,
}

fn by_digest<S: Serializer>(dispatch: &Dispatch, to: S) -> Result<S::Ok, S::Error> {
    let told = [
        ("message", dispatch.message.to_string()),
        ("message_id", dispatch.message_id.clone()),
        ("digest", dispatch.digest.clone()),
    ];
    to.collect_map(told)
}

fn kept(read: Reader<'_>, id: i64) -> Result<Outgoing, Failure> {
    read.message(id)?
        .ok_or_else(|| Failure::not_found("message", id.to_string()))
}

impl Request for Begin {
    const NAME: &'static str = "message send";
    type Facts = Outgoing;
    type Answer = ();

    fn facts(&self, read: Reader<'_>, _: &Terms) -> Result<Outgoing, Failure> {
        kept(read, self.dispatch.message)
    }

    fn decide(&self, kept: &Outgoing, terms: &Terms) -> Result<Decision<()>, Refusal> {
        if !kept.is_due(terms.at) {
            return Err(Refusal::new(Code::MessageNotWaiting, stands(kept)));
        }
        let dispatch = Box::new(self.dispatch.clone());
        Ok(Decision::of(vec![Change::BeginMessage(dispatch)], ()))
    }

    fn document(&self, read: Reader<'_>, _: &Terms, (): ()) -> Result<Document, Failure> {
        document(read, &kept(read, self.dispatch.message)?)
    }

    fn account(&self, kept: &Outgoing) -> Option<i64> {
        Some(kept.message.account)
    }
}

/// The last step. What is given up becomes a case for people.
#[derive(Debug, Serialize)]
pub(super) struct End {
    pub message: i64,
    /// Where it went; nothing where nothing was handed over.
    #[serde(skip)]
    pub to: Option<Vec<String>>,
    pub end: MessageEnd,
}

impl Request for End {
    const NAME: &'static str = "message settle";
    type Facts = (Outgoing, Facts, Arc<Policy>);
    type Answer = ();

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let kept = kept(read, self.message)?;
        let account = read
            .account_by_id(kept.message.account)?
            .ok_or_else(|| Failure::not_found("account", ""))?;
        let facts = read.facts(account, terms.on())?;
        Ok((kept, facts, load::seller(read, terms.on())?.policy))
    }

    fn decide(
        &self,
        (kept, facts, policy): &Self::Facts,
        terms: &Terms,
    ) -> Result<Decision<()>, Refusal> {
        // While it was on its way, a person gave it another address: there it still has to go.
        let elsewhere = self.to.as_ref().filter(|to| **to != kept.message.to);
        let end = match elsewhere {
            Some(to) => MessageEnd::Later {
                next_at: terms.at,
                trouble: match self.end == MessageEnd::Sent {
                    true => format!("{} got it before the address was changed.", to.join(", ")),
                    false => format!(
                        "{} was tried before the address was changed.",
                        to.join(", ")
                    ),
                },
            },
            None => self.end.clone(),
        };
        let mut changes = vec![Change::EndMessage {
            message: self.message,
            at: terms.at,
            end: end.clone(),
        }];
        if let MessageEnd::GivenUp { trouble } | MessageEnd::Refused { trouble } = &end {
            changes.extend(case(kept, facts, policy, trouble, terms));
        }
        Ok(Decision::of(changes, ()))
    }

    fn document(&self, read: Reader<'_>, _: &Terms, (): ()) -> Result<Document, Failure> {
        document(read, &kept(read, self.message)?)
    }

    fn account(&self, facts: &Self::Facts) -> Option<i64> {
        Some(facts.0.message.account)
    }
}

/// A case for a message that was given up, unless one is open for it.
fn case(
    kept: &Outgoing,
    facts: &Facts,
    policy: &Policy,
    trouble: &str,
    terms: &Terms,
) -> Option<Change> {
    let message = &kept.message;
    let begin = format!("{} was not delivered", message.number());
    let same = |case: &Case| case.text.starts_with(&begin);
    if facts.open_cases.iter().any(same) {
        return None;
    }
    let (kind, about) = (&message.kind, &message.about);
    let email = message.to.first();
    Some(Change::OpenCase(Box::new(Case {
        id: facts.next.case,
        account: Some(message.account),
        about: Situation::Help,
        text: format!("{begin} ({kind}, {about}): {trouble}"),
        member: None,
        contact: email
            .map(|email| BTreeMap::from([("email".to_owned(), email.clone())]))
            .unwrap_or_default(),
        to: policy.route(Situation::Help).map(Route::in_words),
        opened_at: terms.at,
        closed_at: None,
        outcome: None,
    })))
}
