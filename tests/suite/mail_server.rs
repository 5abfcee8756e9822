//! A mail server on loopback that keeps what arrives, and can be told to misbehave; in clear or encrypted.

use base64::prelude::{BASE64_STANDARD, Engine};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes every mail.
    Takes,
    /// Takes the mail and never says so.
    FallsSilent,
    /// Takes every mail, a while after it has come.
    TakesItsTime,
    /// Knows no receiver.
    RefusesReceivers,
    /// Lets receivers wait whose address begins with `busy`, and knows none that begins with `gone`.
    KnowsSome,
    /// Refuses every login and repeats what was sent.
    RefusesLogins,
    /// Closes the line when a part of the mail has come.
    HangsUpInTheMail,
    /// Closes the line when the whole mail has come, without a word.
    HangsUpAfterTheMail,
}

/// How lines to the server are protected.
#[derive(Clone)]
pub enum Cover {
    Clear,
    /// From the first byte.
    Tls(Arc<ServerConfig>),
    /// After a greeting, when the other side asks for it.
    StartTls(Arc<ServerConfig>),
}

/// An authority of one's own, and the certificates that it gives.
pub struct Authority {
    certificate: rcgen::Certificate,
    key: rcgen::KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut about = rcgen::CertificateParams::new(Vec::new()).unwrap();
        about
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        about.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = about.self_signed(&key).unwrap();
        Authority { certificate, key }
    }

    /// What a sender is given to trust it.
    pub fn pem(&self) -> String {
        let text = BASE64_STANDARD.encode(self.certificate.der());
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    }

    /// A certificate for a name or address, good until the end of a year.
    pub fn gives(&self, name: &str, until: i32) -> Arc<ServerConfig> {
        let mut about = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        about.not_after = rcgen::date_time_ymd(until, 12, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let own = about.signed_by(&key, &self.certificate, &self.key).unwrap();
        let chain = vec![CertificateDer::from(own.der().to_vec())];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Arc::new(config)
    }
}

#[derive(Default)]
struct Heard {
    commands: Vec<String>,
    /// Those of the commands that anybody on the way could read.
    clear: Vec<String>,
    mails: Vec<String>,
}

pub struct Server {
    port: u16,
    scheme: &'static str,
    mood: Arc<Mutex<Mood>>,
    heard: Arc<Mutex<Heard>>,
}

impl Server {
    pub fn start(mood: Mood) -> Server {
        Server::covered(mood, Cover::Clear)
    }

