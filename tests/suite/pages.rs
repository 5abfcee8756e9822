//! Every page that a year brings, opened with a reader that is not ours: its words, its amounts, its fonts.

use crate::accounting::{YEARS, year};
use crate::support::{Ran, Sandbox};
use std::path::Path;
use std::process::Command;

/// What a reader says about a page; nothing where the reader is not there.
fn read(program: &str, words: &[&str], page: &Path) -> Option<String> {
    let output = Command::new(program)
        .args(words)
        .arg(page)
        .arg("-")
        .output();
    let output = output.ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// An amount as the pages of these sellers write it: `12,345.60`.
fn grouped(amount: &str) -> String {
    let (whole, cents) = amount.trim_start_matches('-').split_once('.').unwrap();
    let digits: Vec<char> = whole.chars().collect();
    let parts: Vec<String> = digits
        .rchunks(3)
        .rev()
        .map(|part| part.iter().collect())
        .collect();
    format!("{}.{cents}", parts.join(","))
}

#[test]
fn every_page_of_a_year_reads_as_its_invoice_and_carries_its_fonts() {
    for (seller, bought, then) in YEARS {
        let sandbox = year(seller, bought, then);
        sandbox.done("invoice export --all --format pdf --to pages");
        let listed = sandbox.done("invoice list --json=number").answer();
        let numbers = listed["invoices"].as_array().unwrap();
        assert!(numbers.len() >= 2, "{seller}: {listed}");
        for number in numbers {
            let number = number["number"].as_str().unwrap();
            let page = sandbox.path(&format!("pages/{number}.pdf"));
            let Some(words) = read("pdftotext", &["-layout"], &page) else {
                return;
            };
            let shown = sandbox
                .done(&format!("invoice show {number} --json"))
                .answer();
            let invoice = &shown["invoice"];
            assert!(words.contains(number), "{words}");
            for line in invoice["lines"].as_array().unwrap() {
                let amount = grouped(line["net"]["amount"].as_str().unwrap());
                assert!(
                    words.contains(&amount),
                    "{number}: {amount} is not in {words}"
                );
            }
            let total = grouped(invoice["total"]["amount"].as_str().unwrap());
            assert!(
                words.contains(&total),
                "{number}: {total} is not in {words}"
            );
            let fonts = Command::new("pdffonts").arg(&page).output().unwrap();
            let fonts = String::from_utf8_lossy(&fonts.stdout).into_owned();
            assert!(fonts.lines().count() > 2, "{fonts}");
            for font in fonts.lines().skip(2) {
                assert!(font.contains(" yes yes "), "not embedded: {font}");
            }
            let about = Command::new("pdfinfo").arg(&page).output().unwrap();
            let about = String::from_utf8_lossy(&about.stdout).into_owned();
            assert!(about.contains("Pages:           1\n"), "{about}");
        }
    }
}

/// The words of an Arabic page, as a seller brings them.
const ARABIC: &str = include_str!("../cases/page.ar.toml");

#[test]
fn a_seller_brings_words_for_a_language_from_the_right_and_pages_follow() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("own")).unwrap();
    let exported = |form: &str| {
        let line = format!("invoice export --all --format {form} --to -");
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = sandbox.command(&words);
        let output = command.env("SUBDESK_MAIL_TEMPLATES", sandbox.path("own"));
        Ran::of(output.output().unwrap())
    };
    sandbox.done("account create dubai --country AE --email ap@dubai.test --language ar");
    sandbox.done("order create dubai --plan advanced --period 6m --seats 2 --method card");
    sandbox.done("order pay O-000001 --reference token-1");
    let before = exported("text");
    assert!(before.stdout.contains("INVOICE"), "{before:?}");
    std::fs::write(sandbox.path("own/page.ar.toml"), "[words]\n").unwrap();
    let broken = exported("text");
    assert!(broken.stdout == before.stdout && broken.stderr.contains("page.ar.toml"));
    std::fs::write(sandbox.path("own/page.ar.toml"), ARABIC).unwrap();
    let text = exported("text").stdout;
    assert!(
        text.contains("فاتورة") && text.contains("Advanced، 6 أشهر"),
        "{text}"
    );
    let invoice = sandbox.done("invoice list --json=number").answer();
    let number = invoice["invoices"][0]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let html = sandbox
        .command(&[
            "invoice", "export", &number, "--format", "html", "--to", "-",
        ])
        .env("SUBDESK_MAIL_TEMPLATES", sandbox.path("own"))
        .output()
        .unwrap();
    let html = Ran::of(html).stdout;
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"), "{html}");
    let csv = exported("csv").stdout;
    assert!(
        csv.contains("\"Advanced, 6 months\""),
        "books stay as they are: {csv}"
    );
    let wrong = sandbox.run("account edit dubai --language xx");
    assert_eq!(wrong.code, 3, "{wrong:?}");
}
