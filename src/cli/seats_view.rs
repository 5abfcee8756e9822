//! `subdesk seats show | list | assign | release`: who holds a seat.

use super::context::Context;
use super::failure::Failure;
use super::groups::{Change, OfAccount};
use super::parse;
use super::reply::Reply;
use crate::desk::member::{ListHolders, Seating, SetSeat, ShowSeats};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    of: OfAccount,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    of: OfAccount,
}

#[derive(Debug, Args)]
pub(super) struct Assign {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The member's e-mail address
    #[arg(value_parser = parse::name)]
    email: String,

    /// The seat type [default: the plan's usual one]
    #[arg(long = "type", value_name = "TYPE", value_parser = parse::name)]
    seat_type: Option<String>,

    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(super) struct Release {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// The member's e-mail address
    #[arg(value_parser = parse::name)]
    email: String,

    #[command(flatten)]
    change: Change,
}

impl Show {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        cx.ask_for(
            &self.of.look,
            &self.of.behalf,
            &ShowSeats {
                account: self.of.account,
            },
        )
    }
}

impl List {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let question = ListHolders {
            account: self.of.account,
        };
        cx.ask_for(&self.of.look, &self.of.behalf, &question)
    }
}

impl Assign {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let seat = Seating::Assign(self.seat_type);
        let request = SetSeat {
            account: self.account,
            email: self.email,
            seat,
        };
        cx.perform(&self.change, &request)
    }
}

impl Release {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        let seat = Seating::Release;
        let request = SetSeat {
            account: self.account,
            email: self.email,
            seat,
        };
        cx.perform(&self.change, &request)
    }
}
