//! Ids: written once, spelt plainly, declared before they are used, and used once declared.

use super::Problems;
use crate::billing::catalog::{Catalog, Gives, Scope};
use crate::billing::listed;
use crate::wire::seller::words::near;
use std::collections::BTreeSet;

pub(super) fn check(catalog: &Catalog, problems: &mut Problems<'_>) {
    ids_are_plain_and_differ(catalog, problems);
    plans_name_what_is_declared(catalog, problems);
    add_ons_name_what_is_declared(catalog, problems);
    prices_name_what_is_declared(catalog, problems);
    what_is_declared_is_used(catalog, problems);
}

/// The ids of a list of tables.
pub(super) struct Ids<'c> {
    /// What the file calls the list: `plan`.
    pub(super) kind: &'static str,
    pub(super) ids: Vec<&'c str>,
}

impl Ids<'_> {
    /// Says that a name is not declared, where it is not.
    pub(super) fn must_have(&self, name: &str, path: &str, problems: &mut Problems<'_>) {
        if self.ids.contains(&name) {
            return;
        }
        let words = self.kind.replace('_', " ");
        let help = near(name, &self.ids).unwrap_or_else(|| match self.ids.as_slice() {
            [] => format!("Declare it in a [[{}]] table.", self.kind),
            ids => format!("Declared are {}.", listed::and(ids)),
        });
        problems.wrong(path, format!("There is no {words} called {name}."), help);
    }
}

macro_rules! ids {
    ($catalog:expr, $list:ident, $kind:literal) => {
        Ids {
            kind: $kind,
            ids: $catalog.$list.iter().map(|one| one.id.as_str()).collect(),
        }
    };
}

pub(super) fn plans(catalog: &Catalog) -> Ids<'_> {
    ids!(catalog, plans, "plan")
}

pub(super) fn limits(catalog: &Catalog) -> Ids<'_> {
    ids!(catalog, limits, "limit")
}

pub(super) fn credits(catalog: &Catalog) -> Ids<'_> {
    ids!(catalog, credits, "credit")
}

fn features(catalog: &Catalog) -> Ids<'_> {
    ids!(catalog, features, "feature")
}

fn seat_types(catalog: &Catalog) -> Ids<'_> {
    let mut declared = ids!(catalog, seat_types, "seat_type");
    if declared.ids.is_empty() {
        declared.ids.push("full");
    }
    declared
}

fn regions(catalog: &Catalog) -> Ids<'_> {
    ids!(catalog, regions, "region")
}

fn cohorts(catalog: &Catalog) -> Ids<'_> {
    ids!(catalog, cohorts, "cohort")
}

fn add_ons(catalog: &Catalog) -> Ids<'_> {
    ids!(catalog, add_ons, "add_on")
}

fn ids_are_plain_and_differ(catalog: &Catalog, problems: &mut Problems<'_>) {
    plain(&catalog.id, "id", problems);
    for list in [
        regions(catalog),
        cohorts(catalog),
        ids!(catalog, seat_types, "seat_type"),
        features(catalog),
        limits(catalog),
        credits(catalog),
        ids!(catalog, methods, "method"),
        plans(catalog),
        add_ons(catalog),
    ] {
        let mut seen = BTreeSet::new();
        for (at, id) in list.ids.iter().enumerate() {
            let path = format!("{}[{at}].id", list.kind);
            plain(id, &path, problems);
            if !seen.insert(*id) {
                let words = list.kind.replace('_', " ");
                problems.wrong(
                    &path,
                    format!("There is another {words} called {id} above."),
                    "Give each its own id.",
                );
            }
        }
    }
}

/// An id is typed in commands and stands in file names: letters, digits, `-` and `_`.
pub(super) fn plain(id: &str, path: &str, problems: &mut Problems<'_>) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || id.starts_with('-') || !id.chars().all(is_plain) {
        problems.wrong(
            path,
            format!("{id:?} cannot be an id."),
            "Use letters, digits, - and _, and begin with a letter or digit.",
        );
    }
}

