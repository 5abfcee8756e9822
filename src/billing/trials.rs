//! Starting, extending and ending a trial.

use super::access;
use super::calendar::{Span, plus_days};
use super::change::Change;
use super::on_file;
use super::policy::{Situation, State, TrialRules};
use super::refusal::{Code, Refusal};
use super::scene::{Scene, words};
use super::term::Trial;

/// A trial starts.
///
/// # Errors
/// There are none, one was had, paid time runs, or a payment method is needed.
pub fn start(scene: &Scene<'_>) -> Result<Trial, Refusal> {
    let name = &scene.facts.account.name;
    let rules = rules(scene)?;
    if let Some(running) = scene.standing().trial {
        let message = format!(
            "{name} is in its trial already, until {}.",
            running.span.end
        );
        return Err(
            Refusal::new(Code::TrialNotAvailable, message).run(format!("trial show {name}"))
        );
    }
    if let Some(before) = scene.facts.trials.last().filter(|_| rules.once) {
        let message = format!(
            "{name} had its trial from {} and can have only one.",
            before.span.start
        );
        return Err(Refusal::new(Code::TrialNotAvailable, message)
            .because(scene.policy, "trial.once", "true")
            .run(format!("order checkout {name}")));
    }
    let state = scene.standing().state;
    let had_paid = scene.facts.terms.iter().any(|term| term.paid);
    let fits = matches!(
        state,
        State::New | State::Free | State::TrialEnded | State::Frozen
    );
    if !fits || had_paid {
        let message = match had_paid && fits {
            true => format!(
                "{name} was a customer already, and a trial comes before the first purchase."
            ),
            false => format!(
                "{name} is {}, and a trial comes before the first purchase.",
                words(state)
            ),
        };
        return Err(
            Refusal::new(Code::TrialNotAvailable, message).run(format!("account show {name}"))
        );
    }
    if rules.method_required && scene.facts.method.is_none() {
        let message = format!("A trial needs a payment method on file, and {name} has none.");
        return Err(Refusal::new(Code::NoMethod, message)
            .because(scene.policy, "trial.method_required", "true")
            .run(on_file::to_set(scene)));
    }
    let end = plus_days(scene.on(), i64::from(rules.days));
    Ok(Trial {
        span: Span::new(scene.on(), end),
        plan: rules.plan.clone(),
        ended_on: None,
        extended_days: 0,
    })
}

/// A running trial is made longer, by the seller's people.
///
/// # Errors
/// None runs, a member asks, no reason is given, or it would become too long.
pub fn extend(scene: &Scene<'_>, days: u32) -> Result<Trial, Refusal> {
    let name = &scene.facts.account.name;
    let rules = rules(scene)?;
    let running = running(scene)?;
    if scene.member.is_some() {
        let message = "A trial is extended only by the seller's people.";
        return Err(Refusal::new(Code::SupportOnly, message).routed(name, Situation::Support));
    }
    access::reason("A longer trial", scene.reason)?;
    let extended_days = running.extended_days.saturating_add(days);
    if extended_days > rules.extendable_days {
        let most = rules.extendable_days;
        let left = most.saturating_sub(running.extended_days);
        let message = format!(
            "A trial can be extended by at most {most} days in all; that of {name} can have {left} more, and \
             {days} were asked for."
        );
        return Err(Refusal::new(Code::TrialNotAvailable, message).because(
            scene.policy,
            "trial.extendable_days",
            most.to_string(),
        ));
    }
    let end = plus_days(running.span.end, i64::from(days));
    Ok(Trial {
        span: Span::new(running.span.start, end),
        extended_days,
        ..running.clone()
    })
}

/// A running trial ends today.
///
/// # Errors
/// None runs.
pub fn end(scene: &Scene<'_>) -> Result<Trial, Refusal> {
    Ok(Trial {
        ended_on: Some(scene.on()),
        ..running(scene)?.clone()
    })
}

/// A trial as it is to be, as a change.
pub fn kept(scene: &Scene<'_>, trial: Trial) -> Change {
    let account = scene.facts.account.id;
    let known = scene
        .facts
        .trials
        .iter()
        .any(|known| known.span.start == trial.span.start);
    match known {
        true => Change::EditTrial { account, trial },
        false => Change::AddTrial { account, trial },
    }
}

fn rules<'a>(scene: &Scene<'a>) -> Result<&'a TrialRules, Refusal> {
    scene.policy.trial.as_ref().ok_or_else(|| {
        let message = format!("{} gives no trials.", scene.catalog.seller.name);
        let refusal =
            Refusal::new(Code::TrialNotAvailable, message).because(scene.policy, "trial", "absent");
        match super::entitlement::free_plan(scene.catalog) {
            Some(free) => refusal.run(format!("plan show {}", free.id)),
            None => refusal.run("plan list"),
        }
    })
}

