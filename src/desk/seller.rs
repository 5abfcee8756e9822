//! The seller's files as the desk uses them: where a key stands, for refusals and explanations.

use super::Failure;
use crate::billing::calendar::Day;
use crate::billing::refusal::Refusal;
use crate::store::{Reader, SellerFile, SellerFileKind};
use crate::wire::seller::locate;

/// File and line of a policy or catalog key that was in force on a day: `acme.policy.toml:41`.
///
/// # Errors
/// The store cannot be read.
pub fn place_of(read: Reader<'_>, key: &str, on: Day) -> Result<Option<String>, Failure> {
    for kind in [SellerFileKind::Policy, SellerFileKind::Catalog] {
        let files = read.seller_files(kind)?;
        let in_force: Option<&SellerFile> = files
            .iter()
            .filter(|file| file.effective_from <= on)
            .max_by_key(|file| (file.effective_from, file.id))
            .or(files.first());
        let Some(file) = in_force else { continue };
        if let Some((line, _)) = locate(&file.text, key) {
            return Ok(Some(format!("{}:{line}", file.origin)));
        }
    }
    Ok(None)
}

/// A refusal with the place of its key filled in.
///
/// # Errors
/// The store cannot be read.
pub fn placed(read: Reader<'_>, mut refusal: Refusal, on: Day) -> Result<Refusal, Failure> {
    if let Some(because) = &mut refusal.because
        && because.place.is_none()
    {
        because.place = place_of(read, &because.key, on)?;
    }
    Ok(refusal)
}
