//! Batches: one answer for each line, in the same order, and all or nothing where that was asked for.

use crate::support::Sandbox;
use serde_json::Value;

fn answers(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn lines_that_are_no_requests_cost_only_themselves() {
    let sandbox = Sandbox::new();
    let input = "{\"do\":\"order create\"\n\n[1,2]\n{\"do\":\"order craete\"}\n\
                 {\"do\":\"order create\",\"with\":{\"account\":\"nobody\",\"wish\":{},\"wihs\":{}}}\n\
                 {\"do\":\"order create\",\"with\":{\"account\":\"nobody\",\"wish\":{}},\"as_of\":\"2026-02-30\"}\n\
                 {\"do\":\"order create\",\"with\":{\"account\":\"nobody\",\"wish\":{}}}\n";
    let ran = sandbox.fed("batch -", input);
    assert_eq!(ran.code, 5, "{ran:?}");
    let answers = answers(&ran.stdout);
    let lines: Vec<i64> = answers
        .iter()
        .map(|a| a["line"].as_i64().unwrap())
        .collect();
    assert_eq!(lines, [1, 3, 4, 5, 6, 7]);
    let codes: Vec<&str> = answers
        .iter()
        .map(|a| a["error"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes[..5], ["line_not_usable"; 5]);
    assert_eq!(codes[5], "not_found");
    let message = |at: usize| answers[at]["error"]["message"].as_str().unwrap();
    assert!(
        answers[2]["error"]["hint"][0]
            .as_str()
            .unwrap()
            .contains("order create")
    );
    assert!(message(3).contains("no field wihs"), "{}", message(3));
    assert!(message(4).contains("28 days"), "{}", message(4));
}

#[test]
fn an_empty_batch_is_done() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.fed("batch -", "").code, 0);
    assert_eq!(sandbox.fed("batch - --atomic", "\n\n").code, 0);
}

#[test]
fn a_missing_file_is_not_found_and_a_folder_is_one_answer() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run("batch nowhere.jsonl").code, 4);
    assert_eq!(sandbox.run("batch .").code, 5);
}

fn account(name: &str) -> String {
    format!(
        "{{\"do\":\"account create\",\"with\":{{\"name\":\"{name}\",\"country\":\"US\",\
         \"email\":\"owner@{name}.example\"}}}}\n"
    )
}

/// The dump without what differs from run to run by design: the journal's own lines.
fn facts(sandbox: &Sandbox) -> Vec<String> {
    let mut dump = sandbox.dump();
    dump.retain(|line| !line.starts_with("journal: "));
    dump
}

#[test]
fn all_or_nothing_keeps_nothing_where_one_line_is_refused_and_still_tells_every_line() {
    let sandbox = Sandbox::new();
    sandbox.done("db init");
    let before = sandbox.dump();
    let input = account("acme") + &account("acme") + &account("zenith");
    let ran = sandbox.fed("batch - --atomic", &input);
    assert_eq!(ran.code, 5, "{ran:?}");
    let told = answers(&ran.stdout);
    assert_eq!(told[0]["kept"], false);
    assert_eq!(told[0]["account"]["name"], "acme");
    assert_eq!(told[1]["error"]["code"], "name_taken");
    assert_eq!(told[2]["account"]["name"], "zenith");
    assert_eq!(sandbox.dump(), before);
    let ran = sandbox.fed("batch - --atomic", &(account("acme") + &account("zenith")));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        answers(&ran.stdout)
            .iter()
            .all(|told| told["kept"].is_null())
    );
    sandbox.done("db check");
}

#[test]
fn each_line_by_itself_keeps_what_is_not_refused() {
    let sandbox = Sandbox::new();
    let input = account("acme") + &account("acme") + &account("zenith");
    let ran = sandbox.fed("batch -", &input);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(facts(&sandbox).iter().any(|line| line.contains("zenith")));
}

#[test]
fn a_dry_batch_leaves_no_file_and_changes_nothing() {
    let sandbox = Sandbox::new();
    let ran = sandbox.fed("batch - --dry-run", &account("acme"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(answers(&ran.stdout)[0]["dry_run"], true);
    assert!(!sandbox.db().exists());
    sandbox.done("db init");
    let before = sandbox.dump();
    for line in ["batch - --dry-run", "batch - --dry-run --atomic"] {
        assert_eq!(sandbox.fed(line, &account("acme")).code, 0);
        assert_eq!(sandbox.dump(), before);
    }
}

#[test]
fn a_prefix_and_then_the_whole_batch_is_the_batch() {
    let names = ["acme", "zenith", "quince", "harbour"];
    let lines: Vec<String> = names.iter().map(|name| account(name)).collect();
    let whole = Sandbox::new();
    assert_eq!(whole.fed("batch - --key import", &lines.concat()).code, 0);
    for prefix in 0..=lines.len() {
        let sandbox = Sandbox::new();
        sandbox.fed("batch - --key import", &lines[..prefix].concat());
        let ran = sandbox.fed("batch - --key import", &lines.concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let replayed = answers(&ran.stdout)
            .iter()
            .filter(|told| told["replayed"] == true)
            .count();
        assert_eq!(replayed, prefix);
        assert_eq!(facts(&sandbox), facts(&whole));
    }
}

#[test]
fn a_key_that_was_used_for_another_request_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.fed("batch - --key import", &account("acme"));
    let ran = sandbox.fed("batch - --key import", &account("zenith"));
    assert_eq!(ran.code, 5);
    assert_eq!(answers(&ran.stdout)[0]["error"]["code"], "key_reused");
}

#[test]
fn two_at_once_with_the_same_keys_do_the_work_once() {
    let sandbox = Sandbox::new();
    sandbox.done("db init");
    let input: String = (0..20).map(|at| account(&format!("a{at}"))).collect();
    let runs: Vec<_> = std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| sandbox.fed("batch - --key race", &input)));
        both.map(|one| one.join().unwrap()).into()
    });
    let told: Vec<Value> = runs.iter().flat_map(|ran| answers(&ran.stdout)).collect();
    assert_eq!(told.len(), 40);
    let replayed = told.iter().filter(|told| told["replayed"] == true).count();
    assert_eq!(replayed, 20, "{runs:?}");
    sandbox.done("db check");
}
