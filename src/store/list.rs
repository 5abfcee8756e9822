//! Narrowing: queries that find rows by simple conditions, and names for completion.

use super::row::{self, Kept, day_text_or_none};
use super::tx::Reader;
use crate::billing::account::Account;
use crate::billing::calendar::Day;
use crate::billing::case::Case;
use crate::billing::invoice::Invoice;
use crate::billing::money::{Currency, Money};
use crate::billing::order::OrderState;
use crate::billing::payment::Payment;
use crate::billing::policy::{OrderKind, Situation};
use crate::billing::term::Trial;
use rusqlite::{Row, params};

/// What a list is narrowed to. Everything that is absent does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this account.
    pub account: Option<i64>,
    /// Only this state, by its name in the store.
    pub state: Option<String>,
    /// From this day on.
    pub since: Option<Day>,
    /// Before this day.
    pub until: Option<Day>,
    /// At most so many.
    pub at_most: u32,
}

/// The conditions that are wanted, so that an index is used where one fits.
pub(super) fn narrowed(parts: &[(bool, &str)]) -> String {
    let wanted = parts.iter().filter(|(wanted, _)| *wanted);
    let parts: Vec<&str> = wanted.map(|(_, part)| *part).collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!("WHERE {}", parts.join(" AND ")),
    }
}

impl Filter {
    /// Conditions on the columns of account, state and day, with [`Filter::texts`] as their parameters.
    fn narrowed(&self, account: &str, state: &str, day: &str) -> String {
        narrowed(&[
            (self.account.is_some(), &format!("{account} = ?1")),
            (self.state.is_some(), state),
            (self.since.is_some(), &format!("{day} >= ?3")),
            (self.until.is_some(), &format!("{day} < ?4")),
        ])
    }

    fn texts(
        &self,
    ) -> (
        Option<i64>,
        Option<&str>,
        Option<String>,
        Option<String>,
        u32,
    ) {
        let at_most = if self.at_most == 0 {
            u32::MAX
        } else {
            self.at_most
        };
        (
            self.account,
            self.state.as_deref(),
            day_text_or_none(self.since),
            day_text_or_none(self.until),
            at_most,
        )
    }
}

/// One account in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Key.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Name on paper.
    pub title: String,
    /// Country.
    pub country: String,
    /// Day of creation.
    pub created_on: Day,
    /// Day of closing.
    pub closed_on: Option<Day>,
}

/// One order in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Key.
    pub id: i64,
    /// The account's name.
    pub account: String,
    /// What it is for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// The day it was placed.
    pub placed_on: Day,
    /// Its total.
    pub total: Money,
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        id: row.get(0)?,
        name: row.get(1)?,
        title: row.get(2)?,
        country: row.get(3)?,
        created_on: row::day(row, 4)?,
        closed_on: row::day_or_none(row, 5)?,
    })
}

