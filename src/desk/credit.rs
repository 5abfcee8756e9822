//! Units of use: show, use, grant. Buying is an order.

use super::load::{Seen, seen, viewed, weighed};
use super::on_account::{Decided, OnAccount};
use super::overview::credits;
use super::{Failure, Question, Terms};
use crate::billing::calendar::Day;
use crate::billing::catalog::Credit;
use crate::billing::policy::Operation;
use crate::billing::quote;
use crate::billing::refusal::Refusal;
use crate::billing::units;
use crate::store::Reader;
use crate::wire::Document;
use serde::{Deserialize, Serialize};

/// Units that are left.
#[derive(Debug)]
pub struct Show {
    /// The account.
    pub account: String,
    /// Of this member, where members have their own.
    pub member: Option<String>,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = viewed(read, &self.account, terms)?;
        let member = match &self.member {
            Some(email) => Some(seen.member(email)?.id),
            None => None,
        };
        Ok(Document::Credits(credits(&seen.scene(terms), member)))
    }
}

/// Add-ons that an account could order, with their prices.
#[derive(Debug)]
pub struct Offers {
    /// The account.
    pub account: String,
}

impl Question for Offers {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = weighed(read, &self.account, terms)?;
        let offers = quote::offers(&seen.scene(terms)).into_iter();
        Ok(Document::AddOns(offers.map(Into::into).collect()))
    }
}

/// Uses units up, or grants them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The account.
    pub account: String,
    /// The kind of credit.
    pub credit: String,
    /// How many units.
    pub units: i64,
    /// Of this member, where members have their own.
    #[serde(default)]
    pub member: Option<String>,
    /// Which way.
    pub way: Way,
}

/// Which way units move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// They are used up.
    Use,
    /// They are given, until a day.
    Grant {
        /// First day on which they can no longer be used; absent means the end of the running stretch.
        until: Option<Day>,
    },
}

impl OnAccount for Move {
    const NAME: &'static str = "credit";
    type More = (Credit, Option<i64>);

    fn name(&self) -> &str {
        &self.account
    }

    fn called(&self) -> &'static str {
        match self.way {
            Way::Use => "credit use",
            Way::Grant { .. } => "credit grant",
        }
    }

    fn operation(&self) -> Operation {
        match self.way {
            Way::Use => Operation::Use,
            Way::Grant { .. } => Operation::Credits,
        }
    }

    fn more(&self, _: Reader<'_>, seen: &Seen) -> Result<Self::More, Failure> {
        let ids = seen.catalog.credits.iter().map(|credit| credit.id.as_str());
        let found = seen.catalog.credit(&self.credit).cloned();
        let credit = found.ok_or_else(|| Refusal::unknown("credit", &self.credit, ids))?;
        let member = match &self.member {
            Some(email) => Some(seen.member(email)?.id),
            None => None,
        };
        Ok((credit, member))
    }

    fn rule(
        &self,
        seen: &Seen,
        (credit, member): &Self::More,
        terms: &Terms,
    ) -> Result<Decided, Refusal> {
        let scene = seen.scene(terms);
        Ok(match self.way {
            Way::Use => units::use_up(&scene, credit, self.units, *member)?.into(),
            Way::Grant { until } => {
                units::grant(&scene, credit, self.units, until, *member)?.into()
            }
        })
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        let seen = seen(read, &self.account, terms)?;
        let member = match &self.member {
            Some(email) => Some(seen.member(email)?.id),
            None => None,
        };
        let mut all = credits(&seen.scene(terms), member);
        all.retain(|credit| credit.id == self.credit);
        Ok(Document::Credits(all))
    }
}
