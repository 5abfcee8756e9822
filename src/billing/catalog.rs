//! What is sold: plans, seat types, features, limits, credits, add-ons, methods, and the price book.
//!
//! A catalog is one TOML file; these types are its spelling. It is versioned by `effective_from`, and a
//! sold term keeps the version it was sold under. Reading and checking a file is `wire`'s work.

use super::calendar::{Day, Period};
use super::money::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// The seller as it stands on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// Legal or trading name.
    pub name: String,
    /// Postal address, a line each.
    #[serde(default)]
    pub address: Vec<String>,
    /// Country of ISO 3166, two letters.
    #[serde(default)]
    pub country: Option<String>,
    /// Where customers write about bills.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Home page.
    #[serde(default)]
    pub website: Option<String>,
    /// The seller's own taxpayer number, with its label: `VAT FR123`.
    #[serde(default)]
    pub tax_id: Option<String>,
    /// A PNG or JPEG file for the head of a page; a relative path begins in the folder of the database.
    #[serde(default)]
    pub logo: Option<String>,
    /// Accent colour of a page, `#rrggbb`.
    #[serde(default)]
    pub colour: Option<String>,
    /// Lines at the foot of a page.
    #[serde(default)]
    pub footer: Vec<String>,
}

/// A place with its own price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Name used by price rows.
    pub id: String,
    /// Countries of ISO 3166, two letters each; `*` stands for every other country.
    pub countries: Vec<String>,
    /// Currencies an account of the region may pay in, the usual one first.
    pub currencies: Vec<Currency>,
}

/// A group of accounts, told by when they became customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohort {
    /// Name used by price rows and plans.
    pub id: String,
    /// Accounts whose first paid term (or, before one, the asking day) is on this day or later.
    #[serde(default)]
    pub customers_from: Option<Day>,
    /// Accounts whose first paid term is before this day.
    #[serde(default)]
    pub customers_until: Option<Day>,
}

/// A kind of seat, for example full-time, collaborator, seasonal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatType {
    /// Name used by plans, prices and commands.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Who can buy it.
    #[serde(default)]
    pub sale: Sale,
    /// Whether it can be used only inside an agreed window of days.
    #[serde(default)]
    pub windowed: bool,
}

/// A thing that a plan switches on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Name used by plans.
    pub id: String,
    /// Name for people.
    pub name: String,
}

/// A thing that a plan bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Name used by plans.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The unit that is counted: leads, GB, ms.
    #[serde(default)]
    pub unit: Option<String>,
    /// What one allowance is for.
    pub scope: Scope,
    /// When the count starts again from zero.
    #[serde(default)]
    pub reset: Reset,
    /// What happens at the limit.
    #[serde(default)]
    pub at_limit: AtLimit,
    /// Uses recorded before this day are kept even above the limit; only new ones are checked.
    #[serde(default)]
    pub keeps_use_before: Option<Day>,
}

/// What an allowance or grant is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Per billed seat: it grows with the seats.
    Seat,
    /// For the account as a whole.
    #[default]
    Workspace,
    /// For each member by himself.
    User,
}

/// When a count or a balance starts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// It never does.
    #[default]
    Never,
    /// Every Monday.
    Week,
    /// Every month on the day of the month on which the term renews.
    Month,
    /// With each paid term.
    Term,
}

/// What happens when a limit is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case", deny_unknown_fields, tag = "mode")]
pub enum AtLimit {
    /// The use is refused.
    #[default]
    Refuse,
    /// The account is told, may go on for some hours, then named actions stop.
    Grace {
        /// Hours between the notice and the block.
        hours: u32,
        /// What stops after that.
        #[serde(default)]
        blocks: Vec<String>,
    },
}

/// Units of use of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// Name used by plans and add-ons.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// When the granted units are renewed; what is left then expires unless it carries over.
    pub reset: Reset,
    /// Whether unused units survive the reset.
    #[serde(default)]
    pub carry_over: bool,
    /// Whether all seats draw from one pool; otherwise each member has his own.
    #[serde(default = "yes")]
    pub pooled: bool,
}

fn yes() -> bool {
    true
}

