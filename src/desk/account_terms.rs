//! What hangs on an account: the way to pay on file, and what is agreed with it.

use super::account::shown;
use super::load::Seen;
use super::on_account::{Decided, OnAccount};
use super::{Failure, Terms};
use crate::billing::account::{Agreed, Agreement};
use crate::billing::calendar::Day;
use crate::billing::policy::Operation;
use crate::billing::refusal::{Help, Refusal};
use crate::billing::{agree, on_file};
use crate::store::Reader;
use crate::wire::Document;
use serde::{Deserialize, Serialize};

/// Puts a method on file, or removes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// The account.
    pub account: String,
    /// The method; absent removes what is on file.
    pub method: Option<Saving>,
}

/// A method that is to be put on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saving {
    /// The catalog's method.
    pub method: String,
    /// What the processor calls it.
    pub reference: String,
    /// The brand of a card.
    #[serde(default)]
    pub brand: Option<String>,
    /// The kind of a card.
    #[serde(default)]
    pub funding: Option<String>,
}

impl OnAccount for Method {
    const NAME: &'static str = "account method";
    type More = ();

    fn name(&self) -> &str {
        &self.account
    }

    fn called(&self) -> &'static str {
        match self.method {
            Some(_) => "account method set",
            None => "account method remove",
        }
    }

    fn operation(&self) -> Operation {
        Operation::ChangeMethod
    }

    fn more(&self, _: Reader<'_>, _: &Seen) -> Result<(), Failure> {
        Ok(())
    }

    fn rule(&self, seen: &Seen, (): &(), terms: &Terms) -> Result<Decided, Refusal> {
        let scene = seen.scene(terms);
        let Some(saving) = &self.method else {
            return Ok(on_file::remove(&scene)?.into());
        };
        let saving = on_file::Saving {
            method: &saving.method,
            reference: &saving.reference,
            brand: saving.brand.as_deref(),
            funding: saving.funding.as_deref(),
        };
        Ok(on_file::set(&scene, &saving)?.into())
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        shown(read, terms, &self.account)
    }
}

/// Agrees something with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agree {
    /// The account.
    pub account: String,
    /// What.
    pub what: Agreed,
    /// First day.
    #[serde(default)]
    pub from: Option<Day>,
    /// First day on which it no longer counts.
    #[serde(default)]
    pub until: Option<Day>,
}

impl OnAccount for Agree {
    const NAME: &'static str = "account agree";
    type More = ();

    fn name(&self) -> &str {
        &self.account
    }

    fn operation(&self) -> Operation {
        Operation::View
    }

    fn more(&self, _: Reader<'_>, _: &Seen) -> Result<(), Failure> {
        Ok(())
    }

    fn rule(&self, seen: &Seen, (): &(), terms: &Terms) -> Result<Decided, Refusal> {
        let what = self.what.clone();
        Ok(agree::agree(&seen.scene(terms), what, self.from, self.until)?.into())
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        shown(read, terms, &self.account)
    }
}

/// Ends an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndAgreement {
    /// The account.
    pub account: String,
    /// The agreement's number.
    pub agreement: i64,
    /// First day on which it no longer counts; absent means today.
    #[serde(default)]
    pub on: Option<Day>,
}

impl OnAccount for EndAgreement {
    const NAME: &'static str = "account disagree";
    type More = Agreement;

    fn name(&self) -> &str {
        &self.account
    }

    fn operation(&self) -> Operation {
        Operation::View
    }

    fn more(&self, _: Reader<'_>, seen: &Seen) -> Result<Agreement, Failure> {
        let mut all = seen.facts.agreements.iter();
        let found = all.find(|agreement| agreement.id == self.agreement);
        found.cloned().ok_or_else(|| {
            let show = Help::Run(format!("account show {}", self.account));
            Failure::not_found("agreement", self.agreement.to_string()).helped(vec![show])
        })
    }

    fn rule(&self, seen: &Seen, agreement: &Agreement, terms: &Terms) -> Result<Decided, Refusal> {
        Ok(agree::end(&seen.scene(terms), agreement, self.on)?.into())
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        shown(read, terms, &self.account)
    }
}
