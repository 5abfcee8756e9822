//! A look ahead: the days to come played through in memory, with assumed answers of the gateways.

use super::{Due, Ground, advance, agenda, answer, skipped};
use crate::billing::account::Facts;
use crate::billing::calendar::{Day, Moment, plus_days};
use crate::billing::catalog::Catalog;
use crate::billing::payment::{Answer, Payment};
use crate::billing::policy::State;
use crate::billing::refusal::Refusal;
use crate::billing::renamed::Versions;
use crate::billing::standing::standing;
use std::collections::BTreeSet;

/// Something that would happen.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// Time brings something.
    Did(&'a Due),
    /// A gateway answers about a charge.
    Answered(&'a Payment, &'a Answer),
    /// The account becomes something else.
    Became(State),
    /// A rule refuses what is due.
    Refused(&'a Due, &'a Refusal),
    /// It was missed for longer than is caught up; in words.
    Skipped(&'a str),
}

/// A day on which other files of the seller come into force.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The first day.
    pub on: Day,
    /// What is sold from then on.
    pub catalog: &'a Catalog,
    /// The first day of each of its versions, where plans were renamed.
    pub versions: &'a Versions,
}

/// Plays one account from a moment until a day, that day included: a run on every day, at the time of day of
/// the moment. `ground` gives the seller's files of a day, `turns` when they change, oldest first, and `answers`
/// what a gateway would say. No run has looked at the account `since` a day, if it is known. The facts are in the
/// words of the first day's catalog.
pub fn play<'g>(
    facts: &mut Facts,
    (since, from, until): (Option<Day>, Moment, Day),
    (ground, turns): (&dyn Fn(Moment) -> Ground<'g>, &[Turn<'_>]),
    answers: &mut dyn FnMut(&Payment) -> Answer,
    hear: &mut dyn FnMut(Moment, Event<'_>),
) {
    let mut at = from;
    let mut state = standing(facts, ground(at).policy, at).state;
    let mut turns = turns.iter().filter(|turn| turn.on > from.date()).peekable();
    loop {
        while let Some(turn) = turns.next_if(|turn| turn.on <= at.date()) {
            facts.in_words_of(turn.catalog, turn.versions);
        }
        let day = ground(at);
        run_once(facts, &day, answers, hear);
        if let Some(since) = since.filter(|_| at == from) {
            for text in skipped(facts, day.catalog, day.policy, at, since) {
                hear(at, Event::Skipped(&text));
            }
        }
        let now = standing(facts, day.policy, at);
        if now.state != state {
            state = now.state;
            hear(at, Event::Became(state));
        }
        let known = [now.until, turns.peek().map(|turn| turn.on)];
        let Some(next) = next_day(facts, &day, known) else {
            return;
        };
        if next > until {
            return;
        }
        at = next.and_time(from.time());
    }
}

/// Everything that one run would do.
fn run_once(
    facts: &mut Facts,
    ground: &Ground<'_>,
    answers: &mut dyn FnMut(&Payment) -> Answer,
    hear: &mut dyn FnMut(Moment, Event<'_>),
) {
    let mut asked = BTreeSet::new();
    loop {
        let advanced = advance(facts, ground, &mut asked);
        for done in &advanced.done {
            hear(ground.at, Event::Did(done));
        }
        for (due, refusal) in &advanced.refused {
            hear(ground.at, Event::Refused(due, refusal));
        }
        let Some(payment) = advanced.ask else {
            return;
        };
        let said = answers(&payment);
        hear(ground.at, Event::Answered(&payment, &said));
        if answer(facts, ground, payment.id, &said).is_err() {
            return;
        }
    }
}

/// The next day on which anything can be different.
fn next_day(facts: &Facts, ground: &Ground<'_>, known: [Option<Day>; 2]) -> Option<Day> {
    let today = ground.at.date();
    let planned = agenda(facts, ground.catalog, ground.policy, ground.at);
    let days = planned
        .iter()
        .map(|due| due.on)
        .chain(known.into_iter().flatten())
        .chain(super::super::standing::paid_until(facts))
        .filter(|day| *day > today);
    // What is due and could not be done is tried again on the next day; a look ahead need not.
    days.min().map(|day| day.max(plus_days(today, 1)))
}
