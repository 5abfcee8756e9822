//! Facts, a small catalog and a small policy for tests of rules: one account on a paid plan.

use super::account::{Account, Facts, Member, Numbers};
use super::calendar::{Day, Period, Span, midnight};
use super::catalog::Catalog;
use super::money::{Currency, Money};
use super::order::{Order, OrderState};
use super::policy::{OrderKind, Policy, Role};
use super::scene::Scene;
use super::term::{Slice, Term};
use std::collections::BTreeMap;

/// Two plans with a free one below, one limit of each scope, a pooled credit and one for each member.
const CATALOG: &str = r#"
id = "acme-seller"
effective_from = "2026-01-01"
seller = { name = "Seller" }
region = [{ id = "world", countries = ["*"], currencies = ["USD"] }]
method = [{ id = "card", name = "Card", currencies = ["USD"], recurring = true, auto_renew = true }]
feature = [{ id = "chat", name = "Chat" }, { id = "bots", name = "Bots" }, { id = "sso", name = "Single sign-on" }]
limit = [
  { id = "leads", name = "Leads", scope = "seat", at_limit = { mode = "grace", hours = 24, blocks = ["bots"] } },
  { id = "rooms", name = "Rooms", scope = "workspace", keeps_use_before = "2026-03-01" },
  { id = "hours", name = "Guest hours", scope = "user", reset = "week" },
]
credit = [
  { id = "ai", name = "AI credits", reset = "month" },
  { id = "phone", name = "Phone credits", reset = "month", pooled = false },
]

[[plan]]
id = "free"
name = "Free"
rank = 0
sale = "free"
seats = { max = 2 }
features = ["chat"]
limits = { leads = 10, rooms = 1, hours = 1 }

[[plan]]
id = "basic"
name = "Basic"
rank = 1
periods = ["1m", "6m"]
features = ["chat"]
limits = { leads = 100, rooms = 1, hours = 4 }
seat_adds = { rooms = 1 }
credits = { ai = { amount = 50, per = "seat" }, phone = { amount = 5, per = "seat" } }
keeps = [{ bought_before = "2026-02-01", features = ["bots"], limits = { rooms = 10 } }]

[[plan]]
id = "pro"
name = "Pro"
rank = 2
periods = ["1m", "6m"]
features = ["chat", "bots"]
limits = { leads = 1000, rooms = "unlimited", hours = "custom" }
credits = { ai = { amount = 200, per = "workspace" } }

[[add_on]]
id = "ai-500"
name = "500 AI credits"
gives = { kind = "credits", credit = "ai", amount = 500 }

[[price]]
plan = "basic"
currency = "USD"
amounts = { 1m = 12, 6m = 10 }

[[price]]
plan = "pro"
currency = "USD"
amounts = { 1m = 30, 6m = 25 }
"#;

const POLICY: &str = r#"
id = "acme-seller"
effective_from = "2026-01-01"
[trial]
days = 14
plan = "pro"
limits = { rooms = 3 }
credits = { ai = 100 }
"#;

/// The small catalog.
pub fn catalog() -> Catalog {
    toml::from_str(CATALOG).unwrap()
}

/// The small policy.
pub fn policy() -> Policy {
    toml::from_str(POLICY).unwrap()
}

/// What a rule looks at on 1 May 2026, where support asks and gives no reason.
pub fn scene<'a>(facts: &'a Facts, catalog: &'a Catalog, policy: &'a Policy) -> Scene<'a> {
    Scene {
        facts,
        catalog,
        catalog_id: 1,
        policy,
        at: midnight(day("2026-05-01")),
        member: None,
        reason: None,
    }
}

/// A day from its text.
pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// An active member without a seat.
pub fn member(id: i64, email: &str) -> Member {
    Member {
        id,
        email: email.to_owned(),
        role: Role::Member,
        granted: false,
        seat: None,
        disabled_on: None,
    }
}

/// A paid term of some months with one slice.
pub fn term(id: i64, start: &str, months: u32, plan: &str, seats: u32) -> Term {
    let start = day(start);
    let anchor_day = chrono::Datelike::day(&start);
    let end = Period::Months(months).after(start, 1, anchor_day);
    Term {
        id,
        span: Span::new(start, end),
        period: Period::Months(months),
        anchor_day,
        stub: None,
        bonus_days: 0,
        paid: true,
        order: None,
        slices: vec![Slice {
            from: start,
            plan: plan.to_owned(),
            seats: [("full".to_owned(), seats)].into(),
            prices: BTreeMap::new(),
            catalog: 1,
            order: None,
        }],
    }
}

/// A pending order over nothing.
pub fn order(id: i64, kind: OrderKind) -> Order {
    let facts = facts();
    let zero = Money::zero(facts.account.currency);
    Order {
        id,
        account: facts.account.id,
        kind,
        state: OrderState::Pending,
        placed_at: midnight(day("2026-05-01")),
        settled_at: None,
        method: None,
        instalments: 1,
        parts: Vec::new(),
        lines: Vec::new(),
        currency: facts.account.currency,
        net: zero,
        tax: zero,
        total: zero,
        from_balance: zero,
        lapses_on: None,
        basis: String::new(),
        renews: None,
        reason: None,
    }
}

/// `acme`, owned by ana, on Basic with two seats from 15 April to 15 October 2026.
pub fn facts() -> Facts {
    let account = Account {
        id: 1,
        name: "acme".to_owned(),
        title: "Acme Ltd".to_owned(),
        country: "US".to_owned(),
        region: "world".to_owned(),
        currency: Currency::USD,
        created_on: day("2026-04-01"),
        closed_on: None,
        billing: Default::default(),
    };
    let mut owner = member(1, "ana@acme.test");
    owner.role = Role::Owner;
    owner.seat = Some("full".to_owned());
    Facts {
        members: vec![owner],
        terms: vec![term(1, "2026-04-15", 6, "basic", 2)],
        next: Numbers {
            account: 2,
            member: 2,
            order: 1,
            line: 1,
            term: 2,
            invoice: 1,
            payment: 1,
            case: 1,
            other: 1,
            invoice_series: 1,
            credit_note_series: 1,
            in_year: None,
        },
        ..Facts::bare(account)
    }
}
