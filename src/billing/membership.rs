//! The people of an account: who may join, what they become, and that there is always exactly one owner.

use super::account::{Facts, Member};
use super::change::Change;
use super::input;
use super::message::Message;
use super::policy::Role;
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::seating::{SeatWish, free_seat};

/// A person who is to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining<'a> {
    /// E-mail address, as typed.
    pub email: &'a str,
    /// What he is to be.
    pub role: Role,
    /// Whether he takes a seat.
    pub seat: SeatWish,
    /// Another account that has the address already, if there is one.
    pub elsewhere: Option<&'a str>,
}

/// A person joins, with a seat where one is wanted and free, and is invited (KA-21, KA-22, K26-45).
///
/// # Errors
/// The address cannot be used, ownership is asked for, or no seat is free.
pub fn add(scene: &Scene<'_>, joining: &Joining<'_>) -> Result<Vec<Change>, Refusal> {
    let facts = scene.facts;
    let name = &facts.account.name;
    let email = input::email(joining.email)?;
    if let Some(known) = facts.members.iter().find(|member| member.email == email) {
        let message = format!(
            "{email} is a member of {name} already, as {}.",
            known.role.name()
        );
        let refusal = Refusal::new(Code::NothingToChange, message);
        return Err(match known.disabled_on {
            Some(_) => refusal.run(format!("account member enable {name} {email}")),
            None => refusal.run(format!("account member role {name} {email} ROLE")),
        });
    }
    free_of_others(scene, &email, joining.elsewhere)?;
    if joining.role == Role::Owner {
        return Err(one_owner(facts).run(format!("account member add {name} {email} --role admin")));
    }
    let seat = seat_for(scene, joining.role, &joining.seat, None)?;
    let member = Member {
        id: facts.next.member,
        email: email.clone(),
        role: joining.role,
        granted: false,
        seat,
        disabled_on: None,
    };
    let invitation = Message {
        id: 0,
        account: facts.account.id,
        kind: "invitation".to_owned(),
        about: format!("{email} {}", facts.next.member),
        to: vec![email],
        at: scene.at,
        sent_at: None,
    };
    let account = facts.account.id;
    Ok(vec![
        Change::AddMember {
            account,
            member,
            on: scene.on(),
        },
        Change::AddMessage(invitation),
    ])
}

/// An address may be refused because it is a member elsewhere (FK-29).
///
/// # Errors
/// It is, and the policy allows it only once.
pub fn free_of_others(
    scene: &Scene<'_>,
    email: &str,
    elsewhere: Option<&str>,
) -> Result<(), Refusal> {
    match elsewhere.filter(|_| !scene.policy.account.email_in_several) {
        None => Ok(()),
        Some(other) => {
            let message = format!(
                "{email} is a member of {other}, and an address can be in one account only."
            );
            Err(Refusal::new(Code::EmailTaken, message)
                .because(scene.policy, "account.email_in_several", "false")
                .run(format!("account member remove {other} {email} --yes")))
        }
    }
}

