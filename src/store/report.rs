//! What reports and exports read: postings, billed amounts, debts, promises. Streamed where there may be many.

use super::row::{self, Kept, day_text_or_none};
use super::tx::Reader;
use crate::billing::calendar::{Day, Span};
use crate::billing::ledger::Book;
use crate::billing::money::{Currency, Money};
use crate::billing::order::{OrderState, Part};
use crate::billing::policy::OrderKind;
use crate::billing::report::release::{Earning, served_from};

/// When an order was paid, and what it brought, where that is no term of its own.
const PAID_FOR: &str = "CASE WHEN orders.state = 'paid' THEN orders.settled_at END, \
    CASE WHEN term.orders IS NOT orders.id THEN orders.parts END";

/// The first day without what a line pays for, where that ended before its time.
const CUT_ON: &str = "coalesce(term.cut_on, (SELECT max(holding.cut_on) FROM holding \
    WHERE holding.orders = billed.orders AND holding.add_on = billed.item AND holding.cut_on IS NOT NULL))";

/// One side of a movement, with the names of what caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedRow {
    /// The line of the journal that moved it.
    pub journal: i64,
    /// What was done.
    pub command: String,
    /// The day.
    pub on: Day,
    /// The book.
    pub book: Book,
    /// Name of the account.
    pub account: String,
    /// Debit positive.
    pub amount: Money,
    /// Number of the document.
    pub invoice: Option<String>,
    /// Key and text of the line.
    pub line: Option<(i64, String)>,
    /// Key and method of the payment.
    pub payment: Option<(i64, String)>,
}

/// One billed amount with the names of what billed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarningRow {
    /// Key of the line.
    pub line: i64,
    /// In words.
    pub text: String,
    /// Name of the account.
    pub account: String,
    /// Number of the document.
    pub invoice: String,
    /// What is earned, and over which days.
    pub earning: Earning,
}

/// An invoice that was open on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebtRow {
    /// Its number.
    pub invoice: String,
    /// Name of the account.
    pub account: String,
    /// The day it was due.
    pub due_on: Day,
    /// What was open.
    pub open: Money,
}

/// An order that waits to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseRow {
    /// Its key.
    pub order: i64,
    /// Name of the account.
    pub account: String,
    /// What it is for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// The day it was placed.
    pub placed_on: Day,
    /// The first day on which it can no longer be paid.
    pub lapses_on: Option<Day>,
    /// What is to be paid.
    pub due: Money,
}

