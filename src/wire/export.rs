//! Files that were written for people.

use serde::{Deserialize, Serialize};

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
