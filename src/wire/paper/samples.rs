//! Sheets for the tests: ordinary ones in several countries, and hostile ones.

use super::*;
use crate::billing::calendar::{Day, Span};
use crate::billing::money::{Currency, Money};
use rust_decimal::{Decimal, dec};
use std::io::Write;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn line(description: &str, quantity: Decimal, price: Decimal, amount: Money) -> SheetLine {
    SheetLine {
        description: description.to_owned(),
        service: Some(Span::new(day("2026-03-05"), day("2026-09-05"))),
        quantity,
        unit_price: Some(price),
        arithmetic: None,
        discounts: Vec::new(),
        tax_percent: None,
        amount,
    }
}

fn taken(amount: Money) -> LineDiscount {
    LineDiscount {
        percent: None,
        of: None,
        amount,
    }
}

/// An open invoice in US dollars with one line of 2 × 150.00 and no tax.
pub fn plain() -> Sheet {
    let usd = |minor| Money::of(minor, Currency::USD);
    Sheet {
        kind: SheetKind::Invoice,
        number: "INV-2026-000123".to_owned(),
        state: SheetState::Open,
        issued_on: day("2026-03-05"),
        due_on: Some(day("2026-03-19")),
        corrects: None,
        customer_reference: Some("PO 7781".to_owned()),
        seller: Party {
            name: "Northwind Desk, Inc.".to_owned(),
            address: owned(&[
                "548 Market Street, Suite 900",
                "San Francisco, CA 94104",
                "United States",
            ]),
            email: Some("billing@northwind.example".to_owned()),
            phone: Some("+1 415 555 0100".to_owned()),
            website: Some("northwind.example".to_owned()),
            tax_ids: vec![TaxId {
                label: "EIN".to_owned(),
                value: "12-3456789".to_owned(),
            }],
        },
        brand: Brand {
            logo: None,
            colour: Colour::from_hex("#1f5fbf"),
            footer: owned(&[
                "Northwind Desk, Inc. · Registered in Delaware",
                "Bank: First Example Bank · Routing 021000021 · Account 000123456",
            ]),
        },
        customer: Party {
            name: "Contoso Ltd".to_owned(),
            address: owned(&["1 High Street", "Springfield, IL 62701", "United States"]),
            email: Some("ap@contoso.example".to_owned()),
            ..Party::default()
        },
        lines: vec![line(
            "Advanced plan, 2 seats for 6 months",
            dec!(2),
            dec!(150),
            usd(30_000),
        )],
        subtotal: usd(30_000),
        discounts: Vec::new(),
        taxes: Vec::new(),
        total: usd(30_000),
        credit_applied: None,
        credited: None,
        payments: Vec::new(),
        given_back: Vec::new(),
        amount_due: usd(30_000),
        notes: None,
        own_words: None,
        language: "en".to_owned(),
        country: "US".to_owned(),
    }
}

fn brazilian_seller() -> Party {
    Party {
        name: "Ação & Conexão Tecnologia Ltda.".to_owned(),
        address: owned(&[
            "Avenida Paulista, 1000, 10º andar",
            "01310-100 São Paulo – SP",
            "Brasil",
        ]),
        email: Some("cobrança@acao.example".to_owned()),
        phone: None,
        website: Some("acao.example".to_owned()),
        tax_ids: vec![
            TaxId {
                label: "CNPJ".to_owned(),
                value: "12.ABC.345/01DE-35".to_owned(),
            },
            TaxId {
                label: "Inscrição municipal".to_owned(),
                value: "1.234.567-8".to_owned(),
            },
        ],
    }
}

