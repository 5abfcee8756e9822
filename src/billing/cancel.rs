//! Ending a subscription: with its paid terms or at once, and taking a cancellation back.

use super::account::{Facts, Numbers, Switch, Switched};
use super::calendar::Day;
use super::call_off;
use super::change::Change;
use super::correct::{self, Issued, Paper, Pick, Towards};
use super::deferred::waiting;
use super::fulfil::message;
use super::money::Money;
use super::order::{Order, OrderState};
use super::payment::Payment;
use super::policy::{GiveBack, OrderKind, State, Timing};
use super::refund;
use super::refusal::{Code, Refusal};
use super::scene::{Scene, words};
use super::share::effective;
use super::unwind;
use serde::{Deserialize, Serialize};

/// When a subscription is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// At once.
    Now,
    /// With its paid terms.
    AtEnd,
}

/// What an ending brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ended {
    /// Everything to be kept.
    pub changes: Vec<Change>,
    /// Credit notes, by their keys.
    pub notes: Vec<i64>,
    /// Refunds that a gateway is to be asked for, by their keys.
    pub refunds: Vec<i64>,
    /// Sentences for the person who asked.
    pub told: Vec<String>,
}

impl Ended {
    /// Adds a credit note.
    pub(super) fn add(&mut self, note: Issued) {
        self.notes.push(note.id);
        self.changes.extend(note.changes);
    }
}

/// Cancels the subscription (KU-15, KS-27, FU-9). `papers` are the invoices that billed the paid time that
/// is left, and the open ones.
///
/// # Errors
/// There is nothing to cancel, it was cancelled, or the policy does not let this person end it then.
pub fn cancel(scene: &Scene<'_>, when: Option<When>, papers: &[Paper]) -> Result<Ended, Refusal> {
    let rules = &scene.policy.cancel;
    let name = &scene.facts.account.name;
    let standing = scene.standing();
    scene.check_allow(
        rules.allow,
        "cancel.allow",
        Code::CancelNotAllowed,
        "Cancelling",
    )?;
    if when == Some(When::Now) && rules.timing == Timing::AtRenewal {
        let end = standing.paid_until.map(|end| format!(" on {end}"));
        let message = format!(
            "The subscription of {name} ends with its paid time{}, not before.",
            end.unwrap_or_default()
        );
        return Err(Refusal::new(Code::CancelNotAllowed, message)
            .because(scene.policy, "cancel.timing", "at_renewal")
            .run(format!("plan cancel {name}")));
    }
    let now = match when {
        Some(when) => when == When::Now,
        None => rules.timing == Timing::Now,
    };
    match standing.state {
        State::Active | State::PastDue => {}
        State::Cancelling if now => {}
        State::Cancelling => return Err(already(scene)),
        _ => return Err(nothing(scene, standing.state)),
    }
    let mut next = scene.facts.next.clone();
    if now && standing.is_paid() {
        let key = ("cancel.give_back", rules.give_back.name());
        return end_now(scene, (rules.give_back, key), (papers, None), &mut next);
    }
    let mut ended = Ended::default();
    ended.changes.push(turned(scene, true));
    for order in renewals(scene) {
        ended
            .changes
            .extend(call_off::order(scene, order, papers, &mut next)?);
    }
    if let Some(end) = standing.paid_until.filter(|end| *end > scene.on()) {
        ended.told.push(format!(
            "{name} stays as it is until {end} and is {} from then on.",
            words(super::standing::state_of(rules.then))
        ));
        if rules.undo {
            ended.told.push(format!(
                "Until then, `subdesk plan resume {name}` takes it back."
            ));
        }
    }
    for (order, until) in waiting(scene.facts) {
        let (number, total) = (order.number(), order.total);
        ended.told.push(format!(
            "{number} over {total} is still asked for, on {until}."
        ));
    }
    told(scene, &mut ended, "cancelled");
    Ok(ended)
}

