//! What is not used of paid time that ends at once, invoice by invoice.
//!
//! A change of plan gives back the unused time of the plan before as a credit on its own invoice, and so that time
//! pays for a part of it. When what the change sold is given back in its turn, its invoice gives back no more than
//! its own total; the rest was paid with the credit. So as much of the credit is taken back on the note of that
//! invoice, and the note of the invoice whose time it was gives it back. All notes together are what the unused
//! days were paid with, at the rates of tax that they were paid with, and each stays within its own invoice.

use super::allot::{Sharing, by_weight};
use super::calendar::Span;
use super::correct::{self, Given, Paper, Pick, share_of};
use super::invoice::InvoiceState;
use super::line_text::LineText;
use super::money::{Checked, Money};
use super::order::{Line, LineKind};
use super::quote;
use super::refusal::{Because, Refusal};
use super::scene::Scene;
use super::share::effective;
use super::tax::tax_on;

/// Something that a credit on a later invoice gave back of a line, and that is given back of it by a note instead.
struct Moved {
    /// The line that was credited.
    line: i64,
    /// The credit as it is written on the note.
    like: Line,
    /// What moves, without tax.
    net: Money,
}

/// What each invoice gives back, in the order of the papers, which is the order of their issue. `key` is the policy's
/// that says so, with its value.
///
/// # Errors
/// An amount is too large.
pub(super) fn unwound(
    scene: &Scene<'_>,
    papers: &[&Paper],
    key: (&str, &str),
) -> Result<Vec<Vec<Pick>>, Refusal> {
    let unused = quote::unused_lines(scene, key)?;
    let mut older: Vec<Paper> = papers.iter().map(|paper| (*paper).clone()).collect();
    let mut moved: Vec<Moved> = Vec::new();
    let mut all = Vec::with_capacity(older.len());
    while let Some(mut paper) = older.pop() {
        level(&mut paper)?;
        let mut picks = own(&paper, &unused, &moved)?;
        let taken = make_room(scene, key, &mut paper, (&picks, &mut older), &mut moved)?;
        picks = correct::taxed(&paper, &scene.policy.tax, correct::fitted(&paper, picks)?)?;
        picks.extend(taken);
        all.push(picks);
    }
    all.reverse();
    Ok(all)
}

/// What is not used of an invoice's lines, and what later invoices had credited of them.
fn own(paper: &Paper, unused: &[Line], moved: &[Moved]) -> Checked<Vec<Pick>> {
    let mut picks: Vec<Pick> = Vec::new();
    let place = |line: Option<i64>| paper.lines.iter().position(|own| Some(own.id) == line);
    for credit in unused {
        let Some((at, line)) =
            place(credit.credits).and_then(|at| Some((at, paper.lines.get(at)?)))
        else {
            continue;
        };
        let comes = moved.iter().filter(|moved| moved.line == line.id);
        let comes = Money::sum(line.net.currency, comes.map(|moved| moved.net))?;
        let left = paper.line_left(line)?.minus(comes)?;
        let net = credit.net.negated()?.at_most(left);
        if net.minor > 0 {
            picks.push(Pick {
                like: Some(credit.clone()),
                ..Pick::of(at, net)
            });
        }
    }
    for moved in moved {
        if let Some(at) = place(Some(moved.line)) {
            picks.push(Pick {
                like: Some(moved.like.clone()),
                ..Pick::of(at, moved.net)
            });
        }
    }
    Ok(picks)
}

/// Takes back as much of the credits on an invoice as its picks go beyond it, rate by rate and in all. Gives the
/// lines of the note that do so.
fn make_room(
    scene: &Scene<'_>,
    key: (&str, &str),
    paper: &mut Paper,
    (picks, older): (&[Pick], &mut [Paper]),
    moved: &mut Vec<Moved>,
) -> Checked<Vec<Pick>> {
    let mut taken = Vec::new();
    let credits: Vec<(usize, Line)> = paper
        .lines
        .iter()
        .cloned()
        .enumerate()
        .filter(|(_, line)| line.kind == LineKind::Credit && line.net.minor < 0)
        .collect();
    for (at, credit) in credits.iter().rev() {
        let Some(before) = older.iter_mut().find(|before| holds(before, credit)) else {
            continue;
        };
        let left = credit_left(paper, credit)?;
        let (net, tax) = needed(scene, paper, picks, credit, left)?;
        if net.minor <= 0 {
            continue;
        }
        let line = credit.credits.unwrap_or(credit.id);
        let back = |line: i64| -> Checked<Given> {
            Ok(Given {
                line,
                net: net.negated()?,
                tax: tax.negated()?,
            })
        };
        paper.given.push(back(credit.id)?);
        before.given.push(back(line)?);
        let like = as_said(scene, credit, key);
        let pick = Pick {
            net: net.negated()?,
            tax: tax.negated()?,
            ..Pick::of(*at, net)
        };
        let text = LineText::Credit(Box::new(LineText::Other(&credit.text))).to_string();
        taken.push(Pick {
            like: Some(Line {
                text,
                working: share_of(credit, &pick)?,
                ..like.clone()
            }),
            ..pick
        });
        let billed = before.lines.iter().find(|billed| billed.id == line);
        let working = billed.map(|billed| share_of(billed, &Pick::of(0, net)));
        moved.push(Moved {
            line,
            like: Line {
                working: working.transpose()?.flatten(),
                net: net.negated()?,
                tax: tax.negated()?,
                ..like
            },
            net,
        });
    }
    Ok(taken)
}

