//! What is agreed with one account, in place of what the catalog says (K26-34).

use super::access;
use super::account::{Agreed, Agreement, Discount};
use super::calendar::Day;
use super::catalog::Catalog;
use super::change::Change;
use super::policy::{DiscountAllow, Situation};
use super::refusal::{Code, Refusal};
use super::scene::{Scene, percent};
use super::seating;
use rust_decimal::Decimal;

/// Something is agreed from a day, maybe until another. Only the seller's people agree, and say why.
///
/// # Errors
/// A member asks, no reason is given, the days make no sense, or the catalog has no such thing.
pub fn agree(
    scene: &Scene<'_>,
    what: Agreed,
    from: Option<Day>,
    until: Option<Day>,
) -> Result<Change, Refusal> {
    let reason = by_people(scene)?;
    let from = from.unwrap_or(scene.on());
    if let Some(end) = until.filter(|until| *until <= from) {
        let message = format!("An agreement from {from} cannot end on {end}.");
        return Err(Refusal::new(Code::ValueNotUsable, message));
    }
    check(scene, &what)?;
    Ok(Change::Agree {
        account: scene.facts.account.id,
        agreement: Agreement {
            id: scene.facts.next.other,
            what,
            from,
            until,
            reason: reason.to_owned(),
        },
    })
}

/// An agreement ends on a day, today unless said otherwise.
///
/// # Errors
/// A member asks, no reason is given, or it has ended.
pub fn end(scene: &Scene<'_>, agreement: &Agreement, on: Option<Day>) -> Result<Change, Refusal> {
    by_people(scene)?;
    let until = on.unwrap_or(scene.on()).max(agreement.from);
    if let Some(ended) = agreement.until.filter(|ended| *ended <= until) {
        let message = format!("The agreement {} ends on {ended} already.", agreement.id);
        return Err(Refusal::new(Code::NothingToChange, message));
    }
    Ok(Change::EndAgreement {
        agreement: agreement.id,
        until,
    })
}

fn by_people<'a>(scene: &Scene<'a>) -> Result<&'a str, Refusal> {
    if scene.member.is_some() {
        let message = "Agreements are made with the seller's people.";
        let name = &scene.facts.account.name;
        return Err(Refusal::new(Code::SupportOnly, message).routed(name, Situation::Contract));
    }
    access::reason("An agreement", scene.reason)
}

/// Whether the catalog has what is spoken of, and the amounts make sense.
fn check(scene: &Scene<'_>, what: &Agreed) -> Result<(), Refusal> {
    let catalog = scene.catalog;
    match what {
        Agreed::Price { item, amount, .. } => {
            if catalog.plan(item).is_none() && catalog.add_on(item).is_none() {
                let plans = catalog.plans.iter().map(|plan| plan.id.as_str());
                let add_ons = catalog.add_ons.iter().map(|add_on| add_on.id.as_str());
                let known = plans.chain(add_ons);
                return Err(Refusal::unknown("plan or add-on", item, known));
            }
            positive("A price", *amount)
        }
        Agreed::Discount(discount) => check_discount(scene, discount),
        Agreed::Limit { limit, amount } => {
            if catalog.limit(limit).is_none() {
                let known = catalog.limits.iter().map(|known| known.id.as_str());
                return Err(Refusal::unknown("limit", limit, known));
            }
            positive("A limit", Decimal::from(amount.unwrap_or(0)))
        }
        Agreed::Feature { feature, .. } => {
            let known = catalog.features.iter().map(|known| known.id.as_str());
            match known.clone().any(|known| known == feature) {
                true => Ok(()),
                false => Err(Refusal::unknown("feature", feature, known)),
            }
        }
        Agreed::MinimumSeats { .. } => Ok(()),
        Agreed::SeatWindow { seat_type } => match seating::known(catalog, seat_type)? {
            Some(kind) if kind.windowed => Ok(()),
            Some(_) | None => {
                let message =
                    format!("The seat type {seat_type} has no months of use that could be agreed.");
                Err(Refusal::new(Code::SeatTypeNotSold, message).run("catalog show"))
            }
        },
        Agreed::PlanName { plan, .. } => scene.plan(plan).map(drop),
    }
}

fn check_discount(scene: &Scene<'_>, discount: &Discount) -> Result<(), Refusal> {
    let rules = &scene.policy.discount;
    if rules.allow == DiscountAllow::Refuse {
        let message = format!("{} gives no discounts.", scene.catalog.seller.name);
        return Err(Refusal::new(Code::DiscountNotAllowed, message).because(
            scene.policy,
            "discount.allow",
            "refuse",
        ));
    }
    match discount {
        Discount::Percent { percent: off } => {
            let most = rules.max_percent.unwrap_or(Decimal::ONE_HUNDRED);
            if *off > most {
                let message = format!(
                    "A discount of {} is more than {}.",
                    percent(*off),
                    percent(most)
                );
                return Err(Refusal::new(Code::DiscountNotAllowed, message).because(
                    scene.policy,
                    "discount.max_percent",
                    percent(most),
                ));
            }
            positive("A discount", *off)
        }
        Discount::Amount { off } => {
            let currency = scene.facts.account.currency;
            if off.currency != currency {
                let message = format!(
                    "{} pays in {currency}, not in {}.",
                    scene.facts.account.name, off.currency
                );
                return Err(Refusal::new(Code::CurrencyNotTaken, message));
            }
            positive("A discount", off.major())
        }
    }
}

