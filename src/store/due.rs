//! The mark of the day on which time may bring something: whom a run has to look at.

use super::keys::Keys;
use super::row::{self, Fault, Kept};
use super::tx::Reader;
use crate::billing::calendar::{Day, Moment};
use rusqlite::params_from_iter;
use std::collections::HashMap;

/// The mark of an account as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueMark {
    /// It is looked at on this day.
    On(Day),
    /// It is never looked at.
    Never,
    /// What stands there is no day.
    Unreadable,
}

impl Reader<'_> {
    /// The marks of accounts behind a key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_marks(&self, after: i64, at_most: u32) -> Kept<Vec<(i64, DueMark)>> {
        let sql = "SELECT id, due_on FROM account WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.all(sql, (after, at_most), |row| {
            let mark = match row::day_or_none(row, 1) {
                Ok(Some(day)) => DueMark::On(day),
                Ok(None) => DueMark::Never,
                Err(_) => DueMark::Unreadable,
            };
            Ok((row.get(0)?, mark))
        })
    }

    /// The latest moment that a write was dated, if it can be read.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last_moment(&self) -> Kept<Option<Moment>> {
        let sql = "SELECT max(as_of) FROM journal";
        let last = self.first(sql, [], |row| {
            Ok(row::moment_or_none(row, 0).ok().flatten())
        })?;
        Ok(last.flatten())
    }

    /// Accounts for which time may bring something by a day, behind one of them, in order of that day and
    /// their key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_accounts(&self, by: Day, after: (Day, i64), at_most: u32) -> Kept<Vec<(Day, i64)>> {
        let sql = "SELECT due_on, id FROM account WHERE due_on IS NOT NULL AND due_on <= ?1 \
                   AND (due_on, id) > (?2, ?3) ORDER BY due_on, id LIMIT ?4";
        let from = (by.to_string(), after.0.to_string(), after.1, at_most);
        let marks = self.all(sql, from, |row| Ok((row::day(row, 0).ok(), row.get(1)?)))?;
        let readable = |(mark, id): (Option<Day>, i64)| {
            let unreadable = || {
                Fault::Other(anyhow::anyhow!(
                    "the day on which account {id} is looked at cannot be read; db check --repair sets it again"
                ))
            };
            Ok((mark.ok_or_else(unreadable)?, id))
        };
        marks.into_iter().map(readable).collect()
    }

    /// How many accounts [`Reader::due_accounts`] would name in all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_count(&self, by: Day) -> Kept<u64> {
        let sql = "SELECT count(*) FROM account WHERE due_on IS NOT NULL AND due_on <= ?1";
        let count: Option<i64> = self.first(sql, [by.to_string()], |row| row.get(0))?;
        Ok(count
            .and_then(|count| u64::try_from(count).ok())
            .unwrap_or(0))
    }

    /// Accounts that are not closed, behind a key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn open_accounts(&self, after: i64, at_most: u32) -> Kept<Vec<i64>> {
        let sql = "SELECT id FROM account WHERE id > ?1 AND closed_on IS NULL ORDER BY id LIMIT ?2";
        self.all(sql, (after, at_most), |row| row.get(0))
    }

    /// The mark of an account.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_mark(&self, account: i64) -> Kept<DueMark> {
        let before = account.saturating_sub(1);
        let found = self.due_marks(before, 1)?;
        let own = found.first().filter(|(id, _)| *id == account);
        Ok(own.map_or(DueMark::Never, |(_, mark)| *mark))
    }

    /// A number that changes when another program writes to the file.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn data_version(&self) -> Kept<i64> {
        let version = self.first("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(version.unwrap_or(0))
    }

    /// The days on which time may bring something for some accounts; there is none for the others.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_days(&self, accounts: &[i64]) -> Kept<HashMap<i64, Day>> {
        let keys = Keys::of(accounts)?;
        let sql =
            keys.sql("SELECT id, due_on FROM account WHERE id {among} AND due_on IS NOT NULL");
        // What is no day is set again like what is missing.
        let days = self.all(&sql, params_from_iter(keys.params()), |row| {
            Ok((row.get(0)?, row::day(row, 1).ok()))
        })?;
        let days = days.into_iter();
        Ok(days.filter_map(|(id, day)| Some((id, day?))).collect())
    }
}
