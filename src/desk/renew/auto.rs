//! `renew auto`: whether the next term is ordered and charged by itself.

use crate::billing::account::{Switch, Switched};
use crate::billing::change::Change;
use crate::billing::on_file;
use crate::billing::policy::Operation;
use crate::billing::refusal::{Code, Refusal};
use crate::desk::load::{Seen, seen};
use crate::desk::{Decision, Failure, Request, Terms};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::renew::AutoRenewal;
use serde::Serialize;

/// Turns auto-renewal on or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Auto {
    /// The account.
    pub account: String,
    /// What it is to be.
    pub auto_renew: bool,
}

impl Request for Auto {
    const NAME: &'static str = "renew auto";
    type Facts = Seen;
    type Answer = ();

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Seen, Failure> {
        seen(read, &self.account, terms)
    }

    fn decide(&self, seen: &Seen, terms: &Terms) -> Result<Decision<()>, Refusal> {
        seen.check(Operation::Renew, terms)?;
        let name = &seen.facts.account.name;
        let standing = seen.standing(terms);
        if standing.auto_renew == self.auto_renew {
            return Ok(Decision::of(Vec::new(), ()));
        }
        if !self.auto_renew && !seen.policy.renewal.optional {
            has_paid_term(seen, terms)?;
            let message = format!("{name} renews by itself, and that cannot be turned off.");
            return Err(Refusal::new(Code::AutoRenewNotAvailable, message)
                .because(&seen.policy, "renewal.optional", "false")
                .run(format!("plan cancel {name}")));
        }
        if self.auto_renew {
            can_turn_on(seen, terms)?;
        }
        let switched = Switched {
            switch: Switch::AutoRenew,
            on: self.auto_renew,
            at: terms.at,
        };
        let account = seen.facts.account.id;
        Ok(Decision::of(vec![Change::Switch { account, switched }], ()))
    }

    fn document(&self, read: Reader<'_>, terms: &Terms, (): ()) -> Result<Document, Failure> {
        let seen = seen(read, &self.account, terms)?;
        let standing = seen.standing(terms);
        Ok(Document::AutoRenewal(Box::new(AutoRenewal {
            account: seen.facts.account.name.clone(),
            auto_renew: standing.auto_renew,
            state: standing.state,
            paid_until: standing.paid_until,
        })))
    }

    fn account(&self, seen: &Seen) -> Option<i64> {
        Some(seen.facts.account.id)
    }
}

/// There must be a paid term to renew, and a way to charge it.
fn can_turn_on(seen: &Seen, terms: &Terms) -> Result<(), Refusal> {
    has_paid_term(seen, terms)?;
    on_file::chargeable(&seen.scene(terms))
}

fn has_paid_term(seen: &Seen, terms: &Terms) -> Result<(), Refusal> {
    if seen.standing(terms).is_paid() {
        return Ok(());
    }
    let name = &seen.facts.account.name;
    let message = format!("{name} has no paid term that could renew.");
    Err(Refusal::new(Code::NoSubscription, message).run(format!("order checkout {name}")))
}
