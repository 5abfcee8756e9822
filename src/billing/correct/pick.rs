//! From a wish ("half of it", "12.50 of line 2") to net amounts per line, and to their tax.

use super::{Paper, Pick, by_gross};
use crate::billing::allot::{Sharing, by_weight};
use crate::billing::money::{Checked, Money, Rounding};
use crate::billing::policy::{TaxRound, TaxRules};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::tax::tax_on;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How much of an invoice is given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Much {
    /// Everything that is left.
    All,
    /// So many percent of each line as it was billed.
    Percent(Decimal),
    /// So many major units before tax, spread over the lines by what is left of them.
    Amount(Decimal),
    /// So many major units before tax of single lines, by their place from 1.
    Lines(Vec<(usize, Decimal)>),
}

/// Spreads a wish over the lines of an invoice. The tax is still to be found: see [`taxed`].
///
/// # Errors
/// More than is left of a line or of the invoice, nothing at all, or an amount that makes no sense.
pub fn pick(paper: &Paper, much: &Much) -> Result<Vec<Pick>, Refusal> {
    paper.check()?;
    let lefts = lefts(paper)?;
    let currency = paper.invoice.currency;
    let whole = Money::sum(currency, lefts.iter().copied())?;
    if whole.is_zero() {
        return Err(none_left(paper));
    }
    let percent = match much {
        Much::Percent(percent) => Some(*percent),
        Much::All | Much::Amount(_) | Much::Lines(_) => None,
    };
    let nets = match much {
        Much::All => lefts.clone(),
        Much::Percent(percent) => by_percent(paper, &lefts, *percent)?,
        Much::Amount(amount) => {
            let amount = exact(paper, *amount)?;
            if amount.minor > whole.minor {
                return Err(too_much(paper, amount, whole, None));
            }
            let weights: Vec<i64> = lefts.iter().map(|left| left.minor).collect();
            by_weight(amount, &weights, Sharing::LargestRemainder)
        }
        Much::Lines(wanted) => by_line(paper, &lefts, wanted)?,
    };
    let picks: Vec<Pick> = nets
        .into_iter()
        .enumerate()
        .filter(|(_, net)| net.minor > 0)
        .map(|(at, net)| Pick {
            percent,
            ..Pick::of(at, net)
        })
        .collect();
    if picks.is_empty() {
        let message = format!("So little of {} rounds to nothing.", paper.invoice.number);
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    Ok(picks)
}

/// What is left of each line, cut down to what is left of its rate on the invoice.
pub(super) fn lefts(paper: &Paper) -> Checked<Vec<Money>> {
    let mut lefts = Vec::with_capacity(paper.lines.len());
    for line in &paper.lines {
        lefts.push(paper.line_left(line)?);
    }
    fit(paper, lefts)
}

/// Cuts amounts down, rate by rate, to what is left of the rate.
fn fit(paper: &Paper, mut nets: Vec<Money>) -> Checked<Vec<Money>> {
    for percent in paper.rates() {
        let most = paper.rate_left(percent)?.0;
        let of_rate: Vec<usize> = paper
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.tax_percent == percent)
            .map(|(at, _)| at)
            .collect();
        let weights: Vec<i64> = of_rate
            .iter()
            .filter_map(|at| nets.get(*at).map(|net| net.minor))
            .collect();
        let sum = weights
            .iter()
            .fold(0_i64, |sum, minor| sum.saturating_add(*minor));
        if sum <= most.minor {
            continue;
        }
        let fitted = by_weight(most, &weights, Sharing::LargestRemainder);
        for (at, net) in of_rate.into_iter().zip(fitted) {
            if let Some(slot) = nets.get_mut(at) {
                *slot = net;
            }
        }
    }
    Ok(nets)
}

fn by_percent(paper: &Paper, lefts: &[Money], percent: Decimal) -> Result<Vec<Money>, Refusal> {
    if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        let message = format!("{percent} % is not a share: it must be above 0 and at most 100.");
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    let mut nets = Vec::with_capacity(lefts.len());
    for (line, left) in paper.lines.iter().zip(lefts) {
        let exact = line.net.major() * percent / Decimal::ONE_HUNDRED;
        let share = Money::round(exact, left.currency, Rounding::HalfUp)?;
        nets.push(share.at_most(*left));
    }
    Ok(nets)
}

fn by_line(
    paper: &Paper,
    lefts: &[Money],
    wanted: &[(usize, Decimal)],
) -> Result<Vec<Money>, Refusal> {
    let currency = paper.invoice.currency;
    let mut nets = vec![Money::zero(currency); lefts.len()];
    for (place, amount) in wanted {
        let number = &paper.invoice.number;
        let at = place.checked_sub(1);
        let slot = at.and_then(|at| Some((nets.get_mut(at)?, lefts.get(at)?)));
        let Some((net, left)) = slot else {
            let message = format!(
                "{number} has {} lines, and {place} is none of them.",
                lefts.len()
            );
            return Err(
                Refusal::new(Code::ValueNotUsable, message).run(format!("invoice show {number}"))
            );
        };
        let amount = exact(paper, *amount)?;
        *net = net.plus(amount)?;
        if net.minor > left.minor {
            return Err(too_much(paper, *net, *left, Some(*place)));
        }
    }
    let fitted = fit(paper, nets.clone())?;
    let (asked, most) = (
        Money::sum(currency, nets)?,
        Money::sum(currency, fitted.iter().copied())?,
    );
    if asked != most {
        return Err(too_much(paper, asked, most, None));
    }
    Ok(fitted)
}

