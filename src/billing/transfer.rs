//! Moving licence and credits to another account, for somebody who changes employer (KA-25).
//!
//! Paid time, seats, add-ons and units of use move on the day; invoices, money and members stay where they
//! are, and the old account stays open (KA-26).

use super::account::{Facts, Switch, Switched};
use super::calendar::{Day, Span};
use super::change::Change;
use super::moved_units;
use super::policy::{Situation, Stub, TransferMode};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::term::{Holding, Slice, Term};

/// What moves, for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moved {
    /// Everything to be kept.
    pub changes: Vec<Change>,
    /// Terms as the new account has them.
    pub terms: Vec<Term>,
    /// Add-ons as the new account has them.
    pub holdings: Vec<Holding>,
    /// Units of use by kind, as the new account has them.
    pub credits: Vec<(String, i64)>,
}

/// Moves what `from` has left to `to`.
///
/// # Errors
/// The policy does not move anything, a member asks, nothing is left, or the new account cannot take it.
pub fn transfer(from: &Scene<'_>, to: &Scene<'_>) -> Result<Moved, Refusal> {
    check_who(from)?;
    check_accounts(from, to)?;
    let on = from.on();
    let mut moved = Moved::default();
    let mut next = from.facts.next.clone();
    for term in &from.facts.terms {
        if !term.paid || term.span.end <= on {
            continue;
        }
        let id = super::account::Numbers::take(&mut next.term);
        moved.terms.push(on_the_new(term, id, on));
        moved.changes.push(Change::EndTerm {
            term: term.id,
            end: on,
            cut_on: None,
        });
    }
    for holding in &from.facts.holdings {
        if holding.span.end <= on {
            continue;
        }
        moved.holdings.push(Holding {
            id: 0,
            span: Span::new(on.max(holding.span.start), holding.span.end),
            ..holding.clone()
        });
        moved.changes.push(Change::EndHolding {
            holding: holding.id,
            end: on.max(holding.span.start),
            cut_on: None,
        });
    }
    let had = moved_units::had(from);
    let licence = !moved.terms.is_empty() || !moved.holdings.is_empty();
    if !licence && had.iter().all(|held| held.total() <= 0) {
        let name = &from.facts.account.name;
        let message = format!("{name} has no licence and no credits that could move.");
        return Err(
            Refusal::new(Code::TransferNotAllowed, message).run(format!("account show {name}"))
        );
    }
    arrive(from, to, &mut moved);
    moved_units::move_units(from, to, &had, &mut moved)?;
    Ok(moved)
}

fn check_who(from: &Scene<'_>) -> Result<(), Refusal> {
    let name = &from.facts.account.name;
    if from.policy.account.transfer == TransferMode::Refuse {
        let message = "Licences do not move to other accounts.";
        return Err(Refusal::new(Code::TransferNotAllowed, message).because(
            from.policy,
            "account.transfer",
            "refuse",
        ));
    }
    if from.member.is_some() {
        let message = format!("The licence of {name} is moved by support, not by members.");
        return Err(Refusal::new(Code::SupportOnly, message)
            .because(from.policy, "account.transfer", "support")
            .routed(name, Situation::Transfer));
    }
    super::access::reason("A transfer", from.reason).map(|_| ())
}

fn check_accounts(from: &Scene<'_>, to: &Scene<'_>) -> Result<(), Refusal> {
    let (old, new) = (&from.facts.account, &to.facts.account);
    let refuse = |message: String| Refusal::new(Code::TransferNotAllowed, message);
    if old.id == new.id {
        return Err(refuse(format!("{} cannot move to itself.", old.name)));
    }
    if old.currency != new.currency {
        return Err(refuse(format!(
            "{} pays in {} and {} in {}.",
            old.name, old.currency, new.name, new.currency
        )));
    }
    if new.closed_on.is_some_and(|closed| closed <= to.on()) {
        return Err(refuse(format!("{} is closed.", new.name)));
    }
    let has = |facts: &Facts| {
        let mut paid = facts.terms.iter().filter(|term| term.paid);
        paid.any(|term| term.span.end > to.on())
    };
    if has(to.facts) {
        return Err(
            refuse(format!("{} has a subscription of its own.", new.name))
                .run(format!("account show {}", new.name)),
        );
    }
    for facts in [from.facts, to.facts] {
        if let Some(pending) = facts.pending_orders().next() {
            let number = pending.number();
            let message = format!("{number} of {} waits to be paid.", facts.account.name);
            return Err(Refusal::new(Code::OrderPending, message)
                .run(format!("order pay {number}"))
                .run(format!("order cancel {number}")));
        }
    }
    Ok(())
}

/// A term as the new account has it: from the day on, with what holds then and later.
fn on_the_new(term: &Term, id: i64, on: Day) -> Term {
    let start = on.max(term.span.start);
    let mut slices: Vec<Slice> = Vec::new();
    if let Some(now) = term.slice_on(start) {
        slices.push(Slice {
            from: start,
            ..now.clone()
        });
    }
    slices.extend(
        term.slices
            .iter()
            .filter(|slice| slice.from > start)
            .cloned(),
    );
    // What is bought for the rest of a term costs its share of the price, which is for the whole period.
    let rest = (start > term.span.start).then_some(Stub::Prorated);
    Term {
        id,
        span: Span::new(start, term.span.end),
        stub: term.stub.or(rest),
        bonus_days: 0,
        slices,
        ..term.clone()
    }
}

/// The new account gets the terms; what was billed for them can be credited there; the old one ends.
fn arrive(from: &Scene<'_>, to: &Scene<'_>, moved: &mut Moved) {
    let (old, new) = (from.facts.account.id, to.facts.account.id);
    let on = from.on();
    if let Some(trial) = to.facts.trials.iter().find(|trial| trial.runs_on(on))
        && !moved.terms.is_empty()
    {
        let trial = super::term::Trial {
            ended_on: Some(on),
            ..trial.clone()
        };
        moved.changes.push(Change::EditTrial {
            account: new,
            trial,
        });
    }
    for (term, old_term) in moved.terms.iter().zip(from.paid_terms()) {
        moved.changes.push(Change::AddTerm {
            account: new,
            term: term.clone(),
        });
        let billed = from.facts.billed.iter();
        for line in billed.map(|billed| &billed.line) {
            if line.term == Some(old_term.id) {
                moved.changes.push(Change::TieLine {
                    line: line.id,
                    term: term.id,
                });
            }
        }
    }
    for holding in &moved.holdings {
        moved.changes.push(Change::AddHolding {
            account: new,
            holding: holding.clone(),
        });
    }
    if moved.terms.is_empty() {
        return;
    }
    let renews = from.facts.switched(Switch::AutoRenew, from.at) == Some(true);
    let mut turn = |account, switch, on| {
        moved.changes.push(Change::Switch {
            account,
            switched: Switched {
                switch,
                on,
                at: from.at,
            },
        });
    };
    // The old account is not asked to pay for what has moved away.
    turn(old, Switch::Cancel, true);
    if renews {
        turn(old, Switch::AutoRenew, false);
    }
    turn(new, Switch::Cancel, false);
    turn(new, Switch::AutoRenew, renews && to.facts.method.is_some());
    if !from.facts.scheduled.is_empty() {
        moved.changes.push(Change::Schedule {
            account: old,
            asked_on: on,
            change: None,
        });
    }
}
