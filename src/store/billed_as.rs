//! Whom documents were issued to: an account that moves does not move them.

use super::row::{self, Kept};
use super::sheet::Sheet;
use super::tx::Reader;
use crate::billing::account::{Account, BillingDetails};
use rusqlite::params;

impl Sheet {
    /// Keeps how an account was billed so far, before that changes. Nothing for one without documents, or without
    /// any since it was changed before.
    pub(super) fn keep_billed_as(&mut self, account: i64) -> Kept<()> {
        let sql = "INSERT INTO billed_as (account, last_invoice, title, country, billing) \
            SELECT account.id, max(invoice.id), account.title, account.country, account.billing FROM account \
              JOIN invoice ON invoice.account = account.id WHERE account.id = ?1 GROUP BY account.id \
            ON CONFLICT DO NOTHING";
        self.any(sql, params![account])
    }
}

impl Reader<'_> {
    /// An account as it was billed when a document was issued to it. Its language is today's: the same document may
    /// be asked for in another one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn billed_as(&self, account: Account, invoice: i64) -> Kept<Account> {
        let sql = "SELECT title, country, billing FROM billed_as \
                   WHERE account = ?1 AND last_invoice >= ?2 ORDER BY last_invoice LIMIT 1";
        let then = self.first(sql, [account.id, invoice], |row| {
            let billing: BillingDetails = row::from_json(row, 2)?;
            Ok((row.get(0)?, row.get(1)?, billing))
        })?;
        let Some((title, country, billing)) = then else {
            return Ok(account);
        };
        Ok(Account {
            title,
            country,
            billing: BillingDetails {
                language: account.billing.language.clone(),
                ..billing
            },
            ..account
        })
    }
}
