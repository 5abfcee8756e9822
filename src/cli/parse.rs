//! Words into values: dates, quantities, amounts, keys, names. Every error is a sentence.

use crate::billing::calendar::{Day, Moment, Period};
use crate::billing::input;
use crate::billing::listed;
use crate::billing::refusal::Help;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use std::time::Duration;

/// The most units that one request may name.
pub(super) const MOST: u32 = 1_000_000;

/// A date, a civil moment in the seller's zone, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// `2026-04-01`.
    Day(Day),
    /// `2026-04-01T09:30`, in the seller's zone.
    Civil(Moment),
    /// `2026-04-01T09:30:00+02:00`.
    Instant(DateTime<FixedOffset>),
}

/// Reads a date or an instant.
pub(super) fn when(text: &str) -> Result<When, String> {
    if text.len() <= 10 {
        return day(text).map(When::Day);
    }
    day(text.get(..10).unwrap_or(text))?;
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(When::Instant(instant));
    }
    let civil = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    civil.map(When::Civil).ok_or_else(|| {
        format!(
            "{text:?} is not a date or an instant; write 2026-04-01, 2026-04-01T09:30 or \
             2026-04-01T09:30:00Z"
        )
    })
}

/// The years that can be worked with: terms that begin in them end before dates get a fifth digit.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

/// Reads a day.
pub(super) fn day(text: &str) -> Result<Day, String> {
    let shape = || format!("{text:?} is not a date; write year, month and day, such as 2026-04-01");
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(shape());
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return Err(shape());
    }
    let year: i32 = year.parse().map_err(|_| shape())?;
    let month: u32 = month.parse().map_err(|_| shape())?;
    let day: u32 = day.parse().map_err(|_| shape())?;
    if !YEARS.contains(&year) {
        return Err(format!(
            "the year of {text} is outside 1970 to 2199, which is what can be worked with"
        ));
    }
    let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else {
        return Err(format!("{text} does not exist: there is no month {month}"));
    };
    first.with_day(day).ok_or_else(|| {
        let length = first.num_days_in_month();
        format!(
            "{text} does not exist: {} has {length} days",
            first.format("%B %Y")
        )
    })
}

/// Reads a country by its two letters. Like a currency or a period it is one of a list that every seller shares, so
/// one that is not on it is a slip in the words, not a thing that is missing.
pub(super) fn country(text: &str) -> Result<String, String> {
    input::country(text).map_err(|refusal| {
        let said = refusal.message.trim_end_matches('.').to_owned();
        refusal.help.iter().fold(said, |said, help| match help {
            Help::Say(more) => format!("{said}; {}", more.trim_end_matches('.')),
            Help::Run(_) | Help::OpenCase(..) => said,
        })
    })
}

/// Reads a period: `6m`, `year`.
pub(super) fn period(text: &str) -> Result<Period, String> {
    text.parse::<Period>().map_err(|error| error.to_string())
}

/// Reads how many seats or units, from 1 to a million.
pub(super) fn quantity(text: &str) -> Result<u32, String> {
    let refuse = |why: &str| Err(format!("{text:?} {why}"));
    match text.parse::<i128>() {
        Ok(0) => refuse("is nothing; the least is 1"),
        Ok(count) if count < 0 => refuse(
            "is less than nothing; the least is 1, and there are separate commands for taking away",
        ),
        Ok(count) => match u32::try_from(count) {
            Ok(count) if count <= MOST => Ok(count),
            Ok(_) | Err(_) => refuse("is too many; the most is 1000000"),
        },
        Err(_) if text.parse::<Decimal>().is_ok() => refuse("is not a whole number"),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            refuse("is too many; the most is 1000000")
        }
        Err(_) => refuse("is not a number; write digits only, such as 5"),
    }
}

/// Reads an amount of money in major units, not negative: `12.80`.
pub(super) fn amount(text: &str) -> Result<Decimal, String> {
    if text.contains(',') {
        return Err(format!(
            "{text:?} has a comma; write amounts with a point and no grouping, such as 1250.50"
        ));
    }
    let digits = |byte: u8| byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    let amount = text
        .parse::<Decimal>()
        .ok()
        .filter(|_| text.bytes().all(digits))
        .ok_or_else(|| not_an_amount(text))?;
    if amount.is_sign_negative() && !amount.is_zero() {
        return Err(format!("{text:?} is less than nothing"));
    }
    if amount > Decimal::from(90_000_000_000_000_i64) {
        return Err(format!("{text:?} is more than can be kept exactly"));
    }
    Ok(amount)
}

/// Other options take an amount with its currency, so it is typed here too.
fn not_an_amount(text: &str) -> String {
    let is_code = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let bare = match text.split_whitespace().collect::<Vec<&str>>()[..] {
        [bare, code] if is_code(code) => Some(bare),
        [code, bare] if is_code(code) => Some(bare),
        _ => None,
    };
    match bare {
        Some(bare) => {
            format!("{text:?} has a currency, and here that is known; write only {bare}")
        }
        None => format!("{text:?} is not an amount; write it such as 1250.50"),
    }
}

