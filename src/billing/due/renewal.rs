//! The renewal that follows an account's last paid term: which day, which order, which method, and whether
//! anything of it happens by itself.

use super::charge::{attempts, next_attempt};
use super::{Due, What};
use crate::billing::account::{Facts, SavedMethod, Switch};
use crate::billing::agreed;
use crate::billing::calendar::{Day, Moment, midnight, plus_days};
use crate::billing::catalog::Catalog;
use crate::billing::order::{Order, OrderState};
use crate::billing::payment::Payment;
use crate::billing::policy::{OrderKind, Policy, Reactivation, State, WhenOff};
use crate::billing::standing::standing;
use crate::billing::stated;
use crate::billing::term::{SoldPrice, Term};
use crate::billing::timeline::{Action, Anchor, Step};

/// The renewal of an account's last paid term.
pub(super) struct Renewal<'a> {
    pub facts: &'a Facts,
    pub policy: &'a Policy,
    pub at: Moment,
    /// The last paid term.
    last: &'a Term,
    /// Its end, and so the first day of the next.
    pub end: Day,
    /// The method on file, if it can be charged without the customer.
    method: Option<&'a SavedMethod>,
    /// Every order made for the next term.
    orders: Vec<&'a Order>,
    /// Attempts to collect them.
    pub attempts: Vec<&'a Payment>,
    /// Whether the next term is ordered and charged by itself.
    pub auto_renew: bool,
    pub cancelled: bool,
    /// Whether the service goes on, or its end is still to come.
    live: bool,
}

