//! Where strangers' text comes in: one function for each way, used by the fuzz targets and by the test suite.
//! Each must come back, and what it takes must hold what is said here.

use subdesk::billing::taxpayer;
use subdesk::cli::probe;
use subdesk::wire::line::Line;
use subdesk::wire::seller;

/// A way in, by its name.
pub type Entry = (&'static str, fn(&str));

/// Every entry.
pub const ENTRIES: &[Entry] = &[
    ("catalog", catalog),
    ("policy", policy),
    ("batch_line", batch_line),
    ("values", values),
    ("taxpayer", taxpayer),
    ("command_line", command_line),
];

/// A catalog file. One that is taken can be checked.
pub fn catalog(text: &str) {
    if seller::catalog(text, "fuzz.catalog.toml").is_ok() {
        let _ = seller::locate(text, "method");
    }
}

/// A policy file.
pub fn policy(text: &str) {
    if seller::policy(text, "fuzz.policy.toml").is_ok() {
        let _ = seller::locate(text, "proration.unit");
    }
}

/// A line of a batch. One that is taken can be written and read again as the same.
pub fn batch_line(text: &str) {
    if let Ok(line) = Line::read(text) {
        let written = serde_json::to_string(&line).unwrap();
        assert_eq!(Line::read(&written).as_ref(), Ok(&line), "{text:?}");
    }
}

/// Dates, amounts, quantities, periods, waits, names: whatever a word of a command line may be.
pub fn values(text: &str) {
    probe::values(text);
}

/// Taxpayer numbers of every country. One that is taken is taken again in the spelling it was kept in.
pub fn taxpayer(text: &str) {
    for country in ["BR", "DE", "ES", "FR", "GB", "IT", "PT", "US", "XX"] {
        if let Ok(kept) = taxpayer::checked(country, text) {
            assert_eq!(
                taxpayer::checked(country, &kept),
                Ok(kept.clone()),
                "{country} {text:?}"
            );
        }
    }
}

/// A whole command line, its words parted by line breaks. It is only parsed.
pub fn command_line(text: &str) {
    probe::command_line(text.lines());
}
