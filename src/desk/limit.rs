//! Use against plan limits: show, check, record.

use super::load::{Seen, seen, viewed};
use super::on_account::{Decided, OnAccount};
use super::overview::{limits, uses};
use super::{Failure, Question, Terms};
use crate::billing::allowance::{self, Adding, Room, Use};
use crate::billing::catalog::{Catalog, Limit, Scope};
use crate::billing::policy::Operation;
use crate::billing::refusal::Refusal;
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::limit as wire;
use serde::{Deserialize, Serialize};

/// Use against all limits of an account, or one.
#[derive(Debug)]
pub struct Show {
    /// The account.
    pub account: String,
    /// Only this limit.
    pub limit: Option<String>,
    /// Of this member, where members have their own.
    pub member: Option<String>,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = viewed(read, &self.account, terms)?;
        let scene = seen.scene(terms);
        let Some(name) = &self.limit else {
            return Ok(Document::Limits(limits(read, &scene)?));
        };
        let limit = limit(&seen.catalog, name)?;
        let uses = uses(read, seen.facts.account.id, name)?;
        let of = |member: Option<(i64, &str)>| {
            let count = allowance::count(&scene, limit, &uses, member.map(|(id, _)| id));
            wire::Limit::of(&count, member.map(|(_, email)| email))
        };
        let found = match (limit.scope, &self.member) {
            (Scope::User, None) => seen
                .facts
                .active_members(terms.on())
                .map(|member| of(Some((member.id, &member.email))))
                .collect(),
            (Scope::User, Some(email)) => {
                let member = seen.member(email)?;
                vec![of(Some((member.id, &member.email)))]
            }
            (Scope::Seat | Scope::Workspace, _) => vec![of(None)],
        };
        Ok(Document::Limits(found))
    }
}

/// May so much be added?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The account.
    pub account: String,
    /// The limit.
    pub limit: String,
    /// How much is to be added, negative for less.
    pub amount: i64,
    /// Of this member, where members have their own.
    #[serde(default)]
    pub member: Option<String>,
    /// The action that adds it.
    #[serde(default)]
    pub action: Option<String>,
}

/// What a question about a limit must know.
#[derive(Debug)]
pub struct Counted {
    limit: Limit,
    uses: Vec<Use>,
    member: Option<i64>,
}

impl Check {
    fn counted(&self, read: Reader<'_>, seen: &Seen) -> Result<Counted, Failure> {
        let limit = limit(&seen.catalog, &self.limit)?.clone();
        let member = match &self.member {
            Some(email) => Some(seen.member(email)?.id),
            None => None,
        };
        let uses = uses(read, seen.facts.account.id, &self.limit)?;
        Ok(Counted {
            limit,
            uses,
            member,
        })
    }

    fn adding(&self, member: Option<i64>) -> Adding<'_> {
        Adding {
            amount: self.amount,
            member,
            action: self.action.as_deref(),
        }
    }

    /// The limit as it stands, with the answer.
    fn document(&self, seen: &Seen, terms: &Terms, counted: &Counted, room: Room) -> Document {
        let count = allowance::count(
            &seen.scene(terms),
            &counted.limit,
            &counted.uses,
            counted.member,
        );
        let limit = wire::Limit::of(&count, self.member.as_deref());
        Document::LimitCheck(Box::new(wire::Check::of(
            &self.account,
            limit,
            self.amount,
            room,
        )))
    }
}

impl Question for Check {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = seen(read, &self.account, terms)?;
        let counted = self.counted(read, &seen)?;
        let scene = seen.scene(terms);
        let adding = self.adding(counted.member);
        match allowance::check(&scene, &counted.limit, &counted.uses, adding) {
            Ok(room) => Ok(self.document(&seen, terms, &counted, room)),
            Err(refusal) => Err(super::seller::placed(read, refusal, terms.on())?.into()),
        }
    }
}

/// Records use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(pub Check);

impl OnAccount for Record {
    const NAME: &'static str = "limit record";
    type More = Counted;

    fn name(&self) -> &str {
        &self.0.account
    }

    fn operation(&self) -> Operation {
        Operation::Use
    }

    fn more(&self, read: Reader<'_>, seen: &Seen) -> Result<Counted, Failure> {
        self.0.counted(read, seen)
    }

    fn rule(&self, seen: &Seen, counted: &Counted, terms: &Terms) -> Result<Decided, Refusal> {
        let adding = self.0.adding(counted.member);
        let scene = seen.scene(terms);
        let (changes, room) = allowance::record(&scene, &counted.limit, &counted.uses, adding)?;
        let decided = Decided::of(changes);
        Ok(match room {
            Room::Grace(until) => decided.note(format!(
                "{} of {} are above the limit; that is tolerated until {}.",
                counted.limit.name,
                self.0.account,
                until.format("%Y-%m-%d %H:%M")
            )),
            Room::Fits(_) | Room::NotBlocked => decided,
        })
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        let seen = seen(read, &self.0.account, terms)?;
        let counted = self.0.counted(read, &seen)?;
        let scene = seen.scene(terms);
        let count = allowance::count(&scene, &counted.limit, &counted.uses, counted.member);
        let limit = wire::Limit::of(&count, self.0.member.as_deref());
        Ok(Document::Limit(Box::new(limit)))
    }
}

/// A limit of the catalog by its id.
fn limit<'c>(catalog: &'c Catalog, id: &str) -> Result<&'c Limit, Failure> {
    let ids = catalog.limits.iter().map(|limit| limit.id.as_str());
    let found = catalog.limit(id);
    found.ok_or_else(|| Refusal::unknown("limit", id, ids).into())
}