/// A paid Brazilian invoice with everything on it: discounts, two taxes, credit, arithmetic, notes, a logo.
pub fn brazilian() -> Sheet {
    let brl = |minor| Money::of(minor, "BRL".parse().unwrap());
    let mut upgrade = line(
        "Mudança para o plano Profissional, 3 usuários",
        dec!(3),
        dec!(300),
        brl(45_249),
    );
    upgrade.arithmetic = Some("3 × 300,00 × 91/181 dias".to_owned());
    upgrade.tax_percent = Some(dec!(5));
    let mut pack = line(
        "Pacote de mensagens de IA",
        dec!(1000),
        dec!(0.0355),
        brl(3_195),
    );
    pack.service = None;
    pack.discounts = vec![taken(brl(355))];
    pack.tax_percent = Some(dec!(5));
    let tax = |name: &str, percent, base, amount| SheetTax {
        name: name.to_owned(),
        percent: Some(percent),
        base: brl(base),
        amount: brl(amount),
        note: None,
    };
    Sheet {
        number: "2026/000042".to_owned(),
        state: SheetState::Paid,
        seller: brazilian_seller(),
        brand: Brand {
            logo: Some(png(240, 64, [16, 124, 92])),
            colour: Colour::from_hex("107c5c"),
            footer: owned(&[
                "Banco Exemplo 001 · Agência 1234 · Conta 56789-0 · Chave Pix: cobranca@acao.example",
            ]),
        },
        customer: Party {
            name: "Padaria São João".to_owned(),
            address: owned(&[
                "Rua das Flores, 12",
                "20040-020 Rio de Janeiro – RJ",
                "Brasil",
            ]),
            tax_ids: vec![TaxId {
                label: "CPF".to_owned(),
                value: "123.456.789-09".to_owned(),
            }],
            ..Party::default()
        },
        lines: vec![upgrade, pack],
        subtotal: brl(48_444),
        discounts: vec![SheetDiscount {
            name: "Cupom BEMVINDO10".to_owned(),
            amount: brl(4_844),
        }],
        taxes: vec![
            tax("ISS", dec!(5), 43_600, 2_180),
            tax("PIS/COFINS", dec!(3.65), 43_600, 1_591),
        ],
        total: brl(47_371),
        credit_applied: Some(brl(7_371)),
        payments: vec![SheetPayment {
            on: day("2026-03-06"),
            method: "Pix".to_owned(),
            reference: Some("E00416968202603061423".to_owned()),
            amount: brl(40_000),
        }],
        amount_due: brl(0),
        notes: Some(
            "Obrigado pela preferência.\nDúvidas? Escreva para cobrança@acao.example.".to_owned(),
        ),
        language: "pt-BR".to_owned(),
        country: "BR".to_owned(),
        ..plain()
    }
}

/// A German credit note under reverse charge.
pub fn german_credit_note() -> Sheet {
    let eur = |minor| Money::of(minor, "EUR".parse().unwrap());
    let mut back = line("Seat reduction, 4 seats", dec!(-4), dec!(29), eur(-11_600));
    back.tax_percent = Some(dec!(0));
    Sheet {
        kind: SheetKind::CreditNote,
        number: "GS-2026-7".to_owned(),
        corrects: Some("RE-2026-1001".to_owned()),
        due_on: None,
        customer: Party {
            name: "Müller & Söhne Großhandel GmbH".to_owned(),
            address: owned(&["Straße des 17. Juni 135", "10623 Berlin", "Deutschland"]),
            tax_ids: vec![TaxId { label: "USt-IdNr.".to_owned(), value: "DE123456789".to_owned() }],
            ..Party::default()
        },
        lines: vec![back],
        subtotal: eur(-11_600),
        taxes: vec![SheetTax {
            name: "USt".to_owned(),
            percent: Some(dec!(0)),
            base: eur(-11_600),
            amount: eur(0),
            note: Some("Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge), Art. 196 MwStSystRL".to_owned()),
        }],
        total: eur(-11_600),
        amount_due: eur(-11_600),
        language: "de".to_owned(),
        country: "DE".to_owned(),
        ..plain()
    }
}

