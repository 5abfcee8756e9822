//! Whole runs over a store in memory, with scripted gateways.

use super::Run;
use super::shop::{DECLINES, Shop, WORLD, terms};
use crate::billing::calendar::Moment;
use crate::billing::change::Change;
use crate::billing::due;
use crate::billing::policy::State;
use crate::desk::Effect;
use crate::desk::house::plant;
use crate::desk::payment::Pay;
use crate::gateway::Gateways;

#[test]
fn a_renewal_is_ordered_charged_and_told_once() {
    let mut shop = Shop::of("kommo");
    shop.account(1, "acme", WORLD);
    shop.buy("2026-01-15T10:00:00", "acme", ("advanced", "6m", 3, "card"));
    assert!(shop.run("2026-07-05T03:00:00").is_empty());
    assert_eq!(
        shop.run("2026-07-06T03:00:00"),
        ["acme: message renewal_reminder"]
    );
    assert!(shop.run("2026-07-06T04:00:00").is_empty());
    assert!(shop.run("2026-07-11T03:00:00").is_empty());
    let said = shop.run("2026-07-12T03:00:00");
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("renewal order from 2026-07-15; charge O-000002, attempt 1"));
    assert!(said[1].contains("O-000002 is paid"));
    assert!(
        shop.run("2026-07-12T04:00:00").is_empty(),
        "a second run finds nothing"
    );
    assert_eq!(shop.state("acme", "2026-07-16T00:00:00"), State::Active);
}

#[test]
fn facts_taken_forward_in_memory_are_what_the_store_gives_back() {
    for seller in ["kommo", "kustomer"] {
        let (plan, period) = match seller {
            "kommo" => ("advanced", "6m"),
            _ => ("enterprise", "1m"),
        };
        let mut shop = Shop::of(seller);
        shop.account(1, "acme", WORLD);
        shop.buy("2026-01-15T10:00:00", "acme", (plan, period, 8, "card"));
        for (day, answers) in [
            ("2026-02-15", DECLINES),
            ("2026-02-16", ""),
            ("2026-07-12", DECLINES),
            ("2026-07-13", ""),
        ] {
            shop.script(answers);
            let at: Moment = format!("{day}T03:00:00").parse().unwrap();
            let terms = terms(&format!("{day}T03:00:00"));
            let seller =
                crate::desk::load::seller(shop.desk.look().unwrap().read(), at.date()).unwrap();
            let by_hand = std::collections::BTreeSet::new();
            let ground = due::Ground {
                catalog: &seller.catalog,
                catalog_id: seller.catalog_id,
                policy: &seller.policy,
                at,
                by_hand: &by_hand,
            };
            let (mut before, numbers) = {
                let look = shop.desk.look().unwrap();
                let facts = look.read().facts_of_many(&[1]).unwrap().remove(0);
                (facts, look.read().numbers().unwrap())
            };
            before.next = numbers;
            let answers = answers.to_owned();
            due::play::play(
                &mut before,
                (None, at, at.date()),
                (&|_| ground, &[]),
                &mut |payment| match answers.is_empty() {
                    true => crate::billing::payment::Answer::Paid {
                        reference: format!("scripted-{}", payment.key.replace('/', "-")),
                    },
                    false => crate::billing::payment::Answer::Declined {
                        reason: "insufficient_funds".to_owned(),
                    },
                },
                &mut |_, _| {},
            );
            shop.run(&format!("{day}T03:00:00"));
            let _ = terms;
            let look = shop.desk.look().unwrap();
            let mut after = look.read().facts_of_many(&[1]).unwrap().remove(0);
            assert_eq!(look.read().numbers().unwrap(), before.next, "{day}");
            after.next = before.next.clone();
            // What is paid and what is told by its order is not read again.
            before
                .orders
                .retain(|order| order.state != crate::billing::order::OrderState::Paid);
            let open: Vec<i64> = before.orders.iter().map(|order| order.id).collect();
            before
                .payments
                .retain(|paid| paid.order.is_some_and(|order| open.contains(&order)));
            before.told.retain(|(kind, _)| kind != "receipt");
            for facts in [&mut before, &mut after] {
                facts.open_cases.clear();
                let last = facts.terms.iter().map(|term| term.span.start).max();
                facts.terms.retain(|term| Some(term.span.start) == last);
                facts.holdings.iter_mut().for_each(|held| held.id = 0);
            }
            assert_eq!(before, after, "{day}");
        }
    }
}

#[test]
fn four_declines_then_expired_and_the_pending_order_can_still_be_paid() {
    // The calendar of section 6c: order and charge on 07-12, retries 07-13 to 07-15, then expired.
    let mut shop = Shop::of("kommo");
    shop.account(1, "acme", WORLD);
    shop.buy("2026-01-15T10:00:00", "acme", ("advanced", "6m", 3, "card"));
    shop.script(DECLINES);
    for day in 12..=20 {
        let said = shop.run(&format!("2026-07-{day}T03:00:00"));
        assert_eq!(said.is_empty(), day > 15, "07-{day}: {said:?}");
        assert!(shop.run(&format!("2026-07-{day}T12:00:00")).is_empty());
    }
    assert_eq!(shop.state("acme", "2026-07-15T02:59:00"), State::PastDue);
    assert_eq!(shop.state("acme", "2026-07-15T03:00:00"), State::Expired);
    shop.script("");
    let pay = Pay {
        order: "O-000002".to_owned(),
        reference: Some("tok-new".to_owned()),
        ..Pay::default()
    };
    shop.desk
        .pay(&terms("2026-07-20T10:00:00"), &pay, &shop.gateways)
        .unwrap();
    assert_eq!(shop.state("acme", "2026-07-21T00:00:00"), State::Active);
}

