//! What is sold: plans, seat types, features, limits, credits, add-ons, methods, and the price book.
//!
//! A catalog is one TOML file; these types are its spelling. It is versioned by `effective_from`, and a
//! sold term keeps the version it was sold under. Reading and checking a file is `wire`'s work.

mod measure;
mod method;
mod plan;
mod price_row;
mod seller;

use super::calendar::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use measure::{
    Allowance, AllowanceWord, AtLimit, Credit, Feature, Grant, Keep, Limit, Reset, Scope, SeatType,
};
pub use method::{Instalments, Method};
pub use plan::{AddOn, Former, Gives, Plan, Sale, SeatBounds};
pub use price_row::{Per, PriceRow};
pub use seller::{Cohort, Region, Seller};

/// One version of everything one seller sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The seller's short name, shared by all versions: `acme`.
    pub id: String,
    /// The first day on which this version is in force.
    pub effective_from: Day,
    /// The seller's time zone of the IANA database; it decides which day "today" is.
    #[serde(default = "utc")]
    pub zone: String,
    /// What one billed unit is called in words: seat, member, licence.
    #[serde(default = "seat")]
    pub unit: String,
    /// Names of plans, add-ons, methods and taxes in other languages, for pages and letters: `names.pt.Basic`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, BTreeMap<String, String>>,
    /// Who stands on the invoices.
    pub seller: Seller,
    /// Price lists by place. The first region that names a country, or `*`, is the account's.
    #[serde(rename = "region")]
    pub regions: Vec<Region>,
    /// Groups of customers with prices or allowances of their own.
    #[serde(default, rename = "cohort")]
    pub cohorts: Vec<Cohort>,
    /// Kinds of seat. Empty means one kind, called `full`.
    #[serde(default, rename = "seat_type")]
    pub seat_types: Vec<SeatType>,
    /// Things a plan can switch on.
    #[serde(default, rename = "feature")]
    pub features: Vec<Feature>,
    /// Things a plan can bound.
    #[serde(default, rename = "limit")]
    pub limits: Vec<Limit>,
    /// Units of use that are granted, bought and used up.
    #[serde(default, rename = "credit")]
    pub credits: Vec<Credit>,
    /// How customers can pay.
    #[serde(rename = "method")]
    pub methods: Vec<Method>,
    /// What can be subscribed to.
    #[serde(rename = "plan")]
    pub plans: Vec<Plan>,
    /// What can be bought on top of a plan.
    #[serde(default, rename = "add_on")]
    pub add_ons: Vec<AddOn>,
    /// The price book.
    #[serde(default, rename = "price")]
    pub prices: Vec<PriceRow>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn seat() -> String {
    "seat".to_owned()
}

fn yes() -> bool {
    true
}

impl Catalog {
    /// The translations of names into a language of two letters.
    pub fn names_in(&self, language: &str) -> BTreeMap<String, String> {
        self.names.get(language).cloned().unwrap_or_default()
    }

    /// The plan of that name.
    pub fn plan(&self, id: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// The plan that follows one sold on a day by its id of that day: what a renewal or a change of an
    /// older term looks up. A plan that was never renamed follows itself.
    pub fn successor(&self, id: &str, sold_on: Day) -> Option<&Plan> {
        let renamed = |plan: &&Plan| {
            plan.formerly
                .iter()
                .any(|former| former.id == id && sold_on < former.before)
        };
        self.plans.iter().find(renamed).or_else(|| self.plan(id))
    }

    /// The add-on of that name.
    pub fn add_on(&self, id: &str) -> Option<&AddOn> {
        self.add_ons.iter().find(|add_on| add_on.id == id)
    }

    /// The payment method of that name.
    pub fn method(&self, id: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.id == id)
    }

    /// The limit of that name.
    pub fn limit(&self, id: &str) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.id == id)
    }

    /// The credit type of that name.
    pub fn credit(&self, id: &str) -> Option<&Credit> {
        self.credits.iter().find(|credit| credit.id == id)
    }

    /// The region of a country: the first that names it, otherwise the first with `*`.
    pub fn region_of(&self, country: &str) -> Option<&Region> {
        let names = |region: &&Region, wanted: &str| region.countries.iter().any(|c| c == wanted);
        self.regions
            .iter()
            .find(|region| names(region, country))
            .or_else(|| self.regions.iter().find(|region| names(region, "*")))
    }

    /// The usual seat type of a plan.
    pub fn usual_seat_type<'a>(&'a self, plan: &'a Plan) -> &'a str {
        plan.seat_types
            .first()
            .map(String::as_str)
            .or_else(|| self.seat_types.first().map(|kind| kind.id.as_str()))
            .unwrap_or("full")
    }

    /// A feature's name for people.
    pub fn feature_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.features
            .iter()
            .find(|feature| feature.id == id)
            .map_or(id, |found| &found.name)
    }
}
