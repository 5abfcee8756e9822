//! What stands on the page of a document, compared with the document.

use super::*;
use crate::billing::calendar::Span;
use crate::billing::fraction::Fraction;
use crate::billing::money::Currency;
use crate::billing::prorate::{self, Price};
use crate::billing::share::{Stretch, Window};
use crate::billing::switches::{Proration, Unit};
use crate::billing::working::Of;
use crate::wire::amount::Amount;
use crate::wire::paper::text;
use rust_decimal::dec;
use serde_json::{Value, json};

fn usd(minor: i64) -> Value {
    let money = Money::of(minor, Currency::USD);
    serde_json::to_value(crate::wire::amount::Amount::from(money)).unwrap()
}

/// 2 × 300.00 for 91 of 181 days, taxed, partly paid from the balance, the rest by card.
fn upgrade() -> Invoice {
    let term = Span::new("2026-03-01".parse().unwrap(), "2026-08-29".parse().unwrap());
    let rest = Span::new("2026-05-30".parse().unwrap(), term.end);
    let price = Price::of(dec!(300), 2, Currency::USD);
    let working = prorate::service(
        &Proration::default(),
        &Stretch::of(term),
        Window::from(rest),
        price,
    )
    .unwrap();
    assert_eq!((working.numerator, working.denominator), (91, 181));
    let payment = |number: &str, invoice: Option<&str>, state: &str| {
        json!({ "number": number, "account": "acme", "order": "O-000001", "invoice": invoice, "kind": "charge",
                "method": "card", "reference": "ch_77", "amount": usd(31_199), "state": state, "reason": null,
                "attempt": 1, "begun_at": "2026-05-30T10:00:00", "settled_at": "2026-05-31T08:00:00" })
    };
    serde_json::from_value(json!({
        "number": "INV-7", "kind": "invoice", "state": "paid", "issued_on": "2026-05-30", "due_on": "2026-06-13",
        "settled_on": "2026-05-31", "order": "O-000001", "corrects": null,
        "seller": { "name": "Seller", "address": ["1 Road"], "country": "US", "email": null, "phone": null,
                    "website": null, "tax_id": "VAT no. FR123", "logo": null, "colour": "#102030",
                    "footer": ["Bank 1"] },
        "customer": { "account": "acme", "title": "Acme", "country": "BR",
                      "billing": { "payer": "Payer Ltda", "taxpayer": "12.ABC.345/01DE-35" } },
        "lines": [{ "kind": "plan", "text": "Upgrade", "item": "pro", "seat_type": null, "quantity": 2,
                    "service": rest, "unit_price": "300", "price_list": "world", "working": working,
                    "because": null, "gross": usd(30_166), "discount": usd(166), "net": usd(30_000),
                    "tax": usd(2_400), "tax_percent": "8", "tax_name": "VAT" }],
        "net": usd(30_000), "taxes": [{ "name": "VAT", "percent": "8", "base": usd(30_000), "tax": usd(2_400) }],
        "tax": usd(2_400), "total": usd(32_400), "from_balance": usd(1_201), "paid": usd(31_199),
        "credited": usd(0), "open": usd(0),
        "payments": [payment("P-1", None, "declined"), payment("P-2", Some("INV-7"), "paid"),
                     payment("P-3", Some("INV-8"), "paid")],
    }))
    .unwrap()
}

fn printed(invoice: &Invoice, on: &str) -> Sheet {
    let methods = BTreeMap::from([("card".to_owned(), "Credit card".to_owned())]);
    let on = on.parse().unwrap();
    sheet(
        invoice,
        &Setting {
            on,
            methods: &methods,
            names: &BTreeMap::new(),
            own_words: None,
            logo: None,
        },
    )
}

