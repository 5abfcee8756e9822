//! A line to a mail server: the questions of one letter in their order, and which answers count.

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use std::error::Error as _;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The server, and how it is spoken to.
pub(super) struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How long one answer may take.
    pub timeout: Duration,
    /// What encrypts the line.
    pub cover: Cover,
    /// Who logs in, if anybody.
    pub login: Option<Credentials>,
}

/// What encrypts a line.
pub(super) enum Cover {
    FromTheStart(TlsParameters),
    AfterTheGreeting(TlsParameters),
    None,
}

/// How far a letter came before something went wrong.
pub(super) enum Broken {
    /// Nobody has heard of the letter: the server is away, is not the one, or does not let us in.
    BeforeTheLetter(Trouble),
    /// The server was told who sends.
    AtTheSender(Trouble),
    /// The server was told who receives, and whether it takes the text.
    AtTheReceivers(Trouble),
    /// The receiver has letters in its address that this server cannot take.
    NotInternational,
    /// The letter was on its way.
    InTheLetter(Trouble),
}

/// Why a question got no good answer.
pub(super) enum Trouble {
    /// The server says no, or the network or the encryption failed.
    Met(Error),
    /// What came is a friendly answer, but to another question.
    Odd(Response),
    /// All of it took too long.
    Late,
    /// There is no thread to wait in.
    NoThread(std::io::Error),
}

impl Trouble {
    /// The code of a server that says no.
    pub(super) fn code(&self) -> Option<u16> {
        match self {
            Trouble::Met(error) => error.status().map(u16::from),
            Trouble::Odd(_) | Trouble::Late | Trouble::NoThread(_) => None,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match self {
            Trouble::Met(error) if error.is_timeout() => None,
            Trouble::Met(error) => Some(error),
            Trouble::Odd(response) => {
                let (code, lines) = (response.code(), response.message());
                let lines: Vec<&str> = lines.collect();
                let said = lines.join(" ");
                return write!(f, "{code} {said} is no answer to what was asked");
            }
            Trouble::NoThread(error) => return error.fmt(f),
            Trouble::Late => None,
        };
        let Some(error) = error else {
            return f.write_str("it did not answer in time");
        };
        let mut why = error.to_string();
        let mut source = error.source();
        while let Some(next) = source {
            if !why.contains(&next.to_string()) {
                why = format!("{why}: {next}");
            }
            source = next.source();
        }
        f.write_str(&why)
    }
}

impl Server {
    /// A line on which a letter may be spoken of: encrypted where that was asked for, then logged in.
    pub(super) fn line(&self) -> Result<SmtpConnection, Trouble> {
        let name = ClientId::default();
        let at_once = match &self.cover {
            Cover::FromTheStart(parameters) => Some(parameters),
            Cover::AfterTheGreeting(_) | Cover::None => None,
        };
        let place = (self.host.as_str(), self.port);
        let mut line = SmtpConnection::connect(place, Some(self.timeout), &name, at_once, None)
            .map_err(Trouble::Met)?;
        if let Cover::AfterTheGreeting(parameters) = &self.cover {
            line.starttls(parameters, &name).map_err(Trouble::Met)?;
        }
        if let Some(login) = &self.login {
            answered(line.auth(DEFAULT_MECHANISMS, login), &[235])?;
        }
        Ok(line)
    }
}

/// Who sends, who receives, and the letter.
pub(super) fn speak(
    line: &mut SmtpConnection,
    (envelope, bytes): (&Envelope, &[u8]),
    on_its_way: &AtomicBool,
) -> Result<(), Broken> {
    let options = options((envelope, bytes), line).ok_or(Broken::NotInternational)?;
    let from = Mail::new(envelope.from().cloned(), options);
    answered(line.command(from), &[250]).map_err(Broken::AtTheSender)?;
    for to in envelope.to() {
        let to = Rcpt::new(to.clone(), Vec::new());
        answered(line.command(to), &[250, 251, 252]).map_err(Broken::AtTheReceivers)?;
    }
    answered(line.command(Data), &[354]).map_err(Broken::AtTheReceivers)?;
    on_its_way.store(true, Ordering::Relaxed);
    answered(line.message(bytes), &[250]).map_err(Broken::InTheLetter)
}

/// An answer counts where it has one of the wanted codes: another one, however friendly, is to another question.
fn answered(answer: Result<Response, Error>, wanted: &[u16]) -> Result<(), Trouble> {
    let response = answer.map_err(Trouble::Met)?;
    match wanted.contains(&u16::from(response.code())) {
        true => Ok(()),
        false => Err(Trouble::Odd(response)),
    }
}

/// A server that has spoken its last word about the letter is left in good form; one that is silent would only be
/// waited for again.
pub(super) fn speaks(done: &Result<(), Broken>) -> bool {
    match done {
        Ok(()) | Err(Broken::NotInternational) => true,
        Err(
            Broken::BeforeTheLetter(trouble)
            | Broken::AtTheSender(trouble)
            | Broken::AtTheReceivers(trouble)
            | Broken::InTheLetter(trouble),
        ) => trouble.code().is_some(),
    }
}

/// What the server has to be told about letters beyond ASCII; none if it cannot take them.
fn options(
    (envelope, bytes): (&Envelope, &[u8]),
    line: &SmtpConnection,
) -> Option<Vec<MailParameter>> {
    let mut addresses = envelope.to().iter().chain(envelope.from());
    let plain = addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii());
    let needed = [
        (plain, Extension::SmtpUtfEight, MailParameter::SmtpUtfEight),
        (
            bytes.is_ascii(),
            Extension::EightBitMime,
            MailParameter::Body(MailBodyParameter::EightBitMime),
        ),
    ];
    let needed = needed.into_iter().filter(|(plain, ..)| !plain);
    needed
        .map(|(_, extension, option)| {
            line.server_info()
                .supports_feature(extension)
                .then_some(option)
        })
        .collect()
}
