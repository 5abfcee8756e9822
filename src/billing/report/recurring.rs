//! Recurring revenue: what a subscription pays a month, and how that moves from one month to the next.

use crate::billing::calendar::{Day, Period, Span};
use crate::billing::money::{Checked, Currency, Money, Rounding, TooLarge};
use rust_decimal::{Decimal, dec};

/// What one paid term pays from a day on, as far as recurring revenue needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The term's days.
    pub term: Span,
    /// The first day on which this holds inside it.
    pub from: Day,
    /// The period that the prices are for.
    pub period: Period,
    /// Billed units and the price of one for the period, in major units.
    pub units: Vec<(u32, Decimal)>,
    /// What was billed without tax and what the prices gave, where an order billed it: a discount that was
    /// given lowers recurring revenue, and so does a tax that is in the price.
    pub billed: Option<(Decimal, Decimal)>,
}

/// What an account pays a month on a day, from what holds in its paid terms, in the order in which it came.
///
/// # Errors
/// The amount is too large.
pub fn monthly(running: &[Running], on: Day, currency: Currency) -> Checked<Money> {
    let held = running
        .iter()
        .rev()
        .find(|held| held.term.contains(on) && held.from <= on);
    let Some(held) = held else {
        return Ok(Money::zero(currency));
    };
    let whole = held
        .units
        .iter()
        .try_fold(Decimal::ZERO, |sum, (count, price)| {
            let part = price.checked_mul(Decimal::from(*count)).ok_or(TooLarge)?;
            sum.checked_add(part).ok_or(TooLarge)
        })?;
    let months = match held.period {
        Period::Months(months) => Decimal::from(months),
        Period::Days(days) => Decimal::from(days) * dec!(12) / dec!(365),
    };
    let mut exact = whole.checked_div(months).ok_or(TooLarge)?;
    let own = held.billed.or_else(|| first_of(running, held.term));
    if let Some((net, price)) = own.filter(|(_, price)| !price.is_zero()) {
        let product = exact.checked_mul(net).ok_or(TooLarge)?;
        exact = product.checked_div(price).ok_or(TooLarge)?;
    }
    Money::round(exact, currency, Rounding::HalfUp)
}

/// What billed the term when it began, for what a later change did not bill.
fn first_of(running: &[Running], term: Span) -> Option<(Decimal, Decimal)> {
    let own = running.iter().find(|held| held.term == term);
    own.and_then(|held| held.billed)
}

/// How recurring revenue moved in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// At its start.
    pub opening: Money,
    /// From customers who never paid before.
    pub new: Money,
    /// From customers who had left.
    pub reactivation: Money,
    /// From customers who pay more.
    pub expansion: Money,
    /// From customers who pay less; not above zero.
    pub contraction: Money,
    /// From customers who left; not above zero.
    pub churn: Money,
    /// At its end.
    pub closing: Money,
    /// Customers at its start.
    pub customers_before: u64,
    /// Customers who left.
    pub customers_lost: u64,
    /// Customers at its end.
    pub customers_after: u64,
}

impl Moved {
    /// A month without customers.
    pub fn none(currency: Currency) -> Moved {
        let zero = Money::zero(currency);
        Moved {
            opening: zero,
            new: zero,
            reactivation: zero,
            expansion: zero,
            contraction: zero,
            churn: zero,
            closing: zero,
            customers_before: 0,
            customers_lost: 0,
            customers_after: 0,
        }
    }

    /// Counts one account: what it paid at the start and at the end, and whether it had ever paid before.
    ///
    /// # Errors
    /// A sum is too large.
    pub fn count(&mut self, before: Money, after: Money, known: bool) -> Checked<()> {
        self.opening = self.opening.plus(before)?;
        self.closing = self.closing.plus(after)?;
        self.customers_before = self
            .customers_before
            .saturating_add(u64::from(before.minor > 0));
        self.customers_after = self
            .customers_after
            .saturating_add(u64::from(after.minor > 0));
        let change = after.minus(before)?;
        let slot = match (before.minor > 0, after.minor > 0) {
            (false, false) => return Ok(()),
            (false, true) if known => &mut self.reactivation,
            (false, true) => &mut self.new,
            (true, false) => {
                self.customers_lost = self.customers_lost.saturating_add(1);
                &mut self.churn
            }
            (true, true) if change.minor > 0 => &mut self.expansion,
            (true, true) => &mut self.contraction,
        };
        *slot = slot.plus(change)?;
        Ok(())
    }
}

/// A share in percent with one place.
pub fn percent_of(part: u64, whole: u64) -> Decimal {
    if whole == 0 {
        return Decimal::ZERO;
    }
    let share = Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(whole);
    share.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::sample::day;

    fn held(from: &str, units: u32, price: &str) -> Running {
        Running {
            term: Span::new(day("2026-01-15"), day("2026-07-15")),
            from: day(from),
            period: Period::Months(6),
            units: vec![(units, price.parse().unwrap())],
            billed: None,
        }
    }

    #[test]
    fn a_half_year_pays_a_sixth_each_month_and_a_discount_lowers_it() {
        let mut running = vec![held("2026-01-15", 3, "150"), held("2026-04-01", 5, "150")];
        let on = |running: &[Running], text: &str| {
            monthly(running, day(text), Currency::USD).unwrap().minor
        };
        assert_eq!(on(&running, "2026-01-14"), 0);
        assert_eq!(on(&running, "2026-02-01"), 7500);
        assert_eq!(on(&running, "2026-04-01"), 12500);
        assert_eq!(on(&running, "2026-07-15"), 0);
        running[0].billed = Some((dec!(405), dec!(450)));
        assert_eq!(on(&running, "2026-02-01"), 6750);
        assert_eq!(on(&running, "2026-04-01"), 11250);
    }

    #[test]
    fn every_move_has_its_name_and_they_sum() {
        let usd = |minor| Money::of(minor, Currency::USD);
        let mut moved = Moved::none(Currency::USD);
        for (before, after, known) in [
            (0, 100, false),
            (0, 70, true),
            (50, 80, true),
            (80, 20, true),
            (40, 0, true),
            (0, 0, false),
            (30, 30, true),
        ] {
            moved.count(usd(before), usd(after), known).unwrap();
        }
        let parts = [
            moved.new,
            moved.reactivation,
            moved.expansion,
            moved.contraction,
            moved.churn,
        ];
        assert_eq!(parts.map(|part| part.minor), [100, 70, 30, -60, -40]);
        assert_eq!(
            moved.opening.minor + 100 + 70 + 30 - 60 - 40,
            moved.closing.minor
        );
        assert_eq!(
            (
                moved.customers_before,
                moved.customers_lost,
                moved.customers_after
            ),
            (4, 1, 5)
        );
        assert_eq!(percent_of(1, 4), dec!(25));
    }
}
