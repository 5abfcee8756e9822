//! A sealed place to run the program in: a home of its own, a fixed clock, nothing from outside.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The clock of every test that does not set another.
pub const NOW: &str = "2026-07-01T09:00:00Z";

/// Variables that could reach into a test.
pub const OUTSIDE: [&str; 25] = [
    "ACCESSIBLE",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "COMPLETE",
    "LOGNAME",
    "NO_COLOR",
    "SUBDESK_BY",
    "SUBDESK_CATALOG",
    "SUBDESK_DB",
    "SUBDESK_GATEWAY",
    "SUBDESK_LOCK_TIMEOUT",
    "SUBDESK_MAIL_AUTHORITY",
    "SUBDESK_MAIL_FROM",
    "SUBDESK_MAIL_PASSWORD",
    "SUBDESK_MAIL_PASSWORD_FILE",
    "SUBDESK_MAIL_ROUTE",
    "SUBDESK_MAIL_TEMPLATES",
    "SUBDESK_MAIL_USER",
    "SUBDESK_NOW",
    "TERM",
    "USER",
    "USERNAME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
];

/// A folder that is gone afterwards, and how to run the program in it.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

/// What came of a command.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// What came of a finished process; -1 if a signal ended it.
    pub fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What came of one that must end by itself soon: if it waited for ever, it would hold up whoever tests it too.
    pub fn bounded(mut child: Child, what: &str) -> Ran {
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if started.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("{what}: it waits for ever");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ran::of(child.wait_with_output().unwrap())
    }

    /// What it printed, as JSON.
    pub fn answer(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The last line of stderr as JSON, with `--json`.
    pub fn error(&self) -> serde_json::Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let line: serde_json::Value =
            serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        line["error"].clone()
    }
}

impl Sandbox {
    pub fn new() -> Sandbox {
        Sandbox {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One in memory where the system has a place for that, for tests that make hundreds of them.
    pub fn quick() -> Sandbox {
        match tempfile::tempdir_in("/dev/shm") {
            Ok(folder) => Sandbox { folder },
            Err(_) => Sandbox::new(),
        }
    }

    /// A path inside.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The database file.
    pub fn db(&self) -> PathBuf {
        self.path("desk.db")
    }

    /// The program, ready to run.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_subdesk"));
        for name in OUTSIDE {
            command.env_remove(name);
        }
        command
            .args(words)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("USER", "ada")
            .env("SUBDESK_NOW", NOW)
            .env("SUBDESK_DB", self.db())
            .stdin(Stdio::null());
        command
    }

    /// The program behind a line of shell, which ends by running it: `exec "$0" "$@"` is added.
    pub fn behind(&self, shell: &str, words: &[&str]) -> Command {
        let inner = self.command(words);
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{shell}; exec \"$0\" \"$@\"")])
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Runs a command line; words are parted by spaces.
    pub fn run(&self, line: &str) -> Ran {
        let words: Vec<&str> = line.split_whitespace().collect();
        Ran::of(self.command(&words).output().unwrap())
    }

    /// Runs a command that must succeed.
    pub fn done(&self, line: &str) -> Ran {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran
    }

    /// Starts a command whose three streams are held.
    pub fn started(&self, line: &str) -> Child {
        let words: Vec<&str> = line.split_whitespace().collect();
        self.command(&words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs a command with some text at its stdin.
    pub fn fed(&self, line: &str, input: &str) -> Ran {
        use std::io::Write;
        let mut child = self.started(line);
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Everything that the database holds, as SQL.
    pub fn dump(&self) -> Vec<String> {
        dump(&self.db())
    }
}

/// Every row of every table, as text.
pub fn dump(file: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(file).unwrap();
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut lines = Vec::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..columns)
                .map(|at| match row.get_ref(at).unwrap() {
                    rusqlite::types::ValueRef::Text(text) => {
                        String::from_utf8_lossy(text).into_owned()
                    }
                    other => format!("{other:?}"),
                })
                .collect();
            lines.push(format!("{table}: {}", cells.join(" | ")));
        }
    }
    lines.sort();
    lines
}

/// The first rows that only one of two dumps has, cut to a readable length.
pub fn differences(one: &[String], other: &[String]) -> Vec<String> {
    let only = |mine: &[String], theirs: &[String], mark: char| -> Vec<String> {
        mine.iter()
            .filter(|row| !theirs.contains(row))
            .take(4)
            .map(|row| format!("{mark} {}", row.chars().take(300).collect::<String>()))
            .collect()
    };
    [only(one, other, '-'), only(other, one, '+')].concat()
}

/// The root of the source.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}
