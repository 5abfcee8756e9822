//! One account, one transaction's worth: the answer that came, and everything up to the next question.

use super::fold::folded;
use super::mark::looked_at;
use super::{Hear, Heard, Runner, Setting};
use crate::billing::account::{Facts, Numbers};
use crate::billing::calendar::Day;
use crate::billing::change::Change;
use crate::billing::due::{self, What};
use crate::billing::late::Brought;
use crate::billing::payment::{Answer, Payment};
use crate::billing::refusal::Refusal;
use crate::desk::{Failure, Terms};
use crate::store::{Chain, Known, NewLine, Sheet, Tx};
use crate::wire::Document;
use crate::wire::renew::{Renewed, Step};
use serde::Serialize;
use std::collections::BTreeSet;

/// What the journal calls a run.
const COMMAND: &str = "renew run";

/// One account of a chunk.
pub(super) struct Work {
    pub(super) facts: Facts,
    /// The rows that this run has put down for it.
    known: Known,
    /// The day it is marked with in the store.
    pub(super) due_on: Option<Day>,
    /// The day it was marked with when the run came.
    since: Day,
    /// Payments that were asked about in this run.
    asked: BTreeSet<i64>,
    /// The payment to ask about next.
    pub(super) ask: Option<Payment>,
    pub(super) answer: Option<Answer>,
    /// Something was kept, or looked at, for it.
    begun: bool,
    pub(super) ended: bool,
    /// What the transaction that is open has done for it.
    did: Option<Did>,
}

/// What was decided for one account, to be kept in one transaction.
pub(super) struct Decided {
    account: i64,
    sheet: Sheet,
    line: Option<Line>,
}

/// Its line of the journal.
struct Line {
    key: Option<String>,
    request: String,
    document: String,
}

impl Decided {
    /// The account's key.
    pub(super) fn account(&self) -> i64 {
        self.account
    }

    /// Writes what was put down, and the line that it belongs to.
    pub(super) fn keep(
        &self,
        tx: &mut Tx<'_>,
        terms: &Terms,
        chain: &mut Chain,
    ) -> Result<(), Failure> {
        tx.write(chain.next(), &self.sheet)?;
        let Some(line) = &self.line else {
            return Ok(());
        };
        let line = NewLine {
            id: chain.next(),
            recorded_at: terms.recorded_at,
            as_of: terms.at,
            account: Some(self.account),
            command: COMMAND,
            actor: &terms.by,
            on_behalf: None,
            reason: terms.reason.as_deref(),
            key: line.key.as_deref(),
            request: &line.request,
            document: line.document.as_str().into(),
        };
        Ok(tx.write_behind(chain, &line)?)
    }

    /// Its sheet, for the next account.
    pub(super) fn into_sheet(self) -> Sheet {
        self.sheet
    }
}

/// What was done for one account in one transaction.
#[derive(Default)]
struct Did {
    steps: Vec<Step>,
    key: Option<String>,
    refused: Vec<Refusal>,
    unsettled: Option<String>,
    ask: Option<Payment>,
}

impl Work {
    pub(super) fn of(facts: Facts, (since, due_on): (Day, Option<Day>)) -> Work {
        Work {
            facts,
            known: Known::default(),
            due_on,
            since,
            asked: BTreeSet::new(),
            ask: None,
            answer: None,
            begun: false,
            ended: false,
            did: None,
        }
    }

    /// The account's key.
    pub(super) fn account(&self) -> i64 {
        self.facts.account.id
    }

    /// Another program has written: this is known now.
    pub(super) fn knows(&mut self, facts: Facts, due_on: Option<Day>) {
        (self.facts, self.due_on) = (facts, due_on);
        self.known.forget();
    }

    /// Does what can be done without asking anybody, in memory; what of it is to be kept is put down on a sheet.
    pub(super) fn decide(
        &mut self,
        setting: &Setting<'_>,
        numbers: &mut Numbers,
        mut sheet: Sheet,
    ) -> Result<Decided, Failure> {
        self.facts.next.clone_from(numbers);
        let mut did = Did::default();
        let mut changes = self.take_answer(setting, &mut did);
        let ground = setting.ground();
        let advanced = due::advance(&mut self.facts, &ground, &mut self.asked);
        if !self.begun {
            let late = due::skipped(
                &self.facts,
                ground.catalog,
                ground.policy,
                ground.at,
                self.since,
            );
            let today = ground.at.date();
            did.steps.extend(
                late.into_iter()
                    .map(|text| Step::said("skipped", today, text)),
            );
        }
        let rules = (ground.catalog, ground.policy);
        let days = (advanced.next, setting.turn);
        let next = looked_at(&self.facts, rules, ground.at, days);
        for due in &advanced.done {
            if !matches!(due.what, What::Settle { .. }) {
                did.keep(&self.facts, &due.what, due.on);
            }
        }
        did.refused
            .extend(advanced.refused.into_iter().map(|(_, refusal)| refusal));
        changes.extend(advanced.changes);
        numbers.clone_from(&self.facts.next);
        if next != self.due_on {
            let account = self.facts.account.id;
            changes.push(Change::SetDue { account, on: next });
            self.due_on = next;
        }
        did.ask = advanced.ask;
        let line = self.line(&mut did)?;
        let known = std::mem::take(&mut self.known);
        // Who asks nobody is done, and its rows are left alone from here on.
        let done = did.ask.is_none();
        sheet.begin(if done { known.completed() } else { known });
        let changes = folded(changes);
        changes.iter().try_for_each(|change| sheet.change(change))?;
        let known = sheet.end();
        if !done {
            self.known = known;
        }
        self.did = Some(did);
        Ok(Decided {
            account: self.account(),
            sheet,
            line,
        })
    }

