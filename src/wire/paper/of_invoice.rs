//! From the published shape of an invoice or credit note to the sheet that is printed.

use super::arithmetic::tax_inside;
use super::line_words::Wording;
use super::locale::Locale;
use super::sheet::{
    Brand, Colour, LineDiscount, Party, Sheet, SheetKind, SheetLine, SheetPayment, SheetState,
    SheetTax, TaxId, WayBack,
};
use super::words::{Tongue, built_in};
use crate::billing::calendar::Day;
use crate::billing::catalog::Seller;
use crate::billing::invoice::{InvoiceKind, InvoiceState};
use crate::billing::money::Money;
use crate::billing::order::LineKind;
use crate::billing::payment::{PaymentKind, PaymentState};
use crate::wire::invoice::{Customer, Invoice, Tax};
use crate::wire::order::{Line, Payment};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What a sheet needs besides the document.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The day it is printed for: an open invoice behind its due day is past due.
    pub on: Day,
    /// Names of the methods by their id.
    pub methods: &'a BTreeMap<String, String>,
    /// The catalog's translations of its names into the customer's language.
    pub names: &'a BTreeMap<String, String>,
    /// Words that the seller brought for the customer's language.
    pub own_words: Option<&'static Tongue>,
    /// The bytes of the seller's logo, a PNG or JPEG file.
    pub logo: Option<&'a [u8]>,
}

/// The language of mail and paper for a customer: the one that was chosen, else the one of the country.
pub fn language_of(chosen: Option<&str>, country: &str) -> String {
    const SPANISH: &str = "ES MX AR CO CL PE VE EC GT CU BO DO HN PY SV NI CR PA UY GQ";
    let of_country = match country {
        "BR" | "PT" | "AO" | "MZ" | "CV" => "pt",
        _ if SPANISH.split(' ').any(|place| place == country) => "es",
        _ => "en",
    };
    chosen.unwrap_or(of_country).to_owned()
}

/// The sheet of a document. Every figure is the document's own.
pub fn sheet(invoice: &Invoice, setting: &Setting<'_>) -> Sheet {
    let country = invoice.customer.country.clone();
    let language = language_of(invoice.customer.billing.language.as_deref(), &country);
    let tongue = setting.own_words.unwrap_or_else(|| built_in(&language));
    let locale = Locale::worded(tongue, &language, &country);
    let pen = Pen {
        locale,
        wording: Wording {
            tongue,
            locale,
            names: setting.names,
        },
    };
    let total = invoice.total.money();
    let kind = match invoice.kind {
        InvoiceKind::Invoice => SheetKind::Invoice,
        InvoiceKind::CreditNote => SheetKind::CreditNote,
    };
    let taxed = !invoice.taxes.is_empty();
    let some = |amount: Money| Some(amount).filter(|amount| !amount.is_zero());
    Sheet {
        kind,
        number: invoice.number.clone(),
        state: state(invoice, setting.on),
        issued_on: invoice.issued_on,
        due_on: Some(invoice.due_on).filter(|_| kind == SheetKind::Invoice),
        corrects: invoice.corrects.clone(),
        customer_reference: None,
        seller: seller(&invoice.seller),
        brand: brand(&invoice.seller, setting.logo),
        customer: customer(&invoice.customer, &pen.wording),
        lines: invoice
            .lines
            .iter()
            .map(|line| pen.line(line, taxed))
            .collect(),
        subtotal: invoice.net.money(),
        discounts: Vec::new(),
        taxes: invoice.taxes.iter().map(|line| pen.tax(line)).collect(),
        total,
        credit_applied: some(invoice.from_balance.money()),
        credited: some(forgiven(invoice)),
        payments: pen.payments(invoice, setting.methods),
        given_back: pen.given_back(invoice, setting.methods),
        amount_due: match (invoice.kind, invoice.state) {
            (InvoiceKind::CreditNote, _) => total,
            (InvoiceKind::Invoice, InvoiceState::Void) => Money::zero(total.currency),
            (InvoiceKind::Invoice, _) => invoice.open.money(),
        },
        notes: None,
        own_words: setting.own_words,
        language,
        country,
    }
}

