//! Deciding goes on beside writing: one thread decides account after account, and the thread that holds the
//! transaction writes what was decided for the ones before.
//!
//! It changes nothing of what is decided. An account is met once in a transaction, what is known of it was read
//! before anything was written, the free keys are counted where it is decided, and what was decided is written
//! in the order of the accounts, each with its line behind the last. If one cannot be written, nobody takes
//! what is decided after it, and all of it is forgotten with the transaction.

use super::Setting;
use super::step::{Decided, Work};
use crate::billing::account::Numbers;
use crate::desk::Failure;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
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

/// Decides for every account, in their order, and has what was decided kept.
///
/// # Errors
/// Of the first account that cannot be decided or kept. Nothing is kept behind it.
pub(super) fn decide<E>(
    works: &mut [&mut Work],
    (setting, numbers, way): (&Setting<'_>, &mut Numbers, Way),
    keep: &mut dyn FnMut(i64, Result<Decided, Failure>) -> Result<(), E>,
) -> Result<(), E> {
    if way == Way::Beside
        && let Some(kept) = beside(works, (setting, numbers), keep)
    {
        return kept;
    }
    for work in works {
        keep(work.account(), work.decide(setting, numbers))?;
    }
    Ok(())
}

/// The same in two threads; nothing, and nothing done, where the system gives no other thread.
fn beside<E>(
    works: &mut [&mut Work],
    (setting, numbers): (&Setting<'_>, &mut Numbers),
    keep: &mut dyn FnMut(i64, Result<Decided, Failure>) -> Result<(), E>,
) -> Option<Result<(), E>> {
    scope(|scope| {
        let (hand_on, taken) = sync_channel(WAITING);
        let decider = move || decide_all(works, (setting, numbers), &hand_on);
        Builder::new().spawn_scoped(scope, decider).ok()?;
        Some(keep_all(taken, keep))
    })
}

fn decide_all(
    works: &mut [&mut Work],
    (setting, numbers): (&Setting<'_>, &mut Numbers),
    hand_on: &SyncSender<Hand>,
) {
    for some in works.chunks_mut(TOGETHER) {
        let hand = some
            .iter_mut()
            .map(|work| (work.account(), work.decide(setting, numbers)))
            .collect();
        // Nobody takes it any more: the transaction is given up.
        if hand_on.send(hand).is_err() {
            return;
        }
    }
}

/// Dropping what is left of the hands ends the other thread.
fn keep_all<E>(
    taken: Receiver<Hand>,
    keep: &mut dyn FnMut(i64, Result<Decided, Failure>) -> Result<(), E>,
) -> Result<(), E> {
    taken
        .into_iter()
        .flatten()
        .try_for_each(|(account, decided)| keep(account, decided))
}
