//! Cases: opening one with what its route needs, and closing it with what came of it.

use super::calendar::Moment;
use super::case::Case;
use super::catalog::{Plan, Sale};
use super::change::Change;
use super::input;
use super::listed;
use super::policy::{Policy, Route, Situation};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use std::collections::BTreeMap;

/// A request for people, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// What it is about.
    pub about: Situation,
    /// In words.
    pub text: &'a str,
    /// How to reach who wants it: name, email, phone.
    pub contact: &'a BTreeMap<String, String>,
    /// Contact details that must be there besides those of the route.
    pub needs: &'a [String],
}

/// Who asks, and when.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// How the seller behaves on the day.
    pub policy: &'a Policy,
    /// The moment.
    pub at: Moment,
    /// The key of the new case.
    pub next: i64,
    /// The account; a visitor has none.
    pub account: Option<i64>,
    /// The member on whose behalf.
    pub member: Option<&'a str>,
}

impl<'a> Asking<'a> {
    /// Somebody of an account.
    pub fn of(scene: &Scene<'a>) -> Asking<'a> {
        Asking {
            policy: scene.policy,
            at: scene.at,
            next: scene.facts.next.case,
            account: Some(scene.facts.account.id),
            member: scene.member,
        }
    }
}

/// A visitor without an account asks for a demonstration, for a salesperson or for help (K24-30).
///
/// # Errors
/// It is about something only accounts have; he cannot be reached; or as [`open`].
pub fn visit(asking: Asking<'_>, wanted: &Wanted<'_>) -> Result<Case, Refusal> {
    match wanted.about {
        Situation::Demo | Situation::Sales | Situation::Partner | Situation::Help => {}
        Situation::Support | Situation::Payment | Situation::Contract | Situation::Transfer => {
            let about = wanted.about.name();
            let message =
                format!("A case about {about} is a case of an account; name the account.");
            return Err(Refusal::new(Code::AccountNeeded, message)
                .run(format!("case create ACCOUNT --about {about} --text TEXT")));
        }
    }
    if let Some(member) = asking.member {
        let message =
            format!("{member} acts for an account; name the account, or leave out --for.");
        return Err(Refusal::new(Code::AccountNeeded, message));
    }
    let needs: &[String] = match wanted.contact.contains_key("phone") {
        true => &[],
        false => &["email".to_owned()],
    };
    let wanted = Wanted { needs, ..*wanted };
    open(asking, &wanted)
}

/// A case is opened where the policy routes its situation (K26-33, K26-43, KU-3, KU-18, KS-13, KA-25, KA-27).
///
/// # Errors
/// A required contact detail is missing or cannot be used.
pub fn open(asking: Asking<'_>, wanted: &Wanted<'_>) -> Result<Case, Refusal> {
    let route = asking.policy.route(wanted.about);
    let text = input::line("The text of a case", wanted.text)?;
    let mut contact = BTreeMap::new();
    for (field, value) in wanted.contact {
        let value = match field.as_str() {
            "email" => input::email(value)?,
            _ => input::line(&format!("The contact's {field}"), value)?,
        };
        contact.insert(field.clone(), value);
    }
    if let Some(member) = asking.member {
        contact
            .entry("email".to_owned())
            .or_insert_with(|| member.trim().to_lowercase());
    }
    let needs = route
        .map(|route| route.needs.as_slice())
        .unwrap_or_default();
    let all = needs.iter().chain(wanted.needs);
    let missing: Vec<&str> = all
        .map(String::as_str)
        .filter(|field| !contact.contains_key(*field))
        .fold(Vec::new(), |mut seen, field| {
            if !seen.contains(&field) {
                seen.push(field);
            }
            seen
        });
    if !missing.is_empty() {
        let message = format!("The request needs the contact's {}.", listed::and(&missing));
        let flags: Vec<String> = missing
            .iter()
            .map(|field| format!("--{field} TEXT"))
            .collect();
        let key = format!("routes.{}.needs", wanted.about.name());
        let refusal =
            Refusal::new(Code::ContactMissing, message).say(format!("Add {}.", flags.join(" ")));
        return Err(match needs.is_empty() {
            true => refusal,
            false => refusal.because(asking.policy, &key, needs.join(", ")),
        });
    }
    Ok(Case {
        id: asking.next,
        account: asking.account,
        about: wanted.about,
        text,
        member: asking.member.map(|member| member.trim().to_lowercase()),
        contact,
        to: route.map(Route::in_words),
        opened_at: asking.at,
        closed_at: None,
        outcome: None,
    })
}

/// A plan that only people sell is asked for (K26-33, KU-4).
///
/// # Errors
/// It can be bought without people, is no longer sold, or a contact detail is missing.
pub fn request_plan(
    scene: &Scene<'_>,
    plan: &Plan,
    text: Option<&str>,
    contact: &BTreeMap<String, String>,
) -> Result<Case, Refusal> {
    let name = &scene.facts.account.name;
    match plan.sale {
        Sale::SalesOnly => {}
        Sale::SelfService | Sale::Free => {
            let message = format!("{} needs no request; it can be ordered.", plan.name);
            return Err(Refusal::new(Code::NothingToChange, message)
                .because(
                    scene.policy,
                    &format!("plan.{}.sale", plan.id),
                    "self_service",
                )
                .run(format!("order checkout {name} --plan {}", plan.id)));
        }
        Sale::Closed => {
            let message = format!(
                "{} is no longer sold; those who have it keep it.",
                plan.name
            );
            let key = format!("plan.{}.sale", plan.id);
            return Err(Refusal::new(Code::PlanNotSold, message)
                .because(scene.policy, &key, "closed")
                .run("plan list"));
        }
    }
    let text = match text {
        Some(text) => format!("{} wants the plan {}: {text}", name, plan.name),
        None => format!("{} wants the plan {}.", name, plan.name),
    };
    let wanted = Wanted {
        about: Situation::Sales,
        text: &text,
        contact,
        needs: &plan.contact_fields,
    };
    open(Asking::of(scene), &wanted)
}

/// A case is closed by the seller's people.
///
/// # Errors
/// It is closed already, or a member asks.
pub fn close(
    case: &Case,
    outcome: &str,
    at: Moment,
    member: Option<&str>,
) -> Result<Change, Refusal> {
    if let Some(closed) = case.closed_at {
        let message = format!("{} was closed on {}.", case.number(), closed.date());
        return Err(
            Refusal::new(Code::CaseClosed, message).run(format!("case show {}", case.number()))
        );
    }
    if member.is_some() {
        let message = format!("{} is closed by those who work on it.", case.number());
        return Err(Refusal::new(Code::SupportOnly, message));
    }
    let outcome = input::line("The outcome", outcome)?;
    Ok(Change::CloseCase {
        case: case.id,
        at,
        outcome,
    })
}

impl Route {
    /// Who answers, and how to reach them: `the billing contact (billing@seller.test)` (KS-13, KU-8).
    pub fn in_words(&self) -> String {
        match &self.contact {
            Some(contact) => format!("{} ({contact})", self.to),
            None => self.to.clone(),
        }
    }
}

impl Situation {
    /// The name in files, JSON and the store.
    pub fn name(self) -> &'static str {
        match self {
            Situation::Sales => "sales",
            Situation::Partner => "partner",
            Situation::Support => "support",
            Situation::Payment => "payment",
            Situation::Contract => "contract",
            Situation::Transfer => "transfer",
            Situation::Help => "help",
            Situation::Demo => "demo",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::calendar::midnight;
    use crate::billing::sample::{self, day};

    fn requested(sale: Sale, contact: &[(&str, &str)]) -> Result<Case, Refusal> {
        let (facts, mut policy, mut catalog) =
            (sample::facts(), sample::policy(), sample::catalog());
        catalog.plans[2].sale = sale;
        catalog.plans[2].contact_fields = vec!["name".to_owned(), "phone".to_owned()];
        let route = Route {
            to: "the sales team".to_owned(),
            contact: Some("sales@seller.test".to_owned()),
            needs: vec!["name".to_owned(), "email".to_owned()],
        };
        policy.routes.insert(Situation::Sales, route);
        let scene = Scene {
            member: Some("Ana@acme.test"),
            ..sample::scene(&facts, &catalog, &policy)
        };
        let contact = contact
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        request_plan(&scene, &catalog.plans[2], None, &contact.collect())
    }

    #[test]
    fn k26_33_and_ku_4_a_plan_sold_by_people_is_requested_with_contact_details() {
        let refused = requested(Sale::SalesOnly, &[]).unwrap_err();
        assert_eq!(refused.code, Code::ContactMissing);
        assert_eq!(
            refused.message,
            "The request needs the contact's name and phone."
        );
        let case = requested(
            Sale::SalesOnly,
            &[("name", "Ana"), ("phone", "+1 555 0100")],
        )
        .unwrap();
        assert_eq!(
            case.to.as_deref(),
            Some("the sales team (sales@seller.test)")
        );
        assert_eq!(case.contact["email"], "ana@acme.test");
        assert_eq!(case.text, "acme wants the plan Pro.");
    }

    #[test]
    fn k24_30_a_visitor_asks_without_an_account_and_must_be_reachable() {
        let policy = sample::policy();
        let asking = Asking {
            policy: &policy,
            at: midnight(day("2026-05-01")),
            next: 7,
            account: None,
            member: None,
        };
        let ask = |about, member, contact: &[(&str, &str)]| {
            let contact = contact
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect();
            let wanted = Wanted {
                about,
                text: "Show us the pipeline.",
                contact: &contact,
                needs: &[],
            };
            visit(Asking { member, ..asking }, &wanted).map_err(|refusal| refusal.code)
        };
        let email = ("email", "eve@visit.test");
        assert_eq!(ask(Situation::Demo, None, &[email]).unwrap().account, None);
        assert!(ask(Situation::Sales, None, &[("phone", "+1 555 0100")]).is_ok());
        assert_eq!(ask(Situation::Demo, None, &[]), Err(Code::ContactMissing));
        let refused = ask(Situation::Payment, None, &[email]);
        assert_eq!(refused, Err(Code::AccountNeeded));
        let refused = ask(Situation::Demo, Some("ana@acme.test"), &[email]);
        assert_eq!(refused, Err(Code::AccountNeeded));
    }

    #[test]
    fn a_plan_that_can_be_ordered_needs_no_request() {
        let code = |sale| requested(sale, &[]).unwrap_err().code;
        assert_eq!(code(Sale::SelfService), Code::NothingToChange);
        assert_eq!(code(Sale::Closed), Code::PlanNotSold);
    }
}
