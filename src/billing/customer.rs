//! A new customer, and what can be changed about one: place, currency, names, addresses.

use super::account::{Account, BillingDetails, Member, Numbers};
use super::calendar::{Moment, Span, plus_days};
use super::catalog::Catalog;
use super::change::Change;
use super::details::{billing, taxpayer_number};
use super::input;
use super::listed;
use super::money::Currency;
use super::payment::{PaymentKind, PaymentState};
use super::policy::{Policy, Role, Situation};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::term::Trial;

pub use super::details::Details;

/// A customer who is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer<'a> {
    /// Short name, as typed.
    pub name: &'a str,
    /// Name on paper; absent means the short one.
    pub title: Option<&'a str>,
    /// Country, as typed.
    pub country: &'a str,
    /// Currency; absent means the usual one of the place.
    pub currency: Option<Currency>,
    /// The owner's e-mail address, as typed.
    pub email: &'a str,
    /// Billing details, as typed.
    pub details: &'a Details,
    /// Whether the name is taken.
    pub name_taken: bool,
    /// Another account that has the owner's address, if there is one.
    pub elsewhere: Option<&'a str>,
}

/// What is to be different about an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Editing<'a> {
    /// Name on paper.
    pub title: Option<&'a str>,
    /// Country.
    pub country: Option<&'a str>,
    /// Currency.
    pub currency: Option<Currency>,
    /// The account's own e-mail address: its owner's.
    pub owner_email: Option<&'a str>,
    /// Another account that has that address.
    pub elsewhere: Option<&'a str>,
    /// Billing details.
    pub details: Option<&'a Details>,
}

/// A customer is created, with an owner, and with a trial where that starts by itself (K24-4, K24-30).
///
/// # Errors
/// A name, address or place cannot be used, or a currency is not taken.
pub fn create(
    policy: &Policy,
    catalog: &Catalog,
    next: &Numbers,
    newcomer: &Newcomer<'_>,
    at: Moment,
) -> Result<Vec<Change>, Refusal> {
    let name = input::account_name(newcomer.name)?;
    if newcomer.name_taken {
        let message = format!("There is an account {name} already.");
        let help = format!("account show {name}");
        return Err(Refusal::new(Code::NameTaken, message).run(help));
    }
    let title = match newcomer.title {
        Some(title) => input::line("The name on paper", title)?,
        None => name.clone(),
    };
    let country = input::country(newcomer.country)?;
    let (region, currency) = place(policy, catalog, &country, newcomer.currency)?;
    let email = input::email(newcomer.email)?;
    if let Some(other) = newcomer
        .elsewhere
        .filter(|_| !policy.account.email_in_several)
    {
        let message =
            format!("{email} is a member of {other}, and an address can be in one account only.");
        return Err(Refusal::new(Code::EmailTaken, message)
            .because(policy, "account.email_in_several", "false")
            .run(format!("account show {other}")));
    }
    let billing = billing(&BillingDetails::default(), newcomer.details, &country)?;
    let created_on = at.date();
    let account = Account {
        id: next.account,
        name,
        title,
        country,
        region,
        currency,
        created_on,
        closed_on: None,
        billing,
    };
    let trial = policy
        .trial
        .as_ref()
        .filter(|rules| rules.automatic && !rules.method_required);
    let plan = match trial {
        Some(rules) => catalog.plan(&rules.plan),
        None => super::entitlement::free_plan(catalog).filter(|_| policy.account.starts_free),
    };
    let owner = Member {
        id: next.member,
        email,
        role: Role::Owner,
        granted: false,
        seat: plan.map(|plan| catalog.usual_seat_type(plan).to_owned()),
        disabled_on: None,
    };
    let id = account.id;
    let mut changes = vec![
        Change::AddAccount(Box::new(account)),
        Change::AddMember {
            account: id,
            member: owner,
            on: created_on,
        },
    ];
    changes.extend(trial.map(|rules| Change::AddTrial {
        account: id,
        trial: Trial {
            span: Span::new(created_on, plus_days(created_on, i64::from(rules.days))),
            plan: rules.plan.clone(),
            ended_on: None,
            extended_days: 0,
        },
    }));
    Ok(changes)
}

