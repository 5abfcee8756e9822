//! Days and moments as the store spells them, digit by digit: a run writes and reads dozens for every account,
//! and the general formatter and parser took a tenth of it.

use crate::billing::calendar::{Day, Moment};
use chrono::{Datelike, NaiveTime, Timelike};

/// A day as it is kept: `2026-04-01`.
pub(super) fn day_text(day: Day) -> String {
    let mut text = String::with_capacity(19);
    put_day(&mut text, day);
    text
}

/// A day as it is kept, or nothing.
pub(super) fn day_text_or_none(day: Option<Day>) -> Option<String> {
    day.map(day_text)
}

/// A moment as it is kept: `2026-04-01T09:30:00`.
pub(super) fn moment_text(moment: Moment) -> String {
    let mut text = String::with_capacity(20);
    put_day(&mut text, moment.date());
    let parts = [
        ('T', moment.hour()),
        (':', moment.minute()),
        (':', moment.second()),
    ];
    for (mark, part) in parts {
        text.push(mark);
        put_two(&mut text, part);
    }
    text
}

fn put_day(text: &mut String, day: Day) {
    match u32::try_from(day.year()) {
        Ok(year) if year <= 9_999 => {
            put_two(text, year / 100);
            put_two(text, year % 100);
        }
        _ => {
            text.push_str(&day.to_string());
            return;
        }
    }
    for part in [day.month(), day.day()] {
        text.push('-');
        put_two(text, part);
    }
}

fn put_two(text: &mut String, number: u32) {
    for digit in [number / 10 % 10, number % 10] {
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

/// The day that a text in just that shape says; none for any other text.
pub(super) fn day_in(text: &str) -> Option<Day> {
    match text.as_bytes() {
        [a, b, c, d, b'-', e, f, b'-', g, h] => {
            let year = two(*a, *b)? * 100 + two(*c, *d)?;
            Day::from_ymd_opt(i32::try_from(year).ok()?, two(*e, *f)?, two(*g, *h)?)
        }
        _ => None,
    }
}

/// The moment that a text in just that shape says; none for any other text.
pub(super) fn moment_in(text: &str) -> Option<Moment> {
    let (day, time) = text.split_at_checked(10)?;
    match time.as_bytes() {
        [b'T', a, b, b':', c, d, b':', e, f] => {
            let time = NaiveTime::from_hms_opt(two(*a, *b)?, two(*c, *d)?, two(*e, *f)?)?;
            Some(day_in(day)?.and_time(time))
        }
        _ => None,
    }
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let digit = |byte: u8| char::from(byte).to_digit(10);
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn days_and_moments_are_spelled_as_everywhere_and_read_again(days in -800_000_i64..4_000_000, second in 0_u32..86_400) {
            let epoch = Day::from_ymd_opt(1970, 1, 1).unwrap();
            let day = epoch + chrono::Duration::days(days);
            prop_assert_eq!(day_text(day), day.to_string());
            let moment = day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap());
            let text = moment_text(moment);
            prop_assert_eq!(&text, &format!("{moment:?}"));
            prop_assert_eq!(text.parse::<Moment>().unwrap(), moment);
            if (0..=9_999).contains(&day.year()) {
                prop_assert_eq!(day_in(&day_text(day)), Some(day));
                prop_assert_eq!(moment_in(&text), Some(moment));
            }
        }
    }

    #[test]
    fn a_fraction_of_a_second_is_not_kept_and_other_shapes_are_left_to_the_parser() {
        let moment: Moment = "2026-04-01T09:30:00.75".parse().unwrap();
        assert_eq!(moment_text(moment), "2026-04-01T09:30:00");
        for text in [
            "2026-4-1",
            "2026-02-30",
            "20x6-04-01",
            "",
            "2026-04-01 09:30:00",
            "2026-04-01T24:00:00",
        ] {
            assert_eq!((day_in(text), moment_in(text)), (None, None), "{text}");
        }
    }
}
