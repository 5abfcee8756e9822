//! Written files on the page.

use super::page::Page;
use crate::wire::export::Export;

/// Each file, and how many were there before.
pub(super) fn export(page: &mut Page, export: &Export) {
    let new = export.files.iter().filter(|file| file.new).count();
    for file in &export.files {
        page.line(&file.file);
    }
    let before = export.files.len().saturating_sub(new);
    if export.files.is_empty() {
        page.line("There was no document to write.");
    } else if before > 0 {
        let files = if before == 1 {
            "file was"
        } else {
            "files were"
        };
        page.line(&format!(
            "{before} {files} there before, with the same content."
        ));
    }
}
