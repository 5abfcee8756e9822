//! Putting a seller's files to use: checked against each other, and never in another seller's database.

use super::seller_files::{
    SellerFileKind, Text, Which, catalog_of, found, head_of, not_usable, policy_of, versions,
};
use super::{Decision, Failure, Request, Terms};
use crate::billing::catalog::Catalog;
use crate::billing::change::Change;
use crate::billing::policy::Policy;
use crate::billing::refusal::{Code, Refusal};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::seller::{self, Weight};
use serde::Serialize;

/// One or both of a seller's files, to be put to use.
#[derive(Debug, Clone, Serialize)]
pub struct Files {
    /// The catalog.
    pub catalog: Option<Text>,
    /// The policy.
    pub policy: Option<Text>,
}

/// What has to be known before files are put to use.
#[derive(Debug)]
pub struct Before {
    catalog: Option<Catalog>,
    policy: Option<Policy>,
    odd: usize,
    sellers: Vec<String>,
    accounts: i64,
}

impl Files {
    fn before(&self, read: Reader<'_>, terms: &Terms) -> Result<Before, Failure> {
        let catalog = self.catalog.as_ref().map(catalog_of).transpose()?;
        let policy = self.policy.as_ref().map(policy_of).transpose()?;
        let from = match (&catalog, &policy) {
            (Some(catalog), _) => catalog.effective_from,
            (None, Some(policy)) => policy.effective_from,
            (None, None) => terms.on(),
        };
        let other = |kind: SellerFileKind, given: &Option<Text>| match given {
            Some(text) => Ok(text.clone()),
            None => found(read, kind, &Which::InForce, from.max(terms.on())).map(|found| found.1),
        };
        let sold = other(SellerFileKind::Catalog, &self.catalog)?;
        let rules = other(SellerFileKind::Policy, &self.policy)?;
        let findings = seller::check_both(sold.source(), rules.source());
        if findings.iter().any(|found| found.weight == Weight::Wrong) {
            let mut refusal = not_usable(&findings);
            let one_is_given = self.catalog.is_none() || self.policy.is_none();
            let sellers = (
                head_of(SellerFileKind::Catalog, &sold)?.0,
                head_of(SellerFileKind::Policy, &rules)?.0,
            );
            if one_is_given && sellers.0 != sellers.1 {
                refusal =
                    refusal.say("Both files of a seller can be put to use at once with --with.");
            }
            return Err(refusal.into());
        }
        let mut sellers: Vec<String> = read
            .seller_files(SellerFileKind::Catalog)?
            .into_iter()
            .map(|file| file.seller)
            .collect();
        sellers.dedup();
        Ok(Before {
            catalog,
            policy,
            odd: findings.len(),
            sellers,
            accounts: read.counts()?.accounts,
        })
    }

    fn decision(&self, before: &Before, terms: &Terms) -> Result<Decision<()>, Refusal> {
        let seller = match (&before.catalog, &before.policy) {
            (Some(catalog), _) => &catalog.id,
            (None, Some(policy)) => &policy.id,
            (None, None) => return Ok(Decision::of(Vec::new(), ())),
        };
        let mut changes = Vec::new();
        let mut notes = Vec::new();
        let others = before.sellers.iter().find(|other| *other != seller);
        if let Some(other) = others {
            if before.accounts > 0 {
                let message = format!(
                    "This database holds the customers of {other}; {seller} is another seller."
                );
                return Err(Refusal::new(Code::FileNotUsable, message)
                    .say("Give every seller a database of its own with --db FILE."));
            }
            notes.push(format!(
                "There was no account yet, so {other} is gone from the database."
            ));
            let seller = seller.clone();
            changes.push(Change::ForgetOtherSellers { seller });
        }
        let at = terms.recorded_at;
        if let (Some(catalog), Some(text)) = (&before.catalog, &self.catalog) {
            changes.push(Change::UseCatalog {
                catalog: Box::new(catalog.clone()),
                text: text.text.clone(),
                origin: text.origin.clone(),
                at,
            });
        }
        if let (Some(policy), Some(text)) = (&before.policy, &self.policy) {
            changes.push(Change::UsePolicy {
                policy: Box::new(policy.clone()),
                text: text.text.clone(),
                origin: text.origin.clone(),
                at,
            });
        }
        if before.odd > 0 {
            let many = if before.odd == 1 {
                "thing is"
            } else {
                "things are"
            };
            notes.push(format!(
                "{} {many} odd in the files; check them with --with.",
                before.odd
            ));
        }
        Ok(Decision {
            changes,
            answer: (),
            notes,
        })
    }
}

macro_rules! use_request {
    ($(#[$about:meta])* $name:ident, $command:literal, $kind:expr) => {
        $(#[$about])*
        #[derive(Debug, Clone, Serialize)]
        pub struct $name(pub Files);

        impl Request for $name {
            const NAME: &'static str = $command;
            type Facts = Before;
            type Answer = ();

            fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Before, Failure> {
                self.0.before(read, terms)
            }

            fn decide(&self, facts: &Before, terms: &Terms) -> Result<Decision<()>, Refusal> {
                self.0.decision(facts, terms)
            }

            fn document(&self, read: Reader<'_>, terms: &Terms, (): ()) -> Result<Document, Failure> {
                Ok(Document::SellerFiles(versions(read, $kind, terms.on())?))
            }

            fn account(&self, _: &Before) -> Option<i64> {
                None
            }
        }
    };
}

use_request! {
    /// Puts a catalog to use, and a policy if one is given with it.
    UseCatalog, "catalog use", SellerFileKind::Catalog
}

use_request! {
    /// Puts a policy to use, and a catalog if one is given with it.
    UsePolicy, "policy use", SellerFileKind::Policy
}