/// What follows from an edit, and sentences about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edited {
    /// What is to be kept.
    pub changes: Vec<Change>,
    /// What the person who asked should know.
    pub notes: Vec<String>,
}

/// An account is changed. With another country come its price list, its currency and its ways to pay
/// (K24-17, K24-18).
///
/// # Errors
/// A value cannot be used, a currency is not taken or still in use, or nothing would change.
pub fn edit(scene: &Scene<'_>, editing: &Editing<'_>) -> Result<Edited, Refusal> {
    let before = &scene.facts.account;
    let mut after = before.clone();
    if let Some(title) = editing.title {
        after.title = input::line("The name on paper", title)?;
    }
    if let Some(country) = editing.country {
        after.country = input::country(country)?;
    }
    if let Some(details) = editing.details {
        after.billing = billing(&before.billing, details, &after.country)?;
    }
    let mut edited = Edited::default();
    if after.country != before.country
        && after.billing.taxpayer == before.billing.taxpayer
        && let Some(number) = after.billing.taxpayer.take()
    {
        match taxpayer_number(&after.country, &number) {
            Ok(same) => after.billing.taxpayer = Some(same),
            Err(_) => edited.notes.push(format!(
                "The taxpayer number {number} is not one of {}; it was taken away.",
                after.country
            )),
        }
    }
    if after.country != before.country || editing.currency.is_some() {
        let usual = keeps_currency(scene, &after.country, editing.currency);
        let placed = place(scene.policy, scene.catalog, &after.country, usual);
        (after.region, after.currency) = placed.map_err(|refusal| match refusal.route {
            Some(situation) => refusal.routed(&before.name, situation),
            None => refusal,
        })?;
        moved(scene, &after, &mut edited)?;
    }
    if let Some(email) = editing.owner_email {
        edited
            .changes
            .extend(owner_email(scene, email, editing.elsewhere)?);
    }
    if after != *before {
        edited.changes.insert(
            0,
            Change::EditAccount {
                account: Box::new(after),
            },
        );
    }
    match edited.changes.is_empty() {
        true => {
            let message = format!("{} is like that already.", before.name);
            Err(Refusal::new(Code::NothingToChange, message))
        }
        false => Ok(edited),
    }
}

/// The region and the currency of a place.
///
/// # Errors
/// The seller sells nothing there, or takes another currency (K24-21, K26-14).
pub fn place(
    policy: &Policy,
    catalog: &Catalog,
    country: &str,
    wanted: Option<Currency>,
) -> Result<(String, Currency), Refusal> {
    let region = catalog
        .region_of(country)
        .filter(|region| !region.currencies.is_empty());
    let Some(region) = region else {
        let message = format!("{} sells nothing in {country}.", catalog.seller.name);
        return Err(Refusal::new(Code::NoPrice, message).run("catalog show"));
    };
    let usual = region.currencies.first().copied().unwrap_or(Currency::USD);
    let currency = wanted.unwrap_or(usual);
    if region.currencies.contains(&currency) {
        return Ok((region.id.clone(), currency));
    }
    let taken: Vec<String> = region.currencies.iter().map(ToString::to_string).collect();
    let message = format!(
        "An account in {country} pays in {}, not in {currency}.",
        listed::or(&taken)
    );
    let mut refusal = Refusal::new(Code::CurrencyNotTaken, message).because(
        policy,
        &format!("region.{}.currencies", region.id),
        taken.join(", "),
    );
    refusal = refusal.run(format!("plan list --country {country}"));
    if let Some(route) = policy.routes.get(&Situation::Partner) {
        let contact = route
            .contact
            .as_deref()
            .map_or_else(String::new, |at| format!(": {at}"));
        refusal = refusal.say(format!(
            "Another currency is taken by {}{contact}",
            route.to
        ));
        refusal.route = Some(Situation::Partner);
    }
    Err(refusal)
}

