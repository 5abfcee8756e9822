//! The nouns around an account, through the gate, on the built-in sellers.

use super::account::{self, Close, Create, Details, Edit};
use super::account_terms::{Method, Saving};
use super::member::{Add, Becomes, Seat, Set};
use super::plan;
use super::{Desk, Effect, Failure, Given, Question, Request, Starter, Terms};
use crate::billing::calendar::Moment;
use crate::billing::policy::{Role, Situation, State};
use crate::billing::refusal::Code;
use crate::wire::Document;
use crate::wire::presets::preset;

pub(super) struct Shop {
    pub(super) desk: Desk,
}

pub(super) fn terms(at: &str) -> Terms {
    let at: Moment = format!("{at}T09:00:00").parse().unwrap();
    Terms {
        at,
        given: Given::ByHand,
        now: "2026-12-31T00:00:00".parse().unwrap(),
        recorded_at: at.and_utc(),
        by: "desk".to_owned(),
        on_behalf: None,
        reason: None,
        key: None,
        effect: Effect::Kept,
    }
}

pub(super) fn why(at: &str) -> Terms {
    Terms {
        reason: Some("asked by phone".to_owned()),
        ..terms(at)
    }
}

pub(super) fn by(at: &str, member: &str) -> Terms {
    Terms {
        on_behalf: Some(member.to_owned()),
        ..terms(at)
    }
}

impl Shop {
    fn of(seller: &str) -> Shop {
        let mut desk = Desk::in_memory().unwrap();
        let now: Moment = "2026-06-10T09:00:00".parse().unwrap();
        let starter = Starter {
            by: "desk".to_owned(),
            recorded_at: now.and_utc(),
            now,
        };
        desk.start(preset(seller).unwrap(), &starter).unwrap();
        Shop { desk }
    }

    pub(super) fn with_account(seller: &str, country: &str) -> Shop {
        let mut shop = Shop::of(seller);
        shop.does(&terms("2026-06-10"), &new("acme", country, "ana@acme.test"));
        shop
    }

    pub(super) fn does<R: Request>(&mut self, terms: &Terms, request: &R) -> Document {
        self.desk.perform(terms, request).unwrap().document
    }

    pub(super) fn refuses<R: Request>(&mut self, terms: &Terms, request: &R) -> Code {
        code(
            self.desk
                .perform(terms, request)
                .map(|outcome| outcome.document),
        )
    }

    pub(super) fn says<Q: Question>(&mut self, terms: &Terms, question: &Q) -> Document {
        self.desk.ask(terms, question).unwrap()
    }

    pub(super) fn account(&mut self, at: &str) -> crate::wire::account::Account {
        let show = account::Show {
            account: "acme".to_owned(),
        };
        let Document::Account(account) = self.says(&terms(at), &show) else {
            unreachable!()
        };
        *account
    }
}

pub(super) fn code(answer: Result<Document, Failure>) -> Code {
    match answer.unwrap_err() {
        Failure::Refused(refusal) => refusal.code,
        other => panic!("{other}"),
    }
}

pub(super) fn new(name: &str, country: &str, email: &str) -> Create {
    Create {
        name: name.to_owned(),
        title: None,
        country: country.to_owned(),
        currency: None,
        email: email.to_owned(),
        billing: Details::default(),
    }
}

pub(super) fn member(email: &str, role: Role) -> Add {
    Add {
        account: "acme".to_owned(),
        email: email.to_owned(),
        role,
        seat: Seat::Usual,
    }
}

pub(super) fn becomes(email: &str, becomes: Becomes) -> Set {
    Set {
        account: "acme".to_owned(),
        email: email.to_owned(),
        becomes,
    }
}

