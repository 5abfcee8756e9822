//! What time brings: steps that contradict each other or can never fire, and retries that come too late.

use super::Problems;
use crate::billing::policy::{Policy, WhenOff};
use crate::billing::timeline::{Action, Anchor, CountedFrom, Step, When};
use crate::wire::letter;

pub(super) fn check(policy: &Policy, problems: &mut Problems<'_>) {
    for (at, step) in policy.timeline.iter().enumerate() {
        let here = format!("timeline[{at}]");
        message(step, &here, problems);
        never(policy, step, &here, problems);
        if policy.timeline[..at].contains(step) {
            problems.odd(&here, "This step stands above already.", "Take it out.");
        }
    }
    charges(policy, problems);
    switches(policy, problems);
    retries(policy, problems);
}

fn message(step: &Step, here: &str, problems: &mut Problems<'_>) {
    match (step.action, &step.message) {
        (Action::Message, None) => problems.wrong(
            here,
            "This step does not say which message.",
            "Add message = \"renewal_reminder\" or another name.",
        ),
        (Action::CreateOrder | Action::Charge | Action::OpenCase, Some(_)) => problems.odd(
            format!("{here}.message"),
            "No message is sent: the step does something else.",
            "Add a step with action = \"message\", or take this out.",
        ),
        (Action::Message, Some(kind)) if !letter::has_words(kind) => problems.odd(
            format!("{here}.message"),
            format!("There are no built-in words for the message {kind}."),
            format!("Put {kind}.en.txt into the folder that SUBDESK_MAIL_TEMPLATES names."),
        ),
        _ => {}
    }
}

fn never(policy: &Policy, step: &Step, here: &str, problems: &mut Problems<'_>) {
    let has_charge = policy
        .timeline
        .iter()
        .any(|step| step.action == Action::Charge);
    if step.anchor == Anchor::TrialEnd && policy.trial.is_none() {
        problems.odd(
            format!("{here}.anchor"),
            "This never happens: there is no [trial].",
            "Add [trial], or take the step out.",
        );
    }
    if step.anchor == Anchor::FirstFailure && !has_charge {
        problems.odd(
            format!("{here}.anchor"),
            "This never happens: no step charges, so no charge fails.",
            "Add a step with action = \"charge\", or take this out.",
        );
    }
    if step.anchor == Anchor::FirstFailure && step.days < 0 {
        problems.odd(
            format!("{here}.days"),
            "This never happens: nobody knows of a failure before it happens.",
            "Write 0 or more.",
        );
    }
    if step.action == Action::Charge && matches!(step.when, When::NoAutoRenew | When::NoMethod) {
        problems.odd(
            format!("{here}.when"),
            "This never charges: without auto-renewal or a saved method nothing is charged.",
            "Set when = \"auto_renew\".",
        );
    }
    let only_off = step.when == When::NoAutoRenew;
    if step.action == Action::CreateOrder && only_off && policy.renewal.when_off == WhenOff::Nothing
    {
        problems.odd(
            format!("{here}.when"),
            "This never happens: renewal.when_off says that nothing is made without auto-renewal.",
            "Set renewal.when_off = \"unpaid_order\", or take the step out.",
        );
    }
    if step.when == When::NoAutoRenew && !policy.renewal.optional && policy.renewal.on_by_default {
        problems.odd(
            format!("{here}.when"),
            "This hardly ever happens: auto-renewal is on and cannot be turned off.",
            "Set renewal.optional = true, or take the condition out.",
        );
    }
}

fn first_day(policy: &Policy, action: Action) -> Option<i64> {
    policy
        .timeline
        .iter()
        .filter(|step| step.action == action && step.anchor == Anchor::TermEnd)
        .map(|step| step.days)
        .min()
}

