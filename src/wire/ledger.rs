//! The books as plain-text accounting programs read them: hledger, beancount, ledger, or a table.
//!
//! Debits are positive. Every posting names the document, the line and the payment it comes from. Accounts
//! and commodities are declared when they first appear, so that strict checks pass.

use super::cell;
use crate::billing::calendar::Day;
use crate::billing::ledger::Book;
use crate::billing::money::{Currency, Money};
use std::collections::BTreeSet;

/// One movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day.
    pub on: Day,
    /// The customer.
    pub account: String,
    /// What was done.
    pub text: String,
    /// The line of the journal; none for money that is earned by time.
    pub journal: Option<i64>,
    /// Its sides.
    pub postings: Vec<Side>,
}

/// One side of a movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The book.
    pub book: Book,
    /// What tells accounts of one book apart: the customer, or the payment method.
    pub part: Option<String>,
    /// Debit positive.
    pub amount: Money,
    /// Number of the document.
    pub invoice: Option<String>,
    /// Key of the line.
    pub line: Option<i64>,
    /// Number of the payment.
    pub payment: Option<String>,
}

/// The form of exported books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// hledger journal.
    Hledger,
    /// Beancount.
    Beancount,
    /// Ledger.
    Ledger,
    /// A table with one row a posting.
    Csv,
}

/// Writes movements one after the other.
#[derive(Debug)]
pub struct Writer {
    form: Form,
    accounts: BTreeSet<String>,
    currencies: BTreeSet<Currency>,
    begun: bool,
}

impl Writer {
    /// A writer of a form.
    pub fn of(form: Form) -> Writer {
        Writer {
            form,
            accounts: BTreeSet::new(),
            currencies: BTreeSet::new(),
            begun: false,
        }
    }

    /// What stands before the first movement.
    fn head(&self) -> &'static str {
        match self.form {
            Form::Csv => {
                "date,journal,text,account,amount,currency,customer,invoice,line,payment\r\n"
            }
            Form::Beancount => "option \"title\" \"Subscriptions\"\n\n",
            Form::Hledger | Form::Ledger => "",
        }
    }

    /// A movement as text, with whatever must be declared before it.
    pub fn entry(&mut self, entry: &Entry) -> String {
        let mut text = String::new();
        if !self.begun {
            self.begun = true;
            text.push_str(self.head());
        }
        for side in &entry.postings {
            self.declare(side, &mut text);
        }
        match self.form {
            Form::Hledger | Form::Ledger => self.plain(entry, &mut text),
            Form::Beancount => self.beancount(entry, &mut text),
            Form::Csv => self.rows(entry, &mut text),
        }
        text
    }

    /// What stands in books without any movement.
    pub fn end(self) -> String {
        match self.begun {
            true => String::new(),
            false => self.head().to_owned(),
        }
    }

    fn declare(&mut self, side: &Side, text: &mut String) {
        let currency = side.amount.currency;
        if self.currencies.insert(currency) {
            let sample = Money::of(100_000, currency).amount();
            match self.form {
                // hledger wants the sign of the decimals also where a currency has none.
                Form::Hledger => {
                    let point = if sample.contains('.') { "" } else { "." };
                    text.push_str(&format!("commodity {sample}{point} {currency}\n\n"));
                }
                Form::Ledger => text.push_str(&format!(
                    "commodity {currency}\n    format {sample} {currency}\n\n"
                )),
                Form::Beancount => text.push_str(&format!("1970-01-01 commodity {currency}\n\n")),
                Form::Csv => {}
            }
        }
        let name = self.name(side);
        if self.accounts.contains(&name) {
            return;
        }
        match self.form {
            Form::Hledger | Form::Ledger => text.push_str(&format!("account {name}\n\n")),
            Form::Beancount => text.push_str(&format!("1970-01-01 open {name}\n\n")),
            Form::Csv => {}
        }
        self.accounts.insert(name);
    }

    /// The account of the books that a side belongs to.
    fn name(&self, side: &Side) -> String {
        let (kind, book) = match side.book {
            Book::Receivable => ("Assets", "Receivable"),
            Book::Cash => ("Assets", "Cash"),
            Book::Deferred => ("Liabilities", "Deferred"),
            Book::Tax => ("Liabilities", "Tax"),
            Book::CustomerBalance => ("Liabilities", "Balance"),
            Book::Refunds => ("Liabilities", "Refunds"),
            Book::Revenue => ("Income", "Subscriptions"),
        };
        let mut name = format!("{kind}:{book}");
        if let Some(part) = &side.part {
            name.push(':');
            name.push_str(&component(part));
        }
        name
    }

    fn plain(&self, entry: &Entry, text: &mut String) {
        let journal = entry.journal.map(|line| format!("  ; journal:{line}"));
        text.push_str(&format!(
            "{} {} ({}){}\n",
            entry.on,
            one_line(&entry.text),
            one_line(&entry.account),
            journal.unwrap_or_default()
        ));
        for side in &entry.postings {
            let amount = side.amount.amount();
            let links = side
                .links()
                .map(|(key, value)| format!("{key}:{}", one_line(&value).replace(',', " ")));
            let links: Vec<String> = links.collect();
            let comment = match links.is_empty() {
                true => String::new(),
                false => format!("  ; {}", links.join(", ")),
            };
            let name = self.name(side);
            text.push_str(&format!(
                "    {name:<40}  {amount:>12} {}{comment}\n",
                side.amount.currency
            ));
        }
        text.push('\n');
    }

    fn beancount(&self, entry: &Entry, text: &mut String) {
        text.push_str(&format!(
            "{} * \"{}\" \"{}\"\n",
            entry.on,
            quoted(&entry.account),
            quoted(&entry.text)
        ));
        if let Some(line) = entry.journal {
            text.push_str(&format!("  journal: \"{line}\"\n"));
        }
        for side in &entry.postings {
            let (name, amount) = (self.name(side), side.amount.amount());
            text.push_str(&format!("  {name}  {amount} {}\n", side.amount.currency));
            for (key, value) in side.links() {
                text.push_str(&format!("    {key}: \"{}\"\n", quoted(&value)));
            }
        }
        text.push('\n');
    }

    fn rows(&self, entry: &Entry, text: &mut String) {
        let mut table = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for side in &entry.postings {
            let row = [
                entry.on.to_string(),
                entry
                    .journal
                    .map(|line| line.to_string())
                    .unwrap_or_default(),
                cell::text(&entry.text).into_owned(),
                self.name(side),
                side.amount.amount(),
                side.amount.currency.to_string(),
                cell::text(&entry.account).into_owned(),
                cell::text(side.invoice.as_deref().unwrap_or_default()).into_owned(),
                side.line.map(|line| line.to_string()).unwrap_or_default(),
                side.payment.clone().unwrap_or_default(),
            ];
            // Writing into memory does not fail.
            let _ = table.write_record(&row);
        }
        let bytes = table.into_inner().unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
}

