//! The mark of the day on which time may bring something: whom a run has to look at.

use super::keys::Keys;
use super::row::{self, Kept};
use super::tx::Reader;
use crate::billing::calendar::Day;
use rusqlite::params_from_iter;
use std::collections::HashMap;

impl Reader<'_> {
    /// Accounts for which time may bring something by a day, behind one of them, in order of that day and
    /// their key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_accounts(&self, by: Day, after: (Day, i64), at_most: u32) -> Kept<Vec<(Day, i64)>> {
        let sql = "SELECT due_on, id FROM account WHERE due_on IS NOT NULL AND due_on <= ?1 \
                   AND (due_on, id) > (?2, ?3) ORDER BY due_on, id LIMIT ?4";
        let from = (by.to_string(), after.0.to_string(), after.1, at_most);
        self.all(sql, from, |row| Ok((row::day(row, 0)?, row.get(1)?)))
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

    /// The day on which time may bring something for an account.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_on(&self, account: i64) -> Kept<Option<Day>> {
        let sql = "SELECT due_on FROM account WHERE id = ?1";
        let found = self.first(sql, [account], |row| row::day_or_none(row, 0))?;
        Ok(found.flatten())
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
        let days = self.all(&sql, params_from_iter(keys.params()), |row| {
            Ok((row.get(0)?, row::day(row, 1)?))
        })?;
        Ok(days.into_iter().collect())
    }
}