/// What a document gave away in all is not asked for again: what it sold can be given back as far as its credits
/// are taken back with it.
fn level(paper: &mut Paper) -> Checked<()> {
    let credits = paper.lines.clone();
    for credit in credits.iter().filter(|line| line.net.minor < 0) {
        let (net, tax) = paper.rest(|_| true)?;
        let away = net.plus(tax)?.negated()?;
        let (net, tax) = credit_left(paper, credit)?;
        let whole = net.plus(tax)?;
        if away.minor <= 0 || whole.minor <= 0 {
            continue;
        }
        let away = away.at_most(whole);
        let net = share(net, (away, whole));
        paper.given.push(Given {
            line: credit.id,
            net: net.negated()?,
            tax: net.minus(away)?,
        });
    }
    Ok(())
}

/// What was not taken back of a credit: without tax, and the tax.
fn credit_left(paper: &Paper, credit: &Line) -> Checked<(Money, Money)> {
    let (net, tax) = paper.rest(|line| line.id == credit.id)?;
    Ok((net.negated()?, tax.negated()?))
}

/// Whether an invoice that is not void billed what a credit gives back.
fn holds(paper: &Paper, credit: &Line) -> bool {
    let mut lines = paper.lines.iter();
    paper.invoice.state != InvoiceState::Void && lines.any(|line| Some(line.id) == credit.credits)
}

/// How much of a credit is taken back: what the picks of its rate go beyond what is left of the rate, then what
/// they go beyond what is left of the invoice with tax.
fn needed(
    scene: &Scene<'_>,
    paper: &Paper,
    picks: &[Pick],
    credit: &Line,
    (net_left, tax_left): (Money, Money),
) -> Checked<(Money, Money)> {
    let currency = credit.net.currency;
    let percent_of = |pick: &Pick| paper.lines.get(pick.at).map(|line| line.tax_percent);
    let of_rate = picks
        .iter()
        .filter(|pick| percent_of(pick) == Some(credit.tax_percent));
    let wanted = Money::sum(currency, of_rate.map(|pick| pick.net))?;
    let over = wanted.minus(paper.rate_left(credit.tax_percent)?.0)?;
    let by_rate = Money::of(over.minor.clamp(0, net_left.minor.max(0)), currency);
    if by_rate.minor > 0 {
        let tax = match by_rate == net_left {
            true => tax_left,
            false => share(tax_left, (by_rate, net_left)),
        };
        return Ok((by_rate, tax));
    }
    let mut gross = Money::zero(currency);
    for pick in picks {
        let percent = percent_of(pick).unwrap_or_default();
        let tax = match &pick.like {
            Some(like) if scene.policy.tax.included => like.tax.negated()?,
            _ => tax_on(
                pick.net.major(),
                percent,
                currency,
                scene.policy.tax.rounding,
            )?,
        };
        gross = gross.plus(pick.net)?.plus(tax)?;
    }
    let over = gross.minus(paper.left()?)?;
    let whole = net_left.plus(tax_left)?;
    if over.minor <= 0 || whole.minor <= 0 {
        return Ok((Money::zero(currency), Money::zero(currency)));
    }
    let over = over.at_most(whole);
    let net = share(net_left, (over, whole));
    Ok((net, over.minus(net)?))
}

/// A part of an amount, as large as one amount is of another.
fn share(of: Money, (part, whole): (Money, Money)) -> Money {
    let rest = whole.minor.saturating_sub(part.minor);
    let parts = by_weight(of, &[part.minor, rest], Sharing::LargestRemainder);
    parts.first().copied().unwrap_or(Money::zero(of.currency))
}

/// A credit for the days from the ending on, with the policy key that ends them.
fn as_said(scene: &Scene<'_>, credit: &Line, (key, value): (&str, &str)) -> Line {
    let from = effective(&scene.policy.proration, scene.at).date();
    Line {
        service: credit
            .service
            .map(|service| Span::new(from.clamp(service.start, service.end), service.end)),
        because: Some(Because {
            key: key.to_owned(),
            value: value.to_owned(),
            rule: scene.policy.rule(key).map(str::to_owned),
            place: None,
        }),
        ..credit.clone()
    }
}