/// The currency stays where the new place takes it.
fn keeps_currency(scene: &Scene<'_>, country: &str, wanted: Option<Currency>) -> Option<Currency> {
    let now = scene.facts.account.currency;
    let region = scene.catalog.region_of(country);
    let kept = region.is_some_and(|region| region.currencies.contains(&now));
    wanted.or(kept.then_some(now))
}

/// What another place or currency does to the way to pay; and what keeps a currency from changing.
fn moved(scene: &Scene<'_>, after: &Account, edited: &mut Edited) -> Result<(), Refusal> {
    let facts = scene.facts;
    let before = &facts.account;
    let name = &before.name;
    if after.currency != before.currency {
        currency_free(scene)?;
        edited
            .notes
            .push(format!("{name} pays in {} from now on.", after.currency));
    }
    let serves = |id: &str| {
        scene.catalog.method(id).is_some_and(|method| {
            method.serves(&after.country) && method.currencies.contains(&after.currency)
        })
    };
    if let Some(saved) = facts.method.as_ref().filter(|saved| !serves(&saved.method)) {
        edited.changes.push(Change::SetMethod {
            account: before.id,
            method: None,
            on: scene.on(),
        });
        edited.notes.push(format!(
            "{} is not available in {}; it is no longer on file.",
            saved.method, after.country
        ));
    }
    let methods: Vec<&str> = scene
        .catalog
        .methods
        .iter()
        .filter(|method| serves(&method.id))
        .map(|method| method.id.as_str())
        .collect();
    edited
        .notes
        .push(format!("{name} can pay by {}.", listed::or(&methods)));
    Ok(())
}

/// Whether no amount in the account's currency is open.
fn currency_free(scene: &Scene<'_>) -> Result<(), Refusal> {
    let (facts, on) = (scene.facts, scene.on());
    let (name, currency) = (&facts.account.name, facts.account.currency);
    let refuse = |why: String, help: String| {
        let message = format!("The currency of {name} cannot change while {why}.");
        Err(Refusal::new(Code::CurrencyInUse, message).run(help))
    };
    if let Some(order) = facts.pending_orders().next() {
        let number = order.number();
        return refuse(
            format!("{number} waits to be paid in {currency}"),
            format!("order cancel {number}"),
        );
    }
    if let Some(invoice) = facts.open_invoices.first() {
        let number = &invoice.number;
        return refuse(
            format!("{number} is open in {currency}"),
            format!("invoice show {number}"),
        );
    }
    if facts.balance.minor != 0 {
        let charged = facts.payments.iter().rfind(|payment| {
            payment.kind == PaymentKind::Charge && payment.state == PaymentState::Paid
        });
        let help = charged.map_or_else(
            || format!("account show {name}"),
            |charge| {
                let number = charge.number();
                format!("payment refund {number} --from-balance --reason TEXT --yes")
            },
        );
        return refuse(format!("its balance is {}", facts.balance), help);
    }
    let paid = facts
        .terms
        .iter()
        .filter(|term| term.paid && on < term.span.end);
    match paid.map(|term| term.span.end).max() {
        Some(end) => refuse(
            format!("a term paid in {currency} runs until {end}"),
            format!("account show {name}"),
        ),
        None => Ok(()),
    }
}

fn owner_email(
    scene: &Scene<'_>,
    email: &str,
    elsewhere: Option<&str>,
) -> Result<Option<Change>, Refusal> {
    let email = input::email(email)?;
    let Some(owner) = scene.facts.owner().filter(|owner| owner.email != email) else {
        return Ok(None);
    };
    if scene
        .facts
        .members
        .iter()
        .any(|member| member.email == email)
    {
        let name = &scene.facts.account.name;
        let message = format!("{email} is another member of {name}.");
        let help = format!("account member role {name} {email} owner");
        return Err(Refusal::new(Code::EmailTaken, message).run(help));
    }
    super::membership::free_of_others(scene, &email, elsewhere)?;
    Ok(Some(Change::EditMember(Member {
        email,
        ..owner.clone()
    })))
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
