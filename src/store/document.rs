//! Reading orders, lines, invoices, payments and cases.

use super::row::{self, Kept};
use super::tx::Reader;
use crate::billing::calendar::Span;
use crate::billing::case::Case;
use crate::billing::invoice::Invoice;
use crate::billing::money::{Currency, Money};
use crate::billing::order::{Line, Order};
use crate::billing::payment::Payment;
use rusqlite::{Params, Row};

/// The columns of a line, in the order in which [`line`] reads them.
pub(super) const LINE: &str = "line.id, line.kind, line.text, line.item, line.seat_type, line.quantity, \
    line.starts, line.ends, line.term, line.unit_price, line.list, line.working, line.because, \
    line.currency, line.gross, line.discount, line.discounted, line.net, line.tax, line.tax_percent, \
    line.tax_name, line.credits";

/// How many columns [`LINE`] has.
pub(super) const LINE_COLUMNS: usize = 22;

/// Reads a line.
pub(super) fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    let currency: Currency = row::spelled(row, 13)?;
    let service = match (row::day_or_none(row, 6)?, row::day_or_none(row, 7)?) {
        (Some(start), Some(end)) => Some(Span::new(start, end)),
        _ => None,
    };
    Ok(Line {
        id: row.get(0)?,
        kind: row::named(row, 1)?,
        text: row.get(2)?,
        item: row.get(3)?,
        seat_type: row.get(4)?,
        quantity: row.get(5)?,
        service,
        term: row.get(8)?,
        unit_price: row::spelled(row, 9)?,
        list: row.get(10)?,
        working: row::from_json_or_none(row, 11)?,
        because: row::from_json_or_none(row, 12)?,
        gross: row::money(row, 14, currency)?,
        discount: row::money(row, 15, currency)?,
        discounted: row::from_json_or_none(row, 16)?.unwrap_or_default(),
        net: row::money(row, 17, currency)?,
        tax: row::money(row, 18, currency)?,
        tax_percent: row::spelled(row, 19)?,
        tax_name: row.get(20)?,
        credits: row.get(21)?,
    })
}

pub(super) const ORDER: &str = "SELECT id, account, kind, state, placed_at, settled_at, method, instalments, parts, \
    currency, net, tax, total, from_balance, lapses_on, basis, renews, reason FROM orders";

pub(super) fn order(row: &Row<'_>) -> rusqlite::Result<Order> {
    let currency: Currency = row::spelled(row, 9)?;
    Ok(Order {
        id: row.get(0)?,
        account: row.get(1)?,
        kind: row::named(row, 2)?,
        state: row::named(row, 3)?,
        placed_at: row::moment(row, 4)?,
        settled_at: row::moment_or_none(row, 5)?,
        method: row.get(6)?,
        instalments: row.get(7)?,
        parts: row::from_json(row, 8)?,
        lines: Vec::new(),
        currency,
        net: row::money(row, 10, currency)?,
        tax: row::money(row, 11, currency)?,
        total: row::money(row, 12, currency)?,
        from_balance: row::money(row, 13, currency)?,
        lapses_on: row::day_or_none(row, 14)?,
        basis: row.get(15)?,
        renews: row::day_or_none(row, 16)?,
        reason: row.get(17)?,
    })
}

pub(super) const INVOICE: &str = "SELECT id, kind, number, series, account, orders, corrects, issued_on, due_on, \
    currency, net, tax, total, from_balance, paid, credited, state, settled_on FROM invoice";

pub(super) fn invoice(row: &Row<'_>) -> rusqlite::Result<Invoice> {
    let currency: Currency = row::spelled(row, 9)?;
    Ok(Invoice {
        id: row.get(0)?,
        kind: row::named(row, 1)?,
        number: row.get(2)?,
        series: row.get(3)?,
        account: row.get(4)?,
        order: row.get(5)?,
        corrects: row.get(6)?,
        issued_on: row::day(row, 7)?,
        due_on: row::day(row, 8)?,
        currency,
        net: row::money(row, 10, currency)?,
        tax: row::money(row, 11, currency)?,
        total: row::money(row, 12, currency)?,
        from_balance: row::money(row, 13, currency)?,
        paid: row::money(row, 14, currency)?,
        credited: row::money(row, 15, currency)?,
        state: row::named(row, 16)?,
        settled_on: row::day_or_none(row, 17)?,
    })
}

