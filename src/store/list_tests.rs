//! What a list costs: the rows that it shows, and not those that there are.

use super::*;
use crate::billing::message::MessageState;
use crate::store::{JournalFilter, MessageFilter, migrate};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Of everything so many rows, each of an account of its own, and settled but for the oldest.
const ROWS: u64 = 3_000;

const FILLED: &str = "
    CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      SELECT i, i = 1 AS first FROM n;
    INSERT INTO account SELECT i, 'a' || i, 'A', 'US', 'world', 'USD', '2026-01-01', NULL, '{}', NULL FROM n;
    INSERT INTO trial SELECT i, date('2026-01-01', '-' || i || ' days'), iif(first, '2026-07-15', '2026-01-01'), 'pro',
      NULL, 0 FROM n;
    INSERT INTO orders SELECT i, i, 'purchase', iif(first, 'pending', 'paid'), '2026-01-01T09:00:00', NULL, 'card', 1,
      '[]', 'USD', 0, 0, 0, 0, NULL, 'none', NULL, NULL FROM n;
    INSERT INTO invoice SELECT i, 'invoice', 'I-' || i, i, i, i, NULL, '2026-01-01', '2026-01-01', 'USD', 0, 0, 0, 0, 0,
      0, iif(first, 'open', 'paid'), NULL FROM n;
    INSERT INTO payment SELECT i, i, i, i, 'charge', 'card', 'k' || i, NULL, 'USD', 0, '2026-01-01T09:00:00', NULL,
      iif(first, 'sent', iif(i = 2, 'declined', 'paid')), NULL, 1 FROM n;
    INSERT INTO cases SELECT i, i, 'support', 'help', NULL, '{}', NULL, '2026-01-01T09:00:00',
      iif(first, NULL, '2026-01-02T09:00:00'), NULL FROM n;
    INSERT INTO message (id, account, kind, about, goes_to, at, begun_at, sent_at, failed_at)
      SELECT i, i, 'receipt', 'I-' || i, '[]', '2026-01-01T09:00:00', iif(i = 2, '2026-01-01T09:00:00', NULL),
        iif(i > 3, '2026-01-01T09:00:00', NULL), iif(i = 3, '2026-01-01T09:00:00', NULL) FROM n;
    INSERT INTO journal SELECT i, '2026-01-01T09:00:00Z', '2026-01-01T09:00:00', i, 'order create', 'ada', NULL, NULL,
      NULL, x'', '{}', '{}', '' FROM n;
";

/// Asks, and says how many rows came and how many steps SQLite took for them.
fn cost<T>(ask: impl FnOnce(Reader<'_>) -> Kept<Vec<T>>) -> (usize, u64) {
    let steps = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&steps);
    let mut conn = Connection::open_in_memory().unwrap();
    migrate::start(&mut conn, Path::new("a.db")).unwrap();
    conn.execute_batch(FILLED).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .unwrap();
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    conn.progress_handler(1, Some(count)).unwrap();
    let rows = ask(Reader::of(&conn, Path::new("a.db"))).unwrap();
    (rows.len(), steps.load(Ordering::Relaxed))
}

#[test]
fn a_list_of_one_account_or_of_what_is_not_settled_passes_no_others_by() {
    let of = |state: Option<&str>| Filter {
        account: state.is_none().then_some(7),
        state: state.map(str::to_owned),
        at_most: 10,
        ..Filter::default()
    };
    let post = |state: Option<MessageState>| MessageFilter {
        account: state.is_none().then_some(7),
        state,
        at_most: 10,
        ..MessageFilter::default()
    };
    let line = JournalFilter {
        account: Some(7),
        at_most: 10,
        ..JournalFilter::default()
    };
    let on = "2026-07-01".parse().unwrap();
    let newest = Filter {
        at_most: 1,
        ..Filter::default()
    };
    let lists = [
        cost(|read| read.orders(&of(None))),
        cost(|read| read.orders(&of(Some("pending")))),
        cost(|read| read.invoices(&of(None))),
        cost(|read| read.invoices(&of(Some("open")))),
        cost(|read| read.payments(&of(None))),
        cost(|read| read.payments(&of(Some("sent")))),
        cost(|read| read.cases(&of(None), None)),
        cost(|read| read.cases(&of(Some("open")), None)),
        cost(|read| read.messages(&post(None))),
        cost(|read| read.messages(&post(Some(MessageState::Waiting)))),
        cost(|read| read.messages(&post(Some(MessageState::Sending)))),
        cost(|read| read.messages(&post(Some(MessageState::Failed)))),
        cost(|read| read.journal_lines(&line)),
        cost(|read| read.payments(&of(Some("declined")))),
        cost(|read| read.trials_of_all(&of(None), on)),
        cost(|read| read.trials_of_all(&of(Some("running")), on)),
        cost(|read| read.trials_of_all(&newest, on)),
    ];
    for (at, (rows, steps)) in lists.into_iter().enumerate() {
        assert_eq!(rows, 1, "list {at}");
        assert!(steps < ROWS / 10, "list {at} took {steps} steps");
    }
}
