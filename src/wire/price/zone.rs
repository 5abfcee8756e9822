//! Instants with an offset, brought into the zone whose days the rules count.

use super::words::{Refused, When};
use crate::billing::calendar::Moment;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use serde_json::Value;

/// What is counted in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// The days of its calendar: every instant is read off its clocks.
    Civil,
    /// The time that passes: every day and time of its clocks is an instant.
    Passing,
}

/// Rewrites the instants of a request: those with an offset as the civil time of `zone`, or everything as the
/// time that passes.
pub(super) fn localised(value: &mut Value, zone: &Value, clock: Clock) -> Result<Tz, Refused> {
    let name = zone.as_str().unwrap_or_default();
    let zone: Tz = name.parse().map_err(|_| {
        let message = format!("{zone} is not a time zone such as \"America/New_York\".");
        Refused::new("bad_request", message)
    })?;
    walk(value, &|text| match clock {
        Clock::Civil => local(text, zone),
        Clock::Passing => passing(text, zone),
    });
    Ok(zone)
}

/// Gives the instants of an answer the offset of their zone again.
pub(super) fn with_offsets(value: &mut Value, zone: Tz, clock: Clock) {
    walk(value, &|text| {
        let told = match clock {
            Clock::Civil => civil(text, zone),
            Clock::Passing => When::try_from(text.to_owned()).ok().map(|when| {
                let here = zone.from_utc_datetime(&when.0);
                match here.time() == NaiveTime::MIN {
                    true => here.date_naive().to_string(),
                    false => here.to_rfc3339(),
                }
            }),
        };
        told.unwrap_or_else(|| text.to_owned())
    });
}

fn civil(text: &str, zone: Tz) -> Option<String> {
    let civil: Moment = text.strip_suffix('Z')?.parse().ok()?;
    let instant = zone.from_local_datetime(&civil).earliest()?;
    Some(instant.to_rfc3339())
}

/// A day or a time without an offset is what the clocks of the zone show.
fn passing(text: &str, zone: Tz) -> String {
    let instant = match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => Some(instant.naive_utc()),
        Err(_) => {
            let shown = When::try_from(text.to_owned())
                .ok()
                .filter(|_| !text.ends_with('Z'));
            let here = shown.and_then(|when| zone.from_local_datetime(&when.0).earliest());
            here.map(|here| here.naive_utc())
        }
    };
    instant.map_or_else(|| text.to_owned(), written)
}

fn walk(value: &mut Value, change: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => {
            let ends: Vec<String> = text.split("..").map(change).collect();
            *text = ends.join("..");
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| walk(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A midnight is written as its day, which every field understands.
fn local(text: &str, zone: Tz) -> String {
    match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => written(instant.with_timezone(&zone).naive_local()),
        Err(_) => text.to_owned(),
    }
}

fn written(moment: Moment) -> String {
    let (day, time): (NaiveDate, NaiveTime) = (moment.date(), moment.time());
    match time == NaiveTime::MIN {
        true => day.to_string(),
        false => moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_day_of_23_hours_is_one_day() {
        let mut request =
            json!({"term": "2024-03-10T05:00:00Z..2024-03-11T04:00:00Z", "price": "1.00"});
        localised(&mut request, &json!("America/New_York"), Clock::Civil).unwrap();
        assert_eq!(
            request,
            json!({"term": "2024-03-10..2024-03-11", "price": "1.00"})
        );
        assert!(localised(&mut request, &json!("Mars/Olympus"), Clock::Civil).is_err());
        let mut answer =
            json!({"on": "2024-03-14T23:00:00Z", "to": "2024-04-01", "amount": "1.00"});
        with_offsets(&mut answer, chrono_tz::America::New_York, Clock::Civil);
        assert_eq!(answer["on"], "2024-03-14T23:00:00-04:00");
        assert_eq!(
            (&answer["to"], &answer["amount"]),
            (&json!("2024-04-01"), &json!("1.00"))
        );
    }

    #[test]
    fn where_seconds_are_counted_a_day_of_23_hours_has_23() {
        let mut request =
            json!({"term": "2024-03-10..2024-03-11", "on": "2024-03-10T11:00:00-04:00"});
        let zone = localised(&mut request, &json!("America/New_York"), Clock::Passing).unwrap();
        assert_eq!(
            request,
            json!({"term": "2024-03-10T05:00:00..2024-03-11T04:00:00", "on": "2024-03-10T15:00:00"})
        );
        let mut answer = json!({"on": "2024-03-10T15:00:00Z", "to": "2024-03-11T04:00:00Z"});
        with_offsets(&mut answer, zone, Clock::Passing);
        assert_eq!(
            answer,
            json!({"on": "2024-03-10T11:00:00-04:00", "to": "2024-03-11"})
        );
    }
}