/// What credit notes took off what was to be paid. The rest of them went to the balance or out of the house,
/// which their own pages tell; on this page it would not add up.
fn forgiven(invoice: &Invoice) -> Money {
    let total = invoice.total.money();
    let settled = [&invoice.from_balance, &invoice.paid, &invoice.open];
    let settled = settled
        .iter()
        .try_fold(total, |left, part| left.minus(part.money()));
    let left = settled.unwrap_or(total);
    Money::of(left.minor.max(0), total.currency).at_most(invoice.credited.money())
}

/// Every discount of a line; documents from before each was kept have their sum.
fn discounts(line: &Line) -> Vec<LineDiscount> {
    let whole = LineDiscount {
        percent: None,
        of: None,
        amount: line.discount.money(),
    };
    match line.discounts.as_slice() {
        [] => Some(whole)
            .into_iter()
            .filter(|one| !one.amount.is_zero())
            .collect(),
        each => each
            .iter()
            .map(|one| LineDiscount {
                percent: one.percent,
                of: Some(one.of.money()),
                amount: one.off.money(),
            })
            .collect(),
    }
}

fn state(invoice: &Invoice, on: Day) -> SheetState {
    match (invoice.kind, invoice.state) {
        (_, InvoiceState::Void) => SheetState::Void,
        // A credit note is never owed, so a paid stamp would say nothing.
        (InvoiceKind::CreditNote, _) => SheetState::Open,
        (InvoiceKind::Invoice, InvoiceState::Paid) => SheetState::Paid,
        (InvoiceKind::Invoice, InvoiceState::Open) if invoice.due_on < on => SheetState::PastDue,
        (InvoiceKind::Invoice, InvoiceState::Open) => SheetState::Open,
    }
}

fn seller(seller: &Seller) -> Party {
    Party {
        name: seller.name.clone(),
        address: seller.address.clone(),
        email: seller.email.clone(),
        phone: seller.phone.clone(),
        website: seller.website.clone(),
        tax_ids: seller.tax_id.iter().map(|text| labelled(text)).collect(),
    }
}

/// `VAT no. FR123`: the label ends where the first word with a digit begins.
fn labelled(text: &str) -> TaxId {
    let words: Vec<&str> = text.split_whitespace().collect();
    let digit = |word: &&str| word.bytes().any(|byte| byte.is_ascii_digit());
    let at = words.iter().position(digit).unwrap_or(0);
    let (label, value) = words.split_at(at);
    TaxId {
        label: match label {
            [] => "Tax ID".to_owned(),
            _ => label.join(" ").trim_end_matches(':').to_owned(),
        },
        value: value.join(" "),
    }
}

fn brand(seller: &Seller, logo: Option<&[u8]>) -> Brand {
    Brand {
        logo: logo.map(<[u8]>::to_vec),
        colour: seller.colour.as_deref().and_then(Colour::from_hex),
        footer: seller.footer.clone(),
    }
}

fn customer(customer: &Customer, wording: &Wording<'_>) -> Party {
    let billing = &customer.billing;
    Party {
        name: billing
            .payer
            .clone()
            .unwrap_or_else(|| customer.title.clone()),
        address: billing.address.clone(),
        email: billing.email.clone(),
        phone: billing.phone.clone(),
        website: None,
        tax_ids: billing
            .taxpayer
            .iter()
            .map(|number| TaxId {
                label: wording.name(taxpayer_label(&customer.country, number)),
                value: number.clone(),
            })
            .collect(),
    }
}