#[test]
fn k24_4_a_new_kommo_account_is_in_its_trial_and_k26_3_can_pay_by_card_or_paypal() {
    let mut shop = Shop::with_account("kommo", "US");
    let account = shop.account("2026-06-10");
    assert_eq!(account.state, State::Trialing);
    assert_eq!(account.trial.unwrap().days_left, 14);
    assert_eq!(account.methods, ["card", "paypal"]);
    assert_eq!(account.plan.unwrap().id, "pro");
    assert_eq!(shop.account("2026-06-24").state, State::TrialEnded);
    assert!(shop.account("2026-06-24").plan.is_none());
}

#[test]
fn every_built_in_seller_gives_an_overview_on_the_first_day() {
    for (seller, state) in [
        ("kommo", State::Trialing),
        ("kommo-2024", State::Trialing),
        ("kumospace", State::Free),
        ("kustomer", State::New),
        ("kaspr", State::Free),
    ] {
        let mut shop = Shop::with_account(seller, "US");
        assert_eq!(shop.account("2026-06-10").state, state, "{seller}");
        let document = shop.says(&terms("2026-06-10"), &plan::List::default());
        assert!(
            matches!(&document, Document::Plans(plans) if plans.len() > 1),
            "{seller}"
        );
        let compared = shop.says(
            &terms("2026-06-10"),
            &plan::Compare {
                plans: Vec::new(),
                to: plan::For::default(),
            },
        );
        assert!(matches!(compared, Document::PlanComparison(_)));
    }
}

#[test]
fn an_account_is_created_once_and_a_dry_run_creates_none() {
    let mut shop = Shop::of("kommo");
    let dry = Terms {
        effect: Effect::DryRun,
        ..terms("2026-06-10")
    };
    let create = new("acme", "US", "ana@acme.test");
    let tried = shop.desk.perform(&dry, &create).unwrap().document;
    assert_eq!(shop.does(&terms("2026-06-10"), &create), tried);
    assert_eq!(shop.refuses(&terms("2026-06-10"), &create), Code::NameTaken);
    let second = new("zenith", "US", "ana@acme.test");
    assert_eq!(
        shop.refuses(&terms("2026-06-10"), &second),
        Code::EmailTaken
    );
    let show = account::Show {
        account: "acm".to_owned(),
    };
    let Err(Failure::NotFound { near, .. }) = shop.desk.ask(&terms("2026-06-10"), &show) else {
        unreachable!()
    };
    assert_eq!(near, ["acme"]);
    let show = account::Show {
        account: "acme".to_owned(),
    };
    assert_eq!(
        code(shop.desk.ask(&terms("2026-06-09"), &show)),
        Code::DateTooEarly
    );
}

#[test]
fn k26_1_ku_6_only_the_roles_of_the_policy_may_look_and_change() {
    let mut shop = Shop::with_account("kumospace", "US");
    shop.does(&terms("2026-06-10"), &member("bob@acme.test", Role::Admin));
    let show = account::Show {
        account: "acme".to_owned(),
    };
    let bob = by("2026-06-10", "bob@acme.test");
    assert_eq!(code(shop.desk.ask(&bob, &show)), Code::RoleNotAllowed);
    assert!(
        shop.desk
            .ask(&by("2026-06-10", "ana@acme.test"), &show)
            .is_ok()
    );
    let edit = Edit {
        account: "acme".to_owned(),
        billing: Details {
            email: Some("bills@payer.test".to_owned()),
            ..Details::default()
        },
        ..Edit::default()
    };
    assert_eq!(shop.refuses(&bob, &edit), Code::RoleNotAllowed);
    shop.does(&by("2026-06-10", "ana@acme.test"), &edit);
    let account = shop.account("2026-06-10");
    assert_eq!(
        account.billing.email.as_deref(),
        Some("bills@payer.test"),
        "KU-13, KU-14"
    );
    let owner = account
        .members
        .iter()
        .find(|member| member.may_bill)
        .unwrap();
    assert_eq!(owner.email, "ana@acme.test", "the payer has no rights");
}

