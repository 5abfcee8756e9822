//! How many accounts a change of the seller's files concerns.

use super::row::{Kept, day_text_or_none};
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
    SELECT 1 FROM method m WHERE m.account = a.id AND m.method = :method AND m.removed_on IS NULL))
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
                ":since": day_text_or_none(whom.customers_from),
                ":before": day_text_or_none(whom.customers_until),
            },
            |row| row.get(0),
        )?;
        Ok(count.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::account::Account;
    use crate::billing::calendar::{Period, Span};
    use crate::billing::catalog::Catalog;
    use crate::billing::change::Change;
    use crate::billing::term::{Slice, Term};
    use crate::store::{Patience, Place, Purpose, Store};

    const CATALOG: &str = r#"
        id = "acme"
        effective_from = "2026-01-01"
        seller = { name = "Acme" }
        region = []
        method = []
        plan = []
    "#;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn account(id: i64, region: &str) -> Change {
        Change::AddAccount(Box::new(Account {
            id,
            name: format!("account-{id}"),
            title: String::new(),
            country: "US".to_owned(),
            region: region.to_owned(),
            currency: Currency::USD,
            created_on: day("2026-01-01"),
            closed_on: None,
            billing: Default::default(),
        }))
    }

    /// Half a year on a plan, which becomes another after two months.
    fn term(account: i64, start: &str, plans: [&str; 2]) -> Change {
        let start = day(start);
        let period = Period::Months(6);
        let slice = |from: Day, plan: &str| Slice {
            from,
            plan: plan.to_owned(),
            seats: [("full".to_owned(), 3), ("guest".to_owned(), 0)].into(),
            prices: Default::default(),
            catalog: 1,
            order: None,
        };
        let second = Period::Months(2).after(start, 1, 1);
        let term = Term {
            id: account,
            span: Span::new(start, period.after(start, 1, 1)),
            period,
            anchor_day: 1,
            stub: None,
            bonus_days: 0,
            paid: true,
            order: None,
            slices: vec![slice(start, plans[0]), slice(second, plans[1])],
        };
        Change::AddTerm { account, term }
    }

    #[test]
    fn accounts_are_counted_by_everything_that_is_given() {
        let patience = Patience::silent(std::time::Duration::ZERO);
        let mut store = Store::open(Place::Memory, Purpose::Create, patience).unwrap();
        let mut tx = store.begin().unwrap();
        let catalog: Catalog = toml::from_str(CATALOG).unwrap();
        let clock = Default::default();
        tx.use_catalog(&catalog, "", "acme", clock).unwrap();
        let changes = [
            account(1, "north"),
            account(2, "north"),
            account(3, "south"),
            term(1, "2026-01-01", ["solo", "team"]),
            term(3, "2026-03-01", ["solo", "solo"]),
        ];
        tx.apply(1, &changes).unwrap();
        let read = tx.read();
        let count = |whom: Touched, on: &str| read.count_touched(&whom, day(on)).unwrap();
        let all = Touched::default;
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(count(all(), "2026-04-01"), 3);
        let north = Touched {
            region: some("north"),
            ..all()
        };
        assert_eq!(count(north.clone(), "2026-04-01"), 2);
        let solo = Touched {
            plan: some("solo"),
            ..all()
        };
        assert_eq!(
            count(solo.clone(), "2026-02-01"),
            1,
            "before the change of the first"
        );
        assert_eq!(count(solo, "2026-04-01"), 1, "only the third, after it");
        let team = Touched {
            plan: some("team"),
            ..north
        };
        assert_eq!(count(team.clone(), "2026-04-01"), 1);
        assert_eq!(count(team, "2026-07-01"), 0, "the term is over");
        let half_year = Touched {
            period: some("6m"),
            ..all()
        };
        assert_eq!(count(half_year, "2026-04-01"), 2);
        let seats = |kind: &str| Touched {
            seat_type: some(kind),
            ..all()
        };
        assert_eq!(count(seats("full"), "2026-04-01"), 2);
        assert_eq!(count(seats("guest"), "2026-04-01"), 0);
        let early = Touched {
            customers_until: Some(day("2026-02-01")),
            ..all()
        };
        assert_eq!(count(early, "2026-04-01"), 1);
        let late = Touched {
            customers_from: Some(day("2026-02-01")),
            ..all()
        };
        assert_eq!(count(late, "2026-04-01"), 1);
        let pack = Touched {
            add_on: some("pack"),
            method: some("card"),
            ..all()
        };
        assert_eq!(count(pack, "2026-04-01"), 0);
    }
}