fn positive(what: &str, amount: Decimal) -> Result<(), Refusal> {
    match amount.is_sign_negative() && !amount.is_zero() {
        true => {
            let message = format!("{what} cannot be less than nothing.");
            Err(Refusal::new(Code::ValueNotUsable, message))
        }
        false => Ok(()),
    }
}

/// An agreement in words: `Leads: 5000, from 2026-05-01 (contract 12)`.
pub fn in_words(catalog: &Catalog, agreement: &Agreement) -> String {
    let plan = |id: &str| {
        catalog
            .plan(id)
            .map_or(id.to_owned(), |plan| plan.name.clone())
    };
    let what = match &agreement.what {
        Agreed::Price {
            item,
            seat_type,
            period,
            amount,
        } => {
            let seat = seat_type
                .as_ref()
                .map_or_else(String::new, |kind| format!(", {kind} {}s", catalog.unit));
            format!(
                "Price of {}{seat} for {period}: {}",
                plan(item),
                amount.normalize()
            )
        }
        Agreed::Discount(Discount::Percent { percent: off }) => {
            format!("Discount: {}", percent(*off))
        }
        Agreed::Discount(Discount::Amount { off }) => format!("Discount: {off}"),
        Agreed::Limit { limit, amount } => {
            let name = catalog
                .limit(limit)
                .map_or(limit.as_str(), |limit| &limit.name);
            let amount = amount.map_or_else(|| "unlimited".to_owned(), |amount| amount.to_string());
            format!("{name}: {amount}")
        }
        Agreed::Feature { feature, on } => {
            let word = if *on { "on" } else { "off" };
            format!("{}: {word}", catalog.feature_name(feature))
        }
        Agreed::MinimumSeats { seats } => format!("At least {seats} {}s are billed", catalog.unit),
        Agreed::SeatWindow { seat_type } => format!("Window for {seat_type} {}s", catalog.unit),
        Agreed::PlanName { plan: id, name } => format!("{} is shown as {name}", plan(id)),
    };
    let until = agreement
        .until
        .map_or_else(String::new, |until| format!(" to {until}"));
    format!(
        "{}. {what}, from {}{until} ({})",
        agreement.id, agreement.from, agreement.reason
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::sample::{self, day};
    use rust_decimal::dec;

    fn asked(what: Agreed, member: Option<&str>, reason: Option<&str>) -> Result<Change, Refusal> {
        let (facts, mut policy, catalog) = (sample::facts(), sample::policy(), sample::catalog());
        policy.discount.max_percent = Some(dec!(30));
        let scene = Scene {
            member,
            reason,
            ..sample::scene(&facts, &catalog, &policy)
        };
        agree(&scene, what, None, Some(day("2026-08-01")))
    }

    fn leads(limit: &str) -> Agreed {
        Agreed::Limit {
            limit: limit.to_owned(),
            amount: Some(5000),
        }
    }

    #[test]
    fn k26_34_people_agree_limits_with_one_account_and_say_why() {
        let Change::Agree { agreement, .. } =
            asked(leads("leads"), None, Some("contract 12")).unwrap()
        else {
            unreachable!()
        };
        assert_eq!(
            in_words(&sample::catalog(), &agreement),
            "1. Leads: 5000, from 2026-05-01 to 2026-08-01 (contract 12)"
        );
        assert_eq!(
            asked(leads("leads"), None, None).unwrap_err().code,
            Code::ReasonMissing
        );
        let member = asked(leads("leads"), Some("ana@acme.test"), Some("x")).unwrap_err();
        assert_eq!(member.route, Some(Situation::Contract));
        assert_eq!(
            asked(leads("lead"), None, Some("x")).unwrap_err().code,
            Code::NotFound
        );
    }

    #[test]
    fn a_discount_stays_below_the_most_that_people_may_give() {
        let off = |percent| Agreed::Discount(Discount::Percent { percent });
        assert!(asked(off(dec!(30)), None, Some("x")).is_ok());
        assert_eq!(
            asked(off(dec!(30.5)), None, Some("x")).unwrap_err().code,
            Code::DiscountNotAllowed
        );
        assert_eq!(
            asked(off(dec!(-1)), None, Some("x")).unwrap_err().code,
            Code::ValueNotUsable
        );
    }
}
