//! `balance` and `refund`: an account through what happens to it, and where money goes back to.

use super::shown;
use super::words::{Figure, Refused, dollars};
use crate::billing::figures::account::{self, Event, Source, Stage};
use crate::billing::money::{Currency, Money};
use crate::wire::amount::Amount;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One thing that happens: exactly one of the fields, and `of` where it concerns one invoice. Amounts are
/// above zero; invoices are counted from 0.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventLine {
    /// An invoice of these lines.
    invoice: Option<Vec<Figure>>,
    /// An invoice that is still a draft.
    draft: Option<Vec<Figure>>,
    /// A credit for the account.
    credit: Option<Figure>,
    /// A credit that is still a draft.
    draft_credit: Option<Figure>,
    /// Every draft is committed.
    commit: Option<Everything>,
    /// A payment for what is owed.
    payment: Option<Figure>,
    /// Lowers an invoice; the newest one unless `of` names another.
    adjustment: Option<Figure>,
    /// What is open of an invoice is given up.
    write_off: Option<Everything>,
    /// Money goes back to the payer.
    refund: Option<Figure>,
    /// The invoice that is meant.
    of: Option<usize>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Everything {
    All,
}

impl EventLine {
    fn event(&self, currency: Currency) -> Result<Event, Refused> {
        let mut found: Vec<Event> = Vec::new();
        let invoice = self.of;
        let lines = [
            (&self.invoice, Stage::Committed),
            (&self.draft, Stage::Draft),
        ];
        for (lines, draft) in lines
            .into_iter()
            .filter_map(|(lines, stage)| Some((lines.as_ref()?, stage)))
        {
            let lines = lines.iter().map(|line| line.money(currency));
            let lines = lines.collect::<Result<Vec<Money>, Refused>>()?;
            found.push(Event::Invoice { lines, draft });
        }
        let credits = [
            (self.credit, Stage::Committed),
            (self.draft_credit, Stage::Draft),
        ];
        for (amount, draft) in credits
            .into_iter()
            .filter_map(|(amount, stage)| Some((amount?, stage)))
        {
            let amount = amount.money(currency)?;
            found.push(Event::Credit { amount, draft });
        }
        if let Some(amount) = self.payment {
            let amount = amount.money(currency)?;
            found.push(Event::Payment { amount, invoice });
        }
        if let Some(amount) = self.adjustment {
            let amount = amount.money(currency)?;
            found.push(Event::Adjustment { amount, invoice });
        }
        if let Some(amount) = self.refund {
            found.push(Event::Refund(amount.money(currency)?));
        }
        found.extend(self.commit.map(|_| Event::Commit));
        found.extend(self.write_off.map(|_| Event::WriteOff { invoice }));
        match (found.pop(), found.is_empty()) {
            (Some(event), true) => Ok(event),
            _ => {
                let message = "An event says exactly one thing that happens.".to_owned();
                Err(Refused::new("bad_request", message))
            }
        }
    }
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
    /// An amount below this is not charged by itself.
    #[serde(default)]
    minimum_charge: Figure,
    #[serde(default)]
    below_minimum: Below,
}

/// What becomes of an amount that is too small to be charged.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum Below {
    #[default]
    Charge,
    Carry,
    Waive,
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
    /// What of that is charged now.
    charged: Amount,
    /// What is carried to the next invoice because it is too small.
    carried: Amount,
}

/// Answers `balance`.
pub fn balance(request: BalanceRequest) -> Result<Value, Refused> {
    let currency = request.currency;
    let events = request.events.iter().map(|event| event.event(currency));
    let events = events.collect::<Result<Vec<Event>, Refused>>()?;
    let opening = (
        request.opening_credit.money(currency)?,
        request.opening_debt.money(currency)?,
    );
    let done = account::balance(currency, opening, &events)?;
    let due = Money::sum(currency, done.invoices.iter().map(|invoice| invoice.due))?;
    let invoices = done.invoices.iter().map(|invoice| InvoiceText {
        total: invoice.total.into(),
        credit_used: invoice.credit_used.into(),
        paid: invoice.paid.into(),
        to_credit: invoice.to_credit.into(),
        due: invoice.due.into(),
        stage: invoice.stage,
    });
    let (total, zero) = (due.plus(done.debt)?, Money::zero(currency));
    let small = total.minor < request.minimum_charge.money(currency)?.minor;
    let (charged, carried) = match (small, request.below_minimum) {
        (false, _) | (true, Below::Charge) => (total, zero),
        (true, Below::Carry) => (zero, total),
        (true, Below::Waive) => (zero, zero),
    };
    shown(BalanceAnswer {
        invoices: invoices.collect(),
        credit: done.credit.into(),
        owed: done.owed.into(),
        total_due: total.into(),
        charged: charged.into(),
        carried: carried.into(),
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
