//! Paid time: trials, terms, and what holds inside a term from which day.

use super::calendar::{Day, Period, Span};
use super::policy::Stub;
use super::share::Stretch;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Ordered seats by seat type.
pub type Seats = BTreeMap<String, u32>;

/// A trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// From the first day to the first day after it, extensions included.
    pub span: Span,
    /// The plan whose features apply.
    pub plan: String,
    /// The day it was ended early, by hand or by a purchase.
    pub ended_on: Option<Day>,
    /// Days it was extended by, in all.
    pub extended_days: u32,
}

impl Trial {
    /// Whether it runs on a day.
    pub fn runs_on(&self, day: Day) -> bool {
        self.span.contains(day) && self.ended_on.is_none_or(|ended| day < ended)
    }

    /// Whole days left on a day, that day included.
    pub fn days_left(&self, day: Day) -> i64 {
        if self.runs_on(day) {
            Span::new(day, self.span.end).days()
        } else {
            0
        }
    }
}

/// One period of service. Extending adds a term behind the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Key in the store.
    pub id: i64,
    /// `[start, end)`, bonus days included; a term that was cut ends on the day of the cut.
    pub span: Span,
    /// The period that was bought.
    pub period: Period,
    /// The day of the month that ends are counted from.
    pub anchor_day: u32,
    /// Set where it is the odd part before a bill day, and what that costs; then a price pays for the whole
    /// period that ends with the term, for the stub, or for nothing.
    pub stub: Option<Stub>,
    /// Days added to the period: trial days left over.
    pub bonus_days: u32,
    /// Whether it was paid for; a free plan's term is not, and has no end that matters.
    pub paid: bool,
    /// The order it came from.
    pub order: Option<i64>,
    /// What holds inside it, by first day; never empty.
    pub slices: Vec<Slice>,
}

/// What holds inside a term from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// First day.
    pub from: Day,
    /// Plan.
    pub plan: String,
    /// Ordered seats by type.
    pub seats: Seats,
    /// Price per unit for the whole period, by seat type.
    pub prices: BTreeMap<String, SoldPrice>,
    /// The catalog version it was sold under.
    pub catalog: i64,
    /// The order it came from.
    pub order: Option<i64>,
}

/// A price as it was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldPrice {
    /// Major units per unit for the whole period.
    pub amount: Decimal,
    /// The row of the price list, or the agreement, in words.
    pub list: String,
}

/// Units of an add-on that an account has for some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Key in the store; 0 before it is kept.
    pub id: i64,
    /// Which add-on.
    pub add_on: String,
    /// How many units.
    pub quantity: u32,
    /// For which days.
    pub span: Span,
    /// The period it was bought for.
    pub period: Period,
    /// The order it came from.
    pub order: Option<i64>,
}

impl Term {
    /// What holds on a day (on the first day, if asked for an earlier one).
    pub fn slice_on(&self, day: Day) -> Option<&Slice> {
        self.slices
            .iter()
            .rev()
            .find(|slice| slice.from <= day)
            .or(self.slices.first())
    }

    /// What holds at the end.
    pub fn last_slice(&self) -> Option<&Slice> {
        self.slices.last()
    }

    /// What a price of it pays for.
    pub fn stretch(&self) -> Stretch {
        let pays_for = match self.stub {
            Some(Stub::Prorated | Stub::Free) => self.cycle(),
            Some(Stub::Full) | None => self.span,
        };
        Stretch::of_plan(pays_for, self.period, self.anchor_day)
    }

    /// The whole period that ends with it.
    pub fn cycle(&self) -> Span {
        let start = self.period.before(self.span.end, self.anchor_day);
        Span::new(start.min(self.span.start), self.span.end)
    }

    /// Whether what is bought for it costs nothing.
    pub fn is_free(&self) -> bool {
        self.stub == Some(Stub::Free)
    }

    /// The end that the period alone gives, without bonus days.
    pub fn bought_end(&self) -> Day {
        super::calendar::plus_days(self.span.end, -i64::from(self.bonus_days))
    }
}
