//! Money that leaves after it was said not to have left: a provider heard of a refund later than somebody asked what
//! had become of it. The books follow the bank, or people are told what to put right.

use crate::support::{Ran, Sandbox};
use crate::writes::{done, furnished, ran, sound};
use std::process::{Child, Stdio};
use std::time::Duration;

/// A refund whose provider hears of it late, and which is said to have failed before that.
fn refunded_too_early() -> (Sandbox, Child) {
    let sandbox = Sandbox::quick();
    let script = "{\"answer\":\"paid\"}\n{\"answer\":\"paid\",\"arrives_ms\":6000}\n";
    std::fs::write(sandbox.path("script.jsonl"), script).unwrap();
    for line in [
        "account create acme --country US --email a@acme.test --catalog kustomer",
        "order create acme --plan enterprise --period 1m --seats 8 --method card",
        "order pay O-000001 --reference token",
    ] {
        done(&sandbox, line);
    }
    let rules = done(&sandbox, "policy show").stdout;
    let refunds = rules
        .replacen("[refund]\nmode = \"none\"", "[refund]\nmode = \"paid\"", 1)
        .replacen(
            "effective_from = 2024-09-01",
            "effective_from = 2026-07-01",
            1,
        );
    std::fs::write(sandbox.path("refunds.policy.toml"), refunds).unwrap();
    done(&sandbox, "policy use refunds.policy.toml");
    let refund = [
        "payment", "refund", "P-000001", "--amount", "100", "--reason", "x", "--yes", "--json",
    ];
    let child = furnished(sandbox.command(&refund))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while std::fs::read_to_string(sandbox.path("used.txt")).map_or(0, |used| used.lines().count())
        < 2
    {
        std::thread::sleep(Duration::from_millis(10));
    }
    done(&sandbox, "payment settle");
    let state = done(&sandbox, "payment list --account acme --json=number,state");
    assert!(
        state.stdout.contains("declined"),
        "too slow for this test: {state:?}"
    );
    (sandbox, child)
}

fn balance(sandbox: &Sandbox) -> i64 {
    let shown = done(sandbox, "account show acme --json=balance").answer();
    shown["account"]["balance"]["minor"].as_i64().unwrap()
}

/// The clerk's books follow the bank: what left the till left the balance.
#[test]
fn a_refund_that_left_after_it_was_said_to_have_failed_is_taken_from_the_balance_it_went_to() {
    let (sandbox, child) = refunded_too_early();
    assert_eq!(
        balance(&sandbox),
        10_000,
        "declined: the money is the account's"
    );
    let told = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(told.answer()["subscription"]["refunds"][0]["state"], "paid");
    assert_eq!(balance(&sandbox), 0);
    sound(&sandbox, "paid out late");
    let twice = sandbox.dump();
    done(&sandbox, "payment settle P-000002");
    assert_eq!(sandbox.dump(), twice, "nothing is booked twice");
}

#[test]
fn a_refund_that_left_late_when_its_money_was_used_becomes_a_case_and_no_debt() {
    let (sandbox, child) = refunded_too_early();
    done(&sandbox, "seats add acme 1 --as-of 2026-07-01");
    done(&sandbox, "order pay O-000002");
    assert!(balance(&sandbox) < 10_000);
    let told = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(
        (told.code, &told.error()["code"]),
        (3, &"money_came_late".into()),
        "{told:?}"
    );
    let cases = done(&sandbox, "case list --json=text");
    assert!(
        cases.stdout.contains("Ask the customer for the difference"),
        "{cases:?}"
    );
    sound(&sandbox, "used meanwhile");
    // Whoever asks again hears the same, and no second case is opened.
    let again = ran(&sandbox, "payment settle P-000002");
    assert!(
        again.code == 3 && again.stderr.contains("Ask the customer"),
        "{again:?}"
    );
    let cases = done(&sandbox, "case list --json=text");
    assert_eq!(
        cases.stdout.matches("Ask the customer").count(),
        1,
        "{cases:?}"
    );
}
