//! What reports of recurring revenue read: paid time, add-ons, and what moved from one account to another.

use super::row::{self, Kept};
use super::tx::Reader;
use crate::billing::calendar::{Day, Period, Span};
use crate::billing::money::Currency;
use crate::billing::report::handed::Handed;
use crate::billing::term::{Seats, SoldPrice};
use rusqlite::Row;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Accounts that hold, or held, what was ordered by another, and those others: who gave something away is here.
const HANDED: &str = "SELECT term.account FROM term JOIN orders ON orders.id = term.orders \
      WHERE orders.account <> term.account \
    UNION SELECT orders.account FROM term JOIN orders ON orders.id = term.orders \
      WHERE orders.account <> term.account \
    UNION SELECT holding.account FROM holding JOIN orders ON orders.id = holding.orders \
      WHERE orders.account <> holding.account \
    UNION SELECT orders.account FROM holding JOIN orders ON orders.id = holding.orders \
      WHERE orders.account <> holding.account";

/// The day from which an add-on stands in the place of an earlier one that runs on to its own end: it was ordered
/// with a term that began anew in the middle of the old one (KA-10).
const REPLACED: &str = "(SELECT min(max(later.starts, substr(paid.settled_at, 1, 10))) FROM holding later \
      JOIN orders paid ON paid.id = later.orders \
    WHERE later.account = holding.account AND later.add_on = holding.add_on AND later.id > holding.id \
      AND later.starts > holding.starts AND EXISTS (SELECT 1 FROM term WHERE term.account = later.account \
        AND term.orders = later.orders AND term.starts = later.starts))";

/// What holds for an account from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningRow {
    /// Key of the account.
    pub account: i64,
    /// What it pays in.
    pub currency: Currency,
    /// The days of the term, or of the add-on.
    pub days: Span,
    /// The period that was bought.
    pub period: Period,
    /// First day.
    pub from: Day,
    /// What it is.
    pub what: Runs,
    /// What its order's lines were billed at, and what the prices gave, in minor units.
    pub billed: Option<(Decimal, Decimal)>,
}

/// What can recur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// A plan in a paid term.
    Plan {
        /// Which plan.
        plan: String,
        /// Ordered seats by type.
        seats: Seats,
        /// Prices by seat type.
        prices: BTreeMap<String, SoldPrice>,
        /// The catalog it was sold under.
        catalog: i64,
    },
    /// An add-on.
    AddOn {
        /// Which add-on.
        add_on: String,
        /// How many units.
        quantity: u32,
        /// What one unit costs for the period, in major units.
        price: Decimal,
        /// The day it was ordered.
        ordered_on: Day,
    },
}

