//! Several changes of one row in one transaction are written as what they come to: an order that is made,
//! prepared for its charge and under way is one insert, and what the answer says of a payment is one update.

use crate::billing::change::Change;
use crate::billing::order::Order;

/// The same changes with as few writes as they need. What an order becomes goes to where it is made; what a
/// payment becomes goes to the last place that says so, behind the invoice that it names.
pub(super) fn folded(changes: Vec<Change>) -> Vec<Change> {
    let mut fewer: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match change {
            Change::SetOrder { order, state, at } => match made(&mut fewer, order) {
                Some(made) => (made.state, made.settled_at) = (state, Some(at)),
                None => fewer.push(Change::SetOrder { order, state, at }),
            },
            Change::SetOrderPayment {
                order,
                method,
                instalments,
                from_balance,
            } => match made(&mut fewer, order) {
                Some(made) => {
                    (made.method, made.instalments) = (method, instalments);
                    made.from_balance = from_balance;
                }
                None => fewer.push(Change::SetOrderPayment {
                    order,
                    method,
                    instalments,
                    from_balance,
                }),
            },
            Change::SetPayment { payment, .. } => {
                let before = fewer.iter().position(
                    |before| matches!(before, Change::SetPayment { payment: same, .. } if *same == payment),
                );
                let before = before.map(|at| fewer.remove(at));
                fewer.push(behind(before, change));
            }
            other => fewer.push(other),
        }
    }
    fewer
}

/// The order that is made among these changes.
fn made(changes: &mut [Change], id: i64) -> Option<&mut Order> {
    changes.iter_mut().find_map(|change| match change {
        Change::AddOrder(order) if order.id == id => Some(order.as_mut()),
        _ => None,
    })
}

/// What a payment becomes, with what an earlier change said that this one leaves as it was.
fn behind(before: Option<Change>, mut after: Change) -> Change {
    if let (
        Some(Change::SetPayment {
            reference: named,
            invoice: paid,
            ..
        }),
        Change::SetPayment {
            reference, invoice, ..
        },
    ) = (before, &mut after)
    {
        *reference = reference.take().or(named);
        *invoice = invoice.or(paid);
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::calendar::Moment;
    use crate::billing::money::{Currency, Money};
    use crate::billing::order::OrderState;
    use crate::billing::payment::PaymentState;
    use crate::billing::policy::OrderKind;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn order() -> Order {
        let none = Money::zero(Currency::USD);
        Order {
            id: 7,
            account: 1,
            kind: OrderKind::Renewal,
            state: OrderState::Pending,
            placed_at: at("2026-07-15T02:00:00"),
            settled_at: None,
            method: None,
            instalments: 1,
            parts: Vec::new(),
            lines: Vec::new(),
            currency: Currency::USD,
            net: none,
            tax: none,
            total: none,
            from_balance: none,
            lapses_on: None,
            basis: String::new(),
            renews: None,
            reason: None,
        }
    }

    fn set_order(order: i64, state: OrderState) -> Change {
        let at = at("2026-07-15T03:00:00");
        Change::SetOrder { order, state, at }
    }

    fn set_payment(reference: Option<&str>, invoice: Option<i64>) -> Change {
        Change::SetPayment {
            payment: 5,
            state: PaymentState::Paid,
            at: at("2026-07-15T03:00:00"),
            reference: reference.map(str::to_owned),
            reason: None,
            invoice,
        }
    }

    #[test]
    fn an_order_is_made_as_what_it_becomes_and_others_are_left_alone() {
        let order = order();
        let half = Money::of(50, Currency::USD);
        let changes = vec![
            set_order(6, OrderState::Cancelled),
            Change::AddOrder(Box::new(order.clone())),
            Change::SetOrderPayment {
                order: 7,
                method: Some("card".to_owned()),
                instalments: 2,
                from_balance: half,
            },
            Change::SetDue {
                account: 1,
                on: None,
            },
            set_order(7, OrderState::Processing),
        ];
        let made = Order {
            state: OrderState::Processing,
            settled_at: Some(at("2026-07-15T03:00:00")),
            method: Some("card".to_owned()),
            instalments: 2,
            from_balance: half,
            ..order
        };
        let expected = [
            set_order(6, OrderState::Cancelled),
            Change::AddOrder(Box::new(made)),
            Change::SetDue {
                account: 1,
                on: None,
            },
        ];
        assert_eq!(folded(changes), expected);
    }

    #[test]
    fn what_is_said_of_a_payment_is_said_once_behind_its_invoice() {
        let post = Change::Post(Vec::new());
        let changes = vec![
            set_payment(Some("ref"), None),
            post.clone(),
            set_payment(None, Some(9)),
        ];
        let expected = [post, set_payment(Some("ref"), Some(9))];
        assert_eq!(folded(changes), expected);
    }
}
