//! Invoices as corrections need to know them: with their lines, and with what was given back of them.

use super::row::Kept;
use super::tx::Reader;
use crate::billing::account::Facts;
use crate::billing::correct::{Given, Paper};
use crate::billing::invoice::Invoice;
use crate::billing::money::Money;

impl Reader<'_> {
    /// An invoice with its lines and what was given back of them, by notes and by paid orders.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn paper(&self, invoice: Invoice) -> Kept<Paper> {
        let sql = "SELECT given.credits, -given.net, -given.tax FROM line own \
                   JOIN line given ON given.credits = own.id \
                   WHERE own.orders = ?1 AND (given.credit_note IS NOT NULL OR EXISTS (SELECT 1 \
                         FROM orders o WHERE o.id = given.orders AND o.state = 'paid')) \
                   ORDER BY given.id";
        let currency = invoice.currency;
        let given = self.all(sql, [invoice.order], |row| {
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

    /// The invoices that billed the paid time an account has left, and its open ones.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn papers(&self, facts: &Facts) -> Kept<Vec<Paper>> {
        let billed = facts.billed.iter().map(|billed| billed.invoice);
        let open = facts.open_invoices.iter().map(|open| open.id);
        let mut keys: Vec<i64> = billed.chain(open).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut papers = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(invoice) = self.invoice(key)? {
                papers.push(self.paper(invoice)?);
            }
        }
        Ok(papers)
    }
}
