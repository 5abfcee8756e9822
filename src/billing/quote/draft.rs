//! From priced lines to an order: discounts, tax, totals, keys.

use super::Wish;
use super::way;
use crate::billing::access::reason_missing;
use crate::billing::account::{Discount, Numbers};
use crate::billing::calendar::{Day, Span, midnight, plus_days};
use crate::billing::deferred;
use crate::billing::discount;
use crate::billing::due::span_of_retries;
use crate::billing::money::Money;
use crate::billing::order::{Line, LineKind, Order, OrderState, Part, new_terms};
use crate::billing::policy::{BelowMinimum, DiscountAllow, OrderKind};
use crate::billing::prorate::{self, Price, Working};
use crate::billing::refusal::{Because, Code, Refusal};
use crate::billing::scene::Scene;
use crate::billing::share::{Stretch, Window};
use crate::billing::stated;
use crate::billing::switches::{Proration, Unit};
use crate::billing::tax;
use crate::billing::term::SoldPrice;
use rust_decimal::Decimal;

/// An order under construction.
pub(super) struct Draft {
    pub kind: OrderKind,
    pub lines: Vec<Line>,
    pub parts: Vec<Part>,
    /// Lines of orders that waited for this one, as they were priced.
    pub collected: Vec<Line>,
    pub renews: Option<Day>,
}

impl Draft {
    pub fn of(kind: OrderKind) -> Draft {
        Draft {
            kind,
            lines: Vec::new(),
            parts: Vec::new(),
            collected: Vec::new(),
            renews: None,
        }
    }

    /// Takes over the money of orders that waited for this one, or for a day.
    pub fn collect(&mut self, scene: &Scene<'_>, by: Option<Day>) {
        let amount = scene.policy.seats.add.collect_at_amount;
        let (parts, lines) = deferred::taken_over(scene.facts, by, amount);
        self.parts.extend(parts);
        self.collected.extend(lines);
    }
}

/// Everything about a line but its amounts.
pub(super) struct LineHead<'a> {
    pub kind: LineKind,
    pub text: String,
    pub item: &'a str,
    pub seat_type: Option<&'a str>,
    pub service: Span,
    pub term: Option<i64>,
    pub price: &'a SoldPrice,
    /// The policy key that made the amount what it is, and its value; a whole period at its price has none.
    pub key: Option<(&'a str, String)>,
    pub credits: Option<i64>,
}

/// A line with its gross amount; discount and tax come later.
pub(super) fn line(scene: &Scene<'_>, head: LineHead<'_>, working: Working) -> Line {
    let currency = working.amount.currency;
    let sign = if head.kind == LineKind::Credit { -1 } else { 1 };
    let gross = Money::of(working.amount.minor.saturating_mul(sign), currency);
    Line {
        id: 0,
        kind: head.kind,
        text: head.text,
        item: head.item.to_owned(),
        seat_type: head.seat_type.map(str::to_owned),
        quantity: working.quantity,
        service: Some(head.service),
        term: head.term,
        unit_price: head.price.amount,
        list: head.price.list.clone(),
        working: Some(working),
        because: head.key.map(|(key, value)| Because {
            key: key.to_owned(),
            value,
            rule: scene.policy.rule(key).map(str::to_owned),
            place: None,
        }),
        gross,
        discount: Money::zero(currency),
        discounted: Vec::new(),
        net: gross,
        tax: Money::zero(currency),
        tax_percent: Decimal::ZERO,
        tax_name: None,
        credits: head.credits,
    }
}

/// The working of a whole period: nothing is prorated, the price is rounded once a line.
pub(super) fn whole(scene: &Scene<'_>, span: Span, price: Price) -> Result<Working, Refusal> {
    let switches = Proration {
        unit: Unit::None,
        ..scene.policy.proration
    };
    let span = if span.days() == 0 {
        Span::new(span.start, plus_days(span.start, 1))
    } else {
        span
    };
    Ok(prorate::service(
        &switches,
        &Stretch::of(span),
        Window::from(span),
        price,
    )?)
}

