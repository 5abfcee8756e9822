//! Whichever thread decides, the file is the same to the byte, and the same is said.

use super::beside::Way;
use super::shop::{Shop, WORLD, script, terms};
use super::{Heard, Run};
use crate::desk::{Desk, Gateways, Patience, Purpose};
use crate::store::NewLine;
use std::path::Path;
use std::time::Duration;

const ACCOUNTS: i64 = 24;

/// Paid until April: most will be renewed, some are declined, of two nobody knows, and two cannot be written,
/// because somebody has taken their keys in the journal.
fn planted(file: &Path) {
    let mut shop = Shop::over(open(file), "kumospace");
    for id in 1..=ACCOUNTS {
        let name = format!("space-{id}");
        shop.account(id, &name, WORLD);
        shop.buy("2026-03-01T10:00:00", &name, ("business", "1m", 4, "card"));
    }
    let mut tx = shop.desk.store.begin().unwrap();
    let mut chain = tx.read().chain().unwrap();
    for key in ["renew/9/2026-04-01", "answer/order/O-000040/1"] {
        let at = terms("2026-03-02T00:00:00").recorded_at;
        let taken = NewLine {
            key: Some(key),
            ..NewLine::bare(chain.next(), at, "take", "test")
        };
        tx.write_behind(&mut chain, &taken).unwrap();
    }
    tx.commit().unwrap();
}

fn open(file: &Path) -> Desk {
    let patience = Patience::silent(Duration::from_secs(5));
    Desk::open(file, Purpose::Create, patience).unwrap()
}

fn gateways(folder: &Path) -> Gateways {
    let of = |ids: &[i64], answer: &str| {
        let line = |id| format!("{{{answer},\"account\":\"space-{id}\"}}\n");
        ids.iter().map(line).collect::<String>()
    };
    let declined = of(&[3, 17, 21], "\"answer\":\"declined\",\"always\":true");
    let unknown = of(&[2, 11], "\"answer\":\"unknown\",\"moved\":true");
    script(folder, &format!("{declined}{unknown}"));
    let setting = format!("scripted:{}", folder.display());
    Gateways::from_setting(Some(&setting)).unwrap()
}

/// Runs on some days; what is said, and the file afterwards.
fn file_after(way: Way, planted: &Path) -> (Vec<String>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    std::fs::copy(planted, &file).unwrap();
    let (mut desk, gateways) = (open(&file), gateways(folder.path()));
    let mut said = Vec::new();
    let run = Run {
        account: None,
        limit: None,
        at_once: 1,
    };
    for day in ["2026-04-01", "2026-04-02", "2026-04-05", "2026-05-01"] {
        let terms = terms(&format!("{day}T03:00:00"));
        let with = (&terms, &run, &gateways);
        let tally = desk.renew_by(Some(way), with, &mut |heard| {
            said.push(match heard {
                Heard::Did(name, steps) => format!("{name}: {steps:?}"),
                Heard::Refused(name, refusal) => format!("{name}: {refusal}"),
                Heard::Failed(name, text) => {
                    format!("{name}: {}", text.replace(&*file.to_string_lossy(), ""))
                }
                Heard::Unsettled(name, text) => format!("{name}: {text}"),
                Heard::Began(count) | Heard::Reached(count) => count.to_string(),
            });
        });
        said.push(format!("{:?}", tally.unwrap()));
    }
    drop(desk);
    (said, std::fs::read(&file).unwrap())
}

#[test]
fn the_file_is_the_same_whichever_thread_decides() {
    let folder = tempfile::tempdir().unwrap();
    let start = folder.path().join("a.db");
    planted(&start);
    let (said, file) = file_after(Way::Here, &start);
    let (said_beside, file_beside) = file_after(Way::Beside, &start);
    let both = said.iter().zip(&said_beside);
    let differ: Vec<_> = both.filter(|(one, other)| one != other).collect();
    assert!(
        differ.is_empty() && said.len() == said_beside.len(),
        "{differ:#?}"
    );
    assert!(file == file_beside, "the files differ");
    let about = |words: &str| said.iter().filter(|line| line.contains(words)).count();
    assert!(about("is paid") > 30 && about("declined") > 3, "{said:#?}");
    assert!(about("row was there already") > 1, "{said:#?}");
    // They were asked about again on the second day, although the transaction was begun twice.
    let settled = |line: &&String| line.contains("paid\", on: 2026-04-02");
    assert_eq!(said.iter().filter(settled).count(), 2, "{said:#?}");
}

#[test]
fn few_accounts_are_not_worth_a_thread() {
    assert_eq!(Way::of(1), Way::Here);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let many = if cores > 1 { Way::Beside } else { Way::Here };
    assert_eq!(Way::of(2_000), many);
}
