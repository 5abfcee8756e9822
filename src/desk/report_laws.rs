//! What a report said at the end of a month stays, whatever is done later, and it is what the books say. What an
//! issued document says stays too: only where it stands and what was paid of it is told anew.

use super::accounting::Books;
use super::export::Which;
use super::house::House;
use super::law_policies::policy;
use super::laws::{Step, step, take};
use super::recurring::{Churn, Recurring};
use super::report::{Months, Pending, Receivable, Revenue};
use super::transfer::Transfer;
use super::{Failure, Question, Terms};
use crate::billing::calendar::Day;
use crate::billing::invoice::InvoiceState;
use crate::billing::ledger::Book;
use crate::billing::money::{Currency, Money};
use crate::billing::report::month;
use crate::billing::report::release::Pace;
use crate::wire::Document;
use crate::wire::amount::Amount;
use crate::wire::invoice::Invoice;
use crate::wire::ledger::Entry;
use crate::wire::paper::{Setting, sheet, text};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The house opens on this day.
const FIRST: &str = "2024-03-01";

fn terms(house: &House, on: Day) -> Terms {
    Terms {
        at: on.and_time(house.at.time()),
        ..house.terms()
    }
}

fn answered(house: &mut House, on: Day, question: &impl Question) -> Document {
    let terms = terms(house, on);
    house.desk.ask(&terms, question).unwrap()
}

/// What every report says at the end of a day.
fn told(house: &mut House, on: Day) -> Vec<String> {
    let months = Months {
        since: Some(FIRST.parse().unwrap()),
        until: None,
    };
    [
        answered(house, on, &Revenue(months)),
        answered(house, on, &Recurring(months)),
        answered(house, on, &Churn(months)),
        answered(house, on, &Receivable),
        answered(house, on, &Pending),
    ]
    .map(|document| serde_json::to_string(&document).unwrap())
    .into()
}

/// Every entry of the books up to and with a day.
fn entries(house: &mut House, on: Day, pace: Pace) -> Vec<Entry> {
    let books = Books {
        since: None,
        until: None,
        release: Some(pace),
    };
    let (terms, mut entries) = (terms(house, on), Vec::new());
    let taken: Result<(), Failure> = house.desk.books(&terms, &books, &mut |entry| {
        entries.push(entry);
        Ok(())
    });
    taken.unwrap();
    entries
}

/// Credit side of a book on a day, in minor units.
fn held(entries: &[Entry], book: Book) -> i64 {
    let sides = entries.iter().flat_map(|entry| &entry.postings);
    let of_book = sides.filter(|side| side.book == book);
    -of_book.map(|side| side.amount.minor).sum::<i64>()
}

/// The figures of the report at the end of a day are those of the books, at either pace.
fn agrees(house: &mut House, on: Day) {
    let months = Months {
        since: Some(FIRST.parse().unwrap()),
        until: None,
    };
    let Document::Revenue(report) = answered(house, on, &Revenue(months)) else {
        panic!("no report of revenue");
    };
    let name = month::name(month::of(on));
    let last = report.months.iter().find(|row| row.month == name);
    let deferred = last.map_or(0, |row| row.deferred.minor);
    let earned: i64 = report.months.iter().map(|row| row.earned.minor).sum();
    let Document::Receivable(owed) = answered(house, on, &Receivable) else {
        panic!("no report of receivables");
    };
    let owed: i64 = owed.debts.iter().map(|debt| debt.open.minor).sum();
    let over = on == month::last_day(month::of(on));
    // Within a month, what is booked by the month is not booked yet.
    let paces = [Pace::Day, Pace::Month].into_iter();
    for pace in paces.filter(|pace| *pace == Pace::Day || over) {
        let entries = entries(house, on, pace);
        assert_eq!(deferred, held(&entries, Book::Deferred), "{on} {pace:?}");
        assert_eq!(earned, held(&entries, Book::Revenue), "{on} {pace:?}");
        assert_eq!(owed, -held(&entries, Book::Receivable), "{on} {pace:?}");
    }
}

/// One of the steps that a customer takes, or the subscription goes from one account to the other, or back.
#[derive(Debug, Clone)]
enum Turn {
    Step(Step),
    Hand(bool),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        8 => step().prop_map(Turn::Step),
        1 => any::<bool>().prop_map(Turn::Hand),
    ]
}

