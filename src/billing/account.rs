//! The facts of one account, as loaded: everything a rule may ask about it.

use super::calendar::{Day, Moment};
use super::case::Case;
use super::credit::CreditEntry;
use super::invoice::Invoice;
use super::money::{Currency, Money};
use super::order::{BilledLine, Order};
use super::payment::Payment;
use super::policy::Role;
use super::term::{Holding, Term, Trial};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The paying customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Key in the store.
    pub id: i64,
    /// The short name used in commands.
    pub name: String,
    /// The customer's name as it stands on paper.
    pub title: String,
    /// ISO 3166, two letters.
    pub country: String,
    /// The price list, by the catalog's regions.
    pub region: String,
    /// What it pays in.
    pub currency: Currency,
    /// The day it was created.
    pub created_on: Day,
    /// The day it was closed.
    pub closed_on: Option<Day>,
    /// Who and where the bills go to.
    pub billing: BillingDetails,
}

/// Who and where the bills go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct BillingDetails {
    /// Name on the invoice, if not the account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// The address that billing mail goes to; absent means the owner's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Further addresses that get invoices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
    /// Postal address, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<String>,
    /// Taxpayer number, as checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxpayer: Option<String>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Language of mail and paper, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A person of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Key in the store.
    pub id: i64,
    /// E-mail address; tells members apart.
    pub email: String,
    /// What he is to the account.
    pub role: Role,
    /// Whether billing was granted to him explicitly.
    pub granted: bool,
    /// The seat type he holds, if any.
    pub seat: Option<String>,
    /// The first day on which he is disabled.
    pub disabled_on: Option<Day>,
}

/// A way to pay that is on file. Only the processor's reference is kept, never a card number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMethod {
    /// The catalog's method.
    pub method: String,
    /// What the processor calls it.
    pub reference: String,
    /// When it was put on file.
    pub saved_on: Day,
}

/// What an account's people have switched, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switched {
    /// What.
    pub switch: Switch,
    /// On or off.
    pub on: bool,
    /// Since when.
    pub at: Moment,
}

/// Something that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// The next term is ordered and charged by itself.
    AutoRenew,
    /// The subscription ends with its paid terms.
    Cancel,
}

/// A change that waits for the next renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// Key in the store.
    pub id: i64,
    /// When it was asked for.
    pub asked_on: Day,
    /// What the next term is to be.
    pub change: NextTerm,
}

/// How the next term differs from the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct NextTerm {
    /// Another plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// Another period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<super::calendar::Period>,
    /// Another number of seats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<super::term::Seats>,
}

impl NextTerm {
    /// Whether the next term is to be like the last.
    pub fn is_as_before(&self) -> bool {
        *self == NextTerm::default()
    }
}

/// Something agreed with one account that replaces what the catalog says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Key in the store.
    pub id: i64,
    /// What is agreed.
    pub what: Agreed,
    /// First day.
    pub from: Day,
    /// First day on which it no longer counts.
    pub until: Option<Day>,
    /// Why.
    pub reason: String,
}

/// What can be agreed with one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Agreed {
    /// A price per unit for a whole period.
    Price {
        /// Plan or add-on.
        item: String,
        /// Seat type, for plans.
        seat_type: Option<String>,
        /// Period.
        period: super::calendar::Period,
        /// Major units per unit and period.
        amount: Decimal,
    },
    /// A discount on every order.
    Discount(Discount),
    /// A limit; absent means unlimited.
    Limit {
        /// Which.
        limit: String,
        /// How much, for the account as a whole.
        amount: Option<i64>,
    },
    /// A feature on or off.
    Feature {
        /// Which.
        feature: String,
        /// On or off.
        on: bool,
    },
    /// The fewest seats billed.
    MinimumSeats {
        /// How many.
        seats: u32,
    },
    /// Days on which seats of a windowed type can be used: those of the agreement.
    SeatWindow {
        /// Which type.
        seat_type: String,
    },
    /// A plan's name as this account sees it.
    PlanName {
        /// Which plan.
        plan: String,
        /// The shown name.
        name: String,
    },
}

/// A discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum Discount {
    /// Percent of each line.
    Percent {
        /// 0 to 100.
        percent: Decimal,
    },
    /// An amount, shared over the lines.
    Amount {
        /// In the account's currency.
        off: Money,
    },
}

