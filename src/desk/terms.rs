//! Under which terms a request is carried out, and what came of it.

use crate::billing::calendar::{Day, Moment};
use crate::wire::Document;
use chrono::{DateTime, Utc};

/// Under which terms a request is carried out. A value, never a global.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The moment that rules work with, in the seller's zone.
    pub at: Moment,
    /// Whether a person gave that moment, or it is the clock's. Only a given one is part of the
    /// fingerprint, so that tomorrow's retry is still the same request.
    pub given: Given,
    /// The clock, in the seller's zone. A kept change is never dated after it.
    pub now: Moment,
    /// The clock, for the journal.
    pub recorded_at: DateTime<Utc>,
    /// Who runs the tool.
    pub by: String,
    /// The member on whose behalf; without one the operator acts as support.
    pub on_behalf: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The idempotency key.
    pub key: Option<String>,
    /// Whether it is kept.
    pub effect: Effect,
}

/// Where the moment of a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A person gave it.
    ByHand,
    /// The clock.
    ByClock,
}

impl Terms {
    /// What somebody has done at a moment of the clock where the zone is UTC: kept, as support, without a reason.
    pub fn by_clock(at: Moment, by: &str) -> Terms {
        Terms {
            at,
            given: Given::ByClock,
            now: at,
            recorded_at: at.and_utc(),
            by: by.to_owned(),
            on_behalf: None,
            reason: None,
            key: None,
            effect: Effect::Kept,
        }
    }

    /// The day that rules work with.
    pub fn on(&self) -> Day {
        self.at.date()
    }
}

/// Whether a request is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is kept.
    Kept,
    /// The same code, rolled back at the end.
    DryRun,
}

/// What came of a writing request.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Whether it was done now, done before, or only tried.
    pub mark: Mark,
    /// The document.
    pub document: Document,
    /// Sentences for the person who asked, besides the document.
    pub notes: Vec<String>,
}

/// Whether a request was done now, done before, or only tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Done now.
    Done,
    /// Done before under the same key; this is the document of then.
    Replayed,
    /// Only tried; nothing was kept.
    WouldDo,
}
