//! The switches of proration: in what two honest systems differ when both say that they prorate.
//!
//! Each is one key of a policy's `[proration]` table and has a name there. Together they fix every amount
//! of one change to the last minor unit.

use super::money::Rounding;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! switch {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
        pub enum $name { $($(#[$meaning])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The name as a policy file spells it.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }
    };
}

switch! {
    /// What time is counted in.
    Unit {
        /// Seconds: the instant of the change cuts the term.
        Second = "second",
        /// Whole minutes, begun ones not counted.
        Minute = "minute",
        /// Calendar days in the seller's zone; a day of 23 or 25 hours is one day.
        #[default]
        Day = "day",
        /// Whole months of the term, and the days that are left as a share of their month.
        Month = "month",
        /// Nothing is counted: every part costs the full price.
        None = "none",
    }
}

switch! {
    /// What a part is divided by.
    Denominator {
        /// The length of the term that is running.
        #[default]
        Term = "term",
        /// The length of the plan's own period around the part, even where the term was stretched or cut.
        PlanPeriod = "plan_period",
        /// A nominal length: 30, 91, 182 or 365 days for a month, a quarter, half a year, a year.
        Nominal = "nominal",
        /// The calendar month in which each day of the part lies.
        MonthOfStub = "month_of_stub",
        /// The whole contract, of which the term is a part.
        Contract = "contract",
    }
}

switch! {
    /// Which price the day of the change belongs to, where days are counted.
    ChangeDay {
        /// The new price is paid for the day.
        #[default]
        New = "new",
        /// The old price is paid for the day.
        Old = "old",
    }
}

switch! {
    /// Where rounding happens.
    RoundAt {
        /// The price of one day of one unit is rounded and then multiplied.
        DayPrice = "day_price",
        /// The part of one unit is rounded and then multiplied by the quantity.
        Unit = "unit",
        /// Each line is rounded once.
        #[default]
        Line = "line",
        /// Charge less credit is rounded once; the credit line takes what is left.
        Net = "net",
    }
}

switch! {
    /// What the credit for unused time is computed from.
    CreditBasis {
        /// The amount of the billed line, capped at what is left of it after earlier credits.
        #[default]
        Billed = "billed",
        /// The price the line was billed at, by the rule of charges, with the same cap.
        BilledPrice = "billed_price",
        /// The price that is current, even if it was never billed; no cap.
        CurrentPrice = "current_price",
    }
}

switch! {
    /// What a service span without length costs.
    ZeroLength {
        /// Nothing.
        #[default]
        Zero = "zero",
        /// The full price.
        Full = "full",
    }
}

switch! {
    /// What a part longer than its denominator costs.
    OverLength {
        /// The full price and no more.
        #[default]
        Cap = "cap",
        /// In proportion, more than the full price.
        Extend = "extend",
    }
}

switch! {
    /// Which lines a change leaves.
    Lines {
        /// A credit for the old price and a charge for the new one.
        #[default]
        Both = "both",
        /// One line for the difference of the two prices.
        Difference = "difference",
    }
}

/// How days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(try_from = "String", into = "String")]
pub enum DayCount {
    /// The days of the calendar, from the first and without the last: `actual`.
    #[default]
    Actual,
    /// As `actual`, and the end of the term is a day of service too: `inclusive`.
    Inclusive,
    /// The days of the calendar over so many days for every month: `30`.
    Fixed(u32),
    /// Every month has so many days; a part that leaves its month loses the surplus: `months_of_30`.
    MonthsOf(u32),
    /// Both counts by the rule of bonds, where every month has 30 days: `30/360`.
    Thirty360,
    /// The days of the calendar over a year of 360 days: `actual/360`.
    Actual360,
}

/// The text names no way of counting days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownDayCount(pub String);

impl fmt::Display for UnknownDayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a way of counting days; write actual, inclusive, 30/360, actual/360, or a number \
             of days such as 30 or months_of_30",
            self.0
        )
    }
}

impl std::error::Error for UnknownDayCount {}

impl TryFrom<String> for DayCount {
    type Error = UnknownDayCount;
    fn try_from(text: String) -> Result<Self, UnknownDayCount> {
        let days = |digits: &str| match digits.parse() {
            Ok(days @ 1..=366) => Some(days),
            _ => None,
        };
        match text.as_str() {
            "actual" => Ok(DayCount::Actual),
            "inclusive" => Ok(DayCount::Inclusive),
            "30/360" => Ok(DayCount::Thirty360),
            "actual/360" => Ok(DayCount::Actual360),
            other => match other.strip_prefix("months_of_") {
                Some(digits) => days(digits).map(DayCount::MonthsOf),
                None => days(other).map(DayCount::Fixed),
            }
            .ok_or(UnknownDayCount(text)),
        }
    }
}

impl From<DayCount> for String {
    fn from(count: DayCount) -> String {
        match count {
            DayCount::Actual => "actual".to_owned(),
            DayCount::Inclusive => "inclusive".to_owned(),
            DayCount::Fixed(days) => days.to_string(),
            DayCount::MonthsOf(days) => format!("months_of_{days}"),
            DayCount::Thirty360 => "30/360".to_owned(),
            DayCount::Actual360 => "actual/360".to_owned(),
        }
    }
}

impl fmt::Display for DayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from(*self))
    }
}

/// The `[proration]` table of a policy: the arithmetic of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Proration {
    /// What time is counted in.
    pub unit: Unit,
    /// How days are counted.
    pub day_count: DayCount,
    /// What a part is divided by.
    pub denominator: Denominator,
    /// Which price the day of the change belongs to.
    pub change_day: ChangeDay,
    /// How an exact value becomes minor units.
    pub rounding: Rounding,
    /// Where that happens.
    pub round_at: RoundAt,
    /// What a credit is computed from.
    pub credit_basis: CreditBasis,
    /// What a span without length costs.
    pub zero_length: ZeroLength,
    /// What a part longer than its denominator costs.
    pub over_length: OverLength,
    /// Which lines a change leaves.
    pub lines: Lines,
    /// Decimal places to which the share is rounded before it meets a price; exact when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_places: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_table_reads_back_as_it_is_written() {
        let text = "unit = \"second\"\nday_count = \"months_of_30\"\nrounding = \"half_even\"\nround_at = \"net\"\n";
        let read: Proration = toml::from_str(text).unwrap();
        assert_eq!(read.day_count, DayCount::MonthsOf(30));
        assert_eq!(read.credit_basis, CreditBasis::Billed);
        let again: Proration = toml::from_str(&toml::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }

    #[test]
    fn unknown_keys_and_values_are_refused() {
        for wrong in [
            "unti = \"day\"",
            "unit = \"fortnight\"",
            "day_count = \"0\"",
            "day_count = \"ten\"",
        ] {
            assert!(toml::from_str::<Proration>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_are_the_spelling_in_the_file() {
        for unit in Unit::ALL {
            let table = format!("unit = \"{}\"", unit.name());
            assert_eq!(toml::from_str::<Proration>(&table).unwrap().unit, *unit);
        }
        for text in [
            "actual",
            "inclusive",
            "30",
            "months_of_30",
            "30/360",
            "actual/360",
        ] {
            let count = DayCount::try_from(text.to_owned()).unwrap();
            assert_eq!(count.to_string(), text);
        }
    }
}
