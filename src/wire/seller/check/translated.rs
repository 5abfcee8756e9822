//! Translations: into languages that pages know, of names that stand in the catalog.

use super::Problems;
use crate::billing::catalog::Catalog;
use crate::billing::details::LANGUAGES;
use crate::billing::listed;
use crate::wire::seller::words::near;

pub(super) fn check(catalog: &Catalog, problems: &mut Problems<'_>) {
    let known = named(catalog);
    for (language, names) in &catalog.names {
        let here = format!("names.{language}");
        if !LANGUAGES.contains(&language.as_str()) {
            problems.wrong(
                &here,
                format!("{language} is not a language of mail and paper."),
                format!("Known are {}.", listed::and(LANGUAGES)),
            );
        }
        for (name, translation) in names {
            let path = format!("{here}.{name}");
            if translation.trim().is_empty() {
                problems.wrong(
                    &path,
                    format!("{name} would have no name at all in {language}."),
                    "Write its name, or leave the line out.",
                );
            }
            // Names of taxes stand in the policy, so a name that resembles none here is nobody's mistake.
            if !known.contains(&name.as_str())
                && let Some(help) = near(name, &known)
            {
                problems.odd(path, format!("Nothing here is called {name}."), help);
            }
        }
    }
}

/// Everything that pages and letters call by its name.
fn named(catalog: &Catalog) -> Vec<&str> {
    let plans = catalog.plans.iter().map(|plan| &plan.name);
    let add_ons = catalog.add_ons.iter().map(|add_on| &add_on.name);
    let methods = catalog.methods.iter().map(|method| &method.name);
    let seats = catalog.seat_types.iter().map(|kind| &kind.id);
    let names = plans.chain(add_ons).chain(methods).chain(seats);
    names.map(String::as_str).collect()
}
