//! A seller's files on the page: versions, findings with the lines they are about, differences.

use super::super::out::visible;
use super::page::{Page, Table, or_dash};
use crate::billing::listed;
use crate::wire::seller::{DifferenceLine, FileCheck, Finding, Version, Weight};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Versions.
pub(super) fn versions(page: &mut Page, versions: &[Version]) {
    let mut table = Table::new(&[
        "Version", "Seller", "From", "In force", "Origin", "Added at",
    ]);
    table = table.numbers(&[0]);
    for version in versions {
        let in_force = if version.in_force { "yes" } else { "no" };
        table.row([
            or_dash(version.version.map(|number| number.to_string()).as_deref()),
            version.seller.clone(),
            version.effective_from.to_string(),
            in_force.to_owned(),
            version.origin.clone(),
            or_dash(version.added_at.as_deref()),
        ]);
    }
    page.list(&table);
}

/// What changed, and whom it concerns.
pub(super) fn differences(page: &mut Page, lines: &[DifferenceLine]) {
    let mut table = Table::new(&["Where", "What", "Was", "Is", "Accounts"]).numbers(&[4]);
    for line in lines {
        table.row([
            line.path.clone(),
            line.kind.clone(),
            or_dash(line.from.as_deref()),
            or_dash(line.to.as_deref()),
            line.accounts.to_string(),
        ]);
    }
    page.list(&table);
}

/// What was found in files.
pub(super) fn check(page: &mut Page, check: &FileCheck) {
    for finding in &check.findings {
        match page.is_accessible() {
            true => page.line(&finding.to_string()),
            false => page.drawn(&picture(finding, page.width())),
        }
    }
    let wrong = check
        .findings
        .iter()
        .filter(|found| found.weight == Weight::Wrong)
        .count();
    let odd = check.findings.len().saturating_sub(wrong);
    let files = listed::and(&check.checked);
    let found = match (wrong, odd) {
        (0, 0) => "nothing wrong".to_owned(),
        (0, odd) => format!("nothing wrong, {odd} odd"),
        (wrong, 0) => format!("{wrong} wrong"),
        (wrong, odd) => format!("{wrong} wrong, {odd} odd"),
    };
    page.line(&format!("{files}: {found}."));
}

/// A finding with its line, as compilers draw it.
fn picture(finding: &Finding, width: usize) -> String {
    let (file, message) = (visible(&finding.file), visible(&finding.message));
    let excerpt = visible(&finding.excerpt);
    let help = finding.help.as_deref().map(visible);
    let level = match finding.weight {
        Weight::Wrong => Level::ERROR.with_name("wrong"),
        Weight::Odd => Level::WARNING.with_name("odd"),
    };
    // A line that had to be made visible no longer has its columns.
    let is_as_written = excerpt == finding.excerpt.as_str();
    let start = match is_as_written {
        true => byte_of(&excerpt, finding.column),
        false => 0,
    };
    let end = start.saturating_add(finding.span.len()).min(excerpt.len());
    let end = if excerpt.is_char_boundary(end) {
        end
    } else {
        excerpt.len()
    };
    let snippet = Snippet::source(excerpt.as_ref())
        .line_start(finding.line)
        .path(file.as_ref())
        .annotation(AnnotationKind::Primary.span(start..end.max(start)));
    let mut group = level.primary_title(message.as_ref()).element(snippet);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_ref()));
    }
    let mut drawn = Renderer::styled().term_width(width).render(&[group]);
    drawn.push_str("\n\n");
    drawn
}

/// The byte at which a column begins.
fn byte_of(line: &str, column: usize) -> usize {
    let mut starts = line.char_indices().map(|(at, _)| at);
    starts.nth(column.saturating_sub(1)).unwrap_or(line.len())
}