#[test]
fn many_accounts_with_a_limit_are_worked_off_run_by_run() {
    let mut shop = Shop::of("kumospace");
    for id in 1..=7 {
        let name = format!("space-{id}");
        shop.account(id, &name, WORLD);
        shop.buy("2026-03-01T10:00:00", &name, ("business", "1m", 4, "card"));
    }
    assert_eq!(shop.run_with("2026-04-01T03:00:00", Some(3)).len(), 6);
    assert_eq!(shop.run_with("2026-04-01T03:00:00", Some(3)).len(), 6);
    assert_eq!(shop.run_with("2026-04-01T03:00:00", Some(3)).len(), 2);
    assert!(shop.run("2026-04-01T03:00:00").is_empty());
}

#[test]
fn what_a_rule_refuses_keeps_nobody_else_from_renewing() {
    let mut shop = Shop::of("kommo");
    for (id, name) in [(1, "acme"), (2, "bolt")] {
        shop.account(id, name, WORLD);
        shop.buy("2026-01-15T10:00:00", name, ("advanced", "6m", 3, "card"));
    }
    // Acme moves to a country where the card on file is not taken.
    let look = shop.desk.look().unwrap();
    let mut acme = look.read().account_named("acme").unwrap().unwrap();
    drop(look);
    acme.country = "BR".to_owned();
    let account = Box::new(acme);
    plant(&mut shop.desk, &[Change::EditAccount { account }]);
    let said = shop.run("2026-07-12T03:00:00");
    assert!(
        said.iter().any(|line| line.starts_with("acme: refused")),
        "{said:?}"
    );
    assert!(
        said.iter().any(|line| line.starts_with("bolt: O-")),
        "{said:?}"
    );
    assert_eq!(shop.state("bolt", "2026-07-20T00:00:00"), State::Active);
    // The next run says it again, and does nothing else.
    let again = shop.run("2026-07-12T04:00:00");
    assert_eq!(again.len(), 1, "{again:?}");
}

#[test]
fn without_a_gateway_a_charge_waits_for_a_person() {
    let mut shop = Shop::of("kustomer");
    shop.account(1, "acme", WORLD);
    shop.buy(
        "2026-01-15T10:00:00",
        "acme",
        ("enterprise", "1m", 8, "card"),
    );
    shop.gateways = Gateways::from_setting(Some("manual")).unwrap();
    let said = shop.run("2026-02-15T03:00:00");
    assert!(
        said.iter().any(|line| line.contains("refused: No gateway")),
        "{said:?}"
    );
    let look = shop.desk.look().unwrap();
    assert_eq!(look.read().open_payments().unwrap().len(), 0);
}

#[test]
fn an_answer_that_never_came_is_asked_for_again_under_its_key() {
    let mut shop = Shop::of("kustomer");
    shop.account(1, "acme", WORLD);
    shop.buy(
        "2026-01-15T10:00:00",
        "acme",
        ("enterprise", "1m", 8, "card"),
    );
    shop.script("{\"answer\":\"unknown\",\"moved\":true}\n");
    let said = shop.run("2026-02-15T03:00:00");
    assert!(
        said.iter().any(|line| line.contains("unsettled")),
        "{said:?}"
    );
    let said = shop.run("2026-02-15T04:00:00");
    assert!(said.iter().any(|line| line.contains("is paid")), "{said:?}");
    let book = std::fs::read_to_string(shop.folder.path().join("asked.jsonl")).unwrap();
    assert_eq!(
        book.lines().count(),
        2,
        "the purchase and one renewal: {book}"
    );
    let look = shop.desk.look().unwrap();
    let balance: i64 = look
        .read()
        .payments_of_account(1)
        .unwrap()
        .len()
        .try_into()
        .unwrap();
    assert_eq!(balance, 2);
}

#[test]
fn a_future_day_is_looked_at_and_never_written() {
    let mut shop = Shop::of("kustomer");
    shop.account(1, "acme", WORLD);
    shop.buy(
        "2026-01-15T10:00:00",
        "acme",
        ("enterprise", "1m", 8, "card"),
    );
    let mut ahead = terms("2026-02-01T10:00:00");
    ahead.at = "2026-06-30T00:00:00".parse().unwrap();
    ahead.effect = Effect::DryRun;
    for (percent, what, count) in [(100, "paid", 5), (0, "deactivated", 1)] {
        let outlook = super::ahead::Outlook {
            account: None,
            paid_percent: percent,
        };
        let document = shop.desk.forecast(&ahead, &outlook, &mut |_| {}).unwrap();
        let crate::wire::Document::Forecast(forecast) = document else {
            panic!("no forecast");
        };
        assert_eq!(forecast.total.counts[what], count, "{:?}", forecast.total);
    }
    let run = Run {
        account: None,
        limit: None,
        at_once: 1,
    };
    let mut future = ahead.clone();
    future.effect = Effect::Kept;
    assert!(
        shop.desk
            .renew(&future, &run, &shop.gateways, &mut |_| {})
            .is_err()
    );
}
