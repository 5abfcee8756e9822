//! The postings that make an account's balance.

use super::row::{self, Kept};
use super::tx::Reader;
use crate::billing::calendar::Day;

/// One movement of a balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceRow {
    /// The day.
    pub on: Day,
    /// Minor units; above zero is in the account's favour.
    pub minor: i64,
    /// The document.
    pub document: Option<String>,
    /// Whether that is a credit note, or an order that gives money back.
    pub gives: bool,
    /// The document's line, or its first; of a credit note the first that gives back.
    pub line: Option<String>,
    /// The payment's key.
    pub payment: Option<i64>,
}

impl Reader<'_> {
    /// Everything that moved an account's balance up to a day, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn balance_rows(&self, account: i64, on: Day) -> Kept<Vec<BalanceRow>> {
        let sql = "SELECT posting.posted, -posting.amount, invoice.number, \
                     coalesce(invoice.kind = 'credit_note', 0), \
                     CASE WHEN posting.line IS NOT NULL \
                       THEN (SELECT text FROM line WHERE line.id = posting.line) \
                       ELSE coalesce( \
                         (SELECT text FROM line WHERE line.orders = invoice.orders \
                            ORDER BY invoice.kind = 'credit_note' AND line.kind <> 'credit', line.id LIMIT 1), \
                         (SELECT text FROM line WHERE line.credit_note = invoice.id ORDER BY line.id LIMIT 1)) \
                     END, \
                     posting.payment \
                   FROM posting LEFT JOIN invoice ON invoice.id = posting.invoice \
                   WHERE posting.account = ?1 AND posting.book = 'customer_balance' \
                     AND posting.posted <= ?2 ORDER BY posting.id";
        self.all(sql, (account, on.to_string()), |row| {
            Ok(BalanceRow {
                on: row::day(row, 0)?,
                minor: row.get(1)?,
                document: row.get(2)?,
                gives: row.get(3)?,
                line: row.get(4)?,
                payment: row.get(5)?,
            })
        })
    }
}
