//! The entries of the fuzz targets, run for a short time with texts that are nearly right.

#[path = "../../fuzz/entries.rs"]
mod ways;

use crate::support::{files, root};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};
use ways::ENTRIES;

/// Texts that each entry takes, to be spoiled.
fn seeds(entry: &str) -> Vec<String> {
    let presets = |kind: &str| -> Vec<String> {
        files(&root().join("src/wire/presets"))
            .iter()
            .filter(|file| file.to_string_lossy().ends_with(kind))
            .map(|file| std::fs::read_to_string(file).unwrap())
            .collect()
    };
    let few = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match entry {
        "catalog" => presets(".catalog.toml"),
        "policy" => presets(".policy.toml"),
        "batch_line" => few(&[
            r#"{"do":"order create","with":{"account":"acme","wish":{"seats":{"full":5}}},"as_of":"2026-02-28","key":"k"}"#,
        ]),
        "taxpayer" => few(&[
            "DE136695976",
            "11.222.333/0001-81",
            "FR40303265045",
            "IT00743110157",
            "52998224725",
        ]),
        "command_line" => few(&[
            "order\ncreate\nacme\n--plan\npro\n--seats\nfull=5\n--period\n6m\n--json=total",
            "seats\nadd\nacme\n2\n--price\n12.50\n--reason\nx\n--as-of\n2026-02-28",
            "renew\ndue\n--within\n9d\n--limit\n5",
        ]),
        _ => few(&[
            "2026-02-28T09:30:00+02:00",
            "1250.50",
            "50.00 USD",
            "full=5",
            "6m",
            "500ms",
            "-0",
            "ai=3",
        ]),
    }
}

/// A text with some of it replaced, doubled, cut out or moved.
fn spoiled(seeds: Vec<String>) -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        Just("\u{0}".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("999999999999999999999999".to_owned()),
        Just("-1".to_owned()),
        Just("[[".to_owned()),
        Just("\"".to_owned()),
        Just("é".to_owned()),
        Just("1e400".to_owned()),
        Just("9999-12-31".to_owned()),
        Just("0".to_owned()),
        Just("\n".to_owned()),
        Just("--".to_owned()),
        Just("=".to_owned()),
        Just(String::new()),
        "\\PC{0,12}",
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..24_usize, odd), 0..5);
    (prop::sample::select(seeds), edits).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (place, length, odd) in edits {
            let at = place.index(text.len() + 1);
            let end = (at + length).min(text.len());
            text.splice(at..end, odd.chars());
        }
        text.into_iter().collect()
    })
}

#[test]
fn no_text_makes_an_entry_panic() {
    for (name, entry) in ENTRIES {
        for seed in seeds(name) {
            entry(&seed);
        }
        let slow = ["catalog", "policy", "command_line"].contains(name);
        let config = Config {
            cases: if slow { 60 } else { 1_500 },
            failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
            ..Config::default()
        };
        let texts = prop_oneof![4 => spoiled(seeds(name)), 1 => "\\PC{0,60}"];
        // The same texts every time: what this finds is found by everybody. Fuzzing looks for others.
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(config, rng)
            .run(&texts, |text| {
                entry(&text);
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn every_entry_has_its_target() {
    let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for (name, _) in ENTRIES {
        let target = root().join(format!("fuzz/fuzz_targets/{name}.rs"));
        let text = std::fs::read_to_string(target).unwrap();
        assert!(text.contains(&format!("entries::{name}(text)")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
    // And no target is one of something else.
    let manifest: toml::Table = manifest.parse().unwrap();
    for target in manifest["bin"].as_array().unwrap() {
        let (name, path) = (
            target["name"].as_str().unwrap(),
            target["path"].as_str().unwrap(),
        );
        assert!(ENTRIES.iter().any(|(entry, _)| *entry == name), "{name}");
        assert_eq!(path, format!("fuzz_targets/{name}.rs"));
    }
    assert_eq!(
        files(&root().join("fuzz/fuzz_targets")).len(),
        ENTRIES.len()
    );
}
