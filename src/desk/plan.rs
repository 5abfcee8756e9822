//! Plans: list, show, compare, with the prices of a place or of an account.

use super::load::{Seller, seen, seller};
use super::{Failure, Question, Terms, load};
use crate::billing::account::Facts;
use crate::billing::calendar::{Day, Period};
use crate::billing::catalog::{
    Allowance, AllowanceWord, Catalog, Limit, Plan, Region, Sale, Scope,
};
use crate::billing::entitlement::{entitled, plan_name};
use crate::billing::money::Currency;
use crate::billing::price::{self, Item};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::renamed::Versions;
use crate::billing::{allowance, customer, input};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::plan as wire;
use rust_decimal::Decimal;

/// For whom plans are shown.
#[derive(Debug, Clone, Default)]
pub struct For {
    /// An account: its place, its cohort, its agreements, its seats.
    pub account: Option<String>,
    /// A country.
    pub country: Option<String>,
    /// A currency of that country.
    pub currency: Option<Currency>,
    /// For so many seats.
    pub seats: Option<u32>,
}

/// Plans that can be had, lowest first.
#[derive(Debug, Default)]
pub struct List {
    /// For whom.
    pub to: For,
    /// Also those that are no longer, or not yet, sold.
    pub all: bool,
}

/// One plan.
#[derive(Debug)]
pub struct Show {
    /// Its id.
    pub plan: String,
    /// For whom.
    pub to: For,
}

/// Plans side by side; without names, those that can be had.
#[derive(Debug)]
pub struct Compare {
    /// Their ids.
    pub plans: Vec<String>,
    /// For whom.
    pub to: For,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let view = View::of(read, terms, &self.to)?;
        let plans = view.seller.catalog.plans.iter();
        let mut plans: Vec<&Plan> = plans.filter(|plan| self.all || view.sold(plan)).collect();
        plans.sort_by_key(|plan| plan.rank);
        let found = plans.into_iter().map(|plan| view.plan(plan));
        Ok(Document::Plans(found.collect()))
    }
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let view = View::of(read, terms, &self.to)?;
        let plan = load::plan(&view.seller.catalog, &self.plan)?;
        Ok(Document::Plan(Box::new(view.plan(plan))))
    }
}

impl Question for Compare {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let view = View::of(read, terms, &self.to)?;
        let catalog = &view.seller.catalog;
        let mut plans: Vec<&Plan> = match self.plans.is_empty() {
            true => catalog
                .plans
                .iter()
                .filter(|plan| view.sold(plan))
                .collect(),
            false => {
                let named = self.plans.iter().map(|id| load::plan(catalog, id));
                named.collect::<Result<_, _>>()?
            }
        };
        plans.sort_by_key(|plan| plan.rank);
        plans.dedup_by_key(|plan| &plan.id);
        let differs = |id: &String| {
            let with = plans
                .iter()
                .filter(|plan| plan.features.contains(id))
                .count();
            with > 0 && with < plans.len()
        };
        let features = catalog
            .features
            .iter()
            .filter(|feature| differs(&feature.id));
        let differing_features = features
            .map(|feature| wire::Named {
                id: feature.id.clone(),
                name: feature.name.clone(),
            })
            .collect();
        let plans = plans.into_iter().map(|plan| view.plan(plan)).collect();
        Ok(Document::PlanComparison(wire::Comparison {
            plans,
            differing_features,
        }))
    }
}

/// What prices and allowances are read with.
struct View {
    seller: Seller,
    facts: Option<Facts>,
    region: String,
    currency: Currency,
    seats: u32,
    terms: Terms,
}

impl View {
    fn of(read: Reader<'_>, terms: &Terms, to: &For) -> Result<View, Failure> {
        let Some(name) = &to.account else {
            let seller = seller(read, terms.on())?;
            let (region, currency) = place(&seller, to)?;
            let seats = to.seats.unwrap_or(1);
            let terms = terms.clone();
            return Ok(View {
                seller,
                facts: None,
                region,
                currency,
                seats,
                terms,
            });
        };
        let seen = seen(read, name, terms)?;
        let (region, currency) = (
            seen.facts.account.region.clone(),
            seen.facts.account.currency,
        );
        let now = entitled(&seen.facts, &seen.policy, &seen.catalog, terms.at);
        let seats = to.seats.or(now.map(|now| now.seats)).unwrap_or(1);
        let seller = Seller {
            catalog: seen.catalog,
            catalog_id: seen.catalog_id,
            policy: seen.policy,
            policy_id: seen.policy_id,
            versions: Versions::new(),
        };
        let terms = terms.clone();
        Ok(View {
            seller,
            facts: Some(seen.facts),
            region,
            currency,
            seats,
            terms,
        })
    }

    fn on(&self) -> Day {
        self.terms.on()
    }

    /// Whether a plan can be had by some way on the day.
    fn sold(&self, plan: &Plan) -> bool {
        plan.sale != Sale::Closed
            && plan.sold_from.is_none_or(|from| from <= self.on())
            && plan.sold_until.is_none_or(|until| self.on() < until)
    }

