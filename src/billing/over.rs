//! Since when use has been above an allowance: since a use passed it, or since the allowance was lowered.

use super::account::Facts;
use super::allowance::{Use, allowed, total};
use super::calendar::{Day, Moment, midnight};
use super::catalog::Limit;
use super::entitlement::entitled;
use super::payment::PaymentState;
use super::scene::Scene;
use chrono::Duration;

/// Since when use has been above the allowance without a break. Who had room until another plan, fewer seats or
/// the end of a trial took it has been above it since then, and has the whole grace from then on (FK-21).
pub(super) fn since(
    scene: &Scene<'_>,
    limit: &Limit,
    uses: &[&Use],
    allowed: Option<i64>,
) -> Option<Moment> {
    let passed = passed(limit, uses, allowed?)?;
    let lowered = lowerings(scene.facts)
        .into_iter()
        .filter(|at| passed < *at && *at <= scene.at)
        .filter(|at| !was_over(scene, limit, uses, at.date()))
        .max();
    Some(lowered.unwrap_or(passed))
}

/// Since when use has been above a number that was always the same. What was there before the day that the
/// catalog names stays without counting against it (FK-26).
fn passed(limit: &Limit, uses: &[&Use], allowed: i64) -> Option<Moment> {
    let bound = allowed.max(kept(limit, uses));
    let mut used = 0_i64;
    let mut since = None;
    for one in uses {
        used = used.saturating_add(one.amount);
        since = (used > bound).then(|| since.unwrap_or(one.at));
    }
    since
}

fn kept(limit: &Limit, uses: &[&Use]) -> i64 {
    let is_old = |one: &&&Use| {
        limit
            .keeps_use_before
            .is_some_and(|day| one.at.date() < day)
    };
    total(uses.iter().filter(is_old).copied())
}

/// Whether use was above the allowance at the end of the day before.
fn was_over(scene: &Scene<'_>, limit: &Limit, uses: &[&Use], day: Day) -> bool {
    let Some(at) = midnight(day).checked_sub_signed(Duration::seconds(1)) else {
        return false;
    };
    let before = Scene { at, ..*scene };
    let allowance = entitled(before.facts, before.policy, before.catalog, at)
        .and_then(|then| allowed(&before, &then, limit).0);
    let used = total(uses.iter().filter(|one| one.at <= at).copied());
    allowance.is_some_and(|allowed| used > allowed.max(kept(limit, uses)))
}

/// The moments at which an allowance may have become another: where a plan or seats begin, where add-ons,
/// trials and agreements begin or end.
fn lowerings(facts: &Facts) -> Vec<Moment> {
    let slices = facts.terms.iter().flat_map(|term| &term.slices);
    let mut all: Vec<Moment> = slices
        .map(|slice| begun(facts, slice.from, slice.order))
        .collect();
    let ends = facts.holdings.iter().map(|held| held.span.end);
    let trials = facts
        .trials
        .iter()
        .map(|trial| trial.ended_on.unwrap_or(trial.span.end));
    let agreed = facts
        .agreements
        .iter()
        .flat_map(|agreement| [Some(agreement.from), agreement.until])
        .flatten();
    all.extend(ends.chain(trials).chain(agreed).map(midnight));
    all
}

/// When something began: with its day, or when it was paid, if that was later.
fn begun(facts: &Facts, day: Day, order: Option<i64>) -> Moment {
    let paid = facts.payments.iter().filter(|payment| {
        order.is_some() && payment.order == order && payment.state == PaymentState::Paid
    });
    paid.filter_map(|payment| payment.settled_at)
        .filter(|at| at.date() >= day)
        .max()
        .unwrap_or(midnight(day))
}
