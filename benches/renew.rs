//! Everything due for many accounts, against bare SQLite writing exactly the same rows:
//! `cargo bench --bench renew -- --accounts 10000`. With `--due 1000` only so many of them are due, one here
//! and one there; with `--together 25` so many neighbours at a time, as those are who came on the same day and
//! whose year is over on the same day. Without words it goes from ten thousand accounts to a million.

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
#[path = "floor/run.rs"]
mod run;
#[path = "../tests/suite/seed.rs"]
mod seed;

use floor::{Took, Watch};
use seed::{Seed, plant};
use std::path::Path;
use std::time::Duration;

/// The day on which everything is due.
const DAY: &str = "2026-07-15";

fn main() {
    if let Some(file) = word("--only-run") {
        return alone(Path::new(&file));
    }
    println!(
        "accounts      due together      rows  product/s    floor/s  ratio processor  memory kB   file kB"
    );
    match number("--accounts") {
        Some(accounts) => measured(
            accounts,
            number("--due").unwrap_or(accounts),
            number("--together").unwrap_or(1),
        ),
        None => {
            measured(10_000, 10_000, 1);
            measured(100_000, 100_000, 1);
            for together in [1, 25] {
                measured(10_000, 1_000, together);
                measured(1_000_000, 1_000, together);
            }
            measured(1_000_000, 1_000_000, 1);
        }
    }
}

/// `due` of so many accounts, so many neighbours together.
fn measured(accounts: i64, due: i64, together: i64) {
    let folder = tempfile::tempdir().unwrap();
    let (product, bare) = (
        folder.path().join("product.db"),
        folder.path().join("floor.db"),
    );
    let day = DAY.parse().unwrap();
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
    floor::not_due(&product, accounts / due, together);
    std::fs::copy(&product, &bare).unwrap();
    // What still waits to be written would be waited for by whoever commits first.
    for file in [&product, &bare] {
        std::fs::File::open(file).unwrap().sync_all().unwrap();
    }
    let (took, memory) = in_a_process(&product);
    let (least, rows) = floor::write(&product, &bare);
    floor::same(&product, &bare);
    let rate = |took: Duration| due as f64 / took.as_secs_f64();
    let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    println!(
        "{accounts:>8} {due:>8} {together:>8} {rows:>9} {:>10.0} {:>10.0} {:>6.2} {:>9.2} {memory:>10} {:>9}",
        rate(took.wall),
        rate(least.wall),
        ratio(took.wall, least.wall),
        ratio(took.processor, least.processor),
        std::fs::metadata(&product).unwrap().len() / 1024
    );
}

/// The run in a process of its own, so that what the planting took is not counted: the time of the run,
/// and the most memory that the process has had.
fn in_a_process(file: &Path) -> (Took, u64) {
    let me = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new(me);
    let output = command.arg("--only-run").arg(file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let mut said = said.split_whitespace().map(|word| word.parse().unwrap());
    let mut next = || said.next().unwrap();
    let took = Took {
        wall: Duration::from_micros(next()),
        processor: Duration::from_micros(next()),
    };
    (took, next())
}

fn alone(file: &Path) {
    let mut took = Took::default();
    run::everything(file, Watch::start, |watch| watch.stop(&mut took));
    let (wall, processor) = (took.wall.as_micros(), took.processor.as_micros());
    println!("{wall} {processor} {}", peak());
}

fn word(name: &str) -> Option<String> {
    let words: Vec<String> = std::env::args().collect();
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1).cloned()
}

fn number(name: &str) -> Option<i64> {
    word(name)?.parse().ok()
}

/// The most memory that this process has had, in kB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
