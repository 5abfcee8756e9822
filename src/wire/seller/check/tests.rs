//! A small seller without a fault, and every fault of `faults.toml` put into it, one at a time.

use super::*;
use serde::Deserialize;

const CATALOG: &str = include_str!("acme.catalog.toml");
const POLICY: &str = include_str!("acme.policy.toml");
const FAULTS: &str = include_str!("faults.toml");

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

/// One replacement in one of the two files, and the finding that it must bring.
#[derive(Deserialize)]
struct Fault {
    from: String,
    to: String,
    says: String,
    at: String,
}

fn both(catalog: &str, policy: &str) -> Vec<Finding> {
    let origin = "catalog";
    let sold = Source {
        text: catalog,
        origin,
    };
    let origin = "policy";
    let rules = Source {
        text: policy,
        origin,
    };
    check_both(sold, rules)
}

#[test]
fn a_seller_without_a_fault_has_no_findings() {
    let found = both(CATALOG, POLICY);
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_fault_is_told_at_its_place_and_with_a_way_out() {
    let faults = toml::from_str::<Faults>(FAULTS).unwrap().fault;
    assert!(faults.len() > 90);
    for Fault { from, to, says, at } in faults {
        let in_catalog = CATALOG.matches(&from).count();
        let in_policy = POLICY.matches(&from).count();
        assert_eq!(in_catalog + in_policy, 1, "{from:?} stands once");
        let found = match in_catalog {
            1 => both(&CATALOG.replace(&from, &to), POLICY),
            _ => both(CATALOG, &POLICY.replace(&from, &to)),
        };
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        let hit = found.iter().find(|finding| finding.message.contains(&says));
        let hit = hit.unwrap_or_else(|| panic!("{says:?} is not told: {}", told.join("\n")));
        assert!(hit.excerpt.contains(&at), "{at:?} is not the place: {hit}");
        assert!(hit.help.is_some(), "there is no way out: {hit}");
    }
}

#[test]
fn findings_of_both_files_come_together_and_in_their_order() {
    let catalog = CATALOG
        .replace("rank = 2", "rank = 1")
        .replace("max = 3,", "max = 1,");
    let policy = POLICY.replace("days = 14", "days = \"soon\"");
    let told: Vec<(String, usize)> = both(&catalog, &policy)
        .into_iter()
        .map(|finding| (finding.file, finding.line))
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].1 < told[1].1);
    assert_eq!(told[2].0, "policy");
}
