//! Loading everything a rule may ask about one account: a handful of indexed queries, each prepared once.

use super::row::{self, Kept};
use super::tx::Reader;
use crate::billing::account::{
    Account, Agreement, Facts, Member, Numbers, SavedMethod, Scheduled, Switched,
};
use crate::billing::calendar::Day;
use crate::billing::credit::CreditEntry;
use crate::billing::money::{Currency, Money};
use crate::billing::order::BilledLine;
use crate::billing::term::{Holding, Slice, Term, Trial};
use rusqlite::Row;
use std::collections::BTreeSet;

pub(super) const ACCOUNT: &str = "SELECT id, name, title, country, region, currency, created_on, closed_on, billing FROM account";

pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        title: row.get(2)?,
        country: row.get(3)?,
        region: row.get(4)?,
        currency: row::spelled(row, 5)?,
        created_on: row::day(row, 6)?,
        closed_on: row::day_or_none(row, 7)?,
        billing: row::from_json(row, 8)?,
    })
}

/// Net amounts given back of a line so far.
const GIVEN: &str = "(SELECT coalesce(-sum(given.net + (SELECT coalesce(sum(back.net), 0) FROM line back \
          WHERE back.credits = given.id)), 0) FROM line given WHERE given.credits = line.id \
     AND (given.credit_note IS NOT NULL OR EXISTS (SELECT 1 FROM orders o \
          WHERE o.id = given.orders AND o.state = 'paid')))";

