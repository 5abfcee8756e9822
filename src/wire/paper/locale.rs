//! Forms of numbers, money and dates by language and country, from a table kept by hand.
//!
//! The forms follow the Common Locale Data Repository, as far as an invoice needs them. Minus is the plain
//! hyphen, so that figures can be searched for and pasted into a spreadsheet.

mod signs;

use super::words::Tongue;
use crate::billing::calendar::{Day, Span, plus_days};
use crate::billing::money::{Currency, Money};
use chrono::Datelike;
use rust_decimal::Decimal;

/// Where the groups of digits are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grouping {
    /// Every three digits: 1,234,567.
    Threes,
    /// Every three digits, but four digits stay together: 1234 and 12.345 (Spain, Portugal, Poland).
    ThreesFromFive,
    /// Three digits, then twos: 12,34,567 (India and its neighbours).
    Indian,
}

/// Where the sign of the currency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// `$5.00`, and `USD 5.00` where the sign is letters.
    Before,
    /// `R$ 5,00`.
    BeforeSpaced,
    /// `5,00 €`.
    After,
}

/// The order of a date's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateForm {
    /// `Mar 5, 2026`.
    MonthDayYear,
    /// `5 Mar 2026`.
    DayMonthYear,
    /// `05/03/2026`.
    Slashes,
    /// `05.03.2026`.
    Dots,
    /// `05-03-2026`.
    Dashes,
    /// `2026-03-05`.
    Iso,
    /// `2026年3月5日`.
    Han,
    /// `2026. 3. 5.`.
    Korean,
}

/// How numbers, money and dates look in one language and country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    language: &'static str,
    country: [u8; 2],
    point: char,
    group: char,
    grouping: Grouping,
    sign: Sign,
    date: DateForm,
    /// Short names of months that a seller brought.
    months: &'static [String],
}

/// A space on which no line breaks.
const HARD: char = '\u{a0}';
/// The same, narrow: what French puts between thousands.
const NARROW: char = '\u{202f}';

