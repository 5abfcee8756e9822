//! What follows paid time: endings that cannot come about, and money that is never given back.

use super::Problems;
use crate::billing::policy::{
    AfterRefund, AfterTrial, Allow, CloseMode, DiscountAllow, EndState, GiveBack, Policy,
    RefundMode, State, Timing,
};
use rust_decimal::Decimal;

pub(super) fn check(policy: &Policy, problems: &mut Problems<'_>) {
    states(policy, problems);
    cancel_and_refund(policy, problems);
    account_and_discount(policy, problems);
}

/// A list of orders for a state that no account can be in.
fn states(policy: &Policy, problems: &mut Problems<'_>) {
    let ends = [policy.end.unpaid, policy.end.no_method, policy.end.failed];
    let ends_in = |state| {
        let by_cancel = policy.cancel.allow != Allow::Refuse && policy.cancel.then == state;
        ends.contains(&state) || by_cancel
    };
    let trial_ends_in = |state: &AfterTrial| {
        policy
            .trial
            .as_ref()
            .is_some_and(|trial| trial.then == *state)
    };
    let reachable = [
        (
            State::Frozen,
            "frozen",
            ends_in(EndState::Frozen) || trial_ends_in(&AfterTrial::Frozen),
        ),
        (
            State::Deactivated,
            "deactivated",
            ends_in(EndState::Deactivated),
        ),
        (State::Expired, "expired", ends_in(EndState::Expired)),
        (
            State::Free,
            "free",
            policy.account.starts_free
                || ends_in(EndState::Free)
                || trial_ends_in(&AfterTrial::Free),
        ),
        (
            State::TrialEnded,
            "trial_ended",
            trial_ends_in(&AfterTrial::Ended),
        ),
        (
            State::Cancelling,
            "cancelling",
            policy.cancel.allow != Allow::Refuse,
        ),
        (
            State::PastDue,
            "past_due",
            policy.end.grace_days > 0 || policy.renewal.catch_up_days > 0,
        ),
        (State::Closed, "closed", false),
    ];
    for (state, name, can_be) in reachable {
        if policy.allowed.contains_key(&state) && !can_be {
            problems.odd(
                format!("allowed.{name}"),
                format!("This list is never read: no account can ever be {name}."),
                "Take it out, or change what leads there: [end], [cancel], [trial], [account].",
            );
        }
    }
}

fn cancel_and_refund(policy: &Policy, problems: &mut Problems<'_>) {
    let cancel = &policy.cancel;
    if cancel.timing == Timing::AtRenewal && cancel.give_back != GiveBack::None {
        problems.odd(
            "cancel.give_back",
            "Nothing is given back: the subscription runs to the end of what is paid.",
            "Set cancel.timing = \"now\", or this to \"none\".",
        );
    }
    if cancel.timing == Timing::Now && cancel.undo {
        problems.odd_if_said(
            "cancel.undo",
            "There is nothing to take back: the subscription ends at once.",
            "Set cancel.timing = \"at_renewal\", or this to false.",
        );
    }
    if policy.refund.mode == RefundMode::None && policy.refund.then != AfterRefund::Stays {
        problems.odd(
            "refund.then",
            "This never fires: nothing is refunded.",
            "Set refund.mode, or take this out.",
        );
    }
    if policy.end.grace_days == 0 {
        problems.odd_if_said(
            "end.grace_counts",
            "There is no grace to count: end.grace_days is 0.",
            "Set end.grace_days, or take this out.",
        );
    }
}

fn account_and_discount(policy: &Policy, problems: &mut Problems<'_>) {
    if policy.account.close == CloseMode::Never && policy.account.close_warning.is_some() {
        problems.odd(
            "account.close_warning",
            "Nobody is ever warned: accounts cannot be closed.",
            "Set account.close to something else, or take this out.",
        );
    }
    let Some(percent) = policy.discount.max_percent else {
        return;
    };
    if policy.discount.allow == DiscountAllow::Refuse {
        problems.odd(
            "discount.max_percent",
            "This never fires: nobody may give a discount.",
            "Set discount.allow = \"support\", or take this out.",
        );
    }
    if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        problems.wrong(
            "discount.max_percent",
            format!("{percent} percent is no discount."),
            "Write a number above 0 and up to 100.",
        );
    }
}