/// Who may buy a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    /// Anybody who may bill the account.
    #[default]
    SelfService,
    /// It costs nothing and needs no order.
    Free,
    /// Only through a request that the seller's people answer.
    SalesOnly,
    /// No longer sold; those who have it keep it.
    Closed,
}

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Name used by orders: `card`, `pix`, `wire`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The company that moves the money.
    #[serde(default)]
    pub processor: Option<String>,
    /// Which gateway asks that company: `manual` or `scripted`.
    #[serde(default = "manual")]
    pub gateway: String,
    /// Currencies it can take. At least one.
    pub currencies: Vec<Currency>,
    /// Only accounts of these countries (ISO 3166); empty means all.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Never accounts of these countries.
    #[serde(default)]
    pub except_countries: Vec<String>,
    /// Whether saved details can be charged without the customer.
    #[serde(default)]
    pub recurring: bool,
    /// Whether auto-renewal is on after a first payment by this method.
    #[serde(default)]
    pub auto_renew: bool,
    /// Payment in parts.
    #[serde(default)]
    pub instalments: Option<Instalments>,
    /// Self-service, or only through the people who arrange it.
    #[serde(default)]
    pub sale: Sale,
    /// Card brands taken; empty means not restricted.
    #[serde(default)]
    pub brands: Vec<String>,
    /// Kinds of card not taken: prepaid, debit.
    #[serde(default)]
    pub refuses_funding: Vec<String>,
}

fn manual() -> String {
    "manual".to_owned()
}

/// Bounds of payment in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instalments {
    /// The largest number of parts.
    pub max: u32,
    /// The smallest part, in major units.
    #[serde(default)]
    pub min_part: Decimal,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Stable name used by commands and facts; renaming a plan changes `name`, never this.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// One sentence on whom it is for.
    #[serde(default)]
    pub about: Option<String>,
    /// Higher is better; decides what is an upgrade.
    pub rank: u32,
    /// Who may buy it.
    #[serde(default)]
    pub sale: Sale,
    /// First day of sale.
    #[serde(default)]
    pub sold_from: Option<Day>,
    /// First day on which it is no longer sold.
    #[serde(default)]
    pub sold_until: Option<Day>,
    /// Periods offered, shortest first.
    #[serde(default)]
    pub periods: Vec<Period>,
    /// How many seats may be bought.
    #[serde(default)]
    pub seats: SeatBounds,
    /// Seat types that fit the plan, the usual one first. Empty means all.
    #[serde(default)]
    pub seat_types: Vec<String>,
    /// Features switched on.
    #[serde(default)]
    pub features: Vec<String>,
    /// Allowances by limit. A limit that is not named is unlimited.
    #[serde(default)]
    pub limits: BTreeMap<String, Allowance>,
    /// What each seat beyond the first adds to an allowance that is counted for the workspace, by limit.
    #[serde(default)]
    pub seat_adds: BTreeMap<String, i64>,
    /// Units of use granted, by credit type.
    #[serde(default)]
    pub credits: BTreeMap<String, Grant>,
    /// Whether the owner may change it without the seller's people.
    #[serde(default = "yes")]
    pub self_managed: bool,
    /// What accounts that bought the plan earlier keep.
    #[serde(default, rename = "keeps")]
    pub keeps: Vec<Keep>,
    /// What a sales request must say: name, email, phone.
    #[serde(default)]
    pub contact_fields: Vec<String>,
    /// Ids under which earlier versions of the catalog sold this plan; see [`Catalog::successor`].
    #[serde(default)]
    pub formerly: Vec<Former>,
}

/// An id that a plan had in earlier versions, and that may mean another plan today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The earlier id.
    pub id: String,
    /// Terms sold before this day meant this plan by it.
    pub before: Day,
}

/// How many seats an account may have on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeatBounds {
    /// The fewest that can be ordered.
    pub min: u32,
    /// The most that can be ordered; absent means a million.
    pub max: Option<u32>,
    /// The fewest that are billed, even where fewer are ordered.
    pub minimum_billed: u32,
    /// Seats are sold in packs of this size, rounded up.
    pub pack: u32,
}

impl Default for SeatBounds {
    fn default() -> Self {
        SeatBounds {
            min: 1,
            max: None,
            minimum_billed: 0,
            pack: 1,
        }
    }
}

/// How much of a limited thing a plan gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Allowance {
    /// So many per scope of the limit.
    Some(i64),
    /// A word: without bound, or agreed with each account.
    Word(AllowanceWord),
}

/// An allowance that is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowanceWord {
    /// There is no limit.
    Unlimited,
    /// The limit is agreed with each account; until it is, there is none.
    Custom,
}