#[test]
fn ka_7_the_accounts_own_address_is_changed_by_support_and_a_wish_becomes_a_case() {
    let mut shop = Shop::with_account("kaspr", "FR");
    let edit = Edit {
        account: "acme".to_owned(),
        email: Some("ana@new.test".to_owned()),
        ..Edit::default()
    };
    assert_eq!(
        shop.refuses(&by("2026-06-10", "ana@acme.test"), &edit),
        Code::SupportOnly
    );
    let cases = shop.account("2026-06-10").cases;
    assert_eq!((cases.len(), cases[0].about), (1, Situation::Support));
    assert_eq!(
        shop.refuses(&terms("2026-06-10"), &edit),
        Code::ReasonMissing
    );
    shop.does(&why("2026-06-10"), &edit);
    assert_eq!(shop.account("2026-06-10").members[0].email, "ana@new.test");
}

#[test]
fn ka_8_closing_warns_and_kustomer_never_closes() {
    let mut shop = Shop::with_account("kaspr", "FR");
    let close = |accepted| Close {
        account: "acme".to_owned(),
        accepted,
    };
    assert_eq!(
        shop.refuses(&terms("2026-06-11"), &close(false)),
        Code::WarningNotAccepted
    );
    shop.does(&terms("2026-06-11"), &close(true));
    assert_eq!(shop.account("2026-06-11").state, State::Closed);
    assert_eq!(shop.account("2026-06-10").state, State::Free);
    assert_eq!(
        shop.refuses(&terms("2026-06-11"), &close(true)),
        Code::AccountClosed
    );
    let mut shop = Shop::with_account("kustomer", "US");
    assert_eq!(
        shop.refuses(&terms("2026-06-11"), &close(true)),
        Code::CloseNotAllowed
    );
}

#[test]
fn k24_17_and_k24_18_methods_follow_the_country() {
    let mut shop = Shop::with_account("kommo-2024", "BR");
    let set = |method: &str| Method {
        account: "acme".to_owned(),
        method: Some(Saving {
            method: method.to_owned(),
            reference: "tok_1".to_owned(),
            brand: None,
            funding: None,
        }),
    };
    assert_eq!(
        shop.refuses(&terms("2026-06-10"), &set("paypal")),
        Code::MethodNotForCountry
    );
    let edit = Edit {
        account: "acme".to_owned(),
        country: Some("PT".to_owned()),
        ..Edit::default()
    };
    let Document::Account(moved) = shop.does(&terms("2026-06-10"), &edit) else {
        unreachable!()
    };
    assert_eq!(moved.currency.code(), "USD");
    shop.does(&terms("2026-06-10"), &set("paypal"));
    assert_eq!(shop.account("2026-06-10").method.unwrap().id, "paypal");
    let remove = Method {
        account: "acme".to_owned(),
        method: None,
    };
    shop.does(&terms("2026-06-10"), &remove);
    assert_eq!(shop.refuses(&terms("2026-06-10"), &remove), Code::NoMethod);
}

#[test]
fn accounts_are_listed_by_place_standing_and_plan() {
    let mut shop = Shop::with_account("kommo", "US");
    shop.does(&terms("2026-06-10"), &new("brasil", "BR", "b@brasil.test"));
    let mut count = |list: account::List| match shop.says(&terms("2026-06-12"), &list) {
        Document::Accounts(found) => found.len(),
        _ => unreachable!(),
    };
    let all = || account::List {
        at_most: 10,
        ..account::List::default()
    };
    assert_eq!(count(all()), 2);
    assert_eq!(
        count(account::List {
            country: Some("br".to_owned()),
            ..all()
        }),
        1
    );
    assert_eq!(
        count(account::List {
            state: Some(State::Active),
            ..all()
        }),
        0
    );
    assert_eq!(
        count(account::List {
            plan: Some("pro".to_owned()),
            ..all()
        }),
        2
    );
    assert_eq!(
        count(account::List {
            begins: "ac".to_owned(),
            ..all()
        }),
        1
    );
    assert_eq!(
        count(account::List {
            at_most: 1,
            ..account::List::default()
        }),
        1
    );
}
