//! What happens after the sale, through the gate: endings, refunds, returns.

use super::cancel::{Cancel, Resume};
use super::correct_tests::credit;
use super::house::{House, code, wish};
use super::refund::Refund;
use super::{Failure, Outcome};
use crate::billing::cancel::When;
use crate::billing::correct::Much;
use crate::billing::policy::State;
use crate::billing::quote::Wish;
use crate::billing::refund::Source;
use crate::billing::refusal::Code;
use crate::wire::Document;
use crate::wire::subscription::Subscription;

pub(super) const NOW_TO_BALANCE: &str =
    "[cancel]\ntiming = \"now\"\ngive_back = \"credit\"\nthen = \"free\"\n";

pub(super) fn cancel(house: &mut House, when: Option<When>) -> Result<Subscription, Failure> {
    let request = Cancel {
        account: "acme".to_owned(),
        when,
    };
    let terms = house.terms();
    let outcome = house.desk.cancel(&terms, &request, &house.gateways);
    house.sound();
    outcome.map(subscription)
}

pub(super) fn refund(
    house: &mut House,
    payment: &str,
    amount: Option<&str>,
) -> Result<Subscription, Failure> {
    let request = Refund {
        payment: payment.to_owned(),
        amount: amount.map(|amount| amount.parse().unwrap()),
        source: Source::Invoice,
    };
    let terms = house.terms();
    let outcome = house.desk.refund(&terms, &request, &house.gateways);
    house.sound();
    outcome.map(subscription)
}

pub(super) fn resume(house: &mut House) -> Result<Outcome, Failure> {
    let request = Resume {
        account: "acme".to_owned(),
    };
    let terms = house.terms();
    let outcome = house.desk.resume(&terms, &request, &house.gateways);
    house.sound();
    outcome
}

