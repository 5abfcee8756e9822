//! One change under a seller's own policy, without an account: which of its rules holds for the change, and
//! what that rule lets move.

use super::compare::{Question, billed};
use super::figures::Fault;
use super::figures::replace::{Extent, Extents, New, Old, Replacement, replace};
use super::figures::tax::Percent;
use super::money::Money;
use super::policy::{Allow, Anchoring, ChangeRules, Charge, GiveBack, Policy, Timing};
use super::prorate::Price;

/// What a policy says about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// The table of the policy that holds: `upgrade`, `downgrade`, `seats.add` or `seats.remove`.
    pub table: &'static str,
    /// Whether the term keeps its end.
    pub term: Anchoring,
    /// What it says.
    pub outcome: Outcome,
}

/// What a rule lets happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody may make the change.
    Refused,
    /// The change waits for the renewal, and no money moves now.
    AtRenewal,
    /// The change is made now.
    Now(Box<Replacement>),
}

/// The rule that holds, in the terms that all four have in common.
struct Rule {
    table: &'static str,
    term: Anchoring,
    allow: Allow,
    timing: Timing,
    charge: Extent,
    credit: Extent,
}

impl Rule {
    fn of(policy: &Policy, question: &Question) -> Result<Rule, Fault> {
        let (from, to) = (question.from, question.to);
        let (add, remove) = (&policy.seats.add, &policy.seats.remove);
        if from.unit == to.unit && to.quantity > from.quantity {
            return Ok(Rule {
                table: "seats.add",
                term: Anchoring::Keep,
                allow: add.allow,
                timing: Timing::Now,
                charge: charged(add.charge),
                credit: Extent::None,
            });
        }
        if from.unit == to.unit && to.quantity < from.quantity {
            let kept = remove.high_water || remove.give_back == GiveBack::None;
            return Ok(Rule {
                table: "seats.remove",
                term: Anchoring::Keep,
                allow: remove.allow,
                timing: remove.timing,
                charge: Extent::None,
                credit: if kept { Extent::None } else { Extent::Prorated },
            });
        }
        Ok(match to.whole()? >= from.whole()? {
            true => Rule::change("upgrade", &policy.upgrade),
            false => Rule::change("downgrade", &policy.downgrade),
        })
    }

    fn change(table: &'static str, rules: &ChangeRules) -> Rule {
        let charge = match (rules.term, rules.charge) {
            // A new term begins with the change and is charged whole.
            (Anchoring::Restart, Charge::Prorated) => Extent::Full,
            (_, charge) => charged(charge),
        };
        Rule {
            table,
            term: rules.term,
            allow: rules.allow,
            timing: rules.timing,
            charge,
            credit: match rules.give_back {
                GiveBack::None => Extent::None,
                GiveBack::Credit | GiveBack::Refund => Extent::Prorated,
            },
        }
    }
}

fn charged(charge: Charge) -> Extent {
    match charge {
        Charge::Prorated => Extent::Prorated,
        Charge::Full => Extent::Full,
        Charge::None => Extent::None,
    }
}

/// What a policy says about a change, before discounts and tax. Without plans there are no ranks, so a change
/// of price is an upgrade where the new price is not below the old.
///
/// # Errors
/// An amount is too large.
pub fn ask(policy: &Policy, question: &Question) -> Result<Ruled, Fault> {
    let rule = Rule::of(policy, question)?;
    let (table, term) = (rule.table, rule.term);
    let outcome = match (rule.allow, rule.timing) {
        (Allow::Refuse, _) => Outcome::Refused,
        (_, Timing::AtRenewal) => Outcome::AtRenewal,
        (_, Timing::Now) => Outcome::Now(Box::new(moved(policy, question, &rule)?)),
    };
    Ok(Ruled {
        table,
        term,
        outcome,
    })
}

fn moved(policy: &Policy, question: &Question, rule: &Rule) -> Result<Replacement, Fault> {
    let (stretch, from, to) = (question.stretch, question.from, question.to);
    let by_seats = rule.table.starts_with("seats");
    let apart = to.quantity.saturating_sub(from.quantity).saturating_abs();
    let some = |price: Price| match by_seats {
        true => Price {
            quantity: apart,
            ..price
        },
        false => price,
    };
    let old = match rule.credit {
        Extent::None => Vec::new(),
        Extent::Prorated | Extent::Full => vec![Old {
            stretch,
            line: billed(stretch.term, some(from))?,
            current: some(from),
        }],
    };
    let new = match rule.charge {
        Extent::None => Vec::new(),
        Extent::Prorated | Extent::Full => vec![New {
            stretch,
            price: some(to),
        }],
    };
    let extents = Extents {
        credit: rule.credit,
        charge: rule.charge,
    };
    let currency = Money::zero(from.currency).currency;
    replace(
        &policy.proration,
        extents,
        currency,
        question.on,
        &old,
        &new,
        Percent::default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::calendar::Span;
    use crate::billing::money::Currency;
    use crate::billing::sample;
    use crate::billing::share::Stretch;
    use rust_decimal::Decimal;

    fn question(from: (i64, i64), to: (i64, i64)) -> Question {
        let price = |(unit, quantity)| Price::of(Decimal::from(unit), quantity, Currency::USD);
        let term = Span::new("2024-03-01".parse().unwrap(), "2024-04-01".parse().unwrap());
        Question {
            stretch: Stretch::of(term),
            from: price(from),
            to: price(to),
            on: "2024-03-16T15:00:00".parse().unwrap(),
        }
    }

    fn net(policy: &Policy, from: (i64, i64), to: (i64, i64)) -> (&'static str, Option<i64>) {
        let ruled = ask(policy, &question(from, to)).unwrap();
        let net = match ruled.outcome {
            Outcome::Now(moved) => Some(moved.net.minor),
            Outcome::Refused | Outcome::AtRenewal => None,
        };
        (ruled.table, net)
    }

    #[test]
    fn the_rule_of_the_change_holds_with_its_timing_and_its_money() {
        let mut policy = sample::policy();
        policy.proration = crate::billing::switches::Proration::default();
        policy.upgrade = ChangeRules {
            allow: Allow::SelfService,
            timing: Timing::Now,
            charge: Charge::Prorated,
            give_back: GiveBack::Credit,
            term: Anchoring::Keep,
        };
        assert_eq!(net(&policy, (30, 1), (60, 1)), ("upgrade", Some(1549)));
        policy.upgrade.give_back = GiveBack::None;
        assert_eq!(net(&policy, (30, 1), (60, 1)), ("upgrade", Some(3097)));
        policy.upgrade.term = Anchoring::Restart;
        assert_eq!(net(&policy, (30, 1), (60, 1)), ("upgrade", Some(6000)));
        policy.downgrade.timing = Timing::AtRenewal;
        assert_eq!(net(&policy, (60, 1), (30, 1)), ("downgrade", None));
        policy.seats.add.charge = Charge::Prorated;
        assert_eq!(net(&policy, (30, 2), (30, 5)), ("seats.add", Some(4645)));
        policy.seats.remove.timing = Timing::Now;
        policy.seats.remove.give_back = GiveBack::Credit;
        policy.seats.remove.high_water = false;
        assert_eq!(
            net(&policy, (30, 5), (30, 2)),
            ("seats.remove", Some(-4645))
        );
        policy.seats.remove.allow = Allow::Refuse;
        assert_eq!(net(&policy, (30, 5), (30, 2)), ("seats.remove", None));
    }
}
