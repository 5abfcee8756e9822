//! Reading for many accounts at once: a handful of queries for thousands of them, and only what the rules
//! of time ask for. Members other than the owner, billed lines and units of use stay where they are.

use super::document::{INVOICE, LINE, ORDER, PAYMENT, invoice, line, order, payment};
use super::facts::{ACCOUNT, account};
use super::row::{self, Kept, json};
use super::tx::Reader;
use crate::billing::account::{
    Agreement, Facts, Member, Numbers, SavedMethod, Scheduled, Switched,
};
use crate::billing::calendar::Day;
use crate::billing::money::Money;
use crate::billing::term::{Holding, Slice, Term, Trial};
use rusqlite::Row;
use std::collections::{BTreeSet, HashMap};

/// Rows whose column belongs to one of some keys.
const AMONG: &str = "IN (SELECT value FROM json_each(?1))";

impl Reader<'_> {
    /// Accounts for which time may bring something by a day, behind one of them, in order of that day and
    /// their key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_accounts(&self, by: Day, after: (Day, i64), at_most: u32) -> Kept<Vec<(Day, i64)>> {
        let sql = "SELECT due_on, id FROM account WHERE due_on IS NOT NULL AND due_on <= ?1 \
                   AND (due_on, id) > (?2, ?3) ORDER BY due_on, id LIMIT ?4";
        let from = (by.to_string(), after.0.to_string(), after.1, at_most);
        self.all(sql, from, |row| Ok((row::day(row, 0)?, row.get(1)?)))
    }

    /// How many accounts [`Reader::due_accounts`] would name in all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_count(&self, by: Day) -> Kept<u64> {
        let sql = "SELECT count(*) FROM account WHERE due_on IS NOT NULL AND due_on <= ?1";
        let count: Option<i64> = self.first(sql, [by.to_string()], |row| row.get(0))?;
        Ok(count
            .and_then(|count| u64::try_from(count).ok())
            .unwrap_or(0))
    }

    /// Accounts that are not closed, behind a key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn open_accounts(&self, after: i64, at_most: u32) -> Kept<Vec<i64>> {
        let sql = "SELECT id FROM account WHERE id > ?1 AND closed_on IS NULL ORDER BY id LIMIT ?2";
        self.all(sql, (after, at_most), |row| row.get(0))
    }

    /// The day on which time may bring something for an account.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due_on(&self, account: i64) -> Kept<Option<Day>> {
        let sql = "SELECT due_on FROM account WHERE id = ?1";
        let found = self.first(sql, [account], |row| row::day_or_none(row, 0))?;
        Ok(found.flatten())
    }

    /// A number that changes when another program writes to the file.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn data_version(&self) -> Kept<i64> {
        let version = self.first("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(version.unwrap_or(0))
    }

    /// What the rules of time ask about some accounts, in the order of their keys. The next free keys are
    /// left to whoever counts them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn facts_of_many(&self, accounts: &[i64]) -> Kept<Vec<Facts>> {
        let keys = json(&accounts)?;
        let sql = format!("{ACCOUNT} WHERE id {AMONG} ORDER BY id");
        let found = self.all(&sql, [&keys], account)?;
        let mut many = Many {
            place: found
                .iter()
                .enumerate()
                .map(|(at, account)| (account.id, at))
                .collect(),
            facts: found.into_iter().map(bare).collect(),
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
        (sql, keys): (&str, &str),
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        keep: impl Fn(&mut Facts, T),
    ) -> Kept<()> {
        for (account, value) in self.all(sql, [keys], |row| Ok((row.get(0)?, read(row)?)))? {
            if let Some(facts) = many.of(account) {
                keep(facts, value);
            }
        }
        Ok(())
    }

    fn people(&self, keys: &str, many: &mut Many) -> Kept<()> {
        let sql = format!(
            "SELECT account, id, email, role, granted, seat, disabled_on FROM member \
             WHERE account {AMONG} AND role = 'owner'"
        );
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
        self.spread(many, (&sql, keys), owner, |facts, owner| {
            facts.members.push(owner)
        })?;
        let sql = format!(
            "SELECT account, method, reference, saved_on FROM method WHERE account {AMONG} AND removed_on IS NULL"
        );
        let saved = |row: &Row<'_>| {
            Ok(SavedMethod {
                method: row.get(1)?,
                reference: row.get(2)?,
                saved_on: row::day(row, 3)?,
            })
        };
        self.spread(many, (&sql, keys), saved, |facts, saved| {
            facts.method = Some(saved)
        })?;
        let sql = format!(
            "SELECT account, switch, is_on, at FROM switch WHERE account {AMONG} ORDER BY account, place"
        );
        let switched = |row: &Row<'_>| {
            Ok(Switched {
                switch: row::named(row, 1)?,
                on: row.get(2)?,
                at: row::moment(row, 3)?,
            })
        };
        self.spread(many, (&sql, keys), switched, |facts, entry| {
            facts.switches.push(entry)
        })?;
        let sql = format!(
            "SELECT account, id, asked_on, change FROM scheduled WHERE account {AMONG} AND waits = 1"
        );
        let scheduled = |row: &Row<'_>| {
            Ok(Scheduled {
                id: row.get(1)?,
                asked_on: row::day(row, 2)?,
                change: row::from_json(row, 3)?,
            })
        };
        self.spread(many, (&sql, keys), scheduled, |facts, waits| {
            facts.scheduled.push(waits)
        })?;
        let sql = format!(
            "SELECT account, id, what, starts, ends, reason FROM agreement WHERE account {AMONG} ORDER BY id"
        );
        let agreement = |row: &Row<'_>| {
            Ok(Agreement {
                id: row.get(1)?,
                what: row::from_json(row, 2)?,
                from: row::day(row, 3)?,
                until: row::day_or_none(row, 4)?,
                reason: row.get(5)?,
            })
        };
        self.spread(many, (&sql, keys), agreement, |facts, agreed| {
            facts.agreements.push(agreed)
        })
    }

    fn time(&self, keys: &str, many: &mut Many) -> Kept<()> {
        let sql = format!(
            "SELECT account, starts, ends, plan, ended_on, extended_days FROM trial WHERE account {AMONG} \
             ORDER BY account, starts"
        );
        let trial = |row: &Row<'_>| {
            Ok(Trial {
                span: row::span(row, 1, 2)?,
                plan: row.get(3)?,
                ended_on: row::day_or_none(row, 4)?,
                extended_days: row.get(5)?,
            })
        };
        self.spread(many, (&sql, keys), trial, |facts, trial| {
            facts.trials.push(trial)
        })?;
        let sql = format!(
            "SELECT account, id, starts, ends, period, anchor_day, bonus_days, paid, orders FROM term \
             WHERE account {AMONG} ORDER BY account, ends"
        );
        let term = |row: &Row<'_>| {
            Ok(Term {
                id: row.get(1)?,
                span: row::span(row, 2, 3)?,
                period: row::spelled(row, 4)?,
                anchor_day: row.get(5)?,
                bonus_days: row.get(6)?,
                paid: row.get(7)?,
                order: row.get(8)?,
                slices: Vec::new(),
            })
        };
        self.spread(many, (&sql, keys), term, |facts, term| {
            facts.terms.push(term)
        })?;
        self.last_slices(many)?;
        let sql = format!(
            "SELECT account, id, add_on, quantity, starts, ends, period, orders FROM holding \
             WHERE account {AMONG} ORDER BY id"
        );
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
        self.spread(many, (&sql, keys), holding, |facts, holding| {
            facts.holdings.push(holding)
        })?;
        // Receipts are told of by their orders, and nobody asks time for them.
        let sql = format!(
            "SELECT account, kind, about FROM message WHERE account {AMONG} \
               AND kind <> 'receipt' \
             UNION ALL SELECT account, 'case', text FROM cases WHERE account {AMONG}"
        );
        let told = |row: &Row<'_>| Ok((row.get(1)?, row.get(2)?));
        self.spread(many, (&sql, keys), told, |facts, told| {
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
        let sql = format!(
            "SELECT term, starts, plan, seats, prices, catalog, orders FROM slice WHERE term {AMONG} \
             ORDER BY term, place"
        );
        let slices = self.all(&sql, [json(&terms)?], |row| {
            let slice = Slice {
                from: row::day(row, 1)?,
                plan: row.get(2)?,
                seats: row::from_json(row, 3)?,
                prices: row::from_json(row, 4)?,
                catalog: row.get(5)?,
                order: row.get(6)?,
            };
            Ok((row.get::<_, i64>(0)?, slice))
        })?;
        for (term, slice) in slices {
            let found = of_term.get(&term).and_then(|(at, place)| {
                many.facts
                    .get_mut(*at)
                    .and_then(|facts| facts.terms.get_mut(*place))
            });
            if let Some(term) = found {
                term.slices.push(slice);
            }
        }
        Ok(())
    }

    /// Orders that are not paid, with their lines, payments and open invoices; and the balance.
    fn money(&self, keys: &str, many: &mut Many) -> Kept<()> {
        let sql = format!(
            "{ORDER} WHERE account {AMONG} AND state <> 'paid' \
             AND (state IN ('pending', 'processing') OR renews IS NOT NULL) ORDER BY id"
        );
        let orders = self.all(&sql, [keys], order)?;
        let ids: Vec<i64> = orders.iter().map(|order| order.id).collect();
        if !ids.is_empty() {
            let ids = json(&ids)?;
            let mut lines: HashMap<i64, Vec<_>> = HashMap::new();
            let sql = format!("SELECT {LINE}, orders FROM line WHERE orders {AMONG} ORDER BY id");
            for (of, line) in self.all(&sql, [&ids], |row| {
                Ok((row.get(super::document::LINE_COLUMNS)?, line(row)?))
            })? {
                lines.entry(of).or_default().push(line);
            }
            for mut order in orders {
                if order.state.is_open() {
                    order.lines = lines.remove(&order.id).unwrap_or_default();
                }
                if let Some(facts) = many.of(order.account) {
                    facts.orders.push(order);
                }
            }
            let sql = format!("{PAYMENT} WHERE orders {AMONG} ORDER BY id");
            for payment in self.all(&sql, [&ids], payment)? {
                if let Some(facts) = many.of(payment.account) {
                    facts.payments.push(payment);
                }
            }
            let sql = format!("{INVOICE} WHERE orders {AMONG} AND state = 'open' ORDER BY id");
            for invoice in self.all(&sql, [&ids], invoice)? {
                if let Some(facts) = many.of(invoice.account) {
                    facts.open_invoices.push(invoice);
                }
            }
        }
        let sql = format!(
            "SELECT account, -sum(amount) FROM posting WHERE account {AMONG} AND book = 'customer_balance' \
             GROUP BY account"
        );
        self.spread(
            many,
            (&sql, keys),
            |row| row.get(1),
            |facts, minor| {
                facts.balance = Money::of(minor, facts.account.currency);
            },
        )
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

/// An account of which nothing else is known.
fn bare(account: crate::billing::account::Account) -> Facts {
    Facts {
        balance: Money::zero(account.currency),
        account,
        members: Vec::new(),
        method: None,
        trials: Vec::new(),
        terms: Vec::new(),
        holdings: Vec::new(),
        orders: Vec::new(),
        payments: Vec::new(),
        open_invoices: Vec::new(),
        billed: Vec::new(),
        switches: Vec::new(),
        scheduled: Vec::new(),
        agreements: Vec::new(),
        credits: Vec::new(),
        open_cases: Vec::new(),
        told: BTreeSet::new(),
        next: Numbers::default(),
    }
}
