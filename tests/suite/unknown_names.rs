//! A name that stands for nothing is a thing that is not found, whichever command is given it: exit 4 and the code
//! `not_found`, with a next step. A rule that says no is another thing (exit 3), and so is a slip in the words of a
//! list that everybody shares, such as currencies and countries (exit 2).

use crate::support::{Ran, Sandbox};
use crate::writes::{WRITES, ran};

/// What stands in place of a word, if the word names something that may not be there.
fn unknown(words: &[&str], at: usize) -> Option<String> {
    const NAMED: [&str; 19] = [
        "paid",
        "trial",
        "open",
        "bare",
        "later",
        "due",
        "acme",
        "old",
        "new",
        "space",
        "shop",
        "pro",
        "advanced",
        "enterprise",
        "base",
        "card",
        "ai",
        "leads",
        "ai-5000",
    ];
    const MADE: [&str; 2] = ["account create", "account member add"];
    let word = words[at];
    let command = words.join(" ");
    let made = MADE.iter().any(|made| command.starts_with(made));
    // Who asks is a question of rights, and an address to write to is no name.
    let asked = matches!(words[at - 1], "--for" | "--email");
    let numbered = ["O-", "INV-", "P-", "M-", "C-"];
    let number = numbered.iter().find(|letter| word.starts_with(**letter));
    match word {
        _ if at < 2 || asked => None,
        _ if NAMED.contains(&word) && !command.starts_with("account create") => {
            Some("nothing-like-it".to_owned())
        }
        _ if word.contains('@') && !made => Some("nobody@nowhere.test".to_owned()),
        _ if word.starts_with("leads=") => Some("nothing-like-it=5".to_owned()),
        _ => number.map(|letter| format!("{letter}999999")),
    }
}

/// Commands that name what is not there, beside those that write.
const LINES: &[&str] = &[
    "account show nothing-like-it",
    "account list --plan nothing-like-it",
    "account member list nothing-like-it",
    "account agree paid --feature nothing-like-it=on --reason x",
    "account agree paid --price nothing-like-it --period 6m --amount 5 --reason x",
    "account agree paid --plan-name nothing-like-it=Best --reason x",
    "account disagree paid 999 --reason x",
    "plan show nothing-like-it",
    "plan show pro --account nothing-like-it",
    "plan compare pro nothing-like-it",
    "plan list --account nothing-like-it",
    "seats show nothing-like-it",
    "seats add paid 2 --type nothing-like-it",
    "seats set paid 7 --type nothing-like-it",
    "seats assign paid b@paid.test --type nothing-like-it",
    "order show O-999999",
    "order list --account nothing-like-it",
    "order create trial --plan pro --period 6m --seats nothing-like-it=2",
    "order create paid --add-on nothing-like-it=1",
    "invoice list --account nothing-like-it",
    "invoice show INV-2026-999999",
    "invoice export INV-2026-999999 --to .",
    "payment list --account nothing-like-it",
    "payment refund P-999999 --reason x --yes",
    "payment settle P-999999",
    "credit show nothing-like-it",
    "credit show paid --member nobody@nowhere.test",
    "credit use paid ai 5 --member nobody@nowhere.test",
    "limit show nothing-like-it",
    "limit check paid nothing-like-it 5",
    "limit check paid leads 5 --member nobody@nowhere.test",
    "trial show nothing-like-it",
    "trial list --account nothing-like-it",
    "case show C-999999",
    "case list --account nothing-like-it",
    "case close 999999 --outcome x",
    "message show M-999999",
    "message list --account nothing-like-it",
    "message retry M-999999",
    "journal show 999999",
    "journal show --key nothing-like-it",
    "journal list --account nothing-like-it",
    "renew due --account nothing-like-it",
    "renew retry O-999999",
    "catalog show 999",
    "catalog show nothing-like-it",
    "catalog use nothing-like-it.toml",
    "db restore nothing-like-it.db",
    "policy show 999",
    "policy compare --account paid --to-plan nothing-like-it",
];

/// Codes of a list that everybody shares, which no store is asked for.
const SLIPS: &[&str] = &[
    "account create x --country XX --email a@x.test",
    "account create x --country Brazil --email a@x.test",
    "account create x --country US --currency XYZ --email a@x.test",
    "account edit paid --country XX",
    "account edit paid --currency XYZ",
    "db init --catalog nothing-like-it",
    "policy compare --account paid --to-plan pro --ruleset nothing-like-it",
    "account list --country XX",
    "plan list --country XX",
    "plan show pro --currency XYZ",
    "order create trial --plan pro --period 6m --seats 2 --amount-off 5XYZ",
];

/// What exists, and a rule does not allow here.
const RULES: &[&str] = &[
    "account edit paid --currency JPY",
    "plan list --currency JPY",
    "plan request paid pro --name Ann --email a@x.test",
    "plan change paid pro --for nobody@nowhere.test",
];

fn asked(sandbox: &Sandbox, line: &str) -> Ran {
    ran(sandbox, &format!("{line} --json"))
}

#[test]
fn every_command_that_is_given_a_name_of_nothing_says_that_it_is_not_found() {
    let mut wrong = Vec::new();
    let mut check = |sandbox: &Sandbox, line: &str| {
        let ran = asked(sandbox, line);
        let error = match ran.code {
            4 => ran.error(),
            _ => serde_json::Value::Null,
        };
        let hinted = error["hint"].as_array().is_some_and(|all| !all.is_empty());
        if ran.code != 4 || error["code"] != "not_found" || !hinted {
            wrong.push(format!("{line}: {} {}", ran.code, ran.stderr.trim()));
        }
    };
    for write in WRITES {
        let sandbox = write.stage.set();
        let words: Vec<&str> = write.line.split_whitespace().collect();
        for at in 1..words.len() {
            let Some(other) = unknown(&words, at) else {
                continue;
            };
            let mut words: Vec<&str> = words.clone();
            words[at] = &other;
            check(&sandbox, &words.join(" "));
        }
    }
    let sandbox = WRITES[0].stage.set();
    for line in LINES {
        check(&sandbox, line);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_slip_in_a_list_that_everybody_shares_is_a_wrong_word_and_a_rule_is_a_refusal() {
    let sandbox = WRITES[0].stage.set();
    for (lines, code) in [(SLIPS, 2), (RULES, 3)] {
        for line in lines {
            let ran = asked(&sandbox, line);
            assert_eq!(ran.code, code, "{line}: {ran:?}");
            assert_ne!(ran.error()["code"], "not_found", "{line}");
        }
    }
}
