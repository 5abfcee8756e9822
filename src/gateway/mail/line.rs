//! A line to a mail server: one question, one answer, each in its time, and nothing is believed that was not
//! asked for.

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many times the time of one answer a whole letter may take.
const ANSWERS: u32 = 5;
/// How long an answer may be, in bytes.
const LONGEST: usize = 64 * 1024;
/// How long a goodbye may take: what became of the letter is known by then.
const GOODBYE: Duration = Duration::from_secs(2);

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// Its code, 200 to 599.
    pub code: u16,
    /// Its lines, without the code.
    pub lines: Vec<String>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it answered {} {}", self.code, self.lines.join(" "))
    }
}

/// Why a question got no good answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server says no: 400 and above.
    No(Answer),
    /// The network or the encryption failed, or the time was over.
    Broke(io::Error),
    /// What came is no answer to this question.
    Nonsense(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::No(answer) => answer.fmt(f),
            Trouble::Broke(error) => match error.kind() {
                ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                    f.write_str("it did not answer in time")
                }
                ErrorKind::UnexpectedEof => f.write_str("it closed the line"),
                _ => error.fmt(f),
            },
            Trouble::Nonsense(what) => f.write_str(what),
        }
    }
}

/// A connection whose every step is bounded, and all of them together: a server that sends one byte at a time
/// would otherwise never be done.
struct Timed {
    stream: TcpStream,
    wait: Duration,
    until: Instant,
}

impl Timed {
    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        match left.min(self.wait) {
            Duration::ZERO => Err(ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }
}

impl Read for Timed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(bytes)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

enum Way {
    Clear(Timed),
    Covered(Box<StreamOwned<ClientConnection, Timed>>),
}

/// What encrypts a line, and the name that the server must prove.
#[derive(Clone)]
pub(super) struct Tls {
    /// Whom to trust.
    pub config: Arc<ClientConfig>,
    /// The server's name.
    pub name: ServerName<'static>,
}

/// A line to a server.
pub(super) struct Line {
    way: Way,
    /// What has come and was not read yet.
    heard: Vec<u8>,
}

impl Line {
    /// Opens a line; `wait` bounds each step.
    pub(super) fn open(host: &str, port: u16, wait: Duration) -> Result<Line, Trouble> {
        let until = Instant::now().checked_add(wait.saturating_mul(ANSWERS));
        let until = until.ok_or_else(|| Trouble::Broke(ErrorKind::TimedOut.into()))?;
        let places = (host, port).to_socket_addrs().map_err(Trouble::Broke)?;
        let mut last = io::Error::other("there is no address for this name");
        for place in places {
            let left = until.saturating_duration_since(Instant::now()).min(wait);
            if left.is_zero() {
                break;
            }
            match TcpStream::connect_timeout(&place, left) {
                Ok(stream) => {
                    let way = Way::Clear(Timed {
                        stream,
                        wait,
                        until,
                    });
                    let heard = Vec::new();
                    return Ok(Line { way, heard });
                }
                Err(error) => last = error,
            }
        }
        Err(Trouble::Broke(last))
    }

    /// The same line, encrypted from here on. What came before could be anybody's, so there must be nothing.
    pub(super) fn covered(self, tls: &Tls) -> Result<Line, Trouble> {
        if !self.heard.is_empty() {
            let what = "it went on in clear after it had agreed to encrypt";
            return Err(Trouble::Nonsense(what.to_owned()));
        }
        let Way::Clear(stream) = self.way else {
            return Ok(self);
        };
        let connection = ClientConnection::new(Arc::clone(&tls.config), tls.name.clone())
            .map_err(|error| Trouble::Broke(io::Error::other(error)))?;
        let mut stream = StreamOwned::new(connection, stream);
        while stream.conn.is_handshaking() {
            stream
                .conn
                .complete_io(&mut stream.sock)
                .map_err(Trouble::Broke)?;
        }
        Ok(Line {
            way: Way::Covered(Box::new(stream)),
            heard: self.heard,
        })
    }

    /// Says a command and hears the answer, which must have one of the wanted codes.
    pub(super) fn ask(&mut self, command: &str, wanted: &[u16]) -> Result<Answer, Trouble> {
        self.say(format!("{command}\r\n").as_bytes())?;
        self.hear(wanted)
    }

    /// Hands the text of a letter over and hears what becomes of it.
    pub(super) fn letter(&mut self, bytes: &[u8]) -> Result<Answer, Trouble> {
        self.say(&stuffed(bytes))?;
        self.hear(&[250])
    }

    /// Leaves in good form, without waiting long for the same from the other side.
    pub(super) fn leave(mut self) {
        self.timed().wait = GOODBYE;
        self.heard.clear();
        // What became of the letter is known; nothing hangs on this answer.
        let _ = self.ask("QUIT", &[221]);
    }