/// What a taxpayer number is called where the customer is.
fn taxpayer_label(country: &str, number: &str) -> &'static str {
    const UNION: &str =
        "AT BE BG CY CZ DE DK EE FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
    let signs = number.chars().filter(|ch| ch.is_alphanumeric()).count();
    match country {
        "BR" if signs <= 11 => "CPF",
        "BR" => "CNPJ",
        "ES" => "NIF",
        "MX" => "RFC",
        "AR" => "CUIT",
        "CL" => "RUT",
        "CO" => "NIT",
        "PE" => "RUC",
        "GB" => "VAT no.",
        _ if UNION.split(' ').any(|place| place == country) => "VAT no.",
        _ => "Tax ID",
    }
}

/// Words figures and names for the reader of one page.
pub(super) struct Pen<'a> {
    pub(super) locale: Locale,
    pub(super) wording: Wording<'a>,
}

impl Pen<'_> {
    fn line(&self, line: &Line, taxed: bool) -> SheetLine {
        // A credit that is taken back is charged.
        let given_back = line.kind == LineKind::Credit && line.net.minor <= 0;
        let quantity = Decimal::from(line.quantity);
        let arithmetic = line.working.as_ref();
        let arithmetic = arithmetic.and_then(|working| self.arithmetic(working, given_back));
        let arithmetic = arithmetic.map(|text| self.of_part(text, line));
        let arithmetic = match tax_inside(line) {
            true => Some(self.less_tax(arithmetic, line)),
            false => arithmetic,
        };
        let whole = quantity.checked_mul(line.unit_price);
        let share = line.kind == LineKind::Credit && whole != Some(line.net.money().major().abs());
        SheetLine {
            description: self.wording.line(line),
            service: line.service,
            quantity: if given_back { -quantity } else { quantity },
            // A part of an amount has no price of one.
            unit_price: Some(line.unit_price).filter(|_| !share),
            arithmetic,
            discounts: discounts(line),
            tax_percent: Some(line.tax_percent).filter(|_| taxed),
            amount: line.net.money(),
        }
    }

    fn tax(&self, tax: &Tax) -> SheetTax {
        let rate = Some(tax.percent).filter(|percent| !percent.is_zero());
        let name = tax.name.as_deref().unwrap_or_default();
        SheetTax {
            name: self.wording.tax(name),
            percent: rate,
            base: tax.base.money(),
            amount: tax.tax.money(),
            note: None,
        }
    }

    /// What came in for this document; a payment of the order for another one is not its own.
    fn payments(&self, invoice: &Invoice, methods: &BTreeMap<String, String>) -> Vec<SheetPayment> {
        let own = |payment: &&Payment| {
            payment.kind == PaymentKind::Charge
                && payment.state == PaymentState::Paid
                && payment.invoice.as_deref() == Some(&invoice.number)
        };
        let paid = invoice.payments.iter().filter(own);
        paid.map(|payment| SheetPayment {
            on: payment.settled_at.unwrap_or(payment.begun_at).date(),
            method: self.method(payment, methods),
            reference: payment.reference.clone(),
            amount: payment.amount.money(),
        })
        .collect()
    }

    fn method(&self, payment: &Payment, methods: &BTreeMap<String, String>) -> String {
        let known = methods.get(&payment.method);
        self.wording.name(known.unwrap_or(&payment.method))
    }

    /// Where the money of a credit note went.
    fn given_back(
        &self,
        invoice: &Invoice,
        methods: &BTreeMap<String, String>,
    ) -> Vec<(WayBack, Money)> {
        let Some(given) = &invoice.given_back else {
            return Vec::new();
        };
        let kept = [
            (WayBack::Invoice, given.off_invoice.money()),
            (WayBack::Balance, given.to_balance.money()),
        ];
        let refunds = given.refunds.iter().map(|refund| {
            let paid = refund.state == PaymentState::Paid;
            let way = WayBack::Refund {
                on: refund.settled_at.filter(|_| paid).map(|at| at.date()),
                method: self.method(refund, methods),
                reference: refund.reference.clone().filter(|_| paid),
            };
            (way, refund.amount.money())
        });
        let all = kept.into_iter().chain(refunds);
        all.filter(|(_, amount)| !amount.is_zero()).collect()
    }
}

#[cfg(test)]
#[path = "of_invoice_tests.rs"]
mod tests;
