//! A mail server on loopback that keeps what arrives, and can be told to misbehave.

use std::io::{BufRead, BufReader, Write};
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
    /// Knows no receiver.
    RefusesReceivers,
    /// Refuses every login and repeats what was sent.
    RefusesLogins,
}

#[derive(Default)]
struct Heard {
    commands: Vec<String>,
    mails: Vec<String>,
}

pub struct Server {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    heard: Arc<Mutex<Heard>>,
}

impl Server {
    pub fn start(mood: Mood) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            port: listener.local_addr().unwrap().port(),
            mood: Arc::new(Mutex::new(mood)),
            heard: Arc::default(),
        };
        let (mood, heard) = (Arc::clone(&server.mood), Arc::clone(&server.heard));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (mood, heard) = (Arc::clone(&mood), Arc::clone(&heard));
                std::thread::spawn(move || serve(stream, &mood, &heard));
            }
        });
        server
    }

    pub fn route(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
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

fn serve(stream: TcpStream, mood: &Mutex<Mood>, heard: &Mutex<Heard>) -> Option<()> {
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    stream.write_all(b"220 ready\r\n").ok()?;
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 0 {
        let command = std::mem::take(&mut line).trim_end().to_owned();
        heard.lock().unwrap().commands.push(command.clone());
        let now = *mood.lock().unwrap();
        let answer = match (command.get(..4).unwrap_or_default(), now) {
            ("EHLO", _) => "250-here\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME".to_owned(),
            ("AUTH", Mood::RefusesLogins) => format!("535 5.7.8 not you: {command}"),
            ("RCPT", Mood::RefusesReceivers) => "550 5.1.1 no such user".to_owned(),
            ("DATA", _) => {
                stream.write_all(b"354 go on\r\n").ok()?;
                let mail = mail(&mut reader)?;
                heard.lock().unwrap().mails.push(mail);
                if now == Mood::FallsSilent {
                    // Nobody hears whether the mail was taken.
                    std::thread::sleep(Duration::from_secs(60));
                    return None;
                }
                "250 taken".to_owned()
            }
            ("QUIT", _) => "221 bye".to_owned(),
            _ => "250 fine".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
    Some(())
}

fn mail(reader: &mut impl BufRead) -> Option<String> {
    let (mut text, mut line) = (String::new(), String::new());
    while reader.read_line(&mut line).ok()? > 0 && line != ".\r\n" {
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        line.clear();
    }
    Some(text)
}