/// A Japanese invoice in a currency without places, with names in many scripts.
pub fn many_scripts() -> Sheet {
    let yen = |minor| Money::of(minor, "JPY".parse().unwrap());
    let names = [
        "株式会社サンプルの年間契約",
        "北京示例有限公司 — 专业版",
        "شركة الأمل للتجارة (Amal) 42",
        "חברת דוגמה בע״מ",
        "Ελλάδα ΑΕ · Москва ООО",
        "हिन्दी लिमिटेड · ไทยจำกัด · Đặng Žižek",
    ];
    let lines: Vec<SheetLine> = names
        .iter()
        .map(|name| line(name, dec!(1), dec!(123456), yen(123_456)))
        .collect();
    Sheet {
        customer: Party {
            name: "شركة الأمل للتجارة والتوزيع المحدودة".to_owned(),
            address: owned(&["شارع الملك فهد 12", "الرياض", "المملكة العربية السعودية"]),
            ..Party::default()
        },
        lines,
        subtotal: yen(740_736),
        taxes: vec![SheetTax {
            name: "消費税".to_owned(),
            percent: Some(dec!(10)),
            base: yen(740_736),
            amount: yen(74_073),
            note: None,
        }],
        total: yen(814_809),
        amount_due: yen(814_809),
        state: SheetState::PastDue,
        language: "ja".to_owned(),
        country: "JP".to_owned(),
        ..plain()
    }
}

/// Two hundred lines, numbered.
pub fn long() -> Sheet {
    let usd = |minor| Money::of(minor, Currency::USD);
    let lines: Vec<SheetLine> = (1..=200)
        .map(|n| line(&format!("Seat {n:03}"), dec!(1), dec!(10), usd(1_000)))
        .collect();
    Sheet {
        lines,
        subtotal: usd(200_000),
        total: usd(200_000),
        amount_due: usd(200_000),
        ..plain()
    }
}

/// Every text as bad as it can be, amounts at the edge.
pub fn hostile() -> Sheet {
    let edge = Money::of(i64::MIN, Currency::USD);
    let bad = [
        "A".repeat(10_000),
        "x\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>".to_owned(),
        "\u{1b}]0;owned\u{7}\u{1b}[2J=HYPERLINK(\"http://x\")".to_owned(),
        format!("\u{202e}{}\u{2066}", "gnp.exe"),
        format!("e{}", "\u{301}".repeat(10_000)),
        "\0\u{feff}\u{e000}\u{ffff}\u{10ffff}".to_owned(),
        "\u{200d}".repeat(500),
        String::new(),
        "ض".repeat(10_000),
    ];
    let mut sheet = plain();
    sheet.number = bad.concat();
    sheet.seller.name = bad[3].clone();
    sheet.customer = Party {
        name: bad[0].clone(),
        address: bad.to_vec(),
        email: Some(bad[1].clone()),
        phone: Some(bad[2].clone()),
        website: Some(bad[8].clone()),
        tax_ids: vec![TaxId {
            label: bad[5].clone(),
            value: bad[0].clone(),
        }],
    };
    sheet.brand.footer = bad.to_vec();
    sheet.notes = Some(bad.join("\n"));
    sheet.lines = bad
        .iter()
        .map(|text| SheetLine {
            arithmetic: Some(text.clone()),
            discounts: vec![taken(edge)],
            tax_percent: Some(Decimal::MAX),
            quantity: Decimal::MIN,
            unit_price: Some(Decimal::MAX),
            ..line(text, dec!(1), dec!(1), edge)
        })
        .collect();
    sheet.taxes = vec![
        SheetTax {
            name: bad[0].clone(),
            percent: Some(Decimal::MAX),
            base: edge,
            amount: edge,
            note: Some(bad[0].clone())
        };
        40
    ];
    sheet.state = SheetState::Paid;
    sheet.payments = vec![SheetPayment {
        on: Day::MAX,
        method: bad[0].clone(),
        reference: Some(bad[1].clone()),
        amount: edge,
    }];
    (sheet.subtotal, sheet.total, sheet.amount_due) = (edge, edge, edge);
    (sheet.language, sheet.country) = (bad[0].clone(), bad[2].clone());
    sheet
}

/// A PNG of one colour.
pub fn png(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    let mut rows = Vec::new();
    for _ in 0..height {
        rows.extend([0].into_iter().chain((0..width).flat_map(|_| colour)));
    }
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&rows).unwrap();
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [
        (b"IHDR", header),
        (b"IDAT", packer.finish().unwrap()),
        (b"IEND", Vec::new()),
    ] {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(&data);
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        file.extend(kind);
        file.extend(data);
        file.extend(crc.sum().to_be_bytes());
    }
    file
}
