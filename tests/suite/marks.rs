//! The day on which runs look at an account: one that is too late would let them pass it by without a word. It is
//! found, the account is named, and one command sets the day again.

use crate::support::{Ran, Sandbox};
use crate::writes::{done, ran, ran_at, sound};

/// Two accounts in their trial, who pay for half a year on 1 June 2026: until 15 December.
fn sold() -> Sandbox {
    let sandbox = Sandbox::quick();
    for (at, name) in ["acme", "zenith"].iter().enumerate() {
        for line in [
            format!("account create {name} --country US --email a@{name}.test --as-of 2026-06-01"),
            format!(
                "order create {name} --plan advanced --period 6m --seats 3 --method card --as-of 2026-06-01"
            ),
            format!(
                "order pay O-00000{} --reference token --as-of 2026-06-01",
                at + 1
            ),
        ] {
            done(&sandbox, &line);
        }
    }
    sound(&sandbox, "sold");
    sandbox
}

fn tampered(sandbox: &Sandbox, sql: &str) {
    let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
    assert_eq!(conn.execute(sql, []).unwrap(), 1, "{sql}");
}

/// On a later day.
fn then(sandbox: &Sandbox, day: &str, line: &str) -> Ran {
    ran_at(sandbox, &format!("{day}T09:00:00Z"), line)
}

#[test]
fn an_account_that_runs_would_pass_by_is_named_and_its_day_is_set_again() {
    for (mark, told) in [
        (
            "'2031-01-01'",
            "on 2031-01-01, and something may be due on 2026-12-06",
        ),
        (
            "'2026-12-07'",
            "on 2026-12-07, and something may be due on 2026-12-06",
        ),
        ("NULL", "never, and something may be due on 2026-12-06"),
        (
            "'soon'",
            "on a day that cannot be read, and something may be due on 2026-12-06",
        ),
    ] {
        let sandbox = sold();
        let whole = sandbox.dump();
        tampered(
            &sandbox,
            &format!("UPDATE account SET due_on = {mark} WHERE name = 'acme'"),
        );
        let found = ran(&sandbox, "db check");
        let named = format!(
            "days: Runs look at acme {told}; subdesk db check --repair sets the day again."
        );
        assert!(
            found.code == 1 && found.stdout.contains(&named),
            "{mark}: {found:?}"
        );
        assert!(!found.stdout.contains("zenith"), "{found:?}");
        // A copy is not made of it, and the copy can be repaired as well.
        done(&sandbox, "db backup copy.db");
        assert_eq!(ran(&sandbox, "db restore copy.db --db new.db").code, 1);
        let again = done(&sandbox, "db check --repair");
        assert!(
            again.stderr.contains("One account was looked at too late"),
            "{mark}: {again:?}"
        );
        assert_eq!(sandbox.dump(), whole, "{mark}");
        sound(&sandbox, mark);
        let nothing = done(&sandbox, "db check --repair");
        assert!(!nothing.stderr.contains("too late"), "{nothing:?}");
    }
}

#[test]
fn a_run_for_the_account_and_any_write_for_it_set_the_day_again_too() {
    for line in ["renew run --account acme", "account edit acme --title Acme"] {
        for mark in ["'2031-01-01'", "NULL", "'soon'"] {
            let sandbox = sold();
            tampered(
                &sandbox,
                &format!("UPDATE account SET due_on = {mark} WHERE name = 'acme'"),
            );
            done(&sandbox, line);
            sound(&sandbox, line);
        }
    }
}

#[test]
fn a_run_says_whose_day_cannot_be_read_and_passes_nobody_by() {
    let sandbox = sold();
    tampered(
        &sandbox,
        "UPDATE account SET due_on = '2026-11' WHERE name = 'acme'",
    );
    let told = then(&sandbox, "2026-12-06", "renew run");
    assert!(
        told.code == 1
            && told.stderr.contains("account 1 is looked at")
            && told.stderr.contains("--repair"),
        "{told:?}"
    );
}

#[test]
fn a_mark_that_is_early_costs_a_look_and_is_no_finding() {
    let sandbox = sold();
    tampered(
        &sandbox,
        "UPDATE account SET due_on = '2026-08-01' WHERE name = 'acme'",
    );
    sound(&sandbox, "early");
    let quiet = then(&sandbox, "2026-08-01", "renew run");
    assert!(quiet.code == 0 && quiet.stdout.is_empty(), "{quiet:?}");
}

/// A write between the day on which new rules are put to use and the day on which they begin keeps the account
/// among those that are looked at on that day.
#[test]
fn an_account_that_is_edited_before_new_rules_begin_is_looked_at_when_they_do() {
    let sandbox = sold();
    let rules = done(&sandbox, "policy show").stdout;
    // From 1 September on the reminder goes out 90 days before the end, which is 16 September.
    let earlier = rules.replacen("days = -9", "days = -90", 1).replacen(
        "effective_from = 2026-06-01",
        "effective_from = 2026-09-01",
        1,
    );
    std::fs::write(sandbox.path("earlier.policy.toml"), earlier).unwrap();
    done(&sandbox, "policy use earlier.policy.toml");
    done(&sandbox, "account edit acme --title Acme");
    sound(&sandbox, "edited");
    for (day, messages) in [("2026-09-01", 0), ("2026-09-16", 2)] {
        let told = then(&sandbox, day, "renew run --report");
        assert_eq!(told.code, 0, "{told:?}");
        let said = told.stdout.matches("message renewal_reminder").count();
        assert_eq!(said, messages, "{day}: {told:?}");
    }
}

/// What is dated before a switch does not forget what follows from the switch.
#[test]
fn a_write_of_an_earlier_day_keeps_the_day_that_follows_from_a_later_switch() {
    let sandbox = sold();
    done(&sandbox, "renew auto acme off --as-of 2026-06-10");
    done(&sandbox, "renew auto acme on --as-of 2026-06-20");
    done(
        &sandbox,
        "account edit acme --title Acme --as-of 2026-06-12",
    );
    sound(&sandbox, "edited for an earlier day");
    let told = then(&sandbox, "2026-12-12", "renew run --report");
    assert!(
        told.stdout.contains("acme: renewal order") || told.stdout.contains("O-000003 is paid"),
        "{told:?}"
    );
}