fn running<'a>(scene: &Scene<'a>) -> Result<&'a Trial, Refusal> {
    let name = &scene.facts.account.name;
    scene
        .facts
        .trials
        .iter()
        .find(|trial| trial.runs_on(scene.on()))
        .ok_or_else(|| {
            let message = match scene.facts.trials.last() {
                Some(last) => {
                    let ended = last.ended_on.unwrap_or(last.span.end);
                    format!("No trial of {name} is running; the last one ended on {ended}.")
                }
                None => format!("{name} never had a trial."),
            };
            Refusal::new(Code::NoTrial, message).run(format!("account show {name}"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::account::Facts;
    use crate::billing::calendar::midnight;
    use crate::billing::policy::Policy;
    use crate::billing::sample::{self, day};

    fn asked<T>(
        change: impl FnOnce(&mut Facts, &mut Policy),
        on: &str,
        ask: impl FnOnce(&Scene<'_>) -> T,
    ) -> T {
        let (mut facts, mut policy, catalog) =
            (sample::facts(), sample::policy(), sample::catalog());
        facts.terms.clear();
        change(&mut facts, &mut policy);
        ask(&Scene {
            facts: &facts,
            catalog: &catalog,
            catalog_id: 1,
            policy: &policy,
            at: midnight(day(on)),
            member: None,
            reason: Some("asked by phone"),
        })
    }

    fn had(facts: &mut Facts) {
        facts.trials.push(Trial {
            span: Span::new(day("2026-04-01"), day("2026-04-15")),
            plan: "pro".to_owned(),
            ended_on: None,
            extended_days: 0,
        });
    }

    #[test]
    fn fu_11_a_trial_starts_once_and_before_the_first_purchase() {
        let trial = asked(|_, _| {}, "2026-05-01", start).unwrap();
        assert_eq!(trial.span, Span::new(day("2026-05-01"), day("2026-05-15")));
        let refused = asked(|facts, _| had(facts), "2026-05-01", start).unwrap_err();
        assert_eq!(refused.because.unwrap().key, "trial.once");
        let paid = |facts: &mut Facts, _: &mut Policy| facts.terms = sample::facts().terms;
        for on in ["2026-05-01", "2026-11-01"] {
            assert_eq!(
                asked(paid, on, start).unwrap_err().code,
                Code::TrialNotAvailable
            );
        }
        let none = |_: &mut Facts, policy: &mut Policy| policy.trial = None;
        assert_eq!(
            asked(none, "2026-05-01", start)
                .unwrap_err()
                .because
                .unwrap()
                .key,
            "trial"
        );
    }

    #[test]
    fn a_trial_may_need_a_payment_method() {
        let needs = |_: &mut Facts, policy: &mut Policy| {
            policy.trial.as_mut().unwrap().method_required = true;
        };
        assert_eq!(
            asked(needs, "2026-05-01", start).unwrap_err().code,
            Code::NoMethod
        );
    }

    #[test]
    fn only_people_extend_a_trial_and_only_so_far() {
        let ten = |facts: &mut Facts, policy: &mut Policy| {
            had(facts);
            policy.trial.as_mut().unwrap().extendable_days = 10;
        };
        let longer = asked(ten, "2026-04-10", |scene| extend(scene, 10)).unwrap();
        assert_eq!(
            (longer.span.end, longer.extended_days),
            (day("2026-04-25"), 10)
        );
        let refused = asked(ten, "2026-04-10", |scene| extend(scene, 11)).unwrap_err();
        assert_eq!(refused.code, Code::TrialNotAvailable);
        let refused = asked(ten, "2026-04-15", |scene| extend(scene, 1)).unwrap_err();
        assert_eq!(refused.code, Code::NoTrial);
        let member = |scene: &Scene<'_>| {
            extend(
                &Scene {
                    member: Some("ana@acme.test"),
                    ..*scene
                },
                1,
            )
        };
        assert_eq!(
            asked(ten, "2026-04-10", member).unwrap_err().code,
            Code::SupportOnly
        );
        let silent = |scene: &Scene<'_>| {
            extend(
                &Scene {
                    reason: None,
                    ..*scene
                },
                1,
            )
        };
        assert_eq!(
            asked(ten, "2026-04-10", silent).unwrap_err().code,
            Code::ReasonMissing
        );
    }

    #[test]
    fn an_ended_trial_does_not_run_on_that_day() {
        let ended = asked(|facts, _| had(facts), "2026-04-10", end).unwrap();
        assert!(!ended.runs_on(day("2026-04-10")));
        assert!(ended.runs_on(day("2026-04-09")));
    }
}
