//! Accounts: create, show, list, edit, close; the way to pay on file; what is agreed with one.

use super::load::{self, Seen, Seller, seller, viewed};
use super::on_account::{Decided, OnAccount};
use super::overview::overview;
use super::{Decision, Failure, Question, Request, Terms};
use crate::billing::calendar::Day;
use crate::billing::closing::{self, Warned};
use crate::billing::customer::{self, Editing, Newcomer};
use crate::billing::entitlement::{entitled, plan_name};
use crate::billing::input;
use crate::billing::money::Currency;
use crate::billing::policy::{Operation, State};
use crate::billing::refusal::Refusal;
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::account::Brief;
use serde::{Deserialize, Serialize};

pub use crate::billing::customer::Details;

/// Creates an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// Short name.
    pub name: String,
    /// Name on paper.
    #[serde(default)]
    pub title: Option<String>,
    /// Country.
    pub country: String,
    /// Currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// The owner's e-mail address.
    pub email: String,
    /// Billing details.
    #[serde(default)]
    pub billing: Details,
}

/// What creating must know.
#[derive(Debug)]
pub struct Ground {
    seller: Seller,
    next: crate::billing::account::Numbers,
    name_taken: bool,
    elsewhere: Option<String>,
}

impl Request for Create {
    const NAME: &'static str = "account create";
    type Facts = Ground;
    type Answer = ();

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Ground, Failure> {
        Ok(Ground {
            seller: seller(read, terms.on())?,
            next: read.numbers()?,
            name_taken: read.account_named(self.name.trim())?.is_some(),
            elsewhere: elsewhere(read, &self.email, None)?,
        })
    }

    fn decide(&self, ground: &Ground, terms: &Terms) -> Result<Decision<()>, Refusal> {
        let newcomer = Newcomer {
            name: &self.name,
            title: self.title.as_deref(),
            country: &self.country,
            currency: self.currency,
            email: &self.email,
            details: &self.billing,
            name_taken: ground.name_taken,
            elsewhere: ground.elsewhere.as_deref(),
        };
        let (policy, catalog) = (&ground.seller.policy, &ground.seller.catalog);
        let changes = customer::create(policy, catalog, &ground.next, &newcomer, terms.at)?;
        Ok(Decision::of(changes, ()))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, (): ()) -> Result<Document, Failure> {
        shown(read, terms, self.name.trim())
    }

    fn account(&self, _: &Ground) -> Option<i64> {
        None
    }
}

/// An account that has an address among its members.
pub(super) fn elsewhere(
    read: Reader<'_>,
    email: &str,
    except: Option<i64>,
) -> Result<Option<String>, Failure> {
    match input::email(email) {
        Ok(email) => Ok(read.account_with_member(&email, except)?),
        Err(_) => Ok(None),
    }
}

/// The overview of an account of a name, as a document.
pub(super) fn shown(read: Reader<'_>, terms: &Terms, name: &str) -> Result<Document, Failure> {
    let seen = load::shown(read, name, terms)?;
    Ok(Document::Account(Box::new(overview(read, terms, &seen)?)))
}

/// The billing overview of an account.
#[derive(Debug)]
pub struct Show {
    /// The account.
    pub account: String,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let read = read.once();
        let seen = viewed(read, &self.account, terms)?;
        Ok(Document::Account(Box::new(overview(read, terms, &seen)?)))
    }
}

/// Accounts, by name.
#[derive(Debug, Default)]
pub struct List {
    /// Only names that begin with this.
    pub begins: String,
    /// Only of this country.
    pub country: Option<String>,
    /// Only in this standing.
    pub state: Option<State>,
    /// Only on this plan.
    pub plan: Option<String>,
    /// At most so many.
    pub at_most: u32,
}

/// Accounts that are read at a time.
const CHUNK: u32 = 500;

