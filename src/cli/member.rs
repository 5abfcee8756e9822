//! `subdesk account member`: the people of an account.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Change, OfAccount};
use super::parse;
use super::reply::Reply;
use crate::billing::policy::Role;
use crate::desk::member::{self, Becomes, Seat};
use clap::{Args, Subcommand};

// What can be done with members.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum MemberVerb {
    /// Invite a member, who takes a free seat
    Add(Add),
    /// List the members of an account
    List(List),
    /// Give a member another role; a new owner takes over from the one before
    Role(ToRole),
    /// Disable a member: kept without rights, and the seat is free
    Disable(Which),
    /// Let a disabled member come back, with a seat
    Enable(Enable),
    /// Remove a member for good
    Remove(Which),
    /// Let a member of a role that needs it see and change bills
    Grant(Grant),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  subdesk account member add acme bob@acme.test --role admin")]
pub(super) struct Add {
    #[command(flatten)]
    who: Who,

    /// The role: admin, member, guest
    #[arg(long, value_name = "ROLE", default_value = "member", value_parser = parse::choice::<Role>)]
    role: Role,

    #[command(flatten)]
    seat: SeatWanted,

    #[command(flatten)]
    change: Change,
}

// An account and one of its members.
#[derive(Debug, Args)]
pub(super) struct Who {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The member's e-mail address
    #[arg(value_parser = parse::name)]
    email: String,
}

// The seat that a member takes.
#[derive(Debug, Args)]
pub(super) struct SeatWanted {
    /// The seat type [default: the plan's usual one]
    #[arg(long = "type", value_name = "TYPE", value_parser = parse::name)]
    seat_type: Option<String>,

    /// Take no seat
    #[arg(long, conflicts_with = "seat_type")]
    no_seat: bool,
}

impl SeatWanted {
    fn seat(self) -> Seat {
        match (self.no_seat, self.seat_type) {
            (true, _) => Seat::Without,
            (false, Some(seat_type)) => Seat::Of(seat_type),
            (false, None) => Seat::Usual,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    of: OfAccount,
}

#[derive(Debug, Args)]
pub(super) struct ToRole {
    #[command(flatten)]
    who: Who,

    /// The role: owner, admin, member, guest
    #[arg(value_parser = parse::choice::<Role>)]
    role: Role,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Which {
    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Enable {
    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    seat: SeatWanted,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Grant {
    #[command(flatten)]
    who: Who,

    /// Take the grant back
    #[arg(long)]
    withdraw: bool,

    #[command(flatten)]
    change: Change,
}

impl MemberVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            MemberVerb::Add(add) => {
                let request = member::Add {
                    account: add.who.account,
                    email: add.who.email,
                    role: add.role,
                    seat: add.seat.seat(),
                };
                cx.perform(&add.change, &request)
            }
            MemberVerb::List(list) => {
                let question = member::List {
                    account: list.of.account,
                };
                cx.ask_for(&list.of.look, &list.of.behalf, &question)
            }
            MemberVerb::Role(to) => to.who.becomes(cx, &to.change, Becomes::Role(to.role)),
            MemberVerb::Disable(which) => which.who.becomes(cx, &which.change, Becomes::Disabled),
            MemberVerb::Enable(enable) => {
                let becomes = Becomes::Enabled(enable.seat.seat());
                enable.who.becomes(cx, &enable.change, becomes)
            }
            MemberVerb::Remove(which) => {
                let question = format!("Remove {} for good?", which.who.email);
                cx.confirm(&which.change, &question)?;
                which.who.becomes(cx, &which.change, Becomes::Removed)
            }
            MemberVerb::Grant(grant) => {
                let becomes = match grant.withdraw {
                    true => Becomes::NotGranted,
                    false => Becomes::Granted,
                };
                grant.who.becomes(cx, &grant.change, becomes)
            }
        }
    }
}

impl Who {
    fn becomes(
        self,
        cx: &mut Context,
        change: &Change,
        becomes: Becomes,
    ) -> Result<Reply, Failure> {
        let request = member::Set {
            account: self.account,
            email: self.email,
            becomes,
        };
        cx.perform(change, &request)
    }
}
