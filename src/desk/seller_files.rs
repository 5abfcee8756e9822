//! The seller's two files: versions, what they say, how they differ.

use super::look::Question;
use super::{Failure, Terms};
use crate::billing::calendar::Day;
use crate::billing::catalog::{Catalog, Cohort};
use crate::billing::policy::Policy;
use crate::billing::refusal::{Code, Refusal};
pub use crate::store::SellerFileKind;
use crate::store::{Reader, SellerFile, Touched};
use crate::wire::Document;
use crate::wire::seller::{
    self, Difference, DifferenceKind, DifferenceLine, Finding, Source, Touch, Version, Weight,
    Whole,
};
use serde::Serialize;

/// A file as it was read, and the name under which it is spoken of.
#[derive(Debug, Clone, Serialize)]
pub struct Text {
    /// Its name or path.
    pub origin: String,
    /// The file, to the letter.
    pub text: String,
}

impl Text {
    pub(super) fn source(&self) -> Source<'_> {
        Source {
            text: &self.text,
            origin: &self.origin,
        }
    }
}

/// Which version is meant.
#[derive(Debug, Clone)]
pub enum Which {
    /// The one in force on the day of the question.
    InForce,
    /// The one with this number.
    Number(i64),
    /// One that is not in the database.
    Text(Text),
}

/// All versions of one kind.
#[derive(Debug)]
pub struct Versions(pub SellerFileKind);

impl Question for Versions {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        Ok(Document::SellerFiles(versions(read, self.0, terms.on())?))
    }
}

/// One version in full.
#[derive(Debug)]
pub struct Show {
    /// Of which kind.
    pub kind: SellerFileKind,
    /// Which.
    pub which: Which,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let (head, text) = found(read, self.kind, &self.which, terms.on())?;
        let says = match self.kind {
            SellerFileKind::Catalog => serde_json::to_value(catalog_of(&text)?)?,
            SellerFileKind::Policy => serde_json::to_value(policy_of(&text)?)?,
        };
        let text = text.text;
        Ok(Document::SellerFile(Box::new(Whole { head, text, says })))
    }
}

/// What changed from one version to another, and how many accounts each change concerns.
#[derive(Debug)]
pub struct Differences {
    /// Of which kind.
    pub kind: SellerFileKind,
    /// The earlier version.
    pub from: Which,
    /// The later version.
    pub to: Which,
}

impl Question for Differences {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let (_, from) = found(read, self.kind, &self.from, terms.on())?;
        let (_, to) = found(read, self.kind, &self.to, terms.on())?;
        let (differences, cohorts) = match self.kind {
            SellerFileKind::Policy => {
                let found = seller::diff_policies(&policy_of(&from)?, &policy_of(&to)?);
                (found, Vec::new())
            }
            SellerFileKind::Catalog => {
                let (from, to) = (catalog_of(&from)?, catalog_of(&to)?);
                let found = seller::diff_catalogs(&from, &to);
                (found, [to.cohorts, from.cohorts].concat())
            }
        };
        let mut lines = Vec::with_capacity(differences.len());
        for difference in differences {
            let whom = touched(&difference.touches, &cohorts);
            let accounts = read.count_touched(&whom, terms.on())?;
            lines.push(line(difference, accounts));
        }
        Ok(Document::Differences(lines))
    }
}

fn line(difference: Difference, accounts: i64) -> DifferenceLine {
    let kind = match difference.kind {
        DifferenceKind::Added => "added",
        DifferenceKind::Removed => "removed",
        DifferenceKind::Changed => "changed",
    };
    DifferenceLine {
        path: difference.path,
        kind: kind.to_owned(),
        from: difference.from,
        to: difference.to,
        accounts,
    }
}

fn touched(touch: &Touch, cohorts: &[Cohort]) -> Touched {
    let cohort = touch
        .cohort
        .as_ref()
        .and_then(|id| cohorts.iter().find(|cohort| cohort.id == *id));
    Touched {
        region: touch.region.clone(),
        currency: touch.currency,
        plan: touch.plan.clone(),
        period: touch.period.map(String::from),
        seat_type: touch.seat_type.clone(),
        add_on: touch.add_on.clone(),
        method: touch.method.clone(),
        customers_from: cohort.and_then(|cohort| cohort.customers_from),
        customers_until: cohort.and_then(|cohort| cohort.customers_until),
    }
}

