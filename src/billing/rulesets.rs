//! How other billing systems prorate, each as one setting of the switches.
//!
//! They answer "what would this change cost there" and serve as a start for a policy of one's own. Each
//! doc text says what its maker publishes; `subdesk policy compare` prints them side by side.

use super::figures::schedule::CycleBefore;
use super::money::Rounding;
use super::policy::Anchoring;
use super::switches::{
    ChangeDay, CreditBasis, DayCount, Denominator, Lines, OverLength, Proration, RoundAt, Unit,
    ZeroLength,
};
use serde::{Deserialize, Serialize};

/// What becomes of the value of unused time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Settle {
    /// It is money: a credit line beside the charge.
    Money,
    /// It buys whole days at the new price, and the next charge comes later.
    Days,
}

/// What a change does to the days on which terms end and begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The running term keeps its end.
    Keep,
    /// A new term begins with the change.
    Restart,
    /// The running term ends later.
    Later,
}

impl Anchor {
    /// In a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Anchor::Keep => "The term keeps its end.",
            Anchor::Restart => "A new term begins with the change.",
            Anchor::Later => "The term ends where the bought days end.",
        }
    }
}

impl From<Anchoring> for Anchor {
    fn from(term: Anchoring) -> Anchor {
        match term {
            Anchoring::Keep => Anchor::Keep,
            Anchoring::Restart => Anchor::Restart,
        }
    }
}

/// One named setting of the switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSet {
    /// Its name on the command line and in a policy.
    pub name: &'static str,
    /// What its maker publishes, in one sentence.
    pub about: &'static str,
    /// The arithmetic.
    pub switches: Proration,
    /// What becomes of a credit.
    pub settle: Settle,
    /// Where the cycle of a first stub begins.
    pub cycle_before: CycleBefore,
}

impl RuleSet {
    /// What a change does to the end of the term: money leaves it where it is, and days that are bought move it.
    pub fn anchor(&self) -> Anchor {
        match self.settle {
            Settle::Money => Anchor::Keep,
            Settle::Days => Anchor::Later,
        }
    }
}

/// Calendar days over the running term, rounded half up on each line.
const DAYS: Proration = Proration {
    unit: Unit::Day,
    day_count: DayCount::Actual,
    denominator: Denominator::Term,
    change_day: ChangeDay::New,
    rounding: Rounding::HalfUp,
    round_at: RoundAt::Line,
    credit_basis: CreditBasis::CurrentPrice,
    zero_length: ZeroLength::Zero,
    over_length: OverLength::Cap,
    lines: Lines::Both,
    ratio_places: None,
};

/// The instant of the change, to the second.
const SECONDS: Proration = Proration {
    unit: Unit::Second,
    ..DAYS
};

const fn money(name: &'static str, about: &'static str, switches: Proration) -> RuleSet {
    RuleSet {
        name,
        about,
        switches,
        settle: Settle::Money,
        cycle_before: CycleBefore::BillDay,
    }
}

