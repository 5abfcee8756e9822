//! What is true after any history of requests: the books add up, nothing is given back twice, no day is sold
//! twice, numbers have no gaps. [`House::sound`] says so after each request.

use super::Failure;
use super::cancel::{Cancel, Resume};
use super::correct::{CancelOrder, Credit, Void};
use super::house::{House, wish};
use super::refund::Refund;
use crate::billing::cancel::When;
use crate::billing::correct::Much;
use crate::billing::quote::Wish;
use crate::billing::refund::Source;
use crate::store::Filter;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Something that somebody asks for; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Step {
    Wait(i64),
    Buy(bool, u32, u32),
    Change(bool),
    Seats(u32),
    Extend(u32),
    Pay,
    CallOff,
    Credit(usize, u32),
    Void(usize),
    Refund(usize, Option<u32>, bool),
    Cancel(Option<bool>),
    Resume,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_i64..25).prop_map(Step::Wait),
        3 => (any::<bool>(), prop_oneof![Just(1_u32), Just(6)], 1_u32..5)
            .prop_map(|(pro, months, seats)| Step::Buy(pro, months, seats)),
        2 => any::<bool>().prop_map(Step::Change),
        2 => (1_u32..7).prop_map(Step::Seats),
        1 => prop_oneof![Just(1_u32), Just(6)].prop_map(Step::Extend),
        6 => Just(Step::Pay),
        1 => Just(Step::CallOff),
        2 => (0_usize..6, 1_u32..=100).prop_map(|(which, percent)| Step::Credit(which, percent)),
        1 => (0_usize..6).prop_map(Step::Void),
        2 => (0_usize..6, prop::option::of(1_u32..20_000), any::<bool>())
            .prop_map(|(which, amount, balance)| Step::Refund(which, amount, balance)),
        1 => prop::option::of(any::<bool>()).prop_map(Step::Cancel),
        1 => Just(Step::Resume),
    ]
}

/// Policies that differ in everything that moves money after a sale.
fn policy() -> impl Strategy<Value = String> {
    let pick = |values: &'static [&'static str]| prop::sample::select(values);
    (
        pick(&["payment", "order"]),
        pick(&["none", "remainder", "paid"]),
        pick(&["stays", "ends"]),
        pick(&["now", "at_renewal"]),
        pick(&["credit", "refund", "none"]),
        pick(&["now", "at_renewal"]),
        pick(&["on_payment", "now"]),
        (0_u32..2500, any::<bool>(), pick(&["line", "invoice"])),
    )
        .prop_map(|(issue, mode, then, end, give, change, active, (rate, included, round))| {
            let rate = Decimal::new(rate.into(), 2);
            format!(
                "[invoice]\nissue = \"{issue}\"\n[refund]\nmode = \"{mode}\"\nthen = \"{then}\"\n\
                 [cancel]\ntiming = \"{end}\"\ngive_back = \"{give}\"\n\
                 [downgrade]\ntiming = \"{change}\"\ngive_back = \"credit\"\n\
                 [seats.add]\nactive = \"{active}\"\n\
                 [seats.remove]\ntiming = \"{change}\"\ngive_back = \"credit\"\n\
                 [end]\nreactivation = \"method\"\n\
                 [tax]\nincluded = {included}\nround_at = \"{round}\"\n\
                 rates = [{{ name = \"VAT\", countries = [\"*\"], percent = \"{rate}\" }}]\n"
            )
        })
}

/// Does a step. What a rule refuses is fine; anything else that fails is not.
fn take(house: &mut House, step: &Step) {
    match buy(house, step).or_else(|| mend(house, step)) {
        None | Some(Ok(()) | Err(Failure::Refused(_))) => {}
        Some(Err(other)) => panic!("{step:?}: {other}"),
    }
    house.sound();
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
        Step::Buy(pro, months, seats) => wish(plan(*pro), *months, *seats),
        Step::Change(pro) => Wish {
            plan: Some(plan(*pro).to_owned()),
            ..Wish::default()
        },
        Step::Seats(seats) => Wish {
            seats: Some([("full".to_owned(), *seats)].into()),
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

/// Steps after it.
fn mend(house: &mut House, step: &Step) -> Option<Result<(), Failure>> {
    let terms = house.terms();
    let account = "acme".to_owned();
    let done = match step {
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
    facts.pending_orders().next().map(|order| order.number())
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
}
