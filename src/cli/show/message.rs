//! Messages on the page.

use super::page::{Page, Table};
use crate::wire::message::{Brief, Message, Post};

/// Messages, briefly.
pub(super) fn messages(page: &mut Page, messages: &[Brief]) {
    let table = table(messages);
    page.list(&table);
}

fn table(messages: &[Brief]) -> Table {
    let mut table = Table::new(&[
        "Message", "Account", "Kind", "About", "To", "State", "Tries",
    ])
    .numbers(&[6]);
    for message in messages {
        table.row([
            message.number.clone(),
            message.account.clone(),
            message.kind.clone(),
            message.about.clone(),
            message.to.join(", "),
            message.state.name().to_owned(),
            message.attempts.to_string(),
        ]);
    }
    table
}

/// One message, and how it reads where that was asked for.
pub(super) fn message(page: &mut Page, message: &Message) {
    let head = &message.head;
    page.heading(&format!("{}: {}", head.number, head.kind));
    page.record(&[
        ("Account", Some(head.account.clone())),
        ("About", Some(head.about.clone())),
        ("To", Some(head.to.join(", "))),
        ("State", Some(head.state.name().to_owned())),
        ("In the outbox since", Some(head.at.to_string())),
        ("Delivered", head.sent_at.map(|at| at.to_string())),
        ("Tries", Some(head.attempts.to_string())),
        ("Next try", head.next_at.map(|at| at.to_string())),
        ("Trouble", head.trouble.clone()),
        ("Message-ID", message.message_id.clone()),
        ("SHA-256", message.digest.clone()),
    ]);
    if let Some(preview) = &message.preview {
        page.heading("Preview");
        page.record(&[
            ("From", preview.from.clone()),
            ("Subject", Some(preview.subject.clone())),
            ("Attached", Some(preview.attachments.join(", "))),
        ]);
        page.line("");
        for line in preview.text.lines() {
            page.line(line);
        }
    }
}

/// What a run of the outbox came to.
pub(super) fn post(page: &mut Page, post: &Post) {
    if post.messages.is_empty() {
        page.line("Nothing waits.");
        return;
    }
    page.list(&table(&post.messages));
    page.line(&format!(
        "Delivered {}, waiting {}, given up {}.",
        post.sent, post.waiting, post.failed
    ));
}
