//! The seats of an account as outsiders see them.

use crate::billing::calendar::Day;
use crate::billing::seating::SeatCount;
use serde::{Deserialize, Serialize};

/// The seats of an account on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// Name of the account.
    pub account: String,
    /// The day.
    pub on: Day,
    /// What a seat is called.
    pub unit: String,
    /// Seats by type.
    pub types: Vec<SeatType>,
    /// Who holds one, and who does not.
    pub members: Vec<Holder>,
}

/// Seats of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatType {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Seats there are; absent means as many as are wanted.
    pub seats: Option<u32>,
    /// Seats that members hold.
    pub assigned: u32,
    /// Seats that nobody holds; absent means without bound.
    pub free: Option<u32>,
    /// Seats there will be once open orders are paid.
    pub ordered: Option<u32>,
}

/// A member and his seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// E-mail address.
    pub email: String,
    /// The seat type he holds.
    pub seat: Option<String>,
}

impl From<SeatCount> for SeatType {
    fn from(count: SeatCount) -> SeatType {
        SeatType {
            free: count.free(),
            id: count.seat_type,
            name: count.name,
            seats: count.seats,
            assigned: count.assigned,
            ordered: count.ordered,
        }
    }
}
