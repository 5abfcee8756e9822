//! Billed history against what should have been billed: the credits and charges that are missing.
//!
//! A day that is billed and should be, for the same thing at the same rate, stays as it is however the
//! lines are cut. A billed day that should not be is credited from its own line; a day that should be and
//! is not is charged.

use super::Fault;
use crate::billing::calendar::{Day, Span};
use crate::billing::money::{Currency, Money};
use crate::billing::prorate::{Billed, Price, Working, unused_in};
use crate::billing::share::{Stretch, Window};
use crate::billing::switches::{CreditBasis, Denominator, Proration};
use rust_decimal::Decimal;

/// A line that was billed or should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is for; lines of different things never meet.
    pub name: String,
    /// Its days; `None` for a price that is paid once, on [`Line::on`].
    pub days: Option<Span>,
    /// The day of a price that is paid once.
    pub on: Day,
    /// Its amount.
    pub amount: Money,
    /// The price of a whole period that it came from; lines meet only at the same rate.
    pub rate: Decimal,
}

/// A credit that was already given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What it was for.
    pub name: String,
    /// The days it gave back; an adjustment of the amount alone gives back no days.
    pub days: Option<Span>,
    /// How much, above zero; computed from the line when absent.
    pub amount: Option<Money>,
}

/// A line that history has left in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it is for.
    pub name: String,
    /// Its days.
    pub days: Span,
    /// Its share of the line's amount.
    pub amount: Money,
}

/// A new line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What it is for.
    pub name: String,
    /// Its days, or the one day of a price that is paid once.
    pub days: Span,
    /// The amount: above zero for a charge, below for a credit.
    pub amount: Money,
    /// How a share was computed; a whole line has none.
    pub working: Option<Working>,
}

/// What is missing, and what stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Charges in the order they were proposed, then credits in the order of the billed lines.
    pub charges: Vec<Missing>,
    /// Credits, as amounts below zero.
    pub credits: Vec<Missing>,
    /// What stays of the billed lines.
    pub kept: Vec<Kept>,
    /// The sum of charges and credits.
    pub net: Money,
}

struct Open {
    line: Line,
    days: Span,
    credited: Money,
    /// Days that are billed and not matched yet.
    live: Vec<Span>,
    /// Days that no credit has given back.
    kept: Vec<Span>,
}

/// Finds what is missing from `billed` and `given` to reach `proposed`.
pub fn merge(
    switches: &Proration,
    currency: Currency,
    billed: &[Line],
    given: &[Given],
    proposed: &[Line],
) -> Result<Merged, Fault> {
    let rules = Proration {
        credit_basis: CreditBasis::Billed,
        denominator: Denominator::Term,
        ..*switches
    };
    let mut open: Vec<Open> = Vec::new();
    for line in billed {
        if let Some(days) = line.days.filter(|_| !line.amount.is_zero()) {
            open.push(Open {
                line: line.clone(),
                days,
                credited: Money::zero(currency),
                live: vec![days],
                kept: vec![days],
            });
        }
    }
    for credit in given {
        give_back(&rules, &mut open, credit)?;
    }
    refuse_doubles(&open)?;
    let mut charges = Vec::new();
    for line in proposed {
        match line.days {
            None => charges.extend(once(line, billed)),
            Some(days) => charges.extend(missing_of(&rules, &mut open, line, days)?),
        }
    }
    let mut credits = Vec::new();
    let mut kept = Vec::new();
    for line in &mut open {
        for days in std::mem::take(&mut line.live) {
            let part = credit_of(&rules, line, days)?;
            line.credited = line.credited.plus(part.amount)?;
            line.kept = without(&line.kept, days);
            credits.push(Missing {
                name: line.line.name.clone(),
                days,
                amount: part.amount.negated()?,
                working: Some(part),
            });
        }
    }
    credits.retain(|credit| !credit.amount.is_zero());
    charges.retain(|charge: &Missing| !charge.amount.is_zero());
    for line in &open {
        kept.extend(kept_of(&rules, line)?);
    }
    let moved = charges.iter().chain(&credits).map(|line| line.amount);
    let net = Money::sum(currency, moved)?;
    Ok(Merged {
        charges,
        credits,
        kept,
        net,
    })
}

fn as_billed(line: &Line, days: Span, credited: Money) -> Billed {
    Billed {
        service: Window::from(days),
        amount: line.amount,
        credited,
        price: Price::of(line.rate, 1, line.amount.currency),
    }
}

fn credit_of(rules: &Proration, open: &Open, part: Span) -> Result<Working, Fault> {
    let line = as_billed(&open.line, open.days, open.credited);
    let stretch = Stretch::of(open.days);
    Ok(unused_in(
        rules,
        &stretch,
        &line,
        Window::from(part),
        line.price,
    )?)
}

