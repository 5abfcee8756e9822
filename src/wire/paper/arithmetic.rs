//! How an amount on a page came about, as a formula that its reader can follow.

use super::of_invoice::Pen;
use crate::billing::calendar::Span;
use crate::billing::fraction::Fraction;
use crate::billing::order::LineKind;
use crate::billing::switches::Unit;
use crate::billing::working::{Of, Working};
use crate::wire::order::Line;
use rust_decimal::Decimal;

impl Pen<'_> {
    /// `2 × 300.00 × 91/181 days`; nothing where the whole price is paid, or where no such formula gives the
    /// amount.
    pub(super) fn arithmetic(&self, working: &Working, given_back: bool) -> Option<String> {
        if working.numerator == working.denominator {
            return None;
        }
        let percent = self.percent(working);
        if working.unit == Unit::None && percent.is_none() {
            return None;
        }
        let share = Fraction::new(
            i128::from(working.numerator),
            i128::from(working.denominator),
        )
        .ok()?;
        let one = Fraction::from_decimal(working.unit_price).ok()?;
        let units = Fraction::whole(working.quantity);
        if one.times(units).ok()?.times(share).ok()? != working.exact {
            return None;
        }
        let currency = working.amount.currency;
        let mut text = String::from(if given_back { "-" } else { "" });
        if working.of == Of::Price {
            text.push_str(&self.locale.plain(Decimal::from(working.quantity)));
            text.push_str(" × ");
        }
        let share = percent.unwrap_or(format!("{}/{}", working.numerator, working.denominator));
        let price = self.locale.price(working.unit_price, currency);
        text.push_str(&format!("{price} × {share}"));
        if let Some(unit) = unit_name(working.unit) {
            // Of so many days, however many of them are paid.
            text = format!("{text} {}", self.wording.unit(2, unit));
        }
        if let Some(most) = working.capped_at {
            text.push_str(&format!(" ≤ {}", self.locale.amount(most)));
        }
        Some(text)
    }

    /// The arithmetic of a price that contains its tax, which the amount does not: `11 × 31.33 − 64.44 (VAT 23%)`.
    pub(super) fn less_tax(&self, arithmetic: Option<String>, line: &Line) -> String {
        let (locale, tax) = (&self.locale, line.tax.money());
        let price = locale.price(line.unit_price, tax.currency);
        let count = locale.plain(Decimal::from(line.quantity));
        let paid = arithmetic.unwrap_or_else(|| format!("{count} × {price}"));
        let name = self
            .wording
            .tax(line.tax_name.as_deref().unwrap_or_default());
        let percent = locale.percent(line.tax_percent.normalize());
        let tax = locale.amount(tax);
        format!("{paid} − {tax} ({})", format!("{name} {percent}").trim())
    }

    /// A share of a line that was given back by hand: `33%`.
    fn percent(&self, working: &Working) -> Option<String> {
        let by_hand = working.unit == Unit::None && working.of == Of::BilledLine;
        let exact = by_hand && [100, 1_000, 10_000].contains(&working.denominator);
        let whole = Decimal::from(working.numerator).checked_mul(Decimal::ONE_HUNDRED);
        let percent = whole?.checked_div(Decimal::from(working.denominator))?;
        exact.then(|| self.locale.percent(percent.normalize()))
    }

    /// The arithmetic with the days that were priced, where the line is for later ones: it was paid days after it was
    /// ordered.
    pub(super) fn of_part(&self, text: String, line: &Line) -> String {
        let part = line.working.as_ref().map(|working| working.part);
        let days = part.map(|part| Span::new(part.from.date(), part.to.date()));
        let begins = line.service.map(|service| service.start);
        match days.filter(|days| begins.is_some_and(|begins| days.start < begins)) {
            Some(days) => format!("{text} ({})", self.locale.span(days)),
            None => text,
        }
    }
}

/// Whether the price of a line contains the tax, and its amount is what that and its discounts leave.
pub(super) fn tax_inside(line: &Line) -> bool {
    let (net, tax) = (line.net.money(), line.tax.money());
    let working = line.working.as_ref();
    let paid = working.and_then(|working| {
        let mut discounts = line.discounts.iter();
        let paid = discounts.try_fold(working.amount, |left, one| left.minus(one.off.money()));
        paid.ok()
    });
    line.kind != LineKind::Credit
        && tax.minor > 0
        && paid.is_some_and(|paid| paid != net && net.plus(tax) == Ok(paid))
}

fn unit_name(unit: Unit) -> Option<&'static str> {
    match unit {
        Unit::Second => Some("seconds"),
        Unit::Minute => Some("minutes"),
        Unit::Day => Some("days"),
        Unit::Month => Some("months"),
        Unit::None => None,
    }
}
