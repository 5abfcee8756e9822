//! Taxpayer numbers: whether one can exist, and its one spelling. Nothing is asked of any authority.
//!
//! Brazil (FX-3, FX-4): CPF of eleven digits for persons, CNPJ of fourteen places for companies, since July
//! 2026 with letters among the first twelve. European Union: the form of the VAT number of each country.

use super::listed;
use std::fmt;

/// Why a text is not a taxpayer number of a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The fact, in words that follow the number: "has the wrong check digits".
    pub because: String,
    /// What would be right.
    pub form: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.because, self.form)
    }
}

impl std::error::Error for Wrong {}

impl Wrong {
    fn new(because: impl Into<String>, form: impl Into<String>) -> Wrong {
        Wrong {
            because: because.into(),
            form: form.into(),
        }
    }
}

/// The one spelling of a taxpayer number of a country (ISO 3166).
///
/// # Errors
/// It cannot be a number of that country.
pub fn checked(country: &str, text: &str) -> Result<String, Wrong> {
    let plain = plain(text);
    if country == "BR" {
        return brazilian(&plain);
    }
    match EUROPEAN.iter().find(|(iso, _, _)| *iso == country) {
        Some((_, prefix, forms)) => european(&plain, prefix, forms),
        None => elsewhere(text.trim()),
    }
}

/// Whether numbers of a country are checked by more than their length.
pub fn is_known(country: &str) -> bool {
    country == "BR" || EUROPEAN.iter().any(|(iso, _, _)| *iso == country)
}

/// The characters that count, in capitals: people group them with points, dashes, slashes and spaces.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '.' | '-' | '/' | ' '))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

const CPF: &str = "a CPF has 11 digits, such as 529.982.247-25";
const CNPJ: &str = "a CNPJ has 14 places, such as 04.252.011/0001-10 or 12.ABC.345/01DE-35";

fn brazilian(plain: &str) -> Result<String, Wrong> {
    let places: Option<Vec<u32>> = plain.chars().map(place).collect();
    let Some(places) = places else {
        return Err(Wrong::new(
            "has a character that is no digit or letter",
            CNPJ,
        ));
    };
    let digits = |range: std::ops::Range<usize>| places[range].iter().all(|value| *value <= 9);
    match places.len() {
        11 if !digits(0..11) => Err(Wrong::new("has a letter", CPF)),
        11 => check(&places, 9, CPF).map(|()| {
            let (first, second) = (&plain[0..3], &plain[3..6]);
            format!("{first}.{second}.{}-{}", &plain[6..9], &plain[9..11])
        }),
        14 if !digits(12..14) => Err(Wrong::new("has a letter in its check digits", CNPJ)),
        14 => check(&places, 12, CNPJ).map(|()| {
            let (first, second, third) = (&plain[0..2], &plain[2..5], &plain[5..8]);
            format!(
                "{first}.{second}.{third}/{}-{}",
                &plain[8..12],
                &plain[12..14]
            )
        }),
        length => Err(Wrong::new(
            format!("has {length} places"),
            format!("{CPF}, and {CNPJ}"),
        )),
    }
}

/// The value of a place: its code point less 48, so that digits count as themselves.
fn place(c: char) -> Option<u32> {
    match c {
        '0'..='9' | 'A'..='Z' => u32::from(c).checked_sub(48),
        _ => None,
    }
}

/// Both check digits behind the first `body` places.
fn check(places: &[u32], body: usize, form: &str) -> Result<(), Wrong> {
    let first = places.first();
    if places.iter().all(|value| Some(value) == first) {
        return Err(Wrong::new("repeats one digit", form));
    }
    let right = (body..places.len()).all(|at| check_digit(&places[..at], body) == places[at]);
    match right {
        true => Ok(()),
        false => Err(Wrong::new("has the wrong check digits", form)),
    }
}

/// Weights rise from 2, right to left; those of a CNPJ begin again after 9. The remainder by 11 below 2 gives
/// 0, any other what is missing to 11.
fn check_digit(places: &[u32], body: usize) -> u32 {
    let begins_again = if body == 12 { 8 } else { 10 };
    let weights = (2..).take(begins_again).cycle();
    let sum: u32 = places
        .iter()
        .rev()
        .zip(weights)
        .map(|(value, weight): (&u32, u32)| value.saturating_mul(weight))
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11_u32.saturating_sub(rest),
    }
}

