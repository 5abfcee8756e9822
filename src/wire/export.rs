//! Files that are written for people, and their names.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The most letters of a name, so that every file system takes it.
const LONGEST: usize = 100;

/// What an export has written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Each file.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where it is.
    pub file: String,
    /// The document in it; absent where it holds several.
    pub number: Option<String>,
    /// False where the very same file was there before.
    pub new: bool,
}

/// The name of a file for a document's number. A number may hold anything; a name has letters, digits, `-`,
/// `_` and single points. A name that is not the number itself ends in a part of the number's hash, so that two
/// numbers do not share one.
pub fn file_name(number: &str, extension: &str) -> String {
    let mut stem = String::new();
    for ch in number.chars() {
        let plain = ch.is_ascii_alphanumeric() || ch == '_';
        // A point at the start hides a file, and a hyphen makes it an option of the next program.
        let inside = !stem.is_empty() && (ch == '-' || (ch == '.' && !stem.ends_with('.')));
        stem.push(if plain || inside { ch } else { '_' });
    }
    let stem: String = stem.chars().take(LONGEST).collect();
    let mut stem = stem.trim_end_matches('.').to_owned();
    if stem != number || stem.is_empty() || reserved(&stem) {
        let digest = Sha256::digest(number);
        let mark: String = digest
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        stem = format!("_{stem}-{mark}");
    }
    format!("{stem}.{extension}")
}

/// Names that Windows keeps for devices, whatever follows their first point.
fn reserved(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().to_uppercase();
    let port = |prefix: &str| {
        let digit = first.strip_prefix(prefix);
        digit.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL") || port("COM") || port("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_can_leave_its_folder_or_take_anothers_file_name() {
        assert_eq!(file_name("INV-2026-000042", "pdf"), "INV-2026-000042.pdf");
        assert_eq!(file_name("v1.2", "pdf"), "v1.2.pdf");
        let odd = [
            "../../etc/passwd",
            "a/b",
            "a\\b",
            "..",
            "",
            ".",
            "/",
            "a\0b",
            "CON",
            "com1.x",
            "-rf",
            "a..b",
            "a.",
            "b\u{202e}",
            "ÄÖ",
            "ÄÜ",
        ];
        let mut names: Vec<String> = odd.iter().map(|number| file_name(number, "pdf")).collect();
        for name in &names {
            let plain = |ch: char| ch.is_ascii_alphanumeric() || "-_.".contains(ch);
            assert!(
                name.chars().all(plain) && !name.contains("..") && !name.starts_with('.'),
                "{name}"
            );
            assert!(!reserved(name) && !name.starts_with('-'), "{name}");
        }
        names.push(file_name(&"x".repeat(10_000), "pdf"));
        names.push(file_name(&"x".repeat(10_001), "pdf"));
        assert!(names.iter().all(|name| name.len() < 130));
        names.sort();
        names.dedup();
        assert_eq!(names.len(), odd.len() + 2);
    }
}
