//! Turns a sheet into the very texts that every form of paper prints, so that PDF, HTML and text cannot
//! differ in a word or a figure.

mod table;

use super::clean;
use super::direction::{self, runs_from_right};
use super::locale::Locale;
use super::sheet::{Party, Sheet, SheetKind, SheetState, SheetTax, WayBack};
use super::words::{Tongue, Words, built_in};
use crate::billing::calendar::Day;
use rust_decimal::Decimal;

/// Letters kept of a name, of one short field, of a line's description, of the notes.
const NAME: usize = 160;
const SHORT: usize = 90;
const DESCRIPTION: usize = 1_000;
const NOTES: usize = 6_000;
/// Lines kept of an address and of the footer.
const ADDRESS: usize = 10;
const FOOTER: usize = 5;

/// A name and what belongs below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub name: String,
    pub lines: Vec<String>,
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub description: String,
    /// Service days, arithmetic and discount, each a line of its own in small print.
    pub details: Vec<String>,
    /// Quantity, unit price, tax, amount: the columns of [`Content::columns`] behind the first.
    pub figures: Vec<String>,
}

/// How much a line of the totals stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A step of the sum.
    Step,
    /// The sum.
    Sum,
    /// What the reader came for.
    Answer,
}

/// One line below the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub label: String,
    pub value: String,
    /// What the law wants said about it.
    pub note: Option<String>,
    pub weight: Weight,
}

/// What is stamped beside the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampKind {
    Paid,
    Void,
    Draft,
    PastDue,
}

/// The stamp and what stands below its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub kind: StampKind,
    pub word: String,
    pub lines: Vec<String>,
}

/// Everything that is printed, worded and clean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The language of the words, two letters.
    pub language: &'static str,
    /// Whether the page runs from right to left.
    pub from_right: bool,
    pub words: &'static Words,
    pub title: &'static str,
    pub number: String,
    pub seller: Block,
    pub customer: Block,
    pub facts: Vec<Fact>,
    /// Description and the figures; a column in which no line says anything is left out.
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    pub totals: Vec<Total>,
    pub stamp: Option<Stamp>,
    pub notes: Vec<String>,
    pub footer: Vec<String>,
}

impl Content {
    /// Words a sheet.
    pub fn of(sheet: &Sheet) -> Content {
        let tongue = tongue(sheet);
        let locale = Locale::worded(tongue, &sheet.language, &sheet.country);
        let words = &tongue.words;
        let from_right = runs_from_right(&tongue.language);
        let writer = Writer {
            sheet,
            locale,
            words,
            from_right,
        };
        let (columns, rows) = writer.table();
        Content {
            language: &tongue.language,
            from_right,
            words,
            title: match sheet.kind {
                SheetKind::Invoice => &words.invoice,
                SheetKind::CreditNote => &words.credit_note,
            },
            number: clean::line(&sheet.number, SHORT),
            seller: block(&sheet.seller),
            customer: block(&sheet.customer),
            facts: writer.facts(),
            columns,
            rows,
            totals: writer.totals(),
            stamp: writer.stamp(),
            notes: sheet
                .notes
                .as_deref()
                .map_or_else(Vec::new, |text| clean::paragraphs(text, NOTES)),
            footer: lines(&sheet.brand.footer, FOOTER),
        }
    }

    /// `Page 1 of 3` in the document's language.
    pub fn page_of(&self, page: usize, pages: usize) -> String {
        let text = self.words.page.replace("{page}", &page.to_string());
        text.replace("{pages}", &pages.to_string())
    }
}

/// The words of a page: the seller's own, the built-in ones of its language, or the English ones.
pub fn tongue(sheet: &Sheet) -> &'static Tongue {
    let language = sheet.language.split(['-', '_']).next().unwrap_or_default();
    let language = language.to_ascii_lowercase();
    sheet.own_words.unwrap_or_else(|| built_in(&language))
}

/// Texts cleaned one by one, empty ones left out.
fn lines(texts: &[String], most: usize) -> Vec<String> {
    let cleaned = texts.iter().map(|text| clean::line(text, SHORT));
    cleaned.filter(|text| !text.is_empty()).take(most).collect()
}

fn block(party: &Party) -> Block {
    let mut under = lines(&party.address, ADDRESS);
    let ids = party
        .tax_ids
        .iter()
        .map(|id| format!("{}: {}", id.label, id.value));
    under.extend(lines(&ids.collect::<Vec<_>>(), ADDRESS));
    let ways = [&party.email, &party.phone, &party.website];
    under.extend(lines(
        &ways.into_iter().flatten().cloned().collect::<Vec<_>>(),
        ADDRESS,
    ));
    Block {
        name: clean::line(&party.name, NAME),
        lines: under,
    }
}

struct Writer<'a> {
    sheet: &'a Sheet,
    locale: Locale,
    words: &'static Words,
    from_right: bool,
}

