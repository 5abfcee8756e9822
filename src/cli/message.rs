//! `subdesk message`: the outbox, and sending what waits in it.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::groups::{AtMost, Change, Look, Shape};
use super::journal::look;
use super::parse;
use super::reply::Reply;
use crate::billing::calendar::Day;
use crate::billing::message::MessageState;
use crate::desk::outbox::{self, Pick};
use crate::desk::{Effect, Purpose, Terms};
use crate::wire::Document;
use crate::wire::message::Post;
use clap::{Args, Subcommand, ValueEnum};

// What can be done with messages.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum MessageVerb {
    /// List messages, newest first
    List(List),
    /// Show a message, where it stands, and how it reads
    Show(Show),
    /// Send what waits
    Send(Send),
    /// Send a message again that was not delivered
    Retry(Retry),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only messages of this account
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    account: Option<String>,

    /// Only messages in this state
    #[arg(long, value_name = "STATE")]
    state: Option<State>,

    /// Only messages of this kind: receipt, renewal_reminder
    #[arg(long, value_name = "KIND", value_parser = parse::name)]
    kind: Option<String>,

    /// Only messages that were put into the outbox on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    since: Option<Day>,

    /// Only messages that were put into the outbox before this day
    #[arg(long, value_name = "DATE", value_parser = parse::day)]
    until: Option<Day>,

    #[command(flatten)]
    most: AtMost,

    #[command(flatten)]
    shape: Shape,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    /// In the outbox.
    Waiting,
    /// Handed over, and nobody knows what came of it.
    Sending,
    /// Delivered.
    Sent,
    /// Given up.
    Failed,
}

impl From<State> for MessageState {
    fn from(state: State) -> MessageState {
        match state {
            State::Waiting => MessageState::Waiting,
            State::Sending => MessageState::Sending,
            State::Sent => MessageState::Sent,
            State::Failed => MessageState::Failed,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The message's number
    #[arg(value_parser = parse::name)]
    message: String,

    /// Show how it would read if it were written now
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true,
          default_missing_value = "text")]
    preview: Option<Form>,

    #[command(flatten)]
    look: Look,
}

/// The form of a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Head and plain text.
    Text,
    /// The HTML alone, for a file or a browser.
    Html,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The mail route is a setting: SUBDESK_MAIL_ROUTE is smtps://HOST, starttls://HOST, smtp://HOST, \
    sendmail or folder:DIR; SUBDESK_MAIL_USER logs in with the password in SUBDESK_MAIL_PASSWORD or in the file \
    SUBDESK_MAIL_PASSWORD_FILE.\n\nSays nothing when all went well. Ends with 5 when a message was not delivered."
)]
pub(super) struct Send {
    /// Only these messages
    #[arg(value_name = "MESSAGE", value_parser = parse::name)]
    messages: Vec<String>,

    /// At most so many
    #[arg(long, value_name = "COUNT", default_value = "1000", allow_negative_numbers = true, value_parser = parse::quantity)]
    limit: u32,

    /// Show each message that was tried
    #[arg(long)]
    report: bool,

    /// Show what would be tried, and send nothing
    #[arg(long, short = 'n')]
    dry_run: bool,

    /// Who runs the command [default: the system user]
    #[arg(long, value_name = "NAME", value_parser = parse::name)]
    by: Option<String>,

    #[command(flatten)]
    shape: Shape,
}

#[derive(Debug, Args)]
pub(super) struct Retry {
    /// The message's number
    #[arg(value_parser = parse::name)]
    message: String,

    /// Another address; may be given several times
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    to: Vec<String>,

    #[command(flatten)]
    change: Change,
}

impl MessageVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            MessageVerb::List(list) => {
                let question = outbox::List {
                    account: list.account,
                    state: list.state.map(Into::into),
                    kind: list.kind,
                    since: list.since,
                    until: list.until,
                    at_most: list.most.asked(),
                };
                let reply = cx.ask(&look(list.shape), &question)?;
                Ok(list.most.cut(reply))
            }
            MessageVerb::Show(show) => show.run(cx),
            MessageVerb::Send(send) => send.run(cx),
            MessageVerb::Retry(retry) => {
                let request = outbox::Retry {
                    message: retry.message,
                    to: retry.to,
                };
                let reply = cx.perform(&retry.change, &request)?;
                deliver(cx, &retry.change, reply)
            }
        }
    }
}