    pub fn covered(mood: Mood, cover: Cover) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            port: listener.local_addr().unwrap().port(),
            scheme: match cover {
                Cover::Clear => "smtp",
                Cover::Tls(_) => "smtps",
                Cover::StartTls(_) => "starttls",
            },
            mood: Arc::new(Mutex::new(mood)),
            heard: Arc::default(),
        };
        let (mood, heard) = (Arc::clone(&server.mood), Arc::clone(&server.heard));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (mood, heard) = (Arc::clone(&mood), Arc::clone(&heard));
                let cover = cover.clone();
                std::thread::spawn(move || serve(stream, &cover, &mood, &heard));
            }
        });
        server
    }

    pub fn route(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn heard_in_clear(&self) -> Vec<String> {
        self.heard.lock().unwrap().clear.clone()
    }

    pub fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn mails(&self) -> Vec<String> {
        self.heard.lock().unwrap().mails.clone()
    }

    pub fn commands(&self) -> Vec<String> {
        self.heard.lock().unwrap().commands.clone()
    }

    /// Waits until so many mails have arrived.
    pub fn wait_for(&self, mails: usize) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.mails().len() < mails {
            assert!(Instant::now() < until, "no mail arrived");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

enum Line {
    Clear(TcpStream),
    Covered(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Line {
    fn covered(stream: TcpStream, config: &Arc<ServerConfig>) -> Option<Line> {
        let connection = ServerConnection::new(Arc::clone(config)).ok()?;
        Some(Line::Covered(Box::new(StreamOwned::new(
            connection, stream,
        ))))
    }
}

impl Read for Line {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Line::Clear(stream) => stream.read(bytes),
            Line::Covered(stream) => stream.read(bytes),
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Line::Clear(stream) => stream.write(bytes),
            Line::Covered(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Line::Clear(stream) => stream.flush(),
            Line::Covered(stream) => stream.flush(),
        }
    }
}

fn serve(stream: TcpStream, cover: &Cover, mood: &Mutex<Mood>, heard: &Mutex<Heard>) -> Option<()> {
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .ok()?;
    let raw = stream.try_clone().ok()?;
    let line = match cover {
        Cover::Tls(config) => Line::covered(stream, config)?,
        Cover::Clear | Cover::StartTls(_) => Line::Clear(stream),
    };
    let mut line = BufReader::new(line);
    say(&mut line, "220 ready")?;
    let mut text = String::new();
    while line.read_line(&mut text).ok()? > 0 {
        let command = std::mem::take(&mut text).trim_end().to_owned();
        let clear = matches!(line.get_ref(), Line::Clear(_));
        {
            let mut heard = heard.lock().unwrap();
            heard.commands.push(command.clone());
            if clear {
                heard.clear.push(command.clone());
            }
        }
        let now = *mood.lock().unwrap();
        let answer = match (command.get(..4).unwrap_or_default(), cover) {
            ("EHLO", Cover::StartTls(_)) if clear => "250-here\r\n250 STARTTLS".to_owned(),
            ("EHLO", _) => "250-here\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME".to_owned(),
            ("STAR", Cover::StartTls(config)) if clear => {
                say(&mut line, "220 go on")?;
                line = BufReader::new(Line::covered(raw.try_clone().ok()?, config)?);
                continue;
            }
            ("AUTH", _) if now == Mood::RefusesLogins => format!("535 5.7.8 not you: {command}"),
            ("AUTH", _) => "235 welcome".to_owned(),
            ("RCPT", _) if now == Mood::RefusesReceivers => "550 5.1.1 no such user".to_owned(),
            ("RCPT", _) if now == Mood::KnowsSome && command.contains("<busy") => {
                "450 4.2.0 come again".to_owned()
            }
            ("RCPT", _) if now == Mood::KnowsSome && command.contains("<gone") => {
                "550 5.1.1 no such user".to_owned()
            }
            ("DATA", _) => {
                say(&mut line, "354 go on")?;
                take(&mut line, now, heard)?
            }
            ("QUIT", _) => "221 bye".to_owned(),
            _ => "250 fine".to_owned(),
        };
        say(&mut line, &answer)?;
    }
    Some(())
}

fn say(line: &mut BufReader<Line>, answer: &str) -> Option<()> {
    let line = line.get_mut();
    line.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    line.flush().ok()
}

/// Takes a mail and says so, or does neither.
fn take(line: &mut BufReader<Line>, mood: Mood, heard: &Mutex<Heard>) -> Option<String> {
    if mood == Mood::HangsUpInTheMail {
        line.read_line(&mut String::new()).ok()?;
        return None;
    }
    let mail = mail(line)?;
    heard.lock().unwrap().mails.push(mail);
    match mood {
        Mood::FallsSilent => {
            // Nobody hears whether the mail was taken.
            std::thread::sleep(Duration::from_secs(60));
            None
        }
        Mood::HangsUpAfterTheMail => None,
        Mood::TakesItsTime => {
            std::thread::sleep(Duration::from_secs(2));
            Some("250 taken".to_owned())
        }
        _ => Some("250 taken".to_owned()),
    }
}

fn mail(reader: &mut impl BufRead) -> Option<String> {
    let (mut text, mut line) = (String::new(), String::new());
    while reader.read_line(&mut line).ok()? > 0 && line != ".\r\n" {
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        line.clear();
    }
    Some(text)
}
