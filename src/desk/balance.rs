//! The balance of an account, entry by entry.

use super::load::viewed;
use super::{Failure, Question, Terms};
use crate::billing::money::Money;
use crate::store::{BalanceRow, Reader};
use crate::wire::Document;
use crate::wire::balance::{Balance, Entry, Kind};

/// The ledger of an account's balance, up to and with the day of the terms.
#[derive(Debug, Clone)]
pub struct Show {
    /// The account.
    pub account: String,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = viewed(read, &self.account, terms)?;
        let account = &seen.facts.account;
        let mut after = Money::zero(account.currency);
        let mut entries = Vec::new();
        for row in read.balance_rows(account.id, terms.on())? {
            let before = after;
            let amount = Money::of(row.minor, account.currency);
            let sum = before.plus(amount);
            after = sum.map_err(crate::billing::refusal::Refusal::from)?;
            entries.push(Entry {
                on: row.on,
                kind: kind(&row, before, after),
                document: row.document,
                line: row.line,
                payment: row.payment.map(|id| format!("P-{id:06}")),
                amount: amount.into(),
                after: after.into(),
            });
        }
        Ok(Document::Balance(Box::new(Balance {
            account: account.name.clone(),
            balance: after.into(),
            entries,
        })))
    }
}

fn kind(row: &BalanceRow, before: Money, after: Money) -> Kind {
    match (&row.document, row.payment) {
        (Some(_), _) if row.gives => Kind::Credited,
        (Some(_), _) if row.minor > 0 && before.minor < 0 => Kind::DebtPaid,
        (Some(_), _) if row.minor > 0 => Kind::Overpaid,
        (Some(_), _) if after.minor < 0 => Kind::Carried,
        (Some(_), _) => Kind::Applied,
        (None, Some(_)) if row.minor < 0 => Kind::PaidOut,
        (None, Some(_)) => Kind::CameBack,
        (None, None) => Kind::Moved,
    }
}
