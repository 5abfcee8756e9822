//! The route by SMTP, and which of a server's answers are final.

use super::compose::Composed;
use super::line::{Answer, Line, Tls, Trouble};
use super::tls::{certificate, tls};
use super::{Outcome, RouteWrong, said};
use base64::prelude::{BASE64_STANDARD, Engine};
use lettre::transport::smtp::extension::ClientId;
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
    login: Option<Login>,
    /// The password and its forms on the wire, which a server may repeat in its complaint.
    hidden: Vec<String>,
}

/// What encrypts a line.
enum Cover {
    FromTheStart(Tls),
    AfterTheGreeting(Tls),
    None,
}

/// How far a letter came before something went wrong.
enum Broken {
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
            Security::Tls => (465, Cover::FromTheStart(tls(route)?)),
            Security::StartTls => (587, Cover::AfterTheGreeting(tls(route)?)),
            Security::Plain => (25, Cover::None),
        };
        Ok(Sender {
            host: route.host.clone(),
            port: route.port.unwrap_or(port),
            timeout: Duration::from_secs(route.timeout_seconds.max(1)),
            cover,
            login: route.login.clone(),
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
        let (mut line, offers) = self.line().map_err(Broken::BeforeTheLetter)?;
        let done = speak(&mut line, &offers, mail);
        // A server that has spoken its last word about the letter is left in good form; one that is silent
        // would only be waited for again.
        match &done {
            Ok(()) | Err(Broken::NotInternational) => line.leave(),
            Err(
                Broken::BeforeTheLetter(trouble)
                | Broken::AtTheSender(trouble)
                | Broken::AtTheReceivers(trouble)
                | Broken::InTheLetter(trouble),
            ) => match trouble {
                Trouble::No(_) => line.leave(),
                Trouble::Broke(_) | Trouble::Nonsense(_) => {}
            },
        }
        done
    }

    /// A line on which a letter may be spoken of, encrypted where that was asked for, then logged in; and what
    /// the server offers there.
    fn line(&self) -> Result<(Line, Answer), Trouble> {
        let hello = format!("EHLO {}", ClientId::default());
        let mut line = Line::open(&self.host, self.port, self.timeout)?;
        if let Cover::FromTheStart(tls) = &self.cover {
            line = line.covered(tls)?;
        }
        line.hear(&[220])?;
        let mut offers = line.ask(&hello, &[250])?;
        if let Cover::AfterTheGreeting(tls) = &self.cover {
            if offered(&offers, "STARTTLS").is_none() {
                line.leave();
                let what = "it does not offer encryption, so nothing was said to it";
                return Err(Trouble::Nonsense(what.to_owned()));
            }
            line.ask("STARTTLS", &[220])?;
            line = line.covered(tls)?;
            offers = line.ask(&hello, &[250])?;
        }
        if let Some(login) = &self.login {
            log_in(&mut line, &offers, login)?;
        }
        Ok((line, offers))
    }

    /// An answer about the letter may be final. One about us never is: a login, a certificate or a line can be
    /// mended, and the letter is as good as before.
    fn judge(&self, broken: &Broken) -> Outcome {
        let (trouble, about_receivers) = match broken {
            Broken::BeforeTheLetter(trouble) => return Outcome::NoWay(self.says(trouble)),
            Broken::NotInternational => {
                return Outcome::Refused(format!(
                    "{}: the server takes no address with letters beyond ASCII",
                    self.host
                ));
            }
            Broken::AtTheSender(trouble) => (trouble, false),
            Broken::AtTheReceivers(trouble) | Broken::InTheLetter(trouble) => (trouble, true),
        };
        match (trouble, broken) {
            (Trouble::No(answer), _) => match answer.code {
                // Closing, or wanting another login than ours.
                421 | 521 | 530 | 534 | 535 | 538 => Outcome::NoWay(self.says(trouble)),
                500.. => Outcome::Refused(self.says(trouble)),
                _ if about_receivers => Outcome::TryLater(self.says(trouble)),
                _ => Outcome::NoWay(self.says(trouble)),
            },
            (_, Broken::InTheLetter(_)) => Outcome::NoWay(format!(
                "{}: the line broke before the server answered for the letter, so it may have arrived; \
                 every try is the same mail with the same Message-ID ({})",
                self.host,
                self.why(trouble)
            )),
            _ => Outcome::NoWay(self.says(trouble)),
        }
    }

    /// Whose trouble it is, and the trouble in one line.
    fn says(&self, trouble: &Trouble) -> String {
        format!("{}: {}", self.host, self.why(trouble))
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

/// Who sends, who receives, and the letter.
fn speak(line: &mut Line, offers: &Answer, mail: &Composed<'_>) -> Result<(), Broken> {
    let options = options(mail, offers).ok_or(Broken::NotInternational)?;
    let from = mail.envelope.from().map(AsRef::<str>::as_ref);
    let from = format!("MAIL FROM:<{}>{options}", from.unwrap_or_default());
    line.ask(&from, &[250]).map_err(Broken::AtTheSender)?;
    for to in mail.envelope.to() {
        line.ask(&format!("RCPT TO:<{to}>"), &[250, 251, 252])
            .map_err(Broken::AtTheReceivers)?;
    }
    line.ask("DATA", &[354]).map_err(Broken::AtTheReceivers)?;
    line.quiet().map_err(Broken::AtTheReceivers)?;
    line.letter(mail.bytes)
        .map(drop)
        .map_err(Broken::InTheLetter)
}

/// Logs in by PLAIN, or by LOGIN where that is all there is.
fn log_in(line: &mut Line, offers: &Answer, login: &Login) -> Result<(), Trouble> {
    let ways = offered(offers, "AUTH").unwrap_or_default();
    let ways: Vec<&str> = ways.split(' ').collect();
    let encoded = |text: &str| BASE64_STANDARD.encode(text);
    if ways.contains(&"PLAIN") {
        let command = format!("AUTH PLAIN {}", plain(login));
        line.ask(&command, &[235])?;
    } else if ways.contains(&"LOGIN") {
        line.ask("AUTH LOGIN", &[334])?;
        line.ask(&encoded(&login.user), &[334])?;
        line.ask(&encoded(&login.password.0), &[235])?;
    } else {
        let what = "it offers no login by PLAIN or LOGIN";
        return Err(Trouble::Nonsense(what.to_owned()));
    }
    Ok(())
}

/// What stands behind a word that the server offers, in capitals; none if it does not offer it.
fn offered(offers: &Answer, word: &str) -> Option<String> {
    let mut lines = offers.lines.iter().map(|line| line.to_ascii_uppercase());
    lines.find_map(|line| {
        let rest = line.strip_prefix(word)?;
        match rest.chars().next() {
            None => Some(String::new()),
            Some(' ' | '=') => rest.get(1..).map(str::to_owned),
            Some(_) => None,
        }
    })
}

/// What the server has to be told about letters beyond ASCII; none if it cannot take them.
fn options(mail: &Composed<'_>, offers: &Answer) -> Option<String> {
    let mut addresses = mail.envelope.to().iter().chain(mail.envelope.from());
    let plain = addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii());
    let needed = [
        (plain, "SMTPUTF8", " SMTPUTF8"),
        (mail.bytes.is_ascii(), "8BITMIME", " BODY=8BITMIME"),
    ];
    let needed = needed.into_iter().filter(|(plain, ..)| !plain);
    needed
        .map(|(_, word, option)| offered(offers, word).map(|_| option))
        .collect()
}

/// A login as PLAIN has it (RFC 4616).
fn plain(login: &Login) -> String {
    BASE64_STANDARD.encode(format!("\0{}\0{}", login.user, login.password.0))
}

/// A login in the forms in which it travels: by LOGIN and by PLAIN.
fn on_the_wire(login: &Login) -> Vec<String> {
    let secret = &login.password.0;
    if secret.is_empty() {
        return Vec::new();
    }
    vec![plain(login), BASE64_STANDARD.encode(secret), secret.clone()]
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
