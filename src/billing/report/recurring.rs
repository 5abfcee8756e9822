//! Recurring revenue: what a subscription pays a month, and how that moves from one month to the next.

use crate::billing::calendar::{Day, Period, Span};
use crate::billing::money::{Checked, Currency, Money, Rounding, TooLarge};
use rust_decimal::{Decimal, dec};

/// What recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recurs {
    /// A plan: of those that hold on a day, the last one counts.
    Plan,
    /// An add-on: all that hold on a day count.
    AddOn,
}

/// What one paid term, or one add-on that renews, pays from a day on, as far as recurring revenue needs to know it.
/// What is bought once, a service or a pack of credits that does not renew, does not recur and is none of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// What it is.
    pub what: Recurs,
    /// The days of the term or of the add-on.
    pub days: Span,
    /// The first day on which this holds inside them.
    pub from: Day,
    /// The period that the prices are for.
    pub period: Period,
    /// Billed units and the price of one for the period, in major units.
    pub units: Vec<(u32, Decimal)>,
    /// What was billed without tax and what the prices gave, where an order billed it: a discount that was
    /// given lowers recurring revenue, and so does a tax that is in the price.
    pub billed: Option<(Decimal, Decimal)>,
}

impl Running {
    fn holds_on(&self, day: Day) -> bool {
        self.days.contains(day) && self.from <= day
    }

    /// What it pays a month, before rounding, in major units.
    fn monthly(&self) -> Checked<Decimal> {
        let whole = self
            .units
            .iter()
            .try_fold(Decimal::ZERO, |sum, (count, price)| {
                let part = price.checked_mul(Decimal::from(*count)).ok_or(TooLarge)?;
                sum.checked_add(part).ok_or(TooLarge)
            })?;
        let months = match self.period {
            Period::Months(months) => Decimal::from(months),
            Period::Days(days) => Decimal::from(days) * dec!(12) / dec!(365),
        };
        let exact = whole.checked_div(months).ok_or(TooLarge)?;
        match self.billed.filter(|(_, price)| !price.is_zero()) {
            Some((net, price)) => {
                let product = exact.checked_mul(net).ok_or(TooLarge)?;
                product.checked_div(price).ok_or(TooLarge)
            }
            None => Ok(exact),
        }
    }
}

/// What an account pays a month on a day, from what holds in its paid terms and add-ons, in the order in which it
/// came.
///
/// # Errors
/// The amount is too large.
pub fn monthly(running: &[Running], on: Day, currency: Currency) -> Checked<Money> {
    let now = running.iter().filter(|held| held.holds_on(on));
    let (plans, beside): (Vec<&Running>, Vec<&Running>) =
        now.partition(|held| held.what == Recurs::Plan);
    let counted = plans.last().into_iter().chain(&beside);
    let exact = counted.copied().try_fold(Decimal::ZERO, |sum, held| {
        sum.checked_add(held.monthly()?).ok_or(TooLarge)
    })?;
    Money::round(exact, currency, Rounding::HalfUp)
}

/// One account in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it paid at the start.
    pub paid: Money,
    /// The same, where what was handed over within the month is counted with who got it.
    pub before: Money,
    /// What it pays at the end.
    pub after: Money,
    /// Whether it had ever paid by the start.
    pub known: bool,
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

    /// Counts one account.
    ///
    /// # Errors
    /// A sum is too large.
    pub fn count(&mut self, seen: Seen) -> Checked<()> {
        let Seen { before, after, .. } = seen;
        self.opening = self.opening.plus(before)?;
        self.closing = self.closing.plus(after)?;
        self.customers_before = self
            .customers_before
            .saturating_add(u64::from(seen.paid.minor > 0));
        self.customers_after = self
            .customers_after
            .saturating_add(u64::from(after.minor > 0));
        let change = after.minus(before)?;
        let slot = match (before.minor > 0, after.minor > 0) {
            (false, false) => return Ok(()),
            (false, true) if seen.known => &mut self.reactivation,
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
            what: Recurs::Plan,
            days: Span::new(day("2026-01-15"), day("2026-07-15")),
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
        assert_eq!(on(&running, "2026-04-01"), 12500);
    }

    #[test]
    fn every_add_on_counts_beside_the_last_plan_and_the_sum_is_rounded_once() {
        let beside = |from: &str, price: &str| Running {
            what: Recurs::AddOn,
            ..held(from, 1, price)
        };
        let running = vec![
            beside("2026-01-15", "0.02"),
            held("2026-01-15", 3, "150"),
            beside("2026-02-01", "0.01"),
            held("2026-03-01", 1, "150"),
        ];
        let on = |text: &str| monthly(&running, day(text), Currency::USD).unwrap().minor;
        // A third of a cent alone is nothing; with a sixth it is half a cent.
        assert_eq!(on("2026-01-20"), 7500);
        assert_eq!(on("2026-02-01"), 7501);
        assert_eq!(on("2026-03-01"), 2501);
        assert_eq!(on("2026-07-15"), 0);
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
            let (before, after) = (usd(before), usd(after));
            let seen = Seen {
                paid: before,
                before,
                after,
                known,
            };
            moved.count(seen).unwrap();
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
