//! Numbers that one seller published and the vectors derived from them, each by the id of the fact: what its
//! files must say, beside the prices.

use super::super::seller;
use super::preset;
use crate::billing::calendar::{Day, Span, midnight};
use crate::billing::catalog::{Allowance, AllowanceWord, Catalog, Gives};
use crate::billing::money::Money;
use crate::billing::policy::Policy;
use crate::billing::prorate::{self, Price};
use crate::billing::share::Stretch;
use crate::billing::switches::{Proration, Unit};
use crate::billing::timeline::{Action, Anchor};
use rust_decimal::{Decimal, dec};

fn files(name: &str) -> (Catalog, Policy) {
    let preset = preset(name).unwrap();
    let catalog = seller::catalog(preset.catalog, &preset.catalog_origin()).unwrap();
    let policy = seller::policy(preset.policy, &preset.policy_origin()).unwrap();
    (catalog, policy)
}

/// Allowances of a plan, -1 where it is unlimited and -2 where it is agreed with each account.
fn allowances<const N: usize>(catalog: &Catalog, plan: &str, limits: [&str; N]) -> [i64; N] {
    let plan = catalog.plan(plan).unwrap();
    limits.map(|limit| match plan.limits[limit] {
        Allowance::Some(number) => number,
        Allowance::Word(AllowanceWord::Unlimited) => -1,
        Allowance::Word(AllowanceWord::Custom) => -2,
    })
}

#[test]
fn fk_24_fk_26_and_fk_27_limits_of_the_workspace() {
    let (kommo, _) = files("kommo");
    let limits = ["agents", "agents_total", "channels", "fields", "pipelines"];
    for (plan, expected) in [
        ("base", [0, 500, 1, 100, 50]),
        ("advanced", [3, 500, 3, 200, 50]),
        ("pro", [50, 500, -1, 400, 50]),
        ("enterprise", [500, 500, -1, -2, 100]),
    ] {
        assert_eq!(allowances(&kommo, plan, limits), expected, "{plan}");
    }
    assert_eq!(
        kommo.plan("base").unwrap().seat_adds.get("channels"),
        Some(&1),
        "FK-26: one more for each further user"
    );
    assert_eq!(
        kommo.limit("channels").unwrap().keeps_use_before,
        Some("2026-06-01".parse().unwrap()),
        "FK-26: earlier connections stay"
    );
    assert_eq!(
        allowances(&kommo, "enterprise", ["leads", "contacts"]),
        [-2, -2],
        "FK-20: custom"
    );
}

#[test]
fn fk_25_base_that_was_bought_before_june_2026_keeps_its_agent() {
    let (kommo, _) = files("kommo");
    let [kept] = kommo.plan("base").unwrap().keeps.as_slice() else {
        panic!("one thing is kept");
    };
    assert_eq!(kept.bought_before, "2026-06-01".parse::<Day>().unwrap());
    assert_eq!(kept.features, ["ai_agent"]);
    assert_eq!(kept.limits["agents"], Allowance::Some(1));
}

#[test]
fn fk_28_features_open_from_a_plan_on() {
    let (kommo, _) = files("kommo");
    for (feature, from) in [
        ("ai_agent", "advanced"),
        ("segments", "advanced"),
        ("broadcast", "advanced"),
        ("ad_audiences", "pro"),
        ("ai_analyst", "pro"),
        ("native_ads", "pro"),
    ] {
        let least = kommo.plan(from).unwrap().rank;
        for plan in &kommo.plans {
            let has = plan.features.iter().any(|id| id == feature);
            assert_eq!(has, plan.rank >= least, "{feature} in {}", plan.id);
        }
    }
}

#[test]
fn the_trials_are_those_of_2024_and_of_2026() {
    let (_, then) = files("kommo-2024");
    let trial = then.trial.unwrap();
    assert_eq!((trial.days, trial.plan.as_str()), (14, "enterprise"));
    assert_eq!(
        trial.limits.into_iter().collect::<Vec<_>>(),
        [("media".to_owned(), 10)]
    );
    let (_, now) = files("kommo");
    let trial = now.trial.unwrap();
    assert_eq!(
        (trial.days, trial.plan.as_str()),
        (14, "pro"),
        "FK-16, FK-28"
    );
    assert_eq!(trial.credits["ai"], 1800, "FK-23");
    assert_eq!(trial.limits["agents"], 50, "FK-24");
}

#[test]
fn fk_16_and_fk_43_periods_and_packs() {
    for name in ["kommo", "kommo-2024"] {
        let (catalog, policy) = files(name);
        assert_eq!(policy.order.min_months, 6, "K26-6");
        for plan in &catalog.plans {
            let months: Vec<u32> = plan
                .periods
                .iter()
                .filter_map(|period| period.months())
                .collect();
            assert_eq!(months, [6, 9, 12, 24], "{name} {}", plan.id);
        }
    }
    let (kommo, _) = files("kommo");
    let pack = kommo.add_on("ai-5000").unwrap();
    assert_eq!(pack.min_months, 3);
    assert!(matches!(&pack.gives, Gives::Credits { credit, amount: 5000 } if credit == "ai"));
    let parts = kommo
        .method("credit-card")
        .unwrap()
        .instalments
        .as_ref()
        .unwrap();
    assert_eq!(parts.max, 12, "FX-5");
}

#[test]
fn fk_30_to_fk_32_reminder_order_charge_and_four_attempts() {
    for name in ["kommo", "kommo-2024"] {
        let (_, policy) = files(name);
        let before: Vec<(i64, Action)> = policy
            .timeline
            .iter()
            .filter(|step| step.anchor == Anchor::TermEnd)
            .map(|step| (step.days, step.action))
            .collect();
        let expected = [
            (-9, Action::Message),
            (-3, Action::CreateOrder),
            (-3, Action::Charge),
        ];
        assert_eq!(before, expected, "{name}");
        assert_eq!(policy.retry.waits, [1, 1, 1], "the fourth on the last day");
        assert_eq!(policy.end.grace_days, 0, "FK-32");
    }
}

/// What the rest of a term costs from a day on, in minor units.
fn rest(switches: &Proration, term: (&str, &str), on: &str, (unit, seats): (Decimal, i64)) -> i64 {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let stretch = Stretch::of(Span::new(day(term.0), day(term.1)));
    let price = Price::of(unit, seats, "USD".parse().unwrap());
    let Money { minor, .. } = prorate::remaining(switches, &stretch, midnight(day(on)), price)
        .unwrap()
        .amount;
    minor
}

#[test]
fn section_6c_the_same_seats_by_months_days_and_seconds() {
    let (_, policy) = files("kommo");
    let term = ("2026-01-01", "2026-07-01");
    let two_seats = (dec!(150), 2);
    for (unit, minor) in [
        (Unit::Month, 15_000),
        (Unit::Day, 15_083),
        (Unit::Second, 15_083),
    ] {
        let switches = Proration {
            unit,
            ..policy.proration
        };
        assert_eq!(
            rest(&switches, term, "2026-04-01", two_seats),
            minor,
            "{unit:?}"
        );
    }
}

#[test]
fn section_6c_an_upgrade_with_four_of_six_months_left() {
    let (_, policy) = files("kommo");
    let months = Proration {
        unit: Unit::Month,
        ..policy.proration
    };
    let left = |unit| {
        rest(
            &months,
            ("2026-01-01", "2026-07-01"),
            "2026-03-01",
            (unit, 3),
        )
    };
    assert_eq!(left(dec!(270)) - left(dec!(150)), 24_000, "3 × 20 × 4");
}
