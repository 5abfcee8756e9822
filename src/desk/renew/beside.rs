//! Deciding goes on beside writing: one thread decides account after account, and the thread that holds the
//! transaction writes what was decided for the ones before.
//!
//! What one thread builds and another frees costs more than both have to do, so what is handed over is a sheet of
//! finished rows, and the sheets come back.
//!
//! It changes nothing of what is decided. An account is met once in a transaction, what is known of it is read
//! as it was before anything was written, the free keys are counted where it is decided, and what was decided
//! is written in the order of the accounts, each with its line behind the last. If one cannot be written,
//! nobody takes what is decided after it, and all of it is forgotten with the transaction.

use super::chunk::Trouble;
use super::step::{Decided, Work};
use super::{Setting, read};
use crate::billing::account::Numbers;
use crate::billing::calendar::Day;
use crate::store::{Sheet, Store};
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, scope};

/// From so many accounts on it is worth a thread. Fewer in debug builds, so that tests meet both ways.
const WORTH: usize = if cfg!(debug_assertions) { 8 } else { 64 };
/// Accounts that are handed on together.
const TOGETHER: usize = if cfg!(debug_assertions) { 3 } else { 32 };
/// Hands that may wait to be written.
const WAITING: usize = 4;

/// Accounts that are read together. A walk along an index that meets few of them is short.
const READ: usize = if cfg!(debug_assertions) { 7 } else { 64 };

/// What was decided for some accounts, in their order.
type Hand = Vec<Result<Decided, Trouble>>;

/// Keeps what was decided for an account.
pub(super) type Keep<'k> = dyn FnMut(&Decided) -> Result<(), Trouble> + 'k;

/// Which thread decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The one that writes.
    Here,
    /// One of its own.
    Beside,
}

impl Way {
    /// The better one for so many accounts.
    pub(super) fn of(accounts: usize) -> Way {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        match accounts >= WORTH && cores > 1 {
            true => Way::Beside,
            false => Way::Here,
        }
    }
}

/// What deciding needs: the rules, and the next free keys.
type With<'w, 's> = (&'w Setting<'s>, &'w mut Numbers);

/// Decides for every account, in their order, and has what was decided kept.
///
/// # Errors
/// Of the first account that cannot be decided or kept. Nothing is kept behind it.
pub(super) fn decide(
    works: &mut [&mut Work],
    ((setting, numbers), way): (With<'_, '_>, Way),
    keep: &mut Keep<'_>,
) -> Result<(), Trouble> {
    if way == Way::Beside {
        let job = |hands: &mut Hands| hands.decide(works, (setting, numbers));
        if let Some(kept) = beside(job, keep) {
            return kept.map(|_| ());
        }
    }
    here(works, (setting, numbers), keep)
}

/// Reads accounts, which are in the order of their keys, and decides for them while what was decided for others
/// is kept. They are read as they were when the transaction began, which is as they are: what it writes is of
/// other accounts, and nobody else writes. What is spent is freed first, beside the writing too.
///
/// # Errors
/// As for [`decide`], and accounts cannot be read.
pub(super) fn read_and_decide(
    (accounts, store, spent): (&[(Day, i64)], &mut Store, Vec<Work>),
    (setting, numbers): With<'_, '_>,
    keep: &mut Keep<'_>,
) -> Result<Vec<Work>, Trouble> {
    let job = |hands: &mut Hands| {
        let mut works = spent;
        works.clear();
        let read = hands.read((accounts, store), (setting, numbers), &mut works);
        if let Err(trouble) = read {
            hands.hand_on(vec![Err(trouble)]);
        }
        works
    };
    if let Some(kept) = beside(job, keep) {
        return kept;
    }
    let mut works = read::works(store.look()?.read(), setting, accounts)?;
    here(&mut refs(&mut works), (setting, numbers), keep)?;
    Ok(works)
}

fn refs(works: &mut [Work]) -> Vec<&mut Work> {
    works.iter_mut().collect()
}

/// Decides and keeps in turns, in one thread.
fn here(
    works: &mut [&mut Work],
    (setting, numbers): With<'_, '_>,
    keep: &mut Keep<'_>,
) -> Result<(), Trouble> {
    let mut sheet = Sheet::default();
    for work in works {
        let decided = decided(work, (setting, numbers), sheet)?;
        keep(&decided)?;
        sheet = decided.into_sheet();
    }
    Ok(())
}

fn decided(
    work: &mut Work,
    (setting, numbers): With<'_, '_>,
    sheet: Sheet,
) -> Result<Decided, Trouble> {
    let decided = work.decide(setting, numbers, sheet);
    decided.map_err(|failure| Trouble::met_by(work.account(), failure))
}

/// Has something decided in a thread of its own, and keeps it here: what the other thread gives in the end. Nothing,
/// and nothing done, where the system gives no other thread.
fn beside<T: Send>(
    job: impl FnOnce(&mut Hands) -> T + Send,
    keep: &mut Keep<'_>,
) -> Option<Result<T, Trouble>> {
    scope(|scope| {
        let (on, taken) = sync_channel(WAITING);
        let (give_back, back) = channel();
        let job = move || {
            job(&mut Hands {
                on,
                back,
                spare: Vec::new(),
            })
        };
        let thread = Builder::new().spawn_scoped(scope, job).ok()?;
        let kept = keep_all((taken, &give_back), keep);
        let done = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        Some(kept.map(|()| done))
    })
}

/// The thread that decides: what it hands on, and what comes back.
struct Hands {
    on: SyncSender<Hand>,
    back: Receiver<Vec<Decided>>,
    spare: Vec<Decided>,
}

impl Hands {
    /// False if nobody takes it any more: the transaction is given up.
    fn hand_on(&mut self, hand: Hand) -> bool {
        self.on.send(hand).is_ok()
    }

    fn decide(&mut self, works: &mut [&mut Work], (setting, numbers): With<'_, '_>) -> bool {
        works.chunks_mut(TOGETHER).all(|some| {
            if self.spare.is_empty() {
                self.spare = self.back.try_recv().unwrap_or_default();
            }
            let hand = some.iter_mut().map(|work| {
                let sheet = self.spare.pop().map(Decided::into_sheet);
                decided(work, (setting, numbers), sheet.unwrap_or_default())
            });
            let hand = hand.collect();
            self.hand_on(hand)
        })
    }

    /// Reads and decides, a piece at a time, until all is done or nobody takes it any more.
    fn read(
        &mut self,
        (accounts, store): (&[(Day, i64)], &mut Store),
        (setting, numbers): With<'_, '_>,
        works: &mut Vec<Work>,
    ) -> Result<(), Trouble> {
        let look = store.look()?;
        for piece in accounts.chunks(READ) {
            let mut read = read::works(look.read(), setting, piece)?;
            let goes_on = self.decide(&mut refs(&mut read), (setting, numbers));
            works.append(&mut read);
            if !goes_on {
                break;
            }
        }
        Ok(())
    }
}

/// Dropping what is left of the hands ends the other thread. What it does not take back any more is dropped here.
fn keep_all(
    (taken, give_back): (Receiver<Hand>, &Sender<Vec<Decided>>),
    keep: &mut Keep<'_>,
) -> Result<(), Trouble> {
    for hand in taken {
        let mut kept = Vec::with_capacity(hand.len());
        for decided in hand {
            let decided = decided?;
            keep(&decided)?;
            kept.push(decided);
        }
        let _ = give_back.send(kept);
    }
    Ok(())
}