fn charges(policy: &Policy, problems: &mut Problems<'_>) {
    let (order, charge) = (
        first_day(policy, Action::CreateOrder),
        first_day(policy, Action::Charge),
    );
    let steps = &policy.timeline;
    let at = |action| {
        steps
            .iter()
            .position(|step| step.action == action)
            .unwrap_or(0)
    };
    match (order, charge) {
        (None, Some(_)) => problems.odd(
            format!("timeline[{}]", at(Action::Charge)),
            "There is nothing to charge: no step makes the renewal order.",
            "Add a step with action = \"create_order\" on the same day.",
        ),
        (Some(order), Some(charge)) if charge < order => problems.odd(
            format!("timeline[{}].days", at(Action::Charge)),
            format!(
                "The charge comes {} days before the order that it is for.",
                order.abs_diff(charge)
            ),
            "Make the order on the same day or earlier.",
        ),
        _ => {}
    }
    if charge.is_none() && policy.renewal.on_by_default {
        problems.odd_if_said(
            "renewal.on_by_default",
            "Auto-renewal is on and never charges: the timeline has no such step.",
            "Add [[timeline]] steps with action = \"create_order\" and \"charge\".",
        );
    }
    let made_when_off = steps
        .iter()
        .any(|step| step.action == Action::CreateOrder && step.when != When::AutoRenew);
    if policy.renewal.when_off == WhenOff::UnpaidOrder && !made_when_off {
        problems.odd(
            "renewal.when_off",
            "No such order is ever made: the timeline makes orders only with auto-renewal.",
            "Add a step with action = \"create_order\" and without when = \"auto_renew\".",
        );
    }
}

fn switches(policy: &Policy, problems: &mut Problems<'_>) {
    let renewal = &policy.renewal;
    let always_on = !renewal.optional && renewal.on_by_default;
    if policy.extend.needs_auto_renew_off && always_on {
        problems.odd(
            "extend.needs_auto_renew_off",
            "Nobody can ever extend: auto-renewal must be off for it and cannot be turned off.",
            "Set renewal.optional = true, or this to false.",
        );
    }
    if renewal.method_change_needs_off && always_on {
        problems.odd(
            "renewal.method_change_needs_off",
            "Nobody can ever change the method: auto-renewal must be off for it and cannot be turned off.",
            "Set renewal.optional = true, or this to false.",
        );
    }
    if !renewal.optional && !renewal.on_by_default && !renewal.new_method_turns_on {
        problems.odd(
            "renewal.optional",
            "Auto-renewal is off, and nobody can turn it on.",
            "Set renewal.optional or renewal.on_by_default to true.",
        );
    }
}

fn retries(policy: &Policy, problems: &mut Problems<'_>) {
    let retry = &policy.retry;
    if retry.waits.is_empty() {
        return;
    }
    let Some(charge) = first_day(policy, Action::Charge) else {
        problems.odd(
            "retry",
            "Nothing is ever tried again: the timeline has no charge.",
            "Add a step with action = \"charge\".",
        );
        return;
    };
    let from_first = retry.counted_from == CountedFrom::FirstFailure;
    for (at, pair) in retry.waits.windows(2).enumerate() {
        if from_first && pair[1] <= pair[0] {
            problems.wrong(
                format!("retry.waits[{}]", at.saturating_add(1)),
                format!("This attempt would not come after the one before it: both are counted from the first failure, after {} and {} days.", pair[0], pair[1]),
                "Write growing numbers, or counted_from = \"previous\".",
            );
        }
    }
    let last: i64 = match from_first {
        true => retry.waits.last().copied().map_or(0, i64::from),
        false => retry.waits.iter().copied().map(i64::from).sum(),
    };
    let grace = i64::from(policy.end.grace_days);
    let service = match grace {
        0 => charge.saturating_neg().max(0),
        grace => grace.max(charge.saturating_neg()),
    };
    if last > service {
        problems.odd(
            "retry.waits",
            format!("The last attempt comes {last} days after the first failure, when the account has been without service since day {service}."),
            "Shorten the waits, or lengthen end.grace_days.",
        );
    }
}
