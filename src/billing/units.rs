//! How many units of use are left, which use takes which, and grants by hand.
//!
//! Nothing expires by being written down: what plan and packs grant in each stretch between two resets
//! follows from the facts and a date, and uses are counted against what could be used when they happened,
//! what expires first being used first.

use super::access;
use super::calendar::{Day, Moment, Span, midnight, plus_days};
use super::catalog::{Credit, Gives, Reset, Scope};
use super::change::Change;
use super::credit::{CreditEntry, CreditKind};
use super::entitlement::{Entitled, Ground, entitled};
use super::pack;
use super::policy::{GrantPace, Situation, State};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::window::{resets_in, window};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The most stretches that are looked back.
const MOST_STRETCHES: usize = 600;

/// What is left of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Units left; absent means unlimited.
    pub left: Option<i64>,
    /// Units that plan, packs and grants give in the running stretch; absent means unlimited.
    pub given: Option<i64>,
    /// The day on which the count starts again.
    pub resets_on: Option<Day>,
}

/// Units that can be used from a day, until another.
#[derive(Debug)]
struct Source {
    from: Day,
    until: Day,
    /// Only by this member.
    member: Option<i64>,
    given: Option<i64>,
    left: i64,
}

impl Source {
    fn is_open(&self, day: Day, member: Option<i64>) -> bool {
        self.from <= day
            && day < self.until
            && (self.member.is_none() || member.is_none() || self.member == member)
    }
}

/// What is left of a kind of credit: for a member, where members have their own, otherwise for all together.
pub fn left(scene: &Scene<'_>, credit: &Credit, member: Option<i64>) -> Left {
    let on = scene.on();
    let sources = after_use(scene, credit);
    let open: Vec<&Source> = sources
        .iter()
        .filter(|source| source.is_open(on, member))
        .collect();
    let unlimited = open.iter().any(|source| source.given.is_none());
    let sum = |of: fn(&Source) -> i64| {
        let units = open
            .iter()
            .fold(0_i64, |sum, source| sum.saturating_add(of(source)));
        (!unlimited).then_some(units)
    };
    let resets_on = entitled(scene.facts, scene.policy, scene.catalog, scene.at)
        .filter(|_| credit.reset != Reset::Never)
        .map(|now| stretch(scene, &now, credit, on).end);
    Left {
        left: sum(|source| source.left),
        given: sum(|source| source.given.unwrap_or(0)),
        resets_on,
    }
}

/// What is left on the day by whom it belongs to; what all share under no member. None where it is unlimited.
pub fn by_owner(scene: &Scene<'_>, credit: &Credit) -> Option<BTreeMap<Option<i64>, i64>> {
    let mut owned = BTreeMap::new();
    for source in after_use(scene, credit) {
        if source.is_open(scene.on(), None) {
            source.given?;
            let units: &mut i64 = owned.entry(source.member).or_default();
            *units = units.saturating_add(source.left);
        }
    }
    Some(owned)
}

/// Everything that gave units of a kind, and what was not used of it.
fn after_use(scene: &Scene<'_>, credit: &Credit) -> Vec<Source> {
    let mut sources = sources(scene, credit);
    let uses = scene.facts.credits.iter().filter(|entry| {
        entry.credit == credit.id && entry.kind == CreditKind::Used && entry.at <= scene.at
    });
    for entry in uses {
        take(&mut sources, entry);
    }
    sources
}

/// Units are used up.
///
/// # Errors
/// Not enough is left, or whose they are is not said.
pub fn use_up(
    scene: &Scene<'_>,
    credit: &Credit,
    units: i64,
    member: Option<i64>,
) -> Result<Vec<Change>, Refusal> {
    positive(units)?;
    let name = &scene.facts.account.name;
    if !credit.pooled && member.is_none() {
        let message = format!(
            "{} belong to each member by himself; name one.",
            credit.name
        );
        return Err(Refusal::new(Code::ValueNotUsable, message).run(format!(
            "credit use {name} {} {units} --member EMAIL",
            credit.id
        )));
    }
    let now = left(scene, credit, member);
    if let Some(left) = now.left.filter(|left| *left < units) {
        return Err(pack::used_up(scene, credit, units, left, now.resets_on));
    }
    let used = entry(scene, credit, (CreditKind::Used, -units, None), member);
    Ok(vec![added(scene, used)])
}

