//! `balance` and `refund`: an account through what happens to it, and where money goes back to.

use super::shown;
use super::words::{Figure, Refused, dollars};
use crate::billing::figures::account::{self, Event, Source, Stage};
use crate::billing::money::{Currency, Money};
use crate::wire::amount::Amount;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One thing that happens. Amounts are above zero.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum EventLine {
    /// An invoice of these lines.
    Invoice(Vec<Figure>),
    /// An invoice that is still a draft.
    Draft(Vec<Figure>),
    /// A credit for the account.
    Credit(Figure),
    /// A credit that is still a draft.
    DraftCredit(Figure),
    /// Every draft is committed.
    Commit,
    /// A payment for what is owed.
    Payment(Figure),
    /// Lowers the newest invoice.
    Adjustment(Figure),
    /// Money goes back to the payer.
    Refund(Figure),
}

/// A request of kind `balance`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    #[serde(default)]
    opening_credit: Figure,
    /// A debt that was carried over.
    #[serde(default)]
    opening_debt: Figure,
    events: Vec<EventLine>,
}

#[derive(Serialize)]
struct InvoiceText {
    total: Amount,
    credit_used: Amount,
    paid: Amount,
    to_credit: Amount,
    due: Amount,
    stage: Stage,
}

#[derive(Serialize)]
struct BalanceAnswer {
    invoices: Vec<InvoiceText>,
    /// What the account can still spend.
    credit: Amount,
    /// What the customer owes; below zero, what the seller owes.
    owed: Amount,
    /// All invoices with a debt that was carried over.
    total_due: Amount,
}

/// Answers `balance`.
pub fn balance(request: BalanceRequest) -> Result<Value, Refused> {
    let currency = request.currency;
    let many = |lines: &[Figure]| -> Result<Vec<Money>, Refused> {
        lines.iter().map(|line| line.money(currency)).collect()
    };
    let mut events = Vec::with_capacity(request.events.len());
    for line in &request.events {
        events.push(match line {
            EventLine::Invoice(lines) => Event::Invoice {
                lines: many(lines)?,
                draft: Stage::Committed,
            },
            EventLine::Draft(lines) => Event::Invoice {
                lines: many(lines)?,
                draft: Stage::Draft,
            },
            EventLine::Credit(amount) => Event::Credit {
                amount: amount.money(currency)?,
                draft: Stage::Committed,
            },
            EventLine::DraftCredit(amount) => Event::Credit {
                amount: amount.money(currency)?,
                draft: Stage::Draft,
            },
            EventLine::Commit => Event::Commit,
            EventLine::Payment(amount) => Event::Payment(amount.money(currency)?),
            EventLine::Adjustment(amount) => Event::Adjustment(amount.money(currency)?),
            EventLine::Refund(amount) => Event::Refund(amount.money(currency)?),
        });
    }
    let done = account::balance(currency, request.opening_credit.money(currency)?, &events)?;
    let due = Money::sum(currency, done.invoices.iter().map(|invoice| invoice.due))?;
    let invoices = done.invoices.iter().map(|invoice| InvoiceText {
        total: invoice.total.into(),
        credit_used: invoice.credit_used.into(),
        paid: invoice.paid.into(),
        to_credit: invoice.to_credit.into(),
        due: invoice.due.into(),
        stage: invoice.stage,
    });
    let debt = request.opening_debt.money(currency)?;
    shown(BalanceAnswer {
        invoices: invoices.collect(),
        credit: done.credit.into(),
        owed: done.owed.plus(debt)?.into(),
        total_due: due.plus(debt)?.into(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaidBy {
    by: String,
    amount: Figure,
}

/// A request of kind `refund`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    paid: Vec<PaidBy>,
    amount: Figure,
}

/// Answers `refund`.
pub fn refund(request: RefundRequest) -> Result<Value, Refused> {
    let paid = request.paid.iter().map(|part| {
        Ok(Source {
            method: part.by.clone(),
            amount: part.amount.money(request.currency)?,
        })
    });
    let paid = paid.collect::<Result<Vec<Source>, Refused>>()?;
    let back = account::back_to_sources(&paid, request.amount.money(request.currency)?)?;
    let parts = back
        .iter()
        .map(|part| json!({"to": part.method, "amount": Amount::from(part.amount)}));
    shown(json!({"parts": parts.collect::<Vec<Value>>()}))
}
