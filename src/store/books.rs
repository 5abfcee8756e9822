//! What does not add up in the file: queries that find only what is off.

use super::document::{LINE, NET_GIVEN, TAX_GIVEN, line};
use super::row::{self, Kept};
use super::tx::Reader;
use crate::billing::money::{Currency, Money};
use crate::billing::order::Line;
use rusqlite::Row;
use std::collections::BTreeSet;

/// Rows of one kind that are worth reading.
const AT_MOST: u32 = 100;

/// Two amounts that should be equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unequal {
    /// Whose they are: a number, or a name.
    pub of: String,
    /// What stands there.
    pub is: Money,
    /// What follows from the parts.
    pub should: Money,
}

fn unequal(row: &Row<'_>) -> rusqlite::Result<Unequal> {
    let currency: Currency = row::spelled(row, 1)?;
    Ok(Unequal {
        of: row.get(0)?,
        is: row::money(row, 2, currency)?,
        should: row::money(row, 3, currency)?,
    })
}

/// What was given back of lines of an invoice: by notes, and by orders that are paid.
const GIVEN: &str = "(given.credit_note IS NOT NULL OR EXISTS (SELECT 1 FROM orders o \
    WHERE o.id = given.orders AND o.state = 'paid'))";

/// What of an invoice is still to be paid.
const OPEN: &str = "CASE WHEN kind = 'invoice' AND state <> 'void' \
    THEN max(0, total - paid - from_balance - credited) ELSE 0 END";

