//! The people of an account, and the seats they hold.

use super::account::elsewhere;
use super::load::{Seen, seen, viewed};
use super::on_account::{Decided, OnAccount};
use super::overview::members;
use super::{Failure, Question, Terms};
use crate::billing::account::Member;
use crate::billing::membership::{self, Granting, Joining};
use crate::billing::policy::{Operation, Role};
use crate::billing::refusal::Refusal;
use crate::billing::seating::{self, SeatWish};
use crate::store::Reader;
use crate::wire::Document;
use crate::wire::seats::{Holder, Seats};
use serde::{Deserialize, Serialize};

/// The people of an account.
#[derive(Debug)]
pub struct List {
    /// The account.
    pub account: String,
}

impl Question for List {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = viewed(read, &self.account, terms)?;
        Ok(Document::Members(members(&seen)))
    }
}

/// What seat a member is to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// One of the usual type.
    #[default]
    Usual,
    /// One of this type.
    Of(String),
    /// None.
    Without,
}

impl Seat {
    fn wish(&self) -> SeatWish {
        match self {
            Seat::Usual => SeatWish::Usual,
            Seat::Of(seat_type) => SeatWish::Of(seat_type.clone()),
            Seat::Without => SeatWish::Without,
        }
    }
}

/// Adds a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Add {
    /// The account.
    pub account: String,
    /// The e-mail address.
    pub email: String,
    /// What he is to be.
    pub role: Role,
    /// The seat he takes.
    #[serde(default)]
    pub seat: Seat,
}

impl OnAccount for Add {
    const NAME: &'static str = "account member add";
    type More = Option<String>;

    fn name(&self) -> &str {
        &self.account
    }

    fn operation(&self) -> Operation {
        Operation::ManageMembers
    }

    fn more(&self, read: Reader<'_>, seen: &Seen) -> Result<Option<String>, Failure> {
        elsewhere(read, &self.email, Some(seen.facts.account.id))
    }

    fn rule(&self, seen: &Seen, other: &Self::More, terms: &Terms) -> Result<Decided, Refusal> {
        let joining = Joining {
            email: &self.email,
            role: self.role,
            seat: self.seat.wish(),
            elsewhere: other.as_deref(),
        };
        Ok(membership::add(&seen.scene(terms), &joining)?.into())
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        Ok(Document::Members(members(&seen(
            read,
            &self.account,
            terms,
        )?)))
    }
}

/// What becomes of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// He gets a role.
    Role(Role),
    /// He is kept without rights, and his seat is free.
    Disabled,
    /// He comes back.
    Enabled(Seat),
    /// He is removed for good.
    Removed,
    /// He is granted billing.
    Granted,
    /// He is no longer granted billing.
    NotGranted,
}

/// Changes a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// The account.
    pub account: String,
    /// The member.
    pub email: String,
    /// What becomes of him.
    pub becomes: Becomes,
}

impl OnAccount for Set {
    const NAME: &'static str = "account member set";
    type More = Member;

    fn name(&self) -> &str {
        &self.account
    }

    fn called(&self) -> &'static str {
        match self.becomes {
            Becomes::Role(_) => "account member role",
            Becomes::Disabled => "account member disable",
            Becomes::Enabled(_) => "account member enable",
            Becomes::Removed => "account member remove",
            Becomes::Granted | Becomes::NotGranted => "account member grant",
        }
    }

    fn operation(&self) -> Operation {
        match self.becomes {
            Becomes::Role(Role::Owner) => Operation::ChangeOwner,
            _ => Operation::ManageMembers,
        }
    }

    fn more(&self, _: Reader<'_>, seen: &Seen) -> Result<Member, Failure> {
        Ok(seen.member(&self.email)?.clone())
    }

    fn rule(&self, seen: &Seen, member: &Member, terms: &Terms) -> Result<Decided, Refusal> {
        let scene = seen.scene(terms);
        let changes = match &self.becomes {
            Becomes::Role(role) => membership::set_role(&scene, member, *role)?,
            Becomes::Disabled => membership::disable(&scene, member)?,
            Becomes::Enabled(seat) => membership::enable(&scene, member, &seat.wish())?,
            Becomes::Removed => membership::remove(&scene, member)?,
            Becomes::Granted => membership::grant(&scene, member, Granting::Give)?,
            Becomes::NotGranted => membership::grant(&scene, member, Granting::Withdraw)?,
        };
        let frees = matches!(self.becomes, Becomes::Disabled | Becomes::Removed);
        let decided = Decided::of(changes);
        Ok(
            match member
                .seat
                .as_deref()
                .filter(|_| frees && member.disabled_on.is_none())
            {
                Some(_) => decided.note("The place is free now; the bill stays as it is."),
                None => decided,
            },
        )
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        Ok(Document::Members(members(&seen(
            read,
            &self.account,
            terms,
        )?)))
    }
}

/// The seats of an account.
#[derive(Debug)]
pub struct ShowSeats {
    /// The account.
    pub account: String,
}

impl Question for ShowSeats {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = viewed(read, &self.account, terms)?;
        Ok(seats(&seen, terms))
    }
}

/// Who holds a seat, and who does not.
#[derive(Debug)]
pub struct ListHolders {
    /// The account.
    pub account: String,
}

impl Question for ListHolders {
    fn answer(&self, read: Reader<'_>, terms: &Terms) -> Result<Document, Failure> {
        let seen = viewed(read, &self.account, terms)?;
        Ok(Document::Holders(holders(&seen, terms)))
    }
}

/// Assigns a seat to a member, or releases the one he holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetSeat {
    /// The account.
    pub account: String,
    /// The member.
    pub email: String,
    /// What is done.
    pub seat: Seating,
}

/// What is done with a member's seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seating {
    /// He takes one, of the usual type or of another.
    Assign(Option<String>),
    /// He gives it back.
    Release,
}

impl OnAccount for SetSeat {
    const NAME: &'static str = "seats assign";
    type More = Member;

    fn name(&self) -> &str {
        &self.account
    }

    fn called(&self) -> &'static str {
        match self.seat {
            Seating::Assign(_) => "seats assign",
            Seating::Release => "seats release",
        }
    }

    fn operation(&self) -> Operation {
        Operation::ManageMembers
    }

    fn more(&self, _: Reader<'_>, seen: &Seen) -> Result<Member, Failure> {
        Ok(seen.member(&self.email)?.clone())
    }

    fn rule(&self, seen: &Seen, member: &Member, terms: &Terms) -> Result<Decided, Refusal> {
        let scene = seen.scene(terms);
        Ok(match &self.seat {
            Seating::Assign(kind) => seating::assign(&scene, member, kind.as_deref())?.into(),
            Seating::Release => seating::release(&scene, member)?.into(),
        })
    }

    fn shown(&self, read: Reader<'_>, terms: &Terms, _: Option<i64>) -> Result<Document, Failure> {
        Ok(seats(&seen(read, &self.account, terms)?, terms))
    }
}

/// The seats as a document.
fn seats(seen: &Seen, terms: &Terms) -> Document {
    let scene = seen.scene(terms);
    Document::Seats(Seats {
        account: seen.facts.account.name.clone(),
        on: terms.on(),
        unit: seen.catalog.unit.clone(),
        types: seating::seats(&scene).into_iter().map(Into::into).collect(),
        members: holders(seen, terms),
    })
}

fn holders(seen: &Seen, terms: &Terms) -> Vec<Holder> {
    let members = seen.facts.active_members(terms.on());
    members
        .map(|member| Holder {
            email: member.email.clone(),
            seat: member.seat.clone(),
        })
        .collect()
}
