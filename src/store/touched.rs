//! How many accounts a change of the seller's files concerns.

use super::row::Kept;
use super::tx::Reader;
use crate::billing::calendar::Day;
use crate::billing::money::Currency;
use rusqlite::named_params;

/// Which accounts are meant: those to which everything that is given applies on a day.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// In this region.
    pub region: Option<String>,
    /// In this currency.
    pub currency: Option<Currency>,
    /// In a paid term on this plan.
    pub plan: Option<String>,
    /// In a paid term of this period, as the store spells it.
    pub period: Option<String>,
    /// In a paid term with seats of this type.
    pub seat_type: Option<String>,
    /// With this add-on running.
    pub add_on: Option<String>,
    /// With this method on file.
    pub method: Option<String>,
    /// Whose first paid term began on this day or later.
    pub customers_from: Option<Day>,
    /// Whose first paid term began before this day.
    pub customers_until: Option<Day>,
}

const COUNT: &str = "\
SELECT count(*) FROM account a
WHERE (a.closed_on IS NULL OR a.closed_on > :on)
  AND (:region IS NULL OR a.region = :region)
  AND (:currency IS NULL OR a.currency = :currency)
  AND (:in_term = 0 OR EXISTS (
    SELECT 1 FROM term t JOIN slice s ON s.term = t.id
    WHERE t.account = a.id AND t.paid = 1 AND t.starts <= :on AND :on < t.ends
      AND s.place = (SELECT max(place) FROM slice WHERE term = t.id AND starts <= :on)
      AND (:plan IS NULL OR s.plan = :plan)
      AND (:period IS NULL OR t.period = :period)
      AND (:seat_type IS NULL OR json_extract(s.seats, '$.\"' || :seat_type || '\"') > 0)))
  AND (:add_on IS NULL OR EXISTS (
    SELECT 1 FROM holding h
    WHERE h.account = a.id AND h.add_on = :add_on AND h.starts <= :on AND :on < h.ends))
  AND (:method IS NULL OR EXISTS (
    SELECT 1 FROM method m WHERE m.account = a.id AND m.method = :method AND m.removed = 0))
  AND (:since IS NULL OR :since <= (
    SELECT min(starts) FROM term WHERE account = a.id AND paid = 1))
  AND (:before IS NULL OR :before > (
    SELECT min(starts) FROM term WHERE account = a.id AND paid = 1))";

impl Reader<'_> {
    /// How many open accounts are meant.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn count_touched(&self, whom: &Touched, on: Day) -> Kept<i64> {
        let in_term = whom.plan.is_some() || whom.period.is_some() || whom.seat_type.is_some();
        let text = |day: Option<Day>| day.map(|day| day.to_string());
        let count = self.first(
            COUNT,
            named_params! {
                ":on": on.to_string(),
                ":region": whom.region,
                ":currency": whom.currency.map(|currency| currency.to_string()),
                ":in_term": in_term,
                ":plan": whom.plan,
                ":period": whom.period,
                ":seat_type": whom.seat_type,
                ":add_on": whom.add_on,
                ":method": whom.method,
                ":since": text(whom.customers_from),
                ":before": text(whom.customers_until),
            },
            |row| row.get(0),
        )?;
        Ok(count.unwrap_or(0))
    }
}