    /// Hears an answer, which must have one of the wanted codes.
    pub(super) fn hear(&mut self, wanted: &[u16]) -> Result<Answer, Trouble> {
        let answer = self.answer()?;
        match answer.code {
            code if wanted.contains(&code) => Ok(answer),
            400.. => Err(Trouble::No(answer)),
            _ => Err(Trouble::Nonsense(format!(
                "{answer}, which is no answer to what was asked"
            ))),
        }
    }

    fn answer(&mut self) -> Result<Answer, Trouble> {
        let mut part = [0; 4096];
        loop {
            if let Some((answer, length)) = whole(&self.heard).map_err(Trouble::Nonsense)? {
                self.heard.drain(..length);
                return Ok(answer);
            }
            if self.heard.len() > LONGEST {
                let what = "its answer has no end";
                return Err(Trouble::Nonsense(what.to_owned()));
            }
            let read = match &mut self.way {
                Way::Clear(stream) => stream.read(&mut part),
                Way::Covered(stream) => stream.read(&mut part),
            };
            match read {
                Ok(0) => return Err(Trouble::Broke(ErrorKind::UnexpectedEof.into())),
                Ok(count) => self
                    .heard
                    .extend_from_slice(part.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Trouble::Broke(error)),
            }
        }
    }

    /// Nothing has come that was not asked for: it would be taken for the answer to the next question.
    pub(super) fn quiet(&self) -> Result<(), Trouble> {
        match self.heard.is_empty() {
            true => Ok(()),
            false => {
                let what = "it answers more than it was asked";
                Err(Trouble::Nonsense(what.to_owned()))
            }
        }
    }

    fn say(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.quiet()?;
        let stream: &mut dyn Write = match &mut self.way {
            Way::Clear(stream) => stream,
            Way::Covered(stream) => stream,
        };
        let said = stream.write_all(bytes).and_then(|()| stream.flush());
        said.map_err(Trouble::Broke)
    }

    fn timed(&mut self) -> &mut Timed {
        match &mut self.way {
            Way::Clear(stream) => stream,
            Way::Covered(stream) => &mut stream.sock,
        }
    }
}

/// A whole answer at the beginning of what was heard, and its length (RFC 5321, 4.2).
fn whole(heard: &[u8]) -> Result<Option<(Answer, usize)>, String> {
    let (mut lines, mut first, mut length) = (Vec::new(), None, 0_usize);
    for line in heard.split_inclusive(|byte| *byte == b'\n') {
        if !line.ends_with(b"\n") {
            return Ok(None);
        }
        length = length.saturating_add(line.len());
        let line = line.trim_ascii_end();
        let (digits, rest) = line.split_at(line.len().min(3));
        let code = std::str::from_utf8(digits)
            .ok()
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse::<u16>().ok())
            .filter(|code| (200..600).contains(code) && first.is_none_or(|first| first == *code));
        let (Some(code), None | Some(b' ' | b'-')) = (code, rest.first()) else {
            let text = String::from_utf8_lossy(line);
            return Err(format!("what it said is no answer: {text}"));
        };
        first = Some(code);
        let text = String::from_utf8_lossy(rest.get(1..).unwrap_or_default());
        lines.push(text.into_owned());
        if rest.first() != Some(&b'-') {
            return Ok(Some((Answer { code, lines }, length)));
        }
    }
    Ok(None)
}

/// A letter as it travels: a dot before each that begins a line, and a lone one at the end (RFC 5321, 4.5.2).
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().saturating_add(64));
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_or_not_yet_or_none() {
        let said = |text: &str| whole(text.as_bytes()).map(|told| told.map(|told| told.0.code));
        assert_eq!(said("250-a\r\n250 b\r\n"), Ok(Some(250)));
        assert_eq!(said("250\r\n"), Ok(Some(250)));
        for part in ["", "2", "250 a", "250-a\r\n", "250-a\r\n250 b"] {
            assert_eq!(said(part), Ok(None), "{part:?}");
        }
        for wrong in [
            "hello\r\n",
            "99 a\r\n",
            "650 a\r\n",
            "250_a\r\n",
            "250-a\r\n550 b\r\n",
            "\r\n",
        ] {
            assert!(said(wrong).is_err(), "{wrong:?}");
        }
        let (answer, length) = whole(b"220-a\r\n220 b\r\nrest").unwrap().unwrap();
        assert_eq!((answer.lines.join("|").as_str(), length), ("a|b", 14));
    }

    #[test]
    fn no_line_of_a_letter_can_end_it() {
        let text = b".\r\n..a\r\nb\n.\r\nc";
        assert_eq!(stuffed(text), b"..\r\n...a\r\nb\n..\r\nc\r\n.\r\n");
        assert_eq!(stuffed(b"a\r\n"), b"a\r\n.\r\n");
    }
}
