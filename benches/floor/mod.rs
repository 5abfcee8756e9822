//! The floor: bare SQLite writing, statement for statement and to the byte, the rows that a run has written.
//!
//! The rows are read from the run's own file, outside the measured time; what is measured is what no run can
//! do without: find the due accounts and their terms, write, and commit twice for every chunk, because an
//! attempt is kept before anybody is asked.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;
use std::time::{Duration, Instant};

/// Accounts of one transaction, as in the product.
const CHUNK: usize = 2_000;
/// Tables in which a run leaves new rows, with the column that tells the account or order.
const TABLES: [&str; 9] = [
    "orders", "line", "payment", "invoice", "posting", "term", "slice", "message", "journal",
];

type Rows = Vec<Vec<Value>>;

/// Takes the mark from all accounts but every so-manieth group of neighbours.
pub fn not_due(file: &Path, every: i64, together: i64) {
    let conn = open(file);
    conn.execute(
        "UPDATE account SET due_on = '2099-01-01' WHERE ((id - 1) / ?2) % ?1 <> 0",
        [every, together],
    )
    .unwrap();
}

fn open(file: &Path) -> Connection {
    let conn = Connection::open(file).unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA cache_size = -32768;",
    )
    .unwrap();
    conn.set_prepared_statement_cache_capacity(64);
    conn
}

fn rows(conn: &Connection, sql: &str, at: (i64, i64)) -> Rows {
    let mut statement = conn.prepare_cached(sql).unwrap();
    let columns = statement.column_count();
    let read = statement.query_map([at.0, at.1], |row| {
        (0..columns).map(|column| row.get(column)).collect()
    });
    read.unwrap().map(Result::unwrap).collect()
}

/// What the product has written for some accounts.
struct Chunk {
    tables: Vec<Rows>,
    due: Rows,
}

fn chunk(conn: &Connection, (first, last): (i64, i64)) -> Chunk {
    let of = |table: &str| {
        let account = "account BETWEEN ?1 AND ?2";
        let orders = "orders IN (SELECT id FROM orders WHERE account BETWEEN ?1 AND ?2)";
        let which = match table {
            "line" | "slice" => orders,
            "term" => "account BETWEEN ?1 AND ?2 AND orders IS NOT NULL",
            _ => account,
        };
        // Slices have no key of their own; they follow their terms.
        let order = if table == "slice" { "term" } else { "id" };
        rows(
            conn,
            &format!("SELECT * FROM {table} WHERE {which} ORDER BY {order}"),
            (first, last),
        )
    };
    Chunk {
        tables: TABLES.iter().map(|table| of(table)).collect(),
        due: rows(
            conn,
            "SELECT id, due_on FROM account WHERE id IN \
             (SELECT account FROM orders WHERE account BETWEEN ?1 AND ?2) ORDER BY id",
            (first, last),
        ),
    }
}

/// What something took: by the clock, and of the processor, which a busy machine does not change.
#[derive(Clone, Copy, Default)]
pub struct Took {
    pub wall: Duration,
    pub processor: Duration,
}

/// Measures from here on.
pub struct Watch(Instant, Duration);

impl Watch {
    pub fn start() -> Watch {
        Watch(Instant::now(), processor())
    }

    pub fn stop(&self, took: &mut Took) {
        took.wall += self.0.elapsed();
        took.processor += processor() - self.1;
    }
}

/// What this process has had of the processor, threads that have ended too; nothing, where the system does
/// not tell. Of the first thread it is known exactly, of all of them by the hundredth of a second.
fn processor() -> Duration {
    let said = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = said.split_whitespace().next();
    let first = Duration::from_nanos(nanos.and_then(|nanos| nanos.parse().ok()).unwrap_or(0));
    let said = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = said.rsplit(')').next().unwrap_or_default();
    let times = behind_name.split_whitespace().skip(11).take(2);
    let hundredths: u64 = times.map(|time| time.parse().unwrap_or(0)).sum();
    first.max(Duration::from_millis(hundredths * 10))
}

/// Writes into one file what stands in the other; the time, and how many rows were inserted.
pub fn write(product: &Path, bare: &Path) -> (Took, usize) {
    let (from, mut to) = (open(product), open(bare));
    let mut took = Took::default();
    let mut count = 0;
    let mut after = 0;
    loop {
        let watch = Watch::start();
        let due = due(&to, after);
        watch.stop(&mut took);
        let (Some(first), Some(last)) = (due.first(), due.last()) else {
            return (took, count);
        };
        let chunk = chunk(&from, (*first, *last));
        after = *last;
        count += chunk.tables.iter().map(Vec::len).sum::<usize>();
        let watch = Watch::start();
        attempts(&mut to, &chunk);
        answers(&mut to, &chunk);
        watch.stop(&mut took);
    }
}

