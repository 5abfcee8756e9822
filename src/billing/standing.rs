//! What an account *is* on a day. Nothing is stored: facts and a moment go in, a standing comes out.

use super::account::{Facts, Switch};
use super::calendar::{Day, Moment, midnight, plus_days};
use super::due;
use super::payment::{Payment, PaymentKind, PaymentState};
use super::policy::{AfterTrial, EndState, GraceCount, Policy, State};
use super::term::{Slice, Term, Trial};
use chrono::Duration;

/// What an account is at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'f> {
    /// In a word.
    pub state: State,
    /// The running paid term.
    pub term: Option<&'f Term>,
    /// What holds in it.
    pub slice: Option<&'f Slice>,
    /// The running trial.
    pub trial: Option<&'f Trial>,
    /// The first day on which the state ends by itself, if that is known.
    pub until: Option<Day>,
    /// The end of the last paid term that has begun or is still to come.
    pub paid_until: Option<Day>,
    /// Whether the next term is ordered and charged by itself, as long as nothing ends the subscription before.
    pub auto_renew: bool,
}

impl Standing<'_> {
    /// The plan of the running term or trial. A free plan is the catalog's to name.
    pub fn plan(&self) -> Option<&str> {
        match (self.slice, self.trial) {
            (Some(slice), _) => Some(&slice.plan),
            (None, Some(trial)) => Some(&trial.plan),
            (None, None) => None,
        }
    }

    /// Whether a next term is ordered and charged by itself: not of what is cancelled or over.
    pub fn renews_by_itself(&self) -> bool {
        let ends = matches!(
            self.state,
            State::Cancelling | State::Expired | State::Deactivated | State::Closed
        );
        self.auto_renew && !ends
    }

    /// Whether paid time is running.
    pub fn is_paid(&self) -> bool {
        matches!(self.state, State::Active | State::Cancelling)
    }
}

/// What the account is at a moment.
pub fn standing<'f>(facts: &'f Facts, policy: &Policy, at: Moment) -> Standing<'f> {
    let day = at.date();
    let auto_renew = facts.switched(Switch::AutoRenew, at).unwrap_or(false);
    let nothing = Standing {
        state: State::New,
        term: None,
        slice: None,
        trial: None,
        until: None,
        paid_until: paid_until(facts),
        auto_renew,
    };
    if facts.account.closed_on.is_some_and(|closed| closed <= day) {
        return Standing {
            state: State::Closed,
            ..nothing
        };
    }
    if let Some(term) = facts
        .terms
        .iter()
        .find(|term| term.paid && term.span.contains(day))
    {
        let cancelled = facts.switched(Switch::Cancel, at).unwrap_or(false);
        let state = if cancelled {
            State::Cancelling
        } else {
            State::Active
        };
        return Standing {
            state,
            term: Some(term),
            slice: term.slice_on(day),
            until: nothing.paid_until,
            ..nothing
        };
    }
    if let Some(trial) = facts.trials.iter().find(|trial| trial.runs_on(day)) {
        let until = Some(trial.span.end);
        return Standing {
            state: State::Trialing,
            trial: Some(trial),
            until,
            ..nothing
        };
    }
    if let Some(last) = last_ended(facts, day) {
        let (state, until) = after_end(facts, policy, last, at);
        return Standing {
            state,
            until,
            ..nothing
        };
    }
    let state = match facts.trials.iter().rfind(|trial| trial.span.start <= day) {
        Some(_) => match policy.trial.as_ref().map(|rules| &rules.then) {
            Some(AfterTrial::Free) => State::Free,
            Some(AfterTrial::Frozen) => State::Frozen,
            Some(AfterTrial::Ended) | None => State::TrialEnded,
        },
        None if policy.account.starts_free => State::Free,
        None => State::New,
    };
    Standing { state, ..nothing }
}

/// The end of the last paid term.
pub fn paid_until(facts: &Facts) -> Option<Day> {
    facts
        .terms
        .iter()
        .filter(|term| term.paid)
        .map(|term| term.span.end)
        .max()
}

/// The last paid term that has ended by a day.
fn last_ended(facts: &Facts, day: Day) -> Option<&Term> {
    facts
        .terms
        .iter()
        .filter(|term| term.paid && term.span.end <= day)
        .max_by_key(|term| term.span.end)
}

