//! Messages and cases at offsets from the end of a term, the first failed charge, and the end of a trial.

use super::renewal::Renewal;
use super::{Due, What, about, case_text, holds};
use crate::billing::account::Facts;
use crate::billing::calendar::{Day, Moment, plus_days};
use crate::billing::payment::PaymentState;
use crate::billing::policy::{Policy, Situation};
use crate::billing::timeline::{Action, Anchor, Step};

/// What the steps of the paid term bring.
pub(super) fn term(renewal: &Renewal<'_>, all: &mut Vec<Due>) {
    if renewal.cancelled {
        return;
    }
    for step in &renewal.policy.timeline {
        let Some(on) = day(renewal, step) else {
            continue;
        };
        if pointless(renewal, step) || too_old(renewal, on) {
            continue;
        }
        if holds(step.when, renewal.auto_renew, renewal.facts) {
            push(renewal.facts, renewal.policy, step, (on, renewal.end), all);
        }
    }
}

/// What the steps of the trial bring.
pub(super) fn trial(facts: &Facts, policy: &Policy, at: Moment, all: &mut Vec<Due>) {
    let Some(trial) = facts.trials.last() else {
        return;
    };
    let bought = facts.terms.iter().any(|term| term.paid);
    if trial.ended_on.is_some() || bought {
        return;
    }
    let end = trial.span.end;
    let steps = policy.timeline.iter();
    for step in steps.filter(|step| step.anchor == Anchor::TrialEnd) {
        let on = plus_days(end, step.days).max(trial.span.start);
        let late = plus_days(on, i64::from(policy.renewal.catch_up_days)) < at.date();
        let passed = step.days < 0 && end <= at.date();
        if !late && !passed && holds(step.when, false, facts) {
            push(facts, policy, step, (on, end), all);
        }
    }
}

/// Steps from a day on that are not caught up any more, in words.
pub(super) fn skipped(renewal: &Renewal<'_>, since: Day) -> Vec<String> {
    if renewal.cancelled {
        return Vec::new();
    }
    let today = renewal.at.date();
    let mut said = Vec::new();
    for step in &renewal.policy.timeline {
        let on = match step.action {
            Action::Message | Action::OpenCase => day(renewal, step),
            Action::CreateOrder | Action::Charge => {
                (step.anchor == Anchor::TermEnd).then(|| renewal.day_of(step))
            }
        };
        let Some(on) = on.filter(|on| *on >= since && *on <= today) else {
            continue;
        };
        if !holds(step.when, renewal.auto_renew, renewal.facts) {
            continue;
        }
        let late = match step.action {
            Action::Message | Action::OpenCase => {
                (pointless(renewal, step) || too_old(renewal, on))
                    && !told(renewal.facts, renewal.policy, step, renewal.end)
            }
            Action::CreateOrder => today >= renewal.too_late() && renewal.open_order().is_none(),
            Action::Charge => {
                renewal.auto_renew && today >= renewal.too_late() && renewal.attempts.is_empty()
            }
        };
        if late {
            let what = match step.action {
                Action::Message => step.message.clone().unwrap_or_default(),
                Action::OpenCase => "a case".to_owned(),
                Action::CreateOrder => "the renewal order".to_owned(),
                Action::Charge => "the charge".to_owned(),
            };
            said.push(format!("{what} of {on} was missed and is skipped"));
        }
    }
    said
}

/// The day of a message or case.
fn day(renewal: &Renewal<'_>, step: &Step) -> Option<Day> {
    match (step.action, step.anchor) {
        (Action::CreateOrder | Action::Charge, _) | (_, Anchor::TrialEnd) => None,
        (_, Anchor::TermEnd) => Some(renewal.day_of(step)),
        (_, Anchor::FirstFailure) => {
            let declined = |state| state == PaymentState::Declined;
            let first = renewal
                .attempts
                .iter()
                .find(|tried| declined(tried.state))?;
            let failed = first.settled_at.unwrap_or(first.begun_at).date();
            Some(plus_days(failed, step.days))
        }
    }
}

/// A reminder of something that has already come says nothing.
fn pointless(renewal: &Renewal<'_>, step: &Step) -> bool {
    step.anchor == Anchor::TermEnd && step.days < 0 && renewal.end <= renewal.at.date()
}

fn too_old(renewal: &Renewal<'_>, on: Day) -> bool {
    let bound = i64::from(renewal.policy.renewal.catch_up_days);
    plus_days(on, bound) < renewal.at.date()
}

fn told(facts: &Facts, policy: &Policy, step: &Step, anchor: Day) -> bool {
    facts.told.contains(&telling(policy, step, anchor))
}

/// What tells that a step was done: the kind of a message and what it is about, or a case and its text.
fn telling(policy: &Policy, step: &Step, anchor: Day) -> (String, String) {
    match step.action {
        Action::OpenCase => ("case".to_owned(), case_text(step, anchor)),
        Action::Message | Action::CreateOrder | Action::Charge => (
            step.message.clone().unwrap_or_default(),
            about(policy, step, anchor),
        ),
    }
}

fn push(facts: &Facts, policy: &Policy, step: &Step, (on, anchor): (Day, Day), all: &mut Vec<Due>) {
    let telling = telling(policy, step, anchor);
    if facts.told.contains(&telling) {
        return;
    }
    let (kind, about) = telling;
    let what = match (step.action, &step.message) {
        (Action::Message, Some(_)) => What::Message { kind, about },
        (Action::OpenCase, _) => What::Case {
            about: Situation::Payment,
            text: about,
        },
        (Action::Message | Action::CreateOrder | Action::Charge, _) => return,
    };
    all.push(Due { on, what });
}
