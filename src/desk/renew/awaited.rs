//! `renew due`: what the days to come will bring, as the facts stand.

use crate::billing::calendar::Day;
use crate::billing::due;
use crate::desk::{Failure, Question, Terms, load};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::renew::Awaited;
use std::collections::BTreeSet;

/// Accounts that are read together.
const CHUNK: u32 = 2_000;

/// What is due by a day and not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Only this account.
    pub account: Option<String>,
    /// By this day.
    pub by: Day,
    /// At most so many things.
    pub at_most: usize,
}

impl Question for Due {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seller = load::seller(read, terms.on())?;
        let mut found = Vec::new();
        let mut after = (Day::MIN, 0);
        let only = self
            .account
            .as_ref()
            .map(|name| load::account(read, name))
            .transpose()?;
        loop {
            let ids = match &only {
                Some(account) => vec![(self.by, account.id)],
                None => read.due_accounts(self.by, after, CHUNK)?,
            };
            let Some(last) = ids.last() else { break };
            after = *last;
            let keys: BTreeSet<i64> = ids.iter().map(|(_, id)| *id).collect();
            let keys: Vec<i64> = keys.into_iter().collect();
            for facts in read.facts_of_many(&keys)? {
                let facts = seller.worded(facts);
                let all = due::agenda(&facts, &seller.catalog, &seller.policy, terms.at);
                let near = all.into_iter().filter(|due| due.on <= self.by);
                found.extend(near.map(|due| Awaited {
                    on: due.on,
                    account: facts.account.name.clone(),
                    what: due.what.name().to_owned(),
                    text: due.what.to_string(),
                }));
            }
            found.sort_by(|one, other| (one.on, &one.account).cmp(&(other.on, &other.account)));
            found.truncate(self.at_most);
            // Accounts that follow have nothing before the day of the last one of these.
            let full = found.len() == self.at_most;
            let settled = found.last().is_none_or(|last| last.on < after.0);
            if only.is_some() || (full && settled) {
                break;
            }
        }
        Ok(Document::Due(found))
    }
}