impl Show {
    fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let Some(form) = self.preview else {
            let message = self.message;
            return cx.ask(&self.look, &outbox::Show { message });
        };
        let mut room = cx.setup().postroom().map_err(unusable)?;
        let mut desk = cx.open(Purpose::Look)?;
        let terms = cx.terms_of_look(&self.look, cx.zone(&mut desk)?);
        let document = desk.preview(&terms, &mut room, &self.message)?;
        Ok(match (form, &document) {
            (Form::Html, Document::Message(message)) => {
                let html = message.preview.as_ref().map(|preview| preview.html.clone());
                Reply::text(html.unwrap_or_default())
            }
            _ => Reply::document(document, self.look.shape.form()),
        })
    }
}

impl Send {
    fn run(self, cx: &Context) -> Result<Reply, Failure> {
        let pick = match self.messages.is_empty() {
            true => Pick::Due {
                at_most: self.limit,
            },
            false => Pick::Numbers(self.messages),
        };
        let mut desk = cx.open(Purpose::Write)?;
        let zone = cx.zone(&mut desk)?;
        let mut terms = cx.terms_of_look(&Look::default(), zone);
        if let Some(by) = self.by {
            terms.by = by;
        }
        terms.effect = match self.dry_run {
            true => Effect::DryRun,
            false => Effect::Kept,
        };
        let (post, notes) = run(cx, &mut desk, &terms, &pick)?;
        let whole = self.report || self.dry_run || self.shape.form() != super::reply::Form::Human;
        let mut reply = match whole {
            true => Reply::document(Document::Post(post.clone()), self.shape.form()),
            false => Reply::nothing(),
        };
        if !self.dry_run {
            reply = told(reply, &post);
        }
        Ok(notes.into_iter().fold(reply, Reply::note))
    }
}

/// Sends at once what a command has just put into the outbox, where there is a route.
pub(super) fn deliver(cx: &Context, change: &Change, reply: Reply) -> Result<Reply, Failure> {
    let number = match reply.as_document() {
        Some(Document::Message(message)) if !change.dry_run => message.head.number.clone(),
        _ => return Ok(reply),
    };
    if cx.setup().route.route.is_empty() {
        return Ok(reply.note("There is no mail route, so it waits in the outbox."));
    }
    let mut desk = cx.open(Purpose::Write)?;
    let zone = cx.zone(&mut desk)?;
    let mut terms = cx.terms_of_look(&Look::default(), zone);
    if let Some(by) = &change.by {
        terms.by.clone_from(by);
    }
    terms.effect = Effect::Kept;
    // A replayed command may find its message sent long ago.
    let message = number.clone();
    let state = desk.ask(&terms, &outbox::Show { message })?;
    if matches!(&state, Document::Message(message) if message.head.state == MessageState::Sent) {
        return Ok(reply);
    }
    let (post, notes) = run(cx, &mut desk, &terms, &Pick::Numbers(vec![number.clone()]))?;
    let shown = desk.ask(&terms, &outbox::Show { message: number })?;
    let reply = told(Reply::document(shown, change.look.shape.form()), &post);
    Ok(notes.into_iter().fold(reply, Reply::note))
}

fn run(
    cx: &Context,
    desk: &mut crate::desk::Desk,
    terms: &Terms,
    pick: &Pick,
) -> Result<(Post, Vec<String>), Failure> {
    let setup = cx.setup();
    let mut room = setup.postroom().map_err(unusable)?;
    let postman = match terms.effect {
        Effect::DryRun => None,
        Effect::Kept => Some(setup.postman().map_err(unusable)?),
    };
    let wait = cx.settings.lock_timeout.value;
    Ok(desk.post(terms, &mut room, postman.as_ref(), pick, wait)?)
}

fn unusable(sentence: String) -> Failure {
    Failure::usage(sentence)
        .say("`subdesk help environment` tells what can be set.")
        .say("`subdesk config show` tells where each setting comes from.")
}

/// What was not delivered is told, and ends the command with 5.
fn told(mut reply: Reply, post: &Post) -> Reply {
    for message in &post.messages {
        let trouble = message.trouble.as_deref().unwrap_or_default();
        let number = &message.number;
        reply = match (message.state, message.next_at) {
            (MessageState::Sent, _) => continue,
            (MessageState::Failed, _) => reply.note(format!(
                "{number} was given up, and a case is open: {trouble}"
            )),
            (_, Some(next)) => reply.note(format!(
                "{number} was not delivered and is tried again from {} {} on: {trouble}",
                next.date(),
                next.format("%H:%M")
            )),
            (_, None) => reply.note(format!("{number} was not delivered: {trouble}")),
        };
    }
    match post.waiting == 0 && post.failed == 0 {
        true => reply,
        false => reply.exit(Exit::Partly),
    }
}
