//! Opening the file: recognising it, setting it up, and the two ways to use it.

use super::busy::{self, Patience};
use super::migrate;
use super::row::{Fault, Kept};
use super::tx::{Reader, Tx};
use anyhow::Context;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Marks a file as ours: the letters `sdsk`.
pub(super) const APPLICATION_ID: i64 = 0x7364_736B;

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 128;

/// Where the facts are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// Memory, for tests and for calculations without a file.
    Memory,
}

/// What opening may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Only look; never create, migrate or write.
    Look,
    /// Write; the file must be there.
    Write,
    /// Write; create the file if it is not there.
    Create,
}

/// The open file.
pub struct Store {
    conn: Connection,
    place: Place,
    created: bool,
}

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// A [`Fault`] that names the file and what is wrong with it.
    pub fn open(place: Place, purpose: Purpose, patience: Patience) -> Kept<Store> {
        let file = match &place {
            Place::Memory => return Store::in_memory(),
            Place::File(file) => file.clone(),
        };
        let created = recognise(&file, purpose)?;
        let flags = match purpose {
            Purpose::Look => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Purpose::Write | Purpose::Create => OpenFlags::SQLITE_OPEN_READ_WRITE,
        } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(&file, flags).map_err(fault_of(&file))?;
        busy::wait(&mut conn, file.clone(), patience)?;
        plan_once(&conn).map_err(fault_of(&file))?;
        match purpose {
            // A file that is opened read-only needs no setting up.
            Purpose::Look => migrate::expect_current(&conn, &file)?,
            Purpose::Write | Purpose::Create => {
                // Setting up writes into the file's head, so a file that is not ours must be refused before.
                migrate::check(&conn, &file)?;
                set_up(&conn).map_err(fault_of(&file))?;
                match created {
                    true => migrate::start(&mut conn, &file)?,
                    false => migrate::upgrade(&mut conn, &file)?,
                }
            }
        }
        Ok(Store {
            conn,
            place,
            created,
        })
    }

    fn in_memory() -> Kept<Store> {
        let file = PathBuf::from(":memory:");
        let mut conn = Connection::open_in_memory().map_err(fault_of(&file))?;
        plan_once(&conn).map_err(fault_of(&file))?;
        migrate::start(&mut conn, &file)?;
        Ok(Store {
            conn,
            place: Place::Memory,
            created: true,
        })
    }

    /// Whether opening created the file.
    pub fn is_new(&self) -> bool {
        self.created
    }

    /// The file's path, or `:memory:`.
    pub fn file(&self) -> PathBuf {
        match &self.place {
            Place::File(file) => file.clone(),
            Place::Memory => PathBuf::from(":memory:"),
        }
    }

    /// Whether the facts are in a file, and so can be shared.
    pub(super) fn is_file(&self) -> bool {
        self.place != Place::Memory
    }

    /// The connection, for copying the file.
    pub(super) fn connection(&self) -> &Connection {
        &self.conn
    }

    /// Begins the one transaction that can write. Dropping it forgets everything.
    pub fn begin(&mut self) -> Kept<Tx<'_>> {
        let file = self.file();
        Tx::begin(&self.conn, file)
    }

    /// A consistent view that cannot write.
    pub fn look(&mut self) -> Kept<Look<'_>> {
        let file = self.file();
        self.conn
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map(|conn| Look {
                conn,
                file: file.clone(),
            })
            .map_err(fault_of(&file))
    }

    /// The same file opened once more, to look at it from another thread; none for facts in memory.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn second(&self) -> Kept<Option<Store>> {
        let patience = Patience::silent(Duration::from_secs(5));
        match &self.place {
            Place::Memory => Ok(None),
            place => Store::open(place.clone(), Purpose::Look, patience).map(Some),
        }
    }

    /// Keeps more pages in memory, for work on many accounts.
    pub fn prepare_for_many(&self) -> Kept<()> {
        self.conn
            .pragma_update(None, "cache_size", -32_768)
            .map_err(fault_of(&self.file()))
    }
}

/// A consistent view that cannot write.
pub struct Look<'s> {
    conn: rusqlite::Transaction<'s>,
    file: PathBuf,
}

impl Look<'_> {
    /// What can be read.
    pub fn read(&self) -> Reader<'_> {
        Reader::of(&self.conn, &self.file)
    }
}

