//! A provider that hangs, answers late, or never, and a clock that runs backwards: money moves once, and what
//! is not known is said to be unknown.

use crate::support::{Ran, Sandbox};
use crate::writes::{charged, done, furnished, ran, sound};
use std::process::{Child, Stdio};
use std::time::Duration;

fn ordered(script: &str) -> Sandbox {
    let sandbox = Sandbox::quick();
    std::fs::write(sandbox.path("script.jsonl"), script).unwrap();
    done(
        &sandbox,
        "account create acme --country US --email a@acme.test",
    );
    done(
        &sandbox,
        "order create acme --plan pro --period 6m --seats 2 --method card",
    );
    sandbox
}

fn paid(sandbox: &Sandbox) {
    let shown = done(sandbox, "order show O-000001 --json=state,invoice");
    assert!(shown.stdout.contains("\"paid\""), "{shown:?}");
    let rows = sandbox.dump();
    let invoices = rows
        .iter()
        .filter(|row| row.starts_with("invoice: "))
        .count();
    assert_eq!((invoices, charged(sandbox).len()), (1, 1));
    sound(sandbox, "paid");
}

#[test]
fn an_answer_that_never_came_is_exit_6_and_is_asked_for_again() {
    for moved in [true, false] {
        let sandbox = ordered(&format!("{{\"answer\":\"unknown\",\"moved\":{moved}}}\n"));
        let first = ran(&sandbox, "order pay O-000001 --key k --json");
        assert_eq!(first.code, 6, "{first:?}");
        assert_eq!(first.error()["code"], "unsettled", "{first:?}");
        // The same call finishes what it began; it is never said to be done before it is.
        let again = ran(&sandbox, "order pay O-000001 --key k");
        assert_eq!(again.code, 0, "{again:?}");
        paid(&sandbox);
    }
}

#[test]
fn an_attempt_that_never_arrived_is_declined_by_settling_and_paid_by_the_next() {
    let sandbox = ordered("{\"answer\":\"unknown\"}\n");
    assert_eq!(ran(&sandbox, "order pay O-000001").code, 6);
    let second = ran(&sandbox, "order pay O-000001");
    assert_ne!(
        second.code, 0,
        "a second attempt beside one that is not known: {second:?}"
    );
    let settled = ran(&sandbox, "payment settle");
    assert!(matches!(settled.code, 3 | 5), "{settled:?}");
    done(&sandbox, "order pay O-000001");
    paid(&sandbox);
}

#[test]
fn a_pending_payment_stays_unsettled_until_the_provider_knows() {
    let sandbox = ordered("{\"answer\":\"pending\"}\n");
    std::fs::write(sandbox.path("settle.txt"), "pending").unwrap();
    for line in [
        "order pay O-000001 --key k",
        "order pay O-000001 --key k",
        "payment settle",
    ] {
        assert!(matches!(ran(&sandbox, line).code, 5 | 6), "{line}");
    }
    std::fs::write(sandbox.path("settle.txt"), "").unwrap();
    done(&sandbox, "payment settle");
    done(&sandbox, "order pay O-000001 --key k");
    paid(&sandbox);
}

#[test]
fn a_declined_payment_is_declined_also_when_the_call_is_given_again() {
    let sandbox = ordered("{\"answer\":\"declined\",\"reason\":\"insufficient_funds\"}\n");
    for _ in 0..2 {
        let ran = ran(&sandbox, "order pay O-000001 --key k --json");
        assert_eq!(
            (ran.code, &ran.error()["code"]),
            (3, &"payment_declined".into()),
            "{ran:?}"
        );
    }
    done(&sandbox, "order pay O-000001 --key other");
    sound(&sandbox, "declined");
}

#[test]
fn a_caller_who_does_not_wait_for_a_provider_that_hangs_finds_the_money_later() {
    let sandbox = ordered("{\"answer\":\"paid\",\"delay_ms\":60000}\n");
    let mut child = furnished(sandbox.command(&["order", "pay", "O-000001", "--key", "k"]))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while charged(&sandbox).is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    // Others are not held up meanwhile.
    done(&sandbox, "account edit acme --title Acme --lock-timeout 0s");
    child.kill().unwrap();
    child.wait().unwrap();
    done(&sandbox, "order pay O-000001 --key k");
    paid(&sandbox);
}

