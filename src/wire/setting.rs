//! A setting of the program as outsiders see it.

use serde::{Deserialize, Serialize};

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The option, the variable, the file with its line, or `default`.
    pub origin: String,
}
