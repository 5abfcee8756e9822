//! An account under two sellers' calendars, for tests: days pass, and what they bring is written down.

use super::play::{Event, play};
use super::{Ground, due};
use crate::billing::account::{Facts, SavedMethod, Switch, Switched};
use crate::billing::calendar::{Day, Moment, midnight};
use crate::billing::catalog::Catalog;
use crate::billing::payment::{Answer, Payment};
use crate::billing::policy::{Policy, State};
use crate::billing::sample::{catalog, day, facts};
use crate::billing::standing::standing;
use crate::billing::term::SoldPrice;
use std::collections::BTreeSet;

/// Reminder at nine days, order and charge at three, three retries a day apart (FK-30, FK-31).
pub(super) const BY_HAND_AFTERWARDS: &str = r#"
id = "acme-seller"
effective_from = "2026-01-01"
timeline = [
  { anchor = "term_end", days = -9, action = "message", message = "renewal_reminder" },
  { anchor = "term_end", days = -3, action = "create_order" },
  { anchor = "term_end", days = -3, action = "charge", when = "auto_renew" },
]
[renewal]
when_off = "unpaid_order"
[retry]
waits = [1, 1, 1]
"#;

/// Invoice and charge on the day, three days of grace, frozen without a card, back with a card (KS-1..6).
pub(super) const BY_CARD: &str = r#"
id = "acme-seller"
effective_from = "2026-01-01"
timeline = [
  { anchor = "term_end", days = -7, action = "message", when = "no_method", message = "add_card" },
  { anchor = "term_end", days = 0, action = "create_order", when = "auto_renew" },
  { anchor = "term_end", days = 0, action = "charge", when = "auto_renew" },
  { anchor = "first_failure", days = 0, action = "message", message = "card_declined" },
]
[invoice]
issue = "order"
[end]
no_method = "frozen"
failed = "deactivated"
unpaid = "deactivated"
grace_days = 3
grace_counts = "hours"
reactivation = "method"
[cancel]
then = "deactivated"
[retry]
waits = [1, 1]
"#;

pub(super) struct Case {
    pub(super) catalog: Catalog,
    pub(super) policy: Policy,
    pub(super) facts: Facts,
    pub(super) said: Vec<String>,
}

impl Case {
    /// Acme's term ends on 2026-10-15; it renews by itself with a card.
    pub(super) fn of(policy: &str) -> Case {
        let mut facts = facts();
        let slice = &mut facts.terms[0].slices[0];
        let price = SoldPrice {
            amount: "60".parse().unwrap(),
            list: "world".to_owned(),
        };
        slice.prices.insert("full".to_owned(), price);
        facts.method = Some(card("tok-1", "2026-04-15"));
        facts.switches.push(Switched {
            switch: Switch::AutoRenew,
            on: true,
            at: midnight(day("2026-04-15")),
        });
        Case {
            catalog: catalog(),
            policy: toml::from_str(policy).unwrap(),
            facts,
            said: Vec::new(),
        }
    }

    pub(super) fn switch(&mut self, switch: Switch, on: bool, at: &str) {
        let at = at.parse().unwrap();
        self.facts.switches.push(Switched { switch, on, at });
    }

    /// Runs every day from one day to another at three o'clock.
    pub(super) fn live(
        &mut self,
        from: &str,
        until: &str,
        mut says: impl FnMut(&Payment) -> Answer,
    ) {
        let (catalog, policy) = (self.catalog.clone(), self.policy.clone());
        let by_hand = BTreeSet::new();
        let ground = |at| Ground {
            by_hand: &by_hand,
            catalog: &catalog,
            catalog_id: 1,
            policy: &policy,
            at,
        };
        let said = &mut self.said;
        let from: Moment = format!("{from}T03:00:00").parse().unwrap();
        play(
            &mut self.facts,
            (None, from, day(until)),
            (&ground, &[]),
            &mut says,
            &mut |at, event| {
                let text = match event {
                    Event::Did(due) => due.what.to_string(),
                    Event::Answered(_, answer) => answer_word(answer).to_owned(),
                    Event::Became(state) => format!("{state:?}"),
                    Event::Refused(due, refusal) => format!("refused {}: {refusal}", due.what),
                    Event::Skipped(text) => text.to_owned(),
                };
                said.push(format!("{} {text}", at.format("%m-%d")));
            },
        );
    }

    pub(super) fn state(&self, at: &str) -> State {
        standing(&self.facts, &self.policy, at.parse().unwrap()).state
    }

    pub(super) fn due(&self, at: &str) -> Vec<String> {
        let at = at.parse().unwrap();
        let all = due(&self.facts, &self.catalog, &self.policy, at);
        all.iter().map(|due| due.what.to_string()).collect()
    }
}

pub(super) fn card(reference: &str, saved_on: &str) -> SavedMethod {
    SavedMethod {
        method: "card".to_owned(),
        reference: reference.to_owned(),
        saved_on: day(saved_on),
    }
}

pub(super) fn answer_word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Paid { .. } => "paid",
        Answer::Declined { .. } => "declined",
        Answer::Pending { .. } => "pending",
        Answer::Unknown { .. } => "unknown",
    }
}

pub(super) fn paid(_: &Payment) -> Answer {
    Answer::Paid {
        reference: "r".to_owned(),
    }
}

pub(super) fn declined(_: &Payment) -> Answer {
    Answer::Declined {
        reason: "insufficient_funds".to_owned(),
    }
}

pub(super) fn last_end(case: &Case) -> Day {
    standing(&case.facts, &case.policy, midnight(day("2026-04-20")))
        .paid_until
        .unwrap()
}
