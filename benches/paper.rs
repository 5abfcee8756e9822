//! How long an invoice takes on its way to a PDF, and how much memory many of them need: `cargo bench --bench paper`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a measurement prints, and one that cannot go on has failed"
)]

use rust_decimal::Decimal;
use std::time::Instant;
use subdesk::billing::calendar::Span;
use subdesk::billing::money::{Currency, Money};
use subdesk::wire::paper::{
    Brand, Colour, Party, Press, Sheet, SheetKind, SheetLine, SheetPayment, SheetState, SheetTax,
    html, text,
};

/// Documents of one run.
const DOCUMENTS: i64 = 1_000;

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
            discount: None,
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

/// The most memory that this process had so far, in kilobytes; nothing where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn run(form: &str, mut write: impl FnMut(&Sheet) -> usize) {
    let start = Instant::now();
    let mut bytes = 0;
    for place in 0..DOCUMENTS {
        bytes += write(&sheet(place));
        if place == 9 || place + 1 == DOCUMENTS {
            let each = start.elapsed().as_micros() / u128::try_from(place + 1).unwrap();
            let peak =
                peak().map_or_else(|| "unknown".to_owned(), |kb| format!("{} MB", kb / 1024));
            println!(
                "{form:<5} {:>5} documents: {each:>6} µs each, peak memory {peak}",
                place + 1
            );
        }
    }
    println!(
        "{form:<5} {} bytes each",
        bytes / usize::try_from(DOCUMENTS).unwrap()
    );
}

fn main() {
    run("text", |sheet| text(sheet).len());
    run("html", |sheet| html(sheet).unwrap().len());
    let mut press = Press::new(Vec::new());
    run("pdf", |sheet| press.pdf(sheet).unwrap().bytes.len());
}
