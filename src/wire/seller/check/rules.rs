//! The table that says which published rule a key comes from.

use super::Problems;
use crate::billing::catalog::Catalog;
use crate::billing::policy::Policy;
use crate::wire::seller::words::near;
use serde::de::Deserialize;

/// Lists of a catalog whose elements a rule can be about: `plan.business.self_managed`.
const OF_A_CATALOG: [&str; 3] = ["plan", "add_on", "method"];

/// A key of the rules table must be a key of a policy or of a plan, add-on or method, or no refusal would ever
/// show the rule.
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
    let mut parts = path.splitn(3, '.');
    let list = parts.next().filter(|list| OF_A_CATALOG.contains(list));
    if let (Some(list), Some(id)) = (list, parts.next()) {
        return parts
            .next()
            .and_then(|key| unknown_of_element(list, id, key));
    }
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
    unknown_name(Policy::deserialize(table).err()?.message())
}

/// The key that no element of a catalog's list has, with what it could have been.
fn unknown_of_element(list: &str, id: &str, key: &str) -> Option<(String, Vec<String>)> {
    let element: toml::Table = [
        ("id".to_owned(), toml::Value::String(id.to_owned())),
        (key.to_owned(), toml::Value::Integer(0)),
    ]
    .into_iter()
    .collect();
    let elements = toml::Value::Array(vec![toml::Value::Table(element)]);
    let table: toml::Table = [(list.to_owned(), elements)].into_iter().collect();
    unknown_name(Catalog::deserialize(table).err()?.message())
}

/// The name that an error of reading says is unknown, with the names it knows.
fn unknown_name(said: &str) -> Option<(String, Vec<String>)> {
    let is_unknown = said.starts_with("unknown field") || said.starts_with("unknown variant");
    let mut quoted = said.split('`').skip(1).step_by(2).map(str::to_owned);
    let name = quoted.next().filter(|_| is_unknown)?;
    Some((name, quoted.collect()))
}

#[cfg(test)]
mod tests {
    use super::unknown_part;

    #[test]
    fn a_rule_stands_beside_a_key_of_the_policy_or_of_something_sold() {
        for path in [
            "seats.remove",
            "plan.business.self_managed",
            "add_on.x.max",
            "add_on.x",
        ] {
            assert_eq!(unknown_part(path), None, "{path}");
        }
        for (path, name) in [
            ("seats.remov", "remov"),
            ("plan.business.self_manged", "self_manged"),
            ("add_on.x.maximum", "maximum"),
        ] {
            let (unknown, _) = unknown_part(path).unwrap();
            assert_eq!(unknown, name, "{path}");
        }
    }
}
