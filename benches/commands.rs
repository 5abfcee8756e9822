//! Whole commands on a store of many accounts, each against the `sqlite3` shell or bare SQLite doing the
//! equivalent: `cargo bench --bench commands -- --accounts 1000000`. What counts is the ratio.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::as_conversions,
    reason = "a measurement prints, and one that cannot go on has failed"
)]

#[path = "floor/run.rs"]
mod run;
#[path = "../tests/suite/seed.rs"]
mod seed;
#[path = "floor/writes.rs"]
mod writes;

use seed::{Seed, plant};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The moment of every command.
const NOW: &str = "2026-07-15T09:00:00Z";
/// Each command is started so many times; the median counts.
const TIMES: usize = 40;
/// Requests of the batch.
const LINES: usize = 10_000;

fn main() {
    if let [_, word, file, sql] = std::env::args().collect::<Vec<_>>().as_slice()
        && word == "--query"
    {
        return query(Path::new(file), sql);
    }
    let accounts = number("--accounts").unwrap_or(100_000);
    let bench = Bench::of(accounts);
    println!("{accounts} accounts; times are medians of {TIMES} starts\n");
    println!("{:<44} {:>10} {:>10} {:>6}", "", "product", "peer", "ratio");
    let shown = bench.show();
    bench.complete(shown);
    bench.lists();
    drop(bench);
    let small = Bench::of(accounts.min(10_000));
    small.dry_run();
    small.forecast();
    small.batch();
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_subdesk"))
        .unwrap()
        .len();
    println!("\nthe program has {:.1} MB", size as f64 / 1e6);
}

struct Bench {
    folder: tempfile::TempDir,
    accounts: i64,
}

