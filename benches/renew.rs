//! Everything due for many accounts, against bare SQLite writing exactly the same rows:
//! `cargo bench --bench renew -- --accounts 10000`. With `--due 1000` only so many of them are due.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::panic,
    reason = "a measurement prints, and one that cannot go on has failed"
)]

#[path = "floor/mod.rs"]
mod floor;
#[path = "../tests/suite/seed.rs"]
mod seed;

use seed::{Seed, plant};
use std::path::Path;
use std::time::{Duration, Instant};
use subdesk::billing::calendar::Moment;
use subdesk::desk::renew::Run;
use subdesk::desk::{Desk, Effect, Gateways, Given, Patience, Purpose, Terms};
use subdesk::gateway::{Answer, Ask, Gateway};

/// A bank that always says yes, at once.
struct Yes;

impl Gateway for Yes {
    fn charges_alone(&self) -> bool {
        true
    }
    fn charge(&self, ask: &Ask<'_>) -> Answer {
        Answer::Paid {
            reference: format!("yes-{}", ask.key),
        }
    }
    fn refund(&self, ask: &Ask<'_>) -> Answer {
        self.charge(ask)
    }
    fn find(&self, key: &str) -> Answer {
        Answer::Paid {
            reference: format!("yes-{key}"),
        }
    }
}

fn main() {
    let accounts = number("--accounts").unwrap_or(10_000);
    let due = number("--due").unwrap_or(accounts);
    let folder = tempfile::tempdir().unwrap();
    let (product, bare) = (
        folder.path().join("product.db"),
        folder.path().join("floor.db"),
    );
    let day = "2026-07-15".parse().unwrap();
    plant(
        &product,
        &Seed {
            seller: "kumospace",
            plan: "business",
            seats: 4,
            price: 16,
            accounts,
            paid_until: day,
            due_on: day,
        },
    );
    floor::not_due(&product, due);
    std::fs::copy(&product, &bare).unwrap();
    let before = peak();
    let took = run(&product, "2026-07-15T03:00:00".parse().unwrap());
    let memory = peak();
    let (least, rows) = floor::write(&product, &bare);
    floor::same(&product, &bare);
    let rate = |took: Duration| due as f64 / took.as_secs_f64();
    println!("accounts {accounts}, due {due}, rows written {rows}");
    println!("product  {took:>9.3?}  {:>9.0} renewals/s", rate(took));
    println!("floor    {least:>9.3?}  {:>9.0} renewals/s", rate(least));
    println!("ratio    {:.2}", took.as_secs_f64() / least.as_secs_f64());
    println!("memory   {memory} kB at most, {before} kB before the run");
    println!(
        "file     {} kB",
        std::fs::metadata(&product).unwrap().len() / 1024
    );
}

fn run(file: &Path, at: Moment) -> Duration {
    let patience = Patience::silent(Duration::from_secs(5));
    let mut desk = Desk::open(file, Purpose::Write, patience).unwrap();
    let terms = Terms {
        at,
        given: Given::ByClock,
        now: at,
        recorded_at: at.and_utc(),
        by: "cron".to_owned(),
        on_behalf: None,
        reason: None,
        key: None,
        effect: Effect::Kept,
    };
    let run = Run {
        account: None,
        limit: None,
        at_once: 1,
    };
    let gateways = Gateways::only(Box::new(Yes));
    let since = Instant::now();
    let tally = desk.renew(&terms, &run, &gateways, &mut |_| {}).unwrap();
    let took = since.elapsed();
    assert_eq!((tally.refused, tally.unsettled), (0, 0));
    took
}

fn number(name: &str) -> Option<i64> {
    let words: Vec<String> = std::env::args().collect();
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1)?.parse().ok()
}

/// The most memory that this process has had, in kB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