#[test]
fn a_paid_invoice_shows_its_arithmetic_credit_and_stamp_ks_25() {
    let sheet = printed(&upgrade(), "2026-06-01");
    assert_eq!(sheet.state, SheetState::Paid);
    assert_eq!(sheet.language, "pt");
    assert_eq!(sheet.customer.name, "Payer Ltda");
    assert_eq!(
        sheet.lines[0].arithmetic.as_deref(),
        Some("2 × 300,00 × 91/181 dias")
    );
    assert_eq!(sheet.payments.len(), 1);
    assert_eq!(sheet.payments[0].method, "Credit card");
    assert_eq!(sheet.payments[0].on, "2026-05-31".parse().unwrap());
    let ids = (&sheet.seller.tax_ids[0], &sheet.customer.tax_ids[0]);
    assert_eq!(
        (ids.0.label.as_str(), ids.0.value.as_str()),
        ("VAT no.", "FR123")
    );
    assert_eq!(ids.1.label, "CNPJ");
    let page = text(&sheet).replace(['\u{a0}', '\u{202f}'], " ");
    for shown in [
        "US$ 300,00",
        "IVA 8% sobre 300,00",
        "US$ 24,00",
        "US$ 324,00",
        "-US$ 12,01",
        "-US$ 311,99",
        "*** Pago: 31/05/2026 · Credit card · ch_77 ***",
        "12.ABC.345/01DE-35",
        "Bank 1",
    ] {
        assert!(page.contains(shown), "{shown} is missing in\n{page}");
    }
}

#[test]
fn every_sum_on_the_page_adds_up() {
    let mut credited = upgrade();
    credited.credited = Money::of(5_000, Currency::USD).into();
    credited.paid = Money::of(26_199, Currency::USD).into();
    credited.payments[1].amount = Money::of(26_199, Currency::USD).into();
    for invoice in [upgrade(), credited] {
        let sheet = printed(&invoice, "2026-06-01");
        let sum = |amounts: Vec<Money>| Money::sum(Currency::USD, amounts).unwrap();
        let lines = sum(sheet.lines.iter().map(|line| line.amount).collect());
        let taxes = sum(sheet.taxes.iter().map(|tax| tax.amount).collect());
        assert_eq!(lines, sheet.subtotal);
        assert_eq!(lines.plus(taxes).unwrap(), sheet.total);
        let mut off: Vec<Money> = sheet
            .payments
            .iter()
            .map(|payment| payment.amount)
            .collect();
        off.extend(sheet.credit_applied);
        off.extend(sheet.credited);
        assert_eq!(sheet.total.minus(sum(off)).unwrap(), sheet.amount_due);
    }
}

#[test]
fn an_open_invoice_is_past_due_only_behind_its_day() {
    let mut open = upgrade();
    open.state = InvoiceState::Open;
    assert_eq!(printed(&open, "2026-06-13").state, SheetState::Open);
    assert_eq!(printed(&open, "2026-06-14").state, SheetState::PastDue);
}

#[test]
fn a_formula_that_does_not_give_the_amount_is_not_printed() {
    let mut invoice = upgrade();
    let working = invoice.lines[0].working.as_mut().unwrap();
    working.numerator = 90;
    assert_eq!(printed(&invoice, "2026-06-01").lines[0].arithmetic, None);
}

#[test]
fn a_note_whose_money_went_elsewhere_does_not_lower_what_was_paid() {
    let mut credited = upgrade();
    credited.credited = Money::of(5_000, Currency::USD).into();
    let sheet = printed(&credited, "2026-06-01");
    assert_eq!(sheet.credited, None, "it went to the balance");
    let mut open = credited;
    (open.state, open.payments) = (InvoiceState::Open, Vec::new());
    open.paid = Money::zero(Currency::USD).into();
    open.open = Money::of(26_199, Currency::USD).into();
    let sheet = printed(&open, "2026-06-01");
    assert_eq!(sheet.credited, Some(Money::of(5_000, Currency::USD)));
}

#[test]
fn each_discount_is_named_by_what_it_is_and_reverse_charge_by_its_name_in_law() {
    let mut invoice = upgrade();
    let off = |percent: Option<&str>, of: i64, off: i64| -> crate::wire::order::Reduction {
        serde_json::from_value(json!({ "percent": percent, "of": usd(of), "off": usd(off) }))
            .unwrap()
    };
    invoice.customer.country = "DE".to_owned();
    invoice.customer.billing.language = Some("de".to_owned());
    invoice.customer.billing.taxpayer = Some("DE136695976".to_owned());
    invoice.taxes[0].name = Some("reverse charge".to_owned());
    invoice.taxes[0].percent = dec!(0);
    invoice.lines[0].discounts = vec![off(Some("10"), 30_166, 100), off(None, 66, 66)];
    let page = text(&printed(&invoice, "2026-06-01")).replace(['\u{a0}', '\u{202f}'], " ");
    for shown in [
        "Rabatt 10 % auf 301,66: -1,00 US$",
        "Rabatt: -0,66 US$",
        "Steuerschuldnerschaft des",
        "USt-IdNr.: DE136695976",
    ] {
        assert!(page.contains(shown), "{shown} is missing in\n{page}");
    }
    invoice.lines[0].discounts.truncate(1);
    let page = text(&printed(&invoice, "2026-06-01")).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(page.contains("Rabatt 10 %: -1,00 US$"), "{page}");
}

