//! Lines of the journal on the page.

use super::page::{Page, Table, as_fields, or_dash};
use crate::wire::journal::{Brief, Line};

/// Lines, briefly.
pub(super) fn lines(page: &mut Page, lines: &[Brief]) {
    let mut table = Table::new(&[
        "Line",
        "Recorded at",
        "As of",
        "Command",
        "Account",
        "By",
        "For",
        "Key",
    ])
    .numbers(&[0]);
    for line in lines {
        table.row([
            line.line.to_string(),
            line.recorded_at.clone(),
            line.as_of.date().to_string(),
            line.command.clone(),
            or_dash(line.account.as_deref()),
            line.by.clone(),
            or_dash(line.on_behalf.as_deref()),
            or_dash(line.key.as_deref()),
        ]);
    }
    page.list(&table);
}

/// One line in full.
pub(super) fn line(page: &mut Page, line: &Line) {
    let head = &line.head;
    page.heading(&format!("Line {}: {}", head.line, head.command));
    page.record(&[
        ("Recorded at", Some(head.recorded_at.clone())),
        ("As of", Some(head.as_of.to_string())),
        ("Account", head.account.clone()),
        ("By", Some(head.by.clone())),
        ("For", head.on_behalf.clone()),
        ("Reason", head.reason.clone()),
        ("Key", head.key.clone()),
        ("Hash", Some(line.hash.clone())),
    ]);
    page.heading("Request");
    as_fields(page, &line.request);
    page.heading("Document");
    as_fields(page, &line.document);
}
