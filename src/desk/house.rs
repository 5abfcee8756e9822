//! A desk in memory with a small seller, for tests: people buy, change, pay, and come back.

use super::order::Create;
use super::payment::Pay;
use super::renew::Run;
use super::{Decision, Desk, Effect, Failure, Gateways, Given, Outcome, Request, Starter, Terms};
use crate::billing::account::{Account, Facts, Member, Numbers};
use crate::billing::calendar::{Moment, Period, plus_days};
use crate::billing::change::Change;
use crate::billing::money::Currency;
use crate::billing::policy::Role;
use crate::billing::quote::Wish;
use crate::billing::refusal::{Code, Refusal};
use crate::store::{NewLine, Reader};
use crate::wire::Document;
use crate::wire::presets::Preset;
use crate::wire::renew::Tally;
use chrono::{DateTime, Utc};
use serde::Serialize;

const CATALOG: &str = r#"
id = "small"
effective_from = "2024-01-01"
seller = { name = "Small seller" }
region = [{ id = "world", countries = ["*"], currencies = ["USD"] }]
method = [{ id = "card", name = "Card", currencies = ["USD"], recurring = true, auto_renew = true }]

[[feature]]
id = "desk"
name = "Help desk"

[[add_on]]
id = "desk"
name = "Help desk"
gives = { kind = "feature", feature = "desk" }

[[add_on]]
id = "hours"
name = "Office hours"
periods = ["1m"]
gives = { kind = "feature", feature = "desk" }

[[plan]]
id = "basic"
name = "Basic"
rank = 1
periods = ["1m", "6m"]

[[plan]]
id = "pro"
name = "Pro"
rank = 2
periods = ["1m", "6m"]

[[price]]
plan = "basic"
currency = "USD"
amounts = { 1m = "30.00", 6m = "25.50" }

[[price]]
add_on = "desk"
currency = "USD"
amounts = { 1m = "7.00", 6m = "40.00" }

[[price]]
add_on = "hours"
currency = "USD"
amounts = { 1m = "11.00" }

[[price]]
plan = "pro"
currency = "USD"
amounts = { 1m = "60.00", 6m = "49.99" }
"#;

/// A desk with one account, `acme`, and a day that moves.
pub(super) struct House {
    pub desk: Desk,
    pub gateways: Gateways,
    pub at: Moment,
}

