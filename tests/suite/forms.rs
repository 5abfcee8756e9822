//! One document in five forms: every amount of an invoice and of a credit note, over several rates of tax, is the
//! same to the cent as PDF, HTML, text, JSON and CSV.

use crate::support::{Ran, Sandbox};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// Rates that change from one week to the next, so that a change of plan gives back at the old ones.
fn policy(included: bool, reverse: bool) -> String {
    let mut text = include_str!("../stories/switches/inside.policy.toml")
        .split("[tax]")
        .next()
        .unwrap()
        .to_owned();
    text.push_str(&format!("[tax]\nincluded = {included}\n"));
    for (percent, days) in [
        ("19", "until = 2026-02-15"),
        ("7.7", "from = 2026-02-15\nuntil = 2026-02-20"),
        ("5.5", "from = 2026-02-20\nuntil = 2026-02-22"),
        ("21", "from = 2026-02-22"),
    ] {
        text.push_str(&format!(
            "[[tax.rates]]\nname = \"VAT\"\ncountries = [\"US\"]\npercent = {percent}\n\
             reverse_charge = {reverse}\n{days}\n"
        ));
    }
    text
}

/// Three terms at three rates with discounts, credit notes, and a change of plan at a fourth rate that the balance
/// helps to pay.
fn business(policy: &str, taxpayer: bool) -> Sandbox {
    let sandbox = Sandbox::quick();
    std::fs::write(
        sandbox.path("catalog.toml"),
        include_str!("../stories/switches/pier.catalog.toml"),
    )
    .unwrap();
    std::fs::write(sandbox.path("policy.toml"), policy).unwrap();
    sandbox.done("catalog use catalog.toml --with policy.toml --reason ours");
    sandbox.done("account create acme --country US --email a@acme.test --as-of 2026-02-10");
    if taxpayer {
        sandbox.done("account edit acme --taxpayer 12-3456789 --as-of 2026-02-10");
    }
    for line in [
        "order create acme --plan plank --period 1m --seats 137 --method card --percent-off 7.5 --reason r \
         --as-of 2026-02-10",
        "order pay O-000001 --reference t --as-of 2026-02-10",
        "renew extend acme --period 1m --as-of 2026-02-16",
        "order pay O-000002 --reference t --as-of 2026-02-16",
        "renew extend acme --period 1m --amount-off 33.33~USD --reason r --as-of 2026-02-21",
        "order pay O-000003 --reference t --as-of 2026-02-21",
        "invoice credit INV-2026-000001 --amount 111.11 --reason r --as-of 2026-02-21",
        "plan change acme deck --as-of 2026-02-22",
        "order pay O-000004 --reference t --as-of 2026-02-22",
        "invoice credit INV-2026-000004 --percent 12.5 --reason r --as-of 2026-02-23",
        "seats add acme 3 --as-of 2026-02-24",
    ] {
        let words = line.split_whitespace().map(|word| word.replace('~', " "));
        let words: Vec<String> = words.collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = Ran::of(sandbox.command(&words).output().unwrap());
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
    }
    sandbox
}

/// Every amount of money in a text, sorted, in major units.
fn amounts(text: &str) -> Vec<Decimal> {
    let text = text.replace(['\u{2212}', '\u{2011}'], "-").replace('$', "");
    let words = text.split(|ch: char| !(ch.is_ascii_digit() || "-.,".contains(ch)));
    let mut found: Vec<Decimal> = words
        .map(|word| word.trim_matches(['.', ',']).replace(',', ""))
        .filter(|word| {
            word.split_once('.')
                .is_some_and(|(_, cents)| cents.len() == 2)
        })
        .filter_map(|word| word.parse().ok())
        .collect();
    found.sort_unstable();
    found
}

/// What a browser shows of a page.
fn bare(html: &str) -> String {
    let body = html.split("</head>").nth(1).unwrap();
    let mut text = String::new();
    let mut inside = false;
    for ch in body.chars() {
        match ch {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(ch),
            _ => {}
        }
    }
    text
}

fn money(value: &Value) -> Decimal {
    value["amount"].as_str().unwrap().parse().unwrap()
}

