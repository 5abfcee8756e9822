//! The books as they leave the desk: every movement that was kept, and what is earned by time.

use super::{Desk, Failure, Terms};
use crate::billing::calendar::{Day, plus_days};
use crate::billing::ledger::Book;
use crate::billing::report::release::{Pace, bookings};
use crate::store::{BookedRow, EarningRow};
use crate::wire::ledger::{Entry, Side};

/// What is exported.
#[derive(Debug, Clone, Copy)]
pub struct Books {
    /// From this day on.
    pub since: Option<Day>,
    /// Before this day.
    pub until: Option<Day>,
    /// How finely earned money is booked; absent leaves it deferred.
    pub release: Option<Pace>,
}

impl Desk {
    /// Hands over the movements one by one: those that were written, in their order, then what is earned.
    ///
    /// # Errors
    /// The store cannot be read, an amount is too large, or whoever takes them fails.
    pub fn books<E: From<Failure>>(
        &mut self,
        terms: &Terms,
        books: &Books,
        take: &mut dyn FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let today = plus_days(terms.on(), 1);
        let until = books.until.unwrap_or(today).min(today);
        let look = self.look()?;
        let read = look.read();
        let mut open: Option<Entry> = None;
        let mut failed: Result<(), E> = Ok(());
        let seen = read.each_posting(books.since, Some(until), |row| {
            let same = |entry: &Entry| entry.journal == Some(row.journal) && entry.on == row.on;
            if !open.as_ref().is_some_and(same)
                && let Some(done) = open.take()
                && failed.is_ok()
            {
                failed = take(done);
            }
            open.get_or_insert_with(|| begun(&row))
                .postings
                .push(side(row));
        });
        seen.map_err(Failure::from)?;
        failed?;
        if let Some(done) = open.take() {
            take(done)?;
        }
        let Some(pace) = books.release else {
            return Ok(());
        };
        let mut failed: Result<(), E> = Ok(());
        let seen = read.each_earning(until, |row| {
            if failed.is_ok() {
                failed = earned(&row, pace, (books.since, until), take);
            }
        });
        seen.map_err(Failure::from)?;
        failed
    }
}

fn begun(row: &BookedRow) -> Entry {
    Entry {
        on: row.on,
        account: row.account.clone(),
        text: row.command.clone(),
        journal: Some(row.journal),
        postings: Vec::new(),
    }
}

fn side(row: BookedRow) -> Side {
    let part = match row.book {
        Book::Receivable | Book::CustomerBalance => Some(row.account),
        Book::Cash => row.payment.as_ref().map(|(_, method)| method.clone()),
        Book::Deferred | Book::Revenue | Book::Tax | Book::Refunds => None,
    };
    Side {
        book: row.book,
        part: part.filter(|part| !part.is_empty()),
        amount: row.amount,
        invoice: row.invoice,
        line: row.line.map(|(line, _)| line),
        payment: row.payment.map(|(payment, _)| format!("P-{payment:06}")),
    }
}

fn earned<E: From<Failure>>(
    row: &EarningRow,
    pace: Pace,
    (since, until): (Option<Day>, Day),
    take: &mut dyn FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    let parts = bookings(&row.earning, pace, plus_days(until, -1)).map_err(Failure::from)?;
    for (on, part) in parts {
        if since.is_some_and(|since| on < since) {
            continue;
        }
        let side = |book, amount| Side {
            book,
            part: None,
            amount,
            invoice: Some(row.invoice.clone()),
            line: Some(row.line),
            payment: None,
        };
        let what = match row.earning.undone_on {
            Some(undone) if undone == on => "taken back",
            _ => "earned",
        };
        take(Entry {
            on,
            account: row.account.clone(),
            text: format!("{what}: {}", row.text),
            journal: None,
            postings: vec![
                side(Book::Deferred, part),
                side(Book::Revenue, part.negated().map_err(Failure::from)?),
            ],
        })?;
    }
    Ok(())
}
