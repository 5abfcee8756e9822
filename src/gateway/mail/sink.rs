//! A mail server for tests: takes letters on loopback, remembers what was said, refuses on request.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the server answers out of the ordinary: the beginning of a command and the answer to it. `GREETING` is
/// what it begins with, `DATA.` the end of a letter. Instead of answering, `hang up` closes the line, `hang`
/// says nothing, and `drip` says a byte now and then.
pub type Answers = &'static [(&'static str, &'static str)];

/// Everything that was said to the server.
#[derive(Default)]
pub struct Heard {
    pub commands: Vec<String>,
    pub letters: Vec<String>,
}

pub struct Sink {
    pub port: u16,
    heard: Arc<Mutex<Heard>>,
}

impl Sink {
    /// Starts a server; it ends with the test.
    pub fn start(answers: Answers) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let shared = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream, answers, &shared));
            }
        });
        Sink { port, heard }
    }

    pub fn commands(&self) -> Vec<String> {
        self.heard.lock().unwrap().commands.clone()
    }

    pub fn letters(&self) -> Vec<String> {
        self.heard.lock().unwrap().letters.clone()
    }
}

fn serve(stream: TcpStream, answers: Answers, heard: &Mutex<Heard>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    if !say(&mut stream, answers, "GREETING", "220 sink ready")? {
        return Ok(());
    }
    let offers = match answers.iter().any(|(start, _)| *start == "STARTTLS") {
        true => "250-sink\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 8BITMIME",
        false => "250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME",
    };
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let command = std::mem::take(&mut line).trim_end().to_owned();
        heard.lock().unwrap().commands.push(command.clone());
        if command == "DATA" {
            if !say(&mut stream, answers, "DATA", "354 go on")? {
                return Ok(());
            }
            if answers.iter().any(|(start, _)| *start == "DATA") {
                continue;
            }
            let letter = letter(&mut reader)?;
            heard.lock().unwrap().letters.push(letter);
            if !say(&mut stream, answers, "DATA.", "250 taken")? {
                return Ok(());
            }
            continue;
        }
        let usual = match command.get(..4).unwrap_or_default() {
            "EHLO" => offers,
            "AUTH" => "235 welcome",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        if !say(&mut stream, answers, &command, usual)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Answers; false when the line is to be closed.
fn say(
    stream: &mut TcpStream,
    answers: Answers,
    command: &str,
    usual: &str,
) -> std::io::Result<bool> {
    let special = answers.iter().find(|(start, _)| match *start {
        "DATA" => command == "DATA",
        start => command.starts_with(start),
    });
    let answer = special.map_or(usual, |(_, answer)| answer);
    match answer {
        "hang up" => return Ok(false),
        "hang" => {
            thread::sleep(Duration::from_secs(30));
            return Ok(false);
        }
        "drip" => loop {
            stream.write_all(b"2")?;
            thread::sleep(Duration::from_millis(100));
        },
        _ => {}
    }
    stream.write_all(format!("{answer}\r\n").as_bytes())?;
    Ok(command != "QUIT")
}

fn letter(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut text = String::new();
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 && line != ".\r\n" {
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        line.clear();
    }
    Ok(text)
}
