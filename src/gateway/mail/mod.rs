//! Sends letters: by SMTP, by the machine's `sendmail`, or into a folder for trying.
//!
//! A letter is packed once into a [`Parcel`], the very bytes that travel. Whoever keeps the parcel can send the
//! same mail again, and the receiver's server can see by its Message-ID that it knows it. What came of a try is
//! one of four answers; a line that breaks after the text went out is tried again, since the same letter may
//! safely go twice.

mod compose;
mod line;
mod local;
mod route;
mod smtp;
mod tls;

pub use route::{NotUsable, Settings as RouteSettings, holds_login, sender};
pub use smtp::{Login, Secret, Security, SmtpRoute};

use chrono::{DateTime, Utc};
use compose::Composed;
use std::fmt;
use std::path::PathBuf;

/// Somebody with a mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The name before the address; may be in any script.
    pub name: Option<String>,
    /// The address, `someone@example.com`.
    pub address: String,
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name under which it arrives.
    pub name: String,
    /// Its media type, for example `application/pdf`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// One mail, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who sends; failures come back to this address.
    pub from: Correspondent,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<Correspondent>,
    /// Who receives; all of them or nobody.
    pub to: Vec<Correspondent>,
    /// The subject, one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// What goes with it.
    pub attachments: Vec<Attachment>,
    /// What makes it this mail and no other, `something@domain`; the same at every try.
    pub message_id: String,
    /// The date it bears; the same at every try.
    pub date: DateTime<Utc>,
}

/// A letter as it travels: the same bytes at every try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The address that failures come back to.
    pub from: String,
    /// The addresses that receive it.
    pub to: Vec<String>,
    /// The Message-ID, without brackets.
    pub message_id: String,
    /// The mail with its headers, lines ended by CR LF.
    pub bytes: Vec<u8>,
}

/// Packs a letter.
///
/// # Errors
/// Says in a sentence what is wrong with the letter: it can never be sent as it is.
pub fn pack(letter: &Letter) -> Result<Parcel, String> {
    compose::pack(letter)
}

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The next server took it over.
    Delivered,
    /// The server lets this letter or its receiver wait; the same may be tried again. Says why.
    TryLater(String),
    /// The way itself is in trouble, and so would be the next letter; the same may be tried again. Says why.
    NoWay(String),
    /// This letter will never be taken; a person must look. Says why.
    Refused(String),
}

/// How letters leave.
#[derive(Debug, Clone)]
pub enum Route {
    /// A mail server.
    Smtp(SmtpRoute),
    /// A program that takes a mail on its standard input, as `sendmail` does.
    Sendmail {
        /// The program's path.
        program: PathBuf,
    },
    /// A folder that gets one `.eml` file for each letter.
    Folder {
        /// The folder; made when it is missing.
        path: PathBuf,
    },
}

/// Why a route cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteWrong {
    /// The password would cross the network readable.
    PasswordWithoutTls {
        /// The server.
        host: String,
    },
    /// The password is not where it should be; says where and why.
    PasswordNotReadable(String),
    /// The server's name or the file of authorities cannot be used; says why.
    TlsNotPossible(String),
}

impl fmt::Display for RouteWrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RouteWrong::PasswordWithoutTls { host } => write!(
                f,
                "The password for {host} would be sent without encryption. Use tls or starttls; plain is for this machine only."
            ),
            RouteWrong::PasswordNotReadable(why) => {
                write!(f, "The mail password cannot be read: {why}.")
            }
            RouteWrong::TlsNotPossible(why) => {
                write!(f, "Encryption to the mail server cannot be set up: {why}.")
            }
        }
    }
}

impl std::error::Error for RouteWrong {}

/// Takes letters on one route.
pub struct Postman {
    way: Way,
}

enum Way {
    Smtp(Box<smtp::Sender>),
    Sendmail(PathBuf),
    Folder(PathBuf),
}

impl Postman {
    /// A postman for a route; nothing is sent or connected yet.
    pub fn new(route: &Route) -> Result<Postman, RouteWrong> {
        let way = match route {
            Route::Smtp(route) => Way::Smtp(Box::new(smtp::Sender::new(route)?)),
            Route::Sendmail { program } => Way::Sendmail(program.clone()),
            Route::Folder { path } => Way::Folder(path.clone()),
        };
        Ok(Postman { way })
    }

    /// Tries to send a letter once. Takes as long as the route's limits allow.
    pub fn send(&self, letter: &Letter) -> Outcome {
        match pack(letter) {
            Ok(parcel) => self.deliver(&parcel),
            Err(why) => Outcome::Refused(why),
        }
    }

    /// Tries to send a packed letter once.
    pub fn deliver(&self, parcel: &Parcel) -> Outcome {
        let composed = match Composed::of(parcel) {
            Ok(composed) => composed,
            Err(why) => return Outcome::Refused(why),
        };
        match &self.way {
            Way::Smtp(sender) => sender.send(&composed),
            Way::Sendmail(program) => local::sendmail(program, &composed),
            Way::Folder(path) => local::folder(path, &composed, &parcel.message_id),
        }
    }
}

/// What a server or program said, fit to be shown and kept: no control characters, not endless.
fn said(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|ch| if ch.is_control() { ' ' } else { ch })
        .collect();
    clean
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(300)
        .collect()
}

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod sink;
#[cfg(test)]
mod tests;