/// Ends the paid time at once; what was paid and is not used goes where the policy says, by the key that is named
/// with its value. One of the papers may have been given back already, with what later ones had credited of it.
///
/// # Errors
/// A payment is on its way, or an amount is too large.
pub fn end_now(
    scene: &Scene<'_>,
    (give_back, key): (GiveBack, (&str, &str)),
    (papers, done): (&[Paper], Option<i64>),
    next: &mut Numbers,
) -> Result<Ended, Refusal> {
    let mut ended = Ended::default();
    for (order, _) in waiting(scene.facts) {
        let (number, total) = (order.number(), order.total);
        ended
            .told
            .push(format!("{number} over {total} is not asked for any more."));
    }
    for order in scene.facts.pending_orders() {
        ended
            .changes
            .extend(call_off::order(scene, order, papers, next)?);
    }
    if give_back != GiveBack::None {
        let papers = without_called_off(scene, papers);
        let unwound = unwind::unwound(scene, &papers, key)?;
        for (paper, picks) in papers.into_iter().zip(unwound) {
            if picks.is_empty() || done == Some(paper.invoice.id) {
                continue;
            }
            let refund = match give_back {
                GiveBack::Refund => refund::of_invoice(scene, paper, next),
                GiveBack::Credit | GiveBack::None => None,
            };
            give(scene, (paper, &picks), refund, next, &mut ended)?;
            ended.told.extend(taken_back(paper, &picks)?);
        }
    }
    close(scene, &mut ended);
    told(scene, &mut ended, "ended");
    Ok(ended)
}

/// The papers that an end at once leaves: not those of orders that wait to be paid, which are called off with all
/// that they would have given back.
pub(super) fn without_called_off<'a>(scene: &Scene<'_>, papers: &'a [Paper]) -> Vec<&'a Paper> {
    let called_off = |paper: &&Paper| {
        let pending = |order: &Order| Some(order.id) == paper.invoice.order;
        !scene.facts.pending_orders().any(pending)
    };
    papers.iter().filter(called_off).collect()
}

/// Issues a note, with a refund for what is not owed, as far as the refund may go.
pub(super) fn give(
    scene: &Scene<'_>,
    (paper, picks): (&Paper, &[Pick]),
    refund: Option<Payment>,
    next: &mut Numbers,
    ended: &mut Ended,
) -> Result<(), Refusal> {
    let Some(mut refund) = refund else {
        let note = correct::note(scene, paper, picks, Towards::Balance, next)?;
        ended.told.push(to_balance(&note, note.balance));
        ended.add(note);
        return Ok(());
    };
    let towards = Towards::Payment {
        payment: refund.id,
        at_most: refund.amount,
    };
    let note = correct::note(scene, paper, picks, towards, next)?;
    if note.out.is_zero() {
        ended.told.push(to_balance(&note, note.balance));
    } else {
        let (number, by) = (&note.number, &refund.method);
        ended
            .told
            .push(format!("{number} gives back {} by {by}.", note.out));
        if !note.balance.is_zero() {
            ended.told.push(to_balance(&note, note.balance));
        }
        refund.amount = note.out;
        ended.refunds.push(refund.id);
        // The note's postings name the payment, so it must be there before them.
        ended.changes.push(Change::AddPayment(Box::new(refund)));
    }
    ended.add(note);
    Ok(())
}

/// What of an invoice had been paid with the time of earlier ones, and comes back with those.
fn taken_back(paper: &Paper, picks: &[Pick]) -> Result<Option<String>, Refusal> {
    let mut sum = Money::zero(paper.invoice.currency);
    for pick in picks.iter().filter(|pick| pick.net.minor < 0) {
        sum = sum.minus(pick.net)?.minus(pick.tax)?;
    }
    let number = &paper.invoice.number;
    Ok((!sum.is_zero()).then(|| {
        format!("{sum} of {number} were paid with unused time of earlier invoices, and come back with those.")
    }))
}

fn to_balance(note: &Issued, balance: Money) -> String {
    let number = &note.number;
    if note.total.is_zero() {
        return format!("{number} gives back as much as it takes back of a credit.");
    }
    match (note.debt.is_zero(), balance.is_zero()) {
        (true, _) => format!("{number} puts {balance} into the balance."),
        (false, true) => format!("{number} lowers what is owed by {}.", note.debt),
        (false, false) => format!(
            "{number} lowers what is owed by {} and puts {balance} into the balance.",
            note.debt
        ),
    }
}

