//! Tax on lines, and credit notes that add up to the document they correct.

use super::Fault;
use crate::billing::fraction::Fraction;
use crate::billing::money::{Checked, Currency, Money, Rounding};
use crate::billing::prorate::Working;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A rate of tax: 20 is twenty per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Percent(pub Decimal);

impl Percent {
    /// The rate as a share of one.
    pub fn share(self) -> Checked<Fraction> {
        Fraction::from_decimal(self.0)?.over(Fraction::whole(100))
    }
}

/// Where a tax is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum TaxAt {
    /// On the tax of one unit, which is then multiplied.
    Unit,
    /// On each line.
    #[default]
    Line,
    /// Once for all lines of one rate.
    Invoice,
}

/// An amount with its tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taxed {
    /// Without tax.
    pub subtotal: Money,
    /// The tax.
    pub tax: Money,
    /// Always the sum of the two.
    pub total: Money,
}

impl Taxed {
    fn of(subtotal: Money, tax: Money) -> Checked<Taxed> {
        Ok(Taxed {
            subtotal,
            tax,
            total: subtotal.plus(tax)?,
        })
    }
}

/// Tax on a computed amount, taken from its exact value unless a limit cut it.
pub fn taxed(working: &Working, percent: Percent, rounding: Rounding) -> Checked<Taxed> {
    let amount = working.amount;
    let base = match working.capped_at {
        Some(_) => Fraction::from_decimal(amount.major())?,
        None => working.exact,
    };
    let tax = base
        .times(percent.share()?)?
        .to_money(amount.currency, rounding)?;
    Taxed::of(amount, tax)
}

/// Whether an amount contains its tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Prices {
    /// The tax comes on top.
    #[default]
    WithoutTax,
    /// The tax is taken out.
    WithTax,
}

/// A line to be taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxLine {
    /// The amount of one unit.
    pub unit: Money,
    /// How many units.
    pub quantity: i64,
    /// The rate.
    pub percent: Percent,
    /// Whether the amount contains the tax.
    pub prices: Prices,
}

impl TaxLine {
    /// The tax as a share of the amount.
    fn share(&self) -> Checked<Fraction> {
        let share = self.percent.share()?;
        match self.prices {
            Prices::WithoutTax => Ok(share),
            Prices::WithTax => share.over(Fraction::ONE.plus(share)?),
        }
    }
}

/// A document's taxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The lines; their taxes sum to the document's tax.
    pub lines: Vec<Taxed>,
    /// The sums.
    pub sum: Taxed,
}

/// Taxes the lines of one document.
///
/// Rounded once per invoice, the lines share the tax so that they still sum to it: each takes what its end
/// adds to the running total of its rate.
pub fn document(
    currency: Currency,
    lines: &[TaxLine],
    at: TaxAt,
    rounding: Rounding,
) -> Result<Document, Fault> {
    let mut taxed: Vec<Taxed> = Vec::with_capacity(lines.len());
    let mut running: Vec<(Percent, Fraction, i64)> = Vec::new();
    for line in lines {
        let minor = line
            .unit
            .minor
            .checked_mul(line.quantity)
            .ok_or(Fault::TooLarge)?;
        let amount = Money::of(minor, currency);
        let share = line.share()?;
        let exact = Fraction::from_minor(amount).times(share)?;
        let tax = match at {
            TaxAt::Line => exact.round(rounding)?,
            TaxAt::Unit => {
                let unit = Fraction::from_minor(line.unit)
                    .times(share)?
                    .round(rounding)?;
                unit.checked_mul(line.quantity).ok_or(Fault::TooLarge)?
            }
            TaxAt::Invoice => {
                let known = running
                    .iter_mut()
                    .find(|(percent, ..)| *percent == line.percent);
                let (sum, given) = known
                    .as_ref()
                    .map_or((Fraction::ZERO, 0), |(_, sum, given)| (*sum, *given));
                let sum = sum.plus(exact)?;
                let so_far = sum.round(rounding)?;
                match known {
                    Some(entry) => *entry = (line.percent, sum, so_far),
                    None => running.push((line.percent, sum, so_far)),
                }
                so_far.checked_sub(given).ok_or(Fault::TooLarge)?
            }
        };
        let tax = Money::of(tax, currency);
        let subtotal = match line.prices {
            Prices::WithoutTax => amount,
            Prices::WithTax => amount.minus(tax)?,
        };
        taxed.push(Taxed::of(subtotal, tax)?);
    }
    let subtotal = Money::sum(currency, taxed.iter().map(|line| line.subtotal))?;
    let tax = Money::sum(currency, taxed.iter().map(|line| line.tax))?;
    Ok(Document {
        lines: taxed,
        sum: Taxed::of(subtotal, tax)?,
    })
}

