//! Finding the rows of some keys: by a walk where the keys lie close together, one by one where they do not.

use super::row::{Kept, json};
use rusqlite::types::Value;

/// Some keys, to find rows by.
pub(super) enum Keys {
    /// They lie close together: a walk along an index from the first to the last is the cheapest, and what
    /// it meets besides is passed over.
    Near(i64, i64),
    /// They are looked up one by one.
    Apart(String),
}

impl Keys {
    pub(super) fn of(ids: &[i64]) -> Kept<Keys> {
        let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
            return Ok(Keys::Apart(json(&ids)?));
        };
        let wide = last.saturating_sub(*first);
        let many = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        match wide < many.saturating_mul(2) {
            true => Ok(Keys::Near(*first, *last)),
            false => Ok(Keys::Apart(json(&ids)?)),
        }
    }

    /// A query whose `{among}` stands for what a column must be.
    pub(super) fn sql(&self, sql: &str) -> String {
        let among = match self {
            Keys::Near(..) => "BETWEEN ?1 AND ?2",
            Keys::Apart(_) => "IN (SELECT value FROM json_each(?1))",
        };
        sql.replace("{among}", among)
    }

    pub(super) fn params(&self) -> Vec<Value> {
        match self {
            Keys::Near(first, last) => vec![Value::from(*first), Value::from(*last)],
            Keys::Apart(ids) => vec![Value::from(ids.clone())],
        }
    }
}
