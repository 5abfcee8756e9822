//! Opening the desk, and what a new file begins with: a built-in seller's catalog and policy.

use super::{Desk, Failure};
use crate::billing::calendar::Moment;
use crate::store::{NewLine, Patience, Place, Purpose, Store};
use crate::wire::presets::Preset;
use crate::wire::seller::{self, Finding};
use chrono::{DateTime, Utc};
use std::path::Path;

/// The setting that names the seller a file began with.
const CATALOG: &str = "catalog";
/// The setting that names the seller's time zone.
pub(super) const ZONE: &str = "zone";

/// Who starts a file, and when.
#[derive(Debug, Clone)]
pub struct Starter {
    /// Who runs the tool.
    pub by: String,
    /// The clock.
    pub recorded_at: DateTime<Utc>,
    /// The clock in the seller's zone.
    pub now: Moment,
}

impl Desk {
    /// Opens the file.
    ///
    /// # Errors
    /// The file is missing, is not ours, is damaged, or is busy.
    pub fn open(file: &Path, purpose: Purpose, patience: Patience) -> Result<Desk, Failure> {
        let place = Place::File(file.to_owned());
        Ok(Desk::over(Store::open(place, purpose, patience)?))
    }

    /// A desk in memory, for what is not to leave a file behind.
    ///
    /// # Errors
    /// Memory is short.
    pub fn in_memory() -> Result<Desk, Failure> {
        let patience = Patience::silent(std::time::Duration::ZERO);
        Ok(Desk::over(Store::open(
            Place::Memory,
            Purpose::Create,
            patience,
        )?))
    }

    /// Whether a file has anything in it. A file that another program has just created and not yet filled
    /// counts as absent.
    pub fn has_content(file: &Path) -> bool {
        // Looked at once: between two looks another program may create it.
        std::fs::metadata(file).is_ok_and(|about| !about.is_file() || about.len() > 0)
    }

    /// The built-in seller this file began with; nothing in a file that has not begun.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn began_with(&mut self) -> Result<Option<String>, Failure> {
        Ok(self.look()?.read().setting(CATALOG)?)
    }

    /// The seller's time zone, by its name in the IANA database.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn zone(&mut self) -> Result<Option<String>, Failure> {
        Ok(self.look()?.read().setting(ZONE)?)
    }

    /// Gives a new file its seller. Says nothing and changes nothing where another process was first.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn start(&mut self, preset: &Preset, starter: &Starter) -> Result<(), Failure> {
        let (catalog, policy) = parts(preset)?;
        let mut tx = self.store.begin()?;
        if tx.read().setting(CATALOG)?.is_some() {
            return Ok(tx.roll_back()?);
        }
        let at = starter.recorded_at;
        tx.use_catalog(&catalog, preset.catalog, &preset.catalog_origin(), at)?;
        tx.use_policy(&policy, preset.policy, &preset.policy_origin(), at)?;
        tx.set(CATALOG, preset.name)?;
        tx.set(ZONE, &catalog.zone)?;
        let id = tx.read().next_journal()?;
        let request = serde_json::json!({ "do": "db init", "with": { "catalog": preset.name } });
        let document = super::db::about(tx.read())?;
        tx.write_journal(&NewLine {
            as_of: starter.now,
            request: &request.to_string(),
            document: serde_json::to_string(&document)?.into(),
            ..NewLine::bare(id, at, "db init", &starter.by)
        })?;
        Ok(tx.commit()?)
    }
}

/// The zone of a built-in seller, for a file that does not exist yet.
///
/// # Errors
/// The built-in catalog cannot be read, which a test rules out.
pub fn zone_of(preset: &Preset) -> Result<String, Failure> {
    Ok(parts(preset)?.0.zone)
}

fn parts(
    preset: &Preset,
) -> Result<
    (
        crate::billing::catalog::Catalog,
        crate::billing::policy::Policy,
    ),
    Failure,
> {
    let catalog = seller::catalog(preset.catalog, &preset.catalog_origin()).map_err(unusable)?;
    let policy = seller::policy(preset.policy, &preset.policy_origin()).map_err(unusable)?;
    Ok((catalog, policy))
}

fn unusable(findings: Vec<Finding>) -> Failure {
    let first = findings.first().map(Finding::to_string).unwrap_or_default();
    Failure::Broken(anyhow::anyhow!("a built-in file cannot be used: {first}"))
}
