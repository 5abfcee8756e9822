//! Years of runs over random histories: what day after day brings, what late runs bring, and that a second
//! run brings nothing.

use crate::seed::{Seed, plant, put};
use crate::support::dump;
use std::path::Path;
use std::time::Duration;
use subdesk::billing::account::{SavedMethod, Switch, Switched};
use subdesk::billing::calendar::{Day, plus_days};
use subdesk::billing::change::Change;
use subdesk::desk::renew::{Heard, Run};
use subdesk::desk::{Desk, Gateways, Patience, Purpose, Terms};

const ACCOUNTS: i64 = 12;

/// The five sellers: name, plan, seats, price of a seat and month, days before the end of the first step.
const SELLERS: [(&str, &str, u32, i64); 5] = [
    ("kommo", "advanced", 3, 25),
    ("kommo-2024", "advanced", 3, 25),
    ("kumospace", "business", 4, 16),
    ("kustomer", "enterprise", 8, 89),
    ("kaspr", "starter", 1, 65),
];

/// A small generator: the same seed gives the same history.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn open(file: &Path) -> Desk {
    Desk::open(
        file,
        Purpose::Write,
        Patience::silent(Duration::from_secs(5)),
    )
    .unwrap()
}

fn run(desk: &mut Desk, gateways: &Gateways, day: Day) -> usize {
    let mut said = 0;
    let at = day.and_hms_opt(3, 0, 0).unwrap();
    let run = Run {
        account: None,
        limit: None,
        at_once: 1,
    };
    desk.renew(
        &Terms::by_clock(at, "cron"),
        &run,
        gateways,
        &mut |heard| match heard {
            Heard::Did(..) => said += 1,
            Heard::Refused(name, refusal) => panic!("{day} {name}: {refusal}"),
            Heard::Failed(name, text) | Heard::Unsettled(name, text) => {
                panic!("{day} {name}: {text}")
            }
            Heard::Began(_) | Heard::Reached(_) => {}
        },
    )
    .unwrap();
    said
}

fn seeded(file: &Path, (seller, plan, seats, price): (&str, &str, u32, i64), ends: Day) {
    plant(
        file,
        &Seed {
            seller,
            plan,
            seats,
            price,
            accounts: ACCOUNTS,
            paid_until: ends,
            due_on: plus_days(ends, -30),
        },
    );
}

/// The spans of all terms, an account each.
fn spans(file: &Path) -> Vec<String> {
    dump(file)
        .into_iter()
        .filter(|row| row.starts_with("term: "))
        .map(|row| {
            let cells: Vec<&str> = row.split(" | ").collect();
            format!("{} {} {}", cells[1], cells[2], cells[3])
        })
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect()
}

#[test]
fn day_by_day_and_late_runs_pay_for_the_same_time() {
    for seller in SELLERS {
        let mut spans_of = Vec::new();
        for every in [1, 9, 23] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("desk.db");
            let first: Day = "2027-12-31".parse().unwrap();
            seeded(&file, seller, first);
            let setting = format!("scripted:{}", folder.path().display());
            let gateways = Gateways::from_setting(Some(&setting)).unwrap();
            let mut desk = open(&file);
            // From December over a 29 February to a day on which all of them have run.
            let mut day = plus_days(first, -31);
            let last = plus_days(day, 207);
            while day <= last {
                run(&mut desk, &gateways, day);
                day = plus_days(day, every);
            }
            spans_of.push(spans(&file));
        }
        assert_eq!(spans_of[0], spans_of[1], "{}: every 9 days", seller.0);
        assert_eq!(spans_of[0], spans_of[2], "{}: every 23 days", seller.0);
        assert!(
            spans_of[0].len() > 6 * usize::try_from(ACCOUNTS).unwrap(),
            "{seller:?}"
        );
        assert!(
            spans_of[0].iter().any(|span| span.contains("2028-02-29")),
            "{seller:?}"
        );
    }
}

#[test]
fn a_second_run_writes_nothing_whatever_the_history() {
    for (number, seller) in SELLERS.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("desk.db");
        seeded(&file, seller, "2026-01-31".parse().unwrap());
        let setting = format!("scripted:{}", folder.path().display());
        let gateways = Gateways::from_setting(Some(&setting)).unwrap();
        let mut dice = Dice(41 + u64::try_from(number).unwrap());
        let mut day: Day = "2026-01-20".parse().unwrap();
        let mut steps = 0;
        for _ in 0..90 {
            happen(&file, &mut dice, day);
            // A third of the days the bank is in a bad mood.
            let mood = match dice.next(3) {
                0 => {
                    "{\"answer\":\"declined\",\"reason\":\"insufficient_funds\",\"always\":true}\n"
                }
                _ => "",
            };
            std::fs::write(folder.path().join("script.jsonl"), mood).unwrap();
            let mut desk = open(&file);
            steps += run(&mut desk, &gateways, day);
            drop(desk);
            let first = dump(&file);
            let mut desk = open(&file);
            assert_eq!(run(&mut desk, &gateways, day), 0, "{} {day}", seller.0);
            drop(desk);
            assert_eq!(first, dump(&file), "{} {day}", seller.0);
            day = plus_days(day, 1 + i64::try_from(dice.next(4)).unwrap());
        }
        assert!(steps > 50, "{}: {steps}", seller.0);
        let mut desk = open(&file);
        let sound = desk
            .ask(
                &Terms::by_clock(day.and_hms_opt(4, 0, 0).unwrap(), "cron"),
                &subdesk::desk::db::IsSound,
            )
            .unwrap();
        let text = serde_json::to_string(&sound).unwrap();
        assert!(text.contains("\"findings\":[]"), "{}: {text}", seller.0);
    }
}

/// Somebody changes a card, cancels, takes it back, or turns auto-renewal.
fn happen(file: &Path, dice: &mut Dice, day: Day) {
    let at = day.and_hms_opt(1, 0, 0).unwrap();
    let account = 1 + i64::try_from(dice.next(ACCOUNTS.unsigned_abs())).unwrap();
    let switch = |switch, on| Change::Switch {
        account,
        switched: Switched { switch, on, at },
    };
    let change = match dice.next(6) {
        0 => switch(Switch::Cancel, true),
        1 => switch(Switch::Cancel, false),
        2 => switch(Switch::AutoRenew, false),
        3 => switch(Switch::AutoRenew, true),
        4 => Change::SetMethod {
            account,
            method: None,
            on: day,
        },
        _ => Change::SetMethod {
            account,
            method: Some(SavedMethod {
                method: "card".to_owned(),
                reference: format!("token-{account}-{day}"),
                saved_on: day,
            }),
            on: day,
        },
    };
    // The gate sets the mark with every change; here the run is made to look.
    let look = Change::SetDue {
        account,
        on: Some(day),
    };
    put(file, at, std::iter::once(vec![change, look]));
}
