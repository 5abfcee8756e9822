//! The seller's files inside the store: every version of the catalog and the policy that was ever used.

use super::row::{self, Fault, Kept, json};
use super::tx::{Reader, Tx};
use crate::billing::calendar::Day;
use crate::billing::catalog::Catalog;
use crate::billing::policy::Policy;
use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Row, params};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::LocalKey;

/// Which of a seller's two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SellerFileKind {
    /// What is sold.
    Catalog,
    /// How the seller behaves.
    Policy,
}

impl SellerFileKind {
    /// The name in the store and in commands.
    pub fn name(self) -> &'static str {
        match self {
            SellerFileKind::Catalog => "catalog",
            SellerFileKind::Policy => "policy",
        }
    }
}

/// One version of a file, as it was put to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerFile {
    /// Key in the store; terms and orders name it.
    pub id: i64,
    /// The seller's short name.
    pub seller: String,
    /// The first day on which it is in force.
    pub effective_from: Day,
    /// Where it came from: a path, or the name of a built-in file.
    pub origin: String,
    /// The file, to the letter.
    pub text: String,
    /// When it was put to use.
    pub added_at: String,
}

const FILE: &str = "SELECT id, seller, effective_from, origin, text, added_at FROM seller_file";

fn file(row: &Row<'_>) -> rusqlite::Result<SellerFile> {
    Ok(SellerFile {
        id: row.get(0)?,
        seller: row.get(1)?,
        effective_from: row::day(row, 2)?,
        origin: row.get(3)?,
        text: row.get(4)?,
        added_at: row.get(5)?,
    })
}

/// The text that was read last, and what it says. A batch asks for the same for each of its lines.
type Last<T> = LocalKey<RefCell<Option<(String, Arc<T>)>>>;

thread_local! {
    static CATALOG: RefCell<Option<(String, Arc<Catalog>)>> = const { RefCell::new(None) };
    static POLICY: RefCell<Option<(String, Arc<Policy>)>> = const { RefCell::new(None) };
}

impl Reader<'_> {
    /// All versions of one kind, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn seller_files(&self, kind: SellerFileKind) -> Kept<Vec<SellerFile>> {
        self.all(
            &format!("{FILE} WHERE kind = ?1 ORDER BY effective_from, id"),
            [kind.name()],
            file,
        )
    }

    /// The first day of each version of the catalog, by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn catalog_days(&self) -> Kept<BTreeMap<i64, Day>> {
        let sql = "SELECT id, effective_from FROM seller_file WHERE kind = ?1";
        let days = self.all(sql, [SellerFileKind::Catalog.name()], |row| {
            Ok((row.get(0)?, row::day(row, 1)?))
        })?;
        Ok(days.into_iter().collect())
    }

    /// A version by its key.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn seller_file(&self, id: i64) -> Kept<Option<SellerFile>> {
        self.first(&format!("{FILE} WHERE id = ?1"), [id], file)
    }

    /// The version in force on a day (the first one, for days before it), with its key.
    fn in_force<T: DeserializeOwned>(
        &self,
        kind: SellerFileKind,
        on: Day,
        last: &'static Last<T>,
    ) -> Kept<Option<(i64, Arc<T>)>> {
        let sql = "SELECT id, compiled FROM seller_file WHERE kind = ?1 \
                   ORDER BY effective_from > ?2, CASE WHEN effective_from > ?2 THEN effective_from END, \
                            effective_from DESC, id DESC LIMIT 1";
        self.again()
            .first(sql, (kind.name(), on.to_string()), |row| {
                let text = row.get_ref(1)?.as_str()?;
                let same = |last: &Option<(String, Arc<T>)>| {
                    let last = last.as_ref().filter(|(of, _)| of == text);
                    last.map(|(_, read)| Arc::clone(read))
                };
                if let Some(read) = last.with_borrow(same) {
                    return Ok((row.get(0)?, read));
                }
                let read: Arc<T> = Arc::new(row::from_json(row, 1)?);
                last.set(Some((text.to_owned(), Arc::clone(&read))));
                Ok((row.get(0)?, read))
            })
    }

    /// The catalog in force on a day, with its key.
    ///
    /// # Errors
    /// The store cannot be read, or has no catalog.
    pub fn catalog(&self, on: Day) -> Kept<(i64, Arc<Catalog>)> {
        self.in_force(SellerFileKind::Catalog, on, &CATALOG)?
            .ok_or_else(|| none("catalog"))
    }

    /// A catalog by its key.
    ///
    /// # Errors
    /// The store cannot be read, or has no such catalog.
    pub fn catalog_version(&self, id: i64) -> Kept<Catalog> {
        let sql = "SELECT compiled FROM seller_file WHERE id = ?1 AND kind = 'catalog'";
        self.first(sql, [id], |row| row::from_json(row, 0))?
            .ok_or_else(|| none("catalog"))
    }

    /// The policy in force on a day, with its key.
    ///
    /// # Errors
    /// The store cannot be read, or has no policy.
    pub fn policy(&self, on: Day) -> Kept<(i64, Arc<Policy>)> {
        self.in_force(SellerFileKind::Policy, on, &POLICY)?
            .ok_or_else(|| none("policy"))
    }

    /// The first day after a day on which another file of the seller comes into force.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_turn(&self, on: Day) -> Kept<Option<Day>> {
        let sql = "SELECT min(effective_from) FROM seller_file WHERE effective_from > ?1";
        let day = self.first(sql, [on.to_string()], |row| row::day_or_none(row, 0))?;
        Ok(day.flatten())
    }

    /// A setting of the file.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn setting(&self, key: &str) -> Kept<Option<String>> {
        self.first("SELECT value FROM meta WHERE key = ?1", [key], |row| {
            row.get(0)
        })
    }
}

