//! Everything that can keep a request from being carried out.

use crate::billing::listed;
use crate::billing::refusal::{Help, Refusal, Unknown};
use crate::store::Fault;
use std::fmt;

/// Why a request was not carried out, or not to its end.
#[derive(Debug)]
pub enum Failure {
    /// A rule says no.
    Refused(Box<Refusal>),
    /// A named thing does not exist.
    NotFound {
        /// What kind of thing: account, order, plan.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// Names that are near it.
        near: Vec<String>,
        /// What else would help, best first.
        help: Vec<Help>,
    },
    /// The payment is pending or its result is unknown; what was written stays.
    Unsettled {
        /// In words.
        message: String,
        /// The command that asks again.
        help: String,
    },
    /// The file; nothing was kept.
    Store(Fault),
    /// The file, in the middle of work that is kept step by step.
    Halfway {
        /// What is wrong with it.
        fault: Fault,
        /// What was kept, and how to go on, in sentences.
        kept: String,
    },
    /// Anything else that nobody foresaw.
    Broken(anyhow::Error),
}

impl Failure {
    /// A thing that does not exist, with no near names.
    pub fn not_found(what: &'static str, name: impl Into<String>) -> Failure {
        Failure::NotFound {
            what,
            name: name.into(),
            near: Vec::new(),
            help: Vec::new(),
        }
    }
}

/// So many names are told where none of them is near.
const FEW: usize = 8;

impl Failure {
    /// A missing thing whose name is near none, with all the names there are.
    fn or_of(self, all: Option<Help>) -> Failure {
        match &self {
            Failure::NotFound { near, .. } if near.is_empty() => {
                self.helped(all.into_iter().collect())
            }
            _ => self,
        }
    }

    /// A missing thing with what else would help; any other failure as it is.
    #[must_use]
    pub fn helped(mut self, more: Vec<Help>) -> Failure {
        if let Failure::NotFound { help, .. } = &mut self {
            help.extend(more);
        }
        self
    }

    /// The same, where something was kept before: what, and how to go on.
    #[must_use]
    pub fn after(self, kept: impl Into<String>) -> Failure {
        match self {
            Failure::Store(fault) => Failure::Halfway {
                fault,
                kept: kept.into(),
            },
            other => other,
        }
    }

    /// Whether nothing more can be done with the file: the next request would meet the same.
    pub fn ends_all(&self) -> bool {
        match self {
            Failure::Store(_) | Failure::Halfway { .. } | Failure::Broken(_) => true,
            Failure::Refused(_) | Failure::NotFound { .. } | Failure::Unsettled { .. } => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused(refusal) => write!(f, "{refusal}"),
            Failure::NotFound { what, name, .. } => write!(f, "There is no {what} {name:?}."),
            Failure::Unsettled { message, .. } => f.write_str(message),
            Failure::Store(fault) | Failure::Halfway { fault, .. } => write!(f, "{fault}"),
            Failure::Broken(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for Failure {}

/// A rule that meets a name that stands for nothing says so, but it is no rule that says no: whichever command and
/// whichever rule meets it first, an unknown name is a thing that is not found.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        match refusal.unknown {
            Some(unknown) => {
                let Unknown { what, name, known } = *unknown;
                let few = (1..=FEW).contains(&known.len());
                let all = few.then(|| match known.as_slice() {
                    [only] => Help::Say(format!("There is only {only}.")),
                    several => Help::Say(format!("There are {}.", listed::and(several))),
                });
                let found = super::load::missing(what, &name, known.into_iter());
                found.or_of(all).helped(refusal.help)
            }
            None => Failure::Refused(Box::new(refusal)),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Store(fault)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Broken(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        Failure::Broken(error.into())
    }
}

impl From<crate::billing::money::TooLarge> for Failure {
    fn from(error: crate::billing::money::TooLarge) -> Failure {
        Refusal::from(error).into()
    }
}
