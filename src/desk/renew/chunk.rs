//! Some accounts together: decide and keep, ask, keep the answers, and on from there until nothing is due.
//!
//! An account whose rows cannot be read or written is set aside and told of, and the transaction is done
//! again without it: the others do not wait for somebody to mend it.

use super::ask::{Question, ask_all};
use super::beside::Way;
use super::step::{Decided, Work};
use super::{Hear, Runner, beside, pause, read};
use crate::billing::calendar::Day;
use crate::desk::in_year::in_year;
use crate::desk::{Desk, Failure};
use crate::store::{Fault, Tx};

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
pub(super) enum Trouble {
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
    pub(super) fn met_by(account: i64, failure: Failure) -> Trouble {
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
        let stays = stays.map(|work| work.account()).collect();
        runner.spent = self.works;
        Ok(stays)
    }

    /// One transaction.
    fn once(&mut self, desk: &mut Desk, runner: &mut Runner<'_>) -> Result<(), Trouble> {
        let mut tx = desk.store.begin()?;
        self.refresh(&tx, runner)?;
        let unread = self.unread();
        let waiting = self.works.iter().filter(|work| !work.ended).count();
        let way = runner.way.unwrap_or(Way::of(waiting.max(unread.len())));
        let side = runner.side.as_ref().filter(|_| way == Way::Beside);
        let reads = side.filter(|_| !unread.is_empty());
        let reads = reads.and_then(|side| Some((side, runner.second.take()?)));
        let (setting, chain) = (runner.setting, &mut runner.chain);
        if reads.is_none() && !unread.is_empty() {
            self.works = read::works(tx.read(), setting, &unread)?;
        }
        let mut keep = |decided: &Decided| {
            let kept = decided.keep(&mut tx, setting.terms, chain);
            kept.map_err(|failure| Trouble::met_by(decided.account(), failure))
        };
        let with = (setting, &mut runner.numbers);
        match reads {
            Some((side, second)) => {
                let from = (unread, second, std::mem::take(&mut runner.spent));
                let (second, works) = beside::read_and_decide(side, from, with, &mut keep);
                runner.second = second;
                self.works = works?;
            }
            None => {
                let works = std::mem::take(&mut self.works);
                let (works, kept) = beside::decide(works, with, side, &mut keep);
                self.works = works;
                kept?;
            }
        }
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
            runner.failed(desk, (account, &fault), hear)?;
        }
        Ok(())
    }

    /// The accounts that are still to be read, in the order of their keys.
    fn unread(&self) -> Vec<(Day, i64)> {
        if !self.works.is_empty() {
            return Vec::new();
        }
        let gone = |id: &i64| self.aside.iter().any(|(account, _)| account == id);
        let accounts = self.accounts.iter().filter(|(_, id)| !gone(id));
        let mut accounts: Vec<(Day, i64)> = accounts.copied().collect();
        accounts.sort_unstable_by_key(|(_, id)| *id);
        accounts
    }

    /// Free keys, the end of the journal and what is known of accounts: read once, and again when another program
    /// has written.
    fn refresh(&mut self, tx: &Tx<'_>, runner: &mut Runner<'_>) -> Result<(), Trouble> {
        let reader = tx.read();
        let version = reader.data_version()?;
        if runner.version == Some(version) {
            return Ok(());
        }
        runner.numbers = reader.numbers()?;
        let rules = &runner.setting.ground().policy.invoice;
        runner.numbers.in_year = in_year(reader, rules, runner.setting.terms.on(), "")?;
        runner.chain = reader.chain()?;
        let waiting = self.works.iter_mut().filter(|work| !work.ended);
        let mut waiting: Vec<&mut Work> = waiting.collect();
        waiting.sort_by_key(|work| work.account());
        read::again(reader, runner.setting, &mut waiting)?;
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
        let answers = ask_all(runner.setting, &questions);
        for (work, answer) in waiting.into_iter().zip(answers) {
            work.answer = Some(answer);
        }
        true
    }
}