fn plans_name_what_is_declared(catalog: &Catalog, problems: &mut Problems<'_>) {
    let (features, limits, credits) = (features(catalog), limits(catalog), credits(catalog));
    let kinds = seat_types(catalog);
    for (at, plan) in catalog.plans.iter().enumerate() {
        let here = format!("plan[{at}]");
        for (which, feature) in plan.features.iter().enumerate() {
            features.must_have(feature, &format!("{here}.features[{which}]"), problems);
        }
        for (which, kind) in plan.seat_types.iter().enumerate() {
            kinds.must_have(kind, &format!("{here}.seat_types[{which}]"), problems);
        }
        for limit in plan.limits.keys() {
            limits.must_have(limit, &format!("{here}.limits.\"{limit}\""), problems);
        }
        for credit in plan.credits.keys() {
            credits.must_have(credit, &format!("{here}.credits.\"{credit}\""), problems);
        }
        for limit in plan.seat_adds.keys() {
            let path = format!("{here}.seat_adds.\"{limit}\"");
            limits.must_have(limit, &path, problems);
            let grows_anyway = catalog
                .limit(limit)
                .is_some_and(|limit| limit.scope != Scope::Workspace);
            if grows_anyway {
                problems.wrong(
                    &path,
                    format!("The limit {limit} is not counted for the workspace, so seats add nothing to it."),
                    "Take it out here, or give the limit the scope workspace.",
                );
            }
        }
        for (which, keep) in plan.keeps.iter().enumerate() {
            let here = format!("{here}.keeps[{which}]");
            for (which, feature) in keep.features.iter().enumerate() {
                features.must_have(feature, &format!("{here}.features[{which}]"), problems);
            }
            for limit in keep.limits.keys() {
                limits.must_have(limit, &format!("{here}.limits.\"{limit}\""), problems);
            }
        }
    }
}

fn add_ons_name_what_is_declared(catalog: &Catalog, problems: &mut Problems<'_>) {
    for (at, add_on) in catalog.add_ons.iter().enumerate() {
        let here = format!("add_on[{at}]");
        match &add_on.gives {
            Gives::Credits { credit, .. } => {
                credits(catalog).must_have(credit, &format!("{here}.gives.credit"), problems);
            }
            Gives::Limit { limit, .. } => {
                limits(catalog).must_have(limit, &format!("{here}.gives.limit"), problems);
            }
            Gives::Feature { feature } => {
                features(catalog).must_have(feature, &format!("{here}.gives.feature"), problems);
            }
            Gives::Service => {}
        }
        for (which, plan) in add_on.plans.iter().enumerate() {
            plans(catalog).must_have(plan, &format!("{here}.plans[{which}]"), problems);
        }
    }
}

fn prices_name_what_is_declared(catalog: &Catalog, problems: &mut Problems<'_>) {
    for (at, row) in catalog.prices.iter().enumerate() {
        let names = [
            (&row.plan, "plan", plans(catalog)),
            (&row.add_on, "add_on", add_ons(catalog)),
            (&row.seat_type, "seat_type", seat_types(catalog)),
            (&row.region, "region", regions(catalog)),
            (&row.cohort, "cohort", cohorts(catalog)),
        ];
        for (name, key, declared) in names {
            if let Some(name) = name {
                declared.must_have(name, &format!("price[{at}].{key}"), problems);
            }
        }
    }
}

fn what_is_declared_is_used(catalog: &Catalog, problems: &mut Problems<'_>) {
    let plans = &catalog.plans;
    let given = |wanted: &dyn Fn(&Gives) -> bool| {
        catalog.add_ons.iter().any(|add_on| wanted(&add_on.gives))
    };
    for (at, feature) in catalog.features.iter().enumerate() {
        let id = &feature.id;
        let by_plan = plans.iter().any(|plan| {
            let kept = plan.keeps.iter().any(|keep| keep.features.contains(id));
            kept || plan.features.contains(id)
        });
        let gives = |gives: &Gives| matches!(gives, Gives::Feature { feature } if feature == id);
        if !by_plan && !given(&gives) {
            unused(problems, "feature", at, id);
        }
    }
    for (at, credit) in catalog.credits.iter().enumerate() {
        let id = &credit.id;
        let gives = |gives: &Gives| matches!(gives, Gives::Credits { credit, .. } if credit == id);
        if !plans.iter().any(|plan| plan.credits.contains_key(id)) && !given(&gives) {
            unused(problems, "credit", at, id);
        }
    }
    for (at, cohort) in catalog.cohorts.iter().enumerate() {
        let id = Some(cohort.id.as_str());
        if !catalog.prices.iter().any(|row| row.cohort.as_deref() == id) {
            unused(problems, "cohort", at, &cohort.id);
        }
    }
}

fn unused(problems: &mut Problems<'_>, kind: &str, at: usize, id: &str) {
    problems.odd(
        format!("{kind}[{at}].id"),
        format!("The {kind} {id} is declared, and nothing gives it or asks for it."),
        "Name it where it belongs, or take it out.",
    );
}
