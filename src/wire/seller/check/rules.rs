//! The table that says which published rule a key comes from.

use super::Problems;
use crate::billing::policy::Policy;
use crate::wire::seller::words::near;
use serde::de::Deserialize;

/// A key of the rules table must be a key of a policy, or no refusal would ever show the rule.
pub(super) fn check(policy: &Policy, problems: &mut Problems<'_>) {
    for key in policy.rules.keys() {
        if let Some((name, known)) = unknown_part(key) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            problems.wrong(
                format!("rules.\"{key}\""),
                format!("A policy has no key {key}."),
                near(&name, &known).unwrap_or_else(|| {
                    "Write the path of a key, such as \"seats.remove\".".to_owned()
                }),
            );
        }
    }
}

/// The first part of a path that no policy has, with what it could have been.
fn unknown_part(path: &str) -> Option<(String, Vec<String>)> {
    let mut value = toml::Value::Integer(0);
    for part in path.rsplit('.') {
        value = toml::Value::Table([(part.to_owned(), value)].into_iter().collect());
    }
    let toml::Value::Table(mut table) = value else {
        return None;
    };
    for (key, text) in [("id", "a"), ("effective_from", "2000-01-01")] {
        table.insert(key.to_owned(), toml::Value::String(text.to_owned()));
    }
    let said = Policy::deserialize(table).err()?;
    let said = said.message();
    let is_unknown = said.starts_with("unknown field") || said.starts_with("unknown variant");
    let mut quoted = said.split('`').skip(1).step_by(2).map(str::to_owned);
    let name = quoted.next().filter(|_| is_unknown)?;
    Some((name, quoted.collect()))
}
