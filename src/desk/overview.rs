//! An account on one screen: put together from facts, rules and a moment.

use super::load::Seen;
use super::{Failure, Terms, order};
use crate::billing::allowance::{self, Use};
use crate::billing::calendar::plus_days;
use crate::billing::catalog::Scope;
use crate::billing::entitlement::{self, Entitled, Ground, entitled};
use crate::billing::policy::State;
use crate::billing::scene::{Scene, next_in_words};
use crate::billing::standing::Standing;
use crate::billing::{agree, quote, seating, units};
use crate::store::Reader;
use crate::wire::account::{Account, AddOn, Agreement, Feature, Method, Plan};
use crate::wire::case::Case;
use crate::wire::credit::Credit;
use crate::wire::limit::{Limit, origin};
use crate::wire::member::Member;
use crate::wire::trial::Trial;

/// Orders that the overview shows.
const ORDERS: u32 = 10;

/// The overview of an account at the moment of the terms.
///
/// # Errors
/// The store cannot be read.
pub(super) fn overview(read: Reader<'_>, terms: &Terms, seen: &Seen) -> Result<Account, Failure> {
    let scene = seen.scene(terms);
    let standing = scene.standing();
    let account = &seen.facts.account;
    let now = entitled(scene.facts, scene.policy, scene.catalog, scene.at);
    let name = &account.name;
    Ok(Account {
        name: name.clone(),
        title: account.title.clone(),
        country: account.country.clone(),
        region: account.region.clone(),
        currency: account.currency,
        on: terms.on(),
        created_on: account.created_on,
        closed_on: account.closed_on,
        state: standing.state,
        plan: now.as_ref().map(|now| plan(&scene, &standing, now)),
        trial: last_trial(&scene),
        auto_renew: standing.renews_by_itself(),
        renews_on: renews_on(&standing),
        scheduled: scheduled(&scene, &standing),
        method: method(&scene),
        methods: quote::methods_for(&scene)
            .iter()
            .map(|method| method.id.clone())
            .collect(),
        ways: quote::methods_for(&scene)
            .into_iter()
            .map(Into::into)
            .collect(),
        billing: account.billing.clone(),
        members: members(seen),
        balance: seen.facts.balance.into(),
        credits: credits(&scene, None),
        limits: limits(read, &scene)?,
        add_ons: add_ons(&scene, now.as_ref()),
        agreements: agreements(&scene),
        orders: orders(read, &scene)?,
        cases: cases(&scene),
    })
}

/// The people of an account.
pub(super) fn members(seen: &Seen) -> Vec<Member> {
    let access = &seen.policy.access;
    let all = seen.facts.members.iter();
    all.map(|member| Member::of(member, access)).collect()
}

/// Use against every limit that is counted for the account as a whole.
pub(super) fn limits(read: Reader<'_>, scene: &Scene<'_>) -> Result<Vec<Limit>, Failure> {
    let whole = scene
        .catalog
        .limits
        .iter()
        .filter(|limit| limit.scope != Scope::User);
    whole
        .map(|limit| {
            let uses = uses(read, scene.facts.account.id, &limit.id)?;
            Ok(Limit::of(
                &allowance::count(scene, limit, &uses, None),
                None,
            ))
        })
        .collect()
}

/// Recorded uses of a limit.
pub(super) fn uses(read: Reader<'_>, account: i64, limit: &str) -> Result<Vec<Use>, Failure> {
    let uses = read.limit_uses(account, limit)?.into_iter();
    Ok(uses
        .map(|(member, amount, at)| Use { member, amount, at })
        .collect())
}

/// Units that are left of every kind; of kinds that members have for themselves, those of each member, or
/// of one.
pub(super) fn credits(scene: &Scene<'_>, only: Option<i64>) -> Vec<Credit> {
    let mut all = Vec::new();
    for credit in &scene.catalog.credits {
        let mut add = |member: Option<(i64, &str)>| {
            let left = units::left(scene, credit, member.map(|(id, _)| id));
            all.push(Credit {
                id: credit.id.clone(),
                name: credit.name.clone(),
                member: member.map(|(_, email)| email.to_owned()),
                left: left.left,
                given: left.given,
                resets_on: left.resets_on,
            });
        };
        if credit.pooled {
            add(None);
            continue;
        }
        let members = scene.facts.active_members(scene.on());
        members
            .filter(|member| only.is_none_or(|id| member.id == id))
            .for_each(|member| add(Some((member.id, &member.email))));
    }
    all
}