impl Reader<'_> {
    fn unequal(&self, sql: &str) -> Kept<Vec<Unequal>> {
        self.all(&format!("{sql} LIMIT {AT_MOST}"), [], unequal)
    }

    /// Movements whose debits are not their credits, by their line of the journal.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unbalanced_movements(&self) -> Kept<Vec<Unequal>> {
        self.unequal(
            "SELECT CAST(journal AS TEXT), currency, sum(amount), 0 FROM posting \
             GROUP BY journal, currency HAVING sum(amount) <> 0",
        )
    }

    /// Orders and documents that are not what they consist of: net and tax to the total, lines to net and tax.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unequal_sums(&self) -> Kept<Vec<Unequal>> {
        let mut found = Vec::new();
        for (of, rows) in [
            ("'O-' || printf('%06d', id)", "orders"),
            ("number", "invoice"),
        ] {
            found.extend(self.unequal(&format!(
                "SELECT {of}, currency, total, net + tax FROM {rows} WHERE total <> net + tax"
            ))?);
        }
        for what in ["net", "tax"] {
            for (of, rows, lines) in [
                (
                    "'O-' || printf('%06d', id)",
                    "orders",
                    "line.orders = orders.id",
                ),
                (
                    "number",
                    "invoice WHERE orders IS NOT NULL",
                    "line.orders = invoice.orders",
                ),
                (
                    "number",
                    "invoice WHERE orders IS NULL",
                    "line.credit_note = invoice.id",
                ),
            ] {
                found.extend(self.unequal(&format!(
                    "SELECT * FROM (SELECT {of}, currency, {what} AS stands, \
                       (SELECT coalesce(sum(line.{what}), 0) FROM line WHERE {lines}) AS follows \
                     FROM {rows}) WHERE stands <> follows"
                ))?);
            }
        }
        Ok(found)
    }

    /// Invoices whose credits, payments, use of the balance or debt are not those of their notes, payments
    /// and postings. Each with what is compared.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unequal_invoices(&self) -> Kept<Vec<(&'static str, Unequal)>> {
        let credited = "SELECT corrects AS of, -sum(total) AS parts FROM invoice GROUP BY corrects";
        let paid = "SELECT invoice AS of, sum(amount) AS parts FROM payment \
                    WHERE kind = 'charge' AND state = 'paid' GROUP BY invoice";
        let book = |name: &str| {
            format!(
                "SELECT invoice AS of, sum(amount) AS parts FROM posting WHERE book = '{name}' GROUP BY invoice"
            )
        };
        let sum = "coalesce(parts, 0)";
        let compared = [
            ("credited", "credited", sum, credited.to_owned()),
            ("paid", "paid", sum, paid.to_owned()),
            (
                "from_balance",
                "CASE WHEN kind = 'invoice' OR orders IS NULL THEN from_balance ELSE -max(0, -total) END",
                "CASE WHEN kind = 'invoice' OR orders IS NOT NULL THEN coalesce(parts, 0) ELSE 0 END",
                book("customer_balance"),
            ),
            ("open", OPEN, sum, book("receivable")),
        ];
        let mut found = Vec::new();
        for (what, stands, follows, parts) in compared {
            // The parts are summed once for all: looked up for each invoice they would be read as often.
            let rows = self.unequal(&format!(
                "SELECT * FROM (SELECT number, currency, {stands} AS stands, {follows} AS follows \
                 FROM invoice LEFT JOIN ({parts}) ON of = invoice.id) WHERE stands <> follows"
            ))?;
            found.extend(rows.into_iter().map(|row| (what, row)));
        }
        let paid = self.unequal(
            "SELECT invoice.number, invoice.currency, invoice.from_balance, orders.from_balance FROM invoice \
             JOIN orders ON orders.id = invoice.orders WHERE invoice.kind = 'invoice' \
               AND invoice.state <> 'void' AND orders.state = 'paid' \
               AND invoice.from_balance <> orders.from_balance",
        )?;
        found.extend(paid.into_iter().map(|row| ("order", row)));
        Ok(found)
    }

    /// Invoices that say open with nothing left to pay, or paid with something left.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn wrong_states(&self) -> Kept<Vec<Unequal>> {
        self.unequal(&format!(
            "SELECT * FROM (SELECT number, currency, {OPEN} AS open, 0, state FROM invoice) \
             WHERE state <> 'void' AND (state = 'open') <> (open > 0)"
        ))
    }

    /// Paid orders that cost or gave something and have no document.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn orders_without_invoice(&self) -> Kept<Vec<String>> {
        let sql = format!(
            "SELECT 'O-' || printf('%06d', id) FROM orders WHERE state = 'paid' \
               AND EXISTS (SELECT 1 FROM line WHERE line.orders = orders.id) \
               AND NOT EXISTS (SELECT 1 FROM invoice WHERE invoice.orders = orders.id \
                               AND invoice.state <> 'void') \
               AND NOT EXISTS (SELECT 1 FROM orders other, json_each(other.parts) part \
                               WHERE other.account = orders.account AND other.state = 'paid' \
                                 AND json_extract(part.value, '$.collects.order') = orders.id) LIMIT {AT_MOST}"
        );
        self.all(&sql, [], |row| row.get(0))
    }

    /// Payments whose money is not in the books as it is said to be: cash of charges and refunds, and what
    /// is set aside for refunds under way.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unequal_payments(&self) -> Kept<Vec<Unequal>> {
        let mut found = Vec::new();
        for (book, stands) in [
            (
                "cash",
                "CASE WHEN state <> 'paid' THEN 0 WHEN kind = 'charge' THEN amount ELSE -amount END",
            ),
            (
                "refunds",
                "CASE WHEN kind = 'refund' AND state IN ('sent', 'processing') THEN -amount ELSE 0 END",
            ),
        ] {
            found.extend(self.unequal(&format!(
                "SELECT * FROM (SELECT 'P-' || printf('%06d', id), currency, {stands} AS stands, \
                   coalesce(parts, 0) AS follows FROM payment LEFT JOIN \
                   (SELECT payment AS of, currency AS in_currency, sum(amount) AS parts FROM posting \
                    WHERE book = '{book}' GROUP BY payment, currency) \
                   ON of = payment.id AND in_currency = currency) WHERE stands <> follows"
            ))?);
        }
        Ok(found)
    }

    /// Lines of which more was given back than billed, and credits of which more was taken back than given, without
    /// tax, by invoice number and place.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn lines_given_twice(&self) -> Kept<Vec<Unequal>> {
        self.unequal(&format!(
            "SELECT 'line ' || own.id, own.currency, -sum({NET_GIVEN}) AS back, own.net FROM line given \
               JOIN line own ON own.id = given.credits WHERE {GIVEN} \
             GROUP BY own.id HAVING CASE WHEN own.net < 0 THEN back < own.net ELSE back > own.net END"
        ))
    }

    /// Invoices of which more was given back than they were over, with tax. An order's credit is rounded with
    /// the order, so it may be a minor unit more.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn invoices_given_twice(&self) -> Kept<Vec<Unequal>> {
        self.unequal(&format!(
            "SELECT invoice.number, invoice.currency, -sum({NET_GIVEN} + {TAX_GIVEN}) AS back, \
               (SELECT sum(max(0, every.net + every.tax)) FROM line every \
                 WHERE every.orders = invoice.orders) AS billed FROM line given \
             JOIN line own ON own.id = given.credits \
             JOIN invoice ON invoice.orders = own.orders AND invoice.state <> 'void' WHERE {GIVEN} \
             GROUP BY invoice.id HAVING back > billed + sum(given.credit_note IS NULL)"
        ))
    }

    /// Places missing in a series of numbers: the kind, and the first place of each hole.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn missing_numbers(&self) -> Kept<Vec<(String, i64)>> {
        let sql = format!(
            "SELECT kind, due FROM (SELECT kind, series, 1 + coalesce(lag(series) OVER \
               (PARTITION BY kind ORDER BY series), 0) AS due FROM invoice) WHERE series <> due \
             LIMIT {AT_MOST}"
        );
        self.all(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Accounts with a day in two paid terms: the name, the first day of the later term, and the end of the
    /// earlier one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn days_sold_twice(&self) -> Kept<Vec<(String, String, String)>> {
        let sql = format!(
            "SELECT account.name, starts, before FROM (SELECT account, starts, max(ends) OVER \
               (PARTITION BY account ORDER BY starts, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) \
               AS before FROM term WHERE paid = 1 AND ends > starts) \
             JOIN account ON account.id = account WHERE starts < before LIMIT {AT_MOST}"
        );
        self.all(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Accounts that owe the seller through their balance.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn negative_balances(&self) -> Kept<Vec<Unequal>> {
        self.unequal(
            "SELECT account.name, posting.currency, -sum(amount) AS balance, 0 FROM posting \
             JOIN account ON account.id = posting.account WHERE book = 'customer_balance' \
             GROUP BY posting.account, posting.currency HAVING balance < 0",
        )
    }

    /// Accounts whose debt is what an invoice left in the balance because it was too little to charge: no
    /// payment and no balance has paid all of it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn carried_debts(&self) -> Kept<BTreeSet<String>> {
        let sql = "SELECT name FROM (SELECT account.name AS name, -sum(amount) AS balance, \
                     (SELECT coalesce(sum(from_balance), 0) FROM invoice WHERE invoice.account = account.id \
                        AND invoice.kind = 'invoice' AND from_balance > 0 AND state = 'paid') AS applied \
                   FROM posting JOIN account ON account.id = posting.account \
                   WHERE book = 'customer_balance' GROUP BY account.id) \
                   WHERE balance < 0 AND -balance <= applied";
        let names = self.all(sql, [], |row| row.get(0))?;
        Ok(names.into_iter().collect())
    }

    /// Hands every line to somebody, one at a time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn each_line(&self, mut see: impl FnMut(&Line)) -> Kept<()> {
        let sql = format!("SELECT {LINE} FROM line ORDER BY line.id");
        self.each(&sql, [], |row| {
            see(&line(row)?);
            Ok(())
        })
    }
}
