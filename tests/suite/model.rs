//! Random histories through the program, against a small model of what it should do: exit codes, prices,
//! seats, numbers, balances; and after every command the books. A failure shrinks to a short list of commands.

use crate::support::{Ran, Sandbox};
use crate::wishes::{How, Model, What, history};
use crate::writes::furnished;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use subdesk::billing::calendar::{Day, plus_days};

/// The desk that the model is compared with.
struct Real {
    sandbox: Sandbox,
    keys: u32,
}

impl Real {
    fn run(&self, today: Day, line: &str) -> Ran {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut command = furnished(self.sandbox.command(&words));
        Ran::of(
            command
                .env("SUBDESK_NOW", format!("{today}T09:00:00Z"))
                .output()
                .unwrap(),
        )
    }

    fn document(&self, today: Day, line: &str) -> Value {
        let ran = self.run(today, line);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}"))
    }

    /// Does one thing in one way; the exit code.
    fn take(&mut self, today: Day, line: &str, how: How) -> Result<i32, TestCaseError> {
        let how = if line == "renew run" {
            How::Plainly
        } else {
            how
        };
        if how == How::TriedFirst {
            let before = self.sandbox.dump();
            let tried = self.run(today, &format!("{line} --dry-run --json"));
            prop_assert_eq!(before, self.sandbox.dump(), "{} --dry-run wrote", line);
            let done = self.run(today, &format!("{line} --json"));
            prop_assert_eq!(tried.code, done.code, "{}: {:?} {:?}", line, tried, done);
            // Only a payment's reference is not known before it is made.
            if done.code == 0 && !line.starts_with("order pay") {
                let marked = tried.stdout.replace("\n  \"dry_run\": true,", "");
                prop_assert_eq!(marked, done.stdout, "{}", line);
            }
            return Ok(done.code);
        }
        if how == How::Plainly {
            return Ok(self.run(today, line).code);
        }
        self.keys += 1;
        let keyed = format!("{line} --key k{} --json", self.keys);
        let first = self.run(today, &keyed);
        let before = self.sandbox.dump();
        let again = self.run(today, &keyed);
        prop_assert_eq!(
            first.code,
            again.code,
            "{}: {:?} {:?}",
            &keyed,
            first,
            again
        );
        if first.code == 0 {
            prop_assert_eq!(before, self.sandbox.dump(), "{} wrote twice", &keyed);
            let unmarked = again.stdout.replace("\n  \"replayed\": true,", "");
            prop_assert_eq!(first.stdout, unmarked, "{}", &keyed);
            let other = self.run(
                today,
                &format!(
                    "case create a0 --about help --text other --key k{} --json",
                    self.keys
                ),
            );
            prop_assert!(matches!(other.code, 3 | 4), "{:?}", other);
        }
        Ok(first.code)
    }

    /// What the model knows must be what the desk says.
    fn agrees(&self, model: &Model) -> Result<(), TestCaseError> {
        for (a, account) in &model.accounts {
            let shown = self.document(model.today, &format!("account show a{a} --json"));
            let shown = &shown["account"];
            prop_assert_eq!(
                &shown["balance"]["minor"],
                &Value::from(account.balance),
                "balance of a{}",
                a
            );
            let until = account.term.as_ref().map(|term| term.end.to_string());
            if let Some(until) = until {
                prop_assert_eq!(
                    &shown["plan"]["until"],
                    &Value::from(until),
                    "end of a{}",
                    a
                );
                let seats = account.term.as_ref().map(|term| term.seats);
                prop_assert_eq!(
                    &shown["plan"]["seats"]["full"],
                    &Value::from(seats),
                    "seats of a{}",
                    a
                );
            }
            let members = shown["members"].as_array().map_or(0, Vec::len);
            prop_assert_eq!(members, account.members.len() + 1, "members of a{}", a);
            if let Some(order) = &account.order {
                let line = format!("order show O-{:06} --json", order.number);
                let shown = self.document(model.today, &line);
                prop_assert_eq!(
                    &shown["order"]["total"]["minor"],
                    &Value::from(order.total),
                    "{}",
                    line
                );
            }
        }
        Ok(())
    }

    /// The books, by queries of our own.
    fn books(&self, model: &Model) -> Result<(), TestCaseError> {
        let conn = rusqlite::Connection::open(self.sandbox.db()).unwrap();
        let number = |sql: &str| {
            conn.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))
                .unwrap()
                .unwrap_or(0)
        };
        prop_assert_eq!(
            number("SELECT sum(amount) FROM posting"),
            0,
            "debits are credits"
        );
        let uneven =
            "SELECT count(*) FROM (SELECT 1 FROM posting GROUP BY journal HAVING sum(amount) <> 0)";
        prop_assert_eq!(number(uneven), 0, "each movement by itself");
        for (kind, count) in [("invoice", model.invoices), ("credit_note", model.notes)] {
            let of =
                |what: &str| number(&format!("SELECT {what} FROM invoice WHERE kind = '{kind}'"));
            prop_assert_eq!(
                (of("count(*)"), of("max(series)")),
                (count, count),
                "numbers of {}",
                kind
            );
        }
        prop_assert_eq!(number("SELECT count(*) FROM orders"), model.orders);
        let twice = "SELECT count(*) FROM term one JOIN term other ON one.account = other.account \
             AND one.id < other.id AND one.starts < other.ends AND other.starts < one.ends \
             AND one.paid = 1 AND other.paid = 1";
        prop_assert_eq!(number(twice), 0, "a day was sold twice");
        let balance = "SELECT sum(-amount) FROM posting WHERE book = 'customer_balance'";
        let expected: i64 = model.accounts.values().map(|account| account.balance).sum();
        prop_assert_eq!(number(balance), expected, "balances");
        Ok(())
    }
}

fn played(history: &[(What, How)]) -> Result<(), TestCaseError> {
    let mut model = Model::new();
    let mut real = Real {
        sandbox: Sandbox::quick(),
        keys: 0,
    };
    real.sandbox.done("db init");
    let mut said = Vec::new();
    for (what, how) in history {
        if let What::Wait(days) = what {
            model.today = plus_days(model.today, i64::from(*days));
            continue;
        }
        let (line, expected) = model.step(what);
        said.push(format!("{} {line} ({how:?})", model.today));
        let told =
            |error: TestCaseError| TestCaseError::fail(format!("{error}\n{}", said.join("\n")));
        let code = real.take(model.today, &line, *how).map_err(told)?;
        if code != expected {
            return Err(told(TestCaseError::fail(format!(
                "exit {code}, and the model says {expected}"
            ))));
        }
        real.books(&model).map_err(told)?;
    }
    let told = |error: TestCaseError| TestCaseError::fail(format!("{error}\n{}", said.join("\n")));
    real.agrees(&model).map_err(told)?;
    let check = real.run(model.today, "db check");
    prop_assert_eq!(check.code, 0, "{:?}\n{}", check, said.join("\n"));
    Ok(())
}

#[test]
fn random_histories_do_what_a_small_model_says() {
    let config = Config {
        cases: 24,
        max_shrink_iters: 60,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    };
    // The same histories every time; another number here looks at others.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let result = TestRunner::new_with_rng(config, rng).run(&history(), |history| played(&history));
    if let Err(error) = result {
        panic!("{error}");
    }
}
