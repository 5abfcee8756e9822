//! Reading for many accounts at once: a handful of queries for thousands of them, and only what the rules
//! of time ask for. Members other than the owner, billed lines and units of use stay where they are.

use super::document::{INVOICE, LINE, ORDER, PAYMENT, invoice, line, order, payment};
use super::facts::{ACCOUNT, account};
use super::keys::Keys;
use super::row::{self, Kept};
use super::tx::Reader;
use crate::billing::account::{Agreement, Facts, Member, SavedMethod, Scheduled, Switched};
use crate::billing::money::Money;
use crate::billing::order::Order;
use crate::billing::term::{Holding, Slice, Term, Trial};
use rusqlite::{Row, params_from_iter};
use std::collections::{HashMap, HashSet};

impl Reader<'_> {
    /// What the rules of time ask about some accounts, in the order of their keys. The next free keys are
    /// left to whoever counts them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn facts_of_many(&self, accounts: &[i64]) -> Kept<Vec<Facts>> {
        let keys = Keys::of(accounts)?;
        let sql = keys.sql(&format!("{ACCOUNT} WHERE id {{among}} ORDER BY id"));
        let mut found = self.all(&sql, params_from_iter(keys.params()), account)?;
        let wanted: HashSet<i64> = accounts.iter().copied().collect();
        found.retain(|account| wanted.contains(&account.id));
        let mut many = Many {
            place: found
                .iter()
                .enumerate()
                .map(|(at, account)| (account.id, at))
                .collect(),
            facts: found.into_iter().map(Facts::bare).collect(),
        };
        self.people(&keys, &mut many)?;
        self.time(&keys, &mut many)?;
        self.money(&keys, &mut many)?;
        Ok(many.facts)
    }

    /// Rows of one table for some accounts; the account stands in the first column.
    fn spread<T>(
        &self,
        many: &mut Many,
        (sql, keys): (&str, &Keys),
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        keep: impl Fn(&mut Facts, T),
    ) -> Kept<()> {
        let params = params_from_iter(keys.params());
        self.each(&keys.sql(sql), params, |row| {
            if let Some(facts) = many.of(row.get(0)?) {
                keep(facts, read(row)?);
            }
            Ok(())
        })
    }

    fn people(&self, keys: &Keys, many: &mut Many) -> Kept<()> {
        let sql = "SELECT account, id, email, role, granted, seat, disabled_on FROM member \
             WHERE account {among} AND role = 'owner'";
        let owner = |row: &Row<'_>| {
            Ok(Member {
                id: row.get(1)?,
                email: row.get(2)?,
                role: row::named(row, 3)?,
                granted: row.get(4)?,
                seat: row.get(5)?,
                disabled_on: row::day_or_none(row, 6)?,
            })
        };
        self.spread(many, (sql, keys), owner, |facts, owner| {
            facts.members.push(owner)
        })?;
        let sql = "SELECT account, method, reference, saved_on FROM method WHERE account {among} AND removed_on IS NULL";
        let saved = |row: &Row<'_>| {
            Ok(SavedMethod {
                method: row.get(1)?,
                reference: row.get(2)?,
                saved_on: row::day(row, 3)?,
            })
        };
        self.spread(many, (sql, keys), saved, |facts, saved| {
            facts.method = Some(saved)
        })?;
        let sql = "SELECT account, switch, is_on, at FROM switch WHERE account {among} ORDER BY account, place";
        let switched = |row: &Row<'_>| {
            Ok(Switched {
                switch: row::named(row, 1)?,
                on: row.get(2)?,
                at: row::moment(row, 3)?,
            })
        };
        self.spread(many, (sql, keys), switched, |facts, entry| {
            facts.switches.push(entry)
        })?;
        let sql = "SELECT account, id, asked_on, change FROM scheduled WHERE account {among} AND waits = 1";
        let scheduled = |row: &Row<'_>| {
            Ok(Scheduled {
                id: row.get(1)?,
                asked_on: row::day(row, 2)?,
                change: row::from_json(row, 3)?,
            })
        };
        self.spread(many, (sql, keys), scheduled, |facts, waits| {
            facts.scheduled.push(waits)
        })?;
        let sql = "SELECT account, id, what, starts, ends, reason FROM agreement WHERE account {among} ORDER BY account, id";
        let agreement = |row: &Row<'_>| {
            Ok(Agreement {
                id: row.get(1)?,
                what: row::from_json(row, 2)?,
                from: row::day(row, 3)?,
                until: row::day_or_none(row, 4)?,
                reason: row.get(5)?,
            })
        };
        self.spread(many, (sql, keys), agreement, |facts, agreed| {
            facts.agreements.push(agreed)
        })
    }

    fn time(&self, keys: &Keys, many: &mut Many) -> Kept<()> {
        let sql = "SELECT account, starts, ends, plan, ended_on, extended_days FROM trial WHERE account {among} \
             ORDER BY account, starts";
        let trial = |row: &Row<'_>| {
            Ok(Trial {
                span: row::span(row, 1, 2)?,
                plan: row.get(3)?,
                ended_on: row::day_or_none(row, 4)?,
                extended_days: row.get(5)?,
            })
        };
        self.spread(many, (sql, keys), trial, |facts, trial| {
            facts.trials.push(trial)
        })?;
        let sql = "SELECT account, id, starts, ends, period, anchor_day, bonus_days, paid, orders, stub FROM term \
             WHERE account {among} ORDER BY account, ends";
        let term = |row: &Row<'_>| {
            Ok(Term {
                id: row.get(1)?,
                span: row::span(row, 2, 3)?,
                period: row::spelled(row, 4)?,
                anchor_day: row.get(5)?,
                bonus_days: row.get(6)?,
                paid: row.get(7)?,
                order: row.get(8)?,
                stub: row::named_or_none(row, 9)?,
                slices: Vec::new(),
            })
        };
        self.spread(many, (sql, keys), term, |facts, term| {
            facts.terms.push(term)
        })?;
        self.last_slices(many)?;
        let sql = "SELECT account, id, add_on, quantity, starts, ends, period, orders FROM holding \
             WHERE account {among} ORDER BY account, id";
        let holding = |row: &Row<'_>| {
            Ok(Holding {
                id: row.get(1)?,
                add_on: row.get(2)?,
                quantity: row.get(3)?,
                span: row::span(row, 4, 5)?,
                period: row::spelled(row, 6)?,
                order: row.get(7)?,
            })
        };
        self.spread(many, (sql, keys), holding, |facts, holding| {
            facts.holdings.push(holding)
        })?;
        // Receipts are told of by their orders, and nobody asks time for them.
        let sql = "SELECT account, kind, about FROM message WHERE account {among} \
               AND kind <> 'receipt' \
             UNION ALL SELECT account, 'case', text FROM cases WHERE account {among}";
        let told = |row: &Row<'_>| Ok((row.get(1)?, row.get(2)?));
        self.spread(many, (sql, keys), told, |facts, told| {
            facts.told.insert(told);
        })
    }

    /// What holds inside the last paid term of each account, and inside those that touch it.
    fn last_slices(&self, many: &mut Many) -> Kept<()> {
        let mut of_term = HashMap::new();
        for (at, facts) in many.facts.iter_mut().enumerate() {
            facts.terms.sort_by_key(|term| (term.span.start, term.id));
            let last = facts.terms.iter().map(|term| term.span.start).max();
            for (place, term) in facts.terms.iter().enumerate() {
                if last.is_some_and(|last| term.span.end >= last) {
                    of_term.insert(term.id, (at, place));
                }
            }
        }
        let mut terms: Vec<i64> = of_term.keys().copied().collect();
        terms.sort_unstable();
        let sql = "SELECT term, starts, plan, seats, prices, catalog, orders FROM slice WHERE term {among} \
             ORDER BY term, place";
        let keys = Keys::of(&terms)?;
        self.each(&keys.sql(sql), params_from_iter(keys.params()), |row| {
            let Some((at, place)) = of_term.get(&row.get(0)?) else {
                return Ok(());
            };
            let slice = Slice {
                from: row::day(row, 1)?,
                plan: row.get(2)?,
                seats: row::from_json(row, 3)?,
                prices: row::from_json(row, 4)?,
                catalog: row.get(5)?,
                order: row.get(6)?,
            };
            let facts = many.facts.get_mut(*at);
            if let Some(term) = facts.and_then(|facts| facts.terms.get_mut(*place)) {
                term.slices.push(slice);
            }
            Ok(())
        })
    }

    /// Orders that are not paid, with their lines, payments and open invoices; and the balance.
    fn money(&self, keys: &Keys, many: &mut Many) -> Kept<()> {
        let sql = format!(
            "{ORDER} INDEXED BY orders_unpaid WHERE account {{among}} AND state <> 'paid' \
             AND (state IN ('pending', 'processing') OR renews IS NOT NULL) ORDER BY account, id"
        );
        let orders = self.all(&keys.sql(&sql), params_from_iter(keys.params()), order)?;
        self.of_orders(orders, many)?;
        let sql = "SELECT account, -sum(amount) FROM posting WHERE account {among} AND book = 'customer_balance' \
             GROUP BY account";
        self.spread(
            many,
            (sql, keys),
            |row| row.get(1),
            |facts, minor| {
                facts.balance = Money::of(minor, facts.account.currency);
            },
        )
    }

    /// The orders, and what belongs to them.
    fn of_orders(&self, orders: Vec<Order>, many: &mut Many) -> Kept<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = orders.iter().map(|order| order.id).collect();
        let keys = Keys::of(&ids)?;
        let params = || params_from_iter(keys.params());
        let wanted: HashSet<i64> = ids.iter().copied().collect();
        let mut lines: HashMap<i64, Vec<_>> = HashMap::new();
        let sql =
            format!("SELECT {LINE}, orders FROM line WHERE orders {{among}} ORDER BY orders, id");
        self.each(&keys.sql(&sql), params(), |row| {
            let of = row.get(super::document::LINE_COLUMNS)?;
            if wanted.contains(&of) {
                lines.entry(of).or_default().push(line(row)?);
            }
            Ok(())
        })?;
        for mut order in orders {
            if order.state.is_open() {
                order.lines = lines.remove(&order.id).unwrap_or_default();
            }
            if let Some(facts) = many.of(order.account) {
                facts.orders.push(order);
            }
        }
        let sql = format!("{PAYMENT} WHERE orders {{among}} ORDER BY orders, id");
        let mut payments = self.all(&keys.sql(&sql), params(), payment)?;
        payments.sort_by_key(|payment| payment.id);
        for payment in payments {
            let asked = payment.order.is_some_and(|order| wanted.contains(&order));
            if let Some(facts) = many.of(payment.account).filter(|_| asked) {
                facts.payments.push(payment);
            }
        }
        let sql = format!(
            "{INVOICE} WHERE orders {{among}} AND state <> 'void' AND state = 'open' ORDER BY orders, id"
        );
        let mut invoices = self.all(&keys.sql(&sql), params(), invoice)?;
        invoices.sort_by_key(|invoice| invoice.id);
        for invoice in invoices {
            let asked = invoice.order.is_some_and(|order| wanted.contains(&order));
            if let Some(facts) = many.of(invoice.account).filter(|_| asked) {
                facts
                    .noted
                    .extend(self.noted(std::slice::from_ref(&invoice))?);
                facts.open_invoices.push(invoice);
            }
        }
        Ok(())
    }
}

/// Facts of many accounts under construction.
struct Many {
    place: HashMap<i64, usize>,
    facts: Vec<Facts>,
}

impl Many {
    fn of(&mut self, account: i64) -> Option<&mut Facts> {
        let at = *self.place.get(&account)?;
        self.facts.get_mut(at)
    }
}
