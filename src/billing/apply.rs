//! What an account's balance does to an amount that is owed: it pays it, or a debt from before comes on top,
//! or too little is left to charge and waits.

use super::invoice::Invoice;
use super::money::Money;
use super::order::{Order, OrderState};
use super::policy::BelowMinimum;
use super::refusal::{Code, Refusal};
use super::scene::Scene;

/// What is still to be paid of an order: its total, or what credit notes have left of its open invoice.
pub(super) fn owed(scene: &Scene<'_>, order: &Order) -> Money {
    let mut open = scene.facts.open_invoices.iter();
    let own = open.find(|open| open.order == Some(order.id));
    let owed = own.map_or(order.total, Invoice::open);
    Money::of(owed.minor.max(0), order.currency)
}

/// What the balance pays of an order, and what is left to pay: as it was paid or begun, and for one that waits,
/// as it would be if it were paid now. What is asked for later, with other orders, is left as it is.
pub fn expected(scene: &Scene<'_>, order: &Order) -> (Money, Money) {
    let waits = order.state == OrderState::Pending && order.total.minor > 0;
    if !waits || order.deferred_until().is_some() {
        return (order.from_balance, order.due());
    }
    let owed = owed(scene, order);
    let balance = from_balance(scene, owed);
    (balance, owed.minus(balance).unwrap_or(owed))
}

/// What the balance pays of what is owed: below zero where a debt from before is paid with it, and all of it
/// where too little is left to charge.
pub(super) fn from_balance(scene: &Scene<'_>, owed: Money) -> Money {
    match carried(scene, owed) {
        Some(_) => owed,
        None => applied(scene, owed),
    }
}

fn applied(scene: &Scene<'_>, owed: Money) -> Money {
    let balance = scene.facts.balance;
    if owed.minor > 0 && (balance.minor < 0 || scene.policy.balance.automatic) {
        balance.at_most(owed)
    } else {
        Money::zero(owed.currency)
    }
}

/// What is left to charge and so little that it waits in the balance as a debt, where the policy carries it.
pub fn carried(scene: &Scene<'_>, owed: Money) -> Option<Money> {
    let rules = &scene.policy.order;
    let left = owed.minus(applied(scene, owed)).ok()?;
    let small = left.minor > 0 && left.major() < rules.minimum_charge;
    (small && rules.below_minimum == BelowMinimum::Carry).then_some(left)
}

/// What is said where an order's amount waits in the balance.
pub fn carry_in_words(scene: &Scene<'_>, left: Money) -> String {
    let least = scene.policy.order.minimum_charge;
    let currency = left.currency;
    format!(
        "{left} is less than the smallest charge of {least} {currency} and waits in the balance as a debt; \
         the next payment includes it (order.below_minimum = carry)."
    )
}

/// A payment covers the whole of what is due; what is above it is the customer's.
pub(super) fn check_enough(order: &Order, due: Money, arrived: Money) -> Result<(), Refusal> {
    let number = order.number();
    if arrived.currency != due.currency {
        let message = format!(
            "{number} is to be paid in {}, not in {}.",
            due.currency, arrived.currency
        );
        return Err(Refusal::new(Code::ValueNotUsable, message).run(format!("order show {number}")));
    }
    if arrived.minor < due.minor {
        let message = format!("{arrived} is less than the {due} that are due for {number}.");
        return Err(Refusal::new(Code::LessThanDue, message)
            .say("An order takes effect when it is paid in full."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::money::Currency;
    use crate::billing::sample;

    /// What the balance pays of an amount, and what is carried, with a smallest charge of 0.50.
    fn of(below: BelowMinimum, balance: i64, owed: i64) -> (i64, Option<i64>) {
        let (mut facts, mut policy, catalog) =
            (sample::facts(), sample::policy(), sample::catalog());
        facts.balance = Money::of(balance, Currency::USD);
        policy.order.minimum_charge = "0.50".parse().unwrap();
        policy.order.below_minimum = below;
        let scene = sample::scene(&facts, &catalog, &policy);
        let owed = Money::of(owed, Currency::USD);
        let left = carried(&scene, owed).map(|left| left.minor);
        (from_balance(&scene, owed).minor, left)
    }

    #[test]
    fn too_little_to_charge_waits_as_a_debt_until_it_is_enough() {
        let carry = BelowMinimum::Carry;
        assert_eq!(of(carry, 0, 49), (49, Some(49)));
        assert_eq!(of(carry, 0, 50), (0, None));
        // 0.30 are owed from before: 0.19 more wait with them, 0.20 more are charged with them.
        assert_eq!(of(carry, -30, 19), (19, Some(49)));
        assert_eq!(of(carry, -30, 20), (-30, None));
        // What the balance leaves of a larger amount is carried too.
        assert_eq!(of(carry, 980, 1000), (1000, Some(20)));
        assert_eq!(of(carry, 1000, 1000), (1000, None));
        assert_eq!(of(carry, 0, 0), (0, None));
    }

    #[test]
    fn elsewhere_it_is_charged_and_a_debt_is_paid_all_the_same() {
        assert_eq!(of(BelowMinimum::Charge, 0, 49), (0, None));
        assert_eq!(of(BelowMinimum::Charge, -30, 49), (-30, None));
        assert_eq!(of(BelowMinimum::Charge, 980, 1000), (980, None));
    }
}