fn take_turn(house: &mut House, turn: &Turn) {
    let hand = |from: &str, to: &str| Transfer {
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let asked = match turn {
        Turn::Step(step) => return take(house, step),
        Turn::Hand(true) => hand("acme", "other"),
        Turn::Hand(false) => hand("other", "acme"),
    };
    match house.perform(&asked) {
        Ok(_) | Err(Failure::Refused(_)) => {}
        Err(other) => panic!("{other}"),
    }
}

/// In every month the movements lead from the start to the end, and the next month starts there.
fn moves_add_up(house: &mut House, on: Day) {
    let months = Months {
        since: Some(FIRST.parse().unwrap()),
        until: None,
    };
    let Document::Recurring(moves) = answered(house, on, &Recurring(months)) else {
        panic!("no report of what recurs");
    };
    let Document::Churn(churn) = answered(house, on, &Churn(months)) else {
        panic!("no report of what left");
    };
    let (mut paid, mut customers) = (0, 0);
    for (month, left) in moves.months.iter().zip(&churn.months) {
        let up = [&month.new, &month.reactivation, &month.expansion];
        let down = [&month.contraction, &month.churn];
        assert!(up.iter().all(|part| part.minor >= 0), "{month:?}");
        assert!(down.iter().all(|part| part.minor <= 0), "{month:?}");
        let moved: i64 = up.iter().chain(&down).map(|part| part.minor).sum();
        assert_eq!(
            month.opening.minor + moved,
            month.closing.minor,
            "{month:?}"
        );
        assert_eq!(month.opening.minor, paid, "{month:?}");
        assert_eq!(left.customers, customers, "{left:?}");
        let gone: i64 = down.iter().map(|part| part.minor).sum();
        assert_eq!(left.revenue_lost.minor, -gone, "{left:?}");
        (paid, customers) = (month.closing.minor, month.customers);
    }
    assert_eq!(moves.months.len(), churn.months.len());
}

/// The ends of months from one day to before another.
fn ends(since: Day, until: Day) -> Vec<Day> {
    let months = month::between(since, until);
    let ends = months.into_iter().map(month::last_day);
    ends.filter(|end| *end < until).collect()
}

/// What every document says for good: all but where it stands, what settled it, and who is to be asked.
fn papers(house: &mut House) -> BTreeMap<String, String> {
    let (terms, mut said) = (house.terms(), BTreeMap::new());
    let all = Which::All {
        account: None,
        since: None,
        until: None,
    };
    let taken: Result<(), Failure> = house.desk.export(&terms, &all, &mut |leaf| {
        let zero = Amount::from(Money::zero(Currency::USD));
        let setting = Setting {
            on: leaf.invoice.issued_on,
            methods: &leaf.methods,
            names: &leaf.names,
            own_words: None,
            logo: None,
        };
        let issued = Invoice {
            state: InvoiceState::Open,
            settled_on: None,
            from_balance: zero.clone(),
            paid: zero.clone(),
            credited: zero.clone(),
            open: leaf.invoice.total.clone(),
            payments: Vec::new(),
            given_back: None,
            ..leaf.invoice
        };
        let json = serde_json::to_string(&issued).unwrap();
        let page = text(&sheet(&issued, &setting));
        said.insert(issued.number, format!("{json}\n{page}"));
        Ok(())
    });
    taken.unwrap();
    said
}

/// Nothing that was said on paper is said otherwise.
fn stay(issued: &mut BTreeMap<String, String>, now: BTreeMap<String, String>) {
    for (number, before) in issued.iter() {
        assert_eq!(Some(before), now.get(number), "{number}");
    }
    *issued = now;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_was_said_of_a_month_that_is_over_stays_and_is_what_the_books_say(
        policy in policy(),
        turns in prop::collection::vec(turn(), 1..30),
    ) {
        let mut house = House::with(&format!("{policy}[account]\ntransfer = \"support\"\n"));
        house.open("other");
        let mut said: Vec<(Day, Vec<String>)> = Vec::new();
        let mut since: Day = FIRST.parse().unwrap();
        let mut issued = BTreeMap::new();
        for turn in &turns {
            take_turn(&mut house, turn);
            stay(&mut issued, papers(&mut house));
            let today = house.at.date();
            for end in ends(since, today) {
                let told = told(&mut house, end);
                said.push((end, told));
            }
            since = month::of(today).start;
        }
        let today = house.at.date();
        agrees(&mut house, today);
        moves_add_up(&mut house, today);
        for (end, before) in said {
            agrees(&mut house, end);
            let after = told(&mut house, end);
            for (before, after) in before.iter().zip(&after) {
                prop_assert_eq!(before, after, "{}", end);
            }
        }
    }
}
