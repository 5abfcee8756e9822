//! Every command that writes, on stores where it has something to write: what the fault tests disturb.

use crate::support::{Ran, Sandbox};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// A store at the start of a test: a seller, and the commands that prepare it.
pub struct Stage {
    seller: &'static str,
    /// What the provider answers while it is prepared; later it says yes.
    script: &'static str,
    /// A line behind a question mark may fail, and one may begin with a variable.
    lines: &'static [&'static str],
    kept: OnceLock<Sandbox>,
}

/// A command that writes, and the store that it writes into.
pub struct Write {
    pub stage: &'static Stage,
    pub line: &'static str,
}

static KOMMO: Stage = Stage {
    seller: "kommo",
    script: "",
    lines: &[
        "account create trial --country US --email a@trial.test --as-of 2026-06-25",
        "account create paid --country US --email a@paid.test --as-of 2026-06-01",
        "order create paid --plan advanced --period 6m --seats 3 --method card --as-of 2026-06-01",
        "order pay O-000001 --as-of 2026-06-01",
        "account member add paid b@paid.test --no-seat",
        "account member add paid c@paid.test --role admin",
        "account member disable paid c@paid.test",
        "renew auto paid off",
        "account method set paid card --reference tok_1",
        "account create open --country US --email a@open.test",
        "order create open --plan advanced --period 6m --seats 2 --method card",
        "account create bare --country US --email a@bare.test --as-of 2026-05-01",
        "account create later --country US --email a@later.test --as-of 2026-06-01",
        "order create later --plan base --period 6m --seats 2 --method card --as-of 2026-06-01",
        "order pay O-000003 --as-of 2026-06-01",
        "plan cancel later --reason x",
        "case create paid --about support --text help",
        "credit grant paid ai 100 --reason kind",
        "account agree paid --percent-off 5 --reason deal",
        "account create due --country US --email a@due.test --as-of 2025-12-10",
        "order create due --plan base --period 6m --seats 2 --method card --as-of 2025-12-10",
        "order pay O-000004 --as-of 2025-12-10",
    ],
    kept: OnceLock::new(),
};

static KOMMO_2024: Stage = Stage {
    seller: "kommo-2024",
    script: "",
    lines: &[
        "account create acme --country US --email a@acme.test --as-of 2026-06-01",
        "order create acme --plan advanced --period 6m --seats 3 --method card --as-of 2026-06-01",
        "order pay O-000001 --as-of 2026-06-01",
    ],
    kept: OnceLock::new(),
};

static KASPR: Stage = Stage {
    seller: "kaspr",
    script: "",
    lines: &[
        "account create old --country FR --currency EUR --email a@old.test --address 1 --as-of 2026-06-01",
        "account create new --country FR --currency EUR --email a@new.test --address 2 --as-of 2026-06-01",
        "order create old --plan starter --period 1m --seats 1 --method card --as-of 2026-06-15",
        "order pay O-000001 --as-of 2026-06-15",
    ],
    kept: OnceLock::new(),
};

static KUMOSPACE: Stage = Stage {
    seller: "kumospace",
    script: "",
    lines: &["account create space --country US --email a@space.test --as-of 2026-06-01"],
    kept: OnceLock::new(),
};

/// A renewal whose card was declined, with its invoice open, and a message that could not be delivered.
static KUSTOMER: Stage = Stage {
    seller: "kustomer",
    script: "{\"answer\":\"paid\"}\n{\"answer\":\"declined\",\"reason\":\"insufficient_funds\"}\n",
    lines: &[
        "account create shop --country US --email a@shop.test --as-of 2026-05-20",
        "account member add shop b@shop.test --role admin --no-seat",
        "order create shop --plan enterprise --period 1m --seats 8 --method card --as-of 2026-05-20",
        "order pay O-000001 --as-of 2026-05-20",
        "renew run",
        "? SUBDESK_MAIL_ROUTE=sendmail:/bin/false message send",
    ],
    kept: OnceLock::new(),
};

/// A payment that was begun and whose end is not known.
static PENDING: Stage = Stage {
    seller: "kommo",
    script: "{\"answer\":\"unknown\",\"moved\":true}\n",
    lines: &[
        "account create acme --country US --email a@acme.test",
        "order create acme --plan pro --period 6m --seats 2 --method card",
        "? order pay O-000001",
    ],
    kept: OnceLock::new(),
};

const fn on(stage: &'static Stage, line: &'static str) -> Write {
    Write { stage, line }
}

