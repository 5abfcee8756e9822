//! The way to pay that is on file: what can be kept, and when it can be changed. Never a card number.

use super::account::SavedMethod;
use super::catalog::Method;
use super::change::Change;
use super::input;
use super::listed;
use super::payment::looks_like_card;
use super::policy::State;
use super::quote;
use super::reactivate;
use super::refusal::{Code, Refusal};
use super::scene::Scene;

/// A method that is to be put on file, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saving<'a> {
    /// The catalog's method.
    pub method: &'a str,
    /// What the processor calls it.
    pub reference: &'a str,
    /// The brand of a card.
    pub brand: Option<&'a str>,
    /// The kind of a card: credit, debit, prepaid.
    pub funding: Option<&'a str>,
}

/// A method is put on file, in place of the one before (K24-18, KS-19, KS-26, KA-23).
///
/// # Errors
/// It cannot be kept or charged, is not for the account, or the policy wants auto-renewal off first.
pub fn set(scene: &Scene<'_>, saving: &Saving<'_>) -> Result<Vec<Change>, Refusal> {
    if looks_like_card(saving.reference) {
        return Err(input::card("The reference"));
    }
    let reference = input::line("The reference", saving.reference)?;
    let method = quote::check_method(scene, saving.method)?;
    check_card(scene, method, saving)?;
    let name = &scene.facts.account.name;
    if !method.recurring {
        let message = format!(
            "{} cannot be charged without the customer, so it is not kept on file.",
            method.name
        );
        return Err(Refusal::new(Code::AutoRenewNotAvailable, message)
            .because(
                scene.policy,
                &format!("method.{}.recurring", method.id),
                "false",
            )
            .say("Name it when an order is paid."));
    }
    let before = scene.facts.method.as_ref();
    let same =
        before.is_some_and(|saved| saved.method == method.id && saved.reference == reference);
    // Entering a card brings an account back, and the card may be the one it had (KS-6, KS-28); as long as a declined
    // one can be mended, another one is wanted (KS-4).
    let back = reactivate::method_returns(scene) && scene.standing().state != State::PastDue;
    if same && !back {
        let message = format!("{} {reference} is on file for {name} already.", method.name);
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    if before.is_some() && !same {
        renewal_off(scene)?;
    }
    Ok(vec![Change::SetMethod {
        account: scene.facts.account.id,
        method: Some(SavedMethod {
            method: method.id.clone(),
            reference,
            saved_on: scene.on(),
        }),
        on: scene.on(),
    }])
}

/// The method on file is removed.
///
/// # Errors
/// There is none, or the policy wants auto-renewal off first.
pub fn remove(scene: &Scene<'_>) -> Result<Vec<Change>, Refusal> {
    let account = &scene.facts.account;
    if scene.facts.method.is_none() {
        let message = format!("{} has no payment method on file.", account.name);
        return Err(Refusal::new(Code::NoMethod, message).run(to_set(scene)));
    }
    renewal_off(scene)?;
    Ok(vec![Change::SetMethod {
        account: account.id,
        method: None,
        on: scene.on(),
    }])
}

/// The command that puts a method on file, with the first that can be kept.
pub(super) fn to_set(scene: &Scene<'_>) -> String {
    let offered = quote::methods_for(scene);
    let kept = offered.iter().find(|method| method.recurring);
    let id = kept.map_or("METHOD", |method| method.id.as_str());
    format!(
        "account method set {} {id} --reference TEXT",
        scene.facts.account.name
    )
}

/// There must be a method on file that can be charged without the customer (K24-20, K26-10).
///
/// # Errors
/// There is none; where the account can pay by no method that recurs, that is said.
pub fn chargeable(scene: &Scene<'_>) -> Result<(), Refusal> {
    let once = |method: &Method| {
        let message = format!("{} cannot be charged without the customer.", method.name);
        let key = format!("method.{}.recurring", method.id);
        Refusal::new(Code::AutoRenewNotAvailable, message).because(scene.policy, &key, "false")
    };
    let saved = scene.facts.method.as_ref();
    if let Some(method) = saved.and_then(|saved| scene.catalog.method(&saved.method)) {
        return match method.recurring {
            true => Ok(()),
            false => Err(once(method)),
        };
    }
    let name = &scene.facts.account.name;
    let offered = quote::methods_for(scene);
    match (
        offered.iter().find(|method| method.recurring),
        offered.first(),
    ) {
        (None, Some(method)) => Err(once(method).say(format!("{name} can pay by no other way."))),
        (Some(method), _) => {
            let message = format!("{name} has no payment method on file that could be charged.");
            let set = format!("account method set {name} {} --reference TEXT", method.id);
            Err(Refusal::new(Code::NoMethod, message)
                .say("Paying an order by a method that recurs keeps it.")
                .run(set))
        }
        (None, None) => {
            let message = format!("There is no way to pay that {name} could use.");
            Err(Refusal::new(Code::NoMethod, message))
        }
    }
}

/// A method in use for renewals may have to be released first (FK-34).
fn renewal_off(scene: &Scene<'_>) -> Result<(), Refusal> {
    let blocked = scene.policy.renewal.method_change_needs_off && scene.standing().auto_renew;
    if !blocked {
        return Ok(());
    }
    let name = &scene.facts.account.name;
    let message = format!("The payment method of {name} cannot change while auto-renewal is on.");
    Err(Refusal::new(Code::AutoRenewOn, message)
        .because(scene.policy, "renewal.method_change_needs_off", "true")
        .run(format!("renew auto {name} off")))
}

/// Whether the brand and the kind of a card are taken, as far as they are said.
fn check_card(scene: &Scene<'_>, method: &Method, saving: &Saving<'_>) -> Result<(), Refusal> {
    let said = |text: Option<&str>| text.map(|text| text.trim().to_lowercase());
    if let Some(brand) = said(saving.brand)
        && !method.brands.is_empty()
        && !method
            .brands
            .iter()
            .any(|taken| taken.to_lowercase() == brand)
    {
        let message = format!(
            "{} does not take {brand}; it takes {}.",
            method.name,
            listed::and(&method.brands)
        );
        return Err(Refusal::new(Code::CardNotTaken, message).because(
            scene.policy,
            &format!("method.{}.brands", method.id),
            method.brands.join(", "),
        ));
    }
    if let Some(funding) = said(saving.funding)
        && method
            .refuses_funding
            .iter()
            .any(|refused| refused.to_lowercase() == funding)
    {
        let refused = method.refuses_funding.join(", ");
        let message = format!("{} does not take {funding} cards.", method.name);
        return Err(Refusal::new(Code::CardNotTaken, message).because(
            scene.policy,
            &format!("method.{}.refuses_funding", method.id),
            refused,
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::account::{Facts, Switch, Switched};
    use crate::billing::calendar::midnight;
    use crate::billing::catalog::Catalog;
    use crate::billing::policy::Policy;
    use crate::billing::sample::{self, day};

    fn tried(
        change: impl FnOnce(&mut Facts, &mut Policy, &mut Catalog),
        saving: &Saving<'_>,
    ) -> Result<Vec<Change>, Refusal> {
        let (mut facts, mut policy, mut catalog) =
            (sample::facts(), sample::policy(), sample::catalog());
        change(&mut facts, &mut policy, &mut catalog);
        let scene = sample::scene(&facts, &catalog, &policy);
        set(&scene, saving)
    }

    const CARD: Saving<'_> = Saving {
        method: "card",
        reference: "tok_1",
        brand: None,
        funding: None,
    };

    fn saved() -> SavedMethod {
        SavedMethod {
            method: "card".to_owned(),
            reference: "tok_0".to_owned(),
            saved_on: day("2026-04-15"),
        }
    }

    #[test]
    fn ks_26_only_the_processors_reference_is_kept() {
        assert!(tried(|_, _, _| {}, &CARD).is_ok());
        let number = Saving {
            reference: "4111-1111-1111-1111",
            ..CARD
        };
        assert_eq!(
            tried(|_, _, _| {}, &number).unwrap_err().code,
            Code::CardNumberNotKept
        );
    }

    #[test]
    fn ks_19_only_the_named_brands_and_no_refused_kind_are_taken() {
        let brands = |_: &mut Facts, _: &mut Policy, catalog: &mut Catalog| {
            catalog.methods[0].brands = vec!["Visa".to_owned(), "Discover".to_owned()];
            catalog.methods[0].refuses_funding = vec!["prepaid".to_owned()];
        };
        let of = |brand, funding| Saving {
            brand: Some(brand),
            funding: Some(funding),
            ..CARD
        };
        assert!(tried(brands, &of("visa", "debit")).is_ok());
        assert_eq!(
            tried(brands, &of("jcb", "credit")).unwrap_err().code,
            Code::CardNotTaken
        );
        assert_eq!(
            tried(brands, &of("visa", "prepaid")).unwrap_err().code,
            Code::CardNotTaken
        );
    }

    #[test]
    fn fk_34_a_method_changes_only_with_auto_renewal_off() {
        let on = |facts: &mut Facts, policy: &mut Policy, _: &mut Catalog| {
            policy.renewal.method_change_needs_off = true;
            let at = midnight(day("2026-04-15"));
            facts.switches.push(Switched {
                switch: Switch::AutoRenew,
                on: true,
                at,
            });
        };
        assert!(tried(on, &CARD).is_ok(), "the first one is no change");
        let second = |facts: &mut Facts, policy: &mut Policy, catalog: &mut Catalog| {
            on(facts, policy, catalog);
            facts.method = Some(saved());
        };
        let refused = tried(second, &CARD).unwrap_err();
        assert_eq!(
            refused.because.unwrap().key,
            "renewal.method_change_needs_off"
        );
        let free =
            |facts: &mut Facts, _: &mut Policy, _: &mut Catalog| facts.method = Some(saved());
        assert!(
            tried(free, &CARD).is_ok(),
            "KA-23: in place where the policy has no such rule"
        );
        let same = Saving {
            reference: "tok_0",
            ..CARD
        };
        assert_eq!(tried(free, &same).unwrap_err().code, Code::NothingToChange);
    }

    #[test]
    fn k24_20_where_nothing_recurs_that_is_the_reason() {
        let asked = |recurring: &[bool], saved: Option<SavedMethod>| {
            let (mut facts, policy, mut catalog) =
                (sample::facts(), sample::policy(), sample::catalog());
            facts.method = saved;
            let first = catalog.methods[0].clone();
            catalog.methods = recurring
                .iter()
                .map(|recurring| Method {
                    recurring: *recurring,
                    ..first.clone()
                })
                .collect();
            let scene = sample::scene(&facts, &catalog, &policy);
            chargeable(&scene)
        };
        assert!(asked(&[true], Some(saved())).is_ok());
        for kept in [None, Some(saved())] {
            let refused = asked(&[false, false], kept).unwrap_err();
            assert_eq!(refused.code, Code::AutoRenewNotAvailable);
            assert_eq!(refused.because.unwrap().key, "method.card.recurring");
        }
        let refused = asked(&[false, true], None).unwrap_err();
        assert_eq!(refused.code, Code::NoMethod, "K26-10: another way would do");
    }

    #[test]
    fn what_cannot_be_charged_alone_or_is_for_others_is_not_kept() {
        let once = |_: &mut Facts, _: &mut Policy, catalog: &mut Catalog| {
            catalog.methods[0].recurring = false;
        };
        assert_eq!(
            tried(once, &CARD).unwrap_err().code,
            Code::AutoRenewNotAvailable
        );
        let elsewhere = |_: &mut Facts, _: &mut Policy, catalog: &mut Catalog| {
            catalog.methods[0].except_countries = vec!["US".to_owned()];
        };
        assert_eq!(
            tried(elsewhere, &CARD).unwrap_err().code,
            Code::MethodNotForCountry
        );
    }
}
