//! The rows of policy files in a comparison of rule sets.

use super::amount::Amount;
use super::compare::{Line, share_text};
use super::price::{Refused, WorkingText};
use super::seller::locate;
use crate::billing::by_policy::{Outcome, ask};
use crate::billing::compare::Question;
use crate::billing::money::Money;
use crate::billing::policy::Policy;

/// A seller's own policy, to be compared with others.
#[derive(Debug, Clone)]
pub struct OwnPolicy {
    /// What it says.
    pub policy: Policy,
    /// Where it comes from: a file's name.
    pub origin: String,
    /// The file, to cite its lines.
    pub text: String,
}

/// What a policy says about a change.
///
/// # Errors
/// An amount does not fit.
pub(super) fn row(own: &OwnPolicy, question: &Question) -> Result<Line, Refused> {
    let ruled = ask(&own.policy, question)?;
    let zero = Money::zero(question.from.currency);
    let about = format!("The policy in {}, by [{}].", own.origin, ruled.table);
    let mut row = Line::unmoved(&own.policy.id, about, zero.currency);
    let cited = |key: &str, value: &str| {
        let key = format!("{}.{key}", ruled.table);
        let place = match locate(&own.text, &key) {
            Some((line, _)) => format!("{}:{line}", own.origin),
            None => "the default".to_owned(),
        };
        format!("{key} = {value}, {place}")
    };
    let moved = match &ruled.outcome {
        Outcome::Refused => {
            row.note = Some(format!("Refused ({}).", cited("allow", "refuse")));
            return Ok(row);
        }
        Outcome::AtRenewal => {
            let key = cited("timing", "at_renewal");
            row.note = Some(format!("Nothing now; it waits for the renewal ({key})."));
            return Ok(row);
        }
        Outcome::Now(moved) => moved,
    };
    row.anchor = Some(ruled.term.into());
    let sides = [("Credit", &moved.credits), ("Charge", &moved.charges)];
    for (name, parts) in sides {
        for part in parts {
            if row.parts.is_empty() || name == "Charge" {
                row.share = share_text(&part.working)?;
            }
            row.parts.push(name.to_owned());
            row.workings.push(WorkingText::from(&part.working));
            let amount = Amount::from(part.taxed.subtotal);
            match name {
                "Credit" => row.credit = Some(amount),
                _ => row.charge = amount,
            }
        }
    }
    row.net = moved.net.into();
    Ok(row)
}
