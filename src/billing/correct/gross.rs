//! From an amount with tax, as money moves, to net amounts and tax per line.

use super::{Paper, Pick};
use crate::billing::allot::{Sharing, by_weight};
use crate::billing::money::{Checked, Money, Rounding};
use rust_decimal::Decimal;

/// Cuts picks down so that net and tax together are `gross`, which is not above what they are now.
///
/// # Errors
/// An amount is too large.
pub fn by_gross(paper: &Paper, picks: Vec<Pick>, gross: Money) -> Checked<Vec<Pick>> {
    let currency = paper.invoice.currency;
    let rates = paper.rates();
    let mut wholes = Vec::with_capacity(rates.len());
    for percent in &rates {
        let (net, tax) = sums(paper, &picks, *percent)?;
        wholes.push(net.plus(tax)?.minor);
    }
    let whole = wholes
        .iter()
        .fold(0_i64, |sum, minor| sum.saturating_add(*minor));
    if gross.minor >= whole {
        return Ok(picks);
    }
    let mut picks = picks;
    let parts = by_weight(gross, &wholes, Sharing::LargestRemainder);
    for (percent, part) in rates.into_iter().zip(parts) {
        let (net_most, tax_most) = sums(paper, &picks, percent)?;
        let net = part.major() * Decimal::ONE_HUNDRED / (Decimal::ONE_HUNDRED + percent);
        let net = Money::round(net, currency, Rounding::HalfUp)?.at_most(net_most);
        // The tax may not be above what is left of it either: then the net amount takes the rest.
        let tax = part.minus(net)?.at_most(tax_most);
        let net = part.minus(tax)?;
        share(paper, &mut picks, percent, (net, tax));
    }
    picks.retain(|pick| pick.net.minor > 0 || pick.tax.minor > 0);
    Ok(picks)
}

/// Spreads a net amount and a tax over the picks of a rate.
fn share(paper: &Paper, picks: &mut [Pick], percent: Decimal, (net, tax): (Money, Money)) {
    let of_rate: Vec<usize> = (0..picks.len())
        .filter(|at| {
            let line = picks.get(*at).and_then(|pick| paper.lines.get(pick.at));
            line.is_some_and(|line| line.tax_percent == percent)
        })
        .collect();
    let weigh = |what: fn(&Pick) -> i64| -> Vec<i64> {
        of_rate
            .iter()
            .filter_map(|at| picks.get(*at).map(what))
            .collect()
    };
    let nets = by_weight(
        net,
        &weigh(|pick| pick.net.minor),
        Sharing::LargestRemainder,
    );
    let taxes = by_weight(
        tax,
        &weigh(|pick| pick.tax.minor),
        Sharing::LargestRemainder,
    );
    for (at, (net, tax)) in of_rate.into_iter().zip(nets.into_iter().zip(taxes)) {
        if let Some(pick) = picks.get_mut(at) {
            (pick.net, pick.tax) = (net, tax);
        }
    }
}

fn sums(paper: &Paper, picks: &[Pick], percent: Decimal) -> Checked<(Money, Money)> {
    let zero = Money::zero(paper.invoice.currency);
    let of_rate = picks.iter().filter(|pick| {
        let line = paper.lines.get(pick.at);
        line.is_some_and(|line| line.tax_percent == percent)
    });
    of_rate
        .into_iter()
        .try_fold((zero, zero), |(net, tax), pick| {
            Ok((net.plus(pick.net)?, tax.plus(pick.tax)?))
        })
}