#[test]
fn a_part_that_was_given_back_by_hand_shows_what_it_is_a_part_of() {
    let mut note = upgrade();
    note.kind = InvoiceKind::CreditNote;
    let line = &mut note.lines[0];
    line.kind = LineKind::Credit;
    line.net = Amount::from(Money::of(-1_250, Currency::USD));
    let working = line.working.as_mut().unwrap();
    (working.unit, working.of, working.quantity) = (Unit::None, Of::BilledLine, 1);
    (working.unit_price, working.exact) = (dec!(100), Fraction::from_decimal(dec!(12.5)).unwrap());
    for (share, said) in [
        ((125, 1_000), Some("-100,00 × 12,5%")),
        // So much of an amount is no formula.
        ((1_250, 9_999), None),
    ] {
        let working = note.lines[0].working.as_mut().unwrap();
        (working.numerator, working.denominator) = share;
        let line = &printed(&note, "2026-06-01").lines[0];
        // What is a part of an amount has no price of one.
        assert_eq!((line.arithmetic.as_deref(), line.unit_price), (said, None));
    }
    // A credit that is taken back is charged.
    note.lines[0].net = Amount::from(Money::of(1_250, Currency::USD));
    assert_eq!(printed(&note, "2026-06-01").lines[0].quantity, dec!(2));
}

#[test]
fn a_line_that_is_served_later_than_it_was_priced_says_which_days_those_were() {
    let mut paid_later = upgrade();
    let service = Span::new("2026-06-03".parse().unwrap(), "2026-08-29".parse().unwrap());
    paid_later.lines[0].service = Some(service);
    let sheet = printed(&paid_later, "2026-06-05");
    assert_eq!(
        sheet.lines[0].arithmetic.as_deref(),
        Some("2 × 300,00 × 91/181 dias (30/05/2026 – 28/08/2026)")
    );
}

#[test]
fn a_price_that_contains_its_tax_says_what_is_taken_out_of_it() {
    let mut inside = upgrade();
    let line = &mut inside.lines[0];
    let paid = line.working.as_ref().unwrap().amount;
    line.tax = Amount::from(Money::of(2_234, Currency::USD));
    line.net = Amount::from(Money::of(paid.minor - 2_234, Currency::USD));
    line.discount = Amount::from(Money::of(0, Currency::USD));
    assert_eq!(
        printed(&inside, "2026-06-01").lines[0]
            .arithmetic
            .as_deref(),
        Some("2 × 300,00 × 91/181 dias − 22,34 (IVA 8%)")
    );
    let working = inside.lines[0].working.as_mut().unwrap();
    (working.numerator, working.denominator) = (1, 1);
    assert_eq!(
        printed(&inside, "2026-06-01").lines[0]
            .arithmetic
            .as_deref(),
        Some("2 × 300,00 − 22,34 (IVA 8%)")
    );
    // A discount is taken off as well, which a line of its own says.
    let mut less = upgrade();
    let line = &mut less.lines[0];
    let off = json!({ "percent": "10", "of": usd(30_166), "off": usd(3_016) });
    line.discounts = vec![serde_json::from_value(off).unwrap()];
    line.tax = Amount::from(Money::of(2_011, Currency::USD));
    line.net = Amount::from(Money::of(paid.minor - 3_016 - 2_011, Currency::USD));
    let line = &printed(&less, "2026-06-01").lines[0];
    let said = "2 × 300,00 × 91/181 dias − 20,11 (IVA 8%)";
    assert_eq!(
        (line.arithmetic.as_deref(), line.discounts.len()),
        (Some(said), 1)
    );
}
