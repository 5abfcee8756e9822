//! How an amount came about, as outsiders see it: with the amounts in the form that all amounts have.

use super::amount::Amount;
use crate::billing::fraction::Fraction;
use crate::billing::money::Rounding;
use crate::billing::share::Window;
use crate::billing::switches::{DayCount, Denominator, RoundAt, Unit};
use crate::billing::working::{Of, Working};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Shown<'w> {
    part: &'w Window,
    whole: &'w Window,
    numerator: i64,
    denominator: i64,
    unit: Unit,
    day_count: DayCount,
    divided_by: Denominator,
    of: Of,
    quantity: i64,
    unit_price: Decimal,
    exact: &'w Fraction,
    rounding: Rounding,
    round_at: RoundAt,
    #[serde(skip_serializing_if = "Option::is_none")]
    capped_at: Option<Amount>,
    amount: Amount,
}

/// Writes it; what reads it needs no form of its own, because it ignores the text of an amount.
///
/// # Errors
/// The writer cannot write.
pub fn serialize<S: Serializer>(working: &Option<Working>, to: S) -> Result<S::Ok, S::Error> {
    let shown = working.as_ref().map(|working| Shown {
        part: &working.part,
        whole: &working.whole,
        numerator: working.numerator,
        denominator: working.denominator,
        unit: working.unit,
        day_count: working.day_count,
        divided_by: working.divided_by,
        of: working.of,
        quantity: working.quantity,
        unit_price: working.unit_price,
        exact: &working.exact,
        rounding: working.rounding,
        round_at: working.round_at,
        capped_at: working.capped_at.map(Amount::from),
        amount: working.amount.into(),
    });
    shown.serialize(to)
}