/// The amounts that a page must show of a document, and sums that must agree.
fn of_document(document: &Value) -> Vec<Decimal> {
    let mut shown = Vec::new();
    let mut by_rate: BTreeMap<Decimal, (Decimal, Decimal)> = BTreeMap::new();
    for line in document["lines"].as_array().unwrap() {
        shown.push(money(&line["net"]));
        let percent: Decimal = line["tax_percent"].as_str().unwrap().parse().unwrap();
        let sum = by_rate.entry(percent).or_default();
        sum.0 += money(&line["net"]);
        sum.1 += money(&line["tax"]);
        let discounts = line["discounts"].as_array().map_or(&[][..], Vec::as_slice);
        shown.extend(discounts.iter().map(|one| -money(&one["off"])));
    }
    let (net, tax) = (money(&document["net"]), money(&document["tax"]));
    let all = by_rate
        .values()
        .fold((Decimal::ZERO, Decimal::ZERO), |all, rate| {
            (all.0 + rate.0, all.1 + rate.1)
        });
    assert_eq!(all, (net, tax), "{document}");
    assert_eq!(net + tax, money(&document["total"]), "{document}");
    for rate in document["taxes"].as_array().unwrap() {
        let percent: Decimal = rate["percent"].as_str().unwrap().parse().unwrap();
        let stated = (money(&rate["base"]), money(&rate["tax"]));
        assert_eq!(by_rate.remove(&percent), Some(stated), "{document}");
        shown.extend([stated.0, stated.1]);
    }
    assert!(by_rate.keys().all(Decimal::is_zero), "{by_rate:?}");
    shown.extend([net, money(&document["total"])]);
    let balance = money(&document["from_balance"]);
    if !balance.is_zero() {
        shown.push(-balance);
    }
    for payment in document["payments"].as_array().unwrap() {
        if payment["state"] == "paid" && payment["invoice"] == document["number"] {
            shown.push(-money(&payment["amount"]));
        }
    }
    shown.push(match document["kind"] == "credit_note" {
        true => money(&document["total"]),
        false => money(&document["open"]),
    });
    shown.sort_unstable();
    shown
}

/// What is not in the other list, each as often as it is missing.
fn missing(of: &[Decimal], from: &[Decimal]) -> Vec<Decimal> {
    let mut left = from.to_vec();
    let gone = |amount: &&Decimal| match left.iter().position(|other| other == *amount) {
        Some(at) => {
            left.remove(at);
            false
        }
        None => true,
    };
    of.iter().filter(gone).copied().collect()
}

fn table(text: &str, document: &Value) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let lines = document["lines"].as_array().unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(lines) {
        let cell = |name: &str| {
            let at = head.iter().position(|head| head == name).unwrap();
            row[at].parse::<Decimal>().unwrap()
        };
        for name in ["gross", "discount", "net", "tax"] {
            assert_eq!(cell(name), money(&line[name]), "{name}: {line}");
        }
        for name in [
            "net",
            "tax",
            "total",
            "paid",
            "open",
            "from_balance",
            "credited",
        ] {
            let stated = money(&document[name]);
            assert_eq!(
                cell(&format!("document_{name}")),
                stated,
                "{name}: {document}"
            );
        }
    }
}

#[test]
fn every_amount_is_the_same_to_the_cent_in_all_five_forms() {
    for (included, reverse) in [(false, false), (true, false), (false, true)] {
        let sandbox = business(&policy(included, reverse), reverse);
        let listed = sandbox.done("invoice list --json=number").answer();
        let numbers = listed["invoices"].as_array().unwrap();
        assert!(numbers.len() >= 6, "{listed}");
        let mut most_rates = 0;
        sandbox.done("invoice export --all --format pdf --to pages");
        for number in numbers {
            let number = number["number"].as_str().unwrap();
            let form = |form: &str| {
                let line = format!("invoice export {number} --format {form} --to -");
                sandbox.done(&line).stdout
            };
            let shown = sandbox
                .done(&format!("invoice show {number} --json"))
                .answer();
            let document = &shown["invoice"];
            most_rates = document["taxes"].as_array().unwrap().len().max(most_rates);
            let expected = of_document(document);
            let json: Value = serde_json::from_str(&form("json")).unwrap();
            let exported = match json.get("invoice") {
                Some(one) => one.clone(),
                None => json["invoices"][0].clone(),
            };
            assert_eq!(of_document(&exported), expected);
            table(&form("csv"), document);
            let text = form("text");
            let on_text = amounts(&text);
            let gone = missing(&expected, &on_text);
            assert!(gone.is_empty(), "{number}: {gone:?} not in\n{text}");
            assert_eq!(amounts(&bare(&form("html"))), on_text, "{number}");
            let page = sandbox.path(&format!("pages/{number}.pdf"));
            let read = Command::new("pdftotext")
                .arg("-layout")
                .arg(page)
                .arg("-")
                .output();
            if let Ok(read) = read {
                assert_eq!(
                    amounts(&String::from_utf8(read.stdout).unwrap()),
                    on_text,
                    "{number}"
                );
            }
        }
        // Under reverse charge there is one rate, of nothing.
        assert_eq!(most_rates, if reverse { 1 } else { 4 });
    }
}
