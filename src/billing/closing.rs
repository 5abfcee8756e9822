//! Closing an account: whether it may be, what must be accepted first, and what ends with it.

use super::account::Switch;
use super::calendar::Day;
use super::cancel::cut;
use super::change::Change;
use super::order::OrderState;
use super::policy::{CloseMode, Situation};
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::term::{Term, Trial};

/// Whether a person has accepted what closing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warned {
    /// He has.
    Accepted,
    /// He was not asked yet.
    NotYet,
}

/// The account is closed, with everything that still waits or runs (KA-8). Nothing is deleted and nothing is
/// given back.
///
/// # Errors
/// The policy never closes, paid time runs, or a warning was not accepted.
pub fn close(scene: &Scene<'_>, warned: Warned) -> Result<Vec<Change>, Refusal> {
    let (facts, on) = (scene.facts, scene.on());
    let name = &facts.account.name;
    let rules = &scene.policy.account;
    let until = paid(scene).map(|term| term.span.end).max();
    match (rules.close, until) {
        (CloseMode::Never, _) => {
            let message = format!(
                "{name} cannot be closed: accounts are kept, and only frozen or deactivated."
            );
            return Err(Refusal::new(Code::CloseNotAllowed, message)
                .because(scene.policy, "account.close", "never")
                .run(format!("plan cancel {name}"))
                .routed(name, Situation::Support));
        }
        (CloseMode::AfterEnd, Some(until)) => return Err(runs(scene, until)),
        (CloseMode::AfterEnd, None) | (CloseMode::EndsPlan, _) => {}
    }
    if warned == Warned::NotYet
        && let Some(warning) = warning(scene, until)
    {
        return Err(Refusal::new(Code::WarningNotAccepted, warning)
            .because(scene.policy, "account.close", mode_name(rules.close))
            .run(format!("account close {name} --yes")));
    }
    let account = facts.account.id;
    let mut changes: Vec<Change> = facts
        .pending_orders()
        .map(|order| Change::SetOrder {
            order: order.id,
            state: OrderState::Cancelled,
            at: scene.at,
        })
        .collect();
    changes.extend(running(scene));
    if facts.switched(Switch::AutoRenew, scene.at).unwrap_or(false) {
        let switched = super::account::Switched {
            switch: Switch::AutoRenew,
            on: false,
            at: scene.at,
        };
        changes.push(Change::Switch { account, switched });
    }
    if !facts.scheduled.is_empty() {
        changes.push(Change::Schedule {
            account,
            asked_on: on,
            change: None,
        });
    }
    if facts.method.is_some() {
        changes.push(Change::SetMethod {
            account,
            method: None,
            on,
        });
    }
    changes.push(Change::CloseAccount { account, on });
    Ok(changes)
}

/// Terms that are paid for days to come.
fn paid<'s>(scene: &Scene<'s>) -> impl Iterator<Item = &'s Term> {
    let on = scene.on();
    let terms = scene.facts.terms.iter();
    terms.filter(move |term| term.paid && on < term.span.end)
}

/// The end of everything that runs: paid terms, add-ons and trials.
fn running(scene: &Scene<'_>) -> Vec<Change> {
    let (facts, on) = (scene.facts, scene.on());
    let trials = facts.trials.iter().filter(|trial| trial.runs_on(on));
    let trials = trials.map(|trial| Change::EditTrial {
        account: facts.account.id,
        trial: Trial {
            ended_on: Some(on),
            ..trial.clone()
        },
    });
    let mut changes = cut(facts, on);
    changes.extend(trials);
    changes
}

fn runs(scene: &Scene<'_>, until: Day) -> Refusal {
    let name = &scene.facts.account.name;
    let message = format!("{name} is paid until {until} and cannot be closed before.");
    let refusal = Refusal::new(Code::CloseNotAllowed, message).because(
        scene.policy,
        "account.close",
        "after_end",
    );
    match scene.facts.switched(Switch::Cancel, scene.at) {
        Some(true) => refusal.say(format!(
            "The subscription is cancelled and ends on {until}."
        )),
        Some(false) | None => refusal.run(format!("plan cancel {name}")),
    }
}

/// What must be accepted: the seller's own warning, or that a plan ends.
fn warning(scene: &Scene<'_>, until: Option<Day>) -> Option<String> {
    let name = &scene.facts.account.name;
    let ends = until.map(|until| format!("{name} is paid until {until}, and closing ends that."));
    match (&scene.policy.account.close_warning, ends) {
        (Some(warning), Some(ends)) => Some(format!("{ends} {warning}")),
        (Some(warning), None) => Some(warning.clone()),
        (None, ends) => ends,
    }
}

fn mode_name(mode: CloseMode) -> &'static str {
    match mode {
        CloseMode::AfterEnd => "after_end",
        CloseMode::EndsPlan => "ends_plan",
        CloseMode::Never => "never",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::calendar::midnight;
    use crate::billing::sample::{self, day};

    fn closed(mode: CloseMode, warned: Warned, on: &str) -> Result<Vec<Change>, Refusal> {
        let (facts, mut policy, catalog) = (sample::facts(), sample::policy(), sample::catalog());
        policy.account.close = mode;
        policy.account.close_warning = Some("Write to support first to keep the plan.".to_owned());
        let scene = Scene {
            facts: &facts,
            catalog: &catalog,
            catalog_id: 1,
            policy: &policy,
            at: midnight(day(on)),
            member: None,
            reason: None,
        };
        close(&scene, warned)
    }

    #[test]
    fn ka_8_closing_ends_the_plan_after_a_warning() {
        let refused = closed(CloseMode::EndsPlan, Warned::NotYet, "2026-05-01").unwrap_err();
        assert_eq!(refused.code, Code::WarningNotAccepted);
        assert_eq!(
            refused.message,
            "acme is paid until 2026-10-15, and closing ends that. Write to support first to keep the plan."
        );
        let changes = closed(CloseMode::EndsPlan, Warned::Accepted, "2026-05-01").unwrap();
        assert!(changes.contains(&Change::EndTerm {
            term: 1,
            end: day("2026-05-01"),
            cut_on: Some(day("2026-05-01")),
        }));
        assert_eq!(
            changes.last(),
            Some(&Change::CloseAccount {
                account: 1,
                on: day("2026-05-01")
            })
        );
    }

    #[test]
    fn a_paid_account_closes_only_after_its_end_or_never() {
        let refused = closed(CloseMode::AfterEnd, Warned::Accepted, "2026-10-14").unwrap_err();
        assert_eq!(refused.code, Code::CloseNotAllowed);
        assert!(closed(CloseMode::AfterEnd, Warned::Accepted, "2026-10-15").is_ok());
        let refused = closed(CloseMode::Never, Warned::Accepted, "2026-10-15").unwrap_err();
        assert_eq!(refused.route, Some(Situation::Support));
    }
}
