//! The routes that stay on this machine: the `sendmail` program and a folder of files.

use super::compose::Composed;
use super::{Outcome, said};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How often and how long a program is waited for: a minute and a half.
const STEP: Duration = Duration::from_millis(15);
const STEPS: u32 = 6_000;
/// How long the last complaints of a program that has ended may take to arrive.
const QUIET: Duration = Duration::from_millis(100);

/// Hands a mail to a program that behaves like `sendmail`: addresses as arguments, the mail on its standard
/// input, its exit status from `sysexits.h`.
pub(super) fn sendmail(program: &Path, mail: &Composed<'_>) -> Outcome {
    let name = program.display();
    match run(program, mail) {
        Err(error) => Outcome::NoWay(format!("{name}: {}", said(&error.to_string()))),
        Ok((None, _)) => Outcome::NoWay(format!("{name}: it did not end in time")),
        Ok((Some(status), _)) if status.success() => Outcome::Delivered,
        Ok((Some(status), complaint)) => {
            let why = format!("{name}: {status}. {}", said(&complaint))
                .trim_end()
                .to_owned();
            // Bad data, unknown user, unknown host: final. Everything else may pass.
            match status.code() {
                Some(65 | 67 | 68) => Outcome::Refused(why),
                Some(_) | None => Outcome::NoWay(why),
            }
        }
    }
}

/// The program's status, nothing when it was ended for taking too long, and what it complained about.
fn run(program: &Path, mail: &Composed<'_>) -> io::Result<(Option<ExitStatus>, String)> {
    let mut command = Command::new(program);
    command.arg("-i");
    if let Some(from) = mail.envelope.from() {
        command.arg("-f").arg(AsRef::<str>::as_ref(from));
    }
    command
        .arg("--")
        .args(mail.envelope.to().iter().map(AsRef::<str>::as_ref));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (input, complaints) = (child.stdin.take(), child.stderr.take());
    // The program expects the line ends of this machine, not those of the network.
    let bytes: Vec<u8> = mail
        .bytes
        .iter()
        .copied()
        .filter(|byte| *byte != b'\r')
        .collect();
    // Nobody waits for these two: a program may leave another behind that keeps its pipes open.
    thread::spawn(move || {
        if let Some(mut input) = input {
            // A program that ends without reading says why by its status.
            let _ = input.write_all(&bytes);
        }
    });
    let (sender, heard) = mpsc::channel();
    thread::spawn(move || {
        for line in complaints
            .into_iter()
            .flat_map(|pipe| BufReader::new(pipe).lines())
        {
            let Ok(line) = line else { return };
            // The program's complaints are read to their end even when nobody listens any more, so that
            // it does not stand still on a full pipe.
            let _ = sender.send(line);
        }
    });
    let status = wait(&mut child)?;
    if status.is_some_and(|status| status.success()) {
        return Ok((status, String::new()));
    }
    let mut complaint = String::new();
    while complaint.len() < 8_192 {
        let Ok(line) = heard.recv_timeout(QUIET) else {
            break;
        };
        complaint.push_str(&line);
        complaint.push(' ');
    }
    Ok((status, complaint))
}

fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    for _ in 0..STEPS {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(STEP);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// Puts a mail into a folder. The file is named after the Message-ID, so a second try writes the same file;
/// it appears whole or not at all.
pub(super) fn folder(path: &Path, mail: &Composed<'_>, message_id: &str) -> Outcome {
    let name = file_name(message_id);
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(path)?;
        let part = path.join(format!(".{name}.part"));
        std::fs::write(&part, mail.bytes)?;
        std::fs::rename(part, path.join(format!("{name}.eml")))
    };
    match write() {
        Ok(()) => Outcome::Delivered,
        Err(error) => Outcome::NoWay(format!("{}: {error}", path.display())),
    }
}

/// A Message-ID as the name of a file: what may stand in one everywhere, and a part of its hash, because
/// two ids may differ only in what may not.
fn file_name(id: &str) -> String {
    let plain = |ch: char| {
        if ch.is_ascii_alphanumeric() || "-_.@".contains(ch) {
            ch
        } else {
            '_'
        }
    };
    let readable: String = id
        .trim_matches(['<', '>'])
        .chars()
        .map(plain)
        .take(80)
        .collect();
    let digest: String = Sha256::digest(id)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{}-{digest}", readable.trim_start_matches('.'))
}
