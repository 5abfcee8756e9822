//! Ending at once after changes of plan: what the unused days were paid with comes back, by notes that each stay
//! within their own invoice, and never more than was paid.

use super::cancel::Cancel;
use super::house::{House, seats, to};
use super::law_policies::policy;
use super::laws::{Step, step, take};
use super::refund::Refund;
use crate::billing::cancel::When;
use crate::billing::invoice::InvoiceKind;
use crate::billing::order::LineKind;
use crate::billing::payment::{PaymentKind, PaymentState};
use crate::billing::quote::Wish;
use crate::billing::refund::Source;
use crate::store::Filter;
use proptest::prelude::*;

/// Everything is given back at once.
const AT_ONCE: &str = "[cancel]\ntiming = \"now\"\ngive_back = \"credit\"\n\
     [downgrade]\ntiming = \"now\"\ngive_back = \"credit\"\n\
     [seats.remove]\ntiming = \"now\"\ngive_back = \"credit\"\n";

/// Orders and, where there is something to pay, pays.
fn had(house: &mut House, wished: Wish) {
    let order = house.order("acme", wished).unwrap();
    let open = house.facts("acme");
    if open.pending_orders().any(|open| open.number() == order) {
        house.pay(&order).unwrap();
    }
}

fn cancel(house: &mut House) {
    let request = Cancel {
        account: "acme".to_owned(),
        when: Some(When::Now),
    };
    let terms = house.terms();
    house
        .desk
        .cancel(&terms, &request, &house.gateways)
        .unwrap();
    house.sound();
    within(house);
}

/// The notes: the invoice that each corrects, and the minor units, with tax, of its lines.
fn notes(house: &mut House) -> Vec<(String, Vec<i64>)> {
    let look = house.desk.look().unwrap();
    let read = look.read();
    let mut all = read.invoices(&Filter::default()).unwrap();
    all.sort_by_key(|invoice| invoice.id);
    let number = |id: Option<i64>| {
        let mut invoices = all.iter();
        let found = invoices.find(|invoice| Some(invoice.id) == id);
        found.map(|invoice| invoice.number.clone()).unwrap()
    };
    let notes = all.iter().filter(|note| note.corrects.is_some());
    let told = notes.map(|note| {
        let lines = read.lines_of_invoice(note).unwrap();
        let worth = lines.iter().map(|line| line.net.minor + line.tax.minor);
        (number(note.corrects), worth.collect())
    });
    told.collect()
}

/// No invoice gave back more than it was over, and the account has no more than it paid.
fn within(house: &mut House) {
    let facts = house.facts("acme");
    let look = house.desk.look().unwrap();
    for paper in look.read().invoices(&Filter::default()).unwrap() {
        let most = match paper.kind {
            InvoiceKind::Invoice => paper.total.minor,
            InvoiceKind::CreditNote => 0,
        };
        let (number, credited) = (&paper.number, paper.credited.minor);
        assert!(
            credited <= most,
            "{number} over {most} gave back {credited}"
        );
    }
    let payments = look.read().payments_of_account(facts.account.id).unwrap();
    let sum = |kind, states: &[PaymentState]| -> i64 {
        let of = payments.iter().filter(|payment| payment.kind == kind);
        let of = of.filter(|payment| states.contains(&payment.state));
        of.map(|payment| payment.amount.minor).sum()
    };
    let paid = sum(PaymentKind::Charge, &[PaymentState::Paid]);
    let out = [
        PaymentState::Paid,
        PaymentState::Sent,
        PaymentState::Processing,
    ];
    let back = sum(PaymentKind::Refund, &out) + facts.balance.minor;
    assert!(back <= paid, "{back} came back of {paid}");
}

type Rows = [(&'static str, i64, &'static [(&'static str, &'static [i64])])];

