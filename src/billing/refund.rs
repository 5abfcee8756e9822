//! Money back: how much, for what, by which way, and what an answer of the gateway brings.
//!
//! The credit note is issued and the money set aside when a refund begins; the gateway is asked afterwards.
//! If it cannot pay out, the money is the account's all the same and goes to its balance.

use super::account::Numbers;
use super::cancel::{self, Ended};
use super::change::Change;
use super::correct::{self, Much, Paper, Pick, by_gross};
use super::fulfil::message;
use super::ledger::{Book, Cause, Movement};
use super::money::Money;
use super::payment::{Answer, Payment, PaymentKind, PaymentState};
use super::policy::{AfterRefund, GiveBack, RefundMode};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::unwind;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Where the money that leaves comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The invoice that was paid: it is corrected by a credit note.
    #[default]
    Invoice,
    /// The account's balance, where earlier notes have put it.
    Balance,
}

/// What is to be refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ask {
    /// Major units, tax included; absent means everything that can be.
    pub amount: Option<Decimal>,
    /// Where it comes from.
    pub source: Source,
}

/// Begins the refund of a charge. `papers` are as in [`cancel::cancel`], the charge's own invoice among them.
///
/// # Errors
/// The policy gives nothing back, it was not paid, or more is asked for than can be given.
pub fn begin(
    scene: &Scene<'_>,
    charge: &Payment,
    ask: Ask,
    papers: &[Paper],
) -> Result<Ended, Refusal> {
    let rules = &scene.policy.refund;
    check_mode(scene)?;
    let most = refundable(scene, charge)?;
    let asked = ask.amount.map(|amount| exact(amount, most)).transpose()?;
    let mut next = scene.facts.next.clone();
    if ask.source == Source::Balance {
        return from_balance(scene, charge, asked, most, &mut next);
    }
    let own = papers
        .iter()
        .find(|paper| Some(paper.invoice.id) == charge.invoice);
    let Some(own) = own else {
        let message = format!(
            "{} pays no invoice that could be corrected.",
            charge.number()
        );
        return Err(Refusal::new(Code::RefundNotAllowed, message));
    };
    let key = ("refund.mode", mode(rules.mode));
    let (all, what) = match (rules.mode, asked) {
        // All that is not used: what later invoices were paid with of this one's time comes with it.
        (RefundMode::Remainder, None) if rules.then == AfterRefund::Ends => {
            (with_others(scene, own, papers, key)?, "unused time")
        }
        (RefundMode::Remainder, _) => (cancel::unused(scene, own, key)?, "unused time"),
        (RefundMode::Paid | RefundMode::None, _) => (everything(scene, own)?, "what was paid"),
    };
    let worth = worth(&all, most)?;
    if worth.is_zero() {
        let message = format!(
            "Nothing of {} over {} is left to give back: the {what} is worth nothing.",
            charge.number(),
            charge.amount
        );
        return Err(Refusal::new(Code::MoreThanPaid, message).because(
            scene.policy,
            "refund.mode",
            mode(rules.mode),
        ));
    }
    let limit = match rules.mode {
        RefundMode::Remainder => worth.at_most(most),
        RefundMode::Paid | RefundMode::None => most,
    };
    if let Some(asked) = asked.filter(|asked| asked.minor > limit.minor.min(worth.minor)) {
        return Err(too_much(scene, charge, asked, limit.at_most(worth)));
    }
    let picks = match asked {
        Some(asked) => by_gross(own, all, asked)?,
        None => all,
    };
    let ends =
        rules.then == AfterRefund::Ends && (rules.mode == RefundMode::Remainder || asked.is_none());
    let mut ended = Ended::default();
    let refund = refund_of(scene, charge, most, &mut next);
    if ends {
        let mut papers = papers.to_vec();
        // Given back in part, or beyond what is not used, it stands for itself.
        if asked.is_some() || rules.mode != RefundMode::Remainder {
            papers.retain(|paper| paper.invoice.id != own.invoice.id);
        }
        cancel::give(scene, (own, &picks), Some(refund), &mut next, &mut ended)?;
        let others = (papers.as_slice(), Some(own.invoice.id));
        let rest = cancel::end_now(scene, (GiveBack::Refund, key), others, &mut next)?;
        ended.changes.extend(rest.changes);
        ended.notes.extend(rest.notes);
        ended.refunds.extend(rest.refunds);
        ended.told.extend(rest.told);
        let name = &scene.facts.account.name;
        ended
            .told
            .push(format!("The subscription of {name} ends with the refund."));
    } else {
        cancel::give(scene, (own, &picks), Some(refund), &mut next, &mut ended)?;
    }
    Ok(ended)
}