impl<'a> Renewal<'a> {
    pub fn of(
        facts: &'a Facts,
        catalog: &Catalog,
        policy: &'a Policy,
        at: Moment,
    ) -> Option<Renewal<'a>> {
        let last = facts
            .terms
            .iter()
            .filter(|term| term.paid)
            .max_by_key(|term| term.span.end)?;
        let end = last.span.end;
        let orders: Vec<&Order> = facts
            .orders
            .iter()
            .filter(|order| order.renews == Some(end))
            .collect();
        let attempts = attempts(facts, &orders);
        let method = facts.method.as_ref().filter(|saved| {
            catalog
                .method(&saved.method)
                .is_some_and(|known| known.recurring)
        });
        let state = standing(facts, policy, at).state;
        Some(Renewal {
            auto_renew: auto_renew(facts, end, at),
            cancelled: facts.switched(Switch::Cancel, at).unwrap_or(false),
            live: at.date() < end || state == State::PastDue,
            facts,
            policy,
            at,
            last,
            end,
            method,
            orders,
            attempts,
        })
    }

    /// The open order for the next term.
    pub fn open_order(&self) -> Option<&'a Order> {
        self.orders
            .iter()
            .find(|order| order.state.is_open())
            .copied()
    }

    /// The day of a step that is anchored at the end of the term, never before the term itself.
    pub fn day_of(&self, step: &Step) -> Day {
        plus_days(self.end, step.days).max(self.last.span.start)
    }

    /// The first day that is too late to catch up with the renewal.
    pub fn too_late(&self) -> Day {
        plus_days(self.end, i64::from(self.policy.renewal.catch_up_days))
    }

    pub fn steps(&self, action: Action) -> impl Iterator<Item = &'a Step> {
        self.policy
            .timeline
            .iter()
            .filter(move |step| step.anchor == Anchor::TermEnd && step.action == action)
    }

    /// The first day on which a step of an action happens, if its condition holds.
    fn first_day(&self, action: Action) -> Option<Day> {
        self.steps(action)
            .filter(|step| super::holds(step.when, self.auto_renew, self.facts))
            .map(|step| self.day_of(step))
            .min()
    }

    /// Whether the next term is charged without anybody asking.
    fn charges_itself(&self) -> bool {
        self.auto_renew && !self.cancelled && self.method.is_some()
    }

    /// A method that was put on file after the service ended, and brings it back (KS-6, KS-28).
    fn returning(&self) -> Option<&'a SavedMethod> {
        let ordered = |order: &Order| order.kind == OrderKind::Purchase;
        let wanted = self.policy.end.reactivation == Reactivation::Method
            && !self.facts.pending_orders().any(ordered)
            && !self.live
            && self.at.date() >= self.end;
        self.method
            .filter(|_| wanted)
            .filter(|saved| saved.saved_on >= self.end && !self.tried(saved))
    }

    /// Whether a method was charged since it was put on file.
    fn tried(&self, saved: &SavedMethod) -> bool {
        self.attempts.iter().any(|attempt| {
            attempt.method == saved.method
                && attempt.reference.as_deref() == Some(&saved.reference)
                && attempt.begun_at.date() >= saved.saved_on
        })
    }

    /// The renewal order, where one is to be made and is not there.
    pub fn order(&self, all: &mut Vec<Due>) {
        if let Some(open) = self.open_order() {
            let stale = open.state == OrderState::Pending
                && self.at.date() < self.end
                && !self.cancelled
                && !self.fits(open);
            if stale {
                all.push(self.order_on(self.at.date(), Some(open.id)));
            } else if let Some(saved) = self.returning().filter(|_| self.asks_for_a_stop(open)) {
                all.push(self.order_on(saved.saved_on, Some(open.id)));
            }
            return;
        }
        if let Some(saved) = self.returning() {
            all.push(self.order_on(saved.saved_on, None));
            return;
        }
        // Whoever called the order off did not want another one.
        if !self.orders.is_empty() || self.cancelled || self.at.date() >= self.too_late() {
            return;
        }
        let first = self
            .first_day(Action::CreateOrder)
            .or_else(|| self.first_day(Action::Charge));
        let wanted = match self.charges_itself() {
            true => self.live,
            false => self.policy.renewal.when_off == WhenOff::UnpaidOrder,
        };
        if let Some(on) = first.filter(|_| wanted) {
            all.push(self.order_on(on, None));
        }
    }

    /// Whether an order's invoice asks for days on which nobody was served, because the service had stopped.
    fn asks_for_a_stop(&self, open: &Order) -> bool {
        let begins = stated::begins_on(open).filter(|_| open.stated_from().is_some());
        let passed = begins.is_some_and(|begins| begins < self.at.date());
        open.state == OrderState::Pending && passed
    }

    fn order_on(&self, on: Day, replaces: Option<i64>) -> Due {
        let renews = self.end;
        let from = match self.live {
            true => renews,
            false => self.at.date().max(renews),
        };
        Due {
            on,
            what: What::Order {
                renews,
                from,
                replaces,
            },
        }
    }

    /// Whether an unpaid order still is what the next term is to be: seats may have been paid for, or a
    /// change asked for, since it was made.
    fn fits(&self, order: &Order) -> bool {
        let Some(slice) = self.last.last_slice() else {
            return true;
        };
        let next = self.facts.scheduled.last().map(|waits| &waits.change);
        let wanted_plan = next
            .and_then(|next| next.plan.as_ref())
            .unwrap_or(&slice.plan);
        let wanted_seats = next
            .and_then(|next| next.seats.as_ref())
            .unwrap_or(&slice.seats);
        let wanted_period = next
            .and_then(|next| next.period)
            .unwrap_or(self.last.period);
        let collects = |id| order.collects().any(|collected| collected == id);
        if !crate::billing::deferred::waiting(self.facts).all(|(waits, _)| collects(waits.id)) {
            return false;
        }
        order.terms().all(|term| {
            let agreed = |(kind, sold): (&String, &SoldPrice)| {
                let unit = (term.plan.as_str(), Some(kind.as_str()));
                agreed::holds(self.facts, unit, term.period, self.end, sold)
            };
            term.plan == *wanted_plan
                && term.period == wanted_period
                && term.seats == *wanted_seats
                && term.prices.iter().all(agreed)
        })
    }

    /// The next charge, or the end of all attempts.
    pub fn charge(&self, all: &mut Vec<Due>) {
        let order = self.open_order();
        if order.is_some_and(|order| order.state == OrderState::Processing) {
            return;
        }
        let made = order.is_some() || all.iter().any(|due| matches!(due.what, What::Order { .. }));
        if !made {
            return;
        }
        let attempt = u32::try_from(self.attempts.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let charge = |on| Due {
            on,
            what: What::Charge {
                order: order.map(|order| order.id),
                renews: self.end,
                attempt,
            },
        };
        if let Some(saved) = self.returning() {
            all.push(charge(saved.saved_on));
            return;
        }
        let next = match self.attempts.as_slice() {
            [] => self
                .first_day(Action::Charge)
                .filter(|_| self.live && self.at.date() < self.too_late()),
            failed => self
                .new_method(failed)
                .or_else(|| next_attempt(&self.policy.retry, failed)),
        };
        match next {
            Some(on) if self.charges_itself() && self.in_bounds(on) => all.push(charge(on)),
            Some(_) => {}
            None => self.give_up(order, all),
        }
    }

    fn in_bounds(&self, on: Day) -> bool {
        let bound = i64::from(self.policy.renewal.catch_up_days);
        self.at.date() <= plus_days(on, bound)
    }

    /// The day from which a method other than the declined one can be tried (KS-4).
    fn new_method(&self, failed: &[&Payment]) -> Option<Day> {
        let last = failed.last()?;
        let saved = self
            .method
            .filter(|saved| self.live && !self.tried(saved))?;
        (saved.saved_on >= last.begun_at.date()).then_some(saved.saved_on)
    }

    fn give_up(&self, order: Option<&Order>, all: &mut Vec<Due>) {
        let (Some(order), Some(last)) = (order, self.attempts.last()) else {
            return;
        };
        if super::exhausted(self.policy, &self.attempts) {
            all.push(Due {
                on: last.begun_at.date(),
                what: What::GiveUp { order: order.id },
            });
        }
    }
}

/// Whether a renewal follows by itself: auto-renewal is on, and was on when the term ended. Turning it on
/// later brings nothing back, and turning it off later stops what was missed.
pub fn auto_renew(facts: &Facts, end: Day, at: Moment) -> bool {
    let on = |at| facts.switched(Switch::AutoRenew, at).unwrap_or(false);
    on(at) && (at.date() < end || on(midnight(end)))
}