impl Reader<'_> {
    /// The account of a name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn account_named(&self, name: &str) -> Kept<Option<Account>> {
        self.first(&format!("{ACCOUNT} WHERE name = ?1"), [name], account)
    }

    /// The account of a key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn account_by_id(&self, id: i64) -> Kept<Option<Account>> {
        self.first(&format!("{ACCOUNT} WHERE id = ?1"), [id], account)
    }

    /// Everything a rule may ask about an account on a day.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn facts(&self, account: Account, on: Day) -> Kept<Facts> {
        let (id, currency) = (account.id, account.currency);
        let mut facts = self.facts_to_show(account, on)?;
        self.add_lines(&mut facts.orders)?;
        facts.open_invoices = self.open_invoices(id)?;
        facts.noted = self.noted(&facts.open_invoices)?;
        facts.billed = self.billed(id, currency, on)?;
        facts.told = self.told(id)?;
        facts.next = self.numbers()?;
        Ok(facts)
    }

    /// What can be shown of an account on a day. What only changes ask about is left out: lines of open orders,
    /// open invoices, billed lines, what was told, and the next free keys.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn facts_to_show(&self, account: Account, on: Day) -> Kept<Facts> {
        let (id, currency) = (account.id, account.currency);
        Ok(Facts {
            members: self.members(id, on)?,
            method: self.method(id, on)?,
            trials: self.trials(id)?,
            terms: self.terms(id)?,
            holdings: self.holdings(id)?,
            orders: self.orders_to_show(id)?,
            payments: self.payments_of_account(id)?,
            switches: self.switches(id)?,
            scheduled: self.scheduled(id)?,
            agreements: self.agreements(id)?,
            credits: self.credits(id)?,
            open_cases: self.open_cases(id)?,
            balance: self.balance(id, currency)?,
            ..Facts::bare(account)
        })
    }

    /// The people of an account on a day, in the order in which they came.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn members(&self, account: i64, on: Day) -> Kept<Vec<Member>> {
        let sql = "SELECT id, email, role, granted, seat, disabled_on FROM member \
                   WHERE account = ?1 AND added_on <= ?2 AND (removed_on IS NULL OR removed_on > ?2) ORDER BY id";
        self.all(sql, (account, on.to_string()), |row| {
            Ok(Member {
                id: row.get(0)?,
                email: row.get(1)?,
                role: row::named(row, 2)?,
                granted: row.get(3)?,
                seat: row.get(4)?,
                disabled_on: row::day_or_none(row, 5)?,
            })
        })
    }

    /// The way to pay that was on file on a day.
    fn method(&self, account: i64, on: Day) -> Kept<Option<SavedMethod>> {
        let sql = "SELECT method, reference, saved_on FROM method WHERE account = ?1 \
                   AND saved_on <= ?2 AND (removed_on IS NULL OR removed_on > ?2) \
                   ORDER BY id DESC LIMIT 1";
        self.first(sql, (account, on.to_string()), |row| {
            let (method, reference) = (row.get(0)?, row.get(1)?);
            Ok(SavedMethod {
                method,
                reference,
                saved_on: row::day(row, 2)?,
            })
        })
    }

    fn trials(&self, account: i64) -> Kept<Vec<Trial>> {
        let sql = "SELECT starts, ends, plan, ended_on, extended_days FROM trial WHERE account = ?1 ORDER BY starts";
        self.all(sql, [account], |row| {
            Ok(Trial {
                span: row::span(row, 0, 1)?,
                plan: row.get(2)?,
                ended_on: row::day_or_none(row, 3)?,
                extended_days: row.get(4)?,
            })
        })
    }

    fn terms(&self, account: i64) -> Kept<Vec<Term>> {
        let sql = "SELECT id, starts, ends, period, anchor_day, bonus_days, paid, orders, stub FROM term \
                   WHERE account = ?1 ORDER BY starts, id";
        let mut terms = self.all(sql, [account], |row| {
            Ok(Term {
                id: row.get(0)?,
                span: row::span(row, 1, 2)?,
                period: row::spelled(row, 3)?,
                anchor_day: row.get(4)?,
                bonus_days: row.get(5)?,
                paid: row.get(6)?,
                order: row.get(7)?,
                stub: row::named_or_none(row, 8)?,
                slices: Vec::new(),
            })
        })?;
        for term in &mut terms {
            term.slices = self.again().slices(term.id)?;
        }
        Ok(terms)
    }

    fn slices(&self, term: i64) -> Kept<Vec<Slice>> {
        let sql = "SELECT starts, plan, seats, prices, catalog, orders FROM slice WHERE term = ?1 ORDER BY place";
        self.all(sql, [term], |row| {
            Ok(Slice {
                from: row::day(row, 0)?,
                plan: row.get(1)?,
                seats: row::from_json(row, 2)?,
                prices: row::from_json(row, 3)?,
                catalog: row.get(4)?,
                order: row.get(5)?,
            })
        })
    }

    /// Lines of issued invoices for service that has not ended, plans' and add-ons', with what was given back of them.
    fn billed(&self, account: i64, currency: Currency, on: Day) -> Kept<Vec<BilledLine>> {
        // Materialized, or SQLite would work out the two halves with all columns in each.
        let sql = format!(
            "WITH due (line, invoice) AS MATERIALIZED ( \
               SELECT line.id, invoice.id FROM term JOIN line ON line.term = term.id \
                    JOIN invoice ON invoice.orders = line.orders AND invoice.state <> 'void' \
               WHERE term.account = ?1 AND term.ends > ?2 AND line.kind = 'plan' \
               UNION ALL SELECT line.id, invoice.id FROM orders JOIN line ON line.orders = orders.id \
                    JOIN invoice ON invoice.orders = line.orders AND invoice.state <> 'void' \
               WHERE orders.account = ?1 AND line.kind = 'add_on' AND line.ends > ?2) \
             SELECT {}, due.invoice, {GIVEN} FROM due JOIN line ON line.id = due.line ORDER BY line.id",
            super::document::LINE
        );
        let mut billed = self.all(&sql, (account, on.to_string()), |row| {
            let at = super::document::LINE_COLUMNS;
            Ok(BilledLine {
                line: super::document::line(row)?,
                invoice: row.get(at)?,
                credited: Money::of(row.get(at.saturating_add(1))?, currency),
                returned: Vec::new(),
            })
        })?;
        for billed in billed
            .iter_mut()
            .filter(|billed| !billed.credited.is_zero())
        {
            let sql = format!(
                "SELECT {}, (SELECT coalesce(sum(net), 0) FROM line back WHERE back.credits = line.id), \
                   (SELECT coalesce(sum(tax), 0) FROM line back WHERE back.credits = line.id) \
                 FROM line WHERE credits = ?1 AND (credit_note IS NOT NULL OR EXISTS \
                   (SELECT 1 FROM orders o WHERE o.id = line.orders AND o.state = 'paid')) ORDER BY id",
                super::document::LINE
            );
            billed.returned = self.all(&sql, [billed.line.id], |row| {
                let at = super::document::LINE_COLUMNS;
                let (net, tax): (i64, i64) = (row.get(at)?, row.get(at.saturating_add(1))?);
                let mut given = super::document::line(row)?;
                given.net.minor = given.net.minor.saturating_add(net);
                given.tax.minor = given.tax.minor.saturating_add(tax);
                Ok(given)
            })?;
        }
        Ok(billed)
    }

    fn holdings(&self, account: i64) -> Kept<Vec<Holding>> {
        let sql = "SELECT id, add_on, quantity, starts, ends, period, orders FROM holding WHERE account = ?1 ORDER BY id";
        self.all(sql, [account], |row| {
            Ok(Holding {
                id: row.get(0)?,
                add_on: row.get(1)?,
                quantity: row.get(2)?,
                span: row::span(row, 3, 4)?,
                period: row::spelled(row, 5)?,
                order: row.get(6)?,
            })
        })
    }

    fn switches(&self, account: i64) -> Kept<Vec<Switched>> {
        let sql = "SELECT switch, is_on, at FROM switch WHERE account = ?1 ORDER BY place";
        self.all(sql, [account], |row| {
            Ok(Switched {
                switch: row::named(row, 0)?,
                on: row.get(1)?,
                at: row::moment(row, 2)?,
            })
        })
    }

    fn scheduled(&self, account: i64) -> Kept<Vec<Scheduled>> {
        let sql = "SELECT id, asked_on, change FROM scheduled WHERE account = ?1 AND waits = 1";
        self.all(sql, [account], |row| {
            Ok(Scheduled {
                id: row.get(0)?,
                asked_on: row::day(row, 1)?,
                change: row::from_json(row, 2)?,
            })
        })
    }

    fn agreements(&self, account: i64) -> Kept<Vec<Agreement>> {
        let sql =
            "SELECT id, what, starts, ends, reason FROM agreement WHERE account = ?1 ORDER BY id";
        self.all(sql, [account], |row| {
            Ok(Agreement {
                id: row.get(0)?,
                what: row::from_json(row, 1)?,
                from: row::day(row, 2)?,
                until: row::day_or_none(row, 3)?,
                reason: row.get(4)?,
            })
        })
    }

    fn credits(&self, account: i64) -> Kept<Vec<CreditEntry>> {
        let sql = "SELECT id, credit, kind, units, at, expires_on, member, orders, reason \
                   FROM credit_entry WHERE account = ?1 ORDER BY id";
        self.all(sql, [account], |row| {
            Ok(CreditEntry {
                id: row.get(0)?,
                credit: row.get(1)?,
                kind: row::named(row, 2)?,
                units: row.get(3)?,
                at: row::moment(row, 4)?,
                expires_on: row::day_or_none(row, 5)?,
                member: row.get(6)?,
                order: row.get(7)?,
                reason: row.get(8)?,
            })
        })
    }

    fn told(&self, account: i64) -> Kept<BTreeSet<(String, String)>> {
        let sql = "SELECT kind, about FROM message WHERE account = ?1 \
                   UNION ALL SELECT 'case', text FROM cases WHERE account = ?1";
        let told = self.all(sql, [account], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(told.into_iter().collect())
    }

    /// Uses of one limit by an account: member, amount and moment, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn limit_uses(
        &self,
        account: i64,
        limit: &str,
    ) -> Kept<Vec<(Option<i64>, i64, crate::billing::calendar::Moment)>> {
        let sql =
            "SELECT member, amount, at FROM limit_use WHERE account = ?1 AND name = ?2 ORDER BY id";
        self.again().all(sql, (account, limit), |row| {
            Ok((row.get(0)?, row.get(1)?, row::moment(row, 2)?))
        })
    }

    fn balance(&self, account: i64, currency: Currency) -> Kept<Money> {
        let sql = "SELECT coalesce(-sum(amount), 0) FROM posting WHERE account = ?1 AND book = 'customer_balance'";
        let minor = self.first(sql, [account], |row| row.get(0))?;
        Ok(Money::of(minor.unwrap_or(0), currency))
    }

    /// The next free keys. Only inside the writing transaction do they stay free.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn numbers(&self) -> Kept<Numbers> {
        let sql = "SELECT (SELECT coalesce(max(id), 0) + 1 FROM account), \
                          (SELECT coalesce(max(id), 0) + 1 FROM member), \
                          (SELECT coalesce(max(id), 0) + 1 FROM orders), \
                          (SELECT coalesce(max(id), 0) + 1 FROM line), \
                          (SELECT coalesce(max(id), 0) + 1 FROM term), \
                          (SELECT coalesce(max(id), 0) + 1 FROM invoice), \
                          (SELECT coalesce(max(id), 0) + 1 FROM payment), \
                          (SELECT coalesce(max(id), 0) + 1 FROM cases), \
                          (SELECT coalesce(max(id), 0) + 1 FROM agreement), \
                          (SELECT coalesce(max(series), 0) + 1 FROM invoice WHERE kind = 'invoice'), \
                          (SELECT coalesce(max(series), 0) + 1 FROM invoice WHERE kind = 'credit_note')";
        let numbers = self.first(sql, [], |row| {
            Ok(Numbers {
                account: row.get(0)?,
                member: row.get(1)?,
                order: row.get(2)?,
                line: row.get(3)?,
                term: row.get(4)?,
                invoice: row.get(5)?,
                payment: row.get(6)?,
                case: row.get(7)?,
                other: row.get(8)?,
                invoice_series: row.get(9)?,
                credit_note_series: row.get(10)?,
                in_year: None,
            })
        })?;
        Ok(numbers.unwrap_or_default())
    }

    /// Whether a document has a number.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn has_number(&self, number: &str) -> Kept<bool> {
        let sql = "SELECT 1 FROM invoice WHERE number = ?1";
        Ok(self.first(sql, [number], |_| Ok(()))?.is_some())
    }
}