/// The next due accounts; their terms and methods are read, as they must be.
fn due(conn: &Connection, after: i64) -> Vec<i64> {
    let sql = "SELECT account.id, term.ends, slice.seats, slice.prices, method.reference FROM account \
               JOIN term ON term.account = account.id JOIN slice ON slice.term = term.id \
               JOIN method ON method.account = account.id AND method.removed_on IS NULL \
               WHERE account.due_on = '2026-07-15' AND account.id > ?1 AND ?2 = 0 \
               ORDER BY account.due_on, account.id LIMIT 2000";
    let found = rows(conn, sql, (after, 0));
    assert!(found.len() <= CHUNK);
    found
        .iter()
        .map(|row| match row.first() {
            Some(Value::Integer(id)) => *id,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn insert(conn: &Connection, table: &str, row: &[Value]) {
    let marks = vec!["?"; row.len()].join(", ");
    let sql = format!("INSERT INTO {table} VALUES ({marks})");
    let mut statement = conn.prepare_cached(&sql).unwrap();
    statement.execute(params_from_iter(row)).unwrap();
}

fn update<const COUNT: usize>(conn: &Connection, sql: &str, values: [&Value; COUNT]) {
    let mut statement = conn.prepare_cached(sql).unwrap();
    assert_eq!(statement.execute(params_from_iter(values)).unwrap(), 1);
}

/// The count of the year's documents, which the product keeps too.
fn count(conn: &Connection, invoice: &[Value]) {
    let sql = "INSERT INTO issued (kind, year, documents) VALUES (?1, substr(?2, 1, 4), 1) \
               ON CONFLICT (kind, year) DO UPDATE SET documents = documents + 1";
    let mut statement = conn.prepare_cached(sql).unwrap();
    statement.execute([&invoice[1], &invoice[7]]).unwrap();
}

/// The first transaction of a chunk: order, line, attempt, mark, journal.
fn attempts(conn: &mut Connection, chunk: &Chunk) {
    let tx = conn.transaction().unwrap();
    let text = |text: &str| Value::Text(text.to_owned());
    let [orders, lines, payments, _, _, _, _, _, journal] = chunk.tables.as_slice() else {
        panic!("nine tables");
    };
    for (at, order) in orders.iter().enumerate() {
        let mut first = order.clone();
        first[3] = text("processing");
        insert(&tx, "orders", &first);
        let mut line = lines[at].clone();
        line[10] = Value::Null;
        insert(&tx, "line", &line);
        let mut payment = payments[at].clone();
        (payment[3], payment[11], payment[12]) = (Value::Null, Value::Null, text("sent"));
        insert(&tx, "payment", &payment);
        insert(&tx, "journal", &journal[at]);
    }
    tx.commit().unwrap();
}

/// The second: the answer, invoice and postings, the term, the message, the mark, the journal.
fn answers(conn: &mut Connection, chunk: &Chunk) {
    let tx = conn.transaction().unwrap();
    let [
        orders,
        lines,
        payments,
        invoices,
        postings,
        terms,
        slices,
        messages,
        journal,
    ] = chunk.tables.as_slice()
    else {
        panic!("nine tables");
    };
    let per = postings.len() / orders.len();
    for (at, order) in orders.iter().enumerate() {
        let payment = &payments[at];
        insert(&tx, "invoice", &invoices[at]);
        count(&tx, &invoices[at]);
        for posting in &postings[at * per..(at + 1) * per] {
            insert(&tx, "posting", posting);
        }
        update(
            &tx,
            "UPDATE payment SET state = ?2, settled_at = ?3, invoice = ?4, reference = ?5 WHERE id = ?1",
            [
                &payment[0],
                &payment[12],
                &payment[11],
                &payment[3],
                &payment[7],
            ],
        );
        update(
            &tx,
            "UPDATE orders SET state = ?2, settled_at = ?3 WHERE id = ?1",
            [&order[0], &order[3], &order[5]],
        );
        insert(&tx, "term", &terms[at]);
        insert(&tx, "slice", &slices[at]);
        update(
            &tx,
            "UPDATE line SET term = ?2 WHERE id = ?1",
            [&lines[at][0], &lines[at][10]],
        );
        insert(&tx, "message", &messages[at]);
        update(
            &tx,
            "UPDATE account SET due_on = ?2 WHERE id = ?1 AND ?3 IS NOT NULL",
            [&chunk.due[at][0], &chunk.due[at][1], &chunk.due[at][0]],
        );
        insert(&tx, "journal", &journal[orders.len() + at]);
    }
    tx.commit().unwrap();
}

/// Both files hold the same rows.
pub fn same(one: &Path, other: &Path) {
    let conn = open(one);
    conn.execute("ATTACH ?1 AS other", [other.to_string_lossy()])
        .unwrap();
    for table in TABLES.iter().chain(&["account", "issued"]) {
        let sql = format!(
            "SELECT (SELECT count(*) FROM (SELECT * FROM main.{table} EXCEPT SELECT * FROM other.{table})) \
                  + abs((SELECT count(*) FROM main.{table}) - (SELECT count(*) FROM other.{table}))"
        );
        let differ: i64 = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(differ, 0, "rows of {table} differ");
    }
}
