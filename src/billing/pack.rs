//! How often a pack of units gives: once for each reset, or at once for every reset it lives to see.

use super::calendar::{Day, Span, plus_days};
use super::catalog::{AddOn, Credit, Gives, Reset, Sale};
use super::entitlement::{Entitled, Ground};
use super::order::{LineKind, Order};
use super::policy::GrantPace;
use super::reactivate::way_in;
use super::refusal::{Code, Refusal};
use super::scene::Scene;
use super::term::Term;
use super::window::{month_anchor, month_of, resets_in};
use chrono::Datelike;

/// A pack that is granted at once gives for every reset that it lives to see, the one begun included.
pub fn times(scene: &Scene<'_>, credit: &Credit, now: &Entitled<'_>, runs: Span) -> i64 {
    match (scene.policy.credits.grant, now.ground) {
        (GrantPace::TermAtOnce, Ground::Paid { term, .. }) => resets_seen(credit, term, runs),
        _ => 1,
    }
}

/// How often units start again while something runs, the start it begins in included. The starts are the term's:
/// one that renews on the 31st has one between 28 February and 31 March (KA-11).
pub fn resets_seen(credit: &Credit, term: &Term, runs: Span) -> i64 {
    let mut seen: i64 = 0;
    let mut day = runs.start;
    while day < runs.end {
        seen = seen.saturating_add(1);
        day = next_reset(credit, day, month_anchor(term)).unwrap_or(runs.end);
    }
    seen.max(1)
}

/// When units start again that run on a day; nothing where they do not within a term.
fn next_reset(credit: &Credit, day: Day, anchor: u32) -> Option<Day> {
    match credit.reset {
        Reset::Month => Some(month_of(day, anchor).end),
        Reset::Week => Some(plus_days(day, 7)),
        Reset::Never | Reset::Term => None,
    }
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
    let left = Span::new(scene.on().max(term.span.start), term.span.end);
    let seen = resets_seen(credit, term, left);
    (at_once && seen < whole).then_some((seen, whole))
}

/// The days of a pack that gives its units at once and was ordered in the middle of a term: those that it was
/// ordered for, however late it is paid, since as many units as were priced are to be had (KA-9). Where that term is
/// over by then, it is the same number of resets from the payment on. Nothing for what is had over time.
pub fn as_ordered(scene: &Scene<'_>, order: &Order, add_on: &str) -> Option<Span> {
    let Gives::Credits { credit, .. } = &scene.catalog.add_on(add_on)?.gives else {
        return None;
    };
    let credit = scene.catalog.credit(credit)?;
    if scene.policy.credits.grant != GrantPace::TermAtOnce {
        return None;
    }
    let placed = order.placed_at.date();
    let mut lines = order.lines.iter();
    let line = lines.find(|line| line.kind == LineKind::AddOn && line.item == add_on)?;
    let days = line.service.filter(|days| days.start == placed)?;
    let mut terms = scene.facts.terms.iter().filter(|term| term.paid);
    let term = terms.find(|term| term.span.contains(placed))?;
    if scene.on() < days.end {
        return Some(days);
    }
    let times = resets_seen(credit, term, days);
    let anchor = match scene.standing().term {
        Some(running) => month_anchor(running),
        None => scene.on().day(),
    };
    let mut end = scene.on();
    for _ in 0..times {
        end = next_reset(credit, end, anchor)?;
    }
    Some(Span::new(scene.on(), end))
}

/// The commands that would bring more units of a kind today: the packs that can be bought, each in the least
/// quantity, or what must be done before.
pub fn ways_to_more(scene: &Scene<'_>, credit: &str) -> Vec<String> {
    let name = &scene.facts.account.name;
    let now = scene.standing();
    let gives = |add_on: &&AddOn| matches!(&add_on.gives, Gives::Credits { credit: id, .. } if id == credit);
    let mut packs = scene.catalog.add_ons.iter().filter(gives).peekable();
    if packs.peek().is_some() && !scene.policy.credits.buy_in.contains(&now.state) {
        return vec![way_in(scene)];
    }
    let sold = packs.filter(|pack| {
        let plans = &pack.plans;
        pack.sale != Sale::SalesOnly
            && (plans.is_empty()
                || now
                    .plan()
                    .is_some_and(|plan| plans.iter().any(|id| id == plan)))
    });
    let buy = |pack: &AddOn| match pack.min {
        0 | 1 => format!("credit buy {name} {}", pack.id),
        least => format!("credit buy {name} {} {least}", pack.id),
    };
    sold.map(buy).collect()
}

/// Not enough units are left; the packs that give more are named.
pub(super) fn used_up(
    scene: &Scene<'_>,
    credit: &Credit,
    units: i64,
    left: i64,
    resets_on: Option<Day>,
) -> Refusal {
    let name = &scene.facts.account.name;
    let again = resets_on.map_or_else(String::new, |day| {
        format!("; the count starts again on {day}")
    });
    let message = format!(
        "{name} has {left} {} left, and {units} were asked for{again}.",
        credit.name
    );
    let ways = ways_to_more(scene, &credit.id);
    ways.into_iter().fold(
        Refusal::new(Code::CreditsUsedUp, message),
        |refusal, way| refusal.run(way),
    )
}

#[cfg(test)]
mod tests {
    use super::{part_of_term, resets_seen};
    use crate::billing::calendar::{Span, midnight};
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

    /// Monthly units at once: a pack that came with the renewal of a term that renews on the last of the month.
    #[test]
    fn ka_11_a_short_february_makes_no_second_month() {
        let (facts, catalog) = (sample::facts(), sample::catalog());
        let credit = catalog.credit("ai").unwrap();
        let mut term = facts.terms[0].clone();
        let runs = |start: &str, end: &str| Span::new(day(start), day(end));
        term.anchor_day = 31;
        for (start, end, times) in [
            ("2026-01-31", "2026-02-28", 1),
            ("2026-02-28", "2026-03-31", 1),
            ("2026-03-31", "2026-04-30", 1),
            ("2026-02-10", "2026-02-28", 1),
            ("2026-02-28", "2027-02-28", 12),
        ] {
            term.span = runs(start, end);
            assert_eq!(
                resets_seen(credit, &term, term.span),
                times,
                "{start}..{end}"
            );
        }
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
