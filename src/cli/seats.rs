//! `subdesk seats`: more, fewer, and who holds them.

use super::context::Context;
use super::failure::Failure;
use super::groups::Change;
use super::parse;
use super::reply::Reply;
use super::seats_view;
use super::wish::Paying;
use crate::desk::order;
use clap::{Args, Subcommand};
use std::collections::BTreeMap;

// What can be done with seats.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(super) enum SeatsVerb {
    /// Show the seats of an account, and who holds them
    Show(seats_view::Show),
    /// List the members with the seats they hold
    List(seats_view::List),
    /// Give a free seat to a member
    Assign(seats_view::Assign),
    /// Take a member's seat back; the bill stays as it is
    Release(seats_view::Release),
    /// Order so many more seats
    Add(Count),
    /// Give up so many seats, when and as the seller's policy says
    Remove(Count),
    /// Order, or give up, seats so that there are so many in all
    Set(Count),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  subdesk seats add acme 2 --dry-run --explain\n  \
    subdesk seats set acme 5 --key T-991"
)]
pub(super) struct Count {
    /// The account
    #[arg(value_parser = parse::name)]
    account: String,

    /// How many
    #[arg(allow_negative_numbers = true, value_parser = parse::quantity)]
    count: u32,

    /// The seat type [default: the plan's usual one]
    #[arg(long = "type", value_name = "TYPE", value_parser = parse::name)]
    seat_type: Option<String>,

    #[command(flatten)]
    paying: Paying,

    #[command(flatten)]
    change: Change,
}

impl SeatsVerb {
    pub(super) fn run(self, cx: &mut Context) -> Result<Reply, Failure> {
        match self {
            SeatsVerb::Show(show) => show.run(cx),
            SeatsVerb::List(list) => list.run(cx),
            SeatsVerb::Assign(assign) => assign.run(cx),
            SeatsVerb::Release(release) => release.run(cx),
            SeatsVerb::Add(count) => count.by(cx, 1),
            SeatsVerb::Remove(count) => count.by(cx, -1),
            SeatsVerb::Set(count) => {
                let seats = BTreeMap::from([(count.kind(), count.count)]);
                let wish = order::Wish {
                    seats: Some(seats),
                    ..order::Wish::default()
                };
                count.order(cx, wish)
            }
        }
    }
}

impl Count {
    fn kind(&self) -> String {
        self.seat_type.clone().unwrap_or_default()
    }

    fn by(self, cx: &mut Context, sign: i64) -> Result<Reply, Failure> {
        let more = i64::from(self.count).saturating_mul(sign);
        let more_seats = BTreeMap::from([(self.kind(), more)]);
        self.order(
            cx,
            order::Wish {
                more_seats,
                ..order::Wish::default()
            },
        )
    }

    fn order(self, cx: &mut Context, wish: order::Wish) -> Result<Reply, Failure> {
        let wish = self.paying.fill(wish);
        cx.perform(
            &self.change,
            &order::Create {
                account: self.account,
                wish,
            },
        )
    }
}