fn none(kind: &str) -> Fault {
    Fault::Other(anyhow::anyhow!(
        "the file has no {kind}; run `subdesk {kind} use FILE` once"
    ))
}

impl Tx<'_> {
    /// Keeps a version of the catalog; the key of an equal one that is there already, otherwise a new one.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn use_catalog(
        &mut self,
        catalog: &Catalog,
        text: &str,
        origin: &str,
        at: DateTime<Utc>,
    ) -> Kept<i64> {
        let compiled = json(catalog)?;
        let head = (
            SellerFileKind::Catalog,
            catalog.id.as_str(),
            catalog.effective_from,
        );
        self.use_file(head, (text, &compiled), origin, at)
    }

    /// Keeps a version of the policy; see [`Tx::use_catalog`].
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn use_policy(
        &mut self,
        policy: &Policy,
        text: &str,
        origin: &str,
        at: DateTime<Utc>,
    ) -> Kept<i64> {
        let compiled = json(policy)?;
        let head = (
            SellerFileKind::Policy,
            policy.id.as_str(),
            policy.effective_from,
        );
        self.use_file(head, (text, &compiled), origin, at)
    }

    fn use_file(
        &mut self,
        (kind, seller, effective_from): (SellerFileKind, &str, Day),
        (text, compiled): (&str, &str),
        origin: &str,
        at: DateTime<Utc>,
    ) -> Kept<i64> {
        let sha: String = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let same =
            "SELECT id FROM seller_file WHERE kind = ?1 AND effective_from = ?2 AND sha256 = ?3";
        let from = effective_from.to_string();
        if let Some(id) = self
            .read()
            .first(same, (kind.name(), &from, &sha), |row| row.get(0))?
        {
            return Ok(id);
        }
        self.run_one(
            "INSERT INTO seller_file (kind, seller, effective_from, origin, text, compiled, sha256, added_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                kind.name(),
                seller,
                from,
                origin,
                text,
                compiled,
                sha,
                at.to_rfc3339_opts(SecondsFormat::Secs, true)
            ],
        )?;
        // Other rules may bring other things: everybody is looked at on the day they begin.
        self.run(
            "UPDATE account SET due_on = ?1 WHERE closed_on IS NULL AND (due_on IS NULL OR due_on > ?1)",
            params![from],
        )?;
        let id = self
            .read()
            .first("SELECT max(id) FROM seller_file", [], |row| row.get(0))?;
        id.ok_or_else(|| none(kind.name()))
    }

    /// Removes the files of every other seller.
    ///
    /// # Errors
    /// The store cannot be written, or something was sold under one of them.
    pub fn forget_other_sellers(&mut self, seller: &str) -> Kept<()> {
        self.run(
            "DELETE FROM seller_file WHERE seller <> ?1",
            params![seller],
        )?;
        self.set("catalog", seller)
    }

    /// Keeps a setting of the file.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn set(&mut self, key: &str, value: &str) -> Kept<()> {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
        self.run_one(sql, params![key, value])
    }
}
