//! What an issued document states holds: an invoice that was issued before it was paid fixes from when and until
//! when it sells something, whether it is paid on that day or later. Where no document came before the payment,
//! what is sold begins with the day of the payment.

use super::begin::keeps_its_start;
use super::calendar::{Day, Span};
use super::invoice::Invoice;
use super::order::{Line, LineKind, NewTerm, Order, OrderState};
use super::policy::{IssueAt, OrderKind};
use super::scene::Scene;

/// Whether the invoice of what is ordered now is issued with the order, and so before the payment.
pub fn with_the_order(scene: &Scene<'_>) -> bool {
    scene.policy.invoice.issue == IssueAt::Order
}

/// The first day of a term behind paid time that ends on a day. After a stop it begins with the order where that is
/// made by time, or where its invoice is issued with it: neither asks for days that nobody was served.
pub fn begins_behind(scene: &Scene<'_>, end: Day, kind: OrderKind) -> Day {
    let from_today = kind == OrderKind::Renewal || with_the_order(scene);
    match from_today && !keeps_its_start(scene, end) {
        true => scene.on(),
        false => end,
    }
}

/// Whether an order asks for days that nobody was served: its invoice states days from before today, and the
/// service stopped before it was paid.
pub fn asks_for_a_stop(scene: &Scene<'_>, order: &Order) -> bool {
    let begins = begins_on(order).filter(|_| fixed_on(scene, order).is_some());
    let waits = order.state == OrderState::Pending;
    waits && begins.is_some_and(|begins| begins < scene.on() && !keeps_its_start(scene, begins))
}

/// The invoice that was issued with an order and waits for its payment.
pub fn asked_by<'a>(scene: &Scene<'a>, order: &Order) -> Option<&'a Invoice> {
    let mut open = scene.facts.open_invoices.iter();
    open.find(|open| open.order == Some(order.id))
}

/// The day from which what an order brings is served, where it names no day itself: that on which its invoice
/// was issued, if that came before the payment, and otherwise the scene's.
pub fn counts_from(scene: &Scene<'_>, order: &Order) -> Day {
    fixed_on(scene, order).unwrap_or(scene.on())
}

/// Whether a document stated what an order sells before it is paid.
pub fn is_stated(scene: &Scene<'_>, order: &Order) -> bool {
    fixed_on(scene, order).is_some()
}

/// The day on which a document stated what an order sells, before it is paid. It holds although that document was
/// voided since: the one that is issued with the payment states the same lines.
fn fixed_on(scene: &Scene<'_>, order: &Order) -> Option<Day> {
    // Orders from before this was kept with them have their open invoice.
    let asked = || asked_by(scene, order).map(|_| order.placed_at.date());
    order.stated_from().or_else(asked)
}

/// The lines of an order that are for one of its new terms.
pub fn lines_of<'o>(order: &'o Order, wanted: &'o NewTerm) -> impl Iterator<Item = &'o Line> {
    let planned = wanted.starts.unwrap_or(order.placed_at.date());
    order.lines.iter().filter(move |line| {
        let begins = line.service.is_some_and(|service| service.start == planned);
        line.kind == LineKind::Plan && line.item == wanted.plan && line.term.is_none() && begins
    })
}

/// The days that were stated for one of an order's new terms before it is paid.
pub fn span_of(scene: &Scene<'_>, order: &Order, wanted: &NewTerm) -> Option<Span> {
    fixed_on(scene, order)?;
    lines_of(order, wanted).find_map(|line| line.service)
}

/// The first day on which nothing is left of the first thing that lines sell; what they give back is no sale.
pub fn over_on<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Option<Day> {
    let sold = lines
        .into_iter()
        .filter(|line| line.kind != LineKind::Credit);
    let spans = sold.filter_map(|line| line.service);
    let spans = spans.filter(|service| service.days() > 0);
    spans.map(|service| service.end).min()
}

/// The first day of what an order sells, as its lines state it.
pub fn begins_on(order: &Order) -> Option<Day> {
    let sold = order
        .lines
        .iter()
        .filter(|line| line.kind != LineKind::Credit);
    sold.filter_map(|line| line.service)
        .map(|service| service.start)
        .min()
}

/// Trial days that are left on the scene's day.
pub fn trial_days(scene: &Scene<'_>) -> u32 {
    let trials = scene.facts.trials.iter();
    let left = trials.map(|trial| trial.days_left(scene.on())).max();
    left.and_then(|days| u32::try_from(days).ok()).unwrap_or(0)
}
