//! Tax on lines: which rate, whether it is in the price, and where it is rounded.

use super::account::Account;
use super::allot::{Sharing, by_weight};
use super::calendar::Day;
use super::fraction::Fraction;
use super::money::{Checked, Currency, Money, Rounding};
use super::order::{BilledLine, Line};
use super::policy::{TaxRate, TaxRound, TaxRules};
use super::returned::Left;
use super::working::{Of, Working};
use rust_decimal::Decimal;

/// The rate for an account on a day, and whether the customer accounts for the tax himself.
pub fn rate_for<'r>(
    rules: &'r TaxRules,
    account: &Account,
    on: Day,
) -> Option<(&'r TaxRate, bool)> {
    let rate = rules.rates.iter().find(|rate| {
        rate.countries
            .iter()
            .any(|country| *country == account.country || country == "*")
            && rate.from.is_none_or(|from| from <= on)
            && rate.until.is_none_or(|until| on < until)
    })?;
    let reversed = rate.reverse_charge && account.billing.taxpayer.is_some();
    Some((rate, reversed))
}

/// Puts the tax on lines whose net amount stands. Run again, it gives the same.
///
/// A credit carries the tax of the line it gives back; that line's percent is set by whoever made it.
///
/// # Errors
/// An amount is too large.
pub fn apply(lines: &mut [Line], rules: &TaxRules, account: &Account, on: Day) -> Checked<()> {
    let found = rate_for(rules, account, on);
    for line in lines.iter_mut().filter(|line| line.credits.is_none()) {
        let (percent, name) = match found {
            Some((_, true)) => (Decimal::ZERO, Some("reverse charge".to_owned())),
            Some((rate, false)) => (rate.percent, Some(rate.name.clone())),
            None => (Decimal::ZERO, None),
        };
        line.tax_percent = percent;
        line.tax_name = name;
    }
    if rules.included {
        return lines.iter_mut().try_for_each(|line| match line.credits {
            None => take_out(line, rules.rounding),
            // It came with the tax that it gives back: see [`inside`].
            Some(_) => Ok(()),
        });
    }
    again(lines, rules)
}

/// The tax on lines that have their rates, and their net amounts without it: what was in a price was taken out
/// of it before.
///
/// # Errors
/// An amount is too large.
pub fn again(lines: &mut [Line], rules: &TaxRules) -> Checked<()> {
    match (rules.included, rules.round_at) {
        (false, TaxRound::Invoice) => per_invoice(lines, rules.rounding),
        (true, _) | (false, TaxRound::Line) => lines
            .iter_mut()
            .try_for_each(|line| of_net(line, rules.rounding)),
    }
}

fn of_net(line: &mut Line, rounding: Rounding) -> Checked<()> {
    let (net, percent) = (line.net, line.tax_percent);
    line.tax = tax_on(net.major(), percent, net.currency, rounding)?;
    Ok(())
}

/// The tax on a net amount.
///
/// # Errors
/// The amount is too large.
pub fn tax_on(
    net: Decimal,
    percent: Decimal,
    currency: Currency,
    rounding: Rounding,
) -> Checked<Money> {
    Money::round(net * percent / Decimal::ONE_HUNDRED, currency, rounding)
}

/// The tax in a credit for a part of a line whose price contained it, as a positive amount: what the part was
/// sold for with tax, less its net amount. `whole` is what the credit is a part of. Taken on the net amount again, the
/// tax of a part could be a minor unit above what was paid for it.
///
/// # Errors
/// An amount is too large.
pub fn inside(
    billed: &BilledLine,
    whole: &Left,
    credit: &Working,
    rounding: Rounding,
) -> Checked<Money> {
    let line = &billed.line;
    let left = tax_left(billed)?;
    if credit.amount.minor >= line.net.minus(billed.credited)?.minor {
        return Ok(left);
    }
    let raised = match credit.of {
        Of::BilledLine => {
            Fraction::from_minor(whole.with_tax).over(Fraction::from_minor(whole.amount))?
        }
        Of::Price => {
            let percent = Fraction::from_decimal(Decimal::ONE_HUNDRED + line.tax_percent)?;
            percent.over(Fraction::whole(100))?
        }
    };
    let gross = credit.exact.times(raised)?;
    let gross = gross.to_money(left.currency, rounding)?;
    let tax = gross.minus(credit.amount)?;
    Ok(Money::of(tax.minor.clamp(0, left.minor), left.currency))
}