/// Discounts, tax, totals and keys; checks the way to pay.
pub(super) fn finish(scene: &Scene<'_>, wish: &Wish, draft: Draft) -> Result<Order, Refusal> {
    let lapses_on = lapses_on(scene, &draft);
    let mut lines = draft.lines;
    let discounts = discounts(scene, wish)?;
    discount::apply(&mut lines, &discounts, scene.policy.discount.sharing)?;
    tax::apply(
        &mut lines,
        &scene.policy.tax,
        &scene.facts.account,
        scene.on(),
    )?;
    tax::hold(&mut lines, &scene.facts.billed)?;
    lines.extend(draft.collected);
    let currency = scene.facts.account.currency;
    let mut next = scene.facts.next.clone();
    for line in &mut lines {
        line.id = Numbers::take(&mut next.line);
    }
    let net = Money::sum(currency, lines.iter().map(|line| line.net))?;
    let tax = Money::sum(currency, lines.iter().map(|line| line.tax))?;
    let mut order = Order {
        id: next.order,
        account: scene.facts.account.id,
        kind: draft.kind,
        state: OrderState::Pending,
        placed_at: scene.at,
        settled_at: None,
        method: None,
        instalments: 1,
        parts: draft.parts,
        lines,
        currency,
        net,
        tax,
        total: net.plus(tax)?,
        from_balance: Money::zero(currency),
        lapses_on,
        basis: scene.basis(),
        renews: draft.renews,
        reason: scene.reason.map(str::to_owned),
    };
    waive_small(scene, &mut order)?;
    if stated::with_the_order(scene) && order.total.minor > 0 && order.deferred_until().is_none() {
        order.parts.push(Part::Stated { from: scene.on() });
    }
    way::settle(scene, wish, &mut order)?;
    check_pending(scene, &order)?;
    Ok(order)
}

/// One order at a time, unless the policy allows several. What time makes, and what waits to be asked for,
/// stands in nobody's way.
fn check_pending(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    let by_time = order.kind == OrderKind::Renewal || order.collects().next().is_some();
    if by_time {
        return Ok(());
    }
    settled_first(scene, order)?;
    let mut open = scene.facts.pending_orders();
    let waits = |order: &&Order| {
        let lapsed = order.state == OrderState::Pending && order.has_lapsed_by(scene.on());
        order.deferred_until().is_none() && !lapsed
    };
    let Some(pending) = open.find(waits) else {
        return Ok(());
    };
    if scene.policy.order.several_pending {
        return Ok(());
    }
    let number = pending.number();
    let message = format!("{number} is {} already.", pending.state.name());
    Err(Refusal::new(Code::OrderPending, message)
        .because(scene.policy, "order.several_pending", "false")
        .run(format!("order pay {number}"))
        .run(format!("order cancel {number}")))
}

/// Another plan gives back what was billed, so what is not billed yet is paid first.
fn settled_first(scene: &Scene<'_>, order: &Order) -> Result<(), Refusal> {
    let changes = matches!(
        order.kind,
        OrderKind::Upgrade | OrderKind::Downgrade | OrderKind::PeriodChange
    );
    let Some((seats, until)) = deferred::waiting(scene.facts).find(|_| changes) else {
        return Ok(());
    };
    let number = seats.number();
    let message = format!(
        "{number} over {} waits to be collected on {until}, and is paid before the plan changes.",
        seats.total
    );
    Err(Refusal::new(Code::OrderPending, message).run(format!("order pay {number}")))
}

/// A renewal waits at least until its last attempt and the end of the grace are over. Anything else lapses
/// with the bill day on which its first term was to end, and with the running term if it is priced for that. What an
/// invoice asks for that is issued with the order cannot be paid any more once the first service that it states is
/// over.
fn lapses_on(scene: &Scene<'_>, draft: &Draft) -> Option<Day> {
    let policy = scene.policy;
    let on = |from: Day, days: u32| plus_days(from, i64::from(days));
    let usual = policy.order.lapse_days.map(|days| on(scene.on(), days));
    // What was there ahead of the payment was served, and stays to be paid.
    let ahead = draft.parts.iter().any(Part::is_ahead);
    let over = stated::over_on(&draft.lines);
    let over = over.filter(|_| stated::with_the_order(scene) && !ahead);
    let Some(end) = draft.renews else {
        let bill_day = new_terms(&draft.parts).find_map(|term| term.ends);
        let kept = ahead
            || draft
                .parts
                .iter()
                .any(|part| matches!(part, Part::Deferred { .. } | Part::Collects { .. }));
        let running = scene.paid_terms().map(|term| term.span.end).min();
        let running = running.filter(|_| !kept);
        return usual
            .into_iter()
            .chain(bill_day)
            .chain(over)
            .chain(running)
            .min();
    };
    let collecting = span_of_retries(&policy.retry).max(policy.end.grace_days);
    let tried = on(scene.on().max(end), collecting.saturating_add(1));
    let bound = usual.into_iter().chain(over).min();
    bound.map(|bound| bound.max(tried))
}

