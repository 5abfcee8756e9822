//! What would help: refusals and missing things as commands to type, and names that are near.

use crate::billing::listed;
use crate::billing::policy::Situation;
use crate::billing::refusal::{Help, Refusal};
use crate::desk::{self, Fault};

/// What would help against a failure of the desk.
pub(super) fn of(failure: &desk::Failure) -> Vec<String> {
    match failure {
        desk::Failure::Refused(refusal) => of_refusal(refusal),
        desk::Failure::NotFound {
            what, near, help, ..
        } => {
            let meant = (!near.is_empty()).then(|| format!("Is it {}?", listed::or(near)));
            let runs = help.iter().any(|help| matches!(help, Help::Run(_)));
            let all = list_command(what).filter(|_| !runs);
            let help = help.iter().map(words);
            meant.into_iter().chain(help).chain(all).collect()
        }
        desk::Failure::Unsettled { help, .. } => vec![command(help)],
        desk::Failure::Store(fault) => of_fault(fault),
        desk::Failure::Halfway { kept, .. } => vec![kept.clone()],
        desk::Failure::Broken(_) => Vec::new(),
    }
}

fn of_refusal(refusal: &Refusal) -> Vec<String> {
    refusal.help.iter().map(words).collect()
}

fn of_fault(fault: &Fault) -> Vec<String> {
    match fault {
        Fault::Missing(_) => vec![
            command("db init"),
            "Name another file with --db or SUBDESK_DB.".to_owned(),
        ],
        Fault::Foreign { .. } => vec!["Name another file with --db or SUBDESK_DB.".to_owned()],
        Fault::Newer { .. } => vec!["Install the newer subdesk.".to_owned()],
        Fault::Damaged { .. } => {
            vec![
                command("db restore COPY --db FILE"),
                "COPY is the last good one that `subdesk db backup` made, FILE a new file."
                    .to_owned(),
            ]
        }
        Fault::ReadOnly(_) => {
            vec!["Check the permissions of the file and of its folder.".to_owned()]
        }
        Fault::Full(_) => vec!["Nothing was kept. Free some space and run it again.".to_owned()],
        Fault::Busy(_) => {
            vec!["Nothing was kept. Run it again, or wait longer with --lock-timeout.".to_owned()]
        }
        Fault::Twice(_) | Fault::Other(_) => Vec::new(),
    }
}

/// One help in the words of the command line.
pub(super) fn words(help: &Help) -> String {
    match help {
        Help::OpenCase(account, situation) => command(&format!(
            "case create {} --about {}",
            shell_word(account),
            situation_name(*situation)
        )),
        Help::Run(text) => command(text),
        Help::Say(sentence) => sentence.clone(),
    }
}

/// A command as it is typed.
fn command(words: &str) -> String {
    format!("subdesk {words}")
}

/// A word that a shell takes as one.
pub(super) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The situation as it is typed.
pub(super) fn situation_name(situation: Situation) -> String {
    let name = serde_json::to_value(situation);
    name.ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn list_command(what: &str) -> Option<String> {
    match what {
        "account" | "plan" | "order" | "invoice" | "case" | "payment" | "message" | "trial" => {
            Some(command(&format!("{what} list")))
        }
        "catalog" | "policy" => Some(command(&format!("{what} list"))),
        "journal line" => Some(command("journal list")),
        "add-on" | "credit" | "feature" | "limit" | "payment method" | "plan or add-on"
        | "seat type" => Some(command("catalog show")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_can_be_pasted_into_a_shell() {
        assert_eq!(shell_word("acme"), "acme");
        assert_eq!(shell_word("O'Neil; rm -rf"), "'O'\\''Neil; rm -rf'");
    }
}
