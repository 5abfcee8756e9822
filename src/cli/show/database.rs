//! The file, the checks of it, and the program's settings on the page.

use super::page::{Page, Table};
use crate::wire::database::{Check, Database};
use crate::wire::setting::Setting;

/// What a file holds.
pub(super) fn database(page: &mut Page, database: &Database) {
    page.record(&[
        ("File", Some(database.file.clone())),
        ("Size", Some(format!("{} bytes", database.bytes))),
        ("Schema", Some(database.schema.to_string())),
        ("Began with", database.catalog.clone()),
        ("Zone", database.zone.clone()),
        ("Accounts", Some(database.accounts.to_string())),
        ("Orders", Some(database.orders.to_string())),
        ("Invoices", Some(database.invoices.to_string())),
        ("Writes", Some(database.journal_lines.to_string())),
        ("Last write", database.last_write_at.clone()),
    ]);
}

/// Whether something is sound.
pub(super) fn check(page: &mut Page, check: &Check) {
    for finding in &check.findings {
        page.line(&format!("{}: {}", finding.what, finding.text));
    }
    let checked = check.checked.join(", ");
    match check.sound {
        true => page.line(&format!("Sound: {checked}.")),
        false => page.line(&format!(
            "Not sound: {} found in {checked}.",
            check.findings.len()
        )),
    }
}

/// What the program works with.
pub(super) fn settings(page: &mut Page, settings: &[Setting]) {
    let mut table = Table::new(&["Setting", "Value", "From"]);
    for setting in settings {
        table.row([
            setting.name.clone(),
            setting.value.clone(),
            setting.origin.clone(),
        ]);
    }
    page.list(&table);
}