impl Reader<'_> {
    /// Hands over every posting of a stretch of days, in the order in which they were written.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn each_posting(
        &self,
        since: Option<Day>,
        until: Option<Day>,
        mut see: impl FnMut(BookedRow),
    ) -> Kept<()> {
        let sql = "SELECT posting.journal, journal.command, posted, book, account.name, posting.currency, \
                     posting.amount, invoice.number, posting.line, line.text, posting.payment, payment.method \
                   FROM posting JOIN account ON account.id = posting.account \
                     LEFT JOIN journal ON journal.id = posting.journal \
                     LEFT JOIN invoice ON invoice.id = posting.invoice \
                     LEFT JOIN line ON line.id = posting.line \
                     LEFT JOIN payment ON payment.id = posting.payment \
                   WHERE (?1 IS NULL OR posted >= ?1) AND (?2 IS NULL OR posted < ?2) \
                   ORDER BY posting.id";
        let days = (day_text_or_none(since), day_text_or_none(until));
        self.each(sql, days, |row| {
            let currency: Currency = row::spelled(row, 5)?;
            let pair = |key: usize, words: usize| -> rusqlite::Result<Option<(i64, String)>> {
                let (key, words): (Option<i64>, Option<String>) = (row.get(key)?, row.get(words)?);
                Ok(key.map(|key| (key, words.unwrap_or_default())))
            };
            see(BookedRow {
                journal: row.get(0)?,
                command: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                on: row::day(row, 2)?,
                book: row::named(row, 3)?,
                account: row.get(4)?,
                amount: row::money(row, 6, currency)?,
                invoice: row.get(7)?,
                line: pair(8, 9)?,
                payment: pair(10, 11)?,
            });
            Ok(())
        })
    }

    /// Hands over every billed amount of documents issued before a day. What was called off since is among them:
    /// it counts until the day of that.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn each_earning(&self, before: Day, mut see: impl FnMut(EarningRow)) -> Kept<()> {
        // A document that is void was called off on the day on which it was settled; its notes go with it.
        let columns = |of: &str| {
            format!(
                "line.id, line.text, account.name, invoice.number, line.currency, line.net, line.starts, \
                 line.ends, invoice.issued_on, {CUT_ON}, {PAID_FOR}, \
                 CASE WHEN {of}.state = 'void' THEN {of}.settled_on END"
            )
        };
        let (billed, noted) = (columns("invoice"), columns("own"));
        let sql = format!(
            "SELECT {billed} FROM invoice JOIN line ON line.orders = invoice.orders \
               JOIN account ON account.id = invoice.account JOIN orders ON orders.id = invoice.orders \
               JOIN line billed ON billed.id = coalesce(line.credits, line.id) \
               LEFT JOIN term ON term.id = billed.term \
             WHERE invoice.issued_on < ?1 AND line.net <> 0 \
             UNION ALL SELECT {noted} FROM invoice JOIN line ON line.credit_note = invoice.id \
               JOIN account ON account.id = invoice.account \
               JOIN line billed ON billed.id = coalesce(line.credits, line.id) \
               LEFT JOIN orders ON orders.id = billed.orders LEFT JOIN term ON term.id = billed.term \
               LEFT JOIN invoice own ON own.id = invoice.corrects \
             WHERE invoice.issued_on < ?1 AND line.net <> 0"
        );
        self.each(&sql, [before.to_string()], |row| {
            let currency: Currency = row::spelled(row, 4)?;
            let service = match (row::day_or_none(row, 6)?, row::day_or_none(row, 7)?) {
                (Some(start), Some(end)) => Some(Span::new(start, end)),
                _ => None,
            };
            let billed_on = row::day(row, 8)?;
            let paid_on = row::moment_or_none(row, 10)?.map(|at| at.date());
            let parts: Vec<Part> = row::from_json_or_none(row, 11)?.unwrap_or_default();
            see(EarningRow {
                line: row.get(0)?,
                text: row.get(1)?,
                account: row.get(2)?,
                invoice: row.get(3)?,
                earning: Earning {
                    net: row::money(row, 5, currency)?,
                    service,
                    billed_on,
                    served_from: served_from(&parts, billed_on, paid_on),
                    cut_on: row::day_or_none(row, 9)?,
                    undone_on: row::day_or_none(row, 12)?,
                },
            });
            Ok(())
        })
    }

    /// Invoices that were open at the end of a day, the oldest debt first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn debts(&self, on: Day) -> Kept<Vec<DebtRow>> {
        let sql = "SELECT invoice.number, account.name, invoice.due_on, posting.currency, \
                     sum(posting.amount) AS open FROM posting \
                   JOIN invoice ON invoice.id = posting.invoice \
                   JOIN account ON account.id = invoice.account \
                   WHERE book = 'receivable' AND posted <= ?1 \
                   GROUP BY invoice.id HAVING open <> 0 ORDER BY invoice.due_on, invoice.id";
        self.all(sql, [on.to_string()], |row| {
            let currency: Currency = row::spelled(row, 3)?;
            Ok(DebtRow {
                invoice: row.get(0)?,
                account: row.get(1)?,
                due_on: row::day(row, 2)?,
                open: row::money(row, 4, currency)?,
            })
        })
    }

    /// Orders that wait to be paid, the oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn promises(&self) -> Kept<Vec<PromiseRow>> {
        let sql = "SELECT orders.id, account.name, orders.kind, orders.state, placed_at, lapses_on, \
                     orders.currency, coalesce((SELECT max(0, total - paid - from_balance - credited) \
                       FROM invoice WHERE invoice.orders = orders.id AND invoice.state = 'open'), orders.total) \
                   FROM orders INDEXED BY orders_unpaid JOIN account ON account.id = orders.account \
                   WHERE orders.state <> 'paid' AND orders.state IN ('pending', 'processing') \
                   ORDER BY orders.id";
        self.all(sql, [], promise)
    }

    /// Orders that waited to be paid at the end of a day that is over, the oldest first. What became of them
    /// since is left aside; what was due of an invoice is what the books had open.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn promises_then(&self, on: Day) -> Kept<Vec<PromiseRow>> {
        let sql = "SELECT orders.id, account.name, orders.kind, \
                     CASE WHEN orders.state = 'processing' THEN orders.state ELSE 'pending' END, \
                     placed_at, lapses_on, orders.currency, coalesce(nullif(open, 0), orders.total) \
                   FROM orders JOIN account ON account.id = orders.account \
                     LEFT JOIN (SELECT invoice.orders AS of, sum(posting.amount) AS open FROM posting \
                       JOIN invoice ON invoice.id = posting.invoice \
                       WHERE book = 'receivable' AND posted <= ?1 GROUP BY invoice.orders) \
                     ON of = orders.id \
                   WHERE substr(placed_at, 1, 10) <= ?1 \
                     AND (orders.state IN ('pending', 'processing') OR substr(settled_at, 1, 10) > ?1) \
                   ORDER BY orders.id";
        self.all(sql, [on.to_string()], promise)
    }
}

fn promise(row: &rusqlite::Row<'_>) -> rusqlite::Result<PromiseRow> {
    let currency: Currency = row::spelled(row, 6)?;
    Ok(PromiseRow {
        order: row.get(0)?,
        account: row.get(1)?,
        kind: row::named(row, 2)?,
        state: row::named(row, 3)?,
        placed_on: row::moment(row, 4)?.date(),
        lapses_on: row::day_or_none(row, 5)?,
        due: row::money(row, 7, currency)?,
    })
}
