//! The statements behind the changes: how orders, payments, terms and documents become rows.

use super::row::{Kept, day_text, day_text_or_none, json, moment_text, name};
use super::sheet::Sheet;
use super::tx::Tx;
use crate::billing::invoice::Invoice;
use crate::billing::ledger::Posting;
use crate::billing::order::{Line, Order};
use crate::billing::payment::Payment;
use crate::billing::policy::Stub;
use crate::billing::term::{Holding, Slice, Term};
use rusqlite::params;

/// What a line belongs to: an order, or a credit note.
enum Owner {
    Order(i64),
    CreditNote(i64),
}

impl Sheet {
    pub(super) fn insert_order(&mut self, order: &Order) -> Kept<()> {
        self.one(
            "INSERT INTO orders (id, account, kind, state, placed_at, settled_at, method, instalments, parts, \
             currency, net, tax, total, from_balance, lapses_on, basis, renews, reason) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                order.id,
                order.account,
                name(&order.kind)?,
                order.state.name(),
                moment_text(order.placed_at),
                order.settled_at.map(moment_text),
                order.method,
                order.instalments,
                json(&order.parts)?,
                order.currency.code(),
                order.net.minor,
                order.tax.minor,
                order.total.minor,
                order.from_balance.minor,
                day_text_or_none(order.lapses_on),
                order.basis,
                day_text_or_none(order.renews),
                order.reason
            ],
        )?;
        order
            .lines
            .iter()
            .try_for_each(|line| self.insert_line(&Owner::Order(order.id), line))
    }

    fn insert_line(&mut self, owner: &Owner, line: &Line) -> Kept<()> {
        let (order, credit_note) = match owner {
            Owner::Order(order) => (Some(order), None),
            Owner::CreditNote(invoice) => (None, Some(invoice)),
        };
        self.one(
            "INSERT INTO line (id, orders, credit_note, kind, text, item, seat_type, quantity, starts, ends, \
             term, unit_price, list, working, because, currency, gross, discount, discounted, net, tax, \
             tax_percent, tax_name, credits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
             ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
            params![
                line.id,
                order,
                credit_note,
                line.kind.name(),
                line.text,
                line.item,
                line.seat_type,
                line.quantity,
                day_text_or_none(line.service.map(|service| service.start)),
                day_text_or_none(line.service.map(|service| service.end)),
                line.term,
                line.unit_price.to_string(),
                line.list,
                line.working.as_ref().map(json).transpose()?,
                line.because.as_ref().map(json).transpose()?,
                line.gross.currency.code(),
                line.gross.minor,
                line.discount.minor,
                Some(&line.discounted)
                    .filter(|taken| !taken.is_empty())
                    .map(json)
                    .transpose()?,
                line.net.minor,
                line.tax.minor,
                line.tax_percent.to_string(),
                line.tax_name,
                line.credits
            ],
        )
    }

    pub(super) fn insert_payment(&mut self, payment: &Payment) -> Kept<()> {
        self.one(
            "INSERT INTO payment (id, account, orders, invoice, kind, method, key, reference, currency, amount, \
             begun_at, settled_at, state, reason, attempt) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                payment.id,
                payment.account,
                payment.order,
                payment.invoice,
                name(&payment.kind)?,
                payment.method,
                payment.key,
                payment.reference,
                payment.amount.currency.code(),
                payment.amount.minor,
                moment_text(payment.begun_at),
                payment.settled_at.map(moment_text),
                payment.state.name(),
                payment.reason,
                payment.attempt
            ],
        )
    }

    pub(super) fn insert_term(&mut self, account: i64, term: &Term) -> Kept<()> {
        self.one(
            "INSERT INTO term (id, account, starts, ends, period, anchor_day, bonus_days, paid, orders, stub) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                term.id,
                account,
                day_text(term.span.start),
                day_text(term.span.end),
                String::from(term.period),
                term.anchor_day,
                term.bonus_days,
                term.paid,
                term.order,
                term.stub.map(Stub::name)
            ],
        )?;
        let mut slices = (1_i64..).zip(&term.slices);
        slices.try_for_each(|(place, slice)| self.slice_at(term.id, place, slice))
    }

    /// Puts a slice of a term down, behind others of it.
    pub(super) fn slice_at(&mut self, term: i64, place: i64, slice: &Slice) -> Kept<()> {
        self.one(
            "INSERT INTO slice (term, place, starts, plan, seats, prices, catalog, orders) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                term,
                place,
                day_text(slice.from),
                slice.plan,
                json(&slice.seats)?,
                json(&slice.prices)?,
                slice.catalog,
                slice.order
            ],
        )
    }

    pub(super) fn insert_holding(&mut self, account: i64, holding: &Holding) -> Kept<()> {
        self.one(
            "INSERT INTO holding (account, add_on, quantity, starts, ends, period, orders) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                account,
                holding.add_on,
                holding.quantity,
                day_text(holding.span.start),
                day_text(holding.span.end),
                String::from(holding.period),
                holding.order
            ],
        )
    }

    pub(super) fn insert_invoice(&mut self, invoice: &Invoice, lines: &[Line]) -> Kept<()> {
        self.one(
            "INSERT INTO invoice (id, kind, number, series, account, orders, corrects, issued_on, due_on, \
             currency, net, tax, total, from_balance, paid, credited, state, settled_on) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                invoice.id,
                name(&invoice.kind)?,
                invoice.number,
                invoice.series,
                invoice.account,
                invoice.order,
                invoice.corrects,
                day_text(invoice.issued_on),
                day_text(invoice.due_on),
                invoice.currency.code(),
                invoice.net.minor,
                invoice.tax.minor,
                invoice.total.minor,
                invoice.from_balance.minor,
                invoice.paid.minor,
                invoice.credited.minor,
                invoice.state.name(),
                day_text_or_none(invoice.settled_on)
            ],
        )?;
        self.count(invoice.kind, invoice.issued_on);
        let owner = Owner::CreditNote(invoice.id);
        lines
            .iter()
            .try_for_each(|line| self.insert_line(&owner, line))
    }

    pub(super) fn insert_posting(&mut self, posting: &Posting) -> Kept<()> {
        self.one_of_line(
            "INSERT INTO posting (journal, book, account, posted, currency, amount, invoice, line, payment) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                posting.book.name(),
                posting.account,
                day_text(posting.on),
                posting.amount.currency.code(),
                posting.amount.minor,
                posting.invoice,
                posting.line,
                posting.payment
            ],
        )
    }
}

impl Tx<'_> {
    /// Writes a slice behind the last of its term.
    pub(super) fn insert_slice(&mut self, term: i64, slice: &Slice) -> Kept<()> {
        let sql = "SELECT coalesce(max(place), 0) + 1 FROM slice WHERE term = ?1";
        let place = self.read().first(sql, [term], |row| row.get(0))?;
        let mut sheet = Sheet::default();
        sheet.slice_at(term, place.unwrap_or(1), slice)?;
        self.write(0, &sheet)
    }
}
