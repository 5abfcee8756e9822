//! New customers, and what another place does to one.

use super::*;
use crate::billing::account::{Facts, SavedMethod};
use crate::billing::calendar::midnight;
use crate::billing::policy::Route;
use crate::billing::sample::{self, day};

/// Two places: one that pays in reals by its own card, and the rest of the world.
fn catalog() -> Catalog {
    let mut catalog = sample::catalog();
    let mut home = catalog.regions[0].clone();
    home.id = "brazil".to_owned();
    home.countries = vec!["BR".to_owned()];
    home.currencies = vec!["BRL".parse().unwrap()];
    catalog.regions.insert(0, home);
    let mut card = catalog.methods[0].clone();
    card.id = "pix".to_owned();
    card.countries = vec!["BR".to_owned()];
    card.currencies = vec!["BRL".parse().unwrap()];
    catalog.methods[0].except_countries = vec!["BR".to_owned()];
    catalog.methods.push(card);
    catalog
}

fn policy() -> Policy {
    let mut policy = sample::policy();
    policy.trial.as_mut().unwrap().automatic = true;
    let route = Route {
        to: "a partner".to_owned(),
        contact: None,
        needs: Vec::new(),
    };
    policy.routes.insert(Situation::Partner, route);
    policy
}

fn created(change: impl FnOnce(&mut Newcomer<'_>)) -> Result<Vec<Change>, Refusal> {
    let details = Details::default();
    let mut newcomer = Newcomer {
        name: "zenith",
        title: None,
        country: "us",
        currency: None,
        email: "zoe@zenith.test",
        details: &details,
        name_taken: false,
        elsewhere: None,
    };
    change(&mut newcomer);
    let next = sample::facts().next;
    create(
        &policy(),
        &catalog(),
        &next,
        &newcomer,
        midnight(day("2026-06-01")),
    )
}

#[test]
fn k24_4_and_k24_30_a_new_account_has_an_owner_and_a_trial_without_payment() {
    let changes = created(|_| {}).unwrap();
    let [
        Change::AddAccount(account),
        Change::AddMember { member, .. },
        Change::AddTrial { trial, .. },
    ] = changes.as_slice()
    else {
        unreachable!()
    };
    assert_eq!(
        (account.region.as_str(), account.currency),
        ("world", Currency::USD)
    );
    assert_eq!(
        (member.role, member.seat.as_deref()),
        (Role::Owner, Some("full"))
    );
    assert_eq!(trial.span, Span::new(day("2026-06-01"), day("2026-06-15")));
}

#[test]
fn the_place_decides_the_currency_and_others_go_to_a_partner() {
    let brazil = created(|new| new.country = "BR").unwrap();
    let Change::AddAccount(account) = &brazil[0] else {
        unreachable!()
    };
    assert_eq!(
        (account.region.as_str(), account.currency.code()),
        ("brazil", "BRL")
    );
    let refused = created(|new| new.currency = "EUR".parse().ok()).unwrap_err();
    assert_eq!(
        (refused.code, refused.route),
        (Code::CurrencyNotTaken, Some(Situation::Partner))
    );
    assert_eq!(refused.message, "An account in US pays in USD, not in EUR.");
}

#[test]
fn names_and_addresses_are_checked() {
    assert_eq!(
        created(|new| new.name_taken = true).unwrap_err().code,
        Code::NameTaken
    );
    assert_eq!(
        created(|new| new.name = "Zenith").unwrap_err().code,
        Code::ValueNotUsable
    );
    assert_eq!(
        created(|new| new.email = "zoe").unwrap_err().code,
        Code::ValueNotUsable
    );
    assert_eq!(
        created(|new| new.country = "Atlantis").unwrap_err().code,
        Code::ValueNotUsable
    );
    assert!(
        created(|new| new.elsewhere = Some("acme")).is_ok(),
        "where the policy allows several"
    );
}

fn edited(facts: &Facts, editing: &Editing<'_>) -> Result<Edited, Refusal> {
    let (policy, catalog) = (policy(), catalog());
    let scene = sample::scene(facts, &catalog, &policy);
    edit(&scene, editing)
}

fn unpaid() -> Facts {
    let mut facts = sample::facts();
    facts.terms.clear();
    facts
}

#[test]
fn k24_18_another_country_brings_its_currency_and_its_ways_to_pay() {
    let mut facts = unpaid();
    facts.method = Some(SavedMethod {
        method: "card".to_owned(),
        reference: "tok".to_owned(),
        saved_on: day("2026-04-15"),
    });
    let editing = Editing {
        country: Some("BR"),
        ..Editing::default()
    };
    let moved = edited(&facts, &editing).unwrap();
    let Change::EditAccount { account } = &moved.changes[0] else {
        unreachable!()
    };
    assert_eq!(
        (account.currency.code(), account.region.as_str()),
        ("BRL", "brazil")
    );
    assert_eq!(
        moved.changes[1],
        Change::SetMethod {
            account: 1,
            method: None,
            on: day("2026-05-01"),
        }
    );
    assert_eq!(
        moved.notes,
        [
            "acme pays in BRL from now on.",
            "card is not available in BR; it is no longer on file.",
            "acme can pay by pix."
        ]
    );
}

#[test]
fn a_currency_does_not_change_under_a_paid_term() {
    let editing = Editing {
        country: Some("BR"),
        ..Editing::default()
    };
    let refused = edited(&sample::facts(), &editing).unwrap_err();
    assert_eq!(refused.code, Code::CurrencyInUse);
    let editing = Editing {
        country: Some("MX"),
        ..Editing::default()
    };
    assert!(
        edited(&sample::facts(), &editing).is_ok(),
        "the same currency"
    );
}

#[test]
fn ku_13_and_ku_14_billing_mail_goes_where_it_is_told_and_an_empty_text_takes_away() {
    let mut details = Details {
        payer: Some("Payer Inc".to_owned()),
        email: Some("Bills@Payer.test".to_owned()),
        recipients: Some(vec!["a@x.test".to_owned(), "A@x.test".to_owned()]),
        ..Details::default()
    };
    let edit = |details: &Details| {
        let editing = Editing {
            details: Some(details),
            ..Editing::default()
        };
        edited(&unpaid(), &editing)
    };
    let changes = edit(&details).unwrap().changes;
    let [Change::EditAccount { account }] = changes.as_slice() else {
        unreachable!()
    };
    assert_eq!(account.billing.email.as_deref(), Some("bills@payer.test"));
    assert_eq!(account.billing.recipients, ["a@x.test"]);
    details = Details {
        payer: Some(" ".to_owned()),
        ..Details::default()
    };
    assert_eq!(edit(&details).unwrap_err().code, Code::NothingToChange);
    details.payer = Some("5500 0000 0000 0004".to_owned());
    assert_eq!(edit(&details).unwrap_err().code, Code::CardNumberNotKept);
    details = Details {
        language: Some("xx".to_owned()),
        ..Details::default()
    };
    assert_eq!(edit(&details).unwrap_err().code, Code::ValueNotUsable);
}

#[test]
fn taxpayer_numbers_are_checked_and_do_not_move_abroad() {
    let mut facts = unpaid();
    facts.account.country = "BR".to_owned();
    let details = |number: &str| Details {
        taxpayer: Some(number.to_owned()),
        ..Details::default()
    };
    let ask = |number: &str| {
        let details = details(number);
        edited(
            &facts,
            &Editing {
                details: Some(&details),
                ..Editing::default()
            },
        )
    };
    assert!(ask("529.982.247-25").is_ok());
    assert_eq!(ask("111.111.111-11").unwrap_err().code, Code::TaxpayerWrong);
    facts.account.billing.taxpayer = Some("529.982.247-25".to_owned());
    let moved = edited(
        &facts,
        &Editing {
            country: Some("DE"),
            ..Editing::default()
        },
    )
    .unwrap();
    assert!(moved.notes[0].contains("529.982.247-25 is not one of DE"));
}

#[test]
fn ka_7_the_accounts_own_address_is_the_owners() {
    let editing = Editing {
        owner_email: Some("new@acme.test"),
        ..Editing::default()
    };
    let changes = edited(&unpaid(), &editing).unwrap().changes;
    let [Change::EditMember(owner)] = changes.as_slice() else {
        unreachable!()
    };
    assert_eq!(
        (owner.role, owner.email.as_str()),
        (Role::Owner, "new@acme.test")
    );
}
