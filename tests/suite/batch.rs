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
fn a_folder_or_a_missing_file_is_a_usage_error_or_one_answer() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run("batch nowhere.jsonl").code, 2);
    assert_eq!(sandbox.run("batch .").code, 5);
}
