//! Numbers of documents that start again each year, begun in the middle of one.

use crate::support::{Ran, Sandbox};
use crate::writes::{ran_at, sound};

/// Runs a command that must succeed on a day.
fn done(sandbox: &Sandbox, day: &str, line: &str) -> Ran {
    let dated = format!("{line} --as-of {day}");
    let ran = ran_at(sandbox, "2028-12-31T09:00:00Z", &dated);
    assert_eq!(ran.code, 0, "{line}: {ran:?}");
    ran
}

/// Accounts with a contract of a year, each with its invoice.
fn sold(sandbox: &Sandbox, day: &str, names: &[&str], orders: &mut u32) {
    for name in names {
        *orders += 1;
        let email = format!("a@{name}.test");
        for line in [
            format!("account create {name} --country US --email {email} --catalog kustomer"),
            format!("order create {name} --plan enterprise --period 12m --seats 8 --method card"),
            format!("order pay O-{orders:06} --reference token-{name}"),
        ] {
            done(sandbox, day, &line);
        }
    }
}

#[test]
fn a_count_by_the_year_that_begins_in_mid_year_meets_no_number_twice_in_one_run() {
    let sandbox = Sandbox::quick();
    let mut orders = 0;
    // Five documents of one year, two of the next: of that one, 3 to 5 were never given and 6 and 7 were.
    sold(
        &sandbox,
        "2026-11-15",
        &["a", "b", "c", "d", "e"],
        &mut orders,
    );
    sold(&sandbox, "2027-01-05", &["f", "g"], &mut orders);
    let rules = done(&sandbox, "2027-06-01", "policy show").stdout;
    let yearly = rules.lines().fold(String::new(), |all, line| {
        let line = match line {
            "[invoice]" => "[invoice]\nyearly = true",
            line if line.starts_with("effective_from") => "effective_from = 2027-06-01",
            line => line,
        };
        all + line + "\n"
    });
    std::fs::write(sandbox.path("yearly.policy.toml"), yearly).unwrap();
    done(&sandbox, "2027-06-01", "policy use yearly.policy.toml");
    // Five contracts renew together, so five numbers are taken in one transaction.
    let told = done(&sandbox, "2027-11-15", "renew run --report");
    assert_eq!(told.stdout.matches(" is paid").count(), 5, "{told:?}");
    let told = done(&sandbox, "2028-01-05", "renew run --report");
    assert_eq!(told.stdout.matches(" is paid").count(), 2, "{told:?}");
    let listed = done(&sandbox, "2028-12-31", "invoice list").stdout;
    let mut numbers: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    numbers.reverse();
    let expected: Vec<String> = (1..=5)
        .map(|place| format!("INV-2026-{place:06}"))
        .chain((6..=12).map(|place| format!("INV-2027-{place:06}")))
        .chain((1..=2).map(|place| format!("INV-2028-{place:06}")))
        .collect();
    assert_eq!(numbers, expected);
    sound(&sandbox, "numbers");
}
