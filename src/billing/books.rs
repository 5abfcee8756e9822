//! Deriving a line again from its parts, for those who check the books.

use super::fraction::Fraction;
use super::money::{Checked, Money, TooLarge};
use super::order::{Line, LineKind};
use super::switches::{RoundAt, Unit};
use super::tax::tax_on;
use super::working::{Of, Working};
use rust_decimal::Decimal;

/// Minor units by which one line's tax may differ from its own rounding, where the tax of an invoice was
/// rounded once and shared over its lines.
const SHARED: i64 = 2;

/// What does not follow from a line's parts, in words.
pub fn line(line: &Line) -> Vec<String> {
    let mut found = Vec::new();
    if line.gross.minus(line.discount) != Ok(line.net) {
        found.push(format!(
            "{} less {} is not {}.",
            line.gross, line.discount, line.net
        ));
    }
    if let Some(working) = &line.working {
        let said = (line.quantity, line.unit_price);
        let counted = (working.quantity, working.unit_price);
        if line.kind != LineKind::Credit && working.of == Of::Price && said != counted {
            found.push(format!(
                "It says {} times {}, and its working counts {} times {}.",
                line.quantity, line.unit_price, working.quantity, working.unit_price
            ));
        }
        match amount(working) {
            Ok(derived) if apart(derived, working.amount) <= allowance(working) => {}
            Ok(derived) => found.push(format!(
                "Its parts give {derived}, and it says {}.",
                working.amount
            )),
            Err(TooLarge) => found.push("Its parts are too large to count.".to_owned()),
        }
        if !follows(line, working.amount) {
            found.push(format!(
                "{} does not follow from its working, which gives {}.",
                line.gross, working.amount
            ));
        }
    }
    // A note's tax is what was left of its invoice's, which the notes of an invoice prove together.
    let own = tax_on(
        line.net.major(),
        line.tax_percent,
        line.net.currency,
        super::money::Rounding::HalfUp,
    );
    let by_note = line.kind == LineKind::Credit;
    match own {
        Ok(own) if by_note || apart(own, line.tax) <= SHARED => {}
        Ok(own) => found.push(format!(
            "{} % of {} is {own}, and its tax is {}.",
            line.tax_percent, line.net, line.tax
        )),
        Err(TooLarge) => found.push("Its tax is too large to count.".to_owned()),
    }
    found
}

fn apart(one: Money, other: Money) -> i64 {
    one.minor.saturating_sub(other.minor).saturating_abs()
}

/// What rounding a net once may move between the charge and the credit.
fn allowance(working: &Working) -> i64 {
    i64::from(working.round_at == RoundAt::Net)
}

/// The amount again, from dates counted, quantity, price and rounding.
fn amount(working: &Working) -> Checked<Money> {
    let currency = working.amount.currency;
    let round = |value: Fraction| value.to_money(currency, working.rounding);
    let unit = Fraction::from_decimal(working.unit_price)?;
    let whole = unit.times(Fraction::whole(working.quantity))?;
    let mut ratio = Fraction::new(
        i128::from(working.numerator),
        i128::from(working.denominator),
    )?;
    let kept = match whole == Fraction::ZERO {
        true => ratio,
        false => working.exact.over(whole)?,
    };
    // The ratio that was used may have been rounded or capped; anything else is not the count's.
    if kept != ratio && (near(kept, ratio) || kept == Fraction::ONE) {
        ratio = kept;
    }
    let exact = whole.times(ratio)?;
    let by_day = working.unit == Unit::Day && ratio < Fraction::ONE;
    let amount = match working.round_at {
        RoundAt::DayPrice if by_day => {
            let day = round(unit.over(Fraction::whole(working.denominator))?)?;
            let days = working.numerator.checked_mul(working.quantity);
            times(day, days.ok_or(TooLarge)?)?
        }
        RoundAt::Unit => times(round(unit.times(ratio)?)?, working.quantity)?,
        RoundAt::DayPrice | RoundAt::Line | RoundAt::Net => round(exact)?,
    };
    Ok(match working.capped_at {
        Some(cap) => amount.within(cap),
        None => amount,
    })
}

fn near(one: Fraction, other: Fraction) -> bool {
    let Ok(apart) = one.minus(other) else {
        return false;
    };
    let most = Fraction::new(1, 1000).unwrap_or(Fraction::ZERO);
    let back = Fraction::ZERO.minus(most).unwrap_or(Fraction::ZERO);
    apart < most && apart > back
}

fn times(money: Money, count: i64) -> Checked<Money> {
    let minor = money.minor.checked_mul(count).ok_or(TooLarge)?;
    Ok(Money::of(minor, money.currency))
}

/// Whether a line's amounts follow from the amount of its working, where tax may be in the price.
fn follows(line: &Line, amount: Money) -> bool {
    let sign = if line.kind == LineKind::Credit { -1 } else { 1 };
    let worth = Money::of(amount.minor.saturating_mul(sign), amount.currency);
    if line.gross == worth {
        return true;
    }
    if line.tax_percent.is_zero() {
        return false;
    }
    if line.discount.is_zero() {
        return line.net.plus(line.tax) == Ok(worth);
    }
    let with = (Decimal::ONE_HUNDRED + line.tax_percent) / Decimal::ONE_HUNDRED;
    let with_tax = Money::round(
        line.gross.major() * with,
        line.gross.currency,
        super::money::Rounding::HalfUp,
    );
    with_tax.is_ok_and(|with_tax| apart(with_tax, worth) <= SHARED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::calendar::Span;
    use crate::billing::money::Currency;
    use crate::billing::prorate::{Price, remaining};
    use crate::billing::sample::day;
    use crate::billing::share::Stretch;
    use crate::billing::switches::Proration;

    fn upgraded() -> Line {
        let switches = Proration::default();
        let span = Span::new(day("2024-03-01"), day("2024-04-01"));
        let at = crate::billing::calendar::midnight(day("2024-03-16"));
        let price = Price::of("60".parse().unwrap(), 1, Currency::USD);
        let working = remaining(&switches, &Stretch::of(span), at, price).unwrap();
        let gross = working.amount;
        let zero = Money::zero(Currency::USD);
        Line {
            id: 1,
            kind: LineKind::Plan,
            text: String::new(),
            item: String::new(),
            seat_type: None,
            quantity: 1,
            service: None,
            term: None,
            unit_price: price.unit,
            list: String::new(),
            working: Some(working),
            because: None,
            gross,
            discount: zero,
            discounted: Vec::new(),
            net: gross,
            tax: zero,
            tax_percent: Decimal::ZERO,
            tax_name: None,
            credits: None,
        }
    }

    #[test]
    fn a_sound_line_derives_from_its_parts() {
        let line_16_of_31 = upgraded();
        assert_eq!(line_16_of_31.net.minor, 3097);
        assert!(line(&line_16_of_31).is_empty());
    }

    #[test]
    fn every_touched_part_is_found() {
        let touched: [fn(&mut Line); 5] = [
            |line| line.net.minor += 1,
            |line| line.tax.minor += 300,
            |line| {
                (line.gross.minor, line.net.minor) = (3000, 3000);
            },
            |line| line.working.as_mut().unwrap().numerator = 17,
            |line| line.working.as_mut().unwrap().amount.minor += 1,
        ];
        for (at, touch) in touched.into_iter().enumerate() {
            let mut line_touched = upgraded();
            touch(&mut line_touched);
            assert!(!line(&line_touched).is_empty(), "touch {at}");
        }
    }
}
