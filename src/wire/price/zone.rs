//! Instants with an offset, brought into the zone whose days the rules count.

use super::words::Refused;
use crate::billing::calendar::Moment;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use serde_json::Value;

/// Rewrites every instant of a request that has an offset as the civil time of `zone`.
pub(super) fn localised(value: &mut Value, zone: &Value) -> Result<Tz, Refused> {
    let name = zone.as_str().unwrap_or_default();
    let zone: Tz = name.parse().map_err(|_| {
        let message = format!("{zone} is not a time zone such as \"America/New_York\".");
        Refused::new("bad_request", message)
    })?;
    walk(value, &|text| local(text, zone));
    Ok(zone)
}

/// Gives the civil instants of an answer the offset of their zone again.
pub(super) fn with_offsets(value: &mut Value, zone: Tz) {
    walk(
        value,
        &|text| match text.strip_suffix('Z').map(str::parse::<Moment>) {
            Some(Ok(civil)) => match zone.from_local_datetime(&civil).earliest() {
                Some(instant) => instant.to_rfc3339(),
                None => text.to_owned(),
            },
            Some(Err(_)) | None => text.to_owned(),
        },
    );
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
        localised(&mut request, &json!("America/New_York")).unwrap();
        assert_eq!(
            request,
            json!({"term": "2024-03-10..2024-03-11", "price": "1.00"})
        );
        assert!(localised(&mut request, &json!("Mars/Olympus")).is_err());
        let mut answer =
            json!({"on": "2024-03-14T23:00:00Z", "to": "2024-04-01", "amount": "1.00"});
        with_offsets(&mut answer, chrono_tz::America::New_York);
        assert_eq!(answer["on"], "2024-03-14T23:00:00-04:00");
        assert_eq!(
            (&answer["to"], &answer["amount"]),
            (&json!("2024-04-01"), &json!("1.00"))
        );
    }
}