pub(super) const PAYMENT: &str = "SELECT id, account, orders, invoice, kind, method, key, reference, currency, amount, \
    begun_at, settled_at, state, reason, attempt FROM payment";

pub(super) fn payment(row: &Row<'_>) -> rusqlite::Result<Payment> {
    let currency: Currency = row::spelled(row, 8)?;
    Ok(Payment {
        id: row.get(0)?,
        account: row.get(1)?,
        order: row.get(2)?,
        invoice: row.get(3)?,
        kind: row::named(row, 4)?,
        method: row.get(5)?,
        key: row.get(6)?,
        reference: row.get(7)?,
        amount: row::money(row, 9, currency)?,
        begun_at: row::moment(row, 10)?,
        settled_at: row::moment_or_none(row, 11)?,
        state: row::named(row, 12)?,
        reason: row.get(13)?,
        attempt: row.get(14)?,
    })
}

const CASE: &str = "SELECT id, account, about, text, member, contact, goes_to, opened_at, closed_at, outcome FROM cases";

fn case(row: &Row<'_>) -> rusqlite::Result<Case> {
    Ok(Case {
        id: row.get(0)?,
        account: row.get(1)?,
        about: row::named(row, 2)?,
        text: row.get(3)?,
        member: row.get(4)?,
        contact: row::from_json(row, 5)?,
        to: row.get(6)?,
        opened_at: row::moment(row, 7)?,
        closed_at: row::moment_or_none(row, 8)?,
        outcome: row.get(9)?,
    })
}

/// What a line gave back of another, below nothing, without what a note has taken back of it.
pub(super) const NET_GIVEN: &str = "(given.net + (SELECT coalesce(sum(back.net), 0) FROM line back WHERE back.credits = given.id))";

/// The tax of it.
pub(super) const TAX_GIVEN: &str = "(given.tax + (SELECT coalesce(sum(back.tax), 0) FROM line back WHERE back.credits = given.id))";

