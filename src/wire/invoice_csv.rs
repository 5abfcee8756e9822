//! Invoices and credit notes as rows for spreadsheets and bookkeeping: one row a line of a document.

use super::cell::text;
use super::invoice::Invoice;
use super::order::Line;
use std::borrow::Cow;

/// The columns. Amounts are major units with a point; what a document has once stands on each of its rows.
pub const COLUMNS: [&str; 36] = [
    "number",
    "kind",
    "state",
    "issued_on",
    "due_on",
    "settled_on",
    "order",
    "corrects",
    "account",
    "customer",
    "payer",
    "country",
    "taxpayer",
    "currency",
    "line",
    "line_kind",
    "text",
    "item",
    "seat_type",
    "quantity",
    "service_from",
    "service_until",
    "unit_price",
    "gross",
    "discount",
    "net",
    "tax_percent",
    "tax_name",
    "tax",
    "document_net",
    "document_tax",
    "document_total",
    "document_paid",
    "document_open",
    "document_from_balance",
    "document_credited",
];

/// Writes documents into a table.
pub struct Rows<W: std::io::Write> {
    to: csv::Writer<W>,
}

impl<W: std::io::Write> Rows<W> {
    /// A table with its head.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(to: W) -> csv::Result<Rows<W>> {
        let mut to = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(to);
        to.write_record(COLUMNS)?;
        Ok(Rows { to })
    }

    /// Adds a document.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, invoice: &Invoice) -> csv::Result<()> {
        for (at, line) in invoice.lines.iter().enumerate() {
            let cells = cells(invoice, at.saturating_add(1), line);
            self.to.write_record(cells.iter().map(AsRef::as_ref))?;
        }
        Ok(())
    }

    /// Everything that was written.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end(self) -> std::io::Result<W> {
        self.to.into_inner().map_err(|error| error.into_error())
    }
}

fn cells<'a>(invoice: &'a Invoice, place: usize, line: &'a Line) -> [Cow<'a, str>; 36] {
    let customer = &invoice.customer;
    let typed = |value: &'a Option<String>| value.as_deref().map_or(Cow::Borrowed(""), text);
    let name = |value: serde_json::Result<serde_json::Value>| -> Cow<'a, str> {
        let name = value
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned));
        name.unwrap_or_default().into()
    };
    let day = |day: Option<crate::billing::calendar::Day>| -> Cow<'a, str> {
        day.map(|day| day.to_string()).unwrap_or_default().into()
    };
    [
        text(&invoice.number),
        name(serde_json::to_value(invoice.kind)),
        invoice.state.name().into(),
        invoice.issued_on.to_string().into(),
        invoice.due_on.to_string().into(),
        day(invoice.settled_on),
        typed(&invoice.order),
        typed(&invoice.corrects),
        text(&customer.account),
        text(&customer.title),
        typed(&customer.billing.payer),
        text(&customer.country),
        typed(&customer.billing.taxpayer),
        invoice.total.currency.code().to_owned().into(),
        place.to_string().into(),
        line.kind.name().into(),
        text(&line.text),
        text(&line.item),
        typed(&line.seat_type),
        line.quantity.to_string().into(),
        day(line.service.map(|service| service.start)),
        day(line.service.map(|service| service.end)),
        line.unit_price.to_string().into(),
        line.gross.amount.as_str().into(),
        line.discount.amount.as_str().into(),
        line.net.amount.as_str().into(),
        line.tax_percent.to_string().into(),
        typed(&line.tax_name),
        line.tax.amount.as_str().into(),
        invoice.net.amount.as_str().into(),
        invoice.tax.amount.as_str().into(),
        invoice.total.amount.as_str().into(),
        invoice.paid.amount.as_str().into(),
        invoice.open.amount.as_str().into(),
        invoice.from_balance.amount.as_str().into(),
        invoice.credited.amount.as_str().into(),
    ]
}
