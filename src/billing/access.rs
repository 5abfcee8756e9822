//! Who may do what: the member on whose behalf a request comes, his role, and what belongs to the seller's
//! own people.

use super::account::{Facts, Member};
use super::calendar::{Day, midnight};
use super::catalog::{Catalog, Plan};
use super::listed;
use super::policy::{Operation, Policy, Role, Situation};
use super::refusal::{Code, Refusal};
use super::standing::standing;

/// Whether the person behind a request may do a thing on a day.
///
/// `on_behalf` is the member's e-mail address; without one the operator asks, who may do everything, and
/// must say why where the account's own people may not.
///
/// # Errors
/// In this order: no reason, not a member, role, closed account, support only, plan not self-managed.
pub fn check(
    facts: &Facts,
    policy: &Policy,
    catalog: &Catalog,
    operation: Operation,
    on_behalf: Option<&str>,
    reason: Option<&str>,
    on: Day,
) -> Result<(), Refusal> {
    let theirs = not_theirs(facts, policy, catalog, operation, on);
    match on_behalf {
        None => {
            if let Some(refusal) = &theirs {
                has_reason(refusal, reason)?;
            }
            is_open(facts, operation, on)
        }
        Some(email) => {
            let member = is_member(facts, email, on)?;
            if operation != Operation::Use {
                may_bill(facts, policy, member)?;
            }
            is_open(facts, operation, on)?;
            theirs.map_or(Ok(()), Err)
        }
    }
}

/// The reason a person gave, for a change that must have one.
///
/// # Errors
/// There is none, or it is blank.
pub fn reason<'r>(what: &str, reason: Option<&'r str>) -> Result<&'r str, Refusal> {
    let given = reason.map(str::trim).filter(|reason| !reason.is_empty());
    given.ok_or_else(|| {
        let message = format!("{what} needs a reason, which goes into the journal.");
        reason_missing(message)
    })
}

/// Nobody has said why.
pub(super) fn reason_missing(message: String) -> Refusal {
    Refusal::new(Code::ReasonMissing, message).say("Add --reason \"why\" to the command.")
}

/// Why the account's own people may not do it, if that is so.
fn not_theirs(
    facts: &Facts,
    policy: &Policy,
    catalog: &Catalog,
    operation: Operation,
    on: Day,
) -> Option<Refusal> {
    let name = &facts.account.name;
    if policy.access.support_only.contains(&operation) {
        let message = format!(
            "Only {} can {}.",
            answers(policy, Situation::Support),
            operation.in_words(&catalog.unit)
        );
        return Some(
            Refusal::new(Code::SupportOnly, message)
                .because(policy, "access.support_only", operation.name())
                .routed(name, Situation::Support),
        );
    }
    // What a plan's people manage is its subscription (KU-7), not who works in the account.
    let not_managed = [Operation::View, Operation::Use, Operation::ManageMembers];
    if not_managed.contains(&operation) {
        return None;
    }
    let plan = subscribed(facts, policy, catalog, on).filter(|plan| !plan.self_managed)?;
    let message = format!(
        "The plan {} of {name} is managed by {}, so its own people cannot {}.",
        plan.name,
        answers(policy, Situation::Contract),
        operation.in_words(&catalog.unit)
    );
    Some(
        Refusal::new(Code::PlanNotSelfManaged, message)
            .because(policy, &format!("plan.{}.self_managed", plan.id), "false")
            .routed(name, Situation::Contract),
    )
}

/// The plan of the running paid term, as the catalog knows it today.
fn subscribed<'c>(
    facts: &Facts,
    policy: &Policy,
    catalog: &'c Catalog,
    on: Day,
) -> Option<&'c Plan> {
    let now = standing(facts, policy, midnight(on));
    catalog.plan(&now.slice?.plan)
}

fn answers(policy: &Policy, situation: Situation) -> &str {
    policy
        .route(situation)
        .map_or("the seller's own people", |route| &route.to)
}

/// The operator may do what the account's people may not, if he says why.
fn has_reason(theirs: &Refusal, given: Option<&str>) -> Result<(), Refusal> {
    reason("This", given)
        .map(|_| ())
        .map_err(|missing| Refusal {
            message: format!(
                "{} You may, with a reason, which goes into the journal.",
                theirs.message
            ),
            because: theirs.because.clone(),
            ..missing
        })
}

