//! More seats than are billed for, or fewer, in words: a floor, a pack, or seats that were billed before.

use super::seats::held;
use crate::billing::catalog::Plan;
use crate::billing::order::{Order, Part};
use crate::billing::policy::{Charge, OrderKind};
use crate::billing::scene::Scene;
use crate::billing::term::{Slice, Term};

/// Why an order for more seats bills another number of them than it brings: a sentence for each type, with the key
/// that decides. Nothing where every seat is billed.
pub fn in_words(scene: &Scene<'_>, order: &Order) -> Vec<String> {
    let change = order.parts.iter().find_map(|part| match part {
        Part::Change { plan, seats, .. } => Some((plan, seats)),
        _ => None,
    });
    let (Some((plan, seats)), OrderKind::Seats) = (change, order.kind) else {
        return Vec::new();
    };
    let (Some(term), Ok(plan)) = (scene.standing().term, scene.plan(plan)) else {
        return Vec::new();
    };
    let Some(before) = term.slice_on(scene.on()) else {
        return Vec::new();
    };
    let said = seats.iter().filter_map(|(kind, count)| {
        let more = count.saturating_sub(held(before, kind));
        (more > 0).then(|| {
            let added = Added {
                kind,
                more,
                count: *count,
            };
            added.in_words(scene, plan, (term, before))
        })?
    });
    said.collect()
}

/// Seats of one type that come.
struct Added<'a> {
    kind: &'a str,
    more: u32,
    count: u32,
}

impl Added<'_> {
    fn in_words(
        &self,
        scene: &Scene<'_>,
        plan: &Plan,
        (term, before): (&Term, &Slice),
    ) -> Option<String> {
        let kind = self.kind;
        let had = held(before, kind);
        let rules = &scene.policy.seats;
        let slices = term.slices.iter().map(|slice| held(slice, kind));
        let paid = match rules.remove.high_water {
            true => slices.max().unwrap_or(had),
            false => had,
        };
        let of = |count| scene.billed_seats(plan, kind, count);
        let billed = of(self.count).saturating_sub(of(paid));
        let what = self.counted(scene);
        let costs = if self.more == 1 { "costs" } else { "cost" };
        if rules.add.charge == Charge::None {
            let key = keyed(scene, "seats.add.charge", "none");
            return Some(format!("{what} {costs} nothing until the renewal {key}."));
        }
        if term.is_free() {
            let key = keyed(scene, "term.stub", "free");
            let end = term.span.end;
            return Some(format!("{what} {costs} nothing before {end} {key}."));
        }
        if billed == self.more {
            return None;
        }
        let above = scene
            .billed_above(plan, kind, paid)
            .or_else(|| scene.billed_above(plan, kind, self.count));
        let why = match above {
            Some([key, value]) => {
                let of = match value.starts_with("pack") {
                    true => format!("in packs of {}", plan.seats.pack),
                    false => format!("for no fewer than {}", of(paid)),
                };
                format!(
                    "{} is billed {of} {}",
                    plan.name,
                    keyed(scene, &key, &value)
                )
            }
            None => {
                let key = keyed(scene, "seats.remove.high_water", "true");
                format!(
                    "so many were paid for until {} already {key}",
                    term.span.end
                )
            }
        };
        Some(match billed {
            0 => format!("{what} {costs} nothing: {why}."),
            fewer if fewer < self.more => format!("{what}, of which {fewer} are billed: {why}."),
            more => format!("{what}, for which {more} are billed: {why}."),
        })
    }

    /// `12 more members`, with the type where there are several.
    fn counted(&self, scene: &Scene<'_>) -> String {
        let unit = &scene.catalog.unit;
        let end = if self.more == 1 { "" } else { "s" };
        match scene.catalog.seat_types.len() {
            0 | 1 => format!("{} more {unit}{end}", self.more),
            _ => format!("{} more {} {unit}{end}", self.more, self.kind),
        }
    }
}

/// `(seats.add.charge = none, K26-35)`.
fn keyed(scene: &Scene<'_>, key: &str, value: &str) -> String {
    let rule = scene.policy.rule(key);
    let rule = rule.map_or_else(String::new, |rule| format!(", {rule}"));
    let spelled_out = value.contains('=') || value.contains(' ');
    let is = if spelled_out { ":" } else { " =" };
    format!("({key}{is} {value}{rule})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::quote::{Quoted, Wish, quote};
    use crate::billing::{account::Facts, catalog::Catalog, policy::Policy, sample};

    fn said(
        (had, wanted): (u32, u32),
        change: impl FnOnce(&mut Facts, &mut Policy, &mut Catalog),
    ) -> (i64, Vec<String>) {
        let (mut facts, mut policy, mut catalog) =
            (sample::facts(), sample::policy(), sample::catalog());
        let slice = &mut facts.terms[0].slices[0];
        slice.seats = [("full".to_owned(), had)].into();
        let plan = slice.plan.clone();
        facts.members.clear();
        change(&mut facts, &mut policy, &mut catalog);
        let scene = sample::scene(&facts, &catalog, &policy);
        assert_eq!(scene.standing().slice.unwrap().plan, plan);
        let wish = Wish {
            seats: Some([("full".to_owned(), wanted)].into()),
            ..Wish::default()
        };
        match quote(&scene, &wish).unwrap() {
            Quoted::Order(order) => (order.net.minor, in_words(&scene, &order)),
            Quoted::Later(later) => panic!("{later:?}"),
        }
    }

    fn floor(at_least: u32) -> impl FnOnce(&mut Facts, &mut Policy, &mut Catalog) {
        move |_, _, catalog| {
            for plan in &mut catalog.plans {
                plan.seats.minimum_billed = at_least;
            }
        }
    }

    #[test]
    fn what_the_floor_covers_is_not_billed_again_and_it_is_said() {
        let (net, words) = said((25, 37), floor(30));
        assert!(net > 0);
        assert_eq!(
            words,
            [
                "12 more seats, of which 7 are billed: Basic is billed for no fewer than 30 \
              (plan.basic.seats: minimum_billed = 30)."
            ]
        );
        let (net, words) = said((2, 25), floor(30));
        assert_eq!(net, 0);
        assert_eq!(
            words,
            [
                "23 more seats cost nothing: Basic is billed for no fewer than 30 \
              (plan.basic.seats: minimum_billed = 30)."
            ]
        );
        assert_eq!(said((31, 37), floor(30)).1, [""; 0]);
    }

    #[test]
    fn packs_and_what_costs_nothing_before_the_renewal_are_said() {
        let packs = |_: &mut Facts, _: &mut Policy, catalog: &mut Catalog| {
            for plan in &mut catalog.plans {
                plan.seats.pack = 5;
            }
        };
        assert_eq!(
            said((5, 6), packs).1,
            [
                "1 more seat, for which 5 are billed: Basic is billed in packs of 5 (plan.basic.seats: pack = 5)."
            ]
        );
        let free = |_: &mut Facts, policy: &mut Policy, _: &mut Catalog| {
            policy.seats.add.charge = Charge::None;
        };
        assert_eq!(
            said((5, 6), free).1,
            ["1 more seat costs nothing until the renewal (seats.add.charge = none)."]
        );
    }
}
