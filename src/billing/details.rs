//! Billing details as people type them, checked one by one before they become facts.

use super::account::BillingDetails;
use super::input;
use super::listed;
use super::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};

/// The languages that mail and paper may be asked for in: those whose figures and days we know how to spell.
pub const LANGUAGES: [&str; 24] = [
    "en", "pt", "es", "de", "fr", "it", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ru", "uk", "tr",
    "hi", "ja", "zh", "ko", "ar", "he", "fa", "ur",
];

/// Billing details as typed. What is absent stays as it is; an empty text takes away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    /// Name on the invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// Where billing mail goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Further addresses that get invoices; all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipients: Option<Vec<String>>,
    /// Postal address, a line each; all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Vec<String>>,
    /// Taxpayer number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxpayer: Option<String>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Language of mail and paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// Billing details with what was typed put in.
pub(super) fn billing(
    before: &BillingDetails,
    typed: &Details,
    country: &str,
) -> Result<BillingDetails, Refusal> {
    let mut after = before.clone();
    let set = |field: &mut Option<String>,
               typed: &Option<String>,
               read: &dyn Fn(&str) -> Result<String, Refusal>|
     -> Result<(), Refusal> {
        match typed.as_deref().map(str::trim) {
            None => {}
            Some("") => *field = None,
            Some(text) => *field = Some(read(text)?),
        }
        Ok(())
    };
    set(&mut after.payer, &typed.payer, &|text| {
        input::line("The payer's name", text)
    })?;
    set(&mut after.email, &typed.email, &input::email)?;
    set(&mut after.phone, &typed.phone, &phone)?;
    set(&mut after.language, &typed.language, &language)?;
    set(&mut after.taxpayer, &typed.taxpayer, &|text| {
        taxpayer_number(country, text)
    })?;
    if let Some(recipients) = &typed.recipients {
        let mut all = Vec::new();
        for text in recipients.iter().filter(|text| !text.trim().is_empty()) {
            let email = input::email(text)?;
            if !all.contains(&email) {
                all.push(email);
            }
        }
        after.recipients = all;
    }
    if let Some(address) = &typed.address {
        let lines = address.iter().filter(|text| !text.trim().is_empty());
        let lines: Result<_, _> = lines
            .map(|text| input::line("A line of the address", text))
            .collect();
        after.address = lines?;
    }
    Ok(after)
}

fn phone(text: &str) -> Result<String, Refusal> {
    let fits = |letter: char| letter.is_ascii_digit() || " +-()./".contains(letter);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if text.chars().all(fits) && (5..=15).contains(&digits) {
        return Ok(text.to_owned());
    }
    let message = format!("{text:?} is not a telephone number such as +55 11 5555 0100.");
    Err(Refusal::new(Code::ValueNotUsable, message))
}

fn language(text: &str) -> Result<String, Refusal> {
    let language = text.to_lowercase();
    if LANGUAGES.contains(&language.as_str()) {
        return Ok(language);
    }
    let message = format!(
        "{text:?} is not a language of mail and paper; they are {}.",
        listed::and(LANGUAGES)
    );
    Err(Refusal::new(Code::ValueNotUsable, message))
}

/// A taxpayer number of a country, in its one spelling.
pub(super) fn taxpayer_number(country: &str, text: &str) -> Result<String, Refusal> {
    super::taxpayer::checked(country, text).map_err(|wrong| {
        let message = format!("The taxpayer number {text:?} {}.", wrong.because);
        Refusal::new(Code::TaxpayerWrong, message).say(format!("{}.", listed::capital(&wrong.form)))
    })
}
