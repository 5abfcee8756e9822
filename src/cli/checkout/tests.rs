//! The whole conversation, answered from a list, at every built-in seller.

use super::super::ask::Scripted;
use super::super::clock::Clock;
use super::super::context::Context;
use super::super::groups::Global;
use super::super::out::{Out, Talk};
use super::super::settings::Settings;
use super::Checkout;
use crate::billing::policy::OrderKind;
use crate::wire::Document;
use anstream::ColorChoice;
use clap::Parser;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    checkout: Checkout,
}

/// What came of a checkout at a seller: the kept order, and the answers that nobody asked for.
fn answered(
    seller: &str,
    words: &[&str],
    answers: &[&'static str],
) -> (Document, Vec<&'static str>) {
    let folder = tempfile::tempdir().unwrap();
    let global = Global {
        db: Some(folder.path().join("desk.db")),
        catalog: Some(seller.to_owned()),
        ..Global::default()
    };
    let cx = Context {
        settings: Settings::read(&global).unwrap(),
        clock: Clock {
            recorded_at: "2026-07-01T09:00:00Z".parse().unwrap(),
        },
        out: Out::of(ColorChoice::Never, Talk::Quiet),
    };
    let line = Line::parse_from([&["checkout"], words].concat());
    let mut asker = Scripted(answers.iter().copied().collect());
    let reply = match line.checkout.guide(&cx, &mut asker) {
        Ok(reply) => reply,
        Err(failure) => panic!("{seller}: {:?}", failure.line()),
    };
    let document = reply.as_document().unwrap().clone();
    (document, asker.0.into_iter().collect())
}

#[test]
fn every_seller_sells_to_a_newcomer_who_only_answers_questions() {
    let newcomer = ["Acme Ltd", "", "US", "ana@acme.test"];
    let sales: [(&str, &[&'static str]); 5] = [
        ("kommo", &["Advanced", "6 months", "3", "Card", ""]),
        (
            "kommo-2024",
            &["Advanced", "6 months", "3", "PayPal", "1 Main Street"],
        ),
        ("kumospace", &["Business", "1 year", "4", ""]),
        ("kustomer", &["Enterprise", "1 year", "7", "8", ""]),
        ("kaspr", &["Starter", "1 year", "1", "1 Main Street"]),
    ];
    for (seller, choices) in sales {
        let answers = [&newcomer[..], choices, &["yes", "token-1"]].concat();
        let (document, left) = answered(seller, &[], &answers);
        assert!(left.is_empty(), "{seller}: {left:?}");
        let Document::Order(order) = document else {
            panic!("{seller}: {document:?}");
        };
        assert_eq!(order.kind, OrderKind::Purchase, "{seller}");
        assert!(order.invoice.is_some(), "{seller}: {order:?}");
        assert_eq!(order.payments.len(), 1, "{seller}");
    }
}

#[test]
fn what_was_given_is_not_asked() {
    let words = [
        "--plan", "base", "--period", "6m", "--seats", "2", "--method", "card",
    ];
    let given = [
        "--address",
        "1 Main Street",
        "--reference",
        "token-1",
        "--yes",
    ];
    let answers = ["Acme Ltd", "", "US", "ana@acme.test"];
    let (document, left) = answered("kommo", &[&words[..], &given].concat(), &answers);
    assert!(left.is_empty(), "{left:?}");
    assert!(matches!(document, Document::Order(order) if order.invoice.is_some()));
}

#[test]
fn a_brazilian_gives_a_taxpayer_number_and_may_pay_in_parts() {
    let answers = [
        "Rio Ltda",
        "",
        "BR",
        "rui@rio.test",
        "Advanced",
        "1 year",
        "2",
        "Credit card",
        "6",
        "111.444.777-36",
        "111.444.777-35",
        "",
        "yes",
        "",
    ];
    let (document, left) = answered("kommo", &[], &answers);
    assert!(left.is_empty(), "{left:?}");
    let Document::Order(order) = document else {
        panic!("{document:?}");
    };
    assert_eq!((order.instalments.len(), order.payments.len()), (6, 0));
}
