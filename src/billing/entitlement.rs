//! What an account may use on a day: the plan behind it, features, and where each of them comes from.
//!
//! The plan is that of the running paid term (also in the grace after it), of the running trial, or the free
//! plan. On top come what was kept from earlier versions of the plan, add-ons, and what was agreed.

use super::account::{Agreed, Agreement, Facts};
use super::calendar::{Day, Moment};
use super::catalog::{Catalog, Gives, Keep, Plan, Sale};
use super::policy::{Policy, State};
use super::standing::standing;
use super::term::{Holding, Seats, Slice, Term, Trial};

/// What an account's use rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ground<'a> {
    /// A paid term, running or inside the grace after it.
    Paid {
        /// The term.
        term: &'a Term,
        /// What holds in it.
        slice: &'a Slice,
        /// The first day since which the plan was held without a break.
        since: Day,
    },
    /// A trial.
    Trial(&'a Trial),
    /// The free plan.
    Free,
}

/// What an account may use at a moment, before limits and credits are counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Entitled<'a> {
    /// The moment.
    pub at: Moment,
    /// The plan, as today's catalog knows it.
    pub plan: &'a Plan,
    /// What it rests on.
    pub ground: Ground<'a>,
    /// Seats that count for allowances: those that are billed, or held where none are.
    pub seats: u32,
    /// Add-ons that run.
    pub add_ons: Vec<&'a Holding>,
}

/// A feature that is on, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureOn {
    /// Which.
    pub id: String,
    /// Where it comes from.
    pub from: Origin,
}

/// Where a feature or an allowance comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The plan.
    Plan,
    /// The trial.
    Trial,
    /// Kept by those who bought the plan before a day.
    Kept(Day),
    /// An add-on.
    AddOn(String),
    /// Agreed with the account, for a reason.
    Agreed(String),
}

/// What the account may use at a moment; nothing while it has no plan.
pub fn entitled<'a>(
    facts: &'a Facts,
    policy: &Policy,
    catalog: &'a Catalog,
    at: Moment,
) -> Option<Entitled<'a>> {
    let day = at.date();
    let now = standing(facts, policy, at);
    let (plan, ground) = match now.state {
        State::Active | State::Cancelling | State::PastDue => paid(facts, catalog, day)?,
        State::Trialing => {
            let trial = now.trial?;
            (catalog.plan(&trial.plan)?, Ground::Trial(trial))
        }
        State::Free => (free_plan(catalog)?, Ground::Free),
        State::New
        | State::TrialEnded
        | State::Frozen
        | State::Expired
        | State::Deactivated
        | State::Closed => return None,
    };
    let seats = match ground {
        Ground::Paid { slice, .. } => plan.billed(counted(catalog, &slice.seats)),
        Ground::Trial(_) | Ground::Free => held(facts, day).max(1),
    };
    Some(Entitled {
        at,
        plan,
        ground,
        seats,
        add_ons: facts
            .holdings
            .iter()
            .filter(|held| held.span.contains(day))
            .collect(),
    })
}

/// The plan that costs nothing, if the catalog has one.
pub fn free_plan(catalog: &Catalog) -> Option<&Plan> {
    catalog.plans.iter().find(|plan| plan.sale == Sale::Free)
}

/// The plan of a slice; a renamed one has its new id already, see [`Facts::in_words_of`].
pub fn plan_of<'c>(catalog: &'c Catalog, slice: &Slice) -> Option<&'c Plan> {
    catalog.plan(&slice.plan)
}

/// A plan's name as an account sees it on a day.
pub fn plan_name<'a>(facts: &'a Facts, plan: &'a Plan, on: Day) -> &'a str {
    let agreed = in_force(facts, on)
        .rev()
        .find_map(|agreement| match &agreement.what {
            Agreed::PlanName { plan: id, name } if *id == plan.id => Some(name.as_str()),
            _ => None,
        });
    agreed.unwrap_or(&plan.name)
}

/// What is agreed with an account on a day, in the order in which it was agreed; the last one counts.
pub fn in_force(facts: &Facts, on: Day) -> impl DoubleEndedIterator<Item = &Agreement> {
    facts.agreements.iter().filter(move |agreement| {
        agreement.from <= on && agreement.until.is_none_or(|until| on < until)
    })
}

/// The features that are on, each once, in the catalog's order.
pub fn features(facts: &Facts, catalog: &Catalog, entitled: &Entitled<'_>) -> Vec<FeatureOn> {
    let since = match entitled.ground {
        Ground::Paid { since, .. } => Some(since),
        Ground::Trial(_) | Ground::Free => None,
    };
    let own = match entitled.ground {
        Ground::Trial(_) => Origin::Trial,
        Ground::Paid { .. } | Ground::Free => Origin::Plan,
    };
    features_of(
        facts,
        catalog,
        entitled.plan,
        own,
        since,
        &entitled.add_ons,
        entitled.at.date(),
    )
}

