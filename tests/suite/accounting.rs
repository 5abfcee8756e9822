//! The exported books in accountants' own programs, where those are there.

use crate::support::{Sandbox, root};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use subdesk::billing::calendar::{Day, Period, plus_days};

/// What a program says about a text at its stdin; nothing where the program is not there.
fn says(program: &str, words: &[&str], input: &str) -> Option<String> {
    let spawned = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = spawned.ok()?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success(), "{program}: {said}{complained}");
    Some(said)
}

/// Two customers, an upgrade, a credit note, and time that passes.
fn business() -> Sandbox {
    let sandbox = Sandbox::new();
    for line in [
        "--catalog kustomer account create acme --country US --email ana@acme.test --as-of 2026-01-01",
        "order create acme --plan enterprise --period 12m --seats 8 --method card --as-of 2026-01-01",
        "order pay O-000001 --reference token-1 --as-of 2026-01-01",
        "plan change acme ultimate --as-of 2026-03-10",
        "order pay O-000002 --reference token-1 --as-of 2026-03-10",
        "account create nova --country US --email leo@nova.test --as-of 2026-02-01",
        "order create nova --plan enterprise --period 1m --seats 9 --method card --as-of 2026-02-03",
        "order pay O-000003 --reference token-2 --as-of 2026-02-03",
        "invoice credit INV-2026-000003 --percent 10 --reason late --as-of 2026-02-10",
        "order create nova --plan enterprise --period 1m --seats 8 --method card --as-of 2026-04-01",
        "order cancel O-000004 --as-of 2026-04-02",
    ] {
        sandbox.done(&format!("{line} --quiet"));
    }
    sandbox
}

#[test]
fn the_books_add_up_to_nothing_in_every_form_and_at_every_pace() {
    let sandbox = business();
    for pace in ["day", "month", "none"] {
        let csv = sandbox.done(&format!(
            "report export --format csv --release {pace} --as-of 2026-06-30"
        ));
        let mut sum = Decimal::ZERO;
        let mut deferred = Decimal::ZERO;
        let mut table = csv::Reader::from_reader(csv.stdout.as_bytes());
        for row in table.records() {
            let row = row.unwrap();
            let amount: Decimal = row[4].parse().unwrap();
            sum += amount;
            if &row[3] == "Liabilities:Deferred" {
                deferred -= amount;
            }
            assert!(!row[7].is_empty() || !row[9].is_empty(), "{row:?}");
        }
        assert!(sum.is_zero(), "{pace}: {sum}");
        if pace != "none" {
            let report =
                sandbox.done("report revenue --as-of 2026-06-30 --since 2026-06-01 --json");
            let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
            let own = &report["revenue"]["months"][0]["deferred"]["amount"];
            assert_eq!(*own, serde_json::json!(deferred.to_string()));
        }
    }
    sandbox.done("db check");
}

#[test]
fn what_is_left_of_a_term_that_is_cut_short_is_earned_in_every_form_and_at_every_pace() {
    let sandbox = Sandbox::new();
    for line in [
        "--catalog kaspr account create iris --country FR --email iris@iris.test --address Street --as-of 2026-01-01",
        "order create iris --plan business --period 12m --seats 2 --method card --as-of 2026-01-01",
        "order pay O-000001 --reference token-1 --as-of 2026-01-01",
        "account close iris --yes --as-of 2026-04-10",
    ] {
        sandbox.done(&format!("{line} --quiet"));
    }
    for pace in ["day", "month"] {
        let export = format!("report export --format csv --release {pace} --as-of 2026-06-30");
        let (mut deferred, mut income, mut last) = (Decimal::ZERO, Decimal::ZERO, String::new());
        for row in csv::Reader::from_reader(sandbox.done(&export).stdout.as_bytes()).records() {
            let row = row.unwrap();
            let amount: Decimal = row[4].parse().unwrap();
            match &row[3] {
                "Liabilities:Deferred" => deferred += amount,
                "Income:Subscriptions" => income += amount,
                _ => {}
            }
            last = last.max(row[0].to_owned());
        }
        assert!(deferred.is_zero(), "{pace}: {deferred}");
        assert_eq!(income.to_string(), "-1896.00", "{pace}");
        assert_eq!(last, "2026-04-10", "{pace}");
    }
    let ours = balances(&sandbox);
    in_hledger(&exported(&sandbox, "hledger"), &ours);
    in_ledger(&exported(&sandbox, "ledger"), &ours);
    in_beancount(&sandbox, &exported(&sandbox, "beancount"), &ours);
    sandbox.done("db check");
    sandbox.done("journal verify");
}

/// A year at a seller's: the plan, its period and seats, and what is bought in the middle of a term.
pub const YEARS: [(&str, &str, &str); 5] = [
    (
        "kommo",
        "--plan advanced --period 6m --seats 3",
        "seats add acme 2",
    ),
    (
        "kommo-2024",
        "--plan base --period 6m --seats 3",
        "plan change acme advanced",
    ),
    (
        "kumospace",
        "--plan business --period 12m --seats 4",
        "seats add acme 3",
    ),
    (
        "kustomer",
        "--plan enterprise --period 12m --seats 8",
        "plan change acme ultimate",
    ),
    (
        "kaspr",
        "--plan starter --period 12m --seats 1",
        "plan change acme business",
    ),
];

