//! What can be bought on top of a plan: each add-on as an account could order it on a day.

use super::{Quoted, Wish, quote};
use crate::billing::calendar::Period;
use crate::billing::catalog::{AddOn, Sale};
use crate::billing::money::{Currency, Money};
use crate::billing::refusal::Refusal;
use crate::billing::scene::Scene;
use crate::billing::term::SoldPrice;

/// An add-on as an account could order it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The add-on.
    pub add_on: &'a AddOn,
    /// What it is priced in.
    pub currency: Currency,
    /// Its prices, one for each period that it is sold for, or one for the running term.
    pub prices: Vec<Offered>,
    /// Why it cannot be ordered now, where it cannot for any period.
    pub refused: Option<Refusal>,
}

/// What an add-on costs for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The period; absent where the add-on runs with a term and none runs.
    pub period: Option<Period>,
    /// One unit for the whole period.
    pub price: Option<SoldPrice>,
    /// What an order of the least quantity comes to today, tax included.
    pub today: Option<Money>,
}

/// Every add-on that is sold with the account's plan (K26-21), in the catalog's order.
pub fn offers<'a>(scene: &Scene<'a>) -> Vec<Offer<'a>> {
    let standing = scene.standing();
    let plan = standing.plan();
    let fits = |add_on: &&AddOn| {
        let with = |plan| add_on.plans.iter().any(|id| id == plan);
        add_on.sale != Sale::Closed && (add_on.plans.is_empty() || plan.is_none_or(with))
    };
    let all = scene.catalog.add_ons.iter().filter(fits);
    all.map(|add_on| offer(scene, add_on)).collect()
}

fn offer<'a>(scene: &Scene<'a>, add_on: &'a AddOn) -> Offer<'a> {
    let running = scene.standing().term.map(|term| term.period);
    let own: Vec<Option<Period>> = match add_on.periods.is_empty() {
        true => vec![None],
        false => add_on.periods.iter().copied().map(Some).collect(),
    };
    let mut refused = None;
    let mut prices = Vec::new();
    for period in own {
        let wish = Wish {
            add_ons: vec![(add_on.id.clone(), add_on.min)],
            add_on_period: period,
            ..Wish::default()
        };
        let today = match quote(scene, &wish) {
            Ok(Quoted::Order(order)) => Some(order.total),
            Ok(Quoted::Later(_)) => None,
            Err(refusal) => {
                refused = refused.or(Some(refusal));
                None
            }
        };
        let period = period.or(running);
        let price = period.and_then(|period| scene.price_of(&add_on.id, None, period).ok());
        prices.push(Offered {
            period,
            price,
            today,
        });
    }
    let none = prices.iter().all(|offered| offered.today.is_none());
    Offer {
        add_on,
        currency: scene.facts.account.currency,
        prices,
        refused: refused.filter(|_| none),
    }
}