/// The names of features that are on today and would be off on another plan bought today (K24-12, K24-13).
pub fn features_lost(
    facts: &Facts,
    policy: &Policy,
    catalog: &Catalog,
    plan: &Plan,
    at: Moment,
) -> Vec<String> {
    let Some(now) = entitled(facts, policy, catalog, at) else {
        return Vec::new();
    };
    let same = now.plan.id == plan.id;
    let since = match now.ground {
        Ground::Paid { since, .. } if same => Some(since),
        _ => Some(at.date()),
    };
    let then = features_of(
        facts,
        catalog,
        plan,
        Origin::Plan,
        since,
        &now.add_ons,
        at.date(),
    );
    features(facts, catalog, &now)
        .into_iter()
        .filter(|feature| !then.iter().any(|kept| kept.id == feature.id))
        .map(|feature| catalog.feature_name(&feature.id).to_owned())
        .collect()
}

/// What a holder keeps who bought the plan on a day.
pub fn kept(plan: &Plan, since: Option<Day>) -> impl Iterator<Item = &Keep> {
    plan.keeps
        .iter()
        .filter(move |keep| since.is_some_and(|since| since < keep.bought_before))
}

fn features_of(
    facts: &Facts,
    catalog: &Catalog,
    plan: &Plan,
    own: Origin,
    since: Option<Day>,
    add_ons: &[&Holding],
    on: Day,
) -> Vec<FeatureOn> {
    let mut on_now: Vec<FeatureOn> = Vec::new();
    let mut add = |id: &str, from: Origin| {
        if !on_now.iter().any(|feature| feature.id == id) {
            on_now.push(FeatureOn {
                id: id.to_owned(),
                from,
            });
        }
    };
    for id in &plan.features {
        add(id, own.clone());
    }
    for keep in kept(plan, since) {
        keep.features
            .iter()
            .for_each(|id| add(id, Origin::Kept(keep.bought_before)));
    }
    for held in add_ons {
        if let Some(Gives::Feature { feature }) = catalog.add_on(&held.add_on).map(|a| &a.gives) {
            add(feature, Origin::AddOn(held.add_on.clone()));
        }
    }
    for agreement in in_force(facts, on) {
        if let Agreed::Feature { feature, on } = &agreement.what {
            on_now.retain(|known| known.id != *feature || *on);
            if *on && !on_now.iter().any(|known| known.id == *feature) {
                let from = Origin::Agreed(agreement.reason.clone());
                on_now.push(FeatureOn {
                    id: feature.clone(),
                    from,
                });
            }
        }
    }
    let place = |id: &str| catalog.features.iter().position(|known| known.id == id);
    on_now.sort_by_key(|feature| place(&feature.id).unwrap_or(usize::MAX));
    on_now
}

/// The paid term of a day, or the one whose grace is running.
fn paid<'a>(facts: &'a Facts, catalog: &'a Catalog, day: Day) -> Option<(&'a Plan, Ground<'a>)> {
    let paid = || {
        facts
            .terms
            .iter()
            .filter(|term| term.paid && term.span.start <= day)
    };
    let running = paid().find(|term| term.span.contains(day));
    let term = running.or_else(|| paid().max_by_key(|term| term.span.end))?;
    let slice = term.slice_on(day)?;
    let plan = plan_of(catalog, slice)?;
    let since = held_since(facts, catalog, plan, day);
    Some((plan, Ground::Paid { term, slice, since }))
}

/// The first day since which a plan is held without a break, up to a day.
fn held_since(facts: &Facts, catalog: &Catalog, plan: &Plan, day: Day) -> Day {
    let mut since = None;
    let mut reaches: Option<Day> = None;
    for term in facts
        .terms
        .iter()
        .filter(|term| term.paid && term.span.start <= day)
    {
        if reaches.is_some_and(|end| end < term.span.start) {
            since = None;
        }
        reaches = reaches.max(Some(term.span.end));
        for slice in term.slices.iter().filter(|slice| slice.from <= day) {
            let is_it = plan_of(catalog, slice).is_some_and(|known| known.id == plan.id);
            since = is_it.then(|| since.unwrap_or(slice.from));
        }
    }
    since.unwrap_or(day)
}

/// Ordered seats that count: those that are not of a free kind.
fn counted(catalog: &Catalog, seats: &Seats) -> u32 {
    let is_free = |id: &str| {
        catalog
            .seat_types
            .iter()
            .any(|kind| kind.id == id && kind.sale == Sale::Free)
    };
    let kinds = seats.iter().filter(|(id, _)| !is_free(id));
    kinds.fold(0, |sum, (_, seats)| sum.saturating_add(*seats))
}

/// Members who hold a seat.
fn held(facts: &Facts, day: Day) -> u32 {
    let held = facts
        .active_members(day)
        .filter(|member| member.seat.is_some())
        .count();
    u32::try_from(held).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "entitlement_tests.rs"]
mod tests;