/// A desk after a year of one customer, with every renewal that came due in it.
pub fn year(seller: &str, bought: &str, then: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let done = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = sandbox
            .command(&words)
            .env("SUBDESK_GATEWAY", "scripted:.")
            .output()
            .unwrap();
        assert!(ran.status.success(), "{seller}: {line}: {ran:?}");
    };
    done(&format!(
        "--catalog {seller} account create acme --country US --email ana@acme.test --as-of 2025-06-03"
    ));
    done("account edit acme --address Street --as-of 2025-06-03");
    done(&format!(
        "order create acme {bought} --method card --as-of 2025-06-05"
    ));
    done("order pay O-000001 --reference token-1 --as-of 2025-06-05");
    done("renew auto acme on --reason wished --as-of 2025-06-06");
    done(&format!("{then} --reason wished --as-of 2025-07-10"));
    done("order pay O-000002 --reference token-1 --reason wished --as-of 2025-07-10");
    for month in 8..19 {
        let (year, month) = (2025 + (month - 1) / 12, (month - 1) % 12 + 1);
        done(&format!("renew run --as-of {year}-{month:02}-28"));
    }
    sandbox
}

/// What every account of the books holds, by our own table.
fn balances(sandbox: &Sandbox) -> BTreeMap<(String, String), Decimal> {
    let export = "report export --format csv --release month --as-of 2026-06-30";
    let mut sums = BTreeMap::new();
    for row in csv::Reader::from_reader(sandbox.done(export).stdout.as_bytes()).records() {
        let row = row.unwrap();
        let sum = sums.entry((row[3].to_owned(), row[5].to_owned()));
        *sum.or_insert(Decimal::ZERO) += row[4].parse::<Decimal>().unwrap();
    }
    sums
}

fn exported(sandbox: &Sandbox, form: &str) -> String {
    let export = format!("report export --format {form} --release month --as-of 2026-06-30");
    sandbox.done(&export).stdout
}

#[test]
fn accountants_programs_accept_a_year_of_every_seller_and_hold_what_we_hold() {
    for (seller, bought, then) in YEARS {
        let sandbox = year(seller, bought, then);
        let ours = balances(&sandbox);
        assert!(ours.len() > 3, "{seller}: {ours:?}");
        months_agree(&sandbox, seller);
        in_hledger(&exported(&sandbox, "hledger"), &ours);
        in_ledger(&exported(&sandbox, "ledger"), &ours);
        in_beancount(&sandbox, &exported(&sandbox, "beancount"), &ours);
    }
}

/// The accounts that do not stand at nothing.
fn standing(
    ours: &BTreeMap<(String, String), Decimal>,
) -> impl Iterator<Item = (&str, &str, Decimal)> {
    ours.iter()
        .filter(|(_, sum)| !sum.is_zero())
        .map(|((account, currency), sum)| (account.as_str(), currency.as_str(), *sum))
}

fn in_hledger(books: &str, ours: &BTreeMap<(String, String), Decimal>) {
    if says("hledger", &["-f", "-", "check", "--strict"], books).is_none() {
        return;
    }
    let balance = ["-f", "-", "balance", "--flat", "--no-total", "-O", "csv"];
    let said = says("hledger", &balance, books).unwrap();
    for (account, currency, sum) in standing(ours) {
        let row = format!("\"{account}\",\"{sum} {currency}\"");
        assert!(said.contains(&row), "{row} is not in {said}");
    }
    assert_eq!(said.lines().count(), 1 + standing(ours).count(), "{said}");
}

fn in_ledger(books: &str, ours: &BTreeMap<(String, String), Decimal>) {
    let balance = [
        "-f",
        "-",
        "balance",
        "--flat",
        "--no-total",
        "--format",
        "%A|%T\n",
    ];
    let Some(said) = says("ledger", &balance, books) else {
        return;
    };
    for (account, currency, sum) in standing(ours) {
        let row = format!("{account}|{sum} {currency}");
        assert!(said.contains(&row), "{row} is not in {said}");
    }
}

/// Its checker proves balances that are asserted in the file.
fn in_beancount(sandbox: &Sandbox, books: &str, ours: &BTreeMap<(String, String), Decimal>) {
    let mut asserted = books.to_owned();
    for (account, currency, sum) in standing(ours) {
        asserted.push_str(&format!("2026-07-01 balance {account} {sum} {currency}\n"));
    }
    let file = sandbox.path("asserted.beancount");
    std::fs::write(&file, asserted).unwrap();
    says("bean-check", &[file.to_str().unwrap()], "");
}

