//! What the manual explains besides commands: exit codes, formats, dates, environment.

use super::clock;
use super::exit::Exit;

/// A page of section 7.
pub(super) struct Topic {
    /// The word after `subdesk help`.
    pub(super) name: &'static str,
    /// What it is about.
    pub(super) about: &'static str,
    /// Headings, each with what stands below it.
    pub(super) sections: Vec<(&'static str, Vec<Part>)>,
}

/// A part of a section.
pub(super) enum Part {
    /// A paragraph.
    Text(String),
    /// Something to look up, and what it means.
    Item(String, String),
}

/// The names of all topics.
pub(super) const NAMES: [&str; 4] = ["exit-codes", "formats", "dates", "environment"];

/// All topics.
pub(super) fn topics() -> Vec<Topic> {
    vec![exit_codes(), formats(), dates(), environment()]
}

fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

fn item(name: &str, meaning: &str) -> Part {
    Part::Item(name.to_owned(), meaning.to_owned())
}

fn exit_codes() -> Topic {
    let codes = Exit::ALL.iter().map(|exit| {
        Part::Item(
            format!("{:>3}  {}", exit.code(), exit.name()),
            format!("{}. A script should: {}.", exit.meaning(), exit.remedy()),
        )
    });
    Topic {
        name: "exit-codes",
        about: "how commands end, for scripts",
        sections: vec![
            ("CODES", codes.collect()),
            (
                "ERRORS FOR SCRIPTS",
                vec![text(
                    "With --json or --jsonl, stdout is empty or one document, and the last line of stderr \
                         is {\"schema\":\"subdesk/1\",\"error\":{\"code\",\"message\",\"because\",\"hint\",\
                         \"exit\"}}. The code is stable: the name of a refusal such as \
                         seat_reduction_not_allowed, or usage, not_found, no_database, foreign_file, \
                         newer_file, damaged_file, read_only, disk_full, busy, unsettled, stopped, failed.",
                )],
            ),
            (
                "NAMES OF NOTHING",
                vec![text(
                    "A plan, an add-on, a payment method, an account or a number that does not exist is 4, \
                         whichever command names it. What exists and is not for this account is 3. A code of a \
                         list that everybody shares, such as a currency or a country, is 2 when it is not on it.",
                )],
            ),
        ],
    }
}

fn formats() -> Topic {
    Topic {
        name: "formats",
        about: "the forms of answers, and what is promised about them",
        sections: vec![
            (
                "FOR PEOPLE",
                vec![text(
                    "A terminal gets tables fitted to its width. In a pipe a list has no header and no \
                     borders; tabs stand between its cells. Nobody should parse either: use --json. The \
                     answer goes to stdout, everything else that is said to stderr; --quiet silences all \
                     but errors.",
                )],
            ),
            (
                "JSON",
                vec![
                    text(
                        "--json prints the whole document inside {\"schema\":\"subdesk/1\", ...}. \
                         --json=number,total keeps only those fields. --jsonl prints each element of a list \
                         as a document of its own, one on each line. A list is an array, also when it is \
                         empty or has one element. A dry run carries \"dry_run\":true, an answer repeated \
                         for its key \"replayed\":true.",
                    ),
                    text(
                        "Fields may be added to subdesk/1; one that is removed or renamed makes subdesk/2. \
                         Readers ignore fields that they do not know.",
                    ),
                ],
            ),
            (
                "BATCH LINES",
                vec![
                    text(
                        "`subdesk batch` reads one request on each line: {\"do\":\"order create\",\
                         \"with\":{...},\"key\",\"as_of\",\"for\",\"by\",\"reason\"}, where all but `do` \
                         and `with` may be absent. The journal keeps requests in the same spelling. A field \
                         that the request does not know is refused.",
                    ),
                    text(
                        "Each line has one answer, in the same order: the document, or \
                         {\"error\":{...}}, with the number of the line. With --atomic, a line that would \
                         have been done but for another one carries \"kept\":false.",
                    ),
                    Part::Text(format!(
                        "A line may ask for {}.",
                        crate::desk::batch::NAMES.join(", ")
                    )),
                ],
            ),
            (
                "VALUES",
                vec![
                    item(
                        "money",
                        "{\"currency\":\"USD\",\"minor\":15083,\"amount\":\"150.83\"}: minor units as a \
                         whole number, and the same as text; never a floating point number",
                    ),
                    item("days", "2026-04-01"),
                    item(
                        "moments",
                        "2026-04-01T09:30:00 in the seller's time zone; clock times of the journal are \
                         RFC 3339 with their offset",
                    ),
                ],
            ),
        ],
    }
}

fn dates() -> Topic {
    Topic {
        name: "dates",
        about: "which day it is, and what --as-of does",
        sections: vec![
            (
                "TWO TIMES",
                vec![text(
                    "Every write has two times. As-of is the moment that rules work with; --as-of sets it. \
                     Recorded-at is the wall clock, and nothing but the clock sets it. Both are in the \
                     journal. A look or a dry run may lie in the future; a change that is kept may not.",
                )],
            ),
            (
                "FORMS",
                vec![
                    item(
                        "2026-04-01",
                        "a day; it begins at midnight in the seller's time zone",
                    ),
                    item("2026-04-01T09:30", "a moment in the seller's time zone"),
                    item(
                        "2026-04-01T09:30:00+02:00",
                        "an instant anywhere; also with Z for UTC",
                    ),
                ],
            ),
            (
                "TERMS",
                vec![text(
                    "A term includes its first day and excludes its last. Months are counted from the day \
                     the term began, so a term from the 31st ends on the last day of a shorter month and \
                     goes back to the 31st where there is one. The seller's time zone comes from its \
                     catalog and stands in the database; the machine's zone plays no part.",
                )],
            ),
            (
                "BILL DAYS",
                vec![
                    text(
                        "The table [term] of a policy says what terms are counted from. An order is priced \
                         from the day on which it is placed; paid later, its term begins later and ends on \
                         the same bill day, and what is not paid before that day lapses.",
                    ),
                    item(
                        "anchor",
                        "start_day: each subscription keeps the day on which it began. fixed_day: everybody \
                         has the same. calendar: the first of the month, quarter, half-year or year that is \
                         sold, and a Monday for weeks",
                    ),
                    item(
                        "day, month, weekday",
                        "the fixed day of the month, 31 being the last of each; the month that quarters, \
                         half-years and years are counted from; the day on which weeks begin",
                    ),
                    item(
                        "stub",
                        "what the odd part before the first bill day costs: prorated, its share of the \
                         period that ends there, counted as [proration] says; full, a whole period; free",
                    ),
                    item(
                        "first",
                        "what the first order sells then: stub, or stub_and_period",
                    ),
                    item(
                        "join_below_days",
                        "a stub of fewer days is sold together with the period behind it",
                    ),
                ],
            ),
        ],
    }
}

fn environment() -> Topic {
    Topic {
        name: "environment",
        about: "variables and the configuration file",
        sections: vec![
            (
                "PRECEDENCE",
                vec![text(
                    "Options come before variables, variables before the configuration file, the file \
                     before defaults. `subdesk config show` prints every value and where it comes from.",
                )],
            ),
            ("VARIABLES", variables()),
            (
                "FILE",
                vec![text(
                    "config.toml may set db, catalog, lock_timeout, color, by and gateway, and what mail needs (mail_route, mail_from, mail_user, \
                     mail_password_file, mail_templates, mail_authority), each a text in quotes. It never \
                     chooses a command.",
                )],
            ),
        ],
    }
}

fn variables() -> Vec<Part> {
    vec![
        item("SUBDESK_DB", "the database file, like --db"),
        item(
            "SUBDESK_CATALOG",
            "the catalog of a new database, like --catalog",
        ),
        item(
            "SUBDESK_LOCK_TIMEOUT",
            "how long to wait for another writer, like --lock-timeout",
        ),
        item("SUBDESK_BY", "who runs the tool, where --by is not given"),
        item(
            "SUBDESK_MAIL_ROUTE",
            "how mail leaves: smtps://HOST, starttls://HOST or smtp://HOST, each with :PORT; \
                         sendmail; folder:DIR",
        ),
        item(
            "SUBDESK_MAIL_FROM",
            "the sender, if not the seller's email in the catalog",
        ),
        item("SUBDESK_MAIL_USER", "who logs in at the mail server"),
        item("SUBDESK_MAIL_PASSWORD", "the password for that"),
        item(
            "SUBDESK_MAIL_PASSWORD_FILE",
            "the file whose first line is the password, instead of the variable",
        ),
        item(
            "SUBDESK_MAIL_TEMPLATES",
            "a folder of templates such as receipt.en.txt, and of words for pages such as page.ar.toml, before the built-in ones",
        ),
        item(
            "SUBDESK_MAIL_AUTHORITY",
            "a PEM file of an authority to trust besides the public ones",
        ),
        item(
            "SUBDESK_GATEWAY",
            "who is asked for payments instead of each method's own: manual (a person who has seen the money) or scripted:FOLDER (answers written beforehand, to rehearse with)",
        ),
        item(
            "SUBDESK_AT_ONCE",
            "about how many payments renew run asks at once, like --at-once",
        ),
        item("NO_COLOR", "no colour, if set to anything"),
        item(
            "CLICOLOR_FORCE",
            "colour also in a pipe, if set to anything",
        ),
        item(
            "ACCESSIBLE",
            "plain numbered questions, no redrawing, no lines, if set to anything",
        ),
        item("COLUMNS", "the width of an answer"),
        item(
            "XDG_DATA_HOME",
            "where the database is by default, in subdesk/subdesk.db",
        ),
        item(
            "XDG_CONFIG_HOME",
            "where the configuration file is, in subdesk/config.toml",
        ),
        Part::Item(
            clock::VARIABLE.to_owned(),
            "for tests: an instant that stands in for the wall clock".to_owned(),
        ),
    ]
}