/// What is not used of an invoice's lines, with its tax, up to what is left of the invoice.
pub(super) fn unused(
    scene: &Scene<'_>,
    paper: &Paper,
    key: (&str, &str),
) -> Result<Vec<Pick>, Refusal> {
    let picks = unwind::unwound(scene, &[paper], key)?;
    Ok(picks.into_iter().next().unwrap_or_default())
}

/// Ends terms and add-ons that have not ended, withdraws what waits, and marks the subscription cancelled.
pub(super) fn close(scene: &Scene<'_>, ended: &mut Ended) {
    let account = scene.facts.account.id;
    let end = last_day_after(scene);
    ended.changes.extend(cut(scene.facts, end));
    if !scene.facts.scheduled.is_empty() {
        ended.changes.push(Change::Schedule {
            account,
            asked_on: scene.on(),
            change: None,
        });
    }
    if scene.facts.switched(Switch::Cancel, scene.at) != Some(true) {
        ended.changes.push(turned(scene, true));
    }
}

/// The end of every paid term and add-on that reaches beyond a day.
pub(super) fn cut(facts: &Facts, end: Day) -> Vec<Change> {
    let terms = facts.terms.iter();
    let terms = terms.filter(|term| term.paid && end < term.span.end);
    let terms = terms.map(|term| Change::EndTerm {
        term: term.id,
        end,
        cut_on: Some(end),
    });
    let held = facts.holdings.iter();
    let held = held.filter(|held| end < held.span.end);
    let held = held.map(|held| Change::EndHolding {
        holding: held.id,
        end: end.max(held.span.start),
        cut_on: Some(end),
    });
    terms.chain(held).collect()
}

/// The first day without service when it ends at the scene's moment: the day of the change, or the day
/// after it where that day still belongs to what was paid.
fn last_day_after(scene: &Scene<'_>) -> Day {
    effective(&scene.policy.proration, scene.at).date()
}

/// Takes a cancellation back (FU-9).
///
/// # Errors
/// There is none, it cannot be taken back, or the paid time has ended.
pub fn resume(scene: &Scene<'_>) -> Result<Vec<Change>, Refusal> {
    let name = &scene.facts.account.name;
    let rules = &scene.policy.cancel;
    match scene.standing().state {
        State::Cancelling if rules.undo => {}
        State::Cancelling => {
            let message = format!("The cancellation of {name} cannot be taken back.");
            return Err(Refusal::new(Code::CancelNotAllowed, message)
                .because(scene.policy, "cancel.undo", "false")
                .say("After the end, a new purchase starts a new term."));
        }
        State::Active | State::PastDue => {
            let message = format!("{name} is not cancelled, so there is nothing to take back.");
            return Err(
                Refusal::new(Code::NotCancelled, message).run(format!("account show {name}"))
            );
        }
        state => return Err(nothing(scene, state)),
    }
    let about = scene.at.to_string();
    Ok(vec![
        turned(scene, false),
        Change::AddMessage(message(scene, "resumed", about)),
    ])
}

fn told(scene: &Scene<'_>, ended: &mut Ended, kind: &str) {
    let about = scene.at.to_string();
    ended
        .changes
        .push(Change::AddMessage(message(scene, kind, about)));
}

fn turned(scene: &Scene<'_>, on: bool) -> Change {
    Change::Switch {
        account: scene.facts.account.id,
        switched: Switched {
            switch: Switch::Cancel,
            on,
            at: scene.at,
        },
    }
}

/// Renewals that wait to be paid; one that is being paid keeps the subscription going.
fn renewals<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Order> {
    scene
        .facts
        .pending_orders()
        .filter(|order| order.kind == OrderKind::Renewal && order.state.is_open())
        .filter(|order| order.state != OrderState::Paid)
}

fn already(scene: &Scene<'_>) -> Refusal {
    let name = &scene.facts.account.name;
    let end = scene.standing().paid_until;
    let end = end.map(|end| format!(" and ends on {end}"));
    let message = format!("{name} is cancelled already{}.", end.unwrap_or_default());
    Refusal::new(Code::AlreadyCancelled, message).run(format!("plan resume {name}"))
}

fn nothing(scene: &Scene<'_>, state: State) -> Refusal {
    let name = &scene.facts.account.name;
    let message = format!(
        "{name} is {} and has no running subscription.",
        words(state)
    );
    Refusal::new(Code::NoSubscription, message).run(format!("order checkout {name}"))
}