/// Every writing verb at least once; all of them with a key where one can be given.
pub static WRITES: &[Write] = &[
    on(
        &KOMMO,
        "account create new --country US --email a@new.test --key k",
    ),
    on(
        &KOMMO,
        "account edit paid --title Paid --address Street --key k",
    ),
    on(
        &KOMMO,
        "account member add paid d@paid.test --no-seat --key k",
    ),
    on(&KOMMO, "account member role paid b@paid.test admin --key k"),
    on(&KOMMO, "account member disable paid b@paid.test --key k"),
    on(&KOMMO, "account member enable paid c@paid.test --key k"),
    on(
        &KOMMO,
        "account member remove paid b@paid.test --key k --yes",
    ),
    on(
        &KOMMO,
        "account method set paid card --reference tok_2 --key k",
    ),
    on(&KOMMO, "account method remove paid --key k --yes"),
    on(
        &KOMMO,
        "account agree paid --limit leads=5000 --reason x --key k",
    ),
    on(&KOMMO, "account disagree paid 1 --reason x --key k"),
    on(&KOMMO, "account close bare --key k --reason x --yes"),
    on(&KOMMO, "plan change paid pro --key k"),
    on(&KOMMO, "plan cancel paid --key k --reason x"),
    on(&KOMMO, "plan resume later --key k"),
    on(
        &KOMMO,
        "plan request paid enterprise --name Ann --email a@x.test --phone 12345 --key k",
    ),
    on(&KOMMO, "seats assign paid b@paid.test --key k"),
    on(&KOMMO, "seats release paid a@paid.test --key k"),
    on(&KOMMO, "seats add paid 2 --key k"),
    on(&KOMMO, "seats set paid 7 --key k"),
    on(&KOMMO, "seats remove paid 1 --reason x --key k"),
    on(
        &KOMMO,
        "order create trial --plan pro --period 1y --seats 4 --method card --key k",
    ),
    on(&KOMMO, "order cancel O-000002 --key k"),
    on(&KOMMO, "order pay O-000002 --key k"),
    on(&KOMMO, "trial extend trial 3 --reason x --key k"),
    on(&KOMMO, "trial end trial --reason x --key k"),
    on(&KOMMO, "credit grant paid ai 5 --reason x --key k"),
    on(&KOMMO, "credit use paid ai 10 --key k"),
    on(&KOMMO, "credit buy paid ai-5000 --key k"),
    on(&KOMMO, "limit record paid leads 10 --key k"),
    on(
        &KOMMO,
        "case create paid --about support --text help --key k",
    ),
    on(&KOMMO, "case close 1 --outcome ok --key k"),
    on(
        &KOMMO,
        "invoice credit INV-2026-000001 --all --reason x --key k",
    ),
    on(&KOMMO, "invoice send INV-2026-000001 --key k"),
    on(&KOMMO, "message send"),
    on(&PENDING, "payment settle"),
    on(&KOMMO, "renew auto paid on --key k"),
    on(&KOMMO, "renew extend paid --period 6m --key k"),
    on(&KOMMO, "renew run"),
    on(&KOMMO, "catalog use next.catalog.toml --key k"),
    on(&KOMMO, "policy use next.policy.toml --key k"),
    on(&KOMMO, "batch lines.jsonl --key k"),
    on(&KOMMO, "batch lines.jsonl --atomic --key k"),
    on(
        &KOMMO_2024,
        "payment refund P-000001 --reason x --yes --key k",
    ),
    on(&KASPR, "account transfer old new --reason x --yes --key k"),
    on(&KUMOSPACE, "trial start space --for a@space.test --key k"),
    on(
        &KOMMO,
        "order checkout trial --plan pro --period 6m --seats 4 --method card --reference seen --yes --key k",
    ),
    on(&KUSTOMER, "account member grant shop b@shop.test --key k"),
    on(
        &KUSTOMER,
        "invoice void INV-2026-000002 --reason x --yes --key k",
    ),
    on(&KUSTOMER, "renew retry O-000002 --key k"),
    on(&KUSTOMER, "message retry M-000001 --key k"),
];

/// Lines for the batches.
const LINES: &str = concat!(
    r#"{"do":"account create","with":{"name":"one","country":"US","email":"a@one.test"}}"#,
    "\n",
    r#"{"do":"case create","with":{"account":"one","about":"support","text":"help"}}"#,
    "\n",
    r#"{"do":"order create","with":{"account":"one","wish":{"plan":"pro","period":"6m","seats":{"full":2},"method":"card"}}}"#,
    "\n",
);

impl Stage {
    /// A copy of the prepared store, whose last writes are still in a long write-ahead log.
    pub fn set(&self) -> Sandbox {
        let kept = self.kept.get_or_init(|| self.prepared());
        let sandbox = Sandbox::quick();
        for entry in std::fs::read_dir(kept.path("copy")).unwrap() {
            let from = entry.unwrap().path();
            std::fs::copy(
                &from,
                sandbox.path(from.file_name().unwrap().to_str().unwrap()),
            )
            .unwrap();
        }
        sandbox
    }

