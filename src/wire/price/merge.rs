//! `merge`: billed lines against what should have been billed.

use super::settled::Settled;
use super::shown;
use super::words::{Figure, Refused, RuleSetName, WorkingText, dollars};
use crate::billing::calendar::{Day, Span};
use crate::billing::figures::merge::{self, Given, Missing};
use crate::billing::money::Currency;
use crate::wire::amount::Amount;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A line that was billed or should be; one without an end is paid once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    name: String,
    start: Day,
    end: Option<Day>,
    amount: Figure,
    /// The price of a whole period; lines are the same only at the same rate. The amount when absent.
    rate: Option<Figure>,
}

/// A credit that was given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credit {
    #[serde(default)]
    name: String,
    start: Option<Day>,
    end: Option<Day>,
    /// How much, above zero.
    amount: Option<Figure>,
}

/// Days without service; without an end they go on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pause {
    from: Day,
    to: Option<Day>,
}

/// A request of kind `merge`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    #[serde(default = "dollars")]
    currency: Currency,
    #[serde(default)]
    rules: RuleSetName,
    #[serde(default)]
    billed: Vec<Line>,
    #[serde(default)]
    credits: Vec<Credit>,
    /// What should be billed; with pauses, the billed lines without their days.
    #[serde(default)]
    proposed: Vec<Line>,
    #[serde(default)]
    pauses: Vec<Pause>,
    opening_credit: Option<Figure>,
}

#[derive(Serialize)]
struct LineText {
    name: String,
    from: Day,
    to: Day,
    amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    working: Option<WorkingText>,
}

#[derive(Serialize)]
struct MergeAnswer {
    charges: Vec<LineText>,
    credits: Vec<LineText>,
    kept: Vec<LineText>,
    net: Amount,
    settled: Settled,
}

impl Line {
    fn billing(&self, currency: Currency) -> Result<merge::Line, Refused> {
        Ok(merge::Line {
            name: self.name.clone(),
            days: self.end.map(|end| Span::new(self.start, end)),
            on: self.start,
            amount: self.amount.money(currency)?,
            rate: self.rate.unwrap_or(self.amount).0,
        })
    }
}

fn text(missing: &Missing) -> LineText {
    LineText {
        name: missing.name.clone(),
        from: missing.days.start,
        to: missing.days.end,
        amount: missing.amount.into(),
        working: missing.working.as_ref().map(WorkingText::from),
    }
}

/// Answers `merge`.
pub fn merge(request: MergeRequest) -> Result<Value, Refused> {
    let currency = request.currency;
    let read = |lines: &[Line]| -> Result<Vec<merge::Line>, Refused> {
        lines.iter().map(|line| line.billing(currency)).collect()
    };
    let billed = read(&request.billed)?;
    let mut proposed = read(&request.proposed)?;
    if !request.pauses.is_empty() {
        let pauses = request.pauses.iter();
        let spans: Vec<Span> = pauses
            .map(|pause| Span::new(pause.from, pause.to.unwrap_or(Day::MAX)))
            .collect();
        proposed.extend(merge::paused(&billed, &spans));
    }
    let given = request.credits.iter().map(|credit| {
        let amount = credit
            .amount
            .map(|amount| amount.money(currency))
            .transpose()?;
        Ok(Given {
            name: credit.name.clone(),
            days: credit
                .start
                .zip(credit.end)
                .map(|(start, end)| Span::new(start, end)),
            amount,
        })
    });
    let given = given.collect::<Result<Vec<Given>, Refused>>()?;
    let done = merge::merge(
        &request.rules.switches,
        currency,
        &billed,
        &given,
        &proposed,
    )?;
    let kept = done.kept.iter().map(|kept| LineText {
        name: kept.name.clone(),
        from: kept.days.start,
        to: kept.days.end,
        amount: kept.amount.into(),
        working: None,
    });
    shown(MergeAnswer {
        charges: done.charges.iter().map(text).collect(),
        credits: done.credits.iter().map(text).collect(),
        kept: kept.collect(),
        net: done.net.into(),
        settled: Settled::of(done.net, request.opening_credit)?,
    })
}
