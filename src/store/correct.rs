//! Invoices as corrections need to know them: with their lines, and with what was given back of them.

use super::document::{NET_GIVEN, TAX_GIVEN};
use super::row::Kept;
use super::tx::Reader;
use crate::billing::account::Facts;
use crate::billing::correct::{Given, Paper};
use crate::billing::invoice::Invoice;
use crate::billing::money::Money;
use std::collections::BTreeMap;

/// Where the money of a credit note went when it was issued, as the books have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WentTo {
    /// Into the account's balance.
    pub balance: Money,
    /// Set aside for refunds, by their keys.
    pub refunds: Vec<(i64, Money)>,
}

impl Reader<'_> {
    /// Where the money of a credit note went. What is left of it was taken off what the customer owed.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn went_to(&self, note: &Invoice) -> Kept<WentTo> {
        let currency = note.currency;
        let sql = "SELECT coalesce(-sum(amount), 0) FROM posting \
                   WHERE account = ?1 AND book = 'customer_balance' AND invoice = ?2";
        let balance = self.first(sql, [note.account, note.id], |row| row.get(0))?;
        let sql = "SELECT payment, -sum(amount) FROM posting \
                   WHERE invoice = ?1 AND book = 'refunds' AND invoice IS NOT NULL AND payment IS NOT NULL \
                   GROUP BY payment ORDER BY payment";
        let refunds = self.all(sql, [note.id], |row| {
            Ok((row.get(0)?, Money::of(row.get(1)?, currency)))
        })?;
        Ok(WentTo {
            balance: Money::of(balance.unwrap_or(0), currency),
            refunds,
        })
    }

    /// The number of the credit note whose money a refund pays out.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn note_of_refund(&self, refund: i64) -> Kept<Option<String>> {
        let sql = "SELECT number FROM invoice WHERE id = (SELECT invoice FROM posting \
                   WHERE payment = ?1 AND book = 'refunds' AND invoice IS NOT NULL)";
        self.first(sql, [refund], |row| row.get(0))
    }

    /// An invoice with its lines and what was given back of them, by notes and by paid orders.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn paper(&self, invoice: Invoice) -> Kept<Paper> {
        let sql = format!(
            "SELECT given.credits, -{NET_GIVEN}, -{TAX_GIVEN} FROM line own \
             JOIN line given ON given.credits = own.id \
             WHERE own.orders = ?1 AND (given.credit_note IS NOT NULL OR EXISTS (SELECT 1 \
                   FROM orders o WHERE o.id = given.orders AND o.state = 'paid')) \
             ORDER BY given.id"
        );
        let currency = invoice.currency;
        let given = self.all(&sql, [invoice.order], |row| {
            Ok(Given {
                line: row.get(0)?,
                net: Money::of(row.get(1)?, currency),
                tax: Money::of(row.get(2)?, currency),
            })
        })?;
        Ok(Paper {
            lines: self.lines_of_invoice(&invoice)?,
            invoice,
            given,
        })
    }

    /// What credit notes gave back of the lines of invoices; few have any.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) fn noted(&self, invoices: &[Invoice]) -> Kept<Vec<Given>> {
        let sql = "SELECT given.credits, -given.net, -given.tax FROM line own \
                   JOIN line given ON given.credits = own.id \
                   WHERE own.orders = ?1 AND given.credit_note IS NOT NULL ORDER BY given.id";
        let mut noted = Vec::new();
        for invoice in invoices
            .iter()
            .filter(|invoice| !invoice.credited.is_zero())
        {
            let currency = invoice.currency;
            noted.extend(self.again().all(sql, [invoice.order], |row| {
                Ok(Given {
                    line: row.get(0)?,
                    net: Money::of(row.get(1)?, currency),
                    tax: Money::of(row.get(2)?, currency),
                })
            })?);
        }
        Ok(noted)
    }

    /// The invoices that billed the paid time an account has left, those whose time paid for it as a credit on
    /// them, and the open ones.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn papers(&self, facts: &Facts) -> Kept<Vec<Paper>> {
        let billed = facts.billed.iter().map(|billed| billed.invoice);
        let open = facts.open_invoices.iter().map(|open| open.id);
        let mut keys: Vec<i64> = billed.chain(open).collect();
        let mut papers: BTreeMap<i64, Paper> = BTreeMap::new();
        while let Some(key) = keys.pop() {
            if papers.contains_key(&key) {
                continue;
            }
            let Some(invoice) = self.invoice(key)? else {
                continue;
            };
            let paper = self.paper(invoice)?;
            for credited in paper.lines.iter().filter_map(|line| line.credits) {
                keys.extend(self.billed_by(credited)?);
            }
            papers.insert(key, paper);
        }
        Ok(papers.into_values().collect())
    }

    /// The invoice that billed a line.
    fn billed_by(&self, line: i64) -> Kept<Option<i64>> {
        let sql = "SELECT invoice.id FROM line JOIN invoice ON invoice.orders = line.orders \
                   WHERE line.id = ?1";
        self.first(sql, [line], |row| row.get(0))
    }
}