/// Country, prefix, and the forms behind it: `9` is a digit, `A` a letter, `*` either, `+` a letter, digit,
/// plus or star as Ireland's old numbers have it, anything else itself.
type Form = (&'static str, &'static str, &'static [&'static str]);

const EUROPEAN: &[Form] = &[
    ("AT", "AT", &["U99999999"]),
    ("BE", "BE", &["0999999999", "1999999999"]),
    ("BG", "BG", &["999999999", "9999999999"]),
    ("CY", "CY", &["99999999A"]),
    ("CZ", "CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", "DE", &["999999999"]),
    ("DK", "DK", &["99999999"]),
    ("EE", "EE", &["999999999"]),
    ("ES", "ES", &["A9999999A", "A99999999", "99999999A"]),
    ("FI", "FI", &["99999999"]),
    ("FR", "FR", &["**999999999"]),
    ("GR", "EL", &["999999999"]),
    ("HR", "HR", &["99999999999"]),
    ("HU", "HU", &["99999999"]),
    ("IE", "IE", &["9999999A", "9999999AA", "9+99999A"]),
    ("IT", "IT", &["99999999999"]),
    ("LT", "LT", &["999999999", "999999999999"]),
    ("LU", "LU", &["99999999"]),
    ("LV", "LV", &["99999999999"]),
    ("MT", "MT", &["99999999"]),
    ("NL", "NL", &["999999999B99"]),
    ("PL", "PL", &["9999999999"]),
    ("PT", "PT", &["999999999"]),
    (
        "RO",
        "RO",
        &[
            "99",
            "999",
            "9999",
            "99999",
            "999999",
            "9999999",
            "99999999",
            "999999999",
            "9999999999",
        ],
    ),
    ("SE", "SE", &["999999999901"]),
    ("SI", "SI", &["99999999"]),
    ("SK", "SK", &["9999999999"]),
];

fn european(plain: &str, prefix: &str, forms: &[&str]) -> Result<String, Wrong> {
    let number = plain.strip_prefix(prefix).unwrap_or(plain);
    if forms.iter().any(|form| fits(number, form)) {
        return Ok(format!("{prefix}{number}"));
    }
    let forms: Vec<String> = forms.iter().map(|form| format!("{prefix}{form}")).collect();
    let forms = match forms.as_slice() {
        [first, .., last] if forms.len() > 3 => format!("{first} to {last}"),
        few => listed::or(few),
    };
    Err(Wrong::new(
        "does not have the form of a VAT number of the country",
        format!("the form is {forms}, where 9 is a digit and A a letter"),
    ))
}

fn fits(number: &str, form: &str) -> bool {
    number.chars().count() == form.chars().count()
        && number
            .chars()
            .zip(form.chars())
            .all(|(c, form)| match form {
                '9' => c.is_ascii_digit(),
                'A' => c.is_ascii_uppercase(),
                '*' => c.is_ascii_uppercase() || c.is_ascii_digit(),
                '+' => c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '+' | '*'),
                itself => c == itself,
            })
}