/// Credit notes for parts of a document of one rate, one after the other.
///
/// Each note's total is its subtotal plus its tax; the note that uses up the document takes the tax that is
/// left, so that all of them sum to the document. More than is left cannot be credited.
pub fn credit_notes(
    document: Taxed,
    percent: Percent,
    credited: &[Money],
    rounding: Rounding,
) -> Result<Vec<Taxed>, Fault> {
    let mut left = document;
    let mut notes = Vec::with_capacity(credited.len());
    for subtotal in credited {
        if subtotal.minor > left.subtotal.minor || subtotal.minor < 0 {
            return Err(Fault::CreditAboveBilled {
                asked: *subtotal,
                left: left.subtotal,
            });
        }
        let exact = Fraction::from_minor(*subtotal).times(percent.share()?)?;
        let own = Money::of(exact.round(rounding)?, subtotal.currency);
        let last = subtotal.minor == left.subtotal.minor;
        let note = Taxed::of(
            *subtotal,
            if last {
                left.tax
            } else {
                own.at_most(left.tax)
            },
        )?;
        left = Taxed::of(
            left.subtotal.minus(note.subtotal)?,
            left.tax.minus(note.tax)?,
        )?;
        notes.push(note);
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn percent(text: &str) -> Percent {
        Percent(text.parse().unwrap())
    }

    fn usd(minor: i64) -> Money {
        Money::of(minor, Currency::USD)
    }

    proptest! {
        #[test]
        fn notes_that_use_up_a_document_sum_to_it(
            parts in prop::collection::vec(1_i64..100_000, 1..12),
            rate in 0_i64..3000,
        ) {
            let rate = Percent(Decimal::new(rate, 2));
            let whole: i64 = parts.iter().sum();
            let line = TaxLine { unit: usd(whole), quantity: 1, percent: rate, prices: Prices::WithoutTax };
            let sum = document(Currency::USD, &[line], TaxAt::Line, Rounding::HalfUp).unwrap().sum;
            let credited: Vec<Money> = parts.iter().map(|part| usd(*part)).collect();
            let notes = credit_notes(sum, rate, &credited, Rounding::HalfUp).unwrap();
            let total: i64 = notes.iter().map(|note| note.total.minor).sum();
            prop_assert_eq!(total, sum.total.minor);
            prop_assert!(notes.iter().all(|note| note.tax.minor >= 0));
            let more = [credited, vec![usd(1)]].concat();
            prop_assert!(credit_notes(sum, rate, &more, Rounding::HalfUp).is_err());
        }

        #[test]
        fn lines_taxed_once_per_invoice_still_sum(amounts in prop::collection::vec(0_i64..100_000, 1..20)) {
            let rate = percent("19.6");
            let lines: Vec<TaxLine> = amounts.iter()
                .map(|minor| TaxLine { unit: usd(*minor), quantity: 1, percent: rate, prices: Prices::WithoutTax }).collect();
            let whole = TaxLine { unit: usd(amounts.iter().sum()), ..lines[0] };
            let many = document(Currency::USD, &lines, TaxAt::Invoice, Rounding::HalfUp).unwrap();
            let one = document(Currency::USD, &[whole], TaxAt::Line, Rounding::HalfUp).unwrap();
            prop_assert_eq!(many.sum, one.sum);
        }
    }
}
