//! Some accounts together: decide and keep, ask, keep the answers, and on from there until nothing is due.
//!
//! An account whose rows cannot be read or written is set aside and told of, and the transaction is done
//! again without it: the others do not wait for somebody to mend it.

use super::ask::{Question, ask_all};
use super::beside::Way;
use super::step::Work;
use super::{Hear, Heard, Runner, beside, pause};
use crate::billing::account::Facts;
use crate::billing::calendar::Day;
use crate::desk::in_year::in_year;
use crate::desk::{Desk, Failure};
use crate::store::{Fault, Reader, Tx};
use std::collections::HashMap;

/// So many accounts may be set aside in one run before it ends: then it is not the accounts.
const SET_ASIDE: usize = 50;

/// Some accounts that are worked on together.
pub(super) struct Chunk<'a> {
    accounts: &'a [(Day, i64)],
    works: Vec<Work>,
    /// Accounts that were set aside, with what the store says.
    aside: Vec<(i64, Fault)>,
}

/// Why a transaction was not kept.
enum Trouble {
    /// Because of one account.
    Of(i64, Fault),
    /// Because of anything else.
    All(Failure),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Trouble {
        Trouble::All(fault.into())
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::All(failure)
    }
}

impl Trouble {
    /// What one account met. A full disk or a file that is taken away is nobody's.
    fn met_by(account: i64, failure: Failure) -> Trouble {
        match failure {
            Failure::Store(fault @ (Fault::Twice(_) | Fault::Other(_))) => {
                Trouble::Of(account, fault)
            }
            other => Trouble::All(other),
        }
    }
}

impl<'a> Chunk<'a> {
    pub(super) fn of(accounts: &'a [(Day, i64)]) -> Chunk<'a> {
        Chunk {
            accounts,
            works: Vec::new(),
            aside: Vec::new(),
        }
    }

    /// Works until nothing is due; the accounts for which something still is.
    pub(super) fn work(
        mut self,
        desk: &mut Desk,
        runner: &mut Runner<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<Vec<i64>, Failure> {
        if self.accounts.is_empty() {
            return Ok(Vec::new());
        }
        loop {
            match self.once(desk, runner) {
                Ok(()) => {}
                Err(Trouble::All(failure)) => return Err(failure),
                Err(Trouble::Of(account, fault)) => {
                    self.set_aside(account, fault, runner)?;
                    continue;
                }
            }
            self.tell(desk, runner, hear)?;
            if !self.ask(runner) {
                break;
            }
            pause::point(&mut runner.passings);
        }
        let stays = self.works.iter().filter(|work| {
            work.due_on
                .is_some_and(|day| day <= runner.setting.terms.on())
        });
        Ok(stays.map(|work| work.facts.account.id).collect())
    }

    /// One transaction.
    fn once(&mut self, desk: &mut Desk, runner: &mut Runner<'_>) -> Result<(), Trouble> {
        let mut tx = desk.store.begin()?;
        self.refresh(&tx, runner)?;
        let works = self.works.iter_mut().filter(|work| !work.ended);
        let mut works: Vec<&mut Work> = works.collect();
        let way = runner.way.unwrap_or(Way::of(works.len()));
        let (setting, chain) = (&runner.setting, &mut runner.chain);
        beside::decide(
            &mut works,
            (setting, &mut runner.numbers, way),
            &mut |account, decided| {
                decided
                    .and_then(|decided| decided.keep(&mut tx, setting.terms, chain))
                    .map_err(|failure| Trouble::met_by(account, failure))
            },
        )?;
        pause::point(&mut runner.passings);
        tx.commit()?;
        pause::point(&mut runner.passings);
        Ok(())
    }

    /// The transaction is forgotten, and what stands in memory with it.
    fn set_aside(
        &mut self,
        account: i64,
        fault: Fault,
        runner: &mut Runner<'_>,
    ) -> Result<(), Failure> {
        runner.version = None;
        runner.aside = runner.aside.saturating_add(1);
        if runner.aside > SET_ASIDE {
            return Err(fault.into());
        }
        for work in &mut self.works {
            work.forget(work.facts.account.id == account);
        }
        self.aside.push((account, fault));
        Ok(())
    }

    /// Tells what was kept.
    fn tell(
        &mut self,
        desk: &mut Desk,
        runner: &mut Runner<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<(), Failure> {
        for work in &mut self.works {
            work.kept(runner, hear);
        }
        for (account, fault) in self.aside.drain(..) {
            let name = desk.look()?.read().account_name(account);
            let name = name.unwrap_or_else(|_| format!("account {account}"));
            hear(Heard::Failed(&name, &fault.to_string()));
            runner.tally.refused = runner.tally.refused.saturating_add(1);
        }
        Ok(())
    }

    /// Facts, free keys and the end of the journal: read once, and again when another program has written.
    fn refresh(&mut self, tx: &Tx<'_>, runner: &mut Runner<'_>) -> Result<(), Trouble> {
        let read = tx.read();
        let version = read.data_version()?;
        let same = runner.version == Some(version);
        if !same {
            runner.numbers = read.numbers()?;
            let rules = &runner.setting.ground().policy.invoice;
            runner.numbers.in_year = in_year(read, rules, runner.setting.terms.on(), "")?;
            runner.chain = read.chain()?;
        }
        let first = self.works.is_empty();
        if first {
            let gone: Vec<i64> = self.aside.iter().map(|(account, _)| *account).collect();
            let ids: Vec<i64> = self.accounts.iter().map(|(_, id)| *id).collect();
            let ids: Vec<i64> = ids.into_iter().filter(|id| !gone.contains(id)).collect();
            let since: HashMap<i64, Day> =
                self.accounts.iter().map(|(day, id)| (*id, *day)).collect();
            let works = facts(read, &ids)?.into_iter().map(|facts| {
                let since = since.get(&facts.account.id).copied().unwrap_or_default();
                Work::of(runner.setting.seller.worded(facts), since)
            });
            self.works = works.collect();
        } else if !same {
            let waiting = self.works.iter_mut().filter(|work| !work.ended);
            let mut waiting: Vec<&mut Work> = waiting.collect();
            waiting.sort_by_key(|work| work.facts.account.id);
            let ids: Vec<i64> = waiting.iter().map(|work| work.facts.account.id).collect();
            for (work, mut facts) in waiting.into_iter().zip(facts(read, &ids)?) {
                keep_asked(read, work, &mut facts)?;
                work.facts = runner.setting.seller.worded(facts);
            }
        }
        if first || !same {
            let waiting = self.works.iter_mut().filter(|work| !work.ended);
            let waiting: Vec<&mut Work> = waiting.collect();
            let ids: Vec<i64> = waiting.iter().map(|work| work.facts.account.id).collect();
            let days = read.due_days(&ids)?;
            for work in waiting {
                work.due_on = days.get(&work.facts.account.id).copied();
            }
        }
        runner.version = Some(version);
        Ok(())
    }

    /// Asks about every payment that waits; false if none does.
    fn ask(&mut self, runner: &Runner<'_>) -> bool {
        let waiting: Vec<&mut Work> = self
            .works
            .iter_mut()
            .filter(|work| work.ask.is_some())
            .collect();
        let questions: Vec<Question<'_>> = waiting
            .iter()
            .filter_map(|work| {
                Some(Question {
                    payment: work.ask.as_ref()?,
                    account: &work.facts.account.name,
                })
            })
            .collect();
        if questions.is_empty() {
            return false;
        }
        let answers = ask_all(&runner.setting, &questions);
        for (work, answer) in waiting.into_iter().zip(answers) {
            work.answer = Some(answer);
        }
        true
    }
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
