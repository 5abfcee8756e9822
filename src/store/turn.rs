//! One at a time: work that goes on outside a transaction, such as sending mail, takes its turn by a lock
//! beside the file. The system gives the lock back when its holder ends, however it ends.

use super::open::Store;
use super::row::{Fault, Kept};
use anyhow::Context;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

/// The turn; dropping it lets the next one have it.
#[derive(Debug)]
pub struct Turn {
    _lock: Option<File>,
}

/// How often a taken turn is asked for again.
const STEP: Duration = Duration::from_millis(50);

impl Store {
    /// Takes the turn for a kind of work, waiting for whoever has it.
    ///
    /// # Errors
    /// [`Fault::Busy`] if the wait is over, or the file of the lock cannot be made.
    pub fn turn(&self, work: &str, wait: Duration) -> Kept<Turn> {
        let file = self.file();
        if !self.is_file() {
            return Ok(Turn { _lock: None });
        }
        let mut name = file.clone().into_os_string();
        name.push(format!("-{work}"));
        let path = PathBuf::from(name);
        super::open::create(&path)?;
        let lock = File::options()
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))
            .map_err(Fault::Other)?;
        let mut left = wait;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Turn { _lock: Some(lock) }),
                Err(TryLockError::WouldBlock) if !left.is_zero() => {
                    std::thread::sleep(STEP);
                    left = left.saturating_sub(STEP);
                }
                Err(TryLockError::WouldBlock) => return Err(Fault::Busy(path)),
                Err(TryLockError::Error(error)) => {
                    let error = anyhow::Error::from(error);
                    return Err(Fault::Other(error.context(path.display().to_string())));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Patience, Place, Purpose};
    use super::*;

    #[test]
    fn a_turn_is_had_by_one_and_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::File(folder.path().join("a.db"));
        let open = || {
            Store::open(
                place.clone(),
                Purpose::Create,
                Patience::silent(Duration::ZERO),
            )
            .unwrap()
        };
        let (one, two) = (open(), open());
        let turn = one.turn("outbox", Duration::ZERO).unwrap();
        let refused = two.turn("outbox", Duration::from_millis(60));
        assert!(matches!(refused, Err(Fault::Busy(_))));
        assert!(two.turn("other", Duration::ZERO).is_ok());
        drop(turn);
        assert!(two.turn("outbox", Duration::ZERO).is_ok());
    }
}
