//! A real change of one account beside what other systems would make of it: the order that this seller's
//! policy prices, and the same change put as a question to the named rule sets.

use super::account::NextTerm;
use super::agreed::or_sold;
use super::calendar::midnight;
use super::catalog::Plan;
use super::compare::Question;
use super::order::Order;
use super::policy::SeatPrice;
use super::prorate::Price;
use super::quote::{Quoted, Wish, quote};
use super::refusal::{Code, Refusal};
use super::scene::{Scene, seats_in_words};
use super::term::{Seats, Slice, SoldPrice, Term};
use rust_decimal::Decimal;

/// A change of plan or seats of an account, under its seller's policy and as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What this seller does.
    pub own: Own,
    /// The change, in words.
    pub change: String,
    /// The same for the rule sets: one question for each paid term that is left and each seat type.
    pub questions: Vec<Question>,
}

/// What the seller's own policy does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// It prices an order.
    Order(Box<Order>),
    /// It waits for the renewal, and nothing is paid now.
    Later(NextTerm),
    /// It does not allow the change.
    Refused(Box<Refusal>),
}

/// Puts a change of an account to its seller's policy, and as questions to the rule sets. An order that waits
/// to be paid does not stand in the way, and support's own changes are priced.
///
/// # Errors
/// Nothing runs that could be changed, the plan is not sold, or nothing would change.
pub fn beside(scene: &Scene<'_>, wish: &Wish) -> Result<Beside, Refusal> {
    let name = &scene.facts.account.name;
    let standing = scene.standing();
    let (Some(now), true) = (standing.slice, standing.is_paid()) else {
        let message = format!("{name} has no paid subscription to compare a change of.");
        return Err(Refusal::new(Code::NoSubscription, message).run(format!("account show {name}")));
    };
    let plan = scene.plan(wish.plan.as_deref().unwrap_or(&now.plan))?;
    let seats = wanted(scene, plan, now, wish);
    let mut questions = Vec::new();
    for term in scene.paid_terms() {
        questions.extend(of_term(scene, term, (plan, &seats))?);
    }
    if questions.is_empty() {
        let message = format!("{name} has exactly that already, so there is nothing to compare.");
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    let mut facts = scene.facts.clone();
    facts.orders.retain(|order| !order.state.is_open());
    let free = Scene {
        facts: &facts,
        member: None,
        reason: Some("compared"),
        ..*scene
    };
    let own = match quote(&free, wish) {
        Ok(Quoted::Order(order)) => Own::Order(order),
        Ok(Quoted::Later(next)) => Own::Later(next),
        Err(refusal) => Own::Refused(Box::new(refusal)),
    };
    Ok(Beside {
        own,
        change: in_words(scene, (plan, &seats), now),
        questions,
    })
}

/// The seats after the change: those that are named, and the others as they are.
fn wanted(scene: &Scene<'_>, plan: &Plan, now: &Slice, wish: &Wish) -> Seats {
    let usual = scene.catalog.usual_seat_type(plan);
    let mut seats = now.seats.clone();
    for (kind, count) in wish.seats.iter().flatten() {
        let kind = if kind.is_empty() { usual } else { kind };
        seats.insert(kind.to_owned(), *count);
    }
    seats
}

fn of_term(
    scene: &Scene<'_>,
    term: &Term,
    (plan, seats): (&Plan, &Seats),
) -> Result<Vec<Question>, Refusal> {
    let Some(before) = term.slice_on(scene.on()) else {
        return Ok(Vec::new());
    };
    let old = scene.plan(&before.plan)?;
    let currency = scene.facts.account.currency;
    let mut questions = Vec::new();
    for (kind, count) in seats {
        let held = before.seats.get(kind).copied().unwrap_or(0);
        let sold = before
            .prices
            .get(kind)
            .map_or(Decimal::ZERO, |sold| sold.amount);
        let new = new_price(scene, plan, (term, before), kind)?;
        let units = |plan, count| i64::from(scene.billed_seats(plan, kind, count));
        let from = Price::of(sold, units(old, held), currency);
        let to = Price::of(new.amount, units(plan, *count), currency);
        if from == to {
            continue;
        }
        questions.push(Question {
            stretch: term.stretch(),
            from,
            to,
            on: scene.at.max(midnight(term.span.start)),
        });
    }
    Ok(questions)
}

/// What a unit costs after the change: the sold price where only seats change and the policy keeps it.
fn new_price(
    scene: &Scene<'_>,
    plan: &Plan,
    (term, before): (&Term, &Slice),
    kind: &str,
) -> Result<SoldPrice, Refusal> {
    let keeps = plan.id == before.plan && scene.policy.seats.add.price == SeatPrice::Term;
    match before.prices.get(kind).filter(|_| keeps) {
        Some(sold) => {
            let unit = (plan.id.as_str(), Some(kind));
            let on = scene.on();
            let found = or_sold(scene.facts, unit, term.period, on, (before, sold));
            Ok(found)
        }
        None => scene.price_of(&plan.id, Some(kind), term.period),
    }
}

/// `Pro instead of Advanced`, `5 seats instead of 3 seats`.
fn in_words(scene: &Scene<'_>, (plan, seats): (&Plan, &Seats), now: &Slice) -> String {
    let unit = &scene.catalog.unit;
    let mut words = Vec::new();
    if plan.id != now.plan {
        let old = scene
            .catalog
            .plan(&now.plan)
            .map_or(&now.plan, |old| &old.name);
        words.push(format!("{} instead of {old}", plan.name));
    }
    if *seats != now.seats {
        let (new, old) = (
            seats_in_words(seats, unit),
            seats_in_words(&now.seats, unit),
        );
        words.push(format!("{new} instead of {old}"));
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::compare::{Answer, ask};
    use crate::billing::order::LineKind;
    use crate::billing::rulesets;
    use crate::billing::sample;
    use std::collections::BTreeMap;

    fn scene<'a>(
        facts: &'a super::super::account::Facts,
        policy: &'a super::super::policy::Policy,
        catalog: &'a super::super::catalog::Catalog,
    ) -> Scene<'a> {
        sample::scene(facts, catalog, policy)
    }

    #[test]
    fn the_seller_s_own_lines_are_what_its_rule_set_says() {
        let (facts, policy, catalog) = (sample::facts(), sample::policy(), sample::catalog());
        let scene = scene(&facts, &policy, &catalog);
        let wish = Wish {
            plan: Some("pro".to_owned()),
            ..Wish::default()
        };
        let found = beside(&scene, &wish).unwrap();
        let Own::Order(order) = &found.own else {
            panic!("{:?}", found.own)
        };
        let set = rulesets::RuleSet {
            switches: policy.proration,
            ..*rulesets::named("lago").unwrap()
        };
        let charged: i64 = found
            .questions
            .iter()
            .map(|question| match ask(&set, question).unwrap() {
                Answer::Money(change) => change.charge.amount.minor,
                Answer::Days { .. } => panic!("money was asked for"),
            })
            .sum();
        let own = order
            .lines
            .iter()
            .filter(|line| line.kind == LineKind::Plan);
        assert_eq!(own.map(|line| line.gross.minor).sum::<i64>(), charged);
    }

    #[test]
    fn nothing_to_compare_is_said() {
        let (mut facts, policy, catalog) = (sample::facts(), sample::policy(), sample::catalog());
        let sold = SoldPrice {
            amount: 10.into(),
            list: "basic".to_owned(),
        };
        facts.terms[0].slices[0].prices = BTreeMap::from([("full".to_owned(), sold)]);
        let scene = scene(&facts, &policy, &catalog);
        let same = Wish {
            seats: Some(BTreeMap::from([(
                String::new(),
                facts.terms[0].slices[0].seats.values().sum(),
            )])),
            ..Wish::default()
        };
        assert_eq!(
            beside(&scene, &same).unwrap_err().code,
            Code::NothingToChange
        );
        let mut without = facts.clone();
        without.terms.clear();
        let scene = Scene {
            facts: &without,
            ..scene
        };
        assert_eq!(
            beside(&scene, &same).unwrap_err().code,
            Code::NoSubscription
        );
    }
}
