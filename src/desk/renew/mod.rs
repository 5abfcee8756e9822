//! Time: one run does everything that is due, for as many accounts as there are.
//!
//! Accounts come in chunks. One transaction decides and keeps what needs nobody outside; then the gateways
//! are asked, side by side and outside any transaction; the next transaction keeps their answers and goes
//! on from there. What is due follows from the facts, so a run that is killed anywhere is simply started
//! again, and of two runs at once the second finds the work done: attempts are kept before anybody is
//! asked, and one key is charged once.

pub mod ahead;
#[cfg(test)]
mod ahead_laws;
mod ask;
mod auto;
mod awaited;
mod beside;
#[cfg(test)]
mod beside_tests;
mod chunk;
mod fold;
mod mark;
mod pause;
mod read;
#[cfg(test)]
mod shop;
mod step;
#[cfg(test)]
mod tests;
mod unwaited;

pub use auto::Auto;
pub use awaited::Due;
pub(super) use mark::{mark, mark_again, passed_by};

use super::load::Seller;
use super::{Desk, Failure, Terms, expect_not_future, load};
use crate::billing::account::Numbers;
use crate::billing::calendar::Day;
use crate::billing::due::Ground;
use crate::billing::refusal::{Code, Refusal};
use crate::gateway::Gateways;
use crate::store::{Chain, DueMark, Fault, Store};
use crate::wire::renew::{Step, Tally};
use beside::{Side, Way};
use chunk::Chunk;
use std::collections::{BTreeMap, BTreeSet};
use step::Work;

/// Accounts that are worked on in one transaction. Fewer in debug builds, so that tests of some hundred
/// accounts pass every boundary several times.
const CHUNK: u32 = if cfg!(debug_assertions) { 100 } else { 2_000 };

/// How to go on with a run that was cut short.
const GOES_ON: &str = "What the run did before that is kept. Run it again: it goes on from there.";

/// What a run is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Only this account.
    pub account: Option<String>,
    /// At most so many accounts.
    pub limit: Option<u64>,
    /// Gateways are asked about so many payments at once.
    pub at_once: usize,
}

/// What a run says while it works.
#[derive(Debug)]
pub enum Heard<'a> {
    /// So many accounts may have something due.
    Began(u64),
    /// What was done for an account in one go.
    Did(&'a str, &'a [Step]),
    /// A rule refused what was due for an account.
    Refused(&'a str, &'a Refusal),
    /// The rows of an account cannot be read or written, and it was left as it is.
    Failed(&'a str, &'a str),
    /// Nobody knows what became of a payment.
    Unsettled(&'a str, &'a str),
    /// So many accounts are done.
    Reached(u64),
}

/// Whoever listens to a run.
pub type Hear<'h> = dyn FnMut(Heard<'_>) + 'h;

/// What a run works with from its beginning to its end.
struct Setting<'a> {
    terms: &'a Terms,
    run: &'a Run,
    gateways: &'a Gateways,
    seller: Seller,
    /// The day on which other files of the seller come into force.
    turn: Option<Day>,
    /// Methods that only a person can charge.
    by_hand: BTreeSet<String>,
}

/// A run under way: what is held in memory from one chunk to the next.
struct Runner<'a> {
    setting: &'a Setting<'a>,
    /// Which thread decides; none leaves it to the number of accounts.
    way: Option<Way>,
    /// The thread that decides beside the one that writes, if there is one.
    side: Option<Side<'a>>,
    /// Reads for the thread that decides, where the facts are in a file.
    second: Option<Store>,
    /// What is known of accounts that are done, to be freed by the thread that reads about the next ones.
    spent: Vec<Work>,
    /// The next free keys, as long as nobody else writes.
    numbers: Numbers,
    /// The end of the journal, as long as nobody else writes.
    chain: Chain,
    /// What the file's version was when they were read.
    version: Option<i64>,
    tally: Tally,
    /// Accounts that were looked at.
    reached: u64,
    /// Accounts that were set aside, because the store failed over their rows.
    aside: usize,
    /// Places passed at which a test may stop it.
    passings: u64,
}

impl Setting<'_> {
    fn ground(&self) -> Ground<'_> {
        Ground {
            catalog: &self.seller.catalog,
            catalog_id: self.seller.catalog_id,
            policy: &self.seller.policy,
            at: self.terms.at,
            by_hand: &self.by_hand,
        }
    }
}

impl<'a> Runner<'a> {
    fn new(setting: &'a Setting<'a>, way: Option<Way>) -> Runner<'a> {
        Runner {
            setting,
            way,
            side: None,
            second: None,
            spent: Vec::new(),
            numbers: Numbers::default(),
            chain: Chain::default(),
            version: None,
            tally: Tally {
                as_of: setting.terms.at,
                accounts: 0,
                did: BTreeMap::new(),
                refused: 0,
                unsettled: 0,
            },
            reached: 0,
            aside: 0,
            passings: 0,
        }
    }

    /// Tells of an account whose rows cannot be read or written.
    fn failed(
        &mut self,
        desk: &mut Desk,
        (account, fault): (i64, &Fault),
        hear: &mut Hear<'_>,
    ) -> Result<(), Failure> {
        let name = desk.look()?.read().account_name(account);
        let name = name.unwrap_or_else(|_| format!("account {account}"));
        hear(Heard::Failed(&name, &fault.to_string()));
        self.tally.refused = self.tally.refused.saturating_add(1);
        Ok(())
    }
}