/// The state after a paid term, and until when it lasts.
fn after_end(facts: &Facts, policy: &Policy, last: &Term, at: Moment) -> (State, Option<Day>) {
    let end = last.span.end;
    if facts.switched(Switch::Cancel, at).unwrap_or(false) {
        return (state_of(policy.cancel.then), None);
    }
    // What was due and not yet done holds the service: the customer does not pay for our downtime.
    let patience = plus_days(end, i64::from(policy.renewal.catch_up_days));
    let waits = at.date() < patience && due::auto_renew(facts, end, at);
    if let Some(failure) = first_failure(facts, end, at) {
        if came_late(facts, end, patience, failure) {
            return (state_of(policy.end.no_method), None);
        }
        let grace = grace_end(policy, failure);
        if at < grace && policy.end.grace_days > 0 {
            return (State::PastDue, Some(grace.date()));
        }
        let deadline = grace.max(midnight(end));
        return match waits && attempt_waits(facts, policy, (end, at), deadline) {
            true => (State::PastDue, Some(patience)),
            false => (state_of(policy.end.failed), None),
        };
    }
    match &facts.method {
        // A method that comes after the end finds the service stopped; only a paid renewal brings it back.
        Some(saved) if saved.saved_on <= end => {}
        Some(_) | None => return (state_of(policy.end.no_method), None),
    }
    if waits {
        return (State::PastDue, Some(patience));
    }
    (state_of(policy.end.unpaid), None)
}

/// Whether a failed charge was for a method that came when the service had stopped: it opens no window, for
/// only a paid renewal brings the service back (KS-6, KS-28).
fn came_late(facts: &Facts, end: Day, patience: Day, failure: &Payment) -> bool {
    let saved_late = facts.method.as_ref().is_some_and(|saved| {
        saved.saved_on > end
            && failure.reference.as_deref() == Some(&saved.reference)
            && failure.begun_at.date() >= saved.saved_on
    });
    saved_late || failure.begun_at.date() >= patience
}

/// Whether, after a failed charge, another attempt was to be made by a deadline and its end is not known.
fn attempt_waits(
    facts: &Facts,
    policy: &Policy,
    (end, at): (Day, Moment),
    deadline: Moment,
) -> bool {
    let attempts: Vec<&Payment> = charges(facts, end, at).collect();
    let begun = attempts
        .iter()
        .any(|tried| tried.state.is_open() && tried.begun_at.date() <= deadline.date());
    let planned = due::next_attempt(&policy.retry, &attempts)
        .is_some_and(|on| facts.method.is_some() && on <= deadline.date());
    // A method put on file inside the grace keeps the account active (KS-4).
    let changed = facts.method.as_ref().is_some_and(|saved| {
        let last = attempts.last().map(|tried| tried.begun_at.date());
        let tried = attempts
            .iter()
            .any(|tried| tried.reference.as_deref() == Some(&saved.reference));
        !tried
            && last.is_some_and(|last| last <= saved.saved_on)
            && saved.saved_on < deadline.date()
    });
    begun || planned || changed
}

/// Charges for the renewal that was to follow a term's end, begun by a moment, oldest first.
fn charges(facts: &Facts, end: Day, at: Moment) -> impl Iterator<Item = &Payment> {
    facts.payments.iter().filter(move |payment| {
        payment.kind == PaymentKind::Charge
            && payment.begun_at <= at
            && facts
                .orders
                .iter()
                .any(|order| order.renews == Some(end) && payment.order == Some(order.id))
    })
}

/// The first charge of the renewal that was to follow a term's end and was declined by a moment.
pub fn first_failure(facts: &Facts, end: Day, at: Moment) -> Option<&Payment> {
    charges(facts, end, at).find(|payment| {
        payment.state == PaymentState::Declined
            && payment.settled_at.is_none_or(|settled| settled <= at)
    })
}

/// When the grace that a failed charge opens runs out.
pub fn grace_end(policy: &Policy, failure: &Payment) -> Moment {
    let failed = failure.settled_at.unwrap_or(failure.begun_at);
    let days = i64::from(policy.end.grace_days);
    match policy.end.grace_counts {
        GraceCount::Hours => failed
            .checked_add_signed(Duration::days(days))
            .unwrap_or(failed),
        GraceCount::Days => midnight(plus_days(failed.date(), days)),
    }
}

/// What an account is when its paid time has ended so.
pub fn state_of(end: EndState) -> State {
    match end {
        EndState::Expired => State::Expired,
        EndState::Free => State::Free,
        EndState::Frozen => State::Frozen,
        EndState::Deactivated => State::Deactivated,
    }
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
