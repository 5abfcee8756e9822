//! Orders: place, look, cancel is elsewhere; paying is `payment`'s.

use super::load::{self, Seen, seen};
use super::{Decision, Failure, Question, Request, Terms};
use crate::billing::account::NextTerm;
use crate::billing::apply;
use crate::billing::calendar::{Day, Period};
use crate::billing::catalog::Catalog;
use crate::billing::change::Change;
use crate::billing::collect;
use crate::billing::order::{Order, Part};
use crate::billing::policy::Operation;
pub use crate::billing::quote::Wish;
use crate::billing::quote::{Quoted, billed_seats, gives_seats_up, quote};
use crate::billing::refusal::Refusal;
use crate::billing::scene::{Scene, next_in_words};
pub use crate::store::Filter;
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::order as wire;
use serde::{Deserialize, Serialize};

/// Places an order for whatever is wished; or books a change for the renewal, where the policy says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// The account.
    pub account: String,
    /// What is asked for.
    pub wish: Wish,
}

/// What placing came to.
pub enum Placed {
    /// An order, by its key.
    Order(i64),
    /// A change that waits for the renewal.
    Later(NextTerm),
}

impl Create {
    /// Which right the wish needs.
    fn operation(&self, scene: &Scene<'_>) -> Operation {
        let wish = &self.wish;
        match () {
            () if wish.plan.is_some() || wish.period.is_some() => Operation::ChangePlan,
            () if gives_seats_up(scene, wish) => Operation::RemoveSeats,
            () if wish.seats.is_some() || !wish.more_seats.is_empty() => Operation::AddSeats,
            () if wish.extend.is_some() => Operation::Renew,
            () if !wish.add_ons.is_empty() => Operation::Credits,
            () => Operation::Order,
        }
    }
}

impl Request for Create {
    const NAME: &'static str = "order create";
    type Facts = Seen;
    type Answer = Placed;

    fn facts(&self, read: Reader<'_>, terms: &Terms) -> Result<Seen, Failure> {
        seen(read, &self.account, terms)
    }

    fn decide(&self, seen: &Seen, terms: &Terms) -> Result<Decision<Placed>, Refusal> {
        let scene = seen.scene(terms);
        seen.check(self.operation(&scene), terms)?;
        seen.check(Operation::Order, terms)?;
        match quote(&scene, &self.wish)? {
            Quoted::Order(order) => {
                let id = order.id;
                let mut decision = Decision::of(collect::place(&scene, &order)?, Placed::Order(id));
                if let Some(reminder) = &seen.policy.credits.reminder
                    && !self.wish.add_ons.is_empty()
                {
                    decision = decision.note(reminder.clone());
                }
                if let Some(left) = apply::carried(&scene, order.total) {
                    decision = decision.note(apply::carry_in_words(&scene, left));
                }
                decision.notes.extend(remarks(&scene, &order));
                decision
                    .notes
                    .extend(billed_seats::in_words(&scene, &order));
                Ok(decision)
            }
            Quoted::Later(next) => {
                let change = Change::Schedule {
                    account: seen.facts.account.id,
                    asked_on: terms.on(),
                    change: Some(next.clone()).filter(|next| !next.is_as_before()),
                };
                let sentence = later(seen, terms, &next);
                Ok(Decision::of(vec![change], Placed::Later(next)).note(sentence))
            }
        }
    }

    fn document(
        &self,
        read: Reader<'_>,
        terms: &Terms,
        placed: Placed,
    ) -> Result<Document, Failure> {
        match placed {
            Placed::Order(id) => order_document(read, terms, id),
            Placed::Later(next) => {
                let seen = seen(read, &self.account, terms)?;
                let from = seen.standing(terms).paid_until;
                let account = self.account.clone();
                let unit = seen.catalog.unit.clone();
                let plan = next.plan.as_deref().and_then(|id| seen.catalog.plan(id));
                let plan_name = plan.map(|plan| plan.name.clone());
                Ok(Document::Scheduled(Box::new(wire::Scheduled {
                    account,
                    from,
                    next,
                    plan_name,
                    unit,
                })))
            }
        }
    }

    fn wished(&self, catalog: &Catalog) -> Option<String> {
        Some(self.wish.in_words(catalog)).filter(|words| !words.is_empty())
    }

    fn account(&self, seen: &Seen) -> Option<i64> {
        Some(seen.facts.account.id)
    }
}

/// What waits for the renewal, in a sentence.
fn later(seen: &Seen, terms: &Terms, next: &NextTerm) -> String {
    if next.is_as_before() {
        return "What waited for the renewal is taken back.".to_owned();
    }
    let what = next_in_words(&seen.catalog, next);
    let day = seen.standing(terms).paid_until;
    let day = day.map_or_else(|| "the renewal".to_owned(), |day| day.to_string());
    format!("From {day} on: {what}. Nothing is to be paid now.")
}

