//! Subscriptions that moved from one account to another, as recurring revenue sees them: nobody left and nobody
//! came, for the subscription lives on (KA-25). In the month of the transfer, what it paid at the start is counted
//! with who has it now; so the transfer is no movement of its own, and what changed besides is.

use super::recurring::{Running, monthly};
use crate::billing::calendar::{Day, plus_days};
use crate::billing::money::{Checked, Currency, Money};
use std::collections::BTreeMap;

/// One transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handed {
    /// Key of the account that had it.
    pub from: i64,
    /// Key of the account that has it since.
    pub to: i64,
    /// The day.
    pub on: Day,
    /// Whether the subscription moved, or add-ons alone.
    pub subscription: bool,
}

/// An account with everything that ever ran for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// What it pays in.
    pub currency: Currency,
    /// What ran, in the order in which it came.
    pub running: Vec<Running>,
}

impl Customer {
    /// What it pays a month on a day.
    ///
    /// # Errors
    /// The amount is too large.
    pub fn pays(&self, on: Day) -> Checked<Money> {
        monthly(&self.running, on, self.currency)
    }

    /// Whether it had ever paid by the end of a day.
    pub fn paid_by(&self, on: Day) -> bool {
        self.running.iter().any(|held| held.from <= on)
    }
}

/// What each of some customers paid a month at the end of `opens`, where what was handed over behind that day and
/// until the end of `closes` is counted with who got it.
///
/// # Errors
/// A sum is too large.
pub fn openings(
    customers: &BTreeMap<i64, Customer>,
    handed: &[Handed],
    (opens, closes): (Day, Day),
) -> Checked<BTreeMap<i64, Money>> {
    let mut openings = BTreeMap::new();
    for (key, customer) in customers {
        openings.insert(*key, customer.pays(opens)?);
    }
    let within = |handed: &&Handed| opens < handed.on && handed.on <= closes;
    for handed in handed.iter().filter(within) {
        let (Some(giver), Some(had)) = (customers.get(&handed.from), openings.get(&handed.from))
        else {
            continue;
        };
        let had = *had;
        // Add-ons that move alone leave the rest of what the account paid where it was.
        let moves = match handed.subscription {
            true => had,
            false => {
                let last = giver.pays(plus_days(handed.on, -1))?;
                Money::of(had.minor.min(last.minor), had.currency)
            }
        };
        let Some(got) = openings.get(&handed.to).copied() else {
            continue;
        };
        openings.insert(handed.from, had.minus(moves)?);
        openings.insert(handed.to, got.plus(moves)?);
    }
    Ok(openings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::calendar::{Period, Span};
    use crate::billing::report::recurring::Recurs;
    use crate::billing::sample::day;

    fn customer(days: &[(&str, &str, u32)]) -> Customer {
        let running = days.iter().map(|(start, end, price)| Running {
            what: Recurs::Plan,
            days: Span::new(day(start), day(end)),
            from: day(start),
            period: Period::Months(1),
            units: vec![(1, (*price).into())],
            billed: None,
        });
        Customer {
            currency: Currency::USD,
            running: running.collect(),
        }
    }

    fn handed(from: i64, to: i64, on: &str) -> Handed {
        Handed {
            from,
            to,
            on: day(on),
            subscription: true,
        }
    }

    /// What each paid at the end of January, as February is to see it.
    fn february(customers: Vec<Customer>, handed: &[Handed]) -> Vec<i64> {
        let customers = (1..).zip(customers).collect();
        let days = (day("2026-01-31"), day("2026-02-28"));
        let openings = openings(&customers, handed, days).unwrap();
        openings.values().map(|money| money.minor).collect()
    }

    #[test]
    fn what_was_handed_over_in_the_month_is_counted_with_who_has_it_now() {
        let had = || customer(&[("2026-01-10", "2026-02-05", 30)]);
        let got = || customer(&[("2026-02-05", "2026-02-10", 30)]);
        let both = || vec![had(), got()];
        assert_eq!(february(both(), &[handed(1, 2, "2026-02-05")]), [0, 3_000]);
        // What was handed over in another month is where it was, or already where it is.
        assert_eq!(february(both(), &[handed(1, 2, "2026-01-31")]), [3_000, 0]);
        assert_eq!(february(both(), &[handed(1, 2, "2026-03-01")]), [3_000, 0]);
        assert_eq!(february(both(), &[]), [3_000, 0]);
    }

    #[test]
    fn it_goes_from_hand_to_hand_and_back() {
        let all = || {
            vec![
                customer(&[("2026-01-10", "2026-02-05", 30)]),
                customer(&[("2026-01-10", "2026-02-01", 7)]),
                customer(&[]),
            ]
        };
        let (there, on) = (handed(1, 2, "2026-02-05"), handed(2, 3, "2026-02-06"));
        assert_eq!(february(all(), &[there, on]), [0, 0, 3_700]);
        let back = handed(2, 1, "2026-02-06");
        assert_eq!(february(all(), &[there, back]), [3_700, 0, 0]);
    }

    #[test]
    fn add_ons_that_move_alone_leave_the_plan_that_ended_where_it_was() {
        let mut had = customer(&[("2026-01-10", "2026-02-05", 30)]);
        had.running.push(Running {
            what: Recurs::AddOn,
            ..customer(&[("2026-01-10", "2026-02-20", 5)]).running[0].clone()
        });
        let alone = Handed {
            subscription: false,
            ..handed(1, 2, "2026-02-20")
        };
        assert_eq!(february(vec![had, customer(&[])], &[alone]), [3_000, 500]);
    }
}
