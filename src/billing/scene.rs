//! Everything a rule looks at: one account's facts, the seller's two files, the moment, and who asks.

use super::access;
use super::account::{Agreed, Discount, Facts, NextTerm};
use super::agreed;
use super::calendar::{Day, Moment, Period};
use super::catalog::{Catalog, Plan};
use super::policy::{Allow, OrderKind, Policy, Situation, State};
use super::price::{self, Item};
use super::refusal::{Code, Refusal};
use super::standing::{Standing, standing};
use super::term::{Seats, SoldPrice, Term};
use rust_decimal::Decimal;

/// What a rule looks at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The account.
    pub facts: &'a Facts,
    /// What is sold on the day.
    pub catalog: &'a Catalog,
    /// The catalog's key in the store.
    pub catalog_id: i64,
    /// How the seller behaves on the day.
    pub policy: &'a Policy,
    /// The moment.
    pub at: Moment,
    /// The member on whose behalf; without one the operator acts as support.
    pub member: Option<&'a str>,
    /// Why, as far as somebody said.
    pub reason: Option<&'a str>,
}

impl<'a> Scene<'a> {
    /// The day.
    pub fn on(&self) -> Day {
        self.at.date()
    }

    /// What the account is.
    pub fn standing(&self) -> Standing<'a> {
        standing(self.facts, self.policy, self.at)
    }

    /// The cohorts that the account belongs to.
    pub fn cohorts(&self) -> Vec<&'a str> {
        price::cohorts(self.catalog, self.facts.customer_since(), self.on())
    }

    /// A plan of the catalog.
    ///
    /// # Errors
    /// The catalog has no such plan.
    pub fn plan(&self, id: &str) -> Result<&'a Plan, Refusal> {
        self.catalog.plan(id).ok_or_else(|| {
            let known = self.catalog.plans.iter().map(|plan| plan.id.as_str());
            Refusal::unknown("plan", id, known)
        })
    }

    /// What one unit of an item costs for a whole period: agreed with the account, or by the price list.
    ///
    /// # Errors
    /// There is no price.
    pub fn price_of(
        &self,
        item: &str,
        seat_type: Option<&str>,
        period: Period,
    ) -> Result<SoldPrice, Refusal> {
        self.price_from(item, seat_type, period, self.on())
    }

    /// The same for time that begins on a day: as agreed for that day, or by the price list of the scene's.
    ///
    /// # Errors
    /// There is no price.
    pub fn price_from(
        &self,
        item: &str,
        seat_type: Option<&str>,
        period: Period,
        start: Day,
    ) -> Result<SoldPrice, Refusal> {
        match agreed::price_on(self.facts, (item, seat_type), period, start) {
            Some(agreed) => Ok(agreed),
            None => self.list_price(item, seat_type, period),
        }
    }

    fn list_price(
        &self,
        item: &str,
        seat_type: Option<&str>,
        period: Period,
    ) -> Result<SoldPrice, Refusal> {
        let wanted = match self.catalog.add_on(item) {
            Some(_) => Item::AddOn(item),
            None => Item::Plan {
                plan: item,
                seat_type,
            },
        };
        let account = &self.facts.account;
        let (region, currency) = (&account.region, account.currency);
        let cohorts = self.cohorts();
        price::unit_price(
            self.catalog,
            wanted,
            region,
            currency,
            period,
            &cohorts,
            self.on(),
        )
        .map(|found| SoldPrice {
            amount: found.per_period,
            list: found.list,
        })
        .map_err(|none| {
            let code = match none.missing {
                price::Missing::Period { .. } => Code::PeriodNotSold,
                price::Missing::Currency { .. } => Code::CurrencyNotTaken,
                price::Missing::Any | price::Missing::Here { .. } | price::Missing::Day { .. } => {
                    Code::NoPrice
                }
            };
            let refusal = Refusal::new(code, none.to_string());
            match wanted {
                Item::Plan { .. } => refusal.run(format!("plan list --account {}", account.name)),
                Item::AddOn(_) => refusal.run(format!(
                    "account agree {} --price {item} --period {} --amount AMOUNT --reason TEXT",
                    account.name,
                    String::from(period)
                )),
            }
        })
    }

    /// What is agreed with the account on the day, latest first.
    pub fn agreements(&self) -> impl Iterator<Item = &'a Agreed> {
        let on = self.on();
        self.facts
            .agreements
            .iter()
            .rev()
            .filter(move |agreed| agreed.from <= on && agreed.until.is_none_or(|until| on < until))
            .map(|agreement| &agreement.what)
    }

    /// Discounts agreed with the account.
    pub fn discounts(&self) -> Vec<Discount> {
        self.agreements()
            .filter_map(|agreed| match agreed {
                Agreed::Discount(discount) => Some(*discount),
                _ => None,
            })
            .collect()
    }

    /// How many units are billed for so many ordered seats of a type: packs, the plan's minimum and the
    /// agreed one apply to the plan's usual type.
    pub fn billed_seats(&self, plan: &Plan, seat_type: &str, ordered: u32) -> u32 {
        if seat_type != self.catalog.usual_seat_type(plan) {
            return ordered;
        }
        let agreed = self.agreements().find_map(|agreed| match agreed {
            Agreed::MinimumSeats { seats } => Some(*seats),
            _ => None,
        });
        plan.billed(ordered.max(agreed.unwrap_or(0)))
    }

    /// Why more units are billed than were ordered, if they are: the catalog's key with its value.
    pub fn billed_above(&self, plan: &Plan, seat_type: &str, ordered: u32) -> Option<[String; 2]> {
        let billed = self.billed_seats(plan, seat_type, ordered);
        let key = format!("plan.{}.seats", plan.id);
        let value = match plan.billed(ordered) {
            _ if billed <= ordered => return None,
            without if without < billed => format!("at least {billed}, agreed with the account"),
            _ if plan.seats.minimum_billed > ordered => {
                format!("minimum_billed = {}", plan.seats.minimum_billed)
            }
            _ => format!("pack = {}", plan.seats.pack),
        };
        Some([key, value])
    }

    /// Whether the standing allows an order of a kind.
    ///
    /// # Errors
    /// It does not.
    pub fn check_kind(&self, kind: OrderKind) -> Result<(), Refusal> {
        let standing = self.standing();
        if self.policy.allows(standing.state, kind) {
            return Ok(());
        }
        let name = &self.facts.account.name;
        let code = match (standing.state, kind) {
            (State::Closed, _) => Code::AccountClosed,
            (State::New | State::Trialing | State::TrialEnded | State::Free, _)
                if kind != OrderKind::Purchase =>
            {
                Code::NoSubscription
            }
            _ => Code::OrderKindNotAllowed,
        };
        let state = words(standing.state);
        let unit = &self.catalog.unit;
        let wanted = kind_words(kind, unit);
        let message = format!("{name} is {state}, and then {wanted} cannot be ordered.");
        let listed = self.policy.allowed.get(&standing.state);
        let kinds = match listed {
            Some(kinds) => kinds.clone(),
            None => OrderKind::ALL
                .into_iter()
                .filter(|kind| self.policy.allows(standing.state, *kind))
                .collect(),
        };
        let kinds: Vec<String> = kinds.iter().map(|kind| kind_words(*kind, unit)).collect();
        let allowed = match kinds.is_empty() {
            true => "nothing".to_owned(),
            false => kinds.join(", "),
        };
        let key = format!("allowed.{}", state_key(standing.state));
        let refusal = Refusal::new(code, message).because(self.policy, &key, allowed);
        Err(match code {
            Code::NoSubscription => refusal.run(format!("order checkout {name}")),
            Code::OrderKindNotAllowed if self.member.is_some() => {
                refusal.routed(name, Situation::Support)
            }
            _ => refusal.run(format!("account show {name}")),
        })
    }

    /// Whether the one who asks may make a change of which the policy says who may.
    ///
    /// # Errors
    /// Nobody may; or only support may, and a member asks, or support gives no reason.
    pub fn check_allow(
        &self,
        allow: Allow,
        key: &str,
        code: Code,
        what: &str,
    ) -> Result<(), Refusal> {
        let name = &self.facts.account.name;
        match (allow, self.member, self.reason) {
            (Allow::SelfService, _, _) | (Allow::Support, None, Some(_)) => Ok(()),
            (Allow::Refuse, _, _) => {
                let message = format!("{what} is not possible for {name}.");
                Err(Refusal::new(code, message)
                    .because(self.policy, key, "refuse")
                    .routed(name, Situation::Support))
            }
            (Allow::Support, Some(_), _) => {
                let message = format!("{what} is done by the seller's support, not by members.");
                Err(Refusal::new(code, message)
                    .because(self.policy, key, "support")
                    .routed(name, Situation::Support))
            }
            (Allow::Support, None, None) => {
                let message = format!("{what} is done by support and needs a reason.");
                Err(access::reason_missing(message).because(self.policy, key, "support"))
            }
        }
    }

    /// Paid terms that have not ended, the running one first.
    pub fn paid_terms(&self) -> impl Iterator<Item = &'a Term> {
        let on = self.on();
        let terms = self.facts.terms.iter();
        terms.filter(move |term| term.paid && term.span.end > on)
    }

    /// A mark of what the subscription is: it differs as soon as paid time, seats or plan do, or as
    /// something that was billed for them is given back.
    pub fn basis(&self) -> String {
        let marks: Vec<String> = self
            .paid_terms()
            .map(|term| {
                let credited = self.facts.billed.iter().fold(0_i64, |sum, billed| {
                    let own = billed.line.term == Some(term.id);
                    sum.saturating_add(if own { billed.credited.minor } else { 0 })
                });
                let given = match credited {
                    0 => String::new(),
                    credited => format!(":{credited}"),
                };
                format!("{}:{}:{}{given}", term.id, term.span.end, term.slices.len())
            })
            .collect();
        if marks.is_empty() {
            "none".to_owned()
        } else {
            marks.join(" ")
        }
    }
}

