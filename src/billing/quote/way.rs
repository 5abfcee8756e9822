//! The way to pay: method, country, currency, parts, taxpayer number, invoice details.

use super::Wish;
use crate::billing::catalog::{Method, Sale};
use crate::billing::listed;
use crate::billing::order::{Order, Part};
use crate::billing::policy::{Need, Situation};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use rust_decimal::Decimal;

/// Methods that the account can use by itself.
pub fn methods_for<'a>(scene: &Scene<'a>) -> Vec<&'a Method> {
    let account = &scene.facts.account;
    scene
        .catalog
        .methods
        .iter()
        .filter(|method| {
            method.sale == Sale::SelfService
                && method.serves(&account.country)
                && method.currencies.contains(&account.currency)
        })
        .collect()
}

/// Whether the account can use a method.
///
/// # Errors
/// It is not known, not for the country, not for the currency, or arranged by people.
pub fn check_method<'a>(scene: &Scene<'a>, id: &str) -> Result<&'a Method, Refusal> {
    let account = &scene.facts.account;
    let names: Vec<&str> = methods_for(scene)
        .iter()
        .map(|method| method.id.as_str())
        .collect();
    let offered = format!("{} can pay by {}.", account.name, listed::or(&names));
    let Some(method) = scene.catalog.method(id) else {
        return Err(Refusal::unknown("payment method", id, names));
    };
    if !method.serves(&account.country) {
        let message = format!("{} is not available in {}.", method.name, account.country);
        let (key, countries) = match method.countries.is_empty() {
            true => ("except_countries", method.except_countries.join(", ")),
            false => ("countries", method.countries.join(", ")),
        };
        return Err(Refusal::new(Code::MethodNotForCountry, message)
            .because(scene.policy, &format!("method.{id}.{key}"), countries)
            .say(offered)
            .run(format!("account edit {} --country CC", account.name)));
    }
    if !method.currencies.contains(&account.currency) {
        let message = format!("{} does not take {}.", method.name, account.currency);
        return Err(Refusal::new(Code::CurrencyNotTaken, message)
            .say(offered)
            .routed(&account.name, Situation::Partner));
    }
    if method.sale != Sale::SelfService && scene.member.is_some() {
        let message = format!("{} is arranged with the seller's people.", method.name);
        return Err(Refusal::new(Code::MethodByContact, message)
            .because(scene.policy, &format!("method.{id}.sale"), "sales_only")
            .say(offered)
            .routed(&account.name, Situation::Contract));
    }
    if method.sale != Sale::SelfService && scene.reason.is_none() {
        let message = format!("{} is arranged by support and needs a reason.", method.name);
        return Err(Refusal::new(Code::MethodByContact, message)
            .because(scene.policy, &format!("method.{id}.sale"), "sales_only")
            .say(offered)
            .routed(&account.name, Situation::Contract));
    }
    Ok(method)
}

/// Chooses the method of an order and checks everything that hangs on it.
pub(super) fn settle(scene: &Scene<'_>, wish: &Wish, order: &mut Order) -> Result<(), Refusal> {
    let account = &scene.facts.account;
    let saved = scene
        .facts
        .method
        .as_ref()
        .map(|saved| saved.method.as_str());
    let only = match methods_for(scene).as_slice() {
        [one] => Some(one.id.clone()),
        _ => None,
    };
    let chosen = wish
        .method
        .clone()
        .or_else(|| saved.map(str::to_owned))
        .or(only);
    if let Some(id) = &chosen {
        let method = check_method(scene, id)?;
        check_instalments(scene, wish, method, order)?;
        order.instalments = wish.instalments.unwrap_or(1);
    } else if wish.instalments.is_some_and(|parts| parts > 1) {
        let message = "Name the payment method with --method before choosing instalments.";
        return Err(Refusal::new(Code::InstalmentsNotAllowed, message));
    }
    order.method = chosen;
    let rules = &scene.policy.order;
    if rules.taxpayer_countries.contains(&account.country) && account.billing.taxpayer.is_none() {
        let message = format!("Orders from {} need a taxpayer number.", account.country);
        let countries = rules.taxpayer_countries.join(", ");
        return Err(Refusal::new(Code::TaxpayerMissing, message)
            .because(scene.policy, "order.taxpayer_countries", countries)
            .run(format!("account edit {} --taxpayer NUMBER", account.name)));
    }
    if rules.invoice_details == Need::Required && account.billing.address.is_empty() {
        let message = format!(
            "{} has no billing address, and an order needs one.",
            account.name
        );
        return Err(Refusal::new(Code::InvoiceDetailsMissing, message)
            .because(scene.policy, "order.invoice_details", "required")
            .run(format!(
                "account edit {} --address \"STREET, CITY\"",
                account.name
            )));
    }
    Ok(())
}

fn check_instalments(
    scene: &Scene<'_>,
    wish: &Wish,
    method: &Method,
    order: &Order,
) -> Result<(), Refusal> {
    let parts = wish.instalments.unwrap_or(1);
    if parts <= 1 {
        return Ok(());
    }
    let key = format!("method.{}.instalments", method.id);
    let no = |message: String, value: String| {
        Err(Refusal::new(Code::InstalmentsNotAllowed, message).because(scene.policy, &key, value))
    };
    let Some(bounds) = &method.instalments else {
        return no(
            format!("{} cannot be paid in instalments.", method.name),
            "absent".to_owned(),
        );
    };
    let add_ons = order.parts.iter().filter_map(|part| match part {
        Part::AddOn { add_on, .. } => scene.catalog.add_on(add_on),
        Part::Term(_)
        | Part::Change { .. }
        | Part::Deferred { .. }
        | Part::Collects { .. }
        | Part::Stated { .. } => None,
    });
    if let Some(add_on) = add_ons.into_iter().find(|add_on| !add_on.instalments) {
        return no(
            format!("{} cannot be paid in instalments.", add_on.name),
            "false".to_owned(),
        );
    }
    if parts > bounds.max {
        let message = format!("{} allows at most {} instalments.", method.name, bounds.max);
        return no(message, format!("max = {}", bounds.max));
    }
    let smallest = order.total.major() / Decimal::from(parts);
    if smallest < bounds.min_part {
        let message = format!(
            "{parts} instalments of {} would be below the smallest part of {} {}.",
            order.total, bounds.min_part, order.currency
        );
        return no(message, format!("min_part = {}", bounds.min_part));
    }
    Ok(())
}
