//! What a service has been billed for up to a date: stubs, whole periods, price and quantity changes.

use super::Fault;
use super::schedule::{Align, CycleBefore, Schedule};
use crate::billing::calendar::{Day, Period, Span};
use crate::billing::fraction::Fraction;
use crate::billing::money::{Currency, Money};
use crate::billing::prorate::{Price, Working, service};
use crate::billing::share::{Stretch, Window, share};
use crate::billing::switches::{Denominator, OverLength, Proration, Unit};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

const MOST_LINES: usize = 10_000;

/// When a period is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Billing {
    /// On the day it begins.
    #[default]
    Advance,
    /// On the day it ends, or on the day the service ends.
    Arrears,
    /// In arrears, and the open period as well.
    ArrearsWithOpen,
}

/// When a new price begins to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum NewPrice {
    /// On its day, which splits the period.
    #[default]
    OnItsDay,
    /// On the next bill date.
    NextBillDate,
}

/// A service that is billed again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its first day.
    pub start: Day,
    /// The first day without it, when that is known.
    pub end: Option<Day>,
    /// How often it is billed.
    pub period: Period,
    /// The day of the month on which it is billed.
    pub bill_day: Option<u32>,
    /// What its periods are aligned to.
    pub align: Align,
    /// Where the cycle of a first stub begins.
    pub cycle_before: CycleBefore,
    /// When a period is billed.
    pub billing: Billing,
    /// When a new price begins to count.
    pub new_price: NewPrice,
    /// The price of one unit for a whole period, from each of these days on; the first counts from the start.
    pub prices: Vec<(Day, Decimal)>,
    /// How many units, from each of these days on; one when empty.
    pub quantities: Vec<(Day, i64)>,
    /// Days before this one are billed already.
    pub billed_through: Option<Day>,
    /// The currency.
    pub currency: Currency,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The day on which it is billed.
    pub billed_on: Day,
    /// The cycle that its days belong to.
    pub cycle: Span,
    /// Its share of the cycle.
    pub cycles: Fraction,
    /// How it was computed.
    pub working: Working,
}

/// A service billed up to a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// The lines in the order of their days.
    pub lines: Vec<Line>,
    /// Their sum.
    pub total: Money,
    /// The sum of their shares of a period.
    pub cycles: Fraction,
    /// The first bill date.
    pub first_bill_on: Day,
    /// The first day that is not billed yet.
    pub billed_through: Day,
    /// When the service is billed next; never after its end.
    pub next_bill_on: Option<Day>,
}

/// Bills a service up to and with `through`.
pub fn bill(switches: &Proration, service: &Service, through: Day) -> Result<Bill, Fault> {
    check(service, through)?;
    let schedule = Schedule::new(
        service.start,
        service.period,
        service.bill_day,
        service.align,
        service.cycle_before,
    );
    let mut lines = Vec::new();
    let mut billed_through = service
        .start
        .max(service.billed_through.unwrap_or(service.start));
    let mut next_bill_on = None;
    let mut number = 0_u32;
    let mut cycle = match schedule.first > service.start {
        true => schedule.cycle_before(),
        false => Span::new(schedule.at(0), schedule.at(1)),
    };
    loop {
        let begins = cycle.start.max(service.start);
        let ends = service.end.map_or(cycle.end, |end| end.min(cycle.end));
        if begins >= ends {
            break;
        }
        let billed_on = match service.billing {
            Billing::Advance | Billing::ArrearsWithOpen => begins,
            Billing::Arrears => ends,
        };
        if billed_on > through {
            next_bill_on = Some(billed_on);
            break;
        }
        let part = Span::new(begins.max(billed_through), ends);
        if part.start < part.end {
            for piece in pieces(service, part) {
                let mut line = line(switches, service, &schedule, cycle, piece)?;
                line.billed_on = billed_on;
                lines.push(line);
            }
            billed_through = ends;
        }
        if lines.len() > MOST_LINES || number > 100_000 {
            return Err(Fault::TooManyLines);
        }
        if cycle.start >= schedule.first {
            number = number.saturating_add(1);
        }
        cycle = Span::new(schedule.at(number), schedule.at(number + 1));
    }
    let total = Money::sum(
        service.currency,
        lines.iter().map(|line: &Line| line.working.amount),
    )?;
    let cycles = lines
        .iter()
        .try_fold(Fraction::ZERO, |sum, line| sum.plus(line.cycles))?;
    Ok(Bill {
        lines,
        total,
        cycles,
        first_bill_on: schedule.first,
        billed_through,
        next_bill_on,
    })
}

fn check(service: &Service, through: Day) -> Result<(), Fault> {
    if let Some(end) = service.end.filter(|end| *end < service.start) {
        return Err(Fault::EndsBeforeStart {
            start: service.start,
            end,
        });
    }
    if through < service.start {
        return Err(Fault::BilledBeforeStart {
            start: service.start,
            through,
        });
    }
    if service.prices.is_empty() {
        return Err(Fault::BadCount { what: "prices" });
    }
    Ok(())
}

/// The part cut where a price or a quantity changes inside it.
fn pieces(service: &Service, part: Span) -> Vec<Span> {
    let mut cuts: Vec<Day> = Vec::new();
    if service.new_price == NewPrice::OnItsDay {
        cuts.extend(service.prices.iter().map(|(from, _)| *from));
        cuts.extend(service.quantities.iter().map(|(from, _)| *from));
    }
    cuts.retain(|cut| part.start < *cut && *cut < part.end);
    cuts.push(part.end);
    cuts.sort_unstable();
    cuts.dedup();
    let mut from = part.start;
    let mut pieces = Vec::with_capacity(cuts.len());
    for to in cuts {
        pieces.push(Span::new(from, to));
        from = to;
    }
    pieces
}

fn in_force<T: Copy>(versions: &[(Day, T)], on: Day) -> Option<T> {
    let begun = versions.iter().filter(|(from, _)| *from <= on);
    begun
        .max_by_key(|(from, _)| *from)
        .or(versions.first())
        .map(|(_, value)| *value)
}

fn line(
    switches: &Proration,
    of: &Service,
    schedule: &Schedule,
    cycle: Span,
    piece: Span,
) -> Result<Line, Fault> {
    let unit = in_force(&of.prices, piece.start).unwrap_or_default();
    let quantity = in_force(&of.quantities, piece.start).unwrap_or(1);
    let price = Price::of(unit, quantity, of.currency);
    let measured = schedule.measured(cycle, piece);
    let stretch = Stretch::of_plan(measured, of.period, schedule.day);
    let part = Window::from(piece);
    let rules = by_cycle(switches, piece == cycle);
    let working = service(&rules, &stretch, part, price)?;
    Ok(Line {
        billed_on: piece.start,
        cycle,
        cycles: share(&rules, &stretch, part)?.ratio,
        working,
    })
}

/// The switches for a part of one cycle: the cycle is the plan's own period, and all of it costs the price.
fn by_cycle(switches: &Proration, whole: bool) -> Proration {
    Proration {
        unit: if whole { Unit::None } else { switches.unit },
        denominator: match switches.denominator {
            Denominator::PlanPeriod => Denominator::Term,
            other => other,
        },
        over_length: OverLength::Cap,
        ..*switches
    }
}
