//! Taxes and the numbers of invoices.

use super::Problems;
use super::methods::country;
use crate::billing::policy::{Policy, TaxRate};
use rust_decimal::Decimal;

pub(super) fn check(policy: &Policy, problems: &mut Problems<'_>) {
    taxes(policy, problems);
    let invoice = &policy.invoice;
    number(&invoice.number, "invoice.number", invoice.yearly, problems);
    number(
        &invoice.credit_note_number,
        "invoice.credit_note_number",
        invoice.yearly,
        problems,
    );
    if invoice.number == invoice.credit_note_number {
        problems.wrong(
            "invoice.credit_note_number",
            "Invoices and credit notes would have the same numbers.",
            "Give credit notes a pattern of their own, such as \"CN-{year}-{seq:6}\".",
        );
    }
}

fn taxes(policy: &Policy, problems: &mut Problems<'_>) {
    let rates = &policy.tax.rates;
    for (at, rate) in rates.iter().enumerate() {
        let here = format!("tax.rates[{at}]");
        for (which, code) in rate.countries.iter().enumerate() {
            if code != "*" {
                country(code, &format!("{here}.countries[{which}]"), problems);
            }
        }
        let is_negative = rate.percent.is_sign_negative() && !rate.percent.is_zero();
        if is_negative || rate.percent > Decimal::ONE_HUNDRED {
            problems.wrong(
                format!("{here}.percent"),
                format!("{} percent is no tax rate.", rate.percent),
                "Write 0 to 100.",
            );
        }
        if let (Some(from), Some(until)) = (rate.from, rate.until)
            && until <= from
        {
            problems.wrong(
                format!("{here}.until"),
                format!("This rate ends on {until}, before it begins on {from}."),
                "Put the later day into until.",
            );
        } else if let Some(first) = rates[..at].iter().position(|other| hides(other, rate)) {
            problems.odd(
                &here,
                format!(
                    "This rate never counts: rate {} above fits the same countries and days.",
                    first.saturating_add(1)
                ),
                "Put the narrower rate first, or give the upper one an until.",
            );
        }
    }
    if policy.tax.included && rates.is_empty() {
        problems.odd(
            "tax.included",
            "Prices contain a tax that has no rate.",
            "Add rates, or set this to false.",
        );
    }
}

/// Whether one rate, which comes first, fits wherever and whenever another fits.
fn hides(first: &TaxRate, other: &TaxRate) -> bool {
    let has = |code: &String| first.countries.contains(code);
    let everywhere = has(&"*".to_owned()) || other.countries.iter().all(has);
    let begins = first
        .from
        .is_none_or(|from| other.from.is_some_and(|later| from <= later));
    let ends = first
        .until
        .is_none_or(|until| other.until.is_some_and(|other| other <= until));
    everywhere && begins && ends
}

/// A pattern must tell two documents apart, and name nothing that is not filled in.
fn number(pattern: &str, path: &str, yearly: bool, problems: &mut Problems<'_>) {
    let mut names = Vec::new();
    let mut rest = pattern;
    while let Some((_, inside)) = rest.split_once('{') {
        let Some((name, after)) = inside.split_once('}') else {
            problems.wrong(path, "A brace is not closed.", "Write {seq:6}.");
            return;
        };
        names.push(name);
        rest = after;
    }
    for name in &names {
        let is_known = match name.split_once(':') {
            Some(("seq", places)) => places
                .parse::<u8>()
                .is_ok_and(|places| (1..=18).contains(&places)),
            Some(_) => false,
            None => ["year", "month", "account", "seq"].contains(name),
        };
        if !is_known {
            problems.wrong(
                path,
                format!("{{{name}}} is not filled in."),
                "Known are {year}, {month}, {account}, {seq} and {seq:6} for six places.",
            );
        }
    }
    if !names.iter().any(|name| name.starts_with("seq")) {
        problems.wrong(
            path,
            "All documents would have the same number.",
            "Add {seq} or {seq:6}.",
        );
    }
    if yearly && !names.contains(&"year") {
        problems.wrong(
            path,
            "The count starts again each year, and numbers would come twice.",
            "Add {year}, or set invoice.yearly = false.",
        );
    }
}
