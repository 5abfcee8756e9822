//! Bill days: days that no calendar has, keys that need another one, and stubs that never are.

use super::Problems;
use crate::billing::anchor::has_calendar;
use crate::billing::calendar::Period;
use crate::billing::catalog::Catalog;
use crate::billing::policy::{BonusDays, FirstTerm, Policy, Stub, TermAnchor};
use crate::billing::switches::Unit;

pub(super) fn check(policy: &Policy, problems: &mut Problems<'_>) {
    numbers(policy, problems);
    match policy.term.anchor {
        TermAnchor::StartDay => no_stub(problems),
        TermAnchor::FixedDay => fixed(policy, problems),
        TermAnchor::Calendar => {}
    }
    if policy.term.anchor != TermAnchor::FixedDay {
        for key in ["term.day", "term.month", "term.weekday"] {
            if problems.says(key) {
                problems.wrong(
                    key,
                    "Only terms of a fixed day have this.",
                    "Set term.anchor = \"fixed_day\", or take this out.",
                );
            }
        }
    }
    if policy.term.anchor != TermAnchor::StartDay {
        stub(policy, problems);
    }
}

fn numbers(policy: &Policy, problems: &mut Problems<'_>) {
    let term = &policy.term;
    if let Some(day) = term.day.filter(|day| !(1..=31).contains(day)) {
        problems.wrong(
            "term.day",
            format!("No month has a day {day}."),
            "Write a number from 1 to 31; 31 is the last day of every month.",
        );
    }
    if let Some(month) = term.month.filter(|month| !(1..=12).contains(month)) {
        problems.wrong(
            "term.month",
            format!("No year has a month {month}."),
            "Write a number from 1, for January, to 12.",
        );
    }
    if term.join_below_days == Some(0) {
        problems.odd(
            "term.join_below_days",
            "No stub has fewer than 0 days.",
            "Write 1 or more, or take this out.",
        );
    }
}

/// Keys about a stub, where every subscription keeps its own day.
fn no_stub(problems: &mut Problems<'_>) {
    for key in ["term.stub", "term.first", "term.join_below_days"] {
        problems.odd_if_said(
            key,
            "There is never a stub: every subscription keeps the day on which it begins.",
            "Set term.anchor to \"fixed_day\" or \"calendar\", or take this out.",
        );
    }
}

fn fixed(policy: &Policy, problems: &mut Problems<'_>) {
    let term = &policy.term;
    if term.day.is_none() && term.weekday.is_none() {
        problems.wrong(
            "term.anchor",
            "The fixed day is not said.",
            "Add term.day = 1 or another day of the month, and term.weekday if weeks are sold.",
        );
    } else if term.day.is_none() && term.month.is_some() {
        problems.wrong(
            "term.month",
            "A month without a day is no bill day.",
            "Add term.day, or take this out.",
        );
    }
}

fn stub(policy: &Policy, problems: &mut Problems<'_>) {
    let term = &policy.term;
    let joined = [
        ("term.first", term.first == FirstTerm::StubAndPeriod),
        ("term.join_below_days", term.join_below_days.is_some()),
    ];
    for (key, _) in joined
        .iter()
        .filter(|(_, joins)| *joins && term.stub == Stub::Full)
    {
        problems.wrong(
            key,
            "The stub and the period behind it would cost a whole period each, in one order.",
            "Set term.stub = \"free\" for one whole price, or \"prorated\".",
        );
    }
    if term.first == FirstTerm::StubAndPeriod {
        problems.odd_if_said(
            "term.join_below_days",
            "This decides nothing: every stub is sold with the period behind it.",
            "Set term.first = \"stub\", or take this out.",
        );
    }
    if term.stub == Stub::Prorated && policy.proration.unit == Unit::None {
        problems.odd(
            "term.stub",
            "Every stub costs a whole period: proration.unit is \"none\".",
            "Set term.stub = \"full\" or \"free\", or another unit.",
        );
    }
    let trial = policy.trial.as_ref().map(|trial| trial.bonus_days);
    if trial == Some(BonusDays::AddToTerm) {
        problems.wrong(
            "trial.bonus_days",
            "Days on top would move the end of the first term off the bill day of term.anchor.",
            "Set this to \"none\", or term.anchor to \"start_day\".",
        );
    }
}

/// Periods that are sold and that the bill days do not fit, and bill days that no period has.
pub(super) fn pair(
    catalog: &Catalog,
    policy: &Policy,
    in_catalog: &mut Problems<'_>,
    in_policy: &mut Problems<'_>,
) {
    let term = &policy.term;
    if term.anchor == TermAnchor::StartDay {
        return;
    }
    for (at, plan) in catalog.plans.iter().enumerate() {
        for (which, period) in plan.periods.iter().enumerate() {
            if let Some(message) = misfit(policy, *period) {
                in_catalog.odd(
                    format!("plan[{at}].periods[{which}]"),
                    message,
                    "Take the period out, or change [term] of the policy.",
                );
            }
        }
    }
    let mut sold = catalog.plans.iter().flat_map(|plan| &plan.periods);
    if term.weekday.is_some() && !sold.any(|period| weeks(*period)) {
        in_policy.odd(
            "term.weekday",
            "This never decides anything: no plan is sold for weeks.",
            "Take it out.",
        );
    }
}

fn weeks(period: Period) -> bool {
    matches!(period, Period::Days(days) if days.is_multiple_of(7))
}

/// How terms of a period begin, where that is not what the bill days promise.
fn misfit(policy: &Policy, period: Period) -> Option<String> {
    let term = &policy.term;
    let by_calendar = term.anchor == TermAnchor::Calendar || term.month.is_some();
    match period {
        Period::Months(_) if by_calendar && !has_calendar(period) => Some(format!(
            "A year has no equal parts of {period}, so these terms begin with any month."
        )),
        Period::Months(_) if term.anchor == TermAnchor::FixedDay && term.day.is_none() => Some(
            format!("Terms of {period} run from their own start: the policy has no term.day."),
        ),
        Period::Days(_) if !weeks(period) => Some(format!(
            "Terms of {period} run from their own start: they are neither weeks nor months."
        )),
        Period::Days(_) if term.anchor == TermAnchor::FixedDay && term.weekday.is_none() => Some(
            format!("Terms of {period} run from their own start: the policy has no term.weekday."),
        ),
        Period::Months(_) | Period::Days(_) => None,
    }
}
