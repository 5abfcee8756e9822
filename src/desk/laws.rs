//! What is true after any history of requests: the books add up, nothing is given back twice, no day is sold
//! twice, numbers have no gaps. [`House::sound`] says so after each request. What is paid is had on the days that
//! it was billed for: [`as_billed`].

use super::Failure;
use super::cancel::{Cancel, Resume};
use super::correct::{CancelOrder, Credit, Void};
use super::house::{House, seats, to, wish};
use super::law_policies::policy;
use super::payment::Pay;
use super::refund::Refund;
use super::served_tests::as_billed;
use super::trial::{Change as Trial, Does};
use crate::billing::account::Discount;
use crate::billing::cancel::When;
use crate::billing::correct::Much;
use crate::billing::money::{Currency, Money};
use crate::billing::quote::Wish;
use crate::billing::refund::Source;
use crate::store::Filter;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Something that somebody asks for; numbers choose among what is there.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Wait(i64),
    Buy(bool, u32, u32),
    BuyFor(bool, u32, Discount),
    Change(bool),
    ChangeFor(bool, Discount),
    Seats(u32),
    Extend(u32),
    AddOn(bool, u32),
    Trial,
    Pay,
    Overpay(u32),
    Time,
    CallOff,
    Credit(usize, u32),
    Void(usize),
    Refund(usize, Option<u32>, bool),
    Cancel(Option<bool>),
    Resume,
}

/// A percentage or an amount off, up to everything.
fn discount() -> impl Strategy<Value = Discount> {
    prop_oneof![
        (1_u32..=1000).prop_map(|tenths| Discount::Percent {
            percent: Decimal::new(tenths.into(), 1)
        }),
        (1_i64..9_000).prop_map(|minor| Discount::Amount {
            off: Money::of(minor, Currency::USD)
        }),
    ]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_i64..25).prop_map(Step::Wait),
        3 => (any::<bool>(), prop_oneof![Just(1_u32), Just(6)], 1_u32..5)
            .prop_map(|(pro, months, seats)| Step::Buy(pro, months, seats)),
        1 => (any::<bool>(), 1_u32..5, discount())
            .prop_map(|(pro, seats, off)| Step::BuyFor(pro, seats, off)),
        2 => any::<bool>().prop_map(Step::Change),
        1 => (any::<bool>(), discount()).prop_map(|(pro, off)| Step::ChangeFor(pro, off)),
        2 => (1_u32..7).prop_map(Step::Seats),
        1 => prop_oneof![Just(1_u32), Just(6)].prop_map(Step::Extend),
        2 => (any::<bool>(), 1_u32..4).prop_map(|(own, count)| Step::AddOn(own, count)),
        1 => Just(Step::Trial),
        6 => Just(Step::Pay),
        1 => (0_u32..5_000).prop_map(Step::Overpay),
        2 => Just(Step::Time),
        1 => Just(Step::CallOff),
        2 => (0_usize..6, 1_u32..=100).prop_map(|(which, percent)| Step::Credit(which, percent)),
        1 => (0_usize..6).prop_map(Step::Void),
        2 => (0_usize..6, prop::option::of(1_u32..20_000), any::<bool>())
            .prop_map(|(which, amount, balance)| Step::Refund(which, amount, balance)),
        1 => prop::option::of(any::<bool>()).prop_map(Step::Cancel),
        1 => Just(Step::Resume),
    ]
}

/// Does a step. What a rule refuses is fine; anything else that fails is not.
pub(super) fn take(house: &mut House, step: &Step) {
    match buy(house, step).or_else(|| mend(house, step)) {
        None | Some(Ok(()) | Err(Failure::Refused(_))) => {}
        Some(Err(other)) => panic!("{step:?}: {other}"),
    }
    house.sound();
    as_billed(house);
}

