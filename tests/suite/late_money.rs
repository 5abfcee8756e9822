//! Money that moves after it was said not to have moved: a provider heard of a charge or a refund later than somebody
//! asked what had become of it. The books follow the bank, or people are told what to put right.

use crate::provider::asking;
use crate::support::{Ran, Sandbox};
use crate::writes::{charged, done, ran, sound};
use std::process::Child;

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
    let child = asking(&sandbox, &refund, 2);
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

/// A run waits for a provider that hears late; meanwhile the charge is given up and the renewal is paid another way.
#[test]
fn money_that_comes_to_a_run_when_its_renewal_was_paid_otherwise_becomes_a_case() {
    let sandbox = Sandbox::quick();
    let script = "{\"answer\":\"paid\"}\n{\"answer\":\"paid\",\"arrives_ms\":6000}\n";
    std::fs::write(sandbox.path("script.jsonl"), script).unwrap();
    for line in [
        "account create acme --country US --email a@acme.test --catalog kustomer --as-of 2026-05-20",
        "order create acme --plan enterprise --period 1m --seats 8 --method card --as-of 2026-05-20",
        "order pay O-000001 --reference token --as-of 2026-05-20",
    ] {
        done(&sandbox, line);
    }
    let child = asking(&sandbox, &["renew", "run", "--as-of", "2026-06-20"], 2);
    ran(&sandbox, "payment settle");
    done(&sandbox, "order pay O-000002 --reference other");
    assert_eq!(charged(&sandbox).len(), 2, "too slow for this test");
    let told = Ran::bounded(child, "the run");
    assert_eq!(told.code, 5, "{told:?}");
    assert!(
        told.stderr.contains("P-000002") && told.stderr.contains("Give it back"),
        "{told:?}"
    );
    let cases = done(&sandbox, "case list --json=text");
    assert_eq!(
        cases.stdout.matches("its provider said paid").count(),
        1,
        "{cases:?}"
    );
    sound(&sandbox, "paid twice, once in a run");
    // Whoever asks again hears the same, and no second case is opened.
    assert_eq!(ran(&sandbox, "payment settle P-000002").code, 3);
    done(&sandbox, "renew run");
    let cases = done(&sandbox, "case list --json=text");
    assert_eq!(
        cases.stdout.matches("its provider said paid").count(),
        1,
        "{cases:?}"
    );
}

/// Two charges of one order: the first was declined and is found paid after all while the second is on its way.
fn paid_by_the_first_while_the_second_is_on_its_way(second: &str) -> Sandbox {
    let sandbox = Sandbox::quick();
    let first = "{\"answer\":\"declined\",\"reason\":\"insufficient_funds\"}";
    std::fs::write(sandbox.path("script.jsonl"), format!("{first}\n{second}\n")).unwrap();
    done(
        &sandbox,
        "account create acme --country US --email a@acme.test",
    );
    done(
        &sandbox,
        "order create acme --plan pro --period 6m --seats 2 --method card",
    );
    assert_eq!(ran(&sandbox, "order pay O-000001").code, 3);
    assert_eq!(ran(&sandbox, "order pay O-000001").code, 6);
    let book = std::fs::read_to_string(sandbox.path("asked.jsonl")).unwrap();
    let mended = book.replacen("\"outcome\":\"declined\"", "\"outcome\":\"paid\"", 1);
    std::fs::write(sandbox.path("asked.jsonl"), mended).unwrap();
    // What was asked about is what is told.
    done(&sandbox, "payment settle P-000001");
    sandbox
}

fn paid_once(sandbox: &Sandbox) {
    let shown = done(sandbox, "order show O-000001 --json=state").stdout;
    assert!(shown.contains("\"paid\""), "{shown}");
    let rows = sandbox.dump();
    let invoices = rows.iter().filter(|row| row.starts_with("invoice: "));
    assert_eq!(invoices.count(), 1);
    sound(sandbox, "paid once");
}