/// An account as a fact, whatever the rules of creating one say.
#[derive(Serialize)]
struct Found(&'static str);

impl Request for Found {
    const NAME: &'static str = "account create";
    type Facts = Numbers;
    type Answer = ();

    fn facts(&self, read: Reader<'_>, _: &Terms) -> Result<Numbers, Failure> {
        Ok(read.numbers()?)
    }

    fn decide(&self, next: &Numbers, terms: &Terms) -> Result<Decision<()>, Refusal> {
        let account = Account {
            id: next.account,
            name: self.0.to_owned(),
            title: "Acme Ltd".to_owned(),
            country: "US".to_owned(),
            region: "world".to_owned(),
            currency: Currency::USD,
            created_on: terms.on(),
            closed_on: None,
            billing: Default::default(),
        };
        let owner = Member {
            id: next.member,
            email: format!("ana@{}.test", self.0),
            role: Role::Owner,
            granted: false,
            seat: None,
            disabled_on: None,
        };
        let add = Change::AddMember {
            account: account.id,
            member: owner,
            on: account.created_on,
        };
        Ok(Decision::of(
            vec![Change::AddAccount(Box::new(account)), add],
            (),
        ))
    }

    fn document(&self, _: Reader<'_>, _: &Terms, (): ()) -> Result<Document, Failure> {
        Ok(Document::Accounts(Vec::new()))
    }

    fn account(&self, _: &Numbers) -> Option<i64> {
        None
    }
}

impl House {
    /// A desk whose policy is the built-in one with these keys.
    pub fn with(policy: &str) -> House {
        House::selling("", policy)
    }

    /// The same with more in its catalog.
    pub fn selling(more: &str, policy: &str) -> House {
        let policy = format!("id = \"small\"\neffective_from = \"2024-01-01\"\n{policy}");
        let preset = Preset {
            name: "small",
            catalog: format!("{CATALOG}{more}").leak(),
            policy: policy.leak(),
        };
        let at: Moment = "2024-03-01T10:00:00".parse().unwrap();
        let mut desk = Desk::in_memory().unwrap();
        let starter = Starter {
            by: "test".to_owned(),
            recorded_at: DateTime::<Utc>::UNIX_EPOCH,
            now: at,
        };
        desk.start(&preset, &starter).unwrap();
        let mut house = House {
            desk,
            gateways: Gateways::from_setting(None).unwrap(),
            at,
        };
        house.open("acme");
        house
    }

    /// Opens another account.
    pub fn open(&mut self, name: &'static str) {
        self.perform(&Found(name)).unwrap();
    }

    /// Everything is done by support, with a reason.
    pub fn terms(&self) -> Terms {
        Terms {
            at: self.at,
            given: Given::ByHand,
            now: self.at,
            recorded_at: DateTime::<Utc>::UNIX_EPOCH,
            by: "test".to_owned(),
            on_behalf: None,
            reason: Some("a test".to_owned()),
            key: None,
            effect: Effect::Kept,
        }
    }

    /// Days pass.
    pub fn later(&mut self, days: i64) {
        self.at = plus_days(self.at.date(), days).and_time(self.at.time());
    }

    pub fn perform<R: Request>(&mut self, request: &R) -> Result<Outcome, Failure> {
        let terms = self.terms();
        let outcome = self.desk.perform(&terms, request);
        self.sound();
        outcome
    }

    /// Places an order.
    pub fn order(&mut self, account: &str, wish: Wish) -> Result<String, Failure> {
        let outcome = self.perform(&Create {
            account: account.to_owned(),
            wish,
        })?;
        match outcome.document {
            Document::Order(order) => Ok(order.number),
            _ => Ok(String::new()),
        }
    }

    /// Pays an order with money that somebody has seen.
    pub fn pay(&mut self, order: &str) -> Result<Outcome, Failure> {
        let pay = Pay {
            order: order.to_owned(),
            reference: Some(format!("seen for {order}")),
            ..Pay::default()
        };
        let terms = self.terms();
        let outcome = self.desk.pay(&terms, &pay, &self.gateways);
        self.sound();
        outcome
    }

    /// Buys and pays.
    pub fn buy(&mut self, plan: &str, months: u32, seats: u32) -> String {
        let order = self.order("acme", wish(plan, months, seats)).unwrap();
        self.pay(&order).unwrap();
        order
    }

    /// What time brings.
    pub fn run(&mut self) -> Result<Tally, Failure> {
        let run = Run {
            account: None,
            limit: None,
            at_once: 1,
        };
        let terms = self.terms();
        self.desk.renew(&terms, &run, &self.gateways, &mut |_| {})
    }

    /// The facts of an account.
    pub fn facts(&mut self, name: &str) -> Facts {
        let on = self.at.date();
        let look = self.desk.look().unwrap();
        let account = look.read().account_named(name).unwrap().unwrap();
        look.read().facts(account, on).unwrap()
    }

    /// Nothing in the books is off.
    pub fn sound(&mut self) {
        let look = self.desk.look().unwrap();
        let found = super::books::verify(look.read()).unwrap();
        assert!(found.is_empty(), "{found:#?}");
        let found = super::renew::passed_by(look.read(), 9).unwrap();
        assert!(found.is_empty(), "{found:#?}");
        drop(look);
        self.shown_alike();
    }

    /// What is read to show an account is enough: with everything that is known of it, it looks the same.
    fn shown_alike(&mut self) {
        let terms = self.terms();
        let look = self.desk.look().unwrap();
        let drawn = |seen: &super::load::Seen| {
            let overview = super::overview::overview(look.read(), &terms, seen).unwrap();
            serde_json::to_string(&overview).unwrap()
        };
        let shown = super::load::shown(look.read(), "acme", &terms).unwrap();
        let seen = super::load::seen(look.read(), "acme", &terms).unwrap();
        assert_eq!(drawn(&shown), drawn(&seen));
    }
}

/// Puts something into a store without a command, with the line of the journal that it needs.
pub(super) fn plant(desk: &mut Desk, changes: &[Change]) {
    let mut tx = desk.store.begin().unwrap();
    let line = tx.read().next_journal().unwrap();
    tx.apply(line, changes).unwrap();
    tx.write_journal(&NewLine::bare(line, Utc::now(), "plant", "test"))
        .unwrap();
    tx.commit().unwrap();
}

/// Plan, months and seats.
pub(super) fn wish(plan: &str, months: u32, seats: u32) -> Wish {
    Wish {
        plan: Some(plan.to_owned()),
        period: Some(Period::Months(months)),
        seats: Some([("full".to_owned(), seats)].into()),
        method: Some("card".to_owned()),
        ..Wish::default()
    }
}

/// Another plan, and nothing else.
pub(super) fn to(plan: &str) -> Wish {
    Wish {
        plan: Some(plan.to_owned()),
        ..Wish::default()
    }
}

/// Another number of seats, and nothing else.
pub(super) fn seats(count: u32) -> Wish {
    Wish {
        seats: Some([("full".to_owned(), count)].into()),
        ..Wish::default()
    }
}

/// The name of a refusal.
pub(super) fn code(failure: Failure) -> Code {
    match failure {
        Failure::Refused(refusal) => refusal.code,
        other => panic!("{other}"),
    }
}
