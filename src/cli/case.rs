//! `subdesk case`: what people must handle, with its route.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Change, Look, Which};
use super::parse;
use super::reply::Reply;
use crate::billing::policy::Situation;
use crate::desk::case;
use clap::{Args, Subcommand};
use std::collections::BTreeMap;

// What can be done with cases.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum CaseVerb {
    /// List cases, newest first
    List(List),
    /// Show a case
    Show(Show),
    /// Open a case; it goes where the seller's policy routes it
    Create(Create),
    /// Close a case with what came of it
    Close(Close),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only about this: sales, partner, support, payment, contract, transfer, help, demo
    #[arg(long, value_name = "ABOUT", value_parser = parse::choice::<Situation>)]
    about: Option<Situation>,

    /// Only open or closed ones
    #[arg(long, value_name = "STATE", value_parser = ["open", "closed"])]
    state: Option<String>,

    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The case's number, such as C-000042
    #[arg(value_parser = parse::name)]
    case: String,

    #[command(flatten)]
    look: Look,
}

// How to reach who wants something.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Whom to answer")]
pub(super) struct Contact {
    /// The contact's name
    #[arg(long, value_name = "TEXT", value_parser = parse::name)]
    name: Option<String>,

    /// The contact's e-mail address [default: the member's]
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    email: Option<String>,

    /// The contact's telephone number
    #[arg(long, value_name = "NUMBER", value_parser = parse::name)]
    phone: Option<String>,
}

impl Contact {
    /// By the names that routes and plans ask for.
    pub(super) fn fields(self) -> BTreeMap<String, String> {
        let fields = [
            ("name", self.name),
            ("email", self.email),
            ("phone", self.phone),
        ];
        let given = fields.into_iter();
        given
            .filter_map(|(field, value)| Some((field.to_owned(), value?)))
            .collect()
    }
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  subdesk case create acme --about payment --text \"The card is refused.\""
)]
pub(super) struct Create {
    /// The account; leave it out for a visitor who has none yet
    #[arg(value_parser = parse::name)]
    account: Option<String>,

    /// What it is about: sales, partner, support, payment, contract, transfer, help, demo
    #[arg(long, value_name = "ABOUT", value_parser = parse::choice::<Situation>)]
    about: Situation,

    /// In words
    #[arg(long, value_name = "TEXT", value_parser = parse::remark)]
    text: Option<String>,

    #[command(flatten)]
    contact: Contact,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Close {
    /// The case's number
    #[arg(value_parser = parse::name)]
    case: String,

    /// What came of it
    #[arg(long, value_name = "TEXT", value_parser = parse::remark)]
    outcome: String,

    #[command(flatten)]
    change: Change,
}

impl CaseVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            CaseVerb::List(list) => {
                let question = case::List {
                    filter: list.which.filter(list.state),
                    account: list.which.account,
                    about: list.about,
                };
                cx.ask(&list.which.look, &question)
                    .map(|reply| list.which.most.cut(reply))
            }
            CaseVerb::Show(show) => cx.ask(&show.look, &case::Show { case: show.case }),
            CaseVerb::Create(create) => {
                let text = match create.text {
                    Some(text) => text,
                    None => cx.asker(&create.change).text(
                        "What is it about, in a sentence?",
                        None,
                        &|text| parse::remark(text).map(|_| ()),
                        "--text",
                    )?,
                };
                let request = case::Create {
                    account: create.account,
                    about: create.about,
                    text,
                    contact: create.contact.fields(),
                };
                cx.perform(&create.change, &request)
            }
            CaseVerb::Close(close) => {
                let request = case::Close {
                    case: close.case,
                    outcome: close.outcome,
                };
                cx.perform(&close.change, &request)
            }
        }
    }
}