/// Starts a command that asks a scripted provider, and waits until that was asked so often in all.
pub fn asking(sandbox: &Sandbox, words: &[&str], times: usize) -> Child {
    let child = furnished(sandbox.command(words))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let used = || std::fs::read_to_string(sandbox.path("used.txt")).unwrap_or_default();
    while used().lines().count() < times {
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

/// Starts paying with a provider that hears of it late, and settles before it has.
fn settled_too_early() -> (Sandbox, Child) {
    let sandbox = ordered("{\"answer\":\"paid\",\"arrives_ms\":6000}\n");
    let child = asking(
        &sandbox,
        &["order", "pay", "O-000001", "--key", "k", "--json"],
        1,
    );
    let settled = ran(&sandbox, "payment settle");
    assert!(matches!(settled.code, 3 | 5), "{settled:?}");
    assert!(charged(&sandbox).is_empty(), "too slow for this test");
    (sandbox, child)
}

#[test]
fn money_that_comes_after_its_payment_was_declined_by_settling_pays_the_order() {
    let (sandbox, child) = settled_too_early();
    let told = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(told.code, 0, "{told:?}");
    paid(&sandbox);
    let again = done(&sandbox, "order pay O-000001 --key k");
    assert!(again.stderr.contains("done before"), "{again:?}");
}

#[test]
fn money_that_comes_when_its_order_was_paid_again_becomes_a_case() {
    let (sandbox, child) = settled_too_early();
    done(&sandbox, "order pay O-000001 --key other");
    let told = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(told.code, 3, "{told:?}");
    let message = told.error()["message"].to_string();
    assert!(
        message.contains("P-000001") && message.contains("Give it back"),
        "{message}"
    );
    assert_eq!(charged(&sandbox).len(), 2);
    let cases = done(&sandbox, "case list --json=text");
    assert!(cases.stdout.contains("its provider said paid"), "{cases:?}");
    sound(&sandbox, "paid twice");
}

#[test]
fn ks_6_the_card_that_was_declined_may_be_the_one_that_brings_the_account_back() {
    let sandbox = Sandbox::quick();
    let script = "{\"answer\":\"paid\"}\n{\"answer\":\"declined\",\"reason\":\"card_expired\",\"always\":true}\n";
    std::fs::write(sandbox.path("script.jsonl"), script).unwrap();
    for line in [
        "account create acme --country US --email a@acme.test --catalog kustomer --as-of 2026-05-01",
        "order create acme --plan enterprise --period 1m --seats 8 --method card --as-of 2026-05-01",
        "order pay O-000001 --reference token --as-of 2026-05-01",
        "renew run --as-of 2026-06-01",
    ] {
        done(&sandbox, line);
    }
    let state = |day: &str| {
        let shown = done(
            &sandbox,
            &format!("account show acme --json=state --as-of {day}"),
        );
        shown.answer()["account"]["state"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let same = "account method set acme card --reference token --for a@acme.test";
    // KS-4: while the declined one can be mended, another one is wanted.
    assert_eq!(state("2026-06-02"), "past_due");
    assert_eq!(ran(&sandbox, &format!("{same} --as-of 2026-06-02")).code, 3);
    for day in ["2026-06-03", "2026-06-04", "2026-06-05"] {
        done(&sandbox, &format!("renew run --as-of {day}"));
    }
    assert_eq!(state("2026-06-20"), "deactivated");
    // Nobody charges it by hand: it is on file, and the account is what it was.
    sandbox.done(&format!("{same} --as-of 2026-06-20"));
    assert_eq!(state("2026-06-20"), "deactivated");
    std::fs::write(sandbox.path("script.jsonl"), "").unwrap();
    // A charge waits for a yes.
    assert_eq!(ran(&sandbox, &format!("{same} --as-of 2026-06-21")).code, 2);
    assert_eq!(state("2026-06-21"), "deactivated");
    done(&sandbox, &format!("{same} --as-of 2026-06-21 --yes"));
    assert_eq!(state("2026-06-21"), "active");
    sound(&sandbox, "back");
}

/// The provider's own book says paid, and the desk's says declined: naming the payment asks once more.
#[test]
fn a_declined_payment_that_is_named_is_asked_about_again() {
    let sandbox = ordered("{\"answer\":\"declined\",\"reason\":\"insufficient_funds\"}\n");
    assert_eq!(ran(&sandbox, "order pay O-000001").code, 3);
    let still = ran(&sandbox, "payment settle P-000001");
    assert!(
        still.code == 3 && still.stderr.contains("insufficient_funds"),
        "{still:?}"
    );
    let quiet = done(&sandbox, "payment settle");
    assert_eq!(
        quiet.stdout, "",
        "it is not asked about unless it is named: {quiet:?}"
    );
    let book = std::fs::read_to_string(sandbox.path("asked.jsonl")).unwrap();
    let mended = book.replace("\"outcome\":\"declined\"", "\"outcome\":\"paid\"");
    assert_ne!(book, mended);
    std::fs::write(sandbox.path("asked.jsonl"), mended).unwrap();
    done(&sandbox, "payment settle P-000001");
    paid(&sandbox);
}

#[test]
fn an_answer_that_is_given_twice_is_kept_once() {
    let sandbox = ordered("{\"answer\":\"unknown\",\"moved\":true}\n");
    assert_eq!(ran(&sandbox, "order pay O-000001 --key k").code, 6);
    done(&sandbox, "payment settle");
    let once = sandbox.dump();
    for line in [
        "payment settle",
        "payment settle P-000001",
        "order pay O-000001 --key k",
    ] {
        ran(&sandbox, line);
        assert_eq!(sandbox.dump(), once, "{line}");
    }
    paid(&sandbox);
}

#[test]
fn a_clock_that_runs_backwards_changes_no_past() {
    let sandbox = ordered("");
    done(&sandbox, "order pay O-000001");
    let before = sandbox.dump();
    let earlier = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = furnished(sandbox.command(&words));
        Ran::of(
            command
                .env("SUBDESK_NOW", "2026-06-20T09:00:00Z")
                .output()
                .unwrap(),
        )
    };
    let run = earlier("renew run");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    assert_eq!(sandbox.dump(), before);
    for line in [
        "account edit acme --title Old",
        "seats add acme 1",
        "plan cancel acme --reason x",
    ] {
        let told = earlier(line);
        assert!(matches!(told.code, 0 | 3), "{line}: {told:?}");
        sound(&sandbox, line);
    }
    done(&sandbox, "renew run");
    sound(&sandbox, "afterwards");
}
