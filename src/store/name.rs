//! Names for completion: few, by index, and nothing else of the rows they stand in.

use super::row::Kept;
use super::tx::Reader;

/// A name, and a word about what it names.
pub type Named = (String, String);

impl Reader<'_> {
    /// Names of accounts that begin with a text, with their names on paper.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn account_names(&self, prefix: &str, at_most: u32) -> Kept<Vec<Named>> {
        let sql =
            "SELECT name, title FROM account WHERE name >= ?1 AND name < ?2 ORDER BY name LIMIT ?3";
        self.all(sql, (prefix, beyond(prefix), at_most), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// Numbers of invoices and credit notes that begin with a text, with their accounts.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn invoice_numbers(&self, prefix: &str, at_most: u32) -> Kept<Vec<Named>> {
        let sql = "SELECT number, account.name FROM invoice JOIN account ON account.id = invoice.account \
                   WHERE number >= ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3";
        self.all(sql, (prefix, beyond(prefix), at_most), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// Keys of orders in a range, newest first, with their accounts.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn order_keys(&self, from: i64, to: i64, at_most: u32) -> Kept<Vec<(i64, String)>> {
        let sql = "SELECT orders.id, account.name FROM orders JOIN account ON account.id = orders.account \
                   WHERE orders.id BETWEEN ?1 AND ?2 ORDER BY orders.id DESC LIMIT ?3";
        self.all(sql, (from, to, at_most), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// Keys of open cases in a range, newest first, with their accounts.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn case_keys(&self, from: i64, to: i64, at_most: u32) -> Kept<Vec<(i64, String)>> {
        let sql = "SELECT cases.id, coalesce(account.name, 'a visitor') FROM cases LEFT JOIN account ON account.id = cases.account \
                   WHERE cases.id BETWEEN ?1 AND ?2 ORDER BY cases.id DESC LIMIT ?3";
        self.all(sql, (from, to, at_most), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }
}

/// The first text behind every text that begins with a prefix.
fn beyond(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
