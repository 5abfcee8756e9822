//! Document numbers from patterns; every counter runs on whether or not its number is shown.

use super::Fault;
use crate::billing::calendar::Day;
use chrono::Datelike;

/// A pattern and the first day on which it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The first day.
    pub from: Day,
    /// The text, with `{year}`, `{month}`, `{yyyymm}`, `{seq:N}` (all documents), `{own:N}` (the
    /// customer's documents) and `{customer:N}`, where N is the least number of digits.
    pub text: String,
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
) -> Result<Vec<String>, Fault> {
    let (mut issued, mut customers) = (issued, customers.to_vec());
    let mut numbers = Vec::with_capacity(documents.len());
    for (on, at) in documents {
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