    fn plan(&self, plan: &Plan) -> wire::Plan {
        let catalog = &self.seller.catalog;
        let name = match &self.facts {
            Some(facts) => plan_name(facts, plan, self.on()),
            None => &plan.name,
        };
        let features = plan.features.iter().map(|id| wire::Named {
            id: id.clone(),
            name: catalog.feature_name(id).to_owned(),
        });
        wire::Plan {
            id: plan.id.clone(),
            name: name.to_owned(),
            about: plan.about.clone(),
            sale: plan.sale,
            sold_from: plan.sold_from,
            sold_until: plan.sold_until,
            region: self.region.clone(),
            currency: self.currency,
            prices: self.prices(plan),
            least_seats: plan.seats.min.max(1),
            most_seats: plan.seats.max,
            minimum_billed: plan.seats.minimum_billed,
            seat_types: seat_types(catalog, plan),
            features: features.collect(),
            seats: self.seats,
            unit: catalog.unit.clone(),
            limits: catalog
                .limits
                .iter()
                .map(|limit| self.limit(plan, limit))
                .collect(),
            credits: self.credits(plan),
            contact_fields: plan.contact_fields.clone(),
        }
    }

    fn prices(&self, plan: &Plan) -> Vec<wire::Price> {
        let types = seat_types(&self.seller.catalog, plan);
        let several = types.len() > 1;
        let mut prices = Vec::new();
        for period in &plan.periods {
            for seat_type in &types {
                let Some((a_period, price_list)) = self.price(plan, seat_type, *period) else {
                    continue;
                };
                let months = period.months().map(Decimal::from);
                prices.push(wire::Price {
                    period: *period,
                    seat_type: several.then(|| seat_type.clone()),
                    a_month: months
                        .and_then(|months| a_period.checked_div(months))
                        .map(|amount| amount.normalize()),
                    a_period: a_period.normalize(),
                    price_list,
                });
            }
        }
        prices
    }

    /// What one seat costs for a period, if it has a price here.
    fn price(&self, plan: &Plan, seat_type: &str, period: Period) -> Option<(Decimal, String)> {
        if let Some(facts) = &self.facts {
            let scene = self.seller.scene(facts, self.terms.at);
            let found = scene.price_of(&plan.id, Some(seat_type), period).ok()?;
            return Some((found.amount, found.list));
        }
        let item = Item::Plan {
            plan: &plan.id,
            seat_type: Some(seat_type),
        };
        let catalog = &self.seller.catalog;
        let cohorts = price::cohorts(catalog, None, self.on());
        let (region, currency) = (&self.region, self.currency);
        let found =
            price::unit_price(catalog, item, region, currency, period, &cohorts, self.on()).ok()?;
        Some((found.per_period, found.list))
    }

    fn limit(&self, plan: &Plan, limit: &Limit) -> wire::Limit {
        let word = plan.limits.get(&limit.id);
        wire::Limit {
            id: limit.id.clone(),
            name: limit.name.clone(),
            unit: limit.unit.clone(),
            scope: limit.scope,
            allowed: allowance::of_plan(plan, limit, self.seats),
            custom: word == Some(&Allowance::Word(AllowanceWord::Custom)),
        }
    }

    fn credits(&self, plan: &Plan) -> Vec<wire::Credit> {
        let granted = self.seller.catalog.credits.iter();
        let seats = i64::from(self.seats);
        granted
            .filter_map(|credit| {
                let grant = plan.credits.get(&credit.id)?;
                let times = match grant.per {
                    Scope::Seat => seats,
                    Scope::Workspace | Scope::User => 1,
                };
                Some(wire::Credit {
                    id: credit.id.clone(),
                    name: credit.name.clone(),
                    amount: grant.amount.map(|amount| amount.saturating_mul(times)),
                    reset: credit.reset,
                })
            })
            .collect()
    }
}

/// The price list and the currency of a country, or of the rest of the world.
fn place(seller: &Seller, to: &For) -> Result<(String, Currency), Refusal> {
    let (policy, catalog) = (&seller.policy, &seller.catalog);
    if let Some(country) = &to.country {
        let country = input::country(country)?;
        return customer::place(policy, catalog, &country, to.currency);
    }
    let fits = |region: &&Region| match to.currency {
        Some(currency) => region.currencies.contains(&currency),
        None => region.countries.iter().any(|country| country == "*"),
    };
    let region = catalog.regions.iter().find(fits).or_else(|| {
        let first = catalog.regions.first();
        first.filter(|_| to.currency.is_none())
    });
    let wanted = to.currency.or_else(|| region?.currencies.first().copied());
    match (region, wanted) {
        (Some(region), Some(currency)) => Ok((region.id.clone(), currency)),
        _ => {
            let message = format!("{} has no prices in that currency.", catalog.seller.name);
            Err(Refusal::new(Code::CurrencyNotTaken, message).run("catalog show"))
        }
    }
}

/// The seat types that fit a plan, the usual one first.
fn seat_types(catalog: &Catalog, plan: &Plan) -> Vec<String> {
    let usual = catalog.usual_seat_type(plan).to_owned();
    let all: Vec<&String> = match plan.seat_types.is_empty() {
        true => catalog.seat_types.iter().map(|kind| &kind.id).collect(),
        false => plan.seat_types.iter().collect(),
    };
    let mut types = vec![usual];
    for id in all {
        if !types.contains(id) {
            types.push(id.clone());
        }
    }
    types
}
