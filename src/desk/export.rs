//! Documents that leave the desk, one after the other, from one consistent view.

use super::invoice::{by_number, invoice};
use super::{Desk, Failure, Terms, load};
use crate::billing::calendar::Day;
use crate::store::{Filter, Reader};
use crate::wire::invoice::Invoice;
use crate::wire::paper::language_of;
use std::collections::BTreeMap;

/// Which documents.
#[derive(Debug, Clone)]
pub enum Which {
    /// These, in this order.
    Numbers(Vec<String>),
    /// All of a stretch of days, oldest first.
    All {
        /// Only of this account.
        account: Option<String>,
        /// Issued on this day or later.
        since: Option<Day>,
        /// Issued before this day.
        until: Option<Day>,
    },
}

/// A document and what paper needs besides it.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The document.
    pub invoice: Invoice,
    /// Names of the methods by their id.
    pub methods: BTreeMap<String, String>,
    /// The customer's language, two letters.
    pub language: String,
    /// The catalog's translations of its names into that language.
    pub names: BTreeMap<String, String>,
}

/// A document as a leaf.
///
/// # Errors
/// The store cannot be read.
pub fn leaf(
    read: Reader<'_>,
    terms: &Terms,
    kept: &crate::billing::invoice::Invoice,
) -> Result<Leaf, Failure> {
    let (_, catalog) = read.catalog(kept.issued_on)?;
    let invoice = invoice(read, terms, kept)?;
    let customer = &invoice.customer;
    let language = language_of(customer.billing.language.as_deref(), &customer.country);
    let names = catalog.names_in(&language);
    let methods = catalog.methods.iter();
    Ok(Leaf {
        invoice,
        language,
        names,
        methods: methods
            .map(|method| (method.id.clone(), method.name.clone()))
            .collect(),
    })
}

impl Desk {
    /// Hands over documents one by one, so that any number of them needs the memory of one.
    ///
    /// # Errors
    /// A number or the account does not exist, the member may not look, the store cannot be read, or whoever
    /// takes them fails.
    pub fn export<E: From<Failure>>(
        &mut self,
        terms: &Terms,
        which: &Which,
        take: &mut dyn FnMut(Leaf) -> Result<(), E>,
    ) -> Result<(), E> {
        let look = self.look()?;
        let read = look.read();
        for kept in documents(read, terms, which)? {
            take(leaf(read, terms, &kept)?)?;
        }
        Ok(())
    }
}

/// Every number is looked up before the first document is handed over.
fn documents(
    read: Reader<'_>,
    terms: &Terms,
    which: &Which,
) -> Result<Vec<crate::billing::invoice::Invoice>, Failure> {
    match which {
        Which::Numbers(numbers) => {
            let mut seen = Vec::new();
            for number in numbers {
                let kept = by_number(read, number)?;
                load::may_see_invoices(read, Some(&read.account_name(kept.account)?), terms)?;
                if !seen.contains(&kept) {
                    seen.push(kept);
                }
            }
            Ok(seen)
        }
        Which::All {
            account,
            since,
            until,
        } => {
            load::may_see_invoices(read, account.as_deref(), terms)?;
            let account = match account {
                Some(name) => Some(load::account(read, name)?.id),
                None => None,
            };
            let mut kept = read.invoices(&Filter {
                account,
                since: *since,
                until: *until,
                ..Filter::default()
            })?;
            kept.reverse();
            Ok(kept)
        }
    }
}
