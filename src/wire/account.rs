//! An account as outsiders see it: the billing overview that fits one screen.

use super::amount::Amount;
use super::case::Case;
use super::credit::Credit;
use super::limit::Limit;
use super::member::Member;
use super::order::Brief as OrderBrief;
use super::trial::Trial;
use crate::billing::account::BillingDetails;
use crate::billing::calendar::{Day, Period};
use crate::billing::catalog;
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
    /// The day it was closed.
    pub closed_on: Option<Day>,
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
    /// Ways to pay that the account can use.
    pub methods: Vec<String>,
    /// The same, with what each of them is.
    #[serde(default)]
    pub ways: Vec<Way>,
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
    pub add_ons: Vec<AddOn>,
    /// What is agreed with it, in words.
    pub agreements: Vec<Agreement>,
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
    /// Name for people, as this account sees it.
    pub name: String,
    /// What the seller calls one of its seats.
    #[serde(default = "super::order::seat")]
    pub unit: String,
    /// Ordered seats by type.
    pub seats: BTreeMap<String, u32>,
    /// Seats that members hold, by type.
    pub assigned: BTreeMap<String, u32>,
    /// Seats that nobody holds, by type; a type without a bound is absent.
    pub free: BTreeMap<String, u32>,
    /// Period that was bought.
    pub period: Option<Period>,
    /// First day of the running term.
    pub since: Option<Day>,
    /// First day after the last paid term.
    pub until: Option<Day>,
    /// Features that are on, with where they come from.
    pub features: Vec<Feature>,
}

/// A feature that is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The plan, the trial, an add-on, an agreement, or what was bought before a day.
    pub from: String,
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

/// An add-on that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddOn {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Units.
    pub quantity: u32,
    /// First day after it.
    pub until: Day,
}

/// Something agreed with the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Its number, by which it is ended.
    pub number: i64,
    /// In words, with its days and reason.
    pub text: String,
}

/// A way to pay that the account can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The company that moves the money.
    pub processor: Option<String>,
    /// Whether it can be kept on file and charged without the customer.
    pub recurring: bool,
    /// The most parts that can be paid in; 1 means at once.
    pub parts: u32,
}

impl From<&catalog::Method> for Way {
    fn from(method: &catalog::Method) -> Way {
        Way {
            id: method.id.clone(),
            name: method.name.clone(),
            processor: method.processor.clone(),
            recurring: method.recurring,
            parts: method.instalments.as_ref().map_or(1, |bounds| bounds.max),
        }
    }
}