#[test]
fn the_second_of_two_charges_that_both_came_is_given_back_by_people() {
    let sandbox =
        paid_by_the_first_while_the_second_is_on_its_way(r#"{"answer":"unknown","moved":true}"#);
    for _ in 0..2 {
        let told = ran(&sandbox, "payment settle P-000002");
        assert_eq!(told.code, 3, "{told:?}");
        assert!(told.stderr.contains("Give it back"), "{told:?}");
        assert!(
            told.stderr.contains("C-000001 is open for this"),
            "{told:?}"
        );
        assert!(
            told.stderr.contains("subdesk case show C-000001"),
            "{told:?}"
        );
        paid_once(&sandbox);
    }
    let cases = done(&sandbox, "case list --json=text");
    assert_eq!(cases.stdout.matches("Give it back").count(), 1, "{cases:?}");
    // It has ended: nobody is asked about it any more.
    assert_eq!(done(&sandbox, "payment settle").stdout, "");
}

#[test]
fn the_second_of_two_charges_that_is_declined_leaves_the_order_paid() {
    let sandbox = paid_by_the_first_while_the_second_is_on_its_way(r#"{"answer":"pending"}"#);
    std::fs::write(sandbox.path("settle.txt"), "declined").unwrap();
    assert_eq!(ran(&sandbox, "payment settle P-000002").code, 3);
    paid_once(&sandbox);
    assert_eq!(done(&sandbox, "case list").stdout, "");
}

/// Cron asks in its run what nobody else asks: what comes late becomes a case, and the next run has nothing to do.
#[test]
fn a_run_asks_about_a_charge_whose_order_was_paid_by_another() {
    let sandbox =
        paid_by_the_first_while_the_second_is_on_its_way(r#"{"answer":"unknown","moved":true}"#);
    let before = charged(&sandbox).len();
    let told = ran(&sandbox, "renew run --report");
    assert_eq!(told.code, 5, "{told:?}");
    assert!(told.stderr.contains("P-000002"), "{told:?}");
    assert!(told.stdout.contains("Give it back"), "{told:?}");
    assert_eq!(charged(&sandbox).len(), before, "nobody is charged again");
    paid_once(&sandbox);
    let cases = done(&sandbox, "case list --json=text");
    assert_eq!(cases.stdout.matches("Give it back").count(), 1, "{cases:?}");
    let kept = sandbox.dump();
    assert_eq!(done(&sandbox, "renew run --report").stdout, "");
    assert_eq!(done(&sandbox, "payment settle").stdout, "");
    assert_eq!(sandbox.dump(), kept, "the second run writes nothing");
}

/// The same where its provider has not said anything yet, and then that it moved nothing.
#[test]
fn a_run_leaves_a_charge_that_nobody_waits_for_until_its_provider_knows() {
    let sandbox = paid_by_the_first_while_the_second_is_on_its_way(r#"{"answer":"pending"}"#);
    std::fs::write(sandbox.path("settle.txt"), "pending").unwrap();
    let kept = sandbox.dump();
    for line in ["renew run", "renew run --account acme"] {
        assert_eq!(done(&sandbox, line).stdout, "");
    }
    assert_eq!(sandbox.dump(), kept);
    std::fs::write(sandbox.path("settle.txt"), "declined").unwrap();
    let told = done(&sandbox, "renew run --account acme --report");
    assert!(told.stdout.contains("P-000002"), "{told:?}");
    paid_once(&sandbox);
    assert_eq!(done(&sandbox, "case list").stdout, "");
}

/// The same where the second is money that only a person sees: without a provider every method is.
#[test]
fn money_that_a_person_has_seen_for_an_order_that_was_paid_meanwhile_is_given_back() {
    let sandbox = paid_by_the_first_while_the_second_is_on_its_way(r#"{"answer":"pending"}"#);
    let pay = ["order", "pay", "O-000001", "--reference", "slip-7"];
    let told = Ran::of(sandbox.command(&pay).output().unwrap());
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.stderr.contains("Give it back"), "{told:?}");
    paid_once(&sandbox);
    let cases = done(&sandbox, "case list --json=text");
    assert!(cases.stdout.contains("slip-7"), "{cases:?}");
}
