//! The mark of the next day on which time may bring something: set again whenever an account's facts change,
//! so that a run finds who might be due by an index.

use crate::billing::calendar::Moment;
use crate::billing::change::Change;
use crate::billing::due::next_due;
use crate::desk::{Failure, load};
use crate::store::Tx;
use std::collections::BTreeSet;

/// Sets the mark of accounts whose facts have changed.
///
/// # Errors
/// The store fails.
pub fn mark(
    tx: &mut Tx<'_>,
    accounts: impl Iterator<Item = i64>,
    at: Moment,
) -> Result<(), Failure> {
    let accounts: BTreeSet<i64> = accounts.collect();
    if accounts.is_empty() {
        return Ok(());
    }
    let keys: Vec<i64> = accounts.into_iter().collect();
    let seller = load::seller(tx.read(), at.date())?;
    let mut changes = Vec::new();
    for facts in tx.read().facts_of_many(&keys)? {
        let facts = seller.worded(facts);
        let account = facts.account.id;
        let on = next_due(&facts, &seller.catalog, &seller.policy, at);
        if tx.read().due_on(account)? != on {
            changes.push(Change::SetDue { account, on });
        }
    }
    Ok(tx.apply(0, &changes)?)
}
