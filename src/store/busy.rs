//! Waiting for another writer, and saying so.

use super::row::Fault;
use rusqlite::Connection;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long to wait for another writer, and what to do while waiting.
pub struct Patience {
    /// The longest wait.
    pub at_most: Duration,
    /// Called once, after the first second, with the file that is busy.
    pub tell: Box<dyn Fn(&std::path::Path) + Send>,
}

impl Patience {
    /// Waits without a word.
    pub fn silent(at_most: Duration) -> Patience {
        Patience {
            at_most,
            tell: Box::new(|_| {}),
        }
    }
}

/// Makes a connection wait for other writers.
pub(super) fn wait(conn: &mut Connection, file: PathBuf, patience: Patience) -> Result<(), Fault> {
    let mut since: Option<Instant> = None;
    let mut told = false;
    let handler = move |tries: i32| {
        if tries == 0 {
            since = None;
        }
        let waited = since.get_or_insert_with(Instant::now).elapsed();
        if waited >= patience.at_most {
            return false;
        }
        if !told && waited >= Duration::from_secs(1) {
            told = true;
            (patience.tell)(&file);
        }
        let left = patience.at_most.saturating_sub(waited);
        std::thread::sleep(Duration::from_millis(if tries < 20 { 2 } else { 20 }).min(left));
        true
    };
    conn.busy_handler(Some(handler))
        .map_err(|error| Fault::Other(error.into()))
}
