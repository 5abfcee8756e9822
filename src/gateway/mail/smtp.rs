//! The route by SMTP, and which of a server's answers are final. The crate speaks with the server; held here is what it
//! lets pass: a friendly answer to another question, and a server that is never done.

use super::compose::Composed;
use super::line::{Broken, Cover, Server, Trouble, speak, speaks};
use super::tls::{certificate, parameters};
use super::{Outcome, RouteWrong, said};
use base64::prelude::{BASE64_STANDARD, Engine};
use lettre::transport::smtp::authentication::Credentials;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread::Builder;
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

/// How many times the time of one answer a whole letter may take.
const ANSWERS: u32 = 5;
/// How long a goodbye may take: what became of the letter is known by then.
const GOODBYE: Duration = Duration::from_secs(2);

/// Sends to one server, each letter on a line of its own.
pub(super) struct Sender {
    server: Arc<Server>,
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
        let (port, cover) = match route.security {
            Security::Tls => (465, Cover::FromTheStart(parameters(route)?)),
            Security::StartTls => (587, Cover::AfterTheGreeting(parameters(route)?)),
            Security::Plain => (25, Cover::None),
        };
        let credentials =
            |login: &Login| Credentials::new(login.user.clone(), login.password.0.clone());
        Ok(Sender {
            server: Arc::new(Server {
                host: route.host.clone(),
                port: route.port.unwrap_or(port),
                timeout: Duration::from_secs(route.timeout_seconds.max(1)),
                cover,
                login: route.login.as_ref().map(credentials),
            }),
            hidden: route.login.as_ref().map(on_the_wire).unwrap_or_default(),
        })
    }

    pub(super) fn send(&self, mail: &Composed<'_>) -> Outcome {
        match self.hand_over(mail) {
            Ok(()) => Outcome::Delivered,
            Err(broken) => self.judge(&broken),
        }
    }

    /// In a thread of its own, which is left behind where the server is never done: one that sends a byte at a time
    /// is never late with the next.
    fn hand_over(&self, mail: &Composed<'_>) -> Result<(), Broken> {
        let (tell, told) = channel();
        let on_its_way = Arc::new(AtomicBool::new(false));
        let (server, sent) = (Arc::clone(&self.server), Arc::clone(&on_its_way));
        let (envelope, bytes) = (mail.envelope.clone(), mail.bytes.to_vec());
        let work = move || {
            let mut line = match server.line() {
                Ok(line) => line,
                Err(trouble) => {
                    let _ = tell.send(Err(Broken::BeforeTheLetter(trouble)));
                    return;
                }
            };
            let done = speak(&mut line, (&envelope, &bytes), &sent);
            let says_goodbye = speaks(&done);
            // Nobody waits for it any more where it comes too late.
            let _ = tell.send(done);
            if says_goodbye && line.set_timeout(Some(GOODBYE)).is_ok() {
                line.abort();
            }
        };
        if let Err(error) = Builder::new().spawn(work) {
            return Err(Broken::BeforeTheLetter(Trouble::NoThread(error)));
        }
        let limit = self.server.timeout.saturating_mul(ANSWERS);
        let done = told.recv_timeout(limit).unwrap_or_else(|_| {
            Err(match on_its_way.load(Ordering::Relaxed) {
                true => Broken::InTheLetter(Trouble::Late),
                false => Broken::BeforeTheLetter(Trouble::Late),
            })
        });
        if speaks(&done) {
            // Until the thread has ended, and nobody can tell anything any more.
            let _ = told.recv_timeout(GOODBYE);
        }
        done
    }

    /// An answer about the letter may be final. One about us never is: a login, a certificate or a line can be
    /// mended, and the letter is as good as before.
    fn judge(&self, broken: &Broken) -> Outcome {
        let (trouble, about_receivers) = match broken {
            Broken::BeforeTheLetter(trouble) => return Outcome::NoWay(self.says(trouble)),
            Broken::NotInternational => {
                return Outcome::Refused(format!(
                    "{}: the server takes no address with letters beyond ASCII",
                    self.server.host
                ));
            }
            Broken::AtTheSender(trouble) => (trouble, false),
            Broken::AtTheReceivers(trouble) | Broken::InTheLetter(trouble) => (trouble, true),
        };
        match (trouble.code(), broken) {
            // Closing, or wanting another login than ours.
            (Some(421 | 521 | 530 | 534 | 535 | 538), _) => Outcome::NoWay(self.says(trouble)),
            (Some(500..), _) => Outcome::Refused(self.says(trouble)),
            (Some(_), _) if about_receivers => Outcome::TryLater(self.says(trouble)),
            (None, Broken::InTheLetter(_)) => Outcome::NoWay(format!(
                "{}: the line broke before the server answered for the letter, so it may have arrived; \
                 every try is the same mail with the same Message-ID ({})",
                self.server.host,
                self.why(trouble)
            )),
            _ => Outcome::NoWay(self.says(trouble)),
        }
    }

    /// Whose trouble it is, and the trouble in one line.
    fn says(&self, trouble: &Trouble) -> String {
        format!("{}: {}", self.server.host, self.why(trouble))
    }

    /// The trouble in one line, without secrets.
    fn why(&self, trouble: &Trouble) -> String {
        let mut why = trouble.to_string();
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

/// A login in the forms in which it travels: by LOGIN and by PLAIN.
fn on_the_wire(login: &Login) -> Vec<String> {
    let secret = &login.password.0;
    if secret.is_empty() {
        return Vec::new();
    }
    let encoded = |text: &str| BASE64_STANDARD.encode(text);
    let plain = format!("\0{}\0{secret}", login.user);
    vec![encoded(&plain), encoded(secret), secret.clone()]
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