/// Takes the days of an earlier credit out of the first line of its name that can carry it.
fn give_back(rules: &Proration, open: &mut [Open], credit: &Given) -> Result<(), Fault> {
    let named = |line: &&mut Open| line.line.name == credit.name;
    let Some(days) = credit.days else {
        let amount = credit.amount;
        if let (Some(line), Some(amount)) = (open.iter_mut().find(named), amount) {
            line.credited = line.credited.plus(amount)?;
        }
        return Ok(());
    };
    for line in open.iter_mut().filter(named) {
        let carries = line.live.iter().any(|live| inside(days, *live));
        let left = line.line.amount.minus(line.credited)?;
        let amount = match credit.amount {
            Some(amount) => amount,
            None if carries => credit_of(rules, line, days)?.amount,
            None => continue,
        };
        if carries && amount.minor <= left.minor {
            line.credited = line.credited.plus(amount)?;
            line.live = without(&line.live, days);
            line.kept = without(&line.kept, days);
            return Ok(());
        }
    }
    Err(Fault::NothingToCredit {
        days: Window::from(days),
    })
}

fn refuse_doubles(open: &[Open]) -> Result<(), Fault> {
    for (at, line) in open.iter().enumerate() {
        for other in open.iter().skip(at.saturating_add(1)) {
            if line.line.name != other.line.name {
                continue;
            }
            let met = line.live.iter().find_map(|live| {
                let overlap = |days: &Span| live.overlap(*days);
                other.live.iter().find_map(overlap)
            });
            if let Some(days) = met {
                return Err(Fault::BilledTwice {
                    name: line.line.name.clone(),
                    days: Window::from(days),
                });
            }
        }
    }
    Ok(())
}

/// A price that is paid once is charged unless it was billed on that day.
fn once(line: &Line, billed: &[Line]) -> Option<Missing> {
    let known = billed.iter().any(|old| {
        let same = (&old.name, old.on, old.rate) == (&line.name, line.on, line.rate);
        old.days.is_none() && same
    });
    (!known).then(|| Missing {
        name: line.name.clone(),
        days: Span::new(line.on, line.on),
        amount: line.amount,
        working: None,
    })
}

/// The days of a proposed line that no billed line of its name and rate covers, as charges.
fn missing_of(
    rules: &Proration,
    open: &mut [Open],
    line: &Line,
    days: Span,
) -> Result<Vec<Missing>, Fault> {
    let mut gaps = vec![days];
    for old in open.iter_mut() {
        if old.line.name != line.name || old.line.rate != line.rate {
            continue;
        }
        for gap in std::mem::take(&mut gaps) {
            let covered: Vec<Span> = old
                .live
                .iter()
                .filter_map(|live| live.overlap(gap))
                .collect();
            let mut open_days = vec![gap];
            for span in covered {
                open_days = without(&open_days, span);
                old.live = without(&old.live, span);
            }
            gaps.extend(open_days);
        }
    }
    let mut charges = Vec::with_capacity(gaps.len());
    for gap in gaps {
        let (amount, working) = match gap == days {
            true => (line.amount, None),
            false => {
                let whole = as_billed(line, days, Money::zero(line.amount.currency));
                let stretch = Stretch::of(days);
                let part = unused_in(rules, &stretch, &whole, Window::from(gap), whole.price)?;
                (part.amount, Some(part))
            }
        };
        charges.push(Missing {
            name: line.name.clone(),
            days: gap,
            amount,
            working,
        });
    }
    Ok(charges)
}

/// What stays of a billed line after all credits, in its own days.
fn kept_of(rules: &Proration, open: &Open) -> Result<Vec<Kept>, Fault> {
    let whole = as_billed(
        &open.line,
        open.days,
        Money::zero(open.line.amount.currency),
    );
    let stretch = Stretch::of(open.days);
    let share = |part: &Span| -> Result<Kept, Fault> {
        let working = unused_in(rules, &stretch, &whole, Window::from(*part), whole.price)?;
        Ok(Kept {
            name: open.line.name.clone(),
            days: *part,
            amount: working.amount,
        })
    };
    open.kept.iter().map(share).collect()
}

fn inside(small: Span, large: Span) -> bool {
    large.start <= small.start && small.end <= large.end
}

/// The days of `spans` that are not in `taken`.
fn without(spans: &[Span], taken: Span) -> Vec<Span> {
    let mut left = Vec::with_capacity(spans.len().saturating_add(1));
    for span in spans {
        match span.overlap(taken) {
            None => left.push(*span),
            Some(both) => {
                let pieces = [
                    Span::new(span.start, both.start),
                    Span::new(both.end, span.end),
                ];
                left.extend(pieces.into_iter().filter(|piece| piece.start < piece.end));
            }
        }
    }
    left
}

/// What should be billed when the billed lines stay but for these stretches.
pub fn paused(billed: &[Line], pauses: &[Span]) -> Vec<Line> {
    let mut proposed = Vec::new();
    for line in billed {
        let Some(days) = line.days else {
            proposed.push(line.clone());
            continue;
        };
        let live = pauses
            .iter()
            .fold(vec![days], |live, pause| without(&live, *pause));
        proposed.extend(live.into_iter().map(|days| Line {
            days: Some(days),
            ..line.clone()
        }));
    }
    proposed
}
