//! Double entry: every movement of money is a set of postings that sums to zero, each tied to what caused it.

use super::calendar::Day;
use super::money::{Currency, Money, TooLarge};
use super::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};

/// An account of the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Book {
    /// What customers owe: debit.
    Receivable,
    /// Money at a gateway or in the bank: debit.
    Cash,
    /// Paid for, not yet served: credit.
    Deferred,
    /// Served: credit.
    Revenue,
    /// Collected for the tax office: credit.
    Tax,
    /// What the seller owes customers: credit.
    CustomerBalance,
    /// On its way back to customers: credit when a refund begins, nothing when it has arrived.
    Refunds,
}

impl Book {
    /// Every book.
    pub const ALL: [Book; 7] = [
        Book::Receivable,
        Book::Cash,
        Book::Deferred,
        Book::Revenue,
        Book::Tax,
        Book::CustomerBalance,
        Book::Refunds,
    ];

    /// The name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Book::Receivable => "receivable",
            Book::Cash => "cash",
            Book::Deferred => "deferred",
            Book::Revenue => "revenue",
            Book::Tax => "tax",
            Book::CustomerBalance => "customer_balance",
            Book::Refunds => "refunds",
        }
    }
}

/// One side of a movement. Debits are positive, credits negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The book.
    pub book: Book,
    /// The customer.
    pub account: i64,
    /// The day.
    pub on: Day,
    /// Debit positive, credit negative.
    pub amount: Money,
    /// The document it belongs to.
    pub invoice: Option<i64>,
    /// The line of that document.
    pub line: Option<i64>,
    /// The payment, for cash.
    pub payment: Option<i64>,
}

/// A movement under construction: postings of one customer on one day that must sum to zero.
#[derive(Debug, Clone)]
pub struct Movement {
    account: i64,
    on: Day,
    currency: Currency,
    postings: Vec<Posting>,
}

impl Movement {
    /// An empty movement.
    pub fn of(account: i64, on: Day, currency: Currency) -> Movement {
        Movement {
            account,
            on,
            currency,
            postings: Vec::new(),
        }
    }

    /// Adds to the debit side (or to the credit side, if the amount is negative). Nothing for zero.
    pub fn debit(&mut self, book: Book, amount: Money, cause: Cause) {
        if !amount.is_zero() {
            self.postings.push(Posting {
                book,
                account: self.account,
                on: self.on,
                amount,
                invoice: cause.invoice,
                line: cause.line,
                payment: cause.payment,
            });
        }
    }

    /// Adds to the credit side.
    pub fn credit(&mut self, book: Book, amount: Money, cause: Cause) -> Result<(), TooLarge> {
        self.debit(book, amount.negated()?, cause);
        Ok(())
    }

    /// The postings, if debits equal credits.
    pub fn balanced(self) -> Result<Vec<Posting>, Refusal> {
        let sum = Money::sum(
            self.currency,
            self.postings.iter().map(|posting| posting.amount),
        )?;
        if sum.is_zero() {
            Ok(self.postings)
        } else {
            let message = format!("The books would be off by {sum}; nothing was written.");
            Err(Refusal::new(Code::AmountTooLarge, message))
        }
    }
}

/// What caused a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cause {
    /// Document.
    pub invoice: Option<i64>,
    /// Line of the document.
    pub line: Option<i64>,
    /// Payment.
    pub payment: Option<i64>,
}
