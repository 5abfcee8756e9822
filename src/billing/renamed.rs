//! Facts in the words of today's catalog: a plan that was renamed since it was sold has its new id everywhere,
//! so that no other rule asks under which version something was sold.

use super::account::{Agreed, Facts};
use super::calendar::Day;
use super::catalog::Catalog;
use std::collections::BTreeMap;

/// The first day of each version of the catalog, by its key.
pub type Versions = BTreeMap<i64, Day>;

impl Facts {
    /// Puts the ids of a catalog in the place of those under which plans were sold.
    ///
    /// What was sold under a version that began before the plan was renamed is meant; where no version is
    /// kept with a fact, its first day decides.
    pub fn in_words_of(&mut self, catalog: &Catalog, versions: &Versions) {
        if catalog.plans.iter().all(|plan| plan.formerly.is_empty()) {
            return;
        }
        let renamed = |id: &mut String, sold_on: Day| {
            if let Some(plan) = catalog.successor(id, sold_on).filter(|plan| plan.id != *id) {
                id.clone_from(&plan.id);
            }
        };
        for slice in self.terms.iter_mut().flat_map(|term| &mut term.slices) {
            let sold_on = versions.get(&slice.catalog).copied();
            renamed(&mut slice.plan, sold_on.unwrap_or(slice.from));
        }
        for trial in &mut self.trials {
            renamed(&mut trial.plan, trial.span.start);
        }
        for wish in &mut self.scheduled {
            if let Some(plan) = &mut wish.change.plan {
                renamed(plan, wish.asked_on);
            }
        }
        for agreement in &mut self.agreements {
            match &mut agreement.what {
                Agreed::Price { item: id, .. } | Agreed::PlanName { plan: id, .. } => {
                    renamed(id, agreement.from);
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::catalog::Former;
    use crate::billing::sample::{self, day};

    #[test]
    fn a_plan_that_was_renamed_is_known_by_its_new_id_and_the_new_bearer_of_the_old_one_is_not_meant()
     {
        let mut catalog = sample::catalog();
        let [first, second, ..] = catalog.plans.as_mut_slice() else {
            panic!("the sample has two plans");
        };
        first.formerly = vec![Former {
            id: second.id.clone(),
            before: day("2026-06-01"),
        }];
        let (new, old) = (first.id.clone(), second.id.clone());
        let versions = Versions::from([(1, day("2024-06-10")), (2, day("2026-06-01"))]);
        let sold_under = |version: i64, from: &str| {
            let mut facts = sample::facts();
            let slice = &mut facts.terms[0].slices[0];
            (slice.catalog, slice.plan) = (version, old.clone());
            slice.from = day(from);
            facts.in_words_of(&catalog, &versions);
            facts.terms[0].slices[0].plan.clone()
        };
        assert_eq!(sold_under(1, "2026-03-20"), new);
        assert_eq!(sold_under(1, "2026-09-20"), new, "bought ahead of its day");
        assert_eq!(sold_under(2, "2026-06-01"), old);
        assert_eq!(sold_under(3, "2026-05-31"), new, "its day decides");
        assert_eq!(sold_under(3, "2026-06-01"), old);
    }
}