/// Checks what the file is before SQLite touches it; creates it where that is wanted. True if created.
fn recognise(file: &Path, purpose: Purpose) -> Kept<bool> {
    let seems = |seems: &str| Fault::Foreign {
        file: file.to_owned(),
        seems: seems.to_owned(),
    };
    let metadata = match std::fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return match purpose {
                Purpose::Create => create(file).map(|()| true),
                Purpose::Look | Purpose::Write => Err(Fault::Missing(file.to_owned())),
            };
        }
        Err(error) => {
            let error =
                anyhow::Error::from(error).context(format!("cannot open {}", file.display()));
            return Err(Fault::Other(error));
        }
    };
    if metadata.is_dir() {
        return Err(seems("it is a folder"));
    }
    if metadata.len() == 0 {
        return match purpose {
            Purpose::Create => Ok(true),
            // Another process may just be filling it.
            Purpose::Look | Purpose::Write => Err(Fault::Missing(file.to_owned())),
        };
    }
    let mut head = [0_u8; 100];
    let mut opened = std::fs::File::open(file)
        .with_context(|| format!("cannot open {}", file.display()))
        .map_err(Fault::Other)?;
    let short = opened.read_exact(&mut head).is_err();
    if !head.starts_with(b"SQLite format 3\0") {
        let text = head
            .iter()
            .all(|byte| matches!(byte, 9 | 10 | 13 | 32..=126) || *byte == 0);
        return Err(seems(if text {
            "it is a text file"
        } else {
            "it is not an SQLite file"
        }));
    }
    if short {
        return Err(Fault::Damaged {
            file: file.to_owned(),
            says: "it is cut off".to_owned(),
        });
    }
    let mark = i64::from(u32::from_be_bytes([head[68], head[69], head[70], head[71]]));
    // A file in WAL mode whose first checkpoint is still to come has no mark in its main file yet.
    if mark != APPLICATION_ID && mark != 0 {
        return Err(seems("it is the SQLite file of another program"));
    }
    Ok(false)
}

/// Creates an empty file that only its owner can read.
pub(super) fn create(file: &Path) -> Kept<()> {
    let made = || -> anyhow::Result<()> {
        if let Some(folder) = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot create the folder {}", folder.display()))?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(file)
            .with_context(|| format!("cannot create {}", file.display()))?;
        Ok(())
    };
    made().map_err(Fault::Other)
}

/// Keeps statements, and the plan that each was given first. Otherwise SQLite prepares nearly every statement
/// again when its parameters are bound, because a value might suit one of the partial indices better.
fn plan_once(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn set_up(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.query_row("PRAGMA journal_mode=WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "FULL")
}

/// SQLite's number for it.
const SQLITE_IOERR_SHMSIZE: i32 = 4874;

/// SQLite's numbers for a primary key, a unique column and a row's own number that are there already.
const TWICE: [i32; 3] = [1555, 2067, 2579];

fn extended(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}

/// Turns an error of SQLite into what a person must know about a file.
pub(super) fn fault_of(file: &Path) -> impl Fn(rusqlite::Error) -> Fault {
    move |error| {
        let file = file.to_owned();
        let code = error.sqlite_error_code();
        let says = error.to_string();
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy(file),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Fault::ReadOnly(file)
            }
            Some(ErrorCode::DiskFull) => Fault::Full(file),
            // The index beside the log could not be made larger, which only a lack of room prevents.
            Some(ErrorCode::SystemIoFailure) if extended(&error) == SQLITE_IOERR_SHMSIZE => {
                Fault::Full(file)
            }
            Some(ErrorCode::DatabaseCorrupt) => Fault::Damaged { file, says },
            Some(ErrorCode::NotADatabase) => Fault::Foreign {
                file,
                seems: "it is not an SQLite file".to_owned(),
            },
            Some(ErrorCode::ConstraintViolation) if TWICE.contains(&extended(&error)) => {
                Fault::Twice(says)
            }
            _ => Fault::Other(anyhow::Error::from(error).context(file.display().to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound_to_it() {
        let patience = Patience::silent(std::time::Duration::ZERO);
        let store = Store::open(Place::Memory, Purpose::Create, patience).unwrap();
        let sql = "SELECT id FROM account WHERE name > ?1 ORDER BY name LIMIT ?2";
        let mut statement = store.conn.prepare(sql).unwrap();
        for at_most in [10, 20] {
            assert!(
                statement
                    .query(("a", at_most))
                    .unwrap()
                    .next()
                    .unwrap()
                    .is_none()
            );
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }

    #[test]
    fn a_store_keeps_what_a_crash_must_not_take_and_refuses_what_refers_to_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for place in [Place::File(folder.path().join("a.db")), Place::Memory] {
            let patience = Patience::silent(Duration::ZERO);
            let store = Store::open(place.clone(), Purpose::Create, patience).unwrap();
            let broken = store.conn.execute(
                "INSERT INTO trial VALUES (1, '2026-07-01', '2026-07-15', 'pro', NULL, 0)",
                [],
            );
            let error = broken.unwrap_err();
            assert_eq!(
                error.sqlite_error_code(),
                Some(ErrorCode::ConstraintViolation)
            );
            assert!(error.to_string().contains("FOREIGN KEY"), "{error}");
            if let Place::File(_) = place {
                let asked = |name| store.conn.pragma_query_value(None, name, |row| row.get(0));
                // FULL: a commit is on the disk before it is told.
                assert_eq!(asked("synchronous"), Ok(2));
            }
        }
    }
}
