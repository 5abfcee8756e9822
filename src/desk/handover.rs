//! What only people can do, wished by a member: the wish becomes a case, in a transaction of its own.

use super::load::seller;
use super::{Decision, Desk, Failure, Request, Terms};
use crate::billing::account::Facts;
use crate::billing::case::Case;
use crate::billing::change::Change;
use crate::billing::policy::{Policy, Route, Situation};
use crate::billing::refusal::Refusal;
use crate::store::Reader;
use crate::wire::Document;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A case for a wish that was refused.
#[derive(Debug, Clone, Serialize)]
struct HandOver<'a> {
    account: i64,
    about: Situation,
    text: &'a str,
}

impl Request for HandOver<'_> {
    const NAME: &'static str = "case create";
    type Facts = (Facts, Arc<Policy>);
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Self::Facts, Failure> {
        let missing = || Failure::not_found("account", self.account.to_string());
        let account = read.account_by_id(self.account)?.ok_or_else(missing)?;
        let facts = read.facts(account, terms.on())?;
        Ok((facts, seller(read, terms.on())?.policy))
    }

    fn decide(
        &self,
        (facts, policy): &Self::Facts,
        terms: &Terms,
    ) -> Result<Decision<i64>, Refusal> {
        let same = facts.open_cases.iter().find(|case| {
            case.about == self.about && case.text == self.text && case.member == terms.on_behalf
        });
        if let Some(case) = same {
            return Ok(Decision::of(Vec::new(), case.id));
        }
        let mut contact = BTreeMap::new();
        contact.extend(
            terms
                .on_behalf
                .clone()
                .map(|email| ("email".to_owned(), email)),
        );
        let case = Case {
            id: facts.next.case,
            account: Some(self.account),
            about: self.about,
            text: self.text.to_owned(),
            member: terms.on_behalf.clone(),
            contact,
            to: policy.route(self.about).map(Route::in_words),
            opened_at: terms.at,
            closed_at: None,
            outcome: None,
        };
        Ok(Decision::of(
            vec![Change::OpenCase(Box::new(case))],
            facts.next.case,
        ))
    }

    fn document(&self, read: Reader<'_>, _: &Terms, id: i64) -> Result<Document, Failure> {
        let case = read
            .case(id)?
            .ok_or_else(|| Failure::not_found("case", id.to_string()))?;
        let account = read.account_name(self.account)?;
        Ok(Document::Case(Box::new(crate::wire::case::Case::of(
            &case,
            Some(account),
        ))))
    }

    fn account(&self, _: &Self::Facts) -> Option<i64> {
        Some(self.account)
    }
}

/// A case that is open.
pub(super) struct Opened {
    /// Its number.
    pub number: String,
    /// A sentence that says so, and who will answer.
    pub words: String,
}

/// Opens the case, or finds the one that is open already.
pub(super) fn open(
    desk: &mut Desk,
    terms: &Terms,
    account: i64,
    about: Situation,
    text: &str,
) -> Result<Opened, Failure> {
    let terms = Terms {
        key: None,
        ..terms.clone()
    };
    let outcome = desk.perform(
        &terms,
        &HandOver {
            account,
            about,
            text,
        },
    )?;
    let Document::Case(case) = outcome.document else {
        return Err(Failure::not_found("case", text.to_owned()));
    };
    let to = case
        .goes_to
        .unwrap_or_else(|| "the seller's people".to_owned());
    Ok(Opened {
        words: format!("{} is open for this; {to} will answer.", case.number),
        number: case.number,
    })
}
