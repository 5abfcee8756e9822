//! What a wish for another plan, another period or both comes to, and which rules of the policy are for it.

use super::change::current;
use super::{Wish, seats};
use crate::billing::calendar::Period;
use crate::billing::catalog::Plan;
use crate::billing::policy::{Anchoring, ChangeRules, OrderKind, Timing};
use crate::billing::refusal::{Code, Refusal};
use crate::billing::scene::Scene;
use crate::billing::term::Seats;

/// A change as it is asked for, told apart.
pub(super) struct Asked<'a> {
    pub(super) kind: OrderKind,
    pub(super) rules: &'a ChangeRules,
    pub(super) key: &'static str,
    pub(super) code: Code,
    pub(super) plan: &'a Plan,
    pub(super) period: Period,
    pub(super) seats: Seats,
}

/// Tells a wish apart.
///
/// # Errors
/// Nothing would change, or plan and period cannot change together.
pub(super) fn tell_apart<'a>(scene: &Scene<'a>, wish: &Wish) -> Result<Asked<'a>, Refusal> {
    let (now, slice) = current(scene)?;
    let running = scene.standing().term.map(|term| term.period);
    let plan = match &wish.plan {
        Some(id) => scene.plan(id)?,
        None => now,
    };
    let policy = scene.policy;
    let (kind, rules, key, code) = match plan.rank.cmp(&now.rank) {
        std::cmp::Ordering::Less => (
            OrderKind::Downgrade,
            &policy.downgrade,
            "downgrade",
            Code::DowngradeNotAllowed,
        ),
        std::cmp::Ordering::Equal if plan.id == now.id => (
            OrderKind::PeriodChange,
            &policy.period_change,
            "period_change",
            Code::PeriodChangeNotAllowed,
        ),
        std::cmp::Ordering::Greater | std::cmp::Ordering::Equal => (
            OrderKind::Upgrade,
            &policy.upgrade,
            "upgrade",
            Code::UpgradeNotAllowed,
        ),
    };
    let period = wish.period.or(running).unwrap_or(Period::Months(1));
    let seats = wish.seats.as_ref().map_or_else(
        || slice.seats.clone(),
        |wanted| seats::merged(&slice.seats, wanted),
    );
    if kind == OrderKind::PeriodChange && Some(period) == running && seats == slice.seats {
        let name = &scene.facts.account.name;
        let message = format!("{name} is on {} for {period} already.", plan.name);
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    let both = Some(period) != running && rules.timing == Timing::Now;
    if both && rules.term == Anchoring::Keep {
        if together(scene, rules) {
            return Ok(Asked {
                kind,
                rules: &policy.period_change,
                key: "period_change",
                code,
                plan,
                period,
                seats,
            });
        }
        let message = "Plan and period cannot change in one order here.";
        return Err(Refusal::new(Code::PartsNotTogether, message)
            .because(policy, &format!("{key}.term"), "keep")
            .say("Change the plan first, then the period."));
    }
    Ok(Asked {
        kind,
        rules,
        key,
        code,
        plan,
        period,
        seats,
    })
}

/// Whether a plan that is changed now can bring another period with it (KA-1): the seller takes several parts in
/// one order, and a change of period is allowed like that of the plan and begins a new term at once.
fn together(scene: &Scene<'_>, rules: &ChangeRules) -> bool {
    let period = &scene.policy.period_change;
    scene.policy.order.parts_together
        && period.allow == rules.allow
        && period.timing == Timing::Now
        && period.term == Anchoring::Restart
}

#[cfg(test)]
mod tests {
    use super::Wish;
    use crate::billing::calendar::Period;
    use crate::billing::order::{NewTerm, Part};
    use crate::billing::policy::{OrderKind, Policy};
    use crate::billing::quote::{Quoted, quote};
    use crate::billing::refusal::{Code, Refusal};
    use crate::billing::sample;

    /// From Basic with two seats for six months, where parts go together or not.
    fn ask(together: bool, wish: &Wish) -> Result<Quoted, Refusal> {
        let policy = format!(
            "id = \"acme-seller\"\neffective_from = \"2026-01-01\"\n\
             [order]\nparts_together = {together}\n\
             [period_change]\nallow = \"self_service\"\ntiming = \"now\"\ncharge = \"full\"\n\
             give_back = \"credit\"\nterm = \"restart\"\n"
        );
        let policy: Policy = toml::from_str(&policy).unwrap();
        let (facts, catalog) = (sample::facts(), sample::catalog());
        let scene = sample::scene(&facts, &catalog, &policy);
        quote(&scene, wish)
    }

    #[test]
    fn ka_1_an_edit_of_the_current_plan_is_an_order_for_seats() {
        let wish = Wish {
            plan: Some("basic".to_owned()),
            period: Some(Period::Months(6)),
            seats: Some([("full".to_owned(), 4)].into()),
            ..Wish::default()
        };
        let Ok(Quoted::Order(order)) = ask(true, &wish) else {
            panic!("an order")
        };
        assert_eq!(order.kind, OrderKind::Seats);
    }

    #[test]
    fn ka_1_plan_and_period_change_in_one_order_where_parts_go_together() {
        let wish = Wish {
            plan: Some("pro".to_owned()),
            period: Some(Period::Months(1)),
            ..Wish::default()
        };
        let refused = ask(false, &wish).err().map(|refusal| refusal.code);
        assert_eq!(refused, Some(Code::PartsNotTogether));
        let Ok(Quoted::Order(order)) = ask(true, &wish) else {
            panic!("an order")
        };
        assert_eq!(order.kind, OrderKind::Upgrade);
        let part = &order.parts[0];
        assert!(
            matches!(part, Part::Term(NewTerm { plan, period: Period::Months(1), replaces: true, .. }) if plan == "pro"),
            "{part:?}"
        );
    }
}