/// A seat count in words: `3 seats`, `3 full, 2 collaborator`.
pub fn seats_in_words(seats: &Seats, unit: &str) -> String {
    let total: u32 = seats
        .values()
        .fold(0, |sum, count| sum.saturating_add(*count));
    let plural = if total == 1 { "" } else { "s" };
    match seats.len() {
        0 | 1 => format!("{total} {unit}{plural}"),
        _ => seats
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// How the next term differs, in words: `Starter, 1 month, 2 licences`.
pub fn next_in_words(catalog: &Catalog, next: &NextTerm) -> String {
    let plan = next.plan.as_deref().map(|id| {
        let plan = catalog.plan(id);
        plan.map_or_else(|| id.to_owned(), |plan| plan.name.clone())
    });
    let period = next.period.map(|period| period.to_string());
    let seats = next.seats.as_ref();
    let seats = seats.map(|seats| seats_in_words(seats, &catalog.unit));
    let parts: Vec<String> = [plan, period, seats].into_iter().flatten().collect();
    parts.join(", ")
}

/// A state as a person says it.
pub fn words(state: State) -> &'static str {
    match state {
        State::New => "new",
        State::Trialing => "in its trial",
        State::TrialEnded => "past its trial",
        State::Free => "on the free plan",
        State::Active => "active",
        State::Cancelling => "cancelled but still paid for",
        State::PastDue => "past due",
        State::Frozen => "frozen",
        State::Expired => "expired",
        State::Deactivated => "deactivated",
        State::Closed => "closed",
    }
}

/// A state as a policy file spells it.
pub fn state_key(state: State) -> &'static str {
    match state {
        State::New => "new",
        State::Trialing => "trialing",
        State::TrialEnded => "trial_ended",
        State::Free => "free",
        State::Active => "active",
        State::Cancelling => "cancelling",
        State::PastDue => "past_due",
        State::Frozen => "frozen",
        State::Expired => "expired",
        State::Deactivated => "deactivated",
        State::Closed => "closed",
    }
}

/// An order kind as a person says it, with what the seller calls one of its seats.
pub fn kind_words(kind: OrderKind, unit: &str) -> String {
    let said = match kind {
        OrderKind::Seats => return format!("more {unit}s"),
        OrderKind::SeatRemoval => return format!("fewer {unit}s"),
        OrderKind::Purchase => "a purchase",
        OrderKind::Upgrade => "an upgrade",
        OrderKind::Downgrade => "a downgrade",
        OrderKind::PeriodChange => "a change of period",
        OrderKind::Extension => "an extension",
        OrderKind::Renewal => "a renewal",
        OrderKind::AddOn => "an add-on",
    };
    said.to_owned()
}

/// Percent as text without trailing zeros.
pub fn percent(value: Decimal) -> String {
    format!("{} %", value.normalize())
}
