//! Cases: list, show, create, close; and the request for a plan that only people sell.

use super::load::{Seen, Seller, missing, narrowed, plan, seen, seller};
use super::on_account::{Decided, OnAccount};
use super::{Decision, Failure, Question, Request, Terms};
use crate::billing::case::Case;
use crate::billing::casework::{self, Asking, Wanted};
use crate::billing::catalog::Plan;
use crate::billing::change::Change;
use crate::billing::policy::{Operation, Situation};
use crate::billing::refusal::Refusal;
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::case as wire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::store::Filter;

/// Cases, newest first.
#[derive(Debug)]
pub struct List {
    /// Only of this account.
    pub account: Option<String>,
    /// Only about this.
    pub about: Option<Situation>,
    /// Days, state `open` or `closed`, and how many.
    pub filter: Filter,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        let filter = narrowed(read, self.account.as_deref(), &self.filter)?;
        let found = read.cases(&filter, self.about)?;
        let found = found.iter().map(|case| wired(read, case));
        Ok(Document::Cases(found.collect::<Result<_, _>>()?))
    }
}

/// One case.
#[derive(Debug)]
pub struct Show {
    /// Its number.
    pub case: String,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, _: &Terms) -> Result<Document, Failure> {
        let case = by_number(read, &self.case)?;
        Ok(Document::Case(Box::new(wired(read, &case)?)))
    }
}

/// A case by its number.
fn by_number(read: Reader<'_>, number: &str) -> Result<Case, Failure> {
    let digits = number
        .trim()
        .trim_start_matches(['C', 'c'])
        .trim_start_matches('-');
    let found = match digits.parse() {
        Ok(id) => read.case(id)?,
        Err(_) => None,
    };
    let latest = || {
        let latest = Filter {
            at_most: 200,
            ..Filter::default()
        };
        read.cases(&latest, None)
    };
    match found {
        Some(case) => Ok(case),
        None => Err(missing("case", number, latest()?.iter().map(Case::number))),
    }
}

/// The document of a case by its key.
fn document(read: Reader<'_>, id: Option<i64>) -> Result<Document, Failure> {
    let id = id.unwrap_or_default();
    let case = read
        .case(id)?
        .ok_or_else(|| Failure::not_found("case", id.to_string()))?;
    Ok(Document::Case(Box::new(wired(read, &case)?)))
}

/// A case with the name of its account, where it has one.
fn wired(read: Reader<'_>, case: &Case) -> Result<wire::Case, Failure> {
    let account = case.account.map(|account| read.account_name(account));
    Ok(wire::Case::of(case, account.transpose()?))
}

/// Opens a case, of an account or of a visitor who has none yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// The account.
    #[serde(default)]
    pub account: Option<String>,
    /// What it is about.
    pub about: Situation,
    /// In words.
    pub text: String,
    /// How to reach who wants it.
    #[serde(default)]
    pub contact: BTreeMap<String, String>,
}

/// Who opens a case.
#[derive(Debug)]
pub enum Opener {
    /// An account, or somebody of it.
    Account(Box<Seen>),
    /// Somebody who has no account, and the key of the new case.
    Visitor(Box<Seller>, i64),
}

impl Request for Create {
    const NAME: &'static str = "case create";
    type Facts = Opener;
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Opener, Failure> {
        Ok(match &self.account {
            Some(account) => Opener::Account(Box::new(seen(read, account, terms)?)),
            None => Opener::Visitor(Box::new(seller(read, terms.on())?), read.numbers()?.case),
        })
    }

    fn decide(&self, opener: &Opener, terms: &Terms) -> Result<Decision<i64>, Refusal> {
        let wanted = Wanted {
            about: self.about,
            text: &self.text,
            contact: &self.contact,
            needs: &[],
        };
        let case = match opener {
            Opener::Account(seen) => {
                seen.check(Operation::View, terms)?;
                casework::open(Asking::of(&seen.scene(terms)), &wanted)?
            }
            Opener::Visitor(seller, next) => {
                let asking = Asking {
                    policy: &seller.policy,
                    at: terms.at,
                    next: *next,
                    account: None,
                    member: terms.on_behalf.as_deref(),
                };
                casework::visit(asking, &wanted)?
            }
        };
        let id = case.id;
        let decided = opened(case);
        let decision = Decision::of(decided.changes, id);
        Ok(decided.notes.into_iter().fold(decision, Decision::note))
    }

    fn document(&self, read: Reader<'_>, _: &Terms, id: i64) -> Result<Document, Failure> {
        document(read, Some(id))
    }

    fn account(&self, opener: &Opener) -> Option<i64> {
        match opener {
            Opener::Account(seen) => Some(seen.facts.account.id),
            Opener::Visitor(..) => None,
        }
    }
}

/// Asks for a plan that only people sell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestPlan {
    /// The account.
    pub account: String,
    /// The plan.
    pub plan: String,
    /// What else is to be said.
    #[serde(default)]
    pub text: Option<String>,
    /// How to reach who wants it.
    #[serde(default)]
    pub contact: BTreeMap<String, String>,
}

impl OnAccount for RequestPlan {
    const NAME: &'static str = "plan request";
    type More = Plan;

    fn name(&self) -> &str {
        &self.account
    }

    fn operation(&self) -> Operation {
        Operation::View
    }

    fn more(&self, _: Reader<'_>, seen: &Seen) -> Result<Plan, Failure> {
        Ok(plan(&seen.catalog, &self.plan)?.clone())
    }

    fn rule(&self, seen: &Seen, plan: &Plan, terms: &Terms) -> Result<Decided, Refusal> {
        let scene = seen.scene(terms);
        let case = casework::request_plan(&scene, plan, self.text.as_deref(), &self.contact)?;
        Ok(opened(case))
    }

    fn shown(&self, read: Reader<'_>, _: &Terms, new: Option<i64>) -> Result<Document, Failure> {
        document(read, new)
    }
}

fn opened(case: Case) -> Decided {
    let new = Some(case.id);
    let answers = case.to.clone();
    let decided = Decided {
        new,
        ..Change::OpenCase(Box::new(case)).into()
    };
    match answers {
        Some(to) => decided.note(format!("It goes to {to}.")),
        None => decided,
    }
}

/// Closes a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// Its number.
    pub case: String,
    /// What came of it.
    pub outcome: String,
}

impl Request for Close {
    const NAME: &'static str = "case close";
    type Facts = Case;
    type Answer = i64;

    fn facts(&self, read: Reader<'_>, _: &Terms) -> Result<Case, Failure> {
        by_number(read, &self.case)
    }

    fn decide(&self, case: &Case, terms: &Terms) -> Result<Decision<i64>, Refusal> {
        let member = terms.on_behalf.as_deref();
        let change = casework::close(case, &self.outcome, terms.at, member)?;
        Ok(Decision::of(vec![change], case.id))
    }

    fn document(&self, read: Reader<'_>, _: &Terms, id: i64) -> Result<Document, Failure> {
        document(read, Some(id))
    }

    fn account(&self, case: &Case) -> Option<i64> {
        case.account
    }
}