/// Steps before and until the sale.
fn buy(house: &mut House, step: &Step) -> Option<Result<(), Failure>> {
    let wished = match step {
        Step::Wait(days) => {
            house.later(*days);
            return Some(Ok(()));
        }
        Step::Pay => {
            let order = pending(house)?;
            return Some(house.pay(&order).map(|_| ()));
        }
        Step::Overpay(more) => {
            let order = pending(house)?;
            return Some(overpay(house, order, *more));
        }
        Step::Time => {
            return Some(house.run().map(drop));
        }
        Step::Buy(pro, months, seats) => wish(plan(*pro), *months, *seats),
        Step::BuyFor(pro, seats, off) => Wish {
            discount: Some(*off),
            ..wish(plan(*pro), 1, *seats)
        },
        Step::Change(pro) => to(plan(*pro)),
        Step::ChangeFor(pro, off) => Wish {
            discount: Some(*off),
            ..to(plan(*pro))
        },
        Step::Seats(count) => seats(*count),
        Step::AddOn(own, count) => Wish {
            add_ons: vec![(if *own { "hours" } else { "desk" }.to_owned(), *count)],
            ..Wish::default()
        },
        Step::Extend(months) => Wish {
            extend: Some(crate::billing::calendar::Period::Months(*months)),
            ..Wish::default()
        },
        _ => return None,
    };
    Some(house.order("acme", wished).map(|_| ()))
}

/// Pays an order with more than its total.
fn overpay(house: &mut House, order: String, more: u32) -> Result<(), Failure> {
    let facts = house.facts("acme");
    let mut open = facts.pending_orders();
    let total = open
        .find(|open| open.number() == order)
        .map(|open| open.total);
    let arrived = total.and_then(|total| total.plus(Money::of(more.into(), total.currency)).ok());
    let pay = Pay {
        order,
        reference: Some("seen".to_owned()),
        amount: arrived,
        ..Pay::default()
    };
    let terms = house.terms();
    house.desk.pay(&terms, &pay, &house.gateways).map(|_| ())
}

/// Steps after it.
fn mend(house: &mut House, step: &Step) -> Option<Result<(), Failure>> {
    let terms = house.terms();
    let account = "acme".to_owned();
    let done = match step {
        Step::Trial => {
            let does = Does::Start;
            house.perform(&Trial { account, does })
        }
        Step::CallOff => {
            let order = pending(house)?;
            house.perform(&CancelOrder { order })
        }
        Step::Credit(which, percent) => {
            let invoice = invoice(house, *which)?;
            let much = match percent {
                100 => Much::All,
                percent => Much::Percent(Decimal::from(*percent)),
            };
            house.perform(&Credit { invoice, much })
        }
        Step::Void(which) => {
            let invoice = invoice(house, *which)?;
            house.perform(&Void { invoice })
        }
        Step::Refund(which, amount, balance) => {
            let request = Refund {
                payment: payment(house, *which)?,
                amount: amount.map(|minor| Decimal::new(minor.into(), 2)),
                source: match balance {
                    true => Source::Balance,
                    false => Source::Invoice,
                },
            };
            house.desk.refund(&terms, &request, &house.gateways)
        }
        Step::Cancel(now) => {
            let when = now.map(|now| if now { When::Now } else { When::AtEnd });
            let request = Cancel { account, when };
            house.desk.cancel(&terms, &request, &house.gateways)
        }
        Step::Resume => {
            let request = Resume { account };
            house.desk.resume(&terms, &request, &house.gateways)
        }
        _ => return None,
    };
    Some(done.map(|_| ()))
}

fn plan(pro: bool) -> &'static str {
    if pro { "pro" } else { "basic" }
}

fn pending(house: &mut House) -> Option<String> {
    let facts = house.facts("acme");
    facts.pending_orders().last().map(|order| order.number())
}

fn invoice(house: &mut House, which: usize) -> Option<String> {
    let look = house.desk.look().unwrap();
    let all = look.read().invoices(&Filter::default()).unwrap();
    let at = which.checked_rem(all.len())?;
    all.get(at).map(|invoice| invoice.number.clone())
}

fn payment(house: &mut House, which: usize) -> Option<String> {
    let all = house.facts("acme").payments;
    let at = which.checked_rem(all.len())?;
    all.get(at).map(|payment| payment.number())
}

