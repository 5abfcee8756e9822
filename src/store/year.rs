//! How many documents each year has had, counted as they are issued: where numbers start again each year, the
//! next one follows from here and not from all invoices.

use super::row::{self, Kept};
use super::tx::{Reader, Tx};
use crate::billing::account::InYear;
use crate::billing::calendar::Day;
use crate::billing::invoice::InvoiceKind;
use rusqlite::params;

/// The year of a day, as documents are counted.
fn year_of(day: Day) -> String {
    chrono::Datelike::year(&day).to_string()
}

const ISSUED: &str = "SELECT kind, documents FROM issued WHERE (kind = 'invoice' OR kind = 'credit_note') AND year = ?1";

/// Along the series from its end: the last document is nearly always of the year that is asked for.
const LAST: &str = "SELECT number, issued_on, account.name FROM invoice JOIN account ON account.id = invoice.account \
     WHERE kind = ?1 AND issued_on >= ?2 AND issued_on <= ?3 ORDER BY series DESC LIMIT 1";

/// What the number of a document was written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The number.
    pub number: String,
    /// The day of the document.
    pub issued_on: Day,
    /// The account's name.
    pub account: String,
}

impl Reader<'_> {
    /// The last document of a kind that was issued in the year of a day, by its place in the series.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last_in_year(&self, kind: InvoiceKind, on: Day) -> Kept<Option<Numbered>> {
        let year = year_of(on);
        let (first, last) = (format!("{year}-01-01"), format!("{year}-12-31"));
        self.first(LAST, (kind.name(), first, last), |row| {
            Ok(Numbered {
                number: row.get(0)?,
                issued_on: row::day(row, 1)?,
                account: row.get(2)?,
            })
        })
    }

    /// How many invoices and credit notes were issued in the year of a day.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn issued_in_year(&self, on: Day) -> Kept<InYear> {
        let mut issued = InYear {
            invoice: 0,
            credit_note: 0,
        };
        self.each(ISSUED, [year_of(on)], |row| {
            match row::named(row, 0)? {
                InvoiceKind::Invoice => issued.invoice = row.get(1)?,
                InvoiceKind::CreditNote => issued.credit_note = row.get(1)?,
            }
            Ok(())
        })?;
        Ok(issued)
    }

    /// Years whose count of documents is not what there is: the year, the count, and how many there are.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn wrong_counts(&self) -> Kept<Vec<(String, i64, i64)>> {
        let sql = "SELECT year, sum(counted), sum(there) FROM ( \
                     SELECT kind, year, documents AS counted, 0 AS there FROM issued \
                     UNION ALL SELECT kind, substr(issued_on, 1, 4), 0, count(*) FROM invoice GROUP BY 1, 2) \
                   GROUP BY kind, year HAVING sum(counted) <> sum(there) ORDER BY year, kind";
        self.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }
}

/// How many documents of a kind a year has had by now, in a transaction that has issued one.
pub(super) struct Counted {
    kind: InvoiceKind,
    year: String,
    documents: i64,
}