    fn prepared(&self) -> Sandbox {
        let sandbox = Sandbox::new();
        std::fs::write(sandbox.path("script.jsonl"), self.script).unwrap();
        for line in self.lines {
            let (may_fail, line) = match line.strip_prefix("? ") {
                Some(line) => (true, line),
                None => (false, *line),
            };
            let line = format!("{line} --catalog {}", self.seller);
            let mut words: Vec<&str> = line.split_whitespace().collect();
            let variable = words[0].split_once('=');
            if variable.is_some() {
                words.remove(0);
            }
            let mut command = furnished(sandbox.command(&words));
            command.envs(variable);
            let ran = Ran::of(command.output().unwrap());
            assert_eq!(ran.code == 0, !may_fail, "{line}: {ran:?}");
        }
        for kind in ["catalog", "policy"] {
            let text = sandbox.done(&format!("{kind} show")).stdout;
            let next = text
                .lines()
                .map(|line| match line.starts_with("effective_from") {
                    true => "effective_from = \"2026-08-01\"",
                    false => line,
                })
                .fold(String::new(), |all, line| all + line + "\n");
            std::fs::write(sandbox.path(&format!("next.{kind}.toml")), next).unwrap();
        }
        std::fs::write(sandbox.path("lines.jsonl"), LINES).unwrap();
        let copy = sandbox.path("copy");
        std::fs::create_dir(&copy).unwrap();
        let conn = rusqlite::Connection::open(sandbox.db()).unwrap();
        conn.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        while size(&sandbox.path("desk.db-wal")) < LOG {
            conn.execute_batch(TO_AND_FRO).unwrap();
        }
        for name in [
            "desk.db",
            "desk.db-wal",
            "asked.jsonl",
            "next.catalog.toml",
            "next.policy.toml",
            "lines.jsonl",
        ] {
            if sandbox.path(name).exists() {
                std::fs::copy(sandbox.path(name), copy.join(name)).unwrap();
            }
        }
        sandbox
    }
}

/// Writes that change nothing in the end.
const TO_AND_FRO: &str = "UPDATE account SET title = title || 'x'; \
    UPDATE account SET title = substr(title, 1, length(title) - 1)";

/// Bytes in the log of a prepared store: more than the 32 KiB of the index beside it, so that a limit on the
/// size of files is met in the log first.
pub const LOG: u64 = 40 * 1024;

/// Bytes of a file; none where there is none.
pub fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |metadata| metadata.len())
}

/// Sets what every one of these commands may need.
pub fn furnished(mut command: Command) -> Command {
    command
        .env("SUBDESK_GATEWAY", "scripted:.")
        .env("SUBDESK_MAIL_ROUTE", "folder:mail")
        .env("SUBDESK_MAIL_FROM", "desk@seller.test");
    command
}

/// Runs a command to its end.
pub fn ran(sandbox: &Sandbox, line: &str) -> Ran {
    let words: Vec<&str> = line.split_whitespace().collect();
    Ran::of(furnished(sandbox.command(&words)).output().unwrap())
}

/// Runs a command at a moment of the clock, such as `2028-12-31T09:00:00Z`.
pub fn ran_at(sandbox: &Sandbox, now: &str, line: &str) -> Ran {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut command = furnished(sandbox.command(&words));
    Ran::of(command.env("SUBDESK_NOW", now).output().unwrap())
}

/// Runs a command that must succeed.
pub fn done(sandbox: &Sandbox, line: &str) -> Ran {
    let ran = ran(sandbox, line);
    assert_eq!(ran.code, 0, "{line}: {ran:?}");
    ran
}

/// The keys that the provider has in its book.
pub fn charged(sandbox: &Sandbox) -> Vec<String> {
    let book = std::fs::read_to_string(sandbox.path("asked.jsonl")).unwrap_or_default();
    book.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["key"].to_string())
        .collect()
}

/// Sound to the tool's own checks, whatever was done to it.
pub fn sound(sandbox: &Sandbox, what: &str) {
    // What `journal verify` looks at, this does too.
    let ran = ran(sandbox, "db check");
    assert_eq!(ran.code, 0, "{what}: {ran:?}");
}

#[test]
fn every_one_of_them_writes_and_writes_once() {
    for write in WRITES {
        let sandbox = write.stage.set();
        let before = sandbox.dump();
        done(&sandbox, write.line);
        let after = sandbox.dump();
        assert!(before != after, "{}", write.line);
        let again = done(&sandbox, write.line);
        assert_eq!(after, sandbox.dump(), "{}: {again:?}", write.line);
        sound(&sandbox, write.line);
        done(&sandbox, "journal verify");
    }
}

#[test]
fn no_writing_command_is_forgotten() {
    // The pages are made from the command tree, which another test holds them to.
    let man = crate::support::files(&crate::support::root().join("man"));
    assert!(man.len() > 90, "{}", man.len());
    let forgotten: Vec<String> = man
        .iter()
        .filter(|page| {
            std::fs::read_to_string(page)
                .unwrap()
                .contains("\\-\\-dry\\-run")
        })
        .filter_map(|page| {
            page.file_stem()?
                .to_str()?
                .strip_prefix("subdesk-")
                .map(str::to_owned)
        })
        .map(|name| name.replace('-', " "))
        .filter(|name| {
            !WRITES
                .iter()
                .any(|write| write.line.starts_with(name.as_str()))
        })
        .collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
