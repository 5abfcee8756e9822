//! A guided checkout: what it asks about, and everything it brings in one transaction.
//!
//! Until the last yes nothing is kept, not even a new account: the offers are read in a transaction that is
//! rolled back, and the account, its details and the order are then written together.

use super::account::{Create as Newcomer, Edit};
use super::load::{Seen, seen};
use super::order::Create as Order;
use super::perform::{carry_out, expect_not_future, replayed};
use super::terms::{Effect, Outcome};
use super::{Desk, Failure, Terms};
use crate::billing::calendar::Period;
use crate::billing::catalog::{Allowance, Plan, Scope};
use crate::billing::entitlement::features_lost;
use crate::billing::money::{Money, Rounding};
use crate::billing::policy::{BonusDays, Need};
use crate::billing::quote::{methods_for, total_changed};
use crate::billing::scene::Scene;
use crate::store::Tx;
use crate::wire::Document;
use crate::wire::checkout::{Allowed, Offer, Offers, PeriodPrice, Way};
use rust_decimal::Decimal;

/// Everything that a checkout brings, in order.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// A new account.
    pub newcomer: Option<Newcomer>,
    /// Details that the order needs.
    pub edit: Option<Edit>,
}

impl Desk {
    /// What an account is offered, be it there already or only to be made.
    ///
    /// # Errors
    /// The account does not exist, or cannot be made like that.
    pub fn offers(
        &mut self,
        terms: &Terms,
        account: &str,
        steps: &Steps,
    ) -> Result<Offers, Failure> {
        let mut tx = self.store.begin()?;
        let alone = Terms {
            key: None,
            ..terms.clone()
        };
        before(&mut tx, &alone, steps)?;
        let seen = seen(tx.read(), account, terms)?;
        let offers = offers(&seen, terms);
        tx.roll_back()?;
        Ok(offers)
    }

    /// Makes the account where it is new, fills in its details, and places the order; all or nothing. The
    /// total that was `shown` is no part of the order, so that the same answers under the same key are the
    /// same request, whatever they cost when they are given again.
    ///
    /// # Errors
    /// A rule says no to any of it, or the total is not the one that was shown.
    pub fn check_out(
        &mut self,
        terms: &Terms,
        steps: &Steps,
        order: &Order,
        shown: Option<Money>,
    ) -> Result<Outcome, Failure> {
        if terms.effect == Effect::Kept {
            expect_not_future(terms)?;
        }
        let mut tx = self.store.begin()?;
        if let Some(done) = replayed(tx.read(), terms, order)? {
            return Ok(done);
        }
        let alone = Terms {
            key: None,
            ..terms.clone()
        };
        before(&mut tx, &alone, steps)?;
        let outcome = carry_out(&mut tx, terms, order)?;
        if let (Document::Order(placed), Some(shown)) = (&outcome.document, shown)
            && placed.total.money() != shown
        {
            return Err(total_changed(placed.total.money(), shown).into());
        }
        match terms.effect {
            Effect::Kept => tx.commit()?,
            Effect::DryRun => tx.roll_back()?,
        }
        Ok(outcome)
    }
}

fn before(tx: &mut Tx<'_>, terms: &Terms, steps: &Steps) -> Result<(), Failure> {
    if let Some(newcomer) = &steps.newcomer {
        carry_out(tx, terms, newcomer)?;
    }
    if let Some(edit) = &steps.edit {
        carry_out(tx, terms, edit)?;
    }
    Ok(())
}