/// What is not used of an invoice that ends with all the others.
fn with_others(
    scene: &Scene<'_>,
    own: &Paper,
    papers: &[Paper],
    key: (&str, &str),
) -> Result<Vec<Pick>, Refusal> {
    let all = cancel::without_called_off(scene, papers);
    let picks = unwind::unwound(scene, &all, key)?;
    let of_own = all.into_iter().zip(picks);
    let mut of_own = of_own.filter(|(paper, _)| paper.invoice.id == own.invoice.id);
    Ok(of_own.next().map(|(_, picks)| picks).unwrap_or_default())
}

/// More is asked for than can be given back, and the command for what can.
fn too_much(scene: &Scene<'_>, charge: &Payment, asked: Money, left: Money) -> Refusal {
    let number = charge.number();
    let message = format!("{asked} is more than the {left} of {number} that can be given back.");
    Refusal::new(Code::MoreThanPaid, message)
        .because(scene.policy, "refund.mode", mode(scene.policy.refund.mode))
        .run(format!(
            "payment refund {number} --amount {} --reason TEXT --yes",
            left.major()
        ))
}

/// A refund by the way in which an invoice was paid, if it was paid by a payment and anything of it is left.
pub fn of_invoice(scene: &Scene<'_>, paper: &Paper, next: &mut Numbers) -> Option<Payment> {
    let charge = scene.facts.payments.iter().find(|payment| {
        payment.kind == PaymentKind::Charge
            && payment.state == PaymentState::Paid
            && payment.invoice == Some(paper.invoice.id)
    })?;
    let most = refundable(scene, charge).ok()?;
    (most.minor > 0).then(|| refund_of(scene, charge, most, next))
}

/// What of a charge was not given back yet.
///
/// # Errors
/// It is no charge, was not paid, or was given back already.
pub fn refundable(scene: &Scene<'_>, charge: &Payment) -> Result<Money, Refusal> {
    let number = charge.number();
    if charge.kind == PaymentKind::Refund {
        let message = format!("{number} is a refund itself.");
        return Err(Refusal::new(Code::PaymentNotOpen, message));
    }
    if charge.state != PaymentState::Paid {
        let message = format!(
            "{number} is {}, and only what was paid is given back.",
            charge.state.name()
        );
        let refusal = Refusal::new(Code::PaymentNotOpen, message);
        return Err(match charge.state.is_open() {
            true => refusal.run(format!("payment settle {number}")),
            false => refusal,
        });
    }
    let back = refunds(scene, charge).filter(|refund| refund.state != PaymentState::Declined);
    let given = Money::sum(charge.amount.currency, back.map(|refund| refund.amount))?;
    let left = charge.amount.minus(given)?;
    if left.minor <= 0 {
        let message = format!("{number} over {} was given back already.", charge.amount);
        return Err(Refusal::new(Code::MoreThanPaid, message).run(format!(
            "payment list --account {}",
            scene.facts.account.name
        )));
    }
    Ok(left)
}

/// Refunds of a charge: an order is charged once, so they are the refunds of its order.
fn refunds<'a>(scene: &Scene<'a>, charge: &Payment) -> impl Iterator<Item = &'a Payment> {
    let order = charge.order;
    scene
        .facts
        .payments
        .iter()
        .filter(move |other| other.kind == PaymentKind::Refund && other.order == order)
}

fn refund_of(scene: &Scene<'_>, charge: &Payment, amount: Money, next: &mut Numbers) -> Payment {
    let before = refunds(scene, charge).count();
    let attempt = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    Payment {
        id: Numbers::take(&mut next.payment),
        kind: PaymentKind::Refund,
        key: format!("refund/{}/{attempt}", charge.number()),
        amount,
        begun_at: scene.at,
        settled_at: None,
        state: PaymentState::Sent,
        reason: None,
        attempt,
        ..charge.clone()
    }
}

fn from_balance(
    scene: &Scene<'_>,
    charge: &Payment,
    asked: Option<Money>,
    most: Money,
    next: &mut Numbers,
) -> Result<Ended, Refusal> {
    let balance = scene.facts.balance;
    let limit = balance.at_most(most);
    let amount = asked.unwrap_or(limit);
    if limit.minor <= 0 || amount.minor > limit.minor {
        let name = &scene.facts.account.name;
        let message = format!(
            "The balance of {name} is {balance} and {most} of {} can be given back, so {} cannot.",
            charge.number(),
            asked.map_or_else(|| "nothing more".to_owned(), |asked| asked.to_string())
        );
        return Err(Refusal::new(Code::MoreThanPaid, message));
    }
    let refund = refund_of(scene, charge, amount, next);
    let cause = Cause {
        invoice: None,
        line: None,
        payment: Some(refund.id),
    };
    let mut movement = Movement::of(charge.account, scene.on(), amount.currency);
    movement.debit(Book::CustomerBalance, amount, cause);
    movement.credit(Book::Refunds, amount, cause)?;
    Ok(Ended {
        refunds: vec![refund.id],
        told: vec![format!("{amount} leave the balance by {}.", refund.method)],
        changes: vec![
            Change::AddPayment(Box::new(refund)),
            Change::Post(movement.balanced()?),
        ],
        notes: Vec::new(),
    })
}

