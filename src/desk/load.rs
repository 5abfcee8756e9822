//! Where every request about one account begins: the account by its name, its facts, and the catalog and
//! policy of the day.

use super::in_year::in_year;
use super::{Failure, Terms};
use crate::billing::access;
use crate::billing::account::{Account, Facts, Member};
use crate::billing::calendar::{Day, Moment};
use crate::billing::catalog::{Catalog, Plan};
use crate::billing::policy::{Operation, Policy};
use crate::billing::refusal::{Code, Help, Refusal};
use crate::billing::renamed::Versions;
use crate::billing::scene::Scene;
use crate::billing::standing::{Standing, standing};
use crate::store::{Filter, Reader};
use std::sync::Arc;

/// What the seller's two files say on a day.
#[derive(Debug, Clone)]
pub struct Seller {
    /// What is sold.
    pub catalog: Arc<Catalog>,
    /// Its key.
    pub catalog_id: i64,
    /// How the seller behaves.
    pub policy: Arc<Policy>,
    /// Its key.
    pub policy_id: i64,
    /// The first day of each version of the catalog, where plans were renamed.
    pub versions: Versions,
}

impl Seller {
    /// Facts in the words of this catalog.
    pub fn worded(&self, mut facts: Facts) -> Facts {
        facts.in_words_of(&self.catalog, &self.versions);
        facts
    }

    /// What a rule looks at where nobody asks for anything.
    pub fn scene<'a>(&'a self, facts: &'a Facts, at: Moment) -> Scene<'a> {
        Scene {
            facts,
            catalog: &self.catalog,
            catalog_id: self.catalog_id,
            policy: &self.policy,
            at,
            member: None,
            reason: None,
        }
    }
}

/// The seller's files in force on a day.
///
/// # Errors
/// The store cannot be read, or has no seller yet.
pub fn seller(read: Reader<'_>, on: Day) -> Result<Seller, Failure> {
    let (catalog_id, catalog) = read.catalog(on)?;
    let (policy_id, policy) = read.policy(on)?;
    let renamed = catalog.plans.iter().any(|plan| !plan.formerly.is_empty());
    let versions = match renamed {
        true => read.catalog_days()?,
        false => Versions::new(),
    };
    Ok(Seller {
        catalog,
        catalog_id,
        policy,
        policy_id,
        versions,
    })
}

/// Everything a rule may ask about one account on a day.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The account.
    pub facts: Facts,
    /// What is sold.
    pub catalog: Arc<Catalog>,
    /// Its key.
    pub catalog_id: i64,
    /// How the seller behaves.
    pub policy: Arc<Policy>,
    /// Its key.
    pub policy_id: i64,
}

impl Seen {
    fn of(facts: Facts, seller: Seller) -> Seen {
        Seen {
            facts: seller.worded(facts),
            catalog: seller.catalog,
            catalog_id: seller.catalog_id,
            policy: seller.policy,
            policy_id: seller.policy_id,
        }
    }

    /// What a rule looks at when a request comes.
    pub fn scene<'a>(&'a self, terms: &'a Terms) -> Scene<'a> {
        Scene {
            facts: &self.facts,
            catalog: &self.catalog,
            catalog_id: self.catalog_id,
            policy: &self.policy,
            at: terms.at,
            member: terms.on_behalf.as_deref(),
            reason: terms.reason.as_deref(),
        }
    }

    /// What the account is at the moment of a request.
    pub fn standing(&self, terms: &Terms) -> Standing<'_> {
        standing(&self.facts, &self.policy, terms.at)
    }

    /// Whether the person behind a request may do a thing; see [`access::check`].
    ///
    /// # Errors
    /// A named refusal.
    pub fn check(&self, operation: Operation, terms: &Terms) -> Result<(), Refusal> {
        access::check(
            &self.facts,
            &self.policy,
            &self.catalog,
            operation,
            terms.on_behalf.as_deref(),
            terms.reason.as_deref(),
            terms.on(),
        )
    }

    /// A member by the e-mail address.
    ///
    /// # Errors
    /// [`Failure::NotFound`] with near addresses.
    pub fn member(&self, email: &str) -> Result<&Member, Failure> {
        let wanted = email.trim().to_lowercase();
        let found = self.facts.members.iter().find(|m| m.email == wanted);
        found.ok_or_else(|| {
            let emails = self.facts.members.iter().map(|member| member.email.clone());
            let list = format!("account member list {}", self.facts.account.name);
            missing("member", email, emails).helped(vec![Help::Run(list)])
        })
    }

    /// A plan of the catalog by its id.
    ///
    /// # Errors
    /// [`Failure::NotFound`] with near names.
    pub fn plan(&self, id: &str) -> Result<&Plan, Failure> {
        plan(&self.catalog, id)
    }
}

/// Everything a rule may ask about the account of a name.
///
/// # Errors
/// [`Failure::NotFound`] with near names; a refusal if the account was created after the day.
pub fn seen(read: Reader<'_>, name: &str, terms: &Terms) -> Result<Seen, Failure> {
    let account = account_on(read, name, terms.on())?;
    let mut facts = read.facts(account, terms.on())?;
    let seller = seller(read, terms.on())?;
    let rules = &seller.policy.invoice;
    facts.next.in_year = in_year(read, rules, terms.on(), &facts.account.name)?;
    Ok(Seen::of(facts, seller))
}

/// What can be shown of the account of a name. No change is decided on it: see [`Reader::facts_to_show`].
///
/// # Errors
/// As [`seen`].
pub(super) fn shown(read: Reader<'_>, name: &str, terms: &Terms) -> Result<Seen, Failure> {
    let account = account_on(read, name, terms.on())?;
    let facts = read.facts_to_show(account, terms.on())?;
    Ok(Seen::of(facts, seller(read, terms.on())?))
}

