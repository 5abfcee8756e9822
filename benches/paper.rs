//! What paper costs: a thousand invoices as text, HTML and PDF, and ten thousand entries of the books in each form,
//! with the time of one and the most memory that all of them need: `cargo bench --bench paper`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a measurement prints, and one that cannot go on has failed"
)]

#[path = "floor/run.rs"]
mod run;
#[path = "../tests/suite/seed.rs"]
mod seed;

use rust_decimal::Decimal;
use seed::{Seed, plant};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use subdesk::billing::calendar::Span;
use subdesk::billing::money::{Currency, Money};
use subdesk::billing::report::release::Pace;
use subdesk::desk::accounting::Books;
use subdesk::desk::{Desk, Failure, Given, Patience, Purpose, Terms};
use subdesk::wire::ledger::{Form, Writer};
use subdesk::wire::paper::{
    Brand, Colour, Party, Press, Sheet, SheetKind, SheetLine, SheetPayment, SheetState, SheetTax,
    html, text,
};

/// Pages of one run.
const DOCUMENTS: &str = "1000";
/// Accounts of the store whose books are exported.
const ACCOUNTS: i64 = 3_400;

fn usd(minor: i64) -> Money {
    Money::of(minor, Currency::USD)
}

/// A paid invoice of three lines; each has its own number, customer and figures.
fn sheet(place: i64) -> Sheet {
    let service = Span::new("2026-03-05".parse().unwrap(), "2026-09-05".parse().unwrap());
    let lines: Vec<SheetLine> = (1..=3)
        .map(|line| SheetLine {
            description: format!("Advanced plan, {line} more seats for six months"),
            service: Some(service),
            quantity: Decimal::from(line),
            unit_price: Some(Decimal::new(10_000 + place, 2)),
            arithmetic: Some(format!("{line} × 100.00 × 91/184 days")),
            discounts: Vec::new(),
            tax_percent: Some(Decimal::from(20)),
            amount: usd(line * (10_000 + place)),
        })
        .collect();
    let net = 6 * (10_000 + place);
    let (net, tax) = (usd(net), usd(net / 5));
    let total = net.plus(tax).unwrap();
    Sheet {
        kind: SheetKind::Invoice,
        number: format!("INV-2026-{place:06}"),
        state: SheetState::Paid,
        issued_on: service.start,
        due_on: Some(service.start),
        corrects: None,
        customer_reference: None,
        seller: Party {
            name: "Northwind Desk, Inc.".to_owned(),
            address: vec![
                "548 Market Street".to_owned(),
                "San Francisco, CA 94104".to_owned(),
            ],
            email: Some("billing@northwind.example".to_owned()),
            ..Party::default()
        },
        brand: Brand {
            logo: None,
            colour: Colour::from_hex("#1f5fbf"),
            footer: vec!["Registered in Delaware".to_owned()],
        },
        customer: Party {
            name: format!("Ação & Conexão {place} Ltda."),
            address: vec!["Avenida Paulista, 1000".to_owned(), "São Paulo".to_owned()],
            ..Party::default()
        },
        lines,
        subtotal: net,
        discounts: Vec::new(),
        taxes: vec![SheetTax {
            name: "VAT".to_owned(),
            percent: Some(Decimal::from(20)),
            base: net,
            amount: tax,
            note: None,
        }],
        total,
        credit_applied: None,
        credited: None,
        given_back: Vec::new(),
        payments: vec![SheetPayment {
            on: service.start,
            method: "Card".to_owned(),
            reference: Some(format!("ch_{place}")),
            amount: total,
        }],
        amount_due: usd(0),
        notes: None,
        own_words: None,
        language: "en".to_owned(),
        country: "US".to_owned(),
    }
}

/// What a form cost in a process of its own: the time, the most memory, and how many bytes came out.
fn said(form: &str, count: usize, since: Instant, bytes: usize) {
    let each = since.elapsed().as_nanos() / u128::try_from(count.max(1)).unwrap();
    let (micros, tenths) = (each / 1_000, each % 1_000 / 100);
    let peak = peak().map_or_else(|| "unknown".to_owned(), |kb| format!("{kb} kB"));
    println!(
        "{form:<9} {count:>6}  {micros:>6}.{tenths} µs each  {:>6} bytes each  peak {peak}",
        bytes / count.max(1)
    );
}

/// The most memory that this process had so far, in kilobytes; nothing where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Sets pages in one form, one after the other.
fn pages(form: &str, count: i64) {
    let mut press = Press::new(Vec::new());
    let since = Instant::now();
    let mut bytes = 0;
    for place in 0..count {
        let sheet = sheet(place);
        bytes += match form {
            "text" => text(&sheet).len(),
            "html" => html(&sheet).unwrap().len(),
            _ => press.pdf(&sheet).unwrap().bytes.len(),
        };
    }
    said(form, usize::try_from(count).unwrap(), since, bytes);
}

/// Exports the books of a store in one form, read, worded and thrown away.
fn books(name: &str, form: Form, file: &Path) {
    let patience = Patience::silent(Duration::from_secs(5));
    let mut desk = Desk::open(file, Purpose::Look, patience).unwrap();
    let books = Books {
        since: None,
        until: None,
        release: Some(Pace::Month),
    };
    let (mut writer, mut entries, mut bytes) = (Writer::of(form), 0, 0);
    let since = Instant::now();
    let taken: Result<(), Failure> = desk.books(&terms(), &books, &mut |entry| {
        entries += 1;
        bytes += writer.entry(&entry).len();
        Ok(())
    });
    taken.unwrap();
    bytes += writer.end().len();
    said(name, entries, since, bytes);
}

fn terms() -> Terms {
    Terms {
        given: Given::ByHand,
        ..Terms::by_clock("2026-12-31T03:00:00".parse().unwrap(), "bench")
    }
}

/// A store whose accounts were all renewed once: an entry for the invoice and its payment each, and one for each
/// month in which some of it is earned.
fn planted(file: &Path) {
    let day = "2026-07-15".parse().unwrap();
    plant(
        file,
        &Seed {
            seller: "kumospace",
            plan: "business",
            seats: 4,
            price: 16,
            accounts: ACCOUNTS,
            paid_until: day,
            due_on: day,
        },
    );
    run::everything(file, || (), |()| {});
}

/// A form in a process of its own, so that its memory is only its own.
fn in_a_process(words: &[&str]) {
    let me = std::env::current_exe().unwrap();
    let ended = Command::new(me).args(words).status().unwrap();
    assert!(ended.success(), "{words:?}: {ended}");
}

const FORMS: [(&str, Form); 4] = [
    ("hledger", Form::Hledger),
    ("beancount", Form::Beancount),
    ("ledger", Form::Ledger),
    ("csv", Form::Csv),
];

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let [_, "--pages", form, count] = words.as_slice() {
        return pages(form, count.parse().unwrap());
    }
    if let [_, "--books", name, file] = words.as_slice() {
        let (name, form) = FORMS.iter().find(|(known, _)| known == name).unwrap();
        return books(name, *form, Path::new(file));
    }
    for form in ["text", "html", "pdf"] {
        for count in ["10", DOCUMENTS] {
            in_a_process(&["--pages", form, count]);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("books.db");
    planted(&file);
    for (name, _) in FORMS {
        in_a_process(&["--books", name, file.to_str().unwrap()]);
    }
}