impl Reader<'_> {
    /// Accounts whose name begins with a text, by name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn accounts(&self, prefix: &str, at_most: u32) -> Kept<Vec<AccountRow>> {
        let sql = "SELECT id, name, title, country, created_on, closed_on FROM account \
                   WHERE name >= ?1 AND name < ?2 ORDER BY name LIMIT ?3";
        let beyond = format!("{prefix}\u{10FFFF}");
        self.all(sql, (prefix, beyond, at_most), account_row)
    }

    /// Accounts whose name begins with a text and comes after another name, by name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn accounts_after(
        &self,
        prefix: &str,
        after: Option<&str>,
        at_most: u32,
    ) -> Kept<Vec<AccountRow>> {
        let sql = "SELECT id, name, title, country, created_on, closed_on FROM account \
                   WHERE name >= ?1 AND name < ?2 AND name > ?3 ORDER BY name LIMIT ?4";
        let beyond = format!("{prefix}\u{10FFFF}");
        let after = after.unwrap_or_default();
        self.all(sql, (prefix, beyond, after, at_most), account_row)
    }

    /// Trials that have begun by a day, newest first, each with the name of its account. The filter's state is
    /// `running` or nothing.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn trials_of_all(&self, filter: &Filter, on: Day) -> Kept<Vec<(String, Trial)>> {
        let (account, state, _, _, at_most) = filter.texts();
        // Those that run are few among all.
        let index = match (account, state) {
            (Some(_), _) => "",
            (None, Some(_)) => "INDEXED BY trial_ends",
            (None, None) => "INDEXED BY trial_starts",
        };
        let which = narrowed(&[
            (account.is_some(), "trial.account = ?1"),
            (true, "starts <= ?2"),
            (
                state.is_some(),
                "ends > ?2 AND (ended_on IS NULL OR ended_on > ?2)",
            ),
        ]);
        let sql = format!(
            "SELECT account.name, starts, ends, plan, ended_on, extended_days FROM trial {index} \
             CROSS JOIN account ON account.id = trial.account {which} ORDER BY starts DESC, account.name LIMIT ?3"
        );
        self.all(&sql, (account, on.to_string(), at_most), |row| {
            let trial = Trial {
                span: row::span(row, 1, 2)?,
                plan: row.get(3)?,
                ended_on: row::day_or_none(row, 4)?,
                extended_days: row.get(5)?,
            };
            Ok((row.get(0)?, trial))
        })
    }

    /// Account names that share their first letters with a text, for "did you mean".
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn names_like(&self, name: &str) -> Kept<Vec<String>> {
        let first: String = name.chars().take(1).collect();
        let rows = self.accounts(&first, 2_000)?;
        Ok(rows.into_iter().map(|account| account.name).collect())
    }

    /// Whether an e-mail address is an active member of another account; that account's name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn account_with_member(&self, email: &str, except: Option<i64>) -> Kept<Option<String>> {
        let sql = "SELECT account.name FROM member JOIN account ON account.id = member.account \
                   WHERE member.email = ?1 AND member.account IS NOT ?2 AND member.removed_on IS NULL \
                     AND account.closed_on IS NULL LIMIT 1";
        self.first(sql, (email, except), |row| row.get(0))
    }

    /// Orders, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn orders(&self, filter: &Filter) -> Kept<Vec<OrderRow>> {
        // Unpaid orders are few among all, and have an index of their own.
        let unpaid = filter.account.is_none()
            && filter.state.as_deref().is_some_and(|state| state != "paid");
        let (index, state) = match unpaid {
            true => ("INDEXED BY orders_unpaid", "state <> 'paid' AND state = ?2"),
            false => ("", "state = ?2"),
        };
        let sql = format!(
            "SELECT orders.id, kind, state, placed_at, orders.currency, total, account.name \
             FROM orders {index} JOIN account ON account.id = orders.account {} \
             ORDER BY orders.id DESC LIMIT ?5",
            filter.narrowed("orders.account", state, "placed_at")
        );
        self.all(&sql, filter.texts(), |row| order_row(row, row.get(6)?))
    }

    /// The last orders of one account that were placed before a day, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last_orders(&self, account: &Account, before: Day, at_most: u32) -> Kept<Vec<OrderRow>> {
        let sql = "SELECT id, kind, state, placed_at, currency, total FROM orders INDEXED BY orders_account \
                   WHERE account = ?1 AND placed_at < ?2 ORDER BY id DESC LIMIT ?3";
        self.all(sql, (account.id, before.to_string(), at_most), |row| {
            order_row(row, account.name.clone())
        })
    }

    /// Documents, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn invoices(&self, filter: &Filter) -> Kept<Vec<Invoice>> {
        // Open ones are few among all, and have an index of their own.
        let state = match filter.state.as_deref() {
            Some("open") => "state = 'open' AND state = ?2",
            _ => "state = ?2",
        };
        let which = format!(
            "{} ORDER BY id DESC LIMIT ?5",
            filter.narrowed("account", state, "issued_on")
        );
        self.invoices_where(&which, filter.texts())
    }

    /// Payments, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn payments(&self, filter: &Filter) -> Kept<Vec<Payment>> {
        // Those without an end, and those that failed, are few among all and have an index of their own.
        let state = match filter.state.as_deref() {
            Some("sent" | "processing") => "state IN ('sent', 'processing') AND state = ?2",
            Some("declined") => "state = 'declined' AND state = ?2",
            _ => "state = ?2",
        };
        let which = format!(
            "{} ORDER BY id DESC LIMIT ?5",
            filter.narrowed("account", state, "begun_at")
        );
        self.payments_where(&which, filter.texts())
    }

    /// Cases, newest first, about one thing if one is given. The filter's state is `open` or `closed`.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cases(&self, filter: &Filter, about: Option<Situation>) -> Kept<Vec<Case>> {
        let state = match filter.state.as_deref() {
            Some("open") => "closed_at IS NULL",
            _ => "closed_at IS NOT NULL",
        };
        let which = narrowed(&[
            (filter.account.is_some(), "account = ?1"),
            (filter.state.is_some(), state),
            (filter.since.is_some(), "opened_at >= ?3"),
            (filter.until.is_some(), "opened_at < ?4"),
            (about.is_some(), "about = ?2"),
        ]);
        let (account, _, since, until, at_most) = filter.texts();
        self.cases_where(
            &format!("{which} ORDER BY id DESC LIMIT ?5"),
            (account, about.map(Situation::name), since, until, at_most),
        )
    }

    /// The name of an account by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn account_name(&self, id: i64) -> Kept<String> {
        let name = self.first(
            "SELECT name FROM account WHERE id = ?1",
            params![id],
            |row| row.get(0),
        )?;
        Ok(name.unwrap_or_default())
    }
}

fn order_row(row: &Row<'_>, account: String) -> rusqlite::Result<OrderRow> {
    let currency: Currency = row::spelled(row, 4)?;
    Ok(OrderRow {
        id: row.get(0)?,
        account,
        kind: row::named(row, 1)?,
        state: row::named(row, 2)?,
        placed_on: row::moment(row, 3)?.date(),
        total: row::money(row, 5, currency)?,
    })
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
