//! Credits for time that was billed and is not used: on plans, and on add-ons that are there for a time.

use super::draft::{self, Draft, LineHead};
use crate::billing::calendar::{Period, Span};
use crate::billing::catalog::{Gives, Plan};
use crate::billing::line_text::LineText;
use crate::billing::money::Money;
use crate::billing::order::{BilledLine, Line, LineKind};
use crate::billing::prorate::{self, Billed, Price};
use crate::billing::refusal::Refusal;
use crate::billing::returned::{Left, left};
use crate::billing::scene::Scene;
use crate::billing::share::{Stretch, Window};
use crate::billing::switches::CreditBasis;
use crate::billing::tax;
use crate::billing::term::{Slice, SoldPrice, Term};
use rust_decimal::Decimal;

/// Credits for everything that was billed for the unused part of a term. `key` is the policy's that says so, with
/// its value.
pub(super) fn give_back(
    scene: &Scene<'_>,
    draft: &mut Draft,
    (slice, term): (&Slice, &Term),
    key: (&str, &str),
) -> Result<(), Refusal> {
    let plan = scene.plan(&slice.plan)?;
    for billed in scene
        .facts
        .billed
        .iter()
        .filter(|billed| billed.line.term == Some(term.id))
    {
        if billed.line.net.minor <= 0 {
            continue;
        }
        let line = credit_line(scene, (plan, term), billed, left(billed)?, key)?;
        draft.lines.extend(line);
    }
    Ok(())
}

/// Credits for what was billed for add-ons that are there for a time and run on: features and limits. Units
/// of use and work that was done are not given back by time.
pub(super) fn of_add_ons(
    scene: &Scene<'_>,
    draft: &mut Draft,
    key: (&str, &str),
) -> Result<(), Refusal> {
    for billed in &scene.facts.billed {
        let line = &billed.line;
        let (Some(service), Some(add_on)) = (line.service, scene.catalog.add_on(&line.item)) else {
            continue;
        };
        let runs = matches!(add_on.gives, Gives::Feature { .. } | Gives::Limit { .. });
        if line.kind != LineKind::AddOn || !runs || line.net.minor <= 0 {
            continue;
        }
        let mut terms = scene.facts.terms.iter();
        let term = terms.find(|term| term.paid && term.span.end == service.end);
        let mut held = scene.facts.holdings.iter();
        let period = held.find(|held| held.add_on == line.item && held.span.end == service.end);
        let unused = Unused {
            text: LineText::Unused(&add_on.name).to_string(),
            stretch: term.map_or(Stretch::of(service), Term::stretch),
            period: period.map_or(Period::Months(1), |held| held.period),
            service,
            term: None,
        };
        let credit = unused.line(scene, billed, left(billed)?, key)?;
        draft.lines.extend(credit);
    }
    Ok(())
}

/// A credit for the unused part of a line that was billed for a term, or of some of its units.
pub(super) fn credit_line(
    scene: &Scene<'_>,
    (plan, term): (&Plan, &Term),
    billed: &BilledLine,
    whole: Left,
    key: (&str, &str),
) -> Result<Option<Line>, Refusal> {
    let unused = Unused {
        text: LineText::Unused(&plan.name).to_string(),
        stretch: term.stretch(),
        period: term.period,
        service: billed.line.service.unwrap_or(term.span),
        term: Some(term),
    };
    unused.line(scene, billed, whole, key)
}

/// What is not used any more.
struct Unused<'a> {
    text: String,
    /// What its price pays for.
    stretch: Stretch,
    period: Period,
    /// What was billed.
    service: Span,
    term: Option<&'a Term>,
}

impl Unused<'_> {
    fn line(
        self,
        scene: &Scene<'_>,
        billed: &BilledLine,
        whole: Left,
        key: (&str, &str),
    ) -> Result<Option<Line>, Refusal> {
        let line = &billed.line;
        let Left {
            amount,
            credited,
            quantity,
            ..
        } = whole;
        if amount.minor <= 0 {
            return Ok(None);
        }
        let currency = line.net.currency;
        // Amounts of lines are without tax, prices need not be.
        let untaxed = |unit: Decimal| match scene.policy.tax.included {
            true => unit * Decimal::ONE_HUNDRED / (Decimal::ONE_HUNDRED + line.tax_percent),
            false => unit,
        };
        let price = Price::of(untaxed(line.unit_price), quantity, currency);
        let what = Billed {
            service: Window::from(self.service),
            amount,
            credited,
            price,
        };
        let at = draft::moment_in(scene, self.term.map_or(self.service, |term| term.span));
        let switches = &scene.policy.proration;
        let current = match switches.credit_basis {
            CreditBasis::CurrentPrice => scene
                .price_of(&line.item, line.seat_type.as_deref(), self.period)
                .map_or(price, |list| {
                    Price::of(untaxed(list.amount), quantity, currency)
                }),
            CreditBasis::Billed | CreditBasis::BilledPrice => price,
        };
        let mut working = prorate::unused(switches, &self.stretch, &what, at, current)?;
        // Whatever a credit is computed from, more than was billed is never given back.
        let open = what.left()?;
        if working.amount.minor > open.minor {
            (working.amount, working.capped_at) = (open, Some(open));
        }
        if working.amount.is_zero() {
            return Ok(None);
        }
        let sold = SoldPrice {
            amount: line.unit_price,
            list: line.list.clone(),
        };
        let head = LineHead {
            kind: LineKind::Credit,
            text: self.text,
            item: &line.item,
            seat_type: line.seat_type.as_deref(),
            service: Span::new(working.part.from.date(), working.part.to.date()),
            term: self.term.map(|term| term.id),
            price: &sold,
            key: Some((key.0, key.1.to_owned())),
            credits: Some(line.id),
        };
        let tax = match scene.policy.tax.included {
            true => tax::inside(billed, &whole, &working, scene.policy.tax.rounding)?,
            false => Money::zero(currency),
        };
        let mut credit = draft::line(scene, head, working);
        credit.tax = tax.negated()?;
        credit.tax_percent = line.tax_percent;
        credit.tax_name.clone_from(&line.tax_name);
        Ok(Some(credit))
    }
}