/// The account of a name, which must be there on a day.
fn account_on(read: Reader<'_>, name: &str, on: Day) -> Result<Account, Failure> {
    let account = account(read, name)?;
    match on < account.created_on {
        true => Err(too_early(&account, on).into()),
        false => Ok(account),
    }
}

/// What can be shown of the account of a name to somebody who looks at it.
///
/// # Errors
/// As [`seen`]; and a refusal if the member may not look.
pub fn viewed(read: Reader<'_>, name: &str, terms: &Terms) -> Result<Seen, Failure> {
    let seen = shown(read, name, terms)?;
    may_view(read, &seen, terms)?;
    Ok(seen)
}

/// Everything about the account of a name, for somebody who looks at what an order would cost.
///
/// # Errors
/// As [`viewed`].
pub fn weighed(read: Reader<'_>, name: &str, terms: &Terms) -> Result<Seen, Failure> {
    let seen = seen(read, name, terms)?;
    may_view(read, &seen, terms)?;
    Ok(seen)
}

fn may_view(read: Reader<'_>, seen: &Seen, terms: &Terms) -> Result<(), Failure> {
    match seen.check(Operation::View, terms) {
        Ok(()) => Ok(()),
        Err(refusal) => Err(super::seller::placed(read, refusal, terms.on())?.into()),
    }
}

/// A member looks only at what belongs to an account whose bills he may see; support looks at everything.
///
/// # Errors
/// The member may not look, or no account is named.
pub fn may_look(read: Reader<'_>, name: Option<&str>, terms: &Terms) -> Result<(), Failure> {
    may_see(read, name, Operation::View, terms)
}

/// The same for invoices, which are part of what a plan's people manage (KU-7, KU-10).
///
/// # Errors
/// The member may not look, or no account is named.
pub fn may_see_invoices(
    read: Reader<'_>,
    name: Option<&str>,
    terms: &Terms,
) -> Result<(), Failure> {
    may_see(read, name, Operation::Invoices, terms)
}

fn may_see(
    read: Reader<'_>,
    name: Option<&str>,
    what: Operation,
    terms: &Terms,
) -> Result<(), Failure> {
    match (&terms.on_behalf, name) {
        (None, _) => Ok(()),
        (Some(_), Some(name)) => {
            let allowed = shown(read, name, terms)?.check(what, terms);
            allowed.or_else(|refusal| Err(super::seller::placed(read, refusal, terms.on())?.into()))
        }
        (Some(email), None) => {
            let message = format!("{email} looks at one account, and none is named.");
            let refusal = Refusal::new(Code::ValueNotUsable, message);
            Err(refusal.say("Add --account NAME.").into())
        }
    }
}

/// The account of a name.
///
/// # Errors
/// [`Failure::NotFound`] with near names.
pub fn account(read: Reader<'_>, name: &str) -> Result<Account, Failure> {
    match read.account_named(name)? {
        Some(account) => Ok(account),
        None => Err(missing("account", name, read.names_like(name)?.into_iter())),
    }
}

/// A filter narrowed to the account of a name, if there is one.
///
/// # Errors
/// There is no such account.
pub fn narrowed(
    read: Reader<'_>,
    account: Option<&str>,
    filter: &Filter,
) -> Result<Filter, Failure> {
    let found = account.map(|name| self::account(read, name)).transpose()?;
    Ok(Filter {
        account: found.map(|account| account.id),
        ..filter.clone()
    })
}

/// A plan of a catalog by its id.
///
/// # Errors
/// [`Failure::NotFound`] with near names.
pub fn plan<'c>(catalog: &'c Catalog, id: &str) -> Result<&'c Plan, Failure> {
    let ids = catalog.plans.iter().map(|plan| plan.id.as_str());
    let found = catalog.plan(id);
    found.ok_or_else(|| Refusal::unknown("plan", id, ids).into())
}

/// A thing that does not exist, with those of the names that are near it.
pub fn missing(what: &'static str, name: &str, names: impl Iterator<Item = String>) -> Failure {
    Failure::NotFound {
        what,
        name: name.to_owned(),
        near: near(name, names),
        help: Vec::new(),
    }
}

/// At most three names that a person may have meant, the nearest first.
pub fn near(name: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let wanted = name.to_lowercase();
    let slips = (wanted.chars().count() / 3).clamp(1, 4);
    let mut close: Vec<(usize, String)> = names
        .map(|name| {
            let apart = strsim::damerau_levenshtein(&wanted, &name.to_lowercase());
            let begins = !wanted.is_empty() && name.to_lowercase().starts_with(&wanted);
            (if begins { 0 } else { apart }, name)
        })
        .filter(|(apart, _)| *apart <= slips)
        .collect();
    close.sort();
    close.into_iter().map(|(_, name)| name).take(3).collect()
}

fn too_early(account: &Account, on: Day) -> Refusal {
    let Account {
        name, created_on, ..
    } = account;
    let message = format!("The account {name} was created on {created_on}, after {on}.");
    Refusal::new(Code::DateTooEarly, message)
        .run(format!("account show {name} --as-of {created_on}"))
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn near_names_are_slips_of_the_finger_and_beginnings() {
        let names = || {
            ["acme", "acme-berlin", "apex", "zebra"]
                .map(str::to_owned)
                .into_iter()
        };
        assert_eq!(near("acem", names()), ["acme"]);
        assert_eq!(near("acm", names()), ["acme", "acme-berlin"]);
        assert!(near("nothing-like-it", names()).is_empty());
    }
}
