//! A customer's balance through charges, credits, payments and refunds, and where money goes back to.

use super::Fault;
use crate::billing::money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// One thing that happens to a balance. Amounts are above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An invoice of these lines; a draft counts only once it is committed.
    Invoice {
        /// The lines.
        lines: Vec<Money>,
        /// Whether it is still a draft.
        draft: Stage,
    },
    /// A credit for the account; spent on open invoices, oldest first, once it is committed.
    Credit {
        /// How much.
        amount: Money,
        /// Whether it is still a draft.
        draft: Stage,
    },
    /// Everything that was a draft is committed.
    Commit,
    /// A payment from outside, for one invoice or for the oldest open ones.
    Payment {
        /// How much.
        amount: Money,
        /// The invoice, counted from 0.
        invoice: Option<usize>,
    },
    /// A line of an invoice, or of the newest one, is lowered; what was paid for it becomes credit.
    Adjustment {
        /// By how much.
        amount: Money,
        /// The invoice, counted from 0.
        invoice: Option<usize>,
    },
    /// What is open of an invoice, or of the newest one, is given up: it is not paid with credit any more.
    WriteOff {
        /// The invoice, counted from 0.
        invoice: Option<usize>,
    },
    /// Money goes back to the payer, out of the account's credit as far as it reaches.
    Refund(Money),
}

/// How far a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It counts.
    #[default]
    Committed,
    /// It can still be changed, spends nothing and is not spent.
    Draft,
    /// It is not collected any more.
    WrittenOff,
}

/// An invoice as the events have left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invoice {
    /// The lines after adjustments.
    pub total: Money,
    /// Paid with credit of the account.
    pub credit_used: Money,
    /// Paid from outside.
    pub paid: Money,
    /// Turned into credit of the account, because the lines fell below what was paid.
    pub to_credit: Money,
    /// What is still owed.
    pub due: Money,
    /// Whether it counts.
    pub stage: Stage,
}

/// A balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The invoices in their order.
    pub invoices: Vec<Invoice>,
    /// What the account can still spend.
    pub credit: Money,
    /// What is left of the debt that was carried over.
    pub debt: Money,
    /// What the customer owes; below zero, what the seller owes.
    pub owed: Money,
}

struct Books {
    currency: Currency,
    invoices: Vec<Invoice>,
    drafts: Vec<Money>,
    credit: Money,
    debt: Money,
    refund_owed: Money,
}

/// Follows a balance through its events. A debt that was carried over is the oldest thing that is owed.
pub fn balance(
    currency: Currency,
    (opening_credit, opening_debt): (Money, Money),
    events: &[Event],
) -> Result<Balance, Fault> {
    let zero = Money::zero(currency);
    let mut books = Books {
        currency,
        invoices: Vec::new(),
        drafts: Vec::new(),
        credit: opening_credit,
        debt: opening_debt,
        refund_owed: zero,
    };
    for event in events {
        books.take(event)?;
    }
    let due = Money::sum(currency, books.invoices.iter().map(|invoice| invoice.due))?;
    let owed = due.plus(books.refund_owed)?.plus(books.debt)?;
    let owed = owed.minus(books.credit)?;
    Ok(Balance {
        invoices: books.invoices,
        credit: books.credit,
        debt: books.debt,
        owed,
    })
}

