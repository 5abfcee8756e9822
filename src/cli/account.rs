//! `subdesk account`: the paying customers, with everything that stands on one screen about each.

use super::Verbs;
use super::account_agree::{Agree, Disagree};
use super::account_method::MethodVerb;
use super::context::Context;
use super::failure::Failure;
use super::groups::{AtMost, Change, Look, OfAccount};
use super::member::MemberVerb;
use super::parse;
use super::reply::Reply;
use crate::billing::money::Currency;
use crate::billing::policy::State;
use crate::desk::account;
use clap::{Args, Subcommand};

// What can be done with accounts.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum AccountVerb {
    /// Create an account with its owner, and its trial where that starts by itself
    Create(Create),
    /// Show the billing overview of an account, on any day
    Show(Show),
    /// Show how the balance of an account came about, entry by entry
    #[command(after_help = "Example:\n  subdesk account balance acme")]
    Balance(Balance),
    /// List accounts by name
    List(List),
    /// Change name, place, currency or billing details
    Edit(Edit),
    /// The people of an account
    Member(Verbs<MemberVerb>),
    /// The way to pay that is on file
    Method(Verbs<MethodVerb>),
    /// Agree a price, a limit, a feature or a discount with one account
    Agree(Agree),
    /// End an agreement
    Disagree(Disagree),
    /// Move licence and credits to another account
    Transfer(super::transfer::TransferArgs),
    /// Close an account
    Close(Close),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk account create acme --country US --email ana@acme.test\n  \
    subdesk account create loja --country BR --email bia@loja.test --taxpayer 529.982.247-25"
)]
pub(super) struct Create {
    /// The short name that commands use
    #[arg(value_parser = parse::name)]
    account: String,

    /// The country, two letters of ISO 3166
    #[arg(long, value_name = "CC", value_parser = parse::country)]
    country: String,

    /// The owner's e-mail address
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    email: String,

    /// The name on paper [default: the short name]
    #[arg(long, value_name = "TEXT", value_parser = parse::name)]
    title: Option<String>,

    /// The currency, where the country has several [default: its usual one]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<Currency>,

    #[command(flatten)]
    billing: Billing,

    #[command(flatten)]
    change: Change,
}

// Who and where the bills go to.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Billing details; an empty text takes one away")]
pub(super) struct Billing {
    /// The payer's name on invoices
    #[arg(long, value_name = "TEXT")]
    payer: Option<String>,

    /// Where billing mail goes, if not to the owner
    #[arg(long, value_name = "EMAIL")]
    billing_email: Option<String>,

    /// A further address that gets invoices; all of them, one option each
    #[arg(long = "recipient", value_name = "EMAIL")]
    recipients: Option<Vec<String>>,

    /// A line of the postal address; all of them, one option each
    #[arg(long, value_name = "LINE")]
    address: Option<Vec<String>>,

    /// The taxpayer number: CPF, CNPJ, VAT number
    #[arg(long, value_name = "NUMBER")]
    taxpayer: Option<String>,

    /// The telephone number
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,

    /// The language of mail and paper, two letters: en, pt, ar
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
}

impl Billing {
    fn details(self) -> account::Details {
        account::Details {
            payer: self.payer,
            email: self.billing_email,
            recipients: self.recipients,
            address: self.address,
            taxpayer: self.taxpayer,
            phone: self.phone,
            language: self.language,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  subdesk account show acme\n  \
    subdesk account show acme --as-of 2026-12-31 --json=state,plan")]
pub(super) struct Show {
    #[command(flatten)]
    of: OfAccount,
}

#[derive(Debug, Args)]
pub(super) struct Balance {
    #[command(flatten)]
    of: OfAccount,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only names that begin with this
    #[arg(default_value = "", hide_default_value = true)]
    begins: String,

    /// Only of this country
    #[arg(long, value_name = "CC", value_parser = parse::country)]
    country: Option<String>,

    /// Only in this standing: trialing, active, past_due, expired
    #[arg(long, value_name = "STATE", value_parser = parse::choice::<State>)]
    state: Option<State>,

    /// Only on this plan
    #[arg(long, value_name = "PLAN", value_parser = parse::name)]
    plan: Option<String>,

    #[command(flatten)]
    most: AtMost,

    #[command(flatten)]
    look: Look,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  subdesk account edit acme --country PT\n  \
    subdesk account edit acme --billing-email bills@payer.test --for ana@acme.test")]
pub(super) struct Edit {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The name on paper
    #[arg(long, value_name = "TEXT", value_parser = parse::name)]
    title: Option<String>,

    /// The country, two letters of ISO 3166
    #[arg(long, value_name = "CC", value_parser = parse::country)]
    country: Option<String>,

    /// The currency
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<Currency>,

    /// The account's own e-mail address, its owner's
    #[arg(long, value_name = "EMAIL", value_parser = parse::name)]
    email: Option<String>,

    #[command(flatten)]
    billing: Billing,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Close {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    #[command(flatten)]
    change: Change,
}

impl AccountVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            AccountVerb::Create(create) => {
                let request = account::Create {
                    name: create.account,
                    title: create.title,
                    country: create.country,
                    currency: create.currency,
                    email: create.email,
                    billing: create.billing.details(),
                };
                cx.perform(&create.change, &request)
            }
            AccountVerb::Show(show) => {
                let question = account::Show {
                    account: show.of.account,
                };
                cx.ask_for(&show.of.look, &show.of.behalf, &question)
            }
            AccountVerb::Balance(balance) => {
                let question = crate::desk::balance::Show {
                    account: balance.of.account,
                };
                cx.ask_for(&balance.of.look, &balance.of.behalf, &question)
            }
            AccountVerb::List(list) => {
                let question = account::List {
                    begins: list.begins,
                    country: list.country,
                    state: list.state,
                    plan: list.plan,
                    at_most: list.most.asked(),
                };
                cx.ask(&list.look, &question)
                    .map(|reply| list.most.cut(reply))
            }
            AccountVerb::Edit(edit) => {
                let request = account::Edit {
                    account: edit.account,
                    title: edit.title,
                    country: edit.country,
                    currency: edit.currency,
                    email: edit.email,
                    billing: edit.billing.details(),
                };
                cx.perform(&edit.change, &request)
            }
            AccountVerb::Member(of) => of.verb.run(cx),
            AccountVerb::Method(of) => of.verb.run(cx),
            AccountVerb::Agree(agree) => agree.run(cx),
            AccountVerb::Disagree(disagree) => disagree.run(cx),
            AccountVerb::Transfer(transfer) => transfer.run(cx),
            AccountVerb::Close(close) => {
                let accepted = close.change.yes;
                cx.perform(
                    &close.change,
                    &account::Close {
                        account: close.account,
                        accepted,
                    },
                )
            }
        }
    }
}

/// Reads a currency: `USD`.
pub(super) fn currency(text: &str) -> Result<Currency, String> {
    let code = text.trim().to_uppercase();
    code.parse::<Currency>().map_err(|error| error.to_string())
}
