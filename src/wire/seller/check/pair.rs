//! Whether a catalog and a policy fit each other.

use super::Problems;
use super::names;
use crate::billing::calendar::Period;
use crate::billing::catalog::{Catalog, Sale};
use crate::billing::policy::{AfterTrial, Allow, EndState, OrderKind, Policy, Situation, State};

pub(super) fn check(
    catalog: &Catalog,
    policy: &Policy,
    in_catalog: &mut Problems<'_>,
    in_policy: &mut Problems<'_>,
) {
    if catalog.id != policy.id {
        in_policy.wrong(
            "id",
            format!(
                "The catalog is of {}, the policy of {}.",
                catalog.id, policy.id
            ),
            "Give both files the same id.",
        );
    }
    trial(catalog, policy, in_policy);
    free_plan(catalog, policy, in_policy);
    periods(catalog, policy, in_catalog);
    people(catalog, policy, in_catalog);
    renewal(catalog, policy, in_policy);
    add_ons(catalog, policy, in_policy);
    ranks(catalog, policy, in_policy);
}

fn trial(catalog: &Catalog, policy: &Policy, problems: &mut Problems<'_>) {
    let Some(trial) = &policy.trial else { return };
    names::plans(catalog).must_have(&trial.plan, "trial.plan", problems);
    for limit in trial.limits.keys() {
        names::limits(catalog).must_have(limit, &format!("trial.limits.\"{limit}\""), problems);
    }
    for credit in trial.credits.keys() {
        names::credits(catalog).must_have(credit, &format!("trial.credits.\"{credit}\""), problems);
    }
}

fn free_plan(catalog: &Catalog, policy: &Policy, problems: &mut Problems<'_>) {
    let has_free = catalog.plans.iter().any(|plan| plan.sale == Sale::Free);
    let falls = |end: EndState| end == EndState::Free;
    let cancels = policy.cancel.allow != Allow::Refuse;
    let ways = [
        ("account.starts_free", policy.account.starts_free),
        (
            "trial.then",
            policy
                .trial
                .as_ref()
                .is_some_and(|trial| trial.then == AfterTrial::Free),
        ),
        ("end.unpaid", falls(policy.end.unpaid)),
        ("end.no_method", falls(policy.end.no_method)),
        ("end.failed", falls(policy.end.failed)),
        ("cancel.then", cancels && falls(policy.cancel.then)),
    ];
    for (key, _) in ways.iter().filter(|(_, leads)| *leads && !has_free) {
        problems.wrong(
            key,
            "There is no free plan to fall to.",
            "Add a plan with sale = \"free\" to the catalog, or choose another end.",
        );
    }
    if has_free && !ways.iter().any(|(_, leads)| *leads) {
        problems.odd(
            "account",
            "The catalog has a free plan, and no account can ever be on it.",
            "Set account.starts_free = true, or let something end in \"free\".",
        );
    }
}

fn periods(catalog: &Catalog, policy: &Policy, problems: &mut Problems<'_>) {
    let least = policy.order.min_months;
    if least == 0 {
        return;
    }
    let is_short =
        |period: &Period| period.length_hundredths() < Period::Months(least).length_hundredths();
    for (at, plan) in catalog.plans.iter().enumerate() {
        for (which, period) in plan
            .periods
            .iter()
            .enumerate()
            .filter(|(_, period)| is_short(period))
        {
            problems.odd(
                format!("plan[{at}].periods[{which}]"),
                format!(
                    "Nobody can buy {} for {period}: order.min_months of the policy is {least}.",
                    plan.id
                ),
                "Take the period out, or lower order.min_months.",
            );
        }
    }
}

fn people(catalog: &Catalog, policy: &Policy, problems: &mut Problems<'_>) {
    let sold = catalog
        .plans
        .iter()
        .position(|plan| plan.sale == Sale::SalesOnly);
    if let Some(at) = sold
        && policy.route(Situation::Sales).is_none()
    {
        problems.odd(
            format!("plan[{at}].sale"),
            "The plan is sold by people, and the policy does not say how to reach them.",
            "Add [routes.sales] or [routes.help] to the policy.",
        );
    }
}

fn renewal(catalog: &Catalog, policy: &Policy, problems: &mut Problems<'_>) {
    let charges = catalog.methods.iter().any(|method| method.recurring);
    if !charges && !policy.timeline.is_empty() && policy.renewal.on_by_default {
        problems.odd(
            "renewal.on_by_default",
            "Auto-renewal can never charge: no method of the catalog is recurring.",
            "Set recurring = true on a method, or this to false.",
        );
    }
    let turns_on = catalog.methods.iter().any(|method| method.auto_renew);
    if policy.renewal.on_by_default && charges && !turns_on {
        problems.odd_if_said(
            "renewal.on_by_default",
            "This never fires: no method of the catalog turns auto-renewal on.",
            "Set auto_renew = true on a method, or this to false.",
        );
    }
}

fn add_ons(catalog: &Catalog, policy: &Policy, problems: &mut Problems<'_>) {
    let sells = catalog
        .add_ons
        .iter()
        .any(|add_on| add_on.sale == Sale::SelfService);
    for (at, state) in policy.credits.buy_in.iter().enumerate() {
        if sells && *state == State::Active && !policy.allows(*state, OrderKind::AddOn) {
            let own = format!("credits.buy_in[{at}]");
            let said = problems.says(&own);
            problems.odd(
                if said { own.as_str() } else { "allowed.active" },
                "Add-ons cannot be bought in this state: its list in allowed does not have add_on.",
                "Add \"add_on\" to allowed.active.",
            );
        }
    }
    if catalog.credits.is_empty() && catalog.add_ons.is_empty() {
        for key in ["credits.reminder", "credits.grant", "credits.buy_in"] {
            problems.odd_if_said(
                key,
                "This never fires: the catalog has neither credits nor add-ons.",
                "Take it out.",
            );
        }
    }
}

fn ranks(catalog: &Catalog, policy: &Policy, problems: &mut Problems<'_>) {
    let paid = |sale: &Sale| matches!(sale, Sale::SelfService | Sale::SalesOnly | Sale::Closed);
    let plans = catalog.plans.iter().filter(|plan| paid(&plan.sale)).count();
    if plans > 1 {
        return;
    }
    for (key, allow) in [
        ("upgrade.allow", policy.upgrade.allow),
        ("downgrade.allow", policy.downgrade.allow),
    ] {
        if allow != Allow::Refuse {
            problems.odd_if_said(
                key,
                "This never fires: the catalog has no second paid plan.",
                "Take it out.",
            );
        }
    }
}
