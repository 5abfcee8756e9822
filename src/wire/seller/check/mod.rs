//! Whether a catalog and a policy make sense: what types cannot refuse.
//!
//! *Wrong* keeps a file from being used; *odd* is a rule that can never fire, or something hardly meant.
//! Every finding stands at the key that it is about, or at the table where the key is missing.

mod end;
mod methods;
mod names;
mod offers;
mod pair;
mod paper;
mod plans;
mod policy;
mod prices;
mod renewal;
mod rules;
mod term;
#[cfg(test)]
mod tests;
mod translated;

use super::finding::{Finding, Weight};
use super::{place, read};
use crate::billing::catalog::Catalog;
use crate::billing::policy::Policy;
use std::fmt::Display;
use toml::Spanned;
use toml::de::DeTable;

/// A text and the name under which findings speak of it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// The text of the file.
    pub text: &'t str,
    /// Usually the file's name.
    pub origin: &'t str,
}

/// Everything that is wrong or odd in a catalog, in the order of the file.
pub fn check_catalog(source: Source<'_>) -> Vec<Finding> {
    match read::typed::<Catalog>(source.text, source.origin) {
        Ok(catalog) => catalog_findings(source, &catalog),
        Err(findings) => findings,
    }
}

/// Everything that is wrong or odd in a policy, in the order of the file.
pub fn check_policy(source: Source<'_>) -> Vec<Finding> {
    match read::typed::<Policy>(source.text, source.origin) {
        Ok(policy) => policy_findings(source, &policy),
        Err(findings) => findings,
    }
}

/// Everything that is wrong or odd in a catalog, in a policy, and between the two.
pub fn check_both(catalog: Source<'_>, policy: Source<'_>) -> Vec<Finding> {
    let read_catalog = read::typed::<Catalog>(catalog.text, catalog.origin);
    let read_policy = read::typed::<Policy>(policy.text, policy.origin);
    let mut all = match &read_catalog {
        Ok(read) => catalog_findings(catalog, read),
        Err(findings) => findings.clone(),
    };
    all.extend(match &read_policy {
        Ok(read) => policy_findings(policy, read),
        Err(findings) => findings.clone(),
    });
    if let (Ok(sold), Ok(rules)) = (&read_catalog, &read_policy) {
        let mut in_catalog = Problems::of(catalog);
        let mut in_policy = Problems::of(policy);
        pair::check(sold, rules, &mut in_catalog, &mut in_policy);
        term::pair(sold, rules, &mut in_catalog, &mut in_policy);
        all.extend(in_catalog.found());
        all.extend(in_policy.found());
    }
    all
}

fn catalog_findings(source: Source<'_>, catalog: &Catalog) -> Vec<Finding> {
    let mut problems = Problems::of(source);
    names::check(catalog, &mut problems);
    methods::check(catalog, &mut problems);
    plans::check(catalog, &mut problems);
    prices::check(catalog, &mut problems);
    offers::check(catalog, &mut problems);
    translated::check(catalog, &mut problems);
    problems.found()
}

fn policy_findings(source: Source<'_>, policy: &Policy) -> Vec<Finding> {
    let mut problems = Problems::of(source);
    rules::check(policy, &mut problems);
    policy::check(policy, &mut problems);
    term::check(policy, &mut problems);
    renewal::check(policy, &mut problems);
    end::check(policy, &mut problems);
    paper::check(policy, &mut problems);
    problems.found()
}

/// What was found in one file so far.
struct Problems<'t> {
    source: Source<'t>,
    table: Spanned<DeTable<'t>>,
    list: Vec<Finding>,
}

impl<'t> Problems<'t> {
    fn of(source: Source<'t>) -> Problems<'t> {
        Problems {
            source,
            table: DeTable::parse_recoverable(source.text).0,
            list: Vec::new(),
        }
    }

    /// Whether the file itself says something at a path; a default says nothing.
    fn says(&self, path: &str) -> bool {
        place::has(self.table.get_ref(), path)
    }

    /// The file cannot be used because of what stands at a path.
    fn wrong(&mut self, path: impl Display, message: impl Into<String>, help: impl Into<String>) {
        self.add(
            Weight::Wrong,
            &path.to_string(),
            message.into(),
            help.into(),
        );
    }

    /// What stands at a path has no effect, or is hardly meant.
    fn odd(&mut self, path: impl Display, message: impl Into<String>, help: impl Into<String>) {
        self.add(Weight::Odd, &path.to_string(), message.into(), help.into());
    }

    /// As [`Problems::odd`], if the file says it; what is only a default is nobody's mistake.
    fn odd_if_said(
        &mut self,
        path: impl Display,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if self.says(&path.to_string()) {
            self.odd(path, message, help);
        }
    }

    fn add(&mut self, weight: Weight, path: &str, message: String, help: String) {
        let span = place::nearest(self.table.get_ref(), path);
        let found = Finding::at(self.source.text, self.source.origin, span, message);
        self.list.push(Finding {
            weight,
            help: (!help.is_empty()).then_some(help),
            ..found
        });
    }

    fn found(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| finding.span.start);
        self.list
    }
}
