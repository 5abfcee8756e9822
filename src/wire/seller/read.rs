//! From text to values, going on after a mistake so that all of them can be told at once.

use super::finding::Finding;
use super::words::in_words;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// The largest file that is read: 1 MiB.
pub const LARGEST: usize = 1 << 20;

/// So many findings are told of one file.
const MOST_FINDINGS: usize = 100;

/// After each finding the file is read again; so many bytes at most, and fewer findings are told of a file that is
/// far larger than ours are.
const MOST_READ: usize = 8 << 20;

/// The text of a file, if it can be one of ours at all.
///
/// # Errors
/// The file is larger than [`LARGEST`], binary, or empty.
pub fn text_of<'b>(bytes: &'b [u8], origin: &str) -> Result<&'b str, Vec<Finding>> {
    let refused = |message: String| {
        let finding = Finding::at("", origin, 0..0, message);
        vec![finding.help("A catalog and a policy are TOML text of some hundred lines each.")]
    };
    if bytes.len() > LARGEST {
        return Err(refused(format!(
            "The file is larger than {LARGEST} bytes; no more are read."
        )));
    }
    if bytes.contains(&0) {
        return Err(refused("The file is binary, not text.".to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|wrong| {
        let at = wrong.valid_up_to();
        refused(format!("The file is not UTF-8 text; byte {at} is wrong."))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(refused("The file is empty.".to_owned()));
    }
    Ok(text)
}

/// Reads a value of any shape from a text, or says everything that keeps it from being one.
pub(super) fn typed<T: DeserializeOwned>(text: &str, origin: &str) -> Result<T, Vec<Finding>> {
    text_of(text.as_bytes(), origin)?;
    let (mut table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors
            .iter()
            .take(MOST_FINDINGS)
            .map(|error| syntax_finding(text, origin, error))
            .collect());
    }
    digits_for_values(table.get_mut());
    match T::deserialize(Deserializer::from(table.clone())) {
        Ok(value) => Ok(value),
        Err(first) => Err(all_findings::<T>(text, origin, table, first)),
    }
}

/// Puts dates and broken numbers back as the text they were, so that they are read from their digits.
fn digits_for_values(table: &mut DeTable<'_>) {
    for (_, value) in table.iter_mut() {
        digits_for_value(value.get_mut());
    }
}

fn digits_for_value(value: &mut DeValue<'_>) {
    match value {
        DeValue::Float(number) => {
            *value = DeValue::String(Cow::Owned(number.as_str().to_owned()));
        }
        DeValue::Datetime(date) => *value = DeValue::String(Cow::Owned(date.to_string())),
        DeValue::Array(items) => {
            for item in items.iter_mut() {
                digits_for_value(item.get_mut());
            }
        }
        DeValue::Table(table) => digits_for_values(table),
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Boolean(_) => {}
    }
}

/// Takes what is wrong out of the table and tries again, until nothing is wrong any more.
fn all_findings<T: DeserializeOwned>(
    text: &str,
    origin: &str,
    mut table: Spanned<DeTable<'_>>,
    first: toml::de::Error,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut damaged: Vec<Range<usize>> = Vec::new();
    let mut error = Some(first);
    while let Some(wrong) = error.take() {
        let span = wrong.span().unwrap_or(0..0);
        let is_missing = wrong.message().starts_with("missing field");
        if !(is_missing && damaged.contains(&span)) {
            findings.push(shape_finding(text, origin, &wrong));
        }
        let root = table.span();
        let cut = cut(table.get_mut(), &root, &span);
        let read = findings.len().saturating_mul(text.len());
        if findings.len() >= MOST_FINDINGS || read >= MOST_READ {
            break;
        }
        let Some(parent) = cut else { break };
        damaged.push(parent);
        error = T::deserialize(Deserializer::from(table.clone())).err();
    }
    findings.sort_by_key(|finding| finding.span.start);
    findings
}

/// Removes the entry whose key or value has the span; gives the span of the table that lost it.
fn cut(
    table: &mut DeTable<'_>,
    own_span: &Range<usize>,
    wrong: &Range<usize>,
) -> Option<Range<usize>> {
    let is_it = |span: Range<usize>| span == *wrong;
    let key = table
        .iter()
        .find(|(key, value)| is_it(key.span()) || is_it(value.span()))
        .map(|(key, _)| key.get_ref().clone());
    if let Some(key) = key {
        table.remove(key.as_ref());
        return Some(own_span.clone());
    }
    table.iter_mut().find_map(|(_, value)| {
        let span = value.span();
        cut_value(value.get_mut(), &span, wrong)
    })
}

fn cut_value(
    value: &mut DeValue<'_>,
    own_span: &Range<usize>,
    wrong: &Range<usize>,
) -> Option<Range<usize>> {
    match value {
        DeValue::Table(table) => cut(table, own_span, wrong),
        DeValue::Array(items) => {
            if items.iter().any(|item| item.span() == *wrong) {
                *items = items
                    .clone()
                    .into_iter()
                    .filter(|item| item.span() != *wrong)
                    .collect();
                return Some(own_span.clone());
            }
            items.iter_mut().find_map(|item| {
                let span = item.span();
                cut_value(item.get_mut(), &span, wrong)
            })
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => None,
    }
}

fn syntax_finding(text: &str, origin: &str, error: &toml::de::Error) -> Finding {
    let span = error.span().unwrap_or(0..0);
    let message = format!("This is not TOML: {}.", error.message());
    Finding::at(text, origin, span, message)
        .help("A key and its value stand on one line as key = value; text stands in quotes.")
}

fn shape_finding(text: &str, origin: &str, error: &toml::de::Error) -> Finding {
    let span = error.span().unwrap_or(0..0);
    let (message, help) = in_words(error.message());
    let finding = Finding::at(text, origin, span, message);
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::policy::{Policy, Timing};
    use crate::billing::switches::Unit;

    const HEAD: &str = "id = \"a\"\neffective_from = 2026-06-01\n";

    fn findings(body: &str) -> Vec<Finding> {
        typed::<Policy>(&format!("{HEAD}{body}"), "a.policy.toml").unwrap_err()
    }

    #[test]
    fn dates_and_amounts_may_stand_with_or_without_quotes() {
        for (date, amount) in [("2026-06-01", "12.80"), ("\"2026-06-01\"", "\"12.80\"")] {
            let text = format!(
                "id = \"a\"\neffective_from = {date}\n[order]\nminimum_charge = {amount}\n"
            );
            let policy: Policy = typed(&text, "a").unwrap();
            assert_eq!(policy.effective_from.to_string(), "2026-06-01");
            assert_eq!(policy.order.minimum_charge.to_string(), "12.80");
        }
    }

    #[test]
    fn a_large_file_of_mistakes_is_not_read_again_for_each_of_them() {
        let of = |keys: usize| {
            let keys: String = (0..keys).map(|key| format!("key_{key} = 1\n")).collect();
            findings(&keys).len()
        };
        assert_eq!(of(200), MOST_FINDINGS);
        assert!((5..30).contains(&of(40_000)), "{}", of(40_000));
    }

    #[test]
    fn all_mistakes_of_a_file_are_told_at_once() {
        let found = findings(
            "[proration]\nunti = \"day\"\nrounding = \"half_op\"\n[order]\nlapse_days = \"soon\"\n\
             [seats]\nremove.timing = \"at_renwal\"\n[trial]\ndays = 3\n",
        );
        let told: Vec<(usize, usize, &str)> = found
            .iter()
            .map(|finding| (finding.line, finding.column, finding.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (4, 1, "There is no key unti here."),
                (5, 12, "half_op is not a value for this key."),
                (7, 14, "Invalid type: string \"soon\", expected u32."),
                (9, 17, "at_renwal is not a value for this key."),
                (10, 1, "The key plan is missing here."),
            ]
        );
        assert_eq!(found[0].help.as_deref(), Some("Perhaps unit is meant."));
        assert_eq!(found[1].help.as_deref(), Some("Perhaps half_up is meant."));
        assert_eq!(
            found[3].help.as_deref(),
            Some("Perhaps at_renewal is meant.")
        );
        assert_eq!(found[0].excerpt, "unti = \"day\"");
    }

    #[test]
    fn what_was_cut_out_for_a_mistake_is_not_told_again_as_missing() {
        let found = findings("[trial]\ndays = \"ten\"\nplan = \"pro\"\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].line, 4);
    }

    #[test]
    fn a_file_that_includes_another_is_told_that_there_is_no_include() {
        let found = findings("include = \"a.policy.toml\"\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].message.starts_with("There is no include"));
    }

    #[test]
    fn what_is_no_text_is_refused_before_it_is_read() {
        let refused = |bytes: &[u8]| text_of(bytes, "a").unwrap_err().remove(0).message;
        assert!(refused(b"id = \"a\0\"").contains("binary"));
        assert!(refused(b"\xff\xfe").contains("UTF-8"));
        assert!(refused(b" \n\t\n").contains("empty"));
        assert!(refused(&vec![b'#'; LARGEST + 1]).contains("larger than 1048576"));
    }

    #[test]
    fn every_mistake_against_toml_itself_is_told() {
        let found = findings("[seats\ninput = \"total\"\n[order]\nlapse_days == 3\n");
        assert!(found.len() >= 2, "{found:?}");
        assert_eq!((found[0].line, found[1].line), (3, 6));
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        let text = "id = \"a\"\neffective_from = \"2026-02-30\"\n";
        let found = typed::<Policy>(text, "a").unwrap_err();
        assert_eq!((found[0].line, found[0].column), (2, 18));
        let bare = "id = \"a\"\neffective_from = 2026-02-30\n";
        assert_eq!(typed::<Policy>(bare, "a").unwrap_err()[0].line, 2);
    }

    #[test]
    fn a_file_reads_as_what_it_says() {
        let text =
            format!("{HEAD}[proration]\nunit = \"second\"\n[seats.remove]\ntiming = \"now\"\n");
        let policy: Policy = typed(&text, "a").unwrap();
        assert_eq!(policy.proration.unit, Unit::Second);
        assert_eq!(policy.seats.remove.timing, Timing::Now);
    }
}
