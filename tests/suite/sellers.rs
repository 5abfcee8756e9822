//! A seller of one's own is two files: the ones that README shows, read and checked like any other.

use rust_decimal::dec;
use subdesk::billing::price::{Item, unit_price};
use subdesk::wire::seller::{Source, catalog, check_both};

const CATALOG: &str = include_str!("../stories/seller/lighthouse.catalog.toml");
const POLICY: &str = include_str!("../stories/seller/lighthouse.policy.toml");

#[test]
fn a_seller_that_no_code_knows_is_read_and_checked() {
    let found = check_both(
        Source {
            text: CATALOG,
            origin: "lighthouse.catalog.toml",
        },
        Source {
            text: POLICY,
            origin: "lighthouse.policy.toml",
        },
    );
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn weeks_and_kinds_of_seat_have_prices_of_their_own() {
    let sold = catalog(CATALOG, "lighthouse").unwrap();
    let price = |seat_type, period: &str| {
        let item = Item::Plan {
            plan: "river",
            seat_type,
        };
        let (euro, on) = ("EUR".parse().unwrap(), "2026-02-01".parse().unwrap());
        let period = period.parse().unwrap();
        let found = unit_price(&sold, item, "home", euro, period, &[], on);
        found.unwrap().per_period
    };
    assert_eq!(price(None, "1w"), dec!(12.30));
    assert_eq!(price(None, "4w"), dec!(12.30) * dec!(4) * dec!(0.9));
    assert_eq!(price(Some("rower"), "1w"), dec!(12.30));
    assert_eq!(price(Some("cox"), "4w"), dec!(22));
    assert_eq!(price(Some("guest"), "1w"), dec!(0));
}

/// Runs the program in a folder of its own: exit code, stdout, stderr.
fn run(folder: &std::path::Path, words: &[&str]) -> (i32, String, String) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_subdesk"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("SUBDESK_DB", folder.join("desk.db"))
        .env("HOME", folder)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = done.status.code().unwrap();
    (code, text(done.stdout), text(done.stderr))
}

fn folder_with_the_seller() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("catalog.toml"), CATALOG).unwrap();
    std::fs::write(folder.path().join("policy.toml"), POLICY).unwrap();
    folder
}

#[test]
fn a_seller_of_ones_own_takes_the_place_of_the_built_in_one() {
    let folder = folder_with_the_seller();
    let run = |words: &[&str]| run(folder.path(), words);
    let (code, _, said) = run(&["catalog", "use", "catalog.toml"]);
    assert_eq!(code, 3);
    assert!(said.contains("--with"), "{said}");
    assert!(
        !folder.path().join("desk.db").exists(),
        "a refusal leaves no file"
    );
    let both = ["catalog", "use", "catalog.toml", "--with", "policy.toml"];
    let (code, _, _) = run(&[&both[..], &["--dry-run"]].concat());
    assert_eq!(code, 0);
    assert!(
        !folder.path().join("desk.db").exists(),
        "nor does a dry run"
    );
    assert_eq!(run(&both).0, 0);
    for noun in ["catalog", "policy"] {
        let (_, list, _) = run(&[noun, "list"]);
        assert_eq!(list.lines().count(), 1);
        assert!(list.contains("lighthouse\t2026-01-01\tyes"), "{list}");
    }
    assert_eq!(run(&["catalog", "show"]).1, CATALOG, "shown to the letter");
}

#[test]
fn the_next_version_waits_for_its_day_and_is_compared_by_meaning() {
    let folder = folder_with_the_seller();
    let run = |words: &[&str]| run(folder.path(), words);
    run(&["catalog", "use", "catalog.toml", "--with", "policy.toml"]);
    let later = CATALOG
        .replace("effective_from = 2026-01-01", "effective_from = 2099-01-01")
        .replace("{ 1w = 6, 4w = 22 }", "{ 1w = 7, 4w = 22 }");
    std::fs::write(folder.path().join("later.toml"), later).unwrap();
    let (code, told, _) = run(&["catalog", "diff", "later.toml"]);
    assert_eq!(code, 0);
    let expected = "effective_from\tchanged\t2026-01-01\t2099-01-01\t0\n\
                    price.river.cox.EUR.1w\tchanged\t6\t7\t0\n";
    assert_eq!(told, expected);
    assert_eq!(run(&["catalog", "use", "later.toml"]).0, 0);
    let in_force = |on: &str| run(&["catalog", "show", "--as-of", on]).1;
    assert!(in_force("2098-12-31").contains("{ 1w = 6, 4w = 22 }"));
    assert!(in_force("2099-01-01").contains("{ 1w = 7, 4w = 22 }"));
}

#[test]
fn a_bad_file_is_drawn_with_its_lines_and_ends_with_one() {
    let folder = folder_with_the_seller();
    let run = |words: &[&str]| run(folder.path(), words);
    let bad = CATALOG
        .replace("rank = 2", "rank = 1")
        .replace("= \"week\"", "= \"weak\"");
    std::fs::write(folder.path().join("bad.toml"), bad).unwrap();
    let (code, told, _) = run(&["catalog", "check", "bad.toml"]);
    assert_eq!(code, 1);
    assert!(told.contains("weak is not a value for this key."), "{told}");
    assert!(told.contains("reset = \"weak\""), "{told}");
    assert!(told.contains("Perhaps week is meant."), "{told}");
    let bad = CATALOG.replace("rank = 2", "rank = 1");
    std::fs::write(folder.path().join("bad.toml"), bad).unwrap();
    let (_, json, _) = run(&[
        "catalog",
        "check",
        "bad.toml",
        "--with",
        "policy.toml",
        "--json",
    ]);
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answer["file_check"]["usable"], false);
    assert_eq!(answer["file_check"]["findings"][0]["excerpt"], "rank = 1");
}

#[test]
fn what_is_no_seller_file_is_refused_in_a_sentence() {
    let folder = folder_with_the_seller();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("binary.toml"), b"id = \"\0\"").unwrap();
    std::fs::write(path("empty.toml"), b"  \n").unwrap();
    std::fs::write(path("huge.toml"), vec![b'#'; 50 << 20]).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("loop.toml", path("loop.toml")).unwrap();
    for (name, code, sentence) in [
        ("binary.toml", 2, "binary"),
        ("empty.toml", 2, "empty"),
        ("huge.toml", 2, "larger than 1048576 bytes"),
        ("loop.toml", 2, "cannot be read"),
        (".", 2, "cannot be read"),
        ("nowhere.toml", 4, "There is no file"),
    ] {
        for verb in ["check", "use", "diff"] {
            let (ended, _, said) = run(folder.path(), &["catalog", verb, name]);
            assert_eq!(ended, code, "{verb} {name}: {said}");
            assert!(said.contains(sentence), "{verb} {name}: {said}");
        }
        assert!(!path("desk.db").exists());
    }
}

#[test]
fn every_built_in_seller_can_be_put_to_use() {
    for name in ["kommo", "kommo-2024", "kumospace", "kustomer", "kaspr"] {
        let folder = tempfile::tempdir().unwrap();
        let (code, list, said) = run(folder.path(), &["catalog", "use", name]);
        assert_eq!(code, 0, "{said}");
        assert!(list.contains(&format!("{name}.catalog.toml")), "{list}");
        assert_eq!(run(folder.path(), &["catalog", "check", name]).0, 0);
    }
}
