//! The gate: the only place that writes.
//!
//! In reading order: begin immediate → known key? same request: replay, other request: refuse → facts →
//! decide → apply → document → journal → dry run? roll back : commit. The document is read back from what
//! was applied, so it says what is true afterwards, and a dry run's document is the real one's.

use super::terms::{Effect, Given, Mark, Outcome, Terms};
use super::{Desk, Failure};
use crate::billing::catalog::Catalog;
use crate::billing::change::Change;
use crate::billing::refusal::{Code, Help, Refusal};
use crate::store::{NewLine, Reader, Tx};
use crate::wire::Document;
use serde::Serialize;

/// What a rule has decided.
#[derive(Debug, Clone)]
pub struct Decision<A> {
    /// What is to be kept.
    pub changes: Vec<Change>,
    /// What the document is made from.
    pub answer: A,
    /// Sentences for the person who asked.
    pub notes: Vec<String>,
}

impl<A> Decision<A> {
    /// A decision without notes.
    pub fn of(changes: Vec<Change>, answer: A) -> Decision<A> {
        Decision {
            changes,
            answer,
            notes: Vec::new(),
        }
    }

    /// Adds a sentence for the person who asked.
    #[must_use]
    pub fn note(mut self, sentence: impl Into<String>) -> Decision<A> {
        self.notes.push(sentence.into());
        self
    }
}

/// A request that writes. Its serialised form is its fingerprint.
pub trait Request: Serialize {
    /// What it is called in the journal: `seats add`.
    const NAME: &'static str;
    /// What it must know.
    type Facts;
    /// What it decides, besides changes.
    type Answer;

    /// Loads what the rule needs.
    ///
    /// # Errors
    /// Something named does not exist, or the store fails.
    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure>;

    /// Asks the rule. Has no way to read or write.
    ///
    /// # Errors
    /// The rule says no.
    fn decide(&self, facts: &Self::Facts, terms: &Terms)
    -> Result<Decision<Self::Answer>, Refusal>;

    /// The document, read back after the changes were applied.
    ///
    /// # Errors
    /// The store fails.
    fn document(
        &self,
        read: Reader<'_>,
        terms: &Terms,
        answer: Self::Answer,
    ) -> Result<Document, Failure>;

    /// What is wished for, in words, where a refusal may become a case for people.
    fn wished(&self, _: &Catalog) -> Option<String> {
        None
    }

    /// The account it is about, for the journal.
    fn account(&self, facts: &Self::Facts) -> Option<i64>;

    /// What this one is called in the journal, where one type carries several verbs.
    fn called(&self) -> &'static str {
        Self::NAME
    }
}

impl Desk {
    /// A member's wish that only people can grant becomes a case; the refusal then names it.
    fn hand_over(
        &mut self,
        terms: &Terms,
        failure: Failure,
        wished: impl FnOnce(&Catalog) -> Option<String>,
    ) -> Result<Failure, Failure> {
        let Failure::Refused(mut refusal) = failure else {
            return Ok(failure);
        };
        let (Some(situation), Some(account)) = (refusal.route, refusal.account) else {
            return Ok(Failure::Refused(refusal));
        };
        if terms.effect == Effect::DryRun || terms.on_behalf.is_none() {
            return Ok(Failure::Refused(refusal));
        }
        let catalog = {
            let look = self.look()?;
            super::load::seller(look.read(), terms.on())?.catalog
        };
        let text = match wished(&catalog) {
            Some(wished) => format!("Wanted: {wished}. {}", refusal.message),
            None => refusal.message.clone(),
        };
        let opened = super::handover::open(self, terms, account, situation, &text)?;
        let help = &mut refusal.help;
        help.retain(|help| !matches!(help, Help::OpenCase(_, about) if *about == situation));
        refusal.help.insert(0, Help::Say(opened.words));
        Ok(Failure::Refused(refusal))
    }

    /// Carries out a writing request.
    ///
    /// # Errors
    /// See [`Failure`]; whatever it is, nothing was kept.
    pub fn perform<R: Request>(&mut self, terms: &Terms, request: &R) -> Result<Outcome, Failure> {
        if terms.effect == Effect::Kept {
            expect_not_future(terms)?;
        }
        let mut tx = self.store.begin()?;
        let outcome = match carry_out(&mut tx, terms, request) {
            Ok(outcome) => outcome,
            Err(failure) => {
                tx.roll_back()?;
                return Err(self.hand_over(terms, failure, |catalog| request.wished(catalog))?);
            }
        };
        match terms.effect {
            Effect::Kept => tx.commit()?,
            Effect::DryRun => tx.roll_back()?,
        }
        Ok(outcome)
    }
}