impl Books {
    fn take(&mut self, event: &Event) -> Result<(), Fault> {
        match event {
            Event::Invoice { lines, draft } => {
                let zero = Money::zero(self.currency);
                let total = Money::sum(self.currency, lines.iter().copied())?;
                self.invoices.push(Invoice {
                    total,
                    credit_used: zero,
                    paid: zero,
                    to_credit: zero,
                    due: zero,
                    stage: *draft,
                });
            }
            Event::Credit {
                amount,
                draft: Stage::Draft,
            } => self.drafts.push(*amount),
            Event::Credit { amount, .. } => self.credit = self.credit.plus(*amount)?,
            Event::Commit => {
                for amount in std::mem::take(&mut self.drafts) {
                    self.credit = self.credit.plus(amount)?;
                }
                let drafts = self.invoices.iter_mut();
                for invoice in drafts.filter(|invoice| invoice.stage == Stage::Draft) {
                    invoice.stage = Stage::Committed;
                }
            }
            Event::Payment { amount, invoice } => self.pay(*amount, *invoice)?,
            Event::Adjustment { amount, invoice } => match self.chosen(*invoice) {
                Some(invoice) => invoice.total = invoice.total.minus(*amount)?,
                None => self.credit = self.credit.plus(*amount)?,
            },
            Event::WriteOff { invoice } => {
                let zero = Money::zero(self.currency);
                if let Some(invoice) = self.chosen(*invoice) {
                    (invoice.stage, invoice.due) = (Stage::WrittenOff, zero);
                }
            }
            Event::Refund(amount) => {
                let from_credit = amount.at_most(self.credit);
                self.credit = self.credit.minus(from_credit)?;
                self.refund_owed = self.refund_owed.plus(amount.minus(from_credit)?)?;
            }
        }
        self.settle()
    }

    /// The invoice of this number, or the newest one.
    fn chosen(&mut self, number: Option<usize>) -> Option<&mut Invoice> {
        let newest = self.invoices.len().checked_sub(1)?;
        self.invoices.get_mut(number.unwrap_or(newest))
    }

    fn pay(&mut self, amount: Money, number: Option<usize>) -> Result<(), Fault> {
        let mut left = amount;
        if number.is_none() {
            let part = left.at_most(self.debt);
            (self.debt, left) = (self.debt.minus(part)?, left.minus(part)?);
        }
        for (at, invoice) in self.invoices.iter_mut().enumerate() {
            if invoice.due.minor > 0 && number.is_none_or(|number| number == at) {
                let part = left.at_most(invoice.due);
                invoice.paid = invoice.paid.plus(part)?;
                invoice.due = invoice.due.minus(part)?;
                left = left.minus(part)?;
            }
        }
        self.credit = self.credit.plus(left)?;
        Ok(())
    }

    /// Turns what is paid too much into credit, then spends credit on what is owed, oldest first.
    fn settle(&mut self) -> Result<(), Fault> {
        let spent = self.debt.at_most(self.credit);
        (self.debt, self.credit) = (self.debt.minus(spent)?, self.credit.minus(spent)?);
        for invoice in &mut self.invoices {
            if invoice.stage != Stage::Committed {
                continue;
            }
            let paid = invoice.paid.plus(invoice.credit_used)?;
            let open = invoice.total.plus(invoice.to_credit)?.minus(paid)?;
            if open.minor < 0 {
                let back = open.negated()?;
                invoice.to_credit = invoice.to_credit.plus(back)?;
                self.credit = self.credit.plus(back)?;
                invoice.due = open.plus(back)?;
                continue;
            }
            let spent = open.at_most(self.credit);
            invoice.credit_used = invoice.credit_used.plus(spent)?;
            self.credit = self.credit.minus(spent)?;
            invoice.due = open.minus(spent)?;
        }
        Ok(())
    }
}

/// A part of a payment and what it was paid with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The method's name; `balance` is the account's own credit.
    pub method: String,
    /// How much.
    pub amount: Money,
}

/// Sends a refund back to where the money came from, the last source first.
pub fn back_to_sources(paid: &[Source], refund: Money) -> Result<Vec<Source>, Fault> {
    let mut left = refund;
    let mut back = Vec::with_capacity(paid.len());
    for source in paid.iter().rev() {
        let amount = left.at_most(source.amount);
        left = left.minus(amount)?;
        back.push(Source {
            method: source.method.clone(),
            amount,
        });
    }
    if left.minor > 0 {
        return Err(Fault::CreditAboveBilled {
            asked: refund,
            left: refund.minus(left)?,
        });
    }
    back.reverse();
    Ok(back)
}