/// What a person must know besides the order: what still changes at the renewal, and add-ons that end.
fn remarks(scene: &Scene<'_>, order: &Order) -> Vec<String> {
    let mut remarks = Vec::new();
    let after = wire::Afterwards::of(scene, order);
    let day = after.as_ref().and_then(|after| after.paid_until);
    if let Some(waits) = after.and_then(|after| after.at_renewal) {
        let day = day.map_or_else(|| "the renewal".to_owned(), |day| day.to_string());
        remarks.push(format!(
            "From {day} on it is still {}, as asked for on {}; when this is paid, `subdesk {}` takes that back.",
            waits.text, waits.asked_on, waits.withdraw
        ));
    }
    remarks.extend(order.parts.iter().filter_map(|part| match part {
        Part::AddOn { add_on, period, .. } => ends_alone(scene, add_on, (*period, day)),
        _ => None,
    }));
    remarks
}

/// That an add-on does not renew with the paid term, because it ends on another day or never renews.
fn ends_alone(
    scene: &Scene<'_>,
    add_on: &str,
    (period, paid_until): (Period, Option<Day>),
) -> Option<String> {
    let add_on = scene.catalog.add_on(add_on)?;
    let name = &add_on.name;
    if add_on.periods.is_empty() {
        return (!add_on.renews).then(|| format!("{name} does not renew with the paid term."));
    }
    let end = period.after(scene.on(), 1, chrono::Datelike::day(&scene.on()));
    let renews = add_on.renews && Some(end) == paid_until;
    (!renews)
        .then(|| format!("{name} ends on {end} if it is paid today, and does not renew by itself."))
}

/// An order by its number.
///
/// # Errors
/// There is none.
pub fn by_number(read: Reader<'_>, number: &str) -> Result<Order, Failure> {
    let digits = number
        .trim()
        .trim_start_matches(['O', 'o'])
        .trim_start_matches('-');
    let id: Option<i64> = digits.parse().ok();
    let found = match id {
        Some(id) => read.order(id)?,
        None => None,
    };
    found.ok_or_else(|| {
        let latest = read.orders(&Filter {
            at_most: 200,
            ..Filter::default()
        });
        let names = latest.unwrap_or_default().into_iter();
        let numbers = names.map(|order| crate::billing::order::number(order.id));
        load::missing("order", number, numbers)
    })
}

/// The document of an order: what it costs, what it brings, and what was done about it.
///
/// # Errors
/// The store cannot be read.
pub fn order_document(read: Reader<'_>, terms: &Terms, id: i64) -> Result<Document, Failure> {
    let order = read
        .order(id)?
        .ok_or_else(|| Failure::not_found("order", id.to_string()))?;
    let account = read
        .account_by_id(order.account)?
        .ok_or_else(|| Failure::not_found("account", ""))?;
    let facts = read.facts(account, terms.on())?;
    let seller = load::seller(read, terms.on())?;
    let facts = seller.worded(facts);
    let invoice = read.invoice_of_order(id)?;
    let payments = read.payments_of_order(id)?;
    let scene = seller.scene(&facts, terms.at);
    let mut document = wire::Order::of(&scene, &order, invoice.as_ref());
    document.payments = payments
        .iter()
        .map(|payment| wire::Payment::of(payment, &facts.account.name, None))
        .collect();
    place_keys(read, &mut document.lines, terms)?;
    if let Some(served) = &mut document.served {
        served.because.place = super::seller::place_of(read, &served.because.key, terms.on())?;
    }
    Ok(Document::Order(Box::new(document)))
}

/// Fills in where each line's key stands in the policy file.
pub(super) fn place_keys(
    read: Reader<'_>,
    lines: &mut [wire::Line],
    terms: &Terms,
) -> Result<(), Failure> {
    for because in lines.iter_mut().filter_map(|line| line.because.as_mut()) {
        because.place = super::seller::place_of(read, &because.key, terms.on())?;
    }
    Ok(())
}

/// An order by its number.
#[derive(Debug, Clone)]
pub struct Show {
    /// Its number.
    pub order: String,
}

impl Question for Show {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let order = by_number(read, &self.order)?;
        load::may_look(read, Some(&read.account_name(order.account)?), terms)?;
        order_document(read, terms, order.id)
    }
}

/// Orders, newest first.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Only of this account.
    pub account: Option<String>,
    /// What else narrows it.
    pub filter: Filter,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        load::may_look(read, self.account.as_deref(), terms)?;
        let filter = load::narrowed(read, self.account.as_deref(), &self.filter)?;
        let unit = load::seller(read, terms.on())?.catalog.unit.clone();
        let rows = read.orders(&filter)?.into_iter();
        Ok(Document::Orders(
            rows.map(|row| brief(row, &unit)).collect(),
        ))
    }
}

/// One order in a list.
pub fn brief(row: crate::store::OrderRow, unit: &str) -> wire::Brief {
    wire::Brief {
        unit: unit.to_owned(),
        number: crate::billing::order::number(row.id),
        account: row.account,
        kind: row.kind,
        state: row.state,
        placed_on: row.placed_on,
        total: row.total.into(),
    }
}
