//! Who may do what: roles, support's work, trials, orders, routes.

use super::Problems;
use super::methods::country;
use super::names::plain;
use crate::billing::policy::{
    Allow, BelowMinimum, ChangeRules, Charge, Collect, GiveBack, Operation, OrderKind, Policy,
    RefundMode, Role, SeatsActive, Situation, State, Timing, TransferMode,
};
use rust_decimal::Decimal;

pub(super) fn check(policy: &Policy, problems: &mut Problems<'_>) {
    plain(&policy.id, "id", problems);
    access(policy, problems);
    trial(policy, problems);
    order(policy, problems);
    allowed(policy, problems);
    for (key, change) in changes(policy) {
        a_change(key, change, problems);
    }
    seats(policy, problems);
    routes(policy, problems);
}

/// The three changes of a plan, by key.
fn changes(policy: &Policy) -> [(&'static str, &ChangeRules); 3] {
    [
        ("upgrade", &policy.upgrade),
        ("downgrade", &policy.downgrade),
        ("period_change", &policy.period_change),
    ]
}

fn access(policy: &Policy, problems: &mut Problems<'_>) {
    let access = &policy.access;
    if access.roles.is_empty() && access.granted_roles.is_empty() {
        problems.odd(
            "access.roles",
            "No member may do anything about billing.",
            "Name at least the owner, if that is not meant.",
        );
    }
    for (at, role) in access.granted_roles.iter().enumerate() {
        if access.roles.contains(role) {
            problems.odd(
                format!("access.granted_roles[{at}]"),
                "This role may do billing without a grant already.",
                "Keep it in one of the two lists.",
            );
        }
    }
    if let Some(at) = access.roles.iter().position(|role| *role == Role::Guest) {
        problems.odd(
            format!("access.roles[{at}]"),
            "Guests may do billing.",
            "Take guest out, if that is not meant.",
        );
    }
    for (at, operation) in access.support_only.iter().enumerate() {
        if let Some(key) = refused(policy, *operation) {
            problems.odd(
                format!("access.support_only[{at}]"),
                format!("Nobody can do this, so support cannot either: {key} refuses it."),
                format!("Take it out, or change {key}."),
            );
        } else if let Some(key) = said_self_service(policy, *operation) {
            problems.odd_if_said(
                key,
                "Members may do this, and access.support_only keeps it for support; support wins.",
                "Set it to \"support\", or take the operation out of access.support_only.",
            );
        }
    }
}

/// The key that keeps everybody from an operation.
fn refused(policy: &Policy, operation: Operation) -> Option<&'static str> {
    let refuses = |allow: Allow| allow == Allow::Refuse;
    let (key, refused) = match operation {
        Operation::AddSeats => ("seats.add.allow", refuses(policy.seats.add.allow)),
        Operation::RemoveSeats => ("seats.remove.allow", refuses(policy.seats.remove.allow)),
        Operation::Cancel => ("cancel.allow", refuses(policy.cancel.allow)),
        Operation::Refund => ("refund.mode", policy.refund.mode == RefundMode::None),
        Operation::Transfer => (
            "account.transfer",
            policy.account.transfer == TransferMode::Refuse,
        ),
        Operation::ChangePlan => (
            "upgrade.allow",
            changes(policy)
                .iter()
                .all(|(_, change)| refuses(change.allow)),
        ),
        Operation::View
        | Operation::Invoices
        | Operation::Use
        | Operation::Order
        | Operation::ManageMembers
        | Operation::EditBilling
        | Operation::ChangeMethod
        | Operation::Renew
        | Operation::Credits
        | Operation::ChangeEmail
        | Operation::Close
        | Operation::ChangeOwner => return None,
    };
    refused.then_some(key)
}

/// The key that leaves an operation to members.
fn said_self_service(policy: &Policy, operation: Operation) -> Option<&'static str> {
    let (key, allow) = match operation {
        Operation::AddSeats => ("seats.add.allow", policy.seats.add.allow),
        Operation::RemoveSeats => ("seats.remove.allow", policy.seats.remove.allow),
        Operation::Cancel => ("cancel.allow", policy.cancel.allow),
        _ => return None,
    };
    (allow == Allow::SelfService).then_some(key)
}

fn trial(policy: &Policy, problems: &mut Problems<'_>) {
    let Some(trial) = &policy.trial else {
        problems.odd_if_said(
            "allowed.trialing",
            "No account is ever on trial: there is no [trial].",
            "Add [trial], or take this out.",
        );
        return;
    };
    if trial.days == 0 {
        problems.wrong(
            "trial.days",
            "A trial of 0 days is none.",
            "Write 1 or more, or take [trial] out.",
        );
    }
    if trial.automatic && policy.account.starts_free {
        problems.odd(
            "trial.automatic",
            "New accounts start with the trial, so account.starts_free counts only for those whose trial is taken from them.",
            "Set one of the two to false.",
        );
    }
    for (table, amounts) in [("limits", &trial.limits), ("credits", &trial.credits)] {
        for (id, _) in amounts.iter().filter(|(_, amount)| **amount < 0) {
            problems.wrong(
                format!("trial.{table}.\"{id}\""),
                "This is less than nothing.",
                "Write 0 or more.",
            );
        }
    }
    for (state, when) in [
        (State::Trialing, "on trial"),
        (State::TrialEnded, "after its trial"),
    ] {
        if !policy.allows(state, OrderKind::Purchase) {
            let key = match state {
                State::Trialing => "allowed.trialing",
                _ => "allowed.trial_ended",
            };
            problems.odd(
                key,
                format!("An account {when} cannot buy anything."),
                "Add \"purchase\".",
            );
        }
    }
}