/// One request inside an open transaction; a batch calls it for many.
pub(super) fn carry_out<R: Request>(
    tx: &mut Tx<'_>,
    terms: &Terms,
    request: &R,
) -> Result<Outcome, Failure> {
    let fingerprint = fingerprint(request, terms)?;
    if let Some(done) = replay(tx.read(), terms, &fingerprint)? {
        return Ok(done);
    }
    let facts = request.facts(tx.read(), terms)?;
    let account = request.account(&facts);
    let decision = match request.decide(&facts, terms) {
        Ok(decision) => decision,
        Err(refusal) => return Err(refused(tx.read(), terms, refusal, account)?),
    };
    let journal = tx.read().next_journal()?;
    tx.apply(journal, &decision.changes)?;
    let touched = account
        .into_iter()
        .chain(decision.changes.iter().filter_map(Change::account));
    super::renew::mark(tx, touched, terms.at)?;
    let document = request.document(tx.read(), terms, decision.answer)?;
    let account = account.or_else(|| new_account(&decision.changes));
    tx.write_journal(&line(
        terms,
        journal,
        (account, request.called()),
        &fingerprint,
        &document,
    )?)?;
    let mark = match terms.effect {
        Effect::Kept => Mark::Done,
        Effect::DryRun => Mark::WouldDo,
    };
    Ok(Outcome {
        mark,
        document,
        notes: decision.notes,
    })
}

/// The journal line of a request.
fn line<'a>(
    terms: &'a Terms,
    id: i64,
    (account, command): (Option<i64>, &'a str),
    request: &'a str,
    document: &Document,
) -> Result<NewLine<'a>, Failure> {
    Ok(NewLine {
        id,
        recorded_at: terms.recorded_at,
        as_of: terms.at,
        account,
        command,
        actor: &terms.by,
        on_behalf: terms.on_behalf.as_deref(),
        reason: terms.reason.as_deref(),
        key: terms.key.as_deref(),
        request,
        document: serde_json::to_string(document)?.into(),
    })
}

/// A refusal with the place of its key, and with the account if people are to answer it.
fn refused(
    read: Reader<'_>,
    terms: &Terms,
    refusal: Refusal,
    account: Option<i64>,
) -> Result<Failure, Failure> {
    let mut refusal = super::seller::placed(read, refusal, terms.on())?;
    refusal.account = account;
    Ok(refusal.into())
}

/// What was answered before under the terms' key, for work that is more than one request.
///
/// # Errors
/// The key was used for another request.
pub(super) fn replayed<R: Request>(
    read: Reader<'_>,
    terms: &Terms,
    request: &R,
) -> Result<Option<Outcome>, Failure> {
    replay(read, terms, &fingerprint(request, terms)?)
}

/// The answer of an earlier call with the same key, or a refusal if that was another request.
fn replay(read: Reader<'_>, terms: &Terms, fingerprint: &str) -> Result<Option<Outcome>, Failure> {
    let Some(key) = &terms.key else {
        return Ok(None);
    };
    let Some(line) = read.journal_by_key(key)? else {
        return Ok(None);
    };
    if line.request != fingerprint {
        let message = format!(
            "The key {key:?} was used for another request: {} on {}.",
            line.command,
            line.recorded_at.get(..10).unwrap_or_default()
        );
        let help = format!("journal show {}", line.id);
        return Err(Refusal::new(Code::KeyReused, message).run(help).into());
    }
    let document = serde_json::from_str(&line.document)?;
    Ok(Some(Outcome {
        mark: Mark::Replayed,
        document,
        notes: Vec::new(),
    }))
}

/// The request as text: its name, its content, on whose behalf, and the date if a person gave one.
fn fingerprint<R: Request>(request: &R, terms: &Terms) -> Result<String, Failure> {
    let mut content =
        serde_json::json!({ "do": request.called(), "with": serde_json::to_value(request)? });
    if terms.given == Given::ByHand {
        content["at"] = terms.at.to_string().into();
    }
    if let Some(member) = &terms.on_behalf {
        content["for"] = member.as_str().into();
    }
    Ok(content.to_string())
}

fn new_account(changes: &[Change]) -> Option<i64> {
    changes.iter().find_map(|change| match change {
        Change::AddAccount(account) => Some(account.id),
        _ => None,
    })
}

/// A kept change is never dated after the clock.
///
/// # Errors
/// It is dated in the future.
pub fn expect_not_future(terms: &Terms) -> Result<(), Refusal> {
    match terms.on() > terms.now.date() {
        true => Err(future(terms)),
        false => Ok(()),
    }
}

fn future(terms: &Terms) -> Refusal {
    let message = format!(
        "A change cannot be dated {}, which is in the future.",
        terms.on()
    );
    Refusal::new(Code::DateInFuture, message)
        .say("Add --dry-run to see what would happen on that day.")
}
