//! The mark of the next day on which time may bring something: set again whenever an account's facts change,
//! so that a run finds who might be due by an index.

use crate::billing::account::Facts;
use crate::billing::calendar::{Day, Moment};
use crate::billing::catalog::Catalog;
use crate::billing::change::Change;
use crate::billing::due::next_due;
use crate::billing::policy::Policy;
use crate::desk::{Failure, load};
use crate::store::{DueMark, Reader, Tx};
use std::collections::BTreeSet;

/// Accounts whose marks are derived together.
const CHUNK: u32 = 2_000;

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
    let keys: Vec<i64> = accounts.into_iter().collect();
    let mut changes = Vec::new();
    for (account, on) in days(tx.read(), &keys, at)? {
        let kept = tx.read().due_mark(account)?;
        if kept != on.map_or(DueMark::Never, DueMark::On) {
            changes.push(Change::SetDue { account, on });
        }
    }
    Ok(tx.apply(0, &changes)?)
}

/// The days on which some accounts are to be looked at, as the facts stand at a moment.
fn days(
    read: Reader<'_>,
    accounts: &[i64],
    at: Moment,
) -> Result<Vec<(i64, Option<Day>)>, Failure> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let seller = load::seller(read, at.date())?;
    let turn = read.next_turn(at.date())?;
    let facts = read.facts_of_many(accounts)?.into_iter().map(|facts| {
        let facts = seller.worded(facts);
        let rules = (&*seller.catalog, &*seller.policy);
        let first = next_due(&facts, rules.0, rules.1, at);
        (
            facts.account.id,
            looked_at(&facts, rules, at, (first, turn)),
        )
    });
    Ok(facts.collect())
}

/// The day on which a run is to look at an account: the first on which something can be due, also by what was
/// switched later than the moment, or else that on which other files of the seller come into force.
pub(super) fn looked_at(
    facts: &Facts,
    (catalog, policy): (&Catalog, &Policy),
    at: Moment,
    (first, turn): (Option<Day>, Option<Day>),
) -> Option<Day> {
    let switched = facts.switches.iter().map(|entry| entry.at);
    let later = switched.filter(|then| *then > at).max();
    let then = later.and_then(|later| next_due(facts, catalog, policy, later));
    let turn = turn.filter(|_| facts.account.closed_on.is_none());
    first.into_iter().chain(then).chain(turn).min()
}

/// An account that runs look at too late.
struct Late {
    account: i64,
    mark: DueMark,
    /// The day on which it is to be looked at.
    day: Option<Day>,
}

/// Those of the next accounts that runs look at too late; none when every account was compared.
fn next_late(read: Reader<'_>, after: &mut i64, at: Moment) -> Result<Option<Vec<Late>>, Failure> {
    let marks = read.due_marks(*after, CHUNK)?;
    let Some((last, _)) = marks.last() else {
        return Ok(None);
    };
    *after = *last;
    // Whom the next run looks at anyway is left out.
    let met = |mark: &DueMark| matches!(mark, DueMark::On(day) if *day <= at.date());
    let marks: Vec<(i64, DueMark)> = marks.into_iter().filter(|(_, mark)| !met(mark)).collect();
    let ids: Vec<i64> = marks.iter().map(|(id, _)| *id).collect();
    let both = marks.into_iter().zip(days(read, &ids, at)?);
    let late = both.filter(|((_, mark), (_, day))| is_late(*mark, *day));
    let late = late.map(|((account, mark), (_, day))| Late { account, mark, day });
    Ok(Some(late.collect()))
}

/// Whether runs would look at an account too late. A mark that is too early costs a look and nothing else.
fn is_late(mark: DueMark, day: Option<Day>) -> bool {
    match (mark, day) {
        (DueMark::On(marked), Some(day)) => marked > day,
        (DueMark::Never, Some(_)) | (DueMark::Unreadable, _) => true,
        (DueMark::On(_) | DueMark::Never, None) => false,
    }
}

/// Accounts that a run would pass by although something is due, in sentences.
///
/// # Errors
/// The store cannot be read.
pub fn passed_by(read: Reader<'_>, at_most: usize) -> Result<Vec<String>, Failure> {
    let Some(at) = read.last_moment()? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut after = 0;
    while let Some(accounts) = next_late(read, &mut after, at)? {
        for late in accounts {
            if found.len() >= at_most {
                return Ok(found);
            }
            let marked = match late.mark {
                DueMark::On(marked) => format!("on {marked}"),
                DueMark::Never => "never".to_owned(),
                DueMark::Unreadable => "on a day that cannot be read".to_owned(),
            };
            let due = late.day.map_or_else(String::new, |day| {
                format!(", and something may be due on {day}")
            });
            let name = read.account_name(late.account)?;
            found.push(format!(
                "Runs look at {name} {marked}{due}; subdesk db check --repair sets the day again."
            ));
        }
    }
    Ok(found)
}

/// Sets the days again of all accounts that runs look at too late; how many they were.
///
/// # Errors
/// The store fails.
pub fn mark_again(tx: &mut Tx<'_>) -> Result<u64, Failure> {
    let Some(at) = tx.read().last_moment()? else {
        return Ok(0);
    };
    let (mut after, mut set) = (0, 0_u64);
    while let Some(accounts) = next_late(tx.read(), &mut after, at)? {
        let changes: Vec<Change> = accounts
            .into_iter()
            .map(|late| Change::SetDue {
                account: late.account,
                on: late.day,
            })
            .collect();
        set = set.saturating_add(u64::try_from(changes.len()).unwrap_or(u64::MAX));
        tx.apply(0, &changes)?;
    }
    Ok(set)
}
