//! On which days the terms of all accounts begin, and what the odd part before the first such day costs.

use serde::{Deserialize, Serialize};

/// Where terms begin and end.
///
/// An order is priced from the day on which it is placed. Paid later, its term begins later and ends on the
/// same bill day, and what is not paid before that day lapses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct TermRules {
    /// What terms are counted from.
    pub anchor: TermAnchor,
    /// For `fixed_day`: the day of the month, from 1 to 31. A month that is too short is billed on its last
    /// day, and the next long one on the day itself again.
    pub day: Option<u32>,
    /// For `fixed_day`: the month (1 is January) that quarters, half-years and years are counted from, as a
    /// business year does. Without it every month has a bill day that a longer term can begin on.
    pub month: Option<u32>,
    /// For `fixed_day`: the day on which terms of whole weeks begin. Without it they run from their own start.
    pub weekday: Option<Weekday>,
    /// What the odd part (stub) before the first bill day costs.
    pub stub: Stub,
    /// What the first order sells when it comes between two bill days.
    pub first: FirstTerm,
    /// A stub of fewer days is sold together with the first whole period.
    pub join_below_days: Option<u32>,
}

/// What terms are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum TermAnchor {
    /// The day on which each subscription begins.
    #[default]
    StartDay,
    /// One day of the month for everybody.
    FixedDay,
    /// The calendar of the period that is sold: the first of the month, of the quarter, of the half-year or of
    /// the year; a Monday for weeks.
    Calendar,
}

impl TermAnchor {
    /// The name as a policy file spells it.
    pub fn name(self) -> &'static str {
        match self {
            TermAnchor::StartDay => "start_day",
            TermAnchor::FixedDay => "fixed_day",
            TermAnchor::Calendar => "calendar",
        }
    }
}

/// What the part of a period before the first bill day costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Stub {
    /// Its share of the period that ends on the bill day, counted as `[proration]` says.
    #[default]
    Prorated,
    /// As much as a whole period.
    Full,
    /// Nothing for who begins; who comes back after a stop pays its share, or nobody who leaves before each bill day
    /// would ever pay.
    Free,
}

impl Stub {
    /// The name as a policy file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Stub::Prorated => "prorated",
            Stub::Full => "full",
            Stub::Free => "free",
        }
    }
}

/// What the first order sells when it comes between two bill days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum FirstTerm {
    /// The stub alone; the first whole period is a renewal.
    #[default]
    Stub,
    /// The stub and the first whole period.
    StubAndPeriod,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// The first day of the calendar's week.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The seventh.
    Sunday,
}

impl Weekday {
    /// Days after Monday.
    pub fn after_monday(self) -> i64 {
        match self {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        }
    }
}
