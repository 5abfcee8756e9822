//! What is charged, and what is on file afterwards.

use super::{Way, Witness, answered, begin, record};
use crate::billing::account::{Facts, SavedMethod};
use crate::billing::calendar::midnight;
use crate::billing::change::Change;
use crate::billing::money::Money;
use crate::billing::order::{Order, OrderState};
use crate::billing::payment::Answer;
use crate::billing::policy::OrderKind;
use crate::billing::sample::{self, day};

/// An order over 12.00 to be paid by card; a card is on file.
fn with_order(facts: &mut Facts) -> Order {
    facts.method = Some(SavedMethod {
        method: "card".to_owned(),
        reference: "tok-1".to_owned(),
        saved_on: day("2026-04-15"),
    });
    let zero = Money::zero(facts.account.currency);
    let total = Money::of(1200, facts.account.currency);
    Order {
        id: 3,
        account: facts.account.id,
        kind: OrderKind::AddOn,
        state: OrderState::Pending,
        placed_at: midnight(day("2026-05-01")),
        settled_at: None,
        method: Some("card".to_owned()),
        instalments: 1,
        parts: Vec::new(),
        lines: Vec::new(),
        currency: facts.account.currency,
        net: total,
        tax: zero,
        total,
        from_balance: zero,
        lapses_on: None,
        basis: String::new(),
        renews: None,
        reason: None,
    }
}

#[test]
fn the_card_on_file_is_charged_and_stays_on_file_whatever_the_provider_calls_the_payment() {
    let (mut facts, policy, catalog) = (sample::facts(), sample::policy(), sample::catalog());
    let mut order = with_order(&mut facts);
    let scene = sample::scene(&facts, &catalog, &policy);
    order.basis = scene.basis();
    let begun = begin(&scene, &order, &Way::default()).unwrap();
    let mut payment = begun.payment.clone().unwrap();
    assert_eq!(payment.reference.as_deref(), Some("tok-1"));
    let pending = Answer::Pending {
        reference: "pi_77".to_owned(),
    };
    let mut changes = record(&scene, &begun);
    changes.extend(
        answered(
            &scene,
            &begun.order,
            Some(&payment),
            (&pending, Witness::Provider),
        )
        .unwrap(),
    );
    for change in &changes {
        if let Change::SetPayment { reference, .. } = change {
            payment.reference.clone_from(reference);
        }
    }
    let paid = Answer::Paid {
        reference: "pi_77".to_owned(),
    };
    let changes = answered(
        &scene,
        &begun.order,
        Some(&payment),
        (&paid, Witness::Provider),
    )
    .unwrap();
    let mut after = facts.clone();
    after.take(&changes);
    assert_eq!(after.method.unwrap().reference, "tok-1");
}

#[test]
fn another_method_than_the_one_on_file_is_not_charged_to_it() {
    let (mut facts, policy, catalog) = (sample::facts(), sample::policy(), sample::catalog());
    let mut order = with_order(&mut facts);
    facts.method.as_mut().unwrap().method = "wire".to_owned();
    let scene = sample::scene(&facts, &catalog, &policy);
    order.basis = scene.basis();
    let begun = begin(&scene, &order, &Way::default()).unwrap();
    assert_eq!(begun.payment.unwrap().reference, None);
}