impl Reader<'_> {
    /// Hands over what holds in every paid term and every add-on that was ordered, account by account, in the
    /// order in which it came. It holds from the payment on, and so does what it ended: what was paid late did not
    /// recur while nobody knew whether it would, whatever days its document states. Seats that were there ahead of
    /// the payment hold from their day. What no line of its own billed was billed as its term was.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn each_running(&self, mut see: impl FnMut(RunningRow)) -> Kept<()> {
        let of_plan = |what: &str, orders: &str| {
            format!(
                "(SELECT sum({what}) FROM line WHERE line.orders = {orders} AND line.kind = 'plan' \
                   AND line.net >= 0 AND line.working IS NOT NULL)"
            )
        };
        let either = |what: &str| {
            let (own, term) = (of_plan(what, "slice.orders"), of_plan(what, "term.orders"));
            format!("coalesce({own}, {term})")
        };
        let of_add_on = |what: &str| {
            format!(
                "(SELECT {what} FROM line WHERE line.orders = holding.orders AND line.kind = 'add_on' \
                   AND line.item = holding.add_on AND line.working IS NOT NULL)"
            )
        };
        let (net, price) = ("line.net", "json_extract(line.working, '$.amount.minor')");
        let (plan_net, plan_price) = (either(net), either(price));
        let (own_net, own_price) = (
            of_add_on(&format!("sum({net})")),
            of_add_on(&format!("sum({price})")),
        );
        let unit = of_add_on("line.unit_price");
        let sql = format!(
            "SELECT term.account AS account, account.currency, term.starts AS starts, \
               max(term.ends, coalesce(term.cut_on, term.ends)), term.period, \
               max(slice.starts, coalesce(substr(own.settled_at, 1, 10), slice.starts), \
                 coalesce(substr(changed.settled_at, 1, 10), slice.starts)), \
               {plan_net}, {plan_price}, slice.plan, slice.seats, slice.prices, slice.catalog, NULL, NULL, \
               term.id AS id, slice.place AS place \
             FROM term JOIN slice ON slice.term = term.id JOIN account ON account.id = term.account \
               LEFT JOIN orders own ON own.id = term.orders AND own.state = 'paid' \
               LEFT JOIN orders changed ON changed.id = slice.orders AND changed.state = 'paid' \
                 AND NOT EXISTS (SELECT 1 FROM json_each(changed.parts) part \
                                 WHERE json_extract(part.value, '$.change.in_effect')) \
             WHERE term.paid = 1 \
             UNION ALL SELECT holding.account, account.currency, holding.starts, \
               min(max(holding.ends, coalesce(holding.cut_on, holding.ends)), \
                 coalesce({REPLACED}, holding.ends)), holding.period, \
               max(holding.starts, coalesce(substr(own.settled_at, 1, 10), holding.starts)), \
               {own_net}, {own_price}, NULL, NULL, NULL, holding.quantity, holding.add_on, \
               json_array({unit} || '', substr(own.placed_at, 1, 10)), holding.id, 0 \
             FROM holding JOIN account ON account.id = holding.account JOIN orders own ON own.id = holding.orders \
             WHERE {unit} IS NOT NULL \
             ORDER BY account, starts, id, place"
        );
        self.each(&sql, [], |row| {
            see(running(row)?);
            Ok(())
        })
    }

    /// Every transfer of paid time or add-ons from one account to another, in the order in which they were made.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn handed(&self) -> Kept<Vec<Handed>> {
        let sql = format!(
            "SELECT journal.account, heir.id, substr(journal.as_of, 1, 10), \
               json_array_length(document, '$.transfer.terms') > 0 \
             FROM journal JOIN account heir ON heir.name = json_extract(document, '$.transfer.to') \
             WHERE journal.account IN ({HANDED}) AND command = 'account transfer' ORDER BY journal.id"
        );
        self.all(&sql, [], |row| {
            Ok(Handed {
                from: row.get(0)?,
                to: row.get(1)?,
                on: row::day(row, 2)?,
                subscription: row.get(3)?,
            })
        })
    }
}

fn running(row: &Row<'_>) -> rusqlite::Result<RunningRow> {
    let sums: (Option<i64>, Option<i64>) = (row.get(6)?, row.get(7)?);
    let add_on: Option<String> = row.get(12)?;
    let what = match add_on {
        Some(add_on) => {
            let (price, ordered_on) = row::from_json(row, 13)?;
            Runs::AddOn {
                add_on,
                quantity: row.get(11)?,
                price,
                ordered_on,
            }
        }
        None => Runs::Plan {
            plan: row.get(8)?,
            seats: row::from_json(row, 9)?,
            prices: row::from_json(row, 10)?,
            catalog: row.get(11)?,
        },
    };
    Ok(RunningRow {
        account: row.get(0)?,
        currency: row::spelled(row, 1)?,
        days: row::span(row, 2, 3)?,
        period: row::spelled(row, 4)?,
        from: row::day(row, 5)?,
        what,
        billed: match sums {
            (Some(net), Some(price)) if price != 0 => {
                Some((Decimal::from(net), Decimal::from(price)))
            }
            _ => None,
        },
    })
}
