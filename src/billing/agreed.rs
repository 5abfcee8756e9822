//! Prices agreed with an account: which agreement holds on a day, and when it goes before the price at which a
//! term was sold.
//!
//! An agreement counts by its dates alone: for seats that are added while it holds, also in the middle of a
//! term that was sold before, and for a term that begins while it holds. Only a price that was negotiated for
//! one order stands against an agreement that was there before it.

use super::account::{Agreed, Agreement, Facts};
use super::calendar::{Day, Period};
use super::term::{Slice, SoldPrice};

/// How a price is named that was negotiated for one order.
pub const NEGOTIATED: &str = "negotiated for this order";

/// How the name of an agreed price begins.
const AGREED: &str = "agreed with the account";

/// What is priced: a plan or an add-on, and the seat type.
pub type Unit<'a> = (&'a str, Option<&'a str>);

/// The price of one unit for a whole period that is agreed for a day; the latest agreement wins.
pub fn price_on(facts: &Facts, unit: Unit<'_>, period: Period, on: Day) -> Option<SoldPrice> {
    found(facts, unit, period, on).map(|(_, price)| price)
}

/// The price of one more unit on a day in a term, or of a further term that keeps its price: as agreed, or as
/// the term was sold.
pub fn or_sold(
    facts: &Facts,
    unit: Unit<'_>,
    period: Period,
    on: Day,
    (slice, sold): (&Slice, &SoldPrice),
) -> SoldPrice {
    match found(facts, unit, period, on) {
        Some((agreement, price)) if sold.list != NEGOTIATED || agreement.from > slice.from => price,
        Some(_) | None => sold.clone(),
    }
}

/// Whether a price was agreed for days that are over, so that a further term does not keep it.
pub fn is_over(facts: &Facts, unit: Unit<'_>, period: Period, on: Day, sold: &SoldPrice) -> bool {
    sold.list.starts_with(AGREED) && price_on(facts, unit, period, on).is_none()
}

/// Whether a price at which a term is to be sold is still what is agreed for its first day.
pub fn holds(facts: &Facts, unit: Unit<'_>, period: Period, on: Day, sold: &SoldPrice) -> bool {
    if sold.list == NEGOTIATED {
        return true;
    }
    match price_on(facts, unit, period, on) {
        Some(price) => price.amount == sold.amount,
        None => !is_over(facts, unit, period, on, sold),
    }
}

fn found<'a>(
    facts: &'a Facts,
    (item, seat): Unit<'_>,
    wanted: Period,
    on: Day,
) -> Option<(&'a Agreement, SoldPrice)> {
    let mut in_force =
        facts.agreements.iter().rev().filter(|agreement| {
            agreement.from <= on && agreement.until.is_none_or(|until| on < until)
        });
    in_force.find_map(|agreement| match &agreement.what {
        Agreed::Price {
            item: of,
            seat_type,
            period,
            amount,
        } if of == item
            && *period == wanted
            && (seat_type.is_none() || seat_type.as_deref() == seat) =>
        {
            let list = named(agreement);
            let amount = *amount;
            Some((agreement, SoldPrice { amount, list }))
        }
        _ => None,
    })
}

/// `agreed with the account (agreement 3, from 2026-03-01 to 2026-09-01)`.
fn named(agreement: &Agreement) -> String {
    let until = agreement
        .until
        .map_or_else(String::new, |until| format!(" to {until}"));
    let (id, from) = (agreement.id, agreement.from);
    format!("{AGREED} (agreement {id}, from {from}{until})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::sample::{self, day};
    use rust_decimal::{Decimal, dec};

    fn facts(agreements: &[(i64, &str, Option<&str>, Decimal)]) -> Facts {
        let mut facts = sample::facts();
        facts.agreements = agreements
            .iter()
            .map(|(id, from, until, amount)| Agreement {
                id: *id,
                what: Agreed::Price {
                    item: "pro".to_owned(),
                    seat_type: None,
                    period: Period::Months(6),
                    amount: *amount,
                },
                from: day(from),
                until: until.map(day),
                reason: "contract".to_owned(),
            })
            .collect();
        facts
    }

    fn on(facts: &Facts, on: &str) -> Option<Decimal> {
        let half = Period::Months(6);
        price_on(facts, ("pro", Some("full")), half, day(on)).map(|price| price.amount)
    }

    #[test]
    fn an_agreement_counts_by_its_dates_and_the_latest_wins() {
        let facts = facts(&[
            (1, "2026-03-01", None, dec!(200)),
            (2, "2026-05-01", Some("2026-06-01"), dec!(150)),
        ]);
        assert_eq!(on(&facts, "2026-02-28"), None);
        assert_eq!(on(&facts, "2026-03-01"), Some(dec!(200)));
        assert_eq!(on(&facts, "2026-05-31"), Some(dec!(150)));
        assert_eq!(on(&facts, "2026-06-01"), Some(dec!(200)));
        assert!(price_on(&facts, ("pro", None), Period::Months(12), day("2026-05-01")).is_none());
    }

    #[test]
    fn a_price_whose_agreement_is_over_is_not_kept_for_a_further_term() {
        let facts = facts(&[(1, "2026-03-01", Some("2026-06-01"), dec!(200))]);
        let (unit, half) = (("pro", None), Period::Months(6));
        let sold = price_on(&facts, unit, half, day("2026-03-01")).unwrap();
        let over = |on: &str| is_over(&facts, unit, half, day(on), &sold);
        assert!(!over("2026-05-31"));
        assert!(over("2026-06-01"));
        assert!(holds(&facts, unit, half, day("2026-05-31"), &sold));
        assert!(!holds(&facts, unit, half, day("2026-06-01"), &sold));
    }

    #[test]
    fn a_negotiated_price_stands_against_older_agreements_only() {
        let slice = sample::facts().terms[0].slices[0].clone();
        let of = |list: &str, from: &str| {
            let facts = facts(&[(7, from, None, dec!(99))]);
            let sold = SoldPrice {
                amount: dec!(120),
                list: list.to_owned(),
            };
            let half = Period::Months(6);
            let later = crate::billing::calendar::plus_days(slice.from, 30);
            or_sold(&facts, ("pro", None), half, later, (&slice, &sold)).amount
        };
        let (before, after) = (
            crate::billing::calendar::plus_days(slice.from, -1).to_string(),
            crate::billing::calendar::plus_days(slice.from, 1).to_string(),
        );
        assert_eq!(of("pro · world · USD · 6m", &before), dec!(99));
        assert_eq!(of("pro · world · USD · 6m", &after), dec!(99));
        assert_eq!(of(NEGOTIATED, &before), dec!(120));
        assert_eq!(of(NEGOTIATED, &after), dec!(99));
    }
}