fn offers(seen: &Seen, terms: &Terms) -> Offers {
    let scene = seen.scene(terms);
    let account = &seen.facts.account;
    let rules = &seen.policy.order;
    let standing = scene.standing();
    let held = standing.slice.filter(|_| standing.is_paid());
    let holds = held.and_then(|slice| seen.catalog.plan(&slice.plan));
    let mut plans: Vec<&Plan> = seen
        .catalog
        .plans
        .iter()
        .filter(|plan| plan.on_sale(terms.on()))
        .filter(|plan| holds.is_none_or(|held| held.rank < plan.rank))
        .collect();
    plans.sort_by_key(|plan| plan.rank);
    let adds = seen.policy.trial.as_ref().map(|trial| trial.bonus_days);
    let left = seen
        .facts
        .trials
        .iter()
        .map(|trial| trial.days_left(terms.on()))
        .max();
    Offers {
        account: account.name.clone(),
        country: account.country.clone(),
        holds: holds.map(|plan| plan.name.clone()),
        plans: plans.into_iter().map(|plan| offer(&scene, plan)).collect(),
        methods: methods_for(&scene)
            .into_iter()
            .map(|method| Way {
                id: method.id.clone(),
                name: method.name.clone(),
                parts: method.instalments.as_ref().map_or(1, |bounds| bounds.max),
            })
            .collect(),
        needs_taxpayer: rules.taxpayer_countries.contains(&account.country)
            && account.billing.taxpayer.is_none(),
        needs_address: rules.invoice_details == Need::Required
            && account.billing.address.is_empty(),
        has_address: !account.billing.address.is_empty(),
        unit: seen.catalog.unit.clone(),
        bonus_days: left
            .filter(|_| adds == Some(BonusDays::AddToTerm))
            .unwrap_or(0),
    }
}

fn offer(scene: &Scene<'_>, plan: &Plan) -> Offer {
    let named = |feature: &String| scene.catalog.feature_name(feature).to_owned();
    Offer {
        id: plan.id.clone(),
        name: plan.name.clone(),
        about: plan.about.clone(),
        prices: plan
            .periods
            .iter()
            .filter_map(|period| price(scene, plan, *period))
            .collect(),
        features: plan.features.iter().map(named).collect(),
        limits: plan
            .limits
            .iter()
            .filter_map(|limit| allowed(scene, limit))
            .collect(),
        least: plan.seats.min.max(1),
        most: plan.seats.max.unwrap_or(1_000_000),
        loses: features_lost(scene.facts, scene.policy, scene.catalog, plan, scene.at),
    }
}

fn price(scene: &Scene<'_>, plan: &Plan, period: Period) -> Option<PeriodPrice> {
    let usual = scene.catalog.usual_seat_type(plan);
    let price = scene.price_of(&plan.id, Some(usual), period).ok()?;
    let currency = scene.facts.account.currency;
    let round = |exact| Money::round(exact, currency, Rounding::HalfUp).ok();
    let monthly = period
        .months()
        .and_then(|months| round(price.amount.checked_div(Decimal::from(months))?));
    let amount = round(price.amount)?.into();
    Some(PeriodPrice {
        period,
        amount,
        monthly: monthly.map(Into::into),
    })
}

fn allowed(scene: &Scene<'_>, (id, allowance): (&String, &Allowance)) -> Option<Allowed> {
    let limit = scene.catalog.limit(id)?;
    let Allowance::Some(amount) = allowance else {
        return None;
    };
    Some(Allowed {
        name: limit.name.clone(),
        amount: *amount,
        per_unit: limit.scope == Scope::Seat,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::house::House;

    #[test]
    fn k26_28_only_plans_above_the_one_that_is_held_are_offered() {
        let mut house = House::with("");
        assert_eq!(offered(&mut house), (None, "basic pro".to_owned()));
        house.buy("basic", 6, 2);
        let above = (Some("Basic".to_owned()), "pro".to_owned());
        assert_eq!(offered(&mut house), above);
    }

    fn offered(house: &mut House) -> (Option<String>, String) {
        let terms = house.terms();
        let steps = Steps::default();
        let offers = house.desk.offers(&terms, "acme", &steps).unwrap();
        let plans: Vec<String> = offers.plans.into_iter().map(|plan| plan.id).collect();
        (offers.holds, plans.join(" "))
    }
}