impl Reader<'_> {
    fn orders_where(&self, which: &str, params: impl Params) -> Kept<Vec<Order>> {
        let mut orders = self.all(&format!("{ORDER} {which}"), params, order)?;
        for order in &mut orders {
            order.lines = self.lines_of_order(order.id)?;
        }
        Ok(orders)
    }

    /// An order by its key, with its lines.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn order(&self, id: i64) -> Kept<Option<Order>> {
        Ok(self.orders_where("WHERE id = ?1", [id])?.pop())
    }

    /// The account's orders, newest first, with their lines.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn orders_of_account(&self, account: i64) -> Kept<Vec<Order>> {
        self.orders_where("WHERE account = ?1 ORDER BY id DESC", [account])
    }

    /// Orders that rules look at: open ones, and renewals, oldest first, without their lines.
    pub(super) fn orders_to_show(&self, account: i64) -> Kept<Vec<Order>> {
        let which = "WHERE account = ?1 AND (state IN ('pending', 'processing') OR renews IS NOT NULL) ORDER BY id";
        self.all(&format!("{ORDER} {which}"), [account], order)
    }

    /// Adds their lines to those orders that are open.
    pub(super) fn add_lines(&self, orders: &mut [Order]) -> Kept<()> {
        for order in orders.iter_mut().filter(|order| order.state.is_open()) {
            order.lines = self.lines_of_order(order.id)?;
        }
        Ok(())
    }

    /// The lines of an order, and so of its invoice.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn lines_of_order(&self, order: i64) -> Kept<Vec<Line>> {
        self.all(
            &format!("SELECT {LINE} FROM line WHERE orders = ?1 ORDER BY id"),
            [order],
            line,
        )
    }

    /// The lines of a document: a credit note's own, or those of the order that an invoice bills.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn lines_of_invoice(&self, invoice: &Invoice) -> Kept<Vec<Line>> {
        match invoice.order {
            Some(order) => self.lines_of_order(order),
            None => {
                let sql = format!("SELECT {LINE} FROM line WHERE credit_note = ?1 ORDER BY id");
                self.all(&sql, [invoice.id], line)
            }
        }
    }

    /// What was given back of a line so far, net of tax, as a positive amount.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn credited_of_line(&self, of: &Line) -> Kept<Money> {
        let sql = format!(
            "SELECT coalesce(-sum({NET_GIVEN}), 0) FROM line given WHERE given.credits = ?1 \
             AND (given.credit_note IS NOT NULL OR EXISTS (SELECT 1 FROM orders o \
                  WHERE o.id = given.orders AND o.state = 'paid'))"
        );
        let minor = self.first(&sql, [of.id], |row| row.get(0))?;
        Ok(Money::of(minor.unwrap_or(0), of.net.currency))
    }

    /// A document by its number.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn invoice_numbered(&self, number: &str) -> Kept<Option<Invoice>> {
        self.first(&format!("{INVOICE} WHERE number = ?1"), [number], invoice)
    }

    /// A document by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn invoice(&self, id: i64) -> Kept<Option<Invoice>> {
        self.first(&format!("{INVOICE} WHERE id = ?1"), [id], invoice)
    }

    /// The invoice of an order that is not void.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn invoice_of_order(&self, order: i64) -> Kept<Option<Invoice>> {
        self.first(
            &format!("{INVOICE} WHERE orders = ?1 AND state <> 'void'"),
            [order],
            invoice,
        )
    }

    /// The account's documents, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn invoices_of_account(&self, account: i64) -> Kept<Vec<Invoice>> {
        self.all(
            &format!("{INVOICE} WHERE account = ?1 ORDER BY id DESC"),
            [account],
            invoice,
        )
    }

    pub(super) fn open_invoices(&self, account: i64) -> Kept<Vec<Invoice>> {
        let which = "WHERE account = ?1 AND state = 'open' AND kind = 'invoice' ORDER BY id";
        self.all(&format!("{INVOICE} {which}"), [account], invoice)
    }

    /// Documents by any condition on their columns, in order of issue.
    pub(super) fn invoices_where(&self, which: &str, params: impl Params) -> Kept<Vec<Invoice>> {
        self.all(&format!("{INVOICE} {which}"), params, invoice)
    }

    /// A payment by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn payment(&self, id: i64) -> Kept<Option<Payment>> {
        self.first(&format!("{PAYMENT} WHERE id = ?1"), [id], payment)
    }

    /// Payments that meet conditions, in the order that the conditions end with.
    pub(super) fn payments_where(&self, which: &str, of: impl Params) -> Kept<Vec<Payment>> {
        self.all(&format!("{PAYMENT} {which}"), of, payment)
    }

    /// The account's payments, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn payments_of_account(&self, account: i64) -> Kept<Vec<Payment>> {
        self.all(
            &format!("{PAYMENT} WHERE account = ?1 ORDER BY id"),
            [account],
            payment,
        )
    }

    /// Attempts for an order, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn payments_of_order(&self, order: i64) -> Kept<Vec<Payment>> {
        self.all(
            &format!("{PAYMENT} WHERE orders = ?1 ORDER BY id"),
            [order],
            payment,
        )
    }

    /// Payments whose end is not known, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn open_payments(&self) -> Kept<Vec<Payment>> {
        let which = "WHERE state IN ('sent', 'processing') ORDER BY id";
        self.all(&format!("{PAYMENT} {which}"), [], payment)
    }

    /// Charges whose end is not known and whose orders wait for no money any more, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unwaited_payments(&self) -> Kept<Vec<Payment>> {
        let which = "INDEXED BY payment_open WHERE state IN ('sent', 'processing') AND kind = 'charge' \
                     AND EXISTS (SELECT 1 FROM orders WHERE orders.id = payment.orders \
                       AND orders.state NOT IN ('pending', 'processing')) ORDER BY id";
        self.all(&format!("{PAYMENT} {which}"), [], payment)
    }

    /// A case by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn case(&self, id: i64) -> Kept<Option<Case>> {
        self.first(&format!("{CASE} WHERE id = ?1"), [id], case)
    }

    pub(super) fn open_cases(&self, account: i64) -> Kept<Vec<Case>> {
        self.all(
            &format!("{CASE} WHERE account = ?1 AND closed_at IS NULL ORDER BY id"),
            [account],
            case,
        )
    }

    /// Cases by any condition on their columns.
    pub(super) fn cases_where(&self, which: &str, params: impl Params) -> Kept<Vec<Case>> {
        self.all(&format!("{CASE} {which}"), params, case)
    }
}