/// An amount below the seller's minimum is forgiven, where the policy says so.
fn waive_small(scene: &Scene<'_>, order: &mut Order) -> Result<(), Refusal> {
    let rules = &scene.policy.order;
    if order.deferred_until().is_some() {
        return Ok(());
    }
    let small = order.total.minor > 0 && order.total.major() < rules.minimum_charge;
    if small && rules.below_minimum == BelowMinimum::Waive {
        let waived = Discount::Amount { off: order.net };
        discount::apply(&mut order.lines, &[waived], scene.policy.discount.sharing)?;
        tax::again(&mut order.lines, &scene.policy.tax)?;
        tax::hold(&mut order.lines, &scene.facts.billed)?;
        order.net = Money::sum(order.currency, order.lines.iter().map(|line| line.net))?;
        order.tax = Money::sum(order.currency, order.lines.iter().map(|line| line.tax))?;
        order.total = order.net.plus(order.tax)?;
    }
    Ok(())
}

/// Discounts agreed with the account, and the one for this order if support gives it with a reason.
fn discounts(scene: &Scene<'_>, wish: &Wish) -> Result<Vec<Discount>, Refusal> {
    let mut all = scene.discounts();
    if wish.discount.is_none() && wish.price.is_none() {
        return Ok(all);
    }
    let what = if wish.price.is_some() {
        "A negotiated price"
    } else {
        "A discount"
    };
    let rules = &scene.policy.discount;
    if rules.allow == DiscountAllow::Refuse || scene.member.is_some() {
        let message = format!("{what} is given only by the seller's people.");
        return Err(Refusal::new(Code::DiscountNotAllowed, message).because(
            scene.policy,
            "discount.allow",
            if rules.allow == DiscountAllow::Refuse {
                "refuse"
            } else {
                "support"
            },
        ));
    }
    if scene.reason.is_none() {
        let message = format!("{what} needs a reason.");
        return Err(reason_missing(message).because(scene.policy, "discount.allow", "support"));
    }
    let Some(discount) = wish.discount else {
        return Ok(all);
    };
    let usable = match discount {
        Discount::Percent { percent } => {
            let most = rules.max_percent.unwrap_or(Decimal::ONE_HUNDRED);
            if percent > most {
                let message =
                    format!("A discount of {percent} % is more than the {most} % allowed.");
                return Err(Refusal::new(Code::DiscountNotAllowed, message).because(
                    scene.policy,
                    "discount.max_percent",
                    most.to_string(),
                ));
            }
            percent > Decimal::ZERO
        }
        Discount::Amount { off } => off.minor > 0 && off.currency == scene.facts.account.currency,
    };
    if !usable {
        let message = "A discount is above zero and in the account's currency.";
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    all.push(discount);
    Ok(all)
}

/// The order that asks for the money of seats that waited for the scene's day.
///
/// # Errors
/// An amount is too large, or the account cannot order at all.
pub fn collecting_order(scene: &Scene<'_>) -> Result<Order, Refusal> {
    let mut draft = Draft::of(OrderKind::Seats);
    draft.collect(scene, Some(scene.on()));
    finish(scene, &Wish::default(), draft)
}

/// The order that renews a subscription from the end of its last term: the same plan, seats and period,
/// or what was asked for the next term.
///
/// # Errors
/// There is no price for it any more, or an amount is too large.
pub fn renewal_order(scene: &Scene<'_>) -> Result<Order, Refusal> {
    super::extend::renewal(scene)
}

/// The moment at which a day begins, or the scene's own moment if that is later.
pub(super) fn moment_in(scene: &Scene<'_>, span: Span) -> crate::billing::calendar::Moment {
    scene.at.max(midnight(span.start))
}