impl Tx<'_> {
    /// Counts a document that is issued. What stands in the file is read for the first of its year; nobody else
    /// counts while the transaction lives.
    pub(super) fn count_issued(&mut self, kind: InvoiceKind, on: Day) -> Kept<()> {
        let year = year_of(on);
        let same = |counted: &&mut Counted| counted.kind == kind && counted.year == year;
        let count = match self.counted.iter_mut().find(same) {
            Some(counted) => {
                counted.documents = counted.documents.saturating_add(1);
                counted.documents
            }
            None => {
                let sql = "SELECT documents FROM issued WHERE kind = ?1 AND year = ?2";
                let before = self
                    .read()
                    .first(sql, (kind.name(), &year), |row| row.get(0))?;
                let documents = before.unwrap_or(0_i64).saturating_add(1);
                self.counted.push(Counted {
                    kind,
                    year: year.clone(),
                    documents,
                });
                documents
            }
        };
        self.run_one(
            "INSERT INTO issued (kind, year, documents) VALUES (?1, ?2, ?3) \
             ON CONFLICT (kind, year) DO UPDATE SET documents = ?3",
            params![kind.name(), year, count],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::change::Change;
    use crate::billing::invoice::{Invoice, InvoiceState};
    use crate::billing::money::{Currency, Money};
    use crate::store::{Patience, Place, Purpose, Store};

    fn document(id: i64, kind: InvoiceKind, issued_on: &str) -> Change {
        let zero = Money::zero(Currency::USD);
        let day = issued_on.parse().unwrap();
        let invoice = Box::new(Invoice {
            id,
            kind,
            number: id.to_string(),
            series: id,
            account: 1,
            order: None,
            corrects: None,
            issued_on: day,
            due_on: day,
            currency: Currency::USD,
            net: zero,
            tax: zero,
            total: zero,
            from_balance: zero,
            paid: zero,
            credited: zero,
            state: InvoiceState::Paid,
            settled_on: None,
        });
        Change::AddInvoice {
            invoice,
            lines: Vec::new(),
        }
    }

    #[test]
    fn documents_are_counted_by_kind_and_year_and_found_without_a_scan() {
        let patience = Patience::silent(std::time::Duration::ZERO);
        let mut store = Store::open(Place::Memory, Purpose::Create, patience).unwrap();
        let mut tx = store.begin().unwrap();
        tx.run(
            "INSERT INTO account (id, name, title, country, region, currency, created_on, billing) \
             VALUES (1, 'acme', '', 'US', 'world', 'USD', '2026-01-01', '{}')",
            &[],
        )
        .unwrap();
        use InvoiceKind::{CreditNote, Invoice};
        let changes = [
            document(1, Invoice, "2026-12-31"),
            document(2, Invoice, "2027-01-01"),
            document(3, CreditNote, "2027-01-01"),
            document(4, Invoice, "2026-06-01"),
            document(5, Invoice, "2027-12-31"),
        ];
        tx.apply(1, &changes).unwrap();
        let of = |tx: &Tx<'_>, day: &str| {
            let found = tx.read().issued_in_year(day.parse().unwrap()).unwrap();
            (found.invoice, found.credit_note)
        };
        assert_eq!(of(&tx, "2026-02-02"), (2, 0));
        assert_eq!(of(&tx, "2027-02-02"), (2, 1));
        assert_eq!(of(&tx, "2028-02-02"), (0, 0));
        assert_eq!(tx.read().wrong_counts().unwrap(), Vec::new());
        let plan: Vec<String> = tx
            .read()
            .all(&format!("EXPLAIN QUERY PLAN {ISSUED}"), ["2027"], |row| {
                row.get(3)
            })
            .unwrap();
        let last: Vec<String> = tx
            .read()
            .all(
                &format!("EXPLAIN QUERY PLAN {LAST}"),
                ["invoice", "2027-01-01", "2027-12-31"],
                |row| row.get(3),
            )
            .unwrap();
        for step in plan.iter().chain(&last) {
            let walks = step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!walks, "{plan:?} {last:?}");
        }
        let last = |day: &str| {
            let found = tx.read().last_in_year(Invoice, day.parse().unwrap());
            found.unwrap().map(|last| last.number)
        };
        assert_eq!(last("2026-02-02").as_deref(), Some("4"));
        assert_eq!(last("2027-02-02").as_deref(), Some("5"));
        assert_eq!(last("2028-02-02"), None);
        tx.run("UPDATE issued SET documents = 7 WHERE year = '2026'", &[])
            .unwrap();
        tx.run("DELETE FROM issued WHERE kind = 'credit_note'", &[])
            .unwrap();
        let wrong = tx.read().wrong_counts().unwrap();
        assert_eq!(
            wrong,
            [("2026".to_owned(), 7, 2), ("2027".to_owned(), 0, 1)]
        );
    }
}
