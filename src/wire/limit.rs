//! Use against limits as outsiders see it.

use crate::billing::allowance::{Count, Room};
use crate::billing::calendar::{Day, Moment};
use crate::billing::entitlement::Origin;
use serde::{Deserialize, Serialize};

/// Use against a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What is counted.
    pub unit: Option<String>,
    /// The member, where members have their own.
    pub member: Option<String>,
    /// Used.
    pub used: i64,
    /// Allowed; absent means unlimited.
    pub allowed: Option<i64>,
    /// Left; absent means unlimited.
    pub left: Option<i64>,
    /// The plan, the trial, an agreement, or what was bought before a day.
    pub from: String,
    /// The day on which the count starts again.
    pub resets_on: Option<Day>,
    /// Since when use is above the allowance.
    pub over_since: Option<Moment>,
    /// When actions stop, if use stays above.
    pub blocks_at: Option<Moment>,
    /// The actions that stop.
    pub blocks: Vec<String>,
}

/// Whether more may be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Name of the account.
    pub account: String,
    /// The limit as it stands.
    pub limit: Limit,
    /// How much was asked for.
    pub asked: i64,
    /// Whether it fits, or is only tolerated.
    pub room: RoomKind,
    /// What is left afterwards; absent means unlimited or above.
    pub left: Option<i64>,
    /// Until when it is tolerated.
    pub tolerated_until: Option<Moment>,
}

/// Why more may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// It fits.
    Fits,
    /// It is above the allowance and tolerated for a while.
    Grace,
    /// It is above the allowance, but this action is not stopped.
    NotBlocked,
}

impl Limit {
    /// A count as it stands, for a member where members have their own.
    pub fn of(count: &Count<'_>, member: Option<&str>) -> Limit {
        let blocks = match &count.limit.at_limit {
            crate::billing::catalog::AtLimit::Grace { blocks, .. } => blocks.clone(),
            crate::billing::catalog::AtLimit::Refuse => Vec::new(),
        };
        Limit {
            id: count.limit.id.clone(),
            name: count.limit.name.clone(),
            unit: count.limit.unit.clone(),
            member: member.map(str::to_owned),
            used: count.used,
            allowed: count.allowed,
            left: count
                .allowed
                .map(|allowed| allowed.saturating_sub(count.used).max(0)),
            from: origin(&count.from),
            resets_on: count.stretch.map(|stretch| stretch.end),
            over_since: count.over_since,
            blocks_at: count.blocks_at,
            blocks,
        }
    }
}

impl Check {
    /// An answer.
    pub fn of(account: &str, limit: Limit, asked: i64, room: Room) -> Check {
        let (room, left, tolerated_until) = match room {
            Room::Fits(left) => (RoomKind::Fits, left, None),
            Room::Grace(until) => (RoomKind::Grace, None, Some(until)),
            Room::NotBlocked => (RoomKind::NotBlocked, None, None),
        };
        Check {
            account: account.to_owned(),
            limit,
            asked,
            room,
            left,
            tolerated_until,
        }
    }
}

/// Where a feature or an allowance comes from, in words.
pub fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Plan => "plan".to_owned(),
        Origin::Trial => "trial".to_owned(),
        Origin::Kept(day) => format!("kept: bought before {day}"),
        Origin::AddOn(id) => format!("add-on {id}"),
        Origin::Agreed(reason) => format!("agreed: {reason}"),
    }
}