impl Question for List {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seller = seller(read, terms.on())?;
        if let Some(plan) = &self.plan {
            load::plan(&seller.catalog, plan)?;
        }
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        let most = usize::try_from(self.at_most).unwrap_or(usize::MAX);
        loop {
            let rows = read.accounts_after(&self.begins, after.as_deref(), CHUNK)?;
            let Some(last) = rows.last() else { break };
            after = Some(last.name.clone());
            for row in rows.iter().filter(|row| self.fits_row(row, terms.on())) {
                if let Some(brief) = self.brief(read, terms, &seller, &row.name)? {
                    found.push(brief);
                }
                if found.len() >= most {
                    return Ok(Document::Accounts(found));
                }
            }
        }
        Ok(Document::Accounts(found))
    }
}

impl List {
    fn fits_row(&self, row: &crate::store::AccountRow, on: Day) -> bool {
        let country = self.country.as_deref();
        row.created_on <= on
            && country.is_none_or(|wanted| wanted.eq_ignore_ascii_case(&row.country))
    }

    fn brief(
        &self,
        read: Reader<'_>,
        terms: &Terms,
        seller: &Seller,
        name: &str,
    ) -> Result<Option<Brief>, Failure> {
        let account = load::account(read, name)?;
        let facts = seller.worded(read.facts_to_show(account, terms.on())?);
        let scene = seller.scene(&facts, terms.at);
        let standing = scene.standing();
        let now = entitled(&facts, &seller.policy, &seller.catalog, terms.at);
        let plan = now.map(|now| now.plan);
        let state_fits = self.state.is_none_or(|state| state == standing.state);
        let plan_fits = match &self.plan {
            Some(wanted) => plan.is_some_and(|plan| plan.id == *wanted),
            None => true,
        };
        Ok((state_fits && plan_fits).then(|| Brief {
            name: facts.account.name.clone(),
            title: facts.account.title.clone(),
            country: facts.account.country.clone(),
            state: standing.state,
            plan: plan.map(|plan| plan_name(&facts, plan, terms.on()).to_owned()),
            paid_until: standing.paid_until,
        }))
    }
}

/// Changes an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Edit {
    /// The account.
    pub account: String,
    /// Name on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The account's own e-mail address, its owner's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Billing details.
    pub billing: Details,
}

impl OnAccount for Edit {
    const NAME: &'static str = "account edit";
    type More = Option<String>;

    fn name(&self) -> &str {
        &self.account
    }

    fn operation(&self) -> Operation {
        Operation::EditBilling
    }

    fn more(&self, read: Reader<'_>, seen: &Seen) -> Result<Option<String>, Failure> {
        match &self.email {
            Some(email) => elsewhere(read, email, Some(seen.facts.account.id)),
            None => Ok(None),
        }
    }

    fn rule(&self, seen: &Seen, other: &Self::More, terms: &Terms) -> Result<Decided, Refusal> {
        if self.email.is_some() {
            seen.check(Operation::ChangeEmail, terms)?;
        }
        let editing = Editing {
            title: self.title.as_deref(),
            country: self.country.as_deref(),
            currency: self.currency,
            owner_email: self.email.as_deref(),
            elsewhere: other.as_deref(),
            details: Some(&self.billing),
        };
        let edited = customer::edit(&seen.scene(terms), &editing)?;
        Ok(Decided {
            changes: edited.changes,
            notes: edited.notes,
            new: None,
        })
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        shown(read, terms, &self.account)
    }
}

/// Closes an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// The account.
    pub account: String,
    /// Whether what closing does was accepted.
    pub accepted: bool,
}

impl OnAccount for Close {
    const NAME: &'static str = "account close";
    type More = ();

    fn name(&self) -> &str {
        &self.account
    }

    fn operation(&self) -> Operation {
        Operation::Close
    }

    fn more(&self, _: Reader<'_>, _: &Seen) -> Result<(), Failure> {
        Ok(())
    }

    fn rule(&self, seen: &Seen, (): &(), terms: &Terms) -> Result<Decided, Refusal> {
        let warned = match self.accepted {
            true => Warned::Accepted,
            false => Warned::NotYet,
        };
        Ok(closing::close(&seen.scene(terms), warned)?.into())
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        shown(read, terms, &self.account)
    }
}
