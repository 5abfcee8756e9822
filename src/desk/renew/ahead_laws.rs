//! A forecast is what the runs of its days then do, after any history: as much of everything, and the same money.

use super::ahead::Outlook;
use super::shop::{DECLINES, script};
use crate::billing::calendar::{Moment, plus_days};
use crate::billing::payment::{PaymentKind, PaymentState};
use crate::billing::policy::State;
use crate::billing::scene::state_key;
use crate::desk::house::House;
use crate::desk::law_policies::policy;
use crate::desk::laws::{Step, step, take};
use crate::desk::{Effect, Gateways, Terms};
use crate::wire::Document;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// How often what is done, and the minor units that come in.
type Brought = (BTreeMap<String, u64>, i64);

/// Where an account may stand: a forecast counts who comes there, a run does not.
const STATES: [State; 11] = [
    State::New,
    State::Trialing,
    State::TrialEnded,
    State::Free,
    State::Active,
    State::Cancelling,
    State::PastDue,
    State::Frozen,
    State::Expired,
    State::Deactivated,
    State::Closed,
];

/// Only what is done.
fn done(mut counts: BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let states = STATES.map(state_key);
    counts.retain(|what, _| {
        let what = what.as_str();
        !states.contains(&what) && !matches!(what, "refused" | "skipped")
    });
    counts
}

fn forecast(house: &mut House, until: Moment, paid: bool) -> Brought {
    let terms = Terms {
        at: until,
        effect: Effect::DryRun,
        ..house.terms()
    };
    let outlook = Outlook {
        account: None,
        paid_percent: if paid { 100 } else { 0 },
    };
    let document = house.desk.forecast(&terms, &outlook, &mut |_| {});
    let Document::Forecast(forecast) = document.unwrap() else {
        panic!("no forecast");
    };
    let money = forecast.total.paid.iter().map(|paid| paid.minor).sum();
    (done(forecast.total.counts), money)
}

/// Minor units that were charged.
fn charged(house: &mut House) -> i64 {
    let account = house.facts("acme").account.id;
    let look = house.desk.look().unwrap();
    let all = look.read().payments_of_account(account).unwrap();
    let of = |kind, state| kind == PaymentKind::Charge && state == PaymentState::Paid;
    let paid = all.iter().filter(|payment| of(payment.kind, payment.state));
    paid.map(|payment| payment.amount.minor).sum()
}

/// A run on each day; a second one on the same day does nothing.
fn daily_runs(house: &mut House, until: Moment) -> Brought {
    let (mut counts, before) = (BTreeMap::new(), charged(house));
    while house.at <= until {
        for (what, count) in house.run().unwrap().did {
            *counts.entry(what).or_insert(0) += count;
        }
        assert!(house.run().unwrap().did.is_empty(), "{}", house.at);
        house.later(1);
    }
    house.sound();
    (done(counts), charged(house) - before)
}

/// The history, and what is foretold of the days behind it; then what they bring.
fn both(policy: &str, steps: &[Step], days: i64, paid: bool) -> (Brought, Brought) {
    let folder = tempfile::tempdir().unwrap();
    let mut house = House::with(policy);
    let setting = format!("scripted:{}", folder.path().display());
    house.gateways = Gateways::from_setting(Some(&setting)).unwrap();
    house.buy("basic", 1, 2);
    for step in steps {
        take(&mut house, step);
    }
    if !paid {
        script(folder.path(), DECLINES);
    }
    let until = plus_days(house.at.date(), days).and_time(house.at.time());
    let foretold = forecast(&mut house, until, paid);
    (foretold, daily_runs(&mut house, until))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn what_is_foretold_is_what_daily_runs_do(
        policy in policy(),
        ahead in prop::sample::select(vec![0, -3, -10]),
        waits in prop::sample::select(vec!["[]", "[1, 1]", "[3]"]),
        steps in prop::collection::vec(step(), 0..12),
        days in 20_i64..70,
        paid in prop_oneof![3 => Just(true), 1 => Just(false)],
    ) {
        let policy = format!(
            "{policy}[retry]\nwaits = {waits}\n[[timeline]]\nanchor = \"term_end\"\ndays = {ahead}\n\
             action = \"create_order\"\n[[timeline]]\nanchor = \"term_end\"\ndays = {ahead}\n\
             action = \"charge\"\nwhen = \"auto_renew\"\n"
        );
        let (foretold, brought) = both(&policy, &steps, days, paid);
        prop_assert_eq!(foretold, brought);
    }
}