fn plan(scene: &Scene<'_>, standing: &Standing<'_>, now: &Entitled<'_>) -> Plan {
    let counts = seating::seats(scene);
    let of = |read: fn(&seating::SeatCount) -> Option<u32>| {
        let found = counts
            .iter()
            .map(|count| (count.seat_type.clone(), read(count)));
        found
            .filter_map(|(id, seats)| seats.map(|seats| (id, seats)))
            .collect()
    };
    let features = entitlement::features(scene.facts, scene.catalog, now);
    let (period, since) = match now.ground {
        Ground::Paid { term, .. } => (Some(term.period), Some(term.span.start)),
        Ground::Trial(trial) => (None, Some(trial.span.start)),
        Ground::Free => (None, None),
    };
    Plan {
        id: now.plan.id.clone(),
        name: entitlement::plan_name(scene.facts, now.plan, scene.on()).to_owned(),
        unit: scene.catalog.unit.clone(),
        seats: of(|count| count.seats),
        assigned: of(|count| Some(count.assigned)),
        free: of(seating::SeatCount::free),
        period,
        since,
        until: match now.ground {
            Ground::Paid { .. } => standing.paid_until,
            Ground::Trial(trial) => Some(trial.span.end),
            Ground::Free => None,
        },
        features: features
            .into_iter()
            .map(|feature| Feature {
                name: scene.catalog.feature_name(&feature.id).to_owned(),
                from: origin(&feature.from),
                id: feature.id,
            })
            .collect(),
    }
}

fn last_trial(scene: &Scene<'_>) -> Option<Trial> {
    let begun = |trial: &&crate::billing::term::Trial| trial.span.start <= scene.on();
    let last = scene.facts.trials.iter().rfind(begun)?;
    Some(Trial::of(
        last,
        &scene.facts.account.name,
        scene.catalog,
        scene.on(),
    ))
}

fn renews_on(standing: &Standing<'_>) -> Option<crate::billing::calendar::Day> {
    match standing.state {
        State::Active | State::Cancelling | State::PastDue => standing.paid_until,
        State::New
        | State::Trialing
        | State::TrialEnded
        | State::Free
        | State::Frozen
        | State::Expired
        | State::Deactivated
        | State::Closed => None,
    }
}

/// What waits for the renewal, in words.
fn scheduled(scene: &Scene<'_>, standing: &Standing<'_>) -> Vec<String> {
    let day = standing.paid_until.map(|day| day.to_string());
    let day = day.unwrap_or_else(|| "the renewal".to_owned());
    let waits = scene
        .facts
        .scheduled
        .iter()
        .filter(|waits| waits.asked_on <= scene.on());
    waits
        .map(|waits| {
            format!(
                "From {day} on: {}",
                next_in_words(scene.catalog, &waits.change)
            )
        })
        .collect()
}

fn method(scene: &Scene<'_>) -> Option<Method> {
    let saved = scene.facts.method.as_ref()?;
    (saved.saved_on <= scene.on()).then(|| Method {
        id: saved.method.clone(),
        reference: saved.reference.clone(),
        saved_on: saved.saved_on,
    })
}

fn add_ons(scene: &Scene<'_>, now: Option<&Entitled<'_>>) -> Vec<AddOn> {
    let held = now.map(|now| now.add_ons.as_slice()).unwrap_or_default();
    held.iter()
        .map(|held| AddOn {
            id: held.add_on.clone(),
            name: scene
                .catalog
                .add_on(&held.add_on)
                .map_or_else(|| held.add_on.clone(), |add_on| add_on.name.clone()),
            quantity: held.quantity,
            until: held.span.end,
        })
        .collect()
}

fn agreements(scene: &Scene<'_>) -> Vec<Agreement> {
    let current = scene
        .facts
        .agreements
        .iter()
        .filter(|agreement| agreement.until.is_none_or(|until| scene.on() < until));
    current
        .map(|agreement| Agreement {
            number: agreement.id,
            text: agree::in_words(scene.catalog, agreement),
        })
        .collect()
}

fn orders(read: Reader<'_>, scene: &Scene<'_>) -> Result<Vec<crate::wire::order::Brief>, Failure> {
    let tomorrow = plus_days(scene.on(), 1);
    let rows = read.last_orders(&scene.facts.account, tomorrow, ORDERS)?;
    Ok(rows
        .into_iter()
        .map(|row| order::brief(row, &scene.catalog.unit))
        .collect())
}

fn cases(scene: &Scene<'_>) -> Vec<Case> {
    let opened = scene
        .facts
        .open_cases
        .iter()
        .filter(|case| case.opened_at <= scene.at);
    opened
        .map(|case| Case::of(case, Some(scene.facts.account.name.clone())))
        .collect()
}