pub(super) fn subscription(outcome: Outcome) -> Subscription {
    match outcome.document {
        Document::Subscription(subscription) => *subscription,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cancelled_plan_stays_until_its_end_and_the_cancellation_can_be_taken_back() {
    // KU-15, KU-16, KS-27, FU-9, K26-11: the paid term is unchanged, and not one day longer.
    let mut house = House::with("[cancel]\nthen = \"deactivated\"\n");
    house.buy("basic", 1, 1);
    let after = cancel(&mut house, None).unwrap();
    assert_eq!(after.state, State::Cancelling);
    assert_eq!(after.paid_until.unwrap().to_string(), "2024-04-01");
    assert_eq!(after.plan.as_deref(), Some("basic"));
    assert_eq!(
        code(cancel(&mut house, None).unwrap_err()),
        Code::AlreadyCancelled
    );
    assert_eq!(
        subscription(resume(&mut house).unwrap()).state,
        State::Active
    );
    assert_eq!(code(resume(&mut house).unwrap_err()), Code::NotCancelled);
    cancel(&mut house, None).unwrap();
    house.later(30);
    assert_eq!(house.at.date().to_string(), "2024-03-31");
    assert_eq!(
        code(cancel(&mut house, None).unwrap_err()),
        Code::AlreadyCancelled
    );
    house.later(1);
    assert_eq!(
        code(cancel(&mut house, None).unwrap_err()),
        Code::NoSubscription
    );
}

#[test]
fn where_the_seller_ends_with_the_term_nobody_ends_at_once() {
    let mut house = House::with("");
    house.buy("basic", 1, 1);
    let refused = cancel(&mut house, Some(When::Now)).unwrap_err();
    assert_eq!(code(refused), Code::CancelNotAllowed);
}

#[test]
fn ending_at_once_puts_unused_days_into_the_balance_and_they_pay_the_next_order() {
    let mut house = House::with(NOW_TO_BALANCE);
    house.buy("basic", 1, 2);
    house.later(15);
    let after = cancel(&mut house, None).unwrap();
    // 16 of 31 days of 60.00.
    assert_eq!(after.balance.amount, "30.97");
    assert_eq!((after.state, after.credit_notes.len()), (State::Free, 1));
    // KS-17: the balance pays before any card does, and the rest carries on.
    let order = house.order("acme", wish("basic", 1, 1)).unwrap();
    house.pay(&order).unwrap();
    let facts = house.facts("acme");
    assert_eq!(facts.balance.minor, 97);
    assert!(
        facts
            .payments
            .iter()
            .all(|payment| payment.order != Some(2))
    );
}

#[test]
fn ending_on_the_first_day_gives_everything_back_and_leaves_no_day_behind() {
    let mut house = House::with(NOW_TO_BALANCE);
    house.buy("pro", 6, 3);
    let after = cancel(&mut house, Some(When::Now)).unwrap();
    assert_eq!(after.balance.amount, "899.82");
    assert_eq!(
        code(cancel(&mut house, None).unwrap_err()),
        Code::NoSubscription
    );
}

#[test]
fn an_ending_can_send_the_money_back() {
    let mut house = House::with("[cancel]\ntiming = \"now\"\ngive_back = \"refund\"\n");
    house.buy("basic", 1, 1);
    house.later(15);
    let after = cancel(&mut house, None).unwrap();
    assert_eq!(after.refunds[0].amount.amount, "15.48");
    assert_eq!(after.refunds[0].state.name(), "paid");
    assert_eq!(after.balance.minor, 0);
}

#[test]
fn money_goes_back_where_it_came_from() {
    // meteroid-32: 20.00 of 100.00 came from the balance, 80.00 by card.
    let mut house = House::with("[refund]\nmode = \"paid\"\n");
    house.buy("basic", 1, 1);
    credit(
        &mut house,
        "INV-2024-000001",
        Much::Amount("20".parse().unwrap()),
    )
    .unwrap();
    let extend = Wish {
        extend: Some(crate::billing::calendar::Period::Months(6)),
        ..Wish::default()
    };
    let order = house.order("acme", extend).unwrap();
    house.pay(&order).unwrap();
    let facts = house.facts("acme");
    let last = facts.payments.last().unwrap().clone();
    assert_eq!((facts.balance.minor, last.amount.minor), (0, 15300 - 2000));
    let after = refund(&mut house, &last.number(), None).unwrap();
    assert_eq!(after.balance.minor, 2000);
    assert_eq!(after.refunds[0].amount.minor, 13300);
    let twice = refund(&mut house, &last.number(), None).unwrap_err();
    assert_eq!(code(twice), Code::MoreThanPaid);
    // What the credit note put into the balance can be paid out, but never more than was paid.
    let first = house.facts("acme").payments[0].clone();
    let more = refund(&mut house, &first.number(), Some("10.01")).unwrap_err();
    assert_eq!(code(more), Code::MoreThanPaid);
    let out = Refund {
        payment: first.number(),
        amount: None,
        source: Source::Balance,
    };
    let terms = house.terms();
    let paid_out = house.desk.refund(&terms, &out, &house.gateways).unwrap();
    house.sound();
    assert_eq!(subscription(paid_out).balance.minor, 0);
    assert_eq!(
        house.facts("acme").payments.last().unwrap().amount.minor,
        2000
    );
}

#[test]
fn the_remainder_is_refunded_through_support_and_ends_the_subscription() {
    // FK-2
    let mut house = House::with("[refund]\nmode = \"remainder\"\nthen = \"ends\"\n");
    house.buy("basic", 6, 1);
    house.later(92);
    let number = house.facts("acme").payments[0].number();
    let more = refund(&mut house, &number, Some("100")).unwrap_err();
    assert_eq!(code(more), Code::MoreThanPaid);
    let after = refund(&mut house, &number, None).unwrap();
    // 92 of 184 days of 153.00 are left.
    assert_eq!(after.refunds[0].amount.amount, "76.50");
    assert_eq!(after.state, State::Expired);
    assert_eq!(
        code(refund(&mut house, &number, None).unwrap_err()),
        Code::MoreThanPaid
    );
}

#[test]
fn a_seller_without_refunds_says_so() {
    let mut house = House::with("");
    house.buy("basic", 1, 1);
    let number = house.facts("acme").payments[0].number();
    let refused = refund(&mut house, &number, None).unwrap_err();
    assert_eq!(code(refused), Code::RefundNotAllowed);
}

#[test]
fn a_saved_method_brings_a_deactivated_account_back_from_the_day_it_pays() {
    // KS-6, KS-28
    let policy = "[cancel]\nthen = \"deactivated\"\n[end]\nreactivation = \"method\"\n";
    let mut house = House::with(policy);
    house.buy("basic", 1, 2);
    cancel(&mut house, None).unwrap();
    house.later(100);
    let Document::Order(order) = resume(&mut house).unwrap().document else {
        panic!("an order");
    };
    assert_eq!(order.total.amount, "60.00");
    house.pay(&order.number).unwrap();
    let facts = house.facts("acme");
    let last = facts.terms.last().unwrap();
    assert_eq!(last.span.to_string(), "2024-06-09..2024-07-09");
    assert_eq!(code(resume(&mut house).unwrap_err()), Code::NotCancelled);
    // Elsewhere only a purchase does.
    let mut other = House::with("");
    other.buy("basic", 1, 1);
    cancel(&mut other, None).unwrap();
    other.later(100);
    assert_eq!(code(resume(&mut other).unwrap_err()), Code::NoSubscription);
}

#[test]
fn licence_and_credits_move_to_a_new_account_and_the_old_one_stays() {
    // KA-25, KA-26
    use super::transfer::Transfer;
    let mut house = House::with(
        "[account]\ntransfer = \"support\"\n[cancel]\nthen = \"free\"\n[downgrade]\ntiming = \"now\"\n\
         give_back = \"credit\"\n[routes.transfer]\nto = \"support\"\n",
    );
    house.open("nova");
    let to_nova = Transfer {
        from: "acme".to_owned(),
        to: "nova".to_owned(),
    };
    assert_eq!(
        code(house.perform(&to_nova).unwrap_err()),
        Code::TransferNotAllowed
    );
    house.buy("pro", 6, 3);
    house.later(10);
    house.perform(&to_nova).unwrap();
    let (old, new) = (house.facts("acme"), house.facts("nova"));
    assert_eq!(old.terms[0].span.to_string(), "2024-03-01..2024-03-11");
    assert_eq!(new.terms[0].span.to_string(), "2024-03-11..2024-09-01");
    assert_eq!(new.terms[0].slices[0].seats["full"], 3);
    assert!(old.account.closed_on.is_none());
    assert_eq!(old.members.len(), 1);
    // What was billed to the old account is credited to whoever has the licence now.
    let down = Wish {
        plan: Some("basic".to_owned()),
        ..Wish::default()
    };
    house.order("nova", down).unwrap();
    assert!(house.facts("nova").balance.minor > 0);
    let back = Transfer {
        from: "acme".to_owned(),
        to: "nova".to_owned(),
    };
    assert_eq!(
        code(house.perform(&back).unwrap_err()),
        Code::TransferNotAllowed
    );
    let mut other = House::with("");
    other.open("nova");
    other.buy("basic", 1, 1);
    let refused = other.perform(&to_nova).unwrap_err();
    assert_eq!(code(refused), Code::TransferNotAllowed);
}

#[test]
fn a_refund_that_cannot_be_paid_out_is_in_the_balance_and_an_unknown_one_is_set_aside() {
    use super::refund::settled;
    use crate::billing::payment::Answer;
    let mut house = House::with("[refund]\nmode = \"paid\"\n");
    house.buy("basic", 1, 1);
    let charge = house.facts("acme").payments[0].number();
    let ask = |amount: &str| Refund {
        payment: charge.clone(),
        amount: Some(amount.parse().unwrap()),
        source: Source::Invoice,
    };
    // Kept, and the gateway never heard of it: the money is neither cash nor balance.
    house.perform(&ask("10")).unwrap();
    assert_eq!(house.facts("acme").balance.minor, 0);
    let more = house.perform(&ask("20.01")).unwrap_err();
    assert_eq!(code(more), Code::MoreThanPaid);
    let begun = house.facts("acme").payments[1].clone();
    let declined = Answer::Declined {
        reason: "card_closed".to_owned(),
    };
    house.perform(&settled(&begun, declined.clone())).unwrap();
    assert_eq!(house.facts("acme").balance.minor, 1000);
    let twice = house.perform(&settled(&begun, declined)).unwrap_err();
    assert_eq!(code(twice), Code::PaymentNotOpen);
    // What was declined can go out again, but only what the invoice and the balance have left.
    let rest = house.perform(&ask("20.01")).unwrap_err();
    assert_eq!(code(rest), Code::MoreThanPaid);
    house.perform(&ask("20")).unwrap();
    let begun = house.facts("acme").payments[2].clone();
    let paid = Answer::Paid {
        reference: "re_1".to_owned(),
    };
    house.perform(&settled(&begun, paid)).unwrap();
}