impl Writer<'_> {
    /// A figure that keeps its order in a sentence.
    fn figure(&self, text: &str) -> String {
        direction::figure(text, self.from_right)
    }

    fn day(&self, day: Day) -> String {
        direction::sentence(&self.locale.day(day), self.from_right)
    }

    fn facts(&self) -> Vec<Fact> {
        let fact = |label: &str, value: String| Fact {
            label: label.to_owned(),
            value,
        };
        let text = |value: &Option<String>| value.as_ref().map(|value| clean::line(value, SHORT));
        let sheet = self.sheet;
        let mut facts = vec![fact(&self.words.issued, self.day(sheet.issued_on))];
        facts.extend(sheet.due_on.map(|day| fact(&self.words.due, self.day(day))));
        facts.extend(text(&sheet.corrects).map(|number| fact(&self.words.corrects, number)));
        facts.extend(text(&sheet.customer_reference).map(|text| fact(&self.words.reference, text)));
        facts.extend(sheet.given_back.iter().map(|(way, amount)| {
            let (label, more) = self.way_back(way);
            let amount = self.figure(&self.locale.money(*amount));
            let parts = std::iter::once(amount).chain(more);
            fact(label, parts.collect::<Vec<_>>().join(" · "))
        }));
        facts
    }

    /// What money that went back is called, and what else is to be said of it.
    fn way_back(&self, way: &WayBack) -> (&str, Vec<String>) {
        match way {
            WayBack::Invoice => (&self.words.off_invoice, Vec::new()),
            WayBack::Balance => (&self.words.to_balance, Vec::new()),
            WayBack::Refund {
                on,
                method,
                reference,
            } => {
                let label = match on {
                    Some(_) => &self.words.refunded,
                    None => &self.words.refund_waits,
                };
                let day = on.map(|day| self.day(day));
                let method = Some(clean::line(method, SHORT));
                let reference = reference.as_ref().map(|text| clean::line(text, SHORT));
                let mut more: Vec<String> =
                    [day, method, reference].into_iter().flatten().collect();
                more.retain(|text| !text.is_empty());
                (label, more)
            }
        }
    }

    fn totals(&self) -> Vec<Total> {
        let sheet = self.sheet;
        let line = |label: String, amount, weight| Total {
            label,
            value: self.locale.money(amount),
            note: None,
            weight,
        };
        let own = |word: &str| word.to_owned();
        let mut totals = Vec::new();
        if sheet.subtotal != sheet.total || !sheet.taxes.is_empty() {
            totals.push(line(
                own(&self.words.subtotal),
                sheet.subtotal,
                Weight::Step,
            ));
        }
        for discount in &sheet.discounts {
            let name = clean::line(&discount.name, SHORT);
            let label = if name.is_empty() {
                own(&self.words.discount)
            } else {
                name
            };
            totals.push(line(label, less(discount.amount), Weight::Step));
        }
        for tax in &sheet.taxes {
            let note = tax.note.as_ref().map(|note| clean::line(note, DESCRIPTION));
            totals.push(Total {
                note,
                ..line(self.tax_label(tax), tax.amount, Weight::Step)
            });
        }
        totals.push(line(own(&self.words.total), sheet.total, Weight::Sum));
        if let Some(credit) = sheet.credit_applied.filter(|credit| !credit.is_zero()) {
            totals.push(line(own(&self.words.credit), less(credit), Weight::Step));
        }
        if let Some(credited) = sheet.credited.filter(|credited| !credited.is_zero()) {
            let label = own(&self.words.credit_note);
            totals.push(line(label, less(credited), Weight::Step));
        }
        for payment in &sheet.payments {
            let (word, comma) = (&self.words.payment, self.locale.comma());
            let label = format!("{word}{comma}{}", self.day(payment.on));
            totals.push(line(label, less(payment.amount), Weight::Step));
        }
        let answer = match sheet.kind {
            SheetKind::Invoice => &self.words.amount_due,
            SheetKind::CreditNote => &self.words.amount_credited,
        };
        totals.push(line(own(answer), sheet.amount_due, Weight::Answer));
        totals
    }

    /// `VAT 19 % on 1,000.00`.
    fn tax_label(&self, tax: &SheetTax) -> String {
        let name = clean::line(&tax.name, SHORT);
        let rate = tax
            .percent
            .map(|rate: Decimal| self.figure(&self.locale.percent(rate)));
        let base = self.figure(&self.locale.amount(tax.base));
        let parts = [Some(name), rate, Some(self.words.on.clone()), Some(base)];
        parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn stamp(&self) -> Option<Stamp> {
        let (kind, word) = match self.sheet.state {
            SheetState::Paid => (StampKind::Paid, &self.words.paid),
            SheetState::Void => (StampKind::Void, &self.words.void),
            SheetState::Draft => (StampKind::Draft, &self.words.draft),
            SheetState::PastDue => (StampKind::PastDue, &self.words.past_due),
            SheetState::Open | SheetState::Uncollectible => return None,
        };
        let last = self
            .sheet
            .payments
            .last()
            .filter(|_| kind == StampKind::Paid);
        let said = last.map(|payment| {
            let day = self.day(payment.on);
            let method = clean::line(&payment.method, SHORT);
            let reference = payment
                .reference
                .as_ref()
                .map(|text| clean::line(text, SHORT));
            [Some(day), Some(method), reference]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        });
        let mut lines = said.unwrap_or_default();
        lines.retain(|line| !line.is_empty());
        Some(Stamp {
            kind,
            word: word.clone(),
            lines,
        })
    }
}

/// The amount as something taken away; the one amount that has no negative is left as it is.
fn less(amount: crate::billing::money::Money) -> crate::billing::money::Money {
    amount.negated().unwrap_or(amount)
}
