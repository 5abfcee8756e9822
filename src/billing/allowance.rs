//! Limits: how much of a counted thing an account may have, how much it has, and whether more may be added.

use super::account::{Agreed, BillingDetails, Facts};
use super::calendar::{Moment, Span};
use super::catalog::{Allowance, AllowanceWord, AtLimit, Gives, Limit, Plan, Reset, Scope};
use super::change::Change;
use super::entitlement::{Entitled, Ground, Origin, entitled, in_force, kept};
use super::message::Message;
use super::over;
use super::reactivate::way_in;
use super::refusal::{Code, Refusal};
use super::scene::{Scene, words};
use super::window::window;
use chrono::Duration;

/// A recorded use of a limited thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// The member, where members have their own.
    pub member: Option<i64>,
    /// By how much, negative for less.
    pub amount: i64,
    /// When.
    pub at: Moment,
}

/// Use against a limit at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Count<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// Allowed; absent means unlimited.
    pub allowed: Option<i64>,
    /// Where the allowance comes from.
    pub from: Origin,
    /// Used.
    pub used: i64,
    /// The stretch in which it is counted, where the count starts again.
    pub stretch: Option<Span>,
    /// Since when use is above the allowance; use from before a day that the catalog names does not count.
    pub over_since: Option<Moment>,
    /// When named actions stop, if use stays above.
    pub blocks_at: Option<Moment>,
}

/// Why more may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// It fits; so much is left afterwards, or it is unlimited.
    Fits(Option<i64>),
    /// It is above the allowance, which is tolerated until a moment.
    Grace(Moment),
    /// It is above the allowance and the grace is over, but what adds it is not among the blocked actions.
    NotBlocked,
}

/// What adds to a count, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Adding<'a> {
    /// How much.
    pub amount: i64,
    /// For which member, where members have their own.
    pub member: Option<i64>,
    /// The action that adds it, by the catalog's name: `bots`.
    pub action: Option<&'a str>,
}

/// Use against a limit: of all together, or of a member where members have their own.
pub fn count<'a>(
    scene: &Scene<'a>,
    limit: &'a Limit,
    uses: &[Use],
    member: Option<i64>,
) -> Count<'a> {
    let now = entitled(scene.facts, scene.policy, scene.catalog, scene.at);
    let (allowed, from) = match &now {
        Some(now) => allowed(scene, now, limit),
        None => (Some(0), Origin::Plan),
    };
    let stretch = match (&now, limit.reset) {
        (None, _) | (_, Reset::Never) => None,
        (Some(now), reset) => Some(window(scene.facts, now, reset, scene.on())),
    };
    let counted: Vec<&Use> = uses
        .iter()
        .filter(|one| one.at <= scene.at && (limit.scope != Scope::User || one.member == member))
        .filter(|one| stretch.is_none_or(|stretch| stretch.contains(one.at.date())))
        .collect();
    let used = total(counted.iter().copied());
    let over_since = over::since(scene, limit, &counted, allowed);
    let blocks_at = match (&limit.at_limit, over_since) {
        (AtLimit::Grace { hours, .. }, Some(since)) => Some(after_hours(since, *hours)),
        _ => None,
    };
    Count {
        limit,
        allowed,
        from,
        used,
        stretch,
        over_since,
        blocks_at,
    }
}

