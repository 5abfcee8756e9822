//! The route by SMTP, and which of a server's answers are final.

use super::compose::Composed;
use super::{Outcome, RouteWrong, said};
use base64::prelude::{BASE64_STANDARD, Engine};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
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
    transport: SmtpTransport,
    host: String,
    /// The password and its forms on the wire, which a server may repeat in its complaint.
    hidden: Vec<String>,
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
        let (port, tls) = match route.security {
            Security::Tls => (465, Tls::Wrapper(parameters(route)?)),
            Security::StartTls => (587, Tls::Required(parameters(route)?)),
            Security::Plain => (25, Tls::None),
        };
        let mut builder = SmtpTransport::builder_dangerous(&route.host)
            .port(route.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(Duration::from_secs(route.timeout_seconds.max(1))));
        if let Some(login) = &route.login {
            builder = builder.credentials(Credentials::new(
                login.user.clone(),
                login.password.0.clone(),
            ));
        }
        Ok(Sender {
            transport: builder.build(),
            host: route.host.clone(),
            hidden: route.login.as_ref().map(on_the_wire).unwrap_or_default(),
        })
    }

    pub(super) fn send(&self, mail: &Composed<'_>) -> Outcome {
        match self.transport.send_raw(&mail.envelope, mail.bytes) {
            Ok(_) => Outcome::Delivered,
            Err(error) => self.judge(&error, mail),
        }
    }

    /// A permanent answer is about this letter, unless it is about us: a login that fails today may work
    /// when the password is right again.
    fn judge(&self, error: &Error, mail: &Composed<'_>) -> Outcome {
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
        let why = format!("{}: {}", self.host, said(&why));
        let about_us = error
            .status()
            .is_some_and(|code| matches!(u16::from(code), 521 | 530 | 534 | 535 | 538));
        let addresses = mail.envelope.to().iter().chain(mail.envelope.from());
        let international = addresses
            .into_iter()
            .any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        if (error.is_permanent() && !about_us) || (error.is_client() && international) {
            Outcome::Refused(why)
        } else {
            Outcome::TryLater(why)
        }
    }
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

fn parameters(route: &SmtpRoute) -> Result<TlsParameters, RouteWrong> {
    let mut builder = TlsParameters::builder(route.host.clone());
    if let Some(path) = &route.authority {
        let why = |why: String| RouteWrong::TlsNotPossible(format!("{}: {why}", path.display()));
        let pem = std::fs::read(path).map_err(|error| why(error.to_string()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| why(error.to_string()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder
        .build()
        .map_err(|error| RouteWrong::TlsNotPossible(error.to_string()))
}