    /// Takes in what a gateway has answered. The answer stays until it is kept.
    fn take_answer(&mut self, setting: &Setting<'_>, did: &mut Did) -> Vec<Change> {
        let (Some(payment), Some(answer)) = (&self.ask, &self.answer) else {
            return Vec::new();
        };
        if let Answer::Unknown { trouble } = answer {
            let text = format!("{} over {}: {trouble}", payment.number(), payment.amount);
            did.unsettled = Some(text);
        }
        let on = setting.terms.on();
        match due::answer(&mut self.facts, &setting.ground(), payment.id, answer) {
            Ok(Brought {
                changes,
                late: Some(late),
            }) => {
                if !changes.is_empty() {
                    did.steps.push(Step::said("case", on, late.message.clone()));
                }
                did.refused.push(late);
                changes
            }
            Ok(Brought { changes, .. }) => {
                if !changes.is_empty() {
                    did.key = Some(format!("answer/{}", payment.key)).filter(|_| ends(answer));
                    did.steps.push(answered(payment, answer, on));
                }
                changes
            }
            Err(refusal) => {
                did.refused.push(refusal);
                Vec::new()
            }
        }
    }

    /// The line of the journal about what was done. The mark of the next due day alone is no fact and has none.
    fn line(&self, did: &mut Did) -> Result<Option<Line>, Failure> {
        if did.steps.is_empty() {
            return Ok(None);
        }
        let account = &self.facts.account.name;
        let request = Request {
            what: COMMAND,
            with: With { account },
        };
        let document = Document::Renewed(Box::new(Renewed {
            account: account.clone(),
            did: did.steps.clone(),
            next: self.due_on,
        }));
        Ok(Some(Line {
            key: did.key.take(),
            request: serde_json::to_string(&request)?,
            document: serde_json::to_string(&document)?,
        }))
    }

    /// The transaction was forgotten: nothing was done, and nobody will be asked what it wanted to ask. An account
    /// that is set aside is asked about no more.
    pub(super) fn forget(&mut self, aside: bool) {
        self.known.forget();
        let wanted = self.did.take().and_then(|did| did.ask);
        if let Some(payment) = wanted {
            self.asked.remove(&payment.id);
        }
        if aside {
            (self.ask, self.answer, self.ended) = (None, None, true);
        }
    }

    /// The transaction was kept: what was done is counted and told, and the next question is set.
    pub(super) fn kept(&mut self, runner: &mut Runner<'_>, hear: &mut Hear<'_>) {
        let Some(did) = self.did.take() else { return };
        let name = &self.facts.account.name;
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let tally = &mut runner.tally;
        tally.accounts = tally.accounts.saturating_add(u64::from(!self.begun));
        tally.refused = tally.refused.saturating_add(count(did.refused.len()));
        if let Some(text) = &did.unsettled {
            hear(Heard::Unsettled(name, text));
            tally.unsettled = tally.unsettled.saturating_add(1);
        }
        for refusal in &did.refused {
            hear(Heard::Refused(name, refusal));
        }
        if !did.steps.is_empty() {
            hear(Heard::Did(name, &did.steps));
        }
        for step in did.steps {
            let sum = tally.did.entry(step.what).or_default();
            *sum = sum.saturating_add(1);
        }
        self.begun = true;
        self.answer = None;
        self.ended = did.ask.is_none();
        self.ask = did.ask;
    }
}

/// A request of the journal, as it is read again.
#[derive(Serialize)]
struct Request<'a> {
    #[serde(rename = "do")]
    what: &'a str,
    with: With<'a>,
}

#[derive(Serialize)]
struct With<'a> {
    account: &'a str,
}

impl Did {
    fn keep(&mut self, facts: &Facts, what: &What, on: Day) {
        if self.key.is_none() {
            self.key = key(facts, what);
        }
        self.steps.push(Step {
            what: what.name().to_owned(),
            on,
            text: due::done_in_words(what, facts),
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
