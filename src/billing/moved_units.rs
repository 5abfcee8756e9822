//! Units of use that move with a licence: as many as were left, for everybody who had them (KA-25).
//!
//! Plan and add-ons give units anew on the other account. What that misses or has too much is entered there,
//! so that each of its people has what he had, besides what the account had itself; and what a person had
//! granted by hand is taken off the old account.

use super::account::{Facts, Member};
use super::catalog::Credit;
use super::change::Change;
use super::credit::{CreditEntry, CreditKind};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::transfer::Moved;
use super::units;
use std::collections::{BTreeMap, BTreeSet};

/// Units by the member they belong to; what all share under no member.
type Owned = BTreeMap<Option<i64>, i64>;

/// What is left of one kind of units.
#[derive(Debug)]
pub struct Held<'a> {
    credit: &'a Credit,
    owned: Owned,
}

impl Held<'_> {
    /// All of it.
    pub fn total(&self) -> i64 {
        self.owned
            .values()
            .fold(0, |sum, units| sum.saturating_add(*units))
    }
}

/// What an account has left, kind by kind; kinds without a limit are left out.
pub fn had<'a>(from: &Scene<'a>) -> Vec<Held<'a>> {
    let kinds = from.catalog.credits.iter();
    kinds
        .filter_map(|credit| {
            let owned = units::by_owner(from, credit)?;
            Some(Held { credit, owned })
        })
        .collect()
}

/// Enters what is needed for the new account to have the units, and the old one none.
///
/// # Errors
/// Somebody who holds units has nobody to stand for him in the new account, or packs that several people share
/// are partly used.
pub fn move_units(
    from: &Scene<'_>,
    to: &Scene<'_>,
    had: &[Held<'_>],
    moved: &mut Moved,
) -> Result<(), Refusal> {
    let after = afterwards(from, to, moved);
    let given = Scene {
        facts: &after,
        ..*to
    };
    let gone = without_licence(from);
    for held in had {
        let wanted = at_the_new(from, to, held)?;
        let Some(anew) = units::by_owner(&given, held.credit) else {
            continue;
        };
        let came = format!("moved from {}", from.facts.account.name);
        let owners: BTreeSet<Option<i64>> = wanted.keys().chain(anew.keys()).copied().collect();
        for owner in owners {
            let of = |owned: &Owned| owned.get(&owner).copied().unwrap_or(0);
            let missing = of(&wanted).saturating_sub(of(&anew));
            if missing < 0 && owner.is_none() && !held.credit.pooled {
                return Err(shared(from, held.credit));
            }
            let entry = entry(&given, held.credit, (owner, missing), &came);
            moved.changes.extend(entry.map(|entry| Change::AddCredit {
                account: to.facts.account.id,
                entry,
            }));
        }
        if held.total() > 0 {
            moved.credits.push((held.credit.id.clone(), held.total()));
        }
        let went = format!("moved to {}", to.facts.account.name);
        for stays in by_hand(from, &gone, held.credit) {
            let entry = entry(from, held.credit, stays, &went);
            moved.changes.extend(entry.map(|entry| Change::AddCredit {
                account: from.facts.account.id,
                entry,
            }));
        }
    }
    Ok(())
}

/// The units by the people of the new account.
fn at_the_new(from: &Scene<'_>, to: &Scene<'_>, held: &Held<'_>) -> Result<Owned, Refusal> {
    let mut wanted = Owned::new();
    for (owner, units) in &held.owned {
        let there = match owner {
            Some(member) if *units > 0 => {
                let old = from.facts.members.iter().find(|known| known.id == *member);
                let new = old.and_then(|old| counterpart(from.facts, to.facts, old));
                Some(
                    new.ok_or_else(|| nobody(to, held.credit, (old, *units)))?
                        .id,
                )
            }
            Some(_) => continue,
            None => None,
        };
        let sum = wanted.entry(there).or_insert(0);
        *sum = sum.saturating_add(*units);
    }
    Ok(wanted)
}

/// Who stands for a member in the other account: whoever has his address, or, where each has but one, that one.
fn counterpart<'a>(from: &Facts, to: &'a Facts, old: &Member) -> Option<&'a Member> {
    let same = to.members.iter().find(|new| new.email == old.email);
    match (from.members.as_slice(), to.members.as_slice()) {
        ([_], [only]) => Some(only),
        _ => same,
    }
}

fn nobody(to: &Scene<'_>, credit: &Credit, (old, units): (Option<&Member>, i64)) -> Refusal {
    let name = &to.facts.account.name;
    let email = old.map_or("A member", |old| old.email.as_str());
    let message = format!(
        "{email} has {units} {} left, and {name} has no member of that address to have them.",
        credit.name
    );
    Refusal::new(Code::TransferNotAllowed, message)
        .run(format!("account member add {name} {email} --no-seat"))
}

fn shared(from: &Scene<'_>, credit: &Credit) -> Refusal {
    let name = &from.facts.account.name;
    let message = format!(
        "Some of the {} that all members of {name} share are used up, and they cannot be told apart from \
         their own at another account.",
        credit.name
    );
    Refusal::new(Code::TransferNotAllowed, message)
        .run(format!("credit show {name}"))
        .say("When the packs have ended, the rest can move.")
}

/// The new account with what moves to it, and nothing of its own.
fn afterwards(from: &Scene<'_>, to: &Scene<'_>, moved: &Moved) -> Facts {
    let on = from.on();
    let mut after = to.facts.clone();
    after.terms.extend(moved.terms.iter().cloned());
    after.holdings.extend(moved.holdings.iter().cloned());
    after.switches.clear();
    for trial in &mut after.trials {
        if trial.runs_on(on) {
            trial.ended_on = Some(on);
        }
    }
    after.credits.clear();
    after
}

/// The old account without what moves away.
fn without_licence(from: &Scene<'_>) -> Facts {
    let terms = from.facts.terms.iter();
    let stays = terms.filter(|term| !term.paid || term.span.end <= from.on());
    Facts {
        terms: stays.cloned().collect(),
        holdings: Vec::new(),
        ..from.facts.clone()
    }
}

/// An entry of so many units, more or fewer; none for no units.
fn entry(
    scene: &Scene<'_>,
    credit: &Credit,
    (owner, amount): (Option<i64>, i64),
    reason: &str,
) -> Option<CreditEntry> {
    let kind = match amount.signum() {
        1 => CreditKind::Granted,
        -1 => CreditKind::Used,
        _ => return None,
    };
    let expires_on = match kind {
        CreditKind::Granted if !credit.carry_over => units::left(scene, credit, owner).resets_on,
        _ => None,
    };
    Some(CreditEntry {
        reason: Some(reason.to_owned()),
        ..units::entry(scene, credit, (kind, amount, expires_on), owner)
    })
}

/// Units that the old account would keep because a person granted them, to be taken off.
fn by_hand(from: &Scene<'_>, gone: &Facts, credit: &Credit) -> Vec<(Option<i64>, i64)> {
    let bare = Facts {
        credits: Vec::new(),
        ..gone.clone()
    };
    let left = |facts: &Facts| {
        let scene = Scene { facts, ..*from };
        units::by_owner(&scene, credit).unwrap_or_default()
    };
    let own = left(&bare);
    let stays = left(gone).into_iter().map(|(owner, units)| {
        let without = own.get(&owner).copied().unwrap_or(0);
        (owner, without.saturating_sub(units).min(0))
    });
    stays.collect()
}