impl Desk {
    /// Does everything that is due by the terms' moment.
    ///
    /// # Errors
    /// The moment lies in the future, the account does not exist, or the store fails; what was committed
    /// before stays. A rule's refusal ends nothing: it is heard, and counted.
    pub fn renew(
        &mut self,
        terms: &Terms,
        run: &Run,
        gateways: &Gateways,
        hear: &mut Hear<'_>,
    ) -> Result<Tally, Failure> {
        self.renew_by(None, (terms, run, gateways), hear)
    }

    fn renew_by(
        &mut self,
        way: Option<Way>,
        (terms, run, gateways): (&Terms, &Run, &Gateways),
        hear: &mut Hear<'_>,
    ) -> Result<Tally, Failure> {
        expect_not_future(terms)?;
        let (seller, turn, total) = {
            let look = self.look()?;
            let total = look.read().due_count(terms.on())?;
            let turn = look.read().next_turn(terms.on())?;
            (load::seller(look.read(), terms.on())?, turn, total)
        };
        let by_hand = ask::by_hand(&seller, gateways);
        let setting = Setting {
            terms,
            run,
            gateways,
            seller,
            turn,
            by_hand,
        };
        if run.account.is_some() {
            return self.run_for_one(Runner::new(&setting, way), hear);
        }
        let total = total.min(run.limit.unwrap_or(u64::MAX));
        hear(Heard::Began(total));
        std::thread::scope(|scope| {
            let mut runner = Runner::new(&setting, way);
            let accounts = usize::try_from(total).unwrap_or(usize::MAX);
            if way.unwrap_or(Way::of(accounts)) == Way::Beside {
                runner.side = Side::start(scope);
            }
            self.run_for_all(runner, hear)
        })
    }

    fn run_for_one(
        &mut self,
        mut runner: Runner<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<Tally, Failure> {
        let name = runner.setting.run.account.as_deref().unwrap_or_default();
        let (id, mark) = {
            let look = self.look()?;
            let account = load::account(look.read(), name)?;
            (account.id, look.read().due_mark(account.id)?)
        };
        let since = match mark {
            DueMark::On(day) => day,
            DueMark::Never | DueMark::Unreadable => runner.setting.terms.on(),
        };
        self.ask_unwaited(&mut runner, Some(id), hear)?;
        Chunk::of(&[(since, id)]).work(self, &mut runner, hear)?;
        Ok(runner.tally)
    }

    fn run_for_all(
        &mut self,
        mut runner: Runner<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<Tally, Failure> {
        self.ask_unwaited(&mut runner, None, hear)?;
        self.store.prepare_for_many()?;
        runner.second = self.store.second()?;
        let ended = self.every_chunk(&mut runner, hear);
        ended.map_err(|failure| failure.after(GOES_ON))?;
        Ok(runner.tally)
    }

    /// Whether an order is a renewal.
    ///
    /// # Errors
    /// It is not, or there is no such order.
    pub fn expect_renewal(&mut self, number: &str) -> Result<(), Failure> {
        let order = super::order::by_number(self.look()?.read(), number)?;
        if order.renews.is_some() {
            return Ok(());
        }
        let number = order.number();
        let message = format!("{number} is not a renewal.");
        Err(Refusal::new(Code::ValueNotUsable, message)
            .run(format!("order pay {number}"))
            .into())
    }

    fn every_chunk(&mut self, runner: &mut Runner<'_>, hear: &mut Hear<'_>) -> Result<(), Failure> {
        let mut after = (Day::MIN, 0);
        let mut seen: BTreeSet<i64> = BTreeSet::new();
        loop {
            let left = runner
                .setting
                .run
                .limit
                .map_or(u64::MAX, |limit| limit.saturating_sub(runner.reached));
            let at_most = u32::try_from(left).unwrap_or(u32::MAX).min(CHUNK);
            if at_most == 0 {
                return Ok(());
            }
            let mut ids =
                self.look()?
                    .read()
                    .due_accounts(runner.setting.terms.on(), after, at_most)?;
            let Some(last) = ids.last() else {
                return Ok(());
            };
            after = *last;
            // What stays due is not met twice in one run, even if its day has moved.
            ids.retain(|(_, id)| !seen.contains(id));
            let stays = Chunk::of(&ids).work(self, runner, hear)?;
            seen.extend(stays);
            let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
            runner.reached = runner.reached.saturating_add(count);
            hear(Heard::Reached(runner.reached));
        }
    }
}
