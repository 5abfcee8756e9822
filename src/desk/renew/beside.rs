//! Deciding goes on beside writing: one thread decides account after account, and the thread that holds the
//! transaction writes what was decided for the ones before.
//!
//! What one thread builds and another frees costs more than both have to do, so what is handed over is a sheet of
//! finished rows, and the sheets come back.
//!
//! It changes nothing of what is decided. An account is met once in a transaction, what is known of it was read
//! before anything was written, the free keys are counted where it is decided, and what was decided is written
//! in the order of the accounts, each with its line behind the last. If one cannot be written, nobody takes
//! what is decided after it, and all of it is forgotten with the transaction.

use super::Setting;
use super::step::{Decided, Work};
use crate::billing::account::Numbers;
use crate::desk::Failure;
use crate::store::Sheet;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, scope};

/// From so many accounts on it is worth a thread. Fewer in debug builds, so that tests meet both ways.
const WORTH: usize = if cfg!(debug_assertions) { 8 } else { 64 };
/// Accounts that are handed on together.
const TOGETHER: usize = if cfg!(debug_assertions) { 3 } else { 32 };
/// Hands that may wait to be written.
const WAITING: usize = 4;

/// What was decided for some accounts, by their keys.
type Hand = Vec<(i64, Result<Decided, Failure>)>;

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

/// Keeps what was decided for an account.
pub(super) type Keep<'k, E> = dyn FnMut(i64, Result<&Decided, Failure>) -> Result<(), E> + 'k;

/// Decides for every account, in their order, and has what was decided kept.
///
/// # Errors
/// Of the first account that cannot be decided or kept. Nothing is kept behind it.
pub(super) fn decide<E>(
    works: &mut [&mut Work],
    (setting, numbers, way): (&Setting<'_>, &mut Numbers, Way),
    keep: &mut Keep<'_, E>,
) -> Result<(), E> {
    if way == Way::Beside
        && let Some(kept) = beside(works, (setting, numbers), keep)
    {
        return kept;
    }
    let mut sheet = Sheet::default();
    for work in works {
        let decided = work.decide(setting, numbers, std::mem::take(&mut sheet));
        if let Some(kept) = kept((work.account(), decided), keep)? {
            sheet = kept.into_sheet();
        }
    }
    Ok(())
}

/// The same in two threads; nothing, and nothing done, where the system gives no other thread.
fn beside<E>(
    works: &mut [&mut Work],
    (setting, numbers): (&Setting<'_>, &mut Numbers),
    keep: &mut Keep<'_, E>,
) -> Option<Result<(), E>> {
    scope(|scope| {
        let (hand_on, taken) = sync_channel(WAITING);
        let (give_back, came_back) = channel();
        let decider = move || decide_all(works, (setting, numbers), (&hand_on, &came_back));
        Builder::new().spawn_scoped(scope, decider).ok()?;
        Some(keep_all((taken, &give_back), keep))
    })
}

fn decide_all(
    works: &mut [&mut Work],
    (setting, numbers): (&Setting<'_>, &mut Numbers),
    (hand_on, came_back): (&SyncSender<Hand>, &Receiver<Vec<Decided>>),
) {
    let mut spare: Vec<Decided> = Vec::new();
    for some in works.chunks_mut(TOGETHER) {
        if spare.is_empty() {
            spare = came_back.try_recv().unwrap_or_default();
        }
        let decided = some.iter_mut().map(|work| {
            let sheet = spare.pop().map(Decided::into_sheet).unwrap_or_default();
            (work.account(), work.decide(setting, numbers, sheet))
        });
        // Nobody takes it any more: the transaction is given up.
        if hand_on.send(decided.collect()).is_err() {
            return;
        }
    }
}

/// Dropping what is left of the hands ends the other thread, and what it does not take back any more is dropped here.
fn keep_all<E>(
    (taken, give_back): (Receiver<Hand>, &Sender<Vec<Decided>>),
    keep: &mut Keep<'_, E>,
) -> Result<(), E> {
    for hand in taken {
        let mut done = Vec::with_capacity(hand.len());
        for decided in hand {
            done.extend(kept(decided, keep)?);
        }
        let _ = give_back.send(done);
    }
    Ok(())
}

/// What was decided for one account, once it is kept.
fn kept<E>(
    (account, decided): (i64, Result<Decided, Failure>),
    keep: &mut Keep<'_, E>,
) -> Result<Option<Decided>, E> {
    match decided {
        Ok(decided) => keep(account, Ok(&decided)).map(|()| Some(decided)),
        Err(failure) => keep(account, Err(failure)).map(|()| None),
    }
}