/// How many units a plan or a pack grants each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Units; absent means unlimited.
    #[serde(default)]
    pub amount: Option<i64>,
    /// Per seat or for the account.
    #[serde(default)]
    pub per: Scope,
}

/// What accounts keep that bought a plan before a day (grandfathering).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// The plan was bought before this day.
    pub bought_before: Day,
    /// Features that stay on.
    #[serde(default)]
    pub features: Vec<String>,
    /// Allowances that replace the plan's.
    #[serde(default)]
    pub limits: BTreeMap<String, Allowance>,
}

/// Something bought on top of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddOn {
    /// Name used by commands.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What one unit of it gives.
    pub gives: Gives,
    /// Who may buy it.
    #[serde(default)]
    pub sale: Sale,
    /// Plans it can be bought for; empty means every paid plan.
    #[serde(default)]
    pub plans: Vec<String>,
    /// The fewest units in one order.
    #[serde(default = "one")]
    pub min: u32,
    /// The most units in one order.
    #[serde(default)]
    pub max: Option<u32>,
    /// Units come in steps of this size.
    #[serde(default = "one")]
    pub step: u32,
    /// Periods it is sold for; empty means it runs with the plan's term.
    #[serde(default)]
    pub periods: Vec<Period>,
    /// The fewest months it must run.
    #[serde(default)]
    pub min_months: u32,
    /// Whether it is bought again with each renewal.
    #[serde(default = "yes")]
    pub renews: bool,
    /// Whether it may be paid in parts, where the method allows it.
    #[serde(default)]
    pub instalments: bool,
}

fn one() -> u32 {
    1
}

/// What one unit of an add-on gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, tag = "kind")]
pub enum Gives {
    /// Units of use.
    Credits {
        /// Which kind.
        credit: String,
        /// How many at each reset.
        amount: i64,
    },
    /// A higher limit.
    Limit {
        /// Which limit.
        limit: String,
        /// By how much.
        amount: i64,
    },
    /// A feature.
    Feature {
        /// Which feature.
        feature: String,
    },
    /// Work done by people, or anything that only stands on the invoice.
    Service,
}

/// Prices of one thing in one place, for one or more periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRow {
    /// The plan that is priced. Exactly one of `plan` and `add_on` is given.
    #[serde(default)]
    pub plan: Option<String>,
    /// The add-on that is priced.
    #[serde(default)]
    pub add_on: Option<String>,
    /// The seat type that is priced; absent means the plan's usual one.
    #[serde(default)]
    pub seat_type: Option<String>,
    /// Only accounts of this region; absent means every region of the currency.
    #[serde(default)]
    pub region: Option<String>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Only accounts of this cohort; a row with a cohort wins over one without.
    #[serde(default)]
    pub cohort: Option<String>,
    /// First day on which the row can be sold.
    #[serde(default)]
    pub from: Option<Day>,
    /// First day on which it can no longer be sold.
    #[serde(default)]
    pub until: Option<Day>,
    /// Whether an amount is for a month or for the whole period.
    #[serde(default)]
    pub per: Per,
    /// Amount per unit in major units, by period.
    pub amounts: BTreeMap<Period, Decimal>,
    /// Convenience: percent off the amount of the shortest period, for periods without an amount.
    #[serde(default)]
    pub percent_off: BTreeMap<Period, Decimal>,
}

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One unit for one month; a period of months costs that many times as much.
    #[default]
    Month,
    /// One unit for the whole period.
    Period,
}

impl Catalog {
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

impl Plan {
    /// Whether the plan can be newly bought on a day by the account's own people.
    pub fn on_sale(&self, on: Day) -> bool {
        self.sale == Sale::SelfService
            && self.sold_from.is_none_or(|from| from <= on)
            && self.sold_until.is_none_or(|until| on < until)
    }

    /// The seats that are billed for so many ordered: packs rounded up, never below the minimum.
    pub fn billed(&self, ordered: u32) -> u32 {
        let pack = self.seats.pack.max(1);
        ordered
            .max(self.seats.minimum_billed)
            .div_ceil(pack)
            .saturating_mul(pack)
    }
}

impl Method {
    /// Whether accounts of a country can use it.
    pub fn serves(&self, country: &str) -> bool {
        (self.countries.is_empty() || self.countries.iter().any(|c| c == country))
            && !self.except_countries.iter().any(|c| c == country)
    }
}