/// Reads an idempotency key: any text of up to 200 visible characters.
pub(super) fn key(text: &str) -> Result<String, String> {
    line(text, 200)
}

/// Reads the name of something: one line of up to 100 characters.
pub(super) fn name(text: &str) -> Result<String, String> {
    line(text, 100)
}

/// Reads a remark of a person: one line of up to 1000 characters.
pub(super) fn remark(text: &str) -> Result<String, String> {
    line(text, 1000)
}

/// Reads how many rows a list may have: a count, or `all`.
pub(super) fn most(text: &str) -> Result<u32, String> {
    match text {
        "all" => Ok(u32::MAX),
        count => quantity(count),
    }
}

/// Reads a choice by its name in JSON and files: `trial_ended`, also typed `trial-ended`.
pub(super) fn choice<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    let name = text.trim().replace('-', "_");
    serde_json::from_value(serde_json::Value::String(name)).map_err(|error| {
        let said = error.to_string();
        let known = said.split_once("expected ").map_or("", |(_, known)| known);
        let known = known.replace("one of ", "").replace('`', "");
        let known = listed::or(known.split(" or ").flat_map(|part| part.split(", ")));
        format!("{text:?} is not {known}")
    })
}

/// Reads a number of units that may be negative.
pub(super) fn units(text: &str) -> Result<i64, String> {
    let count: i64 = text
        .parse()
        .map_err(|_| format!("{text:?} is not a whole number, such as 50 or -50"))?;
    match count.unsigned_abs() <= 1_000_000_000_000 {
        true => Ok(count),
        false => Err(format!("{text:?} is too many; the most is 1000000000000")),
    }
}

fn line(text: &str, at_most: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err(format!(
            "{text:?} has a control character, such as a line break"
        ));
    }
    let length = text.chars().count();
    if length > at_most {
        return Err(format!("it has {length} characters; the most is {at_most}"));
    }
    Ok(text.to_owned())
}

/// Reads a wait: `5`, `5s`, `500ms`, `2m`.
pub(super) fn wait(text: &str) -> Result<Duration, String> {
    let at = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (count, unit) = text.split_at(at);
    let wrong = || format!("{text:?} is not a wait; write 5s, 500ms or 2m");
    let count: u64 = count.parse().map_err(|_| wrong())?;
    let wait = match unit {
        "ms" => Duration::from_millis(count),
        "" | "s" => Duration::from_secs(count),
        "m" => Duration::from_secs(count.saturating_mul(60)),
        _ => return Err(wrong()),
    };
    if wait > Duration::from_secs(86_400) {
        return Err(format!("{text:?} is longer than a day"));
    }
    Ok(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_that_cannot_be_meant_say_why() {
        assert_eq!(quantity("5"), Ok(5));
        assert_eq!(quantity("1000000"), Ok(1_000_000));
        for (text, why) in [
            ("0", "is nothing"),
            ("-3", "less than nothing"),
            ("2.5", "not a whole number"),
            ("1000001", "too many"),
            ("99999999999999999999999999999999999999999999", "too many"),
            ("five", "not a number"),
            ("", "not a number"),
            ("٣", "not a number"),
        ] {
            let said = quantity(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn days_that_do_not_exist_say_how_long_the_month_is() {
        assert_eq!(
            day("2026-02-30").unwrap_err(),
            "2026-02-30 does not exist: February 2026 has 28 days"
        );
        assert!(day("2024-02-29").is_ok());
        for text in [
            "2026-2-3",
            "01.02.2026",
            "2026-13-01",
            "0026-01-01",
            "",
            "2026-04-01x",
        ] {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_need_no_zone_but_may_have_one() {
        assert!(matches!(when("2026-04-01"), Ok(When::Day(_))));
        assert!(matches!(when("2026-04-01T09:30"), Ok(When::Civil(_))));
        assert!(matches!(
            when("2026-04-01T09:30:00+02:00"),
            Ok(When::Instant(_))
        ));
        assert!(
            when("2026-02-30T09:30:00Z")
                .unwrap_err()
                .contains("28 days")
        );
        assert!(when("2026-04-01T25:00:00Z").is_err());
        assert!(when("ÄÄÄÄÄÄ-04-01").is_err());
    }

    #[test]
    fn amounts_are_exact_and_never_guessed() {
        assert!(
            amount("50.00 USD")
                .unwrap_err()
                .ends_with("write only 50.00")
        );
        assert_eq!(amount("1250.50"), Ok(Decimal::new(125_050, 2)));
        for text in ["1,250.50", "1e3", "-1", "", "NaN", "12.80 USD"] {
            assert!(amount(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in "\\PC*") {
            let _ = (when(&text), quantity(&text), amount(&text), wait(&text), key(&text));
        }
    }
}
