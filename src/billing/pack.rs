//! How often a pack of units gives: once for each reset, or at once for every reset it lives to see.

use super::calendar::{Period, Span};
use super::catalog::{Credit, Gives, Reset};
use super::entitlement::{Entitled, Ground};
use super::policy::GrantPace;
use super::scene::Scene;
use super::term::Term;
use super::window::resets_in;

/// A pack that is granted at once gives for every reset that it lives to see, the one begun included.
pub fn times(scene: &Scene<'_>, credit: &Credit, now: &Entitled<'_>, runs: Span) -> i64 {
    match (scene.policy.credits.grant, now.ground) {
        (GrantPace::TermAtOnce, Ground::Paid { .. }) => resets_seen(credit, runs),
        _ => 1,
    }
}

/// How often units start again while something runs, the start it begins in included.
pub fn resets_seen(credit: &Credit, runs: Span) -> i64 {
    let every = match credit.reset {
        Reset::Month => Period::Months(1),
        Reset::Week => Period::Days(7),
        Reset::Never | Reset::Term => return 1,
    };
    let anchor = chrono::Datelike::day(&runs.start);
    let whole = every.whole_between(runs.start, runs.end, anchor);
    let begun = every.after(runs.start, whole, anchor) < runs.end;
    i64::from(whole).saturating_add(i64::from(begun))
}

/// Of how many of a term's resets a pack gives units at once that is bought in the middle of it: ten months of
/// twelve. Nothing where units come reset by reset.
pub fn part_of_term(scene: &Scene<'_>, gives: &Gives, term: &Term) -> Option<(i64, i64)> {
    let Gives::Credits { credit, .. } = gives else {
        return None;
    };
    let credit = scene.catalog.credit(credit)?;
    let at_once = scene.policy.credits.grant == GrantPace::TermAtOnce;
    let whole = i64::from(resets_in(credit.reset, term.span, term.period));
    let seen = resets_seen(
        credit,
        Span::new(scene.on().max(term.span.start), term.span.end),
    );
    (at_once && seen < whole).then_some((seen, whole))
}

#[cfg(test)]
mod tests {
    use super::part_of_term;
    use crate::billing::calendar::midnight;
    use crate::billing::catalog::Gives;
    use crate::billing::sample::{self, day};
    use crate::billing::scene::Scene;

    fn part(grant: &str, on: &str) -> Option<(i64, i64)> {
        let (facts, mut policy, catalog) = (sample::facts(), sample::policy(), sample::catalog());
        policy.credits = toml::from_str(&format!("grant = {grant:?}")).unwrap();
        let scene = Scene {
            facts: &facts,
            catalog: &catalog,
            catalog_id: 1,
            policy: &policy,
            at: midnight(day(on)),
            member: None,
            reason: None,
        };
        let gives = Gives::Credits {
            credit: "ai".to_owned(),
            amount: 500,
        };
        part_of_term(&scene, &gives, &facts.terms[0])
    }

    #[test]
    fn ka_9_a_pack_in_the_middle_of_a_long_term_gives_for_the_months_that_are_left() {
        assert_eq!(part("term_at_once", "2026-04-15"), None, "all six");
        assert_eq!(part("term_at_once", "2026-06-15"), Some((4, 6)));
        assert_eq!(
            part("term_at_once", "2026-06-16"),
            Some((4, 6)),
            "one is begun"
        );
        assert_eq!(part("term_at_once", "2026-10-14"), Some((1, 6)));
        assert_eq!(part("each_reset", "2026-06-15"), None);
    }
}
