//! What a line is for, in the words of the page's language.

use super::locale::Locale;
use super::words::Tongue;
use crate::billing::calendar::{Period, plus_days};
use crate::billing::line_text::LineText;
use crate::wire::order::Line;
use std::collections::BTreeMap;

/// Who words: a language, and the seller's translations of names.
pub struct Wording<'a> {
    /// The words of the language.
    pub tongue: &'a Tongue,
    /// How days are written.
    pub locale: Locale,
    /// The seller's translations of names, which come first.
    pub names: &'a BTreeMap<String, String>,
}

impl Wording<'_> {
    /// A name of the catalog as it is called in the language.
    pub fn name(&self, name: &str) -> String {
        let found = self.names.get(name).or_else(|| self.tongue.names.get(name));
        found.map_or(name, String::as_str).to_owned()
    }

    /// What a line is for. How many units of an add-on it has is said by its quantity.
    pub fn line(&self, line: &Line) -> String {
        match LineText::read(&line.text, line.seat_type.as_deref()) {
            LineText::Units { count, name } if count == line.quantity => self.name(name),
            text => self.text(&text),
        }
    }

    /// What a tax is called, or why there is none.
    pub fn tax(&self, name: &str) -> String {
        match name {
            "reverse charge" => self.name("Reverse charge"),
            _ => self.name(name),
        }
    }

    fn text(&self, text: &LineText<'_>) -> String {
        let forms = &self.tongue.lines;
        let name = |name: &str| self.name(name);
        match text {
            LineText::Stub { plan, kind, until } => {
                // Pages name the last day of a service, as below the line, and not the first one behind it.
                let day = self.locale.day(plus_days(*until, -1));
                let plan = self.plan(plan, *kind);
                fill(&forms.until, &[("plan", &plan), ("day", &day)])
            }
            LineText::Term { plan, kind, period } => {
                let plan = self.plan(plan, *kind);
                let period = self.period(*period);
                fill(&forms.term, &[("plan", &plan), ("period", &period)])
            }
            LineText::More {
                count,
                kind,
                unit,
                plan,
            } => {
                let mut unit = self.unit(*count, unit);
                if let Some(kind) = kind {
                    let parts = [("unit", unit.as_str()), ("kind", &name(kind))];
                    unit = fill(&forms.unit_of_kind, &parts);
                }
                let count = count.to_string();
                let parts = [
                    ("count", count.as_str()),
                    ("unit", &unit),
                    ("plan", &name(plan)),
                ];
                fill(&forms.more, &parts)
            }
            LineText::Instead { new, old } => {
                fill(&forms.instead, &[("new", &name(new)), ("old", &name(old))])
            }
            LineText::Rest(plan) => fill(&forms.rest, &[("plan", &name(plan))]),
            LineText::Units { count, name: what } => {
                let parts = [("count", &count.to_string()), ("name", &name(what))];
                fill(&forms.units, &parts.map(|(key, text)| (key, text.as_str())))
            }
            LineText::Unused(what) => fill(&forms.unused, &[("name", &name(what))]),
            LineText::Credit(line) => fill(&forms.credit, &[("line", &self.text(line))]),
            LineText::Ordered { line, order } => fill(
                &forms.ordered,
                &[("line", &self.text(line)), ("order", order)],
            ),
            LineText::Other(text) => name(text),
        }
    }

    fn plan(&self, plan: &str, kind: Option<&str>) -> String {
        let plan = self.name(plan);
        match kind {
            Some(kind) => {
                let parts = [("plan", plan.as_str()), ("kind", &self.name(kind))];
                fill(&self.tongue.lines.kind, &parts)
            }
            None => plan,
        }
    }

    fn period(&self, period: Period) -> String {
        let (count, unit) = match period {
            Period::Days(days) if days.is_multiple_of(7) => (days / 7, "week"),
            Period::Days(days) => (days, "day"),
            Period::Months(12) => (1, "year"),
            Period::Months(months) => (months, "month"),
        };
        let unit = self.unit(i64::from(count), unit);
        let parts = [("count", count.to_string()), ("unit", unit)];
        fill(
            &self.tongue.lines.period,
            &[(parts[0].0, &parts[0].1), (parts[1].0, &parts[1].1)],
        )
    }

    /// What is counted: `seats` is looked up as `seat`, and stays as it is where the language has no word for it.
    pub fn unit(&self, count: i64, unit: &str) -> String {
        let single = match count {
            1 => unit,
            _ => unit.strip_suffix('s').unwrap_or(unit),
        };
        match self
            .tongue
            .units
            .get(single)
            .or_else(|| self.tongue.units.get(unit))
        {
            Some([one, _]) if count == 1 => one.clone(),
            Some([_, several]) => several.clone(),
            None => unit.to_owned(),
        }
    }
}

