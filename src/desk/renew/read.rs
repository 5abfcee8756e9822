//! What a run has to know of some accounts, read together.

use super::Setting;
use super::chunk::Trouble;
use super::step::Work;
use crate::billing::account::Facts;
use crate::billing::calendar::Day;
use crate::store::{Fault, Reader};

/// Accounts and the days they are marked with, in the order of their keys, as they are to be worked on.
pub(super) fn works(
    read: Reader<'_>,
    setting: &Setting<'_>,
    accounts: &[(Day, i64)],
) -> Result<Vec<Work>, Trouble> {
    let ids: Vec<i64> = accounts.iter().map(|(_, id)| *id).collect();
    let facts = facts(read, &ids)?;
    let days = read.due_days(&ids)?;
    let mut marks = accounts.iter();
    let works = facts.into_iter().map(|facts| {
        let id = facts.account.id;
        // An account that is gone has no facts.
        let mark = marks.find(|(_, marked)| *marked == id);
        let since = mark.map(|(day, _)| *day).unwrap_or_default();
        let due_on = days.get(&id).copied();
        Work::of(setting.seller.worded(facts), (since, due_on))
    });
    Ok(works.collect())
}

/// Reads again what is known of accounts, which are in the order of their keys.
pub(super) fn again(
    read: Reader<'_>,
    setting: &Setting<'_>,
    works: &mut [&mut Work],
) -> Result<(), Trouble> {
    let ids: Vec<i64> = works.iter().map(|work| work.account()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let days = read.due_days(&ids)?;
    for (work, mut facts) in works.iter_mut().zip(facts(read, &ids)?) {
        keep_asked(read, work, &mut facts)?;
        let due_on = days.get(&facts.account.id).copied();
        work.knows(setting.seller.worded(facts), due_on);
    }
    Ok(())
}

/// A payment that was asked about stays among the facts, also when its order ended meanwhile and is not read any more.
fn keep_asked(read: Reader<'_>, work: &Work, facts: &mut Facts) -> Result<(), Trouble> {
    let Some(asked) = work.ask.as_ref().map(|asked| asked.id) else {
        return Ok(());
    };
    if facts.payments.iter().all(|known| known.id != asked) {
        facts.payments.extend(read.payment(asked)?);
    }
    Ok(())
}

/// The facts of some accounts; where they cannot be read together, the first account whose own cannot.
fn facts(read: Reader<'_>, ids: &[i64]) -> Result<Vec<Facts>, Trouble> {
    match read.facts_of_many(ids) {
        Ok(found) => Ok(found),
        Err(fault @ (Fault::Twice(_) | Fault::Other(_))) => {
            for id in ids {
                read.facts_of_many(&[*id])
                    .map_err(|fault| Trouble::met_by(*id, fault.into()))?;
            }
            Err(fault.into())
        }
        Err(fault) => Err(fault.into()),
    }
}
