//! Every message has its words, in every language, and no fact can steer them.

use super::*;
use crate::wire::seller::{policy, presets};

fn facts(language: &str) -> Facts {
    let text = |text: &str| text.to_owned();
    Facts {
        direction: "ltr",
        language: text(language),
        seller: SellerFacts {
            name: text("Seller"),
            email: Some(text("billing@seller.example")),
            phone: None,
            website: Some(text("seller.example")),
            address: vec![text("1 Road")],
            colour: text("#1f5fbf"),
        },
        customer: Customer {
            name: text("Acme & <Söhne>"),
            account: text("acme"),
        },
        day: Some(text("DAY")),
        limit: Some(text("LIMIT")),
        subscription: Some(Subscription {
            plan: text("PLAN"),
            paid_until: Some(text("UNTIL")),
            paid_through: Some(text("THROUGH")),
            auto_renew: true,
        }),
        order: Some(Order {
            number: text("O-1"),
            total: text("TOTAL"),
            due: text("DUE"),
            lapses_on: Some(text("LAPSES")),
        }),
        invoice: Some(Invoice {
            number: text("INV-1"),
            issued_on: text("ISSUED"),
            due_on: text("DUEDAY"),
            total: text("SUM"),
            open: text("OPEN"),
            paid: false,
            corrects: Some(text("INV-0")),
        }),
        payment: Some(Payment {
            number: text("P-1"),
            amount: text("AMOUNT"),
            method: text("METHOD"),
            day: text("PAYDAY"),
            reason: Some(text("REASON")),
        }),
        attached: true,
    }
}

fn sparse(language: &str) -> Facts {
    let full = facts(language);
    Facts {
        day: None,
        limit: None,
        subscription: None,
        order: None,
        payment: None,
        attached: false,
        seller: SellerFacts {
            email: None,
            address: Vec::new(),
            ..full.seller.clone()
        },
        ..full
    }
}

fn letters() -> Letters {
    Letters::new(None).unwrap()
}

#[test]
fn every_kind_is_worded_in_three_languages_with_many_facts_and_with_few() {
    let mut subjects = Vec::new();
    for kind in KINDS {
        for language in ["en", "pt", "es"] {
            let name = format!("{kind}.{language}.txt");
            assert!(
                built_in(&name).is_some_and(|text| text.len() > 80),
                "{name}"
            );
            for facts in [facts(language), sparse(language)] {
                let worded = letters().write(kind, &facts).unwrap();
                assert!(
                    !worded.subject.is_empty() && !worded.subject.contains("  "),
                    "{name}"
                );
                assert!(worded.text.contains("Seller"), "{name}: {}", worded.text);
                assert!(
                    !worded.text.contains("  ") && !worded.text.contains(" ."),
                    "{name}: {}",
                    worded.text
                );
                assert!(
                    worded.html.contains("&lt;Söhne&gt;") || *kind == "invitation",
                    "{name}"
                );
                subjects.push((language, worded.subject));
            }
        }
    }
    let english: Vec<_> = subjects
        .iter()
        .filter(|(language, _)| *language == "en")
        .collect();
    let others = subjects.iter().filter(|(language, _)| *language != "en");
    for (language, subject) in others {
        assert!(
            english.iter().all(|(_, known)| known != subject),
            "{language}: {subject}"
        );
    }
}

/// Kinds named in the policies of the built-in sellers, and in the rules.
fn named() -> Vec<String> {
    let mut kinds = Vec::new();
    for preset in presets() {
        let policy = policy(preset.policy, preset.name).unwrap();
        kinds.extend(policy.timeline.into_iter().filter_map(|step| step.message));
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.join("billing"), root.join("desk")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().contains("test") {
                let text: String = std::fs::read_to_string(path)
                    .unwrap()
                    .split_whitespace()
                    .collect();
                for mark in [
                    "message(scene,\"",
                    "message(&scene,\"",
                    "told(scene,&mutended,\"",
                    "kind:\"",
                ] {
                    for (at, _) in text.match_indices(mark) {
                        let rest = &text[at + mark.len()..];
                        let (kind, after) = rest.split_once('"').unwrap();
                        if mark != "kind:\"" || after.starts_with(".to_owned(),about") {
                            kinds.push(kind.to_owned());
                        }
                    }
                }
            }
        }
    }
    kinds
}

#[test]
fn every_message_that_anything_sends_has_its_template() {
    let named = named();
    for known in [
        "receipt",
        "payment_declined",
        "renewal_reminder",
        "limit_reached",
        "cancelled",
        "ended",
    ] {
        assert!(
            named.iter().any(|kind| kind == known),
            "{known} was not found"
        );
    }
    for kind in named {
        assert!(KINDS.contains(&kind.as_str()), "{kind} has no template");
    }
}

#[test]
fn a_kind_or_language_that_nobody_wrote_for_is_told_or_falls_back() {
    let unknown = letters().write("sunrise", &facts("en")).unwrap_err();
    assert!(unknown.to_string().contains("sunrise.en.txt"));
    for kind in ["../receipt", "", "a/b", "receipt\0"] {
        assert!(matches!(
            letters().write(kind, &facts("en")),
            Err(Unworded::NoTemplate { .. })
        ));
    }
    let german = letters().write("receipt", &facts("de-AT")).unwrap();
    assert!(german.subject.starts_with("Receipt for invoice INV-1"));
    let brazilian = letters().write("receipt", &facts("pt-BR")).unwrap();
    assert!(brazilian.subject.starts_with("Recibo da fatura INV-1"));
}

#[test]
fn a_folder_of_ones_own_replaces_text_and_page() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put(
        "receipt.en.txt",
        "Subject: Thanks {{ customer.name }}\r\n\r\nPaid {{ payment.amount }}.\r\n",
    );
    put(
        "letter.html",
        "<b>{{ subject }}</b>{% for p in paragraphs %}<p>{{ p[0] }}</p>{% endfor %}",
    );
    let letters = Letters::new(Some(folder.path().to_owned())).unwrap();
    let worded = letters.write("receipt", &facts("en")).unwrap();
    assert_eq!(worded.subject, "Thanks Acme & <Söhne>");
    assert_eq!(worded.text, "Paid AMOUNT.\n");
    assert_eq!(
        worded.html,
        "<b>Thanks Acme &amp; &lt;Söhne&gt;</b><p>Paid AMOUNT.</p>"
    );
    assert!(
        letters
            .write("receipt", &facts("es"))
            .unwrap()
            .subject
            .starts_with("Recibo")
    );
    put("receipt.en.txt", "Subject: x\n\n{{ customer.nmae }}\n");
    let wrong = letters
        .write("receipt", &facts("en"))
        .unwrap_err()
        .to_string();
    assert!(wrong.contains("receipt.en.txt"), "{wrong}");
    put("receipt.en.txt", "Hello\n");
    let wrong = letters
        .write("receipt", &facts("en"))
        .unwrap_err()
        .to_string();
    assert!(wrong.contains("Subject: "), "{wrong}");
}

#[test]
fn no_name_can_add_a_header_or_a_tag() {
    let mut facts = facts("en");
    facts.customer.name = "x\r\nBcc: all@x.example\r\n\r\n<script>\u{1b}[2J\u{202e}".to_owned();
    let worded = letters().write("invitation", &facts).unwrap();
    assert!(!worded.subject.contains(['\r', '\n', '\u{1b}', '\u{202e}']));
    assert!(!worded.html.contains("<script>"));
}