/// Three members at 30.00, from 11 March at 60.00: 90.00, and 121.94 less 60.97.
#[test]
fn what_unused_time_paid_for_comes_back_from_its_own_invoice() {
    let rows: &Rows = &[
        // 121.94 is left: 60.97 of the upgrade's invoice, and 60.97 of the first.
        (
            "2024-03-11",
            12_194,
            &[("1", &[-6_097]), ("2", &[-12_194, 6_097])],
        ),
        // 11 of 21 days are 63.87.
        (
            "2024-03-21",
            6_387,
            &[("1", &[-290]), ("2", &[-6_387, 290])],
        ),
        // 10 of 21 days are 58.07, which the upgrade's invoice holds.
        ("2024-03-22", 5_807, &[("2", &[-5_807])]),
    ];
    for (on, balance, expected) in rows {
        let mut house = House::with(AT_ONCE);
        house.buy("basic", 1, 3);
        house.later(10);
        had(&mut house, to("pro"));
        house.at = on
            .parse::<crate::billing::calendar::Day>()
            .unwrap()
            .and_time(house.at.time());
        cancel(&mut house);
        assert_eq!(house.facts("acme").balance.minor, *balance, "{on}");
        let expected: Vec<(String, Vec<i64>)> = expected
            .iter()
            .map(|(place, worth)| (format!("INV-2024-00000{place}"), worth.to_vec()))
            .collect();
        assert_eq!(notes(&mut house), expected, "{on}");
    }
}

#[test]
fn a_new_term_gives_back_what_the_old_one_paid_for_it() {
    let mut house = House::with(&format!("{AT_ONCE}[upgrade]\nterm = \"restart\"\n"));
    house.buy("basic", 1, 3);
    house.later(10);
    had(&mut house, to("pro"));
    cancel(&mut house);
    // 180.00 less 60.97; ten days of the first month are gone.
    assert_eq!(house.facts("acme").balance.minor, 18_000);
    let expected = [
        ("INV-2024-000001".to_owned(), vec![-6_097]),
        ("INV-2024-000002".to_owned(), vec![-18_000, 6_097]),
    ];
    assert_eq!(notes(&mut house), expected);
}

#[test]
fn a_cheaper_plan_that_ends_at_once_is_given_back_of_what_was_paid_for_the_dearer() {
    let mut house = House::with(AT_ONCE);
    house.buy("pro", 1, 3);
    house.later(10);
    had(&mut house, to("basic"));
    assert_eq!(house.facts("acme").balance.minor, 6_097);
    cancel(&mut house);
    assert_eq!(house.facts("acme").balance.minor, 12_194);
}

#[test]
fn each_part_comes_back_at_the_rate_of_tax_that_it_was_paid_with() {
    let rates = "rates = [{ name = \"VAT\", countries = [\"*\"], percent = 19, until = 2024-03-05 }, \
                 { name = \"VAT\", countries = [\"*\"], percent = 7, from = 2024-03-05 }]\n";
    for included in ["false", "true"] {
        let mut house = House::with(&format!("{AT_ONCE}[tax]\nincluded = {included}\n{rates}"));
        house.buy("basic", 1, 3);
        house.later(10);
        had(&mut house, to("pro"));
        let paid: i64 = {
            let facts = house.facts("acme");
            let look = house.desk.look().unwrap();
            let all = look.read().payments_of_account(facts.account.id).unwrap();
            all.iter().map(|payment| payment.amount.minor).sum()
        };
        cancel(&mut house);
        // Ten days of 31 at the first rate are gone, and nothing else.
        let used = match included {
            "true" => 9_000 * 10 / 31,
            _ => 10_710 * 10 / 31,
        };
        let kept = paid - house.facts("acme").balance.minor;
        assert!(
            (kept - used).abs() <= 2,
            "{included}: {kept} of {paid}, not {used}"
        );
    }
}

#[test]
fn money_that_goes_out_goes_by_the_payment_of_each_invoice() {
    let refund = AT_ONCE.replace(
        "[cancel]\ntiming = \"now\"\ngive_back = \"credit\"",
        "[cancel]\ntiming = \"now\"\ngive_back = \"refund\"",
    );
    let mut house = House::with(&format!("{refund}[refund]\nmode = \"paid\"\n"));
    house.buy("basic", 1, 3);
    house.later(10);
    had(&mut house, to("pro"));
    cancel(&mut house);
    let facts = house.facts("acme");
    let refunds = facts
        .payments
        .iter()
        .filter(|payment| payment.kind == PaymentKind::Refund);
    let each: Vec<i64> = refunds.map(|refund| refund.amount.minor).collect();
    assert_eq!(each, [6_097, 6_097]);
}

