//! Numbers of documents that start again each year: where their counts go on.

use super::Failure;
use crate::billing::account::InYear;
use crate::billing::calendar::Day;
use crate::billing::invoice::{self, InvoiceKind};
use crate::billing::policy::InvoiceRules;
use crate::store::Reader;

/// The next places of the year's own counts, where the seller's start again each year. In the year in which
/// he begins to, the count goes on behind the last document of the year: a run takes thousands of places one
/// after the other, and none of them may be taken.
///
/// # Errors
/// The store cannot be read.
pub(super) fn in_year(
    read: Reader<'_>,
    rules: &InvoiceRules,
    on: Day,
    account: &str,
) -> Result<Option<InYear>, Failure> {
    if !rules.yearly {
        return Ok(None);
    }
    let free = |kind, pattern: &str, issued: i64| -> Result<i64, Failure> {
        let last = match issued {
            0 => None,
            _ => read.last_in_year(kind, on)?,
        };
        let behind = last.and_then(|last| {
            invoice::place_of(pattern, &last.number, last.issued_on, &last.account)
        });
        let mut place = behind.unwrap_or(issued).max(issued).saturating_add(1);
        while read.has_number(&invoice::number(pattern, place, on, account))? {
            place = place.saturating_add(1);
        }
        Ok(place)
    };
    let issued = read.issued_in_year(on)?;
    let (first, second) = (InvoiceKind::Invoice, InvoiceKind::CreditNote);
    Ok(Some(InYear {
        invoice: free(first, &rules.number, issued.invoice)?,
        credit_note: free(second, &rules.credit_note_number, issued.credit_note)?,
    }))
}
