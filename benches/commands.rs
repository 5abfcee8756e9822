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
#[path = "floor/start.rs"]
mod start;
#[path = "floor/writes.rs"]
mod writes;

use seed::{Seed, plant};
use start::{Cost, TIMES, against, line, median, middle, timed};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The moment of every command.
const NOW: &str = "2026-07-15T09:00:00Z";
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
    println!("{:<52} {:>26} {:>26}", "", "processor", "clock");
    let head = ["product", "peer", "ratio"].map(|word| format!("{word:>9}"));
    println!("{:<52} {} {}", "", head.join(""), head.join(""));
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

    /// Start, open, show one account; the shell reads the rows that the screen is made of, and no others.
    fn show(&self) -> Cost {
        let (id, name) = self.account();
        let mut sql = format!(
            "SELECT * FROM account WHERE name = '{name}'; SELECT value FROM meta WHERE key = 'zone'; \
             SELECT compiled FROM seller_file; \
             SELECT * FROM slice WHERE term IN (SELECT id FROM term WHERE account = {id}); \
             SELECT sum(amount) FROM posting WHERE account = {id} AND book = 'customer_balance';"
        );
        for table in [
            "member",
            "method",
            "trial",
            "term",
            "holding",
            "orders",
            "payment",
            "switch",
            "scheduled",
            "agreement",
            "credit_entry",
            "cases",
            "limit_use",
        ] {
            sql += &format!("SELECT * FROM {table} WHERE account = {id};");
        }
        let show = || self.product(&["account", "show", &name]);
        let (shown, _) = against("account show", &show, &|| self.peer(&sql));
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
    fn complete(&self, shown: Cost) {
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

    /// Lists, as the shell would read fifty rows of them.
    fn lists(&self) {
        let (id, name) = self.account();
        let rows = |table: &str, day: &str, which: &str| {
            let which = which.replace("{day}", day);
            format!(
                "SELECT {table}.*, account.name FROM {table} LEFT JOIN account \
                 ON account.id = {table}.account WHERE {which} ORDER BY {table}.id DESC LIMIT 51"
            )
        };
        let nouns = [
            ("order", "orders", "placed_at", Some(("paid", "pending"))),
            ("invoice", "invoice", "issued_on", Some(("paid", "open"))),
            ("payment", "payment", "begun_at", Some(("paid", "sent"))),
            ("case", "cases", "opened_at", None),
            ("message", "message", "at", None),
            ("journal", "journal", "recorded_at", None),
        ];
        for (noun, table, day, states) in nouns {
            let list = |words: &[&str], which: &str| {
                let all = [&[noun, "list"], words].concat();
                let sql = rows(table, day, which);
                against(&all.join(" "), &|| self.product(&all), &|| self.peer(&sql));
            };
            list(&["--account", &name], &format!("{table}.account = {id}"));
            for state in states.into_iter().flat_map(|(many, few)| [many, few]) {
                list(&["--state", state], &format!("state = '{state}'"));
            }
            list(&["--since", "2026-07-01"], "{day} >= '2026-07-01'");
        }
        let words = ["order", "list", "--until", "2026-07-01"];
        let sql = rows("orders", "placed_at", "placed_at < '2026-07-01'");
        against(
            "order list --until, a walk through all",
            &|| self.product(&words),
            &|| self.peer(&sql),
        );
    }

    /// A dry run against the same done.
    fn dry_run(&self) {
        let (_, name) = self.account();
        let words = [
            "order", "create", &name, "--seats", "9", "--reason", "bench", "--quiet",
        ];
        let dry = median(&|| self.product(&[&words[..], &["--dry-run"]].concat()));
        // Every real order is on a copy, so that each finds the same.
        let times: Vec<Cost> = (0..TIMES)
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
        line(
            "order create --dry-run, against doing it",
            dry,
            middle(times),
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
            "{:<52} {took:>9.1?}   ({:.1} µs for each account and month)",
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
