//! Some accounts together: decide and keep, ask, keep the answers, and on from there until nothing is due.

use super::ask::{Question, ask_all};
use super::{Hear, Heard, Runner, pause};
use crate::billing::account::Facts;
use crate::billing::calendar::Day;
use crate::billing::change::Change;
use crate::billing::due::{self, What};
use crate::billing::payment::{Answer, Payment};
use crate::desk::{Desk, Failure, load};
use crate::store::{NewLine, Tx};
use crate::wire::Document;
use crate::wire::renew::{Renewed, Step};
use std::collections::BTreeSet;

/// What the journal calls a run.
const COMMAND: &str = "renew run";

/// Some accounts that are worked on together.
pub(super) struct Chunk<'a> {
    accounts: &'a [(Day, i64)],
    works: Vec<Work>,
    passings: u64,
}

/// One account of a chunk.
struct Work {
    facts: Facts,
    /// The day it is marked with in the store.
    due_on: Option<Day>,
    /// The day it was marked with when the run came.
    since: Day,
    /// Payments that were asked about in this run.
    asked: BTreeSet<i64>,
    /// The payment to ask about next.
    ask: Option<Payment>,
    answer: Option<Answer>,
    ended: bool,
}

impl<'a> Chunk<'a> {
    pub(super) fn of(accounts: &'a [(Day, i64)]) -> Chunk<'a> {
        Chunk {
            accounts,
            works: Vec::new(),
            passings: 0,
        }
    }

    /// Works until nothing is due; the accounts for which something still is.
    pub(super) fn work(
        mut self,
        desk: &mut Desk,
        runner: &mut Runner<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<Vec<i64>, Failure> {
        if self.accounts.is_empty() {
            return Ok(Vec::new());
        }
        loop {
            let mut tx = desk.store.begin()?;
            self.refresh(&tx, runner)?;
            let mut works = std::mem::take(&mut self.works);
            for work in works.iter_mut().filter(|work| !work.ended) {
                step(&mut tx, runner, work, hear)?;
            }
            self.works = works;
            pause::point("before-commit", &mut self.passings);
            tx.commit()?;
            pause::point("after-commit", &mut self.passings);
            if !self.ask(runner) {
                break;
            }
            pause::point("asked", &mut self.passings);
        }
        let stays = self
            .works
            .iter()
            .filter(|work| work.due_on.is_some_and(|day| day <= runner.terms.on()));
        Ok(stays.map(|work| work.facts.account.id).collect())
    }

    /// Facts, free keys and the end of the journal: read once, and again when another program has written.
    fn refresh(&mut self, tx: &Tx<'_>, runner: &mut Runner<'_>) -> Result<(), Failure> {
        let read = tx.read();
        let version = read.data_version()?;
        let same = runner.version == Some(version);
        if !same {
            runner.numbers = read.numbers()?;
            let rules = &runner.ground().policy.invoice;
            runner.numbers.in_year = load::in_year(read, rules, runner.terms.on(), "")?;
            runner.chain = read.chain()?;
            runner.version = Some(version);
        }
        let first = self.works.is_empty();
        if first {
            let ids: Vec<i64> = self.accounts.iter().map(|(_, id)| *id).collect();
            let since: std::collections::HashMap<i64, Day> =
                self.accounts.iter().map(|(day, id)| (*id, *day)).collect();
            let facts = read.facts_of_many(&ids)?;
            self.works = facts
                .into_iter()
                .map(|facts| Work::of(runner.seller.worded(facts), &since))
                .collect();
        } else if !same {
            let waiting = self.works.iter_mut().filter(|work| !work.ended);
            let mut waiting: Vec<&mut Work> = waiting.collect();
            waiting.sort_by_key(|work| work.facts.account.id);
            let ids: Vec<i64> = waiting.iter().map(|work| work.facts.account.id).collect();
            for (work, facts) in waiting.into_iter().zip(read.facts_of_many(&ids)?) {
                work.facts = runner.seller.worded(facts);
            }
        }
        if first || !same {
            for work in self.works.iter_mut().filter(|work| !work.ended) {
                work.due_on = read.due_on(work.facts.account.id)?;
            }
        }
        Ok(())
    }

    /// Asks about every payment that waits; false if none does.
    fn ask(&mut self, runner: &Runner<'_>) -> bool {
        let waiting: Vec<&mut Work> = self
            .works
            .iter_mut()
            .filter(|work| work.ask.is_some())
            .collect();
        let questions: Vec<Question<'_>> = waiting
            .iter()
            .filter_map(|work| {
                Some(Question {
                    payment: work.ask.as_ref()?,
                    account: &work.facts.account.name,
                })
            })
            .collect();
        if questions.is_empty() {
            return false;
        }
        let answers = ask_all(runner, &questions);
        for (work, answer) in waiting.into_iter().zip(answers) {
            work.answer = Some(answer);
        }
        true
    }
}

impl Work {
    fn of(facts: Facts, since: &std::collections::HashMap<i64, Day>) -> Work {
        let since = since.get(&facts.account.id).copied().unwrap_or_default();
        Work {
            facts,
            due_on: None,
            since,
            asked: BTreeSet::new(),
            ask: None,
            answer: None,
            ended: false,
        }
    }
}

/// One account, one transaction's worth: the answer that came, and everything up to the next question.
fn step(
    tx: &mut Tx<'_>,
    runner: &mut Runner<'_>,
    work: &mut Work,
    hear: &mut Hear<'_>,
) -> Result<(), Failure> {
    let first = work.asked.is_empty();
    work.facts.next.clone_from(&runner.numbers);
    let mut done = Did::default();
    take_answer(runner, work, &mut done, hear);
    let ground = runner.ground();
    let advanced = due::advance(&mut work.facts, &ground, &mut work.asked);
    let skipped = match first {
        true => due::skipped(
            &work.facts,
            ground.catalog,
            ground.policy,
            ground.at,
            work.since,
        ),
        false => Vec::new(),
    };
    let next = due::next_due(&work.facts, ground.catalog, ground.policy, ground.at);
    for (_, refusal) in &advanced.refused {
        hear(Heard::Refused(&work.facts.account.name, refusal));
    }
    for text in &skipped {
        done.steps
            .push(Step::said("skipped", ground.at.date(), text.clone()));
    }
    for due in &advanced.done {
        if !matches!(due.what, What::Settle { .. }) {
            done.keep(work, &due.what, due.on);
        }
    }
    done.changes.extend(advanced.changes);
    runner.numbers.clone_from(&work.facts.next);
    if next != work.due_on {
        let account = work.facts.account.id;
        done.changes.push(Change::SetDue { account, on: next });
        work.due_on = next;
    }
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let tally = &mut runner.tally;
    tally.refused = tally.refused.saturating_add(count(advanced.refused.len()));
    if first {
        tally.accounts = tally.accounts.saturating_add(1);
    }
    if !done.steps.is_empty() {
        hear(Heard::Did(&work.facts.account.name, &done.steps));
    }
    for step in &done.steps {
        let sum = tally.did.entry(step.what.clone()).or_default();
        *sum = sum.saturating_add(1);
    }
    work.ended = advanced.ask.is_none();
    work.ask = advanced.ask;
    keep(tx, runner, work, &done)
}

/// What was done for one account in one transaction.
#[derive(Default)]
struct Did {
    changes: Vec<Change>,
    steps: Vec<Step>,
    key: Option<String>,
}

impl Did {
    fn keep(&mut self, work: &Work, what: &What, on: Day) {
        if self.key.is_none() {
            self.key = key(&work.facts, what);
        }
        self.steps.push(Step {
            what: what.name().to_owned(),
            on,
            text: what.to_string(),
        });
    }
}

/// The key of what is done first: it can be there once.
fn key(facts: &Facts, what: &What) -> Option<String> {
    let account = facts.account.id;
    match what {
        What::Order { renews, .. } => {
            let made = facts
                .orders
                .iter()
                .filter(|order| order.renews == Some(*renews))
                .count();
            Some(match made {
                0 | 1 => format!("renew/{account}/{renews}"),
                more => format!("renew/{account}/{renews}/{more}"),
            })
        }
        What::Charge {
            order: Some(order),
            attempt,
            ..
        } => Some(format!(
            "retry/{}/{attempt}",
            crate::billing::order::number(*order)
        )),
        What::Message { kind, about } => Some(format!("message/{account}/{kind}/{about}")),
        What::CollectSeats { until } => {
            Some(format!("collect/{account}/{until}/{}", facts.next.order))
        }
        What::Charge { order: None, .. }
        | What::Settle { .. }
        | What::Lapse { .. }
        | What::GiveUp { .. }
        | What::Case { .. } => None,
    }
}

/// Takes in what a gateway has answered.
fn take_answer(runner: &mut Runner<'_>, work: &mut Work, done: &mut Did, hear: &mut Hear<'_>) {
    let (Some(payment), Some(answer)) = (work.ask.take(), work.answer.take()) else {
        return;
    };
    let name = work.facts.account.name.clone();
    if let Answer::Unknown { trouble } = &answer {
        let text = format!("{} over {}: {trouble}", payment.number(), payment.amount);
        hear(Heard::Unsettled(&name, &text));
        runner.tally.unsettled = runner.tally.unsettled.saturating_add(1);
    }
    let ground = runner.ground();
    match due::answer(&mut work.facts, &ground, payment.id, &answer) {
        Ok(changes) if changes.is_empty() => {}
        Ok(changes) => {
            done.key = Some(format!("answer/{}", payment.key)).filter(|_| ends(&answer));
            done.steps
                .push(answered(&payment, &answer, runner.terms.on()));
            done.changes.extend(changes);
        }
        Err(refusal) => {
            hear(Heard::Refused(&name, &refusal));
            runner.tally.refused = runner.tally.refused.saturating_add(1);
        }
    }
}

fn ends(answer: &Answer) -> bool {
    matches!(answer, Answer::Paid { .. } | Answer::Declined { .. })
}

fn answered(payment: &Payment, answer: &Answer, on: Day) -> Step {
    let order = payment
        .order
        .map(crate::billing::order::number)
        .unwrap_or_default();
    let (what, text) = match answer {
        Answer::Paid { .. } => ("paid", format!("{order} is paid: {}", payment.amount)),
        Answer::Declined { reason } => (
            "declined",
            format!("{order} over {} was declined: {reason}", payment.amount),
        ),
        Answer::Pending { .. } => (
            "pending",
            format!("{order}: {} is on its way", payment.amount),
        ),
        Answer::Unknown { .. } => ("unknown", format!("{order}: nobody knows")),
    };
    Step {
        what: what.to_owned(),
        on,
        text,
    }
}

/// Applies the changes, and writes the line of the journal that they belong to. The mark of the next due
/// day alone is no fact and has no line.
fn keep(tx: &mut Tx<'_>, runner: &mut Runner<'_>, work: &Work, done: &Did) -> Result<(), Failure> {
    if done.changes.is_empty() && done.steps.is_empty() {
        return Ok(());
    }
    tx.apply(runner.chain.next(), &done.changes)?;
    if done.steps.is_empty() {
        return Ok(());
    }
    let account = &work.facts.account;
    let document = Document::Renewed(Box::new(Renewed {
        account: account.name.clone(),
        did: done.steps.clone(),
        next: work.due_on,
    }));
    let request = serde_json::json!({ "do": COMMAND, "with": { "account": account.name } });
    let line = NewLine {
        id: runner.chain.next(),
        recorded_at: runner.terms.recorded_at,
        as_of: runner.terms.at,
        account: Some(account.id),
        command: COMMAND,
        actor: &runner.terms.by,
        on_behalf: None,
        reason: runner.terms.reason.as_deref(),
        key: done.key.as_deref(),
        request: &request.to_string(),
        document: serde_json::to_string(&document)?,
    };
    tx.write_behind(&mut runner.chain, &line)?;
    Ok(())
}