/// The version in force on a day: the last that has begun, or the first of all.
fn in_force(files: &[SellerFile], on: Day) -> Option<&SellerFile> {
    files
        .iter()
        .filter(|file| file.effective_from <= on)
        .max_by_key(|file| (file.effective_from, file.id))
        .or(files.first())
}

pub(super) fn versions(
    read: Reader<'_>,
    kind: SellerFileKind,
    on: Day,
) -> Result<Vec<Version>, Failure> {
    let files = read.seller_files(kind)?;
    let current = in_force(&files, on).map(|file| file.id);
    let shown = |file: &SellerFile| version(kind, file, current);
    Ok(files.iter().map(shown).collect())
}

fn version(kind: SellerFileKind, file: &SellerFile, current: Option<i64>) -> Version {
    Version {
        kind: kind.name().to_owned(),
        version: Some(file.id),
        seller: file.seller.clone(),
        effective_from: file.effective_from,
        in_force: current == Some(file.id),
        origin: file.origin.clone(),
        added_at: Some(file.added_at.clone()),
    }
}

pub(super) fn found(
    read: Reader<'_>,
    kind: SellerFileKind,
    which: &Which,
    on: Day,
) -> Result<(Version, Text), Failure> {
    let files = read.seller_files(kind)?;
    let current = in_force(&files, on);
    let file = match which {
        Which::Text(text) => {
            let (seller, effective_from) = head_of(kind, text)?;
            let head = Version {
                kind: kind.name().to_owned(),
                version: None,
                seller,
                effective_from,
                in_force: false,
                origin: text.origin.clone(),
                added_at: None,
            };
            return Ok((head, text.clone()));
        }
        Which::InForce => current,
        Which::Number(id) => files.iter().find(|file| file.id == *id),
    };
    let missing = || match which {
        Which::Number(id) => Failure::not_found(kind.name(), id.to_string()),
        Which::InForce | Which::Text(_) => Failure::not_found(kind.name(), "in force"),
    };
    let file = file.ok_or_else(missing)?;
    let text = Text {
        origin: file.origin.clone(),
        text: file.text.clone(),
    };
    Ok((version(kind, file, current.map(|file| file.id)), text))
}

pub(super) fn head_of(kind: SellerFileKind, text: &Text) -> Result<(String, Day), Failure> {
    Ok(match kind {
        SellerFileKind::Catalog => {
            let catalog = catalog_of(text)?;
            (catalog.id, catalog.effective_from)
        }
        SellerFileKind::Policy => {
            let policy = policy_of(text)?;
            (policy.id, policy.effective_from)
        }
    })
}

pub(super) fn catalog_of(text: &Text) -> Result<Catalog, Failure> {
    Ok(seller::catalog(&text.text, &text.origin).map_err(|found| not_usable(&found))?)
}

pub(super) fn policy_of(text: &Text) -> Result<Policy, Failure> {
    Ok(seller::policy(&text.text, &text.origin).map_err(|found| not_usable(&found))?)
}

/// A refusal that names the first mistake and says how many there are.
pub(super) fn not_usable(found: &[Finding]) -> Refusal {
    let wrong: Vec<&Finding> = found
        .iter()
        .filter(|finding| finding.weight == Weight::Wrong)
        .collect();
    let Some(first) = wrong.first() else {
        return Refusal::new(Code::FileNotUsable, "The file cannot be used.");
    };
    let place = format!("{}:{}:{}", first.file, first.line, first.column);
    let message = format!("{place}: {}", first.message);
    let mut refusal = Refusal::new(Code::FileNotUsable, message);
    if let Some(help) = &first.help {
        refusal = refusal.say(help.clone());
    }
    match wrong.len() {
        1 => refusal,
        many => refusal.say(format!("The files have {many} mistakes in all.")),
    }
}