/// An amount of the invoice's currency, above nothing and without broken minor units.
pub(super) fn exact(paper: &Paper, amount: Decimal) -> Result<Money, Refusal> {
    let currency = paper.invoice.currency;
    let money = Money::round(amount, currency, Rounding::HalfUp)?;
    if money.minor <= 0 || money.major() != amount.normalize() {
        let message = format!(
            "{amount} is not an amount of {currency}: above zero, with at most {} places.",
            currency.exponent()
        );
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    Ok(money)
}

fn none_left(paper: &Paper) -> Refusal {
    let number = &paper.invoice.number;
    let message = format!(
        "{number} over {} was given back already; nothing is left.",
        paper.invoice.total
    );
    Refusal::new(Code::MoreThanInvoiced, message).run(format!("invoice show {number}"))
}

pub(super) fn too_much(paper: &Paper, asked: Money, left: Money, line: Option<usize>) -> Refusal {
    let number = &paper.invoice.number;
    let of = line.map_or_else(|| number.clone(), |line| format!("line {line} of {number}"));
    let message = format!("{asked} is more than the {left} before tax that is left of {of}.");
    Refusal::new(Code::MoreThanInvoiced, message)
        .run(format!("invoice credit {number} --all --reason TEXT"))
}

/// Picks a wish, with its tax.
///
/// # Errors
/// As for [`pick`]; and the wish goes beyond what is left of the whole invoice with its tax.
pub fn pick_taxed(paper: &Paper, rules: &TaxRules, much: &Much) -> Result<Vec<Pick>, Refusal> {
    let wanted = pick(paper, much)?;
    let picks = taxed(paper, rules, wanted.clone())?;
    let net =
        |picks: &[Pick]| Money::sum(paper.invoice.currency, picks.iter().map(|pick| pick.net));
    let (asked, most) = (net(&wanted)?, net(&picks)?);
    if picks.is_empty() {
        return Err(none_left(paper));
    }
    if asked != most && *much != Much::All {
        return Err(too_much(paper, asked, most, None));
    }
    Ok(picks)
}

/// Cuts picks down, rate by rate, to what is left of the rate on the invoice.
///
/// # Errors
/// An amount is too large.
pub fn fitted(paper: &Paper, picks: Vec<Pick>) -> Checked<Vec<Pick>> {
    let mut nets = vec![Money::zero(paper.invoice.currency); paper.lines.len()];
    for pick in &picks {
        if let Some(net) = nets.get_mut(pick.at) {
            *net = net.plus(pick.net)?;
        }
    }
    let mut nets = fit(paper, nets)?;
    let mut fitted = Vec::with_capacity(picks.len());
    for pick in picks {
        let Some(left) = nets.get_mut(pick.at) else {
            continue;
        };
        let net = left.at_most(pick.net);
        *left = left.minus(net)?;
        if net.minor > 0 {
            fitted.push(Pick { net, ..pick });
        }
    }
    Ok(fitted)
}

/// Finds the tax of picks as the policy rounds it. What uses up a rate takes the tax that is left of it. Nothing goes
/// beyond what is left of the whole invoice.
///
/// # Errors
/// An amount is too large.
pub fn taxed(paper: &Paper, rules: &TaxRules, picks: Vec<Pick>) -> Checked<Vec<Pick>> {
    let mut picks = picks;
    for percent in paper.rates() {
        let of_rate: Vec<usize> = (0..picks.len())
            .filter(|at| {
                let line = picks.get(*at).and_then(|pick| paper.lines.get(pick.at));
                line.is_some_and(|line| line.tax_percent == percent)
            })
            .collect();
        let nets: Vec<Money> = of_rate
            .iter()
            .filter_map(|at| picks.get(*at).map(|pick| pick.net))
            .collect();
        let net = Money::sum(paper.invoice.currency, nets.iter().copied())?;
        let (net_left, tax_left) = paper.rate_left(percent)?;
        let own = |net: Money| tax_on(net.major(), percent, net.currency, rules.rounding);
        let tax = match rules.round_at {
            _ if net.minor >= net_left.minor => tax_left,
            // The credits of a quote know what was paid for them with the tax inside.
            _ if rules.included => {
                let picked = of_rate.iter().filter_map(|at| picks.get(*at));
                let taxes: Checked<Vec<Money>> = picked
                    .map(|pick| match &pick.like {
                        Some(like) if like.net.negated()? == pick.net => like.tax.negated(),
                        _ => own(pick.net),
                    })
                    .collect();
                Money::sum(net.currency, taxes?)?.at_most(tax_left)
            }
            TaxRound::Invoice => own(net)?.at_most(tax_left),
            TaxRound::Line => {
                let lines: Checked<Vec<Money>> = nets.iter().map(|net| own(*net)).collect();
                Money::sum(net.currency, lines?)?.at_most(tax_left)
            }
        };
        let weights: Vec<i64> = nets.iter().map(|net| net.minor).collect();
        let shares = by_weight(tax, &weights, Sharing::LargestRemainder);
        for (at, share) in of_rate.into_iter().zip(shares) {
            if let Some(pick) = picks.get_mut(at) {
                pick.tax = share;
            }
        }
    }
    by_gross(paper, picks, paper.left()?)
}