/// What the gateway's answer to a refund brings. The money of one that could not be paid out is in the balance,
/// and if it left all the same, it left from there.
///
/// # Errors
/// An amount is too large; or the money left late, and the balance has been used meanwhile.
pub fn answered(
    scene: &Scene<'_>,
    refund: &Payment,
    answer: &Answer,
) -> Result<Vec<Change>, Refusal> {
    let late = !refund.state.is_open() && refund.takes(answer);
    if late && scene.facts.balance.minor < refund.amount.minor {
        return Err(used_meanwhile(scene, refund));
    }
    let (state, reference, reason, book) = match answer {
        Answer::Paid { reference } => (PaymentState::Paid, Some(reference), None, Some(Book::Cash)),
        Answer::Declined { reason } => (
            PaymentState::Declined,
            None,
            Some(reason),
            Some(Book::CustomerBalance),
        ),
        Answer::Pending { reference } => (PaymentState::Processing, Some(reference), None, None),
        Answer::Unknown { .. } => return Ok(Vec::new()),
    };
    let mut changes = vec![Change::SetPayment {
        payment: refund.id,
        state,
        at: scene.at,
        reference: reference.cloned(),
        reason: reason.cloned(),
        invoice: None,
    }];
    if let Some(book) = book {
        let cause = Cause {
            invoice: None,
            line: None,
            payment: Some(refund.id),
        };
        let from = match late {
            true => Book::CustomerBalance,
            false => Book::Refunds,
        };
        let mut movement = Movement::of(refund.account, scene.on(), refund.amount.currency);
        movement.debit(from, refund.amount, cause);
        movement.credit(book, refund.amount, cause)?;
        changes.push(Change::Post(movement.balanced()?));
        let kind = match book {
            Book::Cash => "refund",
            _ => "refund_declined",
        };
        changes.push(Change::AddMessage(message(scene, kind, refund.number())));
    }
    Ok(changes)
}

/// The money of a refund left late, and is not in the balance any more.
fn used_meanwhile(scene: &Scene<'_>, refund: &Payment) -> Refusal {
    let account = &scene.facts.account;
    let message = format!(
        "{} over {} could not be paid out and went to the balance; then its provider said paid, and the balance \
         of {} is only {}. Ask the customer for the difference.",
        refund.number(),
        refund.amount,
        account.name,
        scene.facts.balance
    );
    Refusal::new(Code::MoneyCameLate, message)
}

fn check_mode(scene: &Scene<'_>) -> Result<(), Refusal> {
    if scene.policy.refund.mode != RefundMode::None {
        return Ok(());
    }
    let message = "Payments are not given back by this seller.";
    Err(Refusal::new(Code::RefundNotAllowed, message)
        .because(scene.policy, "refund.mode", "none")
        .say(
            "A credit note puts money into the balance, which pays later orders: see `subdesk invoice credit --help`.",
        ))
}

fn everything(scene: &Scene<'_>, paper: &Paper) -> Result<Vec<Pick>, Refusal> {
    correct::pick_taxed(paper, &scene.policy.tax, &Much::All)
}

fn worth(picks: &[Pick], like: Money) -> Result<Money, Refusal> {
    let mut sum = Money::zero(like.currency);
    for pick in picks {
        sum = sum.plus(pick.net)?.plus(pick.tax)?;
    }
    Ok(sum)
}

fn exact(amount: Decimal, like: Money) -> Result<Money, Refusal> {
    let currency = like.currency;
    let money = Money::round(amount, currency, super::money::Rounding::HalfUp)?;
    if money.minor <= 0 || money.major() != amount {
        let message = format!(
            "{amount} is not an amount of {currency}: above zero, with at most {} places.",
            currency.exponent()
        );
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    Ok(money)
}

fn mode(mode: RefundMode) -> &'static str {
    match mode {
        RefundMode::None => "none",
        RefundMode::Remainder => "remainder",
        RefundMode::Paid => "paid",
    }
}
