//! One change under every named rule set: what each says that "prorated" means.

use super::calendar::{Day, Moment, midnight, plus_days};
use super::fraction::Fraction;
use super::money::{Checked, Money, Rounding};
use super::prorate::{Billed, Change, Price, Working, change, days_bought, unused};
use super::rulesets::{RuleSet, Settle};
use super::share::{Stretch, Window};
use super::switches::DayCount;

/// The change that is compared: the whole term was billed at the old price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The running term and its plan's period.
    pub stretch: Stretch,
    /// The price that was billed for the term.
    pub from: Price,
    /// The price after the change.
    pub to: Price,
    /// When it changes.
    pub on: Moment,
}

/// What one rule set answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Money moves.
    Money(Box<Change>),
    /// The credit buys days and the next charge comes on a later day.
    Days {
        /// What the unused time was worth.
        credit: Box<Working>,
        /// How many days that buys, exactly.
        exact: Fraction,
        /// The same in whole days.
        days: i64,
        /// When the new price is charged for the first time.
        first_charge_on: Day,
        /// What is charged then.
        charge: Money,
    },
}

/// What this rule set says about the change.
pub fn ask(set: &RuleSet, question: &Question) -> Checked<Answer> {
    let (stretch, on) = (adapted(set, question.stretch), question.on);
    let line = billed(stretch.term, question.from)?;
    match set.settle {
        Settle::Money => {
            let answer = change(
                &set.switches,
                &stretch,
                &line,
                on,
                question.from,
                question.to,
            )?;
            Ok(Answer::Money(Box::new(answer)))
        }
        Settle::Days => {
            let credit = Box::new(unused(&set.switches, &stretch, &line, on, question.from)?);
            let (exact, days) = days_bought(&set.switches, &stretch, credit.amount, question.to)?;
            Ok(Answer::Days {
                credit,
                exact,
                days,
                first_charge_on: plus_days(on.date(), days),
                charge: billed(stretch.term, question.to)?.amount,
            })
        }
    }
}

/// A rule set that counts the end of the term as a day of service is given the last day as the end.
fn adapted(set: &RuleSet, stretch: Stretch) -> Stretch {
    if set.switches.day_count != DayCount::Inclusive {
        return stretch;
    }
    let last = midnight(plus_days(stretch.term.to.date(), -1));
    Stretch {
        term: Window::new(stretch.term.from, last),
        period: None,
        ..stretch
    }
}

/// What was billed for a stretch at a price.
///
/// # Errors
/// The amount is too large.
pub fn billed(service: Window, price: Price) -> Checked<Billed> {
    let amount = price.whole()?.to_money(price.currency, Rounding::HalfUp)?;
    Ok(Billed {
        service,
        amount,
        credited: Money::zero(price.currency),
        price,
    })
}

/// Whether the change comes inside the term, so that there is something to compare.
pub fn is_inside(question: &Question) -> bool {
    let term = question.stretch.term;
    term.from <= question.on && question.on < term.to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::calendar::{Period, Span};
    use crate::billing::money::Currency;
    use crate::billing::rulesets;
    use rust_decimal::Decimal;

    fn question() -> Question {
        let term = Span::new("2024-03-01".parse().unwrap(), "2024-04-01".parse().unwrap());
        Question {
            stretch: Stretch::of_plan(term, Period::Months(1), 1),
            from: Price::of(Decimal::from(30), 1, Currency::USD),
            to: Price::of(Decimal::from(60), 1, Currency::USD),
            on: "2024-03-16T15:00:00".parse().unwrap(),
        }
    }

    fn figures(name: &str) -> (String, i64, i64, i64) {
        let set = rulesets::named(name).unwrap();
        match ask(set, &question()).unwrap() {
            Answer::Money(change) => (
                format!("{}/{}", change.charge.numerator, change.charge.denominator),
                change
                    .credit
                    .as_ref()
                    .map_or(0, |credit| credit.amount.minor),
                change.charge.amount.minor,
                change.net.minor,
            ),
            Answer::Days {
                credit,
                exact,
                days,
                ..
            } => (exact.to_string(), credit.amount.minor, days, 0),
        }
    }

    #[test]
    fn the_published_table() {
        let seconds = ("1328400/2678400", 1488, 2976, 1488);
        let days = ("16/31", 1548, 3097, 1549);
        let minutes = ("22140/44640", 1488, 2976, 1488);
        let rows = [
            ("stripe", seconds),
            ("stripe_classic", seconds),
            ("polar", seconds),
            ("chargebee", seconds),
            ("recurly", seconds),
            ("openmeter", seconds),
            ("maxio", seconds),
            ("autumn", seconds),
            ("paddle", minutes),
            ("lago", days),
            ("meteroid", days),
            ("killbill", days),
            ("flexprice", days),
            ("zuora_stub", days),
            ("chargebee_days", ("15/31", 1452, 2903, 1451)),
            ("zuora", ("16/30", 1600, 3200, 1600)),
            ("zuora_360", ("16/30", 1600, 3200, 1600)),
            ("zuora_months", ("8/15", 1600, 3200, 1600)),
            ("zuora_strict", ("15/30", 1500, 3000, 1500)),
            ("unibee", ("15/31", 0, 1455, 1455)),
            ("polar_seats", ("1328400/2678400", 0, 1487, 1487)),
            ("samsung", ("7.502", 1452, 8, 0)),
        ];
        assert_eq!(rows.len(), rulesets::ALL.len());
        for (name, (fraction, credit, charge, net)) in rows {
            let (told, credited, charged, moved) = figures(name);
            assert_eq!(
                (told.as_str(), credited, charged, moved),
                (fraction, credit, charge, net),
                "{name}"
            );
        }
    }
}