impl Bench {
    /// A store of accounts that were all renewed once.
    fn of(accounts: i64) -> Bench {
        let bench = Bench {
            folder: tempfile::tempdir().unwrap(),
            accounts,
        };
        let day = "2026-07-15".parse().unwrap();
        plant(
            &bench.db(),
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
        run::everything(&bench.db(), || (), |()| ());
        bench
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("desk.db")
    }

    /// An account in the middle.
    fn account(&self) -> (i64, String) {
        let id = self.accounts / 2 + 7;
        (id, format!("account-{id:07}"))
    }

    fn product(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_subdesk"));
        command
            .args(words)
            .env("HOME", self.folder.path())
            .env("USER", "ada")
            .env("SUBDESK_NOW", NOW)
            .env("SUBDESK_DB", self.db());
        command
    }

    /// The shell of SQLite; where there is none, this program with SQLite and nothing else.
    fn peer(&self, sql: &str) -> Command {
        let mut command = Command::new("sqlite3");
        if command
            .arg("-version")
            .stdout(Stdio::null())
            .status()
            .is_ok()
        {
            let mut command = Command::new("sqlite3");
            command.arg("-readonly").arg(self.db()).arg(sql);
            return command;
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--query").arg(self.db()).arg(sql);
        command
    }

    /// Start, open, show one account; the shell reads the same rows.
    fn show(&self) -> Duration {
        let (id, name) = self.account();
        let of = |columns: &str, table: &str| {
            format!("SELECT {columns} FROM {table} WHERE account = {id};")
        };
        let sql = [
            format!("SELECT * FROM account WHERE name = '{name}';"),
            "SELECT compiled FROM seller_file;".to_owned(),
            of("*", "member"),
            of("*", "method"),
            of("*", "trial"),
            of("*", "term"),
            format!(
                "SELECT * FROM slice WHERE term IN (SELECT id FROM term WHERE account = {id});"
            ),
            of("*", "holding"),
            of("*", "orders"),
            format!(
                "SELECT * FROM line WHERE orders IN (SELECT id FROM orders WHERE account = {id});"
            ),
            of("*", "payment"),
            of("*", "invoice"),
            of("*", "switch"),
            of("*", "scheduled"),
            of("*", "agreement"),
            of("*", "credit_entry"),
            of("*", "cases"),
            of("kind, about", "message"),
            format!(
                "SELECT sum(amount) FROM posting WHERE account = {id} AND book = 'customer_balance';"
            ),
        ];
        let show = || self.product(&["account", "show", &name]);
        let (shown, _) = against("account show", &show, &|| self.peer(&sql.concat()));
        let one = format!("SELECT * FROM account WHERE name = '{name}';");
        against("account show, the shell reading one row", &show, &|| {
            self.peer(&one)
        });
        against(
            "--version, the shell's --version",
            &|| self.product(&["--version"]),
            &|| {
                let mut command = Command::new("sqlite3");
                command.arg("-version");
                command
            },
        );
        shown
    }

    /// Completion of a name among all, against showing one.
    fn complete(&self, shown: Duration) {
        let complete = || {
            let mut command = self.product(&["--", "subdesk", "account", "show", "account-00"]);
            command
                .env("COMPLETE", "bash")
                .env("_CLAP_COMPLETE_INDEX", "3");
            command
        };
        let took = median(&complete);
        line("completion of a name, against account show", took, shown);
    }

    fn lists(&self) {
        let (id, name) = self.account();
        let sql = |which: &str| {
            format!(
                "SELECT orders.id, account.name, kind, state, placed_at, total FROM orders \
                 JOIN account ON account.id = orders.account WHERE {which} \
                 ORDER BY orders.id DESC LIMIT 50"
            )
        };
        let lists = [
            (vec!["--account", &name], format!("orders.account = {id}")),
            (vec!["--state", "paid"], "state = 'paid'".to_owned()),
            (vec!["--state", "pending"], "state = 'pending'".to_owned()),
            (
                vec![
                    "--state",
                    "paid",
                    "--since",
                    "2026-07-01",
                    "--until",
                    "2026-08-01",
                ],
                "state = 'paid' AND placed_at >= '2026-07-01' AND placed_at < '2026-08-01'"
                    .to_owned(),
            ),
            (
                vec!["--until", "2026-07-01"],
                "placed_at < '2026-07-01'".to_owned(),
            ),
        ];
        for (words, which) in lists {
            let all = [&["order", "list"], words.as_slice()].concat();
            against(&all.join(" "), &|| self.product(&all), &|| {
                self.peer(&sql(&which))
            });
        }
    }

    /// A dry run against the same done.
    fn dry_run(&self) {
        let (_, name) = self.account();
        let words = [
            "order", "create", &name, "--seats", "9", "--reason", "bench", "--quiet",
        ];
        let dry = median(&|| self.product(&[&words[..], &["--dry-run"]].concat()));
        // Every real order is on a copy, so that each finds the same.
        let mut times: Vec<Duration> = (0..TIMES)
            .map(|_| {
                let copy = self.folder.path().join("copy.db");
                std::fs::copy(self.db(), &copy).unwrap();
                let took = timed(
                    &mut self.product(&[&words[..], &["--db", copy.to_str().unwrap()]].concat()),
                );
                for end in ["", "-wal", "-shm"] {
                    let _gone = std::fs::remove_file(format!("{}{end}", copy.display()));
                }
                took
            })
            .collect();
        times.sort();
        line(
            "order create --dry-run, against doing it",
            dry,
            times[TIMES / 2],
        );
    }

    /// A look a year ahead, against one run.
    fn forecast(&self) {
        let since = Instant::now();
        let words = ["renew", "run", "--dry-run", "--as-of", "2027-07-14"];
        assert!(
            self.product(&words)
                .stdout(Stdio::null())
                .status()
                .unwrap()
                .success()
        );
        let took = since.elapsed();
        println!(
            "{:<44} {took:>10.1?}   ({:.1} µs for each account and month)",
            format!("renew run --dry-run, a year, {} accounts", self.accounts),
            took.as_secs_f64() * 1e6 / self.accounts as f64 / 12.0
        );
    }

    /// Ten thousand requests, each in a transaction, against bare SQLite writing the same rows.
    fn batch(&self) {
        let bare = self.folder.path().join("bare.db");
        std::fs::copy(self.db(), &bare).unwrap();
        let requests = self.folder.path().join("requests.jsonl");
        let lines: String = (0..LINES)
            .map(|at| {
                format!(
                    "{{\"do\":\"account create\",\"with\":{{\"name\":\"new-{at}\",\"country\":\"US\",\
                     \"email\":\"ada@new-{at}.test\"}}}}\n"
                )
            })
            .collect();
        std::fs::write(&requests, lines).unwrap();
        let mut batch = self.product(&["batch", "--quiet"]);
        let took = timed(batch.arg(&requests));
        let least = writes::one_by_one(&self.db(), &bare, self.accounts);
        line("batch of 10000 account create", took, least);
    }
}

/// Both in turns, so that a busy machine is as busy for the one as for the other.
fn against(
    what: &str,
    product: &dyn Fn() -> Command,
    peer: &dyn Fn() -> Command,
) -> (Duration, Duration) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        ours.push(timed(&mut product()));
        theirs.push(timed(&mut peer()));
    }
    ours.sort();
    theirs.sort();
    line(what, ours[TIMES / 2], theirs[TIMES / 2]);
    (ours[TIMES / 2], theirs[TIMES / 2])
}

fn median(command: &dyn Fn() -> Command) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES).map(|_| timed(&mut command())).collect();
    times.sort();
    times[TIMES / 2]
}

fn timed(command: &mut Command) -> Duration {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let since = Instant::now();
    let status = command.status().unwrap();
    let took = since.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    took
}

fn line(what: &str, product: Duration, peer: Duration) {
    let ratio = product.as_secs_f64() / peer.as_secs_f64();
    println!("{what:<44} {product:>10.2?} {peer:>10.2?} {ratio:>6.2}");
}

fn number(name: &str) -> Option<i64> {
    let words: Vec<String> = std::env::args().collect();
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1)?.parse().ok()
}

/// What the shell of SQLite would do, where there is none.
fn query(file: &Path, sql: &str) {
    let conn = rusqlite::Connection::open(file).unwrap();
    for one in sql.split(';').filter(|one| !one.trim().is_empty()) {
        let mut statement = conn.prepare(one).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                print!("{:?}|", row.get_ref(column).unwrap());
            }
            println!();
        }
    }
}
