//! The route by SMTP, and which of a server's answers are final.

use super::compose::Composed;
use super::{Outcome, RouteWrong, said};
use base64::prelude::{BASE64_STANDARD, Engine};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A password that no message and no debug output shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret that is already known.
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// Reads a secret from an environment variable.
    pub fn from_variable(name: &str) -> Result<Secret, RouteWrong> {
        let why = |error| {
            RouteWrong::PasswordNotReadable(format!("the environment variable {name}: {error}"))
        };
        std::env::var(name).map(Secret).map_err(why)
    }

    /// Reads a secret from the first line of a file.
    pub fn from_file(path: &Path) -> Result<Secret, RouteWrong> {
        let why = |why: String| {
            RouteWrong::PasswordNotReadable(format!("the file {}: {why}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| why(error.to_string()))?;
        match text.lines().next().filter(|line| !line.is_empty()) {
            Some(line) => Ok(Secret(line.to_owned())),
            None => Err(why("its first line is empty".to_owned())),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// How the line to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Encrypted from the first byte; port 465.
    Tls,
    /// Encrypted after a greeting, or not used at all; port 587.
    StartTls,
    /// Readable on the way; port 25. With a password for this machine only.
    Plain,
}

/// Who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpRoute {
    /// Its name or address.
    pub host: String,
    /// Its port, when not the usual one of its security.
    pub port: Option<u16>,
    /// How the line is protected.
    pub security: Security,
    /// Who logs in, if anybody.
    pub login: Option<Login>,
    /// A PEM file of an authority to trust beside the public ones, for a server inside the house.
    pub authority: Option<PathBuf>,
    /// How long one answer may take, in seconds.
    pub timeout_seconds: u64,
}

/// Sends to one server, each letter on a line of its own.
pub(super) struct Sender {
    host: String,
    port: u16,
    timeout: Duration,
    cover: Cover,
    login: Option<Credentials>,
    /// The password and its forms on the wire, which a server may repeat in its complaint.
    hidden: Vec<String>,
}

/// What encrypts a line.
enum Cover {
    FromTheStart(TlsParameters),
    AfterTheGreeting(TlsParameters),
    None,
}

/// How far a letter came before something went wrong.
enum Broken {
    /// Nobody has heard of the letter: the server is away, is not the one, or does not let us in.
    BeforeTheLetter(Error),
    /// The server was told who sends and who receives, and answered.
    AtTheAddresses(Error),
    /// The receiver has letters in its address that this server cannot take.
    NotInternational,
    /// The letter was on its way.
    InTheLetter(Error),
}

impl Sender {
    pub(super) fn new(route: &SmtpRoute) -> Result<Sender, RouteWrong> {
        if route.login.is_some()
            && route.security == Security::Plain
            && !is_this_machine(&route.host)
        {
            return Err(RouteWrong::PasswordWithoutTls {
                host: route.host.clone(),
            });
        }
        let (port, cover) = match route.security {
            Security::Tls => (465, Cover::FromTheStart(parameters(route)?)),
            Security::StartTls => (587, Cover::AfterTheGreeting(parameters(route)?)),
            Security::Plain => (25, Cover::None),
        };
        let credentials =
            |login: &Login| Credentials::new(login.user.clone(), login.password.0.clone());
        Ok(Sender {
            host: route.host.clone(),
            port: route.port.unwrap_or(port),
            timeout: Duration::from_secs(route.timeout_seconds.max(1)),
            cover,
            login: route.login.as_ref().map(credentials),
            hidden: route.login.as_ref().map(on_the_wire).unwrap_or_default(),
        })
    }

    pub(super) fn send(&self, mail: &Composed<'_>) -> Outcome {
        match self.hand_over(mail) {
            Ok(()) => Outcome::Delivered,
            Err(broken) => self.judge(&broken),
        }
    }

    fn hand_over(&self, mail: &Composed<'_>) -> Result<(), Broken> {
        let mut line = self.line().map_err(Broken::BeforeTheLetter)?;
        let Some(options) = options(mail, &line) else {
            line.abort();
            return Err(Broken::NotInternational);
        };
        let address = || -> Result<(), Error> {
            line.command(Mail::new(mail.envelope.from().cloned(), options))?;
            for to in mail.envelope.to() {
                line.command(Rcpt::new(to.clone(), Vec::new()))?;
            }
            line.command(Data).map(drop)
        };
        let addressed = address().map_err(Broken::AtTheAddresses);
        let done = addressed
            .and_then(|()| line.message(mail.bytes).map_err(Broken::InTheLetter))
            .map(drop);
        // A server that has spoken its last word about the letter is left in good form; one that is silent
        // would only be waited for again.
        match &done {
            Err(Broken::InTheLetter(error) | Broken::AtTheAddresses(error))
                if error.status().is_none() => {}
            Ok(()) | Err(_) => line.abort(),
        }
        done
    }

    /// A line on which a letter may be spoken of: encrypted where that was asked for, then logged in.
    fn line(&self) -> Result<SmtpConnection, Error> {
        let name = ClientId::default();
        let at_once = match &self.cover {
            Cover::FromTheStart(parameters) => Some(parameters),
            Cover::AfterTheGreeting(_) | Cover::None => None,
        };
        let place = (self.host.as_str(), self.port);
        let mut line = SmtpConnection::connect(place, Some(self.timeout), &name, at_once, None)?;
        if let Cover::AfterTheGreeting(parameters) = &self.cover {
            line.starttls(parameters, &name)?;
        }
        if let Some(login) = &self.login {
            line.auth(DEFAULT_MECHANISMS, login)?;
        }
        Ok(line)
    }

    /// An answer about the letter may be final. One about us never is: a login, a certificate or a line can be
    /// mended, and the letter is as good as before.
    fn judge(&self, broken: &Broken) -> Outcome {
        match broken {
            Broken::BeforeTheLetter(error) => Outcome::TryLater(self.says(error)),
            Broken::NotInternational => Outcome::Refused(format!(
                "{}: the server takes no address with letters beyond ASCII",
                self.host
            )),
            Broken::AtTheAddresses(error) => {
                let about_us = error
                    .status()
                    .is_some_and(|code| matches!(u16::from(code), 521 | 530 | 534 | 535 | 538));
                match error.is_permanent() && !about_us {
                    true => Outcome::Refused(self.says(error)),
                    false => Outcome::TryLater(self.says(error)),
                }
            }
            Broken::InTheLetter(error) if error.is_permanent() => {
                Outcome::Refused(self.says(error))
            }
            Broken::InTheLetter(error) if error.is_transient() => {
                Outcome::TryLater(self.says(error))
            }
            Broken::InTheLetter(error) => Outcome::TryLater(format!(
                "{}: the line broke before the server answered for the letter, so it may have arrived; \
                 every try is the same mail with the same Message-ID ({})",
                self.host,
                self.why(error)
            )),
        }
    }

    /// Whose trouble it is, and the trouble in one line.
    fn says(&self, error: &Error) -> String {
        format!("{}: {}", self.host, self.why(error))
    }

    /// The trouble in one line, without secrets.
    fn why(&self, error: &Error) -> String {
        let mut why = error.to_string();
        let mut source = error.source();
        while let Some(next) = source {
            if !why.contains(&next.to_string()) {
                why = format!("{why}: {next}");
            }
            source = next.source();
        }
        for secret in &self.hidden {
            why = why.replace(secret.as_str(), "(secret)");
        }
        let why = said(&why);
        match certificate(&why) {
            Some(sentence) => format!("{sentence} ({why})"),
            None => why,
        }
    }
}

/// What the server has to be told about letters beyond ASCII; none if it cannot take them.
fn options(mail: &Composed<'_>, line: &SmtpConnection) -> Option<Vec<MailParameter>> {
    let mut addresses = mail.envelope.to().iter().chain(mail.envelope.from());
    let plain = addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii());
    let needed = [
        (plain, Extension::SmtpUtfEight, MailParameter::SmtpUtfEight),
        (
            mail.bytes.is_ascii(),
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

/// What a person has to know about a certificate that was not accepted.
fn certificate(why: &str) -> Option<&'static str> {
    let stranger = "its certificate is from an authority that is not trusted here; SUBDESK_MAIL_AUTHORITY names the \
             file of another one";
    let table = [
        ("UnknownIssuer", stranger),
        // An authority of the same name with another key.
        ("BadSignature", stranger),
        (
            "certificate not valid for name",
            "its certificate is for a server of another name",
        ),
        ("certificate expired", "its certificate has expired"),
        (
            "certificate not valid yet",
            "its certificate is not valid yet",
        ),
        (
            "STARTTLS is not supported",
            "it does not offer encryption, so nothing was said to it",
        ),
    ];
    let found = table.iter().find(|(mark, _)| why.contains(mark));
    found.map(|(_, sentence)| *sentence)
}

/// A login in the forms in which it travels: by LOGIN and by PLAIN.
fn on_the_wire(login: &Login) -> Vec<String> {
    let Login { user, password } = login;
    let encoded = |text: &str| BASE64_STANDARD.encode(text);
    vec![
        encoded(&format!("\0{user}\0{}", password.0)),
        encoded(&password.0),
        password.0.clone(),
    ]
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// How a certificate begins in a PEM file.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

fn parameters(route: &SmtpRoute) -> Result<TlsParameters, RouteWrong> {
    let mut builder = TlsParameters::builder(route.host.clone());
    if let Some(path) = &route.authority {
        let why = |why: String| RouteWrong::TlsNotPossible(format!("{}: {why}", path.display()));
        let pem = std::fs::read(path).map_err(|error| why(error.to_string()))?;
        // Of a file that holds something else, the reader makes no certificates and no complaint.
        if !pem.windows(BEGIN.len()).any(|text| text == BEGIN) {
            return Err(why("there is no certificate in it".to_owned()));
        }
        let certificate = Certificate::from_pem(&pem).map_err(|error| why(error.to_string()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|error| {
        let file = route.authority.as_ref();
        let file = file.map_or(String::new(), |path| format!("{}: ", path.display()));
        RouteWrong::TlsNotPossible(format!("{file}{error}"))
    })
}