/// A quarter in which a seat is taken back, an invoice credited, a payment refunded and an open invoice voided whose
/// seat was there ahead of its payment; each figure of it is worked out by hand in `stories/report/by-hand.md`.
fn troubled() -> Sandbox {
    let sandbox = Sandbox::new();
    for file in ["house.catalog.toml", "house.policy.toml"] {
        let story = root().join("tests/stories/report").join(file);
        std::fs::copy(story, sandbox.path(file)).unwrap();
    }
    sandbox.done("catalog use house.catalog.toml --with house.policy.toml --reason ours --quiet");
    for (place, (name, seats)) in [("bob", 2), ("cleo", 1), ("dora", 2), ("emil", 1)]
        .into_iter()
        .enumerate()
    {
        let on = "--as-of 2026-01-01 --quiet";
        let order = place + 1;
        sandbox.done(&format!(
            "account create {name} --country US --email {name}@{name}.test {on}"
        ));
        sandbox.done(&format!(
            "order create {name} --plan pro --period 3m --seats {seats} --method card {on}"
        ));
        sandbox.done(&format!("order pay O-{order:06} --reference token {on}"));
    }
    for line in [
        "seats add emil 1 --as-of 2026-01-11",
        "seats remove bob 1 --as-of 2026-02-01",
        "invoice credit INV-2026-000002 --percent 10 --reason slow --as-of 2026-03-01",
        "payment refund P-000003 --yes --reason left --as-of 2026-03-02",
        "invoice void INV-2026-000005 --reason mistaken --as-of 2026-03-11",
        "order cancel O-000005 --as-of 2026-03-12",
        "order create cleo --plan pro --period 3m --seats 1 --method card --as-of 2026-04-01",
    ] {
        sandbox.done(&format!("{line} --quiet"));
    }
    sandbox
}

/// What hledger says of an account, or of all below it, by month: at its end, or of its movements.
fn by_month(books: &str, account: &str, words: &[&str]) -> Option<BTreeMap<String, Decimal>> {
    let mut all = vec![
        "-f",
        "-",
        "balance",
        "-M",
        "--flat",
        "--no-total",
        "-O",
        "csv",
        account,
        "-e",
        "2026-07-01",
    ];
    all.extend(words);
    let said = says("hledger", &all, books)?;
    let mut table = csv::Reader::from_reader(said.as_bytes());
    let months = table.headers().unwrap().clone();
    let mut sums = BTreeMap::new();
    for row in table.records() {
        let row = row.unwrap();
        for (month, cell) in months.iter().zip(&row).skip(1) {
            let amount = cell.split(' ').next().unwrap();
            *sums.entry(month.to_owned()).or_insert(Decimal::ZERO) +=
                amount.parse::<Decimal>().unwrap();
        }
    }
    Some(sums)
}

/// The report of every month against the books as hledger reads them, which were exported long after.
fn months_agree(sandbox: &Sandbox, what: &str) {
    let report = sandbox.done("report revenue --since 2025-06-01 --as-of 2026-06-30 --json");
    let report = report.answer();
    let books = exported(sandbox, "hledger");
    let Some(deferred) = by_month(&books, "Liabilities:Deferred", &["-H"]) else {
        return;
    };
    let earned = by_month(&books, "Income:Subscriptions", &[]).unwrap();
    let owed = by_month(&books, "Assets:Receivable", &["-H"]).unwrap();
    let months = report["revenue"]["months"].as_array().unwrap();
    assert!(months.len() > 3, "{what}: {report}");
    for month in months {
        let name = month["month"].as_str().unwrap();
        let own =
            |field: &str| -> Decimal { month[field]["amount"].as_str().unwrap().parse().unwrap() };
        let in_books =
            |sums: &BTreeMap<String, Decimal>| -sums.get(name).copied().unwrap_or_default();
        assert_eq!(own("deferred"), in_books(&deferred), "{what} {name}");
        assert_eq!(own("earned"), in_books(&earned), "{what} {name}");
    }
    for (name, sum) in owed {
        let day: Day = format!("{name}-01").parse().unwrap();
        let end = plus_days(Period::Months(1).after(day, 1, 1), -1);
        let debts = sandbox.done(&format!("report receivable --as-of {end} --json"));
        let debts = debts.answer();
        let debts = debts["receivable"]["debts"].as_array().unwrap().clone();
        let open = debts
            .iter()
            .map(|debt| debt["open"]["amount"].as_str().unwrap());
        let open: Decimal = open.map(|open| open.parse::<Decimal>().unwrap()).sum();
        assert_eq!(open, sum, "{what} {name}");
    }
}

#[test]
fn every_month_of_the_reports_is_that_of_the_books_whatever_was_called_off_since() {
    let sandbox = troubled();
    months_agree(&sandbox, "troubled");
    let ours = balances(&sandbox);
    in_hledger(&exported(&sandbox, "hledger"), &ours);
    in_ledger(&exported(&sandbox, "ledger"), &ours);
    in_beancount(&sandbox, &exported(&sandbox, "beancount"), &ours);
    sandbox.done("db check");
}

#[test]
fn books_are_never_written_over_a_file_that_is_there() {
    let sandbox = business();
    let export = "report export --format beancount --to books.beancount";
    sandbox.done(&format!("{export} --as-of 2026-06-30"));
    let ran = sandbox.run(export);
    assert_eq!(ran.code, 2, "{ran:?}");
}