/// May so much be added? Answers without changing anything.
///
/// # Errors
/// The account has no plan, the limit is reached, or the question makes no sense.
pub fn check(
    scene: &Scene<'_>,
    limit: &Limit,
    uses: &[Use],
    adding: Adding<'_>,
) -> Result<Room, Refusal> {
    let name = &scene.facts.account.name;
    if limit.scope == Scope::User && adding.member.is_none() {
        let message = format!(
            "{} are counted for each member by himself; name one.",
            limit.name
        );
        return Err(Refusal::new(Code::ValueNotUsable, message).say("Add --member EMAIL."));
    }
    let now = count(scene, limit, uses, adding.member);
    let then = now.used.saturating_add(adding.amount);
    if then < 0 {
        let message = format!(
            "{} cannot fall below zero: {} are in use.",
            limit.name, now.used
        );
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    if adding.amount <= 0 {
        return Ok(Room::Fits(
            now.allowed
                .map(|allowed| allowed.saturating_sub(then).max(0)),
        ));
    }
    let has_plan = entitled(scene.facts, scene.policy, scene.catalog, scene.at).is_some();
    if !has_plan {
        let state = words(scene.standing().state);
        let message = format!("{name} is {state}, so no {} can be added.", limit.name);
        return Err(Refusal::new(Code::NoSubscription, message).run(way_in(scene)));
    }
    let Some(allowed) = now.allowed.filter(|allowed| *allowed < then) else {
        return Ok(Room::Fits(
            now.allowed.map(|allowed| allowed.saturating_sub(then)),
        ));
    };
    let AtLimit::Grace { hours, blocks } = &limit.at_limit else {
        return Err(reached(scene, &now, allowed, adding));
    };
    let blocks_at = now.blocks_at.unwrap_or(after_hours(scene.at, *hours));
    if scene.at < blocks_at {
        return Ok(Room::Grace(blocks_at));
    }
    match adding.action {
        Some(action) if !blocks.iter().any(|blocked| blocked == action) => Ok(Room::NotBlocked),
        _ => {
            let since = blocks_at.format("%Y-%m-%d %H:%M");
            let stopped = format!("Since {since} these have stopped: {}.", blocks.join(", "));
            Err(reached(scene, &now, allowed, adding).say(stopped))
        }
    }
}

/// Use is recorded. The account is told when the allowance is passed (FK-21).
///
/// # Errors
/// As [`check`].
pub fn record(
    scene: &Scene<'_>,
    limit: &Limit,
    uses: &[Use],
    adding: Adding<'_>,
) -> Result<(Vec<Change>, Room), Refusal> {
    if adding.amount == 0 {
        let message = "A use of 0 changes nothing.";
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    let room = check(scene, limit, uses, adding)?;
    let account = scene.facts.account.id;
    let member = adding.member.filter(|_| limit.scope == Scope::User);
    let mut changes = vec![Change::RecordUse {
        account,
        limit: limit.id.clone(),
        member,
        amount: adding.amount,
        at: scene.at,
    }];
    let was_over = count(scene, limit, uses, adding.member)
        .over_since
        .is_some();
    if matches!(room, Room::Grace(_)) && !was_over {
        changes.push(Change::AddMessage(Message {
            id: 0,
            account,
            kind: "limit_reached".to_owned(),
            about: format!("{} {}", limit.id, scene.on()),
            to: addresses(scene.facts),
            at: scene.at,
            sent_at: None,
        }));
    }
    Ok((changes, room))
}

/// Where mail about the account goes: its billing address, otherwise its owner's.
pub fn addresses(facts: &Facts) -> Vec<String> {
    let BillingDetails { email, .. } = &facts.account.billing;
    let owner = || facts.owner().map(|owner| owner.email.clone());
    email.clone().or_else(owner).into_iter().collect()
}

/// How much is allowed, and where that comes from. What replaces comes before what adds.
pub fn allowed(scene: &Scene<'_>, now: &Entitled<'_>, limit: &Limit) -> (Option<i64>, Origin) {
    let (base, from) = base(scene, now, limit);
    let packs =
        now.add_ons
            .iter()
            .filter_map(|held| match &scene.catalog.add_on(&held.add_on)?.gives {
                Gives::Limit { limit: id, amount } if *id == limit.id => {
                    Some(amount.saturating_mul(i64::from(held.quantity)))
                }
                _ => None,
            });
    let more = packs.fold(0_i64, i64::saturating_add);
    (base.map(|base| base.saturating_add(more)), from)
}

fn base(scene: &Scene<'_>, now: &Entitled<'_>, limit: &Limit) -> (Option<i64>, Origin) {
    let agreed = in_force(scene.facts, scene.on())
        .rev()
        .find_map(|agreement| match &agreement.what {
            Agreed::Limit { limit: id, amount } if *id == limit.id => {
                Some((*amount, Origin::Agreed(agreement.reason.clone())))
            }
            _ => None,
        });
    if let Some(agreed) = agreed {
        return agreed;
    }
    if let (Ground::Trial(_), Some(trial)) = (now.ground, &scene.policy.trial) {
        // Whatever a trial does not name is not enforced (K24-5).
        let allowed = trial
            .limits
            .get(&limit.id)
            .map(|amount| scaled(now.plan, now.seats, limit, *amount));
        return (allowed, Origin::Trial);
    }
    let since = match now.ground {
        Ground::Paid { since, .. } => Some(since),
        Ground::Trial(_) | Ground::Free => None,
    };
    let keep = kept(now.plan, since).find_map(|keep| {
        Some((
            keep.limits.get(&limit.id)?,
            Origin::Kept(keep.bought_before),
        ))
    });
    let (allowance, from) = match keep {
        Some(found) => found,
        None => match now.plan.limits.get(&limit.id) {
            Some(allowance) => (allowance, Origin::Plan),
            None => return (None, Origin::Plan),
        },
    };
    match allowance {
        Allowance::Word(AllowanceWord::Unlimited | AllowanceWord::Custom) => (None, from),
        Allowance::Some(amount) => (Some(scaled(now.plan, now.seats, limit, *amount)), from),
    }
}

/// What a plan allows for so many seats; absent means unlimited, or agreed with each account.
pub fn of_plan(plan: &Plan, limit: &Limit, seats: u32) -> Option<i64> {
    match plan.limits.get(&limit.id)? {
        Allowance::Word(AllowanceWord::Unlimited | AllowanceWord::Custom) => None,
        Allowance::Some(amount) => Some(scaled(plan, seats, limit, *amount)),
    }
}

/// An allowance for so many seats (K26-18).
fn scaled(plan: &Plan, seats: u32, limit: &Limit, amount: i64) -> i64 {
    let seats = i64::from(seats);
    match limit.scope {
        Scope::Seat => amount.saturating_mul(seats),
        Scope::Workspace => {
            let each = plan.seat_adds.get(&limit.id).copied().unwrap_or(0);
            amount.saturating_add(each.saturating_mul(seats.saturating_sub(1).max(0)))
        }
        Scope::User => amount,
    }
}

pub(super) fn total<'u>(uses: impl Iterator<Item = &'u Use>) -> i64 {
    uses.fold(0_i64, |sum, one| sum.saturating_add(one.amount))
}

fn after_hours(from: Moment, hours: u32) -> Moment {
    from.checked_add_signed(Duration::hours(i64::from(hours)))
        .unwrap_or(from)
}

fn reached(scene: &Scene<'_>, now: &Count<'_>, allowed: i64, adding: Adding<'_>) -> Refusal {
    let (name, limit) = (&scene.facts.account.name, now.limit);
    let per = match (limit.scope, &now.from) {
        (Scope::Seat, Origin::Plan | Origin::Kept(_)) => {
            format!(", counted by {}s", scene.catalog.unit)
        }
        (Scope::User, _) => " for each member".to_owned(),
        _ => String::new(),
    };
    let again = now.stretch.map_or_else(String::new, |stretch| {
        format!("; the count starts again on {}", stretch.end)
    });
    let message = format!(
        "{name} is limited to {allowed} for {}{per}: {} are used, and {} more were asked for{again}.",
        limit.name, now.used, adding.amount
    );
    let plan = entitled(scene.facts, scene.policy, scene.catalog, scene.at).map(|now| now.plan);
    let key = match (plan, &now.from) {
        (_, Origin::Trial) => format!("trial.limits.{}", limit.id),
        (Some(plan), _) => format!("plan.{}.limits.{}", plan.id, limit.id),
        (None, _) => format!("limit.{}", limit.id),
    };
    let refusal = Refusal::new(Code::LimitReached, message);
    let refusal = match &now.from {
        Origin::Agreed(reason) => {
            refusal.say(format!("{allowed} is agreed with {name}: {reason}."))
        }
        _ => refusal.because(scene.policy, &key, allowed.to_string()),
    };
    let refusal = refusal.run(format!("limit show {name}"));
    let adds = plan.is_some_and(|plan| plan.seat_adds.contains_key(&limit.id));
    match scene.standing().is_paid() {
        true if limit.scope == Scope::Seat || adds => refusal.run(format!("seats add {name} 1")),
        true => refusal.run("plan compare"),
        false => refusal.run(format!("order checkout {name}")),
    }
}

#[cfg(test)]
#[path = "allowance_tests.rs"]
mod tests;