fn order(policy: &Policy, problems: &mut Problems<'_>) {
    let rules = &policy.order;
    for (at, code) in rules.taxpayer_countries.iter().enumerate() {
        country(code, &format!("order.taxpayer_countries[{at}]"), problems);
    }
    if rules.lapse_days == Some(0) {
        problems.odd(
            "order.lapse_days",
            "Orders lapse on the day on which they are made.",
            "Write 1 or more, or leave the key out for never.",
        );
    }
    if rules.minimum_charge.is_sign_negative() && !rules.minimum_charge.is_zero() {
        problems.wrong(
            "order.minimum_charge",
            "The smallest charge is less than nothing.",
            "Write 0 or more.",
        );
    }
    if rules.minimum_charge.is_zero() && rules.below_minimum != BelowMinimum::Charge {
        problems.odd(
            "order.below_minimum",
            "No amount is below the minimum, which is 0.",
            "Set order.minimum_charge, or take this out.",
        );
    }
}

/// An order kind that a list allows while its own rule refuses it, and the other way round.
fn allowed(policy: &Policy, problems: &mut Problems<'_>) {
    for (state, name) in [(State::Active, "active"), (State::Cancelling, "cancelling")] {
        let Some(kinds) = policy.allowed.get(&state) else {
            continue;
        };
        for (kind, key, allow) in rules_of(policy) {
            let listed = kinds.iter().position(|listed| *listed == kind);
            match (listed, allow) {
                (Some(at), Allow::Refuse) => problems.odd(
                    format!("allowed.{name}[{at}]"),
                    format!("This order can never be placed: {key} refuses it."),
                    format!("Take it out, or change {key}."),
                ),
                (None, Allow::SelfService | Allow::Support) if state == State::Active => problems
                    .odd_if_said(
                        key,
                        format!(
                            "This never fires: allowed.{name} does not have this kind of order."
                        ),
                        format!("Set it to \"refuse\", or add the kind to allowed.{name}."),
                    ),
                _ => {}
            }
        }
    }
}

/// The rule that decides on each kind of order.
fn rules_of(policy: &Policy) -> [(OrderKind, &'static str, Allow); 6] {
    [
        (OrderKind::Upgrade, "upgrade.allow", policy.upgrade.allow),
        (
            OrderKind::Downgrade,
            "downgrade.allow",
            policy.downgrade.allow,
        ),
        (
            OrderKind::PeriodChange,
            "period_change.allow",
            policy.period_change.allow,
        ),
        (OrderKind::Seats, "seats.add.allow", policy.seats.add.allow),
        (
            OrderKind::SeatRemoval,
            "seats.remove.allow",
            policy.seats.remove.allow,
        ),
        (OrderKind::Extension, "extend.allow", policy.extend.allow),
    ]
}

fn a_change(key: &str, change: &ChangeRules, problems: &mut Problems<'_>) {
    if change.timing != Timing::AtRenewal {
        return;
    }
    if change.give_back != GiveBack::None {
        problems.odd_if_said(
            format!("{key}.give_back"),
            "Nothing is given back: the change waits for the end of what is paid.",
            format!("Set {key}.timing = \"now\", or this to \"none\"."),
        );
    }
    if change.charge != Charge::Prorated {
        problems.odd_if_said(
            format!("{key}.charge"),
            "Nothing is charged for a part of a term: the change waits for its end.",
            format!("Set {key}.timing = \"now\", or take this out."),
        );
    }
}

fn seats(policy: &Policy, problems: &mut Problems<'_>) {
    let (add, remove) = (&policy.seats.add, &policy.seats.remove);
    if remove.timing == Timing::AtRenewal {
        if remove.give_back != GiveBack::None {
            problems.odd(
                "seats.remove.give_back",
                "Nothing is given back: seats go when what is paid ends.",
                "Set seats.remove.timing = \"now\", or this to \"none\".",
            );
        }
        if remove.high_water {
            problems.odd(
                "seats.remove.high_water",
                "This never fires: no seat goes in the middle of a term.",
                "Set seats.remove.timing = \"now\", or take this out.",
            );
        }
    }
    let amount = add.collect_at_amount;
    if amount.is_some_and(|amount| amount <= Decimal::ZERO) {
        problems.wrong(
            "seats.add.collect_at_amount",
            "Nothing would ever wait.",
            "Write an amount above 0, or take this out.",
        );
    } else if amount.is_some() && add.collect == Collect::Now {
        problems.odd(
            "seats.add.collect_at_amount",
            "This never fires: added seats are asked for at once.",
            "Set seats.add.collect, or take this out.",
        );
    }
    if add.collect == Collect::AtRenewal && add.active == SeatsActive::OnPayment {
        problems.odd(
            "seats.add.collect",
            "Added seats could not be used before the next term: they wait for a payment that comes with its renewal.",
            "Set seats.add.active = \"now\".",
        );
    }
}

/// What only support does must be able to reach support.
fn routes(policy: &Policy, problems: &mut Problems<'_>) {
    let has = |situation| policy.route(situation).is_some();
    let by_support = rules_of(policy)
        .into_iter()
        .map(|(_, key, allow)| (key, allow))
        .chain([("cancel.allow", policy.cancel.allow)])
        .find(|(_, allow)| *allow == Allow::Support);
    if let Some((key, _)) = by_support
        && !has(Situation::Support)
    {
        problems.odd(
            key,
            "Only support does this, and the file does not say how to reach it.",
            "Add [routes.support] or [routes.help].",
        );
    }
    if policy.account.transfer == TransferMode::Support && !has(Situation::Transfer) {
        problems.odd(
            "account.transfer",
            "Only support does this, and the file does not say how to reach it.",
            "Add [routes.transfer] or [routes.help].",
        );
    }
}