/// Fills names in braces; what is filled in is not looked at again.
fn fill(form: &str, parts: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let found = after.split_once('}').and_then(|(name, rest)| {
            Some((parts.iter().find(|(known, _)| *known == name)?.1, rest))
        });
        match found {
            Some((part, after)) => {
                text.push_str(part);
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::super::words::built_in;
    use super::*;

    fn worded(language: &str, text: &str, names: &[(&str, &str)]) -> String {
        let names = names
            .iter()
            .map(|(name, other)| ((*name).to_owned(), (*other).to_owned()))
            .collect();
        let tongue = built_in(language);
        let wording = Wording {
            locale: Locale::worded(tongue, language, ""),
            tongue,
            names: &names,
        };
        wording.text(&LineText::read(text, Some("full")))
    }

    #[test]
    fn english_pages_say_what_the_books_say() {
        for text in [
            "Pro, 6 months",
            "Pro (full), 1 year",
            "1 more full seat on Pro",
            "3 more boxes on Pro",
            "2 more users on Pro",
            "Pro instead of Base for the rest of the term",
            "10 × Messages",
            "Credit for Unused time on Pro (O-000042)",
            "{plan}, 2 weeks",
            "Set-up {count}",
        ] {
            assert_eq!(worded("en", text, &[]), text);
        }
    }

    #[test]
    fn other_languages_have_sentences_of_their_own_and_names_from_the_catalog() {
        let table = [
            ("pt", "Pro, 6 months", "Pro, 6 meses"),
            ("pt", "1 more seat on Pro", "Pro: mais 1 assento"),
            (
                "pt",
                "3 more full seats on Base",
                "Básico: mais 3 assentos (full)",
            ),
            ("es", "Base, 1 year", "Básico, 1 año"),
            (
                "es",
                "Pro instead of Base for the rest of the term",
                "Pro en lugar de Básico hasta el fin del periodo",
            ),
            ("es", "Credit for Base, 1 month", "Abono de: Básico, 1 mes"),
            (
                "de",
                "Unused time on Pro (O-000042)",
                "Nicht genutzte Zeit: Pro (O-000042)",
            ),
            ("fr", "10 × Messages", "10 × Messages"),
            ("ja", "Pro, 6 months", "Pro、6か月"),
            (
                "en",
                "Pro (full), until 2026-04-01",
                "Pro (full), until 31 Mar 2026",
            ),
            ("de", "Pro, until 2026-04-01", "Pro, bis 31.03.2026"),
            ("zh", "Pro, until 2026-03-01", "Pro，至 2026年2月28日"),
            ("pt", "Set-up by hand", "Set-up by hand"),
            ("pt", "3 more boxes on Pro", "Pro: mais 3 boxes"),
            ("pt", "{period}, 2 days", "{period}, 2 dias"),
        ];
        for (language, text, expected) in table {
            assert_eq!(worded(language, text, &[("Base", "Básico")]), expected);
        }
        assert_eq!(worded("pt", "Card", &[]), "Cartão");
        assert_eq!(
            worded("pt", "Card", &[("Card", "Cartão de crédito")]),
            "Cartão de crédito"
        );
    }
}
