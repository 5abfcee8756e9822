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
use crate::desk::Failure;
use crate::store::{Sheet, Store};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, Scope};

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
type With<'s, 'n> = (&'s Setting<'s>, &'n mut Numbers);

/// What the thread that decides is to do next.
type Job<'s> = Box<dyn FnOnce() + Send + 's>;

/// The thread that decides, one for the whole run. The system's allocator gives each thread memory of its own, and
/// that of an ended thread to the next that begins: threads that come and go with each transaction would leave the
/// memory of every one that asks a gateway as large as theirs.
pub(super) struct Side<'s> {
    jobs: Sender<Job<'s>>,
}

impl<'s> Side<'s> {
    /// The thread, which ends with what is returned; none, where the system gives no other.
    pub(super) fn start<'e>(scope: &'s Scope<'s, 'e>) -> Option<Side<'s>> {
        let (jobs, given) = channel::<Job<'s>>();
        let work = move || given.into_iter().for_each(|job| job());
        Builder::new().spawn_scoped(scope, work).ok()?;
        Some(Side { jobs })
    }

    /// Has something decided there, and keeps it here; what the other thread gives in the end.
    fn run<T: Send + 's>(
        &self,
        job: impl FnOnce(&mut Hands) -> T + Send + 's,
        keep: &mut Keep<'_>,
    ) -> (Result<(), Trouble>, Option<T>) {
        let (on, taken) = sync_channel(WAITING);
        let (give_back, back) = channel();
        let (end, ended) = channel();
        let job = move || {
            let mut hands = Hands {
                on,
                back,
                spare: Vec::new(),
            };
            let done = job(&mut hands);
            drop(hands);
            let _ = end.send(done);
        };
        if self.jobs.send(Box::new(job)).is_err() {
            return (Err(gone()), None);
        }
        let kept = keep_all((taken, &give_back), keep);
        match ended.recv() {
            Ok(done) => (kept, Some(done)),
            Err(_) => (kept.and(Err(gone())), None),
        }
    }
}

/// The thread has met something that nobody foresaw, and has said so.
fn gone() -> Trouble {
    Trouble::All(Failure::Broken(anyhow::anyhow!(
        "the thread that decides has ended"
    )))
}

/// Decides for every account that is not at its end, in their order, and has what was decided kept. The accounts are
/// given back.
///
/// # Errors
/// Of the first account that cannot be decided or kept. Nothing is kept behind it.
pub(super) fn decide<'s>(
    mut works: Vec<Work>,
    (setting, numbers): With<'s, '_>,
    side: Option<&Side<'s>>,
    keep: &mut Keep<'_>,
) -> (Vec<Work>, Result<(), Trouble>) {
    let Some(side) = side else {
        let kept = here(&mut waiting(&mut works), (setting, numbers), keep);
        return (works, kept);
    };
    let mut own = std::mem::take(numbers);
    let job = move |hands: &mut Hands| {
        hands.decide(&mut waiting(&mut works), (setting, &mut own));
        (works, own)
    };
    let (kept, done) = side.run(job, keep);
    let (works, own) = done.unwrap_or_default();
    *numbers = own;
    (works, kept)
}

/// Reads accounts, which are in the order of their keys, and decides for them while what was decided for others
/// is kept. They are read as they were when the transaction began, which is as they are: what it writes is of
/// other accounts, and nobody else writes. What is spent is freed first, beside the writing too. The store is given
/// back.
///
/// # Errors
/// As for [`decide`], and accounts cannot be read.
pub(super) fn read_and_decide<'s>(
    side: &Side<'s>,
    (accounts, mut store, spent): (Vec<(Day, i64)>, Store, Vec<Work>),
    (setting, numbers): With<'s, '_>,
    keep: &mut Keep<'_>,
) -> (Option<Store>, Result<Vec<Work>, Trouble>) {
    let mut own = std::mem::take(numbers);
    let job = move |hands: &mut Hands| {
        let mut works = spent;
        works.clear();
        let from = (accounts.as_slice(), &mut store);
        if let Err(trouble) = hands.read(from, (setting, &mut own), &mut works) {
            hands.hand_on(vec![Err(trouble)]);
        }
        (works, own, store)
    };
    let (kept, done) = side.run(job, keep);
    let Some((works, own, store)) = done else {
        return (None, kept.and(Err(gone())));
    };
    *numbers = own;
    (Some(store), kept.map(|()| works))
}

fn waiting(works: &mut [Work]) -> Vec<&mut Work> {
    works.iter_mut().filter(|work| !work.ended).collect()
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