/// Everything a rule may ask about one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The customer.
    pub account: Account,
    /// Its people.
    pub members: Vec<Member>,
    /// The way to pay on file.
    pub method: Option<SavedMethod>,
    /// Trials, oldest first.
    pub trials: Vec<Trial>,
    /// Paid terms and terms of free plans, oldest first.
    pub terms: Vec<Term>,
    /// Add-ons, oldest first; what they give is derived from these and a date.
    pub holdings: Vec<Holding>,
    /// Orders that are not yet settled, and the last settled ones.
    pub orders: Vec<Order>,
    /// Attempts to collect the open orders, oldest first.
    pub payments: Vec<Payment>,
    /// Invoices that are open.
    pub open_invoices: Vec<Invoice>,
    /// What credit notes gave back of the lines of open invoices.
    pub noted: Vec<super::correct::Given>,
    /// Lines billed for terms that have not ended.
    pub billed: Vec<BilledLine>,
    /// What was switched, oldest first.
    pub switches: Vec<Switched>,
    /// Changes that wait for the next renewal.
    pub scheduled: Vec<Scheduled>,
    /// What is agreed with this account.
    pub agreements: Vec<Agreement>,
    /// Units of use granted, bought, used and expired.
    pub credits: Vec<CreditEntry>,
    /// Requests that people are working on.
    pub open_cases: Vec<Case>,
    /// What the seller owes the account.
    pub balance: Money,
    /// Messages put into the outbox, by kind and what they are about, and cases opened so far, as `case` and
    /// their text: time brings none of them twice.
    pub told: BTreeSet<(String, String)>,
    /// The next free keys.
    pub next: Numbers,
}

/// The next free keys, taken inside one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Of accounts.
    pub account: i64,
    /// Of members.
    pub member: i64,
    /// Of orders.
    pub order: i64,
    /// Of lines.
    pub line: i64,
    /// Of terms.
    pub term: i64,
    /// Of invoices and credit notes.
    pub invoice: i64,
    /// Of payments.
    pub payment: i64,
    /// Of cases.
    pub case: i64,
    /// Of agreements and scheduled changes.
    pub other: i64,
    /// The next place in the series of invoice numbers.
    pub invoice_series: i64,
    /// The next place in the series of credit-note numbers.
    pub credit_note_series: i64,
    /// The next places of the year, where the seller's counts start again each year.
    pub in_year: Option<InYear>,
}

/// The next places in the series of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InYear {
    /// Of invoice numbers.
    pub invoice: i64,
    /// Of credit-note numbers.
    pub credit_note: i64,
}

impl Numbers {
    /// Takes a key out of one of the counters: `Numbers::take(&mut numbers.order)`.
    pub fn take(counter: &mut i64) -> i64 {
        let taken = *counter;
        *counter = counter.saturating_add(1);
        taken
    }
}

impl Facts {
    /// An account of which nothing else is known.
    pub fn bare(account: Account) -> Facts {
        Facts {
            balance: Money::zero(account.currency),
            account,
            members: Vec::new(),
            method: None,
            trials: Vec::new(),
            terms: Vec::new(),
            holdings: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            open_invoices: Vec::new(),
            noted: Vec::new(),
            billed: Vec::new(),
            switches: Vec::new(),
            scheduled: Vec::new(),
            agreements: Vec::new(),
            credits: Vec::new(),
            open_cases: Vec::new(),
            told: BTreeSet::new(),
            next: Numbers::default(),
        }
    }

    /// Whether a switch is on at a moment; `None` if nobody has touched it.
    pub fn switched(&self, switch: Switch, at: Moment) -> Option<bool> {
        self.switches
            .iter()
            .rev()
            .find(|entry| entry.switch == switch && entry.at <= at)
            .map(|entry| entry.on)
    }

    /// The first day of the first paid term, which decides the cohort.
    pub fn customer_since(&self) -> Option<Day> {
        self.terms
            .iter()
            .filter(|term| term.paid)
            .map(|term| term.span.start)
            .min()
    }

    /// The owner.
    pub fn owner(&self) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| member.role == Role::Owner)
    }

    /// Members who are not disabled on a day.
    pub fn active_members(&self, on: Day) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(move |member| member.disabled_on.is_none_or(|day| on < day))
    }

    /// Seats of a type that members hold on a day.
    pub fn assigned(&self, seat_type: &str, on: Day) -> u32 {
        let held = self
            .active_members(on)
            .filter(|member| member.seat.as_deref() == Some(seat_type))
            .count();
        u32::try_from(held).unwrap_or(u32::MAX)
    }

    /// Orders that wait to be paid.
    pub fn pending_orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| order.state.is_open())
    }
}