/// Every named rule set, in the order in which they are printed.
pub const ALL: &[RuleSet] = &[
    money(
        "stripe",
        "Seconds of the current period; the credit is taken from the debit that was really billed (flexible mode).",
        Proration {
            credit_basis: CreditBasis::Billed,
            ..SECONDS
        },
    ),
    money(
        "stripe_classic",
        "Seconds of the current period; the credit is taken from the current price, even if it was never billed.",
        SECONDS,
    ),
    money(
        "polar",
        "Seconds of the current period, halves to even; the credit is taken from what the line cost.",
        Proration {
            rounding: Rounding::HalfEven,
            credit_basis: CreditBasis::Billed,
            ..SECONDS
        },
    ),
    money(
        "polar_seats",
        "Seats: one line for the net number of seats, seconds of the period, cut toward zero.",
        Proration {
            rounding: Rounding::TowardZero,
            lines: Lines::Difference,
            ..SECONDS
        },
    ),
    money(
        "chargebee",
        "Milliseconds of the current term at the price of the running term.",
        SECONDS,
    ),
    money(
        "chargebee_days",
        "Days of the current term; the day of the change still belongs to the old price.",
        Proration {
            change_day: ChangeDay::Old,
            ..DAYS
        },
    ),
    money(
        "recurly",
        "The instant of the change over the length of the plan's period, even if the cycle was stretched or cut.",
        Proration {
            denominator: Denominator::PlanPeriod,
            ..SECONDS
        },
    ),
    money(
        "openmeter",
        "The instant of the change over the full service period; a span without length bills in full.",
        Proration {
            denominator: Denominator::PlanPeriod,
            zero_length: ZeroLength::Full,
            credit_basis: CreditBasis::Billed,
            ..SECONDS
        },
    ),
    money(
        "maxio",
        "The instant of the change over the current period, at the current price.",
        SECONDS,
    ),
    money(
        "autumn",
        "Milliseconds of the current period at the price.",
        SECONDS,
    ),
    money(
        "paddle",
        "Whole minutes of the current period.",
        Proration {
            unit: Unit::Minute,
            ..DAYS
        },
    ),
    money(
        "lago",
        "Days of the whole calendar or anniversary period; credit capped at the fee that was billed.",
        Proration {
            denominator: Denominator::PlanPeriod,
            credit_basis: CreditBasis::BilledPrice,
            ..DAYS
        },
    ),
    RuleSet {
        cycle_before: CycleBefore::SameDay,
        ..money(
            "killbill",
            "Days of the cycle that ends on the bill day, the ratio kept at nine places; credit from the billed line.",
            Proration {
                denominator: Denominator::PlanPeriod,
                credit_basis: CreditBasis::Billed,
                ratio_places: Some(9),
                ..DAYS
            },
        )
    },
    money(
        "meteroid",
        "Days of the current period at the price of the removed and added component.",
        DAYS,
    ),
    money(
        "flexprice",
        "Days, the last day of the period included in both counts; credit capped at what was paid.",
        Proration {
            day_count: DayCount::Inclusive,
            credit_basis: CreditBasis::BilledPrice,
            ..DAYS
        },
    ),
    money(
        "zuora",
        "Calendar days of the part over a month of 30 days.",
        Proration {
            day_count: DayCount::Fixed(30),
            ..DAYS
        },
    ),
    money(
        "zuora_strict",
        "Strict 30/360: every month has 30 days in both counts.",
        Proration {
            day_count: DayCount::Thirty360,
            ..DAYS
        },
    ),
    money(
        "zuora_stub",
        "Calendar days of the part over the days of the calendar month they lie in.",
        Proration {
            denominator: Denominator::MonthOfStub,
            ..DAYS
        },
    ),
    money(
        "zuora_360",
        "Calendar days of the part over a year of 360 days.",
        Proration {
            day_count: DayCount::Actual360,
            ..DAYS
        },
    ),
    money(
        "zuora_months",
        "Whole months first, the rest as days of a month of 30.",
        Proration {
            unit: Unit::Month,
            day_count: DayCount::Fixed(30),
            ..DAYS
        },
    ),
    money(
        "unibee",
        "Days after the day of the change, at a price of the day of the difference that is rounded first.",
        Proration {
            change_day: ChangeDay::Old,
            round_at: RoundAt::DayPrice,
            lines: Lines::Difference,
            ..DAYS
        },
    ),
    RuleSet {
        name: "samsung",
        about: "Days after the day of the change; the credit buys days at the new price, and no money moves.",
        switches: Proration {
            change_day: ChangeDay::Old,
            ..DAYS
        },
        settle: Settle::Days,
        cycle_before: CycleBefore::BillDay,
    },
];

/// The rule set of this name.
pub fn named(name: &str) -> Option<&'static RuleSet> {
    ALL.iter().find(|set| set.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_can_be_typed() {
        for (at, set) in ALL.iter().enumerate() {
            assert!(
                ALL[..at].iter().all(|other| other.name != set.name),
                "{}",
                set.name
            );
            assert!(
                set.name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            );
            assert!(
                set.about.ends_with('.') && set.about.len() < 120,
                "{}",
                set.name
            );
            assert_eq!(named(set.name), Some(set));
        }
        assert_eq!(named("nobody"), None);
    }
}