fn is_member<'f>(facts: &'f Facts, email: &str, on: Day) -> Result<&'f Member, Refusal> {
    let name = &facts.account.name;
    let wanted = email.trim().to_lowercase();
    let help = format!("account member list {name}");
    let Some(member) = facts.members.iter().find(|member| member.email == wanted) else {
        let message = format!("{wanted} is not a member of {name}.");
        return Err(Refusal::new(Code::NotAMember, message).run(help));
    };
    match member.disabled_on.filter(|disabled| *disabled <= on) {
        None => Ok(member),
        Some(disabled) => {
            let message = format!("{wanted} has been disabled in {name} since {disabled}.");
            let help = format!("account member enable {name} {wanted}");
            Err(Refusal::new(Code::NotAMember, message).run(help))
        }
    }
}

/// Whether a member may see and change bills: by the role, or by a grant to it (KS-18).
fn bills(policy: &Policy, member: &Member) -> bool {
    let access = &policy.access;
    access.roles.contains(&member.role)
        || access.granted_roles.contains(&member.role) && member.granted
}

/// Roles that may bill, and roles that may after a grant (KS-18).
fn may_bill(facts: &Facts, policy: &Policy, member: &Member) -> Result<(), Refusal> {
    let access = &policy.access;
    let needs_grant = access.granted_roles.contains(&member.role);
    if bills(policy, member) {
        return Ok(());
    }
    let (name, email, role) = (&facts.account.name, &member.email, member.role.name());
    let allowed: Vec<&str> = access.roles.iter().map(|role| role.name()).collect();
    let listed = listed::or(&allowed);
    let after_grant: Vec<&str> = access
        .granted_roles
        .iter()
        .map(|role| role.name())
        .collect();
    let refused = if needs_grant {
        let message = format!(
            "{email} has the role {role} in {name}, which may see and change bills only after a grant; \
             {listed} may without."
        );
        Refusal::new(Code::RoleNotAllowed, message)
            .because(policy, "access.granted_roles", role)
            .run(format!("account member grant {name} {email}"))
    } else {
        let or_granted = match after_grant.as_slice() {
            [] => String::new(),
            roles => format!(", or {} after a grant,", listed::or(roles)),
        };
        let message = format!(
            "{email} has the role {role} in {name}; only the role {listed}{or_granted} may see and change bills."
        );
        Refusal::new(Code::RoleNotAllowed, message).because(
            policy,
            "access.roles",
            allowed.join(", "),
        )
    };
    let able = facts
        .members
        .iter()
        .filter(|other| other.disabled_on.is_none() && bills(policy, other));
    let able: Vec<&str> = able.map(|other| other.email.as_str()).take(3).collect();
    Err(match able.is_empty() {
        true => refused,
        false => refused.say(format!("Who may in {name}: {}.", able.join(", "))),
    })
}

fn is_open(facts: &Facts, operation: Operation, on: Day) -> Result<(), Refusal> {
    let closed = facts.account.closed_on.filter(|closed| *closed <= on);
    let reads = matches!(operation, Operation::View | Operation::Invoices);
    match closed.filter(|_| !reads) {
        None => Ok(()),
        Some(closed) => {
            let name = &facts.account.name;
            let message = format!("The account {name} has been closed since {closed}.");
            Err(Refusal::new(Code::AccountClosed, message).run(format!("account show {name}")))
        }
    }
}

impl Role {
    /// The name in files, JSON and the store.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Member => "member",
            Role::Guest => "guest",
        }
    }
}

impl Operation {
    /// The name in a policy file.
    pub fn name(self) -> &'static str {
        self.spelled().0
    }

    /// What is done, after "can": `change the plan`. `unit` is what the seller calls one of its seats.
    pub fn in_words(self, unit: &str) -> String {
        self.spelled().1.replace("seats", &format!("{unit}s"))
    }

    fn spelled(self) -> (&'static str, &'static str) {
        match self {
            Operation::View => ("view", "see plans, orders and balances"),
            Operation::Invoices => ("invoices", "see invoices"),
            Operation::Order => ("order", "place and pay orders"),
            Operation::ChangePlan => ("change_plan", "change the plan"),
            Operation::AddSeats => ("add_seats", "add seats"),
            Operation::RemoveSeats => ("remove_seats", "remove seats"),
            Operation::ManageMembers => ("manage_members", "manage members"),
            Operation::EditBilling => ("edit_billing", "change billing details"),
            Operation::ChangeMethod => ("change_method", "change the payment method"),
            Operation::Renew => ("renew", "extend the subscription or switch auto-renewal"),
            Operation::Cancel => ("cancel", "cancel the subscription"),
            Operation::Credits => ("credits", "buy add-ons"),
            Operation::Use => ("use", "use what the plan gives"),
            Operation::Refund => ("refund", "get money back"),
            Operation::ChangeEmail => ("change_email", "change the account's e-mail address"),
            Operation::Close => ("close", "close the account"),
            Operation::Transfer => ("transfer", "move licence and credits to another account"),
            Operation::ChangeOwner => ("change_owner", "change the owner"),
        }
    }
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