/// Units are given by the seller's people.
///
/// # Errors
/// A member asks, no reason is given, or the end lies in the past.
pub fn grant(
    scene: &Scene<'_>,
    credit: &Credit,
    units: i64,
    until: Option<Day>,
    member: Option<i64>,
) -> Result<Vec<Change>, Refusal> {
    positive(units)?;
    let name = &scene.facts.account.name;
    if scene.member.is_some() {
        let message = format!("{} are given only by the seller's people.", credit.name);
        return Err(Refusal::new(Code::SupportOnly, message).routed(name, Situation::Support));
    }
    access::reason("A grant of credits", scene.reason)?;
    if let Some(end) = until.filter(|end| *end <= scene.on()) {
        let message = format!("A grant on {} cannot end on {end}.", scene.on());
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    let now = entitled(scene.facts, scene.policy, scene.catalog, scene.at);
    let own_end = now
        .filter(|_| !credit.carry_over && credit.reset != Reset::Never)
        .map(|now| stretch(scene, &now, credit, scene.on()).end);
    let expires_on = until.or(own_end);
    let granted = (CreditKind::Granted, units, expires_on);
    Ok(vec![added(scene, entry(scene, credit, granted, member))])
}

fn positive(units: i64) -> Result<(), Refusal> {
    match units > 0 {
        true => Ok(()),
        false => {
            let message = format!("{units} is not a number of credits; it must be 1 or more.");
            Err(Refusal::new(Code::ValueNotUsable, message))
        }
    }
}

/// An entry of the scene's moment and for its reason.
pub(super) fn entry(
    scene: &Scene<'_>,
    credit: &Credit,
    (kind, units, expires_on): (CreditKind, i64, Option<Day>),
    member: Option<i64>,
) -> CreditEntry {
    CreditEntry {
        id: 0,
        credit: credit.id.clone(),
        kind,
        units,
        at: scene.at,
        expires_on,
        member,
        order: None,
        reason: scene.reason.map(str::to_owned),
    }
}

fn added(scene: &Scene<'_>, entry: CreditEntry) -> Change {
    Change::AddCredit {
        account: scene.facts.account.id,
        entry,
    }
}

/// One use takes from what was open to it, what expires first being taken first, the member's own before
/// what is shared.
fn take(sources: &mut [Source], entry: &CreditEntry) {
    let day = entry.at.date();
    let mut wanted = entry.units.saturating_neg();
    let mut open: Vec<&mut Source> = sources
        .iter_mut()
        .filter(|source| source.is_open(day, entry.member))
        .collect();
    if open.iter().any(|source| source.given.is_none()) {
        return;
    }
    open.sort_by_key(|source| (source.until, source.member.is_none(), source.from));
    for source in open {
        let taken = wanted.min(source.left);
        source.left -= taken;
        wanted -= taken;
    }
}

/// Everything that gave, or gives, units of a kind.
fn sources(scene: &Scene<'_>, credit: &Credit) -> Vec<Source> {
    let entries = scene.facts.credits.iter().filter(|entry| {
        entry.credit == credit.id
            && matches!(entry.kind, CreditKind::Granted | CreditKind::Bought)
            && entry.at <= scene.at
    });
    let mut sources: Vec<Source> = entries
        .map(|entry| Source {
            from: entry.at.date(),
            until: entry.expires_on.unwrap_or(NaiveDate::MAX),
            member: entry.member,
            given: Some(entry.units),
            left: entry.units,
        })
        .collect();
    let looks_back = credit.carry_over || !sources.is_empty();
    let mut day = scene.on();
    for _ in 0..MOST_STRETCHES {
        let at: Moment = if day == scene.on() {
            scene.at
        } else {
            midnight(day)
        };
        let Some(then) = entitled(scene.facts, scene.policy, scene.catalog, at) else {
            break;
        };
        let here = stretch(scene, &then, credit, day);
        from_plan(scene, credit, &then, here, &mut sources);
        from_packs(scene, credit, &then, here, &mut sources);
        if !looks_back || here.start <= scene.facts.account.created_on {
            break;
        }
        day = plus_days(here.start, -1);
    }
    sources
}

/// The stretch in which a balance runs: between two resets, or the term where it is granted at once.
fn stretch(scene: &Scene<'_>, now: &Entitled<'_>, credit: &Credit, day: Day) -> Span {
    let reset = match (scene.policy.credits.grant, now.ground, credit.reset) {
        (GrantPace::TermAtOnce, Ground::Paid { .. }, Reset::Month | Reset::Week) => Reset::Term,
        _ => credit.reset,
    };
    window(scene.facts, now, reset, day)
}

fn times(scene: &Scene<'_>, credit: &Credit, now: &Entitled<'_>) -> i64 {
    match (scene.policy.credits.grant, now.ground) {
        (GrantPace::TermAtOnce, Ground::Paid { term, .. }) => match term.stub {
            Some(_) => pack::resets_seen(credit, term, term.span),
            None => i64::from(resets_in(credit.reset, term.span, term.period)),
        },
        _ => 1,
    }
}

fn from_plan(
    scene: &Scene<'_>,
    credit: &Credit,
    now: &Entitled<'_>,
    here: Span,
    sources: &mut Vec<Source>,
) {
    let trial = scene.policy.trial.as_ref();
    let (amount, per) = match (now.ground, trial) {
        (Ground::Trial(_), Some(rules)) if rules.credits.contains_key(&credit.id) => {
            (rules.credits.get(&credit.id).copied(), rules.credits_per)
        }
        _ => match now.plan.credits.get(&credit.id) {
            Some(grant) => (grant.amount, grant.per),
            None => return,
        },
    };
    if amount.is_some() && is_owed(scene, now, here) {
        return;
    }
    let until = if credit.carry_over {
        NaiveDate::MAX
    } else {
        here.end
    };
    let mut add = |units: i64, member: Option<i64>| {
        let given = amount.map(|amount| {
            amount
                .saturating_mul(units)
                .saturating_mul(times(scene, credit, now))
        });
        let left = given.unwrap_or(0);
        sources.push(Source {
            from: here.start,
            until,
            member,
            given,
            left,
        });
    };
    let last = plus_days(here.end, -1).min(scene.on());
    let members = || scene.facts.active_members(last);
    match (credit.pooled, per) {
        (true, Scope::Workspace) => add(1, None),
        (true, Scope::Seat) => add(i64::from(now.seats), None),
        (true, Scope::User) => add(i64::try_from(members().count()).unwrap_or(i64::MAX), None),
        (false, Scope::Seat) => members()
            .filter(|member| member.seat.is_some())
            .for_each(|member| add(1, Some(member.id))),
        (false, Scope::User | Scope::Workspace) => {
            members().for_each(|member| add(1, Some(member.id)));
        }
    }
}

/// Whether a stretch is of a term that is not paid yet: its units, given all at once, come with the payment.
fn is_owed(scene: &Scene<'_>, now: &Entitled<'_>, here: Span) -> bool {
    let at_once = scene.policy.credits.grant == GrantPace::TermAtOnce;
    let behind = matches!(now.ground, Ground::Paid { term, .. } if !term.span.contains(here.start));
    at_once && behind && scene.standing().state == State::PastDue
}

fn from_packs(
    scene: &Scene<'_>,
    credit: &Credit,
    now: &Entitled<'_>,
    here: Span,
    sources: &mut Vec<Source>,
) {
    for held in &scene.facts.holdings {
        let gives = scene
            .catalog
            .add_on(&held.add_on)
            .map(|add_on| &add_on.gives);
        let Some(Gives::Credits { credit: id, amount }) = gives else {
            continue;
        };
        let Some(both) = held.span.overlap(here).filter(|_| *id == credit.id) else {
            continue;
        };
        let units = amount
            .saturating_mul(i64::from(held.quantity))
            .saturating_mul(pack::times(scene, credit, now, both));
        sources.push(Source {
            from: both.start,
            until: if credit.carry_over {
                NaiveDate::MAX
            } else {
                both.end
            },
            member: None,
            given: Some(units),
            left: units,
        });
    }
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
