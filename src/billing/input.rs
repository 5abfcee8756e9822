//! What people type about accounts, checked before it becomes a fact: names, addresses, lines of text.

use super::payment::looks_like_card;
use super::refusal::{Code, Refusal};

/// The longest line of text that is kept, in characters.
const LONGEST: usize = 500;

/// An account's short name: lower-case letters, digits and `-`, `_`, `.` between them.
///
/// # Errors
/// It is empty, longer than 63 characters, or has other characters.
pub fn account_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    let fits = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_' | '.')
    };
    let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let is_name = name.chars().all(fits)
        && edge(name.chars().next())
        && edge(name.chars().last())
        && name.len() <= 63;
    if looks_like_card(name) {
        return Err(card("An account name"));
    }
    if is_name {
        return Ok(name.to_owned());
    }
    let message = format!(
        "{name:?} cannot be an account name: it takes 1 to 63 lower-case letters, digits, and - _ . between them."
    );
    let likely: String = name
        .to_lowercase()
        .chars()
        .map(|letter| if fits(letter) { letter } else { '-' })
        .take(63)
        .collect();
    let likely = likely.trim_matches(['-', '_', '.']);
    let refusal = Refusal::new(Code::ValueNotUsable, message);
    Err(match likely.is_empty() {
        true => refusal,
        false => refusal.say(format!("{likely} would do.")),
    })
}

/// An e-mail address in lower case.
///
/// # Errors
/// It is not one.
pub fn email(text: &str) -> Result<String, Refusal> {
    let email = text.trim().to_lowercase();
    let plain = |letter: char| {
        !letter.is_control() && !letter.is_whitespace() && !"<>()[]\\,;:\"".contains(letter)
    };
    let is_email = email.len() <= 254
        && email.chars().all(plain)
        && email.split_once('@').is_some_and(|(person, host)| {
            let parts = || host.split('.');
            !person.is_empty()
                && !host.contains('@')
                && parts().count() > 1
                && parts().all(|part| !part.is_empty())
        });
    match is_email {
        true => Ok(email),
        false => {
            let message = format!("{email:?} is not an e-mail address such as ana@example.com.");
            Err(Refusal::new(Code::ValueNotUsable, message))
        }
    }
}

/// A line of text: not empty, not too long, no control characters, nothing that looks like a card number.
///
/// # Errors
/// One of these. `what` begins the sentence: `A payer's name`.
pub fn line(what: &str, text: &str) -> Result<String, Refusal> {
    let line = text.trim();
    let wrong = |why: &str| Err(Refusal::new(Code::ValueNotUsable, format!("{what} {why}.")));
    if line.is_empty() {
        return wrong("cannot be empty");
    }
    if line.chars().count() > LONGEST {
        return wrong("cannot be longer than 500 characters");
    }
    if line.chars().any(char::is_control) {
        return wrong("cannot have control characters or line breaks");
    }
    if looks_like_card(line) {
        return Err(card(what));
    }
    Ok(line.to_owned())
}

/// A country by its two letters.
///
/// # Errors
/// ISO 3166 has no such country.
pub fn country(text: &str) -> Result<String, Refusal> {
    let code = text.trim().to_uppercase();
    if rust_iso3166::from_alpha2(&code).is_some() {
        return Ok(code);
    }
    let message = format!(
        "{:?} is not a country of ISO 3166, two letters such as US or BR.",
        text.trim()
    );
    let refusal = Refusal::new(Code::ValueNotUsable, message);
    let wanted = text.trim().to_lowercase();
    let meant = rust_iso3166::ALL.iter().find(|country| {
        country.alpha3.eq_ignore_ascii_case(&code)
            || (wanted.len() > 3 && country.name.to_lowercase().starts_with(&wanted))
    });
    Err(match meant {
        Some(country) => refusal.say(format!("{} is {}.", country.name, country.alpha2)),
        None => refusal,
    })
}

/// That a card number is never kept (KS-26).
pub fn card(what: &str) -> Refusal {
    let message = format!("{what} looks like a card number, and card numbers are never kept.");
    Refusal::new(Code::CardNumberNotKept, message)
        .say("Give the reference that the payment processor shows for the card.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_names_are_short_and_plain() {
        for name in ["acme", "a", "acme-2.de", "7-up"] {
            assert_eq!(account_name(name).unwrap(), name);
        }
        for wrong in [
            "",
            "Acme",
            "-acme",
            "a b",
            "acme\u{1b}[31m",
            "ä",
            "4111111111111111",
        ] {
            assert!(account_name(wrong).is_err(), "{wrong}");
        }
        let refused = account_name("Acme Corp.").unwrap_err();
        assert_eq!(
            refused.help,
            [crate::billing::refusal::Help::Say(
                "acme-corp would do.".into()
            )]
        );
    }

    #[test]
    fn emails_have_one_at_and_a_host() {
        assert_eq!(email(" Ana@Acme.TEST ").unwrap(), "ana@acme.test");
        for wrong in [
            "ana",
            "@acme.test",
            "ana@acme",
            "a@b@c.d",
            "a b@c.d",
            "a@c.d\nBcc: x@y.z",
            "a@.d",
        ] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lines_have_no_control_characters_and_no_card_numbers() {
        assert_eq!(line("A payer", " Acme Ltd ").unwrap(), "Acme Ltd");
        assert_eq!(
            line("A payer", "a\nb").unwrap_err().code,
            Code::ValueNotUsable
        );
        let refused = line("A payer", "4111 1111 1111 1111").unwrap_err();
        assert_eq!(refused.code, Code::CardNumberNotKept);
    }

    #[test]
    fn countries_are_two_letters() {
        assert_eq!(country("br").unwrap(), "BR");
        assert!(country("XX").is_err());
        let refused = country("Brazil").unwrap_err();
        assert_eq!(
            refused.help,
            [crate::billing::refusal::Help::Say("Brazil is BR.".into())]
        );
    }
}