/// Anywhere else: letters, digits and the usual marks between them.
fn elsewhere(text: &str) -> Result<String, Wrong> {
    const FORM: &str = "a taxpayer number has 4 to 30 letters, digits and marks between them";
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | ' ');
    if !text.chars().all(usual) {
        return Err(Wrong::new("has a character that none has", FORM));
    }
    let count = text.chars().filter(char::is_ascii_alphanumeric).count();
    match (4..=30).contains(&count) {
        true => Ok(text.to_ascii_uppercase()),
        false => Err(Wrong::new(format!("has {count} letters and digits"), FORM)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fx_3_and_fx_4_brazilian_numbers_have_the_published_check_digits() {
        for valid in [
            "04.252.011/0001-10",
            "00.000.000/0001-91",
            "12.ABC.345/01DE-35",
            "529.982.247-25",
            "111.444.777-35",
        ] {
            assert_eq!(checked("BR", valid).as_deref(), Ok(valid));
            let bare = plain(valid).to_lowercase();
            assert_eq!(checked("BR", &bare).as_deref(), Ok(valid));
        }
        for (wrong, why) in [
            ("12.ABC.345/01DE-00", "wrong check digits"),
            ("111.111.111-11", "repeats one digit"),
            ("00.000.000/0000-00", "repeats one digit"),
            ("529.982.247-26", "wrong check digits"),
            ("529.982.247-2", "has 10 places"),
            ("12.ABC.345/01DE-3A", "letter in its check digits"),
            ("529.982.24A-25", "has a letter"),
            ("５２９.982.247-25", "no digit or letter"),
            ("", "has 0 places"),
        ] {
            let found = checked("BR", wrong).unwrap_err();
            assert!(found.because.contains(why), "{wrong}: {found}");
        }
    }

    #[test]
    fn the_weighted_sums_are_the_published_ones() {
        let places = |text: &str| -> Vec<u32> { plain(text).chars().filter_map(place).collect() };
        // Sums 65 and 67 of 04.252.011/0001-10: 65 mod 11 is 10, 67 mod 11 is 1.
        let number = places("04.252.011/0001-10");
        assert_eq!(check_digit(&number[..12], 12), 1);
        assert_eq!(check_digit(&number[..13], 12), 0);
        // Sums 459 and 424 of 12.ABC.345/01DE-35.
        let number = places("12.ABC.345/01DE-35");
        assert_eq!(check_digit(&number[..12], 12), 3);
        assert_eq!(check_digit(&number[..13], 12), 5);
    }

    #[test]
    fn european_numbers_have_the_form_of_their_country_and_gain_its_prefix() {
        for (country, text, spelled) in [
            ("DE", "123456789", "DE123456789"),
            ("DE", "DE 123 456 789", "DE123456789"),
            ("GR", "EL123456789", "EL123456789"),
            ("NL", "nl123456789b01", "NL123456789B01"),
            ("FR", "XX999999999", "FRXX999999999"),
            ("ES", "X1234567A", "ESX1234567A"),
            ("IE", "1234567WA", "IE1234567WA"),
            ("AT", "ATU12345678", "ATU12345678"),
        ] {
            assert_eq!(checked(country, text).as_deref(), Ok(spelled), "{text}");
        }
        for (country, text) in [
            ("DE", "12345678"),
            ("DE", "FR12345678901"),
            ("AT", "12345678"),
            ("ES", "123456789"),
            ("SE", "123456789002"),
        ] {
            assert!(checked(country, text).is_err(), "{country} {text}");
        }
    }

    #[test]
    fn elsewhere_only_nonsense_is_refused() {
        assert_eq!(checked("US", " 12-3456789 ").as_deref(), Ok("12-3456789"));
        assert!(checked("US", "12\u{1b}[2J3456").is_err());
        assert!(checked("US", "1").is_err());
    }

    proptest::proptest! {
        #[test]
        fn fx_4_one_wrong_digit_is_always_found(body in "[0-9A-Z]{12}", at in 0_usize..12, other in 0_u32..10) {
            let mut places: Vec<u32> = body.chars().filter_map(place).collect();
            let first = check_digit(&places, 12);
            places.push(first);
            let second = check_digit(&places, 12);
            places.push(second);
            proptest::prop_assert!(check(&places, 12, "").is_ok() || places.iter().all(|v| *v == places[0]));
            if places[at] <= 9 && places[at] != other {
                // A remainder of 0 and one of 1 share the check digit 0, so two digits are needed to tell.
                let mut changed = places.clone();
                changed[at] = other;
                let told = check(&changed, 12, "").is_err();
                let shared = changed[12] == 0 || changed[13] == 0;
                proptest::prop_assert!(told || shared);
            }
        }

        #[test]
        fn no_text_makes_a_check_panic(country in "[A-Z]{2}", text in "\\PC*") {
            let _ = checked(&country, &text);
            let _ = checked("BR", &text);
        }
    }
}
