//! An account as outsiders see it: the billing overview that fits one screen.

use super::amount::Amount;
use super::case::Case;
use super::order::Brief as OrderBrief;
use crate::billing::account::{BillingDetails, Member};
use crate::billing::calendar::{Day, Period};
use crate::billing::money::Currency;
use crate::billing::policy::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One account in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Short name.
    pub name: String,
    /// Name on paper.
    pub title: String,
    /// ISO 3166.
    pub country: String,
    /// Standing on the day.
    pub state: State,
    /// Plan on the day.
    pub plan: Option<String>,
    /// First day on which nothing is paid any more.
    pub paid_until: Option<Day>,
}

/// The billing overview of an account on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Short name.
    pub name: String,
    /// Name on paper.
    pub title: String,
    /// ISO 3166.
    pub country: String,
    /// Price list.
    pub region: String,
    /// What it pays in.
    pub currency: Currency,
    /// The day this is true of.
    pub on: Day,
    /// The day it was created.
    pub created_on: Day,
    /// Standing.
    pub state: State,
    /// Plan.
    pub plan: Option<Plan>,
    /// Trial, running or past.
    pub trial: Option<Trial>,
    /// Whether the next term is ordered and charged by itself.
    pub auto_renew: bool,
    /// The day of the next renewal, or of the end.
    pub renews_on: Option<Day>,
    /// What waits for the renewal, in words.
    pub scheduled: Vec<String>,
    /// The way to pay on file.
    pub method: Option<Method>,
    /// Who and where the bills go to.
    pub billing: BillingDetails,
    /// People.
    pub members: Vec<Member>,
    /// What the seller owes it.
    pub balance: Amount,
    /// Units of use that are left, by kind.
    pub credits: Vec<Credit>,
    /// Use against limits.
    pub limits: Vec<Limit>,
    /// Add-ons it has.
    pub add_ons: Vec<String>,
    /// What is agreed with it, in words.
    pub agreements: Vec<String>,
    /// Orders, newest first.
    pub orders: Vec<OrderBrief>,
    /// Requests that people work on.
    pub cases: Vec<Case>,
}

/// The plan that holds on the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Ordered seats by type.
    pub seats: BTreeMap<String, u32>,
    /// Seats that members hold, by type.
    pub assigned: BTreeMap<String, u32>,
    /// Period that was bought.
    pub period: Option<Period>,
    /// First day of the running term.
    pub since: Option<Day>,
    /// First day after the last paid term.
    pub until: Option<Day>,
    /// Features that are on.
    pub features: Vec<String>,
}

/// A trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The plan whose features apply.
    pub plan: String,
    /// First day.
    pub start: Day,
    /// First day after it.
    pub end: Day,
    /// The day it was ended early.
    pub ended_on: Option<Day>,
    /// Whole days left.
    pub days_left: i64,
}

/// The way to pay on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// The catalog's method.
    pub id: String,
    /// What the processor calls it.
    pub reference: String,
    /// Since when.
    pub saved_on: Day,
}

/// Units of use of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// The kind.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Units left; absent means unlimited.
    pub left: Option<i64>,
    /// The day on which the count starts again.
    pub resets_on: Option<Day>,
}

/// Use against a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The limit.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Used.
    pub used: i64,
    /// Allowed; absent means unlimited.
    pub allowed: Option<i64>,
}
