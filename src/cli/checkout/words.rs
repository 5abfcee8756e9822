//! What a guided checkout says: choices in words, and the commands that would have done the same.

use crate::desk::checkout::Steps;
use crate::wire::Document;
use crate::wire::checkout::Offer;
use crate::wire::paper::Locale;
use std::collections::BTreeMap;

/// A plan as a choice.
pub(super) fn plan_in_words(offer: &Offer, unit: &str) -> String {
    let price = offer.prices.first().map(|price| match &price.monthly {
        Some(monthly) => format!("from {} a {unit} and month", monthly.money()),
        None => format!("{} a {unit} for {}", price.amount.money(), price.period),
    });
    let mut parts = vec![offer.name.clone()];
    parts.extend(price);
    parts.extend(offer.about.clone());
    match offer.loses.as_slice() {
        [] => {}
        [one] => parts.push(format!("without {one}")),
        [first, rest @ ..] => parts.push(format!("without {first} and {} more", rest.len())),
    }
    parts.join(" · ")
}

/// What each seat brings.
pub(super) fn limits_in_words(offer: &Offer) -> String {
    let limits: Vec<String> = offer
        .limits
        .iter()
        .filter(|limit| limit.per_unit)
        .map(|limit| format!("{} {}", grouped(limit.amount), limit.name))
        .collect();
    if limits.is_empty() {
        String::new()
    } else {
        format!(" Each brings {}.", limits.join(", "))
    }
}

/// A count as a sentence has it, its thousands apart.
fn grouped(count: i64) -> String {
    Locale::of("en", "US").number(count.into())
}

/// Seats as an option takes them.
pub(super) fn seats_text(seats: &BTreeMap<String, u32>) -> String {
    let parts: Vec<String> = seats
        .iter()
        .map(|(kind, count)| match kind.as_str() {
            "" => count.to_string(),
            kind => format!("{kind}={count}"),
        })
        .collect();
    parts.join(",")
}

/// The commands that would have done the same without a question.
pub(super) fn one_line(steps: &Steps, said: &[String], done: Option<&Document>) -> String {
    let mut commands = Vec::new();
    if let Some(newcomer) = &steps.newcomer {
        let title = newcomer.title.as_deref().unwrap_or(&newcomer.name);
        commands.push(format!(
            "subdesk account create {} --title {} --country {} --email {}",
            quoted(&newcomer.name),
            quoted(title),
            quoted(&newcomer.country),
            quoted(&newcomer.email)
        ));
    }
    if let Some(edit) = &steps.edit {
        let mut command = format!("subdesk account edit {}", quoted(&edit.account));
        if let Some(taxpayer) = &edit.billing.taxpayer {
            command.push_str(&format!(" --taxpayer {}", quoted(taxpayer)));
        }
        for line in edit.billing.address.iter().flatten() {
            command.push_str(&format!(" --address {}", quoted(line)));
        }
        commands.push(command);
    }
    commands.push(format!("subdesk order create {}", said.join(" ")));
    if let Some(Document::Order(order)) = done {
        let reference = order
            .payments
            .last()
            .and_then(|payment| payment.reference.as_deref());
        commands.extend(reference.map(|reference| {
            format!(
                "subdesk order pay {} --reference {}",
                order.number,
                quoted(reference)
            )
        }));
    }
    commands.join(" && ")
}

/// A word as a shell takes it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@/:+,=".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// `Acme GmbH & Co.` becomes `acme-gmbh-co`.
pub(super) fn short_name(title: &str) -> String {
    let letters: String = title
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = letters.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_500, "12,500"),
            (-1_234_567, "-1,234,567"),
        ] {
            assert_eq!(grouped(count), text);
        }
    }
}
