//! Instants with an offset, brought into the zone whose days the rules count.

use super::words::Refused;
use crate::billing::calendar::Moment;
use chrono::{DateTime, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde_json::Value;

/// Rewrites every instant of a request that has an offset as the civil time of `zone`.
pub(super) fn localised(value: &mut Value, zone: &Value) -> Result<(), Refused> {
    let name = zone.as_str().unwrap_or_default();
    let zone: Tz = name.parse().map_err(|_| {
        let message = format!("{zone} is not a time zone such as \"America/New_York\".");
        Refused::new("bad_request", message)
    })?;
    walk(value, zone);
    Ok(())
}

fn walk(value: &mut Value, zone: Tz) {
    match value {
        Value::String(text) => {
            let ends: Vec<String> = text.split("..").map(|end| local(end, zone)).collect();
            *text = ends.join("..");
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, zone)),
        Value::Object(fields) => fields.values_mut().for_each(|field| walk(field, zone)),
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
    }
}
