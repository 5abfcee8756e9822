//! What comes into the program from outside, held to deny.toml without a network: sources, licences, and
//! crates in more than one version.

use crate::support::root;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use toml::{Table, Value};

fn table(file: &str) -> Table {
    std::fs::read_to_string(root().join(file))
        .unwrap()
        .parse()
        .unwrap()
}

fn texts<'a>(table: &'a Table, part: &str, key: &str) -> Vec<&'a str> {
    let list = table[part][key].as_array().unwrap();
    list.iter().map(|text| text.as_str().unwrap()).collect()
}

fn packages(lock: &Table) -> Vec<(&str, &str, Option<&str>)> {
    let text = |package: &'static str| move |of: &'_ Value| of.get(package).is_some();
    assert!(text("version")(&lock["package"][0]));
    let all = lock["package"].as_array().unwrap().iter();
    all.map(|package| {
        let source = package.get("source").and_then(Value::as_str);
        (
            package["name"].as_str().unwrap(),
            package["version"].as_str().unwrap(),
            source,
        )
    })
    .collect()
}

#[test]
fn everything_comes_from_the_registry_that_is_named() {
    let (deny, lock) = (table("deny.toml"), table("Cargo.lock"));
    let allowed = texts(&deny, "sources", "allow-registry");
    for (name, _, source) in packages(&lock) {
        let known = source.is_none_or(|source| {
            allowed
                .iter()
                .any(|registry| source == format!("registry+{registry}"))
        });
        assert!(
            known && (source.is_some() || name == "subdesk"),
            "{name}: {source:?}"
        );
    }
}

#[test]
fn every_crate_in_two_versions_is_explained_and_nothing_else_is() {
    let (deny, lock) = (table("deny.toml"), table("Cargo.lock"));
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, version, _) in packages(&lock) {
        versions.entry(name).or_default().push(version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let mut explained: BTreeSet<String> = BTreeSet::new();
    for skip in deny["bans"]["skip"].as_array().unwrap() {
        let (named, reason) = (
            skip["crate"].as_str().unwrap(),
            skip["reason"].as_str().unwrap(),
        );
        assert!(reason.len() > 5, "{named} needs a reason");
        let (name, wanted) = named.split_once('@').unwrap();
        let fits = |version: &&&str| {
            version.starts_with(&format!("{wanted}.")) || version.starts_with(wanted)
        };
        let found = versions.get(name).and_then(|all| all.iter().find(fits));
        let found = found.unwrap_or_else(|| panic!("{named} is no duplicate any more"));
        explained.insert(format!("{name} {found}"));
    }
    for (name, versions) in versions {
        let open: Vec<_> = versions
            .iter()
            .filter(|version| !explained.contains(&format!("{name} {version}")))
            .collect();
        assert_eq!(
            open.len(),
            1,
            "{name} is there as {versions:?}, and deny.toml does not say why"
        );
    }
}

/// Whether a licence that is spelled as SPDX does it can be taken.
fn acceptable(spelled: &str, allowed: &[&str]) -> bool {
    let plain = spelled.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" AND ").all(|needed| {
        needed
            .split(" OR ")
            .any(|choice| allowed.contains(&choice.trim()))
    })
}

#[test]
fn every_licence_of_what_is_built_here_is_on_the_list() {
    let deny = table("deny.toml");
    let allowed = texts(&deny, "licenses", "allow");
    assert!(acceptable("(MIT OR GPL-3.0) AND Unicode-3.0", &allowed));
    assert!(!acceptable("MIT AND GPL-3.0", &allowed) && !acceptable("", &allowed));
    let told = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "-e",
            "normal,build,dev",
            "--prefix",
            "none",
            "-f",
            "{p}\t{l}",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let told = String::from_utf8(told.stdout).unwrap();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for line in told.lines() {
        let (package, licence) = line.split_once('\t').unwrap();
        let licence = licence.trim_end_matches(" (*)");
        assert!(
            acceptable(licence, &allowed),
            "{package} has the licence {licence:?}"
        );
        seen.extend(allowed.iter().filter(|one| licence.contains(**one)));
    }
    let idle: Vec<_> = allowed.iter().filter(|one| !seen.contains(*one)).collect();
    assert!(
        idle.is_empty(),
        "nothing has these licences any more: {idle:?}"
    );
}
