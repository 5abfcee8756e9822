//! What a failed charge makes of an account: a window, or nothing when the service had stopped before.

use super::standing;
use crate::billing::account::{Facts, SavedMethod};
use crate::billing::calendar::midnight;
use crate::billing::money::Money;
use crate::billing::order::{Order, OrderState};
use crate::billing::payment::{Payment, PaymentKind, PaymentState};
use crate::billing::policy::{OrderKind, Policy, State};
use crate::billing::sample::{self, day};

const POLICY: &str = r#"
id = "acme-seller"
effective_from = "2026-01-01"
[end]
no_method = "frozen"
failed = "deactivated"
grace_days = 3
reactivation = "method"
"#;

/// The term ended on 2026-10-15; a card that was put on file on a day was declined on another.
fn declined(saved_on: &str, tried_on: &str) -> Facts {
    let mut facts = sample::facts();
    facts.method = Some(SavedMethod {
        method: "card".to_owned(),
        reference: "tok-2".to_owned(),
        saved_on: day(saved_on),
    });
    let total = Money::zero(facts.account.currency);
    let order = Order {
        id: 7,
        account: facts.account.id,
        kind: OrderKind::Renewal,
        state: OrderState::Pending,
        placed_at: midnight(day(tried_on)),
        settled_at: None,
        method: Some("card".to_owned()),
        instalments: 1,
        parts: Vec::new(),
        lines: Vec::new(),
        currency: facts.account.currency,
        net: total,
        tax: total,
        total,
        from_balance: total,
        lapses_on: None,
        basis: String::new(),
        renews: Some(day("2026-10-15")),
        reason: None,
    };
    facts.payments.push(Payment {
        id: 1,
        account: facts.account.id,
        order: Some(order.id),
        invoice: None,
        kind: PaymentKind::Charge,
        method: "card".to_owned(),
        key: "order/7/1".to_owned(),
        reference: Some("tok-2".to_owned()),
        amount: total,
        begun_at: midnight(day(tried_on)),
        settled_at: Some(midnight(day(tried_on))),
        state: PaymentState::Declined,
        reason: Some("insufficient_funds".to_owned()),
        attempt: 1,
    });
    facts.orders.push(order);
    facts
}

fn state(facts: &Facts, on: &str) -> State {
    let policy: Policy = toml::from_str(POLICY).unwrap();
    standing(facts, &policy, midnight(day(on))).state
}

#[test]
fn ks_3_and_ks_5_a_declined_charge_opens_three_days_and_then_deactivates() {
    let facts = declined("2026-04-15", "2026-10-15");
    assert_eq!(state(&facts, "2026-10-17"), State::PastDue);
    assert_eq!(state(&facts, "2026-10-18"), State::Deactivated);
}

#[test]
fn ks_6_a_card_that_comes_after_the_end_and_is_declined_brings_nothing_back() {
    for (saved_on, tried_on) in [("2026-10-20", "2026-10-20"), ("2027-02-01", "2027-02-01")] {
        let facts = declined(saved_on, tried_on);
        assert_eq!(state(&facts, tried_on), State::Frozen, "{tried_on}");
    }
}