/// A member becomes something else. Who becomes the owner takes over from the one before, who stays as an
/// admin.
///
/// # Errors
/// Nothing would change, or nobody would own the account.
pub fn set_role(scene: &Scene<'_>, member: &Member, role: Role) -> Result<Vec<Change>, Refusal> {
    let facts = scene.facts;
    let (name, email) = (&facts.account.name, &member.email);
    if member.role == role {
        let message = format!("{email} has the role {} in {name} already.", role.name());
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    if member.role == Role::Owner {
        return Err(one_owner(facts).run(format!("account member role {name} EMAIL owner")));
    }
    let mut changes = Vec::new();
    if role == Role::Owner {
        is_active(facts, member)?;
        changes.extend(facts.owner().map(|owner| Change::SetRole {
            member: owner.id,
            role: Role::Admin,
        }));
    }
    changes.push(match role {
        // A guest takes no seat, so the one he held becomes free.
        Role::Guest => {
            let guest = Member {
                role,
                seat: None,
                granted: false,
                ..member.clone()
            };
            Change::EditMember(guest)
        }
        _ => Change::SetRole {
            member: member.id,
            role,
        },
    });
    Ok(changes)
}

/// A member is disabled: kept, without rights, and his seat is free. The bill stays as it is (FK-29).
///
/// # Errors
/// He owns the account, or is disabled already.
pub fn disable(scene: &Scene<'_>, member: &Member) -> Result<Vec<Change>, Refusal> {
    let name = &scene.facts.account.name;
    if member.role == Role::Owner {
        return Err(one_owner(scene.facts).run(format!("account member role {name} EMAIL owner")));
    }
    if let Some(since) = member.disabled_on {
        let message = format!(
            "{} has been disabled in {name} since {since}.",
            member.email
        );
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    let disabled = Member {
        disabled_on: Some(scene.on()),
        ..member.clone()
    };
    Ok(vec![Change::EditMember(disabled)])
}

/// A disabled member comes back, and needs a seat again.
///
/// # Errors
/// He is not disabled, or no seat is free.
pub fn enable(scene: &Scene<'_>, member: &Member, wish: &SeatWish) -> Result<Vec<Change>, Refusal> {
    if member.disabled_on.is_none() {
        let message = format!(
            "{} is not disabled in {}.",
            member.email, scene.facts.account.name
        );
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    let seat = seat_for(scene, member.role, wish, member.seat.as_deref())?;
    Ok(vec![Change::EditMember(Member {
        seat,
        disabled_on: None,
        ..member.clone()
    })])
}

/// A member is removed for good; his address is free for other accounts.
///
/// # Errors
/// He owns the account.
pub fn remove(scene: &Scene<'_>, member: &Member) -> Result<Vec<Change>, Refusal> {
    match member.role {
        Role::Owner => {
            let name = &scene.facts.account.name;
            Err(one_owner(scene.facts).run(format!("account member role {name} EMAIL owner")))
        }
        Role::Admin | Role::Member | Role::Guest => Ok(vec![Change::RemoveMember {
            member: member.id,
            on: scene.on(),
        }]),
    }
}

/// Whether a member is granted billing, or the grant is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granting {
    /// He may see and change bills.
    Give,
    /// No longer.
    Withdraw,
}

/// A member of a role that needs it is granted billing, or no longer (KS-18). Only the owner and the
/// seller's people choose.
///
/// # Errors
/// The policy has no grants for the role, nothing would change, or somebody else asks.
pub fn grant(
    scene: &Scene<'_>,
    member: &Member,
    granting: Granting,
) -> Result<Vec<Change>, Refusal> {
    let (name, email, role) = (&scene.facts.account.name, &member.email, member.role.name());
    let asking = scene.member.map(|email| email.trim().to_lowercase());
    let is_owner = |email: &String| {
        scene
            .facts
            .owner()
            .is_some_and(|owner| owner.email == *email)
    };
    if let Some(other) = asking.filter(|email| !is_owner(email)) {
        let message = format!("{other} does not own {name}; only its owner chooses who may bill.");
        return Err(Refusal::new(Code::RoleNotAllowed, message));
    }
    let access = &scene.policy.access;
    if !access.granted_roles.contains(&member.role) {
        let may = access.roles.contains(&member.role);
        let word = if may {
            "may see and change bills without a grant"
        } else {
            "cannot be granted billing"
        };
        let roles: Vec<&str> = access
            .granted_roles
            .iter()
            .map(|role| role.name())
            .collect();
        let value = if roles.is_empty() {
            "none".to_owned()
        } else {
            roles.join(", ")
        };
        let message = format!("{email} has the role {role} in {name}, which {word}.");
        let code = if may {
            Code::NothingToChange
        } else {
            Code::RoleNotAllowed
        };
        return Err(Refusal::new(code, message).because(
            scene.policy,
            "access.granted_roles",
            value,
        ));
    }
    let granted = granting == Granting::Give;
    if member.granted == granted {
        let word = if granted {
            "is granted billing already"
        } else {
            "is not granted billing"
        };
        let message = format!("{email} {word} in {name}.");
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    Ok(vec![Change::EditMember(Member {
        granted,
        ..member.clone()
    })])
}

/// Seat of a joining or returning member: guests take none.
fn seat_for(
    scene: &Scene<'_>,
    role: Role,
    wish: &SeatWish,
    before: Option<&str>,
) -> Result<Option<String>, Refusal> {
    match (role, wish) {
        (Role::Guest, _) | (_, SeatWish::Without) => Ok(None),
        (_, SeatWish::Usual) => free_seat(scene, before, None).map(Some),
        (_, SeatWish::Of(seat_type)) => free_seat(scene, Some(seat_type), None).map(Some),
    }
}

fn is_active(facts: &Facts, member: &Member) -> Result<(), Refusal> {
    match member.disabled_on {
        None => Ok(()),
        Some(since) => {
            let (name, email) = (&facts.account.name, &member.email);
            let message = format!("{email} has been disabled since {since} and cannot own {name}.");
            let help = format!("account member enable {name} {email}");
            Err(Refusal::new(Code::OwnerRequired, message).run(help))
        }
    }
}

fn one_owner(facts: &Facts) -> Refusal {
    let name = &facts.account.name;
    let owner = facts.owner().map_or("nobody", |owner| owner.email.as_str());
    let message =
        format!("{name} has exactly one owner, {owner}, until another member takes over.");
    Refusal::new(Code::OwnerRequired, message)
}

#[cfg(test)]
#[path = "membership_tests.rs"]
mod tests;