/// What so many days cost at 30.00 or 60.00 a seat for a month, in minor units times the days of the month: what
/// was paid for a chain of changes is that, but for one rounding of each line.
fn chain(house: &mut House, changes: &[(i64, bool, u32)], length: i64) -> (i64, i64) {
    house.buy("basic", 1, 3);
    let (mut plan_now, mut seats_now, mut gone, mut worth) = (false, 3_u32, 0_i64, 0_i64);
    let rate = |pro: bool, seats: u32| i64::from(seats) * if pro { 6_000 } else { 3_000 };
    for (days, pro, count) in changes {
        if gone + days >= length {
            break;
        }
        house.later(*days);
        worth += rate(plan_now, seats_now) * days;
        gone += days;
        let wishes = [
            (*pro != plan_now).then(|| to(plan(*pro))),
            (*count != seats_now).then(|| seats(*count)),
        ];
        for wished in wishes.into_iter().flatten() {
            let order = house.order("acme", wished).unwrap();
            if pending(house).is_some() {
                house.pay(&order).unwrap();
            }
        }
        (plan_now, seats_now) = (*pro, *count);
    }
    worth += rate(plan_now, seats_now) * (length - gone);
    let facts = house.facts("acme");
    let look = house.desk.look().unwrap();
    let payments = look.read().payments_of_account(facts.account.id).unwrap();
    let paid: i64 = payments.iter().map(|payment| payment.amount.minor).sum();
    (paid - facts.balance.minor, worth)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_books_add_up_after_any_history(
        policy in policy(),
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let mut house = House::with(&policy);
        for step in &steps {
            take(&mut house, step);
        }
    }

    #[test]
    fn any_chain_of_changes_costs_what_its_days_cost(
        basis in prop::sample::select(vec!["billed", "billed_price", "current_price"]),
        changes in prop::collection::vec((0_i64..12, any::<bool>(), 1_u32..6), 1..7),
    ) {
        let mut house = House::with(&format!(
            "[proration]\ncredit_basis = \"{basis}\"\n[downgrade]\ntiming = \"now\"\n\
             give_back = \"credit\"\n[seats.remove]\ntiming = \"now\"\ngive_back = \"credit\"\n"
        ));
        let (kept, worth) = chain(&mut house, &changes, 31);
        let off = (kept * 31 - worth).abs();
        // Each change leaves a line for the charge and one for each line given back, each off by half a cent.
        let lines = i64::try_from(changes.len()).unwrap() * 6 + 2;
        prop_assert!(off <= 31 * lines, "kept {kept}, worth {worth}/31");
    }

    /// A stub from 1 March to a bill day is divided by the days from the bill day in February, a leap one, on.
    #[test]
    fn any_chain_of_changes_in_a_stub_costs_what_its_days_cost(
        bill_day in 2_i64..=31,
        changes in prop::collection::vec((0_i64..8, any::<bool>(), 1_u32..6), 1..7),
    ) {
        let mut house = House::with(&format!(
            "[term]\nanchor = \"fixed_day\"\nday = {bill_day}\n[downgrade]\ntiming = \"now\"\n\
             give_back = \"credit\"\n[seats.remove]\ntiming = \"now\"\ngive_back = \"credit\"\n"
        ));
        let whole = (29 - bill_day.min(29)) + bill_day;
        let (kept, worth) = chain(&mut house, &changes, bill_day - 1);
        let off = (kept * whole - worth).abs();
        let lines = i64::try_from(changes.len()).unwrap() * 6 + 2;
        prop_assert!(off <= whole * lines, "kept {kept}, worth {worth}/{whole}");
    }
}

/// What was paid in all for a stub and the period behind it.
fn paid_for_both(bill_day: u32, first: &str) -> (i64, Vec<crate::billing::calendar::Span>) {
    let mut house = House::with(&format!(
        "[term]\nanchor = \"fixed_day\"\nday = {bill_day}\nfirst = \"{first}\"\n"
    ));
    house.buy("pro", 1, 3);
    if first == "stub" {
        let wished = Wish {
            extend: Some(crate::billing::calendar::Period::Months(1)),
            ..Wish::default()
        };
        let order = house.order("acme", wished).unwrap();
        house.pay(&order).unwrap();
    }
    let facts = house.facts("acme");
    let look = house.desk.look().unwrap();
    let payments = look.read().payments_of_account(facts.account.id).unwrap();
    let paid = payments.iter().map(|payment| payment.amount.minor).sum();
    (paid, facts.terms.iter().map(|term| term.span).collect())
}

#[test]
fn a_stub_and_its_period_cost_the_same_in_one_order_and_in_two() {
    for bill_day in 2..=31 {
        let alone = paid_for_both(bill_day, "stub");
        assert_eq!(
            alone,
            paid_for_both(bill_day, "stub_and_period"),
            "{bill_day}"
        );
        assert_eq!(alone.1.len(), 2);
        assert_eq!(alone.1[0].end, alone.1[1].start);
    }
}