impl Side {
    fn links(&self) -> impl Iterator<Item = (&'static str, String)> {
        let line = self.line.map(|line| line.to_string());
        let links = [
            ("invoice", self.invoice.clone()),
            ("line", line),
            ("payment", self.payment.clone()),
        ];
        links
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
    }
}

/// A text as one component of an account: letters, digits and hyphens, beginning with a capital or a digit.
/// Other letters are written by their number, so that two names stay two.
fn component(part: &str) -> String {
    let mut written = String::new();
    for ch in part.chars() {
        match ch {
            'a'..='z' if written.is_empty() => written.push(ch.to_ascii_uppercase()),
            '0'..='9' | 'a'..='z' | '-' if !written.is_empty() || ch != '-' => written.push(ch),
            'A'..='Z' => {
                // A capital is marked, because a small first letter is written as one.
                written.push_str(&format!("X{:x}-", u32::from(ch)));
            }
            other => written.push_str(&format!("X{:x}-", u32::from(other))),
        }
    }
    written
}

/// A text on one line, without what begins a comment or separates a payee.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|ch| match ch {
            ';' | '|' => ' ',
            ch if ch.is_control() || matches!(ch, '\u{2028}' | '\u{2029}') => ' ',
            ch => ch,
        })
        .collect()
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid() -> Entry {
        let side = |book, part: Option<&str>, minor| Side {
            book,
            part: part.map(str::to_owned),
            amount: Money::of(minor, Currency::USD),
            invoice: Some("INV-1".to_owned()),
            line: None,
            payment: Some("P-000001".to_owned()),
        };
        Entry {
            on: "2026-03-01".parse().unwrap(),
            account: "acme".to_owned(),
            text: "order pay; \"now\"\nand =1+1".to_owned(),
            journal: Some(7),
            postings: vec![
                side(Book::Cash, Some("card"), 3000),
                side(Book::Receivable, Some("acme"), -3000),
            ],
        }
    }

    #[test]
    fn a_currency_without_decimals_is_declared_as_hledger_reads_it() {
        let mut entry = paid();
        for side in &mut entry.postings {
            side.amount.currency = "JPY".parse().unwrap();
        }
        let text = Writer::of(Form::Hledger).entry(&entry);
        assert!(text.starts_with("commodity 100000. JPY\n\n"), "{text}");
        assert!(text.contains(" 3000 JPY  ;"), "{text}");
    }

    #[test]
    fn each_form_declares_and_links() {
        let mut hledger = Writer::of(Form::Hledger);
        let first = hledger.entry(&paid());
        assert!(first.starts_with("commodity 1000.00 USD\n\naccount Assets:Cash:Card\n"));
        assert!(
            first.contains("; invoice:INV-1, payment:P-000001\n"),
            "{first}"
        );
        assert!(!hledger.entry(&paid()).contains("account "));
        let beancount = Writer::of(Form::Beancount).entry(&paid());
        assert!(beancount.contains("2026-03-01 * \"acme\" \"order pay  \\\"now\\\" and =1+1\""));
        assert!(beancount.contains("  Assets:Receivable:Acme  -30.00 USD\n"));
        let csv = Writer::of(Form::Csv).entry(&paid());
        assert!(
            csv.contains("Assets:Cash:Card,30.00,USD,acme,INV-1,,P-000001\r\n"),
            "{csv}"
        );
    }

    #[test]
    fn names_that_differ_stay_different() {
        let names = [
            "acme", "Acme", "ac-me", "ac_me", "ac.me", "-acme", "中文", "2nd",
        ];
        let mut seen = BTreeSet::new();
        for name in names {
            let written = component(name);
            let first = written.chars().next().unwrap();
            assert!(
                first.is_ascii_uppercase() || first.is_ascii_digit(),
                "{written}"
            );
            assert!(seen.insert(written));
        }
    }
}