/// Holds the tax of credits to what is left of the tax that their lines were billed with: taken on the net amount
/// again, the tax of the last part could be a minor unit above it. What uses up a line takes all that is left.
///
/// # Errors
/// An amount is too large.
pub fn hold(lines: &mut [Line], billed: &[BilledLine]) -> Checked<()> {
    for billed in billed {
        let mut net = billed.line.net.minus(billed.credited)?;
        let mut tax = tax_left(billed)?;
        let of = |line: &&mut Line| line.credits == Some(billed.line.id);
        for credit in lines.iter_mut().filter(of) {
            let back = credit.net.negated()?;
            let held = match back.minor >= net.minor {
                true => tax,
                false => credit.tax.negated()?.at_most(tax),
            };
            credit.tax = held.negated()?;
            (net, tax) = (net.minus(back)?, tax.minus(held)?);
        }
    }
    Ok(())
}

/// What was not given back of a line's tax.
fn tax_left(billed: &BilledLine) -> Checked<Money> {
    let tax = billed.line.tax;
    let returned = billed.returned.iter().map(|given| given.tax);
    let left = tax.plus(Money::sum(tax.currency, returned)?)?;
    Ok(Money::of(left.minor.max(0), left.currency))
}

/// One rounding for each rate; the lines share it, so that they add up to it.
fn per_invoice(lines: &mut [Line], rounding: Rounding) -> Checked<()> {
    let mut percents: Vec<Decimal> = lines.iter().map(|line| line.tax_percent).collect();
    percents.sort_unstable();
    percents.dedup();
    for percent in percents {
        let of_rate: Vec<usize> = (0..lines.len())
            .filter(|at| {
                lines
                    .get(*at)
                    .is_some_and(|line| line.tax_percent == percent)
            })
            .collect();
        let nets: Vec<Money> = of_rate
            .iter()
            .filter_map(|at| lines.get(*at).map(|line| line.net))
            .collect();
        let Some(currency) = nets.first().map(|net| net.currency) else {
            continue;
        };
        let total = tax_on(
            Money::sum(currency, nets.iter().copied())?.major(),
            percent,
            currency,
            rounding,
        )?;
        // Positive and negative lines round alone first; what is left over of the total goes to the largest.
        let mut shares = Vec::with_capacity(nets.len());
        for net in &nets {
            shares.push(tax_on(net.major(), percent, currency, rounding)?);
        }
        let over = total.minus(Money::sum(currency, shares.iter().copied())?)?;
        let weights: Vec<i64> = nets.iter().map(|net| net.minor.saturating_abs()).collect();
        let drift = by_weight(over, &weights, Sharing::LargestRemainder);
        for ((at, share), extra) in of_rate.iter().zip(shares).zip(drift) {
            if let Some(line) = lines.get_mut(*at) {
                line.tax = share.plus(extra)?;
            }
        }
    }
    Ok(())
}

/// Takes the tax out of a line whose gross contains it, once.
fn take_out(line: &mut Line, rounding: Rounding) -> Checked<()> {
    if line.tax_percent.is_zero() || !line.tax.is_zero() {
        return Ok(());
    }
    let currency = line.net.currency;
    let paid = line.net;
    let share = line.tax_percent / (Decimal::ONE_HUNDRED + line.tax_percent);
    line.tax = Money::round(paid.major() * share, currency, rounding)?;
    line.net = paid.minus(line.tax)?;
    let without = Decimal::ONE - share;
    line.discount = Money::round(line.discount.major() * without, currency, rounding)?;
    line.gross = line.net.plus(line.discount)?;
    Ok(())
}