type Row = (&'static str, char, char, Grouping, Sign, DateForm);

/// One row a language, and before it one row for each country that writes the language another way.
/// The first row that matches is taken; a row without a country ends its language.
const TABLE: &[(&str, Row)] = {
    use DateForm::*;
    use Grouping::*;
    use Sign::*;
    &[
        ("US PR", ("en", '.', ',', Threes, Before, MonthDayYear)),
        (
            "IN PK BD NP LK",
            ("en", '.', ',', Indian, Before, DayMonthYear),
        ),
        ("CA", ("en", '.', ',', Threes, Before, MonthDayYear)),
        ("ZA", ("en", ',', HARD, Threes, BeforeSpaced, DayMonthYear)),
        ("AT", ("en", ',', HARD, Threes, BeforeSpaced, DayMonthYear)),
        ("CH", ("en", '.', '’', Threes, BeforeSpaced, DayMonthYear)),
        ("DE", ("en", ',', '.', Threes, After, DayMonthYear)),
        ("", ("en", '.', ',', Threes, Before, DayMonthYear)),
        (
            "PT AO MZ CV",
            ("pt", ',', HARD, ThreesFromFive, After, Slashes),
        ),
        ("", ("pt", ',', '.', Threes, BeforeSpaced, Slashes)),
        (
            "MX GT HN NI SV PA DO PE PR US",
            ("es", '.', ',', Threes, Before, DayMonthYear),
        ),
        (
            "AR CO CL UY PY EC VE BO",
            ("es", ',', '.', Threes, BeforeSpaced, DayMonthYear),
        ),
        ("CR", ("es", ',', HARD, Threes, Before, DayMonthYear)),
        ("", ("es", ',', '.', ThreesFromFive, After, DayMonthYear)),
        ("AT", ("de", ',', '.', Threes, BeforeSpaced, Dots)),
        ("CH LI", ("de", '.', '’', Threes, BeforeSpaced, Dots)),
        ("", ("de", ',', '.', Threes, After, Dots)),
        ("CA", ("fr", ',', HARD, Threes, After, DayMonthYear)),
        ("CH", ("fr", ',', NARROW, Threes, After, DayMonthYear)),
        ("", ("fr", ',', NARROW, Threes, After, DayMonthYear)),
        ("CH", ("it", '.', '’', Threes, BeforeSpaced, DayMonthYear)),
        ("", ("it", ',', '.', Threes, After, DayMonthYear)),
        ("BE", ("nl", ',', '.', Threes, BeforeSpaced, DayMonthYear)),
        ("", ("nl", ',', '.', Threes, BeforeSpaced, Dashes)),
        ("", ("sv", ',', HARD, Threes, After, Iso)),
        ("", ("da", ',', '.', Threes, After, Dots)),
        ("", ("nb", ',', HARD, Threes, After, Dots)),
        ("", ("fi", ',', HARD, Threes, After, Dots)),
        ("", ("pl", ',', HARD, ThreesFromFive, After, Dots)),
        ("", ("cs", ',', HARD, Threes, After, Dots)),
        ("", ("ru", ',', HARD, Threes, After, Dots)),
        ("", ("uk", ',', HARD, Threes, After, Dots)),
        ("", ("tr", ',', '.', Threes, Before, Dots)),
        ("", ("hi", '.', ',', Indian, Before, Slashes)),
        // Figures of these are the ones of Europe, as on most invoices there.
        ("", ("ar", '.', ',', Threes, After, DayMonthYear)),
        ("", ("he", '.', ',', Threes, After, Dots)),
        ("", ("fa", '.', ',', Threes, After, DayMonthYear)),
        ("", ("ur", '.', ',', Threes, BeforeSpaced, DayMonthYear)),
        ("", ("ja", '.', ',', Threes, Before, Han)),
        ("", ("zh", '.', ',', Threes, Before, Han)),
        ("", ("ko", '.', ',', Threes, Before, Korean)),
    ]
};

impl Locale {
    /// The forms for a language (`pt`, `pt-BR`) and a country (`BR`).
    ///
    /// The language decides first and the country chooses among its ways; a country inside the language tag
    /// counts where `country` is empty. An unknown language is written in English for the country.
    pub fn of(language: &str, country: &str) -> Locale {
        let mut parts = language.split(['-', '_']);
        let tongue = parts.next().unwrap_or_default().to_ascii_lowercase();
        let tongue = if tongue == "no" {
            "nb"
        } else {
            tongue.as_str()
        };
        let region = parts.find(|part| part.len() == 2).unwrap_or_default();
        let place = if country.trim().is_empty() {
            region
        } else {
            country.trim()
        };
        let place = place.to_ascii_uppercase();
        let spoken = |tongue: &str| {
            TABLE.iter().find(|(places, row)| {
                row.0 == tongue
                    && (places.is_empty() || places.split(' ').any(|known| known == place))
            })
        };
        let row = spoken(tongue).or_else(|| spoken("en")).unwrap_or(&TABLE[0]);
        let (language, point, group, grouping, sign, date) = row.1;
        let country = <[u8; 2]>::try_from(place.as_bytes()).unwrap_or(*b"  ");
        Locale {
            language,
            country,
            point,
            group,
            grouping,
            sign,
            date,
            months: &[],
        }
    }

    /// The forms for a page in the words of one language, which are not always of the language that was asked
    /// for; its own names of months come first.
    pub fn worded(tongue: &'static Tongue, asked: &str, country: &str) -> Locale {
        let tag = asked.to_ascii_lowercase();
        let same = tag.split(['-', '_']).next() == Some(tongue.language.as_str());
        let language = if same { asked } else { &tongue.language };
        Locale {
            months: &tongue.months,
            ..Locale::of(language, country)
        }
    }

    /// Whether figures and days of a language of two letters have a form of their own.
    pub fn knows(language: &str) -> bool {
        TABLE.iter().any(|(_, row)| row.0 == language)
    }

    /// The language in two letters; `en` where the one asked for is not known.
    pub fn language(&self) -> &'static str {
        self.language
    }

    fn country(&self) -> &str {
        std::str::from_utf8(&self.country)
            .unwrap_or_default()
            .trim()
    }

    /// Whether business letters there go on US Letter and not on A4.
    pub fn uses_letter_paper(&self) -> bool {
        const LETTER: &str = "US CA MX PR PH CO CL VE GT CR PA SV NI HN DO";
        LETTER.split(' ').any(|place| place == self.country())
    }

    /// A number with the places it has: `1,234.5`.
    pub fn number(&self, value: Decimal) -> String {
        self.spell(&value.to_string())
    }

    /// A quantity or rate: like [`Locale::number`], without zeros at the end.
    pub fn plain(&self, value: Decimal) -> String {
        self.spell(&value.normalize().to_string())
    }

    /// A rate: `19 %` in German, `19%` in English.
    pub fn percent(&self, value: Decimal) -> String {
        let spaced = matches!(
            self.language,
            "de" | "fr" | "es" | "sv" | "da" | "nb" | "fi" | "cs" | "ru" | "uk"
        );
        let number = self.plain(value);
        match (self.language, spaced) {
            ("tr", _) => format!("%{number}"),
            ("fr", _) => format!("{number}{NARROW}%"),
            (_, true) => format!("{number}{HARD}%"),
            (_, false) => format!("{number}%"),
        }
    }

    /// An amount without its currency: `1,234.50`, with the currency's places.
    pub fn amount(&self, money: Money) -> String {
        self.spell(&money.amount())
    }

    /// The price of one in a currency: never fewer places than the currency has, more where it was agreed so.
    pub fn price(&self, value: Decimal, currency: Currency) -> String {
        let mut value = value.normalize();
        if value.scale() < currency.exponent() {
            value.rescale(currency.exponent());
        }
        self.number(value)
    }

    /// An amount with its currency: `$1,234.50`, `1.234,50 €`, `R$ 1.234,50`.
    ///
    /// A sign that several countries share is only used bare at home: US dollars are `US$` in Canada.
    pub fn money(&self, money: Money) -> String {
        let amount = self.amount(money);
        let (minus, digits) = match amount.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", amount.as_str()),
        };
        let sign = self.sign_of(money.currency);
        let letters = sign.chars().next_back().is_some_and(char::is_alphabetic);
        match self.sign {
            Sign::After => format!("{minus}{digits}{HARD}{sign}"),
            Sign::Before if !letters => format!("{minus}{sign}{digits}"),
            Sign::Before | Sign::BeforeSpaced => format!("{minus}{sign}{HARD}{digits}"),
        }
    }

    /// The sign of a currency as it is understood in the country.
    fn sign_of(&self, currency: Currency) -> String {
        let code = currency.code();
        let home = signs::SIGNS.iter().find(|(known, ..)| *known == code);
        match home {
            Some((_, bare, at_home, _)) if at_home.split(' ').any(|p| p == self.country()) => {
                (*bare).to_owned()
            }
            Some((_, _, _, abroad)) => (*abroad).to_owned(),
            None => code.to_owned(),
        }
    }

    /// A day: `Mar 5, 2026`, `05/03/2026`.
    pub fn day(&self, day: Day) -> String {
        let (year, month, of_month) = (day.year(), day.month(), day.day());
        match self.date {
            DateForm::MonthDayYear => format!("{} {of_month}, {year}", self.month(month)),
            DateForm::DayMonthYear => format!("{of_month} {} {year}", self.month(month)),
            DateForm::Slashes => format!("{of_month:02}/{month:02}/{year}"),
            DateForm::Dots => format!("{of_month:02}.{month:02}.{year}"),
            DateForm::Dashes => format!("{of_month:02}-{month:02}-{year}"),
            DateForm::Iso => format!("{year}-{month:02}-{of_month:02}"),
            DateForm::Han => format!("{year}年{month}月{of_month}日"),
            DateForm::Korean => format!("{year}. {month}. {of_month}."),
        }
    }

    /// The days of a service, first and last both named, though a [`Span`] excludes its end.
    pub fn span(&self, span: Span) -> String {
        let last = plus_days(span.end, -1);
        if last <= span.start {
            return self.day(span.start);
        }
        format!("{} – {}", self.day(span.start), self.day(last))
    }

    /// What stands between two parts of a label: `Payment, Mar 5, 2026`.
    pub fn comma(&self) -> &'static str {
        match self.language {
            "ar" | "fa" | "ur" => "، ",
            "zh" => "，",
            "ja" => "、",
            _ => ", ",
        }
    }

    fn month(&self, month: u32) -> &'static str {
        let index = usize::try_from(month).unwrap_or(1).saturating_sub(1);
        if let Some(name) = self.months.get(index) {
            return name;
        }
        let names = match self.language {
            "es" => "ene feb mar abr may jun jul ago sept oct nov dic",
            "fr" => "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
            "it" => "gen feb mar apr mag giu lug ago set ott nov dic",
            "nl" => "jan feb mrt apr mei jun jul aug sep okt nov dec",
            _ => "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        };
        names.split(' ').nth(index).unwrap_or_default()
    }

    /// Puts a plain decimal text (`-1234.50`) into the country's form.
    fn spell(&self, plain: &str) -> String {
        let (minus, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", plain),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = String::from(minus);
        for (index, digit) in whole.chars().enumerate() {
            let left = whole.len().saturating_sub(index);
            if index > 0 && self.cuts_before(left, whole.len()) {
                text.push(self.group);
            }
            text.push(digit);
        }
        if !places.is_empty() {
            text.push(self.point);
            text.push_str(places);
        }
        text
    }

    /// Whether a group sign stands before the digit that has `left` digits from itself to the point.
    fn cuts_before(&self, left: usize, digits: usize) -> bool {
        match self.grouping {
            Grouping::Threes => left.is_multiple_of(3),
            Grouping::ThreesFromFive => digits > 4 && left.is_multiple_of(3),
            Grouping::Indian => left == 3 || (left > 3 && !left.is_multiple_of(2)),
        }
    }
}

#[cfg(test)]
#[path = "locale_tests.rs"]
mod tests;
