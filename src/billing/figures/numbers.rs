//! Document numbers from patterns; every counter runs on whether or not its number is shown.

use super::Fault;
use crate::billing::calendar::Day;
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// A pattern and the first day on which it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The first day.
    pub from: Day,
    /// The text, with `{year}`, `{month}`, `{yyyymm}`, `{seq:N}` (all documents), `{own:N}` (the
    /// customer's documents) and `{customer:N}`, where N is the least number of digits.
    pub text: String,
}

/// When counters begin again at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Restart {
    /// Never: a month or year in a number is a mere label.
    #[default]
    Never,
    /// With every month.
    Month,
    /// With every year.
    Year,
}

impl Restart {
    fn between(self, last: Day, next: Day) -> bool {
        match self {
            Restart::Never => false,
            Restart::Month => (last.year(), last.month()) != (next.year(), next.month()),
            Restart::Year => last.year() != next.year(),
        }
    }
}

/// A customer and how many documents he has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer {
    /// The customer's own number.
    pub number: u64,
    /// Documents issued so far.
    pub issued: u64,
}

/// Numbers documents in order: `documents` are days and positions in `customers`.
pub fn number(
    patterns: &[Pattern],
    issued: u64,
    customers: &[Customer],
    documents: &[(Day, usize)],
    restart: Restart,
) -> Result<Vec<String>, Fault> {
    let (mut issued, mut customers) = (issued, customers.to_vec());
    let mut numbers = Vec::with_capacity(documents.len());
    let mut last: Option<Day> = None;
    for (on, at) in documents {
        if last.is_some_and(|last| restart.between(last, *on)) {
            issued = 0;
            customers
                .iter_mut()
                .for_each(|customer| customer.issued = 0);
        }
        last = Some(*on);
        let customer = customers
            .get_mut(*at)
            .ok_or(Fault::BadCount { what: "customers" })?;
        (issued, customer.issued) = (issued.saturating_add(1), customer.issued.saturating_add(1));
        let begun = patterns.iter().filter(|pattern| pattern.from <= *on);
        let pattern = begun
            .max_by_key(|pattern| pattern.from)
            .or(patterns.first());
        let text = pattern.map_or("{seq}", |pattern| pattern.text.as_str());
        numbers.push(filled(text, *on, issued, *customer)?);
    }
    Ok(numbers)
}

fn filled(pattern: &str, on: Day, issued: u64, customer: Customer) -> Result<String, Fault> {
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| Fault::UnknownPlaceholder {
                name: after.to_owned(),
            })?;
        let (part, places) = match name.split_once(':') {
            Some((part, places)) => (part, places.parse::<usize>().unwrap_or(0).min(20)),
            None => (name, 0),
        };
        let value = match part {
            "year" => format!("{:04}", on.year()),
            "month" => format!("{:02}", on.month()),
            "yyyymm" => format!("{:04}{:02}", on.year(), on.month()),
            "seq" => format!("{issued:0places$}"),
            "own" => format!("{:0places$}", customer.issued),
            "customer" => format!("{:0places$}", customer.number),
            unknown => {
                return Err(Fault::UnknownPlaceholder {
                    name: unknown.to_owned(),
                });
            }
        };
        text.push_str(before);
        text.push_str(&value);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}
