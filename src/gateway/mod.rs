//! Speaks to the world: payment providers and mail.
//!
//! A provider's *no* is an answer. Everything else that is not a clear answer is [`Answer::Unknown`]: nobody
//! knows whether money moved, and only [`Gateway::find`] with the same key may be asked again.

pub mod mail;
mod manual;
mod scripted;

pub use crate::billing::payment::Answer;
pub use manual::Manual;
pub use scripted::Scripted;

use crate::billing::money::Money;
use std::collections::BTreeMap;
use std::path::Path;

/// What a provider is asked to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask<'a> {
    /// The key of the attempt. Asked twice with one key, a provider moves money once.
    pub key: &'a str,
    /// How much; above zero.
    pub amount: Money,
    /// The catalog's method.
    pub method: &'a str,
    /// What the provider calls the saved means of payment, or the payment that a person has seen.
    pub reference: Option<&'a str>,
    /// The customer's name, for the provider's records.
    pub account: &'a str,
}

/// A payment provider.
pub trait Gateway: Send + Sync {
    /// Whether saved details can be charged without a person.
    fn charges_alone(&self) -> bool;

    /// Collects money.
    fn charge(&self, ask: &Ask<'_>) -> Answer;

    /// Gives money back. The reference is the payment's.
    fn refund(&self, ask: &Ask<'_>) -> Answer;

    /// What came of a key that was asked before.
    fn find(&self, key: &str) -> Answer;
}

/// The gateways that this process can ask, by the name that catalogs use.
pub struct Gateways {
    known: BTreeMap<String, Box<dyn Gateway>>,
    /// The gateway that stands in for every other, where the operator has set one.
    instead: Option<String>,
}

/// The setting names no gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownGateway(pub String);

impl std::fmt::Display for UnknownGateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} is not a gateway; write manual, or scripted:FOLDER",
            self.0
        )
    }
}

impl std::error::Error for UnknownGateway {}

impl Gateways {
    /// The gateways of a setting: nothing (each method's own), `manual`, or `scripted:FOLDER`.
    ///
    /// # Errors
    /// The setting names no gateway.
    pub fn from_setting(setting: Option<&str>) -> Result<Gateways, UnknownGateway> {
        let mut known: BTreeMap<String, Box<dyn Gateway>> = BTreeMap::new();
        known.insert("manual".to_owned(), Box::new(Manual));
        let instead = match setting {
            None | Some("") => None,
            Some("manual") => Some("manual".to_owned()),
            Some(text) => {
                let unknown = || UnknownGateway(text.to_owned());
                let folder = text.strip_prefix("scripted:").ok_or_else(unknown)?;
                if folder.is_empty() {
                    return Err(unknown());
                }
                let scripted = Scripted::in_folder(Path::new(folder));
                known.insert("scripted".to_owned(), Box::new(scripted));
                Some("scripted".to_owned())
            }
        };
        Ok(Gateways { known, instead })
    }

    /// One gateway for every method.
    pub fn only(gateway: Box<dyn Gateway>) -> Gateways {
        let name = "only".to_owned();
        Gateways {
            known: BTreeMap::from([(name.clone(), gateway)]),
            instead: Some(name),
        }
    }

    /// The gateway for a method whose catalog names `wanted`; a person, where that one is not set up.
    pub fn of(&self, wanted: &str) -> &dyn Gateway {
        let name = self.instead.as_deref().unwrap_or(wanted);
        match self.known.get(name) {
            Some(gateway) => gateway.as_ref(),
            None => &Manual,
        }
    }
}