#[test]
fn a_refund_that_ends_everything_brings_what_earlier_invoices_had_paid() {
    let remainder = "[refund]\nmode = \"remainder\"\nthen = \"ends\"\n";
    for (asked, back) in [(None, 12_194), (Some(6_097), 6_097)] {
        let mut house = House::with(&format!("{AT_ONCE}{remainder}"));
        house.buy("basic", 1, 3);
        house.later(10);
        had(&mut house, to("pro"));
        let request = Refund {
            payment: "P-000002".to_owned(),
            amount: asked.map(|minor| rust_decimal::Decimal::new(minor, 2)),
            source: Source::Invoice,
        };
        let terms = house.terms();
        house
            .desk
            .refund(&terms, &request, &house.gateways)
            .unwrap();
        house.sound();
        within(&mut house);
        let facts = house.facts("acme");
        let refunds = facts
            .payments
            .iter()
            .filter(|payment| payment.kind == PaymentKind::Refund);
        assert_eq!(
            refunds.map(|refund| refund.amount.minor).sum::<i64>(),
            back,
            "{asked:?}"
        );
    }
}

/// The upgrade that waits gives 30.00 of the first invoice back on its own, and is called off with the refund.
#[test]
fn a_refund_that_ends_everything_does_not_count_what_an_unpaid_upgrade_would_give_back() {
    let policy = "[invoice]\nissue = \"order\"\n[refund]\nmode = \"remainder\"\nthen = \"ends\"\n";
    let mut house = House::with(policy);
    for step in [
        Step::Buy(false, 1, 1),
        Step::Pay,
        Step::Change(true),
        Step::Refund(0, None, false),
    ] {
        take(&mut house, &step);
    }
    let of_first = ("INV-2024-000001".to_owned(), vec![-3_000]);
    assert_eq!(notes(&mut house), [of_first]);
    let facts = house.facts("acme");
    assert_eq!(facts.pending_orders().count(), 0);
    within(&mut house);
}

/// Minor units that were kept, and what the days that were had are worth, in minor units times 31.
fn ended(changes: &[(i64, bool, u32)], last: i64) -> (i64, i64) {
    let mut house = House::with(AT_ONCE);
    house.buy("basic", 1, 3);
    let (mut now, mut gone, mut worth) = ((false, 3_u32), 0_i64, 0_i64);
    let rate = |(pro, seats): (bool, u32)| i64::from(seats) * if pro { 6_000 } else { 3_000 };
    for (days, pro, count) in changes {
        if gone + days > last {
            break;
        }
        house.later(*days);
        worth += rate(now) * days;
        gone += days;
        if *pro != now.0 {
            had(&mut house, to(if *pro { "pro" } else { "basic" }));
        }
        if *count != now.1 {
            had(&mut house, seats(*count));
        }
        now = (*pro, *count);
    }
    house.later(last - gone);
    worth += rate(now) * (last - gone);
    cancel(&mut house);
    let facts = house.facts("acme");
    let look = house.desk.look().unwrap();
    let payments = look.read().payments_of_account(facts.account.id).unwrap();
    let paid: i64 = payments.iter().map(|payment| payment.amount.minor).sum();
    let credits = facts
        .billed
        .iter()
        .filter(|billed| billed.line.kind != LineKind::Credit);
    assert_eq!(
        credits.count(),
        0,
        "something is billed for days behind the end"
    );
    (paid - facts.balance.minor, worth)
}

/// 90.00 and 3.20 of tax: 64.80 come back with 2.31, and 25.20 with the 0.89 that are left, though 3.56 % of them are
/// 0.90.
#[test]
fn the_last_part_of_a_line_brings_the_tax_that_is_left_of_it() {
    let policy = "[seats.remove]\ntiming = \"now\"\ngive_back = \"credit\"\n[tax]\nround_at = \"line\"\n\
                  rates = [{ name = \"VAT\", countries = [\"*\"], percent = \"3.56\" }]\n";
    let mut house = House::with(policy);
    for step in [
        Step::Buy(false, 1, 3),
        Step::Pay,
        Step::Credit(0, 72),
        Step::Seats(1),
    ] {
        take(&mut house, &step);
    }
    assert_eq!(house.facts("acme").balance.minor, 9_320);
    within(&mut house);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn whoever_ends_at_once_has_paid_for_the_days_that_were_had(
        changes in prop::collection::vec((0_i64..12, any::<bool>(), 1_u32..6), 1..6),
        last in 0_i64..30,
    ) {
        let (kept, worth) = ended(&changes, last);
        let lines = i64::try_from(changes.len()).unwrap() * 9 + 4;
        prop_assert!((kept * 31 - worth).abs() <= 31 * lines, "kept {kept}, worth {worth}/31");
    }

    #[test]
    fn no_history_gives_back_more_than_was_paid(
        policy in policy(),
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let mut house = House::with(&policy);
        for step in &steps {
            take(&mut house, step);
            within(&mut house);
        }
    }
}
