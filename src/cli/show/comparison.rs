//! One change under many rule sets on the page.

use super::super::reply::Detail;
use super::page::{Page, Table, or_dash};
use crate::wire::amount::Amount;
use crate::wire::compare::{Comparison, Line};
use crate::wire::price::WorkingText;

/// The table of what every rule set says, or every number of it.
pub(super) fn comparison(page: &mut Page, comparison: &Comparison) {
    if let Some(real) = &comparison.account {
        let terms = match real.terms {
            1 => String::new(),
            more => format!(" and {} more behind it", more.saturating_sub(1)),
        };
        page.line(&format!(
            "{}: {}, on {}, in the term {}{terms}",
            real.account, real.change, comparison.on, comparison.term
        ));
    }
    match page.detail() {
        Detail::Figures => table(page, comparison),
        Detail::Working | Detail::Words => {
            comparison
                .answers
                .iter()
                .for_each(|line| explained(page, line));
        }
    }
}

fn table(page: &mut Page, comparison: &Comparison) {
    let headers = ["Rule set", "Share", "Credit", "Charge", "Net", "How"];
    let mut table = Table::new(&headers).numbers(&[1, 2, 3, 4]);
    for line in &comparison.answers {
        table.row([
            line.rule_set.clone(),
            line.share.clone(),
            or_dash(line.credit.as_ref().map(|credit| credit.amount.as_str())),
            line.charge.amount.clone(),
            line.net.amount.clone(),
            how(line),
        ]);
    }
    page.list(&table);
}

fn how(line: &Line) -> String {
    match (&line.bought, &line.note) {
        (None, Some(note)) => note.clone(),
        (None, None) => line.about.clone(),
        (Some(bought), _) => format!(
            "The credit buys {} days; {} is charged on {}.",
            bought.days, line.charge.amount, bought.first_charge_on
        ),
    }
}

fn explained(page: &mut Page, line: &Line) {
    page.heading(&line.rule_set);
    page.line(&line.about);
    if let Some(note) = &line.note {
        page.line(note);
        return;
    }
    for (name, working) in line.parts.iter().zip(&line.workings) {
        page.line(&format!("{name}: {}", sentence(working)));
    }
    let money = |amount: &Amount| format!("{} {}", amount.amount, amount.currency);
    match &line.bought {
        None => page.line(&format!("Net: {}", money(&line.net))),
        Some(bought) => page.line(&format!(
            "That buys {} days, rounded up to {}; {} is charged on {}.",
            bought.exact_days,
            bought.days,
            money(&line.charge),
            bought.first_charge_on
        )),
    }
    if let Some(anchor) = line.anchor {
        page.line(anchor.in_words());
    }
}

fn sentence(working: &WorkingText) -> String {
    format!(
        "{} to {} is {}/{} of {} ({}s, {}); {} x {} x {}/{} = {}, rounded {} at the {}: {} {}",
        working.from,
        working.to,
        working.numerator,
        working.denominator,
        working.whole,
        working.unit.name(),
        working.day_count,
        working.quantity,
        working.unit_price,
        working.numerator,
        working.denominator,
        working.exact,
        working.rounding.name(),
        working.round_at.name(),
        working.amount.amount,
        working.amount.currency,
    )
}
