//! Stores of many accounts whose terms end together, made without the commands that would take minutes.

use std::path::Path;
use std::time::Duration;
use subdesk::billing::account::{Account, BillingDetails, Member, SavedMethod, Switch, Switched};
use subdesk::billing::calendar::{Day, Moment, Period, Span, midnight, plus_days};
use subdesk::billing::change::Change;
use subdesk::billing::money::Currency;
use subdesk::billing::policy::Role;
use subdesk::billing::term::{Slice, SoldPrice, Term};
use subdesk::desk::{Desk, Starter};
use subdesk::store::{NewLine, Patience, Place, Purpose, Store};
use subdesk::wire::presets::preset;

/// A seller's store with accounts on a plan of a month, paid until a day; their first due day is marked.
pub struct Seed<'a> {
    pub seller: &'a str,
    pub plan: &'a str,
    pub seats: u32,
    pub price: i64,
    pub accounts: i64,
    pub paid_until: Day,
    pub due_on: Day,
}

/// Writes the store.
pub fn plant(file: &Path, seed: &Seed<'_>) {
    let at: Moment = midnight(plus_days(seed.paid_until, -40));
    let patience = || Patience::silent(Duration::from_secs(5));
    let mut desk = Desk::open(file, Purpose::Create, patience()).unwrap();
    let starter = Starter {
        by: "seed".to_owned(),
        recorded_at: at.and_utc(),
        now: at,
    };
    desk.start(preset(seed.seller).unwrap(), &starter).unwrap();
    drop(desk);
    put(
        file,
        at,
        (1..=seed.accounts).map(|id| account(seed, id, at)),
    );
}

/// Puts things into a store without commands; each with its line of the journal.
pub fn put(file: &Path, at: Moment, things: impl Iterator<Item = Vec<Change>>) {
    let place = Place::File(file.to_owned());
    let patience = Patience::silent(Duration::from_secs(5));
    let mut store = Store::open(place, Purpose::Write, patience).unwrap();
    let mut tx = store.begin().unwrap();
    let mut chain = tx.read().chain().unwrap();
    for changes in things {
        let line = NewLine::bare(chain.next(), at.and_utc(), "plant", "seed");
        tx.apply(line.id, &changes).unwrap();
        tx.write_behind(&mut chain, &line).unwrap();
    }
    tx.commit().unwrap();
}

fn account(seed: &Seed<'_>, id: i64, at: Moment) -> Vec<Change> {
    let month = Period::Months(1);
    let start = month.before(seed.paid_until, chrono::Datelike::day(&seed.paid_until));
    let price = SoldPrice {
        amount: seed.price.into(),
        list: "seed".to_owned(),
    };
    let slice = Slice {
        from: start,
        plan: seed.plan.to_owned(),
        seats: [("full".to_owned(), seed.seats)].into(),
        prices: [("full".to_owned(), price)].into(),
        catalog: 1,
        order: None,
    };
    let name = format!("account-{id:07}");
    vec![
        Change::AddAccount(Box::new(Account {
            id,
            title: format!("Account {id} Ltd"),
            country: "US".to_owned(),
            region: "world".to_owned(),
            currency: Currency::USD,
            created_on: start,
            closed_on: None,
            billing: BillingDetails {
                address: vec!["1 Main Street".to_owned()],
                ..BillingDetails::default()
            },
            name: name.clone(),
        })),
        Change::AddMember {
            account: id,
            member: Member {
                id,
                email: format!("owner@{name}.test"),
                role: Role::Owner,
                granted: false,
                seat: None,
                disabled_on: None,
            },
            on: start,
        },
        Change::SetMethod {
            account: id,
            method: Some(SavedMethod {
                method: "card".to_owned(),
                reference: format!("token-{id}"),
                saved_on: start,
            }),
            on: start,
        },
        Change::Switch {
            account: id,
            switched: Switched {
                switch: Switch::AutoRenew,
                on: true,
                at,
            },
        },
        Change::AddTerm {
            account: id,
            term: Term {
                id,
                span: Span::new(start, seed.paid_until),
                period: month,
                anchor_day: chrono::Datelike::day(&seed.paid_until),
                stub: None,
                bonus_days: 0,
                paid: true,
                order: None,
                slices: vec![slice],
            },
        },
        Change::SetDue {
            account: id,
            on: Some(seed.due_on),
        },
    ]
}
